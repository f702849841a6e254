/* host_status.c - a profile as it is now
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/host/host_state.h"

#include <arpa/inet.h>
#include <stdio.h>

void
host_print_address(struct in_addr a, char out[64])
{
	out[0] = '\0';
	if (a.s_addr != 0)
		inet_ntop(AF_INET, &a, out, 64);
}

static void
look_at_ppp(const struct host_link *l, struct host_status_session *out)
{
	snprintf(out->interface, sizeof out->interface, "%s", l->is_running ? l->ifname : "");
	out->is_up = l->is_up;
	out->up_us = l->up_us;
	if (!l->is_up)
		return;
	host_print_address(l->local, out->local);
	host_print_address(l->peer, out->remote);
	host_print_address(l->dns[0], out->dns[0]);
	host_print_address(l->dns[1], out->dns[1]);
	out->mtu = l->mtu;
	out->has_mppe = l->profile->config.ppp_plugin != PROFILE_PLUGIN_PPPOL2TP;
	out->mppe_bits = l->mppe_bits;
}

static void
look_at_session(struct host *h, const struct host_link *l, struct ut_ref ref, struct host_status_session *out)
{
	*out = (struct host_status_session){ .state = ut_engine_link_state(h->engine, ref),
					     .session_state = ut_engine_link_session_state(h->engine, ref),
					     .local_sid = l->local_sid,
					     .peer_sid = l->peer_sid,
					     .session_us = l->session_us };
	look_at_ppp(l, out);
	host_ppp_read_stats(l, &out->stats);
}

static unsigned
print_route(const struct host_profile *p, const struct host_route *r, struct host_status *out, unsigned n)
{
	if (!r->is_ours || n == HOST_STATUS_ROUTES_MAX)
		return n;
	host_route_text(p, &r->route, out->routes[n], sizeof out->routes[n]);
	return n + 1;
}

static void
look_at_routes(const struct host_profile *p, struct host_status *out)
{
	unsigned n = 0;

	if (p->routes.has_guard)
		n = print_route(p, &p->routes.guard, out, n);
	for (unsigned i = 0; i < p->routes.n; i++)
		n = print_route(p, &p->routes.v[i], out, n);
	out->routes_n = n;
}

static void
look_at_profile(struct host *h, const struct host_profile *p, struct host_status *out)
{
	out->name = p->config.name;
	out->protocol = p->config.protocol;
	out->state = ut_engine_client_state(h->engine, p->client);
	out->tunnel_state = ut_engine_client_tunnel_state(h->engine, p->client);
	out->local_tid = p->local_tid;
	out->peer_tid = p->peer_tid;
	out->data_path = p->driver != NULL ? p->driver->name : NULL;
	out->has_server = p->has_server;
	out->server = p->server;
	out->attempt = p->attempt;
	out->added_us = p->added_us;
	out->attempt_us = p->attempt_us;
	out->dialled_us = p->dialled_us;
	out->tunnel_us = p->tunnel_us;
	out->next_attempt_us = p->next_attempt_us;
	out->last_end = p->last_end;
	out->sessions_n = p->config.sessions_n;
}

unsigned
host_n_profiles(const struct host *h)
{
	return h->n_profiles;
}

struct ut_engine_counts
host_engine_counts(const struct host *h)
{
	return ut_engine_counts(h->engine);
}

bool
host_status(struct host *h, unsigned index, struct host_status *out)
{
	const struct host_profile *p = index < h->engine_config.n_clients ? h->profiles[index] : NULL;

	if (p == NULL)
		return false;
	look_at_profile(h, p, out);
	for (unsigned i = 0; i < p->config.sessions_n; i++) {
		const uint16_t link = (uint16_t)(p->first_link + i);

		look_at_session(h, &h->links[link], (struct ut_ref){ .index = link }, &out->sessions[i]);
	}
	look_at_routes(p, out);
	return true;
}
