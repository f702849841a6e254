#!/usr/bin/env bash
# promela.sh - the tables' models through spin: no cell without a row, both ends settle alike, every row is reached
# SPDX-License-Identifier: Apache-2.0
#
# usage: promela.sh UPTUN [MACHINE...]      all machines unless named
#
# Rows that the model does not reach are listed below, with the reason; any other, and one that is reached after all,
# is a failure.
set -u

uptun=$1
shift
for tool in spin cc; do
	command -v $tool >/dev/null || { echo "$tool is not installed: the models are not checked"; exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

# MACHINE: the sources of its rows that are a defence.
defence() {
	case $1 in
	l2tp-control)
		# An opening message in an open connection: messages come in order and once, so whoever is open has had them.
		echo '7.2.1 r15'
		;;
	esac
}

# MODEL PAN-OUTPUT: the sources of the rows that were not reached.
unreached() {
	sed -n 's/.*, "row = \([0-9]*\)"$/\1/p' "$2" | while read -r row; do
		grep -B 2 -x "[[:space:]]*row = $row;" "$1" | sed -n 's,^[[:space:]]*/\* \(.*\) \*/$,\1,p'
	done
}

fail() {
	echo "$*"
	status=1
}

check() { # MACHINE
	local model=$work/model.pml
	"$uptun" graph "$1" --format promela >"$model" || { fail "$1: no model"; return; }
	(cd "$work" && spin -a -o3 model.pml && cc -O -w -DSAFETY -o pan pan.c && ./pan -m100000) >"$work/out" 2>&1 ||
		{ fail "$1: spin fails"; cat "$work/out"; return; }
	if ! grep -q 'errors: 0$' "$work/out" || grep -q 'max search depth too small' "$work/out"; then
		fail "$1: the model does not hold:"
		cat "$work/out"
		(cd "$work" && spin -t -p -g model.pml | grep -e 'row = ' -e 'at\[' | tail -n 60)
		return
	fi
	unreached "$model" "$work/out" | sort >"$work/unreached"
	defence "$1" | sort >"$work/defence"
	cmp -s "$work/unreached" "$work/defence" ||
		fail "$1: not reached (<), or listed and reached (>): $(diff "$work/unreached" "$work/defence")"
	printf '%s: %s states, %s transitions, %u of %u rows reached\n' "$1" \
		"$(sed -n 's/^ *\([0-9]*\) states, stored.*/\1/p' "$work/out")" \
		"$(sed -n 's/^ *\([0-9]*\) transitions.*/\1/p' "$work/out")" \
		$(($(grep -c 'row = ' "$model") - $(wc -l <"$work/unreached"))) "$(grep -c 'row = ' "$model")"
}

if [ $# = 0 ]; then
	mapfile -t machines < <("$uptun" graph --list)
	set -- "${machines[@]}"
fi
for machine in "$@"; do
	check "$machine"
done
exit $status
