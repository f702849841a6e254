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
printf '\000\020\000\001\032\053\074\115\000\005\000\000\001\002\003\004' >"$dir/echo"
run --pptp "$dir/echo"
expect "a PPTP stream" 0 "Echo-Request (EchoRQ, 5)"
run --pptp --json "$dir/echo"
expect "PPTP as JSON" 0 '"kind":"message"'
run --pptp "$dir/hello"
expect "no PPTP stream" 3 "out of step with the stream, at offset 4"
echo 3001880b000200010000000 5c021 | tr -d ' ' >"$dir/gre"
run --gre --hex "$dir/gre"
expect "a GRE packet" 0 "LCP (0xc021)"
run --gre "$dir/echo"
expect "no GRE packet" 3 "not enhanced GRE, at offset 1"
cat >"$dir/dump" <<END
12:00:00.1 IP 10.0.0.1 > 10.0.0.2: GREv1, call 1, ack 1, no-payload, length 12
	0x0000:  4500 0020 0000 4000 402f 0000 0a00 0001
	0x0010:  0a00 0002 2081 880b 0000 0001 0000 0001
END
run --hex "$dir/dump"
expect "what tcpdump prints of GRE" 0 "enhanced GRE  call id 1"
run --pptp --hex "$dir/dump"
expect "GRE where PPTP was asked for" 1 "does not carry what was asked for"
run --pptp --gre "$dir/echo"
expect "PPTP and GRE" 1 "not both"
run --pptp --secret-file "$dir/none" "$dir/echo"
expect "a secret for PPTP" 1 "is for L2TP"
run "$dir/hello" "$dir/hello"
expect "two files" 1 "one file"
run --help
expect "help" 0 "--secret-file"

[ "$failures" -eq 0 ]
