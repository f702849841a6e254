/* host_sessions.c - kernel tunnels and sessions by way of a data-path driver
 * SPDX-License-Identifier: Apache-2.0
 *
 * The kernel's tunnel is made with the first session of a tunnel: by then the socket is connected, without which
 * the kernel would send nothing and say nothing.
 */
#include "cli/host/host_state.h"

#include <errno.h>

/* ---- finding ---- */

struct host_session *
host_session_find(struct host *h, struct ut_ref ref)
{
	if (ref.index >= host_n_sessions(h))
		return NULL;
	struct host_session *s = &h->sessions[ref.index];
	return s->kernel.fd >= 0 && host_ref_is_same(s->ref, ref) ? s : NULL;
}

bool
host_session_is_dead(const struct host *h, struct ut_ref ref)
{
	return ref.index >= host_n_sessions(h) || host_ref_is_same(h->sessions[ref.index].dead, ref);
}

static struct host_profile *
profile_of_session(struct host *h, const struct ut_effect *e)
{
	const struct host_link *link = host_link_of(h, e->link);
	struct host_profile *p = host_profile_of_client(h, e->client);

	return p != NULL || link == NULL ? p : link->profile;
}

/* ---- tunnels ---- */

static void
close_tunnel(struct host_tunnel *t)
{
	if (t->driver != NULL)
		t->driver->tunnel_close(&t->kernel);
	t->ref = HOST_NO_REF;
	host_list_remove(&t->of_path);
}

static int
open_tunnel(struct host *h, struct host_profile *p, const struct ut_effect *e, struct kb_error *why)
{
	struct host_tunnel *t = &h->tunnels[e->tunnel.index];
	struct host_path *path = host_path_find(h, e->path);

	if (path == NULL)
		path = host_path_of_profile(p);
	if (t->kernel.fd >= 0 && host_ref_is_same(t->ref, e->tunnel))
		return 0;
	if (path == NULL || !path->is_connected)
		return kb_fail(why, ENOTCONN, "the tunnel's socket is not connected");
	const struct kb_tunnel_spec spec = {
		.control_fd = path->fd,
		.peer = path->peer,
		.local_tid = e->local_tid.v,
		.peer_tid = e->peer_tid.v,
		.interface = p->config.interface[0] != '\0' ? p->config.interface : NULL,
		.mark = p->config.fwmark,
	};
	close_tunnel(t);
	t->ref = e->tunnel;
	t->driver = p->driver;
	host_list_add(&path->tunnels, &t->of_path);
	return t->driver->tunnel_open(&spec, &t->kernel, why);
}

void
host_tunnel_close(struct host *h, struct ut_ref ref)
{
	if (ref.index >= host_n_tunnels(h) || !host_ref_is_same(h->tunnels[ref.index].ref, ref))
		return;
	close_tunnel(&h->tunnels[ref.index]);
}

/* ---- sessions ---- */

/* One of PPTP's may have been reserved before; then it is as it was. */
static int
take_session(struct host *h, struct host_profile *p, const struct ut_effect *e, struct kb_error *why)
{
	struct host_session *s = &h->sessions[e->ref.index];
	const int r = open_tunnel(h, p, e, why);

	if (r < 0 || host_session_find(h, e->ref) != NULL)
		return r;
	s->ref = e->ref;
	s->link = e->link;
	s->stats = (struct kb_session_stats){ 0 };
	s->driver = p->driver;
	s->is_lost = s->is_doubted = false;
	return 0;
}

static int
open_session(struct host *h, const struct ut_effect *e, bool is_to_reserve, struct kb_error *why)
{
	struct host_session *s = &h->sessions[e->ref.index];
	const struct kb_tunnel *tunnel = &h->tunnels[e->tunnel.index].kernel;
	const struct kb_session_spec spec = {
		.local_sid = e->local_sid.v,
		.peer_sid = e->peer_sid.v,
		.send_sequence = e->send_sequence,
		.is_lns = e->is_lns,
	};

	if (!is_to_reserve)
		return s->driver->session_open(tunnel, &spec, &s->kernel, why);
	return s->driver->session_reserve != NULL ? s->driver->session_reserve(tunnel, &spec, &s->kernel, why)
						  : 0;
}

static void
take_and_open(struct host *h, const struct ut_effect *e, enum ut_event_kind answer)
{
	struct host_profile *p = profile_of_session(h, e);
	struct kb_error why = { 0 };

	if (p == NULL || host_session_is_dead(h, e->ref) || e->tunnel.index >= host_n_tunnels(h))
		return;
	int r = take_session(h, p, e, &why);
	if (r == 0)
		r = open_session(h, e, answer == UT_EV_SESSION_RESERVED, &why);
	if (r == 0) {
		host_list_add(&h->open_sessions, &h->sessions[e->ref.index].open);
		host_effect_done(h, answer, e->ref);
		return;
	}
	host_blame(p, &why);
	host_effect_failed(h, answer, e->ref, r);
}

void
host_session_reserve(struct host *h, const struct ut_effect *e)
{
	take_and_open(h, e, UT_EV_SESSION_RESERVED);
}

void
host_session_open(struct host *h, const struct ut_effect *e)
{
	take_and_open(h, e, UT_EV_SESSION_OPENED);
}

void
host_session_read_stats(struct host *h, struct host_session *s)
{
	struct kb_session_stats stats;

	(void)h;
	if (s->kernel.fd >= 0 && s->driver->session_stats(&s->kernel, &stats, NULL) == 0)
		s->stats = stats;
}

void
host_session_close(struct host *h, struct ut_ref ref)
{
	if (ref.index >= host_n_sessions(h))
		return;
	struct host_session *s = &h->sessions[ref.index];
	s->dead = ref;
	if (s->driver == NULL || !host_ref_is_same(s->ref, ref))
		return;
	host_session_read_stats(h, s);
	s->driver->session_close(&s->kernel);
	host_list_remove(&s->open);
}
