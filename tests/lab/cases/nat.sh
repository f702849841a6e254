#!/usr/bin/env bash
# nat.sh - the router translates addresses and forgets a silent flow after 3 s: HELLO keeps it, and a lost one is dialled anew
# SPDX-License-Identifier: Apache-2.0
# limit: 120
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/peer.sh"

# The guest's kernel has no NAT for nftables, but has it for iptables.
nat() { # MASQUERADE-OPTION...
	on router iptables-legacy -t nat -F POSTROUTING
	on router iptables-legacy -t nat -A POSTROUTING -p udp -o toserver -j MASQUERADE "$@"
}

modprobe -a iptable_nat xt_MASQUERADE xt_tcpudp || give_up 'no NAT in this kernel'
nat --to-ports 40000-60000
on router sh -c 'echo 3 >/proc/sys/net/netfilter/nf_conntrack_udp_timeout
	echo 3 >/proc/sys/net/netfilter/nf_conntrack_udp_timeout_stream'

write_profile() { # NAME HELLO
	cat >"/run/lab/$1.textproto" <<-END
		name: "$1"
		server: "$SERVER"
		l2tp { hello_interval_s: $2 tries: 2 }
		session { user: "joe" password_file: "$PASSWORD_FILE" }
		reconnect { enabled: true first_delay_ms: 100 max_delay_s: 1 }
	END
}

translated() { # sets TRANSLATED: the server's connected sockets whose peer has a port of the router's choice
	local _ remote port
	TRANSLATED=0
	while read -r _ _ remote _; do
		port=$((16#${remote##*:}))
		[ "$port" -ge 40000 ] && [ "$port" -le 60000 ] && [[ $remote == 0102090A:* ]] && TRANSLATED=$((TRANSLATED + 1))
	done < <(tail -n +2 "/proc/$server_pid/net/udp")
}

write_profile one 1
write_profile two 1
peer_up --chap
leftovers_begin
uptun_start up --profile /run/lab/one.textproto --profile /run/lab/two.textproto
must_come_up ppp0
must_come_up ppp1
translated
check_equal "the server sees both tunnels' ports translated" 2 "$TRANSLATED"
check 'the first link answers' reaches $SERVER_PPP -I ppp0
check 'the second link answers' reaches $SERVER_PPP -I ppp1
nap 8
check 'the first link answers after 8 s of silence' reaches $SERVER_PPP -I ppp0
check 'the second link answers after 8 s of silence' reaches $SERVER_PPP -I ppp1
peer_counts tunnels_opened
check_equal 'HELLO kept the translation: no tunnel was dialled again' 2 "$COUNT"
check_stops
check_nothing_left
peer_stop

# A HELLO that comes too late leaves by another port, from where the server does not know the tunnel.
nat --to-ports 40000-60000 --random
write_profile late 6
peer_up --chap
leftovers_begin
uptun_start up --profile /run/lab/late.textproto
must_come_up
again() { peer_counts tunnels_opened && [ "$COUNT" -ge 2 ]; }
check 'a lost translation is noticed and the server dialled again' wait_for 30 again
check 'and it is up again' wait_for 10 ppp_is_up ppp0
check "the server's end answers again" wait_for 5 reaches $SERVER_PPP
check_stops
check_nothing_left
peer_stop
