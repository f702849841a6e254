#!/usr/bin/env bash
# underlay-down.sh - the interface below the tunnel goes down: the tunnel is given up and cleaned away
# SPDX-License-Identifier: Apache-2.0
# limit: 90
. "${LAB:-${0%/*}/..}/lib.sh"

server_up --auth chap
leftovers_begin
dial --hello 2 --tries 3 --route $FAR_NET
must_come_up
ip link set wan0 down
uptun_wait 60
ms_since "$uptun_started"
check_equal "uptun ends with 2 (after $MS ms)" 2 "$STATUS"
ppp_count
check_equal 'no ppp interface is left' 0 "$PPP"
client_wire_up
check_nothing_left

dial
must_come_up
check 'it comes up again afterwards' reaches $SERVER_PPP
check_stops
check_nothing_left
