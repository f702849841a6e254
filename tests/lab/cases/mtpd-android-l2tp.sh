#!/usr/bin/env bash
# mtpd-android-l2tp.sh - L2TP in mtpd's place under Android's init and framework: socket, state, abort, log, statuses
# SPDX-License-Identifier: Apache-2.0
# limit: 120
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/framework.sh"

words=(linkname vpn name joe password "$PASSWORD" refuse-eap nodefaultroute usepeerdns idle 1800 mtu 1400 mru 1400)
line=(wan0 l2tp "$SERVER" 1701 "$TUNNEL_SECRET")

server_up --auth chap --secret "$TUNNEL_SECRET"
leftovers_begin
: >$ABORT_FILE
framework_start "${line[@]}" "${words[@]}"
must_come_up
check 'the server answers' reaches $SERVER_PPP
check_says 'the arguments were accepted' '(^| )accepted'
check_says 'a stale abort file is ignored, and told' 'abort was there before us'
check_state '10.20.0.53 10.20.0.53'
check_secretless
framework_close
uptun_wait 10
check_equal 'the framework closes: 5' 5 "$STATUS"
check_no_state
for line_of_mtpd in 'I mtpd    : Using protocol l2tp' "I mtpd    : Connecting to $SERVER port 1701 via wan0" \
	'D mtpd    : Sending SCCRQ \(local_tunnel = [0-9]+\)' \
	'D mtpd    : Received SCCRP \(remote_tunnel = [0-9]+\) -> Sending SCCCN' 'I mtpd    : Tunnel established' \
	'D mtpd    : Sending ICRQ \(local_session = [0-9]+\)' 'D mtpd    : Received ICRP \(remote_session = [0-9]+\)' \
	'I mtpd    : Session established' 'I mtpd    : Pppd started \(pid = [0-9]+\)' 'D mtpd    : Sending STOPCCN' \
	'I mtpd    : Mtpd is terminated \(status = 5\)'; do
	check_says "its log: $line_of_mtpd" "$line_of_mtpd"
done
check_nothing_left

rm $ABORT_FILE
framework_start "${line[@]}" "${words[@]}"
must_come_up
: >$ABORT_FILE
uptun_wait 10
check_equal 'a fresh abort file: 5' 5 "$STATUS"
check_says 'it is named' 'abort has appeared: the tunnel ends'
check_no_state
check_nothing_left
rm $ABORT_FILE

framework_start "${line[@]}" name joe password wrong
check_ends 51 15
check_says 'pppd said so' 'Pppd is terminated \(status = 19\)'
check_says 'and mtpd' 'Mtpd is terminated \(status = 51\)'
check_no_state
framework_start wan0 l2tp $SERVER 1701 'not the secret' "${words[@]}"
check_ends 4 15
check_nothing_left
framework_start wan0 l2tp $SERVER
check_ends 1 5
check_says 'a line too short is refused' 'refused.*wanted: mtpd INTERFACE l2tp|wanted: mtpd INTERFACE l2tp.*'
check_nothing_left
