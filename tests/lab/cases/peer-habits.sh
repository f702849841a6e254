#!/usr/bin/env bash
# peer-habits.sh - a server with each bad habit of real ones: up, used, closed, nothing left
# SPDX-License-Identifier: Apache-2.0
# limit: 240
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/peer.sh"

for habit in new-port bare window-1 extra-avps short-avps,long-avps wrong-m tunnel-zero early-hello,sli-wen data-frames \
	repeat-sccrp late zero-checksum; do
	peer_up --chap --hello 1 --behave $habit
	leftovers_begin
	dial
	if check "$habit: ppp0 is up" wait_up; then
		check "$habit: the server's end of the link answers" reaches $SERVER_PPP
		[[ $habit != *sli-wen* ]] || nap 3 # HELLOs, with SLI and WEN before each
		check "$habit: and still does" answers_ping $SERVER_PPP
	fi
	check_stops
	check_nothing_left
	peer_stop
done
