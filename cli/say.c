/* say.c - sentences for people on standard error
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/say.h"

#include <stdarg.h>
#include <stdio.h>

#include "cli/plain_text.h"

enum { SENTENCE_OCTETS = 1024 };

void
say(const char *format, ...)
{
	char raw[SENTENCE_OCTETS], safe[SENTENCE_OCTETS];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(raw, sizeof raw, format, args);
	va_end(args);
	plain_text_copy(raw, safe, sizeof safe);
	(void)fprintf(stderr, "uptun: %s\n", safe);
}

void
say_warning(void *arg, const char *sentence)
{
	(void)arg;
	say("warning: %s", sentence);
}
