/* levels.c - how much trouble the histories of a test have, by how long it may take
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/model/levels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { WORLDS_MAX = 40000000 };

static unsigned level;

bool
levels_read(int argc, char **argv)
{
	static const char *const names[LEVELS] = { "narrow", "wide", "widest" };

	if (argc < 2)
		return true;
	for (unsigned i = 0; i < LEVELS; i++)
		if (strcmp(argv[1], names[i]) == 0) {
			level = i;
			return true;
		}
	fprintf(stderr, "usage: %s [narrow|wide|widest]\n", argv[0]);
	return false;
}

void
levels_need(unsigned at_least)
{
	if (level < at_least)
		skip();
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
	found = explore(&setup, twin == NULL ? NULL : &other, WORLDS_MAX);
	printf("%s: %llu worlds, %llu choices, %u deep; %llu settle up, %llu idle\n", what,
	       (unsigned long long)found.worlds, (unsigned long long)found.choices, found.deepest,
	       (unsigned long long)found.settled_up, (unsigned long long)found.settled_idle);
	fflush(stdout);
	if (found.broken != NULL) {
		explore_print_path(&setup, &found);
		fail_msg("%s: %s", what, found.broken);
	}
	return found;
}
