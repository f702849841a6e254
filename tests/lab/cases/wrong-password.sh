#!/usr/bin/env bash
# wrong-password.sh - a wrong password ends with 51, fifty times in a row
# SPDX-License-Identifier: Apache-2.0
# limit: 240
. "${LAB:-${0%/*}/..}/lib.sh"

server_up --auth chap
printf 'not it' >/run/lab/wrong
leftovers_begin

module_users() { # sets USERS: how often l2tp_ppp, ppp_generic and the rest are in use
	local name users _
	USERS=''
	while read -r name _ users _; do
		USERS+="$name=$users "
	done </proc/modules
}

slab_kib() { # sets SLAB
	local name value _
	while read -r name value _; do
		[ "$name" != SUnreclaim: ] || SLAB=$value
	done </proc/meminfo
}

attempt() {
	uptun_start up l2tp $SERVER --user joe --password-file /run/lab/wrong
	uptun_wait 10
}

attempt # what the first one leaves in caches is no leak
nap 1
module_users && users_before=$USERS
slab_kib && slab_before=$SLAB
right=0
for _ in {1..50}; do
	attempt
	[ "$STATUS" = 51 ] || { failed "run $uptun_runs ends with 51" "got: $STATUS"; break; }
	right=$((right + 1))
done
check_equal 'times the status was 51' 50 $right
check_says 'the password is named as the cause' 'password|authenticat'
check_nothing_left
nap 1
module_users
check_equal "the drivers' users are as before" "$users_before" "$USERS"
slab_kib
check_at_most 'growth of kernel memory in KiB' 2048 $((SLAB - slab_before))
