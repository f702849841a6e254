#!/bin/bash
# front_documents.sh - the manual pages and --help say the same, and are well-formed
# SPDX-License-Identifier: Apache-2.0
#
# usage: front_documents.sh UPTUN      from the project's folder; 77: no mandoc, so the pages were not linted
set -u

PATH=$(dirname "$1"):$PATH
failures=0

fail() {
	printf 'FAILED: %s\n' "$*" >&2
	failures=$((failures + 1))
}

# Made anew, the documents are as they are.
while read -r file command; do
	case $file in '' | '#'*) continue ;; esac
	sh -c "$command" | cmp -s - "$file" || fail "$file is not what its program prints; ./dev docs writes it anew"
done <docs/generated

command -v mandoc >/dev/null || { [ $failures -eq 0 ] && echo 'skipped: no mandoc' && exit 77; exit 1; }
mandoc -T lint -W warning docs/man/*.[1-8] || fail 'mandoc has complaints'

# Every option of --help is in the page, and the other way round, counted as often as commands have it.
options() { grep -oE -- '(^|[ ,])--[a-z][a-z-]*' | tr -d ' ,' | sort; }
page=$(mandoc -T ascii docs/man/uptun.8 | sed 's/.\x08//g' | sed -n '/^COMMANDS/,/^ENVIRONMENT/p')
for command in up mtpd decode replay daemon status list down logs log-level metrics version help; do
	in_help=$(uptun $command --help | grep -E '^  (-[a-z], )?--' | sed 's/^  \(-[a-z], \)\{0,1\}\(--[a-z-]*\).*/\2/' | options)
	in_page=$(printf '%s\n' "$page" | sed -n "/^   uptun $command\$/,/^   uptun /p" |
		grep -E '^     (-[a-z], )?--[a-z]' | sed 's/^     \(-[a-z], \)\{0,1\}\(--[a-z-]*\).*/\2/' | options)
	[ "$in_help" = "$in_page" ] || fail "$command: --help has ($in_help), the page has ($in_page)"
done

[ "$failures" -eq 0 ]
