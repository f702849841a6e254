#!/usr/bin/env bash
# pptp-loss.sh - 5 % of the GRE packets lost and some overtaken by others, each way: a file arrives whole
# SPDX-License-Identifier: Apache-2.0
# limit: 120
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/peer.sh"

modprobe -a sch_prio sch_netem cls_u32 || give_up 'no netem in this kernel'

trouble_on() { # DEVICE [HOST]   GRE, protocol 47, goes through a band of its own
	local in=()
	[ $# -lt 2 ] || in=(-n "$2")
	tc "${in[@]}" qdisc add dev "$1" root handle 1: prio bands 4 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 1 &&
		tc "${in[@]}" qdisc add dev "$1" parent 1:4 handle 40: netem delay 5ms 2ms loss 5% reorder 95% &&
		tc "${in[@]}" filter add dev "$1" parent 1: protocol ip u32 match ip protocol 47 0xff flowid 1:4
}

trouble_on wan0 || give_up 'netem does not work'
trouble_on toclient router

pptp_peer_up --chap
leftovers_begin
dial_pptp
must_come_up
check "the server's end comes up too" wait_for 15 reaches $SERVER_PPP # the last word of IPCP may be lost
first_address ppp0
head -c 524288 /dev/urandom >/run/lab/file
check 'to the server' send_file client /run/lab/file server $SERVER_PPP /run/lab/there
check_equal 'the same there' "$SHA_SENT" "$SHA_GOT"
check 'and back' send_file server /run/lab/there client "$ADDRESS" /run/lab/back
check_equal 'the same here' "$SHA_SENT" "$SHA_GOT"
tc -s qdisc show dev wan0 >"$LAB_OUT/qdisc.log"
check 'packets were lost' grep -q 'dropped [1-9]' "$LAB_OUT/qdisc.log"
check_stops 10
check_nothing_left 4
