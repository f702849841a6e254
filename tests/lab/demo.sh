#!/usr/bin/env bash
# demo.sh - what uptun is for, to watch: a tunnel comes up, carries a file both ways and closes, told from both hosts
# SPDX-License-Identifier: Apache-2.0
# limit: 120
. "${LAB:-${0%/*}}/lib.sh"

SIZE_MIB=32

# Every line the server writes, with the time it came.
stamp_server_log() {
	local line
	mkfifo /run/lab/server-fifo
	server_log=/run/lab/server-fifo
	while read -r line; do printf '%s %s\n' "$EPOCHREALTIME" "$line"; done </run/lab/server-fifo >"$LAB_OUT/server.log" &
	exec {fifo_fd}>/run/lab/server-fifo # so that it stays open between servers
}

transfer() { # WAY FROM FILE TO ADDRESS COPY
	send_file "$2" "$3" "$4" "$5" "$6" || give_up "the file did not arrive: $1"
	printf '  %-17s %d MiB in %d ms: %d Mbit/s\n' "$1" $SIZE_MIB "$TRANSFER_MS" $((SIZE_MIB * 8389 / TRANSFER_MS))
	printf '    sha256 sent     %s\n    sha256 received %s\n' "$SHA_SENT" "$SHA_GOT"
	check_equal "${1}: the same file on both ends" "$SHA_SENT" "$SHA_GOT"
}

# The wire, uptun's milestones and the server's words, in one column of time. The wire's clock counts from the
# SCCRQ, and so does uptun's, from the event that it sends it.
timeline() {
	{
		capture_lines demo | sed 's/^/wire /'
		sed -n 's/^\([0-9.]*\) xl2tpd\[[0-9]*\]: \(Connection established\|Call established\|control_finish: Connection closed\).*/server \1 \2/p' "$LAB_OUT/server.log"
		sed -n 's/^{"event":"\([a-z_0-9]*\)".*"monotonic_us":\([0-9]*\).*/uptun \2 \1/p' "$uptun_log.out"
	} | awk -v client="$CLIENT" '
		BEGIN {
			split("dialling tunnel_up session_up ppp_up route session_ended tunnel_ended ppp_ended ended", k, " ")
			split("dials;tunnel up;session up;PPP up: ppp0 can be used;route;session ended;tunnel ended;PPP ended;ended", w, ";")
			for (i in k) said[k[i]] = w[i]
			heard["Connection established"] = "tunnel established"
			heard["Call established"] = "call established"
			heard["control_finish: Connection closed"] = "closed"
		}
		function add(at, left, wire, right) { n++; t[n] = at; L[n] = left; W[n] = wire; R[n] = right }
		function to(words) { return sprintf("%-18s --->", words) }
		function from(words) { return sprintf("<--- %18s", words) }
		$1 == "uptun" && $3 == "dialling" { base = $2 }
		$1 == "uptun" && ($3 in said) { add($2, said[$3], "", ""); own[n] = 1 }
		$1 == "server" { add($2 * 1e6, "", "", heard[$3 (NF > 3 ? " " $4 : "") (NF > 4 ? " " $5 : "")]) }
		$1 == "wire" {
			words = ""
			if (match($0, /SCCRQ|SCCRP|SCCCN|ICRQ|ICRP|ICCN|CDN|StopCCN|ZLB/)) words = "L2TP " substr($0, RSTART, RLENGTH)
			else if (match($0, /(LCP|CHAP|IPCP), [A-Za-z-]+/)) { words = substr($0, RSTART, RLENGTH); sub(",", "", words) }
			if (words == "" || words ~ /Echo/) next
			if (start == "") start = $2 * 1e6
			mine = index($0, "IP " client) > 0
			add($2 * 1e6, "", mine ? to(words) : from(words), "")
		}
		END {
			for (i = 1; i <= n; i++) printf "%.0f\t%s\t%s\t%s\n", own[i] ? t[i] - base : t[i] - start, L[i], W[i], R[i]
		}' | sort -s -n -k 1,1 | awk -F '\t' '{ printf "  %9.1f  %-26s %-24s  %s\n", $1 / 1000, $2, $3, $4 }'
}

stamp_server_log
server_up --auth chap --secret "$TUNNEL_SECRET"
leftovers_begin
capture_start demo udp port 1701 and not '(udp[8] & 0x80 = 0 and udp[4:2] > 200)'

printf 'An L2TP tunnel from %s to xl2tpd at %s, with a tunnel secret and CHAP,\nthrough the PPPoL2TP driver of this kernel: Linux %s.\n\n' \
	"$CLIENT" "$SERVER" "$(uname -r)"
dial --secret-file $SECRET_FILE --route $FAR_NET --json -v
must_come_up
check "a host behind the server ($FAR) answers" reaches $FAR

printf '\nA file through ppp0:\n\n'
head -c $((SIZE_MIB << 20)) /dev/urandom >/run/lab/file
first_address ppp0
transfer 'client to server' client /run/lab/file server $SERVER_PPP /run/lab/there
transfer 'server to client' server /run/lab/there client "$ADDRESS" /run/lab/back

printf '\nThe end:\n\n'
check_stops
check_nothing_left
capture_stop

printf '\nHow it went, in milliseconds from the first message; the wire between the two hosts:\n\n'
printf '  %9s  %-26s %-24s  %s\n' ms "client $CLIENT" '        the wire' "server $SERVER"
timeline
printf '\n'
