/* levels.h - how much trouble the histories of a test have, by how long it may take
 * SPDX-License-Identifier: Apache-2.0
 *
 * A program of this folder is called with "narrow" (the default; for sanitizers and mutants), "wide" (seconds, in a
 * fast build) or "widest" (minutes).
 */
#ifndef TESTS_MODEL_LEVELS_H
#define TESTS_MODEL_LEVELS_H

#include "tests/model/explore.h"

enum { LEVEL_NARROW, LEVEL_WIDE, LEVEL_WIDEST, LEVELS };

struct bounds {
	struct world_bounds at[LEVELS];
};
/* BOUNDS(narrow, wide, widest); SAME(of all three) */
#define BOUNDS(...)                   \
	(struct bounds)               \
	{                             \
		.at = { __VA_ARGS__ } \
	}
#define SAME(bounds) BOUNDS(bounds, bounds, bounds)

/* Explores within the bounds of the level asked for, prints one line, and fails the test with the history that led to
 * what does not hold.  `twin` as in explore(), or NULL. */
struct explored explored_or_fail(const char *what, struct world_setup setup, const struct world_setup *twin,
				 struct bounds bounds);

/* Skips the test, aloud, at a level below. */
void levels_need(unsigned at_least);

/* Reads the level and runs the tests; what main() returns. */
#define LEVELS_RUN(argc, argv, tests) \
	(levels_read(argc, argv) ? cmocka_run_group_tests(tests, NULL, NULL) : EXIT_FAILURE)
bool levels_read(int argc, char **argv);

#endif
