#!/usr/bin/env bash
# two-sessions.sh - two users in one tunnel through netlink
# SPDX-License-Identifier: Apache-2.0
# limit: 60
[ -n "${LAB:-}" ] || exec "${0%/*}/../run-qemu" "$0" "$@"
. "$LAB/lib.sh"
. "$LAB/qemu/netlink.sh"

server_up --auth chap
cat >/run/lab/two.textproto <<END
name: "two"
server: "$SERVER"
l2tp { }
session { user: "joe" password_file: "$PASSWORD_FILE" }
session { user: "ann" password_file: "$PASSWORD_FILE" }
data_path: NETLINK
END
leftovers_begin
kernel_begin
uptun_start up --profile /run/lab/two.textproto
must_come_up ppp0
must_come_up ppp1
kernel_state
check_equal 'one tunnel in the kernel' 1 "$(grep -c '^Tunnel ' <<<"$KERNEL")"
check_equal 'two sessions in it' 2 "$(grep -c '^Session ' <<<"$KERNEL")"
for link in ppp0 ppp1; do
	check "the server answers on $link" reaches $SERVER_PPP -I $link
done
check_stops
check_nothing_left 5
check_kernel_as_before
