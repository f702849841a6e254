#!/usr/bin/env bash
# bench-pptp.sh - PPTP: from start to a usable ppp0, then bulk, each in turn with pptp-linux
# SPDX-License-Identifier: Apache-2.0
# limit: 600
#
# usage: bench-pptp.sh [RUNS [BULKS]]     (7 and 3)     Medians. Both clients start against the same pptpd; the gate
# compares the quickest runs, since pptp-linux's second of sleep is constant and what a busy machine adds is not. Bulk
# goes from the client to the server: uptun's with the kernel's driver on both ends (uptun-peer is the server), since
# against pptpd, whose GRE is made in user space, the server would be what is measured; pptp-linux's against pptpd. CPU
# time is that of the guest's one processor, so that of both hosts together.
. "${LAB:-${0%/*}}/lib.sh"
. "$LAB/pptpd.sh"
. "$LAB/peer.sh"
. "$LAB/measure.sh"

runs=${1:-7} bulks=${2:-3}
BULK_MIB=256 BULK_MIB_PPTP_LINUX=4

start_uptun() {
	dial_pptp
}

start_pptp_linux() {
	pptp_linux_start noccp
}

measure_start() { # CLIENT
	"start_$1"
	wait_up ppp0 20 || give_up "$1 did not come up"
	echo "$UP_MS" >>"/run/lab/times-$1"
	client_must_go "$1"
}

bench_start() {
	local client i ours theirs
	pptpd_up
	for ((i = 0; i < runs; i++)); do
		for client in uptun pptp_linux; do measure_start $client; done
	done
	for client in uptun pptp_linux; do
		median /run/lab/times-$client 1
		if [ $client = uptun ]; then ours=$QUICKEST; else theirs=$QUICKEST; fi
		printf '  %-10s %6d ms to a usable ppp0   (median of %d; %s)\n' $client "$MEDIAN" "$runs" "$SPREAD"
	done
	check_at_most "gate: uptun's quickest in percent of pptp-linux's" 60 $((ours * 100 / theirs))
	pptpd_kill
}

# Notes kbit a second, and CPU time of a gigabyte in ms.
measure_bulk() { # CLIENT MIB
	"start_$1"
	wait_up ppp0 20 || give_up "$1 did not come up"
	pump_bulk "$2" $SERVER_PPP
	echo "$(($2 * 8389 * 1000 / BULK_MS)) $((BULK_BUSY_MS * 954 / $2))" >>"/run/lab/bulk-$1"
	client_must_go "$1"
}

tell_bulk() { # CLIENT NAME   sets KBIT and CPU
	median "/run/lab/bulk-$1" 1
	KBIT=$MEDIAN
	median "/run/lab/bulk-$1" 2
	CPU=$MEDIAN
	printf '  %-10s %6d.%d Mbit/s, %d.%02d s of CPU a gigabyte   (medians of %d)\n' "$1" $((KBIT / 1000)) \
		$((KBIT % 1000 / 100)) $((CPU / 1000)) $((CPU % 1000 / 10)) "$bulks"
}

bench_bulk() {
	local i ours our_cpu
	for ((i = 0; i < bulks; i++)); do
		pptp_peer_up --chap
		measure_bulk uptun $BULK_MIB
		peer_stop
		pptpd_up
		measure_bulk pptp_linux $BULK_MIB_PPTP_LINUX
		pptpd_kill
	done
	tell_bulk uptun
	ours=$KBIT our_cpu=$CPU
	tell_bulk pptp_linux
	check_at_most "gate: pptp-linux's throughput in percent of uptun's" 5 $((KBIT * 100 / ours))
	check_at_most "gate: uptun's CPU time a gigabyte in percent of pptp-linux's" 99 $((our_cpu * 100 / CPU))
}

printf '\nPPTP, start:\n'
bench_start
printf '\nPPTP, bulk:\n'
bench_bulk
