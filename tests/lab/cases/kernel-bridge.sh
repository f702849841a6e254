#!/usr/bin/env bash
# kernel-bridge.sh - the ol2tp driver, pppd and its plugin, with both ends ours and no control connection
# SPDX-License-Identifier: Apache-2.0
# limit: 110
. "${LAB:-${0%/*}/..}/lib.sh"

leftovers_begin
check 'every case of lab_ol2tp passes' "${UPTUN%/*}/lab_ol2tp" "$UPTUN_PLUGIN_DIR/uptun-pppox.so"
check_nothing_left
