#!/usr/bin/env bash
# wrong-password.sh - a wrong password ends with 51, fifty times in a row
# SPDX-License-Identifier: Apache-2.0
# limit: 240
. "${LAB:-${0%/*}/..}/lib.sh"

server_up --auth chap
printf 'not it' >/run/lab/wrong
leftovers_begin
right=0
for _ in {1..50}; do
	uptun_start up l2tp $SERVER --user joe --password-file /run/lab/wrong
	uptun_wait 10
	[ "$STATUS" = 51 ] || { failed "run $uptun_runs ends with 51" "got: $STATUS"; break; }
	right=$((right + 1))
done
check_equal 'times the status was 51' 50 $right
check_says 'the password is named as the cause' 'password|authenticat'
check_nothing_left
