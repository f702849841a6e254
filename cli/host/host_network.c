/* host_network.c - links, addresses and routes that come and go
 * SPDX-License-Identifier: Apache-2.0
 *
 * Three things matter to a tunnel: that the way to its server is there again or another one (ask the server for a
 * sign of life; end a wait before the next attempt), that the address its socket has is gone (the socket is dead),
 * and that its ppp interface is gone.  Everything else that changes is none of its business.
 */
#include "cli/host/host_state.h"

#include <errno.h>
#include <string.h>

static uint64_t
now_us(const struct host *h)
{
	return h->io.ops->now(h->io.self).us;
}

/* ---- news for the engine ---- */

/* At most one a second: a network that comes back makes dozens of changes. */
static void
tell_client(struct host_profile *p)
{
	const uint64_t now = now_us(p->host);

	if (p->network_us != 0 && now - p->network_us < HOST_NETWORK_PAUSE_US) {
		p->network_waits = true;
		return;
	}
	p->network_us = now;
	p->network_waits = false;
	host_queue(p->host, (struct ut_event){ .kind = UT_EV_NETWORK, .ref = p->client });
}

static bool
is_same_way(const struct kb_route *a, const struct kb_route *b)
{
	return a->ifindex == b->ifindex && a->has_gateway == b->has_gateway &&
	       a->has_source == b->has_source && memcmp(a->gateway, b->gateway, sizeof a->gateway) == 0 &&
	       memcmp(a->source, b->source, sizeof a->source) == 0;
}

static void
check_way(struct host_profile *p)
{
	struct kb_route way;
	const bool has_way = host_way_find(p, &way);

	if (has_way && host_is_own_link(p, way.ifindex))
		return;
	const bool is_other = has_way && (!p->has_way || !is_same_way(&way, &p->way));
	p->has_way = has_way;
	if (has_way)
		p->way = way;
	if (is_other)
		tell_client(p);
}

/* ---- the address our socket has ---- */

static bool
is_address(const union kb_sockaddr *a, const struct kb_change *change)
{
	if (a->sa.sa_family != change->family)
		return false;
	if (change->family == AF_INET6)
		return memcmp(&a->in6.sin6_addr, change->address, 16) == 0;
	return memcmp(&a->in.sin_addr, change->address, 4) == 0;
}

static bool
is_of_socket(const struct host_profile *p, const struct kb_change *change)
{
	const struct host_path *path = host_path_of_profile(p);

	return path != NULL && path->is_connected && !p->path_is_dead && is_address(&path->local, change);
}

/* The client dials again when its policy allows, from the address it has then. */
static void
address_is_lost(struct host_profile *p)
{
	const struct host_path *path = host_path_of_profile(p);
	char text[64];

	p->address_gone_us = 0;
	if (path == NULL)
		return;
	p->path_is_dead = true;
	host_note(p, "this machine has lost its address %s, which the tunnel comes from",
		  host_address_text(&path->local, text));
	host_queue(p->host,
		   (struct ut_event){ .kind = UT_EV_PATH_LOST, .ref = p->client, .err = EADDRNOTAVAIL });
}

/* ---- links ---- */

static void
link_changed(struct host_profile *p, const struct kb_link *link)
{
	if (!p->has_way || link->index != p->way.ifindex)
		return;
	const bool is_down = !link->is_up || !link->has_carrier;
	if (p->way_link_down && !is_down)
		tell_client(p);
	p->way_link_down = is_down;
}

static void
link_gone(struct host_profile *p, uint32_t index)
{
	for (unsigned i = 0; i < p->config.sessions_n; i++) {
		struct host_link *l = &p->host->links[p->first_link + i];

		if (l->is_running && l->ifindex == index)
			l->vanished_us = now_us(p->host);
	}
}

/* pppd ends by itself when its interface vanishes; the few things that keep it from noticing end here. */
static void
link_is_lost(struct host_link *l)
{
	l->vanished_us = 0;
	host_note(l->profile, "the interface %s is gone", l->ifname);
	host_queue(l->host,
		   (struct ut_event){ .kind = UT_EV_SESSION_OPENED, .ref = l->session, .err = ENODEV });
}

/* ---- changes ---- */

static void
look_at_ppp(struct host_profile *p)
{
	for (unsigned i = 0; i < p->config.sessions_n; i++)
		host_ppp_look(&p->host->links[p->first_link + i]);
}

static void
apply(struct host_profile *p, const struct kb_change *change)
{
	switch (change->kind) {
	case KB_CHANGE_LINK:
		link_changed(p, &change->link);
		look_at_ppp(p);
		break;
	case KB_CHANGE_LINK_GONE:
		link_gone(p, change->link.index);
		break;
	case KB_CHANGE_ADDRESS:
		if (is_of_socket(p, change))
			p->address_gone_us = 0;
		look_at_ppp(p);
		break;
	case KB_CHANGE_ADDRESS_GONE:
		if (is_of_socket(p, change))
			p->address_gone_us = now_us(p->host);
		break;
	case KB_CHANGE_LOST:
		look_at_ppp(p);
		tell_client(p);
		break;
	case KB_CHANGE_ROUTE:
		break;
	}
}

static void
check(struct host_profile *p)
{
	check_way(p);
	if (host_routes_check(p))
		tell_client(p);
}

void
host_network_check(struct host *h)
{
	for (struct host_list *i = h->all.next; i != &h->all; i = i->next) {
		struct host_profile *p = HOST_OF(i, struct host_profile, all);

		check(p);
		tell_client(p);
	}
}

static void
on_changes(void *ctx, int fd)
{
	struct host *h = ctx;
	struct kb_change change;
	int r = 1;

	(void)fd;
	for (int i = 0; i < HOST_RECEIVE_BURST && r > 0; i++) {
		r = h->system->monitor_next(h->system_self, &change);
		for (struct host_list *k = h->all.next; r > 0 && k != &h->all; k = k->next)
			apply(HOST_OF(k, struct host_profile, all), &change);
	}
	for (struct host_list *k = h->all.next; k != &h->all; k = k->next)
		check(HOST_OF(k, struct host_profile, all));
}

int
host_network_watch(struct host *h, struct kb_error *why)
{
	int fd = -1;
	int r = h->system->monitor(h->system_self, &fd, why);

	if (r < 0)
		return r;
	r = h->io.ops->watch(h->io.self, fd, on_changes, h);
	if (r < 0)
		return kb_fail(why, -r, "cannot wait for changes of the network: %s", strerror(-r));
	h->monitor_fd = fd;
	return 0;
}

void
host_network_want_way(struct host_profile *p)
{
	p->path_is_dead = p->has_way = false;
	p->wants_way = true;
	host_list_add(&p->host->catch_up, &p->catch_up);
}

void
host_network_find_way(struct host_profile *p)
{
	if (!p->wants_way)
		return;
	p->wants_way = false;
	p->has_way = host_way_find(p, &p->way);
}

/* ---- what waits ---- */

static void
earliest(uint64_t *next, uint64_t since, uint64_t pause)
{
	if (since != 0 && since + pause < *next)
		*next = since + pause;
}

bool
host_network_next(const struct host *h, struct ut_time *until)
{
	uint64_t next = UINT64_MAX;

	for (struct host_list *i = h->all.next; i != &h->all; i = i->next) {
		const struct host_profile *p = HOST_OF(i, struct host_profile, all);

		earliest(&next, p->network_waits ? p->network_us : 0, HOST_NETWORK_PAUSE_US);
		earliest(&next, p->address_gone_us, HOST_ADDRESS_GONE_US);
		earliest(&next, p->reserved.waits_since_us, HOST_IPSEC_WAIT_US);
	}
	for (unsigned i = 0; i < h->engine_config.n_links; i++) {
		const struct host_link *l = &h->links[i];

		earliest(&next, l->is_running ? l->vanished_us : 0, HOST_VANISHED_US);
	}
	earliest(&next, h->look_since_us, HOST_LOOK_PAUSE_US);
	if (host_streams_next_us(h) < next)
		next = host_streams_next_us(h);
	until->us = next;
	return next != UINT64_MAX;
}

static bool
is_over(uint64_t now, uint64_t since, uint64_t pause)
{
	return since != 0 && now - since >= pause;
}

void
host_network_timers(struct host *h)
{
	const uint64_t now = now_us(h);

	for (struct host_list *i = h->all.next; i != &h->all; i = i->next) {
		struct host_profile *p = HOST_OF(i, struct host_profile, all);

		if (p->network_waits && is_over(now, p->network_us, HOST_NETWORK_PAUSE_US))
			tell_client(p);
		if (is_over(now, p->address_gone_us, HOST_ADDRESS_GONE_US))
			address_is_lost(p);
		if (is_over(now, p->reserved.waits_since_us, HOST_IPSEC_WAIT_US))
			host_protect_give_up(p);
	}
	for (unsigned i = 0; i < h->engine_config.n_links; i++) {
		struct host_link *l = &h->links[i];

		if (l->is_running && is_over(now, l->vanished_us, HOST_VANISHED_US))
			link_is_lost(l);
	}
	host_drivers_look(h, now);
	host_streams_timers(h, now);
}
