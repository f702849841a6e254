#!/usr/bin/env bash
# pptp-two-servers.sh - two calls of one process to two servers that chose the same call id: each link is its own
# SPDX-License-Identifier: Apache-2.0
# limit: 60
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/pptpd.sh"

write_profile() { # NAME SERVER
	cat >"/run/lab/$1.textproto" <<-END
		name: "$1"
		server: "$2"
		pptp { }
		session { user: "joe" password_file: "$PASSWORD_FILE" interface_name: "ppp-$1" }
	END
}

pptpd_up
pptpd_up --other
write_profile one $SERVER
write_profile two $SERVER_OTHER
leftovers_begin
uptun_start up --profile /run/lab/one.textproto --profile /run/lab/two.textproto
must_come_up ppp-one
must_come_up ppp-two
check 'the first answers' reaches $SERVER_PPP -I ppp-one
check 'the second answers' reaches $SERVER_OTHER_PPP -I ppp-two
check_stops
check_nothing_left
