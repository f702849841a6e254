/* engine_session.c - a session's slot, answers to its machine's questions, and its actions
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/engine_internal.h"

#include <assert.h>

/* ---- slots ---- */

static uint32_t
sid_hash(uint16_t tunnel, struct l2tp_sid sid)
{
	return sid.v + tunnel * UINT32_C(40503);
}

struct session *
session_by_sid(struct ut_engine *e, const struct tunnel *t, struct l2tp_sid sid)
{
	struct ut_index ix = engine_sid_index(e);
	uint16_t tunnel = tunnel_number(e, t), i;

	for (i = ut_index_first(ix, sid_hash(tunnel, sid)); i != UT_INDEX_NONE; i = ut_index_next(ix, i)) {
		struct session *s = engine_session(e, i);

		if (s->local_sid.v == sid.v && s->tunnel == tunnel)
			return s;
	}
	return NULL;
}

static struct l2tp_sid
new_sid(struct ut_engine *e, const struct tunnel *t)
{
	struct l2tp_sid sid = { 0 };

	while (sid.v == 0 || session_by_sid(e, t, sid) != NULL)
		if (!random_take(e, &sid.v, sizeof sid.v))
			return (struct l2tp_sid){ 0 };
	return sid;
}

static struct session *
free_slot(struct ut_engine *e)
{
	for (uint16_t k = 0; e->n_sessions < e->config.n_sessions && k < e->config.n_sessions; k++) {
		uint16_t i = (uint16_t)((e->free_session + k) % e->config.n_sessions);

		if ((engine_session(e, i)->flags & SESSION_USED) == 0) {
			e->free_session = (uint16_t)(i + 1);
			return engine_session(e, i);
		}
	}
	return NULL;
}

static void
list_insert(struct ut_engine *e, struct tunnel *t, struct session *s)
{
	uint16_t i = session_number(e, s);

	s->prev = UT_NONE;
	s->next = t->first_session;
	if (s->next != UT_NONE)
		engine_session(e, s->next)->prev = i;
	t->first_session = i;
	t->n_sessions++;
}

static void
list_remove(struct ut_engine *e, struct tunnel *t, struct session *s)
{
	if (t->cursor == session_number(e, s))
		t->cursor = s->next;
	if (s->prev != UT_NONE)
		engine_session(e, s->prev)->next = s->next;
	else
		t->first_session = s->next;
	if (s->next != UT_NONE)
		engine_session(e, s->next)->prev = s->prev;
	t->n_sessions--;
}

struct session *
session_new(struct step *st, struct tunnel *t, enum l2tp_session_kind kind, uint16_t link)
{
	struct ut_engine *e = st->e;
	struct session *s = free_slot(e);
	struct l2tp_sid sid = s == NULL ? (struct l2tp_sid){ 0 } : new_sid(e, t);

	if (sid.v == 0) {
		report_add_tunnel(st, UT_REPORT_REFUSED, t)->number =
		    s == NULL ? UT_POOL_SESSIONS : UT_POOL_RANDOM;
		return NULL;
	}
	*s = (struct session){ .generation = s->generation, .kind = (uint8_t)kind, .flags = SESSION_USED };
	s->local_sid = sid;
	s->tunnel = tunnel_number(e, t);
	s->link = link;
	s->call_serial = ++e->call_serial;
	list_insert(e, t, s);
	ut_index_add(engine_sid_index(e), sid_hash(s->tunnel, sid), session_number(e, s));
	e->n_sessions++;
	return s;
}

static void
session_free(struct step *st, struct session *s)
{
	struct ut_engine *e = st->e;
	uint16_t generation = (uint16_t)(s->generation + 1);

	ut_index_remove(engine_sid_index(e), sid_hash(s->tunnel, s->local_sid), session_number(e, s));
	list_remove(e, engine_tunnel(e, s->tunnel), s);
	*s = (struct session){ .generation = generation };
	e->n_sessions--;
}

bool
session_is_waiting(const struct session *s)
{
	return (s->kind == L2TP_LAC_IC && s->state == L2TP_LAC_IC_WAIT_TUNNEL) ||
	       (s->kind == L2TP_LNS_OC && s->state == L2TP_LNS_OC_WAIT_TUNNEL);
}

/* ---- answers ---- */

static bool
needs_data_path(struct ut_engine *e, const struct session *s)
{
	if (s->link != UT_NONE)
		return engine_client(e, engine_link(e, s->link)->client)->config.needs_data_path;
	return engine_params(e, engine_tunnel(e, s->tunnel)->params)->accept_calls;
}

/* Calls from the tunnel are taken by listeners that accept calls, not by clients. */
static bool
takes_calls(struct ut_engine *e, const struct session *s)
{
	const struct tunnel *t = engine_tunnel(e, s->tunnel);

	return t->client == UT_NONE && engine_params(e, t->params)->accept_calls;
}

static bool
refuse_call(struct occasion *o, uint16_t result, uint16_t error, enum ut_cause cause)
{
	o->refuse = (struct l2tp_result){ result, error };
	o->end = (struct ut_end){
		.cause = (uint8_t)cause, .scope = UT_END_CDN_SENT, .result = result, .error = error
	};
	return false;
}

static bool
is_acceptable(struct ut_engine *e, const struct session *s, struct occasion *o)
{
	enum l2tp_message_type type;

	assert(o->message != NULL); /* only cells of received messages ask */
	type = o->message->type;
	if ((type == L2TP_ICRQ || type == L2TP_OCRQ) && !takes_calls(e, s))
		return refuse_call(o, L2TP_CDN_NO_FACILITIES, 0, UT_CAUSE_NONE);
	if ((s->flags & (SESSION_OPENING | SESSION_CARRIED)) != 0 && type != L2TP_ICCN && type != L2TP_OCCN)
		return refuse_call(o, L2TP_CDN_ERROR, L2TP_ERROR_VALUE, UT_CAUSE_PROTOCOL); /* came before */
	return true;
}

static uint8_t
answer(struct ut_engine *e, const struct session *s, uint8_t question, struct occasion *o)
{
	if (question == L2TP_SESSION_ASK_ACCEPT)
		return is_acceptable(e, s, o) ? L2TP_ACCEPT_YES : L2TP_ACCEPT_NO;
	if (question != L2TP_SESSION_ASK_DATA)
		return 0;
	if (!is_acceptable(e, s, o))
		return L2TP_DATA_NO;
	return needs_data_path(e, s) ? L2TP_DATA_LATER : L2TP_DATA_YES;
}

/* ---- what an end is put down to ---- */

static struct ut_end
end_of_cdn(const struct l2tp_message *m)
{
	uint16_t result = m->result > UINT8_MAX && (m->result & UINT8_MAX) == 0 ? m->result >> 8 : m->result;

	return (struct ut_end){
		.cause = UT_CAUSE_REMOTE, .scope = UT_END_CDN_RECEIVED, .result = result, .error = m->error
	};
}

static void
blame(const struct session *s, enum l2tp_session_event event, struct occasion *o)
{
	if (event == L2TP_SESSION_EV_RX_CDN && o->message != NULL) {
		o->end = end_of_cdn(o->message);
	} else if (event == L2TP_SESSION_EV_RX_FAULT && o->fault != NULL) {
		struct l2tp_result r = l2tp_fault_result(o->fault, o->message->type);

		(void)refuse_call(o, r.result, r.error, UT_CAUSE_PROTOCOL);
	} else if (event == L2TP_SESSION_EV_LOCAL_CLOSE) {
		o->end = s->end;
		o->refuse = (struct l2tp_result){ L2TP_CDN_ADMIN, 0 };
	} else if (event == L2TP_SESSION_EV_TIME_OUT) {
		(void)refuse_call(o, L2TP_CDN_TIMEOUT, 0, UT_CAUSE_NETWORK);
	} else if (event == L2TP_SESSION_EV_DATA_PATH_FAILED || event == L2TP_SESSION_EV_BEARER_FAILURE) {
		o->end = s->end;
		o->refuse = (struct l2tp_result){ L2TP_CDN_ERROR, L2TP_ERROR_RESOURCES };
	} else if (event != L2TP_SESSION_EV_TUNNEL_CLOSED && o->refuse.result == 0) {
		(void)refuse_call(o, L2TP_CDN_ERROR, L2TP_ERROR_VALUE, UT_CAUSE_PROTOCOL);
	}
}

/* ---- actions ---- */

static void
describe(struct step *st, const struct session *s, struct ut_effect *fx)
{
	const struct tunnel *t = engine_tunnel(st->e, s->tunnel);

	fx->session = session_ref(st->e, s);
	fx->tunnel = tunnel_ref(st->e, t);
	if (s->link != UT_NONE)
		fx->link = link_ref(st->e, engine_link(st->e, s->link));
	if (t->client != UT_NONE)
		fx->client = client_ref(st->e, engine_client(st->e, t->client));
	fx->path = t->path;
	fx->peer = t->peer;
	fx->local_tid = t->local_tid;
	fx->peer_tid = t->peer_tid;
	fx->local_sid = s->local_sid;
	fx->peer_sid = s->peer_sid;
	fx->is_lns = s->kind == L2TP_LNS_IC || s->kind == L2TP_LNS_OC;
	fx->send_sequence = engine_params(st->e, t->params)->send_sequence;
}

static void
open_tunnel(struct step *st, struct session *s)
{
	struct tunnel *t = engine_tunnel(st->e, s->tunnel);

	work_cc(st, t, t->state == L2TP_CC_IDLE ? L2TP_CC_EV_LOCAL_OPEN : L2TP_CC_EV_NEW_CALL);
}

static void
open_data_path(struct step *st, struct session *s)
{
	s->flags |= SESSION_OPENING;
	describe(st, s, effect_add(st, UT_FX_OPEN_SESSION, session_ref(st->e, s)));
	work_link(st, s->link, UT_LINK_EV_SESSION_ANSWERED);
}

static void
clean_up(struct step *st, struct session *s, const struct occasion *o)
{
	struct ut_effect *fx;

	s->end = ut_end_merge(s->end, o->end);
	if ((s->flags & (SESSION_OPENING | SESSION_CARRIED)) != 0)
		describe(st, s, effect_add(st, UT_FX_CLOSE_SESSION, session_ref(st->e, s)));
	fx = report_add(st, UT_REPORT_SESSION_ENDED, session_ref(st->e, s));
	describe(st, s, fx);
	fx->end = s->end;
	if (o->message != NULL && o->message->type == L2TP_CDN)
		fx->bytes = effect_copy(st, o->message->error_message, UT_HOST_NAME_MAX);
	if (s->link != UT_NONE) {
		struct link *l = engine_link(st->e, s->link);

		l->session = UT_NONE;
		l->end = ut_end_merge(l->end, s->end);
		work_link(st, s->link, UT_LINK_EV_SESSION_DOWN);
	}
	session_free(st, s);
}

static void
act(struct step *st, struct session *s, uint8_t action, struct occasion *o)
{
	switch ((enum l2tp_session_action)action) {
	case L2TP_SESSION_DO_NOTHING:
	case L2TP_SESSION_DO_PREPARE_DATA: /* its data path stands since before ICRP */
		break;
	case L2TP_SESSION_DO_OPEN_TUNNEL:
		open_tunnel(st, s);
		break;
	case L2TP_SESSION_DO_SEND_ICRQ:
		send_session(st, s, L2TP_ICRQ, o);
		break;
	case L2TP_SESSION_DO_SEND_ICRP:
		send_session(st, s, L2TP_ICRP, o);
		break;
	case L2TP_SESSION_DO_SEND_ICCN:
		send_session(st, s, L2TP_ICCN, o);
		break;
	case L2TP_SESSION_DO_SEND_OCRQ:
		send_session(st, s, L2TP_OCRQ, o);
		break;
	case L2TP_SESSION_DO_SEND_OCRP:
		send_session(st, s, L2TP_OCRP, o);
		break;
	case L2TP_SESSION_DO_SEND_OCCN:
		send_session(st, s, L2TP_OCCN, o);
		break;
	case L2TP_SESSION_DO_SEND_CDN:
		send_session(st, s, L2TP_CDN, o);
		break;
	case L2TP_SESSION_DO_CLEAN_UP:
		clean_up(st, s, o);
		break;
	case L2TP_SESSION_DO_OPEN_BEARER:
	case L2TP_SESSION_DO_OPEN_DATA_PATH:
		open_data_path(st, s);
		break;
	case L2TP_SESSION_ACTION_N:
		assert(false && "an action");
	}
}

static void
report_up(struct step *st, struct session *s)
{
	s->flags |= SESSION_WAS_UP;
	describe(st, s, report_add(st, UT_REPORT_SESSION_UP, session_ref(st->e, s)));
	work_link(st, s->link, UT_LINK_EV_SESSION_UP);
}

void
session_step(struct step *st, struct session *s, enum l2tp_session_event event, struct occasion *o)
{
	const struct ut_machine *m = l2tp_session_machine((enum l2tp_session_kind)s->kind);
	uint8_t said = answer(st->e, s, ut_table_question(m, s->state, (uint8_t)event), o);
	const struct ut_row *row;
	bool is_up;

	blame(s, event, o);
	row = machine_step(st, m, session_ref(st->e, s), &s->state, (uint8_t)event, said);
	trace_owner(st, engine_tunnel(st->e, s->tunnel)->client, s->link);
	is_up = s->state == L2TP_SESSION_ESTABLISHED && (s->flags & SESSION_WAS_UP) == 0;
	for (unsigned k = 0; k < UT_ROW_ACTIONS && row->actions[k] != 0; k++)
		act(st, s, row->actions[k], o); /* the last may free it: then it was not established */
	if (is_up)
		report_up(st, s);
}

/* ---- calls that do not connect ---- */

/* The first that is watched is ended at the timer's first turn; one that comes later, at its second. */
void
session_watch(struct step *st, struct session *s)
{
	struct tunnel *t = engine_tunnel(st->e, s->tunnel);
	uint16_t limit_s = engine_params(st->e, t->params)->call_setup_s;

	if (limit_s == 0 || (t->armed >> TIMER_CALLS & 1) != 0)
		return;
	s->flags |= SESSION_OVERDUE;
	timer_set_tunnel(st, t, TIMER_CALLS, limit_s * UINT32_C(1000));
}

static bool
is_half_open(const struct session *s)
{
	return s->link == UT_NONE && s->state != L2TP_SESSION_ESTABLISHED;
}

/* Those yet to be ended have another turn.  True: there are any. */
static bool
mark_half_open(struct ut_engine *e, const struct tunnel *t)
{
	bool any = false;

	for (uint16_t i = t->first_session; i != UT_NONE; i = engine_session(e, i)->next) {
		struct session *s = engine_session(e, i);

		if (!is_half_open(s))
			continue;
		s->flags |= SESSION_OVERDUE;
		any = true;
	}
	return any;
}

void
session_end_overdue(struct step *st, struct tunnel *t)
{
	enum { IN_ONE_TURN = 16 };
	uint16_t limit_s = engine_params(st->e, t->params)->call_setup_s, n = 0, i;

	for (i = t->first_session; i != UT_NONE && n < IN_ONE_TURN; i = engine_session(st->e, i)->next) {
		struct session *s = engine_session(st->e, i);

		if (!is_half_open(s) || (s->flags & SESSION_OVERDUE) == 0)
			continue;
		s->flags &= (uint8_t)~SESSION_OVERDUE;
		work_session(st, s, L2TP_SESSION_EV_TIME_OUT);
		n++;
	}
	if (n == IN_ONE_TURN)
		timer_set_tunnel(st, t, TIMER_CALLS, 0);
	else if (mark_half_open(st->e, t))
		timer_set_tunnel(st, t, TIMER_CALLS, limit_s * UINT32_C(1000));
}

/* ---- events from the host ---- */

static enum l2tp_session_event
opened_event(const struct session *s, int err)
{
	if (s->kind == L2TP_LAC_OC)
		return err == 0 ? L2TP_SESSION_EV_BEARER_ANSWER : L2TP_SESSION_EV_BEARER_FAILURE;
	return err == 0 ? L2TP_SESSION_EV_DATA_PATH_UP : L2TP_SESSION_EV_DATA_PATH_FAILED;
}

void
session_event(struct step *st, const struct ut_event *in)
{
	struct session *s;
	struct occasion o = { .message = NULL };

	if (in->ref.index >= st->e->config.n_sessions)
		return;
	s = engine_session(st->e, in->ref.index);
	if (s->generation != in->ref.generation || (s->flags & SESSION_USED) == 0)
		return;
	if (in->kind == UT_EV_SESSION_CLOSE) {
		s->end = ut_end_merge(s->end, in->end);
		session_step(st, s, L2TP_SESSION_EV_LOCAL_CLOSE, &o);
		return;
	}
	if (in->err == 0 && (s->flags & SESSION_OPENING) == 0)
		return; /* nobody asked */
	s->flags &= (uint8_t)~SESSION_OPENING;
	if (in->err == 0)
		s->flags |= SESSION_CARRIED;
	else
		s->end = ut_end_merge(s->end, (struct ut_end){ .cause = UT_CAUSE_SYSTEM, .code = in->err });
	session_step(st, s, opened_event(s, in->err), &o);
}
