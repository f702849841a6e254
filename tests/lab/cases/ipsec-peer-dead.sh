#!/usr/bin/env bash
# ipsec-peer-dead.sh - a trap policy, and nobody at the other end who negotiates: nothing goes in clear
# SPDX-License-Identifier: Apache-2.0
# limit: 60
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/ipsec.sh"

server_up
ipsec_modules
charon_up client
ike_configure client $CLIENT $SERVER no trap
leftovers_begin
router_capture_start

dial --require-ipsec --local-port 1701 --timeout 4
check_ends 2 6
check_says 'the wait is told' 'still being negotiated'
check_says 'and its reason in the end' 'no association has come'

dial --local-port 1701 --timeout 14
check_ends 2 16
check_says 'not required: dialled after the wait' 'dialling all the same'
check_nothing_clear
wire_count udp port 500 and src host $CLIENT
check "IKE was tried ($WIRE packets)" test "$WIRE" -gt 0
check_nothing_left
