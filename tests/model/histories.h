/* histories.h - tables of explorations: each a setup, how much trouble its histories have, and how they must end
 * SPDX-License-Identifier: Apache-2.0
 *
 * A program of this folder is called with "narrow" (the default; for sanitizers and mutants), "wide" (seconds, in a
 * fast build) or "widest" (minutes).  "compared" behind it goes through every history a second time, without what keeps
 * the number of worlds down, and asks for the same worlds.
 */
#ifndef TESTS_MODEL_HISTORIES_H
#define TESTS_MODEL_HISTORIES_H

#include "tests/model/explore.h"

enum { LEVEL_NARROW, LEVEL_WIDE, LEVEL_WIDEST, LEVELS };

enum history_ends {
	ENDS_UP,      /* every world settles with everything up */
	ENDS_IDLE,    /* none does */
	ENDS_BOTH,    /* some do, and some settle with nothing left */
	ENDS_SOME_UP, /* some do */
};

struct history {
	const char *what; /* a sentence, the test's name */
	struct world_setup (*setup)(void);
	struct world_setup (*twin)(void); /* as in explore(), or NULL */
	enum history_ends ends;
	struct world_bounds bounds[LEVELS];
};

/* Bounds that are the same at each level. */
#define SAME(...)                                     \
	{                                             \
		__VA_ARGS__, __VA_ARGS__, __VA_ARGS__ \
	}

/* Reads the level and explores each of n histories, which is a test each; what main() returns. */
int histories_run(int argc, char **argv, const struct history *histories, unsigned n);

#endif
