#!/usr/bin/env bash
# silent-pppd.sh - the server's pppd waits for our first LCP request, or sends its own: no request is lost either way
# SPDX-License-Identifier: Apache-2.0
# limit: 90
# serial
. "${LAB:-${0%/*}/..}/lib.sh"

# A request that is lost is sent again after 3 s. What LCP takes is looked at, and not the whole start: two pppds start
# before it, which a busy machine draws out. At rest it takes up to 0.15 s, and 0.5 s more where we wait for a server
# that waits for us.
LCP_LIMIT_MS=2500

lcp_ms() { # sets LCP_MS, from uptun's own account: PPP's phase `establish`
	local line at begin=''
	LCP_MS=unknown
	while read -r line; do
		at=${line#*'"monotonic_us":'}
		case $line in
		*'"PPP: establish"'*) begin=${at%%,*} ;;
		*'"PPP: authenticate"'*) LCP_MS=$(((${at%%,*} - begin) / 1000)) && return ;;
		esac
	done <"$uptun_log.out"
}

for kind in --silent ''; do
	# shellcheck disable=SC2086
	server_up --auth chap $kind
	leftovers_begin
	for _ in 1 2 3; do
		dial -v --json
		must_come_up
		lcp_ms
		check_at_most "${kind:-not silent}: milliseconds of LCP" $LCP_LIMIT_MS "$LCP_MS"
		check_stops
	done
	check_nothing_left
	server_stop
done
