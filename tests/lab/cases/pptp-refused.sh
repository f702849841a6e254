#!/usr/bin/env bash
# pptp-refused.sh - wrong password: 51; connection or call refused: 6 and the code told; nobody listens: 2
# SPDX-License-Identifier: Apache-2.0
# limit: 90
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/pptpd.sh"
. "$LAB/peer.sh"

pptpd_up
printf 'not it' >/run/lab/wrong
leftovers_begin
for _ in 1 2; do
	uptun_start up pptp $SERVER --user joe --password-file /run/lab/wrong
	check_ends 51 15
	check_says 'the password is named as the cause' 'password|authenticat'
	check_nothing_left 4
done
pptpd_kill

dial_pptp
check_ends 2 5
check_says 'nobody listens: told' 'refuses TCP'
check_nothing_left

check_refusal() { # WORDS STATUS PATTERN
	pptp_peer_up --behave "$1"
	dial_pptp
	uptun_wait 10
	check_equal "$1: $2" "$2" "$STATUS"
	check_says "$1: the result is told" "$3"
	check_nothing_left
	peer_stop
}

# One of each kind; test_pptp_habits has all.
check_refusal refuse-connection=2:4 6 'resources|2'
check_refusal refuse-connection=4 6 'authori|4'
check_refusal refuse-call=4 6 'busy|4'
check_refusal refuse-call=2:5 6 'call|5'
check_refusal refuse-call=7 6 'administrat|7'
