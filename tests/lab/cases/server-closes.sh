#!/usr/bin/env bash
# server-closes.sh - StopCCN and CDN from the server: 6, whoever sends them
# SPDX-License-Identifier: Apache-2.0
# limit: 90
. "${LAB:-${0%/*}/..}/lib.sh"

server_up --auth chap
leftovers_begin
capture_start wire udp port 1701
dial
must_come_up
server_stop
uptun_wait 10
check_equal 'xl2tpd stops (StopCCN): 6' 6 "$STATUS"
check_says 'the server is named as the cause' 'server|peer|remote'
check_nothing_left 4

server_start
dial
must_come_up
server_hang_up
uptun_wait 10
check_equal "the server's pppd dies (CDN): 6" 6 "$STATUS"
check_nothing_left 4
capture_stop
check 'a StopCCN was seen' test -n "$(capture_lines wire src host $SERVER | grep -m1 -i stopccn)"
check 'a CDN was seen' test -n "$(capture_lines wire src host $SERVER | grep -m1 CDN)"
server_stop

for mode in stopccn cdn; do
	fake_up $mode
	dial
	uptun_wait 10
	check_equal "$mode before PPP said a word: 6" 6 "$STATUS"
	check_nothing_left
	server_kill
done
