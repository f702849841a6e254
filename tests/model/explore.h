/* explore.h - every history of a world, within its bounds
 * SPDX-License-Identifier: Apache-2.0
 *
 * Depth first.  Of every world it is asked whether both ends settle alike when from then on nothing goes wrong any more.
 *
 * Two things keep the number of worlds down.  Worlds are tidied (world_tidy.c), and like ones are one.  And a world that
 * was visited with as much trouble left, of every kind, is not visited again with less: what is asked of a world does
 * not depend on the trouble left, and whatever may follow with less may follow with more.  EXPLORE_EVERYTHING does
 * neither; it must find the same worlds, but for what is tidied, and it tries out that tidying makes no difference.
 */
#ifndef TESTS_MODEL_EXPLORE_H
#define TESTS_MODEL_EXPLORE_H

#include "tests/model/world.h"

enum { EXPLORE_DEPTH = 96 };

enum explore_how { EXPLORE_REDUCED, EXPLORE_EVERYTHING };

struct explored {
	uint64_t worlds, choices; /* distinct worlds, whatever trouble is left; choices taken */
	uint64_t visits;	  /* of worlds, with different trouble left */
	uint64_t sum;		  /* of the worlds' hashes: the same for the same worlds */
	uint64_t octets;	  /* of memory, for what was seen */
	unsigned deepest;
	uint64_t settled_up, settled_idle; /* worlds that settle with everything up, with nothing left */
	const char *broken;		   /* what does not hold; NULL: all does */
	unsigned path_n;		   /* the choices that lead there */
	struct world_choice path[EXPLORE_DEPTH];
};

/* Explores from a world of `setup`; stops at the first thing that does not hold.  `max` visits at most: more is
 * something that does not hold, too.  `twin` (NULL: none) goes through the same histories, and both must send alike. */
struct explored explore(const struct world_setup *setup, const struct world_setup *twin, uint64_t max,
			enum explore_how how);

/* The choices of a path, one a line, to standard error. */
void explore_print_path(const struct world_setup *setup, const struct explored *found);

#endif
