#!/bin/sh
# units.sh - the service's units are what systemd understands, and their sandbox is as tight as it was
# SPDX-License-Identifier: Apache-2.0
#
# usage: units.sh UPTUN.SERVICE SOURCE-FOLDER
#
# Prints the score of `systemd-analyze security`, 0 to 10, and fails above the limit.  Exit 77 where there is no systemd-analyze that can judge a file.
set -eu
unit=$1
source=$2
limit=29 # tenths

systemd-analyze security --help 2>/dev/null | grep -q -- --offline || {
	echo 'skipped: systemd-analyze is not here, or cannot judge files'
	exit 77
}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

cp "$source/uptun.socket" "$dir"
cp "$unit" "$dir/uptun.service"
systemd-analyze security --offline=true --no-pager --threshold=$limit "$dir/uptun.service" | tail -1

# Understood as a whole: the program itself need not be installed.
sed 's|^ExecStart=[^ ]*|ExecStart=/bin/true|' "$unit" > "$dir/uptun.service"
systemd-analyze verify --man=no "$dir/uptun.service" "$dir/uptun.socket"

mkdir "$dir/etc"
systemd-sysusers --root="$dir" "$source/sysusers.conf"
grep -q '^uptun:.*:/usr/sbin/nologin$' "$dir/etc/passwd"
grep -q '^uptun:' "$dir/etc/group"
systemd-tmpfiles --root="$dir" --create "$source/tmpfiles.conf"
[ "$(stat -c %a "$dir/etc/uptun")" = 700 ]
