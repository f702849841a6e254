#!/usr/bin/env bash
# tunnel-secret.sh - both ends prove to know the tunnel secret (RFC 2661 5.1.1), with and without hidden AVPs
# SPDX-License-Identifier: Apache-2.0
# limit: 60
. "${LAB:-${0%/*}/..}/lib.sh"

server_up --auth chap --secret "$TUNNEL_SECRET"
leftovers_begin
for hidden in '' --hide-avps; do
	dial --secret-file $SECRET_FILE $hidden
	must_come_up
	check "the server's end of the link answers ${hidden:-(nothing hidden)}" reaches $SERVER_PPP
	check_stops
	check_nothing_left
done
