#!/usr/bin/env bash
# kernel-bridge-pptp.sh - the pptp driver, MPPE and the plugin, with both ends ours and nothing said between them
# SPDX-License-Identifier: Apache-2.0
# limit: 240
. "${LAB:-${0%/*}/..}/lib.sh"

leftovers_begin
modprobe -a pptp ppp_mppe || give_up 'no pptp in this kernel'
check 'every case of lab_pptp passes' "${UPTUN%/*}/lab_pptp" "$UPTUN_PLUGIN_DIR/uptun-pppox.so"
check_nothing_left
