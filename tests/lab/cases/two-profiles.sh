#!/usr/bin/env bash
# two-profiles.sh - two profiles in one process: one ends, the other stays
# SPDX-License-Identifier: Apache-2.0
# limit: 60
. "${LAB:-${0%/*}/..}/lib.sh"

server_up --auth chap
for name in good bad; do
	cat >/run/lab/$name.textproto <<-END
		name: "$name"
		server: "$SERVER"
		l2tp { }
		session { user: "joe" password_file: "/run/lab/$name.password" }
	END
done
printf '%s' "$PASSWORD" >/run/lab/good.password
printf 'not it' >/run/lab/bad.password
cp /run/lab/good.textproto /run/lab/second.textproto
sed -i 's/"good"/"second"/' /run/lab/second.textproto
leftovers_begin
chmod 600 /run/lab/*.password

uptun_start up --profile /run/lab/good.textproto --profile /run/lab/second.textproto
must_come_up ppp0
must_come_up ppp1
check_stops
check_nothing_left

# Which of the two takes ppp0 is a matter of luck.
sed -i 's/session {/session { interface_name: "ppp-good"/' /run/lab/good.textproto
uptun_start up --profile /run/lab/good.textproto --profile /run/lab/bad.textproto
must_come_up ppp-good
messages_have_51() { messages; [[ $MESSAGES == *51* || ${MESSAGES,,} == *authentication* ]]; }
check 'the bad one is reported' wait_for 10 messages_have_51
check 'the good one stays' answers_ping $SERVER_PPP
kill -TERM "$uptun_pid"
uptun_wait 5
check_equal "the status is the first failure's" 51 "$STATUS"
check_nothing_left
