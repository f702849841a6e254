#!/usr/bin/env bash
# daemon-l2tp.sh - a tunnel by order of a client: watched, looked at, used, counted, taken down
# SPDX-License-Identifier: Apache-2.0
# limit: 100
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/daemon.sh"

server_up --auth chap
leftovers_begin
daemon_start

order "id: 7 up { profile { name: \"office\" server: \"$SERVER\" route: \"$FAR_NET\"
	session { user: \"joe\" password: \"$PASSWORD\" } } }"
check_reply 'it is accepted' 'tunnel: 1'
must_come_up
check "the server's end of the link answers" reaches $SERVER_PPP
check 'the far net is reached' reaches $FAR

order 'id: 8 status { tunnel: 1 }'
check_reply 'its state is told' 'state: "tunnel"'
check_reply 'its session is up' 'state: "up"'
check_reply 'its interface is told' 'interface: "ppp0"'
check_reply 'its address is told' 'local: "10\.10\.0\.1[0-9]"'
check_reply 'its route is told' 'route: "[0-9./]* via ppp0"'
check_reply 'when it was up is told' 'ppp_up_us: [1-9]'
check_reply 'what it carried is counted' 'rx_octets: [1-9]'
order 'id: 9 metrics { }'
check_reply 'the metrics have it' 'uptun_tunnel_up.tunnel=..1..,name=..office... 1'
order 'id: 10 version { }'
check_reply 'the sandbox is told' 'seccomp: killed'

order 'id: 11 down { tunnel: 1 }'
check_reply 'it is taken down' 'tunnels: 1'
check 'its last word is logged' wait_for 5 file_has "$daemon_log" 'office (1): ended'
check_has 'the server heard the end' "$server_log" 'Connection closed'
order 'id: 12 status { tunnel: 1 }'
check_reply 'it is gone' 'NO_SUCH_TUNNEL'

order "id: 13 up { profile { name: \"office\" server: \"$SERVER\" session { user: \"joe\" password: \"$PASSWORD\" } } }"
check_reply 'its name can be had again, its id not' 'tunnel: 2'
must_come_up
kill -TERM "$uptun_pid"
uptun_wait 8
check_equal 'the daemon ends in good order' 0 "$STATUS"
check_nothing_left 2
check 'its socket is gone' [ ! -e $SOCKET ]
