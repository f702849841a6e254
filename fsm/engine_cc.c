/* engine_cc.c - answers to the control connection's questions, and its actions
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/engine_internal.h"

#include <assert.h>

/* ---- judging a message ---- */

static bool
refuse(struct occasion *o, uint16_t result, uint16_t error, enum ut_cause cause)
{
	o->refuse = (struct l2tp_result){ result, error };
	o->end = (struct ut_end){
		.cause = (uint8_t)cause, .scope = UT_END_STOPCCN_SENT, .result = result, .error = error
	};
	return false;
}

static bool
is_version_acceptable(struct occasion *o)
{
	enum { VERSION_1_0 = 0x0100 };

	if (o->message->protocol_version >> 8 == VERSION_1_0 >> 8)
		return true;
	/* RFC 2661 4.4.2, the Error Code then says which version is supported */
	return refuse(o, L2TP_STOPCCN_VERSION, VERSION_1_0, UT_CAUSE_PROTOCOL);
}

/* The peer wants to be answered: can we? */
static bool
can_answer_challenge(const struct ut_l2tp_params *p, struct occasion *o)
{
	if ((o->message->present & L2TP_HAS(CHALLENGE)) == 0 || p->secret.n > 0)
		return true;
	return refuse(o, L2TP_STOPCCN_UNAUTHORIZED, 0, UT_CAUSE_CHALLENGE);
}

/* We challenged the peer: RFC 2661 5.1.1, a wrong or missing response ends it. */
static bool
is_response_right(const struct tunnel *t, const struct ut_l2tp_params *p, struct occasion *o)
{
	uint8_t want[L2TP_RESPONSE_OCTETS];
	bool right;

	if ((t->flags & TUNNEL_CHALLENGED) == 0)
		return true;
	l2tp_challenge_response(want, o->message->type, &p->secret,
				ut_slice(t->challenge, sizeof t->challenge));
	right = (o->message->present & L2TP_HAS(CHALLENGE_RESPONSE)) != 0 &&
		ut_is_same_secret(want, o->message->challenge_response.p, sizeof want);
	ut_wipe(want, sizeof want);
	return right || refuse(o, L2TP_STOPCCN_UNAUTHORIZED, 0, UT_CAUSE_CHALLENGE);
}

static enum l2tp_accept
answer_accept(struct ut_engine *e, const struct tunnel *t, struct occasion *o)
{
	const struct ut_l2tp_params *p = engine_params(e, t->params);
	bool ok = false;

	switch (o->message->type) {
	case L2TP_SCCRQ:
		ok = is_version_acceptable(o) && can_answer_challenge(p, o);
		break;
	case L2TP_SCCRP:
		ok = is_version_acceptable(o) && is_response_right(t, p, o) && can_answer_challenge(p, o);
		break;
	case L2TP_SCCCN:
		ok = is_response_right(t, p, o);
		break;
	case L2TP_ZLB:
	case L2TP_STOPCCN:
	case L2TP_HELLO:
	case L2TP_OCRQ:
	case L2TP_OCRP:
	case L2TP_OCCN:
	case L2TP_ICRQ:
	case L2TP_ICRP:
	case L2TP_ICCN:
	case L2TP_CDN:
	case L2TP_WEN:
	case L2TP_SLI:
	case L2TP_MESSAGE_N:
		break;
	}
	return ok ? L2TP_ACCEPT_YES : L2TP_ACCEPT_NO;
}

/* RFC 2661 4.4.3, the lower value wins, equal values discard both, one value beats none. */
static enum l2tp_tie
answer_tie(struct ut_engine *e, const struct tunnel *t, const struct occasion *o)
{
	bool ours = engine_params(e, t->params)->tie_breaker;
	bool theirs = (o->message->present & L2TP_HAS(TIE_BREAKER)) != 0;

	if (!ours && !theirs)
		return L2TP_TIE_NONE;
	if (ours != theirs)
		return ours ? L2TP_TIE_WIN : L2TP_TIE_LOSE;
	if (t->tie_breaker == o->message->tie_breaker)
		return L2TP_TIE_EQUAL;
	return t->tie_breaker < o->message->tie_breaker ? L2TP_TIE_WIN : L2TP_TIE_LOSE;
}

static uint8_t
answer(struct ut_engine *e, const struct tunnel *t, uint8_t question, struct occasion *o)
{
	if (question == L2TP_CC_ASK_ACCEPT)
		return (uint8_t)answer_accept(e, t, o);
	if (question == L2TP_CC_ASK_TIE)
		return (uint8_t)answer_tie(e, t, o);
	return 0;
}

/* ---- what an end is put down to, when the row did not say ---- */

/* Some peers send the Result Code without htons (interop 25). */
static uint16_t
unswapped(uint16_t result)
{
	return result > UINT8_MAX && (result & UINT8_MAX) == 0 ? result >> 8 : result;
}

static struct ut_end
end_of_stopccn(const struct l2tp_message *m)
{
	struct ut_end end = { .cause = UT_CAUSE_REMOTE,
			      .scope = UT_END_STOPCCN_RECEIVED,
			      .result = unswapped(m->result),
			      .error = unswapped(m->error) };

	if (end.result == L2TP_STOPCCN_UNAUTHORIZED)
		end.cause = UT_CAUSE_CHALLENGE;
	return end;
}

static struct ut_end
end_of_fault(const struct l2tp_fault *fault, unsigned type, struct occasion *o)
{
	o->refuse = l2tp_fault_result(fault, type);
	return (struct ut_end){ .cause = UT_CAUSE_PROTOCOL,
				.scope = UT_END_STOPCCN_SENT,
				.result = o->refuse.result,
				.error = o->refuse.error };
}

/* Fills in o->end and o->refuse for events that end a tunnel whatever the answer. */
static void
blame(const struct tunnel *t, enum l2tp_cc_event event, struct occasion *o)
{
	if (event == L2TP_CC_EV_RX_STOPCCN && o->message != NULL) {
		o->end = end_of_stopccn(o->message);
	} else if (event == L2TP_CC_EV_RX_FAULT && o->fault != NULL) {
		o->end = end_of_fault(o->fault, o->message->type, o);
	} else if (event == L2TP_CC_EV_ADMIN_CLOSE || event == L2TP_CC_EV_NO_ANSWER) {
		o->end = t->end;
		o->refuse = (struct l2tp_result){ L2TP_STOPCCN_SHUTDOWN, 0 };
	} else if (o->refuse.result == 0) {
		o->refuse = (struct l2tp_result){ L2TP_STOPCCN_FSM, 0 };
		o->end = (struct ut_end){ .cause = UT_CAUSE_PROTOCOL,
					  .scope = UT_END_STOPCCN_SENT,
					  .result = L2TP_STOPCCN_FSM };
	}
}

/* ---- actions ---- */

static void
report_tunnel(struct step *st, struct tunnel *t, enum ut_report_kind kind, struct ut_slice text)
{
	struct ut_effect *fx = report_add_tunnel(st, kind, t);

	fx->local_tid = t->local_tid;
	fx->peer_tid = t->peer_tid;
	fx->path = t->path;
	fx->peer = t->peer;
	fx->end = t->end;
	fx->bytes = effect_copy(st, text, UT_HOST_NAME_MAX);
}

static void
tunnel_is_open(struct step *st, struct tunnel *t, const struct occasion *o)
{
	uint16_t hello_s = engine_params(st->e, t->params)->hello_s;
	struct ut_slice name = ut_slice(NULL, 0);

	if (o->message != NULL && (o->message->present & L2TP_HAS(HOST_NAME)) != 0)
		name = o->message->host_name;
	if (o->message != NULL) { /* not for a new call in an open tunnel */
		report_tunnel(st, t, UT_REPORT_TUNNEL_UP, name);
		work_client(st, t->client, UT_CLIENT_EV_TUNNEL_UP);
		timer_stop_tunnel(st, t, TIMER_END);
		if (hello_s > 0)
			timer_set_tunnel(st, t, TIMER_HELLO, hello_s * UINT32_C(1000));
	}
	t->cursor = UT_NONE;
	work_add(st, WORK_OPEN_SESSIONS, 0, tunnel_ref(st->e, t));
}

static void
clean_up(struct step *st, struct tunnel *t, const struct occasion *o)
{
	struct ut_slice text = ut_slice(NULL, 0);

	if ((t->flags & TUNNEL_DRAINING) != 0)
		return;
	t->flags |= TUNNEL_DRAINING;
	t->end = ut_end_merge(t->end, o->end);
	timer_stop_tunnel(st, t, TIMER_HELLO);
	timer_stop_tunnel(st, t, TIMER_END);
	timer_stop_tunnel(st, t, TIMER_CALLS);
	if (o->cc_event == L2TP_CC_EV_RX_STOPCCN) {
		/* RFC 2661 5.8, acknowledge, and go on acknowledging for a full cycle */
		t->flags |= TUNNEL_LINGERING;
		l2tp_transport_clear(&t->transport, &st->e->blocks, engine_blocks(st->e));
		timer_stop_tunnel(st, t, TIMER_RETRANSMIT);
		send_ack(st, t);
		text = o->message->error_message;
	}
	if (o->cc_event == L2TP_CC_EV_NO_ANSWER) {
		l2tp_transport_clear(&t->transport, &st->e->blocks, engine_blocks(st->e));
		timer_stop_tunnel(st, t, TIMER_RETRANSMIT);
	}
	report_tunnel(st, t, UT_REPORT_TUNNEL_ENDED, text);
	work_add(st, WORK_CLOSE_SESSIONS, 0, tunnel_ref(st->e, t));
}

/* RFC 2661 4.4.3: "silently discard": the tunnel starts afresh as the peer's, its sessions wait on. */
static void
discard(struct step *st, struct tunnel *t)
{
	l2tp_transport_clear(&t->transport, &st->e->blocks, engine_blocks(st->e));
	l2tp_transport_init(&t->transport, engine_params(st->e, t->params)->receive_window);
	timer_stop_tunnel(st, t, TIMER_RETRANSMIT);
	t->flags &= (uint8_t)~TUNNEL_CHALLENGED;
}

static void
act(struct step *st, struct tunnel *t, uint8_t action, struct occasion *o)
{
	switch ((enum l2tp_cc_action)action) {
	case L2TP_CC_DO_NOTHING:
		break;
	case L2TP_CC_DO_SEND_SCCRQ:
		send_cc(st, t, L2TP_SCCRQ, o);
		break;
	case L2TP_CC_DO_SEND_SCCRP:
		send_cc(st, t, L2TP_SCCRP, o);
		break;
	case L2TP_CC_DO_SEND_SCCCN:
		send_cc(st, t, L2TP_SCCCN, o);
		break;
	case L2TP_CC_DO_SEND_STOPCCN:
		send_cc(st, t, L2TP_STOPCCN, o);
		break;
	case L2TP_CC_DO_CLEAN_UP:
		clean_up(st, t, o);
		break;
	case L2TP_CC_DO_DISCARD:
		discard(st, t);
		break;
	case L2TP_CC_DO_TUNNEL_OPEN:
		tunnel_is_open(st, t, o);
		break;
	case L2TP_CC_DO_REQUEUE_SCCRQ:
		o->requeue = true;
		break;
	case L2TP_CC_DO_TURN_AWAY:
		o->turn_away = true;
		break;
	case L2TP_CC_ACTION_N:
		assert(false && "an action");
	}
}

void
cc_step(struct step *st, struct tunnel *t, enum l2tp_cc_event event, struct occasion *o)
{
	const struct ut_machine *m = &l2tp_cc_machine;
	uint8_t said = answer(st->e, t, ut_table_question(m, t->state, (uint8_t)event), o);
	const struct ut_row *row;

	o->cc_event = event;
	blame(t, event, o);
	row = machine_step(st, m, tunnel_ref(st->e, t), &t->state, (uint8_t)event, said);
	trace_owner(st, t->client, UT_NONE);
	for (unsigned k = 0; k < UT_ROW_ACTIONS && row->actions[k] != 0; k++)
		act(st, t, row->actions[k], o);
}
