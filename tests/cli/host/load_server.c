/* load_server.c - the other end of thousands of tunnels: an engine with a listener
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/cli/host/load_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint64_t
clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* ---- effects ---- */

static void
send_datagram(struct load_server *s, const struct ut_effect *e)
{
	union kb_sockaddr to = { .in = { .sin_family = AF_INET, .sin_port = htons(e->peer.port) } };

	memcpy(&to.in.sin_addr, e->peer.address, 4);
	if (!s->is_cut[e->peer.port])
		(void)s->io.ops->send(s->io.self, s->fd, e->bytes.p, e->bytes.n, &to);
}

static void
carry_out(struct load_server *s, const struct ut_effect *e)
{
	if (e->kind == UT_FX_SEND) {
		send_datagram(s, e);
	} else if (e->kind == UT_FX_OPEN_SESSION) {
		assert(s->n_answers < LOAD_ANSWERS);
		s->answers[s->n_answers++] = (struct ut_event){ .kind = UT_EV_SESSION_OPENED, .ref = e->ref };
	} else if (e->kind == UT_FX_REPORT && e->report == UT_REPORT_TUNNEL_UP) {
		s->tunnels[e->ref.index] = e->ref;
	} else if (e->kind == UT_FX_REPORT && e->report == UT_REPORT_TUNNEL_ENDED) {
		s->tunnels[e->ref.index].index = UT_REF_NONE;
	}
}

/* ---- events ---- */

static void
step(struct load_server *s, struct ut_event event)
{
	s->out = (struct ut_effects){
		.v = s->effects, .cap = LOAD_EFFECTS, .octets = s->octets, .octets_cap = LOAD_EFFECT_OCTETS
	};
	event.now = s->io.ops->now(s->io.self);
	ut_engine_step(s->engine, &event, &s->out);
	for (size_t i = 0; i < s->out.n; i++)
		carry_out(s, &s->out.v[i]);
}

static void
give_random(struct load_server *s)
{
	uint8_t octets[256];
	const size_t n = s->out.random_wanted < sizeof octets ? s->out.random_wanted : sizeof octets;

	s->io.ops->random(s->io.self, octets, n);
	step(s, (struct ut_event){ .kind = UT_EV_RANDOM, .bytes = ut_slice(octets, n) });
}

/* An event and all that comes of it. */
static void
feed_through(struct load_server *s, struct ut_event event)
{
	step(s, event);
	for (;;) {
		if (s->out.more)
			step(s, (struct ut_event){ .kind = UT_EV_CONTINUE });
		else if (s->out.random_wanted > 0)
			give_random(s);
		else if (s->n_answers > 0)
			step(s, s->answers[--s->n_answers]);
		else
			return;
	}
}

static void set_alarm(struct load *l);

static void
feed(struct load *l, struct ut_event event)
{
	const uint64_t before = clock_ns();

	feed_through(&l->server, event);
	l->server.spent_ns += clock_ns() - before;
	set_alarm(l);
}

static void
on_alarm(void *ctx)
{
	struct load *l = ctx;
	struct load_server *s = &l->server;

	if (s->alarm_us == 0 || ut_world_now(l->world).us < s->alarm_us)
		return; /* an earlier one did its work */
	s->alarm_us = 0;
	feed(l, (struct ut_event){ .kind = UT_EV_DEADLINE });
}

/* One appointment at a time, unless an earlier one is needed; those that it outdates do nothing. */
static void
set_alarm(struct load *l)
{
	struct load_server *s = &l->server;
	const uint64_t now = ut_world_now(l->world).us;

	if (!s->out.has_deadline || (s->alarm_us != 0 && s->alarm_us <= s->out.deadline.us))
		return;
	s->alarm_us = s->out.deadline.us;
	const bool made = ut_world_at(l->world, s->alarm_us > now ? s->alarm_us - now : 0, on_alarm, l);
	assert(made);
}

static void
on_datagrams(void *ctx, int fd)
{
	struct load *l = ctx;
	struct load_server *s = &l->server;
	uint8_t octets[UT_WORLD_DATAGRAM_MAX];
	union kb_sockaddr from;
	ssize_t n;

	while ((n = s->io.ops->receive(s->io.self, fd, octets, sizeof octets, &from)) > 0) {
		struct ut_event event = { .kind = UT_EV_DATAGRAM, .path = s->path };

		event.bytes = ut_slice(octets, (size_t)n);
		event.peer.family = 4;
		event.peer.port = ntohs(from.in.sin_port);
		memcpy(event.peer.address, &from.in.sin_addr, 4);
		s->datagrams++;
		s->is_known[event.peer.port] = true;
		if (!s->is_cut[event.peer.port])
			feed(l, event);
	}
}

/* ---- its life ---- */

static void
make_engine(struct load *l)
{
	struct ut_l2tp_params params = ut_l2tp_params_default();
	struct load_server *s = &l->server;

	params.accept_tunnels = params.accept_calls = true;
	params.hello_s = 0;
	s->engine = ut_engine_init(s->memory, &s->config);
	ut_engine_set_params(s->engine, 0, &params);
	const bool listens = ut_engine_listen(s->engine, 0, &s->path);
	assert(listens);
	for (unsigned i = 0; i < s->config.n_tunnels; i++)
		s->tunnels[i].index = UT_REF_NONE;
	feed(l, (struct ut_event){ .kind = UT_EV_CONTINUE });
}

bool
load_server_open(struct load *l, const union kb_sockaddr *address)
{
	struct load_server *s = &l->server;
	const struct kb_udp_spec spec = { .peer.in.sin_family = AF_INET,
					  .local_port = 1701,
					  .receive_from_any_port = true };
	const uint16_t n = (uint16_t)(2 * l->spec.tunnels + 64); /* those that were closed linger */

	s->config = (struct ut_engine_config){
		.n_params = 1, .n_listeners = 1, .n_tunnels = n, .n_sessions = n, .n_blocks = 65534
	};
	s->io = ut_world_io(l->world, address);
	s->memory = malloc(ut_engine_octets(&s->config));
	s->tunnels = malloc(n * sizeof s->tunnels[0]);
	if (s->memory == NULL || s->tunnels == NULL ||
	    s->io.ops->udp_open(s->io.self, &spec, &s->fd, NULL) < 0)
		return false;
	make_engine(l);
	return s->io.ops->watch(s->io.self, s->fd, on_datagrams, l) == 0;
}

void
load_server_close(struct load *l)
{
	struct load_server *s = &l->server;

	if (s->engine != NULL) {
		s->io.ops->unwatch(s->io.self, s->fd);
		s->io.ops->udp_close(s->io.self, s->fd);
		ut_engine_fini(s->engine);
	}
	free(s->memory);
	free(s->tunnels);
}

/* ---- trouble ---- */

void
load_restart_server(struct load *l)
{
	make_engine(l);
}

static void
mend(void *ctx)
{
	*(bool *)ctx = false;
}

void
load_cut(struct load *l, unsigned n)
{
	enum { FOR_US = 120000000 };

	for (unsigned i = 0; i < n; i++) {
		unsigned port = load_draw(l, LOAD_PORTS);

		while (!l->server.is_known[port])
			port = (port + 1) % LOAD_PORTS;
		l->server.is_cut[port] = true;
		(void)ut_world_at(l->world, FOR_US, mend, &l->server.is_cut[port]);
	}
}

void
load_close(struct load *l, unsigned n)
{
	struct load_server *s = &l->server;
	const unsigned all = s->config.n_tunnels;

	for (unsigned i = 0; i < n; i++) {
		const unsigned first = load_draw(l, all);
		unsigned k = 0;

		while (k < all && s->tunnels[(first + k) % all].index == UT_REF_NONE)
			k++;
		if (k == all)
			return;
		feed(l, (struct ut_event){ .kind = UT_EV_TUNNEL_CLOSE,
					   .ref = s->tunnels[(first + k) % all],
					   .end.cause = UT_CAUSE_USER });
	}
}
