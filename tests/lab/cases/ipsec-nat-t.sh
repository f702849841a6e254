#!/usr/bin/env bash
# ipsec-nat-t.sh - ESP inside UDP 4500, as behind a NAT: protected all the same, and neither ESP nor L2TP is on the wire
# SPDX-License-Identifier: Apache-2.0
# limit: 60
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/ipsec.sh"

ike_connection='encap = yes'
server_up
ipsec_up no
leftovers_begin
router_capture_start
dial --require-ipsec --local-port 1701
must_come_up
check_says 'the tunnel is protected' 'ESP protects the tunnel'
check "the server's end of the link answers" reaches $SERVER_PPP
check 'the kernel wraps ESP in UDP' grep -q 'encap type espinudp' <(ip xfrm state)
check_stops
check_nothing_clear
wire_count esp
check_equal 'no ESP by itself' 0 "$WIRE"
wire_count udp port 4500 and src host $CLIENT
check "all of it went to port 4500 ($WIRE packets of the client's)" test "$WIRE" -gt 5
check_nothing_left
