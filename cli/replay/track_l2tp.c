/* track_l2tp.c - L2TP datagrams: whose they are, and what Ns and Nr say of them
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/inspect/decode_avp.h"
#include "cli/replay/track_internal.h"

enum { HEADER_OCTETS_MIN = 6, BIT_LENGTH = 0x4000, VERSION_MASK = 0x000f };

static uint16_t
swapped(unsigned v)
{
	return (uint16_t)(v >> 8 | v << 8);
}

/* ---- whose it is ---- */

static struct name *
find_tunnel(const struct tracker *t, const struct capture_end *to, const struct capture_end *from,
	    unsigned id)
{
	const struct name_key key = name_key_of_id(NAME_TUNNEL, to, from, id);

	return names_find(&t->names, &key);
}

/* On a port that is not L2TP's: the id of a tunnel that is known there. */
bool
track_l2tp_is_ours(const struct tracker *t, const struct capture_packet *packet)
{
	const struct ut_slice d = packet->payload;
	unsigned flags, id;

	if (t->connections_n == 0 || d.n < HEADER_OCTETS_MIN)
		return false;
	flags = ut_get_u16(d.p);
	if ((flags & VERSION_MASK) != 2)
		return false;
	id = ut_get_u16(d.p + ((flags & BIT_LENGTH) != 0 ? 4 : 2));
	return find_tunnel(t, &packet->to, &packet->from, id) != NULL;
}

/* A connection between these ends of which `end_is_to` the receiver's id is not known, or, with `assigned` not 0, to
 * which the sender gave that id. */
static struct track_connection *
find_pair(const struct tracker *t, const struct track_news *n, unsigned assigned, unsigned *from)
{
	const struct capture_packet *const p = n->packet;

	for (unsigned way = 0; way < 2; way++) {
		const struct name_key key = way == 0 ? name_key_of_pair(NAME_PAIR, &p->from, &p->to)
						     : name_key_of_pair(NAME_PAIR, &p->to, &p->from);

		for (struct name *name = names_find(&t->names, &key); name != NULL; name = names_next(name)) {
			struct track_connection *const c = name->owner;

			if (assigned != 0 && c->ends[way].has_id && c->ends[way].id != assigned)
				continue;
			if (assigned == 0 && c->ends[1 - way].has_id)
				continue;
			*from = way;
			return c;
		}
	}
	return NULL;
}

static unsigned
assigned_tunnel(const struct track_news *n)
{
	return (n->message.present & L2TP_HAS(ASSIGNED_TUNNEL_ID)) != 0 ? n->message.assigned_tid.v : 0;
}

static struct track_connection *
begin_connection(struct tracker *t, const struct track_news *n, bool is_learnt)
{
	struct track_connection *const c =
	    track_connection_new(t, TRACK_L2TP, &n->packet->from, &n->packet->to);

	if (c == NULL)
		return NULL;
	c->is_learnt = is_learnt;
	for (unsigned i = 0; i < 2; i++) {
		track_machine_init(&c->ends[i].machine, &l2tp_cc_machine, is_learnt);
		if (is_learnt)
			c->ends[i].machine.state = L2TP_CC_ESTABLISHED;
		c->ends[i].is_numbered = !is_learnt;
	}
	return c;
}

static struct track_connection *
open_connection(struct tracker *t, const struct track_news *n, unsigned id)
{
	struct track_connection *const c = begin_connection(t, n, false);

	if (c == NULL)
		return NULL;
	c->opener = 0;
	if (id != 0)
		track_set_tunnel_id(t, c, 0, id);
	return c;
}

/* An SCCRQ: of a connection already there, or of a new one, whose ids may have been used before. */
static struct track_connection *
find_by_request(struct tracker *t, const struct track_news *n, unsigned *from)
{
	const unsigned id = assigned_tunnel(n);
	struct name *const name = id != 0 ? find_tunnel(t, &n->packet->from, &n->packet->to, id) : NULL;
	struct track_connection *c;

	*from = 0;
	if (name == NULL) {
		c = id == 0 ? find_pair(t, n, 0, from) : NULL;
		return c != NULL && c->opener == *from ? c : open_connection(t, n, id);
	}
	c = name->owner;
	*from = name->end;
	if (c->opener == name->end && !c->ends[name->end].machine.is_over)
		return c;
	track_connection_end(t, c, TRACK_ENDING_REPLACED);
	*from = 0;
	return open_connection(t, n, id);
}

/* The capture begins in its middle. */
static struct track_connection *
learn_connection(struct tracker *t, const struct track_news *n, unsigned *from)
{
	struct track_connection *const c = begin_connection(t, n, true);

	*from = 0;
	if (c != NULL && n->header.tid.v != 0)
		track_set_tunnel_id(t, c, 1, n->header.tid.v);
	return c;
}

static struct track_connection *
find_by_id(struct tracker *t, const struct track_news *n, unsigned *from)
{
	const struct capture_packet *const p = n->packet;
	const struct name *name = find_tunnel(t, &p->to, &p->from, n->header.tid.v);
	struct track_connection *c;

	if (name != NULL) {
		*from = 1u - name->end;
		return name->owner;
	}
	c = find_pair(t, n, 0, from);
	if (c != NULL)
		track_set_tunnel_id(t, c, 1 - *from, n->header.tid.v);
	return c;
}

/* The id with its octets swapped is one that the receiver did assign: NULL if not. */
static struct track_connection *
find_swapped(struct tracker *t, const struct track_news *n, unsigned *from)
{
	const struct capture_packet *const p = n->packet;
	const uint16_t id = n->header.tid.v, other = swapped(id);
	const struct name *name;

	if (other == id || find_tunnel(t, &p->to, &p->from, id) != NULL)
		return NULL;
	name = find_tunnel(t, &p->to, &p->from, other);
	if (name == NULL)
		return NULL;
	*from = 1u - name->end;
	track_find(t, TRACK_KNOWN, "", "swapped tunnel id");
	track_find(t, TRACK_VIOLATION, "RFC 2661 4.4.3",
		   "sent to tunnel 0x%04x, which nobody assigned: it is 0x%04x with its octets swapped", id,
		   other);
	return name->owner;
}

static struct track_connection *
find_connection(struct tracker *t, const struct track_news *n, unsigned *from)
{
	struct track_connection *c;

	if (n->header.is_control && n->message.type == L2TP_SCCRQ)
		return find_by_request(t, n, from);
	if (n->header.tid.v == 0) {
		c = find_pair(t, n, assigned_tunnel(n), from);
		return c != NULL ? c : learn_connection(t, n, from);
	}
	c = find_swapped(t, n, from);
	if (c == NULL)
		c = find_by_id(t, n, from);
	return c != NULL ? c : learn_connection(t, n, from);
}

/* ---- Ns and Nr ---- */

static bool
was_seen(const struct track_end *e, unsigned behind)
{
	return behind > TRACK_SEEN || (e->seen >> (behind - 1) & 1) != 0;
}

static void
go_to(struct track_end *e, unsigned ahead)
{
	e->seen = ahead < TRACK_SEEN ? e->seen << ahead : 0;
	e->next_ns = (uint16_t)(e->next_ns + ahead);
}

static enum track_what
place_message(struct track_end *e, uint16_t ns, uint64_t *missing)
{
	const int16_t ahead = (int16_t)(uint16_t)(ns - e->next_ns);

	if (!e->is_numbered) {
		e->is_numbered = true;
		e->next_ns = ns;
		e->seen = 0;
		return place_message(e, ns, missing);
	}
	if (ahead < 0) {
		const unsigned behind = (unsigned)(-ahead);

		if (was_seen(e, behind))
			return TRACK_WHAT_REPEATED;
		e->seen |= (uint64_t)1 << (behind - 1);
		return TRACK_WHAT_LATE;
	}
	*missing = (uint16_t)ahead;
	go_to(e, (uint16_t)ahead + 1);
	e->seen |= 1;
	return TRACK_WHAT_MESSAGE;
}

/* A ZLB bears the number of the next message: one further on shows that messages are missing. */
static void
place_zlb(struct track_end *e, uint16_t ns, uint64_t *missing)
{
	const int16_t ahead = (int16_t)(uint16_t)(ns - e->next_ns);

	if (!e->is_numbered) {
		e->is_numbered = true;
		e->next_ns = ns;
	} else if (ahead > 0) {
		*missing = (uint16_t)ahead;
		go_to(e, (uint16_t)ahead);
	}
}

static void
look_at_nr(struct tracker *t, struct track_connection *c, unsigned from, uint16_t nr)
{
	struct track_end *const other = &c->ends[1 - from];
	const int16_t ahead = (int16_t)(uint16_t)(nr - other->next_ns);

	if (!other->is_numbered) {
		other->is_numbered = true;
		other->next_ns = nr;
		other->seen = UINT64_MAX; /* acknowledged, so what comes of them is a repetition */
	} else if (ahead > 0) {
		other->missing += (uint16_t)ahead;
		t->totals.missing += (uint16_t)ahead;
		go_to(other, (uint16_t)ahead);
		track_lose(c);
		track_find(t, TRACK_NOTE, "RFC 2661 5.8",
			   "acknowledges %d message%s that the capture has not, or that nobody sent", ahead,
			   ahead == 1 ? "" : "s");
	}
	track_letters_receive(t, c, from, nr);
}

static void
place(struct tracker *t, struct track_connection *c, struct track_news *n)
{
	struct track_end *const e = &c->ends[n->from];

	if (n->message.type == L2TP_ZLB) {
		n->what = TRACK_WHAT_ZLB;
		e->zlbs++;
		t->totals.l2tp_zlbs++;
		place_zlb(e, n->header.ns, &n->missing);
	} else {
		n->what = place_message(e, n->header.ns, &n->missing);
		e->messages++;
	}
	e->missing += n->missing;
	e->repeated += n->what == TRACK_WHAT_REPEATED;
	e->late += n->what == TRACK_WHAT_LATE;
	t->totals.missing += n->missing;
	t->totals.repeated += n->what == TRACK_WHAT_REPEATED;
	t->totals.late += n->what == TRACK_WHAT_LATE;
	if (n->what == TRACK_WHAT_REPEATED)
		track_letter_repeated(c, 1 - n->from, n->header.ns);
}

/* ---- the control connection's machine ---- */

static const struct {
	uint8_t event, action;
} cc_words[L2TP_MESSAGE_N] = {
	[L2TP_SCCRQ] = { L2TP_CC_EV_RX_SCCRQ, L2TP_CC_DO_SEND_SCCRQ },
	[L2TP_SCCRP] = { L2TP_CC_EV_RX_SCCRP, L2TP_CC_DO_SEND_SCCRP },
	[L2TP_SCCCN] = { L2TP_CC_EV_RX_SCCCN, L2TP_CC_DO_SEND_SCCCN },
	[L2TP_STOPCCN] = { L2TP_CC_EV_RX_STOPCCN, L2TP_CC_DO_SEND_STOPCCN },
	[L2TP_HELLO] = { L2TP_CC_EV_RX_HELLO, 0 },
};

static void
send_control(struct tracker *t, struct track_connection *c, const struct track_news *n)
{
	const enum l2tp_message_type type = n->message.type;
	const struct track_actor a = {
		.t = t, .connection = c, .end = n->from, .machine = &c->ends[n->from].machine
	};

	if (cc_words[type].action != 0)
		track_l2tp_send(&a, cc_words[type].action, type, n->header.nr);
	else if (a.machine->is_learning)
		a.machine->state = L2TP_CC_ESTABLISHED;
	a.machine->sent |= UT_BIT(type);
	if (type == L2TP_STOPCCN) {
		c->ending = TRACK_ENDING_STOPPED;
		c->ended_by = c->ended_by == TRACK_NOBODY ? n->from : c->ended_by;
		c->has_result = (n->message.present & L2TP_HAS(RESULT_CODE)) != 0;
		c->result = n->message.result;
		c->error = c->has_result && n->message.has_error ? n->message.error : 0;
	}
	track_after(t, c, NULL, n->from);
}

static void
post_control(struct tracker *t, struct track_connection *c, const struct track_news *n)
{
	const struct track_letter letter = { .time_ns = t->now_ns,
					     .position = n->header.ns,
					     .event = cc_words[n->message.type].event,
					     .answer = TRACK_NO_ANSWER,
					     .is_faulty = track_l2tp_is_faulty(n) };

	track_letter_post(t, c, 1 - n->from, &letter);
}

static void
learn_tunnel_id(struct tracker *t, struct track_connection *c, const struct track_news *n)
{
	struct track_end *const e = &c->ends[n->from];
	const unsigned id = assigned_tunnel(n);

	if (id != 0 && !e->has_id) {
		e->at = n->packet->from; /* some answer from another port */
		track_l2tp_tie_free_ids(t, c);
		track_set_tunnel_id(t, c, n->from, id);
	}
}

static void
take_new(struct tracker *t, struct track_connection *c, struct track_news *n)
{
	learn_tunnel_id(t, c, n);
	track_l2tp_prove(t, c, n);
	track_l2tp_tie_check(t, c, n);
	if (n->message.type == L2TP_MESSAGE_N) {
		track_lose(c); /* nobody knows what it meant */
		return;
	}
	if (l2tp_message_is_session(n->message.type)) {
		track_l2tp_session_send(t, c, n);
		return;
	}
	send_control(t, c, n);
	post_control(t, c, n);
	if (n->message.type == L2TP_SCCRQ)
		track_l2tp_tie(t, c, &n->message);
}

/* A note only: acknowledgments that the capture missed cannot be told from those that were not there. */
static void
look_at_window(struct tracker *t, const struct track_connection *c, const struct track_news *n)
{
	enum { NOT_SAID = 4 }; /* RFC 2661 4.4.3 */
	const struct track_end *const to = &c->ends[1 - n->from];
	const unsigned window = to->window != 0 ? to->window : NOT_SAID;

	if (to->letters_n == window + 1)
		track_find(t, TRACK_NOTE, "RFC 2661 5.8",
			   "%u messages are under way, and the window of %s is %u", to->letters_n,
			   track_role(c, 1 - n->from), window);
}

static struct track_said *
said_with(struct track_end *e, uint16_t ns)
{
	return &e->said[ns % TRACK_SEEN];
}

static void
remember(struct track_end *e, const struct track_news *n)
{
	*said_with(e, n->header.ns) = (struct track_said){ .ns = n->header.ns,
							   .sid = n->header.sid.v,
							   .type = (uint8_t)n->message.type,
							   .is_known = n->message.type != L2TP_MESSAGE_N };
}

/* What is sent again may differ in its Nr only. */
static void
check_repetition(struct tracker *t, struct track_end *e, const struct track_news *n)
{
	const struct track_said *const before = said_with(e, n->header.ns);

	if (n->what != TRACK_WHAT_REPEATED || !before->is_known || before->ns != n->header.ns ||
	    n->message.type == L2TP_MESSAGE_N)
		return;
	if (before->type == n->message.type && before->sid == n->header.sid.v)
		return;
	track_find(t, TRACK_VIOLATION, "RFC 2661 5.8",
		   "Ns %u again, which was that of its %s: this %s is taken for a duplicate", n->header.ns,
		   l2tp_message_name(before->type), l2tp_message_name(n->message.type));
}

static void
take_control(struct tracker *t, struct track_connection *c, struct track_news *n)
{
	t->totals.l2tp_control++;
	c->ends[n->from].faulty += track_l2tp_is_faulty(n);
	place(t, c, n);
	look_at_nr(t, c, n->from, n->header.nr);
	if (n->missing != 0 || n->what == TRACK_WHAT_LATE)
		track_lose(c);
	if (n->message.type != L2TP_ZLB)
		track_l2tp_check(t, n);
	if ((n->message.present & L2TP_HAS(RECEIVE_WINDOW_SIZE)) != 0)
		c->ends[n->from].window = n->message.receive_window;
	check_repetition(t, &c->ends[n->from], n);
	if (n->what == TRACK_WHAT_MESSAGE || n->what == TRACK_WHAT_LATE)
		remember(&c->ends[n->from], n);
	if (n->what != TRACK_WHAT_MESSAGE)
		return;
	take_new(t, c, n);
	look_at_window(t, c, n);
}

/* ---- data ---- */

static void
count_sequence(struct track_flow *f, uint16_t ns)
{
	const int16_t ahead = (int16_t)(uint16_t)(ns - (uint16_t)f->next);

	if (f->has_next && ahead < 0) {
		f->late++;
		return;
	}
	if (f->has_next)
		f->missing += (uint16_t)ahead;
	f->has_next = true;
	f->next = (uint16_t)(ns + 1);
}

static void
take_data(struct tracker *t, struct track_connection *c, struct track_news *n)
{
	const unsigned to = 1 - n->from, id = n->header.sid.v;
	struct track_session *s = track_find_session(t, c, to, id);

	t->totals.l2tp_data++;
	c->data_frames[n->from]++;
	n->what = TRACK_WHAT_DATA;
	if (s == NULL)
		s = track_l2tp_session_of_data(t, c, to, id);
	n->session = s;
	if (s == NULL)
		return;
	if (n->header.has_sequence)
		count_sequence(&s->flows[n->from], n->header.ns);
	track_frame(t, s, n->from, n->header.payload);
}

/* ---- a datagram ---- */

/* False: there is nothing to go by. */
static bool
read_header(struct track_news *n)
{
	n->datagram = n->packet->payload;
	n->has_header = true;
	if (l2tp_header_decode(n->datagram, &n->header, &n->fault) == L2TP_FAULT_NONE)
		return true;
	n->has_fault = true;
	if (decode_header_mend(n->datagram, &n->header, &n->fault))
		return true;
	n->has_header = n->header.version != 0;
	return false;
}

/* The decoder stops at the first fault; how a call or tunnel ended is told behind it, as far as it can be read. */
static void
read_result_behind(struct track_news *n)
{
	struct l2tp_message *const m = &n->message;
	struct l2tp_avp_walk walk;
	struct l2tp_avp avp;

	l2tp_avp_walk_init(&walk, &n->header, n->datagram);
	while ((m->present & L2TP_HAS(RESULT_CODE)) == 0 && l2tp_avp_walk_next(&walk, &avp)) {
		if (avp.vendor != 0 || avp.type != L2TP_AVP_RESULT_CODE || avp.value.n < 2 ||
		    (avp.flags & L2TP_AVP_BIT_H) != 0)
			continue;
		m->present |= L2TP_HAS(RESULT_CODE);
		m->result = ut_get_u16(avp.value.p);
		m->has_error = avp.value.n >= 4;
		m->error = m->has_error ? ut_get_u16(avp.value.p + 2) : 0;
	}
}

static void
read_message(struct track_news *n)
{
	struct l2tp_fault fault;
	const enum l2tp_fault_reason reason =
	    l2tp_message_decode(n->datagram, &n->header, NULL, &n->message, &fault);

	if (reason == L2TP_FAULT_NONE)
		return;
	read_result_behind(n);
	if (n->has_fault)
		return;
	n->fault = fault;
	n->has_fault = true;
}

static void
take_stray(struct tracker *t, struct track_news *n)
{
	t->totals.strays++;
	if (n->fault.reason == L2TP_FAULT_VERSION) {
		t->totals.l2tp_other_version++;
		track_find(t, TRACK_NOTE, "", "version %u, not L2TPv2: not followed", n->header.version);
	} else {
		track_l2tp_check(t, n);
	}
	track_news_tell(t);
}

void
track_l2tp(struct tracker *t, const struct capture_packet *packet)
{
	struct track_news *const n = track_news_begin(t, packet, TRACK_L2TP);
	struct track_connection *c;

	if (!read_header(n)) {
		take_stray(t, n);
		return;
	}
	if (n->header.is_control)
		read_message(n);
	c = find_connection(t, n, &n->from);
	n->connection = c;
	if (c == NULL)
		return;
	track_touch(t, c);
	track_l2tp_unhide(t, c, n);
	if (n->header.is_control)
		take_control(t, c, n);
	else
		take_data(t, c, n);
	track_news_tell(t);
}
