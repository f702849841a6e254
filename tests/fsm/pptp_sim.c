/* pptp_sim.c - engines that speak PPTP over simulated TCP, in virtual time
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/fsm/pptp_sim.h"
#include "tests/fsm/rows.h"

#include <assert.h>
#include <stdlib.h>

static uint64_t
noise(struct ps *s)
{
	s->seed ^= s->seed << 13;
	s->seed ^= s->seed >> 7;
	s->seed ^= s->seed << 17;
	return s->seed;
}

/* ---- setting up ---- */

void
ps_setup_default(struct ps_side_setup setup[PS_SIDES])
{
	memset(setup, 0, PS_SIDES * sizeof *setup);
	for (unsigned k = 0; k < PS_SIDES; k++) {
		struct ps_side_setup *d = &setup[k];

		d->params = d->listener_params = ut_pptp_params_default();
		d->listener_params.accept_connections = d->listener_params.accept_calls = true;
		d->client = (struct ut_client_config){ .protocol = UT_PPTP,
						       .n_links = 1,
						       .needs_data_path = true,
						       .setup_ms = 60000,
						       .close_ms = 3000,
						       .stop_ms = 3000,
						       .settle_ms = 1000,
						       .backoff_first_ms = 1000,
						       .backoff_cap_ms = 60000 };
		d->config = (struct ut_engine_config){ .n_tunnels = 1,
						       .n_sessions = 2,
						       .n_listeners = 1,
						       .n_clients = PS_CLIENTS,
						       .n_links = PS_LINKS,
						       .n_pptp_params = 2,
						       .n_connections = 6,
						       .n_calls = PS_CALLS,
						       .trace = true };
	}
	setup[0].has_engine = setup[1].has_engine = true;
	setup[0].n_clients = 1;
	setup[0].target = 1;
	setup[1].listens = true;
}

static struct ut_peer
address_of(unsigned side, uint16_t port)
{
	struct ut_peer p;

	memset(&p, 0, sizeof p);
	p.family = 4;
	p.port = port;
	p.address[0] = 10;
	p.address[3] = (uint8_t)(1 + side);
	return p;
}

static void
feed_random(struct ps *s, unsigned side, size_t n)
{
	uint8_t octets[256] = { 0 };
	struct ut_event ev = { .kind = UT_EV_RANDOM, .bytes = ut_slice(octets, n) };

	assert(n <= sizeof octets);
	for (size_t k = 0; k < sizeof octets; k++)
		octets[k] = (uint8_t)noise(s);
	ps_feed(s, side, ev);
}

static void
make_side(struct ps *s, unsigned k, const struct ps_side_setup *setup)
{
	struct ps_side *side = &s->side[k];
	uint16_t first;
	bool ok = true;

	side->address = address_of(k, PPTP_PORT);
	side->listens = setup->listens;
	side->ppp_comes_up = true;
	side->error = 5;
	side->tunnel.index = side->session.index = UT_REF_NONE;
	side->config = setup->config;
	if (!setup->has_engine)
		return;
	side->octets = ut_engine_octets(&setup->config);
	side->e = ut_engine_init(malloc(side->octets), &setup->config);
	ut_engine_set_pptp_params(side->e, 0, &setup->params);
	ut_engine_set_pptp_params(side->e, 1, &setup->listener_params);
	if (setup->listens)
		ok = ut_engine_listen_pptp(side->e, 1, &side->listen);
	for (uint16_t c = 0; ok && c < setup->n_clients; c++) {
		ok = ut_engine_client_new(side->e, &setup->client, &side->client[c], &first);
		side->target[c] = setup->target + c;
	}
	assert(ok);
	(void)ok;
	feed_random(s, k, 192);
}

struct ps *
ps_new(const struct ps_side_setup setup[PS_SIDES], uint64_t seed)
{
	struct ps *s = calloc(1, sizeof *s);

	s->seed = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	s->now.us = 1000000;
	s->delay_us = 1000;
	for (unsigned k = 0; k < PS_SIDES; k++)
		make_side(s, k, &setup[k]);
	return s;
}

/* ---- pipes ---- */

static struct ps_pipe *
new_pipe(struct ps *s, unsigned from, unsigned to)
{
	for (unsigned k = 0; k < PS_PIPES; k++) {
		struct ps_pipe *p = &s->pipe[k];

		if (p->used)
			continue;
		memset(p, 0, sizeof *p);
		p->used = true;
		p->side[0] = (uint8_t)from;
		p->side[1] = (uint8_t)to;
		p->to[0].octets = malloc(PS_OCTETS);
		p->to[1].octets = malloc(PS_OCTETS);
		return p;
	}
	abort();
}

static void
free_pipe_if_done(struct ps_pipe *p)
{
	if (!p->used || p->connecting || p->is_open[0] || p->is_open[1])
		return;
	free(p->to[0].octets);
	free(p->to[1].octets);
	p->used = false;
}

static struct ps_pipe *
pipe_of_path(struct ps *s, unsigned side, struct ut_path path, unsigned *end)
{
	for (unsigned k = 0; k < PS_PIPES; k++) {
		for (*end = 0; *end < 2; ++*end) {
			struct ps_pipe *p = &s->pipe[k];

			if (p->used && p->side[*end] == side && p->path[*end].v == path.v &&
			    (p->is_open[*end] || (p->connecting && *end == 0)))
				return p;
		}
	}
	return NULL;
}

struct ps_pipe *
ps_pipe_of(struct ps *s, unsigned side)
{
	for (unsigned k = 0; k < PS_PIPES; k++) {
		struct ps_pipe *p = &s->pipe[k];

		if (p->used &&
		    ((p->side[0] == side && p->is_open[0]) || (p->side[1] == side && p->is_open[1])))
			return p;
	}
	return NULL;
}

static void
push(struct ps *s, struct ps_pipe *p, unsigned to, struct ut_slice bytes)
{
	struct ps_flow *f = &p->to[to];

	assert(f->n + bytes.n <= PS_OCTETS && !f->fin);
	if (f->n == 0)
		f->at.us = s->now.us + s->delay_us;
	memcpy(f->octets + f->n, bytes.p, bytes.n);
	f->n += bytes.n;
}

static void
push_fin(struct ps *s, struct ps_pipe *p, unsigned to)
{
	struct ps_flow *f = &p->to[to];

	if (f->n == 0)
		f->at.us = s->now.us + s->delay_us;
	f->fin = true;
}

/* An end gives its connection back: FIN, or a reset. */
static void
give_back(struct ps *s, unsigned side, struct ut_path path, bool reset)
{
	unsigned end;
	struct ps_pipe *p = pipe_of_path(s, side, path, &end);

	assert(p != NULL); /* each path is given back once */
	if (p->connecting) {
		p->connecting = false;
	} else {
		p->is_open[end] = false;
		p->to[end].n = 0;
		if (p->is_open[!end] && reset)
			p->to[!end].n = 0;
		if (p->is_open[!end])
			push_fin(s, p, !end);
	}
	free_pipe_if_done(p);
}

void
ps_reset(struct ps *s, struct ps_pipe *p, int err)
{
	for (unsigned end = 0; end < 2; end++) {
		unsigned side = p->side[end];

		p->to[end].n = 0;
		p->to[end].fin = false;
		if (!p->is_open[end])
			continue;
		if (s->side[side].e == NULL)
			p->is_open[end] = false;
		else
			ps_feed(s, side,
				(struct ut_event){
				    .kind = UT_EV_STREAM_CLOSED, .path = p->path[end], .err = err });
	}
	free_pipe_if_done(p);
}

/* ---- connecting ---- */

static int
side_of_address(const struct ps *s, const struct ut_peer *peer)
{
	for (unsigned k = 0; k < PS_SIDES; k++)
		if (memcmp(s->side[k].address.address, peer->address, sizeof peer->address) == 0)
			return (int)k;
	return -1;
}

static void
begin_connect(struct ps *s, unsigned side, const struct ut_effect *fx)
{
	int to = side_of_address(s, &fx->peer);
	struct ps_pipe *p;

	assert(to >= 0 && fx->protocol == UT_PPTP);
	p = new_pipe(s, side, (unsigned)to);
	p->path[0] = fx->path;
	p->client = fx->ref;
	p->connecting = true;
	p->connected_at.us =
	    s->side[side].answers[UT_FX_OPEN_PATH] == PS_IGNORE ? UINT64_MAX : s->now.us + s->delay_us;
}

/* Of who opens a connection: from any port. */
static struct ut_peer
own_address(const struct ps *s, unsigned side)
{
	struct ut_peer p = s->side[side].address;

	p.port = 40000;
	return p;
}

static void
accept_on(struct ps *s, struct ps_pipe *p)
{
	struct ps_side *to = &s->side[p->side[1]];
	struct ut_event ev = { .kind = UT_EV_ACCEPTED, .path = to->listen, .local = to->address };

	if (to->e == NULL) {
		p->is_open[1] = true;
		return;
	}
	ev.peer = own_address(s, p->side[0]);
	p->path[1].v = 0xffffffff; /* which ACCEPT_PATH or REFUSE_PATH finds */
	ps_feed(s, p->side[1], ev);
}

static void
connect_now(struct ps *s, struct ps_pipe *p)
{
	struct ps_side *from = &s->side[p->side[0]];
	bool fails = from->answers[UT_FX_OPEN_PATH] == PS_FAIL || !s->side[p->side[1]].listens;
	struct ut_event ev = { .kind = UT_EV_PATH_OPENED, .ref = p->client };

	ev.local = own_address(s, p->side[0]);
	ev.err = fails ? 111 : 0;
	p->connecting = false;
	p->is_open[0] = true;
	if (!fails)
		accept_on(s, p);
	if (from->e != NULL)
		ps_feed(s, p->side[0], ev);
}

static void
accepted(struct ps *s, unsigned side, const struct ut_effect *fx)
{
	for (unsigned k = 0; k < PS_PIPES; k++) {
		struct ps_pipe *p = &s->pipe[k];

		if (!p->used || p->side[1] != side || p->path[1].v != 0xffffffff)
			continue;
		p->path[1] = fx->path;
		p->is_open[1] = fx->kind == UT_FX_ACCEPT_PATH;
		if (fx->kind == UT_FX_REFUSE_PATH) {
			push(s, p, 0, fx->bytes);
			push_fin(s, p, 0);
		}
		return;
	}
	assert(fx->kind == UT_FX_REFUSE_PATH); /* of an event that the test made up */
}

/* ---- the simulated host ---- */

static void
narrate(struct ps *s, unsigned side, const struct ut_effect *fx)
{
	const struct ut_trace *t = &fx->trace;

	if (s->narrate == NULL)
		return;
	fprintf(s->narrate, "%8.3f %c %-23s %s, %s -> %s  [%s]\n", (double)s->now.us / 1e6, 'A' + (int)side,
		t->machine->name, t->machine->states[t->state], t->machine->events[t->event],
		t->machine->states[t->next], t->machine->rows[t->row].source);
}

static void
on_send(struct ps *s, unsigned side, const struct ut_effect *fx)
{
	unsigned end, type = ut_get_u16(fx->bytes.p + 8);
	struct ps_pipe *p = pipe_of_path(s, side, fx->path, &end);

	assert(p != NULL && p->is_open[end]);
	assert(type < PPTP_MESSAGE_N && fx->bytes.n == pptp_message_octets(type)); /* interop 39 */
	s->side[side].said[type]++;
	if (s->narrate != NULL)
		fprintf(s->narrate, "%8.3f %c %s %s\n", (double)s->now.us / 1e6, 'A' + (int)side, "->",
			pptp_message_letters(type));
	push(s, p, !end, fx->bytes);
}

static void
on_report(struct ps *s, unsigned side, const struct ut_effect *fx)
{
	struct ps_side *d = &s->side[side];

	d->n_reports[fx->report]++;
	if (fx->report == UT_REPORT_ENDED) {
		d->ended[fx->ref.index] = fx->end;
		d->has_ended[fx->ref.index] = true;
	} else if (fx->report == UT_REPORT_TUNNEL_UP) {
		d->tunnel = fx->ref;
	} else if (fx->report == UT_REPORT_TUNNEL_ENDED) {
		d->tunnel_end = fx->end;
	} else if (fx->report == UT_REPORT_SESSION_UP) {
		d->session = fx->ref;
	} else if (fx->report == UT_REPORT_SESSION_ENDED) {
		d->session_end = fx->end;
	} else if (fx->report == UT_REPORT_REFUSED) {
		d->refused_pool = fx->number;
	} else if (fx->report == UT_REPORT_LINK_INFO || fx->report == UT_REPORT_WAN_ERRORS ||
		   fx->report == UT_REPORT_FAULT) {
		d->note = *fx;
	}
}

static unsigned
call_of(const struct ps_side *d, struct ut_ref ref)
{
	assert(ref.index >= d->config.n_sessions);
	return ref.index - (unsigned)d->config.n_sessions;
}

/* What the kernel has of calls: an id is reserved once, opened after that, and everything is undone. */
static void
on_data_path(struct ps_side *d, const struct ut_effect *fx)
{
	unsigned i = call_of(d, fx->ref);

	if (fx->kind == UT_FX_RESERVE_SESSION) {
		assert(!d->is_reserved[i] && fx->local_call.v != 0);
		for (unsigned k = 0; k < PS_CALLS; k++)
			assert(!d->is_reserved[k] || d->reserved_id[k].v != fx->local_call.v);
		d->is_reserved[i] = true;
		d->reserved_id[i] = fx->local_call;
		d->session = fx->ref;
	} else if (fx->kind == UT_FX_OPEN_SESSION) {
		assert(d->is_reserved[i] && !d->is_carried[i] && d->reserved_id[i].v == fx->local_call.v);
		d->is_carried[i] = true;
	} else {
		assert(d->is_reserved[i]);
		d->is_reserved[i] = d->is_carried[i] = false;
	}
}

static bool
is_of_path(enum ut_effect_kind kind)
{
	return kind == UT_FX_OPEN_PATH || kind == UT_FX_CLOSE_PATH || kind == UT_FX_SEND;
}

static void
carry_out(struct ps *s, unsigned side, const struct ut_effect *fx)
{
	struct ps_side *d = &s->side[side];

	if (fx->protocol == UT_L2TP && is_of_path(fx->kind)) {
		d->n_datagram_effects[fx->kind]++; /* an L2TP client beside it, whom nobody answers */
		return;
	}
	d->n_effects[fx->kind]++;
	if (fx->kind == UT_FX_SEND_STREAM)
		on_send(s, side, fx);
	else if (fx->kind == UT_FX_REPORT)
		on_report(s, side, fx);
	else if (fx->kind == UT_FX_OPEN_PATH)
		begin_connect(s, side, fx);
	else if (fx->kind == UT_FX_ACCEPT_PATH || fx->kind == UT_FX_REFUSE_PATH)
		accepted(s, side, fx);
	else if (fx->kind == UT_FX_CLOSE_PATH || fx->kind == UT_FX_RESET_PATH)
		give_back(s, side, fx->path, fx->kind == UT_FX_RESET_PATH);
	else if (fx->kind == UT_FX_RESERVE_SESSION || fx->kind == UT_FX_OPEN_SESSION ||
		 fx->kind == UT_FX_CLOSE_SESSION)
		on_data_path(d, fx);
	if (fx->kind == UT_FX_TRACE) {
		rows_count(&fx->trace);
		narrate(s, side, fx);
	}
}

static bool
answer_kind(enum ut_effect_kind fx, enum ut_event_kind *ev)
{
	static const struct {
		enum ut_effect_kind fx;
		enum ut_event_kind ev;
	} pairs[] = {
		{ UT_FX_RESOLVE, UT_EV_RESOLVED },
		{ UT_FX_PROTECT, UT_EV_PROTECTED },
		{ UT_FX_PROBE, UT_EV_PROBED },
		{ UT_FX_RESERVE_SESSION, UT_EV_SESSION_RESERVED },
		{ UT_FX_OPEN_SESSION, UT_EV_SESSION_OPENED },
		{ UT_FX_START_PPP, UT_EV_PPP_STARTED },
	};

	for (size_t k = 0; k < sizeof pairs / sizeof pairs[0]; k++) {
		if (pairs[k].fx == fx) {
			*ev = pairs[k].ev;
			return true;
		}
	}
	return false;
}

static int
error_of(struct ps_side *d, enum ut_effect_kind kind)
{
	if (kind == UT_FX_RESERVE_SESSION && d->n_taken > 0) {
		d->n_taken--;
		return d->error;
	}
	return d->answers[kind] == PS_FAIL ? d->error : 0;
}

/* The kernel keeps nothing of what it refused. */
static void
forget(struct ps_side *d, const struct ut_effect *fx)
{
	if (fx->kind == UT_FX_RESERVE_SESSION)
		d->is_reserved[call_of(d, fx->ref)] = false;
}

static void
answer_ppp(struct ps *s, unsigned side, const struct ut_effect *fx)
{
	struct ps_side *d = &s->side[side];

	if (fx->kind == UT_FX_START_PPP && d->ppp_comes_up && d->answers[fx->kind] == PS_DO) {
		d->link_up[fx->ref.index] = true;
		ps_feed(s, side, (struct ut_event){ .kind = UT_EV_PPP_UP, .ref = fx->ref });
	}
	if (fx->kind == UT_FX_STOP_PPP || fx->kind == UT_FX_HANGUP_PPP || fx->kind == UT_FX_KILL_PPP) {
		d->link_up[fx->ref.index] = false;
		ps_feed(
		    s, side,
		    (struct ut_event){ .kind = UT_EV_PPP_ENDED, .ref = fx->ref, .end = ut_end_of_pppd(5) });
	}
}

static void
answer(struct ps *s, unsigned side, const struct ut_effect *fx)
{
	struct ps_side *d = &s->side[side];
	struct ut_event ev = { .ref = fx->ref };

	if (d->answers[fx->kind] == PS_IGNORE)
		return;
	if (fx->kind == UT_FX_OPEN_PATH && fx->protocol == UT_L2TP)
		ps_feed(s, side, (struct ut_event){ .kind = UT_EV_PATH_OPENED, .ref = fx->ref });
	if (answer_kind(fx->kind, &ev.kind)) {
		ev.err = error_of(d, fx->kind);
		if (ev.err != 0)
			forget(d, fx);
		if (fx->kind == UT_FX_RESOLVE)
			ev.peer = s->side[d->target[fx->ref.index]].address;
		ps_feed(s, side, ev);
	}
	answer_ppp(s, side, fx);
}

/* ---- steps ---- */

void
ps_make_twins(struct ps *s)
{
	for (unsigned k = 0; k < PS_SIDES; k++) {
		struct ps_side *d = &s->side[k];

		if (d->e == NULL)
			continue;
		d->twin = malloc(d->octets);
		memcpy(d->twin, d->e, d->octets);
	}
}

static void
step_twin(struct ps_side *d, const struct ut_event *event, const struct ut_effects *want)
{
	struct ut_effect v[PS_EFFECTS];
	uint8_t octets[PS_EFFECT_OCTETS];
	struct ut_effects out = {
		.v = v, .cap = PS_EFFECTS, .octets = octets, .octets_cap = PS_EFFECT_OCTETS
	};

	if (d->twin == NULL)
		return;
	ut_engine_step(d->twin, event, &out);
	assert(out.n == want->n && out.octets_n == want->octets_n && out.more == want->more);
	assert(out.taken == want->taken && memcmp(out.octets, want->octets, out.octets_n) == 0);
	for (size_t k = 0; k < out.n; k++)
		assert(v[k].kind == want->v[k].kind);
	assert(memcmp(d->twin, d->e, d->octets) == 0);
}

void
ps_feed(struct ps *s, unsigned side, struct ut_event event)
{
	struct ps_side *d = &s->side[side];
	struct ut_effect *v = calloc(PS_EFFECTS, sizeof *v);
	uint8_t *octets = malloc(PS_EFFECT_OCTETS);
	struct ut_effects out = {
		.v = v, .cap = PS_EFFECTS, .octets = octets, .octets_cap = PS_EFFECT_OCTETS
	};

	event.now = s->now;
	ut_engine_step(d->e, &event, &out);
	step_twin(d, &event, &out);
	for (size_t k = 0; k < out.n; k++)
		carry_out(s, side, &v[k]);
	for (size_t k = 0; k < out.n; k++)
		answer(s, side, &v[k]);
	if (out.random_wanted > 0)
		feed_random(s, side, out.random_wanted);
	if (out.more)
		ps_feed(s, side, (struct ut_event){ .kind = UT_EV_CONTINUE });
	ut_engine_check(d->e);
	if (event.kind == UT_EV_STREAM && out.taken < event.bytes.n) {
		assert(out.taken > 0 || out.more);
		event.bytes = ut_slice(event.bytes.p + out.taken, event.bytes.n - out.taken);
		ps_feed(s, side, event);
	}
	free(v);
	free(octets);
}

void
ps_start(struct ps *s, unsigned side, unsigned client)
{
	ps_feed(s, side, (struct ut_event){ .kind = UT_EV_START, .ref = s->side[side].client[client] });
}

void
ps_stop(struct ps *s, unsigned side, unsigned client)
{
	ps_feed(s, side,
		(struct ut_event){ .kind = UT_EV_STOP,
				   .ref = s->side[side].client[client],
				   .end = { .cause = UT_CAUSE_USER } });
}

void
ps_call(struct ps *s, unsigned side)
{
	ps_feed(s, side, (struct ut_event){ .kind = UT_EV_CALL, .ref = s->side[side].tunnel });
}

/* ---- a side without engine hears ---- */

static void
keep_heard(struct ps *s, struct ps_side *d, const struct pptp_message *m)
{
	struct ps_heard *h = &d->heard[d->n_heard++ % PS_HEARD];

	h->m = *m;
	h->m.host_name = h->m.vendor_name = h->m.phone_number = h->m.subaddress = ut_slice(NULL, 0);
	h->m.dialed_number = h->m.dialing_number = h->m.statistics = ut_slice(NULL, 0);
	h->at = s->now;
}

static void
hear(struct ps *s, struct ps_pipe *p, unsigned end, struct ut_slice bytes)
{
	struct pptp_message m;
	struct pptp_fault fault;

	while (pptp_stream_read(&p->stream[end], &bytes, &m, &fault) == PPTP_STREAM_MESSAGE)
		keep_heard(s, &s->side[p->side[end]], &m);
	assert(bytes.n == 0 && !p->stream[end].is_lost);
}

/* ---- time ---- */

static void
take_fin(struct ps *s, struct ps_pipe *p, unsigned end)
{
	p->to[end].fin = false;
	p->to[end].fin_seen = true;
	if (s->side[p->side[end]].e == NULL) {
		p->is_open[end] = false;
		if (p->is_open[!end])
			push_fin(s, p, !end);
	} else {
		ps_feed(s, p->side[end],
			(struct ut_event){ .kind = UT_EV_STREAM_CLOSED, .path = p->path[end] });
	}
	free_pipe_if_done(p);
}

static void
deliver(struct ps *s, struct ps_pipe *p, unsigned end)
{
	struct ps_flow *f = &p->to[end];
	size_t n = s->cut && f->n > 1 ? 1 + (size_t)(noise(s) % f->n) : f->n;
	uint8_t *piece;

	if (!p->is_open[end]) { /* nobody is there to read it */
		f->n = 0;
		f->fin = false;
		return;
	}
	if (f->n == 0) {
		take_fin(s, p, end);
		return;
	}
	piece = malloc(n); /* of its exact size, so that a sanitizer sees its end */
	memcpy(piece, f->octets, n);
	memmove(f->octets, f->octets + n, f->n - n);
	f->n -= n;
	f->at.us = s->now.us + (s->cut ? noise(s) % 3000 : 0);
	if (s->side[p->side[end]].e == NULL)
		hear(s, p, end, ut_slice(piece, n));
	else
		ps_feed(s, p->side[end],
			(struct ut_event){
			    .kind = UT_EV_STREAM, .path = p->path[end], .bytes = ut_slice(piece, n) });
	free(piece);
}

struct happening {
	uint64_t at_us;
	struct ps_pipe *pipe; /* NULL: a deadline */
	unsigned end;	      /* 2: it connects; of a deadline: the side */
};

static void
sooner(struct happening *h, uint64_t at_us, struct ps_pipe *p, unsigned end)
{
	if (at_us < h->at_us)
		*h = (struct happening){ at_us, p, end };
}

/* Peeks the engine's next deadline: nothing is left to do, so this changes nothing. */
static bool
deadline_of(struct ps *s, unsigned side, struct ut_time *at)
{
	struct ps_side *d = &s->side[side];
	struct ut_effect v[UT_EFFECTS_MIN];
	uint8_t octets[UT_EFFECT_OCTETS_MIN];
	struct ut_effects out = {
		.v = v, .cap = UT_EFFECTS_MIN, .octets = octets, .octets_cap = sizeof octets
	};
	struct ut_event ev = { .kind = UT_EV_RANDOM, .now = s->now };

	if (d->e == NULL)
		return false;
	ut_engine_step(d->e, &ev, &out);
	assert(out.n == 0);
	if (d->twin != NULL)
		ut_engine_step(d->twin, &ev, &out);
	*at = out.deadline;
	return out.has_deadline;
}

static struct happening
next_happening(struct ps *s)
{
	struct happening h = { UINT64_MAX, NULL, 0 };
	struct ut_time at;

	for (unsigned k = 0; k < PS_PIPES; k++) {
		struct ps_pipe *p = &s->pipe[k];

		if (!p->used)
			continue;
		if (p->connecting)
			sooner(&h, p->connected_at.us, p, 2);
		for (unsigned end = 0; end < 2; end++)
			if ((p->to[end].n > 0 || p->to[end].fin) && !s->side[p->side[0]].is_cut &&
			    !s->side[p->side[1]].is_cut)
				sooner(&h, p->to[end].at.us, p, end);
	}
	for (unsigned k = 0; k < PS_SIDES; k++)
		if (deadline_of(s, k, &at))
			sooner(&h, at.us, NULL, k);
	return h;
}

static bool
turn(struct ps *s, uint64_t until_us)
{
	struct happening h = next_happening(s);

	if (h.at_us > until_us)
		return false;
	if (h.at_us > s->now.us)
		s->now.us = h.at_us;
	if (h.pipe == NULL)
		ps_feed(s, h.end, (struct ut_event){ .kind = UT_EV_DEADLINE });
	else if (h.end == 2)
		connect_now(s, h.pipe);
	else
		deliver(s, h.pipe, h.end);
	return true;
}

bool
ps_turn(struct ps *s, uint64_t ms)
{
	return turn(s, s->now.us + ms * 1000);
}

bool
ps_run_until(struct ps *s, bool (*done)(const struct ps *), uint64_t ms)
{
	uint64_t until = s->now.us + ms * 1000;

	for (unsigned calm = 0; done == NULL || !done(s); calm++) {
		assert(calm < 100000); /* busy for nothing */
		if (!turn(s, until)) {
			s->now.us = until;
			return done != NULL && done(s);
		}
	}
	return true;
}

void
ps_run(struct ps *s, uint64_t ms)
{
	(void)ps_run_until(s, NULL, ms);
}

/* ---- the end ---- */

static void
close_all(struct ps *s, unsigned k)
{
	struct ps_side *d = &s->side[k];
	struct ps_pipe *p;

	memset(d->answers, 0, sizeof d->answers);
	d->is_cut = false;
	d->n_taken = 0;
	for (unsigned c = 0; d->e != NULL && c < PS_CLIENTS; c++)
		ps_stop(s, k, c);
	for (unsigned i = 0; i < PS_PIPES; i++) {
		p = &s->pipe[i];
		if (p->used && d->e == NULL && (p->side[0] == k || p->side[1] == k))
			ps_reset(s, p, 104);
	}
}

static void
check_side(const struct ps_side *d)
{
	struct ut_engine_counts n = ut_engine_counts(d->e);

	assert(n.connections == 0 && n.calls == 0 && n.connections_established == 0);
	assert(n.tunnels == 0 && n.sessions == 0);
	assert(d->n_effects[UT_FX_OPEN_PATH] + d->n_effects[UT_FX_ACCEPT_PATH] ==
	       d->n_effects[UT_FX_CLOSE_PATH] + d->n_effects[UT_FX_RESET_PATH]);
	for (unsigned i = 0; i < PS_CALLS; i++)
		assert(!d->is_reserved[i] && !d->is_carried[i]);
}

void
ps_end(struct ps *s)
{
	for (unsigned k = 0; k < PS_SIDES; k++)
		close_all(s, k);
	ps_run(s, 400000);
	for (unsigned k = 0; k < PS_PIPES; k++)
		assert(!s->pipe[k].used);
	for (unsigned k = 0; k < PS_SIDES; k++) {
		if (s->side[k].e == NULL)
			continue;
		check_side(&s->side[k]);
		ut_engine_fini(s->side[k].e);
		free(s->side[k].e);
		free(s->side[k].twin);
	}
	free(s);
}

/* ---- played by the test ---- */

struct ps_pipe *
ps_dial(struct ps *s, unsigned from, unsigned to)
{
	struct ps_pipe *p = new_pipe(s, from, to);

	p->connecting = true;
	p->connected_at = s->now;
	while (p->connecting && ps_turn(s, 1000))
		continue;
	s->side[from].talks = 1 + (unsigned)(p - s->pipe);
	return p;
}

static struct ps_pipe *
own_pipe(struct ps *s, unsigned side, unsigned *end)
{
	unsigned talks = s->side[side].talks;
	struct ps_pipe *p = talks > 0 ? &s->pipe[talks - 1] : ps_pipe_of(s, side);

	assert(p != NULL && p->used);
	*end = p->side[0] == side ? 0 : 1;
	return p;
}

void
ps_say_octets(struct ps *s, unsigned from, const void *octets, size_t n)
{
	unsigned end;
	struct ps_pipe *p = own_pipe(s, from, &end);

	push(s, p, !end, ut_slice(octets, n));
}

void
ps_say(struct ps *s, unsigned from, const struct pptp_message *m)
{
	uint8_t octets[PPTP_MESSAGE_OCTETS];
	struct ut_put w = ut_put_into(octets, sizeof octets);

	pptp_message_encode(&w, m);
	assert(!w.full);
	ps_say_octets(s, from, octets, w.len);
	ps_run(s, 5);
}

void
ps_hang_up(struct ps *s, unsigned from)
{
	unsigned end;
	struct ps_pipe *p = own_pipe(s, from, &end);

	p->is_open[end] = false;
	push_fin(s, p, !end);
	ps_run(s, 5);
}

const struct pptp_message *
ps_hear(struct ps *s, unsigned side)
{
	struct ps_side *d = &s->side[side];

	ps_run(s, 5);
	return d->n_read < d->n_heard ? &d->heard[d->n_read++ % PS_HEARD].m : NULL;
}

const struct pptp_message *
ps_expect(struct ps *s, unsigned side, enum pptp_message_type type)
{
	const struct pptp_message *m = ps_hear(s, side);

	if (m == NULL || m->type != type)
		fprintf(stderr, "expected %s, heard %s\n", pptp_message_letters(type),
			m == NULL ? "nothing" : pptp_message_letters(m->type));
	assert(m != NULL && m->type == type);
	return m;
}

struct pptp_message
ps_message(enum pptp_message_type type)
{
	struct pptp_message m;

	memset(&m, 0, sizeof m);
	m.type = type;
	m.protocol_version = PPTP_VERSION;
	m.result = 1;
	m.framing = m.bearer = 1;
	m.host_name = ut_slice_str("peer");
	m.call_id.v = 0x0102;
	m.window = 16;
	m.connect_speed = 64000;
	return m;
}
