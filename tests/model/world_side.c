/* world_side.c - an engine and its host, who keeps account of what must be given back
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/model/world_internal.h"
#include "tests/fsm/rows.h"

enum { EFFECTS = 64, EFFECT_OCTETS = 8192, RANDOM_OCTETS = 256, IO_ERROR = 5 };

struct ut_peer
world_address(enum ut_protocol protocol, unsigned side)
{
	struct ut_peer p;

	memset(&p, 0, sizeof p);
	p.family = 4;
	p.port = protocol == UT_L2TP ? L2TP_PORT : PPTP_PORT;
	p.address[0] = 10;
	p.address[3] = (uint8_t)(1 + side);
	return p;
}

struct ut_engine *
world_engine(const struct world *w, unsigned side)
{
	return (struct ut_engine *)(void *)((const uint8_t *)w + w->side[side].engine_at);
}

void
world_breaks(struct world *w, const char *what)
{
	if (w->broken == NULL)
		w->broken = what;
}

void
world_feed_random(struct world *w, unsigned side, size_t n)
{
	uint32_t *const random = &w->side[side].random;
	uint8_t octets[RANDOM_OCTETS];

	n = n < sizeof octets ? n : sizeof octets;
	for (size_t k = 0; k < n; k++) {
		*random = *random * UINT32_C(1664525) + UINT32_C(1013904223);
		octets[k] = (uint8_t)(*random >> 24 & w->random_mask);
	}
	world_feed(w, side, (struct ut_event){ .kind = UT_EV_RANDOM, .bytes = ut_slice(octets, n) });
}

/* ---- results owed ---- */

static void
owe(struct world *w, unsigned side, enum ut_event_kind kind, struct ut_ref ref)
{
	if (w->n_tasks == WORLD_TASKS) {
		world_breaks(w, "more results are owed than this conversation can need");
		return;
	}
	w->tasks[w->n_tasks++] =
	    (struct world_task){ .side = (uint8_t)side, .kind = (uint8_t)kind, .ref = ref };
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
drop_ppp_tasks(struct world *w, const struct world_task *of)
{
	for (unsigned i = w->n_tasks; i-- > 0;) {
		const struct world_task *const t = &w->tasks[i];

		if (t->side == of->side && t->ref.index == of->ref.index &&
		    (t->kind == UT_EV_PPP_UP || t->kind == UT_EV_PPP_ENDED))
			drop_task(w, i);
	}
}

/* What it was before. */
static bool
set_bit(uint8_t *bits, unsigned i, bool value)
{
	const unsigned bit = 1U << i;
	const bool was = (*bits & bit) != 0;

	*bits = (uint8_t)(value ? *bits | bit : *bits & ~bit);
	return was;
}

static void
answer_ppp(struct world *w, const struct world_task *t, bool ok, struct ut_event *ev)
{
	if (t->kind == UT_EV_PPP_ENDED || !ok)
		drop_ppp_tasks(w, t);
	if (t->kind == UT_EV_PPP_ENDED)
		ev->end = ut_end_of_pppd(5);
	else if (!ok)
		ev->kind = UT_EV_PPP_STARTED;
	if (t->kind == UT_EV_PPP_ENDED || !ok)
		set_bit(&w->side[t->side].links_started, t->ref.index, false);
	set_bit(&w->side[t->side].links_up, t->ref.index, ok && t->kind == UT_EV_PPP_UP);
}

/* The kernel keeps nothing of what it refused; of PPTP's the reserved id stays. */
static void
forget_session(struct world *w, const struct world_task *t)
{
	struct world_session *const s = &w->side[t->side].kernel[t->ref.index];

	if (s->generation != t->ref.generation)
		return;
	if (t->kind == UT_EV_SESSION_RESERVED || (t->kind == UT_EV_SESSION_OPENED && w->protocol == UT_L2TP))
		memset(s, 0, sizeof *s);
}

void
world_answer(struct world *w, unsigned i, bool ok)
{
	const struct world_task t = w->tasks[i];
	struct ut_event ev = { .kind = (enum ut_event_kind)t.kind, .ref = t.ref, .err = ok ? 0 : IO_ERROR };

	drop_task(w, i);
	if (t.kind == UT_EV_SESSION_RESERVED && !ok)
		ev.err = w->reserve_error;
	if (!ok)
		forget_session(w, &t);
	if (t.kind == UT_EV_PPP_UP || t.kind == UT_EV_PPP_ENDED)
		answer_ppp(w, &t, ok, &ev);
	world_feed(w, t.side, ev);
}

/* ---- what the kernel has of sessions ---- */

static uint16_t
id_of(const struct ut_effect *fx)
{
	return fx->protocol == UT_PPTP ? fx->local_call.v : fx->local_sid.v;
}

/* PPTP's ids are those of the whole kernel, L2TP's those of a tunnel. */
static bool
is_taken(const struct world *w, unsigned side, const struct ut_effect *fx)
{
	for (unsigned i = 0; i < WORLD_SESSIONS; i++) {
		const struct world_session *const s = &w->side[side].kernel[i];

		if (i != fx->ref.index && (s->is_reserved || s->is_carried) && s->id == id_of(fx) &&
		    (fx->protocol == UT_PPTP || s->tunnel == fx->tunnel.index))
			return true;
	}
	return false;
}

static void
reserve_session(struct world *w, unsigned side, const struct ut_effect *fx)
{
	struct world_session *const s = &w->side[side].kernel[fx->ref.index];

	if (s->is_reserved || s->is_carried)
		world_breaks(w, "a session takes an id, and has one");
	if (id_of(fx) == 0 || is_taken(w, side, fx))
		world_breaks(w, "an id is no id, or taken");
	s->is_reserved = true;
	s->id = id_of(fx);
	s->generation = fx->ref.generation;
	s->tunnel = fx->tunnel.index;
	owe(w, side, UT_EV_SESSION_RESERVED, fx->ref);
}

static void
open_session(struct world *w, unsigned side, const struct ut_effect *fx)
{
	struct world_session *const s = &w->side[side].kernel[fx->ref.index];

	if (fx->protocol == UT_PPTP && (!s->is_reserved || s->id != id_of(fx)))
		world_breaks(w, "a session is opened under an id that was not reserved");
	if (s->is_carried)
		world_breaks(w, "a session is opened twice");
	if (id_of(fx) == 0 || is_taken(w, side, fx))
		world_breaks(w, "an id is no id, or taken");
	s->is_carried = true;
	s->id = id_of(fx);
	s->generation = fx->ref.generation;
	s->tunnel = fx->tunnel.index;
	s->peer_id = fx->protocol == UT_PPTP ? fx->peer_call.v : fx->peer_sid.v;
	s->local_tid = fx->local_tid.v;
	s->peer_tid = fx->peer_tid.v;
	owe(w, side, UT_EV_SESSION_OPENED, fx->ref);
}

static void
close_session(struct world *w, unsigned side, const struct ut_effect *fx)
{
	struct world_session *const s = &w->side[side].kernel[fx->ref.index];

	if (!s->is_reserved && !s->is_carried)
		world_breaks(w, "a session is closed that the kernel does not have");
	memset(s, 0, sizeof *s);
}

static void
close_tunnel(struct world *w, unsigned side, const struct ut_effect *fx)
{
	for (unsigned i = 0; i < WORLD_SESSIONS; i++) {
		const struct world_session *const s = &w->side[side].kernel[i];

		if ((s->is_reserved || s->is_carried) && s->tunnel == fx->ref.index)
			world_breaks(w, "a session outlives its control connection");
	}
}

/* ---- carrying out ---- */

/* Who is told that something is up is told once, and once of its end. */
static void
take_news(struct world *w, unsigned side, const struct ut_effect *fx)
{
	struct world_side *const s = &w->side[side];

	if (fx->report == UT_REPORT_TUNNEL_UP && set_bit(&s->tunnels_told, fx->ref.index, true))
		world_breaks(w, "a tunnel comes up twice");
	if (fx->report == UT_REPORT_SESSION_UP && set_bit(&s->sessions_told, fx->ref.index, true))
		world_breaks(w, "a session comes up twice");
	if (fx->report == UT_REPORT_TUNNEL_ENDED)
		(void)set_bit(&s->tunnels_told, fx->ref.index, false);
	if (fx->report == UT_REPORT_SESSION_ENDED)
		(void)set_bit(&s->sessions_told, fx->ref.index, false);
}

static void
take_report(struct world *w, unsigned side, const struct ut_effect *fx)
{
	if (fx->report == UT_REPORT_ENDED && w->side[side].has_ended)
		world_breaks(w, "a client ends twice");
	if (fx->report == UT_REPORT_ENDED)
		w->side[side].has_ended = true;
	if (fx->report == UT_REPORT_TUNNEL_UP)
		w->side[side].tunnel = fx->ref;
	take_news(w, side, fx);
}

static void
start_ppp(struct world *w, unsigned side, const struct ut_effect *fx)
{
	if (!w->side[side].kernel[fx->session.index].is_carried)
		world_breaks(w, "PPP is started on a session that is not carried");
	if (set_bit(&w->side[side].links_started, fx->ref.index, true))
		world_breaks(w, "PPP is started twice");
	owe(w, side, UT_EV_PPP_UP, fx->ref);
}

static void
open_path(struct world *w, unsigned side, const struct ut_effect *fx)
{
	w->side[side].path = fx->path;
	w->side[side].has_path = true;
	if (fx->protocol == UT_PPTP)
		world_pipe_open(w, side, fx);
}

static void
close_path(struct world *w, unsigned side, const struct ut_effect *fx)
{
	if (fx->protocol == UT_PPTP)
		world_pipe_give_back(w, side, fx);
	else
		w->side[side].has_path = false;
}

/* Effects whose result may be late are owed; those of the way to the server are answered at once. */
static void
carry_out(struct world *w, unsigned side, const struct ut_effect *fx)
{
	switch (fx->kind) {
	case UT_FX_SEND:
		world_launch(w, !side, fx->bytes);
		break;
	case UT_FX_OPEN_PATH:
		open_path(w, side, fx);
		break;
	case UT_FX_CLOSE_PATH:
	case UT_FX_RESET_PATH:
		close_path(w, side, fx);
		break;
	case UT_FX_ACCEPT_PATH:
	case UT_FX_REFUSE_PATH:
		world_pipe_accepted(w, side, fx);
		break;
	case UT_FX_SEND_STREAM:
		world_pipe_send(w, side, fx);
		break;
	case UT_FX_RESERVE_SESSION:
		reserve_session(w, side, fx);
		break;
	case UT_FX_OPEN_SESSION:
		open_session(w, side, fx);
		break;
	case UT_FX_CLOSE_SESSION:
		close_session(w, side, fx);
		break;
	case UT_FX_CLOSE_TUNNEL:
		close_tunnel(w, side, fx);
		break;
	case UT_FX_START_PPP:
		start_ppp(w, side, fx);
		break;
	case UT_FX_STOP_PPP:
	case UT_FX_HANGUP_PPP:
	case UT_FX_KILL_PPP:
		owe(w, side, UT_EV_PPP_ENDED, fx->ref);
		break;
	case UT_FX_REPORT:
		take_report(w, side, fx);
		break;
	case UT_FX_TRACE:
		rows_count(&fx->trace);
		break;
	case UT_FX_RESOLVE:
	case UT_FX_PROTECT:
	case UT_FX_PROBE:
	case UT_FX_CONNECT_PATH:
	case UT_FX_CANCEL:
	case UT_FX_FRAME:
	case UT_EFFECT_N:
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

	if (fx->kind == UT_FX_OPEN_PATH && fx->protocol == UT_PPTP)
		return; /* that is a choice */
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
		if (fx->kind == answers[i].effect)
			world_feed(
			    w, side,
			    (struct ut_event){ .kind = answers[i].answer,
					       .ref = fx->ref,
					       .peer = world_address((enum ut_protocol)w->protocol, !side) });
}

/* ---- stepping ---- */

void
world_feed(struct world *w, unsigned side, struct ut_event event)
{
	struct ut_effect v[EFFECTS];
	uint8_t octets[EFFECT_OCTETS];
	struct ut_effects out = { .v = v, .cap = EFFECTS, .octets = octets, .octets_cap = EFFECT_OCTETS };
	struct world_side *const s = &w->side[side];

	event.now.us = w->now_us;
	ut_engine_step(world_engine(w, side), &event, &out);
	ut_engine_check(world_engine(w, side));
	s->has_deadline = out.has_deadline;
	s->deadline_us = out.has_deadline ? out.deadline.us : 0;
	for (size_t i = 0; i < out.n; i++)
		carry_out(w, side, &v[i]);
	for (size_t i = 0; i < out.n; i++)
		answer_at_once(w, side, &v[i]);
	if (out.random_wanted > 0 && event.kind != UT_EV_RANDOM)
		world_feed_random(w, side, out.random_wanted);
	if (out.more)
		world_feed(w, side, (struct ut_event){ .kind = UT_EV_CONTINUE });
	if (event.kind == UT_EV_STREAM && out.taken < event.bytes.n) {
		event.bytes = ut_slice(event.bytes.p + out.taken, event.bytes.n - out.taken);
		world_feed(w, side, event);
	}
}
