/* arena.c - memory for one message
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/daemon/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/plain_text.h"
#include "cli/utf8.h"

bool
arena_init(struct arena *a, size_t cap)
{
	*a = (struct arena){ .base = malloc(cap), .cap = cap };
	return a->base != NULL;
}

void
arena_fini(struct arena *a)
{
	free(a->base);
	*a = (struct arena){ .base = NULL };
}

void
arena_reset(struct arena *a)
{
	a->used = 0;
}

size_t
arena_left(const struct arena *a)
{
	return a->cap - a->used;
}

void *
arena_take(struct arena *a, size_t octets)
{
	const size_t whole =
	    (octets + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
	uint8_t *at = a->base + a->used;

	assert(whole <= arena_left(a));
	a->used += whole;
	memset(at, 0, whole);
	return at;
}

/* What stands for an octet that is no UTF-8 has three. */
static char *
plain_copy(struct arena *a, const char *text, size_t cap)
{
	char *copy = arena_take(a, cap);

	plain_text_copy(text, copy, cap);
	return copy;
}

char *
arena_text(struct arena *a, const char *text)
{
	const char *given = text != NULL ? text : "";
	const size_t n = strlen(given) + 1;
	char *copy;

	if (!utf8_is_valid(ut_slice_str(given)))
		return plain_copy(a, given, 3 * n);
	copy = arena_take(a, n);
	memcpy(copy, given, n);
	return copy;
}

char *
arena_print(struct arena *a, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return arena_text(a, text);
}
