/* host_resolve.c - the server's name, and which of its addresses is tried
 * SPDX-License-Identifier: Apache-2.0
 *
 * A name may have several addresses.  Each attempt takes one; one that led to no control connection makes the
 * next attempt take the next.  How long all this may take is the engine's business.
 */
#include "cli/host/host_state.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static bool
is_same_host(const union kb_sockaddr *a, const union kb_sockaddr *b)
{
	if (a->sa.sa_family != b->sa.sa_family)
		return false;
	if (a->sa.sa_family == AF_INET6)
		return memcmp(&a->in6.sin6_addr, &b->in6.sin6_addr, sizeof a->in6.sin6_addr) == 0;
	return a->in.sin_addr.s_addr == b->in.sin_addr.s_addr;
}

/* The address after the one that did not answer, the same one again if it did. */
static unsigned
choose(const struct host_profile *p)
{
	for (unsigned i = 0; i < p->n_addresses; i++) {
		if (p->has_server && is_same_host(&p->addresses[i], &p->server))
			return p->was_tunnel_up ? i : (i + 1) % p->n_addresses;
	}
	return 0;
}

static void
answer(struct host_profile *p, unsigned n)
{
	struct ut_event event = { .kind = UT_EV_RESOLVED, .ref = p->client };

	p->n_addresses = n;
	p->server = p->addresses[choose(p)];
	p->has_server = true;
	p->was_tunnel_up = false;
	host_sockaddr_to_peer(&p->server, &event.peer);
	host_queue(p->host, event);
}

static void
failed(struct host_profile *p, const struct kb_error *why, int err)
{
	host_blame(p, why);
	host_resolve_cancel(p);
	host_effect_failed(p->host, UT_EV_RESOLVED, p->client, err);
}

/* The kernel carries PPTP's frames over IPv4 only.  How many addresses can be used; the others are gone. */
static int
keep_usable(struct host_profile *p, int n, struct kb_error *why)
{
	int kept = 0;

	if (p->config.protocol != PROFILE_PPTP || p->config.data_path == PROFILE_DATA_NULL)
		return n;
	for (int i = 0; i < n; i++)
		if (p->addresses[i].sa.sa_family == AF_INET)
			p->addresses[kept++] = p->addresses[i];
	if (kept > 0)
		return kept;
	return kb_fail(
	    why, EAFNOSUPPORT,
	    "%s has IPv6 addresses only, and the kernel carries PPTP over IPv4 only: is there an IPv4 "
	    "address, or does the server speak L2TP?",
	    p->config.server);
}

static void
collect(struct host_profile *p)
{
	struct kb_error why = { 0 };
	int n =
	    p->host->system->resolved(p->host->system_self, p->query, p->addresses, HOST_ADDRESSES_MAX, &why);

	if (n > 0)
		n = keep_usable(p, n, &why);

	if (n < 0) {
		failed(p, &why, n);
	} else if (n > 0) {
		host_resolve_cancel(p);
		answer(p, (unsigned)n);
	}
}

static void
on_ready(void *ctx, int fd)
{
	struct host_profile *p = ctx;

	(void)fd;
	if (p->query != NULL)
		collect(p);
}

void
host_resolve(struct host_profile *p)
{
	struct host *h = p->host;
	struct kb_error why = { 0 };

	host_resolve_cancel(p);
	int r = h->system->resolve(h->system_self, p->config.server, (uint16_t)p->config.server_port,
				   &p->query, &p->query_fd, &why);
	if (r == 0 && p->query_fd < 0) {
		collect(p);
		return;
	}
	if (r == 0) {
		r = h->io.ops->watch(h->io.self, p->query_fd, on_ready, p);
		if (r < 0)
			kb_fail(&why, -r, "cannot wait for the name server: %s", strerror(-r));
	}
	if (r < 0)
		failed(p, &why, r);
}

void
host_resolve_cancel(struct host_profile *p)
{
	struct host *h = p->host;

	if (p->query == NULL)
		return;
	if (p->query_fd >= 0)
		h->io.ops->unwatch(h->io.self, p->query_fd);
	h->system->resolve_end(h->system_self, p->query);
	p->query = NULL;
	p->query_fd = -1;
}
