#!/usr/bin/env bash
# tests/peer/scale.sh - many tunnels from one engine to another over loopback, IPv4 and IPv6: none lost, none sent twice
# SPDX-License-Identifier: Apache-2.0
#
# usage: tests/peer/scale.sh BIN COUNT [PORT]     BIN: the folder of uptun-peer and uptun-load
set -u
bin=$1 count=$2 port=${3:-17010}
log=$(mktemp) || exit 1
peer=''

end() {
	[ -z "$peer" ] || kill -KILL "$peer" 2>/dev/null
	rm -f "$log"
}
trap end EXIT

fail() {
	printf 'FAIL  %s\n' "$*"
	cat "$log"
	exit 1
}

limit=$(ulimit -Hn)
[ "$limit" = unlimited ] || [ "$limit" -gt $((count + 100)) ] || { echo "skipped: only $limit descriptors"; exit 77; }

"$bin/uptun-peer" --port "$port" --tunnels $((count * 2)) --quiet >"$log" 2>&1 &
peer=$!
for _ in {1..100}; do
	grep -q ready "$log" && break
	sleep 0.1
done
grep -q ready "$log" || fail 'uptun-peer did not start'

for address in 127.0.0.1 ::1; do
	"$bin/uptun-load" --port "$port" --count "$count" --hold 1 $address || fail "not all $count tunnels to $address stood"
done
kill -TERM "$peer"
wait "$peer" || fail "uptun-peer ended with $?"
peer=''
counts=$(tail -n 1 "$log")
echo "$counts"
[[ $counts == *" tunnels_opened=$((count * 2)) sessions_opened=$((count * 2)) "* ]] || fail 'the server counted otherwise'
[[ $counts == *' refused=0 faults=0 '* ]] || fail 'the server refused or could not read something'
