/* l2tp_avp_read.h - one AVP of a control message becomes a field (RFC 2661 section 4.1)
 * SPDX-License-Identifier: Apache-2.0
 *
 * For the host of the AVP grammar only.  What an ordinary AVP needs is inline here, what is rare is in
 * l2tp_avp_read.c.
 */
#ifndef CODEC_L2TP_AVP_READ_H
#define CODEC_L2TP_AVP_READ_H

#include "codec/l2tp_table.h"

/* One call of l2tp_message_decode(). */
struct l2tp_reading {
	const uint8_t *datagram;
	struct l2tp_message *out;
	struct l2tp_unhide *unhide;
	struct l2tp_fault *fault;
	uint64_t present;  /* of `out`, in a register */
	uint64_t required; /* by the message's type */
	enum l2tp_fault_reason reason;
};

/* Ends the reading: no AVP is to blame. */
void l2tp_refuse_message(struct l2tp_reading *d, enum l2tp_fault_reason reason, const uint8_t *at);

/* Ends the reading: `avp` cannot be stepped over. */
void l2tp_refuse_avp(struct l2tp_reading *d, enum l2tp_fault_reason reason, const uint8_t *avp);

/* `avp` cannot be used: ends the reading (false) if it is mandatory or required, else true. */
bool l2tp_can_do_without(struct l2tp_reading *d, enum l2tp_fault_reason reason, const uint8_t *avp);

/* Reads an AVP that is hidden, of a vendor, unassigned or has a reserved bit.  False ends the reading. */
bool l2tp_read_unusual_avp(struct l2tp_reading *d, const uint8_t *avp, struct ut_slice value);

/* Reads the first AVP of a message, whose header is `avp`[0..6).  False ends the reading; true: 8 octets. */
bool l2tp_read_message_type(struct l2tp_reading *d, const uint8_t *avp, const uint8_t *pe);

void l2tp_check_required(struct l2tp_reading *d, const uint8_t *pe);

/* Puts a value, in the clear and of a length its kind accepts, into its field. */
void l2tp_store_compound(struct l2tp_message *out, enum l2tp_avp_kind kind, struct ut_slice value);

static inline unsigned
l2tp_avp_flags(const uint8_t *avp)
{
	return ut_get_u16(avp);
}

static inline unsigned
l2tp_avp_vendor(const uint8_t *avp)
{
	return ut_get_u16(avp + 2);
}

static inline unsigned
l2tp_avp_attribute(const uint8_t *avp)
{
	return ut_get_u16(avp + 4);
}

static inline uint64_t
l2tp_avp_bit(unsigned type)
{
	return (uint64_t)1 << type;
}

static inline bool
l2tp_avp_is_assigned(unsigned type)
{
#define X(token, number, name, kind, min, max, m, h) | L2TP_HAS(token)
	return type < L2TP_AVP_N && ((0 L2TP_AVPS(X)) >> type & 1) != 0;
#undef X
}

/* Stores the value of an assigned attribute.  False ends the reading. */
static inline bool
l2tp_store_value(struct l2tp_reading *d, const uint8_t *avp, unsigned type, struct ut_slice value)
{
	const struct l2tp_avp_row *const row = &l2tp_avp_rows[type];
	uint8_t *const field = (uint8_t *)d->out + row->field;

	if (value.n < row->min || value.n > row->max)
		return l2tp_can_do_without(d, L2TP_FAULT_AVP_VALUE_LENGTH, avp);
	if (row->kind == L2TP_KIND_U16) {
		const uint16_t v = ut_get_u16(value.p);

		if (v == 0 && l2tp_zero_is_refused(type, d->required))
			return l2tp_can_do_without(d, L2TP_FAULT_AVP_VALUE, avp);
		memcpy(field, &v, sizeof v);
	} else if (row->kind == L2TP_KIND_U32) {
		const uint32_t v = ut_get_u32(value.p);

		memcpy(field, &v, sizeof v);
	} else if (row->kind == L2TP_KIND_BYTES) {
		memcpy(field, &value, sizeof value);
	} else if (row->kind == L2TP_KIND_SERIAL && value.n == 3) {
		return l2tp_can_do_without(d, L2TP_FAULT_AVP_VALUE_LENGTH, avp);
	} else {
		l2tp_store_compound(d->out, (enum l2tp_avp_kind)row->kind, value);
	}
	d->present |= l2tp_avp_bit(type);
	return true;
}

/* Reads the AVP whose header is `avp`[0..6) of a message that ends at `pe`.  Returns where the next one
 * begins, NULL to end the reading. */
static inline const uint8_t *
l2tp_read_avp(struct l2tp_reading *d, const uint8_t *avp, const uint8_t *pe)
{
	const unsigned flags = l2tp_avp_flags(avp), type = l2tp_avp_attribute(avp);
	const size_t length = flags & L2TP_AVP_LENGTH;
	struct ut_slice value;

	if (length < L2TP_AVP_HEADER_OCTETS || length > (size_t)(pe - avp)) {
		l2tp_refuse_avp(d, L2TP_FAULT_AVP_LENGTH, avp);
		return NULL;
	}
	value = ut_slice(avp + L2TP_AVP_HEADER_OCTETS, length - L2TP_AVP_HEADER_OCTETS);
	if (((flags & (L2TP_AVP_BIT_H | L2TP_AVP_RESERVED)) | l2tp_avp_vendor(avp)) != 0 ||
	    !l2tp_avp_is_assigned(type)) {
		if (!l2tp_read_unusual_avp(d, avp, value))
			return NULL;
	} else if ((d->present & l2tp_avp_bit(type) & ~L2TP_HAS(RANDOM_VECTOR)) == 0) {
		if (!l2tp_store_value(d, avp, type, value))
			return NULL;
	}
	return avp + length;
}

#endif
