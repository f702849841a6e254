#!/usr/bin/env bash
# pptp-sigterm.sh - SIGTERM in every stage of PPTP: 5, soon, nothing left
# SPDX-License-Identifier: Apache-2.0
# limit: 120
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/peer.sh"

stop_there() { # STAGE
	check_stops 10
	check_at_most "$1: milliseconds to the end" 5000 "$MS"
	check_nothing_left 3
}

has_spoken() {
	[ -s "$uptun_log.out" ] || [ -s "$uptun_log.err" ]
}

ip -n router route add blackhole $SERVER/32
leftovers_begin
dial_pptp
wait_for 5 has_spoken
nap 0.5
stop_there 'TCP is not connected'
ip -n router route del blackhole $SERVER/32

for stage in SCCRQ OCRQ; do
	pptp_peer_up --chap --behave silent=$stage
	dial_pptp
	wait_for 5 has_spoken
	nap 0.7
	stop_there "waiting for the answer to $stage"
	peer_stop
done

peer_start --pptp
dial_pptp
nap 1.5
stop_there 'waiting for PPP'
peer_stop

pptp_peer_up --chap
for delay in 0.02 0.1 0.2 0.4; do
	dial_pptp
	wait_for 5 has_spoken
	nap $delay
	stop_there "$delay s after its first word"
done
dial_pptp
must_come_up
stop_there 'up'
dial_pptp
must_come_up
kill -TERM "$uptun_pid"
nap 0.05
kill -TERM "$uptun_pid" 2>/dev/null
uptun_wait 10
check_equal 'twice in a row: 5' 5 "$STATUS"
check_nothing_left 3
dial_pptp --reconnect --echo 1
must_come_up
kill -KILL "$server_pid"
wait_for 10 bash -c '[ ! -e /sys/class/net/ppp0 ]'
nap 0.5
stop_there 'between two attempts'
