#!/bin/bash
# json_documented.sh - docs/json-daemon.md has every member of the objects of the daemon's clients, in their order
# SPDX-License-Identifier: Apache-2.0
#
# usage: json_documented.sh      from the project's folder
set -u

documented() { # OBJECT   its members, one a line
	sed -n "/^## $1\$/,/^## /p" docs/json-daemon.md | grep '^| `' | cut -d '|' -f 2 | grep -o '`[a-z_]*`' | tr -d '`'
}

written() { # FUNCTION...   of show_json.c, in this order
	local function
	for function in "$@"; do
		sed -n "/^$function(/,/^}/p" cli/control/show_json.c | grep -oE '(json_[a-z]+\(&?j, "[a-z_]+"|put_milestones\(j)' |
			while read -r line; do
				case $line in
				put_milestones*) sed -n '/^put_milestones(/,/^}/p' cli/control/show_json.c | grep -oE '"[a-z_]+"' ;;
				*) grep -oE '"[a-z_]+"' <<<"$line" ;;
				esac
			done
	done | tr -d '"' | grep -vx object
}

failures=0
compare() { # OBJECT FUNCTION...
	local object=$1
	shift
	[ -n "$(documented "$object")" ] && [ "$(documented "$object")" = "$(written "$@")" ] && return
	diff <(documented "$object") <(written "$@") >&2
	printf 'FAILED: docs/json-daemon.md and show_json.c do not agree on %s\n' "$object" >&2
	failures=$((failures + 1))
}

compare tunnel put_head put_rest put_end
compare session put_session
compare ended show_ended_json
compare log show_line_json
[ "$failures" -eq 0 ]
