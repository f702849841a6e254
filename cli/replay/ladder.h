/* ladder.h - message ladders: two lifelines a connection, an arrow a message, the states on the lifelines
 * SPDX-License-Identifier: Apache-2.0
 *
 * A ladder is collected while the tracker tells and drawn at the end.  Frames of data between two messages are one
 * rung.  Beyond a bound rungs are counted and not drawn.
 */
#ifndef CLI_REPLAY_LADDER_H
#define CLI_REPLAY_LADDER_H

#include "cli/replay/track.h"
#include "cli/replay/writer.h"

enum { LADDER_RUNGS_MAX = 10000 };

enum ladder_colour { LADDER_PLAIN, LADDER_QUIET, LADDER_REPEATED, LADDER_KNOWN, LADDER_VIOLATION };

struct ladder_rung {
	struct ladder_rung *next;
	size_t number;		 /* of all, from 1 */
	uint64_t frame, time_ns; /* since the first frame */
	uint8_t from;		 /* end; of data: both ways */
	enum ladder_colour colour;
	bool is_data;
	char *name, *label, *title, *states[2], *wrong; /* owned; NULL: none */
};

struct ladder {
	struct ladder *next;
	uint64_t connection;
	char *heads[2], *caption; /* owned */
	struct ladder_rung *first, *last;
	size_t rungs_n;
	uint64_t data[2], data_frame, data_time_ns; /* frames since the last rung */
};

struct ladders {
	struct ladder *first, *last;
	size_t rungs_n;
	uint64_t left_out;
};

/* Fills in a sink whose ctx is `all`. */
void ladders_sink(struct ladders *all, struct track_sink *sink);

/* One picture of all, or a page with a picture for each connection.  `name` is the capture's. */
void ladders_draw_svg(const struct ladders *all, struct writer *w, const char *name);
void ladders_draw_html(const struct ladders *all, struct writer *w, const char *name,
		       const struct track_totals *totals);

void ladders_fini(struct ladders *all);

#endif
