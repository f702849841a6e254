/* l2tp_table.c - the AVPs and the messages that carry them (RFC 2661 sections 4.4 and 6)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/l2tp_table.h"

/* Where each AVP's (first) value lives; the code of compounds (RESULT, CAUSE...) knows the others. */
#define AT(token, member) FIELD_##token = offsetof(struct l2tp_message, member)
enum field {
	AT(MESSAGE_TYPE, type),
	AT(RESULT_CODE, result),
	AT(PROTOCOL_VERSION, protocol_version),
	AT(FRAMING_CAPABILITIES, framing_capabilities),
	AT(BEARER_CAPABILITIES, bearer_capabilities),
	AT(TIE_BREAKER, tie_breaker),
	AT(FIRMWARE_REVISION, firmware_revision),
	AT(HOST_NAME, host_name),
	AT(VENDOR_NAME, vendor_name),
	AT(ASSIGNED_TUNNEL_ID, assigned_tid.v),
	AT(RECEIVE_WINDOW_SIZE, receive_window),
	AT(CHALLENGE, challenge),
	AT(CAUSE_CODE, cause_code),
	AT(CHALLENGE_RESPONSE, challenge_response),
	AT(ASSIGNED_SESSION_ID, assigned_sid.v),
	AT(CALL_SERIAL_NUMBER, call_serial),
	AT(MINIMUM_BPS, minimum_bps),
	AT(MAXIMUM_BPS, maximum_bps),
	AT(BEARER_TYPE, bearer_type),
	AT(FRAMING_TYPE, framing_type),
	AT(CALLED_NUMBER, called_number),
	AT(CALLING_NUMBER, calling_number),
	AT(SUB_ADDRESS, sub_address),
	AT(TX_CONNECT_SPEED, tx_connect_speed),
	AT(PHYSICAL_CHANNEL_ID, physical_channel),
	AT(INITIAL_RECEIVED_LCP_CONFREQ, initial_received_confreq),
	AT(LAST_SENT_LCP_CONFREQ, last_sent_confreq),
	AT(LAST_RECEIVED_LCP_CONFREQ, last_received_confreq),
	AT(PROXY_AUTHEN_TYPE, proxy_type),
	AT(PROXY_AUTHEN_NAME, proxy_name),
	AT(PROXY_AUTHEN_CHALLENGE, proxy_challenge),
	AT(PROXY_AUTHEN_ID, proxy_id),
	AT(PROXY_AUTHEN_RESPONSE, proxy_response),
	AT(CALL_ERRORS, call_errors),
	AT(ACCM, send_accm),
	AT(RANDOM_VECTOR, random_vector),
	AT(PRIVATE_GROUP_ID, private_group),
	AT(RX_CONNECT_SPEED, rx_connect_speed),
	FIELD_SEQUENCING_REQUIRED = 0, /* its bit in `present` is all there is */
	AT(PPP_DISCONNECT_CAUSE, disconnect_code)
};
#undef AT

const struct l2tp_avp_row l2tp_avp_rows[L2TP_AVP_N] = {
#define X(token, number, name, kind_, min_, max_, m, h) \
	[number] = { .field = FIELD_##token,            \
		     .min = (min_),                     \
		     .max = (max_),                     \
		     .kind = L2TP_KIND_##kind_,         \
		     .bits = ((m) ? L2TP_ROW_M : 0) | ((h) ? L2TP_ROW_HIDEABLE : 0) },
	L2TP_AVPS(X)
#undef X
};

/* The lists of section 6, in its order.  R: refused without.  E: the RFC requires it, real peers leave it
 * out, and nothing is lost without (interop 23-26): we always send it.  O: optional. */
/* clang-format off */
#define AVPS_SCCRQ(R, E, O) R(PROTOCOL_VERSION) R(HOST_NAME) R(FRAMING_CAPABILITIES) R(ASSIGNED_TUNNEL_ID) \
	O(BEARER_CAPABILITIES) O(RECEIVE_WINDOW_SIZE) O(CHALLENGE) O(TIE_BREAKER) O(FIRMWARE_REVISION) O(VENDOR_NAME)
#define AVPS_SCCRP(R, E, O) R(PROTOCOL_VERSION) R(FRAMING_CAPABILITIES) R(HOST_NAME) R(ASSIGNED_TUNNEL_ID) \
	O(BEARER_CAPABILITIES) O(FIRMWARE_REVISION) O(VENDOR_NAME) O(RECEIVE_WINDOW_SIZE) O(CHALLENGE)     \
	O(CHALLENGE_RESPONSE)
#define AVPS_SCCCN(R, E, O) O(CHALLENGE_RESPONSE)
#define AVPS_STOPCCN(R, E, O) E(ASSIGNED_TUNNEL_ID) E(RESULT_CODE)
#define AVPS_HELLO(R, E, O)
#define AVPS_OCRQ(R, E, O) R(ASSIGNED_SESSION_ID) R(CALL_SERIAL_NUMBER) R(MINIMUM_BPS) R(MAXIMUM_BPS)      \
	R(BEARER_TYPE) R(FRAMING_TYPE) R(CALLED_NUMBER) O(SUB_ADDRESS)
#define AVPS_OCRP(R, E, O) R(ASSIGNED_SESSION_ID) O(PHYSICAL_CHANNEL_ID)
#define AVPS_OCCN(R, E, O) E(TX_CONNECT_SPEED) E(FRAMING_TYPE) O(RX_CONNECT_SPEED) O(SEQUENCING_REQUIRED)
#define AVPS_ICRQ(R, E, O) R(ASSIGNED_SESSION_ID) R(CALL_SERIAL_NUMBER) O(BEARER_TYPE)                     \
	O(PHYSICAL_CHANNEL_ID) O(CALLING_NUMBER) O(CALLED_NUMBER) O(SUB_ADDRESS)
#define AVPS_ICRP(R, E, O) R(ASSIGNED_SESSION_ID)
#define AVPS_ICCN(R, E, O) E(TX_CONNECT_SPEED) E(FRAMING_TYPE) O(INITIAL_RECEIVED_LCP_CONFREQ)             \
	O(LAST_SENT_LCP_CONFREQ) O(LAST_RECEIVED_LCP_CONFREQ) O(PROXY_AUTHEN_TYPE) O(PROXY_AUTHEN_NAME)    \
	O(PROXY_AUTHEN_CHALLENGE) O(PROXY_AUTHEN_ID) O(PROXY_AUTHEN_RESPONSE) O(PRIVATE_GROUP_ID)          \
	O(RX_CONNECT_SPEED) O(SEQUENCING_REQUIRED)
#define AVPS_CDN(R, E, O) E(RESULT_CODE) E(ASSIGNED_SESSION_ID) O(CAUSE_CODE)
#define AVPS_WEN(R, E, O) E(CALL_ERRORS)
#define AVPS_SLI(R, E, O) E(ACCM)
/* clang-format on */

#define IN_SET(token) | L2TP_HAS(token)
#define NOT_IN_SET(token)
#define IN_ORDER(token) L2TP_AVP_##token,

const struct l2tp_message_row l2tp_message_rows[L2TP_MESSAGE_N] = {
#define X(token, number, name)                                                                          \
	[number] = { .avps = { .required =                                                              \
				   L2TP_HAS(MESSAGE_TYPE) AVPS_##token(IN_SET, NOT_IN_SET, NOT_IN_SET), \
			       .expected = 0 AVPS_##token(NOT_IN_SET, IN_SET, NOT_IN_SET),              \
			       .optional = 0 AVPS_##token(NOT_IN_SET, NOT_IN_SET, IN_SET) },            \
		     .order = { AVPS_##token(IN_ORDER, IN_ORDER, IN_ORDER) 0 } },
	L2TP_MESSAGES(X)
#undef X
};

const struct l2tp_message_avps *
l2tp_message_avps(enum l2tp_message_type type)
{
	const unsigned row = (unsigned)type < L2TP_MESSAGE_N ? (unsigned)type : L2TP_ZLB;

	return &l2tp_message_rows[row].avps;
}
