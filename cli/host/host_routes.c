/* host_routes.c - routes into the tunnel, and the guard that keeps the tunnel's own packets out of them
 * SPDX-License-Identifier: Apache-2.0
 *
 * A route that covers the server would send the tunnel's outer packets into the tunnel.  So first the guard: a
 * host route that pins the way to the server as it was before.  It is not needed when no route of ours covers the
 * server, when the socket is bound to an interface (then only routes through that one count; not with PPTP,
 * since not every kernel binds its frames too), and when the server is this machine.  Should the guard's way go away, our covering routes go too until there is another.
 *
 * A default route is two halves, which win over the old default without touching it.
 */
#include "cli/host/host_state.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* ---- prefixes ---- */

static unsigned
family_octets(sa_family_t family)
{
	return family == AF_INET6 ? 16 : 4;
}

static bool
covers(const struct kb_prefix *prefix, sa_family_t family, const uint8_t *address)
{
	const unsigned whole = prefix->length / 8, rest = prefix->length % 8;

	if (prefix->family != family || memcmp(prefix->address, address, whole) != 0)
		return false;
	if (rest == 0)
		return true;
	const uint8_t mask = (uint8_t)(0xff << (8 - rest));
	return ((prefix->address[whole] ^ address[whole]) & mask) == 0;
}

static const uint8_t *
address_octets(const union kb_sockaddr *a)
{
	return a->sa.sa_family == AF_INET6 ? (const uint8_t *)&a->in6.sin6_addr
					   : (const uint8_t *)&a->in.sin_addr;
}

/* What the interface was called, as far as we have had to do with it. */
static void
name_gone_interface(const struct host_profile *p, uint32_t ifindex, char out[IF_NAMESIZE])
{
	const char *name = NULL;

	if (p->routes.has_guard && p->routes.guard.route.ifindex == ifindex)
		name = p->routes.guard_interface;
	for (unsigned i = 0; i < p->config.sessions_n; i++) {
		if (p->host->links[p->first_link + i].ifindex == ifindex)
			name = p->host->links[p->first_link + i].ifname;
	}
	if (name != NULL && name[0] != '\0')
		snprintf(out, IF_NAMESIZE, "%s", name);
	else
		snprintf(out, IF_NAMESIZE, "if%u", ifindex);
}

void
host_route_text(const struct host_profile *p, const struct kb_route *route, char *out, size_t cap)
{
	char to[INET6_ADDRSTRLEN], gateway[INET6_ADDRSTRLEN] = "";
	struct kb_link link = { .name = "?" };

	inet_ntop(route->to.family, route->to.address, to, sizeof to);
	if (route->has_gateway)
		inet_ntop(route->to.family, route->gateway, gateway, sizeof gateway);
	if (p->host->system->link_by_index(p->host->system_self, route->ifindex, &link, NULL) < 0)
		name_gone_interface(p, route->ifindex, link.name);
	snprintf(out, cap, "%s/%u %s%s%s%s", to, route->to.length, route->has_gateway ? "via " : "", gateway,
		 route->has_gateway ? " dev " : "via ", link.name);
}

/* ---- one route ---- */

static void
tell(struct host_profile *p, const struct kb_route *route, bool is_there)
{
	char text[HOST_ROUTE_TEXT];

	host_route_text(p, route, text, sizeof text);
	host_report(p, &(struct host_report){ .kind = HOST_ROUTE, .text = text, .number = is_there });
}

static bool
add(struct host_profile *p, struct host_route *r)
{
	struct host *h = p->host;
	struct kb_error why = { 0 };
	char text[HOST_ROUTE_TEXT];

	if (r->is_ours)
		return true;
	const int err = h->system->route_add(h->system_self, &r->route, &why);
	if (err == 0) {
		r->is_ours = true;
		tell(p, &r->route, true);
		return true;
	}
	host_route_text(p, &r->route, text, sizeof text);
	if (err == -EEXIST)
		host_note(p, "the route to %s is there already: it stays as it is, now and afterwards", text);
	else
		host_warn(p, "the route %s could not be made: %s", text, why.text);
	return err == -EEXIST;
}

static void
remove_route(struct host_profile *p, struct host_route *r)
{
	struct host *h = p->host;
	struct kb_error why = { 0 };

	if (!r->is_ours)
		return;
	r->is_ours = false;
	if (h->system->route_del(h->system_self, &r->route, &why) < 0)
		host_note(p, "%s", why.text);
	tell(p, &r->route, false);
}

/* ---- the way to the server ---- */

bool
host_is_own_link(const struct host_profile *p, uint32_t ifindex)
{
	for (unsigned i = 0; i < p->config.sessions_n; i++) {
		if (ifindex != 0 && p->host->links[p->first_link + i].ifindex == ifindex)
			return true;
	}
	return false;
}

static uint32_t
bound_interface(const struct host_profile *p)
{
	struct kb_link link;

	if (p->config.interface[0] == '\0')
		return 0;
	return p->host->system->link_get(p->host->system_self, p->config.interface, &link, NULL) == 0
		   ? link.index
		   : 0;
}

bool
host_way_find(const struct host_profile *p, struct kb_route *out)
{
	if (!p->has_server)
		return false;
	struct kb_route way = { 0 };
	if (p->host->system->route_lookup(p->host->system_self, &p->server, p->config.fwmark,
					  bound_interface(p), &way, NULL) < 0)
		return false;
	*out = way;
	return true;
}

static bool
is_loopback(const struct host_profile *p, uint32_t ifindex)
{
	struct kb_link link;

	return p->host->system->link_by_index(p->host->system_self, ifindex, &link, NULL) == 0 &&
	       strcmp(link.name, "lo") == 0;
}

static bool
is_covered(const struct host_profile *p)
{
	const struct host_routes *r = &p->routes;

	for (unsigned i = 0; i < r->n; i++) {
		if (covers(&r->v[i].route.to, p->server.sa.sa_family, address_octets(&p->server)))
			return true;
	}
	return false;
}

/* PPP's own route to its peer, when the peer has the server's very address: a tunnel into itself. */
static void
drop_peer_route(struct host_profile *p, const struct host_link *l)
{
	struct host *h = p->host;
	struct kb_route route = { .to = { .family = AF_INET, .length = 32 }, .ifindex = l->ifindex };

	if (p->server.sa.sa_family != AF_INET || l->peer.s_addr != p->server.in.sin_addr.s_addr)
		return;
	memcpy(route.to.address, &l->peer, 4);
	host_note(p, "PPP's peer has the server's own address: the route to it through %s is taken away",
		  l->ifname);
	if (h->system->route_del(h->system_self, &route, NULL) < 0)
		host_note(p, "that route could not be taken away");
}

static bool
needs_guard(const struct host_profile *p, const struct host_link *l)
{
	const bool is_peer =
	    p->server.sa.sa_family == AF_INET && l->peer.s_addr == p->server.in.sin_addr.s_addr;

	if (p->config.interface[0] != '\0' && p->config.protocol != PROFILE_PPTP)
		return false;
	return is_peer || is_covered(p);
}

static void
name_guard(struct host_profile *p)
{
	struct host_routes *r = &p->routes;
	struct kb_link link = { .name = "" };

	(void)p->host->system->link_by_index(p->host->system_self, r->guard.route.ifindex, &link, NULL);
	snprintf(r->guard_interface, sizeof r->guard_interface, "%s", link.name);
}

/* Pins the way.  False: there is none that is not the tunnel itself, or it could not be pinned. */
static bool
guard(struct host_profile *p)
{
	struct host_routes *r = &p->routes;

	if (!p->has_way || host_is_own_link(p, p->way.ifindex))
		return false;
	if (is_loopback(p, p->way.ifindex))
		return true;
	remove_route(p, &r->guard);
	r->guard = (struct host_route){ .route = p->way };
	name_guard(p);
	r->has_guard = add(p, &r->guard);
	return r->has_guard;
}

/* ---- which routes ---- */

static void
want(struct host_profile *p, sa_family_t family, unsigned length, const uint8_t *address, uint32_t ifindex)
{
	struct host_routes *r = &p->routes;

	if (r->n == HOST_ROUTES_MAX)
		return;
	struct host_route *route = &r->v[r->n++];
	*route = (struct host_route){ .route = { .ifindex = ifindex } };
	route->route.to.family = family;
	route->route.to.length = (uint8_t)length;
	memcpy(route->route.to.address, address, family_octets(family));
}

static void
want_default(struct host_profile *p, sa_family_t family, uint32_t ifindex)
{
	static const uint8_t lower[16] = { 0 }, upper[16] = { 0x80 };

	want(p, family, 1, lower, ifindex);
	want(p, family, 1, upper, ifindex);
}

static void
want_family(struct host_profile *p, sa_family_t family, uint32_t ifindex)
{
	const uint8_t number = family == AF_INET6 ? 6 : 4;

	for (unsigned i = 0; i < p->config.routes_n; i++) {
		const struct profile_route *r = &p->config.routes[i];

		if (r->family != number)
			continue;
		if (r->length == 0)
			want_default(p, family, ifindex);
		else
			want(p, family, r->length, r->address, ifindex);
	}
	if (p->config.default_route)
		want_default(p, family, ifindex);
}

static void
install(struct host_profile *p)
{
	struct host_routes *r = &p->routes;

	for (unsigned i = 0; i < r->n; i++)
		add(p, &r->v[i]);
}

static void
uninstall(struct host_profile *p)
{
	struct host_routes *r = &p->routes;

	for (unsigned i = r->n; i > 0; i--)
		remove_route(p, &r->v[i - 1]);
	remove_route(p, &r->guard);
	r->has_guard = false;
}

static void
guard_and_install(struct host_profile *p, const struct host_link *l)
{
	struct host_routes *r = &p->routes;

	r->is_suspended = needs_guard(p, l) && !r->has_guard && !guard(p);
	if (r->is_suspended)
		host_warn(p, "no routes through the tunnel: there is no other way to the server left");
	else
		install(p);
}

/* ---- what happens to PPP and to the network ---- */

void
host_routes_up(struct host_profile *p, const struct host_link *l)
{
	host_routes_down(p);
	if (l->local.s_addr != 0)
		want_family(p, AF_INET, l->ifindex);
	drop_peer_route(p, l);
	guard_and_install(p, l);
	if (l->is_ipv6_up)
		host_routes_up6(p, l);
}

void
host_routes_up6(struct host_profile *p, const struct host_link *l)
{
	for (unsigned i = 0; i < p->routes.n; i++) {
		if (p->routes.v[i].route.to.family == AF_INET6)
			return;
	}
	want_family(p, AF_INET6, l->ifindex);
	guard_and_install(p, l);
}

void
host_routes_down(struct host_profile *p)
{
	uninstall(p);
	p->routes.n = 0;
	p->routes.is_suspended = false;
}

/* The way found now leads into our own tunnel (the guard is gone with its link, or never could be made): out with
 * our routes, and look for a way without them. */
static bool
find_another_way(struct host_profile *p, const struct host_link *l)
{
	struct kb_route way;

	uninstall(p);
	host_network_know_way(p, host_way_find(p, &way) ? &way : NULL);
	guard_and_install(p, l);
	return p->has_way;
}

bool
host_routes_check(struct host_profile *p)
{
	const struct host_link *l = &p->host->links[p->first_link];
	struct kb_route way;

	if (!l->is_up || !needs_guard(p, l))
		return false;
	const bool has_way = host_way_find(p, &way) && !host_is_own_link(p, way.ifindex);
	if (p->routes.is_suspended == !has_way)
		return false;
	return find_another_way(p, l);
}
