#!/bin/bash
# completion.sh - what bash offers at a command line of uptun
# SPDX-License-Identifier: Apache-2.0
#
# usage: completion.sh UPTUN      from the project's folder
set -u

uptun=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failures=0

# shellcheck source=docs/completion/uptun.bash
. docs/completion/uptun.bash

offered() { # WORD...   a command line without its first word; the last word is the one being typed
	COMP_WORDS=("$uptun" "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	_uptun
	printf '%s ' "${COMPREPLY[@]}"
}

expect() { # WHAT WANTED WORD...   WANTED: all that is offered
	local what=$1 wanted=$2 got
	shift 2
	got=$(offered "$@")
	[ "$got" = "$wanted " ] && return
	printf 'FAILED: %s: offered "%s", wanted "%s "\n' "$what" "$got" "$wanted" >&2
	failures=$((failures + 1))
}

expect 'commands' 'status' sta
expect 'commands of one beginning' 'logs log-level' lo
expect 'protocols' 'l2tp pptp' up ''
expect 'long options' '--mtu' up l2tp x --mt
expect 'options of this command only' '--json' status --js
expect 'no hidden options' '' help --
expect 'words of an option' 'report none' up l2tp x --dns ''
expect 'data paths' 'ol2tp olac opns' up l2tp x --data-path o
expect 'one data path' 'pptp' up l2tp x --data-path p
expect 'behind an equals sign' 'require' up l2tp x --mppe = r
expect 'right after it' 'require allow off' up l2tp x --mppe =
expect 'formats' 'promela' graph client --format p
expect 'machines' 'client client-link' graph cli
expect 'levels' 'milestones notes steps' log-level ''
expect 'commands to be helped with' 'metrics' help met
expect 'a number' '' up l2tp x --mtu 1
expect 'options for pppd' '' up l2tp x -- no

touch "$dir/a.textproto" "$dir/b c.textproto"
expect 'files' "$dir/a.textproto" up --profile "$dir/a"
expect 'files with blanks' "$dir/b c.textproto" up --profile "$dir/b"
expect 'files as operands' "$dir/a.textproto" replay "$dir/a"

# A program that lists what a hostile daemon might: nothing of it is run, and it is quoted.
cat >"$dir/uptun" <<'LIST'
#!/bin/bash
[ "$*" = 'list --quiet --socket /x' ] && printf '%s\n' 'office' 'other' '$(touch PWNED)'
LIST
chmod +x "$dir/uptun"
uptun=$dir/uptun
cd "$dir" || exit 1
expect 'tunnels' 'office other' status --socket /x o
expect 'a name that would be run' '\$\(touch\ PWNED\)' down --socket /x '$'
[ ! -e PWNED ] || { echo 'FAILED: a name was run' >&2; failures=$((failures + 1)); }
uptun=$dir/none
expect 'no daemon' '' down ''

[ "$failures" -eq 0 ]
