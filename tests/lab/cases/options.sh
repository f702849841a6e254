#!/usr/bin/env bash
# options.sh - options that only a real kernel can show: mark, interface, local port, DNS, standard input, JSON
# SPDX-License-Identifier: Apache-2.0
# limit: 90
. "${LAB:-${0%/*}/..}/lib.sh"

only_by_rule() { # RULE...   there is no way to the server for what the rule does not match
	ip route del default
	ip route add default via $CLIENT_GATEWAY table 100
	ip rule add "$@" lookup 100
}

any_way() { # RULE...   undoes it
	ip rule del "$@" lookup 100
	ip route flush table 100
	ip route add default via $CLIENT_GATEWAY
}

must_work() { # WHAT
	must_come_up
	check "$1: the server's end of the link answers" reaches $SERVER_PPP
	check_stops
	check_nothing_left
}

has_local_port() { # PORT, hexadecimal
	local _ address
	while read -r _ address _; do
		[ "${address##*:}" = "$1" ] && return
	done </proc/net/udp
	return 1
}

server_up --auth chap

only_by_rule fwmark 0x20
leftovers_begin
dial --timeout 3
check_ends 2 6
check_nothing_left
dial --mark 0x20
must_work '--mark'
any_way fwmark 0x20

only_by_rule oif wan0
leftovers_begin
dial --interface wan0
must_work '--interface'
any_way oif wan0
leftovers_begin
dial --interface wan7 --timeout 3
uptun_wait 6
check "an interface that is not there: 1 or 2 ($STATUS)" test "$STATUS" = 1 -o "$STATUS" = 2
check_says 'it is named' wan7
check_nothing_left

dial --local-port 1701
must_come_up
check '--local-port: the socket has it' has_local_port 06A5
check_stops
check_nothing_left

asked_for_dns() { # sets ASKED: how often the server's pppd was asked
	ASKED=$(grep -c '^rcvd .*ms-dns1' "$LAB_OUT/server-pppd.log")
}

asked_for_dns && before=$ASKED
check 'by default the server is asked for DNS' test "$before" -gt 0
uptun_stdin=$PASSWORD_FILE
uptun_start up l2tp $SERVER --user joe --password-file - --dns none
uptun_stdin=/dev/null
must_come_up
asked_for_dns
check_equal '--dns none: the server was not asked' "$before" "$ASKED"
check_has_not 'and none is told' "$uptun_log.out" 10.20.0.53
check_stops
check_nothing_left

dial --dns report --json
must_come_up
nap 0.2
python3 -S - "$uptun_log.out" >/run/lab/json 2>&1 <<-'END'
	import json, sys
	lines = [json.loads(line) for line in open(sys.argv[1])]
	up = [line for line in lines if line["event"] == "ppp_up"]
	print("events", len(up), up[0]["interface"], *up[0]["dns"])
END
check_has 'every line of --json is an object, and ppp_up has interface and DNS' /run/lab/json 'events 1 ppp0 10.20.0.53'
check_stops
check_equal '--json prints nothing else' '' "$(<"$uptun_log.err")"
check_nothing_left
