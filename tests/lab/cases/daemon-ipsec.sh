#!/usr/bin/env bash
# daemon-ipsec.sh - the daemon in its sandbox requires IPsec: refused without, up inside an association, closed when that goes
# SPDX-License-Identifier: Apache-2.0
# limit: 100
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/daemon.sh"
. "$LAB/ipsec.sh"

ask_for_tunnel() { # sets TUNNEL, and REPLY
	order "id: 1 up { profile { name: \"office\" server: \"$SERVER\" require_ipsec: true
		local_port: 1701 reconnect { enabled: false }
		session { user: \"joe\" password: \"$PASSWORD\" } } }"
	check_reply 'the order is taken' 'tunnel: ([0-9]+)' || give_up 'there is no tunnel'
	TUNNEL=${BASH_REMATCH[1]}
}

has_ended() {
	file_has "$daemon_log" "office ($TUNNEL): ended"
}

check_ended() { # WHAT SENTENCE
	check "$1: the tunnel ends" wait_for 10 has_ended
	check_has 'and it is said why' "$daemon_log" "$2"
	order "id: 2 status { tunnel: $TUNNEL }"
	check_reply 'it is gone' 'NO_SUCH_TUNNEL'
}

server_up --auth chap
ipsec_modules
charon_up server
charon_up client
leftovers_begin
daemon_start
check 'the daemon is another user' file_has "/proc/$uptun_pid/status" 'uid:	65534	65534	65534'
check 'with one capability' file_has "/proc/$uptun_pid/status" 'capeff:	0000000000001000'
order 'id: 3 version { }'
check_reply 'and system calls that kill' 'seccomp: killed'

# ---- nobody protects

router_capture_start
ask_for_tunnel
check_ended 'without a policy' 'no policy for what goes out; there is no policy for what comes in'
nap 0.2
capture_stop
wire_count src host $CLIENT and udp
check_equal 'not one packet was sent' 0 "$WIRE"

# ---- a trap policy, and an association made for it

ike_configure server $SERVER $CLIENT no trap
ike_configure client $CLIENT $SERVER no trap
router_capture_start
ask_for_tunnel
must_come_up
check "the server's end of the link answers" reaches $SERVER_PPP
check_has 'the protection is told' "$daemon_log" 'ESP protects the tunnel'
order "id: 4 status { tunnel: $TUNNEL }"
check_reply 'the tunnel is up' 'state: "up"'

# ---- it goes, and with it the tunnel

ping -q -i 0.02 -W 1 $SERVER_PPP >/dev/null 2>&1 &
pinging=$!
nap 0.5
ip xfrm policy flush
check_ended 'when the policies go' 'no policy for what goes out'
nap 1
{ kill $pinging && wait $pinging; } 2>/dev/null
check_nothing_clear
wire_count esp and src host $CLIENT
check "ESP was on the wire ($WIRE packets of the client's)" test "$WIRE" -gt 10

kill -TERM "$uptun_pid"
uptun_wait 8
check_equal 'the daemon, the same all the time, ends in good order' 0 "$STATUS"
check_nothing_left 2
