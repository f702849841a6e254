#!/usr/bin/env bash
# ipsec-rekey.sh - the associations are renewed under traffic, the old ones die: the tunnel lives on, nothing goes in clear
# SPDX-License-Identifier: Apache-2.0
# limit: 100
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/ipsec.sh"

REKEYS=4

# Every 3 s a new pair; an old one dies 8 s after it was made, while packets flow.
ike_child='rekey_time = 3s
	life_time = 8s
	rand_time = 0'

declare -A seen=()
has_seen() { # COUNT   pairs of associations, those of now taken into account
	local spi
	read_spis
	for spi in "${SPIS[@]}"; do seen[$spi]=1; done
	[ ${#seen[@]} -ge $(($1 * 2)) ]
}

is_dead() { # SPI
	read_spis
	[[ " ${SPIS[*]} " != *" $1 "* ]]
}

server_up
ipsec_up no
leftovers_begin
router_capture_start
dial --require-ipsec --local-port 1701
must_come_up
read_spis
first=${SPIS[0]}
ping -q -i 0.05 -W 1 $SERVER_PPP >/run/lab/pings &
pinging=$!
check "there were $REKEYS more pairs of associations" wait_for 60 has_seen $((REKEYS + 1))
check 'the first one is dead' wait_for 20 is_dead "$first"
check 'the tunnel still carries' answers_ping $SERVER_PPP
kill -INT $pinging
wait $pinging
read -r sent _ _ got _ < <(grep transmitted /run/lab/pings)
check_at_most "pings lost, in percent, of $sent" 2 $(((sent - got) * 100 / sent))
check_equal 'uptun has not dialled again' 1 "$(grep -c 'ESP protects the tunnel' "$uptun_log.out")"
check_stops
check_nothing_clear
wire_count esp and src host $CLIENT
check "ESP was on the wire ($WIRE packets of the client's)" test "$WIRE" -gt 100
check_nothing_left
