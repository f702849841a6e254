/* system_linux.c - the machine a host runs on, by way of the kernel bridge
 * SPDX-License-Identifier: Apache-2.0
 *
 * The keeper is started before the first thing that would outlive us, and told of each: of a route before it is
 * made, of a pppd as soon as it has a number (until then its plugin ends it).
 */
#include "cli/host/host_memory.h"
#include "cli/host/system.h"

#include "kernel-bridge/kb_keeping.h"
#include "kernel-bridge/kb_resolve.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

struct linux_system {
	struct kb_netlink *netlink; /* NULL: not asked yet */
	struct kb_monitor *monitor;
	struct kb_xfrm *xfrm; /* NULL: not asked yet */
	int xfrm_fd;	      /* of its news; -1: not listened to */
	int policies_fd;      /* asked whether there are policies; -1: not yet */
	struct host_launch launch;
	struct kb_keeping keeping; /* of the process itself */
};

struct host_query {
	struct kb_resolve resolve;
};

/* ---- names ---- */

static void
linux_resolve_end(void *self, struct host_query *query)
{
	(void)self;
	kb_resolve_cancel(&query->resolve);
	host_memory_free(query, sizeof *query);
}

static int
linux_resolve(void *self, const char *name, uint16_t port, struct host_query **out, int *fd,
	      struct kb_error *why)
{
	struct host_query *query = host_memory_new(sizeof *query);

	if (query == NULL)
		return kb_fail(why, ENOMEM, "no memory to look up \"%s\"", name);
	(void)self;
	const int r = kb_resolve_start(&query->resolve, name, port, AF_UNSPEC, why);
	if (r < 0) {
		host_memory_free(query, sizeof *query);
		return r;
	}
	*out = query;
	*fd = kb_resolve_fd(&query->resolve);
	return 0;
}

static int
linux_resolved(void *self, struct host_query *query, union kb_sockaddr *out, size_t cap, struct kb_error *why)
{
	const int r = kb_resolve_finish(&query->resolve, out, cap, why);

	(void)self;
	return r == -EAGAIN ? 0 : r;
}

/* ---- by ourselves and a keeper ---- */

static int
own_ppp_start(void *self, const struct kb_pppd_request *request, struct kb_pppd *out, struct kb_error *why)
{
	struct linux_system *s = self;
	int r = kb_keeping_start(&s->keeping, why);

	if (r == 0)
		r = kb_pppd_start(request, out, why);
	if (r == 0 && kb_keeping_add_child(&s->keeping, out->pid, NULL) < 0)
		return 0; /* the plugin ends pppd without it, too */
	return r;
}

static void
own_ppp_stop(void *self, const struct kb_pppd *pppd)
{
	(void)self;
	kb_pppd_stop(pppd);
}

static void
own_ppp_kill(void *self, const struct kb_pppd *pppd)
{
	(void)self;
	kb_pppd_kill(pppd);
}

static int
own_ppp_wait(void *self, const struct kb_pppd *pppd, int *wstatus)
{
	struct linux_system *s = self;
	const int r = kb_pppd_wait(pppd, wstatus);

	if (r != 0)
		kb_keeping_forget_child(&s->keeping, pppd->pid);
	return r;
}

/* SIGTERM first: pppd then takes its interface's addresses and its files away itself. */
static void
end_pppd(struct linux_system *s, const struct kb_pppd *pppd)
{
	enum { GOODBYE_MS = 500, DYING_MS = 1000 };
	struct pollfd ended = { .fd = pppd->pidfd, .events = POLLIN };
	int wstatus;

	kb_pppd_stop(pppd);
	if (poll(&ended, 1, GOODBYE_MS) == 0) {
		kb_pppd_kill(pppd);
		(void)poll(&ended, 1, DYING_MS);
	}
	(void)own_ppp_wait(s, pppd, &wstatus);
}

static void
own_ppp_close(void *self, struct kb_pppd *pppd)
{
	if (pppd->pid > 0)
		end_pppd(self, pppd);
	kb_pppd_close(pppd);
	*pppd = KB_PPPD_NULL;
}

static int
own_route_keep(void *self, const struct kb_route *route, struct kb_error *why)
{
	struct linux_system *s = self;

	return kb_keeping_add_route(&s->keeping, route, why);
}

static void
own_route_forget(void *self, const struct kb_route *route)
{
	struct linux_system *s = self;

	kb_keeping_forget_route(&s->keeping, route);
}

static const struct host_launch_ops own_ops = {
	.ppp_start = own_ppp_start,
	.ppp_stop = own_ppp_stop,
	.ppp_kill = own_ppp_kill,
	.ppp_wait = own_ppp_wait,
	.ppp_close = own_ppp_close,
	.route_keep = own_route_keep,
	.route_forget = own_route_forget,
};

/* ---- pppd ---- */

static int
linux_ppp_start(void *self, const struct kb_pppd_request *request, struct kb_pppd *out, struct kb_error *why)
{
	const struct linux_system *s = self;

	return s->launch.ops->ppp_start(s->launch.self, request, out, why);
}

static int
linux_ppp_report(void *self, const struct kb_pppd *pppd, struct kb_pppd_report *out)
{
	(void)self;
	return kb_pppd_report(pppd, out);
}

static void
linux_ppp_stop(void *self, const struct kb_pppd *pppd)
{
	const struct linux_system *s = self;

	s->launch.ops->ppp_stop(s->launch.self, pppd);
}

static void
linux_ppp_kill(void *self, const struct kb_pppd *pppd)
{
	const struct linux_system *s = self;

	s->launch.ops->ppp_kill(s->launch.self, pppd);
}

static int
linux_ppp_wait(void *self, const struct kb_pppd *pppd, int *wstatus)
{
	const struct linux_system *s = self;

	return s->launch.ops->ppp_wait(s->launch.self, pppd, wstatus);
}

static void
linux_ppp_close(void *self, struct kb_pppd *pppd)
{
	const struct linux_system *s = self;

	s->launch.ops->ppp_close(s->launch.self, pppd);
}

/* ---- links and routes ---- */

static int
need_netlink(struct linux_system *s, struct kb_error *why)
{
	return s->netlink != NULL ? 0 : kb_netlink_new(&s->netlink, why);
}

static int
linux_link_get(void *self, const char *name, struct kb_link *out, struct kb_error *why)
{
	struct linux_system *s = self;
	const int r = need_netlink(s, why);

	return r < 0 ? r : kb_link_get(s->netlink, name, out, why);
}

static int
linux_link_by_index(void *self, uint32_t index, struct kb_link *out, struct kb_error *why)
{
	struct linux_system *s = self;
	const int r = need_netlink(s, why);

	return r < 0 ? r : kb_link_by_index(s->netlink, index, out, why);
}

static int
linux_link_address4(void *self, uint32_t index, struct in_addr *local, struct in_addr *peer,
		    struct kb_error *why)
{
	struct linux_system *s = self;
	const int r = need_netlink(s, why);

	return r < 0 ? r : kb_link_address4(s->netlink, index, local, peer, why);
}

static int
linux_route_add(void *self, const struct kb_route *route, struct kb_error *why)
{
	struct linux_system *s = self;
	int r = need_netlink(s, why);

	if (r == 0)
		r = s->launch.ops->route_keep(s->launch.self, route, why);
	if (r < 0)
		return r;
	r = kb_route_add(s->netlink, route, why);
	if (r < 0)
		s->launch.ops->route_forget(s->launch.self, route);
	return r;
}

static int
linux_route_del(void *self, const struct kb_route *route, struct kb_error *why)
{
	struct linux_system *s = self;
	int r = need_netlink(s, why);

	if (r < 0)
		return r;
	r = kb_route_del(s->netlink, route, why);
	if (r == 0)
		s->launch.ops->route_forget(s->launch.self, route);
	return r;
}

static int
linux_route_lookup(void *self, const union kb_sockaddr *to, uint32_t mark, uint32_t oif, struct kb_route *out,
		   struct kb_error *why)
{
	struct linux_system *s = self;
	const int r = need_netlink(s, why);

	return r < 0 ? r : kb_route_lookup(s->netlink, to, mark, oif, out, why);
}

static int
linux_monitor(void *self, int *fd, struct kb_error *why)
{
	struct linux_system *s = self;
	const int r = s->monitor != NULL ? 0 : kb_monitor_new(&s->monitor, why);

	if (r == 0)
		*fd = kb_monitor_fd(s->monitor);
	return r;
}

static int
linux_monitor_next(void *self, struct kb_change *out)
{
	struct linux_system *s = self;

	return kb_monitor_next(s->monitor, out);
}

/* ---- IPsec ---- */

static bool
linux_protection_is_likely(void *self, int udp_fd)
{
	struct linux_system *s = self;

	return kb_xfrm_is_loaded(udp_fd) && kb_xfrm_has_policies(&s->policies_fd);
}

static int
linux_protection(void *self, const struct kb_flow *flow, struct kb_protection *out, struct kb_error *why)
{
	struct linux_system *s = self;
	const int r = s->xfrm != NULL ? 0 : kb_xfrm_new(&s->xfrm, why);

	return r < 0 ? r : kb_xfrm_look(s->xfrm, flow, out, why);
}

static int
linux_protection_hold(void *self, int udp_fd, sa_family_t family, const struct kb_protection *protection,
		      struct kb_error *why)
{
	(void)self;
	return kb_xfrm_hold(udp_fd, family, protection, why);
}

static int
linux_protection_watch(void *self, int *fd, struct kb_error *why)
{
	struct linux_system *s = self;
	const int r = s->xfrm_fd >= 0 ? 0 : kb_xfrm_monitor_new(&s->xfrm_fd, why);

	if (r == 0)
		*fd = s->xfrm_fd;
	return r;
}

static void
linux_protection_news(void *self)
{
	const struct linux_system *s = self;

	kb_xfrm_monitor_drain(s->xfrm_fd);
}

static const struct host_system_ops linux_ops = {
	.resolve = linux_resolve,
	.resolved = linux_resolved,
	.resolve_end = linux_resolve_end,
	.ppp_start = linux_ppp_start,
	.ppp_report = linux_ppp_report,
	.ppp_stop = linux_ppp_stop,
	.ppp_kill = linux_ppp_kill,
	.ppp_wait = linux_ppp_wait,
	.ppp_close = linux_ppp_close,
	.link_get = linux_link_get,
	.link_by_index = linux_link_by_index,
	.link_address4 = linux_link_address4,
	.route_add = linux_route_add,
	.route_del = linux_route_del,
	.route_lookup = linux_route_lookup,
	.monitor = linux_monitor,
	.monitor_next = linux_monitor_next,
	.protection_is_likely = linux_protection_is_likely,
	.protection = linux_protection,
	.protection_hold = linux_protection_hold,
	.protection_watch = linux_protection_watch,
	.protection_news = linux_protection_news,
};

int
host_system_linux_by(const struct host_launch *launch, struct host_system *out, struct kb_error *why)
{
	struct linux_system *s = host_memory_new(sizeof *s);

	if (s == NULL)
		return kb_fail(why, ENOMEM, "no memory for a host");
	s->launch = launch->ops != NULL ? *launch : (struct host_launch){ .ops = &own_ops, .self = s };
	s->keeping = KB_KEEPING_NULL;
	s->xfrm_fd = s->policies_fd = -1;
	*out = (struct host_system){ .ops = &linux_ops, .self = s };
	return 0;
}

int
host_system_linux_new(struct host_system *out, struct kb_error *why)
{
	return host_system_linux_by(&(struct host_launch){ .ops = NULL }, out, why);
}

void
host_system_linux_free(struct host_system *system)
{
	struct linux_system *s = system->self;

	if (s != NULL) {
		kb_keeping_end(&s->keeping);
		kb_monitor_free(s->monitor);
		kb_netlink_free(s->netlink);
		kb_xfrm_free(s->xfrm);
		if (s->xfrm_fd >= 0)
			close(s->xfrm_fd);
		if (s->policies_fd >= 0)
			close(s->policies_fd);
		host_memory_free(s, sizeof *s);
	}
	*system = (struct host_system){ 0 };
}
