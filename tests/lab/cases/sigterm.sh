#!/usr/bin/env bash
# sigterm.sh - SIGTERM in every state: 5, soon, nothing left
# SPDX-License-Identifier: Apache-2.0
# limit: 120
. "${LAB:-${0%/*}/..}/lib.sh"

stop_there() { # STATE
	local state=$1 asked=${EPOCHREALTIME/./}
	kill -TERM "$uptun_pid"
	uptun_wait 10
	ms_since "$asked"
	check_equal "$state: 5" 5 "$STATUS"
	check_at_most "$state: milliseconds to the end" 5000 "$MS"
	check_nothing_left
}

has_spoken() { # before its first word it may not have come to catch signals yet
	[ -s "$uptun_log.out" ] || [ -s "$uptun_log.err" ]
}

# At once: wherever it is just then.
fake_up silent
leftovers_begin
for delay in 0.01 0.1 0.3; do
	dial
	wait_for 5 has_spoken
	nap $delay
	stop_there "$delay s after its first word"
done
dial
nap 1.5
stop_there 'waiting for SCCRP, after a retransmission'
server_kill

for mode in cc session; do
	fake_up $mode
	dial
	nap 1.5
	stop_there "server stops answering after: $mode"
	server_kill
done

server_up --auth chap
dial
must_come_up
stop_there 'up'
dial --reconnect --hello 2
must_come_up
server_kill
wait_for 30 bash -c '[ ! -e /sys/class/net/ppp0 ]'
nap 1
stop_there 'between two attempts'

server_start
dial
wait_for 5 has_spoken
kill -TERM "$uptun_pid"
nap 0.01
kill -TERM "$uptun_pid" 2>/dev/null
uptun_wait 10
check_equal 'twice in a row: 5' 5 "$STATUS"
check_nothing_left
