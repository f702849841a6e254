#!/bin/sh
# mnl_late.sh - uptun starts without libmnl, and says so when it is missing (kernel-bridge/kb_mnl_late.c)
# SPDX-License-Identifier: Apache-2.0
#
# usage: mnl_late.sh UPTUN
#
# --foreground, here and in the other tests of programs: timeout otherwise sends SIGCONT behind its SIGTERM, and what
# ASan does at a program's end to find leaks (it stops it with SIGSTOP and waits) then now and then waits for ever.
set -u
uptun=$1

if readelf -d "$uptun" | grep -q 'NEEDED.*libmnl'; then
	echo "$uptun is linked with libmnl: which of its functions is not in kb_mnl_late.c?"
	exit 1
fi

if ! unshare --user --map-root-user --mount true 2>/dev/null; then
	echo "skipped: no namespace in which libmnl could be hidden"
	exit 77
fi
library=$(/sbin/ldconfig -p | sed -n 's/.*libmnl\.so\.0 .*=> //p' | head -n 1)
said=$(unshare --user --map-root-user --mount sh -c '
	mount --bind /dev/null "$1" &&
	timeout --foreground -k 5 2 "$2" up -v l2tp 127.0.0.1 --port 9 --data-path null' sh "$(readlink -f "$library")" "$uptun" 2>&1)
case $said in
*'libmnl.so.0 is missing'*) exit 0 ;;
*)
	echo "without libmnl.so.0 it says:"
	echo "$said"
	exit 1
	;;
esac
