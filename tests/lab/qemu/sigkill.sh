#!/usr/bin/env bash
# sigkill.sh - uptun is killed: the tunnel that netlink made goes with it
# SPDX-License-Identifier: Apache-2.0
# limit: 60
[ -n "${LAB:-}" ] || exec "${0%/*}/../run-qemu" "$0" "$@"
. "$LAB/lib.sh"
. "$LAB/qemu/netlink.sh"

server_up --auth chap
leftovers_begin
kernel_begin
dial --data-path netlink --route $FAR_NET
must_come_up
check 'the host behind the server answers' reaches $FAR
check_kernel 'netlink made the tunnel' 'Tunnel '
kill -KILL "$uptun_pid"
wait "$uptun_pid" 2>/dev/null
check_nothing_left 5
check_kernel_as_before
