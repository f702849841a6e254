#!/usr/bin/env bash
# kernel-bridge-pptp.sh - the pptp driver of Debian's own kernel, and MPPE, under ASan, with both ends ours
# SPDX-License-Identifier: Apache-2.0
# limit: 90
[ -n "${LAB:-}" ] || exec "${0%/*}/../run-qemu" "$0" "$@"
. "$LAB/lib.sh"

leftovers_begin
modprobe -a pptp ppp_mppe || give_up 'no pptp in this kernel'
for some in 'the_*' 'frames_*' 'an_*' 'a_second*' 'a_mark*' 'enc*' 'closing_the_session*'; do
	check "the cases $some pass" "${UPTUN%/*}/lab_pptp" "$UPTUN_PLUGIN_DIR/uptun-pppox.so" "$some"
done
check_nothing_left
