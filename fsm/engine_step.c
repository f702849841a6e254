/* engine_step.c - what a step is made of: effects, work, randomness, timers
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/engine_pptp.h"

#include <assert.h>

/* ---- effects ---- */

static const struct ut_ref no_ref = { UT_REF_NONE, 0 };

struct ut_effect *
effect_add(struct step *st, enum ut_effect_kind kind, struct ut_ref ref)
{
	struct ut_effect *fx;

	assert(st->out->n < st->out->cap);
	fx = &st->out->v[st->out->n++];
	memset(fx, 0, offsetof(struct ut_effect, report));
	if (kind == UT_FX_REPORT || kind == UT_FX_TRACE)
		memset(&fx->report, 0, sizeof *fx - offsetof(struct ut_effect, report));
	fx->kind = kind;
	fx->ref = ref;
	fx->client = fx->link = fx->tunnel = fx->session = no_ref;
	return fx;
}

struct ut_effect *
report_add(struct step *st, enum ut_report_kind kind, struct ut_ref ref)
{
	struct ut_effect *fx = effect_add(st, UT_FX_REPORT, ref);

	fx->report = kind;
	return fx;
}

struct ut_effect *
report_add_tunnel(struct step *st, enum ut_report_kind kind, struct tunnel *t)
{
	struct ut_effect *fx = report_add(st, kind, tunnel_ref(st->e, t));

	if (t->client != UT_NONE)
		fx->client = client_ref(st->e, engine_client(st->e, t->client));
	return fx;
}

uint8_t *
effect_octets(struct step *st, size_t n)
{
	uint8_t *at = st->out->octets + st->out->octets_n;

	assert(st->out->octets_cap - st->out->octets_n >= n);
	st->out->octets_n += n;
	return at;
}

struct ut_slice
effect_copy(struct step *st, struct ut_slice s, size_t max)
{
	size_t n = s.n < max ? s.n : max;
	uint8_t *at = effect_octets(st, n);

	if (n > 0)
		memcpy(at, s.p, n);
	return ut_slice(at, n);
}

const struct ut_row *
machine_step(struct step *st, const struct ut_machine *m, struct ut_ref ref, uint8_t *state, uint8_t event,
	     uint8_t answer)
{
	const struct ut_row *row = ut_table_match(m, *state, event, answer);
	uint8_t next;

	assert(row != NULL);
	next = row->next == UT_SAME ? *state : row->next;
	if (st->e->config.trace)
		effect_add(st, UT_FX_TRACE, ref)->trace =
		    (struct ut_trace){ .machine = m,
				       .ref = ref,
				       .state = *state,
				       .event = event,
				       .answer = answer,
				       .next = next,
				       .row = (uint16_t)(row - m->rows) };
	*state = next;
	return row;
}

void
trace_owner(struct step *st, uint16_t client, uint16_t link)
{
	struct ut_engine *e = st->e;
	struct ut_effect *fx;

	if (!e->config.trace)
		return;
	fx = &st->out->v[st->out->n - 1];
	assert(fx->kind == UT_FX_TRACE);
	if (link != UT_NONE) {
		fx->link = link_ref(e, engine_link(e, link));
		client = engine_link(e, link)->client;
	}
	if (client != UT_NONE)
		fx->client = client_ref(e, engine_client(e, client));
}

/* ---- work ---- */

void
work_add(struct step *st, enum work_kind kind, uint8_t event, struct ut_ref ref)
{
	struct ut_engine *e = st->e;

	assert(e->work_n < WORK_MAX);
	e->work[(e->work_head + e->work_n) % WORK_MAX] = (struct work){
		.kind = (uint8_t)kind, .event = event, .index = ref.index, .generation = ref.generation
	};
	e->work_n++;
}

void
work_cc(struct step *st, struct tunnel *t, enum l2tp_cc_event event)
{
	work_add(st, WORK_CC, (uint8_t)event, tunnel_ref(st->e, t));
}

void
work_session(struct step *st, struct session *s, enum l2tp_session_event event)
{
	work_add(st, WORK_SESSION, (uint8_t)event, session_ref(st->e, s));
}

void
work_client(struct step *st, uint16_t client, enum ut_client_event event)
{
	if (client != UT_NONE)
		work_add(st, WORK_CLIENT, (uint8_t)event, client_ref(st->e, engine_client(st->e, client)));
}

void
work_link(struct step *st, uint16_t link, enum ut_link_event event)
{
	if (link != UT_NONE)
		work_add(st, WORK_LINK, (uint8_t)event, link_ref(st->e, engine_link(st->e, link)));
}

/* tunnel-open to the next session that waits for it. */
static void
open_next_session(struct step *st, struct tunnel *t)
{
	uint16_t i = t->cursor == UT_NONE ? t->first_session : t->cursor;

	for (; i != UT_NONE; i = engine_session(st->e, i)->next) {
		struct session *s = engine_session(st->e, i);
		struct occasion o = { .message = NULL };

		if (!session_is_waiting(s))
			continue;
		t->cursor = s->next;
		session_step(st, s, L2TP_SESSION_EV_TUNNEL_OPEN, &o);
		if (t->cursor != UT_NONE)
			work_add(st, WORK_OPEN_SESSIONS, 0, tunnel_ref(st->e, t));
		return;
	}
	t->cursor = UT_NONE;
}

/* tunnel-closed to one session; when none is left the tunnel has ended. */
static void
close_next_session(struct step *st, struct tunnel *t)
{
	struct occasion o = { .message = NULL, .end = t->end };

	if (t->first_session == UT_NONE) {
		tunnel_ended(st, t);
		return;
	}
	session_step(st, engine_session(st->e, t->first_session), L2TP_SESSION_EV_TUNNEL_CLOSED, &o);
	work_add(st, WORK_CLOSE_SESSIONS, 0, tunnel_ref(st->e, t));
}

static void
run_tunnel_work(struct step *st, const struct work *w)
{
	struct tunnel *t = engine_tunnel(st->e, w->index);
	struct occasion o = { .message = NULL };

	if (t->generation != w->generation || (t->flags & TUNNEL_USED) == 0)
		return;
	switch ((enum work_kind)w->kind) {
	case WORK_CC:
		o.end = t->end;
		cc_step(st, t, (enum l2tp_cc_event)w->event, &o);
		break;
	case WORK_OPEN_SESSIONS:
		open_next_session(st, t);
		break;
	case WORK_CLOSE_SESSIONS:
		close_next_session(st, t);
		break;
	case WORK_FLUSH:
		tunnel_flush(st, t);
		break;
	case WORK_ACK:
		if (t->transport.owed > 0)
			send_ack(st, t);
		break;
	case WORK_DELIVER:
		receive_early(st, t);
		break;
	case WORK_SESSION:
	case WORK_CLIENT:
	case WORK_LINK:
	case WORK_LINKS:
	case WORK_CONNECTION:
	case WORK_CALL:
	case WORK_TURN:
	case WORK_CLEAR_CALLS:
	case WORK_END_CALLS:
		assert(false && "work of a tunnel");
	}
}

static void
go_on_with_links(struct step *st, const struct link *l, const struct work *w)
{
	const struct client *c = engine_client(st->e, l->client);
	uint16_t next = (uint16_t)(w->index + 1);

	if (next < c->first_link + c->config.n_links)
		work_add(st, WORK_LINKS, w->event, link_ref(st->e, engine_link(st->e, next)));
}

void
work_run(struct step *st, const struct work *w)
{
	struct occasion o = { .message = NULL };

	if (w->kind == WORK_SESSION) {
		struct session *s = engine_session(st->e, w->index);

		if (s->generation == w->generation && (s->flags & SESSION_USED) != 0)
			session_step(st, s, (enum l2tp_session_event)w->event, &o);
	} else if (w->kind == WORK_CLIENT) {
		struct client *c = engine_client(st->e, w->index);

		if (c->generation == w->generation)
			client_step(st, c, (enum ut_client_event)w->event);
	} else if (w->kind == WORK_LINK || w->kind == WORK_LINKS) {
		struct link *l = engine_link(st->e, w->index);

		if (l->generation != w->generation)
			return;
		link_step(st, l, (enum ut_link_event)w->event);
		if (w->kind == WORK_LINKS)
			go_on_with_links(st, l, w);
	} else if (w->kind == WORK_CALL) {
		call_work(st, w);
	} else if (w->kind >= WORK_CONNECTION) {
		connection_work(st, w);
	} else {
		run_tunnel_work(st, w);
	}
}

/* ---- randomness ---- */

bool
random_take(struct ut_engine *e, void *out, size_t n)
{
	if (e->random_n < n)
		return false;
	e->random_n = (uint16_t)(e->random_n - n);
	memcpy(out, e->random + e->random_n, n);
	memset(e->random + e->random_n, 0, n);
	return true;
}

/* ---- timers: one node a tunnel, client and link, in this order, then PPTP's ---- */

/* A deadline that moves later leaves the node where it is: found too early, it is armed anew. */
static void
arm_tunnel(struct step *st, struct tunnel *t)
{
	struct ut_engine *e = st->e;
	uint16_t node = tunnel_number(e, t);
	struct ut_tick first = { 0 };
	bool any = false;

	for (unsigned k = 0; k < TIMER_N; k++) {
		if ((t->armed >> k & 1) == 0)
			continue;
		if (!any || ut_tick_is_reached(first, t->at[k]))
			first = t->at[k];
		any = true;
	}
	if (!any)
		ut_wheel_disarm(&e->wheel, engine_nodes(e), node);
	else
		ut_wheel_advance(&e->wheel, engine_nodes(e), node, first);
}

void
timer_set_tunnel(struct step *st, struct tunnel *t, enum tunnel_timer which, uint32_t ms)
{
	t->at[which] = ut_tick_add(st->now, ms);
	t->armed |= (uint8_t)(1U << which);
	arm_tunnel(st, t);
}

void
timer_stop_tunnel(struct step *st, struct tunnel *t, enum tunnel_timer which)
{
	if ((t->armed >> which & 1) == 0)
		return;
	t->armed &= (uint8_t) ~(1U << which);
	arm_tunnel(st, t);
}

void
timer_set_client(struct step *st, struct client *c, uint32_t ms)
{
	struct ut_engine *e = st->e;

	ut_wheel_arm(&e->wheel, engine_nodes(e), (uint16_t)(e->config.n_tunnels + client_number(e, c)),
		     ut_tick_add(st->now, ms));
}

void
timer_stop_client(struct step *st, struct client *c)
{
	struct ut_engine *e = st->e;

	ut_wheel_disarm(&e->wheel, engine_nodes(e), (uint16_t)(e->config.n_tunnels + client_number(e, c)));
}

static uint16_t
link_node(struct ut_engine *e, const struct link *l)
{
	return (uint16_t)(e->config.n_tunnels + e->config.n_clients + link_number(e, l));
}

void
timer_set_link(struct step *st, struct link *l, uint32_t ms)
{
	ut_wheel_arm(&st->e->wheel, engine_nodes(st->e), link_node(st->e, l), ut_tick_add(st->now, ms));
}

void
timer_stop_link(struct step *st, struct link *l)
{
	ut_wheel_disarm(&st->e->wheel, engine_nodes(st->e), link_node(st->e, l));
}

void
timer_run(struct step *st, uint16_t node)
{
	struct ut_engine *e = st->e;
	uint16_t clients_at = e->config.n_tunnels, links_at = (uint16_t)(clients_at + e->config.n_clients);

	if (node >= links_at + e->config.n_links) {
		pptp_timer_run(st, node);
	} else if (node >= links_at) {
		link_step(st, engine_link(e, (uint16_t)(node - links_at)), UT_LINK_EV_TIMER);
	} else if (node >= clients_at) {
		client_step(st, engine_client(e, (uint16_t)(node - clients_at)), UT_CLIENT_EV_TIMER);
	} else {
		struct tunnel *t = engine_tunnel(e, node);

		tunnel_timer(st, t);
		if ((t->flags & TUNNEL_USED) != 0)
			arm_tunnel(st, t);
	}
}

void
timer_keep_time(struct step *st)
{
	if (st->e->wheel.n_armed == 0)
		st->e->wheel.base = st->now;
}

void
timer_all_due(struct step *st)
{
	struct ut_engine *e = st->e;

	ut_wheel_hasten(&e->wheel, engine_nodes(e), engine_n_nodes(e), st->now);
	for (uint16_t i = 0; i < e->config.n_tunnels; i++)
		for (unsigned k = 0; k < TIMER_N; k++)
			engine_tunnel(e, i)->at[k] = st->now;
}
