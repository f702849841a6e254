# tests/lab/measure.sh - what both benchmarks of the lab measure with: starts of clients in turn, medians, bulk, CPU time
# SPDX-License-Identifier: Apache-2.0

no_ppp() {
	ppp_count
	[ "$PPP" = 0 ] && ! pids_of pppd server
}

client_must_go() { # CLIENT   the one that runs now, pppd first
	if pids_of pppd client; then kill -TERM "${PIDS[@]}"; fi
	wait_for 20 no_ppp
	kill -TERM "$uptun_pid" 2>/dev/null
	wait "$uptun_pid" 2>/dev/null
	wait_for 20 no_ppp || give_up "$1 did not go away"
}

median() { # FILE COLUMN   sets MEDIAN, QUICKEST and SPREAD
	local sorted
	mapfile -t sorted < <(awk -v c="$2" '{ print $c }' "$1" | sort -n)
	MEDIAN=${sorted[$((${#sorted[@]} / 2))]}
	QUICKEST=${sorted[0]}
	SPREAD="$QUICKEST to ${sorted[-1]}"
}

# Few system calls, which are what costs most here: a megabyte in each.
pump_bulk() { # MIB ADDRESS   from the client to the server; sets BULK_MS and BULK_BUSY_MS
	local sink
	ip netns exec server python3 -S "$LAB/pump.py" sink "$2" >/run/lab/pumped &
	sink=$!
	wait_for 10 listens $sink 5001 || give_up 'the sink does not listen'
	python3 -S "$LAB/pump.py" pour "$2" "$1" >/run/lab/poured || give_up 'the bulk did not go through'
	wait $sink
	read -r BULK_MS BULK_BUSY_MS </run/lab/poured
	check_equal 'every octet arrived' $(($1 << 20)) "$(</run/lab/pumped)"
}
