#!/usr/bin/env bash
# file-transfer.sh - 8 MiB each way through netcat over ppp0: equal at both ends, nothing fragmented at mtu 1400
# SPDX-License-Identifier: Apache-2.0
# limit: 90
. "${LAB:-${0%/*}/..}/lib.sh"

server_up --auth chap
leftovers_begin
dial --mtu 1400 --mru 1400
must_come_up
first_address ppp0
head -c 8388608 /dev/urandom >/run/lab/file
fragments self && before=$FRAGMENTS
fragments "$server_pid" && before_there=$FRAGMENTS
check 'to the server' send_file client /run/lab/file server $SERVER_PPP /run/lab/there
check_equal 'the same there' "$SHA_SENT" "$SHA_GOT"
check 'and back' send_file server /run/lab/there client "$ADDRESS" /run/lab/back
check_equal 'the same here' "$SHA_SENT" "$SHA_GOT"
check 'a full packet of 1400 octets fits' reaches $SERVER_PPP -M "do" -s 1372
fragments self
check_equal 'no fragment was made or joined here' "$before" "$FRAGMENTS"
fragments "$server_pid"
check_equal 'nor there' "$before_there" "$FRAGMENTS"
check_stops
check_nothing_left
