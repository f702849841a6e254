#!/usr/bin/env bash
# two-sessions.sh - two users in one tunnel, told apart by the server
# SPDX-License-Identifier: Apache-2.0
# limit: 60
. "${LAB:-${0%/*}/..}/lib.sh"

server_up --auth chap
cat >/run/lab/two.textproto <<END
name: "two"
server: "$SERVER"
l2tp { }
session { user: "joe" password_file: "$PASSWORD_FILE" }
session { user: "ann" password_file: "$PASSWORD_FILE" }
END
leftovers_begin
capture_start wire udp
uptun_start up --profile /run/lab/two.textproto
must_come_up ppp0
must_come_up ppp1
check_equal 'one tunnel in the kernel' 1 "$(grep -c "^TUNNEL '" /proc/net/pppol2tp)"
for link in ppp0 ppp1; do
	check "the server answers on $link" reaches $SERVER_PPP -I $link
done
check_stops
capture_stop
messages_of() { # TYPE   sets MESSAGES_SENT: different ones, by Ns
	MESSAGES_SENT=$(capture_lines wire | grep "$1" | grep -o 'Ns=[0-9]*' | sort -u | wc -l)
}
messages_of SCCRQ
check_equal 'one SCCRQ was sent' 1 "$MESSAGES_SENT"
messages_of ICRQ
check_equal 'two ICRQ were sent' 2 "$MESSAGES_SENT"
check_nothing_left
