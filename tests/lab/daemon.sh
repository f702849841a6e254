# tests/lab/daemon.sh - for cases about the daemon: it is started, and given orders over its socket
# SPDX-License-Identifier: Apache-2.0
#
# Orders and what comes back are uptun.proto's messages as text: protoc writes and reads them, which is not ours.

SOCKET=/run/uptun.sock PROFILES=/run/lab/profiles

profile_write() { # NAME TEXT   for the daemon's folder
	[ -d "$PROFILES" ] || mkdir -m 700 "$PROFILES"
	printf 'name: "%s"\nserver: "%s"\nsession { user: "joe" password_file: "%s" }\n%s\n' "$1" "$SERVER" "$PASSWORD_FILE" "$2" \
		>"$PROFILES/$1.textproto"
}

daemon_start() { # [OPTION...]   as the user nobody; sets uptun_pid, and daemon_log
	uptun_start daemon --user nobody "$@"
	daemon_log=$uptun_log.err
	wait_for 10 daemon_is_ready || give_up 'the daemon is not ready after 10 s'
	passed 'the daemon is ready'
}

daemon_is_ready() {
	[ -S $SOCKET ] && file_has "$daemon_log" 'is ready'
}

ORDER_AS=() # a command to give orders with, in the name of another user

order() { # REQUEST   sets REPLY, both as text
	REPLY=$(printf '%s' "$1" | "${ORDER_AS[@]}" "$LAB/order.py" $SOCKET "$LAB_ROOT/proto-defs/uptun.proto" 2>&1)
}

check_reply() { # WHAT PATTERN   of the last order
	if [[ $REPLY =~ $2 ]]; then passed "$1"; else failed "$1" "no /$2/ in: ${REPLY:-(nothing)}"; return 1; fi
}
