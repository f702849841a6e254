#!/usr/bin/env bash
# aidl.sh - the interfaces compile, and their calls have the numbers that android/binder/aidl.h says
# SPDX-License-Identifier: Apache-2.0
#
# usage: aidl.sh PROJECT      Debian's aidl is the compiler; without it the test is skipped
set -eu
project=$1
command -v aidl >/dev/null || { echo 'aidl is not installed'; exit 77; }
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT

aidl --lang=java -I "$project/android/aidl" -o "$made" "$project"/android/aidl/uptun/*.aidl

# NAME=NUMBER, sorted, as C counts an enum of that one line
in_header() {
	sed -n 's/^enum { \(AIDL_CALL\|AIDL_ON_EVENT\) = 1, \(.*\) };/\1 \2/p' "$project/android/binder/aidl.h" |
		awk '{ for (i = 1; i <= NF; i++) print $i "=" i }' | sort
}

# `TRANSACTION_onEvent = (... + 0)` is AIDL_ON_EVENT=1
in_stubs() {
	sed -n 's/.*int TRANSACTION_\([a-zA-Z]*\) = (.* + \([0-9]*\));/\1 \2/p' "$made"/uptun/*.java |
		awk '{ gsub(/[A-Z]/, "_&", $1); print "AIDL_" toupper($1) "=" $2 + 1 }' | sort
}

in_header >"$made/header"
[ "$(wc -l <"$made/header")" = 4 ] || { echo 'aidl.h does not have its four calls'; exit 1; }
diff -u "$made/header" <(in_stubs) || { echo 'android/binder/aidl.h and the interfaces differ'; exit 1; }
for interface in IUptun IUptunEvents; do
	grep -q "\"uptun.$interface\"" "$project/android/binder/aidl.h" || { echo "aidl.h does not name $interface"; exit 1; }
done
