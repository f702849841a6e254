#!/bin/bash
# mtpd_program.sh - uptun in mtpd's place, driven as Android's init and framework do it; its host pretends
# SPDX-License-Identifier: Apache-2.0
#
# usage: mtpd_program.sh UPTUN MTPD-PLAYER      exit status 0: as it should be
set -u

player=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failures=0
program=$dir/mtpd
ln -s "$1" "$program"
line=(eth0 l2tp vpn 1701 tunnelsecret name joe password hunter2 linkname vpn mtu 1400)
export UPTUN_MTPD_ABORT=$dir/abort UPTUN_MTPD_STATE=$dir/state
unset UPTUN_MTPD_LOG

play() { # [--WRONG]   to the end
	timeout --foreground -k 5 30 "$player" "$@" >"$dir/all" 2>&1 </dev/null
	status=$?
}

play_on() { # [--WRONG] ...   in the background; sets pid
	"$player" "$@" >"$dir/all" 2>&1 </dev/null &
	pid=$!
}

has() {
	grep -qF -- "$1" "$dir/all" 2>/dev/null
}

until_has() { # TEXT   or 10 s
	for _ in $(seq 200); do
		has "$1" && return
		sleep 0.05
	done
}

ended() { # sets status
	wait "$pid"
	status=$?
}

fail() { # WHAT
	printf 'FAILED: %s, in:\n' "$1" >&2
	cat "$dir/all" >&2
	failures=$((failures + 1))
}

play_well() { # ...   until it is accepted, then the framework closes
	PRETEND_WAIT=1 play_on "$@"
	until_has accepted
	kill -USR1 $pid
	ended
}

expect() { # WHAT STATUS TEXT   of the last one
	{ [ "$status" -eq "$2" ] && has "$3"; } || fail "$1: status $status, wanted $2 and \"$3\""
}

expect_not() { # WHAT TEXT
	! has "$2" || fail "$1: \"$2\""
}

expect_that() { # WHAT CONDITION...
	local what=$1
	shift
	"$@" || fail "$what: $*"
}

# ---- the arguments
play_well "$program" "${line[@]}"
expect 'accepted' 0 'accepted'
expect 'its words' 0 'user [joe] password hunter2 mtu 1400 mru 1400 options [linkname] [vpn]'
expect 'its secret' 0 'server vpn port 1701 interface [eth0] secret tunnelsecret'
expect "nothing of it is on the command line" 0 "/mtpd]"
expect_not "nor more" "mtpd] ["
expect 'the memory is hidden before' 0 'memory hidden'
expect 'the log' 0 'D mtpd    : Received 13 arguments'
expect 'its last line' 0 'I mtpd    : Mtpd is terminated (status = 0)'
play --many "$program" "${line[@]}"
expect 'a 32nd argument is an error' 1 'F mtpd    : the arguments cannot be read: there are more than 31 arguments, at octet '
expect 'and refused' 1 'refused'
expect_not 'and not accepted' 'accepted'
expect_not 'and nothing is dialled' 'server vpn'
for wrong in 'long:an argument is longer than 1023 octets' 'nul:an argument has an octet of 0 in it' \
	'behind:there are octets behind the end mark'; do
	play "--${wrong%%:*}" "$program" "${line[@]}"
	expect "arguments that are wrong: ${wrong%%:*}" 1 "${wrong#*:}, at octet "
	expect_not "refused: ${wrong%%:*}" 'accepted'
done
play --cut "$program" "${line[@]}"
expect 'cut off' 1 'before their end'
play --stall "$program" "${line[@]}"
expect 'a sender that stalls' 1 'did not come within 10 s'
expect 'and what it sent is not told' 1 'octets did'
expect_not 'nor shown' 'hunter2'
play --no-socket "$program" "${line[@]}"
expect 'no socket' 1 'is no Unix stream socket'
for number in '' x 3x -1 99999999999999999999 987; do
	ANDROID_SOCKET_mtpd=$number "$program" >"$dir/all" 2>&1 </dev/null
	status=$?
	expect "descriptor \"$number\"" 1 'ANDROID_SOCKET_mtpd'
done

# ---- a line that is not good is not accepted
play "$program" eth0 sstp vpn 1723 name joe
expect 'no such protocol' 1 'there are: l2tp, pptp'
expect_not 'it is not accepted' 'accepted'
play "$program"
expect 'no arguments at all' 1 'there are: l2tp, pptp'
expect_not 'nor is it' 'accepted'

# ---- the framework closes
export PRETEND_WAIT=1 PRETEND_PPP=1 PRETEND_STATUSES=5
play_on "$program" "${line[@]}"
until_has 'server vpn'
until_has accepted
printf 'ppp7\n10.0.0.2/32\n0.0.0.0/0\n192.0.2.53 192.0.2.54\n\n\n' >"$dir/expected"
expect_that 'the state file' cmp "$dir/state" "$dir/expected"
kill -USR1 $pid
ended
expect 'closed' 5 'The control socket was closed: the tunnel ends'
expect 'gracefully' 5 'stop all'
expect_that 'the state is gone' [ ! -e "$dir/state" ]
play --close-at-once "$program" "${line[@]}"
expect 'closed at once, after all was sent' 5 'The control socket was closed: the tunnel ends'

# ---- abort
: >"$dir/abort"
play_on "$program" "${line[@]}"
until_has 'server vpn'
expect_that 'a stale abort file is ignored' has 'W mtpd    : '"$dir"'/abort was there before us: it is stale, and ignored'
sleep 6
expect_not 'also when it is looked at again' 'stop all'
rm "$dir/abort"
sleep 0.1
expect_not 'its end is nothing' 'stop all'
: >"$dir/abort"
ended
expect 'a fresh one ends the tunnel' 5 "$dir/abort has appeared: the tunnel ends"
rm "$dir/abort"

# ---- without the socket, and the words that are wanted
play_alone() { # in the background, without a framework
	"$program" "${line[@]}" >"$dir/all" 2>&1 </dev/null &
	pid=$!
}
play_alone
until_has 'server vpn'
: >"$dir/abort"
ended
expect 'without a framework' 5 "uptun: mtpd: $dir/abort has appeared: the tunnel ends"
expect_not "no words of mtpd's" 'mtpd    :'
rm "$dir/abort"
export UPTUN_MTPD_ABORT=
play_alone
until_has 'server vpn'
kill -TERM $pid
ended
expect 'SIGTERM' 5 'stop all'
UPTUN_MTPD_LOG=1 play_alone
until_has 'server vpn'
kill -TERM $pid
ended
expect "mtpd's words where they are asked for" 5 'I mtpd    : Received signal 15'
expect 'the protocol' 5 'I mtpd    : Using protocol l2tp'
expect 'the server' 5 'I mtpd    : Connecting to vpn port 1701 via eth0'
expect 'the end' 5 'I mtpd    : Mtpd is terminated (status = 5)'
UPTUN_MTPD_LOG=0 play_well "$program" "${line[@]}"
expect 'the socket without the words' 5 'accepted'
expect_not 'none of them' 'mtpd    :'
UPTUN_MTPD_STATE=$dir/none/state PRETEND_STATUSES=0 play_on "$program" "${line[@]}"
until_has 'accepted'
until_has 'cannot write'
kill -USR1 $pid
ended
expect 'a state that cannot be written' 0 "E mtpd    : cannot write $dir/none/state: No such file or directory"

[ "$failures" -eq 0 ]
