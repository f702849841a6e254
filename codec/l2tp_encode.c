/* l2tp_encode.c - a message becomes a datagram (RFC 2661 sections 3.1, 4 and 6)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/l2tp_hiding.h"
#include "codec/l2tp_table.h"

enum {
	FLAGS_CONTROL = 0xc802, /* T, L, S, version 2 */
	FLAGS_VERSION = 0x0002,
	FLAG_LENGTH = 0x4000,
	FLAG_SEQUENCE = 0x0800,
	FLAG_OFFSET = 0x0200,
	FLAG_PRIORITY = 0x0100,
	OFFSET_OF_NR = 10,
	HEADER_OCTETS = 12,
	MESSAGE_TYPE_OCTETS = 8, /* the AVP */
	USUAL_OCTETS = 10	 /* an AVP whose value is not a slice, at most */
};

/* One call of l2tp_message_encode(). */
struct writing {
	struct ut_put *w;
	const struct l2tp_message *message;
	const struct l2tp_hide *hide;
	uint64_t to_hide; /* AVPs */
	bool has_vector;  /* the Random Vector AVP is written */
};

static inline size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Names and challenges are short, and of any length: four copies of a fixed size that overlap are cheaper than a call
 * of memcpy, and than any branch by the length. */
static inline uint8_t *
store_slice(uint8_t *at, struct ut_slice s)
{
	enum { WORD = 8, WORDS = 4 };
	const size_t last = s.n - WORD;

	if (last > (WORDS - 1) * WORD) {
		if (s.n != 0)
			memcpy(at, s.p, s.n);
		return at + s.n;
	}
	memcpy(at, s.p, WORD);
	memcpy(at + least(WORD, last), s.p + least(WORD, last), WORD);
	memcpy(at + least(2 * WORD, last), s.p + least(2 * WORD, last), WORD);
	memcpy(at + last, s.p + last, WORD);
	return at + s.n;
}

static inline uint16_t
field_u16(const uint8_t *field)
{
	uint16_t v;

	memcpy(&v, field, sizeof v);
	return v;
}

static inline uint32_t
field_u32(const uint8_t *field)
{
	uint32_t v;

	memcpy(&v, field, sizeof v);
	return v;
}

static inline struct ut_slice
field_slice(const uint8_t *field)
{
	struct ut_slice s;

	memcpy(&s, field, sizeof s);
	return s;
}

/* Octets of the value on the wire; for typed AVPs the row's maximum is their length. */
static size_t
value_octets(const struct l2tp_message *m, const struct l2tp_avp_row *row)
{
	switch ((enum l2tp_avp_kind)row->kind) {
	case L2TP_KIND_BYTES:
		return field_slice((const uint8_t *)m + row->field).n;
	case L2TP_KIND_RESULT:
		return 4 + m->error_message.n;
	case L2TP_KIND_CAUSE:
		return 3 + m->cause_advisory.n;
	case L2TP_KIND_DISCONNECT:
		return 5 + m->disconnect_message.n;
	case L2TP_KIND_UNASSIGNED:
	case L2TP_KIND_U16:
	case L2TP_KIND_U32:
	case L2TP_KIND_U64:
	case L2TP_KIND_FLAG:
	case L2TP_KIND_SERIAL:
	case L2TP_KIND_CALL_ERRORS:
	case L2TP_KIND_ACCM:
	case L2TP_KIND_N:
		break;
	}
	return row->max;
}

static void
store_result(uint8_t *at, const struct l2tp_message *m)
{
	at = ut_store_u16(at, m->result);
	at = ut_store_u16(at, m->error); /* interop 1: always there */
	store_slice(at, m->error_message);
}

static void
store_cause(uint8_t *at, const struct l2tp_message *m)
{
	at = ut_store_u16(at, m->cause_code);
	*at++ = m->cause_message;
	store_slice(at, m->cause_advisory);
}

static void
store_disconnect(uint8_t *at, const struct l2tp_message *m)
{
	at = ut_store_u16(at, m->disconnect_code);
	at = ut_store_u16(at, m->disconnect_protocol);
	*at++ = m->disconnect_direction;
	store_slice(at, m->disconnect_message);
}

static void
store_call_errors(uint8_t *at, const struct l2tp_message *m)
{
	at = ut_store_u16(at, 0);
	for (size_t i = 0; i < sizeof m->call_errors / sizeof m->call_errors[0]; i++)
		at = ut_store_u32(at, m->call_errors[i]);
}

static void
store_accm(uint8_t *at, const struct l2tp_message *m)
{
	at = ut_store_u16(at, 0);
	ut_store_u32(ut_store_u32(at, m->send_accm), m->receive_accm);
}

static void
store_value(uint8_t *at, const struct l2tp_message *m, const struct l2tp_avp_row *row)
{
	const uint8_t *const field = (const uint8_t *)m + row->field;

	switch ((enum l2tp_avp_kind)row->kind) {
	case L2TP_KIND_U16:
		ut_store_u16(at, field_u16(field));
		break;
	case L2TP_KIND_U32:
	case L2TP_KIND_SERIAL:
		ut_store_u32(at, field_u32(field));
		break;
	case L2TP_KIND_U64:
		ut_store_u64(at, m->tie_breaker);
		break;
	case L2TP_KIND_BYTES:
		store_slice(at, field_slice(field));
		break;
	case L2TP_KIND_RESULT:
		store_result(at, m);
		break;
	case L2TP_KIND_CAUSE:
		store_cause(at, m);
		break;
	case L2TP_KIND_CALL_ERRORS:
		store_call_errors(at, m);
		break;
	case L2TP_KIND_ACCM:
		store_accm(at, m);
		break;
	case L2TP_KIND_DISCONNECT:
		store_disconnect(at, m);
		break;
	case L2TP_KIND_UNASSIGNED:
	case L2TP_KIND_FLAG:
	case L2TP_KIND_N:
		break;
	}
}

static inline unsigned
m_bit(const struct l2tp_avp_row *row)
{
	return (unsigned)(row->head >> 48) & L2TP_AVP_BIT_M;
}

/* The header of an AVP with n octets of value, vendor 0.  Returns where the value goes. */
static inline uint8_t *
store_avp_header(uint8_t *at, unsigned type, unsigned flags, size_t n)
{
	at = ut_store_u32(at, (uint32_t)(flags | (L2TP_AVP_HEADER_OCTETS + (unsigned)n)) << 16);
	return ut_store_u16(at, (uint16_t)type);
}

/* Room for an AVP of n octets of value, its header written; NULL when there is none. */
static uint8_t *
open_avp(struct ut_put *w, unsigned type, unsigned flags, size_t n)
{
	uint8_t *const at = ut_put_room(w, L2TP_AVP_HEADER_OCTETS + n);

	return at != NULL ? store_avp_header(at, type, flags, n) : NULL;
}

/* RFC 2661 4.3, the Random Vector goes before the first hidden AVP. */
static void
put_vector(struct writing *e)
{
	uint8_t *const at = open_avp(e->w, L2TP_AVP_RANDOM_VECTOR, L2TP_AVP_BIT_M, L2TP_VECTOR_OCTETS);

	if (at != NULL)
		memcpy(at, e->hide->vector, L2TP_VECTOR_OCTETS);
	e->has_vector = true;
}

static void
put_hidden(struct writing *e, unsigned type, unsigned flags, size_t n)
{
	const size_t padding = e->hide->padding_octets, subformat = 2 + n + padding;
	uint8_t *at;

	if (padding > L2TP_PADDING_MAX || subformat > L2TP_AVP_VALUE_MAX) {
		e->w->full = true;
		return;
	}
	if (!e->has_vector)
		put_vector(e);
	at = open_avp(e->w, type, flags | L2TP_AVP_BIT_H, subformat);
	if (at == NULL)
		return;
	ut_store_u16(at, (uint16_t)n);
	store_value(at + 2, e->message, &l2tp_avp_rows[type]);
	memcpy(at + 2 + n, e->hide->padding, padding);
	l2tp_hide_octets(at, subformat, type, e->hide->secret, ut_slice(e->hide->vector, L2TP_VECTOR_OCTETS));
}

/* Any AVP, hidden or not. */
static void
put_any_avp(struct writing *e, unsigned type)
{
	const struct l2tp_avp_row *const row = &l2tp_avp_rows[type];
	const size_t n = value_octets(e->message, row);
	uint8_t *at;

	if (n < row->min || n > row->max) {
		e->w->full = true;
		return;
	}
	if ((e->to_hide >> type & 1) != 0) {
		put_hidden(e, type, m_bit(row), n);
		return;
	}
	at = open_avp(e->w, type, m_bit(row), n);
	if (at != NULL)
		store_value(at, e->message, row);
}

/* Writes the AVPs of `set` in `order`, those of `to_hide` hidden. */
static void
put_each(struct writing *e, const uint8_t *order, uint64_t set)
{
	for (; *order != 0; order++)
		if ((set >> *order & 1) != 0)
			put_any_avp(e, *order);
}

/* ---- nothing hidden: a writer a message, made of its list, in which the compiler knows each AVP's row ---- */

/* Whatever is not usual, out of the way of what is.  Returns where the AVP ends. */
UT_UNUSUAL static uint8_t *
put_unusual_avp(struct ut_put *w, uint8_t *at, const struct l2tp_message *m, unsigned type)
{
	w->len = (size_t)(at - w->base);
	put_any_avp(&(struct writing){ .w = w, .message = m }, type);
	return w->base + w->len;
}

/* Writes an AVP of the row, its head as one word, where USUAL_OCTETS are free.  Returns its end, NULL if it is not of
 * a usual kind, as l2tp_read_usual_avps() has them, or does not fit. */
UT_FOLDED uint8_t *
store_usual_avp(uint8_t *at, const uint8_t *end, const struct l2tp_message *m, const struct l2tp_avp_row *row)
{
	const uint8_t *const field = (const uint8_t *)m + row->field;
	struct ut_slice s;

	if (row->kind == L2TP_KIND_U16)
		return ut_store_u64(at, row->head | L2TP_HEAD_OF(2) | field_u16(field));
	if (row->kind == L2TP_KIND_U32 || row->kind == L2TP_KIND_SERIAL) {
		ut_store_u64(at, row->head | L2TP_HEAD_OF(4));
		return ut_store_u32(at + L2TP_AVP_HEADER_OCTETS, field_u32(field));
	}
	if (row->kind != L2TP_KIND_BYTES)
		return NULL;
	s = field_slice(field);
	at += L2TP_AVP_HEADER_OCTETS;
	if (s.n < row->min || s.n > row->max || s.n > (size_t)(end - at))
		return NULL;
	ut_store_u64(at - L2TP_AVP_HEADER_OCTETS, row->head | L2TP_HEAD_OF(s.n));
	return store_slice(at, s);
}

UT_FOLDED uint8_t *
put_avp(struct ut_put *w, uint8_t *at, const uint8_t *end, const struct l2tp_message *m, unsigned type)
{
	uint8_t *const next =
	    at <= end - USUAL_OCTETS ? store_usual_avp(at, end, m, &l2tp_avp_rows[type]) : NULL;

	return next != NULL ? next : put_unusual_avp(w, at, m, type);
}

#define PUT(token) at = put_avp(w, at, end, m, L2TP_AVP_##token);
#define PUT_IF(token)                       \
	if ((set & L2TP_HAS(token)) != 0) { \
		PUT(token)                  \
	}
#define X(token, number, name)                                                                \
	static void put_##token(struct ut_put *w, const struct l2tp_message *m, uint64_t set) \
	{                                                                                     \
		const uint8_t *const end = w->base + w->cap;                                  \
		uint8_t *at = w->base + w->len;                                               \
                                                                                              \
		(void)m, (void)set, (void)end;                                                \
		L2TP_AVPS_OF_##token(PUT, PUT, PUT_IF) w->len = (size_t)(at - w->base);       \
	}
L2TP_MESSAGES(X)
#undef X
#undef PUT_IF
#undef PUT

static void
put_plain(struct ut_put *w, const struct l2tp_message *m, uint64_t set)
{
	switch (m->type) {
#define X(token, number, name)          \
	case L2TP_##token:              \
		put_##token(w, m, set); \
		break;
		L2TP_MESSAGES(X)
#undef X
	case L2TP_ZLB:
	case L2TP_MESSAGE_N:
		break;
	}
}

/* Interop 4 and RFC 2661 4.4.3, 4.4.4: values that no message of ours carries. */
static bool
has_bad_value(const struct l2tp_message *m, uint64_t required)
{
	if ((m->present & L2TP_HAS(RECEIVE_WINDOW_SIZE)) != 0 &&
	    (m->receive_window == 0 || m->receive_window > L2TP_WINDOW_MAX))
		return true;
	if (l2tp_zero_is_refused(L2TP_AVP_ASSIGNED_TUNNEL_ID, required) && m->assigned_tid.v == 0)
		return true;
	return l2tp_zero_is_refused(L2TP_AVP_ASSIGNED_SESSION_ID, required) && m->assigned_sid.v == 0;
}

static uint64_t
hideable(uint64_t set)
{
	uint64_t out = 0;

#define X(token, number, name, kind, min, max, m, h) out |= (h) ? L2TP_HAS(token) : 0;
	L2TP_AVPS(X)
#undef X
	return out & set;
}

static bool
is_hiding_possible(const struct l2tp_hide *hide)
{
	return hide->secret != NULL && hide->secret->n != 0;
}

/* The AVPs to send; 0 for a message that may not be sent. */
static uint64_t
avps_to_send(const struct l2tp_message *m, const struct l2tp_message_avps *table)
{
	const uint64_t must = (table->required | table->expected) & ~L2TP_HAS(MESSAGE_TYPE);
	uint64_t set = m->present & (must | table->optional);

	if (table->required == 0 || (must & ~m->present) != 0 || has_bad_value(m, table->required))
		return 0;
	if ((set & L2TP_HAS(RX_CONNECT_SPEED)) != 0 && (set & L2TP_HAS(TX_CONNECT_SPEED)) != 0 &&
	    m->rx_connect_speed == m->tx_connect_speed)
		set &= ~L2TP_HAS(RX_CONNECT_SPEED);
	return set | L2TP_HAS(MESSAGE_TYPE);
}

UT_UNUSUAL static void
put_hiding(struct ut_put *w, const struct l2tp_message *m, const struct l2tp_hide *hide, uint64_t set)
{
	struct writing e = { .w = w, .message = m, .hide = hide, .to_hide = hideable(m->hidden & set) };

	if (e.to_hide != 0 && !is_hiding_possible(hide))
		w->full = true;
	else
		put_each(&e, l2tp_message_rows[m->type].order, set);
}

/* The AVPs behind Message Type. */
static void
put_avps(struct ut_put *w, const struct l2tp_message *m, const struct l2tp_hide *hide)
{
	const struct l2tp_message_row *const row = &l2tp_message_rows[m->type];
	const uint64_t set = avps_to_send(m, &row->avps);

	if (set == 0)
		w->full = true;
	else if (hide != NULL && m->hidden != 0)
		put_hiding(w, m, hide, set);
	else
		put_plain(w, m, set);
}

/* `octets` is the message's length. */
static inline void
store_control_header(uint8_t *at, const struct l2tp_header *h, size_t octets)
{
	at = ut_store_u64(at, (uint64_t)FLAGS_CONTROL << 48 | (uint64_t)octets << 32 |
				  (uint64_t)h->tid.v << 16 | h->sid.v);
	ut_store_u32(at, (uint32_t)h->ns << 16 | h->nr);
}

void
l2tp_message_encode(struct ut_put *w, const struct l2tp_header *header, const struct l2tp_message *message,
		    const struct l2tp_hide *hide)
{
	const size_t start = w->len;
	const bool is_zlb = message->type == L2TP_ZLB;
	uint8_t *const at = ut_put_room(w, is_zlb ? HEADER_OCTETS : HEADER_OCTETS + MESSAGE_TYPE_OCTETS);

	if (at == NULL)
		return;
	if ((unsigned)message->type >= L2TP_MESSAGE_N) {
		w->full = true;
		return;
	}
	if (!is_zlb) {
		ut_store_u64(at + HEADER_OCTETS,
			     L2TP_HEAD(L2TP_AVP_MESSAGE_TYPE, 1) | L2TP_HEAD_OF(2) | (uint64_t)message->type);
		put_avps(w, message, hide);
	}
	if (w->len - start > UINT16_MAX)
		w->full = true;
	if (!w->full)
		store_control_header(at, header, w->len - start);
}

void
l2tp_message_set_nr(uint8_t *datagram, uint16_t nr)
{
	ut_store_u16(datagram + OFFSET_OF_NR, nr);
}

static size_t
data_header_octets(const struct l2tp_header *h)
{
	return 6 + (h->has_length ? 2u : 0u) + (h->has_sequence ? 4u : 0u) +
	       (h->has_offset ? 2u + h->offset_size : 0u);
}

static uint16_t
data_flags(const struct l2tp_header *h)
{
	return (uint16_t)(FLAGS_VERSION | (h->has_length ? FLAG_LENGTH : 0) |
			  (h->has_sequence ? FLAG_SEQUENCE : 0) | (h->has_offset ? FLAG_OFFSET : 0) |
			  (h->is_priority ? FLAG_PRIORITY : 0));
}

static uint8_t *
store_offset(uint8_t *at, uint16_t octets)
{
	at = ut_store_u16(at, octets);
	memset(at, 0, octets);
	return at + octets;
}

void
l2tp_data_header_encode(struct ut_put *w, const struct l2tp_header *header, size_t frame_octets)
{
	const size_t n = data_header_octets(header);
	uint8_t *at;

	if (header->has_length && frame_octets > UINT16_MAX - n) {
		w->full = true;
		return;
	}
	at = ut_put_room(w, n);
	if (at == NULL)
		return;
	at = ut_store_u16(at, data_flags(header));
	if (header->has_length)
		at = ut_store_u16(at, (uint16_t)(n + frame_octets));
	at = ut_store_u16(at, header->tid.v);
	at = ut_store_u16(at, header->sid.v);
	if (header->has_sequence)
		at = ut_store_u16(ut_store_u16(at, header->ns), header->nr);
	if (header->has_offset)
		store_offset(at, header->offset_size);
}
