/* journal_story.h - what an engine did, told in the tables' own words; private to the journal's files
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_JOURNAL_JOURNAL_STORY_H
#define CLI_JOURNAL_JOURNAL_STORY_H

#include <stdio.h>

#include "fsm/engine.h"

struct journal_story {
	FILE *out;    /* borrowed; NULL: nothing is told */
	bool is_long; /* events, effects and the rows that did not hold too */
	bool has_begun;
	uint64_t start_us;
};

/* One step: the event, each machine's step, what became of a message that no machine saw. */
void journal_story_step(struct journal_story *s, const struct ut_event *event,
			const struct ut_effects *effects);

/* "datagram", "result of OPEN_PATH"... of an event. */
const char *journal_event_words(enum ut_event_kind kind);

#endif
