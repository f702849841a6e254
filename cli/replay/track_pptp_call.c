/* track_pptp_call.c - PPTP's calls, and the frames in their GRE tunnel
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/track_internal.h"

/* ---- what an end sends, held against its table ---- */

void
track_pptp_send(const struct track_actor *a, uint8_t action, enum pptp_message_type type)
{
	struct track_connection *const c = a->t->news.connection;

	if (a->machine->table == NULL || track_machine_send(a, action) == TRACK_SENT_ALLOWED)
		return;
	if (a->machine->is_learning) {
		track_machine_learn(a, action);
		return;
	}
	track_letters_receive_all(a->t, c, a->end); /* an acknowledgment may come with the answer itself */
	if (track_machine_send(a, action) == TRACK_SENT_ALLOWED)
		return;
	track_violation(a, action, type, pptp_message_letters(type));
}

/* ---- calls ---- */

static const struct {
	uint8_t event, action, refusal; /* refusal: the action where the Result Code is not 1 */
	bool tells_kind, is_outgoing, is_of_pns;
} words[PPTP_MESSAGE_N] = {
	[PPTP_OCRQ] = { PPTP_CALL_EV_RX_OCRQ, PPTP_CALL_DO_SEND_OCRQ, 0, true, true, true },
	[PPTP_OCRP] = { PPTP_CALL_EV_RX_OCRP, PPTP_CALL_DO_SEND_OCRP, PPTP_CALL_DO_SEND_OCRP_ERROR, true,
			true, false },
	[PPTP_ICRQ] = { PPTP_CALL_EV_RX_ICRQ, PPTP_CALL_DO_SEND_ICRQ, 0, true, false, false },
	[PPTP_ICRP] = { PPTP_CALL_EV_RX_ICRP, PPTP_CALL_DO_SEND_ICRP, PPTP_CALL_DO_SEND_ICRP_ERROR, true,
			false, true },
	[PPTP_ICCN] = { PPTP_CALL_EV_RX_ICCN, PPTP_CALL_DO_SEND_ICCN, 0, true, false, false },
	[PPTP_CCRQ] = { PPTP_CALL_EV_RX_CCRQ, PPTP_CALL_DO_SEND_CCRQ, 0, false, false, true },
	[PPTP_CDN] = { PPTP_CALL_EV_RX_CDN, PPTP_CALL_DO_SEND_CDN, 0, false, false, false },
	[PPTP_WEN] = { PPTP_CALL_EV_RX_NOTE, 0, 0, false, false, false },
	[PPTP_SLI] = { PPTP_CALL_EV_RX_NOTE, 0, 0, false, false, true },
};

static void
set_kind(struct track_connection *c, struct track_session *s, bool is_outgoing, unsigned pns)
{
	const bool is_learning = c->is_learnt || s->is_learnt;

	s->is_kind_known = true;
	s->is_outgoing = is_outgoing;
	track_machine_init(&s->machines[pns], is_outgoing ? &pptp_pns_oc_machine : &pptp_pns_ic_machine,
			   is_learning);
	track_machine_init(&s->machines[1 - pns], is_outgoing ? &pptp_pac_oc_machine : &pptp_pac_ic_machine,
			   is_learning);
	if (is_learning)
		s->machines[0].state = s->machines[1].state = PPTP_CALL_ESTABLISHED;
	if (c->caller == TRACK_NOBODY)
		c->caller = pns;
}

/* The call to which `end` gave that id. */
static struct track_session *
find_call(const struct tracker *t, const struct capture_end *end, const struct capture_end *other,
	  unsigned id)
{
	const struct name_key key = name_key_of_id(NAME_CALL, end, other, id);
	const struct name *const name = names_find(&t->names, &key);

	return name != NULL ? name->owner : NULL;
}

static struct track_session *
find_of_end(const struct tracker *t, const struct track_connection *c, unsigned end, unsigned id)
{
	struct track_session *const s = find_call(t, &c->ends[end].at, &c->ends[1 - end].at, id);

	return s != NULL && s->connection == c ? s : NULL;
}

/* RFC 2637 2.12, 2.13: the sender's Call ID; some send the other end's (interop 40). */
static struct track_session *
find_cleared(struct tracker *t, const struct track_connection *c, const struct track_news *n)
{
	const unsigned id = n->pptp->call_id.v;
	struct track_session *s = find_of_end(t, c, n->from, id);

	if (s != NULL)
		return s;
	s = find_of_end(t, c, 1 - n->from, id);
	if (s != NULL) {
		track_find(t, TRACK_NOTE, "RFC 2637 2.13", "its Call ID %u is the other end's", id);
		return s;
	}
	s = find_of_end(t, c, n->from, (id & 0xff) << 8 | id >> 8);
	if (s != NULL) {
		track_find(t, TRACK_KNOWN, "", "swapped call id");
		track_find(t, TRACK_VIOLATION, "RFC 2637 2.12",
			   "Call ID 0x%04x is 0x%04x with its octets swapped", id,
			   (id & 0xff) << 8 | id >> 8);
	}
	return s;
}

static struct track_session *
find(struct tracker *t, struct track_connection *c, const struct track_news *n)
{
	const unsigned id = n->pptp->peer_call_id.v, to = 1 - n->from;
	struct track_session *s;

	if (n->pptp->type == PPTP_OCRQ || n->pptp->type == PPTP_ICRQ)
		return track_session_new(t, c);
	if (n->pptp->type == PPTP_CCRQ || n->pptp->type == PPTP_CDN)
		return find_cleared(t, c, n);
	s = find_of_end(t, c, to, id);
	if (s != NULL || !c->ends[0].machine.is_learning)
		return s;
	s = track_session_new(t, c);
	if (s != NULL) {
		s->is_learnt = true;
		track_set_call_id(t, s, to, id);
	}
	return s;
}

static bool
is_refusal(const struct pptp_message *m)
{
	return words[m->type].refusal != 0 && m->result != 1 && (m->type != PPTP_OCRP || m->result != 0);
}

static bool
has_own_id(enum pptp_message_type type)
{
	return type == PPTP_OCRQ || type == PPTP_OCRP || type == PPTP_ICRQ || type == PPTP_ICRP;
}

static void
send_call(struct tracker *t, struct track_connection *c, struct track_session *s, const struct track_news *n)
{
	const enum pptp_message_type type = n->pptp->type;
	const struct track_actor a = {
		.t = t, .connection = c, .session = s, .end = n->from, .machine = &s->machines[n->from]
	};
	struct track_letter letter = { .time_ns = t->now_ns,
				       .session = s,
				       .position = n->position,
				       .event = words[type].event,
				       .answer = TRACK_NO_ANSWER };

	if (type == PPTP_OCRP)
		letter.answer = is_refusal(n->pptp) ? PPTP_DATA_NO : PPTP_DATA_YES;
	else if (type == PPTP_ICRP && is_refusal(n->pptp))
		letter.answer = PPTP_DATA_NO;
	if (words[type].action != 0)
		track_pptp_send(&a, is_refusal(n->pptp) ? words[type].refusal : words[type].action, type);
	a.machine->sent |= UT_BIT(type);
	if (s->machines[1 - n->from].table == NULL)
		letter.event = TRACK_NO_EVENT;
	track_after(t, c, s, n->from);
	track_letter_post(t, c, 1 - n->from, &letter);
}

/* What the message tells of a call: its kind, and an id. */
static void
name_call(struct tracker *t, struct track_connection *c, struct track_session *s, const struct track_news *n)
{
	const enum pptp_message_type type = n->pptp->type;

	if (!s->is_kind_known && words[type].tells_kind)
		set_kind(c, s, words[type].is_outgoing, words[type].is_of_pns ? n->from : 1 - n->from);
	if (has_own_id(type) && !s->has_id[n->from])
		track_set_call_id(t, s, n->from, n->pptp->call_id.v);
}

void
track_pptp_call_late(struct tracker *t, struct track_connection *c, struct track_news *n)
{
	if (has_own_id(n->pptp->type))
		n->session = find_of_end(t, c, n->from, n->pptp->call_id.v);
	if (n->session == NULL)
		n->session = find(t, c, n);
	if (n->session != NULL)
		name_call(t, c, n->session, n);
}

void
track_pptp_call_send(struct tracker *t, struct track_connection *c, struct track_news *n)
{
	const enum pptp_message_type type = n->pptp->type;
	const struct track_machine *const m = &c->ends[n->from].machine;
	struct track_session *const s = find(t, c, n);

	n->session = s;
	if (!m->is_learning && m->state == m->table->initial)
		track_find(t, TRACK_VIOLATION, track_rule_of(m->table),
			   "%s sent %s while its connection was %s", track_role(c, n->from),
			   pptp_message_letters(type), m->is_over ? "closed" : "not established");
	if (s == NULL) {
		if (!c->is_learnt)
			track_find(t, TRACK_NOTE, "", "of no call that is known");
		return;
	}
	name_call(t, c, s, n);
	send_call(t, c, s, n);
}

/* ---- GRE ---- */

static void
count_sequence(struct track_flow *f, uint32_t sequence)
{
	const int32_t ahead = (int32_t)(sequence - f->next);

	if (f->has_next && ahead < 0) {
		f->late++;
		return;
	}
	if (f->has_next)
		f->missing += (uint32_t)ahead;
	f->has_next = true;
	f->next = sequence + 1;
}

/* Frames without their control connection: a connection that only stands for them. */
static struct track_session *
learn_call(struct tracker *t, const struct capture_packet *p, unsigned id)
{
	struct track_connection *c;
	struct track_session *s;
	unsigned from = 0;
	const struct name_key there = name_key_of_pair(NAME_TCP, &p->from, &p->to);
	const struct name_key here = name_key_of_pair(NAME_TCP, &p->to, &p->from);
	const struct name *name = names_find(&t->names, &there);

	if (name == NULL) {
		name = names_find(&t->names, &here);
		from = name != NULL ? 1 : 0;
	}
	c = name != NULL ? name->owner : track_connection_new(t, TRACK_PPTP, &p->from, &p->to);
	if (c == NULL)
		return NULL;
	c->is_learnt = true;
	s = track_find_half_session(c, 1 - from);
	if (s == NULL)
		s = track_session_new(t, c);
	if (s != NULL) {
		s->is_learnt = true;
		track_set_call_id(t, s, 1 - from, id);
	}
	return s;
}

static void
take_gre(struct tracker *t, const struct capture_packet *p, struct track_news *n)
{
	const unsigned id = n->gre.call_id.v;
	struct track_session *s = find_call(t, &p->to, &p->from, id);

	t->totals.gre_data++;
	if (s == NULL)
		s = learn_call(t, p, id);
	if (s == NULL)
		return;
	n->session = s;
	n->connection = s->connection;
	n->from = capture_end_has_address_of(&s->connection->ends[0].at, &p->from) ? 0 : 1;
	n->what = TRACK_WHAT_DATA;
	track_touch(t, s->connection);
	if (!n->gre.has_sequence)
		return;
	s->connection->data_frames[n->from]++;
	count_sequence(&s->flows[n->from], n->gre.sequence);
	track_frame(t, s, n->from, n->gre.payload);
}

/* Not another GRE's; what is too short to tell is nobody's. */
static bool
is_enhanced(struct ut_slice packet)
{
	enum { TYPE_OCTETS = 4, VERSION = 7 };

	return packet.n >= TYPE_OCTETS && (packet.p[1] & VERSION) == 1 &&
	       ut_get_u16(packet.p + 2) == GRE_TYPE_PPP;
}

void
track_gre(struct tracker *t, const struct capture_packet *packet)
{
	struct track_news *const n = track_news_begin(t, packet, TRACK_PPTP);
	struct gre_fault fault;
	const enum gre_fault_reason reason = gre_header_decode(packet->payload, &n->gre, &fault);
	const bool is_cut = reason == GRE_FAULT_PAYLOAD_LENGTH && capture_is_cut(packet);

	n->is_gre = true;
	if (!is_enhanced(packet->payload))
		return;
	if (reason != GRE_FAULT_NONE)
		track_find(t, is_cut || capture_is_cut(packet) ? TRACK_NOTE : TRACK_VIOLATION, "RFC 2637 4.1",
			   "malformed GRE: %s, at offset %u", gre_fault_sentence(reason), fault.offset);
	if (reason == GRE_FAULT_NONE || is_cut)
		take_gre(t, packet, n);
	else
		t->totals.strays++;
	track_news_tell(t);
}
