#!/usr/bin/env bash
# pptp-killed.sh - our pppd is killed: 1, told; uptun is killed: 2 s later nothing is left
# SPDX-License-Identifier: Apache-2.0
# limit: 60
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/pptpd.sh"

pptpd_up
leftovers_begin
dial_pptp --default-route
must_come_up
pids_of pppd client && kill -KILL "${PIDS[@]}"
check_ends 1 10
check_nothing_left 3

for stage in early up; do
	dial_pptp --default-route
	if [ $stage = up ]; then must_come_up; else nap 0.3; fi
	kill -KILL "$uptun_pid"
	wait "$uptun_pid" 2>/dev/null
	check_nothing_left 3
done
