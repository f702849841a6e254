#!/usr/bin/env bash
# mtu-1280.sh - a path that takes 1280 octets: with a fitting PPP MTU nothing is fragmented, with the default all arrives
# SPDX-License-Identifier: Apache-2.0
# limit: 90
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/peer.sh"

ip -n router link set toserver mtu 1280
ip -n server link set wan0 mtu 1280
on far ip route replace 10.10.0.0/16 via 10.20.0.1
head -c 2000000 /dev/urandom >/run/lab/file

both_fragments() { # sets SUM: of client, server and router
	local pid
	SUM=0
	for pid in self "$server_pid" 1; do
		fragments "$pid"
		SUM=$((SUM + FRAGMENTS))
	done
}

transfer_both_ways() { # WHAT
	check "$1: a file arrives" send_file client /run/lab/file far $FAR /run/lab/copy
	check_equal "$1: whole" "$SHA_SENT" "$SHA_GOT"
	first_address ppp0
	check "$1: and one back" send_file far /run/lab/file client "$ADDRESS" /run/lab/copy
	check_equal "$1: whole too" "$SHA_SENT" "$SHA_GOT"
}

# 20 IP, 8 UDP, 8 L2TP, 4 PPP
fitting=$((1280 - 20 - 8 - 8 - 4))
peer_up --chap
leftovers_begin
dial --mtu $fitting --mru $fitting --route $FAR_NET
must_come_up
read -r mtu </sys/class/net/ppp0/mtu
check_equal 'the MTU of ppp0 is as asked for' $fitting "$mtu"
both_fragments
before=$SUM
transfer_both_ways "MTU $fitting"
both_fragments
check_equal 'no fragment was made' 0 $((SUM - before))
check_stops
check_nothing_left

dial --route $FAR_NET
must_come_up
transfer_both_ways 'the default MTU'
check_stops
check_nothing_left
peer_stop
