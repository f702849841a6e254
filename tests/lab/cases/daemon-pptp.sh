#!/usr/bin/env bash
# daemon-pptp.sh - PPTP and L2TP at once in one daemon: one goes, the other stays
# SPDX-License-Identifier: Apache-2.0
# limit: 120
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/daemon.sh"
. "$LAB/pptpd.sh"

pptpd_up
server_up --auth chap
leftovers_begin
daemon_start

session="user: \"joe\" password: \"$PASSWORD\""
order "id: 1 up { profile { name: \"p\" server: \"$SERVER\" pptp { } session { $session interface_name: \"ppp-p\" } } }"
check_reply 'PPTP is accepted' 'tunnel: 1'
must_come_up ppp-p
check "the server's end of the link answers" reaches $SERVER_PPP
order "id: 2 up { profile { name: \"l\" server: \"$SERVER\" session { $session interface_name: \"ppp-l\" } } }"
check_reply 'L2TP is accepted beside it' 'tunnel: 2'
must_come_up ppp-l

order 'id: 3 list { }'
check_reply 'both are listed' 'name: "p".*name: "l"'
check_reply 'with what carries them' 'data_path: "pptp"'

order 'id: 4 down { tunnel: 1 }'
check_reply 'PPTP is taken down' 'tunnels: 1'
check 'its last word is logged' wait_for 8 file_has "$daemon_log" 'p (1): ended'
order 'id: 5 list { }'
check_reply 'L2TP stays' 'name: "l"'
check "and its server's end answers" reaches $SERVER_PPP

kill -TERM "$uptun_pid"
uptun_wait 8
check_equal 'the daemon ends in good order' 0 "$STATUS"
check_nothing_left 2
