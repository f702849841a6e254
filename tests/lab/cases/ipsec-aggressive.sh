#!/usr/bin/env bash
# ipsec-aggressive.sh - the same in aggressive mode, and not even required: the trap policy alone is waited for
# SPDX-License-Identifier: Apache-2.0
# limit: 60
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/ipsec.sh"

server_up
ipsec_up yes
leftovers_begin
router_capture_start
dial --local-port 1701
must_come_up
check_says 'the negotiation is told' 'still being negotiated'
check_equal 'the first message is the first one on the wire: none was lost on the way to it' 0 \
	"$(grep -c 'no answer yet' "$uptun_log.out")"
check "the server's end of the link answers" reaches $SERVER_PPP
check_stops
check_nothing_clear
wire_count esp and src host $CLIENT
check "ESP is on the wire ($WIRE packets of the client's)" test "$WIRE" -gt 5
check_nothing_left
