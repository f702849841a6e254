/* load_machine.c - names, pppds, links, routes and a data path for thousands of tunnels
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/cli/host/load_parts.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAN = 2, FIRST_PPP = 10 };

/* ---- names: an address is there at once ---- */

struct host_query {
	uint16_t port;
};

static int
resolve(void *self, const char *name, uint16_t port, struct host_query **out, int *fd, struct kb_error *why)
{
	(void)self;
	(void)name;
	*out = malloc(sizeof **out);
	if (*out == NULL)
		return kb_fail(why, ENOMEM, "no memory");
	(*out)->port = port;
	*fd = -1;
	return 0;
}

static int
resolved(void *self, struct host_query *query, union kb_sockaddr *out, size_t cap, struct kb_error *why)
{
	(void)self;
	(void)cap;
	(void)why;
	out[0] = (union kb_sockaddr){ .in = { .sin_family = AF_INET,
					      .sin_port = htons(query->port),
					      .sin_addr.s_addr = htonl(LOAD_SERVER_IP) } };
	return 1;
}

static void
resolve_end(void *self, struct host_query *query)
{
	(void)self;
	free(query);
}

/* ---- pppd ---- */

static struct load_ppp *
ppp_of(struct load *l, const struct kb_pppd *pppd)
{
	const struct load_machine *m = &l->machine;

	if (pppd->pidfd < UT_WORLD_FD)
		return NULL;
	return &m->ppps[m->ppp_of_fd[pppd->pidfd - UT_WORLD_FD]];
}

/* One that has the slot of another may be told too early: by the time it looks it is not due. */
static void
come_up(void *ctx)
{
	struct load_ppp *p = ctx;

	if (p->pppd.is_running && ut_world_now(p->load->world).us >= p->up_us)
		ut_world_fd_set(p->load->world, p->pppd.handle.report_fd, true);
}

static int
ppp_start(void *self, const struct kb_pppd_request *request, struct kb_pppd *out, struct kb_error *why)
{
	enum { UP_AFTER_US = 100000 };
	struct load *l = self;
	struct load_machine *m = &l->machine;
	const uint16_t slot = host_slots_take(&m->slots);

	(void)request;
	if (slot == HOST_SLOT_NONE)
		return kb_fail(why, EAGAIN, "too many pppds");
	struct load_ppp *p = &m->ppps[slot];
	*p = (struct load_ppp){ .load = l,
				.pppd = sham_pppd_start(l->world, 100 + slot, true),
				.up_us = ut_world_now(l->world).us + UP_AFTER_US };
	m->ppp_of_fd[p->pppd.handle.pidfd - UT_WORLD_FD] = slot;
	m->n_running++;
	*out = p->pppd.handle;
	(void)ut_world_at(l->world, UP_AFTER_US, come_up, p);
	return 0;
}

static int
ppp_report(void *self, const struct kb_pppd *pppd, struct kb_pppd_report *out)
{
	struct load *l = self;
	struct load_ppp *p = ppp_of(l, pppd);

	if (p == NULL || p->is_told || ut_world_now(l->world).us < p->up_us)
		return 0;
	memset(out, 0, sizeof *out);
	out->kind = KB_PPPD_IP_UP;
	snprintf(out->ifname, sizeof out->ifname, "ppp%u", (unsigned)(p - l->machine.ppps));
	out->local.s_addr = htonl(0x0a000000u + (uint32_t)(p - l->machine.ppps) + 2);
	out->peer.s_addr = htonl(0x0a000001);
	out->mtu = 1400;
	p->is_told = true;
	ut_world_fd_set(l->world, p->pppd.handle.report_fd, false);
	return 1;
}

/* NULL: it is not there any more. */
static struct sham_pppd *
pppd_of(struct load *l, const struct kb_pppd *pppd)
{
	struct load_ppp *p = ppp_of(l, pppd);

	return p != NULL ? &p->pppd : NULL;
}

static void
ppp_stop(void *self, const struct kb_pppd *pppd)
{
	sham_pppd_stop(pppd_of(self, pppd));
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
	struct load *l = self;
	struct load_ppp *p = ppp_of(l, pppd);

	if (p == NULL)
		return;
	sham_pppd_close(&p->pppd, &l->io);
	l->machine.n_running--;
	host_slots_give(&l->machine.slots, (uint16_t)(p - l->machine.ppps));
	*pppd = KB_PPPD_NULL;
}

/* ---- links and routes: one way to the server, an interface a pppd ---- */

static int
link_by_index(void *self, uint32_t index, struct kb_link *out, struct kb_error *why)
{
	(void)self;
	(void)why;
	*out = (struct kb_link){
		.index = index, .is_up = true, .has_carrier = true, .mtu = 1400, .is_ppp = index >= FIRST_PPP
	};
	if (index >= FIRST_PPP)
		snprintf(out->name, sizeof out->name, "ppp%u", index - FIRST_PPP);
	else
		snprintf(out->name, sizeof out->name, "wan");
	return 0;
}

static int
link_get(void *self, const char *name, struct kb_link *out, struct kb_error *why)
{
	unsigned n;

	if (sscanf(name, "ppp%u", &n) != 1)
		return kb_fail(why, ENODEV, "no such link");
	return link_by_index(self, FIRST_PPP + n, out, why);
}

static int
link_address4(void *self, uint32_t index, struct in_addr *local, struct in_addr *peer, struct kb_error *why)
{
	(void)self;
	(void)index;
	(void)local;
	(void)peer;
	return kb_fail(why, EADDRNOTAVAIL, "no address");
}

static int
route_change(void *self, const struct kb_route *route, struct kb_error *why)
{
	(void)self;
	(void)route;
	(void)why;
	return 0;
}

static int
route_lookup(void *self, const union kb_sockaddr *to, uint32_t mark, uint32_t oif, struct kb_route *out,
	     struct kb_error *why)
{
	(void)self;
	(void)mark;
	(void)oif;
	(void)why;
	*out = (struct kb_route){ .to = { .family = AF_INET, .length = 32 }, .ifindex = WAN };
	memcpy(out->to.address, &to->in.sin_addr, 4);
	return 0;
}

static int
monitor(void *self, int *fd, struct kb_error *why)
{
	struct load *l = self;

	(void)why;
	*fd = l->machine.monitor_fd = ut_world_fd(l->world);
	return 0;
}

static int
monitor_next(void *self, struct kb_change *out)
{
	(void)self;
	(void)out;
	return 0;
}

static bool
protection_is_likely(void *self, int udp_fd)
{
	(void)self;
	(void)udp_fd;
	return false;
}

/* ---- the data path: it carries nothing ---- */

static struct load *driver_load;

void
load_driver_use(struct load *l)
{
	driver_load = l;
}

static int
driver_probe(struct kb_error *why)
{
	(void)why;
	return 0;
}

static int
driver_tunnel_open(const struct kb_tunnel_spec *spec, struct kb_tunnel *out, struct kb_error *why)
{
	(void)why;
	driver_load->machine.kernel++;
	*out = (struct kb_tunnel){ .fd = UT_WORLD_FD - 1, .spec = *spec };
	return 0;
}

static int
driver_session_open(const struct kb_tunnel *tunnel, const struct kb_session_spec *spec,
		    struct kb_session *out, struct kb_error *why)
{
	(void)why;
	driver_load->machine.kernel++;
	*out = (struct kb_session){ .fd = UT_WORLD_FD - 1,
				    .channel = spec->local_sid,
				    .local_tid = tunnel->spec.local_tid,
				    .local_sid = spec->local_sid };
	return 0;
}

static int
driver_stats(const struct kb_session *session, struct kb_session_stats *out, struct kb_error *why)
{
	(void)session;
	(void)why;
	*out = (struct kb_session_stats){ .tx_octets = 1, .rx_octets = 2 };
	return 0;
}

static void
driver_session_close(struct kb_session *session)
{
	driver_load->machine.kernel -= session->fd >= 0 ? 1 : 0;
	*session = KB_SESSION_NULL;
}

static void
driver_tunnel_close(struct kb_tunnel *tunnel)
{
	driver_load->machine.kernel -= tunnel->fd >= 0 ? 1 : 0;
	*tunnel = KB_TUNNEL_NULL;
}

const struct kb_driver load_driver = {
	.name = "null",
	.probe = driver_probe,
	.tunnel_open = driver_tunnel_open,
	.session_open = driver_session_open,
	.session_stats = driver_stats,
	.session_close = driver_session_close,
	.tunnel_close = driver_tunnel_close,
};

const struct host_system_ops load_system_ops = {
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
	.route_add = route_change,
	.route_del = route_change,
	.route_lookup = route_lookup,
	.monitor = monitor,
	.monitor_next = monitor_next,
	.protection_is_likely = protection_is_likely,
};

/* ---- its life ---- */

/* Touched now, so that a host's memory can be told from its machine's. */
bool
load_machine_init(struct load *l)
{
	struct load_machine *m = &l->machine;

	m->n = l->spec.tunnels;
	m->ppps = malloc(m->n * sizeof m->ppps[0]);
	m->ppp_of_fd = malloc(m->n_fds * sizeof m->ppp_of_fd[0]);
	if (!host_slots_init(&m->slots, m->n) || m->ppps == NULL || m->ppp_of_fd == NULL)
		return false;
	memset(m->ppps, 0xff, m->n * sizeof m->ppps[0]);
	memset(m->ppps, 0, m->n * sizeof m->ppps[0]);
	memset(m->ppp_of_fd, 0xff, m->n_fds * sizeof m->ppp_of_fd[0]);
	return true;
}

void
load_machine_fini(struct load *l)
{
	host_slots_fini(&l->machine.slots);
	free(l->machine.ppps);
	free(l->machine.ppp_of_fd);
}

void
load_hang_up(struct load *l, unsigned n)
{
	enum { HANGUP = 16 };
	const struct load_machine *m = &l->machine;

	for (unsigned i = 0; i < n; i++)
		sham_pppd_end(&m->ppps[load_draw(l, m->n)].pppd, HANGUP << 8);
}
