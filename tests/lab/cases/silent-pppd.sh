#!/usr/bin/env bash
# silent-pppd.sh - the server's pppd waits for our first LCP request, or sends its own: no request is lost either way
# SPDX-License-Identifier: Apache-2.0
# limit: 90
# serial
. "${LAB:-${0%/*}/..}/lib.sh"

# A request that is lost is sent again after 3 s. A start takes 0.6 s, which a busy machine makes into more than 2 s now
# and then, but not each time.
RESTART_MS=3000 QUICK_MS=2000

for kind in --silent ''; do
	# shellcheck disable=SC2086
	server_up --auth chap $kind
	leftovers_begin
	quickest=$RESTART_MS
	for _ in 1 2 3; do
		dial
		must_come_up
		check_at_most "${kind:-not silent}: milliseconds from start to up" $RESTART_MS "$UP_MS"
		[ "$UP_MS" -ge "$quickest" ] || quickest=$UP_MS
		check_stops
	done
	check_at_most "${kind:-not silent}: the quickest of them" $QUICK_MS "$quickest"
	check_nothing_left
	server_stop
done
