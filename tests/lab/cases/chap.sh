#!/usr/bin/env bash
# chap.sh - the server asks for CHAP, and for PAP
# SPDX-License-Identifier: Apache-2.0
# limit: 60
. "${LAB:-${0%/*}/..}/lib.sh"

for auth in chap pap; do
	server_up --auth $auth
	leftovers_begin
	dial
	must_come_up
	check "$auth: the server's end of the link answers" reaches $SERVER_PPP
	check_stops
	check_nothing_left
	server_stop
done
