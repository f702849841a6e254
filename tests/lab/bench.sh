#!/usr/bin/env bash
# bench.sh - from start to a usable ppp0: uptun and xl2tpd in turn, against the same xl2tpd server
# SPDX-License-Identifier: Apache-2.0
# limit: 500
#
# usage: bench.sh [RUNS]     (7)     Medians, and the share of each phase in one further run that is captured; both
# kinds of server pppd. One that sends the first LCP request loses it to xl2tpd as a client, and its restart timer runs:
# there the gate is a fifth of xl2tpd's median (0.16 measured). One that waits for ours loses it in some runs only, as
# many as chance has it, so xl2tpd's median is 0.6 s or 3.4 s. There the quickest runs are compared: nothing was lost in
# them, and both clients take what two pppds take to start. 0.95 measured at rest (541 and 568 ms), 0.86 beside eight busy
# processes; the gate is a quarter more than xl2tpd's.
. "${LAB:-${0%/*}}/lib.sh"
. "$LAB/measure.sh"

runs=${1:-7}

write_xl2tpd_client() {
	cat >/run/lab/client.conf <<-END
		[lac lab]
		lns = $SERVER
		autodial = yes
		pppoptfile = /run/lab/client-ppp-options
	END
	printf '%s\n' 'user joe' "password $PASSWORD" noauth noccp noipv6 nodefaultroute 'mtu 1400' 'mru 1400' \
		>/run/lab/client-ppp-options
}

start_xl2tpd() {
	uptun_started=${EPOCHREALTIME/./}
	xl2tpd -D -c /run/lab/client.conf -C /run/lab/client-control -p /run/lab/client.pid >>"$LAB_OUT/client.log" 2>&1 &
	uptun_pid=$!
}

start_uptun() {
	dial
}

# Adds to the phases of this client, in microseconds from its start: first message, ICCN (the call is connected), the
# first LCP frame of either side, LCP done (authentication begins), up.
add_phases() { # CLIENT
	capture_lines bench | awk -v start="$uptun_started" -v up="$UP_MS" '
		function first(name, at) { if (!(name in t)) t[name] = at }
		{ at = $1 * 1e6 - start }
		/SCCRQ/ { first("sccrq", at) }
		/ICCN/ { first("iccn", at) }
		/LCP, Conf-Request/ { first("lcp", at) }
		/CHAP, Challenge/ { first("chap", at) }
		/IPCP, Conf-Request/ { first("ipcp", at) }
		END { printf "%d %d %d %d %d\n", t["sccrq"], t["iccn"] - t["sccrq"], t["lcp"] - t["iccn"], t["chap"] - t["lcp"], up * 1000 - t["chap"] }' >>"/run/lab/phases-$1"
}

measure() { # CLIENT [captured]
	if [ $# -gt 1 ]; then capture_start bench udp port 1701 && nap 0.5; fi
	"start_$1"
	wait_up ppp0 20 || give_up "$1 did not come up"
	if [ $# -gt 1 ]; then capture_stop && add_phases "$1"; else echo "$UP_MS" >>"/run/lab/times-$1"; fi
	client_must_go "$1"
}

tell_phases() { # CLIENT   of its captured run, in ms
	local column names=('start to first message' 'L2TP handshake' 'to the first LCP request' 'LCP' 'CHAP, IPCP, interface')
	for column in 1 2 3 4 5; do
		median "/run/lab/phases-$1" $column
		printf '      %-26s %7d.%d ms\n' "${names[column - 1]}" $((MEDIAN / 1000)) $((MEDIAN % 1000 / 100))
	done
}

bench() { # GATE-PERCENT MEDIAN|QUICKEST SERVER-OPTION...   which of both clients' times the gate is about
	local client i ours theirs gate=$1 which=$2
	shift 2
	server_up --auth chap "$@"
	rm -f /run/lab/times-* /run/lab/phases-*
	for ((i = 0; i < runs; i++)); do
		for client in uptun xl2tpd; do measure $client; done
	done
	for client in uptun xl2tpd; do measure $client captured; done
	for client in uptun xl2tpd; do
		median /run/lab/times-$client 1
		if [ $client = uptun ]; then ours=${!which}; else theirs=${!which}; fi
		printf '  %-8s %6d ms to a usable ppp0   (median of %d; %s)\n' $client "$MEDIAN" "$runs" "$SPREAD"
		tell_phases $client
	done
	printf '  ratio: %d.%02d\n' $((ours / theirs)) $((ours * 100 / theirs % 100))
	check_at_most "gate: uptun's ${which,,} in percent of xl2tpd's" "$gate" $((ours * 100 / theirs))
	server_stop
}

write_xl2tpd_client
printf '\nThe server'\''s pppd sends the first LCP request:\n'
bench 20 MEDIAN
printf '\nThe server'\''s pppd waits for ours (silent):\n'
bench 125 QUICKEST --silent
