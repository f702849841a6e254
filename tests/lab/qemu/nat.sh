#!/usr/bin/env bash
# nat.sh - nftables translates and forgets after 3 s: HELLO keeps a tunnel, a new port costs it, the old one again does not
# SPDX-License-Identifier: Apache-2.0
# limit: 150
#
# RFC 2661 8.1 lets no port change in the life of a tunnel. So a tunnel whose translation was lost lives on when the
# router gives it the same port again, and is dialled anew when it does not.
[ -n "${LAB:-}" ] || exec "${0%/*}/../run-qemu" "$0" "$@"
. "$LAB/lib.sh"
. "$LAB/peer.sh"

FORGETS_S=3

nat() { # MASQUERADE-OPTION...
	on router nft -f - <<-END || give_up 'nftables takes no translation'
		table ip nat
		delete table ip nat
		table ip nat {
			ct timeout short {
				protocol udp
				policy = { unreplied: $FORGETS_S, replied: $FORGETS_S }
			}
			chain forget {
				type filter hook prerouting priority filter
				meta l4proto udp ct timeout set "short"
			}
			chain translate {
				type nat hook postrouting priority srcnat
				oifname "toserver" meta l4proto udp masquerade $*
			}
		}
	END
}

write_profile() { # NAME HELLO DATA-PATH
	cat >"/run/lab/$1.textproto" <<-END
		name: "$1"
		server: "$SERVER"
		l2tp { hello_interval_s: $2 tries: 2 }
		session { user: "joe" password_file: "$PASSWORD_FILE" }
		reconnect { enabled: true first_delay_ms: 100 max_delay_s: 1 }
		data_path: $3
	END
}

translations() { # sets PORTS: the ports that the router uses towards the server now
	local lines line
	PORTS=()
	mapfile -t lines < <(on router cat /proc/net/nf_conntrack)
	for line in "${lines[@]}"; do
		[[ $line =~ src=$SERVER\ dst=10\.9\.2\.1\ sport=[0-9]+\ dport=([0-9]+) ]] && PORTS+=("${BASH_REMATCH[1]}")
	done
}

translates() { # COUNT
	translations
	[ ${#PORTS[@]} = "$1" ]
}

dialled() { # TIMES   or more
	peer_counts tunnels_opened
	[ "$COUNT" -ge "$1" ]
}

modprobe -a nft_chain_nat nft_masq nft_ct || give_up 'no NAT in this kernel'

# Two hosts behind one address, by both data paths: HELLO goes out sooner than the router forgets.
nat to :40000-60000
write_profile one 1 NETLINK
write_profile two 1 OL2TP
peer_up --chap
leftovers_begin
uptun_start up --profile /run/lab/one.textproto --profile /run/lab/two.textproto
must_come_up ppp0 30
must_come_up ppp1 30
translations
check_equal 'the server is called from two ports of the router' 2 ${#PORTS[@]}
for port in "${PORTS[@]}"; do
	check "port $port is one of the translation" test "$port" -ge 40000 -a "$port" -le 60000
done
nap $((FORGETS_S * 3))
check 'both translations are still there' translates 2
for link in ppp0 ppp1; do
	check "$link answers after $((FORGETS_S * 3)) s of silence" answers_ping $SERVER_PPP -I $link
done
peer_counts tunnels_opened
check_equal 'no tunnel was dialled again' 2 "$COUNT"
check_stops 10
check_nothing_left 5
peer_stop

# HELLO comes too late, and leaves by the same port: nothing has changed for the server.
nat
write_profile same $((FORGETS_S * 2)) AUTO
peer_up --chap
leftovers_begin
uptun_start up --profile /run/lab/same.textproto
must_come_up ppp0 30
translations
port=${PORTS[0]:-none}
check 'the translation is forgotten' wait_for $((FORGETS_S * 2)) translates 0
check 'HELLO makes it anew' wait_for $((FORGETS_S * 4)) translates 1
check_equal 'with the same port' "$port" "${PORTS[0]:-none}"
check "the server's end answers" reaches $SERVER_PPP
peer_counts tunnels_opened
check_equal 'the tunnel was not dialled again' 1 "$COUNT"
check_stops 10
check_nothing_left 5
peer_stop

# HELLO comes too late, and leaves by another port, from where the server does not know the tunnel.
nat to :40000-60000 random
write_profile other $((FORGETS_S * 2)) AUTO
peer_up --chap
leftovers_begin
uptun_start up --profile /run/lab/other.textproto
must_come_up ppp0 30
check 'the lost translation is noticed and the server dialled again' wait_for 30 dialled 2
check 'and it is up again' wait_for 15 ppp_is_up ppp0
check "the server's end answers again" wait_for 10 reaches $SERVER_PPP
check_stops 10
check_nothing_left 5
peer_stop
