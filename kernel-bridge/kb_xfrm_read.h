/* kb_xfrm_read.h - policies and associations out of netlink messages, and what they mean for a flow
 * SPDX-License-Identifier: Apache-2.0
 *
 * Shared by kb_xfrm.c and its tests.  Makes no system call.
 */
#ifndef KERNEL_BRIDGE_KB_XFRM_READ_H
#define KERNEL_BRIDGE_KB_XFRM_READ_H

#include "kernel-bridge/kb_netlink.h"
#include "kernel-bridge/kb_xfrm.h"

/* Which packets are meant; ports in host order, addresses as on the wire (IPv4 in the first four octets). */
struct kb_selector {
	sa_family_t family; /* 0: any */
	uint8_t source[16], destination[16];
	uint8_t source_bits, destination_bits;
	uint16_t source_port, source_port_mask, destination_port, destination_port_mask;
	uint8_t protocol; /* 0: any */
	uint32_t ifindex; /* 0: any */
};

enum kb_direction { KB_OUT, KB_IN, KB_OTHER };

struct kb_policy {
	enum kb_direction direction; /* KB_OTHER: forwarded packets, single sockets */
	bool is_main;		     /* of the main database, and not for an XFRM interface */
	struct kb_selector selector;
	uint32_t priority, index, mark, mark_mask;
	enum kb_guard guard; /* what it does with what it covers; never KB_GUARD_NONE */
	struct kb_xfrm_templates templates;
};

struct kb_association {
	bool is_up; /* false: the kernel waits for an IKE daemon to fill it in */
	struct kb_selector selector;
	sa_family_t family;
	uint8_t source[16], destination[16];
	uint32_t spi; /* as on the wire */
	uint8_t protocol, mode;
	uint32_t reqid, mark, mark_mask;
};

/* XFRM_MSG_NEWPOLICY and XFRM_MSG_NEWSA.  -EBADMSG: not understood. */
int kb_policy_parse(const struct nlmsghdr *message, struct kb_policy *out) KB_MUST_USE;
int kb_association_parse(const struct nlmsghdr *message, struct kb_association *out) KB_MUST_USE;

/* Takes one more policy into account; begin with an all-zero kb_protection. */
void kb_protection_add_policy(struct kb_protection *protection, const struct kb_flow *flow,
			      const struct kb_policy *policy);
/* Takes one more association into account, when all policies are. */
void kb_protection_add_association(struct kb_protection *protection, const struct kb_flow *flow,
				   const struct kb_association *association);

#endif
