/* l2tp_avp_read.c - an AVP becomes a field: usual ones in runs, all others one by one (RFC 2661 4.1, 4.3)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/l2tp_avp_read.h"
#include "codec/l2tp_hiding.h"

static void
refuse(struct l2tp_reading *d, enum l2tp_fault_reason reason, const uint8_t *at, unsigned avp,
       unsigned vendor)
{
	d->reason = reason;
	*d->fault = (struct l2tp_fault){ .reason = reason,
					 .offset = (uint32_t)(at - d->datagram),
					 .avp = (uint16_t)avp,
					 .vendor = (uint16_t)vendor };
}

void
l2tp_refuse_message(struct l2tp_reading *d, enum l2tp_fault_reason reason, const uint8_t *at)
{
	refuse(d, reason, at, UINT16_MAX, 0);
}

void
l2tp_refuse_avp(struct l2tp_reading *d, enum l2tp_fault_reason reason, const uint8_t *avp)
{
	refuse(d, reason, avp, l2tp_avp_attribute(avp), l2tp_avp_vendor(avp));
}

static bool
is_required(const struct l2tp_reading *d, const uint8_t *avp)
{
	const unsigned type = l2tp_avp_attribute(avp);

	return l2tp_avp_vendor(avp) == 0 && type < L2TP_AVP_N && (d->required & l2tp_avp_bit(type)) != 0;
}

static bool
is_assigned(unsigned type)
{
	return type < L2TP_AVP_N && l2tp_avp_rows[type].kind != L2TP_KIND_UNASSIGNED;
}

/* `avp` cannot be used: ends the reading (false) if it is mandatory or required, else true. */
static bool
can_do_without(struct l2tp_reading *d, enum l2tp_fault_reason reason, const uint8_t *avp)
{
	if ((l2tp_avp_flags(avp) & L2TP_AVP_BIT_M) == 0 && !is_required(d, avp))
		return true;
	l2tp_refuse_avp(d, reason, avp);
	return false;
}

static void
store_result(struct l2tp_message *out, struct ut_slice value)
{
	out->result = ut_get_u16(value.p);
	out->has_error = value.n >= 4;
	out->error = out->has_error ? ut_get_u16(value.p + 2) : 0;
	out->error_message = out->has_error ? ut_slice(value.p + 4, value.n - 4) : ut_slice(value.p, 0);
}

static void
store_cause(struct l2tp_message *out, struct ut_slice value)
{
	out->cause_code = ut_get_u16(value.p);
	out->cause_message = value.p[2];
	out->cause_advisory = ut_slice(value.p + 3, value.n - 3);
}

static void
store_disconnect(struct l2tp_message *out, struct ut_slice value)
{
	out->disconnect_code = ut_get_u16(value.p);
	out->disconnect_protocol = ut_get_u16(value.p + 2);
	out->disconnect_direction = value.p[4];
	out->disconnect_message = ut_slice(value.p + 5, value.n - 5);
}

static void
store_call_errors(struct l2tp_message *out, struct ut_slice value)
{
	for (size_t i = 0; i < sizeof out->call_errors / sizeof out->call_errors[0]; i++)
		out->call_errors[i] = ut_get_u32(value.p + 2 + 4 * i);
}

static void
store_accm(struct l2tp_message *out, struct ut_slice value)
{
	out->send_accm = ut_get_u32(value.p + 2);
	out->receive_accm = ut_get_u32(value.p + 6);
}

/* Puts a value in the clear, whose length its row accepts, into its field. */
static void
store_value(struct l2tp_message *out, const struct l2tp_avp_row *row, struct ut_slice value)
{
	uint8_t *const field = (uint8_t *)out + row->field;
	uint16_t v16;
	uint32_t v32;

	switch ((enum l2tp_avp_kind)row->kind) {
	case L2TP_KIND_U16:
		v16 = ut_get_u16(value.p);
		memcpy(field, &v16, sizeof v16);
		break;
	case L2TP_KIND_U32:
		v32 = ut_get_u32(value.p);
		memcpy(field, &v32, sizeof v32);
		break;
	case L2TP_KIND_U64:
		out->tie_breaker = ut_get_u64(value.p);
		break;
	case L2TP_KIND_BYTES:
		memcpy(field, &value, sizeof value);
		break;
	case L2TP_KIND_SERIAL:
		out->call_serial = value.n == 2 ? ut_get_u16(value.p) : ut_get_u32(value.p);
		break;
	case L2TP_KIND_RESULT:
		store_result(out, value);
		break;
	case L2TP_KIND_CAUSE:
		store_cause(out, value);
		break;
	case L2TP_KIND_CALL_ERRORS:
		store_call_errors(out, value);
		break;
	case L2TP_KIND_ACCM:
		store_accm(out, value);
		break;
	case L2TP_KIND_DISCONNECT:
		store_disconnect(out, value);
		break;
	case L2TP_KIND_FLAG:
	case L2TP_KIND_UNASSIGNED:
	case L2TP_KIND_N:
		break;
	}
}

static bool
is_length_wrong(const struct l2tp_avp_row *row, size_t n)
{
	return n < row->min || n > row->max || (row->kind == L2TP_KIND_SERIAL && n == 3);
}

static bool
is_value_wrong(const struct l2tp_reading *d, unsigned type, struct ut_slice value)
{
	return l2tp_avp_rows[type].kind == L2TP_KIND_U16 && ut_get_u16(value.p) == 0 &&
	       l2tp_zero_is_refused(type, d->required);
}

/* CVE of accel-ppp 9554ce05: the embedded length is the peer's word and is checked against the octets that
 * came, in size_t, on every path. */
static enum l2tp_fault_reason
unhide_value(struct l2tp_reading *d, unsigned type, struct ut_slice *value)
{
	struct l2tp_unhide *const u = d->unhide;
	uint8_t *subformat;

	if ((l2tp_avp_rows[type].bits & L2TP_ROW_HIDEABLE) == 0)
		return L2TP_FAULT_AVP_HIDDEN_FORBIDDEN;
	if (u == NULL || u->secret == NULL || u->secret->n == 0)
		return L2TP_FAULT_AVP_HIDDEN_NO_SECRET;
	if ((d->out->present & L2TP_HAS(RANDOM_VECTOR)) == 0)
		return L2TP_FAULT_AVP_HIDDEN_NO_VECTOR;
	if (value->n < 2)
		return L2TP_FAULT_AVP_HIDDEN_LENGTH;
	if (value->n > u->cap - u->used)
		return L2TP_FAULT_AVP_HIDDEN_TOO_MANY;
	subformat = u->scratch + u->used;
	l2tp_unhide_octets(subformat, *value, type, u->secret, d->out->random_vector);
	u->used += value->n;
	if (ut_get_u16(subformat) > value->n - 2)
		return L2TP_FAULT_AVP_HIDDEN_LENGTH;
	*value = ut_slice(subformat + 2, ut_get_u16(subformat));
	return L2TP_FAULT_NONE;
}

/* What is wrong with an AVP of an assigned type; leaves its value in the clear in `value`. */
static enum l2tp_fault_reason
avp_fault(struct l2tp_reading *d, const uint8_t *avp, struct ut_slice *value)
{
	const unsigned flags = l2tp_avp_flags(avp), type = l2tp_avp_attribute(avp);
	enum l2tp_fault_reason reason = L2TP_FAULT_NONE;

	if ((flags & L2TP_AVP_RESERVED) != 0)
		return L2TP_FAULT_AVP_RESERVED;
	if ((flags & L2TP_AVP_BIT_H) != 0)
		reason = unhide_value(d, type, value);
	if (reason != L2TP_FAULT_NONE)
		return reason;
	if (is_length_wrong(&l2tp_avp_rows[type], value->n))
		return L2TP_FAULT_AVP_VALUE_LENGTH;
	return is_value_wrong(d, type, *value) ? L2TP_FAULT_AVP_VALUE : L2TP_FAULT_NONE;
}

/* Reads an AVP whose Length was checked.  False ends the reading. */
static bool
read_any_avp(struct l2tp_reading *d, const uint8_t *avp, struct ut_slice value)
{
	const unsigned type = l2tp_avp_attribute(avp);
	enum l2tp_fault_reason reason;

	if (l2tp_avp_vendor(avp) != 0 || !is_assigned(type))
		return can_do_without(d, L2TP_FAULT_AVP_UNKNOWN_MANDATORY, avp);
	if ((d->out->present & l2tp_avp_bit(type) & ~L2TP_HAS(RANDOM_VECTOR)) != 0)
		return true;
	reason = avp_fault(d, avp, &value);
	if (reason != L2TP_FAULT_NONE)
		return can_do_without(d, reason, avp);
	store_value(d->out, &l2tp_avp_rows[type], value);
	d->out->present |= l2tp_avp_bit(type);
	if ((l2tp_avp_flags(avp) & L2TP_AVP_BIT_H) != 0)
		d->out->hidden |= l2tp_avp_bit(type);
	return true;
}

const uint8_t *
l2tp_read_avp(struct l2tp_reading *d, const uint8_t *avp, const uint8_t *pe)
{
	const size_t length = l2tp_avp_flags(avp) & L2TP_AVP_LENGTH;
	const uint8_t *const value = avp + L2TP_AVP_HEADER_OCTETS;

	if (length < L2TP_AVP_HEADER_OCTETS || length > (size_t)(pe - avp)) {
		l2tp_refuse_avp(d, L2TP_FAULT_AVP_LENGTH, avp);
		return NULL;
	}
	if (!read_any_avp(d, avp, ut_slice(value, length - L2TP_AVP_HEADER_OCTETS)))
		return NULL;
	return avp + length;
}

/* Of an AVP's first eight octets, in one word, what is unlike its row's head, M aside: in a usual one the Length and
 * what stands in the place of a U16. */
static inline uint64_t
unlike(uint64_t word, uint64_t head)
{
	return (word ^ head) & ~L2TP_HEAD_BIT_M;
}

/* Whether that is the Length of `octets` of value and no other bit of the header. */
static inline bool
is_usual(uint64_t difference, size_t octets)
{
	return difference >> 16 == L2TP_HEAD_OF(octets) >> 16;
}

/* Where the kind says the length, the end is told from that and not from the length read, so that the next AVP's
 * address does not wait for this one's octets.  Each returns the end, NULL if the AVP is not usual. */
static inline const uint8_t *
read_usual_u16(uint8_t *field, const uint8_t *avp, uint64_t difference)
{
	const uint16_t v = (uint16_t)difference;

	if (!is_usual(difference, sizeof v) || v == 0)
		return NULL;
	memcpy(field, &v, sizeof v);
	return avp + L2TP_AVP_HEADER_OCTETS + sizeof v;
}

static inline const uint8_t *
read_usual_u32(uint8_t *field, const uint8_t *avp, uint64_t difference, size_t left)
{
	uint32_t v;

	if (!is_usual(difference, sizeof v) || left < L2TP_AVP_HEADER_OCTETS + sizeof v)
		return NULL;
	v = ut_get_u32(avp + L2TP_AVP_HEADER_OCTETS);
	memcpy(field, &v, sizeof v);
	return avp + L2TP_AVP_HEADER_OCTETS + sizeof v;
}

static inline const uint8_t *
read_usual_octets(struct ut_slice *v, const uint8_t *avp, uint64_t word, const struct l2tp_avp_row *row,
		  size_t left)
{
	/* A Length below 6 wraps around, to more than any message has.  Read by itself: it is what the next AVP's
	 * address waits for. */
	const size_t n = (size_t)(ut_get_u16(avp) & L2TP_AVP_LENGTH) - L2TP_AVP_HEADER_OCTETS;

	if ((unlike(word, row->head) & ~L2TP_HEAD_LENGTH) >> 16 != 0 || n < row->min || n > row->max ||
	    n > left - L2TP_AVP_HEADER_OCTETS)
		return NULL;
	*v = ut_slice(avp + L2TP_AVP_HEADER_OCTETS, n);
	return v->p + n;
}

static inline const uint8_t *
read_usual_bytes(uint8_t *field, const uint8_t *avp, uint64_t word, const struct l2tp_avp_row *row,
		 size_t left)
{
	struct ut_slice v;
	const uint8_t *const end = read_usual_octets(&v, avp, word, row, left);

	if (end != NULL)
		memcpy(field, &v, sizeof v);
	return end;
}

UT_UNUSUAL static const uint8_t *
read_usual_result(struct l2tp_message *out, const uint8_t *avp, uint64_t word, size_t left)
{
	struct ut_slice v;
	const uint8_t *const end =
	    read_usual_octets(&v, avp, word, &l2tp_avp_rows[L2TP_AVP_RESULT_CODE], left);

	if (end != NULL)
		store_result(out, v);
	return end;
}

/* Reads one usual AVP of `left` octets to the end of the message, a U16's at least. */
static inline const uint8_t *
read_usual_avp(struct l2tp_message *out, unsigned type, uint64_t word, const uint8_t *avp, size_t left)
{
	const struct l2tp_avp_row *const row = &l2tp_avp_rows[type];
	const uint64_t difference = unlike(word, row->head);
	uint8_t *const field = (uint8_t *)out + row->field;

	if (row->kind == L2TP_KIND_U16)
		return read_usual_u16(field, avp, difference);
	if (row->kind == L2TP_KIND_U32 || row->kind == L2TP_KIND_SERIAL)
		return read_usual_u32(field, avp, difference, left);
	if (row->kind == L2TP_KIND_BYTES)
		return read_usual_bytes(field, avp, word, row, left);
	return row->kind == L2TP_KIND_RESULT ? read_usual_result(out, avp, word, left) : NULL;
}

/* What l2tp_read_usual_avps() does; `present` is what was read before. */
UT_FOLDED const uint8_t *
read_run(struct l2tp_message *out, uint64_t present, const uint8_t *avp, const uint8_t *pe)
{
	while ((size_t)(pe - avp) >= sizeof(uint64_t)) {
		const uint64_t word = ut_get_u64(avp);
		const unsigned type = (uint16_t)(word >> 16);
		const uint8_t *next;

		if (type >= L2TP_AVP_N || (present >> type & 1) != 0)
			break;
		next = read_usual_avp(out, type, word, avp, (size_t)(pe - avp));
		if (next == NULL)
			break;
		present |= l2tp_avp_bit(type);
		avp = next;
	}
	out->present = present;
	return avp;
}

const uint8_t *
l2tp_read_usual_avps(struct l2tp_message *out, const uint8_t *avp, const uint8_t *pe)
{
	return read_run(out, out->present, avp, pe);
}

const uint8_t *
l2tp_read_start(struct l2tp_message *out, const uint8_t *avp, const uint8_t *pe)
{
	uint64_t difference;
	unsigned type;

	if ((size_t)(pe - avp) < sizeof difference)
		return avp;
	difference = unlike(ut_get_u64(avp), L2TP_HEAD(L2TP_AVP_MESSAGE_TYPE, 1));
	type = (uint16_t)difference;
	if (!is_usual(difference, 2) || type >= L2TP_MESSAGE_N || l2tp_message_rows[type].avps.required == 0)
		return avp;
	out->type = (enum l2tp_message_type)type;
	return read_run(out, L2TP_HAS(MESSAGE_TYPE), avp + sizeof difference, pe);
}

/* What is wrong with an AVP that should be a Message Type we know, which l2tp_read_start() would have read. */
static enum l2tp_fault_reason
message_type_fault(const uint8_t *avp, const uint8_t *pe)
{
	const unsigned flags = l2tp_avp_flags(avp), length = flags & L2TP_AVP_LENGTH;

	if (length < L2TP_AVP_HEADER_OCTETS || length > (size_t)(pe - avp))
		return L2TP_FAULT_AVP_LENGTH;
	if (l2tp_avp_vendor(avp) != 0 || l2tp_avp_attribute(avp) != L2TP_AVP_MESSAGE_TYPE)
		return L2TP_FAULT_FIRST_AVP_NOT_TYPE;
	if ((flags & L2TP_AVP_RESERVED) != 0)
		return L2TP_FAULT_AVP_RESERVED;
	if ((flags & L2TP_AVP_BIT_H) != 0)
		return L2TP_FAULT_AVP_HIDDEN_FORBIDDEN;
	if (length != L2TP_AVP_HEADER_OCTETS + 2)
		return L2TP_FAULT_AVP_VALUE_LENGTH;
	return (flags & L2TP_AVP_BIT_M) != 0 ? L2TP_FAULT_MESSAGE_UNKNOWN_MANDATORY
					     : L2TP_FAULT_MESSAGE_UNKNOWN;
}

void
l2tp_refuse_message_type(struct l2tp_reading *d, const uint8_t *avp, const uint8_t *pe)
{
	const enum l2tp_fault_reason reason = message_type_fault(avp, pe);

	if (reason == L2TP_FAULT_MESSAGE_UNKNOWN_MANDATORY || reason == L2TP_FAULT_MESSAGE_UNKNOWN)
		d->out->type = L2TP_MESSAGE_N;
	l2tp_refuse_avp(d, reason, avp);
}

void
l2tp_refuse_missing(struct l2tp_reading *d, const uint8_t *pe)
{
	const uint64_t missing = d->required & ~d->out->present;

	refuse(d, L2TP_FAULT_AVP_MISSING, pe, (unsigned)__builtin_ctzll(missing), 0);
}
