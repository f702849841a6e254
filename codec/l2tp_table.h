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

enum { L2TP_ROW_HIDEABLE = 1 };

/* The first eight octets of an AVP of the IETF's in one word, as big end first they lie on the wire: what is the same
 * of every one of its type.  Length, and the two octets of value that a U16 is, are left 0. */
#define L2TP_HEAD(type, m) ((uint64_t)((m) ? L2TP_AVP_BIT_M : 0) << 48 | (uint64_t)(type) << 16)
#define L2TP_HEAD_BIT_M ((uint64_t)L2TP_AVP_BIT_M << 48)
#define L2TP_HEAD_LENGTH ((uint64_t)L2TP_AVP_LENGTH << 48)

/* The Length of an AVP with n octets of value, in that word. */
#define L2TP_HEAD_OF(n) ((uint64_t)(L2TP_AVP_HEADER_OCTETS + (n)) << 48)

struct l2tp_avp_row {
	uint64_t head;	   /* L2TP_HEAD() as we send it */
	uint16_t field;	   /* octets into struct l2tp_message */
	uint16_t min, max; /* octets of value */
	uint8_t kind;	   /* enum l2tp_avp_kind */
	uint8_t bits;	   /* L2TP_ROW_* */
};

/* Where each AVP's (first) value lives; the code of compounds (RESULT, CAUSE...) knows the others. */
#define L2TP_AT(token, member) L2TP_FIELD_##token = offsetof(struct l2tp_message, member)
enum l2tp_avp_field {
	L2TP_AT(MESSAGE_TYPE, type),
	L2TP_AT(RESULT_CODE, result),
	L2TP_AT(PROTOCOL_VERSION, protocol_version),
	L2TP_AT(FRAMING_CAPABILITIES, framing_capabilities),
	L2TP_AT(BEARER_CAPABILITIES, bearer_capabilities),
	L2TP_AT(TIE_BREAKER, tie_breaker),
	L2TP_AT(FIRMWARE_REVISION, firmware_revision),
	L2TP_AT(HOST_NAME, host_name),
	L2TP_AT(VENDOR_NAME, vendor_name),
	L2TP_AT(ASSIGNED_TUNNEL_ID, assigned_tid.v),
	L2TP_AT(RECEIVE_WINDOW_SIZE, receive_window),
	L2TP_AT(CHALLENGE, challenge),
	L2TP_AT(CAUSE_CODE, cause_code),
	L2TP_AT(CHALLENGE_RESPONSE, challenge_response),
	L2TP_AT(ASSIGNED_SESSION_ID, assigned_sid.v),
	L2TP_AT(CALL_SERIAL_NUMBER, call_serial),
	L2TP_AT(MINIMUM_BPS, minimum_bps),
	L2TP_AT(MAXIMUM_BPS, maximum_bps),
	L2TP_AT(BEARER_TYPE, bearer_type),
	L2TP_AT(FRAMING_TYPE, framing_type),
	L2TP_AT(CALLED_NUMBER, called_number),
	L2TP_AT(CALLING_NUMBER, calling_number),
	L2TP_AT(SUB_ADDRESS, sub_address),
	L2TP_AT(TX_CONNECT_SPEED, tx_connect_speed),
	L2TP_AT(PHYSICAL_CHANNEL_ID, physical_channel),
	L2TP_AT(INITIAL_RECEIVED_LCP_CONFREQ, initial_received_confreq),
	L2TP_AT(LAST_SENT_LCP_CONFREQ, last_sent_confreq),
	L2TP_AT(LAST_RECEIVED_LCP_CONFREQ, last_received_confreq),
	L2TP_AT(PROXY_AUTHEN_TYPE, proxy_type),
	L2TP_AT(PROXY_AUTHEN_NAME, proxy_name),
	L2TP_AT(PROXY_AUTHEN_CHALLENGE, proxy_challenge),
	L2TP_AT(PROXY_AUTHEN_ID, proxy_id),
	L2TP_AT(PROXY_AUTHEN_RESPONSE, proxy_response),
	L2TP_AT(CALL_ERRORS, call_errors),
	L2TP_AT(ACCM, send_accm),
	L2TP_AT(RANDOM_VECTOR, random_vector),
	L2TP_AT(PRIVATE_GROUP_ID, private_group),
	L2TP_AT(RX_CONNECT_SPEED, rx_connect_speed),
	L2TP_FIELD_SEQUENCING_REQUIRED = 0, /* its bit in `present` is all there is */
	L2TP_AT(PPP_DISCONNECT_CAUSE, disconnect_code)
};
#undef L2TP_AT

/* By attribute type; unassigned numbers have kind L2TP_KIND_UNASSIGNED.  Here and not in a file of its own, so that the
 * compiler knows the rows of AVPs that the code names. */
static const struct l2tp_avp_row l2tp_avp_rows[L2TP_AVP_N] = {
#define X(token, number, name, kind_, min_, max_, m, h) \
	[number] = { .head = L2TP_HEAD(number, m),      \
		     .field = L2TP_FIELD_##token,       \
		     .min = (min_),                     \
		     .max = (max_),                     \
		     .kind = L2TP_KIND_##kind_,         \
		     .bits = (h) ? L2TP_ROW_HIDEABLE : 0 },
	L2TP_AVPS(X)
#undef X
};

/* The lists of section 6, in its order.  R: refused without.  E: the RFC requires it, real peers leave it
 * out, and nothing is lost without (interop 23-26): we always send it.  O: optional. */
/* clang-format off */
#define L2TP_AVPS_OF_SCCRQ(R, E, O) R(PROTOCOL_VERSION) R(HOST_NAME) R(FRAMING_CAPABILITIES) R(ASSIGNED_TUNNEL_ID) \
	O(BEARER_CAPABILITIES) O(RECEIVE_WINDOW_SIZE) O(CHALLENGE) O(TIE_BREAKER) O(FIRMWARE_REVISION) O(VENDOR_NAME)
#define L2TP_AVPS_OF_SCCRP(R, E, O) R(PROTOCOL_VERSION) R(FRAMING_CAPABILITIES) R(HOST_NAME) R(ASSIGNED_TUNNEL_ID) \
	O(BEARER_CAPABILITIES) O(FIRMWARE_REVISION) O(VENDOR_NAME) O(RECEIVE_WINDOW_SIZE) O(CHALLENGE)     \
	O(CHALLENGE_RESPONSE)
#define L2TP_AVPS_OF_SCCCN(R, E, O) O(CHALLENGE_RESPONSE)
#define L2TP_AVPS_OF_STOPCCN(R, E, O) E(ASSIGNED_TUNNEL_ID) E(RESULT_CODE)
#define L2TP_AVPS_OF_HELLO(R, E, O)
#define L2TP_AVPS_OF_OCRQ(R, E, O) R(ASSIGNED_SESSION_ID) R(CALL_SERIAL_NUMBER) R(MINIMUM_BPS) R(MAXIMUM_BPS)      \
	R(BEARER_TYPE) R(FRAMING_TYPE) R(CALLED_NUMBER) O(SUB_ADDRESS)
#define L2TP_AVPS_OF_OCRP(R, E, O) R(ASSIGNED_SESSION_ID) O(PHYSICAL_CHANNEL_ID)
#define L2TP_AVPS_OF_OCCN(R, E, O) E(TX_CONNECT_SPEED) E(FRAMING_TYPE) O(RX_CONNECT_SPEED) O(SEQUENCING_REQUIRED)
#define L2TP_AVPS_OF_ICRQ(R, E, O) R(ASSIGNED_SESSION_ID) R(CALL_SERIAL_NUMBER) O(BEARER_TYPE)                     \
	O(PHYSICAL_CHANNEL_ID) O(CALLING_NUMBER) O(CALLED_NUMBER) O(SUB_ADDRESS)
#define L2TP_AVPS_OF_ICRP(R, E, O) R(ASSIGNED_SESSION_ID)
#define L2TP_AVPS_OF_ICCN(R, E, O) E(TX_CONNECT_SPEED) E(FRAMING_TYPE) O(INITIAL_RECEIVED_LCP_CONFREQ)             \
	O(LAST_SENT_LCP_CONFREQ) O(LAST_RECEIVED_LCP_CONFREQ) O(PROXY_AUTHEN_TYPE) O(PROXY_AUTHEN_NAME)    \
	O(PROXY_AUTHEN_CHALLENGE) O(PROXY_AUTHEN_ID) O(PROXY_AUTHEN_RESPONSE) O(PRIVATE_GROUP_ID)          \
	O(RX_CONNECT_SPEED) O(SEQUENCING_REQUIRED)
#define L2TP_AVPS_OF_CDN(R, E, O) E(RESULT_CODE) E(ASSIGNED_SESSION_ID) O(CAUSE_CODE)
#define L2TP_AVPS_OF_WEN(R, E, O) E(CALL_ERRORS)
#define L2TP_AVPS_OF_SLI(R, E, O) E(ACCM)
/* clang-format on */

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
