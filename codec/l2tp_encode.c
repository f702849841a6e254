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
	OFFSET_OF_LENGTH = 2,
	OFFSET_OF_NR = 10,
	HEADER_OCTETS = 12
};

/* One call of l2tp_message_encode(). */
struct writing {
	struct ut_put *w;
	const struct l2tp_message *message;
	const struct l2tp_hide *hide;
	uint64_t to_hide; /* AVPs */
	bool has_vector;  /* the Random Vector AVP is written */
};

static inline uint8_t *
store_u16(uint8_t *at, uint16_t v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
	return at + 2;
}

static inline uint8_t *
store_u32(uint8_t *at, uint32_t v)
{
	return store_u16(store_u16(at, (uint16_t)(v >> 16)), (uint16_t)v);
}

/* Names and challenges are short: two copies of a fixed size that overlap are cheaper than a call of memcpy. */
static inline uint8_t *
store_slice(uint8_t *at, struct ut_slice s)
{
	enum { MOST = 16, HALF = 8, FEW = 4 };

	if (s.n > MOST) {
		memcpy(at, s.p, s.n);
	} else if (s.n >= HALF) {
		memcpy(at, s.p, HALF);
		memcpy(at + s.n - HALF, s.p + s.n - HALF, HALF);
	} else if (s.n >= FEW) {
		memcpy(at, s.p, FEW);
		memcpy(at + s.n - FEW, s.p + s.n - FEW, FEW);
	} else {
		for (size_t i = 0; i < s.n; i++)
			at[i] = s.p[i];
	}
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
	at = store_u16(at, m->result);
	at = store_u16(at, m->error); /* interop 1: always there */
	store_slice(at, m->error_message);
}

static void
store_cause(uint8_t *at, const struct l2tp_message *m)
{
	at = store_u16(at, m->cause_code);
	*at++ = m->cause_message;
	store_slice(at, m->cause_advisory);
}

static void
store_disconnect(uint8_t *at, const struct l2tp_message *m)
{
	at = store_u16(at, m->disconnect_code);
	at = store_u16(at, m->disconnect_protocol);
	*at++ = m->disconnect_direction;
	store_slice(at, m->disconnect_message);
}

static void
store_call_errors(uint8_t *at, const struct l2tp_message *m)
{
	at = store_u16(at, 0);
	for (size_t i = 0; i < sizeof m->call_errors / sizeof m->call_errors[0]; i++)
		at = store_u32(at, m->call_errors[i]);
}

static void
store_accm(uint8_t *at, const struct l2tp_message *m)
{
	at = store_u16(at, 0);
	store_u32(store_u32(at, m->send_accm), m->receive_accm);
}

static void
store_value(uint8_t *at, const struct l2tp_message *m, const struct l2tp_avp_row *row)
{
	const uint8_t *const field = (const uint8_t *)m + row->field;

	switch ((enum l2tp_avp_kind)row->kind) {
	case L2TP_KIND_U16:
		store_u16(at, field_u16(field));
		break;
	case L2TP_KIND_U32:
	case L2TP_KIND_SERIAL:
		store_u32(at, field_u32(field));
		break;
	case L2TP_KIND_U64:
		store_u32(store_u32(at, (uint32_t)(m->tie_breaker >> 32)), (uint32_t)m->tie_breaker);
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
	return (row->bits & L2TP_ROW_M) != 0 ? L2TP_AVP_BIT_M : 0;
}

/* The header of an AVP with n octets of value, vendor 0.  Returns where the value goes. */
static inline uint8_t *
store_avp_header(uint8_t *at, unsigned type, unsigned flags, size_t n)
{
	at = store_u32(at, (uint32_t)(flags | (L2TP_AVP_HEADER_OCTETS + (unsigned)n)) << 16);
	return store_u16(at, (uint16_t)type);
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
	store_u16(at, (uint16_t)n);
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

/* Writes a plain AVP of a common kind, as l2tp_read_common_avp() reads it.  Returns its end, NULL if
 * put_any_avp() has to look. */
static inline uint8_t *
store_common_avp(uint8_t *at, size_t room, unsigned type, const struct l2tp_message *m)
{
	const struct l2tp_avp_row *const row = &l2tp_avp_rows[type];
	const uint8_t *const field = (const uint8_t *)m + row->field;
	struct ut_slice s;

	if (room < L2TP_AVP_HEADER_OCTETS + sizeof(uint32_t))
		return NULL;
	if (row->kind == L2TP_KIND_U16)
		return store_u16(store_avp_header(at, type, m_bit(row), 2), field_u16(field));
	if (row->kind == L2TP_KIND_U32)
		return store_u32(store_avp_header(at, type, m_bit(row), 4), field_u32(field));
	if (row->kind != L2TP_KIND_BYTES)
		return NULL;
	s = field_slice(field);
	if (s.n < row->min || s.n > row->max || s.n > room - L2TP_AVP_HEADER_OCTETS)
		return NULL;
	return store_slice(store_avp_header(at, type, m_bit(row), s.n), s);
}

/* Writes the AVPs of `set` in `order`, one by one. */
static void
put_each(struct writing *e, const uint8_t *order, uint64_t set)
{
	for (; *order != 0; order++)
		if ((set >> *order & 1) != 0)
			put_any_avp(e, *order);
}

/* The same where nothing is hidden.  The place is kept out of the writer as long as nothing is odd, so that it
 * stays in a register. */
static void
put_plain(struct writing *e, const uint8_t *order, uint64_t set)
{
	struct ut_put *const w = e->w;
	uint8_t *const end = w->base + w->cap;
	uint8_t *at = w->base + w->len, *next;

	for (; *order != 0; order++) {
		if ((set >> *order & 1) == 0)
			continue;
		next = store_common_avp(at, (size_t)(end - at), *order, e->message);
		if (next == NULL) {
			w->len = (size_t)(at - w->base);
			put_any_avp(e, *order);
			next = w->base + w->len;
		}
		at = next;
	}
	w->len = (size_t)(at - w->base);
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
	const uint64_t speeds = L2TP_HAS(TX_CONNECT_SPEED) | L2TP_HAS(RX_CONNECT_SPEED);
	uint64_t set = m->present & (must | table->optional);

	if (table->required == 0 || (must & ~m->present) != 0 || has_bad_value(m, table->required))
		return 0;
	if ((set & speeds) == speeds && m->rx_connect_speed == m->tx_connect_speed)
		set &= ~L2TP_HAS(RX_CONNECT_SPEED);
	return set | L2TP_HAS(MESSAGE_TYPE);
}

static void
put_avps(struct ut_put *w, const struct l2tp_message *m, const struct l2tp_hide *hide)
{
	const struct l2tp_message_row *const row = &l2tp_message_rows[m->type];
	const uint64_t set = avps_to_send(m, &row->avps);
	struct writing e = { .w = w, .message = m, .hide = hide };
	uint8_t *at;

	if (hide != NULL && m->hidden != 0)
		e.to_hide = hideable(m->hidden & set);
	if (set == 0 || (e.to_hide != 0 && !is_hiding_possible(hide))) {
		w->full = true;
		return;
	}
	at = open_avp(w, L2TP_AVP_MESSAGE_TYPE, L2TP_AVP_BIT_M, 2);
	if (at == NULL)
		return;
	store_u16(at, (uint16_t)m->type);
	if (e.to_hide != 0)
		put_each(&e, row->order, set);
	else
		put_plain(&e, row->order, set);
}

void
l2tp_message_encode(struct ut_put *w, const struct l2tp_header *header, const struct l2tp_message *message,
		    const struct l2tp_hide *hide)
{
	const size_t start = w->len;
	uint8_t *const at = ut_put_room(w, HEADER_OCTETS);

	if (at == NULL)
		return;
	store_u16(at, FLAGS_CONTROL);
	store_u16(at + 4, header->tid.v);
	store_u16(at + 6, header->sid.v);
	store_u16(at + 8, header->ns);
	store_u16(at + OFFSET_OF_NR, header->nr);
	if ((unsigned)message->type >= L2TP_MESSAGE_N) {
		w->full = true;
		return;
	}
	if (message->type != L2TP_ZLB)
		put_avps(w, message, hide);
	if (w->len - start > UINT16_MAX)
		w->full = true;
	ut_put_u16_at(w, start + OFFSET_OF_LENGTH, (uint16_t)(w->len - start));
}

void
l2tp_message_set_nr(uint8_t *datagram, uint16_t nr)
{
	store_u16(datagram + OFFSET_OF_NR, nr);
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
	at = store_u16(at, octets);
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
	at = store_u16(at, data_flags(header));
	if (header->has_length)
		at = store_u16(at, (uint16_t)(n + frame_octets));
	at = store_u16(at, header->tid.v);
	at = store_u16(at, header->sid.v);
	if (header->has_sequence)
		at = store_u16(store_u16(at, header->ns), header->nr);
	if (header->has_offset)
		store_offset(at, header->offset_size);
}
