/* rig_stream.c - the other end over streams: accepts, hears, answers and closes PPTP's control connections
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/cli/host/rig_parts.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

static void on_stream(void *ctx, int fd);

static struct rig_stream *
stream_of_fd(struct rig *rig, int fd)
{
	for (unsigned i = 0; i < RIG_STREAMS; i++) {
		if (rig->server.streams[i].used && rig->server.streams[i].fd == fd)
			return &rig->server.streams[i];
	}
	return NULL;
}

/* The newest, as a slow end may still be there. */
static struct rig_stream *
stream_of_path(struct rig *rig, struct ut_path path)
{
	struct rig_stream *found = NULL;

	for (unsigned i = 0; i < RIG_STREAMS; i++) {
		struct rig_stream *s = &rig->server.streams[i];

		if (s->used && !s->is_closing && s->path.v == path.v)
			found = s;
	}
	return found;
}

static void
drop(struct rig *rig, struct rig_stream *s, bool by_reset)
{
	const struct ut_io *io = &rig->server.io;

	io->ops->unwatch(io->self, s->fd);
	io->ops->tcp_close(io->self, s->fd, by_reset);
	s->used = false;
}

/* ---- sending ---- */

static void
flush(struct rig *rig, struct rig_stream *s)
{
	const struct ut_io *io = &rig->server.io;
	const ssize_t n = s->out_n > 0 ? io->ops->tcp_send(io->self, s->fd, s->out, s->out_n) : 0;

	if (n > 0) {
		s->out_n -= (size_t)n;
		memmove(s->out, s->out + n, s->out_n);
	} else if (n < 0 && n != -EAGAIN) {
		s->out_n = 0;
	}
	(void)io->ops->watch_for(io->self, s->fd, !s->has_fin, s->out_n > 0);
}

void
rig_stream_send(struct rig *rig, struct ut_path path, struct ut_slice octets)
{
	struct rig_stream *s = stream_of_path(rig, path);

	if (s == NULL || rig->server.is_silent)
		return;
	assert(octets.n <= sizeof s->out - s->out_n);
	memcpy(s->out + s->out_n, octets.p, octets.n);
	s->out_n += octets.n;
	flush(rig, s);
}

/* ---- the end ---- */

static void
go_on_closing(struct rig *rig, struct rig_stream *s)
{
	const struct ut_io *io = &rig->server.io;
	uint8_t octets[256];
	ssize_t n = 1;

	flush(rig, s);
	if (s->out_n > 0)
		return;
	if (!rig->server.keeps_open)
		io->ops->tcp_shutdown(io->self, s->fd);
	while (n > 0)
		n = io->ops->tcp_receive(io->self, s->fd, octets, sizeof octets);
	s->has_fin = s->has_fin || n != -EAGAIN;
	(void)io->ops->watch_for(io->self, s->fd, !s->has_fin, false);
	if (s->has_fin && !rig->server.keeps_open)
		drop(rig, s, false);
}

void
rig_stream_close(struct rig *rig, struct ut_path path)
{
	struct rig_stream *s = stream_of_path(rig, path);

	if (s == NULL)
		return;
	s->is_closing = true;
	go_on_closing(rig, s);
}

void
rig_stream_reset(struct rig *rig, struct ut_path path)
{
	struct rig_stream *s = stream_of_path(rig, path);

	if (s != NULL)
		drop(rig, s, true);
}

void
rig_server_breaks(struct rig *rig, bool by_reset)
{
	for (unsigned i = 0; i < RIG_STREAMS; i++) {
		struct rig_stream *s = &rig->server.streams[i];
		const struct ut_path path = s->path;

		if (!s->used || s->is_closing)
			continue;
		drop(rig, s, by_reset);
		rig_server_feed(
		    rig, (struct ut_event){ .kind = UT_EV_STREAM_CLOSED, .path = path, .err = ECONNRESET });
	}
}

/* ---- receiving ---- */

static void
take(struct rig *rig, struct rig_stream *s, const uint8_t *p, size_t n)
{
	const struct ut_path path = s->path;

	while (n > 0 && !rig->server.is_silent && stream_of_path(rig, path) != NULL) {
		const size_t taken = rig_server_feed(
		    rig, (struct ut_event){ .kind = UT_EV_STREAM, .path = path, .bytes = ut_slice(p, n) });

		p += taken;
		n -= taken;
	}
}

static void
receive(struct rig *rig, struct rig_stream *s)
{
	const struct ut_io *io = &rig->server.io;
	uint8_t octets[2048];
	const ssize_t n = io->ops->tcp_receive(io->self, s->fd, octets, sizeof octets);

	if (n > 0) {
		take(rig, s, octets, (size_t)n);
	} else if (n != -EAGAIN) {
		s->has_fin = true;
		(void)io->ops->watch_for(io->self, s->fd, false, s->out_n > 0);
		rig_server_feed(
		    rig, (struct ut_event){ .kind = UT_EV_STREAM_CLOSED, .path = s->path, .err = (int)-n });
	}
}

static void
on_stream(void *ctx, int fd)
{
	struct rig *rig = ctx;
	struct rig_stream *s = stream_of_fd(rig, fd);

	assert(s != NULL);
	if (s->is_closing) {
		go_on_closing(rig, s);
		return;
	}
	flush(rig, s);
	if (!s->has_fin)
		receive(rig, s);
	else if (rig->server.is_silent)
		drop(rig, s, false);
}

/* ---- the beginning ---- */

static void
to_peer(const union kb_sockaddr *from, struct ut_peer *to)
{
	memset(to, 0, sizeof *to);
	to->family = 4;
	to->port = ntohs(from->in.sin_port);
	memcpy(to->address, &from->in.sin_addr, 4);
}

static struct rig_stream *
new_stream(struct rig *rig, int fd)
{
	for (unsigned i = 0; i < RIG_STREAMS; i++) {
		struct rig_stream *s = &rig->server.streams[i];

		if (s->used)
			continue;
		memset(s, 0, sizeof *s);
		s->used = true;
		s->fd = fd;
		return s;
	}
	assert(false && "more connections than a test can mean");
	return NULL;
}

static void
on_call(void *ctx, int fd)
{
	struct rig *rig = ctx;
	const struct ut_io *io = &rig->server.io;
	struct ut_event event = { .kind = UT_EV_ACCEPTED, .path = rig->server.pptp_path };
	union kb_sockaddr from, local;
	int accepted;

	if (io->ops->tcp_accept(io->self, fd, &accepted, &from, NULL) != 1)
		return;
	const int r = io->ops->tcp_local(io->self, accepted, &local, NULL);
	const int w = io->ops->watch(io->self, accepted, on_stream, rig);
	assert(r == 0 && w == 0);
	to_peer(&from, &event.peer);
	to_peer(&local, &event.local);
	rig->server.accepted = new_stream(rig, accepted);
	rig_server_feed(rig, event);
	if (rig->server.accepted != NULL)
		drop(rig, rig->server.accepted, false); /* the engine would not have it */
	rig->server.accepted = NULL;
}

/* The engine takes it, under this name. */
void
rig_stream_accepted(struct rig *rig, struct ut_path path)
{
	assert(rig->server.accepted != NULL);
	rig->server.accepted->path = path;
	rig->server.accepted = NULL;
}

void
rig_streams_open(struct rig *rig, const union kb_sockaddr *address)
{
	struct rig_server *server = &rig->server;
	union kb_sockaddr local = *address;

	server->listener = -1;
	if (server->refuses_connections)
		return;
	local.in.sin_port = htons(1723);
	const int r = server->io.ops->tcp_listen(server->io.self, &local, &server->listener, NULL);
	assert(r == 0);
	const int w = server->io.ops->watch(server->io.self, server->listener, on_call, rig);
	assert(w == 0);
}

void
rig_streams_close(struct rig *rig)
{
	struct rig_server *server = &rig->server;

	for (unsigned i = 0; i < RIG_STREAMS; i++) {
		if (server->streams[i].used)
			drop(rig, &server->streams[i], false);
	}
	if (server->listener < 0)
		return;
	server->io.ops->unwatch(server->io.self, server->listener);
	server->io.ops->tcp_close(server->io.self, server->listener, false);
}
