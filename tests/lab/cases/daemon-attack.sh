#!/usr/bin/env bash
# daemon-attack.sh - a user of the daemon, not root, tries to have root run, read and give away things
# SPDX-License-Identifier: Apache-2.0
# limit: 150
. "${LAB:-${0%/*}/..}/lib.sh"
. "$LAB/daemon.sh"

ORDER_AS=(setpriv --reuid 1234 --regid dip --clear-groups)
MARK=/run/lab/mark

try() { # WHAT FIELD SESSION-FIELDS [PROFILE-FIELDS]   is refused, with the field named
	order "id: 7 up { profile { name: \"evil\" server: \"$SERVER\" session { user: \"joe\" $3 } ${4:-} } }"
	check_reply "$1 is refused" "code: BAD_PROFILE"
	check_reply "$1: the field is named" "field: \"$2\""
}

with_password="password: \"$PASSWORD\""
try_words() { # WHAT WORD...
	local what=$1 word words=''
	shift
	for word in "$@"; do
		words+=" option: \"$word\""
	done
	try "$what" 'session\[0\]\.option\[0\]' "$with_password $words"
}

server_up --auth chap
printf '#!/bin/sh\necho run >>%s\n' $MARK >/run/lab/evil
chmod 755 /run/lab/evil
leftovers_begin
daemon_start --group dip --allow-pppd-option ms-dns:1

try_words 'a plugin' plugin /run/lab/evil
try_words 'a connect script' connect /run/lab/evil
try_words 'a pty' pty /run/lab/evil
try_words 'an init script' init /run/lab/evil
try_words 'an options file' file /etc/shadow
try_words 'an argument for root'\''s scripts' ipparam x
try_words 'a bare path' /etc/shadow
try_words 'a path as a number' mtu /etc/shadow
try_words 'a log file' logfile /etc/passwd
try 'root'\''s shadow file as a password' 'session\[0\]\.password_file' 'password_file: "/etc/shadow"'
try 'root'\''s shadow file as a tunnel'\''s secret' 'l2tp\.secret_file' "$with_password" 'l2tp { secret_file: "/etc/shadow" }'
check 'nothing of it was run' [ ! -e $MARK ]
check 'no pppd was started' eval '! pids_of pppd client'

# Root's secrets have joe's password; pppd would take it from there, and show it to any server.
order "id: 8 up { profile { name: \"guess\" server: \"$SERVER\" session { user: \"joe\" } } }"
check_reply 'a profile without a password is taken' 'tunnel: 1'
check 'but the server, which wants one, ends it' wait_for 10 file_has "$daemon_log" 'guess (1): ended'
check_has_not 'it was not up by what root has' "$daemon_log" 'ppp: up on'
order 'id: 9 down { all: true }'
check_reply 'it goes down' 'down'

order "id: 10 up { profile { name: \"good\" server: \"$SERVER\" route: \"$FAR_NET\" session { user: \"joe\" $with_password
	option: [\"mtu\", \"1300\", \"ms-dns\", \"10.0.0.1\", \"noccp\"] } } }"
check_reply 'harmless words are taken, and what root allows' 'tunnel: 2'
must_come_up
read -r mtu </sys/class/net/ppp0/mtu
check_equal 'they reach pppd' 1300 "$mtu"
check 'the far net is reached' reaches $FAR
kill -TERM "$uptun_pid"
uptun_wait 8
check_equal 'the daemon ends in good order' 0 "$STATUS"
check_nothing_left 2
check 'nothing was run to the end' [ ! -e $MARK ]
