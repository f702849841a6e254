/* io_virtual.c - a world in memory for tests
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/host/io_virtual_world.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- chance: splitmix64 ---- */

static uint64_t
draw(struct ut_world *w)
{
	uint64_t z = (w->random += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static bool
happens(struct ut_world *w, unsigned thousandths)
{
	return thousandths != 0 && draw(w) % 1000 < thousandths;
}

/* ---- addresses ---- */

static uint16_t
port_of(const union kb_sockaddr *a)
{
	return ntohs(a->sa.sa_family == AF_INET6 ? a->in6.sin6_port : a->in.sin_port);
}

static void
set_port(union kb_sockaddr *a, uint16_t port)
{
	if (a->sa.sa_family == AF_INET6)
		a->in6.sin6_port = htons(port);
	else
		a->in.sin_port = htons(port);
}

bool
ut_world_is_same_address(const union kb_sockaddr *a, const union kb_sockaddr *b)
{
	if (a->sa.sa_family != b->sa.sa_family || port_of(a) != port_of(b))
		return false;
	if (a->sa.sa_family == AF_INET6)
		return memcmp(&a->in6.sin6_addr, &b->in6.sin6_addr, sizeof a->in6.sin6_addr) == 0;
	return a->in.sin_addr.s_addr == b->in.sin_addr.s_addr;
}

/* ---- descriptors ---- */

struct endpoint *
ut_world_endpoint(struct ut_world *w, int fd)
{
	if (fd < UT_WORLD_FD || fd >= UT_WORLD_FD + UT_WORLD_SOCKETS)
		return NULL;
	struct endpoint *e = &w->endpoints[fd - UT_WORLD_FD];
	return e->is_open ? e : NULL;
}

int
ut_world_fd(struct ut_world *w)
{
	for (int i = 0; i < UT_WORLD_SOCKETS; i++) {
		if (w->endpoints[i].is_open)
			continue;
		w->endpoints[i] = (struct endpoint){ .is_open = true, .generation = ++w->generation };
		return UT_WORLD_FD + i;
	}
	return -EMFILE;
}

void
ut_world_fd_set(struct ut_world *w, int fd, bool is_ready)
{
	struct endpoint *e = ut_world_endpoint(w, fd);

	if (e != NULL)
		e->is_ready = is_ready;
}

unsigned
ut_world_open_fds(const struct ut_world *w)
{
	unsigned n = 0;

	for (int i = 0; i < UT_WORLD_SOCKETS; i++)
		n += w->endpoints[i].is_open;
	return n;
}

union kb_sockaddr
ut_world_local(struct inhabitant *who, uint16_t port)
{
	union kb_sockaddr local = who->address;

	set_port(&local, port != 0 ? port : who->world->next_port++);
	return local;
}

static bool
is_taken(struct ut_world *w, const union kb_sockaddr *local)
{
	for (int i = 0; i < UT_WORLD_SOCKETS; i++) {
		const struct endpoint *e = &w->endpoints[i];

		if (e->is_open && e->kind == ENDPOINT_UDP && ut_world_is_same_address(&e->local, local))
			return true;
	}
	return false;
}

static int
virtual_udp_open(void *self, const struct kb_udp_spec *spec, int *fd, struct kb_error *why)
{
	struct inhabitant *who = self;
	struct ut_world *w = who->world;
	const union kb_sockaddr local = ut_world_local(who, spec->local_port);

	if (spec->peer.sa.sa_family != local.sa.sa_family)
		return kb_fail(why, ENETUNREACH, "this address family leads nowhere");
	if (is_taken(w, &local))
		return kb_fail(why, EADDRINUSE, "the local UDP port %u is in use", port_of(&local));
	const int s = ut_world_fd(w);
	if (s < 0)
		return kb_fail(why, EMFILE, "no descriptor is left");
	struct endpoint *e = ut_world_endpoint(w, s);
	e->kind = ENDPOINT_UDP;
	e->local = local;
	e->peer = spec->peer;
	e->is_connected = !spec->receive_from_any_port;
	*fd = s;
	return 0;
}

static int
virtual_udp_connect(void *self, int fd, const union kb_sockaddr *peer, struct kb_error *why)
{
	const struct inhabitant *who = self;
	struct endpoint *e = ut_world_endpoint(who->world, fd);

	if (e == NULL)
		return kb_fail(why, EBADF, "no such socket");
	e->peer = *peer;
	e->is_connected = true;
	return 0;
}

static int
virtual_udp_local(void *self, int fd, union kb_sockaddr *out, struct kb_error *why)
{
	const struct inhabitant *who = self;
	const struct endpoint *e = ut_world_endpoint(who->world, fd);

	if (e == NULL)
		return kb_fail(why, EBADF, "no such socket");
	*out = e->local;
	return 0;
}

static void
virtual_udp_close(void *self, int fd)
{
	const struct inhabitant *who = self;
	struct ut_world *w = who->world;
	struct endpoint *e = ut_world_endpoint(w, fd);

	if (e == NULL)
		return;
	for (int i = 0; i < UT_WORLD_FLIGHTS; i++) {
		if (w->flights[i].used && w->flights[i].to == fd - UT_WORLD_FD)
			w->flights[i].used = false;
	}
	*e = (struct endpoint){ 0 };
}

/* ---- datagrams ---- */

static void
launch(struct ut_world *w, const struct endpoint *from, const union kb_sockaddr *to, const void *p, size_t n)
{
	uint64_t delay = w->spec.delay_us;

	if (happens(w, w->spec.reordering))
		delay += draw(w) % (3 * (uint64_t)w->spec.delay_us + 1);
	for (int i = 0; i < UT_WORLD_FLIGHTS; i++) {
		struct flight *f = &w->flights[i];

		if (f->used)
			continue;
		*f = (struct flight){ .used = true,
				      .to = -1,
				      .due_us = w->now_us + delay,
				      .order = w->order++,
				      .from = from->local,
				      .target = *to,
				      .n = n };
		memcpy(f->octets, p, n);
		return;
	}
}

static ssize_t
virtual_send(void *self, int fd, const void *p, size_t n, const union kb_sockaddr *to)
{
	const struct inhabitant *who = self;
	struct ut_world *w = who->world;
	const struct endpoint *e = ut_world_endpoint(w, fd);

	if (e == NULL)
		return -EBADF;
	if (n > UT_WORLD_DATAGRAM_MAX)
		return -EMSGSIZE;
	if (w->is_cut || happens(w, w->spec.loss))
		return (ssize_t)n;
	launch(w, e, to != NULL ? to : &e->peer, p, n);
	if (happens(w, w->spec.duplication))
		launch(w, e, to != NULL ? to : &e->peer, p, n);
	return (ssize_t)n;
}

/* The oldest that has arrived at socket `index`; NULL: none. */
static struct flight *
arrived(struct ut_world *w, int index)
{
	struct flight *oldest = NULL;

	for (int i = 0; i < UT_WORLD_FLIGHTS; i++) {
		struct flight *f = &w->flights[i];

		if (f->used && f->to == index && (oldest == NULL || f->order < oldest->order))
			oldest = f;
	}
	return oldest;
}

static ssize_t
virtual_receive(void *self, int fd, void *p, size_t n, union kb_sockaddr *from)
{
	const struct inhabitant *who = self;
	struct ut_world *w = who->world;

	if (ut_world_endpoint(w, fd) == NULL)
		return -EBADF;
	struct flight *f = arrived(w, fd - UT_WORLD_FD);
	if (f == NULL)
		return -EAGAIN;
	const size_t octets = f->n < n ? f->n : n;
	memcpy(p, f->octets, octets);
	*from = f->from;
	f->used = false;
	return (ssize_t)octets;
}

static bool
takes(const struct endpoint *e, const struct flight *f)
{
	return e->is_open && e->kind == ENDPOINT_UDP && ut_world_is_same_address(&e->local, &f->target) &&
	       (!e->is_connected || ut_world_is_same_address(&e->peer, &f->from));
}

static void
deliver(struct ut_world *w, struct flight *f)
{
	for (int i = 0; i < UT_WORLD_SOCKETS; i++) {
		if (!takes(&w->endpoints[i], f))
			continue;
		f->to = i;
		f->order = w->order++;
		return;
	}
	f->used = false;
}

/* ---- time ---- */

struct ut_time
ut_world_now(const struct ut_world *w)
{
	return (struct ut_time){ w->now_us };
}

bool
ut_world_at(struct ut_world *w, uint64_t delay_us, void (*fn)(void *ctx), void *ctx)
{
	for (int i = 0; i < UT_WORLD_APPOINTMENTS; i++) {
		if (w->appointments[i].used)
			continue;
		w->appointments[i] = (struct appointment){ .used = true,
							   .due_us = w->now_us + delay_us,
							   .order = w->order++,
							   .fn = fn,
							   .ctx = ctx };
		return true;
	}
	return false;
}

void
ut_world_cut(struct ut_world *w, bool is_cut)
{
	w->is_cut = is_cut;
}

static bool
is_ready(struct ut_world *w, int index)
{
	const struct endpoint *e = &w->endpoints[index];

	switch (e->kind) {
	case ENDPOINT_FD:
		return e->is_ready;
	case ENDPOINT_UDP:
		return arrived(w, index) != NULL;
	case ENDPOINT_LISTENER:
	case ENDPOINT_STREAM:
		break;
	}
	return ut_world_stream_is_ready(w, e);
}

/* Calls what is ready: each descriptor once.  True when something was. */
static bool
call_ready(struct ut_world *w)
{
	bool any = false;

	for (int i = 0; i < UT_WORLD_SOCKETS; i++) {
		const struct endpoint *e = &w->endpoints[i];

		if (!e->is_open || e->ready == NULL)
			continue;
		if (!is_ready(w, i))
			continue;
		any = true;
		e->ready(e->ctx, UT_WORLD_FD + i);
	}
	return any;
}

static struct flight *
next_flight(struct ut_world *w)
{
	struct flight *next = NULL;

	for (int i = 0; i < UT_WORLD_FLIGHTS; i++) {
		struct flight *f = &w->flights[i];

		if (!f->used || f->to >= 0)
			continue;
		if (next == NULL || f->due_us < next->due_us ||
		    (f->due_us == next->due_us && f->order < next->order))
			next = f;
	}
	return next;
}

static struct appointment *
next_appointment(struct ut_world *w)
{
	struct appointment *next = NULL;

	for (int i = 0; i < UT_WORLD_APPOINTMENTS; i++) {
		struct appointment *a = &w->appointments[i];

		if (!a->used)
			continue;
		if (next == NULL || a->due_us < next->due_us ||
		    (a->due_us == next->due_us && a->order < next->order))
			next = a;
	}
	return next;
}

static void
keep(struct appointment *a)
{
	const struct appointment now = *a;

	a->used = false;
	now.fn(now.ctx);
}

static uint64_t
least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

bool
ut_world_wait(struct ut_world *w, const struct ut_time *until)
{
	if (call_ready(w))
		return true;
	struct flight *f = next_flight(w);
	struct appointment *a = next_appointment(w);
	const uint64_t segment_us = ut_world_segment_due(w);
	const uint64_t flight_us = f != NULL ? f->due_us : UINT64_MAX;
	const uint64_t appointment_us = a != NULL ? a->due_us : UINT64_MAX;
	const uint64_t next_us = least(segment_us, least(flight_us, appointment_us));

	if (next_us == UINT64_MAX && until == NULL)
		return false;
	if (until != NULL && until->us < next_us) {
		w->now_us = until->us > w->now_us ? until->us : w->now_us;
		return true;
	}
	w->now_us = next_us > w->now_us ? next_us : w->now_us;
	if (segment_us == next_us)
		ut_world_segment_deliver(w);
	else if (flight_us <= appointment_us)
		deliver(w, f);
	else
		keep(a);
	(void)call_ready(w);
	return true;
}

static struct ut_time
virtual_now(void *self)
{
	const struct inhabitant *who = self;

	return ut_world_now(who->world);
}

static int
virtual_watch(void *self, int fd, ut_io_ready_fn *ready, void *ctx)
{
	const struct inhabitant *who = self;
	struct endpoint *e = ut_world_endpoint(who->world, fd);

	if (e == NULL)
		return -EBADF;
	e->ready = ready;
	e->ctx = ctx;
	e->is_write_only = e->wants_write = false;
	return 0;
}

static int
virtual_watch_for(void *self, int fd, bool reads, bool writes)
{
	const struct inhabitant *who = self;
	struct endpoint *e = ut_world_endpoint(who->world, fd);

	if (e == NULL || e->ready == NULL)
		return -EBADF;
	e->is_write_only = !reads;
	e->wants_write = writes;
	return 0;
}

static void
virtual_unwatch(void *self, int fd)
{
	const struct inhabitant *who = self;
	struct endpoint *e = ut_world_endpoint(who->world, fd);

	if (e != NULL)
		e->ready = NULL;
}

static int
virtual_wait(void *self, const struct ut_time *until)
{
	const struct inhabitant *who = self;

	return ut_world_wait(who->world, until) ? 0 : -EDEADLK;
}

static void
virtual_random(void *self, void *p, size_t n)
{
	const struct inhabitant *who = self;
	uint8_t *to = p;

	for (size_t i = 0; i < n; i++)
		to[i] = (uint8_t)draw(who->world);
}

static const struct ut_io_ops virtual_ops = {
	.now = virtual_now,
	.watch = virtual_watch,
	.watch_for = virtual_watch_for,
	.unwatch = virtual_unwatch,
	.wait = virtual_wait,
	.random = virtual_random,
	.udp_open = virtual_udp_open,
	.udp_connect = virtual_udp_connect,
	.udp_local = virtual_udp_local,
	.udp_close = virtual_udp_close,
	.send = virtual_send,
	.receive = virtual_receive,
	.tcp_connect = ut_world_tcp_connect,
	.tcp_connected = ut_world_tcp_connected,
	.tcp_local = ut_world_tcp_local,
	.tcp_listen = ut_world_tcp_listen,
	.tcp_accept = ut_world_tcp_accept,
	.tcp_send = ut_world_tcp_send,
	.tcp_receive = ut_world_tcp_receive,
	.tcp_shutdown = ut_world_tcp_shutdown,
	.tcp_close = ut_world_tcp_close,
};

struct ut_io
ut_world_io(struct ut_world *w, const union kb_sockaddr *address)
{
	assert(w->n_inhabitants < INHABITANTS);
	struct inhabitant *who = &w->inhabitants[w->n_inhabitants++];
	*who = (struct inhabitant){ .world = w, .address = *address };
	return (struct ut_io){ .ops = &virtual_ops, .self = who };
}

struct ut_world *
ut_world_new(const struct ut_world_spec *spec)
{
	struct ut_world *w = calloc(1, sizeof *w);

	if (w == NULL)
		return NULL;
	w->spec = *spec;
	w->random = spec->seed;
	w->now_us = 1000000;
	w->next_port = 40000;
	return w;
}

struct ut_world *
ut_world_free(struct ut_world *w)
{
	for (int i = 0; w != NULL && i < UT_WORLD_SOCKETS; i++)
		free(w->endpoints[i].stream);
	free(w);
	return NULL;
}
