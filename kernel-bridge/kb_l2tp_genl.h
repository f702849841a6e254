/* kb_l2tp_genl.h - the kernel's generic netlink family "l2tp": requests, answers, notices (linux/l2tp.h)
 * SPDX-License-Identifier: Apache-2.0
 *
 * The kernel takes much that cannot work (lab Q2); what it does not check is refused here, before anything is sent.
 */
#ifndef KERNEL_BRIDGE_KB_L2TP_GENL_H
#define KERNEL_BRIDGE_KB_L2TP_GENL_H

#include "kernel-bridge/kb_datapath.h"
#include "kernel-bridge/kb_netlink.h"

enum { KB_L2TP_VERSION = 2, KB_L2TP_ID_MAX = 65535 };

/* The kernel itself. */
extern const struct kb_netlink_transport kb_l2tp_kernel;

struct kb_l2tp_genl {
	struct kb_netlink *netlink; /* owned; NULL when closed */
	uint16_t family;
	uint32_t group; /* multicast group of its notices; 0: there is none (before Linux 4.0) */
};

/* Finds the family.  -ENOENT: the kernel has none, nor a module that brings it. */
int kb_l2tp_open(const struct kb_netlink_transport *transport, struct kb_l2tp_genl *out,
		 struct kb_error *why) KB_MUST_USE;
/* The same without asking, for who knows the family's number. */
int kb_l2tp_open_known(const struct kb_netlink_transport *transport, uint16_t family,
		       struct kb_l2tp_genl *out, struct kb_error *why) KB_MUST_USE;
void kb_l2tp_close(struct kb_l2tp_genl *genl); /* safe twice */

struct kb_l2tp_tunnel_request {
	int udp_fd; /* connected UDP socket; never -1: the kernel would make one of its own */
	uint32_t local_tid, peer_tid; /* 1 to 65535 */
	unsigned version;	      /* KB_L2TP_VERSION */
};

/* -EEXIST: the id is taken; -EBUSY: the socket has, or had, a tunnel. */
int kb_l2tp_tunnel_create(const struct kb_l2tp_genl *genl, const struct kb_l2tp_tunnel_request *request,
			  struct kb_error *why) KB_MUST_USE;
/* 0 also when it is gone already. */
int kb_l2tp_tunnel_delete(const struct kb_l2tp_genl *genl, uint32_t local_tid, struct kb_error *why);

struct kb_l2tp_session_request {
	uint32_t local_tid, local_sid, peer_sid; /* 1 to 65535 */
	bool send_sequence, expect_sequence, is_lns;
};

int kb_l2tp_session_create(const struct kb_l2tp_genl *genl, const struct kb_l2tp_session_request *request,
			   struct kb_error *why) KB_MUST_USE;
int kb_l2tp_session_delete(const struct kb_l2tp_genl *genl, uint32_t local_tid, uint32_t local_sid,
			   struct kb_error *why);
/* -ENODEV: the kernel has no such session.  A counter that this kernel does not tell is 0. */
int kb_l2tp_session_get(const struct kb_l2tp_genl *genl, uint32_t local_tid, uint32_t local_sid,
			struct kb_session_stats *out, struct kb_error *why) KB_MUST_USE;

/* A socket that hears the family's notices, and the next deletion among them: kb_datapath.h's `watch` and
 * `watch_next`. */
int kb_l2tp_notices_open(const struct kb_netlink_transport *transport, uint32_t group, int *fd,
			 struct kb_error *why) KB_MUST_USE;
int kb_l2tp_notices_next(int fd, struct kb_loss *out) KB_MUST_USE;

#endif
