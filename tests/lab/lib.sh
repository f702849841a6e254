# tests/lab/lib.sh - what a case of the lab is written with
# SPDX-License-Identifier: Apache-2.0
#
# A case begins with `. "${LAB:-${0%/*}/..}/lib.sh"`; started outside the lab it then boots one for itself.
# It runs as root in the client's network namespace (hosts.sh shows the wires). Starting a process costs 30 ms or more
# in the guest, so everything that polls here is made of shell builtins.
#
# Never `ip addr show dev X` for an X that may be missing: the kernel runs modprobe for it, 0.6 s each time.

[ -n "${LAB:-}" ] || exec "$(dirname "${BASH_SOURCE[0]}")/run" "$0" "$@"
set -u
. "$LAB/hosts.sh"
. "$LAB/server.sh"
. "$LAB/leftovers.sh"

LAB_ROOT=$(cd "$LAB/../.." && pwd)
UPTUN=${UPTUN:-$LAB_ROOT/build/lab/bin/uptun}
export UPTUN_PLUGIN_DIR=${UPTUN_PLUGIN_DIR:-${UPTUN%/*}}

# ---- accounts, of the guest only

PASSWORD=test1234 TUNNEL_SECRET=between-us-two
PASSWORD_FILE=/run/lab/password SECRET_FILE=/run/lab/tunnel-secret

write_accounts() {
	local old
	old=$(umask)
	umask 077
	printf '%s' "$PASSWORD" >$PASSWORD_FILE
	printf '%s' "$TUNNEL_SECRET" >$SECRET_FILE
	printf 'joe * %s *\nann * %s *\n' "$PASSWORD" "$PASSWORD" >/etc/ppp/chap-secrets
	printf 'joe * %s *\nann * %s *\n' "$PASSWORD" "$PASSWORD" >/etc/ppp/pap-secrets
	: >/etc/ppp/options
	umask "$old"
}

# ---- time

exec {nap_fd}<> <(:)

nap() { # SECONDS, a fraction too; a builtin sleep
	read -rt "$1" -u "$nap_fd" || :
}

wait_for() { # SECONDS CONDITION...   0 as soon as the condition holds, 1 when time is up
	local deadline=$((${EPOCHREALTIME/./} + $1 * 1000000))
	shift
	until "$@"; do
		[ "${EPOCHREALTIME/./}" -lt "$deadline" ] || return 1
		nap 0.02
	done
}

ms_since() { # MICROSECONDS   sets MS to what has passed since
	MS=$(((${EPOCHREALTIME/./} - $1) / 1000))
}

# ---- verdicts

checks=0 failures=0 case_name=${0##*/} case_started=${EPOCHREALTIME/./}

passed() {
	checks=$((checks + 1))
	printf '  ok    %s\n' "$*"
}

failed() { # WHAT [DETAIL...]   counts, tells, goes on
	checks=$((checks + 1)) failures=$((failures + 1))
	printf '  FAIL  %s\n' "$1"
	shift
	[ $# -eq 0 ] || printf '        %s\n' "$@"
}

check() { # WHAT COMMAND...
	local what=$1
	shift
	if "$@"; then passed "$what"; else failed "$what" "this did not hold: $*"; return 1; fi
}

check_equal() { # WHAT EXPECTED GOT
	if [ "$2" = "$3" ]; then passed "$1"; else failed "$1" "expected: $2" "got:      $3"; return 1; fi
}

check_at_most() { # WHAT LIMIT GOT   whole numbers
	if [ "$3" -le "$2" ]; then passed "$1 ($3, limit $2)"; else failed "$1" "$3, limit $2"; return 1; fi
}

# Who writes a text runs beside who looks for it: ppp0 is up, and the line that tells it is still to come. So one waits.
TEXT_TIME=3 # seconds

check_has() { # WHAT FILE TEXT   ignoring case
	if wait_for $TEXT_TIME file_has "$2" "$3"; then passed "$1"; else failed "$1" "\"$3\" is not in ${2##*/}"; return 1; fi
}

check_has_not() { # WHAT FILE TEXT
	if file_has "$2" "$3"; then failed "$1" "\"$3\" is in ${2##*/}"; return 1; else passed "$1"; fi
}

give_up() { # REASON   the rest of the case makes no sense
	failed "$*"
	exit 1
}

file_has() { # FILE TEXT   ignoring case; a missing file has nothing
	local lines
	[ -r "$1" ] || return
	mapfile -t lines <"$1"
	[[ ${lines[*],,} == *"${2,,}"* ]]
}

show_log() { # FILE   its end, as evidence
	[ -s "$1" ] || return
	printf -- '--- %s\n' "${1##*/}"
	tail -n 60 "$1"
}

conclude() {
	local status=$? log
	trap - EXIT
	[ $status = 0 ] || [ $failures -gt 0 ] || failed "the script reaches its end: it ended early, with status $status"
	ms_since "$case_started"
	if [ $failures -gt 0 ] || [ $checks -eq 0 ]; then
		for log in "$LAB_OUT"/*.log "$LAB_OUT"/uptun-*.{out,err}; do
			show_log "$log"
		done
		printf '%s: %d of %d checks failed, %d ms\n' "$case_name" $failures $checks $MS
		exit 1
	fi
	printf '%s: %d checks passed, %d ms\n' "$case_name" $checks $MS
	exit 0
}

# ---- uptun

uptun_stdin=/dev/null uptun_runs=0 uptun_pid='' uptun_log=$LAB_OUT/uptun-0 uptun_started=0

uptun_start() { # ARGUMENT...   in the background, reading $uptun_stdin; sets uptun_pid, and uptun_log: .out and .err beside it
	uptun_runs=$((uptun_runs + 1))
	uptun_log=$LAB_OUT/uptun-$uptun_runs
	[ -x "$UPTUN" ] || give_up "there is no program at $UPTUN; ./dev build lab makes it"
	uptun_started=${EPOCHREALTIME/./}
	"$UPTUN" "$@" >"$uptun_log.out" 2>"$uptun_log.err" <"$uptun_stdin" &
	uptun_pid=$!
}

dial() { # [OPTION...]   up l2tp SERVER as joe
	uptun_start up l2tp $SERVER --user joe --password-file $PASSWORD_FILE "$@"
}

dial_pptp() { # [OPTION...]   up pptp SERVER as joe
	uptun_start up pptp $SERVER --user joe --password-file $PASSWORD_FILE "$@"
}

# Not `kill -0`: that holds for an ended child that the shell has not waited for, and when the shell does is its affair.
is_gone() { # PID   ended, waited for or not
	local stat
	{ read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
	[[ $stat == *') Z '* ]]
}

uptun_wait() { # SECONDS   for its end; sets STATUS, to "still running" after that time (and kills it)
	if wait_for "$1" is_gone "$uptun_pid"; then
		wait "$uptun_pid" 2>/dev/null
		STATUS=$?
	else
		STATUS='still running'
		kill -KILL "$uptun_pid"
	fi
}

check_ends() { # STATUS SECONDS   uptun ends by itself so
	uptun_wait "$2"
	ms_since "$uptun_started"
	check_equal "uptun ends with $1 (after $MS ms)" "$1" "$STATUS"
}

check_stops() { # [SECONDS]   on SIGTERM: user requested, 5
	local asked=${EPOCHREALTIME/./}
	kill -TERM "$uptun_pid"
	uptun_wait "${1:-5}"
	ms_since "$asked"
	check_equal "SIGTERM ends uptun with 5 (after $MS ms)" 5 "$STATUS"
}

# A journal through the engine again; what is told is kept beside it, as FILE.story and FILE.verdict.
check_replays() { # WHAT FILE [OPTION...]
	local what=$1 file=$2
	shift 2
	"$UPTUN" replay "$@" "$file" >"$file.story" 2>"$file.verdict"
	check_equal "$what" 0 $? || show_log "$file.verdict"
}

messages() { # sets MESSAGES to all that the last uptun printed
	local out err
	mapfile -t out <"$uptun_log.out"
	mapfile -t err <"$uptun_log.err"
	MESSAGES="${out[*]} ${err[*]}"
}

uptun_says() { # PATTERN   an extended regular expression, ignoring case, in what the last uptun printed
	local pattern=${1,,}
	messages
	[[ ${MESSAGES,,} =~ $pattern ]]
}

check_says() { # WHAT PATTERN
	if wait_for $TEXT_TIME uptun_says "$2"; then passed "$1"; else failed "$1" "no /$2/ in: ${MESSAGES:-(nothing)}"; return 1; fi
}

# ---- the ppp interface

ppp_is_up() { # INTERFACE   is UP and has an address: only then the kernel has a route to its peer
	local interface
	[ -d "/sys/class/net/$1" ] || return
	while read -r interface _; do
		[ "$interface" = "$1" ] && return
	done </proc/net/route
	return 1
}

ppp_count() { # sets PPP to the number of ppp interfaces of the client
	local all=(/sys/class/net/ppp*)
	PPP=${#all[@]}
	[ -e "${all[0]}" ] || PPP=0
}

up_or_dead() { # INTERFACE PID
	ppp_is_up "$1" || is_gone "$2"
}

wait_up() { # [INTERFACE [SECONDS]]   the one place that says what "up" means; sets UP_MS since uptun's start
	local interface=${1:-ppp0}
	wait_for "${2:-15}" up_or_dead "$interface" "$uptun_pid" && ppp_is_up "$interface"
	local up=$?
	ms_since "$uptun_started"
	UP_MS=$MS
	return $up
}

must_come_up() { # [INTERFACE [SECONDS]]
	wait_up "$@" || give_up "${1:-ppp0} is not up after $UP_MS ms"
	passed "${1:-ppp0} is up after $UP_MS ms"
}

ANSWER_TIME=5 # seconds: ppp0 is up here before it is there, and routes come after it

reaches() { # ADDRESS [PING OPTION...]   in time; of what was reached before, ask answers_ping
	wait_for $ANSWER_TIME answers_ping "$@"
}

answers_ping() { # ADDRESS [PING OPTION...]
	local address=$1
	shift
	ping -q -c 2 -i 0.2 -W 2 "$@" "$address" >/dev/null 2>"$LAB_OUT/ping.log"
}

# ---- captures on the client's wire

# Written through the shell: a file that it opens by name, tcpdump gives to its user, which the owner of the lab may not.
capture_start() { # NAME [FILTER...]
	local name=$1
	shift
	tcpdump -i wan0 -nn -U --immediate-mode -Z root -w - "$@" >"$LAB_OUT/$name.pcap" 2>"/run/lab/$name.tcpdump" &
	capture_pid=$!
	wait_for 5 file_has "/run/lab/$name.tcpdump" 'listening on' || give_up 'tcpdump did not start'
}

capture_stop() {
	kill -INT "$capture_pid"
	wait "$capture_pid" 2>/dev/null
}

capture_lines() { # NAME [FILTER...]   as text, with time
	local name=$1
	shift
	tcpdump -tt -nn -r "$LAB_OUT/$name.pcap" "$@" 2>/dev/null
}

# ---- files through the tunnel

listens() { # PID PORT   there is a listening TCP socket in the namespace of this process
	local _ address state
	while read -r _ address _ state _; do
		[ "$state" = 0A ] && [ $((16#${address##*:})) -eq "$2" ] && return
	done <"/proc/$1/net/tcp"
	return 1
}

send_file() { # FROM-HOST FILE TO-HOST ADDRESS COPY   through netcat; sets SHA_SENT, SHA_GOT and TRANSFER_MS
	local listener started port=5001
	ip netns exec "$3" nc -l "$4" $port >"$5" </dev/null &
	listener=$!
	wait_for 5 listens $listener $port || return
	started=${EPOCHREALTIME/./}
	on "$1" nc -N "$4" $port <"$2" || return
	wait $listener
	ms_since "$started"
	TRANSFER_MS=$MS
	read -r SHA_SENT _ < <(sha256sum "$2")
	read -r SHA_GOT _ < <(sha256sum "$5")
}

first_address() { # INTERFACE   sets ADDRESS
	local _ fields
	read -r -a fields < <(ip -4 -o addr show dev "$1")
	ADDRESS=${fields[3]%%/*}
}

fragments() { # [PID]   sets FRAGMENTS: made and reassembled so far, in the namespace of this process
	local names values i
	FRAGMENTS=0
	{
		read -r -a names
		read -r -a values
	} <"/proc/${1:-self}/net/snmp"
	for i in "${!names[@]}"; do
		case ${names[i]} in FragCreates | ReasmReqds) FRAGMENTS=$((FRAGMENTS + values[i])) ;; esac
	done
}

# ---- processes

pids_of() { # NAME HOST   sets PIDS: the processes of that name in that host's namespace
	local dir comm
	PIDS=()
	for dir in /proc/[0-9]*; do
		{ read -r comm <"$dir/comm"; } 2>/dev/null || continue
		[ "$comm" = "$1" ] && [ "$dir/ns/net" -ef "/run/netns/$2" ] && PIDS+=("${dir#/proc/}")
	done
	[ ${#PIDS[@]} -gt 0 ]
}

write_accounts
trap conclude EXIT
