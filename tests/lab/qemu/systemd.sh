#!/usr/bin/env bash
# systemd.sh - the service as it is installed, under a live systemd: up within its fences, brought back, stopped without a trace
# SPDX-License-Identifier: Apache-2.0
# limit: 300
# without ASan
[ -n "${LAB:-}" ] || exec "${0%/*}/../run-qemu" "$0" "$@"
. "$LAB/lib.sh"
. "$LAB/pptpd.sh"
. "$LAB/systemd.sh"

STRANGER=12345
FENCE_TENTHS=27 # what systemd-analyze says of the unit, at most
watchdog_s=6

write_profiles() {
	cat >/etc/uptun/office.textproto <<-END
		name: "office"
		server: "$SERVER"
		default_route: true
		session { user: "joe" password: "$PASSWORD" interface_name: "ppp-l" }
	END
	printf %s "$PASSWORD" >/etc/uptun/password
	cat >/etc/uptun/plant.textproto <<-END
		name: "plant"
		server: "$SERVER"
		pptp { }
		session { user: "joe" password_file: "/etc/uptun/password" interface_name: "ppp-p" mppe: REQUIRE }
	END
	chmod 600 /etc/uptun/*
}

# Debian's own, which put the server's name servers into /etc/resolv.conf.
write_scripts() {
	local name
	mkdir /run/lab/root
	mount --bind / /run/lab/root
	for name in ip-up ip-down ip-up.d ip-down.d; do
		cp -r "/run/lab/root/etc/ppp/$name" /etc/ppp/
	done
	umount /run/lab/root
	rm -f /etc/resolv.conf
	echo 'nameserver 192.0.2.53' >/etc/resolv.conf
}

both_up() {
	ppp_is_up ppp-l && ppp_is_up ppp-p
}

check_both_up() { # SINCE-WHEN
	local since=${EPOCHREALTIME/./}
	wait_for 30 both_up || { journal; give_up "both tunnels are up $1"; }
	ms_since "$since"
	passed "both tunnels are up $1 ($MS ms)"
	check 'the far net is reached' reaches $FAR
}

find_processes() { # sets DAEMON, LAUNCHER, PPPDS
	pids_of uptun-daemon client && DAEMON=${PIDS[0]}
	pids_of uptun-launcher client && LAUNCHER=${PIDS[0]}
	pids_of pppd client && PPPDS=("${PIDS[@]}")
}

is_another() { # PID   the daemon is another one than this, and ready
	pids_of uptun-daemon client && [ "${PIDS[*]}" != "$1" ] && service_is ActiveState active
}

check_brought_back() { # WHAT RESTARTS   after the daemon $DAEMON has ended
	local before=$DAEMON
	check "$1: the service is started again" wait_for 45 is_another "$before"
	service NRestarts
	check_equal 'and this is counted' "$2" "$VALUE"
	check_both_up 'again'
	find_processes
	check_equal 'one pppd a tunnel, none of the old ones' 2 "${#PPPDS[@]}"
}

as_user() { # USER GROUPS COMMAND...
	local user=$1 groups=$2
	shift 2
	setpriv --reuid "$user" --regid "$user" --groups "$groups" "$@"
}

answers() { # the daemon, to root
	"$UPTUN" list >/dev/null
}

check_secrets() {
	local found
	journal
	check_has_not 'no password is in the journal' "$JOURNAL" "$PASSWORD"
	found=$(grep -la "$PASSWORD" /proc/{$DAEMON,$LAUNCHER,${PPPDS[0]},${PPPDS[1]}}/{cmdline,environ})
	check_equal 'nor in a command line or an environment' '' "$found"
	found=$(as_user uptun uptun cat /etc/uptun/{office.textproto,password} 2>/dev/null)
	check_equal "nor may the daemon's own user read it any more" '' "$found"
	check_has 'nor could a core file have them' "/proc/$DAEMON/limits" 'Max core file size        0                    0'
}

# ---- installed, and started with no driver loaded

systemd_install
write_scripts
server_up --auth chap --ppp 'ms-dns 10.20.0.53'
pptpd_up --mppe
kernel_loads_modules
modprobe -r l2tp_ppp l2tp_netlink pptp pppox
check 'no driver is loaded' test ! -e /sys/module/pppox
systemd_up
write_profiles
systemd_set "WatchdogSec=$watchdog_s" # the unit says 30
check_equal 'profiles are read by root alone' '700 root' "$(stat -c '%a %U' /etc/uptun)"
leftovers_begin

check 'systemctl start succeeds' systemctl start uptun.service
check 'by then the daemon answers' answers
service_is ActiveState active || failed 'the service is active' "$VALUE"
check 'the kernel has loaded what the service may not' test -e /sys/module/l2tp_ppp -a -e /sys/module/pptp
check_both_up 'by the profiles of its folder'
"$UPTUN" status office >"$LAB_OUT/office.log"
check_has 'the data path is netlink' "$LAB_OUT/office.log" 'data path   netlink'
check_has 'the name servers are told' "$LAB_OUT/office.log" 'DNS 10.20.0.53'
check_equal 'and the system stays with its own' 'nameserver 192.0.2.53' "$(cat /etc/resolv.conf)"

# ---- its fences, as the kernel has them

find_processes
check_has 'the daemon is the user uptun' "/proc/$DAEMON/status" "Uid:	$(id -u uptun)	$(id -u uptun)"
check_has 'has one capability' "/proc/$DAEMON/status" 'CapEff:	0000000000001000'
check_has 'the launcher has four' "/proc/$LAUNCHER/status" 'CapBnd:	00000000000011c0'
for pid in "$DAEMON" "$LAUNCHER" "${PPPDS[@]}"; do
	check_has "$(cat "/proc/$pid/comm") has filters" "/proc/$pid/status" 'Seccomp:	2'
	check_has 'and gains nothing by execution' "/proc/$pid/status" 'NoNewPrivs:	1'
done
check 'systemd counts it as little exposed' systemd-analyze security --offline=true --threshold=$FENCE_TENTHS \
	/usr/local/lib/systemd/system/uptun.service >"$LAB_OUT/fences.log" 2>&1
check_secrets

# ---- who may ask

check_equal 'the socket is for root and the group' '660 root uptun' "$(stat -c '%a %U %G' /run/uptun.sock)"
check 'a member of the group is answered' as_user $STRANGER uptun "$UPTUN" list >/dev/null
as_user $STRANGER $STRANGER "$UPTUN" list >/dev/null 2>"$LAB_OUT/stranger.log"
check_equal 'a stranger is not' 1 $?
journal
check_has 'the journal has fields to look for' "$JOURNAL" 'UPTUN_NAME=office'

# ---- it goes wrong

service WatchdogTimestampMonotonic
alive_at=$VALUE
heard_again() { ! service_is WatchdogTimestampMonotonic "$alive_at"; }
check 'the watchdog hears of it' wait_for $((watchdog_s * 2)) heard_again
kill -STOP "$DAEMON"
check_brought_back 'hung' 1
check 'the journal says why' journal_has 'Watchdog timeout'
kill -KILL "$DAEMON"
check_brought_back 'killed' 2

# ---- stopped

asked=${EPOCHREALTIME/./}
check 'systemctl stop succeeds' systemctl stop uptun.service 2>/dev/null
ms_since "$asked"
check_at_most 'within some seconds, in ms' 15000 $MS
service Result
check_equal 'in good order' success "$VALUE"
check_nothing_left 5
check_equal '/etc/resolv.conf was never touched' 'nameserver 192.0.2.53' "$(cat /etc/resolv.conf)"

check 'whoever asks starts it again' answers
check_both_up 'again'
check 'it is stopped with its socket' systemctl stop uptun.socket uptun.service
check 'which is gone' test ! -e /run/uptun.sock
check_nothing_left 5
