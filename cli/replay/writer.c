/* writer.c - text to a file, put together without stdio's costs
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/writer.h"

#include <stdarg.h>
#include <string.h>

enum { DIGITS_MAX = 20, SAY_MAX = 512, NS_IN_US = 1000, US_IN_S = 1000000, MICRO_DIGITS = 6 };

void
writer_init(struct writer *w, FILE *out)
{
	w->out = out;
	w->n = 0;
}

void
writer_flush(struct writer *w)
{
	(void)fwrite(w->octets, 1, w->n, w->out);
	w->n = 0;
}

static void
put(struct writer *w, const char *octets, size_t n)
{
	while (n != 0) {
		const size_t room = sizeof w->octets - w->n, now = n < room ? n : room;

		memcpy(w->octets + w->n, octets, now);
		w->n += now;
		octets += now;
		n -= now;
		if (w->n == sizeof w->octets)
			writer_flush(w);
	}
}

void
writer_char(struct writer *w, char c)
{
	put(w, &c, 1);
}

void
writer_text(struct writer *w, const char *text)
{
	put(w, text, strlen(text));
}

static size_t
digits_of(char digits[DIGITS_MAX], uint64_t v)
{
	size_t n = 0;

	do {
		digits[DIGITS_MAX - ++n] = (char)('0' + v % 10);
		v /= 10;
	} while (v != 0);
	return n;
}

void
writer_padded(struct writer *w, uint64_t v, unsigned width)
{
	char digits[DIGITS_MAX];
	const size_t n = digits_of(digits, v);

	for (size_t i = n; i < width; i++)
		writer_char(w, ' ');
	put(w, digits + DIGITS_MAX - n, n);
}

void
writer_u64(struct writer *w, uint64_t v)
{
	writer_padded(w, v, 0);
}

void
writer_seconds(struct writer *w, uint64_t ns, unsigned width)
{
	const uint64_t us = ns / NS_IN_US;
	char digits[DIGITS_MAX];
	const size_t n = digits_of(digits, us % US_IN_S);

	writer_padded(w, us / US_IN_S, width > MICRO_DIGITS + 1 ? width - MICRO_DIGITS - 1 : 0);
	writer_char(w, '.');
	for (size_t i = n; i < MICRO_DIGITS; i++)
		writer_char(w, '0');
	put(w, digits + DIGITS_MAX - n, n);
}

static const char *
entity(unsigned char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\n':
		return "&#10;";
	default:
		return c < ' ' || c > '~' ? "?" : NULL;
	}
}

void
writer_xml(struct writer *w, const char *text)
{
	for (; *text != '\0'; text++) {
		const char *const instead = entity((unsigned char)*text);

		if (instead != NULL)
			writer_text(w, instead);
		else
			writer_char(w, *text);
	}
}

void
writer_say(struct writer *w, const char *format, ...)
{
	char text[SAY_MAX];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	writer_text(w, text);
}
