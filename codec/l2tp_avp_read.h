/* l2tp_avp_read.h - one AVP of a control message becomes a field (RFC 2661 section 4.1)
 * SPDX-License-Identifier: Apache-2.0
 *
 * For the host of the AVP grammar only.  Nearly every AVP of nearly every message is usual: one of a plain kind
 * with nothing odd about it.  Runs of those are read at once; whatever is not usual goes through the machine and
 * l2tp_read_avp(), which know the whole truth.
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
	uint64_t required; /* by the message's type */
	enum l2tp_fault_reason reason;
};

/* Ends the reading: no AVP is to blame. */
void l2tp_refuse_message(struct l2tp_reading *d, enum l2tp_fault_reason reason, const uint8_t *at);

/* Ends the reading: `avp` cannot be stepped over. */
void l2tp_refuse_avp(struct l2tp_reading *d, enum l2tp_fault_reason reason, const uint8_t *avp);

/* Reads the AVP whose header is `avp`[0..6) of a message that ends at `pe`: the whole truth about AVPs.  Returns
 * where the next one begins, NULL to end the reading. */
const uint8_t *l2tp_read_avp(struct l2tp_reading *d, const uint8_t *avp, const uint8_t *pe);

/* Reads usual AVPs from `avp` on, as many as there are, none at all included.  Returns where they end. */
const uint8_t *l2tp_read_usual_avps(struct l2tp_message *out, const uint8_t *avp, const uint8_t *pe);

/* Reads Message Type, if it is the first AVP and right, and the usual AVPs behind it.  Returns where they end, `avp`
 * itself if no message begins there; then `out` is as it was. */
const uint8_t *l2tp_read_start(struct l2tp_message *out, const uint8_t *avp, const uint8_t *pe);

/* Ends the reading: no message begins with the AVP whose header is `avp`[0..6). */
void l2tp_refuse_message_type(struct l2tp_reading *d, const uint8_t *avp, const uint8_t *pe);

/* Ends the reading of a message in which not every required AVP was present: the first missing one is to blame. */
void l2tp_refuse_missing(struct l2tp_reading *d, const uint8_t *pe);

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

#endif
