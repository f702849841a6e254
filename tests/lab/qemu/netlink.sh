# tests/lab/qemu/netlink.sh - what the kernel's L2TP netlink family shows of the client; for the cases beside it
# SPDX-License-Identifier: Apache-2.0

kernel_state() { # sets KERNEL: tunnels and sessions of the client
	KERNEL=$(ip l2tp show tunnel && ip l2tp show session)
}

kernel_begin() { # before uptun is started
	kernel_state
	KERNEL_BEFORE=$KERNEL
}

kernel_is_as_before() {
	kernel_state
	[ "$KERNEL" = "$KERNEL_BEFORE" ]
}

check_kernel_as_before() { # the kernel ends tunnels some time after it was asked to
	wait_for 3 kernel_is_as_before
	check_equal 'no tunnel and no session is left in the kernel' "$KERNEL_BEFORE" "$KERNEL"
}

check_kernel() { # WHAT WORD...   all of them are shown
	local what=$1 word
	shift
	kernel_state
	for word in "$@"; do
		[[ $KERNEL == *"$word"* ]] || { failed "$what" "no \"$word\" in: $KERNEL"; return 1; }
	done
	passed "$what"
}

read_ids() { # sets TID and SID to the first tunnel and session the kernel shows
	kernel_state
	[[ $KERNEL =~ Tunnel\ ([0-9]+), ]] && TID=${BASH_REMATCH[1]}
	[[ $KERNEL =~ Session\ ([0-9]+)\ in ]] && SID=${BASH_REMATCH[1]}
}
