/* journal_replay.h - a journal through the engine again: what came then must come now
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_JOURNAL_JOURNAL_REPLAY_H
#define CLI_JOURNAL_JOURNAL_REPLAY_H

#include <stdio.h>

#include "codec/l2tp.h"

struct journal_replay_config {
	/* Of the authenticated params in their order, the last one for all that follow; none: replayed without. */
	const struct l2tp_secret *secrets;
	unsigned n_secrets;
	bool force;   /* of whatever tables the journal is */
	FILE *story;  /* where the engine's steps are told; NULL: nowhere */
	bool is_long; /* events, effects and the rows that did not hold too */
};

enum journal_replay_result {
	JOURNAL_REPRODUCED,
	JOURNAL_DIFFERS,
	JOURNAL_NEEDS_SECRET,
	JOURNAL_OTHER_TABLES,
	JOURNAL_DAMAGED,
	JOURNAL_NOT_ONE,
	JOURNAL_UNREADABLE,
	JOURNAL_REPLAY_N
};

enum { JOURNAL_TEXT_OCTETS = 768 };

struct journal_verdict {
	enum journal_replay_result result;
	uint64_t steps;			/* that were reproduced */
	bool has_end;			/* the journal ends in good order */
	bool is_cut;			/* it ends within a record */
	bool is_without_secret;		/* authenticated, and replayed without the secret ... */
	unsigned verdicts;		/* ... so many of its judgements were taken from the journal ... */
	uint64_t masked;		/* ... and so many octets compared by length only */
	char text[JOURNAL_TEXT_OCTETS]; /* what is wrong; "" where nothing is; safe to print */
};

/* Reads `in` to its end, or to what is wrong. */
void journal_replay(FILE *in, const struct journal_replay_config *config, struct journal_verdict *out);

/* Does the regular file at this path begin as a journal?  False also when it cannot be read. */
bool journal_is_file(const char *path) UT_MUST_USE;

#endif
