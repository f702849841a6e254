/* kb_net.h - links, addresses and routes through rtnetlink
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNEL_BRIDGE_KB_NET_H
#define KERNEL_BRIDGE_KB_NET_H

#include "kernel-bridge/kb.h"

#include <net/if.h>

struct kb_prefix {
	sa_family_t family; /* AF_INET or AF_INET6 */
	uint8_t length;	    /* bits */
	uint8_t address[16];
};

/* One route of ours.  All are made with protocol KB_ROUTE_PROTOCOL, so that they can be told. */
enum { KB_ROUTE_PROTOCOL = 117 };
struct kb_route {
	struct kb_prefix to;
	bool has_gateway;
	uint8_t gateway[16]; /* of `to.family` */
	uint32_t ifindex;
	uint32_t table;	    /* 0: main */
	uint32_t metric;    /* 0: the kernel's default */
	uint8_t source[16]; /* preferred source, all zero: none */
	bool has_source;
};

struct kb_link {
	uint32_t index;
	char name[IF_NAMESIZE];
	bool is_up, has_carrier;			       /* IFF_UP; IFF_RUNNING/LOWER_UP */
	uint32_t mtu;					       /* octets */
	bool is_ppp;					       /* ARPHRD_PPP */
	uint64_t tx_packets, tx_octets, rx_packets, rx_octets; /* what it has carried */
};

/* A netlink socket for requests (blocking, answered at once) ... */
struct kb_netlink;
int kb_netlink_new(struct kb_netlink **out, struct kb_error *why) KB_MUST_USE;
struct kb_netlink *kb_netlink_free(struct kb_netlink *nl); /* returns NULL */

int kb_link_get(struct kb_netlink *nl, const char *name, struct kb_link *out,
		struct kb_error *why) KB_MUST_USE;
int kb_link_by_index(struct kb_netlink *nl, uint32_t index, struct kb_link *out,
		     struct kb_error *why) KB_MUST_USE;

/* The first IPv4 local and peer address of a link; -EADDRNOTAVAIL when it has none. */
int kb_link_address4(struct kb_netlink *nl, uint32_t index, struct in_addr *local, struct in_addr *peer,
		     struct kb_error *why) KB_MUST_USE;

/* Do both name the same route of the kernel? */
bool kb_route_is_same(const struct kb_route *a, const struct kb_route *b);

/* Adds (fails with -EEXIST when it is there), deletes (0 also when it is gone). */
int kb_route_add(struct kb_netlink *nl, const struct kb_route *route, struct kb_error *why) KB_MUST_USE;
int kb_route_del(struct kb_netlink *nl, const struct kb_route *route, struct kb_error *why) KB_MUST_USE;

/* How the kernel would send to `to` (source, mark and output interface as the socket has them; 0: none):
 * fills `out` with the host route that pins this way (to/32 or /128, gateway, interface, source). */
int kb_route_lookup(struct kb_netlink *nl, const union kb_sockaddr *to, uint32_t mark, uint32_t oif,
		    struct kb_route *out, struct kb_error *why) KB_MUST_USE;

/* ... and one that listens to changes (non-blocking). */
enum kb_change_kind {
	KB_CHANGE_LINK, /* a link is new or differs: `link` */
	KB_CHANGE_LINK_GONE,
	KB_CHANGE_ADDRESS, /* an address came: `link.index`, `family`, `address` (4 or 16 octets) */
	KB_CHANGE_ADDRESS_GONE,
	KB_CHANGE_ROUTE, /* some route came or went: the way to the server may differ now */
	KB_CHANGE_LOST	 /* the kernel dropped notices (ENOBUFS): ask again for what matters */
};
struct kb_change {
	enum kb_change_kind kind;
	struct kb_link link;
	sa_family_t family;
	uint8_t address[16], peer[16];
};
struct kb_monitor;
int kb_monitor_new(struct kb_monitor **out, struct kb_error *why) KB_MUST_USE;
int kb_monitor_fd(const struct kb_monitor *monitor);
/* 1 and a change; 0 when there is none now; -errno. */
int kb_monitor_next(struct kb_monitor *monitor, struct kb_change *out) KB_MUST_USE;
struct kb_monitor *kb_monitor_free(struct kb_monitor *monitor); /* returns NULL */

#endif
