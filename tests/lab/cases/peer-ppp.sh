#!/usr/bin/env bash
# peer-ppp.sh - PPP habits of real servers: silent, compression offered, EAP wished; and who insists on port 1701
# SPDX-License-Identifier: Apache-2.0
# limit: 90
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/peer.sh"

leftovers_begin
check_comes_up() { # WHAT [OPTION...]
	local what=$1
	shift
	dial "$@"
	check "$what: ppp0 is up" wait_up && check "$what: the server's end answers" reaches $SERVER_PPP
	check_stops
	check_nothing_left
}

peer_up --chap --silent
check_comes_up 'a silent pppd'
peer_stop

peer_start --kernel "$UPTUN_PLUGIN_DIR/uptun-pppox.so" --ppp auth --ppp require-chap --ppp name --ppp lab \
	--ppp deflate --ppp 15 --ppp bsdcomp --ppp 15
check_comes_up 'CCP beside IPCP'
peer_stop

peer_up --ppp auth --ppp require-eap --ppp name --ppp lab
dial --timeout 20
uptun_wait 25
check 'EAP is refused, not tried' test "$STATUS" != 0
check 'and nothing came up' test "$STATUS" != 'still running'
check_nothing_left
peer_stop

peer_up --chap --behave from-1701
check_comes_up 'a server that insists on port 1701' --local-port 1701
dial --tries 2
uptun_wait 10
check_equal 'from another port it does not answer: 2' 2 "$STATUS"
check_nothing_left
peer_stop
