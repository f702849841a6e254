# tests/lab/server.sh - xl2tpd and its pppd on the host `server`
# SPDX-License-Identifier: Apache-2.0

server_pid='' server_program=xl2tpd server_log=$LAB_OUT/server.log

write_server_secret() { # TUNNEL-SECRET
	local old
	old=$(umask)
	umask 077
	printf '* * %s\n' "$1" >/run/lab/l2tp-secrets
	umask "$old"
}

# server_up [OPTION...]
#   --auth none|pap|chap   what the server demands of the PPP user (none)
#   --secret S             tunnel secret; the server sends a challenge
#   --silent               its pppd waits for our first LCP request
#   --ppp OPTION           one more option of its pppd
#   --global LINE, --lns LINE   one more line of xl2tpd's configuration
server_up() {
	local auth=none global='' lns='' ppp=''
	while [ $# -gt 0 ]; do
		case $1 in
		--auth) auth=$2; shift ;;
		--secret)
			write_server_secret "$2"
			global+=$'auth file = /run/lab/l2tp-secrets\n' lns+=$'challenge = yes\n'
			shift
			;;
		--silent) ppp+=$'silent\n' ;;
		--ppp) ppp+=$2$'\n'; shift ;;
		--global) global+=$2$'\n'; shift ;;
		--lns) lns+=$2$'\n'; shift ;;
		*) give_up "server_up: no option $1" ;;
		esac
		shift
	done
	server_write_config "$auth" "$global" "$lns" "$ppp"
	server_start
}

server_write_config() { # AUTH GLOBAL-LINES LNS-LINES PPP-OPTIONS
	local demand=no ppp_auth=noauth
	[ "$1" = none ] || demand=yes ppp_auth=$'auth\nrequire-'$1
	cat >/run/lab/xl2tpd.conf <<-END
		[global]
		access control = no
		debug tunnel = yes
		debug state = yes
		$2
		[lns default]
		ip range = 10.10.0.10-10.10.0.60
		local ip = $SERVER_PPP
		require authentication = $demand
		name = lab
		length bit = yes
		pppoptfile = /run/lab/server-ppp-options
		$3
	END
	cat >/run/lab/server-ppp-options <<-END
		$ppp_auth
		noccp
		noipv6
		nodefaultroute
		mtu 1400
		mru 1400
		ms-dns 10.20.0.53
		debug
		logfile $LAB_OUT/server-pppd.log
		$4
	END
}

server_start() { # again, with the same configuration
	ip netns exec server xl2tpd -D -c /run/lab/xl2tpd.conf -C /run/lab/xl2tpd-control -p /run/lab/xl2tpd.pid >>"$server_log" 2>&1 &
	server_pid=$!
	server_program=xl2tpd
	wait_for 5 server_listens || give_up "xl2tpd did not start: $(tail -n 3 "$server_log")"
}

server_listens() { # once its socket is there; the name says that ip(8) has become the server
	local comm _ address
	read -r comm <"/proc/$server_pid/comm" && [ "$comm" = "$server_program" ] || return
	while read -r _ address _; do
		[ "${address##*:}" = 06A5 ] && return
	done < <(cat "/proc/$server_pid/net/udp" "/proc/$server_pid/net/udp6")
	return 1
}

server_signal() { # SIGNAL   to xl2tpd and its pppds at once
	pids_of pppd server
	kill "-$1" "$server_pid" "${PIDS[@]}" 2>/dev/null
}

server_stop() { # politely: xl2tpd sends StopCCN
	kill -TERM "$server_pid"
	wait "$server_pid" 2>/dev/null || :
}

server_kill() { # its port answers with ICMP from now on
	server_signal KILL
	wait "$server_pid" 2>/dev/null || :
}

server_freeze() { # from now on it says nothing at all
	server_signal STOP
}

# xl2tpd looks for ended children before it waits for packets; one that ends in between is seen with the next packet
# or signal.
server_hang_up() { # ends its pppd without a word of LCP: xl2tpd sends CDN
	pids_of pppd server && kill -KILL "${PIDS[@]}"
	nap 0.3
	kill -CHLD "$server_pid"
}

fake_up() { # MODE   the misbehaving server of fake_lns.py instead of xl2tpd
	ip netns exec server python3 -S "$LAB/fake_lns.py" "$1" >>"$server_log" 2>&1 &
	server_pid=$!
	server_program=python3
	wait_for 10 server_listens || give_up "fake_lns.py did not start: $(tail -n 3 "$server_log")"
}
