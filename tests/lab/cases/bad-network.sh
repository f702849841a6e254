#!/usr/bin/env bash
# bad-network.sh - a third of all packets lost each way, some doubled, some late: 200 of 200 sessions, 10 of 10 with PPP
# SPDX-License-Identifier: Apache-2.0
# limit: 500
# labels: long
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/peer.sh"

modprobe sch_netem || give_up 'no netem in this kernel'
trouble=(loss 30% duplicate 5% delay 20ms 20ms)
tc qdisc add dev wan0 root netem "${trouble[@]}" || give_up 'netem does not work'
on router tc qdisc add dev toclient root netem "${trouble[@]}"

: >/run/lab/load
# A session stands on the client when it has sent ICCN, and on the server when that has come.
peer_start --tunnels 256 --tries 20 --quiet
"${UPTUN%/*}/uptun-load" --count 200 --at-once 200 --tries 20 --setup 300 --hold 300 $SERVER >/run/lab/load &
load_pid=$!
told() { read -r line </run/lab/load; }
check 'the clients are done with dialling' wait_for 200 told
printf '  %s\n' "$line"
check '200 of 200 sessions are established' test "${line#load up=200 of=200 lost=0}" != "$line"
both() { peer_counts sessions && [ "$COUNT" = 200 ]; }
check 'and on the server' wait_for 100 both
kill -KILL $load_pid
wait $load_pid 2>/dev/null
peer_stop

write_profiles() { # COUNT
	local i
	profiles=()
	for ((i = 0; i < $1; i++)); do
		cat >/run/lab/p$i.textproto <<-END
			name: "p$i"
			server: "$SERVER"
			l2tp { tries: 20 }
			timeouts { setup_s: 300 }
			session { user: "joe" password_file: "$PASSWORD_FILE" interface_name: "up$i" }
		END
		profiles+=(--profile "/run/lab/p$i.textproto")
	done
}

count_up() { # sets UP, and notes how long each took
	local i
	for ((i = 0; i < 10; i++)); do
		[ -z "${took[i]:-}" ] && ppp_is_up up$i && ms_since "$uptun_started" && took[i]=$MS
	done
	UP=${#took[@]}
	[ "$UP" = 10 ]
}

rank() { # PERCENT   of the sorted times, the smallest that so many do not exceed
	echo "${sorted[$(((${#sorted[@]} * $1 + 99) / 100 - 1))]:-none}"
}

write_profiles 10
peer_up --chap --tries 20
leftovers_begin
took=()
uptun_start up "${profiles[@]}"
wait_for 240 count_up
check_equal '10 of 10 came up with PPP' 10 "${#took[@]}"
mapfile -t sorted < <(printf '%s\n' "${took[@]}" | sort -n)
printf '  PPP up: median %s ms, p99 %s ms, longest %s ms\n' "$(rank 50)" "$(rank 99)" "$(rank 100)"
check_stops 15
tc qdisc del dev wan0 root
on router tc qdisc del dev toclient root
check_nothing_left 4
peer_stop
