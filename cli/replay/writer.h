/* writer.h - text to a file, put together without stdio's costs
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_REPLAY_WRITER_H
#define CLI_REPLAY_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { WRITER_OCTETS = 1 << 16 };

struct writer {
	FILE *out; /* borrowed; failures show in ferror() */
	size_t n;
	char octets[WRITER_OCTETS];
};

void writer_init(struct writer *w, FILE *out);
void writer_flush(struct writer *w);

void writer_char(struct writer *w, char c);
void writer_text(struct writer *w, const char *text);
void writer_u64(struct writer *w, uint64_t v);
void writer_padded(struct writer *w, uint64_t v, unsigned width); /* blanks before it */

/* Seconds with six decimals, at least `width` wide. */
void writer_seconds(struct writer *w, uint64_t ns, unsigned width);

/* Text as content or attribute of XML. */
void writer_xml(struct writer *w, const char *text);

/* For what is rare; cut off at 512 octets. */
__attribute__((format(printf, 2, 3))) void writer_say(struct writer *w, const char *format, ...);

#endif
