#!/usr/bin/env bash
# ipv6.sh - the server is reached over IPv6: control connection, session and its kernel tunnel
# SPDX-License-Identifier: Apache-2.0
# limit: 60
. "${LAB:-${0%/*}/..}/lib.sh"

# xl2tpd knows IPv4 only, so no PPP frame comes; lab_ol2tp of kernel-bridge.sh moves frames over IPv6.
in_the_kernel() {
	file_has /proc/net/pppol2tp "SESSION '"
}

fake_up session
leftovers_begin
capture_start wire ip6 and udp port 1701
uptun_start up l2tp $SERVER6 --user joe --password-file $PASSWORD_FILE
check 'the kernel carries the session' wait_for 5 in_the_kernel
check_says 'the session is told' 'session +up'
check_stops
check_nothing_left
server_kill

fake_up cdn
uptun_start up l2tp $SERVER6 --user joe --password-file $PASSWORD_FILE
uptun_wait 10
check_equal 'CDN over IPv6: 6' 6 "$STATUS"
check_nothing_left
capture_stop
check 'it was IPv6' test -n "$(capture_lines wire | grep -m1 SCCRQ)"
