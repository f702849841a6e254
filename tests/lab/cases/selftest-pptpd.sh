#!/usr/bin/env bash
# selftest-pptpd.sh - the lab's PPTP servers work: pptp-linux brings a link up, plain and with MPPE, without uptun
# SPDX-License-Identifier: Apache-2.0
# limit: 60
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/pptpd.sh"

pptpd_up
leftovers_begin
capture_start wire tcp port 1723 or proto 47
pptp_linux_start noccp
must_come_up
check "the server's end of the link answers" reaches $SERVER_PPP
capture_stop
check 'the capture has the handshake and the frames' test -n "$(capture_lines wire | grep -m1 OCRP)" -a \
	-n "$(capture_lines wire | grep -m1 'GREv1.*LCP')"
kill -TERM "$uptun_pid"
check 'the client ends' wait_for 10 is_gone "$uptun_pid"
check_nothing_left 5
pptpd_kill

pptpd_up --mppe
pptpd_up --other
leftovers_begin
pptp_linux_start require-mppe-128
must_come_up
check 'with MPPE it answers' reaches $SERVER_PPP
check 'MPPE is on' grep -q 'MPPE 128-bit stateless compression enabled' "$LAB_OUT/client-pppd.log"
kill -TERM "$uptun_pid"
check 'the client ends' wait_for 10 is_gone "$uptun_pid"
check_nothing_left 5
