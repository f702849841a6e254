#!/usr/bin/env bash
# pptp-mppe.sh - MPPE of 128 bits: when we require it, when only the server does, and a file through it
# SPDX-License-Identifier: Apache-2.0
# limit: 90
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/pptpd.sh"
. "$LAB/peer.sh"

pptpd_up --mppe
leftovers_begin
for mppe in require allow; do
	dial_pptp --mppe $mppe
	must_come_up
	check "--mppe $mppe: the server's end of the link answers" reaches $SERVER_PPP
	check_says "--mppe $mppe: what encrypts it is told" 'mppe.*128|128.*mppe'
	check_stops
	check_nothing_left
done
dial_pptp --mppe off
uptun_wait 15
check "--mppe off with a server that insists: no link ($STATUS)" test "$STATUS" -gt 32
check_nothing_left 4
pptpd_kill

pptp_peer_up --mppe
leftovers_begin
dial_pptp --mppe require
must_come_up
first_address ppp0
head -c 1048576 /dev/urandom >/run/lab/file
check 'a file to the server' send_file client /run/lab/file server $SERVER_PPP /run/lab/there
check_equal 'the same there' "$SHA_SENT" "$SHA_GOT"
check 'and back' send_file server /run/lab/there client "$ADDRESS" /run/lab/back
check_equal 'the same here' "$SHA_SENT" "$SHA_GOT"
check_stops
check_nothing_left
