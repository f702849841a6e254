#!/bin/sh
# decode_program.sh - uptun decode as a program: files, pipes, exit status
# SPDX-License-Identifier: Apache-2.0
#
# usage: decode_program.sh UPTUN      exit status 0: as it should be
set -u

uptun=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failures=0

# expect WHAT STATUS WORDS: the last command's status, and words in what it printed
expect()
{
	if [ "$status" -ne "$2" ] || ! grep -qF -- "$3" "$dir/all"; then
		echo "FAILED: $1: exit status $status, wanted $2 and \"$3\" in:" >&2
		cat "$dir/all" >&2
		failures=$((failures + 1))
	fi
}

run()
{
	"$uptun" decode "$@" >"$dir/all" 2>&1
	status=$?
}

hello=c80200140000000000000000800800000000
printf '\310\002\000\024\000\000\000\000\000\000\000\000\200\010\000\000\000\000\000\006' >"$dir/hello"
printf '\310\002\000\024\000\000\000\000\000\000\000\000\200\005\000\000\000\000\000\006' >"$dir/bad"
printf '%s0006\n' $hello >"$dir/hex"

run "$dir/hello"
expect "a binary file" 0 "HELLO (6)"
run --hex "$dir/hex"
expect "a hex file" 0 "HELLO (6)"
run <"$dir/hello"
expect "standard input" 0 "HELLO (6)"
run --hex - <"$dir/hex"
expect "standard input as -" 0 "HELLO (6)"
run --json "$dir/hello"
expect "JSON" 0 '"name":"Message Type"'
run "$dir/bad"
expect "a malformed message" 3 "at offset 12"
run "$dir/none"
expect "no such file" 1 "none: No such file"
run --hex "$dir/bad"
expect "binary taken for hex" 1 "line 1:"
run </dev/null
expect "empty input" 1 "no message"
run --secret-file "$dir/none" "$dir/hello"
expect "no such secret" 1 "none: No such file"
: >"$dir/empty"
run --secret-file "$dir/empty" "$dir/hello"
expect "an empty secret" 1 "1 to 255 octets"
run --none
expect "an unknown option" 1 "--help"
run "$dir/hello" "$dir/hello"
expect "two files" 1 "one file"
run --help
expect "help" 0 "--secret-file"

[ "$failures" -eq 0 ]
