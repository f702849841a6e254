/* fake_l2tp.h - a process that stands in for the kernel's "l2tp" netlink family, on any kernel
 * SPDX-License-Identifier: Apache-2.0
 *
 * It listens on NETLINK_USERSOCK, which every kernel lets processes talk over.  What it says is written here, so it
 * proves how we read and ask; that the kernel really is so is proved in the lab's QEMU guest.
 */
#ifndef TESTS_KERNEL_BRIDGE_FAKE_L2TP_H
#define TESTS_KERNEL_BRIDGE_FAKE_L2TP_H

#include "kernel-bridge/kb_netlink.h"

#include <sys/types.h>

enum { FAKE_FAMILY = 0x20, FAKE_GROUP = 9 };

/* Ids that it knows; others are unknown to it. */
enum {
	FAKE_TID = 0x1234,
	FAKE_PEER_TID = 0x4321,
	FAKE_TID_TAKEN = 0x7001, /* EEXIST */
	FAKE_TID_BUSY = 0x7002,	 /* EBUSY */
	FAKE_TID_WORDS = 0x7003, /* ERANGE, with FAKE_WORDS */
	FAKE_SID = 0x0102,	 /* every counter: its type times 1000 */
	FAKE_PEER_SID = 0x0a0b,
	FAKE_SID_SOME = 0x0201, /* TX_PACKETS 5, and one nobody knows */
	FAKE_SID_NONE = 0x0202, /* no STATS at all */
	FAKE_SID_SHORT = 0x0203 /* a counter of four octets */
};
#define FAKE_WORDS "Attribute failed policy validation"

enum fake_family { FAKE_IS_THERE, FAKE_IS_ABSENT, FAKE_HAS_NO_GROUP, FAKE_HAS_SHORT_ID };

/* What both processes see. */
struct fake_shared {
	enum fake_family family;
	unsigned requests; /* to the family itself */
};

struct fake_l2tp {
	pid_t pid;
	struct kb_netlink_transport transport;
	struct fake_shared *shared;
};

struct fake_l2tp fake_l2tp_start(void);
void fake_l2tp_end(struct fake_l2tp *fake);

/* Tells its group of something, as the kernel does: `octets` are sent as they stand. */
void fake_l2tp_tell(const struct fake_l2tp *fake, const void *octets, size_t n);

#endif
