/* decode_pptp_field.h - the fields of PPTP control messages, where they stand and what their values mean
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_INSPECT_DECODE_PPTP_FIELD_H
#define CLI_INSPECT_DECODE_PPTP_FIELD_H

#include "cli/inspect/decode_words.h"
#include "codec/pptp.h"

enum decode_pptp_kind {
	DECODE_PPTP_U16,
	DECODE_PPTP_U32,
	DECODE_PPTP_HEX,     /* 32 bits */
	DECODE_PPTP_U16_HEX, /* in decimal and in hex */
	DECODE_PPTP_VERSION,
	DECODE_PPTP_RESULT,
	DECODE_PPTP_ERROR,
	DECODE_PPTP_FRAMING,
	DECODE_PPTP_BEARER,
	DECODE_PPTP_BPS,
	DECODE_PPTP_WINDOW,
	DECODE_PPTP_DELAY,
	DECODE_PPTP_NUMBER_LENGTH,
	DECODE_PPTP_TEXT
};

/* RFC 2637 section 2, one line of a figure. */
struct decode_pptp_field {
	const char *name; /* NULL ends a message's fields */
	enum decode_pptp_kind kind;
	uint8_t offset; /* octets from the start of the message */
	size_t member;	/* of struct pptp_message */
};

/* The fields of an assigned type, in the order of its figure, without those that are reserved. */
const struct decode_pptp_field *decode_pptp_fields(enum pptp_message_type type);

/* Says what the field's value means in `message`. */
void decode_pptp_value(struct decode_words *out, const struct decode_pptp_field *field,
		       const struct pptp_message *message);

#endif
