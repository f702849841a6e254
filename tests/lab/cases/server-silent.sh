#!/usr/bin/env bash
# server-silent.sh - a server that never answers: 2, after the whole retry schedule
# SPDX-License-Identifier: Apache-2.0
# limit: 90
. "${LAB:-${0%/*}/..}/lib.sh"

fake_up silent
leftovers_begin
capture_start wire udp port 1701
dial
check_ends 2 80
capture_stop
check_says 'it is said that nobody answered' 'answer|respon|repl'
mapfile -t at < <(capture_lines wire | sed -n '/SCCRQ/s/[. ].*//p')
check "at least five SCCRQ were sent (${#at[@]})" test ${#at[@]} -ge 5
check 'with growing pauses' test $((at[3] - at[2])) -gt $((at[1] - at[0]))
check_nothing_left

dial --timeout 3
check_ends 2 5
check_nothing_left
