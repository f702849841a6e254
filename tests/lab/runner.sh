# tests/lab/runner.sh - what both runners of the lab have in common; sourced by run and run-qemu
# SPDX-License-Identifier: Apache-2.0
#
# The runner sets lab (this folder), out (its folder for one run) and keep (where logs are to stay; '': nowhere).

say() { printf 'lab: %s\n' "$*" >&2; }

usage() {
	sed -n '4s/^# //p' "$0" >&2
	exit 2
}

no_lab() {
	say "cannot run here: $*"
	[ "${UPTUN_LAB_REQUIRED:-0}" = 1 ] && exit 1
	exit 77
}

limit_of() { # the `# limit: N` line of the first script among the words of the command
	local word
	for word in "$@"; do
		[ -f "$word" ] || continue
		sed -n '1,12s/^# limit: \([0-9]*\)$/\1/p' "$word" 2>/dev/null | grep . && return
	done
	echo 120
}

# Process 1 of the guest, built when it is stale.
build_init() { # PROGRAM SOURCE
	local program=$1
	[ "$program" -nt "$lab/$2" ] && [ "$program" -nt "$lab/guest.c" ] && [ "$program" -nt "$lab/guest.h" ] && return
	command -v cc >/dev/null || no_lab 'a C compiler is missing; ./dev lab installs it (packages gcc, libc6-dev)'
	mkdir -p "${program%/*}" && cc -O2 -Wall -Wextra -static "-I$lab/../.." -o "$program.$$" "$lab/$2" "$lab/guest.c" &&
		mv "$program.$$" "$program"
}

write_command() { # what the inside sources: folder, variables, command
	local name
	{
		printf 'cd %q\n' "$PWD"
		for name in $(compgen -e); do
			case $name in LAB_OUT | LAB) ;; UPTUN* | LAB_*) printf 'export %s=%q\n' "$name" "${!name}" ;; esac
		done
		printf 'export LAB=%q\nset --' "$lab"
		printf ' %q' "$@"
		printf '\n'
	} >"$out/command"
}

keep_logs() {
	local file
	rm -rf "$keep" && mkdir -p "$keep" || return
	for file in "$out"/*; do
		case ${file##*/} in init | inside | command | status | started | seed | *.socket) ;; *) cp -r "$file" "$keep/" ;; esac
	done
}
