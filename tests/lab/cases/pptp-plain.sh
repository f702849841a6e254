#!/usr/bin/env bash
# pptp-plain.sh - PPTP to pptpd: up, told as not encrypted, used, closed as the RFC has it; its call ids are 0, then 128
# SPDX-License-Identifier: Apache-2.0
# limit: 90
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/pptpd.sh"

said() { # TEXT   the client, on the wire
	[[ $(capture_lines wire src host $CLIENT) == *"$1"* ]]
}

pptpd_up
leftovers_begin
capture_start wire tcp port 1723 or proto 47
dial_pptp --route $FAR_NET
must_come_up
check_says 'that it is not encrypted is told' 'not encrypted|unencrypted|without encryption'
check "the server's end of the link answers" reaches $SERVER_PPP
check 'a host behind the server answers' reaches $FAR
check 'the kernel carries the call' bash -c 'grep -q "^pptp [0-9]* [1-9]" /proc/modules'
check_stops
check_nothing_left
nap 0.3
capture_stop
check 'the call was cleared' said 'CCRQ'
check 'and TCP closed' said 'Flags [F'
check 'no reset was seen' test -z "$(capture_lines wire 'tcp[tcpflags] & tcp-rst != 0')"
check "the server's frames went to our call id, ours to 0" test -n "$(capture_lines wire src host $CLIENT | grep -m1 'GREv1, call 0,')"
check "and the kernel's first sequence number is 1" test -n "$(capture_lines wire src host $CLIENT | grep -m1 'call 0, seq 1,')"

dial_pptp
must_come_up
check 'a second call has another id, and works' reaches $SERVER_PPP
check_stops
check_nothing_left
