#!/usr/bin/env bash
# pptp-server-ends.sh - the server hangs up or stops, as uptun-peer, pptpd and bad habits do it: 6, nothing left
# SPDX-License-Identifier: Apache-2.0
# limit: 120
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/pptpd.sh"
. "$LAB/peer.sh"

check_ended() { # WHAT
	uptun_wait 10
	check_equal "$1: 6" 6 "$STATUS"
	check_says "$1: the server is named as the cause" 'server|peer|remote'
	check_nothing_left 4
}

syslog_up
leftovers_begin
for habit in sli cdn-their-id clears clears-their-id; do # rules 40 and 42; sli is no habit of this end
	pptp_peer_up --chap --behave $habit
	dial_pptp
	must_come_up
	peer_hang_up
	check_ended "a call hung up, with $habit"
	peer_stop
done

pptp_peer_up --chap
dial_pptp
must_come_up
peer_stop
check_ended 'Stop-Control-Connection-Request'

pptpd_up
dial_pptp
must_come_up
pptpd_signal KILL pppd
check_ended "pptpd's pppd is killed"
dial_pptp
must_come_up
pptpd_signal TERM pptpctrl
check_ended "pptpd's process of the call is ended"
