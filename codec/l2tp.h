/* l2tp.h - L2TPv2 on the wire: header, AVPs, messages (RFC 2661 sections 3 and 4)
 * SPDX-License-Identifier: Apache-2.0
 *
 * Decoding copies nothing: slices in a message point into the datagram, or, for hidden AVPs, into the
 * scratch buffer of the `l2tp_unhide` that was passed.  Encoding writes into a caller's buffer.
 * Nothing here allocates, reads a clock or logs.  Ids are host order.
 */
#ifndef CODEC_L2TP_H
#define CODEC_L2TP_H

#include "codec/bytes.h"
#include "codec/put.h"

enum { L2TP_PORT = 1701 };

/* Ids of different kinds do not mix.  Host order; 0 is "none yet". */
struct l2tp_tid {
	uint16_t v;
};
struct l2tp_sid {
	uint16_t v;
};

/* clang-format off */
/* ---- messages: RFC 2661 section 3.2; X(token, number, RFC spelling) ---- */
#define L2TP_MESSAGES(X)           \
	X(SCCRQ, 1, "SCCRQ")       \
	X(SCCRP, 2, "SCCRP")       \
	X(SCCCN, 3, "SCCCN")       \
	X(STOPCCN, 4, "StopCCN")   \
	X(HELLO, 6, "HELLO")       \
	X(OCRQ, 7, "OCRQ")         \
	X(OCRP, 8, "OCRP")         \
	X(OCCN, 9, "OCCN")         \
	X(ICRQ, 10, "ICRQ")        \
	X(ICRP, 11, "ICRP")        \
	X(ICCN, 12, "ICCN")        \
	X(CDN, 14, "CDN")          \
	X(WEN, 15, "WEN")          \
	X(SLI, 16, "SLI")
/* clang-format on */

enum l2tp_message_type {
	L2TP_ZLB = 0, /* no AVP at all: a shape, not a type (RFC 2661 5.8) */
#define X(token, number, name) L2TP_##token = number,
	L2TP_MESSAGES(X)
#undef X
	    L2TP_MESSAGE_N = 17
};

/* "SCCRQ" ... "ZLB"; NULL for a number RFC 2661 does not assign. */
const char *l2tp_message_name(unsigned type);

/* True for messages of a session, whose fault closes a call (CDN) and not the tunnel (StopCCN). */
bool l2tp_message_is_session(unsigned type);

/* clang-format off */
/* ---- AVPs: RFC 2661 section 4.4 (and 46 of RFC 3145, read only) ----
 * X(token, number, RFC name, kind, value octets min, max as accepted, M bit sent, may be hidden) */
#define L2TP_AVPS(X)                                                              \
	X(MESSAGE_TYPE, 0, "Message Type", U16, 2, 2, 1, 0)                       \
	X(RESULT_CODE, 1, "Result Code", RESULT, 2, 1017, 1, 0)                   \
	X(PROTOCOL_VERSION, 2, "Protocol Version", U16, 2, 2, 1, 0)               \
	X(FRAMING_CAPABILITIES, 3, "Framing Capabilities", U32, 4, 4, 1, 1)       \
	X(BEARER_CAPABILITIES, 4, "Bearer Capabilities", U32, 4, 4, 1, 1)         \
	X(TIE_BREAKER, 5, "Tie Breaker", U64, 8, 8, 0, 0)                         \
	X(FIRMWARE_REVISION, 6, "Firmware Revision", U16, 2, 2, 0, 1)             \
	X(HOST_NAME, 7, "Host Name", BYTES, 1, 1017, 1, 0)                        \
	X(VENDOR_NAME, 8, "Vendor Name", BYTES, 0, 1017, 0, 1)                    \
	X(ASSIGNED_TUNNEL_ID, 9, "Assigned Tunnel ID", U16, 2, 2, 1, 1)           \
	X(RECEIVE_WINDOW_SIZE, 10, "Receive Window Size", U16, 2, 2, 1, 0)        \
	X(CHALLENGE, 11, "Challenge", BYTES, 1, 1017, 1, 1)                       \
	X(CAUSE_CODE, 12, "Q.931 Cause Code", CAUSE, 3, 1017, 1, 0)               \
	X(CHALLENGE_RESPONSE, 13, "Challenge Response", BYTES, 16, 16, 1, 1)      \
	X(ASSIGNED_SESSION_ID, 14, "Assigned Session ID", U16, 2, 2, 1, 1)        \
	X(CALL_SERIAL_NUMBER, 15, "Call Serial Number", SERIAL, 2, 4, 1, 1)       \
	X(MINIMUM_BPS, 16, "Minimum BPS", U32, 4, 4, 1, 1)                        \
	X(MAXIMUM_BPS, 17, "Maximum BPS", U32, 4, 4, 1, 1)                        \
	X(BEARER_TYPE, 18, "Bearer Type", U32, 4, 4, 1, 1)                        \
	X(FRAMING_TYPE, 19, "Framing Type", U32, 4, 4, 1, 1)                      \
	X(CALLED_NUMBER, 21, "Called Number", BYTES, 0, 1017, 1, 1)               \
	X(CALLING_NUMBER, 22, "Calling Number", BYTES, 0, 1017, 1, 1)             \
	X(SUB_ADDRESS, 23, "Sub-Address", BYTES, 0, 1017, 1, 1)                   \
	X(TX_CONNECT_SPEED, 24, "(Tx) Connect Speed", U32, 4, 4, 1, 1)            \
	X(PHYSICAL_CHANNEL_ID, 25, "Physical Channel ID", U32, 4, 4, 0, 1)        \
	X(INITIAL_RECEIVED_LCP_CONFREQ, 26, "Initial Received LCP CONFREQ", BYTES, 0, 1017, 0, 1) \
	X(LAST_SENT_LCP_CONFREQ, 27, "Last Sent LCP CONFREQ", BYTES, 0, 1017, 0, 1) \
	X(LAST_RECEIVED_LCP_CONFREQ, 28, "Last Received LCP CONFREQ", BYTES, 0, 1017, 0, 1) \
	X(PROXY_AUTHEN_TYPE, 29, "Proxy Authen Type", U16, 2, 2, 0, 1)            \
	X(PROXY_AUTHEN_NAME, 30, "Proxy Authen Name", BYTES, 0, 1017, 0, 1)       \
	X(PROXY_AUTHEN_CHALLENGE, 31, "Proxy Authen Challenge", BYTES, 1, 1017, 0, 1) \
	X(PROXY_AUTHEN_ID, 32, "Proxy Authen ID", U16, 2, 2, 0, 1)                \
	X(PROXY_AUTHEN_RESPONSE, 33, "Proxy Authen Response", BYTES, 0, 1017, 0, 1) \
	X(CALL_ERRORS, 34, "Call Errors", CALL_ERRORS, 26, 26, 1, 1)              \
	X(ACCM, 35, "ACCM", ACCM, 10, 10, 1, 1)                                   \
	X(RANDOM_VECTOR, 36, "Random Vector", BYTES, 0, 1017, 1, 0)               \
	X(PRIVATE_GROUP_ID, 37, "Private Group ID", BYTES, 0, 1017, 0, 1)         \
	X(RX_CONNECT_SPEED, 38, "Rx Connect Speed", U32, 4, 4, 0, 1)              \
	X(SEQUENCING_REQUIRED, 39, "Sequencing Required", FLAG, 0, 0, 1, 0)       \
	X(PPP_DISCONNECT_CAUSE, 46, "PPP Disconnect Cause Code", DISCONNECT, 5, 1017, 0, 1)
/* clang-format on */

enum l2tp_avp_type {
#define X(token, number, name, kind, min, max, m, h) L2TP_AVP_##token = number,
	L2TP_AVPS(X)
#undef X
	    L2TP_AVP_N = 47
};

/* RFC name; NULL for a number not in the list above. */
const char *l2tp_avp_name(unsigned type);

/* Bits of an AVP's first octet pair (RFC 2661 4.1). */
enum {
	L2TP_AVP_BIT_M = 0x8000,
	L2TP_AVP_BIT_H = 0x4000,
	L2TP_AVP_RESERVED = 0x3c00,
	L2TP_AVP_LENGTH = 0x03ff,
	L2TP_AVP_HEADER_OCTETS = 6,
	L2TP_AVP_VALUE_MAX = 1017
};

/* ---- header: RFC 2661 section 3.1 ---- */
struct l2tp_header {
	bool is_control;   /* T */
	bool has_length;   /* L */
	bool has_sequence; /* S */
	bool has_offset;   /* O, data only */
	bool is_priority;  /* P, data only */
	uint8_t version;   /* 2 */
	uint16_t length;   /* as sent, 0 without L */
	struct l2tp_tid tid;
	struct l2tp_sid sid;
	uint16_t ns, nr;
	uint16_t offset_size;
	struct ut_slice payload; /* AVPs of a control message, the PPP frame of a data message */
};

/* clang-format off */
/* ---- what can be wrong ----
 * X(token, sentence) */
#define L2TP_FAULTS(X)                                                                       \
	X(NONE, "no fault")                                                                  \
	X(TRUNCATED, "datagram ends inside the header")                                      \
	X(VERSION, "version is not 2")                                                       \
	X(HEADER_FLAGS, "control message without L or S bit, or with O bit")                 \
	X(HEADER_LENGTH, "Length field does not fit the datagram")                           \
	X(OFFSET_SIZE, "Offset Size runs past the end")                                      \
	X(AVP_TRUNCATED, "fewer than 6 octets left for an AVP header")                       \
	X(AVP_LENGTH, "AVP Length below 6 or past the end of the message")                   \
	X(AVP_VALUE_LENGTH, "AVP value has the wrong length for its type")                   \
	X(AVP_VALUE, "AVP value out of range")                                               \
	X(AVP_RESERVED, "reserved bit set in a mandatory AVP")                               \
	X(AVP_UNKNOWN_MANDATORY, "unknown AVP with the M bit")                               \
	X(AVP_HIDDEN_NO_SECRET, "hidden AVP, but no tunnel secret is configured")            \
	X(AVP_HIDDEN_NO_VECTOR, "hidden AVP before any Random Vector")                       \
	X(AVP_HIDDEN_LENGTH, "hidden AVP's original length does not fit")                    \
	X(AVP_HIDDEN_FORBIDDEN, "AVP that must not be hidden is")                            \
	X(AVP_HIDDEN_TOO_MANY, "more hidden octets than the scratch buffer takes")           \
	X(FIRST_AVP_NOT_TYPE, "first AVP is not Message Type")                               \
	X(MESSAGE_UNKNOWN_MANDATORY, "unknown Message Type with the M bit")                  \
	X(MESSAGE_UNKNOWN, "unknown Message Type without the M bit: ignore the message")     \
	X(AVP_MISSING, "an AVP this message requires is missing")
/* clang-format on */

enum l2tp_fault_reason {
#define X(token, sentence) L2TP_FAULT_##token,
	L2TP_FAULTS(X)
#undef X
	    L2TP_FAULT_N
};

const char *l2tp_fault_sentence(enum l2tp_fault_reason reason);

struct l2tp_fault {
	enum l2tp_fault_reason reason;
	uint32_t offset; /* octets from the start of the datagram */
	uint16_t avp;	 /* attribute type, where one is concerned; UINT16_MAX otherwise */
	uint16_t vendor; /* its vendor id */
};

/* ---- Result and Error Codes: RFC 2661 section 4.4.2 ---- */
struct l2tp_result {
	uint16_t result; /* of StopCCN or CDN, by the message that carries it */
	uint16_t error;	 /* General Error Code, 0 for none */
};

enum l2tp_stopccn_result {
	L2TP_STOPCCN_GENERAL = 1, /* general request to clear control connection */
	L2TP_STOPCCN_ERROR = 2,	  /* Error Code says what */
	L2TP_STOPCCN_EXISTS = 3,
	L2TP_STOPCCN_UNAUTHORIZED = 4,
	L2TP_STOPCCN_VERSION = 5,
	L2TP_STOPCCN_SHUTDOWN = 6,
	L2TP_STOPCCN_FSM = 7
};

enum l2tp_cdn_result {
	L2TP_CDN_CARRIER = 1,
	L2TP_CDN_ERROR = 2, /* Error Code says what */
	L2TP_CDN_ADMIN = 3,
	L2TP_CDN_NO_FACILITIES_TEMPORARY = 4,
	L2TP_CDN_NO_FACILITIES = 5,
	L2TP_CDN_INVALID_DESTINATION = 6,
	L2TP_CDN_NO_CARRIER = 7,
	L2TP_CDN_BUSY = 8,
	L2TP_CDN_NO_DIAL_TONE = 9,
	L2TP_CDN_TIMEOUT = 10,
	L2TP_CDN_NO_FRAMING = 11
};

enum l2tp_error {
	L2TP_ERROR_NONE = 0,
	L2TP_ERROR_NO_CONTROL_CONNECTION = 1,
	L2TP_ERROR_LENGTH = 2,
	L2TP_ERROR_VALUE = 3,
	L2TP_ERROR_RESOURCES = 4,
	L2TP_ERROR_SESSION_ID = 5,
	L2TP_ERROR_VENDOR = 6,
	L2TP_ERROR_TRY_ANOTHER = 7,
	L2TP_ERROR_UNKNOWN_MANDATORY = 8
};

/* Short sentences for people; never NULL ("unassigned" for numbers the RFC does not list). */
const char *l2tp_stopccn_result_name(unsigned result);
const char *l2tp_cdn_result_name(unsigned result);
const char *l2tp_error_name(unsigned error);

/* The codes to close with after `fault` in a message of `type`: for StopCCN, or for CDN where
 * l2tp_message_is_session(type).  Result 0: close nothing, discard the message (a header that is wrong, an
 * unknown Message Type without M).  RFC 2661 4.1, 4.4.2, 7.1. */
struct l2tp_result l2tp_fault_result(const struct l2tp_fault *fault, unsigned type);

/* The Result Code as meant: Apple's clients send it byte-swapped (interop 25), so 0x0100 is 1. */
uint16_t l2tp_result_normalize(uint16_t result);

/* ---- a decoded message ----
 * Only fields whose bit is in `present` have a meaning: the decoder leaves the others as they were. */
#define L2TP_HAS(token) ((uint64_t)1 << L2TP_AVP_##token)

struct l2tp_message {
	uint64_t present;	     /* L2TP_HAS(...) of every AVP read */
	uint64_t hidden;	     /* those of them that came hidden, or are to be sent hidden */
	enum l2tp_message_type type; /* L2TP_MESSAGE_N for a number RFC 2661 does not assign */

	uint16_t result, error; /* Result Code; error 0 when absent */
	bool has_error;		/* read: the Error Code was there; sending always sends one */
	struct ut_slice error_message;
	uint16_t protocol_version; /* version << 8 | revision */
	uint32_t framing_capabilities, bearer_capabilities;
	uint64_t tie_breaker;
	uint16_t firmware_revision;
	struct ut_slice host_name, vendor_name;
	struct l2tp_tid assigned_tid;
	uint16_t receive_window;
	struct ut_slice challenge, challenge_response;
	uint16_t cause_code; /* Q.931 */
	uint8_t cause_message;
	struct ut_slice cause_advisory;
	struct l2tp_sid assigned_sid;
	uint32_t call_serial;
	uint32_t minimum_bps, maximum_bps;
	uint32_t bearer_type, framing_type;
	struct ut_slice called_number, calling_number, sub_address;
	uint32_t tx_connect_speed, rx_connect_speed; /* bits a second */
	uint32_t physical_channel;
	struct ut_slice initial_received_confreq, last_sent_confreq, last_received_confreq;
	uint16_t proxy_type, proxy_id;
	struct ut_slice proxy_name, proxy_challenge, proxy_response;
	uint32_t call_errors[6]; /* CRC, framing, hardware overrun, buffer overrun, time-out, alignment */
	uint32_t send_accm, receive_accm;
	struct ut_slice random_vector; /* the last one */
	struct ut_slice private_group;
	uint16_t disconnect_code, disconnect_protocol; /* RFC 3145 */
	uint8_t disconnect_direction;
	struct ut_slice disconnect_message;
};

/* ---- secrets ---- */
enum { L2TP_SECRET_MAX = 255, L2TP_RESPONSE_OCTETS = 16, L2TP_VECTOR_OCTETS = 16, L2TP_PADDING_MAX = 16 };
enum { L2TP_WINDOW_MAX = 32768 };

/* The tunnel secret.  Its own type: no print function takes it; wipe with l2tp_secret_wipe(). */
struct l2tp_secret {
	uint8_t octets[L2TP_SECRET_MAX];
	uint8_t n; /* 0: none configured */
};

void l2tp_secret_wipe(struct l2tp_secret *secret);

/* CHAP-style response, MD5(id, secret, challenge): RFC 2661 5.1.1.  `type` is the message that carries
 * it, SCCRP or SCCCN. */
void l2tp_challenge_response(uint8_t out[L2TP_RESPONSE_OCTETS], enum l2tp_message_type type,
			     const struct l2tp_secret *secret, struct ut_slice challenge);

/* What a decoder needs for hidden AVPs (RFC 2661 4.3).  `secret` NULL or empty: none configured. */
struct l2tp_unhide {
	const struct l2tp_secret *secret;
	uint8_t *scratch; /* takes the plaintexts; slices of the message point into it */
	size_t cap, used;
};

/* ---- decoding ---- */

/* Reads the header of a datagram, control or data.  Strict where a wrong guess is unsafe, lenient about
 * reserved bits (RFC 2661 3.1: "ignored on incoming messages").  Octets of the datagram after Length are
 * ignored; a Length past its end is a fault.  `fault` is written on a fault only; `out` then holds what
 * was read, and 0 elsewhere. */
enum l2tp_fault_reason l2tp_header_decode(struct ut_slice datagram, struct l2tp_header *out,
					  struct l2tp_fault *fault) UT_MUST_USE;

/* Reads the AVPs of a control message whose header was decoded.  An empty payload is L2TP_ZLB.
 *
 * An AVP that cannot be used (unknown, of a vendor, reserved bit set, wrong length or value, cannot be
 * unhidden) is a fault if its M bit is set or this message requires it, and is stepped over as if it had
 * not been there otherwise (RFC 2661 4.1, 7.1).  An AVP that this message does not list is read all the
 * same (interop 31).  Of an AVP that comes twice the first counts and later ones are not looked at; of
 * Random Vector the last counts, for what follows it.  A Result Code of 2, 3 or >= 4 octets is taken, of
 * 3 without its odd octet; a Call Serial Number of 2 octets is taken.  Ids of 0 are out of range where the
 * message requires the id, a Receive Window Size of 0 always.
 *
 * `unhide` may be NULL (no secret); its `used` grows by what was unhidden, and its caller wipes `scratch`.
 * `fault` is written on a fault only; `out` then holds everything up to it (type, assigned ids, result
 * code), so that the right party can be told. */
enum l2tp_fault_reason l2tp_message_decode(struct ut_slice datagram, const struct l2tp_header *header,
					   struct l2tp_unhide *unhide, struct l2tp_message *out,
					   struct l2tp_fault *fault) UT_MUST_USE;

/* ---- the AVPs of a message, as they come: for printers ----
 * Walks without judging types; stops at the first AVP whose length cannot be trusted. */
struct l2tp_avp {
	uint16_t flags; /* first two octets, Length included */
	uint16_t vendor, type;
	struct ut_slice value;
	uint32_t offset; /* of its header, octets from the start of the datagram */
};
struct l2tp_avp_walk {
	struct ut_slice rest;
	uint32_t offset;
};
void l2tp_avp_walk_init(struct l2tp_avp_walk *walk, const struct l2tp_header *header,
			struct ut_slice datagram);
bool l2tp_avp_walk_next(struct l2tp_avp_walk *walk, struct l2tp_avp *out);

/* ---- which AVPs a message carries: RFC 2661 section 6 ---- */
struct l2tp_message_avps {
	uint64_t required; /* refused without */
	uint64_t expected; /* required by the RFC, left out by real peers: always sent, never insisted on */
	uint64_t optional;
};
const struct l2tp_message_avps *l2tp_message_avps(enum l2tp_message_type type);

/* ---- encoding ---- */

/* How to hide: every AVP of `message->hidden` that may be hidden is, with this secret and vector;
 * a Random Vector AVP goes out before the first of them.  `padding` random octets (0..16) follow each
 * hidden value.  NULL: nothing is hidden. */
struct l2tp_hide {
	const struct l2tp_secret *secret;
	uint8_t vector[L2TP_VECTOR_OCTETS];
	uint8_t padding_octets;
	uint8_t padding[L2TP_PADDING_MAX];
};

/* Writes one control message: the ids, Ns and Nr of `header` (nothing else of it is read) with L and S, then
 * exactly the AVPs of `message->present`, in the RFC's order, Message Type first, M and H bits by the table.
 * Result Code always has its Error Code (interop 1); an Rx Connect Speed equal to the Tx one is left out
 * (interop 7).  What the message's table does not list is not sent.  L2TP_ZLB writes 12 octets.
 *
 * `w->full` says that nothing useful was written: no room, or a message that may not be sent (an AVP the
 * RFC requires is not in `present`, an assigned id or Receive Window Size of 0 or a window over 32768, a
 * value longer or shorter than its AVP allows, hiding asked for with no secret). */
void l2tp_message_encode(struct ut_put *w, const struct l2tp_header *header,
			 const struct l2tp_message *message, const struct l2tp_hide *hide);

/* Sets Nr of an encoded control message (for retransmission). */
void l2tp_message_set_nr(uint8_t *datagram, uint16_t nr);

/* Writes a data message's header (RFC 2661 3.1); the caller appends the PPP frame of `frame_octets`.
 * Fields used: has_length, has_sequence, has_offset, is_priority, tid, sid, ns, nr, offset_size (so many
 * zero octets of padding follow).  A Length over 65535 sets `w->full`. */
void l2tp_data_header_encode(struct ut_put *w, const struct l2tp_header *header, size_t frame_octets);

#endif
