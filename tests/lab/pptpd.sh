# tests/lab/pptpd.sh - pptpd and its pppds on the host `server`, and pptp-linux as the client to compare with
# SPDX-License-Identifier: Apache-2.0
#
# Call ids of PPTP are one table for the whole kernel, not one a namespace: two servers of one test need two addresses.

SERVER_OTHER=10.9.2.3 SERVER_OTHER_PPP=10.11.0.1 # a second server on the same host

pptpd_log=$LAB_OUT/server-syslog.log # pptpd and pptp say what they have to say to syslog only
syslog_pid=''

syslog_up() { # one /dev/log for all hosts
	[ -z "$syslog_pid" ] || return 0
	modprobe -a ppp_async ppp_mppe || give_up 'no ppp_async in this kernel'
	busybox syslogd -n -O "$pptpd_log" &
	syslog_pid=$!
	wait_for 5 test -S /dev/log || give_up 'syslogd did not start'
}

# pptpd_up [OPTION...]   sets server_pid
#   --auth chap|mschap-v2  what the server demands of the PPP user (chap)
#   --mppe                 MS-CHAPv2 and MPPE of 128 bits
#   --other                at SERVER_OTHER, with SERVER_OTHER_PPP as its end of the links
#   --ppp OPTION           one more option of its pppd
#   --conf LINE            one more line of pptpd's configuration
pptpd_up() {
	local auth=chap address=$SERVER local_ppp=$SERVER_PPP name=pptpd conf='' ppp=''
	while [ $# -gt 0 ]; do
		case $1 in
		--auth) auth=$2; shift ;;
		--mppe) auth=mschap-v2 ppp+=$'require-mppe-128\n' ;;
		--other)
			ip -n server addr replace $SERVER_OTHER/24 dev wan0
			address=$SERVER_OTHER local_ppp=$SERVER_OTHER_PPP name=pptpd-other
			;;
		--ppp) ppp+=$2$'\n'; shift ;;
		--conf) conf+=$2$'\n'; shift ;;
		*) give_up "pptpd_up: no option $1" ;;
		esac
		shift
	done
	[[ $ppp == *mppe* ]] || ppp+=$'noccp\n'
	syslog_up
	pptpd_write_config "$name" "$address" "$local_ppp" "$auth" "$conf" "$ppp"
	pptpd_start "$name"
}

pptpd_write_config() { # NAME ADDRESS PPP-ADDRESS AUTH CONF-LINES PPP-OPTIONS
	cat >"/run/lab/$1.conf" <<-END
		ppp /usr/sbin/pppd
		option /run/lab/$1-ppp-options
		noipparam
		listen $2
		localip $3
		remoteip ${3%.*}.10-60
		pidfile /run/lab/$1.pid
		$5
	END
	cat >"/run/lab/$1-ppp-options" <<-END
		auth
		require-$4
		name lab
		lock
		nobsdcomp
		nodeflate
		novj
		novjccomp
		noipv6
		nodefaultroute
		nologfd
		mtu 1400
		mru 1400
		ms-dns 10.20.0.53
		debug
		logfile $LAB_OUT/server-pppd.log
		$6
	END
}

pptpd_start() { # [NAME]   again, with the same configuration
	ip netns exec server pptpd -f -c "/run/lab/${1:-pptpd}.conf" &
	server_pid=$!
	wait_for 5 pptpd_listens || give_up "pptpd did not start: $(tail -n 3 "$pptpd_log")"
}

pptpd_listens() { # the name says that ip(8) has become the server
	local comm
	read -r comm <"/proc/$server_pid/comm" && [ "$comm" = pptpd ] && listens "$server_pid" 1723
} 2>/dev/null

pptpd_pids() { # [NAME...]   sets PIDS: the manager, the process of each call, their pppds; or those of these names
	local name all=()
	[ $# -gt 0 ] || set -- pptpd pptpctrl pppd
	for name in "$@"; do
		pids_of "$name" server && all+=("${PIDS[@]}")
	done
	PIDS=("${all[@]}")
}

pptpd_signal() { # SIGNAL [NAME...]
	local signal=$1
	shift
	pptpd_pids "$@"
	kill "-$signal" "${PIDS[@]}" 2>/dev/null
}

pptpd_is_gone() {
	pptpd_pids
	[ ${#PIDS[@]} = 0 ]
}

pptpd_kill() {
	pptpd_signal KILL
	wait "$server_pid" 2>/dev/null
	wait_for 5 pptpd_is_gone
}

# ---- pptp-linux: the userspace client that distributions have

pptp_linux_start() { # [PPP-OPTION...]   as joe, in uptun's place: sets uptun_pid and uptun_started
	uptun_started=${EPOCHREALTIME/./}
	pppd pty "/usr/sbin/pptp $SERVER --nolaunchpppd --nohostroute --loglevel 1" user joe password "$PASSWORD" noauth nodetach \
		nodefaultroute noipv6 nobsdcomp nodeflate novj mtu 1400 mru 1400 lock debug logfile "$LAB_OUT/client-pppd.log" \
		"$@" >>"$LAB_OUT/client.log" 2>&1 &
	uptun_pid=$!
}
