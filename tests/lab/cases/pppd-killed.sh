#!/usr/bin/env bash
# pppd-killed.sh - pppd dies by SIGKILL: an end of its own kind, not a user request
# SPDX-License-Identifier: Apache-2.0
# limit: 60
. "${LAB:-${0%/*}/..}/lib.sh"

server_up --auth chap
leftovers_begin
dial
must_come_up
check 'there is one pppd' pids_of pppd client
kill -KILL "${PIDS[@]}"
uptun_wait 10
check 'uptun ends' test "$STATUS" != 'still running'
check 'not with success, user or remote requested' test "$STATUS" != 0 -a "$STATUS" != 5 -a "$STATUS" != 6
check_says 'pppd is named as the cause' pppd
check_nothing_left
