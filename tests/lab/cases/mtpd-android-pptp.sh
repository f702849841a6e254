#!/usr/bin/env bash
# mtpd-android-pptp.sh - PPTP in mtpd's place under Android's init and framework: socket, state, abort, log, statuses
# SPDX-License-Identifier: Apache-2.0
# limit: 120
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/pptpd.sh"
. "$LAB/framework.sh"

words=(linkname vpn name joe password "$PASSWORD" refuse-eap nodefaultroute usepeerdns idle 1800 mtu 1400 mru 1400)
line=(wan0 pptp "$SERVER" 1723)

pptpd_up --mppe
leftovers_begin
framework_start "${line[@]}" "${words[@]}" +mppe
must_come_up
check 'the server answers' reaches $SERVER_PPP
check_says 'the arguments were accepted' '(^| )accepted'
check_state '10.20.0.53 10.20.0.53'
check_secretless
framework_close
uptun_wait 10
check_equal 'the framework closes: 5' 5 "$STATUS"
check_no_state
for line_of_mtpd in 'I mtpd    : Using protocol pptp' "I mtpd    : Connecting to $SERVER port 1723 via wan0" \
	'D mtpd    : Sending SCCRQ' 'D mtpd    : Received SCCRP' 'I mtpd    : Tunnel established' \
	'D mtpd    : Sending OCRQ \(local = [0-9]+\)' 'D mtpd    : Received OCRP \(remote = [0-9]+\)' \
	'I mtpd    : Session established' 'I mtpd    : Pppd started \(pid = [0-9]+\)' \
	'I mtpd    : Mtpd is terminated \(status = 5\)'; do
	check_says "its log: $line_of_mtpd" "$line_of_mtpd"
done
check_nothing_left

framework_start "${line[@]}" "${words[@]}" +mppe
must_come_up
: >$ABORT_FILE
uptun_wait 10
check_equal 'a fresh abort file: 5' 5 "$STATUS"
check_no_state
check_nothing_left 4

framework_start "${line[@]}" "${words[@]}" +mppe
must_come_up
check_says 'a stale abort file is ignored, and told' 'abort was there before us'
pptpd_signal KILL pppd
uptun_wait 10
check_equal 'the server ends it: 6' 6 "$STATUS"
check_says 'in its words' 'I mtpd    : Remote server hung up'
check_no_state
check_nothing_left 4

framework_start "${line[@]}" name joe password wrong
check_ends 51 15
check_says 'and mtpd says so' 'Mtpd is terminated \(status = 51\)'
check_nothing_left 4
