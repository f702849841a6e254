/* engine_pptp_call.c - answers to the questions of a PPTP call's machine, its actions, its data path and its timer
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/engine_pptp.h"

#include <assert.h>

enum { RESERVE_TRIES = 8 };

static struct connection *
owner(struct ut_engine *e, const struct call *s)
{
	return engine_connection(e, s->connection);
}

static bool
is_pac(const struct call *s)
{
	return s->kind == PPTP_PAC_OC || s->kind == PPTP_PAC_IC;
}

/* Its Call-Clear-Request is sent, or waits for its turn. */
static bool
is_clearing(const struct call *s)
{
	return !is_pac(s) && s->state == PPTP_CALL_WAIT_DISCONNECT;
}

struct call *
call_place(struct step *st, struct connection *c, uint16_t link)
{
	enum pptp_call_kind kind = connection_params(st->e, c)->is_pac ? PPTP_PAC_IC : PPTP_PNS_OC;
	struct call *s = call_new(st, c, kind, link);

	if (s == NULL)
		return NULL;
	s->flags |= CALL_WANTS_OPEN;
	c->n_wanting++;
	pptp_turn_queue(st, c);
	return s;
}

/* ---- answers ---- */

bool
call_needs_data_path(struct ut_engine *e, const struct call *s)
{
	if (s->link == UT_NONE)
		return true;
	return engine_client(e, engine_link(e, s->link)->client)->config.needs_data_path;
}

static uint8_t
answer_data(struct ut_engine *e, const struct call *s, const struct pptp_occasion *o)
{
	const struct pptp_message *m = o->message;
	bool is_reply = m->type == PPTP_OCRP || m->type == PPTP_ICRP;

	/* interop 37: result 0 is success too.  A request was judged before it got a slot. */
	if ((is_reply && m->result > PPTP_OCRP_CONNECTED) || o->result != 0)
		return PPTP_DATA_NO;
	return call_needs_data_path(e, s) ? PPTP_DATA_LATER : PPTP_DATA_YES;
}

static uint8_t
answer(struct ut_engine *e, const struct call *s, uint8_t question, const struct pptp_occasion *o)
{
	assert(question == PPTP_CALL_ASK_NOTHING ||
	       o->message != NULL); /* only cells of received messages ask */
	if (question == PPTP_CALL_ASK_ACCEPT)
		return o->result != 0 ? PPTP_ACCEPT_NO : PPTP_ACCEPT_YES;
	return question == PPTP_CALL_ASK_DATA ? answer_data(e, s, o) : 0;
}

/* ---- what an end is put down to, and what is said about it ---- */

static struct ut_end
end_received(const struct pptp_message *m, enum ut_end_scope scope)
{
	assert(m != NULL);
	return (struct ut_end){
		.cause = UT_CAUSE_REMOTE, .scope = (uint8_t)scope, .result = m->result, .error = m->error
	};
}

static void
blame_request(struct pptp_occasion *o)
{
	bool is_outgoing;

	assert(o->message != NULL);
	is_outgoing = o->message->type == PPTP_OCRQ;
	if (o->result != 0)
		o->end =
		    (struct ut_end){ .cause = UT_CAUSE_NONE,
				     .scope = is_outgoing ? UT_END_PPTP_OCRP_SENT : UT_END_PPTP_ICRP_SENT,
				     .result = o->result,
				     .error = o->error };
}

/* What a CDN says, or an OCRP or ICRP when the call was asked for and not answered yet. */
static void
blame_local(const struct call *s, enum pptp_call_event event, struct pptp_occasion *o)
{
	bool failed = event == PPTP_CALL_EV_DATA_PATH_FAILED;
	bool unanswered = s->was_up == 0 && (s->kind == PPTP_PAC_OC || s->state == PPTP_CALL_IDLE);

	o->end = s->end;
	o->error = failed ? PPTP_ERROR_RESOURCES : PPTP_ERROR_NONE;
	if (failed)
		o->result = PPTP_CDN_ERROR; /* the same number in all three */
	else if (unanswered)
		o->result = s->kind == PPTP_PAC_OC ? (uint8_t)PPTP_OCRP_NOT_ACCEPTED
						   : (uint8_t)PPTP_ICRP_NOT_ACCEPTED;
	else
		o->result = PPTP_CDN_ADMIN;
}

static void
blame(const struct call *s, enum pptp_call_event event, struct pptp_occasion *o)
{
	switch (event) {
	case PPTP_CALL_EV_RX_OCRQ:
	case PPTP_CALL_EV_RX_ICRQ:
		blame_request(o);
		break;
	case PPTP_CALL_EV_RX_OCRP:
		o->end = end_received(o->message, UT_END_PPTP_OCRP_RECEIVED);
		break;
	case PPTP_CALL_EV_RX_ICRP:
		o->end = end_received(o->message, UT_END_PPTP_ICRP_RECEIVED);
		break;
	case PPTP_CALL_EV_RX_CDN:
		o->end = end_received(o->message, UT_END_PPTP_CDN_RECEIVED);
		break;
	case PPTP_CALL_EV_RX_CCRQ:
		o->end = end_received(o->message, UT_END_PPTP_CCRQ_RECEIVED);
		o->result = PPTP_CDN_REQUEST;
		break;
	case PPTP_CALL_EV_CLOSE:
	case PPTP_CALL_EV_DATA_PATH_FAILED:
		blame_local(s, event, o);
		break;
	case PPTP_CALL_EV_CLEAR_OVERDUE:
		o->end = s->end;
		break;
	case PPTP_CALL_EV_OPEN:
	case PPTP_CALL_EV_RX_ICCN:
	case PPTP_CALL_EV_RX_NOTE:
	case PPTP_CALL_EV_DATA_PATH_UP:
	case PPTP_CALL_EV_CONNECTION_CLOSED:
	case PPTP_CALL_EVENT_N:
		break;
	}
}

/* ---- telling the host ---- */

static void
describe(struct step *st, const struct call *s, struct ut_effect *fx)
{
	const struct connection *c = owner(st->e, s);

	fx->protocol = UT_PPTP;
	fx->session = call_ref(st->e, s);
	fx->tunnel = connection_ref(st->e, c);
	if (s->link != UT_NONE)
		fx->link = link_ref(st->e, engine_link(st->e, s->link));
	if (c->client != UT_NONE)
		fx->client = client_ref(st->e, engine_client(st->e, c->client));
	fx->path = c->path;
	fx->peer = c->peer;
	fx->local_call = s->local_id;
	fx->peer_call = s->peer_id;
	fx->is_lns = s->kind == PPTP_PAC_OC || s->kind == PPTP_PNS_IC;
}

static void
tell(struct step *st, const struct call *s, enum ut_effect_kind kind)
{
	describe(st, s, effect_add(st, kind, call_ref(st->e, s)));
}

void
call_report(struct step *st, const struct call *s, enum ut_report_kind kind, const struct pptp_message *m)
{
	struct ut_effect *fx = report_add(st, kind, call_ref(st->e, s));

	describe(st, s, fx);
	fx->end = s->end;
	if (kind == UT_REPORT_WAN_ERRORS) {
		memcpy(fx->call_errors, m->call_errors, sizeof fx->call_errors);
	} else if (kind == UT_REPORT_LINK_INFO) {
		fx->accm.send = m->send_accm;
		fx->accm.receive = m->receive_accm;
	}
}

/* ---- the data path: first its id is reserved, then it is opened ---- */

static void
reserve(struct step *st, struct call *s)
{
	s->flags |= CALL_RESERVING;
	tell(st, s, UT_FX_RESERVE_SESSION);
}

void
call_reserve(struct step *st, struct call *s)
{
	s->tries = 0;
	reserve(st, s);
}

static void
open_data_path(struct step *st, struct call *s)
{
	s->flags |= CALL_OPENING;
	if ((s->flags & CALL_RESERVED) != 0)
		tell(st, s, UT_FX_OPEN_SESSION);
	else
		call_reserve(st, s);
	work_link(st, s->link, UT_LINK_EV_SESSION_ANSWERED);
}

static bool
has_data_path(const struct call *s)
{
	return (s->flags & (CALL_RESERVING | CALL_RESERVED)) != 0;
}

static void
data_path_failed(struct step *st, struct call *s, int err)
{
	struct pptp_occasion o = { .message = NULL };

	s->end = ut_end_merge(s->end, (struct ut_end){ .cause = UT_CAUSE_SYSTEM, .code = err });
	call_step(st, s, PPTP_CALL_EV_DATA_PATH_FAILED, &o);
}

/* errno's numbers, which this folder does not include */
enum { ERR_BUSY = 16, ERR_EXIST = 17 };

static void
reserved(struct step *st, struct call *s, int err)
{
	if ((s->flags & CALL_RESERVING) == 0)
		return; /* nobody asked */
	s->flags &= (uint8_t)~CALL_RESERVING;
	if ((err == ERR_BUSY || err == ERR_EXIST) && ++s->tries < RESERVE_TRIES && call_renumber(st, s)) {
		reserve(st, s);
	} else if (err != 0) {
		data_path_failed(st, s, err);
	} else {
		s->flags |= CALL_RESERVED;
		if ((s->flags & CALL_OPENING) != 0)
			tell(st, s, UT_FX_OPEN_SESSION);
		pptp_turn_queue(st, owner(st->e, s));
	}
}

static void
opened(struct step *st, struct call *s, int err)
{
	struct pptp_occasion o = { .message = NULL };

	if (err == 0 && ((s->flags & CALL_OPENING) == 0 || (s->flags & CALL_RESERVED) == 0))
		return; /* nobody asked */
	s->flags &= (uint8_t)~CALL_OPENING;
	if (err == 0)
		call_step(st, s, PPTP_CALL_EV_DATA_PATH_UP, &o);
	else
		data_path_failed(st, s, err);
}

/* ---- actions ---- */

/* It waits for its turn no more. */
static void
stop_wanting(struct step *st, struct call *s)
{
	if ((s->flags & CALL_WANTS_OPEN) == 0)
		return;
	s->flags &= (uint8_t)~CALL_WANTS_OPEN;
	owner(st->e, s)->n_wanting--;
}

/* For host and link the call is over, though its last words may not be said yet. */
static void
hang_up(struct step *st, struct call *s, const struct pptp_occasion *o)
{
	struct link *l;

	if ((s->flags & CALL_OVER) != 0)
		return;
	s->flags |= CALL_OVER;
	s->end = ut_end_merge(s->end, o->end);
	stop_wanting(st, s);
	if (has_data_path(s))
		tell(st, s, UT_FX_CLOSE_SESSION);
	s->flags &= (uint8_t) ~(CALL_RESERVING | CALL_RESERVED | CALL_OPENING);
	call_report(st, s, UT_REPORT_SESSION_ENDED, o->message);
	if (s->link == UT_NONE)
		return;
	l = engine_link(st->e, s->link);
	l->session = UT_NONE;
	l->end = ut_end_merge(l->end, s->end);
	work_link(st, s->link, UT_LINK_EV_SESSION_DOWN);
	s->link = UT_NONE;
}

static void
send_clear(struct step *st, struct call *s, const struct pptp_occasion *o)
{
	struct connection *c = owner(st->e, s);

	timer_stop_call(st, s);
	if (pptp_turn_is_free_for(st->e, c, s)) {
		send_pptp_call(st, s, PPTP_CCRQ, o);
		return;
	}
	s->flags |= CALL_OWES_CLEAR;
	c->n_wanting++;
}

static void
take_note(struct step *st, const struct call *s, const struct pptp_message *m)
{
	assert(m != NULL);
	call_report(st, s, m->type == PPTP_WEN ? UT_REPORT_WAN_ERRORS : UT_REPORT_LINK_INFO, m);
}

static void
act(struct step *st, struct call *s, uint8_t action, struct pptp_occasion *o)
{
	switch ((enum pptp_call_action)action) {
	case PPTP_CALL_DO_NOTHING:
		break;
	case PPTP_CALL_DO_SEND_OCRQ:
		send_pptp_call(st, s, PPTP_OCRQ, o);
		break;
	case PPTP_CALL_DO_SEND_OCRP:
	case PPTP_CALL_DO_SEND_OCRP_ERROR:
		send_pptp_call(st, s, PPTP_OCRP, o);
		break;
	case PPTP_CALL_DO_SEND_ICRQ:
		send_pptp_call(st, s, PPTP_ICRQ, o);
		break;
	case PPTP_CALL_DO_SEND_ICRP:
	case PPTP_CALL_DO_SEND_ICRP_ERROR:
		send_pptp_call(st, s, PPTP_ICRP, o);
		break;
	case PPTP_CALL_DO_SEND_ICCN:
		send_pptp_call(st, s, PPTP_ICCN, o);
		break;
	case PPTP_CALL_DO_SEND_CCRQ:
		send_clear(st, s, o);
		break;
	case PPTP_CALL_DO_SEND_CDN:
		send_pptp_call(st, s, PPTP_CDN, o);
		break;
	case PPTP_CALL_DO_OPEN_DATA_PATH:
		open_data_path(st, s);
		break;
	case PPTP_CALL_DO_HANG_UP:
		hang_up(st, s, o);
		break;
	case PPTP_CALL_DO_CLEAN_UP:
		hang_up(st, s, o);
		call_free(st, s);
		break;
	case PPTP_CALL_DO_TAKE_NOTE:
		take_note(st, s, o->message);
		break;
	case PPTP_CALL_ACTION_N:
		assert(false && "an action");
	}
}

static void
report_up(struct step *st, struct call *s)
{
	s->was_up = 1;
	timer_stop_call(st, s);
	call_report(st, s, UT_REPORT_SESSION_UP, NULL);
	work_link(st, s->link, UT_LINK_EV_SESSION_UP);
}

/* A call under way may not stay so for ever (RFC 2637 3.2.1). */
static void
watch(struct step *st, struct call *s)
{
	timer_set_call(st, s, connection_params(st->e, owner(st->e, s))->reply_s * UINT32_C(1000));
}

/* After its connection's last word nothing is said about a call. */
static bool
is_past_words(struct ut_engine *e, const struct call *s)
{
	const struct connection *c = owner(e, s);

	return (c->flags & CONNECTION_CLOSED) != 0 || c->state == PPTP_CC_WAIT_STOP_REPLY;
}

void
call_step(struct step *st, struct call *s, enum pptp_call_event given, struct pptp_occasion *o)
{
	enum pptp_call_event event = is_past_words(st->e, s) ? PPTP_CALL_EV_CONNECTION_CLOSED : given;
	const struct ut_machine *m = pptp_call_machine((enum pptp_call_kind)s->kind);
	uint8_t was = s->state, said = answer(st->e, s, ut_table_question(m, was, (uint8_t)event), o);
	uint16_t generation = s->generation;
	const struct ut_row *row;

	blame(s, event, o);
	row = machine_step(st, m, call_ref(st->e, s), &s->state, (uint8_t)event, said);
	trace_owner(st, engine_connection(st->e, s->connection)->client, s->link);
	for (unsigned k = 0; k < UT_ROW_ACTIONS && row->actions[k] != 0; k++)
		act(st, s, row->actions[k], o); /* the last may free it */
	if (s->generation != generation || is_clearing(s))
		return;
	if (s->state == PPTP_CALL_ESTABLISHED && s->was_up == 0)
		report_up(st, s);
	else if (s->state != was || event == PPTP_CALL_EV_RX_ICRQ)
		watch(st, s);
}

/* ---- timer, work and events ---- */

void
call_timer(struct step *st, struct call *s)
{
	struct pptp_occasion o = { .message = NULL };

	if (is_clearing(s))
		call_step(st, s, PPTP_CALL_EV_CLEAR_OVERDUE, &o);
	else
		connection_end(st, owner(st->e, s), PPTP_CC_EV_CALL_STUCK,
			       (struct ut_end){ .cause = UT_CAUSE_NETWORK, .scope = UT_END_PPTP_NO_REPLY });
}

void
call_work(struct step *st, const struct work *w)
{
	struct call *s = engine_call(st->e, (uint16_t)(w->index - st->e->config.n_sessions));
	struct pptp_occasion o = { .message = NULL };

	if (s->generation == w->generation && (s->flags & CALL_USED) != 0)
		call_step(st, s, (enum pptp_call_event)w->event, &o);
}

void
call_event(struct step *st, const struct ut_event *in)
{
	uint16_t i = (uint16_t)(in->ref.index - st->e->config.n_sessions);
	struct pptp_occasion o = { .message = NULL };
	struct call *s;

	if (in->ref.index < st->e->config.n_sessions || i >= st->e->config.n_calls)
		return;
	s = engine_call(st->e, i);
	if (s->generation != in->ref.generation || (s->flags & (CALL_USED | CALL_OVER)) != CALL_USED)
		return;
	if (in->kind == UT_EV_SESSION_RESERVED) {
		reserved(st, s, in->err);
	} else if (in->kind == UT_EV_SESSION_OPENED) {
		opened(st, s, in->err);
	} else {
		s->end = ut_end_merge(s->end, in->end);
		call_step(st, s, PPTP_CALL_EV_CLOSE, &o);
	}
}
