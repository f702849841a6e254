/* l2tp_table.h - what decoder and encoder both know of each AVP and message (RFC 2661 sections 4.4 and 6)
 * SPDX-License-Identifier: Apache-2.0
 *
 * For the files of codec/ only; others ask l2tp_message_avps() and l2tp_avp_name().
 */
#ifndef CODEC_L2TP_TABLE_H
#define CODEC_L2TP_TABLE_H

#include "codec/l2tp.h"

/* How a value lies on the wire, and so how it becomes a field of struct l2tp_message. */
enum l2tp_avp_kind {
	L2TP_KIND_UNASSIGNED, /* no such attribute */
	L2TP_KIND_U16,
	L2TP_KIND_U32,
	L2TP_KIND_U64,
	L2TP_KIND_BYTES,
	L2TP_KIND_FLAG,	       /* no value: being there is the value */
	L2TP_KIND_SERIAL,      /* 32 bits; 16 are accepted from a peer */
	L2TP_KIND_RESULT,      /* Result Code, Error Code, text */
	L2TP_KIND_CAUSE,       /* Q.931 cause, message, text */
	L2TP_KIND_CALL_ERRORS, /* reserved 16 bits, six counters */
	L2TP_KIND_ACCM,	       /* reserved 16 bits, two masks */
	L2TP_KIND_DISCONNECT,  /* RFC 3145: code, control protocol, direction, text */
	L2TP_KIND_N
};

enum { L2TP_ROW_M = 1, L2TP_ROW_HIDEABLE = 2 };

struct l2tp_avp_row {
	uint16_t field;	   /* octets into struct l2tp_message */
	uint16_t min, max; /* octets of value */
	uint8_t kind;	   /* enum l2tp_avp_kind */
	uint8_t bits;	   /* L2TP_ROW_* */
};

/* By attribute type; unassigned numbers have kind L2TP_KIND_UNASSIGNED. */
extern const struct l2tp_avp_row l2tp_avp_rows[L2TP_AVP_N];

enum { L2TP_MESSAGE_AVPS_MAX = 16 };

struct l2tp_message_row {
	struct l2tp_message_avps avps;
	uint8_t order[L2TP_MESSAGE_AVPS_MAX]; /* AVPs after Message Type as the RFC lists them; 0 ends it */
};

/* By message type; L2TP_ZLB and unassigned numbers have empty rows. */
extern const struct l2tp_message_row l2tp_message_rows[L2TP_MESSAGE_N];

/* True if 0 is out of range for this AVP in a message that requires `required`: RFC 2661 4.4.3, 4.4.4.
 * Ids of 0 are tolerated in StopCCN and CDN, which close what may never have had one (interop 23). */
static inline bool
l2tp_zero_is_refused(unsigned type, uint64_t required)
{
	if (type == L2TP_AVP_ASSIGNED_TUNNEL_ID)
		return (required & L2TP_HAS(ASSIGNED_TUNNEL_ID)) != 0;
	if (type == L2TP_AVP_ASSIGNED_SESSION_ID)
		return (required & L2TP_HAS(ASSIGNED_SESSION_ID)) != 0;
	return type == L2TP_AVP_RECEIVE_WINDOW_SIZE;
}

#endif
