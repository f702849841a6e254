/* decode_words.c - the words that a field of a message is shown with
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/inspect/decode_words.h"

#include <stdarg.h>
#include <stdio.h>

void
decode_say(struct decode_words *out, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(out->text + out->n, sizeof out->text - out->n, format, args);
	va_end(args);
	if (n > 0)
		out->n += (size_t)n < sizeof out->text - out->n ? (size_t)n : sizeof out->text - out->n - 1;
}

void
decode_octets(struct decode_words *out, struct ut_slice value)
{
	for (size_t i = 0; i < value.n; i++)
		decode_say(out, "%02x", value.p[i]);
}

void
decode_say_text(struct decode_words *out, struct ut_slice value)
{
	decode_say(out, "\"");
	for (size_t i = 0; i < value.n; i++) {
		const uint8_t c = value.p[i];

		if (c == '"' || c == '\\')
			decode_say(out, "\\%c", c);
		else if (c >= ' ' && c <= '~')
			decode_say(out, "%c", c);
		else
			decode_say(out, "\\x%02x", c);
	}
	decode_say(out, "\"");
}

void
decode_say_mask(struct decode_words *out, uint32_t v, const char *bit1, const char *bit0)
{
	decode_say(out, "0x%x", v);
	if ((v & 2) != 0)
		decode_say(out, " %s", bit1);
	if ((v & 1) != 0)
		decode_say(out, " %s", bit0);
}
