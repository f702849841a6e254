/* world.c - a client's engine, a server's engine and the network between them, as plain memory
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/model/world.h"

#include <stdlib.h>

enum { EFFECTS = 64, EFFECT_OCTETS = 8192, STEPS_MAX = 4096 };

static const struct ut_engine_config configs[WORLD_SIDES] = {
	[WORLD_CLIENT] = { .n_params = 1,
			   .n_tunnels = 1,
			   .n_sessions = 1,
			   .n_clients = 1,
			   .n_links = 1,
			   .n_blocks = 24 },
	[WORLD_SERVER] = { .n_params = 1, .n_listeners = 1, .n_tunnels = 2, .n_sessions = 2, .n_blocks = 24 },
};

struct world_setup
world_setup_default(void)
{
	struct world_setup s;

	memset(&s, 0, sizeof s);
	s.client_params = ut_l2tp_params_default();
	s.client_params.tries = 3;
	s.client_params.hello_s = 20;
	s.server_params = s.client_params;
	s.server_params.accept_tunnels = s.server_params.accept_calls = true;
	s.client = (struct ut_client_config){
		.n_links = 1, .needs_data_path = true, .close_ms = 3000, .stop_ms = 3000, .settle_ms = 1000
	};
	s.bounds = (struct world_bounds){ 1, 1, 4, 1, 1, 1 };
	return s;
}

static struct ut_peer
address(unsigned side)
{
	struct ut_peer p;

	memset(&p, 0, sizeof p);
	p.family = 4;
	p.port = side == WORLD_CLIENT ? 40000 : L2TP_PORT;
	p.address[0] = 10;
	p.address[3] = (uint8_t)(1 + side);
	return p;
}

struct ut_engine *
world_engine(struct world *w, unsigned side)
{
	return (struct ut_engine *)(void *)((uint8_t *)w + w->engine_at[side]);
}

static void
breaks(struct world *w, const char *what)
{
	if (w->broken == NULL)
		w->broken = what;
}

/* ---- what is under way ---- */

static int
compare_flights(const struct world_flight *a, const struct world_flight *b)
{
	if (a->to != b->to)
		return a->to - b->to;
	if (a->n != b->n)
		return a->n - b->n;
	return memcmp(a->octets, b->octets, a->n);
}

/* 0: a ZLB. */
static unsigned
message_type(struct ut_slice datagram)
{
	enum { AT = 18 }; /* the value of the first AVP */

	return datagram.n >= AT + 2 ? ut_get_u16(datagram.p + AT) : 0;
}

static void
launch(struct world *w, unsigned to, struct ut_slice bytes)
{
	struct world_flight f;
	unsigned i = w->n_flights;

	memset(&f, 0, sizeof f);
	if (w->n_flights == WORLD_FLIGHTS || bytes.n > sizeof f.octets) {
		breaks(w, "more is under way than this conversation can need");
		return;
	}
	if (message_type(bytes) == L2TP_STOPCCN)
		w->is_stopped = true;
	f.to = (uint8_t)to;
	f.n = (uint16_t)bytes.n;
	memcpy(f.octets, bytes.p, bytes.n);
	for (; i > 0 && compare_flights(&w->flights[i - 1], &f) > 0; i--)
		w->flights[i] = w->flights[i - 1];
	w->flights[i] = f;
	w->n_flights++;
}

static void
land(struct world *w, unsigned i)
{
	w->n_flights--;
	memmove(&w->flights[i], &w->flights[i + 1], (size_t)(w->n_flights - i) * sizeof w->flights[0]);
	memset(&w->flights[w->n_flights], 0, sizeof w->flights[0]);
}

/* ---- stepping an engine, and what its host does ---- */

static void feed(struct world *w, unsigned side, struct ut_event event);

static void
feed_random(struct world *w, unsigned side, size_t n)
{
	uint8_t octets[256];

	n = n < sizeof octets ? n : sizeof octets;
	for (size_t k = 0; k < n; k++) {
		w->random[side] = w->random[side] * UINT32_C(1664525) + UINT32_C(1013904223);
		octets[k] = (uint8_t)(w->random[side] >> 24);
	}
	feed(w, side, (struct ut_event){ .kind = UT_EV_RANDOM, .bytes = ut_slice(octets, n) });
}

static void
owe(struct world *w, unsigned side, enum ut_event_kind kind, struct ut_ref ref)
{
	if (w->n_tasks == WORLD_TASKS) {
		breaks(w, "more results are owed than this conversation can need");
		return;
	}
	w->tasks[w->n_tasks++] =
	    (struct world_task){ .side = (uint8_t)side, .kind = (uint8_t)kind, .ref = ref };
}

static void
take_report(struct world *w, unsigned side, const struct ut_effect *fx)
{
	if (side == WORLD_CLIENT && fx->report == UT_REPORT_ENDED)
		w->has_ended = true;
	if (side == WORLD_SERVER && fx->report == UT_REPORT_TUNNEL_UP)
		w->server_tunnel = fx->tunnel.index != UT_REF_NONE ? fx->tunnel : fx->ref;
}

/* Effects whose result may be late are owed; those of the way to the server are answered at once. */
static void
carry_out(struct world *w, unsigned side, const struct ut_effect *fx)
{
	switch ((int)fx->kind) {
	case UT_FX_SEND:
		launch(w, !side, fx->bytes);
		break;
	case UT_FX_OPEN_PATH:
		w->client_path = fx->path;
		break;
	case UT_FX_OPEN_SESSION:
		owe(w, side, UT_EV_SESSION_OPENED, fx->ref);
		break;
	case UT_FX_START_PPP:
		owe(w, side, UT_EV_PPP_UP, fx->ref);
		break;
	case UT_FX_STOP_PPP:
	case UT_FX_HANGUP_PPP:
	case UT_FX_KILL_PPP:
		owe(w, side, UT_EV_PPP_ENDED, fx->ref);
		break;
	case UT_FX_REPORT:
		take_report(w, side, fx);
		break;
	default: /* closing and printing need no answer */
		break;
	}
}

static void
answer_at_once(struct world *w, unsigned side, const struct ut_effect *fx)
{
	static const struct {
		enum ut_effect_kind effect;
		enum ut_event_kind answer;
	} answers[] = { { UT_FX_RESOLVE, UT_EV_RESOLVED },
			{ UT_FX_PROTECT, UT_EV_PROTECTED },
			{ UT_FX_PROBE, UT_EV_PROBED },
			{ UT_FX_OPEN_PATH, UT_EV_PATH_OPENED } };

	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
		if (fx->kind == answers[i].effect)
			feed(w, side,
			     (struct ut_event){
				 .kind = answers[i].answer, .ref = fx->ref, .peer = address(WORLD_SERVER) });
}

static void
feed(struct world *w, unsigned side, struct ut_event event)
{
	struct ut_effect v[EFFECTS];
	uint8_t octets[EFFECT_OCTETS];
	struct ut_effects out = { .v = v, .cap = EFFECTS, .octets = octets, .octets_cap = EFFECT_OCTETS };
	bool more;
	size_t wanted;

	event.now.us = w->now_us;
	ut_engine_step(world_engine(w, side), &event, &out);
	ut_engine_check(world_engine(w, side));
	w->has_deadline[side] = out.has_deadline;
	w->deadline_us[side] = out.has_deadline ? out.deadline.us : 0;
	more = out.more;
	wanted = out.random_wanted;
	for (size_t i = 0; i < out.n; i++)
		carry_out(w, side, &v[i]);
	for (size_t i = 0; i < out.n; i++)
		answer_at_once(w, side, &v[i]);
	if (wanted > 0 && event.kind != UT_EV_RANDOM)
		feed_random(w, side, wanted);
	if (more)
		feed(w, side, (struct ut_event){ .kind = UT_EV_CONTINUE });
}

/* ---- a new world ---- */

static void
make_engine(struct world *w, unsigned side, const struct ut_l2tp_params *params)
{
	struct ut_engine *const e = ut_engine_init((uint8_t *)w + w->engine_at[side], &configs[side]);

	ut_engine_set_params(e, 0, params);
	w->random[side] = side + 1;
}

struct world *
world_new(const struct world_setup *setup)
{
	const size_t head = (sizeof(struct world) + 15) & ~(size_t)15;
	const size_t client = (ut_engine_octets(&configs[WORLD_CLIENT]) + 15) & ~(size_t)15;
	const size_t all = head + client + ut_engine_octets(&configs[WORLD_SERVER]);
	struct world *const w = calloc(1, all);
	uint16_t first_link;

	w->octets = (uint16_t)all;
	w->engine_at[WORLD_CLIENT] = (uint16_t)head;
	w->engine_at[WORLD_SERVER] = (uint16_t)(head + client);
	w->now_us = 1000000;
	w->left = setup->bounds;
	w->server_tunnel.index = UT_REF_NONE;
	make_engine(w, WORLD_CLIENT, &setup->client_params);
	make_engine(w, WORLD_SERVER, &setup->server_params);
	if (!ut_engine_listen(world_engine(w, WORLD_SERVER), 0, &w->listen) ||
	    !ut_engine_client_new(world_engine(w, WORLD_CLIENT), &setup->client, &w->client, &first_link))
		abort();
	feed_random(w, WORLD_CLIENT, 192);
	feed_random(w, WORLD_SERVER, 192);
	feed(w, WORLD_CLIENT, (struct ut_event){ .kind = UT_EV_START, .ref = w->client });
	return w;
}

/* ---- choices ---- */

const char *
world_choice_name(enum choice_kind kind)
{
	static const char *const names[CHOICE_N] = {
		"arrives",   "is lost",	    "arrives, and will again", "a result",
		"a failure", "time passes", "the client closes",       "the server closes"
	};

	return names[kind];
}

static bool
can_time_pass(const struct world *w)
{
	return w->left.timeouts > 0 && (w->has_deadline[WORLD_CLIENT] || w->has_deadline[WORLD_SERVER]);
}

static bool
is_same_as_before(const struct world *w, unsigned i)
{
	return i > 0 && compare_flights(&w->flights[i - 1], &w->flights[i]) == 0;
}

static bool
can_fail(const struct world *w, unsigned task)
{
	return w->left.failures > 0 && w->tasks[task].kind != UT_EV_PPP_ENDED;
}

unsigned
world_choices(const struct world *w, struct world_choice out[WORLD_CHOICES])
{
	unsigned n = 0;

	for (uint8_t i = 0; i < w->n_flights; i++) {
		if (is_same_as_before(w, i))
			continue;
		out[n++] = (struct world_choice){ CHOICE_DELIVER, i };
		if (w->left.losses > 0)
			out[n++] = (struct world_choice){ CHOICE_LOSE, i };
		if (w->left.doubles > 0)
			out[n++] = (struct world_choice){ CHOICE_DOUBLE, i };
	}
	for (uint8_t i = 0; i < w->n_tasks; i++) {
		out[n++] = (struct world_choice){ CHOICE_ANSWER, i };
		if (can_fail(w, i))
			out[n++] = (struct world_choice){ CHOICE_FAIL, i };
	}
	if (can_time_pass(w))
		out[n++] = (struct world_choice){ CHOICE_TIME, 0 };
	if (w->left.client_closes > 0 && !w->has_ended)
		out[n++] = (struct world_choice){ CHOICE_CLIENT_CLOSE, 0 };
	if (w->left.server_closes > 0 && w->server_tunnel.index != UT_REF_NONE)
		out[n++] = (struct world_choice){ CHOICE_SERVER_CLOSE, 0 };
	return n;
}

static void
deliver(struct world *w, unsigned i, bool again)
{
	const struct world_flight f = w->flights[i];
	struct ut_event ev = { .kind = UT_EV_DATAGRAM,
			       .peer = address(!f.to),
			       .bytes = ut_slice(f.octets, f.n) };

	if (!again)
		land(w, i);
	ev.path = f.to == WORLD_CLIENT ? w->client_path : w->listen;
	feed(w, f.to, ev);
}

static void
drop_task(struct world *w, unsigned i)
{
	w->n_tasks--;
	memmove(&w->tasks[i], &w->tasks[i + 1], (size_t)(w->n_tasks - i) * sizeof w->tasks[0]);
	memset(&w->tasks[w->n_tasks], 0, sizeof w->tasks[0]);
}

/* A pppd that has ended has nothing more to say. */
static void
drop_ppp_tasks(struct world *w)
{
	for (unsigned i = w->n_tasks; i-- > 0;)
		if (w->tasks[i].kind == UT_EV_PPP_UP || w->tasks[i].kind == UT_EV_PPP_ENDED)
			drop_task(w, i);
}

static void
answer_task(struct world *w, unsigned i, bool ok)
{
	const struct world_task t = w->tasks[i];
	struct ut_event ev = { .kind = (enum ut_event_kind)t.kind, .ref = t.ref, .err = ok ? 0 : 5 };

	drop_task(w, i);
	if (t.kind == UT_EV_PPP_ENDED || (t.kind == UT_EV_PPP_UP && !ok))
		drop_ppp_tasks(w);
	if (t.kind == UT_EV_PPP_UP && !ok)
		ev.kind = UT_EV_PPP_STARTED;
	if (t.kind == UT_EV_PPP_ENDED)
		ev.end = ut_end_of_pppd(5);
	if (t.side == WORLD_CLIENT && t.kind == UT_EV_PPP_UP)
		w->is_ppp_up = ok;
	if (t.side == WORLD_CLIENT && t.kind == UT_EV_PPP_ENDED)
		w->is_ppp_up = false;
	feed(w, t.side, ev);
}

/* Time goes on to the next deadline, whose engine is told. */
static void
pass_time(struct world *w)
{
	unsigned side = WORLD_CLIENT;

	if (!w->has_deadline[WORLD_CLIENT] ||
	    (w->has_deadline[WORLD_SERVER] && w->deadline_us[WORLD_SERVER] < w->deadline_us[WORLD_CLIENT]))
		side = WORLD_SERVER;
	if (w->deadline_us[side] > w->now_us)
		w->now_us = w->deadline_us[side];
	feed(w, side, (struct ut_event){ .kind = UT_EV_DEADLINE });
}

static void
close_client(struct world *w)
{
	feed(w, WORLD_CLIENT,
	     (struct ut_event){ .kind = UT_EV_STOP, .ref = w->client, .end = { .cause = UT_CAUSE_USER } });
}

static void
close_server(struct world *w)
{
	feed(w, WORLD_SERVER,
	     (struct ut_event){
		 .kind = UT_EV_TUNNEL_CLOSE, .ref = w->server_tunnel, .end = { .cause = UT_CAUSE_USER } });
}

void
world_take(struct world *w, struct world_choice c)
{
	switch ((enum choice_kind)c.kind) {
	case CHOICE_DELIVER:
		deliver(w, c.which, false);
		break;
	case CHOICE_LOSE:
		w->left.losses--;
		land(w, c.which);
		break;
	case CHOICE_DOUBLE:
		w->left.doubles--;
		deliver(w, c.which, true);
		break;
	case CHOICE_ANSWER:
		answer_task(w, c.which, true);
		break;
	case CHOICE_FAIL:
		w->left.failures--;
		answer_task(w, c.which, false);
		break;
	case CHOICE_TIME:
		w->left.timeouts--;
		pass_time(w);
		break;
	case CHOICE_CLIENT_CLOSE:
		w->left.client_closes--;
		close_client(w);
		break;
	case CHOICE_SERVER_CLOSE:
		w->left.server_closes--;
		close_server(w);
		break;
	case CHOICE_N:
		abort();
	}
}

/* ---- judging ---- */

static bool
has_time_until(const struct world *w, uint64_t until_us)
{
	for (unsigned side = 0; side < WORLD_SIDES; side++)
		if (w->has_deadline[side] && w->deadline_us[side] <= until_us)
			return true;
	return false;
}

void
world_settle(struct world *w, uint64_t ms)
{
	const uint64_t until_us = w->now_us + ms * 1000;

	for (unsigned i = 0; i < STEPS_MAX; i++) {
		if (w->n_tasks > 0)
			answer_task(w, 0, true);
		else if (w->n_flights > 0)
			deliver(w, 0, false);
		else if (has_time_until(w, until_us))
			pass_time(w);
		else
			return;
	}
	breaks(w, "it never comes to rest");
}

/* Overwrites the Challenge Response of a message. */
static void
blank_response(struct world_flight *f)
{
	struct l2tp_avp_walk walk;
	struct l2tp_header header;
	struct l2tp_fault fault;
	struct l2tp_avp avp;
	const struct ut_slice all = ut_slice(f->octets, f->n);

	if (l2tp_header_decode(all, &header, &fault) != L2TP_FAULT_NONE)
		return;
	l2tp_avp_walk_init(&walk, &header, all);
	while (l2tp_avp_walk_next(&walk, &avp))
		if (avp.type == L2TP_AVP_CHALLENGE_RESPONSE)
			memset(f->octets + avp.offset + L2TP_AVP_HEADER_OCTETS, 0, avp.value.n);
}

bool
world_sends_alike(const struct world *a, const struct world *b)
{
	if (a->n_flights != b->n_flights || a->has_ended != b->has_ended)
		return false;
	for (unsigned i = 0; i < a->n_flights; i++) {
		struct world_flight x = a->flights[i], y = b->flights[i];

		blank_response(&x);
		blank_response(&y);
		if (compare_flights(&x, &y) != 0)
			return false;
	}
	return true;
}

static const char *
leak(const struct world *w, const struct ut_engine_counts *c, const struct ut_engine_counts *s)
{
	if (!w->has_ended)
		return w->is_stopped ? "somebody sent StopCCN, and a tunnel stands" : NULL;
	if (c->tunnels != 0 || s->tunnels != 0 || c->sessions != 0 || s->sessions != 0)
		return "a slot is left behind";
	if (c->blocks_free != configs[WORLD_CLIENT].n_blocks ||
	    s->blocks_free != configs[WORLD_SERVER].n_blocks)
		return "a message is left behind";
	return NULL;
}

static const char *
half_open(const struct ut_engine_counts *n)
{
	if (n->tunnels != n->established + n->draining)
		return "a tunnel is neither up nor gone";
	if (n->sessions > 0 && n->established == 0)
		return "a session outlives its control connection";
	return NULL;
}

const char *
world_disagreement(struct world *w)
{
	const struct ut_engine_counts c = ut_engine_counts(world_engine(w, WORLD_CLIENT));
	const struct ut_engine_counts s = ut_engine_counts(world_engine(w, WORLD_SERVER));

	if (w->broken != NULL)
		return w->broken;
	if (half_open(&c) != NULL)
		return half_open(&c);
	if (half_open(&s) != NULL)
		return half_open(&s);
	if (c.established != s.established)
		return "one end has a tunnel and the other has none";
	if (c.sessions != s.sessions)
		return "one end has a session and the other has none";
	if (w->has_ended == (c.established > 0))
		return "the client has ended and its tunnel has not, or the other way round";
	if (w->is_ppp_up != (c.sessions > 0))
		return "PPP runs without a session, or a session without PPP";
	return leak(w, &c, &s);
}
