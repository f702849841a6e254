#!/usr/bin/env bash
# data-path.sh - a kernel without L2TP netlink: the sockets alone are found, netlink asked for by name is refused
# SPDX-License-Identifier: Apache-2.0
# limit: 60
. "${LAB:-${0%/*}/..}/lib.sh"

server_up
leftovers_begin
dial -v
must_come_up
check_says 'the data path is told' 'data path +ol2tp'
check_says 'and why it is not another' 'not by netlink.*CONFIG_L2TP_V3'
check_stops
dial --data-path netlink
check_ends 1 3
check_says 'netlink is not there, and what to do is told' 'no L2TP netlink.*modprobe l2tp_netlink'
check_nothing_left
