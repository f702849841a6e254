/* track_pptp.c - PPTP's control connections: TCP put in order, messages, the connection's machine
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/track_internal.h"

enum { FIRST_OCTETS = 8, LENGTH_MAX = 1024 };

/* ---- whose it is ---- */

static void
init_machines(struct track_connection *c, bool is_learnt)
{
	c->is_learnt = is_learnt;
	track_machine_init(&c->ends[c->opener].machine, &pptp_cc_orig_machine, is_learnt);
	track_machine_init(&c->ends[1 - c->opener].machine, &pptp_cc_recv_machine, is_learnt);
	if (is_learnt)
		c->ends[0].machine.state = c->ends[1].machine.state = PPTP_CC_ESTABLISHED;
}

static struct track_connection *
begin_connection(struct tracker *t, const struct capture_packet *p, bool is_syn)
{
	struct track_connection *const c = track_connection_new(t, TRACK_PPTP, &p->from, &p->to);

	if (c == NULL)
		return NULL;
	c->opener = is_syn || p->to.port == PPTP_PORT ? 0 : 1;
	init_machines(c, !is_syn);
	return c;
}

static struct track_connection *
find_connection(struct tracker *t, const struct capture_packet *p, unsigned *from)
{
	const bool is_syn = (p->tcp_flags & (CAPTURE_SYN | CAPTURE_ACK)) == CAPTURE_SYN;

	for (unsigned way = 0; way < 2; way++) {
		const struct name_key key = way == 0 ? name_key_of_pair(NAME_TCP, &p->from, &p->to)
						     : name_key_of_pair(NAME_TCP, &p->to, &p->from);
		const struct name *const name = names_find(&t->names, &key);
		struct track_connection *const c = name != NULL ? name->owner : NULL;

		if (c == NULL)
			continue;
		*from = way;
		if (!is_syn || c->ending == TRACK_ENDING_OPEN)
			return c;
		track_connection_end(t, c, TRACK_ENDING_OPEN);
		break;
	}
	*from = 0;
	return is_syn || p->payload.n != 0 ? begin_connection(t, p, is_syn) : NULL;
}

/* ---- the connection's machine ---- */

static const uint8_t cc_events[PPTP_MESSAGE_N] = {
	[PPTP_SCCRQ] = PPTP_CC_EV_RX_SCCRQ,	  [PPTP_SCCRP] = PPTP_CC_EV_RX_SCCRP,
	[PPTP_STOPCCRQ] = PPTP_CC_EV_RX_STOPCCRQ, [PPTP_STOPCCRP] = PPTP_CC_EV_RX_STOPCCRP,
	[PPTP_ECHORQ] = PPTP_CC_EV_RX_ECHORQ,	  [PPTP_ECHORP] = PPTP_CC_EV_RX_ECHORP,
};
static const uint8_t cc_actions[PPTP_MESSAGE_N] = {
	[PPTP_SCCRQ] = PPTP_CC_DO_SEND_SCCRQ,	    [PPTP_SCCRP] = PPTP_CC_DO_SEND_SCCRP,
	[PPTP_STOPCCRQ] = PPTP_CC_DO_SEND_STOPCCRQ, [PPTP_STOPCCRP] = PPTP_CC_DO_SEND_STOPCCRP,
	[PPTP_ECHORQ] = PPTP_CC_DO_SEND_ECHORQ,	    [PPTP_ECHORP] = PPTP_CC_DO_SEND_ECHORP,
};

static bool
is_of_connection(enum pptp_message_type type)
{
	return cc_actions[type] != 0;
}

static uint8_t
answer_of_reply(const struct pptp_message *m)
{
	if (m->result == PPTP_SCCRP_OK || m->result == 0)
		return PPTP_REPLY_IS_OK;
	return m->result == PPTP_SCCRP_VERSION ? PPTP_REPLY_VERSION : PPTP_REPLY_REFUSES;
}

static void
send_control(struct tracker *t, struct track_connection *c, const struct track_news *n)
{
	const struct pptp_message *const m = n->pptp;
	const struct track_actor a = {
		.t = t, .connection = c, .end = n->from, .machine = &c->ends[n->from].machine
	};
	struct track_letter letter = { .time_ns = t->now_ns,
				       .position = n->position,
				       .event = cc_events[m->type],
				       .answer = TRACK_NO_ANSWER };
	uint8_t action = cc_actions[m->type];

	if (m->type == PPTP_SCCRP) {
		letter.answer = answer_of_reply(m);
		action = letter.answer == PPTP_REPLY_IS_OK ? action : (uint8_t)PPTP_CC_DO_SEND_SCCRP_ERROR;
	}
	track_pptp_send(&a, action, m->type);
	a.machine->sent |= UT_BIT(m->type);
	if (m->type == PPTP_STOPCCRQ && c->ended_by == TRACK_NOBODY) {
		c->ending = TRACK_ENDING_STOPPED;
		c->ended_by = n->from;
		c->has_result = true;
		c->result = m->result;
	}
	track_after(t, c, NULL, n->from);
	track_letter_post(t, c, 1 - n->from, &letter);
}

/* ---- the stream ---- */

/* Frames of a capture can lie in another order than they were sent in: the other end had this one before it sent what it
 * was seen to send.  Machines go by that. */
static bool
is_late(const struct track_connection *c, const struct track_news *n)
{
	const struct track_end *const to = &c->ends[1 - n->from];

	return to->has_acknowledged && (int32_t)(to->acknowledged - n->position) >= 0;
}

static void
take_message(struct tracker *t, struct track_connection *c, struct track_news *n)
{
	struct track_end *const e = &c->ends[n->from];

	n->what = TRACK_WHAT_MESSAGE;
	t->totals.pptp_messages++;
	if (is_late(c, n)) {
		n->what = TRACK_WHAT_LATE;
		e->messages++;
		e->late++;
		t->totals.late++;
		if (!is_of_connection(n->pptp->type))
			track_pptp_call_late(t, c, n);
		track_lose(c);
		return;
	}
	if (c->is_learnt && n->pptp->type == PPTP_SCCRQ && c->ends[0].messages + c->ends[1].messages == 0) {
		c->opener = n->from;
		init_machines(c, false);
	}
	e->messages++;
	if (n->pptp->protocol_version != 0 && n->pptp->protocol_version != PPTP_VERSION)
		track_find(t, TRACK_NOTE, "RFC 2637 2.1", "protocol version 0x%04x",
			   n->pptp->protocol_version);
	if (n->pptp->reserved0 != 0)
		track_find(t, TRACK_NOTE, "RFC 2637 2.1", "Reserved0 is not 0");
	if (is_of_connection(n->pptp->type))
		send_control(t, c, n);
	else
		track_pptp_call_send(t, c, n);
}

/* True if a message begins here, as far as can be seen. */
static bool
begins_message(struct ut_slice octets)
{
	unsigned length;

	if (octets.n < FIRST_OCTETS)
		return false;
	length = ut_get_u16(octets.p);
	return length >= PPTP_HEADER_OCTETS && length <= LENGTH_MAX &&
	       ut_get_u16(octets.p + 2) == PPTP_CONTROL_MESSAGE && ut_get_u32(octets.p + 4) == PPTP_COOKIE;
}

static struct track_news *
begin_news(struct tracker *t, const struct capture_packet *p, struct track_connection *c, unsigned from)
{
	struct track_news *const n = track_news_begin(t, p, TRACK_PPTP);

	n->connection = c;
	n->from = from;
	n->what = TRACK_WHAT_TCP;
	return n;
}

static void
tell_fault(struct tracker *t, struct track_end *e, const struct pptp_fault *fault)
{
	const char *const letters = pptp_message_letters(fault->number);

	e->faulty++;
	track_find(t, TRACK_VIOLATION, "RFC 2637 1.4", "malformed: %s%s%s, at offset %llu of the stream",
		   pptp_fault_sentence(fault->reason), letters != NULL ? ": " : "",
		   letters != NULL ? letters : "", (unsigned long long)fault->offset);
}

/* False: out of step; what follows cannot be read. */
static bool
read_one(struct tracker *t, const struct capture_packet *p, struct track_connection *c, unsigned from,
	 struct ut_slice *octets)
{
	struct track_end *const e = &c->ends[from];
	struct pptp_message message;
	struct pptp_fault fault;
	const enum pptp_stream_result result = pptp_stream_read(&e->pptp, octets, &message, &fault);
	struct track_news *n;

	if (result == PPTP_STREAM_MORE)
		return true;
	n = begin_news(t, p, c, from);
	n->position = e->stream.next - (uint32_t)octets->n;
	if (result == PPTP_STREAM_MESSAGE) {
		n->pptp = &message;
		take_message(t, c, n);
	} else {
		tell_fault(t, e, &fault);
	}
	track_news_tell(t);
	n->pptp = NULL;
	return result != PPTP_STREAM_LOST;
}

static void
fall_out_of_step(struct track_connection *c, unsigned from)
{
	memset(&c->ends[from].pptp, 0, sizeof c->ends[from].pptp);
	c->ends[from].is_in_step = false;
	track_lose(c);
}

static void
tell_gap(struct tracker *t, const struct capture_packet *p, struct track_connection *c, unsigned from,
	 uint64_t gap)
{
	struct track_news *const n = begin_news(t, p, c, from);

	n->missing = gap;
	t->totals.lost_octets += gap;
	c->ends[from].missing += gap;
	track_find(t, TRACK_NOTE, "", "%llu octets of the stream are not in the capture",
		   (unsigned long long)gap);
	track_news_tell(t);
	fall_out_of_step(c, from);
}

static void
read_stream(struct tracker *t, const struct capture_packet *p, struct track_connection *c, unsigned from)
{
	struct track_end *const e = &c->ends[from];
	struct ut_slice octets;
	uint64_t gap;

	while (stream_next(&e->stream, &octets, &gap)) {
		if (gap != 0)
			tell_gap(t, p, c, from, gap);
		if (!e->is_in_step && !begins_message(octets))
			continue;
		e->is_in_step = true;
		while (octets.n != 0)
			if (!read_one(t, p, c, from, &octets)) {
				fall_out_of_step(c, from);
				break;
			}
	}
}

/* ---- segments ---- */

static void
close_machine(struct tracker *t, struct track_connection *c, unsigned end)
{
	const struct track_actor a = {
		.t = t, .connection = c, .end = end, .machine = &c->ends[end].machine
	};

	if (!a.machine->is_over)
		track_machine_receive(&a, PPTP_CC_EV_TCP_CLOSED, TRACK_NO_ANSWER);
	a.machine->is_over = true;
	track_after(t, c, NULL, end);
}

void
track_pptp_close(struct tracker *t, struct track_connection *c)
{
	for (unsigned end = 0; end < 2; end++) {
		stream_end(&c->ends[end].stream);
		read_stream(t, t->news.packet, c, end);
	}
}

static void
take_end(struct tracker *t, const struct capture_packet *p, struct track_connection *c, unsigned from)
{
	const bool is_reset = (p->tcp_flags & CAPTURE_RST) != 0;

	if (c->ends[from].machine.is_over && c->ends[1 - from].machine.is_over)
		return;
	stream_end(&c->ends[from].stream);
	read_stream(t, p, c, from);
	(void)begin_news(t, p, c, from);
	track_letters_receive_all(t, c, 0);
	track_letters_receive_all(t, c, 1);
	if (c->ending == TRACK_ENDING_OPEN) {
		c->ending = is_reset ? TRACK_ENDING_RESET : TRACK_ENDING_TCP_CLOSED;
		c->ended_by = from;
	}
	close_machine(t, c, 0);
	close_machine(t, c, 1);
	track_news_tell(t);
	track_lose(c); /* what follows crossed this segment, or lay before it */
}

/* A stream whose SYN was missed begins at `next`; who knows what was before. */
static void
join_stream(struct track_connection *c, unsigned end, uint32_t next)
{
	if (c->ends[end].stream.is_begun)
		return;
	stream_begin(&c->ends[end].stream, next - 1);
	track_lose(c);
}

static void
take_octets(struct tracker *t, const struct capture_packet *p, struct track_connection *c, unsigned from)
{
	struct track_end *const e = &c->ends[from];
	const uint64_t before = e->stream.repeated;

	join_stream(c, from, p->tcp_sequence);
	stream_put(&e->stream, p->tcp_sequence, p->payload);
	if (e->stream.repeated != before) {
		e->repeated++;
		t->totals.repeated++;
	}
	read_stream(t, p, c, from);
}

/* What waited here for octets that this end has is read first. */
static void
take_acknowledgment(struct tracker *t, const struct capture_packet *p, struct track_connection *c,
		    unsigned from)
{
	const uint32_t acknowledgment = p->tcp_acknowledgment;
	struct track_end *const e = &c->ends[from];

	join_stream(c, 1 - from, acknowledgment);
	stream_acknowledged(&c->ends[1 - from].stream, acknowledgment);
	read_stream(t, p, c, 1 - from);
	(void)begin_news(t, p, c, from);
	track_letters_receive(t, c, from, acknowledgment);
	track_news_tell(t);
	if (stream_is_behind(&c->ends[1 - from].stream, acknowledgment))
		track_lose(c);
	if (!e->has_acknowledged || (int32_t)(acknowledgment - e->acknowledged) > 0)
		e->acknowledged = acknowledgment;
	e->has_acknowledged = true;
}

void
track_pptp(struct tracker *t, const struct capture_packet *packet)
{
	unsigned from;
	struct track_connection *const c = find_connection(t, packet, &from);

	if (c == NULL)
		return;
	track_touch(t, c);
	(void)begin_news(t, packet, c, from);
	if ((packet->tcp_flags & CAPTURE_SYN) != 0 && !c->ends[from].stream.is_begun) {
		stream_begin(&c->ends[from].stream, packet->tcp_sequence);
		c->ends[from].is_in_step = true;
	}
	track_news_tell(t);
	if ((packet->tcp_flags & CAPTURE_ACK) != 0)
		take_acknowledgment(t, packet, c, from);
	if (packet->payload.n != 0 && (packet->tcp_flags & CAPTURE_SYN) == 0)
		take_octets(t, packet, c, from);
	if ((packet->tcp_flags & (CAPTURE_FIN | CAPTURE_RST)) != 0)
		take_end(t, packet, c, from);
}
