# tests/lab/leftovers.sh - what a tunnel may leave behind on the client: nothing
# SPDX-License-Identifier: Apache-2.0

shopt -s globstar

client_links() {
	local link
	for link in /sys/class/net/*; do
		printf 'interface %s\n' "${link##*/}"
	done
}

# In one go: `read` seeks back after each line, and the driver's file then forgets what it was about to show.
client_tunnels() {
	local lines line
	[ -r /proc/net/pppol2tp ] || return 0
	mapfile -t lines </proc/net/pppol2tp
	for line in "${lines[@]}"; do
		case $line in TUNNEL\ \'* | *SESSION\ \'*) printf 'kernel %s\n' "${line#"${line%%[! ]*}"}" ;; esac
	done
}

# uptun, its pppd and whatever else they may have started; not the test's own tools.
client_processes() {
	local dir comm
	for dir in /proc/[0-9]*; do
		[ "$dir/ns/net" -ef /run/netns/client ] || continue
		{ read -r comm <"$dir/comm"; } 2>/dev/null || continue
		case $comm in bash | init | tcpdump | ip) ;; *) printf 'process %s\n' "$comm" ;; esac
	done
}

# A TCP connection that was closed as it should be stays for a minute in TIME_WAIT, state 06: nobody's any more.
client_sockets() {
	local table address state _
	for table in udp udp6 raw tcp tcp6; do
		while read -r _ address _ state _; do
			[ "$table$state" = tcp06 ] || [ "$table$state" = tcp606 ] || printf 'socket %s %s\n' $table "$address"
		done <"/proc/net/$table"
	done
}

# The kernel lists PPTP's sockets nowhere; its driver counts them.
client_pptp() {
	local name users _
	while read -r name _ users _; do
		[ "$name" = pptp ] && [ "$users" != 0 ] && printf 'kernel %s PPTP sockets\n' "$users"
	done </proc/modules
	return 0
}

# Whatever was written: to the disk (init.c shows it as /mnt), to /run and /dev/shm. Not counted: pppd's database, and
# its pid files, which it cannot remove when it is killed.
client_files() {
	local file
	for file in /mnt/** /run/* /dev/shm/*; do
		[ -f "$file" ] || continue
		case $file in */pppd2.tdb | /run/ppp*.pid | /mnt"$LAB_OUT"/*) ;; *) printf 'file %s\n' "$file" ;; esac
	done
}

client_routes() {
	printf 'route show table all\nrule show\n' | ip -4 -batch -
	printf 'route show table all\nrule show\n' | ip -6 -batch -
}

client_state() {
	client_links
	client_tunnels
	client_pptp
	client_processes
	client_sockets
	client_files
	client_routes
}

wire_is_up() { # and the kernel has drawn its conclusions, routes among them
	local state
	read -r state </sys/class/net/wan0/operstate && [ "$state" = up ]
}

leftovers_begin() { # call when the server is up and before uptun is started
	wait_for 5 wire_is_up || give_up 'wan0 has no carrier'
	client_state >/run/lab/state-before
}

nothing_left() {
	client_state >/run/lab/state-after
	cmp -s /run/lab/state-before /run/lab/state-after
}

check_nothing_left() { # [SECONDS]   everything is as at leftovers_begin, at the latest after this time
	local asked=${EPOCHREALTIME/./}
	if wait_for "${1:-2}" nothing_left; then
		ms_since "$asked"
		passed "nothing is left behind (seen after $MS ms)"
	else
		failed 'nothing is left behind' 'before (-) and after (+):'
		diff -U0 /run/lab/state-before /run/lab/state-after | sed -n '3,$s/^/        /p'
	fi
}

open_files() { # PID   sets FILES to how many it has open
	local all=(/proc/"$1"/fd/*)
	FILES=${#all[@]}
}
