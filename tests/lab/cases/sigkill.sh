#!/usr/bin/env bash
# sigkill.sh - uptun is killed: 2 s later no pppd, no interface, no kernel tunnel, no route
# SPDX-License-Identifier: Apache-2.0
# limit: 60
. "${LAB:-${0%/*}/..}/lib.sh"

server_up --auth chap
leftovers_begin
for extra in "--route $FAR_NET" --default-route "--default-route --ppp-plugin pppol2tp"; do
	# shellcheck disable=SC2086
	dial $extra
	must_come_up
	reaches $FAR
	kill -KILL "$uptun_pid"
	wait "$uptun_pid" 2>/dev/null
	check_nothing_left 2
	ip -4 route show table all >/run/lab/routes
	check_has_not "$extra: no host route to the server" /run/lab/routes "$SERVER via"
done
