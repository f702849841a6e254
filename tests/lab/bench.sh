#!/usr/bin/env bash
# bench.sh - from start to a usable ppp0: uptun and xl2tpd in turn, against the same xl2tpd server
# SPDX-License-Identifier: Apache-2.0
# limit: 400
#
# usage: bench.sh [RUNS]     (7)     Medians; both kinds of server pppd: one that waits for us, one that speaks first.
. "${LAB:-${0%/*}}/lib.sh"

runs=${1:-7}

start_xl2tpd() {
	cat >/run/lab/client.conf <<-END
		[lac lab]
		lns = $SERVER
		autodial = yes
		pppoptfile = /run/lab/client-ppp-options
	END
	printf '%s\n' 'user joe' "password $PASSWORD" noauth noccp noipv6 nodefaultroute 'mtu 1400' 'mru 1400' \
		>/run/lab/client-ppp-options
	uptun_started=${EPOCHREALTIME/./}
	xl2tpd -D -c /run/lab/client.conf -C /run/lab/client-control -p /run/lab/client.pid >>"$LAB_OUT/client.log" 2>&1 &
	uptun_pid=$!
}

start_uptun() {
	dial
}

no_ppp() {
	ppp_count
	[ "$PPP" = 0 ] && ! pids_of pppd server
}

measure() { # CLIENT   prints one number
	"start_$1"
	wait_up ppp0 20 || give_up "$1 did not come up"
	TIMES+=("$UP_MS")
	if pids_of pppd client; then kill -TERM "${PIDS[@]}"; fi
	wait_for 20 no_ppp
	kill -TERM "$uptun_pid" 2>/dev/null
	wait "$uptun_pid" 2>/dev/null
	wait_for 20 no_ppp || give_up "$1 did not go away"
}

median() { # NUMBER...   sets MEDIAN and SPREAD
	local sorted
	mapfile -t sorted < <(printf '%s\n' "$@" | sort -n)
	MEDIAN=${sorted[$(($# / 2))]}
	SPREAD="${sorted[0]}..${sorted[-1]}"
}

bench() { # SERVER-OPTION
	local client medians=() i all=()
	# shellcheck disable=SC2086
	server_up --auth chap $1
	for client in uptun xl2tpd; do
		TIMES=()
		for ((i = 0; i < runs; i++)); do measure $client; done
		median "${TIMES[@]}"
		medians+=("$MEDIAN")
		printf '  %-8s %6d ms  (%s, %d runs)\n' $client "$MEDIAN" "$SPREAD" "$runs"
	done
	printf '  uptun takes %d %% of xl2tpd\n' $((medians[0] * 100 / medians[1]))
	check_at_most 'gate: percent' 20 $((medians[0] * 100 / medians[1]))
	server_stop
}

printf '\nserver: pppd waits for our first LCP request (silent)\n'
bench --silent
printf '\nserver: pppd sends its own\n'
bench ''
