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

/* Reads any AVP whose Length was checked: the whole truth about AVPs.  False ends the reading. */
bool l2tp_read_any_avp(struct l2tp_reading *d, const uint8_t *avp, struct ut_slice value);

/* Reads the first AVP of a message, whose header is `avp`[0..6).  False ends the reading; true: 8 octets. */
bool l2tp_read_message_type(struct l2tp_reading *d, const uint8_t *avp, const uint8_t *pe);

void l2tp_check_required(struct l2tp_reading *d, const uint8_t *pe);

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

/* Stores the value of an AVP of a common kind if nothing at all is odd about it.  Returns its end, NULL if
 * l2tp_read_any_avp() has to look.  Where the kind says the length, the end is told from that and not from
 * the length read, so that the next AVP's address does not wait for this one's octets. */
static inline const uint8_t *
l2tp_read_common_avp(struct l2tp_reading *d, unsigned type, const uint8_t *value, size_t n)
{
	const struct l2tp_avp_row *const row = &l2tp_avp_rows[type];
	uint8_t *const field = (uint8_t *)d->out + row->field;

	if (row->kind == L2TP_KIND_U16 && n == 2) {
		const uint16_t v = ut_get_u16(value);

		if (v == 0)
			return NULL;
		memcpy(field, &v, sizeof v);
		d->present |= l2tp_avp_bit(type);
		return value + 2;
	}
	if (row->kind == L2TP_KIND_U32 && n == 4) {
		const uint32_t v = ut_get_u32(value);

		memcpy(field, &v, sizeof v);
		d->present |= l2tp_avp_bit(type);
		return value + 4;
	}
	if (row->kind == L2TP_KIND_BYTES && n >= row->min && n <= row->max) {
		const struct ut_slice v = ut_slice(value, n);

		memcpy(field, &v, sizeof v);
		d->present |= l2tp_avp_bit(type);
		return value + n;
	}
	return NULL;
}

/* H, reserved bits or a vendor, in the first four octets of an AVP. */
#define L2TP_AVP_UNUSUAL ((uint32_t)(L2TP_AVP_BIT_H | L2TP_AVP_RESERVED) << 16 | 0xffff)

/* Reads the AVP whose header is `avp`[0..6) of a message that ends at `pe`.  Returns where the next one
 * begins, NULL to end the reading. */
static inline const uint8_t *
l2tp_read_avp(struct l2tp_reading *d, const uint8_t *avp, const uint8_t *pe)
{
	const uint32_t head = ut_get_u32(avp);
	const unsigned type = l2tp_avp_attribute(avp);
	const uint8_t *const value = avp + L2TP_AVP_HEADER_OCTETS;
	const uint8_t *next;
	/* A Length below 6 wraps around, to more than any message has. */
	const size_t n = (size_t)(head >> 16 & L2TP_AVP_LENGTH) - L2TP_AVP_HEADER_OCTETS;

	if (n > (size_t)(pe - value)) {
		l2tp_refuse_avp(d, L2TP_FAULT_AVP_LENGTH, avp);
		return NULL;
	}
	if ((head & L2TP_AVP_UNUSUAL) == 0 && type < L2TP_AVP_N && (d->present >> type & 1) == 0) {
		next = l2tp_read_common_avp(d, type, value, n);
		if (next != NULL)
			return next;
	}
	return l2tp_read_any_avp(d, avp, ut_slice(value, n)) ? value + n : NULL;
}

#endif
