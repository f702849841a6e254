#!/usr/bin/env bash
# pptp-mtpd.sh - PPTP in mtpd's place: its command line and statuses, with MPPE as its user has it
# SPDX-License-Identifier: Apache-2.0
# limit: 90
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/pptpd.sh"

ln -s "$UPTUN" /run/lab/mtpd
UPTUN_PLUGIN_DIR=${UPTUN_PLUGIN_DIR:-${UPTUN%/*}}
words=(linkname vpn name joe password "$PASSWORD" refuse-eap nodefaultroute usepeerdns idle 1800 mtu 1400 mru 1400)

pptpd_up
leftovers_begin
uptun_start mtpd wan0 pptp $SERVER 1723 "${words[@]}"
must_come_up
check 'uptun mtpd: the server answers' reaches $SERVER_PPP
check_stops
check_nothing_left

UPTUN=/run/lab/mtpd
uptun_start wan0 pptp $SERVER 1723 "${words[@]}"
must_come_up
check 'under the name mtpd: the server answers' reaches $SERVER_PPP
pptpd_signal KILL pppd
uptun_wait 10
check_equal 'the server ends it: 6' 6 "$STATUS"
check_nothing_left 4
uptun_start wan0 pptp $SERVER 1723 name joe password wrong
check_ends 51 15
check_nothing_left 4
uptun_start wan0 pptp $SERVER
check_ends 1 3
check_nothing_left
pptpd_kill

pptpd_up --mppe
leftovers_begin
uptun_start wan0 pptp $SERVER 1723 "${words[@]}" +mppe
must_come_up
check 'with +mppe, as Android has it' reaches $SERVER_PPP
check_stops
check_nothing_left
