/* levels.c - how much trouble the histories of a test have, by how long it may take
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/model/levels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { VISITS_MAX = 100000000 };

static unsigned level;
static bool compares; /* each search with one of everything */

bool
levels_read(int argc, char **argv)
{
	static const char *const names[LEVELS] = { "narrow", "wide", "widest" };

	compares = argc > 2 && strcmp(argv[2], "compared") == 0;
	if (argc < 2)
		return true;
	for (unsigned i = 0; i < LEVELS; i++)
		if (strcmp(argv[1], names[i]) == 0 && argc == 2 + compares) {
			level = i;
			return true;
		}
	fprintf(stderr, "usage: %s [narrow|wide|widest [compared]]\n", argv[0]);
	return false;
}

void
levels_need(unsigned at_least)
{
	if (level < at_least)
		skip();
}

static void
fail_if_broken(const char *what, const struct world_setup *setup, const struct explored *found)
{
	if (found->broken == NULL)
		return;
	explore_print_path(setup, found);
	fail_msg("%s: %s", what, found->broken);
}

static void
compare(const char *what, const struct world_setup *setup, const struct world_setup *twin,
	const struct explored *found)
{
	const struct explored all = explore(setup, twin, VISITS_MAX, EXPLORE_EVERYTHING);

	printf("%s: %llu worlds as they are\n", what, (unsigned long long)all.visits);
	fflush(stdout);
	fail_if_broken(what, setup, &all);
	assert_int_equal(all.worlds, found->worlds);
	assert_int_equal(all.sum, found->sum);
	assert_int_equal(all.settled_up > 0, found->settled_up > 0);
	assert_int_equal(all.settled_idle > 0, found->settled_idle > 0);
}

struct explored
explored_or_fail(const char *what, struct world_setup setup, const struct world_setup *twin,
		 struct bounds bounds)
{
	struct world_setup other;
	struct explored found;

	setup.bounds = bounds.at[level];
	if (twin != NULL) {
		other = *twin;
		other.bounds = setup.bounds;
	}
	found = explore(&setup, twin == NULL ? NULL : &other, VISITS_MAX, EXPLORE_REDUCED);
	printf("%s: %llu worlds, %llu visits, %llu choices, %u deep; %llu settle up, %llu idle; %llu MB\n",
	       what, (unsigned long long)found.worlds, (unsigned long long)found.visits,
	       (unsigned long long)found.choices, found.deepest, (unsigned long long)found.settled_up,
	       (unsigned long long)found.settled_idle, (unsigned long long)(found.octets >> 20));
	fflush(stdout);
	fail_if_broken(what, &setup, &found);
	if (compares)
		compare(what, &setup, twin == NULL ? NULL : &other, &found);
	return found;
}
