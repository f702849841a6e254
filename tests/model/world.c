/* world.c - two engines and the network between them, as plain memory: made, chosen from, and told
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/model/world_internal.h"

#include <stdio.h>
#include <stdlib.h>

enum { RANDOM_FIRST = 192, ALIGN = 16 };

struct ut_engine_config
world_config(enum ut_protocol protocol)
{
	if (protocol == UT_L2TP)
		return (struct ut_engine_config){ .n_params = 1,
						  .n_listeners = 1,
						  .n_tunnels = 2,
						  .n_sessions = WORLD_SESSIONS,
						  .n_clients = 1,
						  .n_links = WORLD_LINKS,
						  .n_blocks = 24,
						  .trace = true };
	return (struct ut_engine_config){ .n_pptp_params = 1,
					  .n_listeners = 1,
					  .n_clients = 1,
					  .n_links = WORLD_LINKS,
					  .n_connections = 2,
					  .n_calls = WORLD_SESSIONS,
					  .trace = true };
}

struct world_setup
world_setup_default(enum ut_protocol protocol)
{
	struct world_setup s;

	memset(&s, 0, sizeof s);
	s.protocol = protocol;
	for (unsigned side = 0; side < WORLD_SIDES; side++) {
		s.l2tp[side] = ut_l2tp_params_default();
		s.l2tp[side].tries = 3;
		s.l2tp[side].hello_s = 20;
		s.pptp[side] = ut_pptp_params_default();
		s.pptp[side].echo_s = 20;
		s.pptp[side].reply_s = 30;
	}
	s.l2tp[WORLD_SERVER].accept_tunnels = s.l2tp[WORLD_SERVER].accept_calls = true;
	s.pptp[WORLD_SERVER].accept_connections = s.pptp[WORLD_SERVER].accept_calls = true;
	s.client = (struct ut_client_config){ .protocol = protocol,
					      .n_links = 1,
					      .needs_data_path = true,
					      .setup_ms = 60000,
					      .close_ms = 3000,
					      .stop_ms = 3000,
					      .settle_ms = 1000 };
	s.n_links[WORLD_CLIENT] = 1;
	s.caller = WORLD_SERVER;
	s.cut_step = UINT16_MAX;
	s.random_mask = UINT8_MAX;
	s.reserve_error = 5;
	return s;
}

/* ---- a new world ---- */

static void
listen(struct world *w, unsigned side)
{
	struct world_side *const s = &w->side[side];

	s->listens = w->protocol == UT_PPTP ? ut_engine_listen_pptp(world_engine(w, side), 0, &s->listen)
					    : ut_engine_listen(world_engine(w, side), 0, &s->listen);
	if (!s->listens)
		abort();
}

static void
make_side(struct world *w, unsigned side, const struct world_setup *setup)
{
	const struct ut_engine_config config = world_config(setup->protocol);
	struct ut_engine *const e = ut_engine_init((uint8_t *)w + w->side[side].engine_at, &config);
	struct ut_client_config client = setup->client;
	struct world_side *const s = &w->side[side];
	uint16_t first_link;

	s->client.index = s->tunnel.index = UT_REF_NONE;
	s->random = side + 1;
	if (setup->protocol == UT_PPTP)
		ut_engine_set_pptp_params(e, 0, &setup->pptp[side]);
	else
		ut_engine_set_params(e, 0, &setup->l2tp[side]);
	if (setup->protocol == UT_PPTP ? setup->pptp[side].accept_connections
				       : setup->l2tp[side].accept_tunnels)
		listen(w, side);
	client.n_links = setup->n_links[side];
	if (client.n_links > 0 && !ut_engine_client_new(e, &client, &s->client, &first_link))
		abort();
	world_feed_random(w, side, RANDOM_FIRST);
}

static uint16_t
aligned(size_t n)
{
	return (uint16_t)((n + ALIGN - 1) / ALIGN * ALIGN);
}

struct world *
world_new(const struct world_setup *setup)
{
	const struct ut_engine_config config = world_config(setup->protocol);
	const unsigned n_pipes = setup->protocol == UT_PPTP ? WORLD_PIPES : 0;
	const uint16_t head = aligned(sizeof(struct world) + n_pipes * sizeof(struct world_pipe));
	const uint16_t engine = aligned(ut_engine_octets(&config));
	const size_t all = (size_t)head + 2 * (size_t)engine;
	struct world *const w = calloc(1, all);

	w->octets = all;
	w->n_pipes = n_pipes;
	w->side[WORLD_CLIENT].engine_at = head;
	w->side[WORLD_SERVER].engine_at = (uint16_t)(head + engine);
	w->now_us = 1000000;
	w->left = setup->bounds;
	w->protocol = (uint8_t)setup->protocol;
	w->caller = setup->caller;
	w->cut_step = setup->cut_step;
	w->reserve_error = setup->reserve_error;
	w->random_mask = setup->random_mask;
	make_side(w, WORLD_CLIENT, setup);
	make_side(w, WORLD_SERVER, setup);
	world_take(w, (struct world_choice){ .kind = CHOICE_START, .which = WORLD_CLIENT });
	return w;
}

/* ---- choices ---- */

static struct world_choice
choice_of(enum choice_kind kind, unsigned which)
{
	return (struct world_choice){ .kind = (uint8_t)kind, .which = (uint8_t)which };
}

static bool
is_same_as_before(const struct world *w, unsigned i)
{
	return i > 0 && world_compare_flights(&w->flights[i - 1], &w->flights[i]) == 0;
}

static unsigned
choices_of_flights(const struct world *w, struct world_choice *out)
{
	unsigned n = 0;

	for (unsigned i = 0; i < w->n_flights; i++) {
		if (is_same_as_before(w, i))
			continue;
		out[n++] = choice_of(CHOICE_DELIVER, i);
		if (w->left.losses > 0)
			out[n++] = choice_of(CHOICE_LOSE, i);
		if (w->left.doubles > 0)
			out[n++] = choice_of(CHOICE_DOUBLE, i);
	}
	return n;
}

static unsigned
choices_of_tasks(const struct world *w, struct world_choice *out)
{
	unsigned n = 0;

	for (unsigned i = 0; i < w->n_tasks; i++) {
		out[n++] = choice_of(CHOICE_ANSWER, i);
		if (w->left.failures > 0 && w->tasks[i].kind != UT_EV_PPP_ENDED)
			out[n++] = choice_of(CHOICE_FAIL, i);
	}
	return n;
}

/* Who has no client ends the tunnel itself. */
static bool
can_close(const struct world *w, unsigned side)
{
	const struct world_side *const s = &w->side[side];

	if ((side == WORLD_CLIENT ? w->left.client_closes : w->left.server_closes) == 0)
		return false;
	return s->client.index == UT_REF_NONE ? s->tunnel.index != UT_REF_NONE
					      : s->is_started && !s->has_ended;
}

static unsigned
choices_of_people(const struct world *w, struct world_choice *out)
{
	const struct world_side *const server = &w->side[WORLD_SERVER];
	unsigned n = 0;

	for (unsigned side = 0; side < WORLD_SIDES; side++) {
		if (can_close(w, side))
			out[n++] = choice_of(CHOICE_CLOSE, side);
		if (w->side[side].client.index != UT_REF_NONE && !w->side[side].is_started)
			out[n++] = choice_of(CHOICE_START, side);
	}
	if (w->left.calls > 0 && w->side[w->caller].tunnel.index != UT_REF_NONE)
		out[n++] = choice_of(CHOICE_CALL, w->caller);
	for (unsigned i = 0; i < WORLD_SESSIONS && w->left.hang_ups > 0; i++)
		if (server->kernel[i].is_carried)
			out[n++] = choice_of(CHOICE_HANG_UP, i);
	return n;
}

unsigned
world_choices(const struct world *w, struct world_choice out[WORLD_CHOICES])
{
	unsigned n = choices_of_flights(w, out);

	n += choices_of_tasks(w, out + n);
	n += world_pipe_choices(w, out + n);
	n += choices_of_people(w, out + n);
	if (w->left.timeouts > 0 &&
	    (w->side[WORLD_CLIENT].has_deadline || w->side[WORLD_SERVER].has_deadline))
		out[n++] = choice_of(CHOICE_TIME, 0);
	if (w->left.severs > 0)
		out[n++] = choice_of(CHOICE_SEVER, 0);
	return n;
}

/* ---- taking one ---- */

/* Time goes on to the next deadline, whose engine is told. */
static void
pass_time(struct world *w)
{
	const struct world_side *const c = &w->side[WORLD_CLIENT], *const s = &w->side[WORLD_SERVER];
	const bool is_servers = !c->has_deadline || (s->has_deadline && s->deadline_us < c->deadline_us);
	const uint64_t at_us = is_servers ? s->deadline_us : c->deadline_us;

	if (at_us > w->now_us)
		w->now_us = at_us;
	world_feed(w, is_servers ? WORLD_SERVER : WORLD_CLIENT, (struct ut_event){ .kind = UT_EV_DEADLINE });
}

static void
sever(struct world *w)
{
	w->is_severed = true;
	while (w->n_flights > 0)
		world_land(w, 0);
	world_pipe_sever(w);
}

static void
close_side(struct world *w, unsigned side)
{
	const struct world_side *const s = &w->side[side];
	const bool has_client = s->client.index != UT_REF_NONE;
	const struct ut_event ev = { .kind = has_client ? UT_EV_STOP : UT_EV_TUNNEL_CLOSE,
				     .ref = has_client ? s->client : s->tunnel,
				     .end = { .cause = UT_CAUSE_USER } };

	if (side == WORLD_CLIENT)
		w->left.client_closes--;
	else
		w->left.server_closes--;
	world_feed(w, side, ev);
}

static void
hang_up(struct world *w, unsigned slot)
{
	w->left.hang_ups--;
	world_feed(
	    w, WORLD_SERVER,
	    (struct ut_event){ .kind = UT_EV_SESSION_CLOSE,
			       .ref = { (uint16_t)slot, w->side[WORLD_SERVER].kernel[slot].generation },
			       .end = { .cause = UT_CAUSE_USER } });
}

static void
place_call(struct world *w)
{
	w->left.calls--;
	w->has_called = true;
	world_feed(w, w->caller, (struct ut_event){ .kind = UT_EV_CALL, .ref = w->side[w->caller].tunnel });
}

static void
start(struct world *w, unsigned side)
{
	w->side[side].is_started = true;
	world_feed(w, side, (struct ut_event){ .kind = UT_EV_START, .ref = w->side[side].client });
}

void
world_take(struct world *w, struct world_choice c)
{
	switch ((enum choice_kind)c.kind) {
	case CHOICE_DELIVER:
		world_deliver(w, c.which, false);
		break;
	case CHOICE_LOSE:
		w->left.losses--;
		world_land(w, c.which);
		break;
	case CHOICE_DOUBLE:
		w->left.doubles--;
		world_deliver(w, c.which, true);
		break;
	case CHOICE_ANSWER:
		world_answer(w, c.which, true);
		break;
	case CHOICE_FAIL:
		w->left.failures--;
		world_answer(w, c.which, false);
		break;
	case CHOICE_TIME:
		w->left.timeouts--;
		pass_time(w);
		break;
	case CHOICE_SEVER:
		w->left.severs--;
		sever(w);
		break;
	case CHOICE_START:
		start(w, c.which);
		break;
	case CHOICE_CLOSE:
		close_side(w, c.which);
		break;
	case CHOICE_HANG_UP:
		hang_up(w, c.which);
		break;
	case CHOICE_CALL:
		place_call(w);
		break;
	case CHOICE_CONNECT:
	case CHOICE_REFUSE:
	case CHOICE_ACCEPT:
	case CHOICE_READ:
	case CHOICE_RESET:
		world_pipe_take(w, c);
		break;
	case CHOICE_N:
		abort();
	}
}

/* ---- telling ---- */

static const char *const side_names[WORLD_SIDES] = { "the client", "the server" };

static void
print_flight(const struct world_flight *f, const char *what, char *text, size_t n)
{
	const unsigned type = world_flight_type(f);

	snprintf(text, n, "%s to %s %s", type == 0 ? "ZLB" : l2tp_message_name(type), side_names[f->to],
		 what);
}

static void
print_pipe(const struct world *w, struct world_choice c, const char *what, char *text, size_t n)
{
	const unsigned pipe = c.kind == CHOICE_READ ? c.which / 2U : c.which;
	const unsigned end = c.kind == CHOICE_READ ? c.which % 2U : 0;
	const unsigned to = end == 0 ? w->pipes[pipe].side : !w->pipes[pipe].side;

	snprintf(text, n, "%s %s, at %s: %u octets", world_pipe_word(w, c), what, side_names[to], c.octets);
}

void
world_choice_print(const struct world *w, struct world_choice c, char *text, size_t n)
{
	static const char *const words[CHOICE_N] = { "arrives",
						     "is lost",
						     "arrives, and will again",
						     "a result",
						     "a failure",
						     "time passes",
						     "the network is gone",
						     "starts",
						     "closes",
						     "hangs up",
						     "places a call",
						     "is opened",
						     "is refused",
						     "is accepted",
						     "is read",
						     "is reset" };
	const char *const what = words[c.kind];

	if (c.kind <= CHOICE_DOUBLE)
		print_flight(&w->flights[c.which], what, text, n);
	else if (c.kind >= CHOICE_CONNECT)
		print_pipe(w, c, what, text, n);
	else if (c.kind == CHOICE_ANSWER || c.kind == CHOICE_FAIL)
		snprintf(text, n, "%s at %s: event %u", what, side_names[w->tasks[c.which].side],
			 w->tasks[c.which].kind);
	else if (c.kind == CHOICE_START || c.kind == CHOICE_CLOSE || c.kind == CHOICE_CALL)
		snprintf(text, n, "%s %s", side_names[c.which], what);
	else
		snprintf(text, n, "%s", what);
}

void
world_side_print(struct world *w, unsigned side, char *text, size_t n)
{
	const struct world_side *const s = &w->side[side];
	struct ut_engine *const e = world_engine(w, side);
	const struct ut_engine_counts k = ut_engine_counts(e);

	snprintf(text, n, "%s: client %s, tunnel %s; %u up of %u, %u sessions", side_names[side],
		 s->client.index == UT_REF_NONE ? "-" : ut_engine_client_state(e, s->client),
		 s->tunnel.index == UT_REF_NONE ? "-" : ut_engine_tunnel_state(e, s->tunnel),
		 k.established + k.connections_established, k.tunnels + k.connections, k.sessions + k.calls);
}
