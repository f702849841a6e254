/* decode_input.h - the octets of one message, from a file, from hex, or as tcpdump prints them
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_DECODE_INPUT_H
#define CLI_DECODE_INPUT_H

#include "codec/bytes.h"

enum decode_input_fault {
	DECODE_INPUT_OK,
	DECODE_INPUT_EMPTY,
	DECODE_INPUT_NOT_HEX,  /* a character that is neither hex nor between hex */
	DECODE_INPUT_ODD,      /* half an octet */
	DECODE_INPUT_TOO_LONG, /* more than fits a datagram */
	DECODE_INPUT_GAP,      /* an offset column that does not follow the octets before it */
	DECODE_INPUT_IP,       /* an IP header that is cut off or not valid, or a fragment */
	DECODE_INPUT_NOT_UDP,
	DECODE_INPUT_UDP, /* a UDP header that is cut off or not valid */
	DECODE_INPUT_N
};

/* A sentence without full stop. */
const char *decode_input_sentence(enum decode_input_fault fault);

enum { DECODE_INPUT_MAX = 65535 };

struct decode_input {
	uint8_t octets[DECODE_INPUT_MAX];
	size_t n;
	struct ut_slice message; /* within octets; without IP and UDP headers */
	unsigned line;		 /* of the text, from 1, where the fault is; 0 when it is not in a line */
};

/* Reads text: hex digits, in pairs, with white space, ':' or ',' between octets; or what tcpdump -x and -X
 * print, whose first packet counts and whose IP (v4, v6) and UDP headers are stepped over.  `text` need not
 * end in NUL.  On a fault `message` is empty. */
enum decode_input_fault decode_input_hex(struct decode_input *in, const char *text, size_t n) UT_MUST_USE;

/* Takes octets as the message itself. */
enum decode_input_fault decode_input_binary(struct decode_input *in, const void *octets,
					    size_t n) UT_MUST_USE;

#endif
