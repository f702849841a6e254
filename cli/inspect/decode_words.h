/* decode_words.h - the words that a field of a message is shown with
 * SPDX-License-Identifier: Apache-2.0
 *
 * Printable ASCII only, whatever the octets are.
 */
#ifndef CLI_INSPECT_DECODE_WORDS_H
#define CLI_INSPECT_DECODE_WORDS_H

#include "codec/bytes.h"

/* Room for the longest value of an AVP, every octet of it escaped. */
enum { DECODE_WORDS_MAX = 4 * 1017 + 256 };

struct decode_words {
	char text[DECODE_WORDS_MAX];
	size_t n;
};

/* All of these append; what finds no room is left out. */
__attribute__((format(printf, 2, 3))) void decode_say(struct decode_words *out, const char *format, ...);

/* Octets in hex. */
void decode_octets(struct decode_words *out, struct ut_slice value);

/* Octets as text in quotes. */
void decode_say_text(struct decode_words *out, struct ut_slice value);

/* The two low bits of a capability or type mask. */
void decode_say_mask(struct decode_words *out, uint32_t v, const char *bit1, const char *bit0);

#endif
