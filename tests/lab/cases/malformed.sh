#!/usr/bin/env bash
# malformed.sh - every kind of nonsense from the server: bounded, no crash, nothing left
# SPDX-License-Identifier: Apache-2.0
# limit: 180
. "${LAB:-${0%/*}/..}/lib.sh"

for mode in noise empty short version length avp-zero avp-long no-tunnel-id reserved-m other-ids flood; do
	fake_up $mode
	leftovers_begin
	dial --timeout 2
	uptun_wait 5
	check "$mode: network or protocol error ($STATUS)" test "$STATUS" = 2 -o "$STATUS" = 3
	check_nothing_left
	server_kill
done
