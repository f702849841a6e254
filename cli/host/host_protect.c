/* host_protect.c - does IPsec protect the tunnel, before its first datagram and as long as it lives?
 * SPDX-License-Identifier: Apache-2.0
 *
 * The socket is opened here, before it is needed, because a policy is about ports and the kernel picks ours; nothing
 * is sent.  Where policies demand ESP it is connected at once: that asks the IKE daemon for an association, where
 * none is there, and keeps out whoever answers from a port that the policies do not cover.
 */
#include "cli/host/host_state.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* ---- what is missing, in words ---- */

/* One direction of a flow; `local` is the side of ours, as the words have it. */
struct words {
	const char *packets, *local, *peer;
};

static const struct words out_words = { "what goes out", "source", "destination" };
static const struct words in_words = { "what comes in", "destination", "source" };

static unsigned
port_of(const union kb_sockaddr *a)
{
	return ntohs(a->sa.sa_family == AF_INET6 ? a->in6.sin6_port : a->in.sin_port);
}

static void
say_near(const struct kb_guarded *g, const struct kb_flow *flow, const struct words *w, char *out, size_t cap)
{
	if ((g->near_misses & KB_MISS_MARK) != 0)
		snprintf(out, cap, "the policy for %s has another mark than the socket's 0x%x: see --mark",
			 w->packets, flow->mark);
	else if ((g->near_misses & KB_MISS_PEER_PORT) != 0)
		snprintf(out, cap, "the policy for %s covers only %s port %u, the server's is %u", w->packets,
			 w->peer, g->near_peer_port, port_of(&flow->peer));
	else
		snprintf(out, cap,
			 "the policy covers only %s port %u, this socket uses %u: use --local-port %u",
			 w->local, g->near_local_port, port_of(&flow->local), g->near_local_port);
}

static void
say_missing(const struct kb_guarded *g, const struct kb_flow *flow, const struct words *w, char *out,
	    size_t cap)
{
	out[0] = '\0';
	switch (g->guard) {
	case KB_GUARD_NONE:
		if (g->near_misses != 0)
			say_near(g, flow, w, out, cap);
		else
			snprintf(out, cap, "there is no policy for %s", w->packets);
		break;
	case KB_GUARD_BYPASS:
		snprintf(out, cap, "a policy lets %s pass in clear (priority %u)", w->packets, g->priority);
		break;
	case KB_GUARD_WEAK:
		snprintf(out, cap, "the policy for %s does not demand ESP", w->packets);
		break;
	case KB_GUARD_BLOCK:
		snprintf(out, cap, "a policy blocks %s (priority %u)", w->packets, g->priority);
		break;
	case KB_GUARD_ESP:
	case KB_GUARD_N:
		break;
	}
}

static bool
is_same_miss(const struct kb_guarded *a, const struct kb_guarded *b)
{
	return a->guard == KB_GUARD_NONE && b->guard == KB_GUARD_NONE && a->near_misses != 0 &&
	       a->near_misses == b->near_misses;
}

static bool
has_nothing(const struct kb_guarded *g)
{
	return g->guard == KB_GUARD_NONE && g->near_misses == 0;
}

/* Where something is there, what is said of it is the advice. */
static const char *
advice_on(const struct kb_protection *protection)
{
	if (!has_nothing(&protection->out) || !has_nothing(&protection->in))
		return "";
	return ": does the IKE daemon run, and has it a connection to this server?";
}

static int
fail_unprotected(const struct kb_protection *protection, const struct kb_flow *flow, struct kb_error *why)
{
	char out[120], in[120] = "";

	say_missing(&protection->out, flow, &out_words, out, sizeof out);
	if (!is_same_miss(&protection->out, &protection->in))
		say_missing(&protection->in, flow, &in_words, in, sizeof in);
	return kb_fail(why, EACCES, "IPsec does not protect the way to the server: %s%s%s%s", out,
		       out[0] != '\0' && in[0] != '\0' ? "; " : "", in, advice_on(protection));
}

static void
tell(struct host_profile *p, const char *text)
{
	host_report(p, &(struct host_report){ .kind = HOST_IPSEC, .text = text });
}

/* ---- looking ---- */

/* What a socket that is not connected sends has the address of the route. */
static void
set_source(union kb_sockaddr *local, const struct kb_route *way)
{
	if (local->sa.sa_family == AF_INET6)
		memcpy(&local->in6.sin6_addr, way->source, sizeof local->in6.sin6_addr);
	else
		memcpy(&local->in.sin_addr, way->source, sizeof local->in.sin_addr);
}

static int
find_flow(const struct host_profile *p, const struct host_reserved *r, struct kb_flow *out,
	  struct kb_error *why)
{
	const struct ut_io *io = &p->host->io;
	struct kb_flow flow = { .peer = r->peer, .mark = p->config.fwmark };
	struct kb_route way;
	const int failed = io->ops->udp_local(io->self, r->fd, &flow.local, why);

	if (failed < 0)
		return failed;
	if (host_way_find(p, &way)) {
		flow.ifindex = way.ifindex;
		if (!r->is_connected && way.has_source)
			set_source(&flow.local, &way);
	}
	*out = flow;
	return 0;
}

/* 0: policies demand ESP both ways.  `*is_known`: the kernel could be asked. */
static int
look(const struct host_profile *p, const struct host_reserved *r, struct kb_protection *out, bool *is_known,
     struct kb_error *why)
{
	const struct host *h = p->host;
	struct kb_flow flow;
	int failed = find_flow(p, r, &flow, why);

	if (failed == 0)
		failed = h->system->protection(h->system_self, &flow, out, why);
	*is_known = failed == 0;
	if (failed == 0 && !kb_protection_is_whole(out))
		failed = fail_unprotected(out, &flow, why);
	return failed;
}

static int
hold(const struct host_profile *p, const struct host_reserved *r, const struct kb_protection *protection,
     struct kb_error *why)
{
	const struct host *h = p->host;

	return h->system->protection_hold(h->system_self, r->fd, r->peer.sa.sa_family, protection, why);
}

int
host_protect_path(const struct host_profile *p, const struct host_path *path, struct kb_error *why)
{
	const struct host_reserved r = { .fd = path->fd,
					 .is_connected = path->is_connected,
					 .peer = path->peer };
	struct kb_protection protection;
	bool is_known;

	if (!p->config.require_ipsec)
		return 0;
	const int failed = look(p, &r, &protection, &is_known, why);
	return failed < 0 ? failed : hold(p, &r, &protection, why);
}

/* ---- the socket, opened before it is needed ---- */

void
host_protect_release(struct host_profile *p)
{
	if (p->reserved.fd >= 0)
		p->host->io.ops->udp_close(p->host->io.self, p->reserved.fd);
	p->reserved = HOST_RESERVED_NULL;
	host_list_remove(&p->awaiting);
}

static int
connect_socket(struct host_profile *p, struct kb_error *why)
{
	const struct ut_io *io = &p->host->io;
	struct host_reserved *r = &p->reserved;
	const int failed = r->is_connected ? 0 : io->ops->udp_connect(io->self, r->fd, &r->peer, why);

	r->is_connected = failed == 0;
	return failed;
}

static int
reserve(struct host_profile *p, const struct ut_effect *e, struct kb_error *why)
{
	struct host_reserved *r = &p->reserved;

	host_peer_to_sockaddr(&e->peer, &r->peer);
	const int failed = host_udp_open(p, &r->peer, &r->fd, why);
	if (failed < 0) {
		r->fd = -1;
		return failed;
	}
	return p->config.require_ipsec ? connect_socket(p, why) : 0;
}

/* ---- the verdict ---- */

static void
refuse(struct host_profile *p, const struct kb_error *why)
{
	host_protect_release(p);
	host_blame(p, why);
	host_effect_failed(p->host, UT_EV_PROTECTED, p->client, why->err);
}

static void
go(struct host_profile *p)
{
	p->reserved.waits_since_us = 0;
	host_list_remove(&p->awaiting);
	host_effect_done(p->host, UT_EV_PROTECTED, p->client);
}

static void
go_protected(struct host_profile *p, const struct kb_protection *protection)
{
	struct kb_error why = { 0 };

	if (p->config.require_ipsec && hold(p, &p->reserved, protection, &why) < 0) {
		refuse(p, &why);
		return;
	}
	tell(p, p->reserved.waits_since_us != 0 ? "the association is there now: ESP protects the tunnel"
						: "ESP protects the tunnel");
	go(p);
}

static bool
is_meant(const struct kb_guarded *g)
{
	return g->near_misses != 0 || g->guard == KB_GUARD_ESP || g->guard == KB_GUARD_BLOCK;
}

/* Nobody asked for protection; who set up some that does not fit should know. */
static void
go_unprotected(struct host_profile *p, const struct kb_protection *protection, const struct kb_error *why)
{
	if (is_meant(&protection->out) || is_meant(&protection->in))
		tell(p, why->text);
	go(p);
}

static void on_news(void *ctx, int fd);

static int
listen_to_news(struct host *h, struct kb_error *why)
{
	int fd = -1;

	if (h->ipsec_fd >= 0)
		return 0;
	int r = h->system->protection_watch(h->system_self, &fd, why);
	if (r < 0)
		return r;
	r = h->io.ops->watch(h->io.self, fd, on_news, h);
	if (r < 0)
		return kb_fail(why, -r, "cannot wait for changes of the IPsec policies: %s", strerror(-r));
	h->ipsec_fd = fd;
	return 0;
}

static void decide(struct host_profile *p);

/* Looks again at once, since the association may have come before the news were listened to. */
static void
wait_for_association(struct host_profile *p)
{
	char text[120];

	if (p->reserved.waits_since_us != 0)
		return;
	p->reserved.waits_since_us = p->host->io.ops->now(p->host->io.self).us;
	host_list_add(&p->host->awaiting, &p->awaiting);
	host_waits_changed(p);
	snprintf(text, sizeof text,
		 "a policy demands ESP, which is still being negotiated: waiting up to %d s for it",
		 HOST_IPSEC_WAIT_US / 1000000);
	tell(p, text);
	if (listen_to_news(p->host, NULL) == 0)
		decide(p);
}

static void
decide(struct host_profile *p)
{
	struct kb_protection protection = { 0 };
	struct kb_error why = { 0 };
	bool is_known = false;
	int r = look(p, &p->reserved, &protection, &is_known, &why);

	if (r == 0)
		r = connect_socket(p, &why);
	if (r < 0 && p->config.require_ipsec)
		refuse(p, &why);
	else if (r < 0 && is_known)
		go_unprotected(p, &protection, &why);
	else if (r < 0)
		go(p);
	else if (kb_protection_is_usable(&protection))
		go_protected(p, &protection);
	else
		wait_for_association(p);
}

void
host_protect(struct host_profile *p, const struct ut_effect *e)
{
	struct kb_error why = { 0 };

	host_protect_release(p);
	if (p->config.protocol == PROFILE_PPTP) { /* no profile requires it there (cli/profile_check.c) */
		go(p);
		return;
	}
	int r = reserve(p, e, &why);
	if (r == 0 && p->config.require_ipsec)
		r = listen_to_news(p->host, &why);
	if (r < 0)
		refuse(p, &why);
	else if (p->config.require_ipsec ||
		 p->host->system->protection_is_likely(p->host->system_self, p->reserved.fd))
		decide(p);
	else
		go(p);
}

/* ---- what may happen meanwhile, and afterwards ---- */

static int
fail_wait(struct kb_error *why, int err)
{
	return kb_fail(why, err,
		       "a policy demands ESP and no association has come: does the IKE daemon run, does the "
		       "server's answer it? The daemon's log says");
}

void
host_protect_give_up(struct host_profile *p)
{
	struct kb_error why = { 0 };

	(void)fail_wait(&why, ETIMEDOUT);
	if (p->config.require_ipsec) {
		refuse(p, &why);
		return;
	}
	tell(p,
	     "still no association: dialling all the same; the kernel keeps back what may not go in clear");
	go(p);
}

void
host_protect_cancel(struct host_profile *p)
{
	struct kb_error why = { 0 };

	if (p->reserved.waits_since_us != 0) {
		(void)fail_wait(&why, 1);
		why.err = UT_CODE_TIMEOUT; /* the engine's word for the time being up */
		host_blame(p, &why);
	}
	host_protect_release(p);
}

/* The engine then cuts the tunnel without a word. */
void
host_protect_check(struct host_profile *p)
{
	const struct host_path *path = host_path_of_profile(p);
	struct kb_error why = { 0 };

	if (p->reserved.waits_since_us != 0 || path == NULL || host_protect_path(p, path, &why) == 0)
		return;
	host_blame(p, &why);
	host_queue(p->host, (struct ut_event){ .kind = UT_EV_PROTECTED, .ref = p->client, .err = why.err });
}

static void
on_news(void *ctx, int fd)
{
	struct host *h = ctx;
	struct host_list *next;

	(void)fd;
	h->system->protection_news(h->system_self);
	for (struct host_list *i = h->awaiting.next; i != &h->awaiting; i = next) {
		next = i->next;
		decide(HOST_OF(i, struct host_profile, awaiting));
	}
	host_sweep_want(h, HOST_SWEEP_IPSEC);
}
