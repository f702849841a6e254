#!/usr/bin/env bash
# fifty-tunnels.sh - 50 tunnels with PPP from one process
# SPDX-License-Identifier: Apache-2.0
# limit: 300
# serial
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/peer.sh"

tunnels=50
profiles=()
for ((i = 0; i < tunnels; i++)); do
	cat >/run/lab/p$i.textproto <<-END
		name: "p$i"
		server: "$SERVER"
		timeouts { setup_s: 120 }
		session { user: "joe" password_file: "$PASSWORD_FILE" }
	END
	profiles+=(--profile "/run/lab/p$i.textproto")
done

all_up() {
	ppp_count
	[ "$PPP" = $tunnels ] && ppp_routes && [ "$ROUTES" = $tunnels ]
}

ppp_routes() { # sets ROUTES: each link that is up has one to its peer
	local interface
	ROUTES=0
	while read -r interface _; do
		[[ $interface == ppp* ]] && ROUTES=$((ROUTES + 1))
	done </proc/net/route
}

peer_up --chap --tunnels 64
leftovers_begin
uptun_start up "${profiles[@]}"
check "$tunnels links are up" wait_for 150 all_up
ms_since "$uptun_started"
printf '  %d up after %d ms\n' "${ROUTES:-0}" "$MS"
for i in 0 24 49; do
	check "link $i answers" reaches $SERVER_PPP -I ppp$i
done
pids_of uptun client
check_equal 'one process' 1 "$(for pid in "${PIDS[@]}"; do readlink "/proc/$pid/exe"; done | wc -l)"
check_stops 20
check_nothing_left 4
peer_counts tunnels
check_equal 'the server has none left' 0 "$COUNT"
peer_stop
