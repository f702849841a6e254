#!/usr/bin/env bash
# no-driver.sh - a kernel without the PPPoL2TP driver: 1 at once, with what to do
# SPDX-License-Identifier: Apache-2.0
# limit: 30
. "${LAB:-${0%/*}/..}/lib.sh"

rmmod l2tp_ppp
mount -t tmpfs tmpfs /lib/modules
capture_start wire udp port 1701
leftovers_begin
dial
check_ends 1 3
check_says 'what to do is said' 'modprobe l2tp_ppp'
check_nothing_left
capture_stop
check_equal 'the server was not bothered' '' "$(capture_lines wire)"
