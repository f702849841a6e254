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
void
host_network_ask(struct host_profile *p)
{
	const uint64_t now = now_us(p->host);

	if (p->network_us != 0 && now - p->network_us < HOST_NETWORK_PAUSE_US) {
		p->network_waits = true;
		host_waits_changed(p);
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

void
host_network_know_way(struct host_profile *p, const struct kb_route *way)
{
	struct host_groups *groups = &p->host->groups;

	p->has_way = way != NULL;
	if (way == NULL) {
		host_groups_leave(groups, &p->by_way);
		return;
	}
	p->way = *way;
	host_groups_join(groups, &p->by_way, host_key_of_interface(HOST_GROUP_WAY, way->ifindex));
}

static void
check_way(struct host_profile *p)
{
	struct kb_route way;
	const bool has_way = host_way_find(p, &way);

	if (has_way && host_is_own_link(p, way.ifindex))
		return;
	const bool is_other = has_way && (!p->has_way || !is_same_way(&way, &p->way));
	host_network_know_way(p, has_way ? &way : NULL);
	if (is_other)
		host_network_ask(p);
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

void
host_network_know_address(struct host_profile *p, const union kb_sockaddr *local)
{
	const bool is_ipv6 = local->sa.sa_family == AF_INET6;

	host_groups_join(&p->host->groups, &p->by_address,
			 is_ipv6 ? host_key_of_address(AF_INET6, &local->in6.sin6_addr)
				 : host_key_of_address(AF_INET, &local->in.sin_addr));
}

/* The client dials again when its policy allows, from the address it has then. */
void
host_network_address_is_lost(struct host_profile *p)
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
	const bool is_down = !link->is_up || !link->has_carrier;

	if (p->way_link_down && !is_down)
		host_network_ask(p);
	p->way_link_down = is_down;
}

/* pppd ends by itself when its interface vanishes; the few things that keep it from noticing end here. */
void
host_network_link_is_lost(struct host_link *l)
{
	l->vanished_us = 0;
	host_note(l->profile, "the interface %s is gone", l->ifname);
	host_queue(l->host,
		   (struct ut_event){ .kind = UT_EV_SESSION_OPENED, .ref = l->session, .err = ENODEV });
}

/* ---- changes: told to those that they concern ---- */

static void
tell_of_link(struct host *h, const struct kb_link *link)
{
	const struct host_list *head =
	    host_groups_find(&h->groups, host_key_of_interface(HOST_GROUP_WAY, link->index));

	for (const struct host_list *i = head != NULL ? head->next : NULL; i != head; i = i->next)
		link_changed(HOST_OF(i, struct host_profile, by_way), link);
}

static void
tell_of_lost_link(struct host *h, uint32_t index)
{
	const struct host_list *head =
	    host_groups_find(&h->groups, host_key_of_interface(HOST_GROUP_LINK, index));

	for (const struct host_list *i = head != NULL ? head->next : NULL; i != head; i = i->next) {
		struct host_link *l = HOST_OF(i, struct host_link, own);

		l->vanished_us = now_us(h);
		host_waits_for_pppd(l);
	}
}

static void
tell_of_address(struct host *h, const struct kb_change *change, uint64_t gone_us)
{
	const struct host_list *head =
	    host_groups_find(&h->groups, host_key_of_address((uint8_t)change->family, change->address));

	for (const struct host_list *i = head != NULL ? head->next : NULL; i != head; i = i->next) {
		struct host_profile *p = HOST_OF(i, struct host_profile, by_address);

		if (!is_of_socket(p, change))
			continue;
		p->address_gone_us = gone_us;
		host_waits_changed(p);
	}
}

static void
look_at_ppp(struct host *h)
{
	struct host_list *next;

	for (struct host_list *i = h->looking.next; i != &h->looking; i = next) {
		next = i->next;
		host_ppp_look(HOST_OF(i, struct host_link, looking));
	}
}

static void
apply(struct host *h, const struct kb_change *change)
{
	switch (change->kind) {
	case KB_CHANGE_LINK:
		tell_of_link(h, &change->link);
		look_at_ppp(h);
		break;
	case KB_CHANGE_LINK_GONE:
		tell_of_lost_link(h, change->link.index);
		break;
	case KB_CHANGE_ADDRESS:
		tell_of_address(h, change, 0);
		look_at_ppp(h);
		break;
	case KB_CHANGE_ADDRESS_GONE:
		tell_of_address(h, change, now_us(h));
		break;
	case KB_CHANGE_LOST:
		look_at_ppp(h);
		host_sweep_want(h, HOST_SWEEP_ASK);
		break;
	case KB_CHANGE_ROUTE:
		break;
	}
}

void
host_network_check_profile(struct host_profile *p)
{
	check_way(p);
	if (host_routes_check(p))
		host_network_ask(p);
}

static void
on_changes(void *ctx, int fd)
{
	struct host *h = ctx;
	struct kb_change change;

	(void)fd;
	for (int i = 0; i < HOST_RECEIVE_BURST; i++) {
		if (h->system->monitor_next(h->system_self, &change) <= 0)
			break;
		apply(h, &change);
	}
	host_sweep_want(h, HOST_SWEEP_WAY);
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
	p->path_is_dead = false;
	host_network_know_way(p, NULL);
	p->wants_way = true;
	host_list_add(&p->host->catch_up, &p->catch_up);
}

void
host_network_find_way(struct host_profile *p)
{
	struct kb_route way;

	if (!p->wants_way)
		return;
	p->wants_way = false;
	host_network_know_way(p, host_way_find(p, &way) ? &way : NULL);
}
