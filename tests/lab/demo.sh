#!/usr/bin/env bash
# demo.sh - what uptun is for, to watch: a tunnel comes up, carries a file both ways and closes, told from both hosts
# SPDX-License-Identifier: Apache-2.0
# limit: 90
. "${LAB:-${0%/*}}/lib.sh"

SIZE_MIB=32

throughput() { # WAY
	printf '  %-10s %s MiB in %s ms, %s Mbit/s; sha256 %s... here, %s... there\n' \
		"$1" $SIZE_MIB "$TRANSFER_MS" $((SIZE_MIB * 8389 / TRANSFER_MS)) "${SHA_SENT:0:16}" "${SHA_GOT:0:16}"
}

# Two logs in one column of time: the wire says who spoke, uptun what it made of it.
timeline() {
	local at rest start=''
	capture_lines demo | while read -r at rest; do
		[ -n "$start" ] || start=${at/./}
		case $rest in
		*SCCRQ* | *SCCRP* | *SCCCN* | *ICRQ* | *ICRP* | *ICCN* | *CDN* | *StopCCN* | *'CHAP,'* | *'LCP,'* | *'IPCP,'*) ;;
		*) continue ;;
		esac
		case $rest in "IP $CLIENT"*) host='client ->' ;; *) host='       <- server' ;; esac
		printf '  %7d ms  %-16s %s\n' $(((${at/./} - start) / 1000)) "$host" "$(wire_words "$rest")"
	done
}

wire_words() { # LINE OF TCPDUMP   the message's name
	local name words=${1//[(),\{\}]/ }
	for name in SCCRQ SCCRP SCCCN ICRQ ICRP ICCN CDN StopCCN; do
		case $1 in *"$name"*) echo "L2TP $name" && return ;; esac
	done
	for name in LCP CHAP IPCP; do
		case $1 in *"$name,"*) words=${1#*"$name, "} && echo "$name ${words%%[ ,]*}" && return ;; esac
	done
}

server_up --auth chap --secret "$TUNNEL_SECRET"
leftovers_begin
capture_start demo udp port 1701
printf 'A tunnel to xl2tpd at %s, with a tunnel secret and CHAP:\n\n' $SERVER
dial --secret-file $SECRET_FILE --route $FAR_NET
must_come_up
check "the host behind the server ($FAR) answers" wait_for 3 reaches $FAR
capture_stop
head -c $((SIZE_MIB << 20)) /dev/urandom >/run/lab/file
first_address ppp0
printf '\nA file through ppp0:\n\n'
check 'there' send_file client /run/lab/file server $SERVER_PPP /run/lab/there
throughput 'to server'
check 'and back' send_file server /run/lab/there client "$ADDRESS" /run/lab/back
throughput 'to client'
check_equal 'the file came back as it left' "$(sha256sum </run/lab/file)" "$(sha256sum </run/lab/back)"
printf '\nThe end:\n\n'
check_stops
check_nothing_left
printf '\nWhat went over the wire until it was up:\n\n'
timeline
printf '\nWhat uptun said:\n\n'
sed 's/^/  /' "$uptun_log.out" "$uptun_log.err"
printf '\nWhat the server said:\n\n'
grep -E 'established|closed' "$server_log" | sed 's/^xl2tpd\[[0-9]*\]: /  /'
printf '\n'
