/* plain_text.h - text from outside, character by character, for terminals and JSON
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_PLAIN_TEXT_H
#define CLI_PLAIN_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* One character of a NUL-terminated text: its octets, from 1; not valid: one octet that is not UTF-8. */
struct plain_character {
	const char *at;
	size_t octets;
	bool is_valid, is_control; /* C0, C1, DEL */
};

/* Steps `*text` over its next character; false at the end. */
bool plain_text_next(const char **text, struct plain_character *out);

/* Copies, with '?' for control characters and U+FFFD for what is not UTF-8; cut off at a whole character. */
void plain_text_copy(const char *text, char *out, size_t cap);

/* Characters, which is how wide it looks for most scripts. */
size_t plain_text_width(const char *text);

#endif
