/* host_paths.c - the sockets of control connections, and what comes in on those of UDP
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/host/host_memory.h"
#include "cli/host/host_state.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- addresses ---- */

void
host_peer_to_sockaddr(const struct ut_peer *peer, union kb_sockaddr *out)
{
	memset(out, 0, sizeof *out);
	if (peer->family == 6) {
		out->in6.sin6_family = AF_INET6;
		out->in6.sin6_port = htons(peer->port);
		out->in6.sin6_scope_id = peer->scope;
		memcpy(&out->in6.sin6_addr, peer->address, 16);
	} else {
		out->in.sin_family = AF_INET;
		out->in.sin_port = htons(peer->port);
		memcpy(&out->in.sin_addr, peer->address, 4);
	}
}

void
host_sockaddr_to_peer(const union kb_sockaddr *address, struct ut_peer *out)
{
	memset(out, 0, sizeof *out);
	if (address->sa.sa_family == AF_INET6) {
		out->family = 6;
		out->port = ntohs(address->in6.sin6_port);
		out->scope = address->in6.sin6_scope_id;
		memcpy(out->address, &address->in6.sin6_addr, 16);
	} else {
		out->family = 4;
		out->port = ntohs(address->in.sin_port);
		memcpy(out->address, &address->in.sin_addr, 4);
	}
}

/* ---- finding ---- */

static struct ut_index
index_of(const struct host *h)
{
	return (struct ut_index){ .buckets = h->path_buckets, .next = h->path_next, .mask = h->path_mask };
}

static uint32_t
hash(struct ut_path id)
{
	return (id.v * UINT32_C(2654435761)) >> 16;
}

struct host_path *
host_path_find(struct host *h, struct ut_path id)
{
	const struct ut_index ix = index_of(h);

	for (uint16_t i = ut_index_first(ix, hash(id)); i != UT_INDEX_NONE; i = ut_index_next(ix, i)) {
		struct host_path *path = &h->paths[i];

		if (path->is_open && path->closing_us == 0 && path->id.v == id.v)
			return path;
	}
	return NULL;
}

bool
host_paths_init(struct host *h)
{
	h->path_mask = ut_index_buckets((uint16_t)h->n_paths) - 1;
	h->path_buckets = host_memory_new(((size_t)h->path_mask + 1) * sizeof h->path_buckets[0]);
	h->path_next = host_memory_new(h->n_paths * sizeof h->path_next[0]);
	h->paths = host_memory_new(h->n_paths * sizeof *h->paths);
	if (h->path_buckets == NULL || h->path_next == NULL || h->paths == NULL)
		return false;
	ut_index_init(index_of(h));
	return host_slots_init(&h->path_slots, h->n_paths);
}

void
host_paths_fini(struct host *h)
{
	host_slots_fini(&h->path_slots);
	host_memory_free(h->path_buckets, ((size_t)h->path_mask + 1) * sizeof h->path_buckets[0]);
	host_memory_free(h->path_next, h->n_paths * sizeof h->path_next[0]);
	host_memory_free(h->paths, h->n_paths * sizeof *h->paths);
}

struct host_path *
host_path_of_profile(const struct host_profile *p)
{
	for (struct host_list *i = p->paths.prev; i != &p->paths; i = i->prev) {
		struct host_path *path = HOST_OF(i, struct host_path, of_profile);

		if (path->is_open && path->closing_us == 0)
			return path;
	}
	return NULL;
}

/* ---- slots ---- */

struct host_path *
host_path_new(struct host_profile *p, const struct ut_effect *e)
{
	struct host *h = p->host;
	const uint16_t slot = host_slots_take(&h->path_slots);

	if (slot == HOST_SLOT_NONE)
		return NULL;
	struct host_path *path = &h->paths[slot];
	*path = (struct host_path){ .host = h, .id = e->path, .profile = p, .fd = -1 };
	host_peer_to_sockaddr(&e->peer, &path->peer);
	host_list_init(&path->tunnels);
	host_list_add(&p->paths, &path->of_profile);
	ut_index_add(index_of(h), hash(path->id), slot);
	return path;
}

void
host_path_forget(struct host_path *path)
{
	struct host *h = path->host;
	const uint16_t slot = (uint16_t)(path - h->paths);

	ut_index_remove(index_of(h), hash(path->id), slot);
	host_list_remove(&path->of_profile);
	host_list_remove(&path->closing);
	*path = (struct host_path){ .fd = -1 };
	host_slots_give(&h->path_slots, slot);
}

void
host_path_note(const struct host_path *path, const char *format, ...)
{
	char text[256];
	va_list args;

	if (path->profile == NULL)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	host_note(path->profile, "%s", text);
}

/* ---- receiving ---- */

static bool
is_of_way(int err)
{
	return err == ECONNREFUSED || err == EHOSTUNREACH || err == ENETUNREACH;
}

/* An ICMP error is anybody's word: noted, for the sentence when no answer comes, and nothing more. */
static void
note_error(struct host_path *path, int err, const char *doing)
{
	char text[64];

	if (path->profile != NULL && is_of_way(err))
		path->profile->icmp_err = err;
	if (path->told_err == err)
		return;
	path->told_err = err;
	host_path_note(path, "%s %s: %s", doing, host_address_text(&path->peer, text), strerror(err));
}

/* False: there is no more now, or the last datagram closed the socket. */
static bool
receive(struct host *h, struct host_path *path)
{
	struct ut_event event = { .kind = UT_EV_DATAGRAM, .path = path->id };
	union kb_sockaddr from;
	const ssize_t n =
	    h->io.ops->receive(h->io.self, path->fd, h->buffers->datagram, HOST_DATAGRAM_OCTETS, &from);

	if (n == -EAGAIN || n == -EWOULDBLOCK)
		return false;
	if (n < 0) {
		note_error(path, (int)-n, "from");
		return true;
	}
	event.bytes = ut_slice(h->buffers->datagram, (size_t)n);
	host_sockaddr_to_peer(&from, &event.peer);
	host_feed(h, event);
	return path->is_open && path->id.v == event.path.v;
}

static void
on_datagrams(void *ctx, int fd)
{
	struct host_path *path = ctx;
	struct host *h = path->host;

	(void)fd;
	for (int i = 0; i < HOST_RECEIVE_BURST && receive(h, path); i++)
		continue;
}

/* ---- effects ---- */

int
host_udp_open(const struct host_profile *p, const union kb_sockaddr *peer, int *fd, struct kb_error *why)
{
	const struct ut_io *io = &p->host->io;
	const struct kb_udp_spec spec = {
		.peer = *peer,
		.local_port = (uint16_t)p->config.local_port,
		.interface = p->config.interface[0] != '\0' ? p->config.interface : NULL,
		.mark = p->config.fwmark,
		.receive_from_any_port = true,
		.tell_errors = true,
	};

	return io->ops->udp_open(io->self, &spec, fd, why);
}

/* The one that was opened to look at its protection, or one more. */
static int
take_socket(struct host_profile *p, struct host_path *path, struct kb_error *why)
{
	struct host_reserved *r = &p->reserved;

	if (r->fd < 0)
		return host_udp_open(p, &path->peer, &path->fd, why);
	path->fd = r->fd;
	path->is_connected = r->is_connected;
	*r = HOST_RESERVED_NULL;
	if (!path->is_connected)
		return 0;
	const int failed = p->host->io.ops->udp_local(p->host->io.self, path->fd, &path->local, why);
	if (failed == 0)
		host_network_know_address(p, &path->local);
	return failed;
}

static int
open_socket(struct host *h, struct host_profile *p, struct host_path *path, struct kb_error *why)
{
	int r = take_socket(p, path, why);

	if (r == 0)
		r = host_protect_path(p, path, why);
	if (r < 0)
		goto close;
	r = h->io.ops->watch(h->io.self, path->fd, on_datagrams, path);
	if (r == 0)
		return 0;
	kb_fail(why, -r, "cannot wait for datagrams: %s", strerror(-r));
close:
	if (path->fd >= 0)
		h->io.ops->udp_close(h->io.self, path->fd);
	return r;
}

void
host_path_open(struct host *h, struct host_profile *p, const struct ut_effect *e)
{
	struct host_path *path = host_path_new(p, e);
	struct kb_error why = { 0 };
	const int r = path != NULL ? open_socket(h, p, path, &why)
				   : kb_fail(&why, EMFILE, "too many tunnels are ending at once");

	if (r < 0) {
		if (path != NULL)
			host_path_forget(path);
		host_blame(p, &why);
		host_effect_failed(h, UT_EV_PATH_OPENED, e->ref, r);
		return;
	}
	path->is_open = true;
	host_network_want_way(p);
	host_effect_done(h, UT_EV_PATH_OPENED, e->ref);
}

static bool
is_peer(const struct host_path *path, const struct ut_peer *peer)
{
	struct ut_peer own;

	host_sockaddr_to_peer(&path->peer, &own);
	return memcmp(&own, peer, sizeof own) == 0;
}

/* The peer's address and port are known for good: from here on nobody else is heard (design 16), and the kernel
 * has chosen our address. */
void
host_path_connect(struct host *h, const struct ut_effect *e)
{
	struct host_path *path = host_path_find(h, e->path);
	struct kb_error why = { 0 };
	union kb_sockaddr peer;

	if (path == NULL)
		return;
	host_peer_to_sockaddr(&e->peer, &peer);
	if (path->is_connected && is_peer(path, &e->peer))
		return;
	struct host_profile *p = path->profile;
	int r = h->io.ops->udp_connect(h->io.self, path->fd, &peer, &why);
	if (r == 0)
		r = h->io.ops->udp_local(h->io.self, path->fd, &path->local, &why);
	if (r == 0) {
		path->peer = peer;
		path->is_connected = true;
		if (p != NULL)
			host_network_know_address(p, &path->local);
		return;
	}
	if (p == NULL)
		return;
	host_blame(p, &why);
	host_note(p, "%s", why.text);
	host_effect_failed(h, UT_EV_PATH_LOST, p->client, r);
}

void
host_path_close_tunnels(struct host_path *path)
{
	while (!host_list_is_empty(&path->tunnels)) {
		const struct host_tunnel *t = HOST_OF(path->tunnels.next, struct host_tunnel, of_path);

		host_tunnel_close(path->host, t->ref);
	}
}

void
host_path_close(struct host *h, struct ut_path id)
{
	struct host_path *path = host_path_find(h, id);

	if (path == NULL)
		return;
	if (path->is_stream) {
		host_stream_close(h, path);
		return;
	}
	host_path_close_tunnels(path);
	h->io.ops->unwatch(h->io.self, path->fd);
	h->io.ops->udp_close(h->io.self, path->fd);
	host_path_forget(path);
}

/* A datagram that could not be sent is one that was lost: the retransmission is the cure. */
void
host_path_send(struct host *h, const struct ut_effect *e)
{
	struct host_path *path = host_path_find(h, e->path);
	union kb_sockaddr to;

	if (path == NULL)
		return;
	host_peer_to_sockaddr(&e->peer, &to);
	ssize_t n =
	    h->io.ops->send(h->io.self, path->fd, e->bytes.p, e->bytes.n, path->is_connected ? NULL : &to);
	if (n == -ECONNREFUSED ||
	    n == -EHOSTUNREACH) { /* the news of an earlier one: this one was not sent yet */
		note_error(path, (int)-n, "to");
		n = h->io.ops->send(h->io.self, path->fd, e->bytes.p, e->bytes.n,
				    path->is_connected ? NULL : &to);
	}
	if (n < 0)
		note_error(path, (int)-n, "to");
}
