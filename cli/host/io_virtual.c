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
	if (fd < UT_WORLD_FD || fd >= UT_WORLD_FD + w->n_fresh)
		return NULL;
	struct endpoint *e = &w->endpoints[fd - UT_WORLD_FD];
	return e->is_open ? e : NULL;
}

static int
take_slot(struct ut_world *w)
{
	const int slot = w->first_free;

	if (slot == NOBODY)
		return w->n_fresh < w->n_endpoints ? w->n_fresh++ : NOBODY;
	w->first_free = w->endpoints[slot].next_free;
	return slot;
}

int
ut_world_fd(struct ut_world *w)
{
	const int slot = take_slot(w);

	if (slot == NOBODY)
		return -EMFILE;
	const bool is_stirred = w->endpoints[slot].is_stirred;
	w->endpoints[slot] = (struct endpoint){
		.is_open = true, .generation = ++w->generation, .is_stirred = is_stirred, .next_here = NOBODY
	};
	w->n_open++;
	return UT_WORLD_FD + slot;
}

void
ut_world_stir(struct ut_world *w, struct endpoint *e)
{
	if (e->is_stirred)
		return;
	e->is_stirred = true;
	w->stirred[w->n_stirred++] = (int)(e - w->endpoints);
}

void
ut_world_fd_set(struct ut_world *w, int fd, bool is_ready)
{
	struct endpoint *e = ut_world_endpoint(w, fd);

	if (e == NULL)
		return;
	e->is_ready = is_ready;
	ut_world_stir(w, e);
}

unsigned
ut_world_open_fds(const struct ut_world *w)
{
	return (unsigned)w->n_open;
}

/* ---- who is where ---- */

static int *
bucket_of(const struct ut_world *w, const union kb_sockaddr *a)
{
	return &w->buckets[port_of(a) % w->n_endpoints];
}

struct endpoint *
ut_world_find(struct ut_world *w, enum endpoint_kind kind, const union kb_sockaddr *address)
{
	for (int i = *bucket_of(w, address); i != NOBODY; i = w->endpoints[i].next_here) {
		struct endpoint *e = &w->endpoints[i];

		if (e->kind == kind && ut_world_is_same_address(&e->local, address))
			return e;
	}
	return NULL;
}

void
ut_world_settle(struct ut_world *w, struct endpoint *e, const union kb_sockaddr *local)
{
	int *bucket = bucket_of(w, local);

	e->local = *local;
	e->next_here = *bucket;
	*bucket = (int)(e - w->endpoints);
}

/* What is not there is not found. */
static void
unsettle(struct ut_world *w, const struct endpoint *e)
{
	int *link = bucket_of(w, &e->local);

	while (*link != NOBODY && *link != (int)(e - w->endpoints))
		link = &w->endpoints[*link].next_here;
	if (*link != NOBODY)
		*link = e->next_here;
}

static void
drop_queue(struct ut_world *w, struct endpoint *e)
{
	while (e->first != NULL) {
		struct flight *f = e->first;

		e->first = f->next;
		w->n_flights--;
		free(f);
	}
}

/* It stays in the list of those that may be ready until that is gone through. */
void
ut_world_clear(struct ut_world *w, struct endpoint *e)
{
	const bool is_stirred = e->is_stirred;

	if (e->kind == ENDPOINT_UDP || e->kind == ENDPOINT_LISTENER)
		unsettle(w, e);
	drop_queue(w, e);
	free(e->stream);
	*e = (struct endpoint){ .is_stirred = is_stirred, .next_free = w->first_free, .next_here = NOBODY };
	w->first_free = (int)(e - w->endpoints);
	w->n_open--;
}

static uint16_t
next_port(struct ut_world *w)
{
	enum { FIRST_PORT = 10000 };
	const uint16_t port = w->next_port++;

	if (w->next_port == 0)
		w->next_port = FIRST_PORT;
	return port;
}

union kb_sockaddr
ut_world_local(struct inhabitant *who, uint16_t port)
{
	union kb_sockaddr local = who->address;

	set_port(&local, port != 0 ? port : next_port(who->world));
	for (unsigned i = 0; port == 0 && i < UINT16_MAX; i++) {
		if (ut_world_find(who->world, ENDPOINT_UDP, &local) == NULL)
			break;
		set_port(&local, next_port(who->world));
	}
	return local;
}

static int
virtual_udp_open(void *self, const struct kb_udp_spec *spec, int *fd, struct kb_error *why)
{
	struct inhabitant *who = self;
	struct ut_world *w = who->world;
	const union kb_sockaddr local = ut_world_local(who, spec->local_port);

	if (spec->peer.sa.sa_family != local.sa.sa_family)
		return kb_fail(why, ENETUNREACH, "this address family leads nowhere");
	if (ut_world_find(w, ENDPOINT_UDP, &local) != NULL)
		return kb_fail(why, EADDRINUSE, "the local UDP port %u is in use", port_of(&local));
	const int s = ut_world_fd(w);
	if (s < 0)
		return kb_fail(why, EMFILE, "no descriptor is left");
	struct endpoint *e = ut_world_endpoint(w, s);
	e->kind = ENDPOINT_UDP;
	ut_world_settle(w, e, &local);
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

	if (e != NULL)
		ut_world_clear(w, e);
}

/* ---- datagrams ---- */

static void
launch(struct ut_world *w, const struct endpoint *from, const union kb_sockaddr *to, const void *p, size_t n)
{
	uint64_t delay = w->spec.delay_us;

	if (happens(w, w->spec.reordering))
		delay += draw(w) % (3 * (uint64_t)w->spec.delay_us + 1);
	if (w->n_flights == w->spec.flights)
		return;
	struct flight *f = malloc(sizeof *f + n);
	assert(f != NULL);
	*f = (struct flight){
		.event = { .kind = EVENT_FLIGHT, .due_us = w->now_us + delay, .order = w->order++ },
		.from = from->local,
		.target = *to,
		.n = n
	};
	memcpy(f->octets, p, n);
	const bool is_added = ut_world_events_add(&w->events, &f->event);
	assert(is_added);
	w->n_flights++;
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

static ssize_t
virtual_receive(void *self, int fd, void *p, size_t n, union kb_sockaddr *from)
{
	const struct inhabitant *who = self;
	struct ut_world *w = who->world;

	struct endpoint *e = ut_world_endpoint(w, fd);
	if (e == NULL)
		return -EBADF;
	struct flight *f = e->first;
	if (f == NULL)
		return -EAGAIN;
	const size_t octets = f->n < n ? f->n : n;
	memcpy(p, f->octets, octets);
	*from = f->from;
	e->first = f->next;
	w->n_flights--;
	free(f);
	return (ssize_t)octets;
}

static void
append(struct endpoint *e, struct flight *f)
{
	f->next = NULL;
	if (e->first == NULL)
		e->first = f;
	else
		e->last->next = f;
	e->last = f;
}

static void
deliver(struct ut_world *w, struct flight *f)
{
	struct endpoint *e = ut_world_find(w, ENDPOINT_UDP, &f->target);

	if (e == NULL || (e->is_connected && !ut_world_is_same_address(&e->peer, &f->from))) {
		w->n_flights--;
		free(f);
		return;
	}
	append(e, f);
	ut_world_stir(w, e);
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
	struct appointment *a = malloc(sizeof *a);

	if (a == NULL)
		return false;
	*a = (struct appointment){
		.event = { .kind = EVENT_APPOINTMENT, .due_us = w->now_us + delay_us, .order = w->order++ },
		.fn = fn,
		.ctx = ctx
	};
	if (ut_world_events_add(&w->events, &a->event))
		return true;
	free(a);
	return false;
}

void
ut_world_cut(struct ut_world *w, bool is_cut)
{
	w->is_cut = is_cut;
}

static bool
is_ready(struct ut_world *w, const struct endpoint *e)
{
	if (!e->is_open || e->ready == NULL)
		return false;
	switch (e->kind) {
	case ENDPOINT_FD:
		return e->is_ready;
	case ENDPOINT_UDP:
		return e->first != NULL;
	case ENDPOINT_LISTENER:
	case ENDPOINT_STREAM:
		break;
	}
	return ut_world_stream_is_ready(w, e);
}

/* Calls what is ready: each descriptor once.  True when something was.  Who was ready may be so still, and is asked
 * again; who was not must be stirred first. */
static bool
call_ready(struct ut_world *w)
{
	const size_t n = w->n_stirred;
	bool any = false;

	for (size_t k = 0; k < n; k++) {
		struct endpoint *e = &w->endpoints[w->stirred[k]];

		e->is_stirred = false;
		if (!is_ready(w, e))
			continue;
		any = true;
		ut_world_stir(w, e);
		e->ready(e->ctx, UT_WORLD_FD + (int)(e - w->endpoints));
	}
	w->n_stirred -= n;
	memmove(w->stirred, w->stirred + n, w->n_stirred * sizeof w->stirred[0]);
	return any;
}

static void
happen(struct ut_world *w)
{
	struct event *event = ut_world_events_take(&w->events);

	if (event->kind == EVENT_FLIGHT) {
		deliver(w, (struct flight *)event);
		return;
	}
	const struct appointment now = *(struct appointment *)event;
	free(event);
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
	if (call_ready(w) || ut_world_real_look(w, false))
		return true;
	const uint64_t segment_us = ut_world_segment_due(w);
	const uint64_t event_us = w->events.n > 0 ? w->events.v[0]->due_us : UINT64_MAX;
	const uint64_t next_us = least(segment_us, event_us);

	if (next_us == UINT64_MAX && until == NULL)
		return ut_world_real_look(w, true);
	if (until != NULL && until->us < next_us) {
		w->now_us = until->us > w->now_us ? until->us : w->now_us;
		return true;
	}
	w->now_us = next_us > w->now_us ? next_us : w->now_us;
	if (segment_us == next_us)
		ut_world_segment_deliver(w);
	else
		happen(w);
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

	if (fd < UT_WORLD_FD)
		return ut_world_real_watch(who->world, fd, ready, ctx);
	if (e == NULL)
		return -EBADF;
	e->ready = ready;
	e->ctx = ctx;
	e->is_write_only = e->wants_write = false;
	ut_world_stir(who->world, e);
	return 0;
}

static int
virtual_watch_for(void *self, int fd, bool reads, bool writes)
{
	const struct inhabitant *who = self;
	struct endpoint *e = ut_world_endpoint(who->world, fd);

	if (fd < UT_WORLD_FD)
		return ut_world_real_watch_for(who->world, fd, reads, writes);
	if (e == NULL || e->ready == NULL)
		return -EBADF;
	e->is_write_only = !reads;
	e->wants_write = writes;
	ut_world_stir(who->world, e);
	return 0;
}

static void
virtual_unwatch(void *self, int fd)
{
	const struct inhabitant *who = self;
	struct endpoint *e = ut_world_endpoint(who->world, fd);

	if (fd < UT_WORLD_FD)
		ut_world_real_unwatch(who->world, fd);
	else if (e != NULL)
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

static unsigned
or_else(unsigned asked, unsigned usual)
{
	return asked != 0 ? asked : usual;
}

/* Twice the stirred ones: while they are gone through, more are. */
static bool
allocate(struct ut_world *w)
{
	const size_t n = w->spec.sockets;

	w->endpoints = calloc(n, sizeof w->endpoints[0]);
	w->buckets = malloc(n * sizeof w->buckets[0]);
	w->stirred = malloc(2 * n * sizeof w->stirred[0]);
	if (w->endpoints == NULL || w->buckets == NULL || w->stirred == NULL)
		return false;
	for (size_t i = 0; i < n; i++)
		w->buckets[i] = NOBODY;
	return true;
}

struct ut_world *
ut_world_new(const struct ut_world_spec *spec)
{
	struct ut_world *w = calloc(1, sizeof *w);

	if (w == NULL)
		return NULL;
	w->spec = *spec;
	w->spec.sockets = or_else(spec->sockets, UT_WORLD_SOCKETS);
	w->spec.flights = or_else(spec->flights, UT_WORLD_FLIGHTS);
	w->random = spec->seed;
	w->now_us = 1000000;
	w->next_port = 40000;
	w->n_endpoints = (int)w->spec.sockets;
	w->first_free = NOBODY;
	w->last_segment = &w->first_segment;
	return allocate(w) ? w : ut_world_free(w);
}

struct ut_world *
ut_world_free(struct ut_world *w)
{
	if (w == NULL)
		return NULL;
	for (int i = 0; i < w->n_fresh; i++) {
		drop_queue(w, &w->endpoints[i]);
		free(w->endpoints[i].stream);
	}
	ut_world_events_fini(&w->events);
	ut_world_segments_fini(w);
	free(w->endpoints);
	free(w->buckets);
	free(w->stirred);
	free(w->reals);
	free(w);
	return NULL;
}
