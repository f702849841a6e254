#!/usr/bin/env bash
# ipsec-required.sh - --require-ipsec and policies that do not protect: refused by name, and not one packet is sent
# SPDX-License-Identifier: Apache-2.0
# limit: 60
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/ipsec.sh"

out="src $CLIENT dst $SERVER proto udp" in="src $SERVER dst $CLIENT proto udp"
esp='tmpl proto esp mode transport reqid 7'

refused() { # WHAT SENTENCE OPTION...
	local what=$1 sentence=$2
	shift 2
	dial --require-ipsec "$@"
	check_ends 2 5
	check_says "$what" "$sentence"
}

server_up
leftovers_begin
router_capture_start
ipsec_modules
refused 'no policy' 'no policy for what goes out; there is no policy for what comes in'

# shellcheck disable=SC2086
ip xfrm policy add $out dport 1701 dir out $esp
refused 'one for what goes out only' 'server: there is no policy for what comes in'

# shellcheck disable=SC2086
ip xfrm policy add $in sport 1701 dir in priority 5 $esp
# shellcheck disable=SC2086
ip xfrm policy add $out sport 40123 dport 1701 dir out priority 0 action allow
refused 'an exception with more weight' 'lets what goes out pass in clear' --local-port 40123

ip xfrm policy flush
# shellcheck disable=SC2086
ip xfrm policy add $out sport 1701 dport 1701 dir out $esp
# shellcheck disable=SC2086
ip xfrm policy add $in sport 1701 dport 1701 dir in $esp
refused "another port of ours" 'covers only source port 1701, this socket uses 40123: use --local-port 1701' --local-port 40123
refused "another port of the server's" 'covers only destination port 1701' --port 1702 --local-port 1701

# The policies fit now, and nobody negotiates: waited for, and nothing is sent.
refused 'nobody negotiates' 'no association has come' --local-port 1701 --timeout 2
ip xfrm policy flush
ip xfrm state flush

nap 0.2
capture_stop
wire_count src host $CLIENT and not arp and not icmp6
check_equal 'not one packet was sent' 0 "$WIRE"
check_nothing_left

dial
must_come_up
check_stops
