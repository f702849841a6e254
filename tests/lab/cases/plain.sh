#!/usr/bin/env bash
# plain.sh - a tunnel without any authentication: up, used, closed, nothing left
# SPDX-License-Identifier: Apache-2.0
# limit: 60
. "${LAB:-${0%/*}/..}/lib.sh"

server_up
leftovers_begin
dial
must_come_up
check "the server's end of the link answers" reaches $SERVER_PPP
check 'the kernel carries the session' file_has /proc/net/pppol2tp ppp0
check_says 'the interface is named' ppp0
check_says 'our address is told' '10\.10\.0\.1[0-9]'
check_stops
check_has 'the server heard the end' "$server_log" 'Connection closed'
check_nothing_left
