#!/usr/bin/env bash
# ipv6-underlay.sh - a tunnel over IPv6, with tunnel authentication, hidden AVPs both ways, a file through it
# SPDX-License-Identifier: Apache-2.0
# limit: 90
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/peer.sh"

peer_up --chap --secret-file $SECRET_FILE --hide
leftovers_begin
capture_start wire udp port 1701
uptun_start up l2tp $SERVER6 --user joe --password-file $PASSWORD_FILE --secret-file $SECRET_FILE --hide-avps \
	--route $FAR_NET
must_come_up
check "the server's end of the link answers" reaches $SERVER_PPP
check 'the far host answers through the tunnel' reaches $FAR
on far ip route replace 10.10.0.0/16 via 10.20.0.1
head -c 1000000 /dev/urandom >/run/lab/file
check 'a file goes through' send_file client /run/lab/file far $FAR /run/lab/copy
check_equal 'and arrives whole' "$SHA_SENT" "$SHA_GOT"
peer_counts retransmissions
check_equal 'the server sent nothing twice' 0 "$COUNT"
check_stops
capture_stop
check 'all of it went over IPv6' test -z "$(capture_lines wire not ip6)"
check 'AVPs were hidden by the client' test -n "$(capture_lines wire -v src host fd09:1::2 | grep -m1 -i random_vector)"
check 'AVPs were hidden by the server' test -n "$(capture_lines wire -v src host $SERVER6 | grep -m1 -i random_vector)"
check_nothing_left
peer_stop

printf 'not it' >/run/lab/wrong
peer_up --chap --secret-file /run/lab/wrong --hide
leftovers_begin
uptun_start up l2tp $SERVER6 --user joe --password-file $PASSWORD_FILE --secret-file $SECRET_FILE --hide-avps
uptun_wait 10
check_equal 'another secret: 4, or 3 for what cannot be unhidden' 1 "$((STATUS == 4 || STATUS == 3))"
check_nothing_left
peer_stop
