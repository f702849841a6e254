/* pptp.h - PPTP control messages on the wire, as a stream (RFC 2637 sections 1.4 and 2)
 * SPDX-License-Identifier: Apache-2.0
 *
 * A `struct pptp_stream` keeps its place between reads, so that any cutting of the stream gives the same
 * messages.  Slices of a message point into the octets just read or into the stream itself, and die with the
 * next read.  Nothing here allocates, reads a clock or logs.  Call ids are host order.
 */
#ifndef CODEC_PPTP_H
#define CODEC_PPTP_H

#include "codec/bytes.h"
#include "codec/put.h"

enum { PPTP_PORT = 1723, PPTP_VERSION = 0x0100 };
enum { PPTP_COOKIE = 0x1a2b3c4d, PPTP_CONTROL_MESSAGE = 1 };

enum {
	PPTP_HEADER_OCTETS = 12,   /* Length to Reserved0 */
	PPTP_MESSAGE_OCTETS = 220, /* the longest message there is, Incoming-Call-Request */
	PPTP_TEXT_OCTETS = 64,	   /* Host Name, Vendor String, numbers, Subaddress */
	PPTP_STATISTICS_OCTETS = 128
};

/* Any value is a Call ID, 0 too: pptpd's first call has it. */
struct pptp_call_id {
	uint16_t v;
};

/* clang-format off */
/* ---- messages: RFC 2637 section 1.4; X(token, number, octets, RFC name, short name) ---- */
#define PPTP_MESSAGES(X)                                                                \
	X(SCCRQ, 1, 156, "Start-Control-Connection-Request", "SCCRQ")                   \
	X(SCCRP, 2, 156, "Start-Control-Connection-Reply", "SCCRP")                     \
	X(STOPCCRQ, 3, 16, "Stop-Control-Connection-Request", "StopCCRQ")               \
	X(STOPCCRP, 4, 16, "Stop-Control-Connection-Reply", "StopCCRP")                 \
	X(ECHORQ, 5, 16, "Echo-Request", "EchoRQ")                                      \
	X(ECHORP, 6, 20, "Echo-Reply", "EchoRP")                                        \
	X(OCRQ, 7, 168, "Outgoing-Call-Request", "OCRQ")                                \
	X(OCRP, 8, 32, "Outgoing-Call-Reply", "OCRP")                                   \
	X(ICRQ, 9, 220, "Incoming-Call-Request", "ICRQ")                                \
	X(ICRP, 10, 24, "Incoming-Call-Reply", "ICRP")                                  \
	X(ICCN, 11, 28, "Incoming-Call-Connected", "ICCN")                              \
	X(CCRQ, 12, 16, "Call-Clear-Request", "CCRQ")                                   \
	X(CDN, 13, 148, "Call-Disconnect-Notify", "CDN")                                \
	X(WEN, 14, 40, "WAN-Error-Notify", "WEN")                                       \
	X(SLI, 15, 24, "Set-Link-Info", "SLI")
/* clang-format on */

enum pptp_message_type {
#define X(token, number, octets, name, letters) PPTP_##token = number,
	PPTP_MESSAGES(X)
#undef X
	    PPTP_MESSAGE_N = 16
};

/* "Start-Control-Connection-Request", "SCCRQ", its octets; NULL, NULL and 0 for a number RFC 2637 does not assign. */
const char *pptp_message_name(unsigned type);
const char *pptp_message_letters(unsigned type);
size_t pptp_message_octets(unsigned type);

/* ---- Result, Error and Reason codes ---- */
enum pptp_sccrp_result { /* RFC 2637 2.2; 0 is taken for 1 (interop 36) */
			 PPTP_SCCRP_OK = 1,
			 PPTP_SCCRP_ERROR = 2,
			 PPTP_SCCRP_EXISTS = 3,
			 PPTP_SCCRP_UNAUTHORIZED = 4,
			 PPTP_SCCRP_VERSION = 5
};
enum pptp_stop_reason { PPTP_STOP_NONE = 1, PPTP_STOP_PROTOCOL = 2, PPTP_STOP_LOCAL_SHUTDOWN = 3 };
enum pptp_reply_result { PPTP_REPLY_OK = 1, PPTP_REPLY_ERROR = 2 }; /* of StopCCRP and EchoRP */
enum pptp_ocrp_result { /* RFC 2637 2.8; 0 is taken for 1 (interop 37) */
			PPTP_OCRP_CONNECTED = 1,
			PPTP_OCRP_ERROR = 2,
			PPTP_OCRP_NO_CARRIER = 3,
			PPTP_OCRP_BUSY = 4,
			PPTP_OCRP_NO_DIAL_TONE = 5,
			PPTP_OCRP_TIMEOUT = 6,
			PPTP_OCRP_NOT_ACCEPTED = 7
};
enum pptp_icrp_result { PPTP_ICRP_CONNECT = 1, PPTP_ICRP_ERROR = 2, PPTP_ICRP_NOT_ACCEPTED = 3 };
enum pptp_cdn_result {
	PPTP_CDN_LOST_CARRIER = 1,
	PPTP_CDN_ERROR = 2,
	PPTP_CDN_ADMIN = 3,
	PPTP_CDN_REQUEST = 4
};
enum pptp_error { /* RFC 2637 2.16 */
		  PPTP_ERROR_NONE = 0,
		  PPTP_ERROR_NOT_CONNECTED = 1,
		  PPTP_ERROR_FORMAT = 2,
		  PPTP_ERROR_VALUE = 3,
		  PPTP_ERROR_RESOURCES = 4,
		  PPTP_ERROR_CALL_ID = 5,
		  PPTP_ERROR_PAC = 6
};

/* Short sentences for people, by the message that carries the code; never NULL ("unassigned" for numbers the RFC
 * does not list, and for messages without a Result Code).  Of StopCCRQ it is the Reason. */
const char *pptp_result_name(enum pptp_message_type type, unsigned result);
const char *pptp_error_name(unsigned error);

/* ---- a message: fields the type does not have are 0 ---- */
struct pptp_message {
	enum pptp_message_type type; /* PPTP_MESSAGE_N: a number RFC 2637 does not assign */
	uint16_t number;	     /* Control Message Type as it stands there */
	uint16_t length;	     /* Length as it stands there, octets */
	uint16_t reserved0;	     /* as received; ignored (interop 38), sent as 0 */

	uint16_t protocol_version;
	uint8_t result; /* Result Code; of StopCCRQ its Reason */
	uint8_t error;
	uint32_t framing, bearer; /* capabilities in SCCRQ and SCCRP, types elsewhere */
	uint16_t maximum_channels, firmware_revision;
	struct ut_slice host_name,
	    vendor_name;	     /* up to the first octet of 0; so are subaddress and statistics */
	uint32_t identifier;	     /* of an echo */
	struct pptp_call_id call_id; /* the sender's; in CCRQ the PNS's, in CDN the PAC's */
	struct pptp_call_id peer_call_id;
	uint16_t call_serial;
	uint32_t minimum_bps, maximum_bps, connect_speed;	     /* bits a second */
	uint16_t window;					     /* Packet Recv. Window Size, packets */
	uint16_t processing_delay;				     /* 1/10 seconds */
	struct ut_slice phone_number, dialed_number, dialing_number; /* as long as their Length says */
	struct ut_slice subaddress;
	uint16_t cause; /* Q.931 */
	uint32_t physical_channel;
	struct ut_slice statistics;
	uint32_t call_errors[6]; /* CRC, framing, hardware overrun, buffer overrun, time-out, alignment */
	uint32_t send_accm, receive_accm;
};

/* clang-format off */
/* ---- what can be wrong: X(token, sentence) ---- */
#define PPTP_FAULTS(X)                                                                  \
	X(NONE, "no fault")                                                             \
	X(LENGTH, "Length is below that of the header")                                 \
	X(COOKIE, "Magic Cookie is not 0x1A2B3C4D: out of step with the stream")        \
	X(SHORT, "message is shorter than its type")                                    \
	X(NUMBER_LENGTH, "length of a number runs past its field")                      \
	X(LONG, "message is longer than any there is: skipped")                         \
	X(MESSAGE_TYPE, "not a control message: skipped")                               \
	X(UNKNOWN, "Control Message Type is not assigned: skipped")
/* clang-format on */

enum pptp_fault_reason {
#define X(token, sentence) PPTP_FAULT_##token,
	PPTP_FAULTS(X)
#undef X
	    PPTP_FAULT_N
};
const char *pptp_fault_sentence(enum pptp_fault_reason reason);

struct pptp_fault {
	enum pptp_fault_reason reason;
	uint64_t offset; /* octets from the start of the stream, of the field that is wrong */
	uint16_t number; /* Control Message Type, as far as it was read; 0 otherwise */
	uint16_t length; /* Length, likewise */
};

/* ---- decoding ---- */

/* Plain memory, without pointers; all zero is a stream at its start. */
struct pptp_stream {
	uint64_t offset;		      /* of the octet that comes next */
	uint8_t message[PPTP_MESSAGE_OCTETS]; /* the first `have` octets of the one under way */
	uint16_t have;
	uint16_t skip; /* octets still to step over */
	uint8_t place; /* of the machine in the message's first octets, while `have` is not 0 */
	bool is_lost;  /* nothing more is read from it */
};

enum pptp_stream_result {
	PPTP_STREAM_MORE,    /* all of `in` was taken and no message is complete */
	PPTP_STREAM_MESSAGE, /* one message; call again with what is left of `in` */
	PPTP_STREAM_SKIPPED, /* one message that cannot be used is stepped over whole, as its octets come; `fault`
			      * says why, once; call again */
	PPTP_STREAM_LOST /* RFC 2637 1.4, loss of synchronization, and messages that contradict themselves: the
			      * connection is to be closed.  `fault` says why the first time; later calls say LOST and
			      * no more */
};

/* Takes octets off the front of `*in`.  Every call takes at least one octet, or says MORE or LOST.  Length is
 * checked before it is used: below 12, wrong cookie, short of its type, or a number that runs past its field is LOST;
 * above the longest message, not a control message, or an unassigned type is SKIPPED; longer than its type needs is
 * a MESSAGE of which the rest is not looked at.  Each fault is told with the first octets that show it, however the
 * stream is cut.  `out` holds something with MESSAGE only.  A message that lies whole in `*in` is not copied. */
enum pptp_stream_result pptp_stream_read(struct pptp_stream *s, struct ut_slice *in, struct pptp_message *out,
					 struct pptp_fault *fault) UT_MUST_USE;

/* ---- encoding ---- */

/* Writes one message of exactly the RFC's length (interop 39, 43), reserved fields 0.  Text longer than its field sets
 * `w->full`, as does a lack of room and a type RFC 2637 does not assign: then nothing useful was written. */
void pptp_message_encode(struct ut_put *w, const struct pptp_message *message);

#endif
