/* log.c - the newest lines of the daemon's log
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/daemon/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the ring ---- */

static char *
append(char **to, const char *text)
{
	char *at = *to;
	const size_t n = strlen(text) + 1;

	memcpy(at, text, n);
	*to += n;
	return at;
}

static bool
copy_line(struct log_kept *to, const struct log_line *line)
{
	const size_t n = strlen(line->name) + strlen(line->what) + strlen(line->text) + 3;
	char *strings = malloc(n), *at = strings;

	if (strings == NULL)
		return false;
	*to = (struct log_kept){ .line = *line, .strings = strings };
	to->line.name = append(&at, line->name);
	to->line.what = append(&at, line->what);
	to->line.text = append(&at, line->text);
	return true;
}

void
log_ring_keep(struct log_ring *ring, const struct log_line *line)
{
	struct log_kept *slot = &ring->kept[(ring->first + ring->n) % LOG_LINES];
	char *before = ring->n == LOG_LINES ? slot->strings : NULL;

	if (!copy_line(slot, line))
		return;
	free(before);
	if (ring->n == LOG_LINES)
		ring->first = (ring->first + 1) % LOG_LINES;
	else
		ring->n++;
}

void
log_ring_fini(struct log_ring *ring)
{
	for (size_t i = 0; i < ring->n; i++)
		free(ring->kept[(ring->first + i) % LOG_LINES].strings);
	memset(ring, 0, sizeof *ring);
}

const struct log_line *
log_ring_newest(const struct log_ring *ring, size_t i)
{
	if (i >= ring->n)
		return NULL;
	return &ring->kept[(ring->first + ring->n - 1 - i) % LOG_LINES].line;
}

/* ---- standard error ---- */

static void
write_stderr(void *ctx, const struct log_line *line)
{
	(void)ctx;
	if (line->tunnel == 0)
		(void)fprintf(stderr, "uptun: %s%s\n", line->is_warning ? "warning: " : "", line->text);
	else
		(void)fprintf(stderr, "uptun: %s (%u): %s: %s\n", line->name, (unsigned)line->tunnel,
			      line->what, line->text);
}

const struct log_sink log_sink_stderr = { .write = write_stderr };
