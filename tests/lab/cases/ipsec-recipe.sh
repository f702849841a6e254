#!/usr/bin/env bash
# ipsec-recipe.sh - docs/ipsec.md is true: its configuration, with the lab's server and key in it, protects the tunnel
# SPDX-License-Identifier: Apache-2.0
# limit: 60
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/ipsec.sh"

recipe() { # the text between ```swanctl and ``` of the document
	local line inside=''
	while IFS= read -r line; do
		case $line in
		'```swanctl') inside=yes ;;
		'```') inside='' ;;
		*)
			line=${line/vpn.example.org/$SERVER}
			[ -z "$inside" ] || printf '%s\n' "${line/the pre-shared key/$PSK}"
			;;
		esac
	done <"$LAB_ROOT/docs/ipsec.md"
}

server_up --auth chap
ipsec_modules
charon_up server
charon_up client
ike_configure server $SERVER $CLIENT no trap
recipe >/run/ike-client/swanctl.conf
check_has 'the document has a configuration' /run/ike-client/swanctl.conf "remote_addrs = $SERVER"
swan client --load-all --file /run/ike-client/swanctl.conf || give_up 'charon does not take it'
leftovers_begin
router_capture_start
dial --require-ipsec --local-port 1701
must_come_up
check_says 'protected' 'ESP protects the tunnel'
check "the server's end of the link answers" reaches $SERVER_PPP
check_stops
check_nothing_clear
check_nothing_left
