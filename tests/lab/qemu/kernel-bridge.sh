#!/usr/bin/env bash
# kernel-bridge.sh - the netlink driver against the real family, under ASan, with both ends ours
# SPDX-License-Identifier: Apache-2.0
# limit: 60
[ -n "${LAB:-}" ] || exec "${0%/*}/../run-qemu" "$0" "$@"
. "$LAB/lib.sh"
. "$LAB/qemu/netlink.sh"

leftovers_begin
kernel_begin
check 'every case of lab_l2tpnl passes' "${UPTUN%/*}/lab_l2tpnl"
check_nothing_left
check_kernel_as_before
