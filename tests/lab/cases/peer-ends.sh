#!/usr/bin/env bash
# peer-ends.sh - Result Codes as real servers write them, before and after a call stands: told, and the right status
# SPDX-License-Identifier: Apache-2.0
# limit: 120
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/peer.sh"

leftovers_begin

check_refusal() { # WORDS STATUS PATTERN
	peer_up --behave "$1"
	dial
	uptun_wait 10
	check_equal "$1: $2" "$2" "$STATUS"
	check_says "$1: the result is told" "$3"
	peer_stop
}

# A few of each kind; test_behave has them all.
check_refusal refuse-tunnel=2:4 6 2
check_refusal refuse-tunnel=4 4 'secret|authent'
check_refusal refuse-call=2:9 6 2
check_refusal refuse-call=4 6 4
check_refusal refuse-call=11 6 11
check_refusal refuse-tunnel=6,swapped-result,wrong-tid 6 6
check_refusal refuse-call=8,swapped-result,short-avps 6 8
check_refusal refuse-call=5,loud-result 6 'away'
messages
check 'no control character of the server reaches the terminal' test "$MESSAGES" = "${MESSAGES//[[:cntrl:]]/}"
check_nothing_left

for habits in cdn-zero swapped-result wrong-tid,short-avps; do
	peer_up --chap --behave $habits
	dial
	must_come_up
	peer_hang_up
	uptun_wait 5
	check_equal "$habits: CDN to a call that stands: 6" 6 "$STATUS"
	dial
	must_come_up
	peer_stop
	uptun_wait 5
	check_equal "$habits: StopCCN to a call that stands: 6" 6 "$STATUS"
done
check_nothing_left
