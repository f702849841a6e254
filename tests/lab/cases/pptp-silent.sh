#!/usr/bin/env bash
# pptp-silent.sh - a server that stops answering, at every stage: found out in time, said, nothing left
# SPDX-License-Identifier: Apache-2.0
# limit: 120
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/peer.sh"

write_profile() { # ECHO-INTERVAL
	cat >/run/lab/pptp.textproto <<-END
		server: "$SERVER"
		pptp { echo_interval_s: $1 reply_timeout_s: 1 }
		session { user: "joe" password_file: "$PASSWORD_FILE" }
		timeouts { setup_s: 6 close_s: 2 }
	END
}

check_found() { # WHAT
	uptun_wait 20
	check_equal "$1: 2" 2 "$STATUS"
	check_says "$1: told" 'answer|no tcp connection'
	check_nothing_left 3
}

write_profile 0
leftovers_begin
for stage in SCCRQ OCRQ; do
	pptp_peer_up --chap --behave silent=$stage
	uptun_start up --profile /run/lab/pptp.textproto
	check_found "no answer to $stage"
	peer_stop
done

peer_start --pptp # no pppd
uptun_start up --profile /run/lab/pptp.textproto
uptun_wait 20
check "no PPP frame ever comes: it ends ($STATUS)" test "$STATUS" -ne 0 -a "$STATUS" != 'still running'
check_nothing_left 3
peer_stop

write_profile 4 # a busy machine takes its time to come up
pptp_peer_up --chap --behave silent=EchoRQ
uptun_start up --profile /run/lab/pptp.textproto
must_come_up
check_found 'no answer to an echo'
peer_stop

for stage in CCRQ StopCCRQ; do
	pptp_peer_up --chap --behave silent=$stage
	uptun_start up --profile /run/lab/pptp.textproto
	must_come_up
	check_stops 6
	check_nothing_left 3
	peer_stop
done

ip -n router route add blackhole $SERVER/32
leftovers_begin
uptun_start up --profile /run/lab/pptp.textproto
check_found 'no answer to SYN'
