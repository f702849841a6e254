#!/usr/bin/env bash
# selftest-xl2tpd.sh - the lab itself works: xl2tpd as client brings a tunnel up through it, without uptun
# SPDX-License-Identifier: Apache-2.0
# limit: 60
. "${LAB:-${0%/*}/..}/lib.sh"

start_client() {
	cat >/run/lab/client.conf <<-END
		[lac lab]
		lns = $SERVER
		autodial = yes
		pppoptfile = /run/lab/client-ppp-options
	END
	printf '%s\n' 'user joe' "password $PASSWORD" noauth noccp noipv6 nodefaultroute 'mtu 1400' 'mru 1400' \
		debug "logfile $LAB_OUT/client-pppd.log" >/run/lab/client-ppp-options
	uptun_started=${EPOCHREALTIME/./}
	xl2tpd -D -c /run/lab/client.conf -C /run/lab/client-control -p /run/lab/client.pid >"$LAB_OUT/client.log" 2>&1 &
	uptun_pid=$!
}

server_up --auth chap
leftovers_begin
capture_start wire udp port 1701
start_client
# Without early PPPIOCGCHAN xl2tpd loses the first LCP request, so its 3 s are part of the picture.
must_come_up ppp0 15
check "the server's end of the link answers" reaches $SERVER_PPP
check 'the kernel carries the session' file_has /proc/net/pppol2tp ppp0
check 'the far host is out of reach without a route' bash -c "! ping -q -c 1 -W 1 $FAR >/dev/null"
ip route add $FAR_NET dev ppp0
check 'and answers through the tunnel' reaches $FAR
head -c 1000000 /dev/urandom >/run/lab/file
check 'a file goes through' send_file client /run/lab/file server $SERVER_PPP /run/lab/copy
check_equal 'and is the same there' "$SHA_SENT" "$SHA_GOT"
capture_stop
check 'the capture has the handshake' test -n "$(capture_lines wire | grep -m1 SCCRQ)"
kill -TERM $uptun_pid
check 'the client ends' wait_for 5 is_gone $uptun_pid
# xl2tpd's pppd asks a tunnel that is gone to terminate, twice.
check_nothing_left 10
