/* story.h - what a tracker tells, in words, as JSON, as a table, as a picture
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_REPLAY_STORY_H
#define CLI_REPLAY_STORY_H

#include "cli/replay/track.h"
#include "cli/replay/writer.h"

struct story {
	struct writer *w; /* borrowed; JSON goes past it, into its file */
	bool is_verbose;
	uint64_t began_ns; /* of the first frame: times are counted from it */
	bool has_begun;	   /* a heading was printed */
	bool is_narrow;	   /* the table is shown with fewer columns than STORY_TABLE_COLUMNS */
};

enum { STORY_TABLE_COLUMNS = 180 };

/* Each fills in a sink whose ctx is the story. */
void story_text(struct story *story, struct track_sink *sink);
void story_json(struct story *story, struct track_sink *sink);
void story_table(struct story *story, struct track_sink *sink);

/* The end: what there was, and the verdict.  `unfinished`: fragments. */
void story_text_verdict(struct story *story, const struct track_totals *totals, uint64_t unfinished);
void story_json_verdict(struct story *story, const struct track_totals *totals, uint64_t unfinished);

/* ---- what they share ---- */

/* What is put together; cut off when it is longer, which no words of ours are. */
struct story_words {
	char text[256];
};

/* "7.2.1 r6" as "RFC 2661 7.2.1 r6"; "local: why" as it stands. */
const char *story_source(struct story_words *words, const struct ut_machine *machine, const char *source);

/* "Send SCCCN, Clean up", or "none". */
const char *story_actions(struct story_words *words, const struct ut_machine *machine,
			  const struct ut_row *row);

/* Nothing done and nowhere gone. */
bool story_step_is_idle(const struct track_step *step);

/* The name of a message, of either protocol: "SCCRQ", "ZLB", "message 99", "data". */
const char *story_name(const struct track_news *news, char room[24]);

/* "general request to clear control connection" for StopCCN, CDN and their likes; NULL: none. */
const char *story_result(const struct track_news *news, unsigned *result);

/* Why and by whom a connection ended, as one sentence without full stop. */
const char *story_ending(struct story_words *words, const struct track_connection *c);

#endif
