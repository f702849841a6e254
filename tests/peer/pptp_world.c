/* pptp_world.c - a PPTP client and a server with bad habits, a stream between them, and a clock that jumps
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/peer/pptp_world.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

enum { TURN_US = 1000, RANDOM_OCTETS = 256 };

static const struct ut_peer address[WORLD_SIDES] = {
	[WORLD_CLIENT] = { .family = 4, .port = 40000, .address = { 10, 0, 0, 2 } },
	[WORLD_SERVER] = { .family = 4, .port = PPTP_PORT, .address = { 10, 0, 0, 1 } },
};

/* ---- the stream ---- */

static void
put(struct world *w, unsigned to, struct ut_slice octets)
{
	struct world_pipe *pipe = &w->to[to];

	assert(octets.n <= sizeof pipe->octets - pipe->n);
	if (pipe->is_ended)
		return;
	memcpy(pipe->octets + pipe->n, octets.p, octets.n);
	pipe->n += octets.n;
}

static void
end_pipe(struct world *w, unsigned to, int err)
{
	struct world_pipe *pipe = &w->to[to];

	if (err != 0)
		pipe->n = 0;
	if (!pipe->is_ended)
		pipe->err = err;
	pipe->is_ended = true;
}

static void
count(struct world *w, unsigned side, struct ut_slice messages)
{
	struct pptp_stream s = { 0 };
	struct pptp_message m;
	struct pptp_fault fault;

	while (pptp_stream_read(&s, &messages, &m, &fault) == PPTP_STREAM_MESSAGE)
		w->sent[side][m.type % PPTP_MESSAGE_N]++;
}

static void
transmit(struct world *w, unsigned side, struct ut_slice messages)
{
	uint8_t room[PPTP_BEHAVE_ROOM];
	struct ut_put out = ut_put_into(room, sizeof room);

	count(w, side, messages);
	w->octets_sent[side] += messages.n;
	if (side == WORLD_CLIENT) {
		put(w, WORLD_SERVER, messages);
		return;
	}
	pptp_behave_send(&w->behave, &w->talk, messages, &out);
	put(w, WORLD_CLIENT, ut_slice(room, out.len));
}

/* ---- the hosts ---- */

static void
take_report(struct world *w, unsigned side, const struct ut_effect *fx)
{
	w->reports[side][fx->report]++;
	if (side == WORLD_SERVER) {
		if (fx->report == UT_REPORT_SESSION_UP)
			w->call = fx->ref;
		return;
	}
	if (fx->report == UT_REPORT_SESSION_ENDED)
		w->call_end = fx->end;
	if (fx->report != UT_REPORT_ENDED)
		return;
	w->ended = fx->end;
	w->has_ended = true;
}

static void
close_path(struct world *w, unsigned side, int err)
{
	end_pipe(w, !side, err);
	w->to[side].is_told = true; /* nothing more is read here */
	w->to[side].n = 0;
}

static void
carry_out(struct world *w, unsigned side, const struct ut_effect *fx)
{
	if (fx->kind == UT_FX_SEND_STREAM)
		transmit(w, side, fx->bytes);
	else if (fx->kind == UT_FX_REPORT)
		take_report(w, side, fx);
	else if (fx->kind == UT_FX_OPEN_PATH || fx->kind == UT_FX_ACCEPT_PATH)
		w->path[side] = fx->path;
	else if (fx->kind == UT_FX_CLOSE_PATH)
		close_path(w, side, 0);
	else if (fx->kind == UT_FX_RESET_PATH)
		close_path(w, side, ECONNRESET);
}

static void
connect_both(struct world *w, struct ut_ref client)
{
	w->is_connected = true;
	memset(w->to, 0, sizeof w->to);
	memset(&w->talk, 0, sizeof w->talk);
	w->to[WORLD_CLIENT].piece = pptp_behave_piece(&w->behave);
	world_feed(w, WORLD_SERVER,
		   (struct ut_event){ .kind = UT_EV_ACCEPTED,
				      .path = w->listener,
				      .peer = address[WORLD_CLIENT],
				      .local = address[WORLD_SERVER] });
	world_feed(
	    w, WORLD_CLIENT,
	    (struct ut_event){ .kind = UT_EV_PATH_OPENED, .ref = client, .local = address[WORLD_CLIENT] });
}

static void
stop_ppp(struct world *w, struct ut_ref link)
{
	w->link_up = false;
	world_feed(w, WORLD_CLIENT,
		   (struct ut_event){ .kind = UT_EV_PPP_ENDED, .ref = link, .end = ut_end_of_pppd(5) });
}

static void
start_ppp(struct world *w, struct ut_ref link)
{
	world_feed(w, WORLD_CLIENT, (struct ut_event){ .kind = UT_EV_PPP_STARTED, .ref = link });
	w->link_up = true;
	world_feed(w, WORLD_CLIENT, (struct ut_event){ .kind = UT_EV_PPP_UP, .ref = link });
}

/* What was done comes back as events, after all effects of the step. */
static void
answer(struct world *w, unsigned side, const struct ut_effect *fx)
{
	struct ut_event event = { .ref = fx->ref, .peer = address[WORLD_SERVER] };

	switch ((int)fx->kind) {
	case UT_FX_RESOLVE:
		event.kind = UT_EV_RESOLVED;
		break;
	case UT_FX_PROTECT:
		event.kind = UT_EV_PROTECTED;
		break;
	case UT_FX_PROBE:
		event.kind = UT_EV_PROBED;
		break;
	case UT_FX_RESERVE_SESSION:
		event.kind = UT_EV_SESSION_RESERVED;
		break;
	case UT_FX_OPEN_SESSION:
		event.kind = UT_EV_SESSION_OPENED;
		break;
	case UT_FX_OPEN_PATH:
		connect_both(w, fx->ref);
		return;
	case UT_FX_START_PPP:
		start_ppp(w, fx->ref);
		return;
	case UT_FX_STOP_PPP:
	case UT_FX_HANGUP_PPP:
	case UT_FX_KILL_PPP:
		stop_ppp(w, fx->ref);
		return;
	default:
		return;
	}
	world_feed(w, side, event);
}

/* ---- steps ---- */

static uint8_t
noise(struct world *w)
{
	w->seed = w->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint8_t)(w->seed >> 56);
}

static void
feed_random(struct world *w, unsigned side, size_t n)
{
	uint8_t octets[RANDOM_OCTETS];

	n = n < sizeof octets ? n : sizeof octets;
	for (size_t k = 0; k < n; k++)
		octets[k] = noise(w);
	world_feed(w, side, (struct ut_event){ .kind = UT_EV_RANDOM, .bytes = ut_slice(octets, n) });
}

/* How many octets of the event were taken. */
static size_t
step(struct world *w, unsigned side, struct ut_event event)
{
	struct ut_effect v[WORLD_EFFECTS];
	uint8_t octets[WORLD_EFFECT_OCTETS];
	struct ut_effects out = {
		.v = v, .cap = WORLD_EFFECTS, .octets = octets, .octets_cap = sizeof octets
	};

	event.now = w->now;
	ut_engine_step(w->engine[side], &event, &out);
	ut_engine_check(w->engine[side]);
	w->has_deadline[side] = out.has_deadline;
	w->deadline[side] = out.deadline;
	for (size_t k = 0; k < out.n; k++)
		carry_out(w, side, &v[k]);
	for (size_t k = 0; k < out.n; k++)
		answer(w, side, &v[k]);
	if (out.more)
		(void)step(w, side, (struct ut_event){ .kind = UT_EV_CONTINUE });
	if (out.random_wanted > RANDOM_OCTETS / 2 && event.kind != UT_EV_RANDOM)
		feed_random(w, side, out.random_wanted);
	return out.taken;
}

void
world_feed(struct world *w, unsigned side, struct ut_event event)
{
	(void)step(w, side, event);
}

/* ---- time ---- */

static void
feed_stream(struct world *w, unsigned side, struct ut_slice octets)
{
	while (octets.n > 0) {
		const size_t taken =
		    step(w, side,
			 (struct ut_event){ .kind = UT_EV_STREAM, .path = w->path[side], .bytes = octets });

		octets = ut_slice(octets.p + taken, octets.n - taken);
	}
}

static void
closed(struct world *w, unsigned side, int err)
{
	world_feed(w, side,
		   (struct ut_event){ .kind = UT_EV_STREAM_CLOSED, .path = w->path[side], .err = err });
}

static void
hear_client(struct world *w, struct ut_slice octets)
{
	uint8_t heard[PPTP_BEHAVE_ROOM], said[PPTP_BEHAVE_ROOM];
	struct ut_put forward = ut_put_into(heard, sizeof heard), out = ut_put_into(said, sizeof said);
	const enum pptp_behave_then then = pptp_behave_receive(&w->behave, &w->talk, octets, &forward, &out);

	put(w, WORLD_CLIENT, ut_slice(said, out.len));
	feed_stream(w, WORLD_SERVER, ut_slice(heard, forward.len));
	if (then == PPTP_BEHAVE_GOES_ON)
		return;
	close_path(w, WORLD_SERVER, then == PPTP_BEHAVE_RESETS ? ECONNRESET : 0);
	closed(w, WORLD_SERVER, then == PPTP_BEHAVE_RESETS ? ECONNRESET : 0);
}

static void
deliver(struct world *w, unsigned side)
{
	struct world_pipe *pipe = &w->to[side];
	uint8_t octets[PPTP_BEHAVE_IN];
	size_t n = pipe->n < sizeof octets ? pipe->n : sizeof octets;

	if (pipe->piece > 0 && n > pipe->piece)
		n = pipe->piece;
	memcpy(octets, pipe->octets, n);
	pipe->n -= n;
	memmove(pipe->octets, pipe->octets + n, pipe->n);
	if (side == WORLD_SERVER)
		hear_client(w, ut_slice(octets, n));
	else
		feed_stream(w, WORLD_CLIENT, ut_slice(octets, n));
}

static bool
is_waiting(const struct world_pipe *pipe)
{
	return !pipe->is_told && (pipe->n > 0 || pipe->is_ended);
}

static bool
deliver_any(struct world *w)
{
	for (unsigned side = 0; side < WORLD_SIDES; side++) {
		struct world_pipe *pipe = &w->to[side];

		if (!is_waiting(pipe))
			continue;
		w->now.us += TURN_US;
		if (pipe->n > 0) {
			deliver(w, side);
		} else {
			pipe->is_told = true;
			closed(w, side, pipe->err);
		}
		return true;
	}
	return false;
}

/* The next thing that happens before `end`; false when nothing does. */
static bool
turn(struct world *w, struct ut_time end)
{
	unsigned side = WORLD_CLIENT;

	if (deliver_any(w))
		return true;
	if (!w->has_deadline[side] ||
	    (w->has_deadline[WORLD_SERVER] && w->deadline[WORLD_SERVER].us < w->deadline[side].us))
		side = WORLD_SERVER;
	if (!w->has_deadline[side] || w->deadline[side].us > end.us)
		return false;
	if (w->deadline[side].us > w->now.us)
		w->now = w->deadline[side];
	world_feed(w, side, (struct ut_event){ .kind = UT_EV_DEADLINE });
	return true;
}

bool
world_run_until(struct world *w, bool (*done)(const struct world *), uint64_t ms)
{
	const struct ut_time end = { w->now.us + ms * 1000 };

	while (w->now.us < end.us && !done(w))
		if (!turn(w, end))
			w->now = end;
	return done(w);
}

static bool
never(const struct world *w)
{
	(void)w;
	return false;
}

void
world_run(struct world *w, uint64_t ms)
{
	(void)world_run_until(w, never, ms);
}

bool
world_is_up(const struct world *w)
{
	return w->link_up;
}

bool
world_has_ended(const struct world *w)
{
	return w->has_ended;
}

/* ---- life ---- */

static struct ut_engine *
make_engine(const struct ut_engine_config *config, const struct ut_pptp_params *params)
{
	struct ut_engine *e = ut_engine_init(malloc(ut_engine_octets(config)), config);

	ut_engine_set_pptp_params(e, 0, params);
	return e;
}

static const struct ut_client_config profile = { .protocol = UT_PPTP,
						 .n_links = 1,
						 .needs_data_path = true,
						 .setup_ms = 60000,
						 .close_ms = 5000,
						 .stop_ms = 1000,
						 .settle_ms = 500,
						 .backoff_first_ms = 100,
						 .backoff_cap_ms = 1000 };

struct world *
world_new(const char *words, uint16_t client_echo_s, uint16_t server_echo_s, uint16_t reply_s)
{
	const struct ut_engine_config client = {
		.n_pptp_params = 1, .n_connections = 1, .n_calls = 1, .n_clients = 1, .n_links = 1
	};
	const struct ut_engine_config server = {
		.n_pptp_params = 1, .n_connections = 4, .n_calls = 4, .n_listeners = 1
	};
	struct world *w = calloc(1, sizeof *w);
	struct ut_pptp_params params = ut_pptp_params_default();
	uint16_t first_link;

	w->now.us = 1000000;
	params.echo_s = client_echo_s;
	params.reply_s = reply_s;
	w->engine[WORLD_CLIENT] = make_engine(&client, &params);
	params.accept_connections = params.accept_calls = true;
	params.echo_s = server_echo_s;
	w->engine[WORLD_SERVER] = make_engine(&server, &params);
	if (pptp_behave_parse(&w->behave, words) != NULL ||
	    !ut_engine_listen_pptp(w->engine[WORLD_SERVER], 0, &w->listener) ||
	    !ut_engine_client_new(w->engine[WORLD_CLIENT], &profile, &w->client, &first_link))
		abort();
	feed_random(w, WORLD_CLIENT, RANDOM_OCTETS / 2);
	feed_random(w, WORLD_SERVER, RANDOM_OCTETS / 2);
	return w;
}

void
world_free(struct world *w)
{
	for (unsigned side = 0; side < WORLD_SIDES; side++) {
		ut_engine_fini(w->engine[side]);
		free(w->engine[side]);
	}
	free(w);
}

void
world_start(struct world *w)
{
	world_feed(w, WORLD_CLIENT, (struct ut_event){ .kind = UT_EV_START, .ref = w->client });
}

void
world_stop(struct world *w)
{
	world_feed(
	    w, WORLD_CLIENT,
	    (struct ut_event){ .kind = UT_EV_STOP, .ref = w->client, .end = { .cause = UT_CAUSE_USER } });
}
