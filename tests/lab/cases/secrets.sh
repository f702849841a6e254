#!/usr/bin/env bash
# secrets.sh - no secret in any command line, environment, log or output while it runs
# SPDX-License-Identifier: Apache-2.0
# limit: 60
. "${LAB:-${0%/*}/..}/lib.sh"

server_up --auth chap --secret "$TUNNEL_SECRET"
leftovers_begin

# Looks through every process of the client but this one, which knows the secrets by trade.
check_not_in_proc() { # WHAT SECRET
	local dir words found=''
	for dir in /proc/[0-9]*; do
		[ "$dir/ns/net" -ef /run/netns/client ] && [ "${dir#/proc/}" != $$ ] || continue
		for part in cmdline environ comm; do
			mapfile -d '' -t words <"$dir/$part" || continue
			[[ ${words[*]} != *"$2"* ]] || found+="$dir/$part "
		done 2>/dev/null
	done
	check_equal "$1: in no process's command line or environment" '' "$found"
}

check_not_in_files() { # WHAT SECRET
	check_equal "$1: in no output, log or file written" '' \
		"$(grep -rlaF -e "$2" "$LAB_OUT"/uptun-* /mnt/etc /mnt/tmp /mnt/var /run/uptun* /dev/shm 2>/dev/null)"
}

core_is_forbidden() { # PID
	local words
	while read -r -a words; do
		[ "${words[*]:0:4}" != 'Max core file size' ] || break
	done <"/proc/$1/limits"
	[ "${words[*]:4:2}" = '0 0' ]
}

for format in '' --json; do
	# shellcheck disable=SC2086
	dial -v $format --secret-file $SECRET_FILE -- debug
	for stage in starting running; do
		check_not_in_proc "$stage $format password" "$PASSWORD"
		check_not_in_proc "$stage $format tunnel secret" "$TUNNEL_SECRET"
		[ $stage = running ] || must_come_up
	done
	check 'no core would be written' core_is_forbidden "$uptun_pid"
	check_not_in_files "$format password" "$PASSWORD"
	check_not_in_files "$format tunnel secret" "$TUNNEL_SECRET"
	check_stops
	check_not_in_files "$format password, afterwards" "$PASSWORD"
done
uptun_start up l2tp $SERVER --user joe --password-file $PASSWORD_FILE -- password in-the-open
uptun_wait 3
check_equal 'a password among the pppd options is refused' 1 "$STATUS"
check_says 'and --password-file named instead' 'password-file'

# mtpd's command line carries secrets by contract: overwritten before anything else happens.
uptun_start mtpd wan0 l2tp $SERVER 1701 "$TUNNEL_SECRET" user joe password "$PASSWORD" noauth
wait_up ppp0 15
check "mtpd's command line brings it up" ppp_is_up ppp0
check_not_in_proc 'mtpd password' "$PASSWORD"
check_not_in_proc 'mtpd tunnel secret' "$TUNNEL_SECRET"
check_stops
check_nothing_left
