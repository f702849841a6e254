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

has_spoken() {
	[ -s "$uptun_log.out" ] || [ -s "$uptun_log.err" ]
}

# From main() on; what the dynamic linker does before is beyond any program.
catches_sigterm() {
	local name mask
	while read -r name mask; do
		[ "$name" != SigCgt: ] || [ $((16#$mask & 0x4000)) = 0 ] || return 0
	done <"/proc/$uptun_pid/status"
	return 1
} 2>/dev/null

is_uptun() { # the shell's child has become it
	local comm
	read -r comm <"/proc/$uptun_pid/comm" && [ "$comm" = "${UPTUN##*/}" ]
} 2>/dev/null

catches_already() {
	is_uptun && catches_sigterm
}

# At once: wherever it is just then.
fake_up silent
leftovers_begin
for _ in 1 2 3; do
	dial
	wait_for 5 catches_already
	stop_there 'before its first word'
done
uptun_stdin=/proc/self/fd/$nap_fd # says nothing, ever
uptun_start up l2tp $SERVER --user joe --password-file -
uptun_stdin=/dev/null
wait_for 5 catches_already
nap 1
stop_there 'waiting for the password on standard input'
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
