/* rig_machine.c - names, pppd, links and routes of a machine made of memory
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/cli/host/rig_parts.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
rig_fails(struct rig *rig, enum rig_call call)
{
	return ++rig->calls[call] == rig->fail_at && call == rig->fail_call;
}

static int
fail(struct kb_error *why, enum rig_call call)
{
	return kb_fail(why, EIO, "made to fail: %s", rig_call_name(call));
}

/* ---- names ---- */

struct host_query {
	int fd;
	uint16_t port;
};

static int
resolve(void *self, const char *name, uint16_t port, struct host_query **out, int *fd, struct kb_error *why)
{
	struct rig *rig = self;

	(void)name;
	if (rig_fails(rig, RIG_RESOLVE))
		return fail(why, RIG_RESOLVE);
	struct host_query *query = malloc(sizeof *query);
	assert(query != NULL);
	query->fd = ut_world_fd(rig->world);
	query->port = port;
	ut_world_fd_set(rig->world, query->fd, true);
	*fd = rig->answers_at_once ? -1 : query->fd;
	*out = query;
	return 0;
}

static int
resolved(void *self, struct host_query *query, union kb_sockaddr *out, size_t cap, struct kb_error *why)
{
	struct rig *rig = self;

	assert(cap >= rig->n_addresses);
	if (rig_fails(rig, RIG_RESOLVED))
		return fail(why, RIG_RESOLVED);
	memcpy(out, rig->addresses, sizeof rig->addresses);
	for (unsigned i = 0; i < rig->n_addresses; i++)
		out[i].in.sin_port = htons(query->port);
	return (int)rig->n_addresses;
}

static void
resolve_end(void *self, struct host_query *query)
{
	struct rig *rig = self;

	rig->world_io.ops->udp_close(rig->world_io.self, query->fd);
	free(query);
}

/* ---- pppd ---- */

static struct rig_ppp *
ppp_of(struct rig *rig, const struct kb_pppd *pppd)
{
	for (unsigned i = 0; i < RIG_PPPS; i++) {
		const struct sham_pppd *p = &rig->ppps[i].pppd;

		if (p->is_running && p->handle.pidfd == pppd->pidfd)
			return &rig->ppps[i];
	}
	assert(pppd->pidfd < 0);
	return NULL;
}

void
rig_ppp_end(struct rig *rig, unsigned index, int wstatus)
{
	sham_pppd_end(&rig->ppps[index].pppd, wstatus);
}

static void
come_up(void *ctx)
{
	struct rig_ppp *p = ctx;
	struct rig *rig = p->rig;
	struct kb_pppd_report *r = &p->reports[0];

	if (!p->pppd.is_running || p->pppd.has_ended)
		return;
	if (rig->ppp_wstatus >= 0) {
		sham_pppd_end(&p->pppd, rig->ppp_wstatus);
		return;
	}
	if (rig->ppp_is_mute)
		return;
	memset(r, 0, sizeof *r);
	r->kind = rig->mppe_is_refused ? KB_PPPD_MPPE_REFUSED : KB_PPPD_IP_UP;
	r->mppe_bits = rig->mppe_bits;
	r->mppe_end = rig->mppe_end;
	snprintf(r->ifname, sizeof r->ifname, "ppp%u", p->ifindex - RIG_PPP0);
	r->local.s_addr = htonl(0x0a0b0002);
	r->peer.s_addr = rig->ppp_is_peer ? rig->addresses[0].in.sin_addr.s_addr : htonl(0x0a0b0001);
	r->mtu = 1400;
	p->n_reports = 1;
	if (p->pppd.handle.report_fd >= 0)
		ut_world_fd_set(rig->world, p->pppd.handle.report_fd, true);
	else
		rig_change(rig, &(struct kb_change){ .kind = KB_CHANGE_ADDRESS, .link.index = p->ifindex });
}

void
rig_ppp_report(struct rig *rig, unsigned index, unsigned mppe_bits)
{
	rig->mppe_bits = mppe_bits;
	come_up(&rig->ppps[index]);
}

void
rig_ppp_ipv6(struct rig *rig, unsigned index)
{
	struct rig_ppp *p = &rig->ppps[index];
	struct kb_pppd_report *r = &p->reports[p->n_reports++];

	*r = (struct kb_pppd_report){ .kind = KB_PPPD_IPV6_UP, .mtu = 1400 };
	snprintf(r->ifname, sizeof r->ifname, "ppp%u", p->ifindex - RIG_PPP0);
	ut_world_fd_set(rig->world, p->pppd.handle.report_fd, true);
}

static int
ppp_start(void *self, const struct kb_pppd_request *request, struct kb_pppd *out, struct kb_error *why)
{
	struct rig *rig = self;
	unsigned i = 0;

	if (rig_fails(rig, RIG_PPP_START))
		return fail(why, RIG_PPP_START);
	while (rig->ppps[i].pppd.is_running)
		i++;
	struct rig_ppp *p = &rig->ppps[i];
	rig->mppe = request->mppe;
	*p = (struct rig_ppp){ .rig = rig,
			       .pppd = sham_pppd_start(rig->world, 100 + (int)i, !request->stock_plugin),
			       .ifindex = RIG_PPP0 + i };
	*out = p->pppd.handle;
	(void)ut_world_at(rig->world, 100000, come_up, p);
	return 0;
}

static int
ppp_report(void *self, const struct kb_pppd *pppd, struct kb_pppd_report *out)
{
	struct rig *rig = self;
	struct rig_ppp *p = ppp_of(rig, pppd);

	if (rig_fails(rig, RIG_PPP_REPORT))
		return -EIO;
	if (p == NULL || p->n_reports == 0)
		return 0;
	*out = p->reports[--p->n_reports];
	if (p->n_reports == 0)
		ut_world_fd_set(rig->world, p->pppd.handle.report_fd, false);
	return 1;
}

/* NULL: it is not there any more. */
static struct sham_pppd *
pppd_of(struct rig *rig, const struct kb_pppd *pppd)
{
	struct rig_ppp *p = ppp_of(rig, pppd);

	return p != NULL ? &p->pppd : NULL;
}

static void
ppp_stop(void *self, const struct kb_pppd *pppd)
{
	struct rig *rig = self;

	if (!rig->ppp_is_stubborn)
		sham_pppd_stop(pppd_of(rig, pppd));
}

static void
ppp_kill(void *self, const struct kb_pppd *pppd)
{
	sham_pppd_kill(pppd_of(self, pppd));
}

static int
ppp_wait(void *self, const struct kb_pppd *pppd, int *wstatus)
{
	return sham_pppd_wait(pppd_of(self, pppd), wstatus);
}

static void
ppp_close(void *self, struct kb_pppd *pppd)
{
	struct rig *rig = self;
	struct sham_pppd *p = pppd_of(rig, pppd);

	if (p == NULL)
		return;
	sham_pppd_close(p, &rig->world_io);
	*pppd = KB_PPPD_NULL;
}

/* ---- links ---- */

static const char *
link_name(uint32_t index, char out[IF_NAMESIZE])
{
	if (index == RIG_WAN || index == RIG_WAN2)
		snprintf(out, IF_NAMESIZE, "wan%u", index - RIG_WAN);
	else
		snprintf(out, IF_NAMESIZE, "ppp%u", index - RIG_PPP0);
	return out;
}

static bool
has_link(const struct rig *rig, uint32_t index)
{
	if (index == RIG_WAN || index == RIG_WAN2)
		return true;
	return index >= RIG_PPP0 && index < RIG_PPP0 + RIG_PPPS &&
	       rig->ppps[index - RIG_PPP0].pppd.is_running && !rig->ppps[index - RIG_PPP0].pppd.has_ended;
}

static int
find_link(struct rig *rig, uint32_t index, struct kb_link *out, struct kb_error *why)
{
	if (!has_link(rig, index))
		return kb_fail(why, ENODEV, "no such link");
	*out = (struct kb_link){
		.index = index, .is_up = true, .has_carrier = true, .mtu = 1400, .is_ppp = index >= RIG_PPP0
	};
	link_name(index, out->name);
	return 0;
}

static int
link_get(void *self, const char *name, struct kb_link *out, struct kb_error *why)
{
	struct rig *rig = self;
	char there[IF_NAMESIZE];

	if (rig_fails(rig, RIG_LINK_GET))
		return fail(why, RIG_LINK_GET);
	for (uint32_t i = 1; i < RIG_PPP0 + RIG_PPPS; i++) {
		if (has_link(rig, i) && strcmp(link_name(i, there), name) == 0)
			return find_link(rig, i, out, why);
	}
	return kb_fail(why, ENODEV, "no such link");
}

static int
link_by_index(void *self, uint32_t index, struct kb_link *out, struct kb_error *why)
{
	if (rig_fails(self, RIG_LINK_BY_INDEX))
		return fail(why, RIG_LINK_BY_INDEX);
	return find_link(self, index, out, why);
}

static int
link_address4(void *self, uint32_t index, struct in_addr *local, struct in_addr *peer, struct kb_error *why)
{
	const struct rig *rig = self;

	if (index < RIG_PPP0 || rig->ppps[index - RIG_PPP0].n_reports == 0)
		return kb_fail(why, EADDRNOTAVAIL, "no address");
	*local = rig->ppps[index - RIG_PPP0].reports[0].local;
	*peer = rig->ppps[index - RIG_PPP0].reports[0].peer;
	return 0;
}

/* ---- routes ---- */

static bool
is_same_prefix(const struct kb_route *a, const struct kb_route *b)
{
	return a->to.family == b->to.family && a->to.length == b->to.length &&
	       memcmp(a->to.address, b->to.address, 16) == 0;
}

static int
route_add(void *self, const struct kb_route *route, struct kb_error *why)
{
	struct rig *rig = self;

	if (rig_fails(rig, RIG_ROUTE_ADD))
		return fail(why, RIG_ROUTE_ADD);
	for (unsigned i = 0; i < rig->n_routes; i++) {
		if (is_same_prefix(&rig->routes[i], route))
			return kb_fail(why, EEXIST, "it is there");
	}
	assert(rig->n_routes < RIG_ROUTES);
	rig->routes[rig->n_routes++] = *route;
	return 0;
}

static int
route_del(void *self, const struct kb_route *route, struct kb_error *why)
{
	struct rig *rig = self;
	const bool fails = rig_fails(rig, RIG_ROUTE_DEL);

	for (unsigned i = 0; i < rig->n_routes; i++) {
		if (is_same_prefix(&rig->routes[i], route) && rig->routes[i].ifindex == route->ifindex)
			rig->routes[i] = rig->routes[--rig->n_routes];
	}
	return fails ? fail(why, RIG_ROUTE_DEL) : 0;
}

static bool
leads_to(const struct kb_route *route, const union kb_sockaddr *to)
{
	const uint32_t mask = route->to.length == 0 ? 0 : UINT32_MAX << (32 - route->to.length);
	uint32_t prefix;

	memcpy(&prefix, route->to.address, 4);
	return route->to.family == AF_INET && ((ntohl(prefix) ^ ntohl(to->in.sin_addr.s_addr)) & mask) == 0;
}

static void
look(struct rig *rig)
{
	if (!rig->has_looked)
		rig->sent_before_looking = rig->calls[RIG_SEND];
	rig->has_looked = true;
}

/* The longest prefix, else the default route, if there is one. */
static int
route_lookup(void *self, const union kb_sockaddr *to, uint32_t mark, uint32_t oif, struct kb_route *out,
	     struct kb_error *why)
{
	struct rig *rig = self;
	struct kb_route way = { .to = { .family = AF_INET, .length = 32 },
				.ifindex = rig->way,
				.has_gateway = true,
				.gateway = { 192, 0, 2, 254 } };
	int longest = -1;

	(void)mark;
	look(rig);
	if (rig_fails(rig, RIG_ROUTE_LOOKUP))
		return fail(why, RIG_ROUTE_LOOKUP);
	memcpy(way.to.address, &to->in.sin_addr, 4);
	for (unsigned i = 0; i < rig->n_routes && oif == 0; i++) {
		const struct kb_route *r = &rig->routes[i];

		if (leads_to(r, to) && r->to.length > longest) {
			longest = r->to.length;
			way.ifindex = r->ifindex;
			way.has_gateway = r->has_gateway;
			memcpy(way.gateway, r->gateway, sizeof way.gateway);
		}
	}
	if (way.ifindex == 0)
		return kb_fail(why, ENETUNREACH, "no way");
	*out = way;
	return 0;
}

/* ---- changes ---- */

static int
monitor(void *self, int *fd, struct kb_error *why)
{
	struct rig *rig = self;

	look(rig);
	if (rig_fails(rig, RIG_MONITOR))
		return fail(why, RIG_MONITOR);
	rig->monitor_fd = ut_world_fd(rig->world);
	*fd = rig->monitor_fd;
	return 0;
}

static int
monitor_next(void *self, struct kb_change *out)
{
	struct rig *rig = self;

	if (rig->n_changes == 0) {
		ut_world_fd_set(rig->world, rig->monitor_fd, false);
		return 0;
	}
	*out = rig->changes[0];
	memmove(rig->changes, rig->changes + 1, --rig->n_changes * sizeof rig->changes[0]);
	return 1;
}

void
rig_change(struct rig *rig, const struct kb_change *change)
{
	assert(rig->n_changes < RIG_CHANGES);
	rig->changes[rig->n_changes++] = *change;
	ut_world_fd_set(rig->world, rig->monitor_fd, true);
}

/* ---- IPsec ---- */

static bool
protection_is_likely(void *self, int udp_fd)
{
	const struct rig *rig = self;

	(void)udp_fd;
	return rig->has_ipsec;
}

static int
protection(void *self, const struct kb_flow *flow, struct kb_protection *out, struct kb_error *why)
{
	struct rig *rig = self;

	rig->flow = *flow;
	if (rig_fails(rig, RIG_PROTECTION))
		return fail(why, RIG_PROTECTION);
	if (!rig->has_ipsec)
		return kb_fail(why, EPROTONOSUPPORT, "this kernel has no IPsec");
	*out = rig->protection;
	return 0;
}

static int
protection_hold(void *self, int udp_fd, sa_family_t family, const struct kb_protection *p,
		struct kb_error *why)
{
	struct rig *rig = self;

	(void)udp_fd;
	assert(family == AF_INET);
	assert(kb_protection_is_whole(p));
	rig->holds++;
	return rig_fails(rig, RIG_PROTECTION_HOLD) ? fail(why, RIG_PROTECTION_HOLD) : 0;
}

static int
protection_watch(void *self, int *fd, struct kb_error *why)
{
	struct rig *rig = self;

	if (rig_fails(rig, RIG_PROTECTION_WATCH))
		return fail(why, RIG_PROTECTION_WATCH);
	if (rig->protection_fd == 0)
		rig->protection_fd = ut_world_fd(rig->world);
	*fd = rig->protection_fd;
	return 0;
}

static void
protection_news(void *self)
{
	const struct rig *rig = self;

	ut_world_fd_set(rig->world, rig->protection_fd, false);
}

static const struct kb_guarded guarded = { .guard = KB_GUARD_ESP, .templates.n = 1 };

void
rig_protect(struct rig *rig, bool is_associated)
{
	rig->has_ipsec = true;
	rig->protection = (struct kb_protection){ .out = guarded, .in = guarded };
	rig->protection.out.associated = rig->protection.in.associated = is_associated ? 1 : 0;
	if (rig->protection_fd != 0)
		ut_world_fd_set(rig->world, rig->protection_fd, true);
}

void
rig_unprotect(struct rig *rig)
{
	rig->protection.out = (struct kb_guarded){ .guard = KB_GUARD_NONE };
	if (rig->protection_fd != 0)
		ut_world_fd_set(rig->world, rig->protection_fd, true);
}

const struct host_system_ops rig_system_ops = {
	.resolve = resolve,
	.resolved = resolved,
	.resolve_end = resolve_end,
	.ppp_start = ppp_start,
	.ppp_report = ppp_report,
	.ppp_stop = ppp_stop,
	.ppp_kill = ppp_kill,
	.ppp_wait = ppp_wait,
	.ppp_close = ppp_close,
	.link_get = link_get,
	.link_by_index = link_by_index,
	.link_address4 = link_address4,
	.route_add = route_add,
	.route_del = route_del,
	.route_lookup = route_lookup,
	.monitor = monitor,
	.monitor_next = monitor_next,
	.protection_is_likely = protection_is_likely,
	.protection = protection,
	.protection_hold = protection_hold,
	.protection_watch = protection_watch,
	.protection_news = protection_news,
};
