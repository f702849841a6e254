/* explore.h - every history of a world, within its bounds
 * SPDX-License-Identifier: Apache-2.0
 *
 * Depth first, each world once.  Of every world it is asked whether both ends settle alike when from then on nothing
 * goes wrong any more.
 */
#ifndef TESTS_MODEL_EXPLORE_H
#define TESTS_MODEL_EXPLORE_H

#include "tests/model/world.h"

enum { EXPLORE_DEPTH = 96 };

struct explored {
	uint64_t worlds, choices; /* distinct worlds, choices taken */
	unsigned deepest;
	uint64_t settled_up, settled_idle; /* worlds that settle with everything up, with nothing left */
	const char *broken;		   /* what does not hold; NULL: all does */
	unsigned path_n;		   /* the choices that lead there */
	struct world_choice path[EXPLORE_DEPTH];
};

/* Explores from a world of `setup`; stops at the first thing that does not hold.  `max` worlds at most: more is
 * something that does not hold, too.  `twin` (NULL: none) goes through the same histories, and both must send alike. */
struct explored explore(const struct world_setup *setup, const struct world_setup *twin, uint64_t max);

/* The choices of a path, one a line, to standard error. */
void explore_print_path(const struct world_setup *setup, const struct explored *found);

#endif
