/* system.h - what a host asks of the machine it runs on: names, pppd, links, routes, the keeper
 * SPDX-License-Identifier: Apache-2.0
 *
 * The real one stands on the kernel bridge (system_linux.c); tests put one of their own in its place, and so can
 * let every single call fail.  Functions return 0 or -errno and, on failure, say why.
 */
#ifndef CLI_HOST_SYSTEM_H
#define CLI_HOST_SYSTEM_H

#include "kernel-bridge/kb_net.h"
#include "kernel-bridge/kb_pppd.h"
#include "kernel-bridge/kb_xfrm.h"

struct host_query; /* a name being resolved */

struct host_system_ops {
	/* Looks up the addresses of `name` without blocking; `*fd` is readable when they are there, -1 when they
	 * are at once. */
	int (*resolve)(void *self, const char *name, uint16_t port, struct host_query **out, int *fd,
		       struct kb_error *why);
	/* How many addresses were written, at least 1 and at most `cap`; 0 when there is none yet. */
	int (*resolved)(void *self, struct host_query *query, union kb_sockaddr *out, size_t cap,
			struct kb_error *why);
	/* Ends it, whatever has become of it; unwatch its descriptor first. */
	void (*resolve_end)(void *self, struct host_query *query);

	/* kb_pppd.h; the keeper is told. */
	int (*ppp_start)(void *self, const struct kb_pppd_request *request, struct kb_pppd *out,
			 struct kb_error *why);
	int (*ppp_report)(void *self, const struct kb_pppd *pppd, struct kb_pppd_report *out);
	void (*ppp_stop)(void *self, const struct kb_pppd *pppd);
	void (*ppp_kill)(void *self, const struct kb_pppd *pppd);
	/* 1 and the wait status of an ended pppd; 0 while it runs. */
	int (*ppp_wait)(void *self, const struct kb_pppd *pppd, int *wstatus);
	/* Closes the descriptors of a pppd; one that has not been waited for (pid not -1) is killed first. */
	void (*ppp_close)(void *self, struct kb_pppd *pppd);

	/* kb_net.h; of routes the keeper is told. */
	int (*link_get)(void *self, const char *name, struct kb_link *out, struct kb_error *why);
	int (*link_by_index)(void *self, uint32_t index, struct kb_link *out, struct kb_error *why);
	int (*link_address4)(void *self, uint32_t index, struct in_addr *local, struct in_addr *peer,
			     struct kb_error *why);
	int (*route_add)(void *self, const struct kb_route *route, struct kb_error *why);
	int (*route_del)(void *self, const struct kb_route *route, struct kb_error *why);
	int (*route_lookup)(void *self, const union kb_sockaddr *to, uint32_t mark, uint32_t oif,
			    struct kb_route *out, struct kb_error *why);

	/* Listens to changes of the network; `*fd` is readable when there is one. */
	int (*monitor)(void *self, int *fd, struct kb_error *why);
	/* 1 and a change; 0 when there is none now. */
	int (*monitor_next)(void *self, struct kb_change *out);

	/* kb_xfrm.h.  With any UDP socket; false: there are no policies, as can be told without loading the kernel's module for them */
	bool (*protection_is_likely)(void *self, int udp_fd);
	int (*protection)(void *self, const struct kb_flow *flow, struct kb_protection *out,
			  struct kb_error *why);
	int (*protection_hold)(void *self, int udp_fd, sa_family_t family,
			       const struct kb_protection *protection, struct kb_error *why);
	/* Listens to changes of it; `*fd` is readable when there are some, until they are taken. */
	int (*protection_watch)(void *self, int *fd, struct kb_error *why);
	void (*protection_news)(void *self);
};

struct host_system {
	const struct host_system_ops *ops;
	void *self;
};

/* Who starts pppds, and undoes what we made when we die without a chance to.  The functions are those of
 * host_system_ops; a route is kept before it is made, and forgotten after it is deleted. */
struct host_launch_ops {
	int (*ppp_start)(void *self, const struct kb_pppd_request *request, struct kb_pppd *out,
			 struct kb_error *why);
	void (*ppp_stop)(void *self, const struct kb_pppd *pppd);
	void (*ppp_kill)(void *self, const struct kb_pppd *pppd);
	int (*ppp_wait)(void *self, const struct kb_pppd *pppd, int *wstatus);
	void (*ppp_close)(void *self, struct kb_pppd *pppd);
	int (*route_keep)(void *self, const struct kb_route *route, struct kb_error *why);
	void (*route_forget)(void *self, const struct kb_route *route);
};

struct host_launch {
	const struct host_launch_ops *ops; /* NULL: the process itself, and a keeper of its own */
	void *self;
};

/* The real one, by another's hand.  host_system_linux_free() takes it too, and leaves `launch->self` alone. */
int host_system_linux_by(const struct host_launch *launch, struct host_system *out,
			 struct kb_error *why) KB_MUST_USE;

/* The real one.  host_system_linux_free() takes what it made, or an all-zero host_system. */
int host_system_linux_new(struct host_system *out, struct kb_error *why) KB_MUST_USE;
void host_system_linux_free(struct host_system *system);

#endif
