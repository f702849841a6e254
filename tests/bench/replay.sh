#!/usr/bin/env bash
# tests/bench/replay.sh - a capture of a million frames: uptun replay decoding, through the tables, tshark, tcpdump
# SPDX-License-Identifier: Apache-2.0
#
# usage: tests/bench/replay.sh BIN-FOLDER      prints lines for the table of tests/bench/run
#
# Processor time, user and system, reading the file included; the least of three runs, of tshark and tcpdump of one.
set -u
bin=${1:?which folder of programs?}
frames=1000000
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

if [ ! -x "$bin/uptun-inspect" ]; then
	echo 'SKIPPED|captures: there is no uptun-inspect'
	exit 0
fi
"$bin/make_million" "$scratch/million.pcap" $frames || exit 1

seconds() { # RUNS COMMAND...
	local runs=$1
	shift
	for ((i = 0; i < runs; i++)); do
		{ TIMEFORMAT='%U %S'; time "$@" >/dev/null 2>&1; } 2>&1
	done | awk '{ t = $1 + $2; if (NR == 1 || t < least) least = t } END { print least }'
}

figure() { # WHAT SECONDS
	awk -v what="$1" -v s="$2" -v n=$frames 'BEGIN { printf "FIGURE|%s|%.2f M/s|%.2f s\n", what, n / s / 1e6, s }'
}

decoded=$(seconds 3 "$bin/uptun-inspect" replay --count "$scratch/million.pcap")
figure 'uptun replay --count: decoded only' "$decoded"
through=$(seconds 3 "$bin/uptun-inspect" replay --table "$scratch/million.pcap")
figure 'uptun replay --table: through the tables' "$through"
figure 'uptun replay: the whole story' "$(seconds 3 "$bin/uptun-inspect" replay "$scratch/million.pcap")"
for program in tshark tcpdump; do
	if ! command -v $program >/dev/null; then
		echo "SKIPPED|captures: $program is not installed"
	elif [ $program = tshark ]; then
		figure tshark "$(seconds 1 tshark -n -r "$scratch/million.pcap")"
	else
		figure 'tcpdump -v' "$(seconds 1 tcpdump -n -v -r "$scratch/million.pcap")"
	fi
done
gate() { # WHAT SECONDS MILLIONS
	awk -v what="$1" -v s="$2" -v least="$3" -v n=$frames 'BEGIN {
		rate = n / s / 1e6
		printf "GATE|%s, M/s|%.2f|>= %d|%s\n", what, rate, least, (rate >= least ? "pass" : "FAIL")
	}'
}

gate 'frames decoded' "$decoded" 10
gate 'frames through the tables' "$through" 1
