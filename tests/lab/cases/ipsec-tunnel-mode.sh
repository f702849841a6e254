#!/usr/bin/env bash
# ipsec-tunnel-mode.sh - ESP in tunnel mode protects as well: --require-ipsec takes it, and nothing goes in clear
# SPDX-License-Identifier: Apache-2.0
# limit: 60
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/ipsec.sh"

ike_mode=tunnel
server_up
ipsec_up no
leftovers_begin
router_capture_start
dial --require-ipsec --local-port 1701
must_come_up
check_says 'the negotiation is told' 'still being negotiated'
check_says 'the tunnel is protected' 'ESP protects the tunnel'
check "the server's end of the link answers" reaches $SERVER_PPP
check 'the association is one of tunnel mode' grep -q 'mode tunnel' <(ip xfrm state)
check_stops
check_nothing_clear
wire_count esp and src host $CLIENT
check "ESP is on the wire ($WIRE packets of the client's)" test "$WIRE" -gt 5
check_nothing_left
