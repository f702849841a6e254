#!/usr/bin/env bash
# plain.sh - a tunnel through netlink, under ASan: up, counted, closed, nothing left
# SPDX-License-Identifier: Apache-2.0
# limit: 60
[ -n "${LAB:-}" ] || exec "${0%/*}/../run-qemu" "$0" "$@"
. "$LAB/lib.sh"
. "$LAB/qemu/netlink.sh"

server_up --auth chap
leftovers_begin
kernel_begin
dial -v
must_come_up
check_says 'the driver is named' 'data path +netlink'
check "the server's end of the link answers" reaches $SERVER_PPP
check_kernel 'netlink shows our tunnel and session' 'Tunnel ' 'Session '
check_stops
check_says 'what the kernel counted is told' 'sent [1-9][0-9]+ octets, received [1-9][0-9]+'
check_has 'the server heard the end' "$server_log" 'Connection closed'
check_nothing_left 5
check_kernel_as_before
