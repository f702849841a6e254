/* host_streams.c - the TCP sockets of PPTP's control connections
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a short write leaves is kept, up to a bound, and sent when there is room again (interop 48).  A stream that the
 * engine closes has no name from then on, but lives until the peer has closed it too, for a second at most.
 */
#include "cli/host/host_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static uint64_t
now_us(const struct host *h)
{
	return h->io.ops->now(h->io.self).us;
}

/* The descriptor is closed and the slot is free. */
static void
drop(struct host *h, struct host_path *path, bool by_reset)
{
	host_path_close_tunnels(path);
	h->io.ops->unwatch(h->io.self, path->fd);
	h->io.ops->tcp_close(h->io.self, path->fd, by_reset);
	free(path->tail);
	host_path_forget(path);
}

/* 0 or -errno. */
static int
wait_for(struct host *h, const struct host_path *path)
{
	return h->io.ops->watch_for(h->io.self, path->fd, !path->has_fin, path->tail_n > 0);
}

/* ---- sending ---- */

/* What the peer said before it went is worth more than that it went: it is read first. */
static bool
is_told_by_reading(int err)
{
	return err == EPIPE || err == ECONNRESET;
}

/* Octets that were sent; all of them where it makes no sense to keep any.  -errno: the stream is of no use. */
static ssize_t
try_to_send(struct host *h, struct host_path *path, const uint8_t *p, size_t n)
{
	const ssize_t sent =
	    path->send_err == 0 ? h->io.ops->tcp_send(h->io.self, path->fd, p, n) : -path->send_err;

	if (sent >= 0)
		return sent;
	if (sent == -EAGAIN || sent == -EWOULDBLOCK)
		return 0;
	if (!is_told_by_reading((int)-sent))
		return sent;
	path->send_err = (int)-sent;
	return (ssize_t)n;
}

/* 0 or -errno. */
static int
send_tail(struct host *h, struct host_path *path)
{
	if (path->tail_n == 0)
		return 0;
	const ssize_t sent = try_to_send(h, path, path->tail, path->tail_n);
	if (sent < 0)
		return (int)sent;
	path->tail_n -= (size_t)sent;
	memmove(path->tail, path->tail + sent, path->tail_n);
	return 0;
}

static int
keep(struct host *h, struct host_path *path, const uint8_t *p, size_t n)
{
	if (n > HOST_TAIL_OCTETS - path->tail_n)
		return -ENOBUFS;
	if (path->tail == NULL)
		path->tail = malloc(HOST_TAIL_OCTETS);
	if (path->tail == NULL)
		return -ENOMEM;
	memcpy(path->tail + path->tail_n, p, n);
	path->tail_n += n;
	return wait_for(h, path);
}

static int
send_or_keep(struct host *h, struct host_path *path, struct ut_slice octets)
{
	ssize_t sent = 0;

	if (path->tail_n == 0)
		sent = try_to_send(h, path, octets.p, octets.n);
	if (sent < 0)
		return (int)sent;
	if ((size_t)sent == octets.n)
		return 0;
	return keep(h, path, octets.p + sent, octets.n - (size_t)sent);
}

/* The engine is told, and the stream is quiet until it is closed. */
static void
fail(struct host *h, struct host_path *path, int err)
{
	path->is_broken = true;
	path->tail_n = 0;
	h->io.ops->unwatch(h->io.self, path->fd);
	host_path_note(path, "the control connection broke: %s", strerror(-err));
	host_stream_failed(h, path->id, err);
}

void
host_stream_send(struct host *h, const struct ut_effect *e)
{
	struct host_path *path = host_path_find(h, e->path);

	if (path == NULL || path->is_connecting || path->is_broken)
		return;
	const int r = send_or_keep(h, path, e->bytes);
	if (r < 0)
		fail(h, path, r);
}

/* ---- receiving ---- */

/* The peer's last: a FIN, or an error. */
static void
take_end(struct host *h, struct host_path *path, int err)
{
	const struct ut_event event = { .kind = UT_EV_STREAM_CLOSED,
					.path = path->id,
					.err = err != 0 ? err : path->send_err };

	path->has_fin = event.err == 0;
	path->is_broken = event.err != 0;
	if (path->is_broken || wait_for(h, path) < 0)
		h->io.ops->unwatch(h->io.self, path->fd);
	host_feed(h, event);
}

static void
feed_octets(struct host *h, struct ut_path id, struct ut_slice octets)
{
	while (octets.n > 0 && host_path_find(h, id) != NULL) {
		const size_t taken = host_feed_stream(h, id, octets);

		octets = ut_slice(octets.p + taken, octets.n - taken);
	}
}

/* True when there may be more: the stream is still there and wanted. */
static bool
receive(struct host *h, struct host_path *path)
{
	const ssize_t n =
	    h->io.ops->tcp_receive(h->io.self, path->fd, h->buffers->datagram, HOST_DATAGRAM_OCTETS);

	if (n == -EAGAIN || n == -EWOULDBLOCK)
		return false;
	if (n <= 0) {
		take_end(h, path, (int)-n);
		return false;
	}
	feed_octets(h, path->id, ut_slice(h->buffers->datagram, (size_t)n));
	return true;
}

/* What was read may have closed it, and another may have its slot. */
static bool
is_to_be_read(const struct host_path *path, struct ut_path id)
{
	return path->is_open && path->id.v == id.v && path->closing_us == 0 && !path->has_fin &&
	       !path->is_broken;
}

static void
receive_burst(struct host *h, struct host_path *path)
{
	const struct ut_path id = path->id;

	for (int i = 0; i < HOST_RECEIVE_BURST; i++) {
		if (!is_to_be_read(path, id) || !receive(h, path))
			return;
	}
}

/* ---- the end ---- */

/* They are in the order in which they began, and each may take as long. */
static uint64_t
next_us(const struct host *h)
{
	if (host_list_is_empty(&h->closing))
		return UINT64_MAX;
	return HOST_OF(h->closing.next, struct host_path, closing)->closing_us + HOST_STREAM_CLOSE_US;
}

/* What comes now is nobody's.  True when the peer has closed too. */
static bool
is_peer_done(struct host *h, struct host_path *path)
{
	ssize_t n = 1;

	for (int i = 0; i < HOST_RECEIVE_BURST && n > 0; i++)
		n = h->io.ops->tcp_receive(h->io.self, path->fd, h->buffers->datagram, HOST_DATAGRAM_OCTETS);
	return n == 0 || (n < 0 && n != -EAGAIN && n != -EWOULDBLOCK);
}

static void
go_on_closing(struct host *h, struct host_path *path)
{
	if (send_tail(h, path) < 0) {
		drop(h, path, false);
		return;
	}
	if (path->tail_n == 0 && !path->is_shut) {
		h->io.ops->tcp_shutdown(h->io.self, path->fd);
		path->is_shut = true;
	}
	const bool is_done = path->is_shut && (path->has_fin || is_peer_done(h, path));
	if (is_done || wait_for(h, path) < 0)
		drop(h, path, false);
}

void
host_stream_close(struct host *h, struct host_path *path)
{
	host_path_close_tunnels(path);
	if (path->is_connecting || path->is_broken) {
		drop(h, path, false);
		return;
	}
	path->closing_us = now_us(h);
	host_list_add(&h->closing, &path->closing);
	host_waits_own(h, HOST_TIMER_STREAMS, next_us(h));
	go_on_closing(h, path);
}

void
host_stream_reset(struct host *h, struct ut_path id)
{
	struct host_path *path = host_path_find(h, id);

	if (path != NULL)
		drop(h, path, true);
}

void
host_streams_timers(struct host *h, uint64_t now)
{
	while (next_us(h) <= now)
		drop(h, HOST_OF(h->closing.next, struct host_path, closing), false);
	if (!host_list_is_empty(&h->closing))
		host_waits_own(h, HOST_TIMER_STREAMS, next_us(h));
}

void
host_streams_hurry(struct host *h)
{
	struct host_list *next;

	for (struct host_list *i = h->closing.next; i != &h->closing; i = next) {
		struct host_path *path = HOST_OF(i, struct host_path, closing);

		next = i->next;
		if (path->profile == NULL)
			drop(h, path, false);
	}
}

void
host_streams_end(struct host *h)
{
	for (unsigned i = 0; i < h->n_paths; i++) {
		if (h->paths[i].is_open && h->paths[i].is_stream)
			drop(h, &h->paths[i], false);
	}
}

/* ---- the beginning ---- */

static void
connect_failed(struct host *h, struct host_path *path, const struct kb_error *why)
{
	struct host_profile *p = path->profile;

	drop(h, path, false);
	if (p == NULL)
		return;
	host_blame(p, why);
	host_feed(h, (struct ut_event){ .kind = UT_EV_PATH_OPENED, .ref = p->client, .err = why->err });
}

static int
take_connection(struct host *h, struct host_path *path, struct kb_error *why)
{
	int r = h->io.ops->tcp_connected(h->io.self, path->fd, &path->peer, why);

	if (r == 0)
		r = h->io.ops->tcp_local(h->io.self, path->fd, &path->local, why);
	if (r < 0)
		return r;
	r = wait_for(h, path);
	return r < 0 ? kb_fail(why, -r, "cannot wait for the server: %s", strerror(-r)) : 0;
}

static void
connected(struct host *h, struct host_path *path)
{
	struct host_profile *p = path->profile;
	struct ut_event event = { .kind = UT_EV_PATH_OPENED };
	struct kb_error why = { 0 };
	const int r = take_connection(h, path, &why);

	if (r == -EINPROGRESS)
		return;
	if (r < 0 || p == NULL) {
		connect_failed(h, path, &why);
		return;
	}
	path->is_connecting = false;
	path->is_connected = true;
	host_network_want_way(p);
	host_network_know_address(p, &path->local);
	event.ref = p->client;
	host_sockaddr_to_peer(&path->local, &event.local);
	host_feed(h, event);
}

static void
go_on(struct host *h, struct host_path *path)
{
	int r = 0;

	if (path->tail_n > 0) {
		r = send_tail(h, path);
		if (r == 0)
			r = wait_for(h, path);
	}
	if (r < 0)
		fail(h, path, r);
	else
		receive_burst(h, path);
}

static void
on_stream(void *ctx, int fd)
{
	struct host_path *path = ctx;
	struct host *h = path->host;

	(void)fd;
	if (path->is_connecting)
		connected(h, path);
	else if (path->closing_us != 0)
		go_on_closing(h, path);
	else
		go_on(h, path);
}

static int
begin(struct host *h, const struct host_profile *p, struct host_path *path, struct kb_error *why)
{
	const struct kb_tcp_spec spec = {
		.peer = path->peer,
		.local_port = (uint16_t)p->config.local_port,
		.interface = p->config.interface[0] != '\0' ? p->config.interface : NULL,
		.mark = p->config.fwmark,
	};
	int r = h->io.ops->tcp_connect(h->io.self, &spec, &path->fd, why);

	if (r < 0)
		return r;
	r = h->io.ops->watch(h->io.self, path->fd, on_stream, path);
	if (r == 0)
		r = h->io.ops->watch_for(h->io.self, path->fd, false, true);
	if (r == 0)
		return 0;
	h->io.ops->unwatch(h->io.self, path->fd);
	h->io.ops->tcp_close(h->io.self, path->fd, false);
	return kb_fail(why, -r, "cannot wait for the connection: %s", strerror(-r));
}

static int
open_stream(struct host *h, struct host_profile *p, const struct ut_effect *e, struct kb_error *why)
{
	struct host_path *path = host_path_new(p, e);

	if (path == NULL)
		return kb_fail(why, EMFILE, "too many tunnels are ending at once");
	path->is_stream = path->is_connecting = true;
	const int r = begin(h, p, path, why);
	if (r == 0)
		path->is_open = true;
	else
		host_path_forget(path);
	return r;
}

void
host_stream_open(struct host *h, struct host_profile *p, const struct ut_effect *e)
{
	struct kb_error why = { 0 };
	const int r = open_stream(h, p, e, &why);

	if (r == 0)
		return;
	host_blame(p, &why);
	host_effect_failed(h, UT_EV_PATH_OPENED, e->ref, r);
}
