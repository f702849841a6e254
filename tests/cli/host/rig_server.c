/* rig_server.c - the other end: an engine with a listener
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/cli/host/rig_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void set_alarm(struct rig *rig);

static void
to_sockaddr(const struct ut_peer *peer, union kb_sockaddr *out)
{
	memset(out, 0, sizeof *out);
	out->in.sin_family = AF_INET;
	out->in.sin_port = htons(peer->port);
	memcpy(&out->in.sin_addr, peer->address, 4);
}

/* What a step of the server asked for and how it is answered; kind UT_EVENT_N: nothing. */
struct asked {
	struct ut_ref ref;
	enum ut_event_kind answer;
};

static void
carry_out(struct rig *rig, const struct ut_effect *e, struct asked *opened)
{
	struct rig_server *s = &rig->server;
	union kb_sockaddr to;

	if (e->kind == UT_FX_SEND && !s->is_silent) {
		to_sockaddr(&e->peer, &to);
		(void)s->io.ops->send(s->io.self, s->fd, e->bytes.p, e->bytes.n, &to);
	} else if (e->kind == UT_FX_ACCEPT_PATH) {
		rig_stream_accepted(rig, e->path);
	} else if (e->kind == UT_FX_SEND_STREAM) {
		rig_stream_send(rig, e->path, e->bytes);
	} else if (e->kind == UT_FX_CLOSE_PATH) {
		rig_stream_close(rig, e->path);
	} else if (e->kind == UT_FX_RESET_PATH) {
		rig_stream_reset(rig, e->path);
	} else if (e->kind == UT_FX_RESERVE_SESSION) {
		*opened = (struct asked){ e->ref, UT_EV_SESSION_RESERVED };
	} else if (e->kind == UT_FX_OPEN_SESSION) {
		*opened = (struct asked){ e->ref, UT_EV_SESSION_OPENED };
	} else if (e->kind == UT_FX_REPORT && e->report == UT_REPORT_TUNNEL_UP) {
		s->tunnel = e->ref;
	} else if (e->kind == UT_FX_REPORT && e->report == UT_REPORT_SESSION_UP) {
		s->session = e->ref;
		s->has_session = true;
	} else if (e->kind == UT_FX_REPORT && e->report == UT_REPORT_SESSION_ENDED) {
		s->has_session = false;
	}
}

static void
step(struct rig *rig, struct ut_event event, struct asked *opened)
{
	struct rig_server *s = &rig->server;

	s->out = (struct ut_effects){
		.v = s->effects, .cap = 64, .octets = s->octets, .octets_cap = sizeof s->octets
	};
	event.now = s->io.ops->now(s->io.self);
	ut_engine_step(s->engine, &event, &s->out);
	for (size_t i = 0; i < s->out.n; i++)
		carry_out(rig, &s->out.v[i], opened);
}

size_t
rig_server_feed(struct rig *rig, struct ut_event event)
{
	struct rig_server *s = &rig->server;
	struct asked opened = { .answer = UT_EVENT_N };
	uint8_t random[256];

	step(rig, event, &opened);
	const size_t taken = s->out.taken;
	while (s->out.more)
		step(rig, (struct ut_event){ .kind = UT_EV_CONTINUE }, &opened);
	if (s->out.random_wanted > 0) {
		const size_t n = s->out.random_wanted < sizeof random ? s->out.random_wanted : sizeof random;

		s->io.ops->random(s->io.self, random, n);
		step(rig, (struct ut_event){ .kind = UT_EV_RANDOM, .bytes = ut_slice(random, n) }, &opened);
	}
	if (opened.answer != UT_EVENT_N)
		rig_server_feed(rig, (struct ut_event){ .kind = opened.answer,
							.ref = opened.ref,
							.err = s->refuses_calls ? 5 : 0 });
	ut_engine_check(s->engine);
	set_alarm(rig);
	return taken;
}

static void
on_alarm(void *ctx)
{
	struct rig *rig = ctx;
	struct rig_server *s = &rig->server;

	if (s->alarm_us == 0 || ut_world_now(rig->world).us < s->alarm_us)
		return; /* an earlier one did its work */
	s->alarm_us = 0;
	rig_server_feed(rig, (struct ut_event){ .kind = UT_EV_DEADLINE });
}

/* One appointment at a time, unless an earlier one is needed; those that it outdates do nothing. */
static void
set_alarm(struct rig *rig)
{
	struct rig_server *s = &rig->server;
	const uint64_t now = s->io.ops->now(s->io.self).us;

	if (!s->out.has_deadline || (s->alarm_us != 0 && s->alarm_us <= s->out.deadline.us))
		return;
	s->alarm_us = s->out.deadline.us;
	const bool made = ut_world_at(rig->world, s->alarm_us > now ? s->alarm_us - now : 0, on_alarm, rig);
	assert(made);
}

static void
on_datagrams(void *ctx, int fd)
{
	struct rig *rig = ctx;
	struct rig_server *s = &rig->server;
	uint8_t octets[UT_WORLD_DATAGRAM_MAX];
	union kb_sockaddr from;
	ssize_t n;

	while ((n = s->io.ops->receive(s->io.self, fd, octets, sizeof octets, &from)) > 0) {
		struct ut_event event = { .kind = UT_EV_DATAGRAM, .path = s->path };

		if (s->is_silent)
			continue;
		event.bytes = ut_slice(octets, (size_t)n);
		event.peer.family = 4;
		event.peer.port = ntohs(from.in.sin_port);
		memcpy(event.peer.address, &from.in.sin_addr, 4);
		rig_server_feed(rig, event);
	}
}

void
rig_server_hangs_up(struct rig *rig)
{
	rig_server_feed(rig, (struct ut_event){ .kind = UT_EV_SESSION_CLOSE,
						.ref = rig->server.session,
						.end.cause = UT_CAUSE_USER });
}

void
rig_server_closes(struct rig *rig)
{
	rig_server_feed(rig, (struct ut_event){ .kind = UT_EV_TUNNEL_CLOSE,
						.ref = rig->server.tunnel,
						.end.cause = UT_CAUSE_USER });
}

/* The same of PPTP: it has no secret. */
static void
listen_to_pptp(struct rig *rig)
{
	struct ut_pptp_params params = ut_pptp_params_default();
	struct rig_server *s = &rig->server;

	params.is_pac = true;
	params.accept_connections = !s->refuses_starts;
	params.accept_calls = true;
	params.echo_s = 0;
	ut_engine_set_pptp_params(s->engine, 0, &params);
	const bool listens = ut_engine_listen_pptp(s->engine, 0, &s->pptp_path);
	assert(listens);
}

void
rig_server_open(struct rig *rig, const union kb_sockaddr *address, const struct l2tp_secret *secret)
{
	const struct ut_engine_config config = { .n_params = 1,
						 .n_listeners = 2,
						 .n_tunnels = 64, /* those that were closed linger */
						 .n_sessions = 64,
						 .n_pptp_params = 1,
						 .n_connections = 8,
						 .n_calls = 32,
						 .n_blocks = 512 };
	struct ut_l2tp_params params = ut_l2tp_params_default();
	struct rig_server *s = &rig->server;
	const struct kb_udp_spec spec = { .peer.in.sin_family = AF_INET,
					  .local_port = 1701,
					  .receive_from_any_port = true };

	params.accept_tunnels = params.accept_calls = true;
	params.hello_s = 0;
	params.secret = *secret;
	params.authenticate_peer = secret->n > 0;
	s->io = ut_world_io(rig->world, address);
	s->memory = malloc(ut_engine_octets(&config));
	assert(s->memory != NULL);
	s->engine = ut_engine_init(s->memory, &config);
	ut_engine_set_params(s->engine, 0, &params);
	const bool listens = ut_engine_listen(s->engine, 0, &s->path);
	const int r = s->io.ops->udp_open(s->io.self, &spec, &s->fd, NULL);
	assert(listens && r == 0);
	const int w = s->io.ops->watch(s->io.self, s->fd, on_datagrams, rig);
	assert(w == 0);
	listen_to_pptp(rig);
	rig_streams_open(rig, address);
	for (int i = 0; i < 4; i++)
		rig_server_feed(rig, (struct ut_event){ .kind = UT_EV_CONTINUE });
}

void
rig_server_close(struct rig *rig)
{
	struct rig_server *s = &rig->server;

	rig_streams_close(rig);
	s->io.ops->unwatch(s->io.self, s->fd);
	s->io.ops->udp_close(s->io.self, s->fd);
	ut_engine_fini(s->engine);
	free(s->memory);
}
