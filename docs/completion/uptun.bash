# uptun.bash - completes command lines of uptun; made from the program's own tables by ./dev docs
# SPDX-License-Identifier: Apache-2.0

# Each of these completes the word that is being typed, as what it is called by.
_uptun_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$_uptun_word"); }
_uptun_users() { mapfile -t COMPREPLY < <(compgen -u -- "$_uptun_word"); }
_uptun_groups() { mapfile -t COMPREPLY < <(compgen -g -- "$_uptun_word"); }
_uptun_interfaces() { _uptun_lines < <(ls /sys/class/net 2>/dev/null); }
_uptun_machines() { _uptun_lines < <("${COMP_WORDS[0]}" graph --list 2>/dev/null); }

# Of lines that others wrote: compgen -W would expand what is in them.
_uptun_lines() {
	local line
	while IFS= read -r line; do
		[[ $line != "$_uptun_word"* ]] || COMPREPLY+=("$(printf %q "$line")")
	done
}

_uptun_files() {
	mapfile -t COMPREPLY < <(compgen -f -- "$_uptun_word")
	compopt -o filenames 2>/dev/null || :
}

# The daemon's, if it is there and answers soon.
_uptun_tunnels() {
	local i socket=()
	for ((i = 2; i + 1 < COMP_CWORD; i++)); do
		[[ ${COMP_WORDS[i]} != --socket ]] || socket=(--socket "${COMP_WORDS[i + 1]}")
	done
	_uptun_lines < <(timeout 2 "${COMP_WORDS[0]}" list --quiet "${socket[@]}" 2>/dev/null)
}

_uptun_commands() { _uptun_words 'up mtpd decode graph replay daemon status list down logs log-level metrics version help'; }

_uptun_argument() { # COMMAND OPTION
	case $1 in
	'up --profile') _uptun_files ;;
	'up --name') : ;;
	'up --port') : ;;
	'up --local-port') : ;;
	'up --interface') _uptun_interfaces ;;
	'up --mark') : ;;
	'up --host-name') : ;;
	'up --window') : ;;
	'up --secret-file') _uptun_files ;;
	'up --hello') : ;;
	'up --tries') : ;;
	'up --echo') : ;;
	'up --user') : ;;
	'up --password-file') _uptun_files ;;
	'up --mtu') : ;;
	'up --mru') : ;;
	'up --mppe') _uptun_words 'require allow off' ;;
	'up --ifname') : ;;
	'up --ppp-plugin') _uptun_words 'uptun pppol2tp' ;;
	'up --route') : ;;
	'up --dns') _uptun_words 'report none' ;;
	'up --timeout') : ;;
	'up --data-path') _uptun_words 'auto netlink ol2tp olac pptp opns null' ;;
	'up --journal') _uptun_files ;;
	'up --socket') _uptun_files ;;
	'decode --secret-file') _uptun_files ;;
	'graph --format') _uptun_words 'tsv dot svg md promela' ;;
	'replay --secret-file') _uptun_files ;;
	'replay --svg') _uptun_files ;;
	'replay --html') _uptun_files ;;
	'daemon --socket') _uptun_files ;;
	'daemon --socket-fd') : ;;
	'daemon --group') _uptun_groups ;;
	'daemon --allow-uid') : ;;
	'daemon --shim-uid') : ;;
	'daemon --profiles') _uptun_files ;;
	'daemon --max-tunnels') : ;;
	'daemon --max-pptp') : ;;
	'daemon --allow-pppd-option') : ;;
	'daemon --user') _uptun_users ;;
	'status --socket') _uptun_files ;;
	'list --socket') _uptun_files ;;
	'down --socket') _uptun_files ;;
	'logs --socket') _uptun_files ;;
	'logs --lines') : ;;
	'log-level --socket') _uptun_files ;;
	'metrics --socket') _uptun_files ;;
	*) return 1 ;;
	esac
}

_uptun_options() { # COMMAND
	case $1 in
	up) _uptun_words '--profile --name --port --local-port --interface --mark --require-ipsec --host-name --window --secret-file
		--hide-avps --hello --tries --echo --user --password-file --mtu --mru --mppe --ifname --ppp-plugin --default-route
		--route --dns --timeout --reconnect --data-path --daemon --foreground --json --verbose --journal --socket
		--help' ;;
	mtpd) _uptun_words '--help' ;;
	decode) _uptun_words '--hex --pptp --gre --secret-file --json --help' ;;
	graph) _uptun_words '--format --list --help' ;;
	replay) _uptun_words '--secret-file --force --verbose --json --table --svg --html --respond --count --help' ;;
	daemon) _uptun_words '--socket --socket-fd --group --allow-uid --shim-uid --profiles --max-tunnels --max-pptp --allow-pppd-option
		--user --low-ports --no-launcher --json --verbose --help' ;;
	status) _uptun_words '--socket --watch --json --help' ;;
	list) _uptun_words '--socket --quiet --json --help' ;;
	down) _uptun_words '--socket --all --help' ;;
	logs) _uptun_words '--socket --follow --lines --json --help' ;;
	log-level) _uptun_words '--socket --help' ;;
	metrics) _uptun_words '--socket --help' ;;
	version) _uptun_words '--help' ;;
	help) _uptun_words '' ;;
	esac
}

_uptun_operand() { # COMMAND
	case $1 in
	up) _uptun_words 'l2tp pptp' ;;
	mtpd) _uptun_interfaces ;;
	decode) _uptun_files ;;
	graph) _uptun_machines ;;
	replay) _uptun_files ;;
	status) _uptun_tunnels ;;
	down) _uptun_tunnels ;;
	logs) _uptun_tunnels ;;
	log-level) _uptun_words 'milestones notes steps' ;;
	help) _uptun_commands ;;
	esac
}

_uptun() {
	local _uptun_word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} i
	COMPREPLY=()
	if ((COMP_CWORD == 1)); then
		_uptun_commands
		return
	fi
	for ((i = 2; i < COMP_CWORD; i++)); do
		[[ ${COMP_WORDS[i]} != -- ]] || return 0 # options for pppd
	done
	if [[ $_uptun_word == = ]]; then
		_uptun_word=''
	elif [[ $before == = ]]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	! _uptun_argument "${COMP_WORDS[1]} $before" || return 0
	if [[ $_uptun_word == -* ]]; then
		_uptun_options "${COMP_WORDS[1]}"
	else
		_uptun_operand "${COMP_WORDS[1]}"
	fi
}

complete -F _uptun uptun
