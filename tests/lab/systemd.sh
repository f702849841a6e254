# tests/lab/systemd.sh - a live systemd on the client, with what `cmake --install` installs; for cases of the QEMU guest
# SPDX-License-Identifier: Apache-2.0
#
# It is process 1 of a process namespace of its own, over a cgroup of its own, and knows the units that we install,
# Debian's targets and journal, and nothing else of the machine's.

UNITS=/run/lab/units DROP_IN=/etc/systemd/system/uptun.service.d
JOURNAL=$LAB_OUT/journal.log

systemd_install() { # the program, its units, its user and its folder, as a package would
	cmake --install "${UPTUN%/bin/*}" >"$LAB_OUT/install.log" 2>&1 || give_up 'cmake --install has failed'
	UPTUN=/usr/local/sbin/uptun
	unset UPTUN_PLUGIN_DIR
	rm -f /etc/shadow /etc/gshadow # an ordinary user's guest could not read the machine's
	systemd-sysusers /usr/local/lib/sysusers.d/uptun.conf || give_up 'systemd-sysusers has failed'
	systemd-tmpfiles --create /usr/local/lib/tmpfiles.d/uptun.conf || give_up 'systemd-tmpfiles has failed'
}

# The kernel starts modprobe in the root folder of its own threads, where the guest's drivers came from.
kernel_loads_modules() {
	ln -sfn /mnt/root/usr /proc/2/root/usr
	ln -sfn usr/sbin /proc/2/root/sbin
	ln -sfn usr/lib /proc/2/root/lib
	ln -sfn usr/lib64 /proc/2/root/lib64
}

systemd_units() {
	local unit
	mkdir -p "$UNITS" /run/lab/none
	mount -t tmpfs tmpfs /etc/systemd/system
	for unit in {basic,sysinit,sockets,network,nss-lookup,shutdown,multi-user,slices,paths,timers}.target \
		systemd-journald.{service,socket}; do
		cp "/lib/systemd/system/$unit" "$UNITS/" || give_up "systemd of this machine has no $unit"
	done
	mkdir "$UNITS/sysinit.target.wants"
	ln -s ../systemd-journald.service "$UNITS/sysinit.target.wants/"
}

systemd_cgroup() {
	mount -t cgroup2 cgroup2 /sys/fs/cgroup
	echo '+pids +memory' >/sys/fs/cgroup/cgroup.subtree_control
	mkdir /sys/fs/cgroup/lab
}

systemd_up() {
	systemd_units
	systemd_cgroup
	export SYSTEMD_UNIT_PATH=/etc/systemd/system:$UNITS:/usr/local/lib/systemd/system
	(
		echo 0 >/sys/fs/cgroup/lab/cgroup.procs
		exec env container=lab SYSTEMD_GENERATOR_PATH=/run/lab/none \
			unshare --pid --mount --uts --cgroup --fork bash -c 'mount -t proc proc /proc &&
				umount /sys/fs/cgroup && mount -t cgroup2 cgroup2 /sys/fs/cgroup &&
				exec /lib/systemd/systemd --system --unit=multi-user.target --show-status=no'
	) >"$LAB_OUT/systemd.log" 2>&1 &
	wait_for 30 systemd_is_up || give_up 'systemd does not come up'
}

systemd_is_up() {
	[ -d /run/systemd/system ] && pids_of systemd client && systemd_pid=${PIDS[0]} &&
		[ "$(systemctl is-system-running 2>/dev/null)" = running ]
}

# systemd answers only whom it can see.
systemctl() {
	nsenter --target "$systemd_pid" --pid --mount --root systemctl "$@"
}

systemd_set() { # LINE   in [Service] of uptun.service, before it is started
	mkdir -p $DROP_IN
	printf '[Service]\n%s\n' "$1" >$DROP_IN/lab.conf
	systemctl daemon-reload
}

service() { # PROPERTY   sets VALUE: what systemd says of uptun.service
	VALUE=$(systemctl show -P "$1" uptun.service)
}

service_is() { # PROPERTY VALUE
	service "$1"
	[ "$VALUE" = "$2" ]
}

journal() { # what the service has said so far, and systemd of it
	journalctl --quiet --no-pager --directory /run/log/journal --output verbose --output-fields MESSAGE,UPTUN_NAME \
		_SYSTEMD_UNIT=uptun.service + UNIT=uptun.service >"$JOURNAL"
}

journal_has() { # TEXT
	journal
	file_has "$JOURNAL" "$1"
}
