/* arena.h - memory for one message: taken piece by piece, given back at once
 * SPDX-License-Identifier: Apache-2.0
 *
 * Every taker is bounded, so that there is always enough: running out is a defect, and an assertion.
 */
#ifndef CLI_DAEMON_ARENA_H
#define CLI_DAEMON_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena {
	uint8_t *base; /* owned; pages are touched when they are taken */
	size_t used, cap;
};

bool arena_init(struct arena *a, size_t cap); /* false: no memory */
void arena_fini(struct arena *a);
void arena_reset(struct arena *a);
size_t arena_left(const struct arena *a);

/* Zeroed, aligned for anything. */
void *arena_take(struct arena *a, size_t octets);
/* Copies, what is not UTF-8 as U+FFFD, for clients take nothing else; NULL is "". */
char *arena_text(struct arena *a, const char *text);
char *arena_print(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
