#!/bin/sh
# purity.sh - the pure libraries may call nothing but memory functions and MD5
# SPDX-License-Identifier: Apache-2.0
#
# usage: purity.sh NM LIBRARY...      exit status 0: pure, 1: not
#
# Every undefined symbol of the libraries that none of them defines must be on the list below.  A library
# without symbols is a failure: a check that looks at nothing proves nothing.
set -eu

nm=$1
shift

allowed='
^mem(cpy|cmp|set|move|chr)(_chk)?$|^__mem(cpy|set|move)_chk$
^str(len|cmp)$
^nettle_md5_(init|update|digest|compress)$
^explicit_bzero$
^__assert_fail$
^_GLOBAL_OFFSET_TABLE_$
^__aeabi_u?l?(i?divmod|ldivmod|mul|lsl|lsr)$|^__(u?(div|mod|divmod)|c[tl]z|ashl|ashr|lshr|mul|popcount)[ds]i[234]$
^__(stack_chk_fail|asan|ubsan|sanitizer|lsan|tsan|msan|gcov|llvm|sancov)
'
pattern=$(printf '%s' "$allowed" | grep -v '^$' | paste -s -d '|')

for library; do
	if [ -z "$("$nm" --defined-only "$library" | awk 'NF == 3')" ] ||
		[ -z "$("$nm" --undefined-only "$library" | awk '$1 == "U"')" ]; then
		echo "$library: no symbols: not a library, or stripped" >&2
		exit 1
	fi
done

defined=$("$nm" --defined-only "$@" | awk 'NF == 3 { print $3 }' | sort -u)
undefined=$("$nm" --undefined-only "$@" | awk 'NF == 2 && $1 == "U" { print $2 }' | sort -u)
foreign=$(printf '%s\n' "$undefined" | grep -vxF -e "$defined" | grep -Ev "$pattern" || true)
if [ -n "$foreign" ]; then
	echo "calls that a pure library does not make:" >&2
	printf '  %s\n' $foreign >&2
	exit 1
fi
echo "pure: $(printf '%s\n' "$undefined" | grep -vxF -e "$defined" | paste -s -d ' ')"
