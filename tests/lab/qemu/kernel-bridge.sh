#!/usr/bin/env bash
# kernel-bridge.sh - the netlink driver against the real family, under ASan, with both ends ours
# SPDX-License-Identifier: Apache-2.0
# limit: 60
[ -n "${LAB:-}" ] || exec "${0%/*}/../run-qemu" "$0" "$@"
. "$LAB/lib.sh"
. "$LAB/qemu/netlink.sh"

leftovers_begin
kernel_begin
for some in 'the_probe*' 'an_id_that*' 'frames_pass*' 'closing_the_session*'; do
	check "the cases $some pass" "${UPTUN%/*}/lab_ol2tp" "$UPTUN_PLUGIN_DIR/uptun-pppox.so" "$some" netlink
done
check_nothing_left
check_kernel_as_before
