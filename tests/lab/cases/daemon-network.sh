#!/usr/bin/env bash
# daemon-network.sh - the network changes below the daemon's tunnels: servers are asked at once, a lost address is left at once
# SPDX-License-Identifier: Apache-2.0
# limit: 120
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/daemon.sh"
. "$LAB/pptpd.sh"

OTHER_GATEWAY=10.9.1.254
NEVER_S=600 # the timers of HELLO and Echo-Request

profiles_write() {
	local common="reconnect { enabled: true first_delay_ms: 100 }"
	mkdir -m 700 "$PROFILES"
	cat >"$PROFILES/l.textproto" <<-END
		name: "l" server: "$SERVER" $common
		l2tp { hello_interval_s: $NEVER_S }
		session { user: "joe" password_file: "$PASSWORD_FILE" interface_name: "ppp-l" }
	END
	cat >"$PROFILES/p.textproto" <<-END
		name: "p" server: "$SERVER_OTHER" $common
		pptp { echo_interval_s: $NEVER_S }
		session { user: "joe" password_file: "$PASSWORD_FILE" interface_name: "ppp-p" }
	END
}

has_asked() { # NAME FILTER WORD
	local lines
	lines=$(capture_lines "$1" "$2" and src host $CLIENT)
	[[ $lines == *"$3"* ]]
}

check_asks() { # NAME WHEN   both servers; the capture has run all the time
	check "$2: L2TP's server gets a HELLO" wait_for 5 has_asked "$1" 'udp port 1701' HELLO
	check "$2: PPTP's server gets an Echo-Request" wait_for 5 has_asked "$1" 'tcp port 1723' ECHORQ
}

came_from() { # NAME ADDRESS   the tunnel is up, after it was dialled from there
	ppp_is_up "ppp-$1" && capture_lines lost src host "$2" | grep -q .
}

ip -n router addr add $OTHER_GATEWAY/24 dev toclient
echo 1 >/proc/sys/net/ipv4/conf/all/promote_secondaries
server_up --auth chap
pptpd_up --other
profiles_write
leftovers_begin
daemon_start --profiles "$PROFILES"
must_come_up ppp-l 30
must_come_up ppp-p 30

capture_start route
nap 2
check_equal 'nobody is asked for nothing' '' "$(capture_lines route src host $CLIENT | grep -E 'HELLO|ECHORQ')"
ip route replace default via $OTHER_GATEWAY
check_asks route 'another way to the server'
capture_stop
check "L2TP's tunnel goes on" answers_ping $SERVER_PPP
check "PPTP's tunnel goes on" answers_ping $SERVER_OTHER_PPP
check_has_not 'neither was dialled again' "$daemon_log" 'ended'

capture_start link
ip link set wan0 down
nap 0.2
ip -batch - <<-END
	link set wan0 up
	route replace default via $CLIENT_GATEWAY
END
check_asks link 'the interface was down for a moment'
capture_stop

capture_start lost
ip addr add $CLIENT_OTHER/24 dev wan0
ip addr del $CLIENT/24 dev wan0
check 'an address that is gone is noticed' wait_for 5 file_has "$daemon_log" 'l (1): tunnel: ended'
check 'with PPTP, too' wait_for 5 file_has "$daemon_log" 'p (2): tunnel: ended'
check 'L2TP is up again, from the other one' wait_for 20 came_from l $CLIENT_OTHER
check "and carries" reaches $SERVER_PPP
check 'PPTP, too' wait_for 20 came_from p $CLIENT_OTHER
check 'and carries' reaches $SERVER_OTHER_PPP
capture_stop

kill -TERM "$uptun_pid"
uptun_wait 15
check_equal 'the daemon ends in good order' 0 "$STATUS"
ip addr add $CLIENT/24 dev wan0
ip addr del $CLIENT_OTHER/24 dev wan0
client_wire_up
check_nothing_left 5
