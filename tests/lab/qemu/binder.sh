#!/usr/bin/env bash
# binder.sh - orders through the kernel's own binder driver in the caller's name, and the death of either side
# SPDX-License-Identifier: Apache-2.0
# limit: 120
[ -n "${LAB:-}" ] || exec "${0%/*}/../run-qemu" "$0" "$@"
. "$LAB/lib.sh"

tool=${UPTUN%/*}/binder_tool shim=${UPTUN%/*}/uptun-binder work=/run/binder
socket=$work/uptun.sock
allowed=12345 other=23456 shim_user=34567

request() { # FILE TEXT   a Request from its text
	protoc --encode=uptun.Request -I "$LAB_ROOT/proto-defs" "$LAB_ROOT/proto-defs/uptun.proto" <<<"$2" >"$work/$1"
}

as() { # USER COMMAND...   in the place of this shell, so that its number is the command's
	local user=$1
	shift
	exec setpriv --reuid "$user" --regid "$user" --clear-groups "$@"
}

ask() { # USER REQUEST   sets STATUS, ANSWER (the Reply as text) and EXCEPTION
	STATUS=0
	(as "$1" "$tool" call uptun "$work/$2") >"$work/answer" 2>"$work/exception" || STATUS=$?
	ANSWER=$(protoc --decode=uptun.Reply -I "$LAB_ROOT/proto-defs" "$LAB_ROOT/proto-defs/uptun.proto" <"$work/answer" | tr '\n' ' ')
	EXCEPTION=$(cat "$work/exception")
}

check_answer() { # WHAT USER REQUEST PATTERN
	ask "$2" "$3"
	if [[ $ANSWER =~ $4 ]]; then passed "$1"; else failed "$1" "no /$4/ in: $ANSWER" "$EXCEPTION"; return 1; fi
}

check_exception() { # WHAT USER REQUEST PATTERN
	ask "$2" "$3"
	if [[ $STATUS:$EXCEPTION =~ ^2:.*$4 ]]; then passed "$1"; else failed "$1" "no /$4/ in: $STATUS:$EXCEPTION" "$ANSWER"; return 1; fi
}

start_daemon() {
	"$UPTUN" daemon --no-launcher --socket "$socket" --allow-uid $allowed --allow-uid $shim_user --shim-uid $shim_user \
		>"$LAB_OUT/daemon.log" 2>&1 &
	daemon_pid=$!
	wait_for 10 test -S "$socket" || give_up 'the daemon does not listen'
	chmod 666 "$socket"
}

start_watcher() { # USER REQUEST LOG
	(as "$1" "$tool" watch uptun "$work/$2") >"$LAB_OUT/$3" 2>&1 &
	watcher_pid=$!
	wait_for 10 file_has "$LAB_OUT/$3" answer || give_up 'the watcher has no answer'
}

# ---- nobody there yet

mkdir -p $work && chmod 755 $work
modprobe binder_linux || give_up 'this kernel has no binder'
chmod 666 /dev/binder
request version 'id: 7 version {}'
request forged 'id: 7 uid: 0 version {}'
request list 'id: 8 list {}'
request watch 'id: 9 watch {}'
request up 'id: 10 up { profile { name: "null" server: "127.0.0.1" server_port: 9 data_path: NULL_PATH } while_connected: true watch: true }'

"$shim" 2>"$LAB_OUT/shim-alone.log"
check_has 'without a service manager it ends and says so' "$LAB_OUT/shim-alone.log" 'no service manager'
"$tool" manager >"$LAB_OUT/manager.log" 2>&1 &
manager_pid=$!
wait_for 10 file_has "$LAB_OUT/manager.log" ready
(as $shim_user "$shim" --socket "$socket") 2>"$LAB_OUT/shim.log" &
shim_pid=$!
check 'the service is registered' wait_for 10 file_has "$LAB_OUT/manager.log" "uptun is registered by user $shim_user"
check_exception 'without a daemon a call has an exception that says so' $allowed version 'no daemon'

# ---- who may

start_daemon
check_answer 'a user the daemon knows is answered, under his own number' $allowed version 'id: 7 version'
check_answer 'the answer goes on when asked again' $allowed list 'id: 8 list'
check_answer 'another user is refused: the shim lends nobody its rights' $other version 'NOT_ALLOWED'
check_answer 'nor does he get root by saying he were' $other forged 'NOT_ALLOWED'
check_answer 'root is served' 0 version 'id: 7 version'

# ---- what is no order

printf 'no message at all' >"$work/garbage"
: >"$work/empty"
check_exception 'octets that are no message are refused by the shim' $allowed garbage 'exception -3'
check_exception 'a Watch is not for call()' $allowed watch 'for watch'
check_equal 'a parcel without an interface is refused' ffffffff "$("$tool" raw uptun 1 "$work/empty" | cut -c 1-8)"
check_answer 'and the service is as it was' $allowed version 'id: 7 version'

# ---- watchers, and the death of either side

start_watcher $allowed up watcher-1.log
check 'a tunnel that is brought up tells its watcher' wait_for 10 file_has "$LAB_OUT/watcher-1.log" 'event of'
check_answer 'it is there' $allowed list 'name: "null"'
kill -KILL $watcher_pid
tunnel_is_gone() { ask $allowed list; [[ $ANSWER != *null* ]]; }
check 'when the watcher dies its tunnel goes' wait_for 10 tunnel_is_gone

start_watcher $allowed watch watcher-2.log
kill -KILL $daemon_pid
wait $daemon_pid 2>/dev/null
check 'when the daemon dies the watcher is told' wait_for 10 file_has "$LAB_OUT/watcher-2.log" 'end:'
check_exception 'calls say so' $allowed version 'no daemon'
rm -f "$socket"
start_daemon
check_answer 'and a new daemon is found' $allowed version 'id: 7 version'

start_watcher $allowed watch watcher-3.log
kill -KILL $shim_pid
wait $shim_pid 2>/dev/null
check 'when the shim dies the watcher is told by the kernel' wait_for 10 file_has "$LAB_OUT/watcher-3.log" 'the service died'
check 'and so is the service manager' wait_for 10 file_has "$LAB_OUT/manager.log" 'uptun is gone'

(as $shim_user "$shim" --socket "$socket") 2>"$LAB_OUT/shim.log" &
shim_pid=$!
is_registered_again() { [ "$(grep -c "by user $shim_user" "$LAB_OUT/manager.log")" = 2 ]; }
check 'a new shim takes its place' wait_for 10 is_registered_again
check_answer 'and serves' $allowed version 'id: 7 version'
kill -KILL $manager_pid
check 'without its service manager the shim ends' wait_for 10 is_gone $shim_pid
check_has 'and says why' "$LAB_OUT/shim.log" 'service manager is gone'
kill -TERM $daemon_pid
