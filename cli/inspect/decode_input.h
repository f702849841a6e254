/* decode_input.h - the octets of a message, from a file, from hex, or as tcpdump prints them
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_INSPECT_DECODE_INPUT_H
#define CLI_INSPECT_DECODE_INPUT_H

#include "codec/bytes.h"

enum decode_input_fault {
	DECODE_INPUT_OK,
	DECODE_INPUT_EMPTY,
	DECODE_INPUT_NOT_HEX,  /* a character that is neither hex nor between hex */
	DECODE_INPUT_ODD,      /* half an octet */
	DECODE_INPUT_TOO_LONG, /* more than DECODE_INPUT_MAX */
	DECODE_INPUT_GAP,      /* an offset column that does not follow the octets before it */
	DECODE_INPUT_IP,       /* an IP header that is cut off or not valid, or a fragment */
	DECODE_INPUT_CARRIED,  /* an IP packet without UDP, GRE, or TCP of port 1723 */
	DECODE_INPUT_OTHER,    /* an IP packet with another of them than was wanted */
	DECODE_INPUT_UDP,      /* a UDP header that is cut off or not valid */
	DECODE_INPUT_TCP,      /* likewise TCP */
	DECODE_INPUT_N
};

/* What the octets are: an L2TP message, a stream of PPTP control messages, a packet from its GRE header on.
 * DECODE_ANY: what the IP header says, L2TP without one. */
enum decode_protocol { DECODE_ANY, DECODE_L2TP, DECODE_PPTP, DECODE_GRE };

/* A sentence without full stop. */
const char *decode_input_sentence(enum decode_input_fault fault);

enum { DECODE_INPUT_MAX = 65535 };

struct decode_input {
	uint8_t octets[DECODE_INPUT_MAX];
	size_t n;
	struct ut_slice message;       /* within octets; without IP, UDP and TCP headers */
	enum decode_protocol protocol; /* of the message; not DECODE_ANY */
	unsigned line; /* of the text, from 1, where the fault is; 0 when it is not in a line */
};

/* Reads text: hex digits, in pairs, with white space, ':' or ',' between octets; or what tcpdump -x and -X
 * print, whose first packet counts and whose IP (v4, v6), UDP and TCP headers are stepped over.  `text` need not
 * end in NUL.  On a fault `message` is empty. */
enum decode_input_fault decode_input_hex(struct decode_input *in, enum decode_protocol wanted,
					 const char *text, size_t n) UT_MUST_USE;

/* Takes octets as the message itself. */
enum decode_input_fault decode_input_binary(struct decode_input *in, enum decode_protocol wanted,
					    const void *octets, size_t n) UT_MUST_USE;

#endif
