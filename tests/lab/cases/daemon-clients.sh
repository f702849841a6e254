#!/usr/bin/env bash
# daemon-clients.sh - uptun up --daemon against a real server, then list, status, logs, metrics and down, as a member of the group
# SPDX-License-Identifier: Apache-2.0
# limit: 100
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/daemon.sh"

said=/run/lab/said
client() { # COMMAND [WORD...]   as a user who is not root; sets STATUS, writes $said
	timeout 30 setpriv --reuid 1234 --regid dip --clear-groups "$UPTUN" "$@" >$said 2>&1 <&"${client_stdin:-0}"
	STATUS=$?
}

check_client() { # WHAT STATUS TEXT   of the last one
	check_equal "$1: exit status" "$2" "$STATUS"
	check_has "$1" $said "$3"
}

server_up --auth chap
leftovers_begin
daemon_start --group dip

# The user cannot read root's file, and hands the password over from where it can.
exec {client_stdin}<$PASSWORD_FILE
client up --daemon l2tp $SERVER --name office --user joe --password-file - --route $FAR_NET
check_client 'it is brought up' 0 'office  ppp         up on ppp0'
check 'and stands when the client has returned' answers_ping $FAR
client_stdin=0
client list
check_client 'it is listed' 0 ' 1  office  l2tp      '
client status
check_client 'its session is in the table' 0 'ppp0'
client status office
check_client 'its route is told' 0 "route       $FAR_NET"
check_has 'and what it carried' $said 'sent '
check_has 'and whose it is' $said 'asked for by user 1234'
client status 1 --json
check_client 'programs read the same' 0 '"interface":"ppp0"'
client logs office
check_client 'the log is told' 0 'office: ppp: up on ppp0'
client metrics
check_client 'so is what is counted' 0 '# EOF'
check_has_not 'the password is nowhere' $said "$PASSWORD"
client down office
check_equal 'it goes down' 0 "$STATUS"
client_has_none() {
	client list --quiet
	[ "$STATUS" = 0 ] && [ ! -s $said ]
}
check 'it is gone' wait_for 10 client_has_none

# Wrong password: the client ends as uptun up would.
exec {client_stdin}<<<'wrong'
client up --daemon l2tp $SERVER --name wrong --user joe --password-file -
check_client 'a refused password' 51 'uptun: wrong: '

kill -TERM "$uptun_pid"
uptun_wait 8
check_equal 'the daemon ends in good order' 0 "$STATUS"
check_nothing_left 2
