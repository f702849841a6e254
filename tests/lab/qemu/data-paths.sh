#!/usr/bin/env bash
# data-paths.sh - a data path asked for by name is taken, or the end is told
# SPDX-License-Identifier: Apache-2.0
# limit: 60
[ -n "${LAB:-}" ] || exec "${0%/*}/../run-qemu" "$0" "$@"
. "$LAB/lib.sh"
. "$LAB/qemu/netlink.sh"

server_up
leftovers_begin

dial -v --data-path ol2tp
must_come_up
check_says 'ol2tp is taken' 'data path +ol2tp'
check_stops

dial -v --data-path olac
check_ends 1 10
check_says 'olac is not there, and what to use is told' 'no PPPoLAC.*"ol2tp"'

server_stop # it holds the driver
drivers_go() {
	rmmod l2tp_ppp l2tp_netlink 2>/dev/null
}
check 'the drivers can be taken away' wait_for 5 drivers_go
mount -t tmpfs tmpfs /lib/modules
dial -v --data-path netlink
check_ends 1 10
check_says 'netlink is not there, and what to do is told' 'no L2TP netlink.*modprobe l2tp_netlink'
dial -v
check_ends 1 10
check_says 'none is there: what most machines could have is told' 'modprobe l2tp_ppp'
check_nothing_left 5
