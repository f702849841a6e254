#!/usr/bin/env bash
# default-route.sh - --default-route: everything through the tunnel but the tunnel itself
# SPDX-License-Identifier: Apache-2.0
# limit: 60
. "${LAB:-${0%/*}/..}/lib.sh"

server_up --auth chap
leftovers_begin
dial --default-route
must_come_up
check 'the far host answers' reaches $FAR
check 'the way to it is the tunnel' bash -c "ip route get $FAR | grep -q ppp0"
check 'the way to the server is not' bash -c "ip route get $SERVER mark 0 | grep -q wan0"
check 'still so under load' bash -c "ping -q -f -c 200 -s 1200 $FAR >/dev/null"
check_stops
check 'the old default route is back' bash -c "ip route get $FAR | grep -q 'via $CLIENT_GATEWAY dev wan0'"
check_nothing_left
