/* engine_pptp_cc.c - answers to the questions of PPTP's control connection, its actions, its timer and its end
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/engine_pptp.h"

#include <assert.h>

/* Time is given to the last words of a call, then to those of the connection: both within the client's close_ms. */
enum { CLEAR_FIFTHS = 2 };

uint32_t
connection_clear_ms(struct ut_engine *e, const struct connection *c)
{
	uint32_t ms = connection_params(e, c)->clear_ms, most;

	if (c->client == UT_NONE)
		return ms;
	most = engine_client(e, c->client)->config.close_ms / 5 * CLEAR_FIFTHS;
	return ms < most ? ms : most;
}

static uint32_t
reply_ms(struct ut_engine *e, const struct connection *c)
{
	return connection_params(e, c)->reply_s * UINT32_C(1000);
}

/* ---- answers ---- */

/* RFC 2637 3.1.1, a lower version is used if it is supported; there is none below 1.0. */
static enum pptp_cc_reply
answer_reply(const struct pptp_message *m)
{
	if (m->result > PPTP_SCCRP_OK) /* interop 36: 0 is success too */
		return PPTP_REPLY_REFUSES;
	return m->protocol_version >> 8 == PPTP_VERSION >> 8 ? PPTP_REPLY_IS_OK : PPTP_REPLY_VERSION;
}

static enum pptp_cc_request
answer_request(struct ut_engine *e, const struct connection *c, const struct pptp_occasion *o)
{
	if (o->message->protocol_version < PPTP_VERSION)
		return PPTP_REQUEST_VERSION;
	if (!connection_params(e, c)->accept_connections)
		return PPTP_REQUEST_REFUSED;
	return o->loses ? PPTP_REQUEST_LOSES : PPTP_REQUEST_IS_OK;
}

static uint8_t
answer(struct ut_engine *e, const struct connection *c, uint8_t question, const struct pptp_occasion *o)
{
	assert(o->message != NULL || (question != PPTP_CC_ASK_REPLY && question != PPTP_CC_ASK_REQUEST));
	if (question == PPTP_CC_ASK_REPLY)
		return (uint8_t)answer_reply(o->message);
	if (question == PPTP_CC_ASK_REQUEST)
		return (uint8_t)answer_request(e, c, o);
	if (question == PPTP_CC_ASK_CALLS)
		return c->n_calls > 0 ? PPTP_CALLS_SOME : PPTP_CALLS_NONE;
	return 0;
}

/* ---- what an end is put down to, and what is said about it ---- */

static void
put_down(struct pptp_occasion *o, enum ut_cause cause, enum ut_end_scope scope, uint8_t result, uint8_t error)
{
	o->end = (struct ut_end){
		.cause = (uint8_t)cause, .scope = (uint8_t)scope, .result = result, .error = error
	};
}

static void
blame_reply(struct pptp_occasion *o)
{
	const struct pptp_message *m = o->message;
	enum pptp_cc_reply reply;

	assert(m != NULL);
	reply = answer_reply(m);
	if (reply == PPTP_REPLY_REFUSES) {
		put_down(o, m->result == PPTP_SCCRP_VERSION ? UT_CAUSE_PROTOCOL : UT_CAUSE_REMOTE,
			 UT_END_PPTP_SCCRP_RECEIVED, m->result, m->error);
	} else if (reply == PPTP_REPLY_VERSION) {
		o->result = PPTP_STOP_PROTOCOL;
		put_down(o, UT_CAUSE_PROTOCOL, UT_END_PPTP_STOPCCRQ_SENT, o->result, 0);
	}
}

static void
blame_request(struct ut_engine *e, const struct connection *c, struct pptp_occasion *o)
{
	enum pptp_cc_request request;

	assert(o->message != NULL);
	request = answer_request(e, c, o);
	o->result = PPTP_SCCRP_OK;
	if (request == PPTP_REQUEST_VERSION || request == PPTP_REQUEST_REFUSED) {
		o->result = request == PPTP_REQUEST_VERSION ? PPTP_SCCRP_VERSION : PPTP_SCCRP_UNAUTHORIZED;
		put_down(o, UT_CAUSE_PROTOCOL, UT_END_PPTP_SCCRP_SENT, o->result, 0);
	}
}

/* A message that has no place where it came. */
static void
blame_place(struct pptp_occasion *o)
{
	put_down(o, UT_CAUSE_PROTOCOL, UT_END_PPTP_OUT_OF_STEP, 0, 0);
}

static void
blame(struct ut_engine *e, const struct connection *c, enum pptp_cc_event event, struct pptp_occasion *o)
{
	switch (event) {
	case PPTP_CC_EV_RX_SCCRP:
		if (c->state == PPTP_CC_WAIT_CTL_REPLY)
			blame_reply(o);
		else
			blame_place(o);
		break;
	case PPTP_CC_EV_RX_SCCRQ:
		if (c->state == PPTP_CC_IDLE)
			blame_request(e, c, o);
		else
			blame_place(o);
		break;
	case PPTP_CC_EV_RX_STOPCCRQ:
		put_down(o, UT_CAUSE_REMOTE, UT_END_PPTP_STOPCCRQ_RECEIVED, o->message->result,
			 o->message->error);
		break;
	case PPTP_CC_EV_RX_STOPCCRP:
	case PPTP_CC_EV_RX_ECHORQ:
	case PPTP_CC_EV_RX_ECHORP:
	case PPTP_CC_EV_RX_CALL:
		blame_place(o);
		break;
	case PPTP_CC_EV_LOCAL_TERMINATE:
	case PPTP_CC_EV_CALLS_CLEARED:
		o->result = PPTP_STOP_LOCAL_SHUTDOWN;
		break;
	case PPTP_CC_EV_CALL_STUCK:
		o->result = PPTP_STOP_NONE;
		break;
	case PPTP_CC_EV_TCP_OPEN:
	case PPTP_CC_EV_TCP_CLOSED:
	case PPTP_CC_EV_COLLISION:
	case PPTP_CC_EV_OUT_OF_STEP:
	case PPTP_CC_EV_QUIET:
	case PPTP_CC_EV_NO_REPLY:
	case PPTP_CC_EV_GIVE_UP:
	case PPTP_CC_EV_DROP:
	case PPTP_CC_EVENT_N:
		break;
	}
}

/* ---- actions ---- */

static void
report(struct step *st, struct connection *c, enum ut_report_kind kind, struct ut_slice text)
{
	struct ut_effect *fx = report_add(st, kind, connection_ref(st->e, c));

	fx->protocol = UT_PPTP;
	if (c->client != UT_NONE)
		fx->client = client_ref(st->e, engine_client(st->e, c->client));
	fx->path = c->path;
	fx->peer = c->peer;
	fx->end = c->end;
	fx->bytes = effect_copy(st, text, PPTP_TEXT_OCTETS);
}

/* The path is given back; what hangs on the connection ends one thing a turn. */
static void
close_path(struct step *st, struct connection *c, enum ut_effect_kind kind, const struct pptp_occasion *o)
{
	struct ut_effect *fx;

	if ((c->flags & CONNECTION_CLOSED) != 0)
		return;
	c->flags |= CONNECTION_CLOSED;
	c->end = ut_end_merge(c->end, o->end);
	pptp_turn_take(c, ASKS_NOTHING, UT_NONE);
	timer_stop_connection(st, c);
	fx = effect_add(st, kind, connection_ref(st->e, c));
	fx->protocol = UT_PPTP;
	fx->path = c->path;
	report(st, c, UT_REPORT_TUNNEL_ENDED, ut_slice(NULL, 0));
	work_add(st, WORK_END_CALLS, 0, connection_ref(st->e, c));
}

static void
clear_calls(struct step *st, struct connection *c)
{
	if ((c->flags & CONNECTION_CLEARING) != 0)
		return;
	c->flags |= CONNECTION_CLEARING;
	c->cursor = c->first_call;
	timer_set_connection(st, c, connection_clear_ms(st->e, c));
	work_add(st, WORK_CLEAR_CALLS, 0, connection_ref(st->e, c));
}

static void
act(struct step *st, struct connection *c, uint8_t action, struct pptp_occasion *o)
{
	switch ((enum pptp_cc_action)action) {
	case PPTP_CC_DO_NOTHING:
		break;
	case PPTP_CC_DO_SEND_SCCRQ:
		send_pptp_cc(st, c, PPTP_SCCRQ, o);
		break;
	case PPTP_CC_DO_SEND_SCCRP:
	case PPTP_CC_DO_SEND_SCCRP_ERROR:
		send_pptp_cc(st, c, PPTP_SCCRP, o);
		break;
	case PPTP_CC_DO_SEND_STOPCCRQ:
		send_pptp_cc(st, c, PPTP_STOPCCRQ, o);
		break;
	case PPTP_CC_DO_SEND_STOPCCRP:
		send_pptp_cc(st, c, PPTP_STOPCCRP, o);
		break;
	case PPTP_CC_DO_SEND_ECHORQ:
		send_pptp_cc(st, c, PPTP_ECHORQ, o);
		timer_set_connection(st, c, reply_ms(st->e, c));
		break;
	case PPTP_CC_DO_SEND_ECHORP:
		send_pptp_cc(st, c, PPTP_ECHORP, o);
		break;
	case PPTP_CC_DO_CLEAR_CALLS:
		clear_calls(st, c);
		break;
	case PPTP_CC_DO_CLOSE_TCP:
		close_path(st, c, UT_FX_CLOSE_PATH, o);
		break;
	case PPTP_CC_DO_RESET_TCP:
		close_path(st, c, UT_FX_RESET_PATH, o);
		break;
	case PPTP_CC_ACTION_N:
		assert(false && "an action");
	}
}

/* ---- entering a state ---- */

static void
is_open(struct step *st, struct connection *c, const struct pptp_occasion *o)
{
	assert(o->message != NULL); /* SCCRQ or SCCRP */
	c->flags |= CONNECTION_WAS_UP;
	report(st, c, UT_REPORT_TUNNEL_UP, o->message->host_name);
	work_client(st, c->client, UT_CLIENT_EV_TUNNEL_UP);
	pptp_turn_over(st, c, ASKS_START, UT_NONE);
	pptp_turn_queue(st, c);
	connection_heard(st, c);
}

/* Its calls are released with it: RFC 2637 3.2.1, "All Call IDs are logically released". */
static void
is_stopping(struct step *st, struct connection *c, const struct pptp_occasion *o)
{
	c->end = ut_end_merge(c->end, o->end);
	timer_set_connection(st, c, connection_clear_ms(st->e, c));
	work_add(st, WORK_END_CALLS, 0, connection_ref(st->e, c));
}

static void
entered(struct step *st, struct connection *c, const struct pptp_occasion *o)
{
	if (c->state == PPTP_CC_WAIT_CTL_REPLY)
		timer_set_connection(st, c, reply_ms(st->e, c));
	else if (c->state == PPTP_CC_ESTABLISHED)
		is_open(st, c, o);
	else if (c->state == PPTP_CC_WAIT_STOP_REPLY)
		is_stopping(st, c, o);
}

void
connection_step(struct step *st, struct connection *c, enum pptp_cc_event event, struct pptp_occasion *o)
{
	const struct ut_machine *m =
	    (c->flags & CONNECTION_ORIGINATED) != 0 ? &pptp_cc_orig_machine : &pptp_cc_recv_machine;
	uint8_t was = c->state, said;
	const struct ut_row *row;

	if ((c->flags & CONNECTION_CLOSED) != 0)
		return; /* only its calls are still to be ended */
	said = answer(st->e, c, ut_table_question(m, was, (uint8_t)event), o);
	blame(st->e, c, event, o);
	row = machine_step(st, m, connection_ref(st->e, c), &c->state, (uint8_t)event, said);
	trace_owner(st, c->client, UT_NONE);
	for (unsigned k = 0; k < UT_ROW_ACTIONS && row->actions[k] != 0; k++)
		act(st, c, row->actions[k], o);
	if (c->state != was)
		entered(st, c, o);
}

void
connection_end(struct step *st, struct connection *c, enum pptp_cc_event event, struct ut_end end)
{
	struct pptp_occasion o = { .message = NULL, .end = end };

	connection_step(st, c, event, &o);
}

/* ---- its timer ---- */

void
connection_heard(struct step *st, struct connection *c)
{
	uint16_t echo_s = connection_params(st->e, c)->echo_s;

	if (c->state != PPTP_CC_ESTABLISHED || (c->flags & CONNECTION_CLEARING) != 0 || c->asks == ASKS_ECHO)
		return; /* it times something else */
	if (echo_s > 0)
		timer_set_connection(st, c, echo_s * UINT32_C(1000));
	else
		timer_stop_connection(st, c);
}

void
connection_timer(struct step *st, struct connection *c)
{
	struct ut_end none = { .cause = UT_CAUSE_NONE };
	struct ut_end silent = { .cause = UT_CAUSE_NETWORK, .scope = UT_END_PPTP_NO_REPLY };

	if (c->state != PPTP_CC_ESTABLISHED) {
		connection_end(st, c, PPTP_CC_EV_NO_REPLY, silent);
	} else if ((c->flags & CONNECTION_CLEARING) != 0) {
		connection_end(st, c, PPTP_CC_EV_CALLS_CLEARED, none);
	} else if (c->asks == ASKS_ECHO) {
		silent.scope = UT_END_PPTP_NO_ECHO;
		connection_end(st, c, PPTP_CC_EV_NO_REPLY, silent);
	} else if (c->asks == ASKS_NOTHING) {
		connection_end(st, c, PPTP_CC_EV_QUIET, none);
	} else {
		connection_heard(st, c); /* what is under way asks the same question */
	}
}

/* ---- work: its calls, one a turn, and then its end ---- */

/* It is down, though its last words may still be on their way. */
static void
tell_client(struct step *st, struct connection *c)
{
	if (c->client == UT_NONE || (c->flags & CONNECTION_TOLD) != 0)
		return;
	c->flags |= CONNECTION_TOLD;
	client_blame(engine_client(st->e, c->client), c->end);
	work_client(st, c->client, UT_CLIENT_EV_TUNNEL_DOWN);
}

static void
ended(struct step *st, struct connection *c)
{
	struct ut_effect *fx = effect_add(st, UT_FX_CLOSE_TUNNEL, connection_ref(st->e, c));

	fx->protocol = UT_PPTP;
	fx->path = c->path;
	tell_client(st, c);
	if (c->client != UT_NONE) {
		engine_client(st->e, c->client)->tunnel = UT_NONE;
		work_client(st, c->client, UT_CLIENT_EV_TUNNEL_GONE);
	}
	connection_free(st, c);
}

static void
end_next_call(struct step *st, struct connection *c)
{
	struct pptp_occasion o = { .message = NULL, .end = c->end };

	if (c->first_call != UT_NONE) {
		call_step(st, engine_call(st->e, c->first_call), PPTP_CALL_EV_CONNECTION_CLOSED, &o);
		work_add(st, WORK_END_CALLS, 0, connection_ref(st->e, c));
	} else if ((c->flags & CONNECTION_CLOSED) != 0) {
		ended(st, c);
	} else {
		tell_client(st, c);
	}
}

static void
clear_next_call(struct step *st, struct connection *c)
{
	struct pptp_occasion o = { .message = NULL };
	struct call *s;

	if (c->cursor == UT_NONE)
		return;
	s = engine_call(st->e, c->cursor);
	c->cursor = s->next;
	s->end = ut_end_merge(s->end, c->end);
	call_step(st, s, PPTP_CALL_EV_CLOSE, &o);
	work_add(st, WORK_CLEAR_CALLS, 0, connection_ref(st->e, c));
}

void
connection_work(struct step *st, const struct work *w)
{
	struct connection *c = engine_connection(st->e, (uint16_t)(w->index - st->e->config.n_tunnels));
	struct pptp_occasion o = { .message = NULL };

	if (c->generation != w->generation || (c->flags & CONNECTION_USED) == 0)
		return;
	if (w->kind == WORK_CONNECTION)
		connection_step(st, c, (enum pptp_cc_event)w->event, &o);
	else if (w->kind == WORK_END_CALLS)
		end_next_call(st, c);
	else if (w->kind == WORK_CLEAR_CALLS)
		clear_next_call(st, c);
	else
		pptp_turn_run(st, c);
}

/* ---- orders of the host ---- */

void
connection_event(struct step *st, const struct ut_event *in)
{
	uint16_t i = (uint16_t)(in->ref.index - st->e->config.n_tunnels);
	struct pptp_occasion o = { .message = NULL };
	struct connection *c;

	if (in->ref.index < st->e->config.n_tunnels || i >= st->e->config.n_connections)
		return;
	c = engine_connection(st->e, i);
	if (c->generation != in->ref.generation || (c->flags & CONNECTION_USED) == 0)
		return;
	if (in->kind == UT_EV_CALL) {
		if (c->state == PPTP_CC_ESTABLISHED && (c->flags & CONNECTION_CLEARING) == 0)
			(void)call_place(st, c, UT_NONE);
		return;
	}
	c->end = ut_end_merge(c->end, in->end);
	connection_step(st, c, PPTP_CC_EV_LOCAL_TERMINATE, &o);
}
