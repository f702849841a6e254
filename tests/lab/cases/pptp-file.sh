#!/usr/bin/env bash
# pptp-file.sh - a file each way through PPTP: 128 KiB with pptpd, 16 MiB with the kernel's driver on both ends
# SPDX-License-Identifier: Apache-2.0
# limit: 120
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/pptpd.sh"
. "$LAB/peer.sh"

both_ways() { # WHAT KIB
	must_come_up
	first_address ppp0
	head -c $(($2 << 10)) /dev/urandom >/run/lab/file
	check "$1: to the server" send_file client /run/lab/file server $SERVER_PPP /run/lab/there
	check_equal "$1: the same there" "$SHA_SENT" "$SHA_GOT"
	check "$1: and back" send_file server /run/lab/there client "$ADDRESS" /run/lab/back
	check_equal "$1: the same here" "$SHA_SENT" "$SHA_GOT"
	check "$1: a full packet of 1400 octets fits" reaches $SERVER_PPP -M "do" -s 1372
}

said() { # TEXT   the client, on the wire
	[[ $(capture_lines wire src host $CLIENT) == *"$1"* ]]
}

fragments self && before=$FRAGMENTS
pptpd_up
leftovers_begin
dial_pptp
both_ways pptpd 128
check_stops
check_nothing_left
pptpd_kill

pptp_peer_up --chap
leftovers_begin
capture_start wire tcp port 1723
dial_pptp
both_ways 'the kernel on both ends' 16384
fragments self
check_equal 'no fragment was made or joined here' "$before" "$FRAGMENTS"
check_stops
nap 0.3
capture_stop
for message in CCRQ StopCCRQ 'Flags [F'; do
	check "the end has its $message" said "$message"
done
check 'and no reset' test -z "$(capture_lines wire 'tcp[tcpflags] & tcp-rst != 0')"
check_nothing_left
