#!/bin/bash
# control_program.sh - the clients of the daemon as programs, with a real daemon and a server that does not answer
# SPDX-License-Identifier: Apache-2.0
#
# usage: control_program.sh UPTUN      exit status 0: as it should be
set -u

uptun=$1
dir=$(mktemp -d)
socket=$dir/socket
daemon=''
failures=0
umask 077
printf 'open sesame\n' >"$dir/secret"

finish() {
	[ -z "$daemon" ] || kill -KILL "$daemon" 2>/dev/null
	rm -rf "$dir"
}
trap finish EXIT

run() { # COMMAND WORD...
	local command=$1
	shift
	timeout --foreground -k 5 30 "$uptun" "$command" --socket "$socket" "$@" >"$dir/all" 2>&1 </dev/null
	status=$?
}

fail() {
	printf 'FAILED: %s in:\n' "$*" >&2
	cat "$dir/all" >&2
	failures=$((failures + 1))
}

expect() { # WHAT STATUS TEXT   of the last run
	if [ "$status" -ne "$2" ] || ! grep -qF -- "$3" "$dir/all"; then
		fail "$1: status $status, wanted $2 and \"$3\""
	fi
}

wait_for() { # WHAT COMMAND...   until it succeeds, at most 20 s
	local what=$1
	shift
	for _ in {1..200}; do
		"$@" && return
		sleep 0.1
	done
	fail "$what did not come"
}

has_text() { # FILE TEXT
	grep -qF -- "$2" "$1" 2>/dev/null
}

# ---- without a daemon
for command in list status logs metrics; do
	run $command
	expect "$command without a daemon" 1 "uptun: no daemon listens at $socket: start it with uptun daemon"
done
run down
expect 'down what' 1 'uptun: down: name tunnels by id or name, or say --all'
run down --all 1
expect 'all and one' 1 'uptun: down: name tunnels'
run log-level loud
expect 'no such level' 1 'uptun: which level? There are: milestones, notes, steps'
run status a b
expect 'a word too many' 1 'uptun: status: "b" is one word too many'

# ---- started without descriptors: what is opened must not be taken for standard output, or error
"$uptun" up l2tp 127.0.0.1 --port 9 --data-path null --timeout 5 <&- >&- 2>&- &
up=$!
for number in 0 1 2; do
	wait_for "/dev/null as descriptor $number" test "/proc/$up/fd/$number" -ef /dev/null
done
kill -INT "$up"
wait "$up"
status=$?
[ "$status" -eq 5 ] || fail "without descriptors: status $status"

# ---- with one that has nothing to do
"$uptun" daemon --no-launcher --socket "$socket" >"$dir/daemon" 2>&1 &
daemon=$!
wait_for 'the daemon' test -S "$socket"
run list
expect 'nothing yet' 0 'There are no tunnels.'
run status
expect 'nothing to show' 0 'There are no tunnels.'
run status 7
expect 'no such id' 2 'uptun: there is no tunnel 7, or it has ended; uptun list shows those there are'
run down office
expect 'no such name' 2 'uptun: there is no tunnel "office", or it has ended'
run log-level notes
expect 'a level' 0 'the log has notes now; before, milestones'

# ---- a tunnel on its way: nothing listens at the server's port
run up --daemon l2tp 127.0.0.1 --port 9 --name quick --data-path null --timeout 1
expect 'the end of a tunnel that never was up' 2 'uptun: quick: no answer from 127.0.0.1 port 9'
has_text "$dir/all" 'quick  accepted    as tunnel 1' || fail 'its id is told'
timeout --foreground -k 5 60 "$uptun" up --daemon --socket "$socket" l2tp 127.0.0.1 --port 9 --name office --data-path null --reconnect \
	--secret-file "$dir/secret" >"$dir/up" 2>&1 &
up=$!
wait_for 'its id' has_text "$dir/up" 'office  accepted    as tunnel 2'
run list
expect 'the list' 0 ' 2  office  l2tp      127.0.0.1'
run list --quiet
expect 'its name alone' 0 'office'
run list --json
expect 'the list for programs' 0 '{"object":"tunnel","tunnel":2,"profile":"office","protocol":"l2tp","server":"127.0.0.1"'
run status 4294967298
expect 'no id, though its lower half is one' 2 'uptun: there is no tunnel "4294967298", or it has ended'
run status
expect 'the table' 0 'ID  NAME    PROTOCOL  SERVER     STATE'
run status office
expect 'everything about one' 0 'server      l2tp, 127.0.0.1 -> 127.0.0.1 port 9'
run status 2 --json
expect 'the same for programs' 0 '{"object":"session","tunnel":2,"profile":"office","session":0'
run up --daemon l2tp 127.0.0.1 --name office --data-path null
expect 'a name in use' 1 'there is a tunnel "office" already'
run up --daemon l2tp 127.0.0.1 --data-path null -- plugin x.so
expect 'a word that is not on the list' 1 'plugin'
run logs 2
expect 'its log' 0 'office: resolved: 127.0.0.1 port 9'
run logs --lines 1 --json
expect 'the log for programs' 0 '{"object":"log","unix_ms":'
run metrics
expect 'metrics' 0 '# EOF'

# ---- watching
timeout --foreground -k 5 60 "$uptun" status --socket "$socket" --watch office >"$dir/watch" 2>&1 &
watch=$!
timeout --foreground -k 5 60 "$uptun" logs --socket "$socket" --follow office >"$dir/follow" 2>&1 &
follow=$!
timeout --foreground -k 5 60 "$uptun" status --socket "$socket" --watch --json >"$dir/watch-all" 2>&1 &
watch_all=$!
wait_for 'what is watched' has_text "$dir/watch" 'tunnel      2, office'
wait_for 'all that is watched' has_text "$dir/watch-all" '{"object":"tunnel","tunnel":2,"profile":"office"'
wait_for 'the log' has_text "$dir/follow" 'office: resolved'
if command -v script >/dev/null; then
	TERM=vt100 timeout --foreground -k 5 60 script -qfec "$uptun status --socket $socket --watch" /dev/null >"$dir/screen" 2>&1 </dev/null &
	screen=$!
	wait_for 'a table that stays in its place' has_text "$dir/screen" $'\033[HID'
	kill "$screen"
fi

# ---- the end, before it was up
pkill -INT -P "$up" || fail 'nobody to interrupt'
wait "$up"
status=$?
cp "$dir/up" "$dir/all"
expect 'interrupted before it was up' 5 'office  ended'
wait "$watch" || fail 'the watcher ended otherwise'
cp "$dir/watch" "$dir/all"
has_text "$dir/watch" 'office has ended' || fail 'the end is not told'
wait_for 'its end, to who watches all' has_text "$dir/watch-all" '{"object":"ended","tunnel":2,"profile":"office","status":5'
kill "$watch_all"
wait "$follow" || fail 'the follower ended otherwise'
run list
expect 'nothing is left' 0 'There are no tunnels.'

# ---- all
timeout --foreground -k 5 60 "$uptun" up --daemon --socket "$socket" l2tp 127.0.0.1 --port 9 --name lab --data-path null --foreground --json \
	>"$dir/up" 2>&1 &
up=$!
wait_for 'its id' has_text "$dir/up" '{"event":"accepted","profile":"lab","profile_index":0,"tunnel":3'
run down --all
expect 'all' 0 '1 tunnel is asked to end'
wait "$up"
status=$?
cp "$dir/up" "$dir/all"
expect 'taken down by another' 5 '"status":5'

# ---- who may
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	chmod 755 "$dir"
	setpriv --reuid 65534 --regid 65534 --clear-groups "$uptun" list --socket "$socket" >"$dir/all" 2>&1
	status=$?
	expect 'a stranger, and no group' 1 'only root may; run this as root'
	chgrp nogroup "$socket" && chmod 660 "$socket"
	setpriv --reuid 1234 --regid 1234 --clear-groups "$uptun" list --socket "$socket" >"$dir/all" 2>&1
	status=$?
	expect 'a stranger' 1 'only root and members of the group "nogroup" may; run this as root, or have root add you with usermod'
	chmod 666 "$socket"
	setpriv --reuid 65534 --regid 65534 --clear-groups "$uptun" list --socket "$socket" >"$dir/all" 2>&1
	status=$?
	expect 'a stranger who gets as far as the daemon' 1 "uptun: only root and members of the daemon's group may give orders"
fi

# ---- the daemon goes
timeout --foreground -k 5 60 "$uptun" logs --socket "$socket" --follow >"$dir/follow" 2>&1 &
follow=$!
wait_for 'the log' has_text "$dir/follow" 'lab: ended'
kill -TERM "$daemon"
wait "$daemon"
daemon=''
wait "$follow"
status=$?
cp "$dir/follow" "$dir/all"
expect 'the daemon is gone' 1 'uptun: the daemon closed the connection'

[ "$failures" -eq 0 ]
