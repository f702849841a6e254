#!/usr/bin/env bash
# route.sh - --route reaches the host behind the server and goes away again
# SPDX-License-Identifier: Apache-2.0
# limit: 60
. "${LAB:-${0%/*}/..}/lib.sh"

server_up --auth chap
leftovers_begin
check 'the far host is out of reach at first' bash -c "! ping -q -c 1 -W 1 $FAR >/dev/null"
dial --route $FAR_NET --route 10.30.0.0/16
must_come_up
check 'the route is there' wait_for 2 bash -c "ip -4 route show $FAR_NET | grep -q ppp0"
check 'the second one too' wait_for 2 bash -c "ip -4 route show 10.30.0.0/16 | grep -q ppp0"
check 'the far host answers' reaches $FAR
check 'the server itself is still reached outside' bash -c "ip route get $SERVER | grep -q wan0"
check_stops
check_nothing_left
