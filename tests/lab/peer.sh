# tests/lab/peer.sh - uptun-peer on the host `server`, for what xl2tpd cannot do
# SPDX-License-Identifier: Apache-2.0

peer=${UPTUN%/*}/uptun-peer

SERVER6=fd09:2::2
peer_log=$LAB_OUT/server-peer.log

# peer_up [OPTION...]   uptun-peer's own options (--help lists them), and
#   --chap     the server demands CHAP of the PPP user
#   --silent   its pppd waits for our first LCP request
peer_up() {
	local options=(--ppp noccp --ppp noipv6)
	while [ $# -gt 0 ]; do
		case $1 in
		--chap) options+=(--ppp auth --ppp require-chap --ppp name --ppp lab) ;;
		--silent) options+=(--ppp silent) ;;
		--ccp) options+=(--ppp ccp) ;;
		*) options+=("$1") ;;
		esac
		shift
	done
	peer_start --kernel "$UPTUN_PLUGIN_DIR/uptun-pppox.so" "${options[@]}"
}

# pptp_peer_up [OPTION...]   the same as a PPTP server, PAC and PNS; its options, and
#   --chap     CHAP of the PPP user
#   --mppe     MS-CHAPv2 and MPPE of 128 bits
pptp_peer_up() {
	local options=(--ppp noipv6) ccp=(--ppp noccp)
	while [ $# -gt 0 ]; do
		case $1 in
		--chap) options+=(--ppp auth --ppp require-chap --ppp name --ppp lab) ;;
		--mppe) options+=(--ppp auth --ppp require-mschap-v2 --ppp name --ppp lab --ppp require-mppe-128) && ccp=() ;;
		*) options+=("$1") ;;
		esac
		shift
	done
	peer_start --pptp --kernel "$UPTUN_PLUGIN_DIR/uptun-pppox.so" "${ccp[@]}" "${options[@]}"
}

peer_start() { # OPTION...   just these
	peer_log=$LAB_OUT/server-peer-$((++peer_runs)).log
	ip netns exec server "$peer" "$@" >"$peer_log" 2>&1 &
	server_pid=$!
	wait_for 5 file_has "$peer_log" ready || give_up "uptun-peer did not start: $(tail -n 3 "$peer_log")"
}

peer_runs=0

peer_counts() { # NAME   sets COUNT to what the running peer says of it
	local before lines line
	mapfile -t lines <"$peer_log"
	before=${#lines[@]}
	kill -USR1 "$server_pid"
	wait_for 5 peer_has_counted || give_up 'uptun-peer does not answer'
	COUNT=${line#* "$1"=}
	COUNT=${COUNT%% *}
}

peer_has_counted() { # sets line to the counts among what it has said since; a caller's variables: before, lines, line
	mapfile -t lines <"$peer_log"
	for line in "${lines[@]:before}"; do
		[[ $line != counts* ]] || return 0
	done
	return 1
}

peer_hang_up() { # CDN to all calls
	kill -USR2 "$server_pid"
}

peer_stop() { # StopCCN to all tunnels, and the end
	kill -TERM "$server_pid"
	wait "$server_pid" 2>/dev/null || :
}
