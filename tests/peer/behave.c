/* behave.c - what real peers do and the RFC does not foresee
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/peer/behave.h"

#include <stdlib.h>

enum { M = L2TP_AVP_BIT_M, LATER_MS = 400, LATE_MS = 40 };

static const struct behave_rule rules[BEHAVE_N] = {
#define X(token, word, number, sentence) { .name = word, .what = sentence, .rule = number },
	BEHAVIOURS(X)
#undef X
};

const struct behave_rule *
behave_rule(enum behaviour b)
{
	return &rules[b];
}

bool
behave_has(const struct behave *b, enum behaviour which)
{
	return (b->set >> which & 1) != 0;
}

/* ---- words ---- */

static bool
parse_result(const char *word, struct l2tp_result *out)
{
	char *end;
	unsigned long result = strtoul(word, &end, 10), error = 0;

	if (end == word || result > UINT16_MAX)
		return false;
	if (*end == ':')
		error = strtoul(end + 1, &end, 10);
	if (*end != '\0' && *end != ',')
		return false;
	out->result = (uint16_t)result;
	out->error = (uint16_t)error;
	return error <= UINT16_MAX;
}

static bool
parse_one(struct behave *b, const char *word, size_t n)
{
	const char *is = memchr(word, '=', n);
	size_t name = is != NULL ? (size_t)(is - word) : n;

	for (unsigned k = 0; k < BEHAVE_N; k++) {
		bool wants = k == BEHAVE_REFUSE_TUNNEL || k == BEHAVE_REFUSE_CALL;

		if (strlen(rules[k].name) != name || memcmp(rules[k].name, word, name) != 0)
			continue;
		b->set |= UINT32_C(1) << k;
		if (!wants)
			return is == NULL;
		return is != NULL &&
		       parse_result(is + 1, k == BEHAVE_REFUSE_TUNNEL ? &b->refuse_tunnel : &b->refuse_call);
	}
	return false;
}

const char *
behave_parse(struct behave *b, const char *words)
{
	while (*words != '\0') {
		size_t n = strcspn(words, ",");

		if (!parse_one(b, words, n))
			return words;
		words += n + (words[n] == ',');
	}
	return NULL;
}

/* ---- edits, one function a behaviour ---- */

static bool
is_end(unsigned type)
{
	return type == L2TP_STOPCCN || type == L2TP_CDN;
}

/* The ids that the engine assigned in this message, hidden or not. */
static void
read_ids(const struct behave *b, const struct wire *w, struct l2tp_message *out)
{
	uint8_t scratch[WIRE_OCTETS];
	struct l2tp_unhide unhide = { .secret = &b->secret, .scratch = scratch, .cap = sizeof scratch };
	struct l2tp_header header;
	struct l2tp_fault fault;

	memset(out, 0, sizeof *out);
	if (l2tp_header_decode(wire_slice(w), &header, &fault) == L2TP_FAULT_NONE &&
	    l2tp_message_decode(wire_slice(w), &header, &unhide, out, &fault) != L2TP_FAULT_NONE)
		out->present = 0;
}

static void
refuse(const struct behave *b, struct wire *w, enum l2tp_message_type as, struct l2tp_result result)
{
	struct ut_put put = ut_put_into(w->octets, sizeof w->octets);
	struct l2tp_tid tid = { wire_tid(w) };
	struct l2tp_sid sid = { wire_sid(w) };
	uint16_t ns = wire_ns(w), nr = wire_nr(w);
	struct l2tp_message m;

	read_ids(b, w, &m);
	m.type = as;
	m.hidden = 0;
	m.present = L2TP_HAS(MESSAGE_TYPE) | L2TP_HAS(RESULT_CODE) |
		    (as == L2TP_CDN ? L2TP_HAS(ASSIGNED_SESSION_ID) : L2TP_HAS(ASSIGNED_TUNNEL_ID));
	m.result = result.result;
	m.error = result.error;
	m.error_message = ut_slice(NULL, 0);
	l2tp_message_encode(&put, &(struct l2tp_header){ .tid = tid, .sid = sid, .ns = ns, .nr = nr }, &m,
			    NULL);
	w->n = put.len;
}

static void
edit_refuse_tunnel(const struct behave *b, struct wire *w)
{
	if (wire_type(w) == L2TP_SCCRP)
		refuse(b, w, L2TP_STOPCCN, b->refuse_tunnel);
}

static void
edit_refuse_call(const struct behave *b, struct wire *w)
{
	if (wire_type(w) == L2TP_ICRP)
		refuse(b, w, L2TP_CDN, b->refuse_call);
}

static void
edit_bare(const struct behave *b, struct wire *w)
{
	const struct l2tp_message_avps *avps = l2tp_message_avps((enum l2tp_message_type)wire_type(w));
	size_t at = WIRE_HEADER;

	(void)b;
	while (avps != NULL && at < w->n) {
		uint16_t type = ut_get_u16(w->octets + at + 4);

		if (type == L2TP_AVP_MESSAGE_TYPE || type == L2TP_AVP_RANDOM_VECTOR ||
		    (avps->required >> type & 1) != 0)
			at += wire_avp_octets(w, at);
		else
			wire_remove(w, at);
	}
}

static void
edit_window_1(const struct behave *b, struct wire *w)
{
	size_t at = wire_find(w, L2TP_AVP_RECEIVE_WINDOW_SIZE);

	(void)b;
	if (at != WIRE_NO_AVP)
		wire_set_value16(w, at, 0, 1);
}

static void
edit_extra_avps(const struct behave *b, struct wire *w)
{
	enum { UNKNOWN = 200, MICROSOFT = 311, BROADBAND_FORUM = 3561 };
	static const uint8_t octets[] = { 0, 22, 0, 1 };

	(void)b;
	wire_append(w, 0, 0, UNKNOWN, ut_slice(octets, 3));
	wire_append(w, 0, BROADBAND_FORUM, L2TP_AVP_PROTOCOL_VERSION, ut_slice(octets, 2));
	wire_append(w, 0, MICROSOFT, L2TP_AVP_RESULT_CODE, ut_slice(octets, 1));
	wire_append(w, 0, 0, L2TP_AVP_PRIVATE_GROUP_ID, ut_slice(octets, 4));
	wire_append(w, M, 0, L2TP_AVP_TX_CONNECT_SPEED, ut_slice(octets, 4));
}

static void
edit_short_avps(const struct behave *b, struct wire *w)
{
	static const uint8_t serial[] = { 0, 7 };
	size_t at = wire_find(w, L2TP_AVP_RESULT_CODE);

	(void)b;
	if (wire_type(w) == L2TP_ICRP)
		wire_append(w, M, 0, L2TP_AVP_CALL_SERIAL_NUMBER, ut_slice(serial, sizeof serial));
	if (is_end(wire_type(w)) && at != WIRE_NO_AVP)
		wire_resize(w, at, 2);
}

static void
edit_long_avps(const struct behave *b, struct wire *w)
{
	uint8_t octets[L2TP_AVP_VALUE_MAX - 300];
	enum { UNKNOWN = 300, NAME_OCTETS = 255 };

	(void)b;
	memset(octets, 0xfe, sizeof octets);
	if (wire_type(w) == L2TP_SCCRP && wire_find(w, L2TP_AVP_HOST_NAME) != WIRE_NO_AVP)
		wire_resize(w, wire_find(w, L2TP_AVP_HOST_NAME), NAME_OCTETS);
	wire_append(w, 0, 0, L2TP_AVP_VENDOR_NAME, ut_slice(octets, NAME_OCTETS));
	wire_append(w, 0, 0, UNKNOWN, ut_slice(octets, sizeof octets));
}

static void
edit_loud_result(const struct behave *b, struct wire *w)
{
	static const char message[] = "\033[31mgo\r\naway\007 \xff\xfe%s%n";
	size_t at = wire_find(w, L2TP_AVP_RESULT_CODE);
	size_t header = L2TP_AVP_HEADER_OCTETS, codes = 4;

	(void)b;
	if (!is_end(wire_type(w)) || at == WIRE_NO_AVP)
		return;
	wire_resize(w, at, codes + sizeof message - 1);
	memcpy(w->octets + at + header + codes, message, sizeof message - 1);
}

static void
edit_swapped_result(const struct behave *b, struct wire *w)
{
	size_t at = wire_find(w, L2TP_AVP_RESULT_CODE), value = at + L2TP_AVP_HEADER_OCTETS;
	uint16_t result;

	(void)b;
	if (!is_end(wire_type(w)) || at == WIRE_NO_AVP)
		return;
	result = ut_get_u16(w->octets + value);
	wire_set_value16(w, at, 0, (uint16_t)(result << 8 | result >> 8));
}

static void
edit_wrong_m(const struct behave *b, struct wire *w)
{
	(void)b;
	for (size_t at = WIRE_HEADER; at < w->n; at += wire_avp_octets(w, at)) {
		bool is_known = ut_get_u16(w->octets + at + 2) == 0 &&
				l2tp_avp_name(ut_get_u16(w->octets + at + 4)) != NULL;

		if (is_known)
			w->octets[at] ^= M >> 8;
	}
}

static void
edit_wrong_tid(const struct behave *b, struct wire *w)
{
	size_t at = wire_find(w, L2TP_AVP_ASSIGNED_TUNNEL_ID);

	(void)b;
	if (wire_type(w) == L2TP_STOPCCN && at != WIRE_NO_AVP)
		wire_set_value16(w, at, 0, 4711);
}

static void
edit_tunnel_zero(const struct behave *b, struct wire *w)
{
	(void)b;
	if (wire_type(w) == L2TP_SCCRP)
		wire_set_tid(w, 0);
}

static void
edit_cdn_zero(const struct behave *b, struct wire *w)
{
	(void)b;
	if (wire_type(w) == L2TP_CDN)
		wire_set_sid(w, 0);
}

typedef void edit_fn(const struct behave *b, struct wire *w);
static edit_fn *const edits[BEHAVE_N] = {
	[BEHAVE_REFUSE_TUNNEL] = edit_refuse_tunnel,
	[BEHAVE_REFUSE_CALL] = edit_refuse_call,
	[BEHAVE_BARE] = edit_bare,
	[BEHAVE_WINDOW_1] = edit_window_1,
	[BEHAVE_EXTRA_AVPS] = edit_extra_avps,
	[BEHAVE_SHORT_AVPS] = edit_short_avps,
	[BEHAVE_LONG_AVPS] = edit_long_avps,
	[BEHAVE_LOUD_RESULT] = edit_loud_result,
	[BEHAVE_SWAPPED_RESULT] = edit_swapped_result,
	[BEHAVE_WRONG_M] = edit_wrong_m,
	[BEHAVE_WRONG_TID] = edit_wrong_tid,
	[BEHAVE_TUNNEL_ZERO] = edit_tunnel_zero,
	[BEHAVE_CDN_ZERO] = edit_cdn_zero,
};

static void
edit(const struct behave *b, struct wire *w)
{
	for (unsigned k = 0; k < BEHAVE_N; k++)
		if (behave_has(b, (enum behaviour)k) && edits[k] != NULL && wire_type(w) != L2TP_ZLB)
			edits[k](b, w);
}

/* ---- conversations, and messages of our own in them ---- */

static struct behave_talk *
find_talk(struct behave *b, const struct ut_peer *peer)
{
	for (unsigned k = 0; k < b->n_talks; k++)
		if (memcmp(&b->talks[k].peer, peer, sizeof *peer) == 0)
			return &b->talks[k];
	return NULL;
}

static struct behave_talk *
talk_with(struct behave *b, const struct ut_peer *peer, struct ut_ref tunnel)
{
	struct behave_talk *t = find_talk(b, peer);

	if (t == NULL) {
		t = &b->talks[b->next_talk++ % BEHAVE_TALKS];
		b->n_talks = b->n_talks < BEHAVE_TALKS ? b->n_talks + 1 : BEHAVE_TALKS;
	} else if (t->tunnel.index == tunnel.index && t->tunnel.generation == tunnel.generation) {
		return t;
	}
	*t = (struct behave_talk){ .peer = *peer, .tunnel = tunnel };
	return t;
}

static bool
is_before(uint16_t a, uint16_t b)
{
	return (int16_t)(uint16_t)(a - b) < 0;
}

/* How many messages of ours come before the engine's message `ns`. */
static uint16_t
shift(const struct behave_talk *t, uint16_t ns)
{
	uint16_t n = 0;

	for (unsigned k = 0; k < t->n_inserts; k++)
		if (!is_before(ns, t->inserts[k].before))
			n = (uint16_t)(n + t->inserts[k].n);
	return n;
}

/* What the peer's Nr means for the engine: the first of its messages that is not acknowledged. */
static uint16_t
unshift(const struct behave_talk *t, uint16_t nr)
{
	uint16_t ns = nr;

	for (unsigned k = 0; k < t->n_inserts; k++) {
		const struct behave_insert *i = &t->inserts[k];
		uint16_t ours = (uint16_t)(i->before + shift(t, i->before) - i->n);

		if (is_before(ours, nr))
			ns = is_before(nr, (uint16_t)(ours + i->n)) ? i->before
								    : (uint16_t)(nr - shift(t, i->before));
	}
	return ns;
}

static void
add_type(struct behave_insert *i, enum l2tp_message_type type)
{
	i->types[i->n++] = (uint8_t)type;
}

static void
plan(const struct behave *b, struct behave_talk *t, const struct wire *w)
{
	struct behave_insert i = { .before = wire_ns(w) };
	unsigned type = wire_type(w);

	if (type == L2TP_ICRP)
		t->peer_sid = wire_sid(w);
	if (behave_has(b, BEHAVE_EARLY_HELLO) && type == L2TP_ICRP)
		add_type(&i, L2TP_HELLO);
	if (behave_has(b, BEHAVE_SLI_WEN) && (type == L2TP_ICRP || type == L2TP_HELLO)) {
		add_type(&i, L2TP_SLI);
		add_type(&i, L2TP_WEN);
	}
	if (i.n > 0 && t->n_inserts < BEHAVE_INSERTS)
		t->inserts[t->n_inserts++] = i;
}

static const struct behave_insert *
planned(const struct behave_talk *t, uint16_t ns)
{
	for (unsigned k = 0; k < t->n_inserts; k++)
		if (t->inserts[k].before == ns)
			return &t->inserts[k];
	return NULL;
}

static bool
is_planned_already(const struct behave_talk *t, const struct wire *w)
{
	return wire_type(w) == L2TP_ZLB ||
	       (t->n_inserts > 0 && !is_before(t->inserts[t->n_inserts - 1].before, wire_ns(w)));
}

static void
say(const struct behave_talk *t, const struct wire *like, unsigned type, uint16_t ns, behave_emit_fn *emit,
    void *ctx)
{
	struct l2tp_message m;
	struct wire w;
	struct ut_put put = ut_put_into(w.octets, sizeof w.octets);
	struct l2tp_sid sid = { .v = (uint16_t)(type == L2TP_HELLO ? 0U : t->peer_sid) };

	memset(&m, 0, sizeof m);
	m.type = (enum l2tp_message_type)type;
	m.present = L2TP_HAS(MESSAGE_TYPE);
	if (type == L2TP_SLI)
		m.present |= L2TP_HAS(ACCM);
	if (type == L2TP_WEN)
		m.present |= L2TP_HAS(CALL_ERRORS);
	l2tp_message_encode(
	    &put,
	    &(struct l2tp_header){ .tid = { wire_tid(like) }, .sid = sid, .ns = ns, .nr = wire_nr(like) }, &m,
	    NULL);
	emit(ctx, ut_slice(w.octets, put.len), 0);
}

static void
say_planned(const struct behave_talk *t, const struct wire *w, behave_emit_fn *emit, void *ctx)
{
	const struct behave_insert *i = wire_type(w) == L2TP_ZLB ? NULL : planned(t, wire_ns(w));

	for (unsigned k = 0; i != NULL && k < i->n; k++)
		say(t, w, i->types[k], (uint16_t)(wire_ns(w) + shift(t, wire_ns(w)) + k - i->n), emit, ctx);
}

/* A ZLB carries the number of the message to come: what is planned before that one is not said yet. */
static void
renumber(const struct behave_talk *t, struct wire *w)
{
	uint16_t ns = wire_ns(w);

	if (wire_type(w) == L2TP_ZLB)
		wire_set_ns(w, (uint16_t)(ns + shift(t, (uint16_t)(ns - 1))));
	else
		wire_set_ns(w, (uint16_t)(ns + shift(t, ns)));
}

/* ---- delivery ---- */

/* A data message (RFC 2661 3.1) without Length; its PPP frame is an LCP Configure-Request. */
static void
emit_frame(const struct behave_talk *t, const struct wire *w, behave_emit_fn *emit, void *ctx)
{
	uint8_t octets[] = { 0x00, 0x02, 0, 0, 0, 0, 0xff, 0x03, 0xc0, 0x21, 1, 1, 0, 4 };

	octets[2] = w->octets[4];
	octets[3] = w->octets[5];
	octets[4] = (uint8_t)(t->peer_sid >> 8);
	octets[5] = (uint8_t)t->peer_sid;
	emit(ctx, ut_slice(octets, sizeof octets), 0);
}

static void
deliver(const struct behave *b, const struct wire *w, behave_emit_fn *emit, void *ctx)
{
	uint32_t delay = behave_has(b, BEHAVE_LATE) ? LATE_MS : 0;

	emit(ctx, wire_slice(w), delay);
	if (behave_has(b, BEHAVE_LATE))
		emit(ctx, wire_slice(w), LATER_MS);
	if (behave_has(b, BEHAVE_REPEAT_SCCRP) && wire_type(w) == L2TP_SCCRP) {
		emit(ctx, wire_slice(w), 0);
		emit(ctx, wire_slice(w), 0);
		emit(ctx, wire_slice(w), LATER_MS);
		emit(ctx, wire_slice(w), LATER_MS * 2);
	}
}

void
behave_send(struct behave *b, const struct ut_peer *to, struct ut_ref tunnel, struct ut_slice datagram,
	    behave_emit_fn *emit, void *ctx)
{
	struct behave_talk *t;
	struct wire w;

	if (b->set == 0 || !wire_load(&w, datagram)) {
		emit(ctx, datagram, 0);
		return;
	}
	t = talk_with(b, to, tunnel);
	if (!is_planned_already(t, &w))
		plan(b, t, &w);
	if (behave_has(b, BEHAVE_DATA_FRAMES))
		emit_frame(t, &w, emit, ctx);
	say_planned(t, &w, emit, ctx);
	renumber(t, &w);
	edit(b, &w);
	deliver(b, &w, emit, ctx);
}

bool
behave_receive(struct behave *b, const struct ut_peer *from, uint8_t *octets, size_t n)
{
	const struct behave_talk *t;
	struct wire w;

	if (b->set == 0)
		return true;
	if (behave_has(b, BEHAVE_FROM_1701) && from->port != L2TP_PORT)
		return false;
	t = find_talk(b, from);
	if (t != NULL && wire_load(&w, ut_slice(octets, n)) && wire_tid(&w) != 0)
		l2tp_message_set_nr(octets, unshift(t, wire_nr(&w)));
	return true;
}
