# tests/lab/framework.sh - uptun in mtpd's place, with mtpd-player as Android's init and framework
# SPDX-License-Identifier: Apache-2.0

framework=${UPTUN%/*}/mtpd-player mtpd_program=/run/lab/mtpd
UPTUN_PLUGIN_DIR=${UPTUN_PLUGIN_DIR:-${UPTUN%/*}}
ABORT_FILE=/run/lab/abort STATE_FILE=/run/lab/state
export UPTUN_MTPD_ABORT=$ABORT_FILE UPTUN_MTPD_STATE=$STATE_FILE

[ -x "$framework" ] || give_up "there is no program at $framework; ./dev build lab makes it"
ln -s "$UPTUN" $mtpd_program
UPTUN=$framework

framework_start() { # WORD...   the framework starts mtpd and sends it these
	uptun_start $mtpd_program "$@"
}

framework_close() { # the framework closes the control socket
	kill -USR1 "$uptun_pid"
}

has_state() {
	[ -e $STATE_FILE ]
}

check_state() { # the file's seven fields, those of ppp0
	local fields
	wait_for 5 has_state
	mapfile -t fields <$STATE_FILE
	first_address ppp0
	check_equal 'the state has six lines, and nothing behind them' 6 ${#fields[@]}
	check_equal 'its interface' ppp0 "${fields[0]}"
	check_equal 'its address' "$ADDRESS/32" "${fields[1]}"
	check_equal 'its route' 0.0.0.0/0 "${fields[2]}"
	check_equal 'its DNS servers' "${1:-}" "${fields[3]}"
	check_equal 'its search domains' '' "${fields[4]}"
	check_equal 'its endpoint' '' "${fields[5]}"
}

check_no_state() {
	if has_state; then failed "the state is gone" "$STATE_FILE is there"; else passed 'the state is gone'; fi
}

check_secretless() { # no secret in a command line or an environment, of uptun or pppd
	local file found=''
	for file in /proc/[0-9]*/cmdline /proc/[0-9]*/environ; do
		[ "${file#/proc/$uptun_pid/}" = "$file" ] || continue # the player has them as its own arguments
		grep -qaF -f $PASSWORD_FILE -f $SECRET_FILE "$file" 2>/dev/null && found+=" $file"
	done
	check_equal 'no secret is in a command line or environment' '' "$found"
}
