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
check_equal 'one SCCRQ was sent' 1 "$(capture_lines wire | grep -c SCCRQ)"
check_equal 'two ICRQ were sent' 2 "$(capture_lines wire | grep -c ICRQ)"
check_nothing_left
