/* kb_xfrm.h - does IPsec protect a UDP flow?  What the kernel's policies and associations say
 * SPDX-License-Identifier: Apache-2.0
 *
 * A flow is protected when the policies that decide about it, out and in, demand ESP.  Nothing else counts: not that
 * an IKE daemon runs, and not that an association is there, which without a policy carries nothing.
 */
#ifndef KERNEL_BRIDGE_KB_XFRM_H
#define KERNEL_BRIDGE_KB_XFRM_H

#include "kernel-bridge/kb.h"

/* The datagrams of one UDP socket and its peer, both ways. */
struct kb_flow {
	union kb_sockaddr local, peer; /* with ports */
	uint32_t mark;		       /* of the socket; taken for that of incoming packets too */
	uint32_t ifindex; /* of the way to the peer; 0: not known, matches no policy of one interface */
};

/* What the deciding policy does with a packet, from the least protection to the most. */
enum kb_guard {
	KB_GUARD_NONE,	 /* no policy: in clear */
	KB_GUARD_BYPASS, /* one that lets it pass in clear */
	KB_GUARD_WEAK,	 /* one that does not demand ESP: AH only, or ESP at will */
	KB_GUARD_BLOCK,
	KB_GUARD_ESP,
	KB_GUARD_N
};

/* What keeps a policy that demands ESP from covering the flow, when everything else fits. */
enum { KB_MISS_LOCAL_PORT = 1, KB_MISS_PEER_PORT = 2, KB_MISS_MARK = 4, KB_MISS_FLOW = 8 };

/* Transforms that a policy demands, as the kernel holds them (struct xfrm_user_tmpl). */
enum { KB_XFRM_TEMPLATES = 6, KB_XFRM_TEMPLATE_OCTETS = 64 };
struct kb_xfrm_templates {
	unsigned n;
	uint8_t octets[KB_XFRM_TEMPLATES * KB_XFRM_TEMPLATE_OCTETS];
};

/* One direction of a flow. */
struct kb_guarded {
	enum kb_guard guard;
	uint32_t priority, index; /* of the deciding policy */
	uint32_t mark;		  /* that its associations must accept */
	struct kb_xfrm_templates templates;
	unsigned associated; /* bit i: an association for template i can be used */
	/* The policy that nearly covers it; 0: there is none. */
	unsigned near_misses;
	uint16_t near_local_port, near_peer_port;
};

struct kb_protection {
	struct kb_guarded out, in;
};

/* The policies demand ESP in both directions. */
bool kb_protection_is_whole(const struct kb_protection *protection);
/* ... and associations are there for all they demand: packets can flow. */
bool kb_protection_is_usable(const struct kb_protection *protection);

/* Is anybody there to make policies with, netlink's module or the older PF_KEY's?  Asking the kernel for policies
 * would load the former, which takes longer than a tunnel does.  Any UDP socket does to ask with; it stays as it is.
 * False without CAP_NET_ADMIN: then nobody is told of policies either. */
bool kb_xfrm_is_loaded(int udp_fd);

/* Are there policies at all, in the least time?  True also when this cannot be told.  `*fd`, at first -1, becomes the
 * socket that is asked, for the next time; the caller closes it. */
bool kb_xfrm_has_policies(int *fd);

/* A netlink socket to ask with.  -EPROTONOSUPPORT: the kernel has no IPsec, or no netlink for it. */
struct kb_xfrm;
int kb_xfrm_new(struct kb_xfrm **out, struct kb_error *why) KB_MUST_USE;
struct kb_xfrm *kb_xfrm_free(struct kb_xfrm *x); /* returns NULL */

/* Applies the kernel's rules to its policies: the lowest priority that matches decides.  Of several with the same
 * priority the one that protects least is taken to decide, since the kernel's order among them is not told.
 * Policies for packets of XFRM interfaces and those of single sockets are not looked at. */
int kb_xfrm_look(struct kb_xfrm *x, const struct kb_flow *flow, struct kb_protection *out,
		 struct kb_error *why) KB_MUST_USE;

/* Fixes what was found to the socket as its own policies: from here on the kernel neither sends nor hands over
 * anything of this socket, or of the kernel tunnel on it, that has not gone through the same transforms, also
 * when the system's policies are deleted. */
int kb_xfrm_hold(int udp_fd, sa_family_t family, const struct kb_protection *protection,
		 struct kb_error *why) KB_MUST_USE;

/* A descriptor that is readable when a policy or an association came, went, changed or expired: look again. */
int kb_xfrm_monitor_new(int *fd, struct kb_error *why) KB_MUST_USE;
/* Takes the news away, unread: they carry keys. */
void kb_xfrm_monitor_drain(int fd);

#endif
