/* io_virtual_stream.c - streams of a world in memory: connections, octets in order, FIN and RST
 * SPDX-License-Identifier: Apache-2.0
 *
 * A segment takes the world's delay and none is lost.  What reaches an endpoint that is gone is answered by a reset, as
 * a kernel would.
 */
#include "cli/host/io_virtual_world.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "codec/bytes.h"

/* ---- endpoints ---- */

static struct end
end_of(const struct ut_world *w, const struct endpoint *e)
{
	return (struct end){ .index = (int)(e - w->endpoints), .generation = e->generation };
}

/* NULL: it was closed. */
static struct endpoint *
at(struct ut_world *w, struct end end)
{
	struct endpoint *e = end.index >= 0 ? &w->endpoints[end.index] : NULL;

	return e != NULL && e->is_open && e->generation == end.generation ? e : NULL;
}

static struct endpoint *
new_stream(struct ut_world *w, enum stream_state state, struct end other)
{
	const int fd = ut_world_fd(w);
	struct endpoint *e = fd >= 0 ? ut_world_endpoint(w, fd) : NULL;

	if (e == NULL)
		return NULL;
	e->kind = ENDPOINT_STREAM;
	e->stream = calloc(1, sizeof *e->stream);
	assert(e->stream != NULL);
	e->stream->state = state;
	e->stream->other = other;
	return e;
}

static struct stream *
stream_of(void *self, int fd)
{
	const struct inhabitant *who = self;
	const struct endpoint *e = ut_world_endpoint(who->world, fd);

	return e != NULL && e->kind == ENDPOINT_STREAM ? e->stream : NULL;
}

/* ---- segments ---- */

static struct segment *
launch_octets(struct ut_world *w, enum segment_kind kind, struct end from, struct end to,
	      struct ut_slice octets)
{
	struct segment *s = malloc(sizeof *s + octets.n);

	assert(s != NULL);
	*s = (struct segment){
		.kind = kind, .due_us = w->now_us + w->spec.delay_us, .from = from, .to = to, .n = octets.n
	};
	if (octets.n > 0)
		memcpy(s->octets, octets.p, octets.n);
	*w->last_segment = s;
	w->last_segment = &s->next;
	return s;
}

static struct segment *
launch(struct ut_world *w, enum segment_kind kind, struct end from, struct end to)
{
	return launch_octets(w, kind, from, to, ut_slice(NULL, 0));
}

void
ut_world_segments_fini(struct ut_world *w)
{
	while (w->first_segment != NULL) {
		struct segment *s = w->first_segment;

		w->first_segment = s->next;
		free(s);
	}
}

uint64_t
ut_world_segment_due(const struct ut_world *w)
{
	const struct segment *s = w->first_segment;

	if (s == NULL || w->is_cut)
		return UINT64_MAX;
	return s->due_us > w->now_us ? s->due_us : w->now_us;
}

/* The other end may be able to write now. */
static void
stir_other(struct ut_world *w, const struct stream *s)
{
	struct endpoint *other = at(w, s->other);

	if (other != NULL)
		ut_world_stir(w, other);
}

static void
die(struct endpoint *e, int err)
{
	e->stream->state = STREAM_DEAD;
	e->stream->err = err;
	e->stream->n = 0;
}

static void
take_syn(struct ut_world *w, const struct segment *s)
{
	struct endpoint *caller = at(w, s->from);
	struct endpoint *listener = ut_world_find(w, ENDPOINT_LISTENER, &s->target);

	if (caller == NULL)
		return;
	if (listener == NULL || listener->n_backlog == UT_WORLD_BACKLOG) {
		(void)launch(w, SEGMENT_RST, s->to, s->from);
		return;
	}
	struct endpoint *e = new_stream(w, STREAM_OPEN, s->from);
	assert(e != NULL);
	e->local = s->target;
	e->peer = caller->local;
	listener->backlog[listener->n_backlog++] = end_of(w, e);
	ut_world_stir(w, listener);
	(void)launch(w, SEGMENT_ACCEPT, end_of(w, e), s->from);
}

static void
take_data(struct stream *stream, const struct segment *s)
{
	stream->under_way -= s->n;
	if (stream->state == STREAM_DEAD)
		return;
	assert(stream->n + s->n <= sizeof stream->octets);
	memcpy(stream->octets + stream->n, s->octets, s->n);
	stream->n += s->n;
}

static void
take(struct ut_world *w, struct endpoint *e, const struct segment *s)
{
	ut_world_stir(w, e);
	switch (s->kind) {
	case SEGMENT_ACCEPT:
		e->stream->state = STREAM_OPEN;
		e->stream->other = s->from;
		break;
	case SEGMENT_DATA:
		take_data(e->stream, s);
		stir_other(w, e->stream);
		break;
	case SEGMENT_FIN:
		e->stream->has_fin = true;
		break;
	case SEGMENT_RST:
		die(e, e->stream->state == STREAM_CONNECTING ? ECONNREFUSED : ECONNRESET);
		break;
	case SEGMENT_SYN:
		take_syn(w, s);
		break;
	}
}

void
ut_world_segment_deliver(struct ut_world *w)
{
	struct segment *s = w->first_segment;
	struct endpoint *e = s->kind == SEGMENT_SYN ? NULL : at(w, s->to);

	w->first_segment = s->next;
	if (w->first_segment == NULL)
		w->last_segment = &w->first_segment;
	if (s->kind == SEGMENT_SYN)
		take_syn(w, s);
	else if (e != NULL)
		take(w, e, s);
	else if (s->kind == SEGMENT_DATA || s->kind == SEGMENT_ACCEPT)
		(void)launch(w, SEGMENT_RST, s->to, s->from);
	free(s);
}

/* ---- connecting ---- */

int
ut_world_tcp_connect(void *self, const struct kb_tcp_spec *spec, int *fd, struct kb_error *why)
{
	struct inhabitant *who = self;
	struct ut_world *w = who->world;
	const union kb_sockaddr local = ut_world_local(who, spec->local_port);
	struct endpoint *e;

	if (spec->peer.sa.sa_family != local.sa.sa_family)
		return kb_fail(why, ENETUNREACH, "this address family leads nowhere");
	e = new_stream(w, STREAM_CONNECTING, (struct end){ .index = -1 });
	if (e == NULL)
		return kb_fail(why, EMFILE, "no descriptor is left");
	e->local = local;
	e->peer = spec->peer;
	launch(w, SEGMENT_SYN, end_of(w, e), (struct end){ .index = -1 })->target = spec->peer;
	*fd = UT_WORLD_FD + end_of(w, e).index;
	return 0;
}

int
ut_world_tcp_connected(void *self, int fd, const union kb_sockaddr *peer, struct kb_error *why)
{
	struct stream *s = stream_of(self, fd);

	(void)peer;
	if (s == NULL)
		return kb_fail(why, EBADF, "no such socket");
	if (s->state == STREAM_CONNECTING)
		return kb_fail(why, EINPROGRESS, "not yet");
	return s->state == STREAM_DEAD ? kb_fail(why, s->err, "refused in memory") : 0;
}

int
ut_world_tcp_local(void *self, int fd, union kb_sockaddr *out, struct kb_error *why)
{
	const struct inhabitant *who = self;
	const struct endpoint *e = ut_world_endpoint(who->world, fd);

	if (e == NULL)
		return kb_fail(why, EBADF, "no such socket");
	*out = e->local;
	return 0;
}

int
ut_world_tcp_listen(void *self, const union kb_sockaddr *local, int *fd, struct kb_error *why)
{
	const struct inhabitant *who = self;
	struct ut_world *w = who->world;

	if (ut_world_find(w, ENDPOINT_LISTENER, local) != NULL)
		return kb_fail(why, EADDRINUSE, "somebody listens there");
	const int s = ut_world_fd(w);
	if (s < 0)
		return kb_fail(why, EMFILE, "no descriptor is left");
	struct endpoint *e = ut_world_endpoint(w, s);
	e->kind = ENDPOINT_LISTENER;
	ut_world_settle(w, e, local);
	*fd = s;
	return 0;
}

int
ut_world_tcp_accept(void *self, int listener, int *fd, union kb_sockaddr *peer, struct kb_error *why)
{
	const struct inhabitant *who = self;
	struct endpoint *l = ut_world_endpoint(who->world, listener);

	if (l == NULL || l->kind != ENDPOINT_LISTENER)
		return kb_fail(why, EBADF, "no such socket");
	if (l->n_backlog == 0)
		return 0;
	const struct end first = l->backlog[0];
	memmove(l->backlog, l->backlog + 1, --l->n_backlog * sizeof first);
	*fd = UT_WORLD_FD + first.index;
	*peer = at(who->world, first)->peer;
	return 1;
}

/* ---- octets ---- */

/* Octets that may still be sent to `to`. */
static size_t
room_for(const struct ut_world *w, const struct stream *to)
{
	const size_t all = w->spec.stream_room != 0 && w->spec.stream_room < sizeof to->octets
			       ? w->spec.stream_room
			       : sizeof to->octets;
	const size_t used = to->n + to->under_way;

	return used < all ? all - used : 0;
}

ssize_t
ut_world_tcp_send(void *self, int fd, const void *p, size_t n)
{
	const struct inhabitant *who = self;
	struct ut_world *w = who->world;
	const struct stream *s = stream_of(self, fd);

	if (s == NULL)
		return -EBADF;
	if (s->state != STREAM_OPEN)
		return s->state == STREAM_CONNECTING ? -EAGAIN : -EPIPE;
	if (s->is_shut)
		return -EPIPE;
	struct endpoint *to = at(w, s->other);
	const size_t room = to != NULL ? room_for(w, to->stream) : sizeof s->octets;
	const size_t taken = n < room ? n : room;
	if (taken == 0)
		return -EAGAIN;
	(void)launch_octets(w, SEGMENT_DATA, end_of(w, ut_world_endpoint(w, fd)), s->other,
			    ut_slice(p, taken));
	if (to != NULL)
		to->stream->under_way += taken;
	return (ssize_t)taken;
}

ssize_t
ut_world_tcp_receive(void *self, int fd, void *p, size_t n)
{
	const struct inhabitant *who = self;
	const struct ut_world_spec *spec = &who->world->spec;
	struct stream *s = stream_of(self, fd);

	if (s == NULL)
		return -EBADF;
	if (s->err != 0) {
		const int err = s->err;

		s->err = 0;
		return -err;
	}
	if (s->n == 0)
		return s->has_fin || s->state == STREAM_DEAD ? 0 : -EAGAIN;
	size_t taken = s->n < n ? s->n : n;
	if (spec->stream_chunk != 0 && taken > spec->stream_chunk)
		taken = spec->stream_chunk;
	memcpy(p, s->octets, taken);
	s->n -= taken;
	memmove(s->octets, s->octets + taken, s->n);
	stir_other(who->world, s);
	return (ssize_t)taken;
}

static bool
can_write(const struct ut_world *w, const struct stream *s)
{
	const struct endpoint *to = at((struct ut_world *)w, s->other);

	if (s->state != STREAM_OPEN)
		return s->state == STREAM_DEAD;
	return to == NULL || room_for(w, to->stream) > 0;
}

bool
ut_world_stream_is_ready(const struct ut_world *w, const struct endpoint *e)
{
	const struct stream *s = e->stream;

	if (e->kind == ENDPOINT_LISTENER)
		return e->n_backlog > 0;
	if (s->err != 0 || (s->has_fin && s->is_shut) || s->state == STREAM_DEAD)
		return true;
	return (!e->is_write_only && (s->n > 0 || s->has_fin)) || (e->wants_write && can_write(w, s));
}

/* ---- the end ---- */

void
ut_world_tcp_shutdown(void *self, int fd)
{
	const struct inhabitant *who = self;
	struct stream *s = stream_of(self, fd);

	if (s == NULL || s->is_shut)
		return;
	s->is_shut = true;
	ut_world_stir(who->world, ut_world_endpoint(who->world, fd));
	if (s->state == STREAM_OPEN)
		(void)launch(who->world, SEGMENT_FIN, end_of(who->world, ut_world_endpoint(who->world, fd)),
			     s->other);
}

static void
close_listener(struct ut_world *w, struct endpoint *e)
{
	for (unsigned i = 0; i < e->n_backlog; i++) {
		struct endpoint *waiting = at(w, e->backlog[i]);

		(void)launch(w, SEGMENT_RST, e->backlog[i], waiting->stream->other);
		ut_world_clear(w, waiting);
	}
}

/* Octets that were never read are not acknowledged: the other end learns it by a reset. */
void
ut_world_tcp_close(void *self, int fd, bool by_reset)
{
	const struct inhabitant *who = self;
	struct ut_world *w = who->world;
	struct endpoint *e = ut_world_endpoint(w, fd);

	if (e == NULL)
		return;
	if (e->kind == ENDPOINT_LISTENER)
		close_listener(w, e);
	else if (e->kind == ENDPOINT_STREAM && e->stream->state == STREAM_OPEN &&
		 (by_reset || e->stream->n > 0))
		(void)launch(w, SEGMENT_RST, end_of(w, e), e->stream->other);
	else
		ut_world_tcp_shutdown(self, fd);
	if (e->kind == ENDPOINT_STREAM)
		stir_other(w, e->stream);
	ut_world_clear(w, e);
}
