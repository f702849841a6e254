#!/usr/bin/env bash
# silent-pppd.sh - the server's pppd waits for our first LCP request, or sends its own: up within 2 s both ways
# SPDX-License-Identifier: Apache-2.0
# limit: 90
# serial
. "${LAB:-${0%/*}/..}/lib.sh"

for kind in --silent ''; do
	# shellcheck disable=SC2086
	server_up --auth chap $kind
	leftovers_begin
	for _ in 1 2 3; do
		dial
		must_come_up
		check_at_most "${kind:-not silent}: milliseconds from start to up" 2000 "$UP_MS"
		check_stops
	done
	check_nothing_left
	server_stop
done
