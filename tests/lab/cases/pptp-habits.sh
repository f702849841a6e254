#!/usr/bin/env bash
# pptp-habits.sh - a PPTP server with each bad habit of real ones: up, used, closed, nothing left
# SPDX-License-Identifier: Apache-2.0
# limit: 240
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/peer.sh"

echoes_are() { # COUNT
	peer_counts echoes
	[ "$COUNT" = "$1" ]
}

for habit in result-zero reserved,long unknown early-echo,sli,wen no-cdn octets pieces,early-echo,sli; do
	pptp_peer_up --chap --hello 1 --behave $habit
	leftovers_begin
	dial_pptp --echo 1
	if check "$habit: ppp0 is up" wait_up; then
		check "$habit: the server's end of the link answers" reaches $SERVER_PPP
		nap 1.5 # echoes, both ways
		check "$habit: and still does" answers_ping $SERVER_PPP
	fi
	[[ $habit != *early-echo* ]] || check "$habit: every echo was answered" echoes_are 2
	check_stops
	check_nothing_left
	peer_stop
done

# A server that is a PAC too, and rings whoever connects: we take no call, and go on with ours.
pptp_peer_up --chap --ring
leftovers_begin
dial_pptp
must_come_up
check 'ring: our own call stands' reaches $SERVER_PPP
check_has 'ring: the other was refused (Incoming-Call-Reply, 3)' "$peer_log" 'session-ended 3'
check_stops
check_nothing_left
