#!/usr/bin/env bash
# daemon-kill9.sh - the daemon is killed: 2 s later nothing of it is left, and a new one brings its profiles back
# SPDX-License-Identifier: Apache-2.0
# limit: 100
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/daemon.sh"

launcher_is_gone() {
	! pids_of uptun-launcher client
}

server_up --auth chap
profile_write first "route: \"$FAR_NET\""
leftovers_begin

daemon_start --profiles "$PROFILES"
must_come_up
check 'it is another user' file_has "/proc/$uptun_pid/status" 'uid:	65534	65534	65534'
check 'with one capability' file_has "/proc/$uptun_pid/status" 'capeff:	0000000000001000'
check 'and filters of system calls' file_has "/proc/$uptun_pid/status" 'seccomp:	2'
check 'there is a launcher' pids_of uptun-launcher client
check 'and it is root' file_has "/proc/${PIDS[0]}/status" 'uid:	0	0	0	0'
check 'the far net is reached' reaches $FAR

kill -KILL "$uptun_pid"
wait "$uptun_pid" 2>/dev/null
check_nothing_left 2
check 'nor its socket' [ ! -e $SOCKET ]

daemon_start --profiles "$PROFILES"
must_come_up
check 'the far net is reached again' reaches $FAR

# The launcher is killed instead: without it there is no pppd, and no daemon.
pids_of uptun-launcher client
kill -KILL "${PIDS[0]}"
check_ends 1 20
check_nothing_left 3
check_has 'it says why' "$daemon_log" 'the launcher has ended'
check 'the socket is left, as nobody may delete it' [ -S $SOCKET ]

# The next one clears that away; what a whole group is sent ends it in good order.
daemon_start --profiles "$PROFILES"
must_come_up
pids_of uptun-launcher client
kill -TERM "${PIDS[0]}" "$uptun_pid"
uptun_wait 8
check_equal 'SIGTERM to both ends the daemon' 0 "$STATUS"
check 'the launcher has ended' wait_for 2 launcher_is_gone
check_nothing_left 2
check 'its socket is gone' [ ! -e $SOCKET ]
