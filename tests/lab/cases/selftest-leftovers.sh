#!/usr/bin/env bash
# selftest-leftovers.sh - the check that nothing is left behind can fail: it sees each thing that may be
# SPDX-License-Identifier: Apache-2.0
# limit: 60
. "${LAB:-${0%/*}/..}/lib.sh"

noticed() { # PATTERN   among what is there now and was not at leftovers_begin
	! nothing_left && diff /run/lab/state-before /run/lab/state-after | grep -qE "^> $1"
}

server_up --auth chap
leftovers_begin
check 'nothing is noticed at first' nothing_left
dial --default-route
must_come_up
wait_for 2 file_has "$uptun_log.out" '128.0.0.0/1'
for what in 'interface ppp0' "kernel TUNNEL '" "kernel SESSION '" 'process pppd' "process ${UPTUN##*/}" 'process uptun-keeper' \
	'socket udp ' '0.0.0.0/1 dev ppp0' "$SERVER via $CLIENT_GATEWAY"; do
	check "seen: $what" noticed "$what"
done
check_stops
check_nothing_left

ip rule add fwmark 7 lookup 7
check 'seen: a rule' noticed '.*lookup 7'
ip rule del fwmark 7 lookup 7
ip -6 route add fd77::/64 dev wan0
check 'seen: an IPv6 route' noticed 'fd77::/64'
ip -6 route del fd77::/64 dev wan0
: >/etc/left
check 'seen: a file' noticed 'file .*/left'
rm /etc/left
check_nothing_left
