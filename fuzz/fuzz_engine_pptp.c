/* fuzz_engine_pptp.c - any course of events through the engine's PPTP (fsm/engine_pptp.h)
 * SPDX-License-Identifier: Apache-2.0
 *
 * Input: eight octets of configuration, then operations of one octet and its operands.  One engine holds clients
 * and a listener that talk to each other over streams the input controls: it delivers them in pieces of any size, says
 * things that nobody said, dials in from outside (also from the very address that a client dials, so that they collide),
 * resets, answers effects late, wrongly or never, and moves the clock.
 * Oracles: ut_engine_check() after every event; each path, id and data path is taken and given back in turn; what is
 * said is one message of the RFC's length; after everything was told to stop and enough time went by, nothing is left.
 */
#include "fuzz/drive.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n);

enum { CONNECTIONS_MAX = 6, CALLS_MAX = 6, TUNNELS = 1, SESSIONS = 2 };
enum { PIPES = 8, FLOW_MAX = 4096, STEPS_MAX = 4000, OPS_MAX = 500 };

/* One end of a TCP connection, and the octets on their way to it. */
struct end {
	bool is_open, is_engine;
	struct ut_path path;
	size_t n;
	uint8_t octets[FLOW_MAX];
};

struct pipe {
	struct end end[2]; /* 0 dialled */
	uint8_t from;	   /* last octet of its address */
};

struct world {
	struct drive d;
	struct ut_ref connection[CONNECTIONS_MAX], call[CALLS_MAX];
	struct pipe pipe[PIPES];
	struct pipe *accepting; /* whose UT_EV_ACCEPTED is being fed */
	bool is_reserved[CALLS_MAX], is_carried[CALLS_MAX];
};

/* The listener is 10.0.0.1; clients dial it from 10.0.0.0, so that they lose, or 10.0.0.2, so that they win. */
static struct ut_peer
address(uint8_t last)
{
	struct ut_peer p;

	memset(&p, 0, sizeof p);
	p.family = 4;
	p.address[0] = 10;
	p.address[3] = last;
	p.port = PPTP_PORT;
	return p;
}

/* ---- streams ---- */

static struct end *
end_of_path(struct world *w, struct ut_path path, struct end **other)
{
	for (unsigned k = 0; k < PIPES; k++) {
		for (unsigned i = 0; i < 2; i++) {
			struct end *end = &w->pipe[k].end[i];

			if (!end->is_open || !end->is_engine || end->path.v != path.v)
				continue;
			*other = &w->pipe[k].end[!i];
			return end;
		}
	}
	return NULL;
}

static struct pipe *
pipe_of_end(struct world *w, const struct end *end)
{
	for (unsigned k = 0; k < PIPES; k++)
		if (end == &w->pipe[k].end[0] || end == &w->pipe[k].end[1])
			return &w->pipe[k];
	return NULL;
}

static struct pipe *
free_pipe(struct world *w)
{
	for (unsigned k = 0; k < PIPES; k++)
		if (!w->pipe[k].end[0].is_open && !w->pipe[k].end[1].is_open && w->accepting != &w->pipe[k])
			return &w->pipe[k];
	return NULL;
}

static void
push(struct end *to, struct ut_slice bytes)
{
	if (!to->is_open || bytes.n > FLOW_MAX - to->n)
		return;
	memcpy(to->octets + to->n, bytes.p, bytes.n);
	to->n += bytes.n;
}

static void
on_send(struct world *w, const struct ut_effect *fx)
{
	struct end *other, *end = end_of_path(w, fx->path, &other);
	unsigned type = ut_get_u16(fx->bytes.p + 8);

	CHECK(end != NULL);
	CHECK(fx->bytes.n >= PPTP_HEADER_OCTETS && fx->bytes.n == pptp_message_octets(type));
	push(other, fx->bytes);
}

static void
on_path(struct world *w, const struct ut_effect *fx)
{
	struct end *other, *end = end_of_path(w, fx->path, &other);

	if (fx->kind == UT_FX_ACCEPT_PATH) {
		CHECK(end == NULL && w->accepting != NULL);
		w->accepting->end[1].is_open = w->accepting->end[1].is_engine = true;
		w->accepting->end[1].path = fx->path;
		w->connection[(fx->ref.index - TUNNELS) % CONNECTIONS_MAX] = fx->ref;
	} else if (fx->kind == UT_FX_CLOSE_PATH || fx->kind == UT_FX_RESET_PATH) {
		CHECK(end != NULL);
		end->is_open = false;
		end->n = 0;
	}
}

static void
open_path(struct world *w, const struct ut_effect *fx)
{
	struct pipe *p = free_pipe(w);
	struct end *other;

	CHECK(p != NULL && end_of_path(w, fx->path, &other) == NULL);
	memset(p, 0, sizeof *p);
	p->from = (uint8_t)(fx->ref.index == 0 ? 0 : 2);
	p->end[0].is_open = p->end[0].is_engine = true;
	p->end[0].path = fx->path;
}

/* ---- the host ---- */

static void
on_data_path(struct world *w, const struct ut_effect *fx)
{
	unsigned i = fx->ref.index - (unsigned)SESSIONS;

	CHECK(fx->ref.index >= SESSIONS && i < CALLS_MAX && fx->local_call.v != 0);
	if (fx->kind == UT_FX_RESERVE_SESSION) {
		CHECK(!w->is_reserved[i]);
		w->is_reserved[i] = true;
		w->call[i] = fx->ref;
	} else if (fx->kind == UT_FX_OPEN_SESSION) {
		CHECK(w->is_reserved[i] && !w->is_carried[i]);
		w->is_carried[i] = true;
	} else {
		CHECK(w->is_reserved[i]);
		w->is_reserved[i] = w->is_carried[i] = false;
	}
}

/* The world that a drive is the first member of. */
static struct world *
world_of(struct drive *d)
{
	return (struct world *)d;
}

static void
carry_out(struct drive *d, const struct ut_effect *fx)
{
	struct world *w = world_of(d);
	struct ut_event ev = { .kind = drive_answer_to(fx->kind), .ref = fx->ref, .peer = address(1) };

	if (fx->kind == UT_FX_SEND_STREAM)
		on_send(w, fx);
	else if (fx->kind == UT_FX_OPEN_PATH)
		open_path(w, fx);
	else if (fx->kind == UT_FX_RESERVE_SESSION || fx->kind == UT_FX_OPEN_SESSION ||
		 fx->kind == UT_FX_CLOSE_SESSION)
		on_data_path(w, fx);
	else
		on_path(w, fx);
	if (fx->kind == UT_FX_START_PPP)
		w->d.link[fx->ref.index % DRIVE_LINKS] = fx->ref;
	if (ev.kind == UT_EVENT_N)
		return;
	ev.local = address((uint8_t)(fx->ref.index == 0 ? 0 : 2));
	ev.end = ut_end_of_pppd((int)(drive_noise(&w->d) % 20));
	ev.path = fx->path; /* of OPEN_PATH: kept for the answer */
	drive_owe(d, ev);
}

/* ---- TCP ---- */

static void
accept_on(struct world *w, struct pipe *p)
{
	struct ut_event ev = { .kind = UT_EV_ACCEPTED, .path = w->d.listen, .peer = address(p->from) };

	ev.local = address((uint8_t)(p->from == 1 ? drive_noise(&w->d) % 2 * 2 : 1));
	w->accepting = p;
	drive_feed(&w->d, ev);
	w->accepting = NULL;
}

static void
answer_one(struct drive *d, unsigned i, int err)
{
	struct world *w = world_of(d);
	struct ut_event ev = drive_due(d, i);
	struct end *other;

	ev.err = err;
	if (ev.kind == UT_EV_PPP_UP && err != 0)
		ev.kind = UT_EV_PPP_STARTED;
	if (ev.kind == UT_EV_SESSION_RESERVED && err != 0 &&
	    w->call[ev.ref.index - SESSIONS].generation == ev.ref.generation)
		w->is_reserved[ev.ref.index - SESSIONS] = false;
	if (ev.kind == UT_EV_PATH_OPENED && err == 0) {
		struct end *end = end_of_path(w, ev.path, &other);

		if (end == NULL)
			return; /* closed before it was connected */
		accept_on(w, pipe_of_end(w, end));
	}
	drive_feed(&w->d, ev);
}

/* So many octets to an end: the engine takes them all, in as many steps as it likes. */
static void
deliver(struct world *w, struct end *end, size_t n)
{
	uint8_t *exact = malloc(n + 1); /* so that a sanitizer sees its end */
	size_t at = 0;

	CHECK(exact != NULL);
	memcpy(exact, end->octets, n);
	memmove(end->octets, end->octets + n, end->n - n);
	end->n -= n;
	while (at < n) {
		size_t before = at;

		drive_feed(&w->d, (struct ut_event){ .kind = UT_EV_STREAM,
						     .path = end->path,
						     .bytes = ut_slice(exact + at, n - at) });
		at += w->d.taken;
		CHECK(at > before && at <= n); /* `more` was answered */
	}
	free(exact);
}

static struct end *
some_end(struct world *w, unsigned how)
{
	struct end *end = &w->pipe[how / 2 % PIPES].end[how % 2];

	return end->is_open && end->is_engine ? end : NULL;
}

static void
op_deliver(struct world *w, unsigned how)
{
	struct end *end = some_end(w, how);
	size_t n = how < 128 ? FLOW_MAX : 1 + drive_take(&w->d); /* all of it, or a piece */

	if (end != NULL && end->n > 0)
		deliver(w, end, n < end->n ? n : end->n);
}

static void
op_close(struct world *w, unsigned how)
{
	struct end *end = some_end(w, how);

	if (end != NULL) {
		end->n = 0;
		drive_feed(&w->d, (struct ut_event){ .kind = UT_EV_STREAM_CLOSED,
						     .path = end->path,
						     .err = how < 128 ? 0 : 104 });
	}
}

/* Somebody from outside, say the very server that a client dials. */
static void
op_dial(struct world *w, unsigned how)
{
	struct pipe *p = free_pipe(w);
	unsigned n = 0;

	for (unsigned k = 0; k < PIPES; k++)
		n += w->pipe[k].end[0].is_open || w->pipe[k].end[1].is_open;
	if (p == NULL || n >= PIPES - DRIVE_CLIENTS) /* the clients' own must fit */
		return;
	memset(p, 0, sizeof *p);
	p->from = (uint8_t)(how % 2 == 0 ? 1 : 7);
	accept_on(w, p);
}

/* A message that nobody said, behind what is on its way. */
static void
op_say(struct world *w, unsigned how)
{
	static const uint8_t text[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	struct end *end = some_end(w, how);
	uint8_t octets[PPTP_MESSAGE_OCTETS];
	struct ut_put put = ut_put_into(octets, sizeof octets);
	struct pptp_message m;
	unsigned type = drive_take(&w->d), ids = drive_take(&w->d), i = drive_take(&w->d);

	memset(&m, 0, sizeof m);
	m.type = (enum pptp_message_type)(1 + type % 15);
	m.protocol_version = type < 200 ? PPTP_VERSION : (uint16_t)(type << 8 & 0x300);
	m.result = (uint8_t)(ids / 16 % 8 > 5 ? ids / 16 : 1);
	m.error = (uint8_t)(ids % 3);
	m.host_name = m.subaddress = ut_slice(text, 1 + i % 30);
	m.identifier = ids % 4;
	m.call_id.v = (uint16_t)(ids % 8);
	m.peer_call_id.v = (uint16_t)i;
	pptp_message_encode(&put, &m);
	if (end != NULL && !put.full)
		push(end, ut_slice(octets, put.len));
	if (end != NULL && i < 128 && end->n > 0)
		deliver(w, end, end->n);
}

/* An id that was really given: the peer's answer to what is on its way away from the engine. */
static void
op_reply(struct world *w, unsigned how)
{
	struct end *end = some_end(w, how), *away;
	struct pptp_stream stream = { .have = 0 };
	struct pptp_message asked, m;
	struct pptp_fault fault;
	struct ut_slice rest;
	uint8_t octets[PPTP_MESSAGE_OCTETS];
	struct ut_put put = ut_put_into(octets, sizeof octets);

	if (end == NULL)
		return;
	away = &w->pipe[how / 2 % PIPES].end[!(how % 2)];
	rest = ut_slice(away->octets, away->n);
	memset(&asked, 0, sizeof asked);
	while (pptp_stream_read(&stream, &rest, &m, &fault) == PPTP_STREAM_MESSAGE)
		asked = m;
	memset(&m, 0, sizeof m);
	m.type = (enum pptp_message_type)(1 + drive_take(&w->d) % 15);
	m.protocol_version = PPTP_VERSION;
	m.result = 1;
	m.identifier = asked.identifier;
	m.peer_call_id = asked.call_id;
	m.call_id.v = (uint16_t)(drive_take(&w->d) % 4);
	pptp_message_encode(&put, &m);
	push(end, ut_slice(octets, put.len));
}

static void
op_raw(struct world *w, unsigned how)
{
	struct end *end = some_end(w, how);
	uint8_t octets[64] = { 0 };
	size_t n = drive_take(&w->d) % sizeof octets;

	for (size_t k = 0; k < n; k++)
		octets[k] = (uint8_t)drive_take(&w->d);
	if (end != NULL)
		push(end, ut_slice(octets, n));
}

/* ---- time, orders, and results nobody asked for ---- */

static void
op_time(struct world *w, unsigned how)
{
	drive_time(&w->d, how);
}

static void
op_order(struct world *w, unsigned how)
{
	static const enum ut_event_kind kinds[] = { UT_EV_START,   UT_EV_START, UT_EV_STOP,
						    UT_EV_NETWORK, UT_EV_CALL,	UT_EV_TUNNEL_CLOSE };
	struct ut_event ev = { .kind = kinds[how % 6], .ref = w->d.client[how / 8 % DRIVE_CLIENTS] };

	if (ev.kind == UT_EV_CALL || ev.kind == UT_EV_TUNNEL_CLOSE)
		ev.ref = w->connection[how / 8 % CONNECTIONS_MAX];
	ev.end.cause = UT_CAUSE_USER;
	drive_feed(&w->d, ev);
}

static void
op_news(struct world *w, unsigned how)
{
	static const enum ut_event_kind kinds[] = { UT_EV_PROTECTED,	  UT_EV_PATH_LOST,
						    UT_EV_SESSION_OPENED, UT_EV_SESSION_CLOSE,
						    UT_EV_PPP_UP,	  UT_EV_PPP_ENDED };
	struct ut_event ev = { .kind = kinds[how % 6] };
	unsigned i = drive_take(&w->d);

	ev.err = (i & 1) != 0 ? 5 : 0;
	ev.end = ut_end_of_pppd((int)(i % 21));
	ev.ref = w->d.client[i / 4 % DRIVE_CLIENTS];
	if (ev.kind == UT_EV_SESSION_OPENED || ev.kind == UT_EV_SESSION_CLOSE)
		ev.ref = w->call[i / 4 % CALLS_MAX];
	else if (ev.kind == UT_EV_PPP_UP || ev.kind == UT_EV_PPP_ENDED)
		ev.ref = w->d.link[i / 4 % DRIVE_LINKS];
	if ((i & 2) != 0)
		ev.ref.generation = (uint16_t)(ev.ref.generation - 1);
	drive_feed(&w->d, ev);
}

static void
op_answer(struct world *w, unsigned how)
{
	static const int errors[] = { 0, 0, 5, 16 };

	if (w->d.n_pending > 0)
		answer_one(&w->d, how / 4 % w->d.n_pending, errors[how % 4]);
}

static void
op(struct world *w)
{
	static void (*const ops[])(struct world *, unsigned) = { op_deliver, op_deliver, op_answer, op_order,
								 op_say,     op_reply,	 op_time,   op_close,
								 op_dial,    op_news,	 op_raw };
	unsigned which = drive_take(&w->d), how = drive_take(&w->d);

	ops[which % (sizeof ops / sizeof ops[0])](w, how);
	if (which >= 128)
		drive_answer_all(&w->d);
}

/* ---- beginning and end ---- */

static struct ut_pptp_params
make_params(struct world *w, bool serves)
{
	struct ut_pptp_params p = ut_pptp_params_default();
	unsigned bits = drive_take(&w->d);

	p.is_pac = (bits & 1) != 0;
	p.accept_connections = (bits & 2) == 0 || serves;
	p.accept_calls = (bits & 4) != 0 || serves;
	p.echo_s = (bits & 8) != 0 ? 0 : 5;
	p.reply_s = (bits & 16) != 0 ? 60 : 3;
	p.clear_ms = (bits & 32) != 0 ? 1 : 1000;
	return p;
}

static void
make_engine(struct world *w)
{
	unsigned pools = drive_take(&w->d);
	struct ut_pptp_params p;

	w->d.config = (struct ut_engine_config){ .n_listeners = 1,
						 .n_tunnels = TUNNELS,
						 .n_sessions = SESSIONS,
						 .n_clients = DRIVE_CLIENTS,
						 .n_links = DRIVE_LINKS,
						 .n_pptp_params = 2,
						 .n_connections = (uint16_t)(1 + pools % CONNECTIONS_MAX),
						 .n_calls = (uint16_t)(1 + pools / 8 % CALLS_MAX),
						 .trace = pools >= 128 };
	drive_make_engine(&w->d);
	p = make_params(w, true);
	ut_engine_set_pptp_params(w->d.e, 0, &p);
	p = make_params(w, false);
	ut_engine_set_pptp_params(w->d.e, 1, &p);
	CHECK(ut_engine_listen_pptp(w->d.e, 0, &w->d.listen));
}

static void
make_world(struct world *w)
{
	unsigned bits, links;
	struct ut_client_config c = { .protocol = UT_PPTP,
				      .params = 1,
				      .close_ms = 3000,
				      .settle_ms = 1000,
				      .backoff_first_ms = 1000,
				      .backoff_cap_ms = 8000 };

	w->d.now.us = (uint64_t)UINT32_MAX * 1000 - 5000000; /* the tick wraps soon */
	w->d.noise = 1 + (drive_take(&w->d) | (uint64_t)drive_take(&w->d) << 8);
	make_engine(w);
	bits = drive_take(&w->d);
	links = drive_take(&w->d);
	c.needs_data_path = (bits & 1) == 0;
	c.reconnect = (bits & 2) != 0;
	c.max_attempts = (uint16_t)(bits / 4 % 4);
	c.setup_ms = (bits & 16) != 0 ? 0 : 30000;
	c.stop_ms = (bits & 32) != 0 ? 0 : 3000;
	drive_make_clients(&w->d, c, links);
	drive_feed(&w->d, (struct ut_event){ .kind = UT_EV_CONTINUE });
}

static void
close_what_is_left(struct world *w)
{
	for (unsigned k = 0; k < 2 * PIPES; k++) {
		struct end *end = some_end(w, k);

		if (end != NULL)
			drive_feed(&w->d,
				   (struct ut_event){ .kind = UT_EV_STREAM_CLOSED, .path = end->path });
	}
}

static void
check_all_gone(struct world *w)
{
	struct ut_engine_counts n;

	drive_stop_clients(&w->d);
	drive_settle(&w->d, 200000);
	close_what_is_left(w); /* who never stops being accepted may echo for ever */
	drive_settle(&w->d, 100000);
	n = ut_engine_counts(w->d.e);
	CHECK(n.connections == 0 && n.calls == 0);
	for (unsigned k = 0; k < 2 * PIPES; k++)
		CHECK(some_end(w, k) == NULL);
	for (unsigned k = 0; k < CALLS_MAX; k++)
		CHECK(!w->is_reserved[k] && !w->is_carried[k]);
	drive_free_clients(&w->d);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	struct world *w = calloc(1, sizeof *w);

	CHECK(w != NULL);
	w->d = (struct drive){ .in = octets,
			       .end = octets + n,
			       .effects_cap = UT_EFFECTS_MIN,
			       .steps_max = STEPS_MAX,
			       .carry_out = carry_out,
			       .answer = answer_one };
	for (unsigned k = 0; k < CALLS_MAX; k++)
		w->connection[k % CONNECTIONS_MAX].index = w->call[k].index = UT_REF_NONE;
	make_world(w);
	for (unsigned k = 0; w->d.in < w->d.end && k < OPS_MAX; k++)
		op(w);
	check_all_gone(w);
	drive_free_engine(&w->d);
	free(w);
	return 0;
}
