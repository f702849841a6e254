#!/usr/bin/env bash
# deleted.sh - another program deletes our session, then our tunnel, from the kernel: told, ended, dialled again
# SPDX-License-Identifier: Apache-2.0
# limit: 100
[ -n "${LAB:-}" ] || exec "${0%/*}/../run-qemu" "$0" "$@"
. "$LAB/lib.sh"
. "$LAB/qemu/netlink.sh"

server_up --auth chap
leftovers_begin
kernel_begin

dial -v
must_come_up
read_ids
ip l2tp del session tunnel_id "$TID" session_id "$SID"
uptun_wait 5
check_equal 'a deleted session ends uptun with 1' 1 "$STATUS"
check_says 'who did it is told, and what to do' "deleted session $SID of tunnel $TID .*--reconnect"
check_has 'the server heard a CDN' "$server_log" 'Call-Disconnect-Notify'
check_has 'and a StopCCN' "$server_log" 'Stop-Control-Connection'
check_nothing_left 5
check_kernel_as_before

dial --reconnect
must_come_up
read_ids
ip l2tp del tunnel tunnel_id "$TID"
is_other_tunnel() {
	local old=$TID
	TID=''
	read_ids
	[ "${TID:-$old}" != "$old" ] || { TID=$old && return 1; }
}
check 'after a deleted tunnel it dials again' wait_for 15 is_other_tunnel
check 'and is up' wait_for 10 ppp_is_up ppp0
check "the server's end of the link answers" reaches $SERVER_PPP
check_stops
check_nothing_left 5
check_kernel_as_before
