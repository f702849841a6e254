# tests/lab/hosts.sh - the hosts of the lab and the wires between them
# SPDX-License-Identifier: Apache-2.0
#
#   client            router              server             far
#   wan0 ------------ toclient
#   10.9.1.2          10.9.1.1
#                     toserver ---------- wan0
#                     10.9.2.1            10.9.2.2
#                                         lan0 ------------- lan0
#                                         10.20.0.1          10.20.0.2
#
# The client reaches the server through the router (its default route), and the host `far` only through the tunnel: the
# router knows no way to 10.20.0.0/24. Every link has IPv6 too (fd09:1::/64, fd09:2::/64, fd20::/64), numbered alike;
# the router asks for neighbours from fe80::1.
# Each host is a network namespace that ip(8) knows by name; init.c made them. A test runs in the client's.

CLIENT=10.9.1.2 CLIENT_OTHER=10.9.1.3 CLIENT_GATEWAY=10.9.1.1
SERVER=10.9.2.2 SERVER6=fd09:2::2 FAR=10.20.0.2 FAR_NET=10.20.0.0/24
SERVER_PPP=10.10.0.1 # the server's end of every ppp link; clients get 10.10.0.10 and up

on() { # HOST COMMAND...   in the host's namespace; not with &: the pid would be a shell's
	local host=$1
	shift
	ip netns exec "$host" "$@"
}

hosts_up() {
	ip -n router -batch - <<-'E' || return
		link add toclient type veth peer name wan0 netns client
		link add toserver type veth peer name wan0 netns server
		addr add 10.9.1.1/24 dev toclient
		addr add 10.9.2.1/24 dev toserver
		addr add fd09:1::1/64 dev toclient nodad
		addr add fd09:2::1/64 dev toserver nodad
		addr add fe80::1/64 dev toclient nodad
		addr add fe80::1/64 dev toserver nodad
		link set toclient addrgenmode none up
		link set toserver addrgenmode none up
	E
	ip -n server -batch - <<-'E' || return
		link add lan0 type veth peer name lan0 netns far
		addr add 10.9.2.2/24 dev wan0
		addr add 10.20.0.1/24 dev lan0
		addr add fd09:2::2/64 dev wan0 nodad
		addr add fd20::1/64 dev lan0 nodad
		link set wan0 addrgenmode none up
		link set lan0 addrgenmode none up
		route add default via 10.9.2.1
		route add default via fd09:2::1
	E
	ip -n far -batch - <<-'E' || return
		addr add 10.20.0.2/24 dev lan0
		addr add fd20::2/64 dev lan0 nodad
		link set lan0 addrgenmode none up
		route add default via 10.20.0.1
		route add default via fd20::1
	E
	ip -batch - <<-'E'
		addr add 10.9.1.2/24 dev wan0
		addr add fd09:1::2/64 dev wan0 nodad
		link set wan0 addrgenmode none up
		route add default via 10.9.1.1
		route add default via fd09:1::1
	E
}

client_wire_up() { # again, with all that a link that goes down takes away
	ip -batch - <<-'E'
		link set wan0 up
		addr replace fd09:1::2/64 dev wan0 nodad
		route replace default via 10.9.1.1
		route replace default via fd09:1::1
	E
}
