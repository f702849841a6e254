#!/usr/bin/env bash
# pptp-reset.sh - TCP reset, closed, or out of step at every stage: the end is told, nothing left
# SPDX-License-Identifier: Apache-2.0
# limit: 120
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/peer.sh"

leftovers_begin
at_stage() { # HABIT STATUS
	local habit=$1
	pptp_peer_up --chap --behave "$habit"
	dial_pptp --echo 1
	case $habit in
	*=CCRQ | *=StopCCRQ) must_come_up && check_stops ;;
	*)
		uptun_wait 15
		check_equal "$habit: $2" "$2" "$STATUS"
		check_says "$habit: told" 'reset|closed|protocol|step|cookie'
		;;
	esac
	check_nothing_left 3
	peer_stop
}

for stage in SCCRQ OCRQ EchoRQ CCRQ StopCCRQ; do
	at_stage reset=$stage 2
done
for stage in OCRQ EchoRQ; do # test_pptp_habits has all
	at_stage close=$stage 6
	at_stage garbage=$stage 3
done
