#!/usr/bin/env bash
# mtpd.sh - in mtpd's place: its command line, its name, its statuses
# SPDX-License-Identifier: Apache-2.0
# limit: 90
. "${LAB:-${0%/*}/..}/lib.sh"

ln -s "$UPTUN" /run/lab/mtpd
UPTUN_PLUGIN_DIR=${UPTUN_PLUGIN_DIR:-${UPTUN%/*}}
words=(linkname vpn name joe password "$PASSWORD" nodefaultroute usepeerdns idle 1800 mtu 1400 mru 1400)

server_up --auth chap --secret "$TUNNEL_SECRET"
leftovers_begin
uptun_start mtpd wan0 l2tp $SERVER 1701 "$TUNNEL_SECRET" "${words[@]}"
must_come_up
check 'uptun mtpd: the server answers' reaches $SERVER_PPP
check_stops
check_nothing_left

UPTUN=/run/lab/mtpd
uptun_start wan0 l2tp $SERVER 1701 "$TUNNEL_SECRET" "${words[@]}"
must_come_up
check 'under the name mtpd: the server answers' reaches $SERVER_PPP
server_hang_up
uptun_wait 10
check_equal 'the server ends it: 6' 6 "$STATUS"
check_nothing_left

uptun_start wan0 l2tp $SERVER 1701 'not the secret' "${words[@]}"
check_ends 4 15
check_nothing_left
uptun_start wan0 l2tp $SERVER 1701 "$TUNNEL_SECRET" name joe password wrong
check_ends 51 15
check_nothing_left
uptun_start wan0 l2tp
check_ends 1 3
check_nothing_left
