/* track_l2tp_send.c - what an end of L2TP sends, held against its table
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/track_internal.h"

static bool
is_allowed_once_received(const struct track_actor *a, uint8_t action)
{
	struct track_connection *const c = a->t->news.connection;

	if (c->ends[a->end].letters_n == 0)
		return false;
	track_letters_receive_all(a->t, c, a->end);
	return track_machine_send(a, action) == TRACK_SENT_ALLOWED;
}

void
track_l2tp_send(const struct track_actor *a, uint8_t action, enum l2tp_message_type type, unsigned nr)
{
	if (a->machine->table == NULL || track_machine_send(a, action) == TRACK_SENT_ALLOWED)
		return;
	if (a->machine->is_learning) {
		track_machine_learn(a, action);
		return;
	}
	if (is_allowed_once_received(a, action)) {
		track_find(a->t, TRACK_NOTE, "RFC 2661 5.8", "its Nr %u does not acknowledge what it answers",
			   nr);
		return;
	}
	track_violation(a, action, type, l2tp_message_name(type));
}

/* ---- calls ---- */

static const struct {
	uint8_t event, action;
	bool is_outgoing, is_of_lac; /* what it tells of the call and of its sender */
	bool tells_kind;
} words[L2TP_MESSAGE_N] = {
	[L2TP_OCRQ] = { L2TP_SESSION_EV_RX_OCRQ, L2TP_SESSION_DO_SEND_OCRQ, true, false, true },
	[L2TP_OCRP] = { L2TP_SESSION_EV_RX_OCRP, L2TP_SESSION_DO_SEND_OCRP, true, true, true },
	[L2TP_OCCN] = { L2TP_SESSION_EV_RX_OCCN, L2TP_SESSION_DO_SEND_OCCN, true, true, true },
	[L2TP_ICRQ] = { L2TP_SESSION_EV_RX_ICRQ, L2TP_SESSION_DO_SEND_ICRQ, false, true, true },
	[L2TP_ICRP] = { L2TP_SESSION_EV_RX_ICRP, L2TP_SESSION_DO_SEND_ICRP, false, false, true },
	[L2TP_ICCN] = { L2TP_SESSION_EV_RX_ICCN, L2TP_SESSION_DO_SEND_ICCN, false, true, true },
	[L2TP_CDN] = { L2TP_SESSION_EV_RX_CDN, L2TP_SESSION_DO_SEND_CDN, false, false, false },
	[L2TP_WEN] = { L2TP_SESSION_EV_RX_WEN, 0, false, true, false },
	[L2TP_SLI] = { L2TP_SESSION_EV_RX_SLI, 0, false, false, false },
};

static void
set_kind(struct track_connection *c, struct track_session *s, bool is_outgoing, unsigned lac)
{
	const bool is_learning = c->is_learnt || s->is_learnt;

	s->is_kind_known = true;
	s->is_outgoing = is_outgoing;
	track_machine_init(&s->machines[lac], is_outgoing ? &l2tp_lac_oc_machine : &l2tp_lac_ic_machine,
			   is_learning);
	track_machine_init(&s->machines[1 - lac], is_outgoing ? &l2tp_lns_oc_machine : &l2tp_lns_ic_machine,
			   is_learning);
	if (is_learning)
		s->machines[0].state = s->machines[1].state = L2TP_SESSION_ESTABLISHED;
	if (c->caller == TRACK_NOBODY)
		c->caller = lac;
}

struct track_session *
track_l2tp_session_of_data(struct tracker *t, struct track_connection *c, unsigned to, unsigned id)
{
	struct track_session *s = track_find_half_session(c, to);

	if (s == NULL)
		s = track_session_new(t, c);
	if (s == NULL)
		return NULL;
	if (c->ends[0].missing + c->ends[1].missing !=
	    0) /* then it may well be of a call that was not seen */
		s->machines[0].is_learning = s->machines[1].is_learning = true;
	s->is_learnt = s->is_learnt || !s->is_kind_known;
	track_set_session_id(t, s, to, id);
	return s;
}

static struct track_session *
find_swapped(struct tracker *t, const struct track_connection *c, unsigned to, uint16_t id)
{
	const uint16_t other = (uint16_t)(id >> 8 | id << 8);
	struct track_session *const s = other != id ? track_find_session(t, c, to, other) : NULL;

	if (s == NULL)
		return NULL;
	track_find(t, TRACK_KNOWN, "", "swapped session id");
	track_find(t, TRACK_VIOLATION, "RFC 2661 4.4.4",
		   "sent to session 0x%04x, which nobody assigned: it is 0x%04x with its octets swapped", id,
		   other);
	return s;
}

/* True if every message there was is in the capture. */
static bool
is_whole(const struct track_connection *c)
{
	uint64_t amiss = 0;

	for (unsigned end = 0; end < 2; end++)
		amiss += c->ends[end].missing + c->ends[end].late + c->ends[end].faulty;
	return !c->is_learnt && amiss == 0;
}

/* To a session that is not known; a CDN may cross the other end's, which has forgotten it. */
static void
check_assigned(struct tracker *t, const struct track_connection *c, const struct track_news *n)
{
	if (is_whole(c) && n->message.type != L2TP_CDN && track_find_half_session(c, 1 - n->from) == NULL)
		track_find(t, TRACK_VIOLATION, "RFC 2661 3.1",
			   "%s sent %s to session %u, which nobody assigned", track_role(c, n->from),
			   l2tp_message_name(n->message.type), n->header.sid.v);
}

/* The session a message is about; one begins with its request. */
static struct track_session *
find(struct tracker *t, struct track_connection *c, const struct track_news *n)
{
	const unsigned to = 1 - n->from, id = n->header.sid.v;
	const bool has_assigned = (n->message.present & L2TP_HAS(ASSIGNED_SESSION_ID)) != 0;
	struct track_session *s;

	if (n->message.type == L2TP_ICRQ || n->message.type == L2TP_OCRQ)
		return track_session_new(t, c);
	if (id == 0 && has_assigned)
		return track_find_session(t, c, n->from, n->message.assigned_sid.v);
	s = track_find_session(t, c, to, id);
	if (s == NULL)
		s = find_swapped(t, c, to, (uint16_t)id);
	if (s == NULL && id != 0)
		check_assigned(t, c, n);
	return s != NULL || id == 0 ? s : track_l2tp_session_of_data(t, c, to, id);
}

/* Who sends a message of a call has its tunnel open, as far as a guess goes. */
static void
learn_place(struct track_machine *m)
{
	if (!m->is_learning)
		return;
	m->state = L2TP_CC_ESTABLISHED;
	m->pending = 0;
	m->is_learning = false;
}

static void
check_place(struct tracker *t, const struct track_connection *c, const struct track_news *n)
{
	const struct track_machine *const m = &c->ends[n->from].machine;
	const char *const role = track_role(c, n->from), *const name = l2tp_message_name(n->message.type);

	if (!m->is_learning && m->state != L2TP_CC_ESTABLISHED)
		track_find(t, TRACK_VIOLATION, "RFC 2661 7.2.1", "%s sent %s while its tunnel was %s", role,
			   name, m->is_over ? "closed" : m->table->states[m->state]);
	else if (n->message.type == L2TP_WEN && c->caller == 1 - n->from)
		track_find(t, TRACK_VIOLATION, "RFC 2661 6.13", "%s sent WEN, which is the LAC's", role);
	else if (n->message.type == L2TP_SLI && c->caller == n->from)
		track_find(t, TRACK_VIOLATION, "RFC 2661 6.14", "%s sent SLI, which is the LNS's", role);
}

static void
send_call(struct tracker *t, struct track_connection *c, struct track_session *s, const struct track_news *n)
{
	const enum l2tp_message_type type = n->message.type;
	const struct track_actor a = {
		.t = t, .connection = c, .session = s, .end = n->from, .machine = &s->machines[n->from]
	};

	if (words[type].action != 0)
		track_l2tp_send(&a, words[type].action, type, n->header.nr);
	if (a.machine->table == NULL && type == L2TP_CDN)
		a.machine->is_over = s->machines[1 - n->from].is_over = true;
	a.machine->sent |= UT_BIT(type);
	track_after(t, c, s, n->from);
}

void
track_l2tp_session_send(struct tracker *t, struct track_connection *c, struct track_news *n)
{
	const enum l2tp_message_type type = n->message.type;
	struct track_session *const s = find(t, c, n);
	struct track_letter letter = { .time_ns = t->now_ns,
				       .session = s,
				       .position = n->header.ns,
				       .event = words[type].event,
				       .answer = TRACK_NO_ANSWER,
				       .is_faulty = track_l2tp_is_faulty(n) };

	n->session = s;
	learn_place(&c->ends[n->from].machine);
	check_place(t, c, n);
	if (s == NULL) {
		if (!c->is_learnt)
			track_find(t, TRACK_NOTE, "", "of no session that is known");
		return;
	}
	if (!s->is_kind_known && words[type].tells_kind)
		set_kind(c, s, words[type].is_outgoing, words[type].is_of_lac ? n->from : 1 - n->from);
	if ((n->message.present & L2TP_HAS(ASSIGNED_SESSION_ID)) != 0 && !s->has_id[n->from])
		track_set_session_id(t, s, n->from, n->message.assigned_sid.v);
	send_call(t, c, s, n);
	if (s->machines[1 - n->from].table == NULL)
		letter.event = TRACK_NO_EVENT;
	track_letter_post(t, c, 1 - n->from, &letter);
}
