/* log.h - the daemon's log: the newest lines, and where they go
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_DAEMON_LOG_H
#define CLI_DAEMON_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum log_level { LOG_LEVEL_MILESTONES, LOG_LEVEL_NOTES, LOG_LEVEL_STEPS, LOG_LEVEL_N };

/* A line; strings are valid UTF-8 without control characters. */
struct log_line {
	uint64_t unix_ms;
	uint32_t tunnel;  /* 0: the daemon itself */
	const char *name; /* of the tunnel; "": the daemon */
	const char *what; /* a word for what it is about: "tunnel", "ppp", ... */
	const char *text;
	enum log_level level;
	bool is_warning;
};

/* Where lines go as they come. */
struct log_sink {
	void (*write)(void *ctx, const struct log_line *line);
	void *ctx;
};

enum { LOG_LINES = 1000 };

struct log_ring {
	struct log_kept {
		struct log_line line;
		char *strings; /* owned; what the line's strings point into */
	} kept[LOG_LINES];
	size_t first, n;
};

/* All zero is an empty ring.  A line for which there is no memory is not kept. */
void log_ring_keep(struct log_ring *ring, const struct log_line *line);
void log_ring_fini(struct log_ring *ring);

/* The i-th newest line, from 0; NULL: there are no more. */
const struct log_line *log_ring_newest(const struct log_ring *ring, size_t i);

/* "uptun: office: tunnel up, ..." on standard error. */
extern const struct log_sink log_sink_stderr;
/* JSON objects on standard output. */
extern const struct log_sink log_sink_json;

#endif
