#!/bin/bash
# front_program.sh - uptun as a program: command lines, secrets, signals, exit statuses; its host pretends
# SPDX-License-Identifier: Apache-2.0
#
# usage: front_program.sh UPTUN      exit status 0: as it should be
set -u

uptun=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failures=0
umask 077
printf 'open sesame\n' >"$dir/secret"
printf 'name: "a" server: "one"' >"$dir/a.textproto"
printf 'server: "one" name: "c"' >"$dir/c.textproto"
printf 'server: "two" name: "a"' >"$dir/like-a.textproto"
printf 'name: "b" server: "two"\nsession { mtu: 70 }' >"$dir/b.textproto"
printf 'server: "three" pptp {}' >"$dir/p.textproto"

run() {
	"$uptun" "$@" >"$dir/all" 2>&1 </dev/null
	status=$?
}

expect() { # WHAT STATUS TEXT   of the last run
	if [ "$status" -ne "$2" ] || ! grep -qF -- "$3" "$dir/all"; then
		printf 'FAILED: %s: status %s, wanted %s and "%s" in:\n' "$1" "$status" "$2" "$3" >&2
		cat "$dir/all" >&2
		failures=$((failures + 1))
	fi
}

expect_not() { # WHAT TEXT
	if grep -qF -- "$2" "$dir/all"; then
		printf 'FAILED: %s: "%s" is in:\n' "$1" "$2" >&2
		cat "$dir/all" >&2
		failures=$((failures + 1))
	fi
}

# ---- help and mistakes
run
expect 'no command' 1 'Usage: uptun COMMAND'
run --help
expect 'help' 0 'Usage: uptun COMMAND'
run --version
expect 'version' 0 'uptun '
for command in up mtpd decode daemon status list down logs log-level metrics version help; do
	run $command --help
	expect "help of $command" 0 "uptun"
	run help $command
	expect "help of $command, the other way" 0 "Usage: uptun $command"
done
run frob
expect 'unknown command' 1 'uptun: there is no command "frob"; uptun --help lists them'
run stat
expect 'half a command' 1 'uptun: there is no command "stat": is "status" meant? uptun --help lists them'
run dwon
expect 'a slip' 1 'is "down" meant?'
run UP
expect 'another case' 1 'is "up" meant?'
run log
expect 'what could be two' 1 'uptun: there is no command "log"; uptun --help lists them'
run up
expect 'no server' 1 'uptun: which server? uptun up l2tp SERVER, uptun up pptp SERVER, or uptun up --profile FILE'
run up sstp x
expect 'unknown protocol' 1 'uptun: there is no protocol "sstp"; wanted: uptun up l2tp SERVER, or uptun up pptp SERVER'
run up --profile "$dir/a.textproto" --profile "$dir/like-a.textproto"
expect 'two of one name' 1 "like-a.textproto: its name, \"a\", is that of $dir/a.textproto too: give each profile a name of its own"
run up pptp
expect 'no PPTP server' 1 'uptun: which server? uptun up pptp SERVER'
run up l2tp x --foreground
expect 'an option of the daemon' 1 'uptun: --foreground: makes sense with --daemon only'
run up l2tp x --socket "$dir/none"
expect 'another' 1 'uptun: --socket: makes sense with --daemon only'
run up l2tp x --daemon --journal "$dir/journal"
expect 'no journal of it' 1 'uptun: --journal: the daemon keeps none'
run up l2tp x --daemon --socket "$dir/none"
expect 'no daemon' 1 "uptun: no daemon listens at $dir/none: start it with uptun daemon"
run up l2tp x y
expect 'a word too many' 1 'uptun: "y" is one word too many; options for pppd come after --'
run up l2tp x --profile "$dir/a.textproto"
expect 'both' 1 'uptun: give either a protocol and SERVER or --profile FILE, not both'
run up --profile "$dir/a.textproto" --profile "$dir/a.textproto" --ifname vpn0
expect 'one for two' 1 'uptun: --ifname makes sense for one profile only, and there are 2'
run up --profile "$dir/b.textproto"
expect 'a mistake in a profile' 1 'b.textproto:2:11: session[0].mtu: 70 is below 128'
run up l2tp x --hide-avps
expect 'a mistake in an option' 1 'uptun: --hide-avps: needs a tunnel secret'
run up pptp x --hello 5
expect "an option of L2TP's" 1 'uptun: --hello: makes sense with L2TP only'
run up l2tp x --echo 5
expect "an option of PPTP's" 1 'uptun: --echo: makes sense with PPTP only'
run up pptp x --require-ipsec
expect 'what PPTP cannot have' 1 "uptun: --require-ipsec: PPTP's frames leave the kernel through no socket"
run up pptp x --data-path ol2tp
expect 'a driver of L2TP' 1 'uptun: --data-path: this driver carries L2TP, not PPTP'
run up pptp x --host-name "$(printf '%065d' 0)"
expect 'a name too long for PPTP' 1 'uptun: --host-name: 65 octets are more than 64'
run up pptp x --echo 9 --mppe require
expect 'PPTP' 0 'protocol pptp echo 9 mppe 3'
expect "PPTP's port" 0 'server x port 1723'
run up --profile "$dir/p.textproto" --mppe off
expect 'a profile of PPTP' 0 'protocol pptp echo 60 mppe 1'
run up l2tp x --password-file "$dir/none"
expect 'no such secret' 1 "uptun: x: the password file $dir/none cannot be read: No such file or directory"
run up l2tp x --password hunter2
expect 'a password on the command line' 1 'and name that with --password-file'
expect_not 'is not printed' hunter2
printf 'joe\nhunter2\n' >"$dir/two"
run up l2tp x --user joe --password-file "$dir/two"
expect 'two lines are no password' 1 "the password file $dir/two has another newline (0x0a) at offset 3"
expect_not 'nor is it' hunter2
run up l2tp $'x\033[2J'
expect_not 'nothing from outside reaches the terminal' $'\033'

# ---- secrets
run up l2tp x -- debug password hunter2
expect 'a password is refused' 1 '--password-file'
expect_not 'before anything else' 'profile'
run up l2tp x --user joe --password-file "$dir/secret" --secret-file "$dir/secret"
expect 'secrets come from files' 0 'user [joe] password open sesame'
expect 'the tunnel secret too' 0 'secret open sesame'
expect 'and the memory is hidden' 0 'memory hidden'
printf 'from a pipe' | "$uptun" up l2tp x --user joe --password-file - >"$dir/all" 2>&1
status=$?
expect 'standard input' 0 'password from a pipe'
run up l2tp x
expect_not 'nothing to hide' 'memory hidden'

# ---- profiles and overrides
run up --profile "$dir/b.textproto" --mtu 1300 -- debug
expect 'an option over a mistake in the file' 0 'mtu 1300 mru 1400 options [debug]'
PRETEND_STATUSES='0 51' run up --profile "$dir/a.textproto" --profile "$dir/c.textproto"
expect "the first failure's status" 51 'uptun: pretended: the pretended end'
PRETEND_STATUSES='4 51' run up --profile "$dir/a.textproto" --profile "$dir/c.textproto"
expect "the first failure's status, not the last one's" 4 'the pretended end'
PRETEND_STATUSES=2 run up l2tp x --json
expect 'JSON' 2 '{"event":"ended","profile":"pretended","profile_index":0'
PRETEND_NO_PRIVILEGE=1 run up l2tp x
expect 'no privilege' 1 'uptun: no privilege, pretends the test'
PRETEND_NO_PRIVILEGE=1 run up l2tp x --data-path null
expect 'none needed' 0 'server x'

# ---- mtpd
(exec -a mtpd "$uptun" eth0 l2tp vpn 1701 tunnelsecret name joe password hunter2 linkname vpn usepeerdns mtu 1400) \
	>"$dir/all" 2>&1
status=$?
expect 'under the name mtpd' 0 'server vpn port 1701 interface [eth0] secret tunnelsecret dns 0'
expect 'its words' 0 'user [joe] password hunter2 mtu 1400 mru 1400 options [linkname] [vpn]'
expect 'the command line' 0 'cmdline: [mtpd] [eth0] [l2tp] [vpn] [1701] [xxxxxxxxxxxx] [name] [joe] [password] [xxxxxxx]'
run mtpd '' l2tp vpn 1701 '' refuse-eap password x password y
expect 'empty words' 0 'interface [] secret  dns 1'
expect 'the last password' 0 'password y mtu 1400'
expect 'all overwritten' 0 '[password] [x] [password] [x]'
(exec -a mtpd "$uptun" eth0 pptp vpn 1723 name joe password hunter2 linkname vpn mtu 1300 +mppe -pap) >"$dir/all" 2>&1
status=$?
expect 'mtpd, PPTP' 0 'server vpn port 1723 interface [eth0] secret  dns 1'
expect 'mtpd, words of PPTP' 0 'user [joe] password hunter2 mtu 1300 mru 1400 options [linkname] [vpn] [-pap]'
expect 'mtpd, MPPE' 0 'protocol pptp echo 60 mppe 3'
expect 'mtpd, command line of PPTP' 0 'cmdline: [mtpd] [eth0] [pptp] [vpn] [1723] [name] [joe] [password] [xxxxxxx]'
for words in 'mppe:3:' 'mppe required,no40:3:' '+mppe:3:' 'nomppe:1:' '-mppe:1:' 'mppe debug:3: [debug]' ':2:'; do
	# shellcheck disable=SC2086
	run mtpd '' pptp vpn 1723 ${words%%:*}
	expected=${words#*:}
	expect "mtpd, '${words%%:*}'" 0 "protocol pptp echo 60 mppe ${expected%:*}"
	printf 'options%s|\n' "$(sed -n 's/.* options//p' "$dir/all")" >"$dir/all"
	expect "mtpd, '${words%%:*}', is not pppd's" 0 "options${expected#*:}|"
done
run mtpd eth0 pptp 1723 linkname vpn name joe password hunter2 refuse-eap
expect 'mtpd, no server' 1 'wanted: mtpd INTERFACE pptp SERVER PORT'
run mtpd eth0 sstp vpn 1723 name joe
expect 'mtpd, another protocol' 1 'there are: l2tp, pptp'
run mtpd eth0 pptp vpn
expect 'mtpd, too short for PPTP' 1 'wanted: mtpd INTERFACE pptp SERVER PORT'
run mtpd eth0 l2tp vpn
expect 'mtpd, too short' 1 'wanted: mtpd INTERFACE l2tp SERVER PORT SECRET'
run mtpd eth0 l2tp vpn many ''
expect 'mtpd, a bad port' 1 'PORT'

# ---- signals
PRETEND_WAIT=2 PRETEND_STATUSES=5 "$uptun" up l2tp x >"$dir/all" 2>&1 &
pid=$!
for signal in TERM INT; do
	for _ in $(seq 100); do
		[ "$(grep -cE '^(session|stop)' "$dir/all")" -ge "$([ $signal = TERM ] && echo 1 || echo 2)" ] && break
		sleep 0.05
	done
	kill -$signal $pid
done
wait $pid
status=$?
expect 'two signals' 5 'stop all'

[ "$failures" -eq 0 ]
