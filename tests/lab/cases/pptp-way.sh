#!/usr/bin/env bash
# pptp-way.sh - what lies between: GRE that is blocked, IPv6 only, interface and mark, no driver - each with its sentence
# SPDX-License-Identifier: Apache-2.0
# limit: 90
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/peer.sh"

pptp_peer_up --chap

ip -n router rule add ipproto gre blackhole
leftovers_begin
dial_pptp --timeout 8
uptun_wait 20
check "GRE is blocked on the way: it ends ($STATUS)" test "$STATUS" -ne 0 -a "$STATUS" != 'still running'
check_says 'and GRE is named' 'gre'
check_nothing_left 4
ip -n router rule del ipproto gre blackhole

only_by_rule() { # RULE...   there is no way to the server for what the rule does not match
	ip route del default
	ip route add default via $CLIENT_GATEWAY table 100
	ip rule add "$@" lookup 100
}

any_way() { # RULE...   undoes it
	ip rule del "$@" lookup 100
	ip route flush table 100
	ip route add default via $CLIENT_GATEWAY
}

must_work() { # WHAT
	must_come_up
	check "$1: the server's end of the link answers" reaches $SERVER_PPP
	check_stops
	check_nothing_left
}

only_by_rule fwmark 0x20
leftovers_begin
dial_pptp --timeout 3
check_ends 2 6
check_nothing_left
dial_pptp --mark 0x20
must_work '--mark'
any_way fwmark 0x20
only_by_rule oif wan0
leftovers_begin
dial_pptp --interface wan0
must_work '--interface'
any_way oif wan0
peer_stop

is_failure() { [ "$1" = 1 ] || [ "$1" = 2 ]; }

peer_start --pptp --address "$SERVER6"
leftovers_begin
uptun_start up pptp "$SERVER6" --user joe --password-file $PASSWORD_FILE
uptun_wait 10
check "a server that has IPv6 only: it ends ($STATUS)" is_failure "$STATUS"
check_says 'and why is said' 'ipv4'
check_nothing_left
peer_stop

rmmod pptp
mount -t tmpfs tmpfs /lib/modules
leftovers_begin
dial_pptp
check_ends 1 3
check_says 'no driver: what to do is said' 'modprobe pptp'
check_nothing_left
