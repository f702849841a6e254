#!/usr/bin/env bash
# ipsec-lost.sh - the policies are deleted while traffic flows: the tunnel is cut, and nothing ever goes in clear
# SPDX-License-Identifier: Apache-2.0
# limit: 60
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/ipsec.sh"

server_up
ipsec_up no
leftovers_begin
router_capture_start
dial --require-ipsec --local-port 1701
must_come_up
ping -q -i 0.02 -W 1 $SERVER_PPP >/dev/null 2>&1 &
pinging=$!
nap 0.5
lost=${EPOCHREALTIME/./}
ip xfrm policy flush
uptun_wait 10
ms_since "$lost"
check_equal "the tunnel is cut (after $MS ms)" 2 "$STATUS"
check_says 'and it is said why' 'no policy for what goes out'
nap 1
{ kill $pinging && wait $pinging; } 2>/dev/null
check_nothing_clear
wire_count esp and src host $CLIENT
check "ESP was on the wire ($WIRE packets of the client's)" test "$WIRE" -gt 10
check_nothing_left
