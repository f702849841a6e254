/* profile_error.c - what is wrong with a profile, in words
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/profile_error.h"

#include <stdarg.h>
#include <stdio.h>

enum profile_result
profile_fail(struct profile_error *why, const char *field, const char *format, ...)
{
	va_list args;

	*why = (struct profile_error){ .line = 0 };
	(void)snprintf(why->field, sizeof why->field, "%s", field);
	va_start(args, format);
	(void)vsnprintf(why->text, sizeof why->text, format, args);
	va_end(args);
	return PROFILE_BAD;
}

void
profile_warn(struct profile_listener listener, const char *format, ...)
{
	char sentence[512];
	va_list args;

	if (listener.warn == NULL)
		return;
	va_start(args, format);
	(void)vsnprintf(sentence, sizeof sentence, format, args);
	va_end(args);
	listener.warn(listener.arg, sentence);
}

void
profile_error_format(const struct profile_error *why, const char *file, char *out, size_t cap)
{
	const char *colon = why->field[0] != '\0' ? ": " : "";
	char place[32] = "";

	if (why->line != 0)
		(void)snprintf(place, sizeof place, ":%u:%u", (unsigned)why->line, (unsigned)why->column);
	if (file != NULL)
		(void)snprintf(out, cap, "%s%s: %s%s%s", file, place, why->field, colon, why->text);
	else
		(void)snprintf(out, cap, "%s%s%s", why->field, colon, why->text);
}
