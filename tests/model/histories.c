/* histories.c - tables of explorations, as tests
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/model/histories.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { VISITS_MAX = 100000000, HISTORIES_MAX = 32, WORLDS_MIN = 10 };

struct plan {
	const struct history *history;
	unsigned level;
	bool compares; /* with a search of everything */
};

static bool
read_plan(int argc, char **argv, struct plan *plan)
{
	static const char *const names[LEVELS] = { "narrow", "wide", "widest" };

	plan->compares = argc > 2 && strcmp(argv[2], "compared") == 0;
	if (argc < 2)
		return true;
	for (unsigned i = 0; i < LEVELS; i++)
		if (strcmp(argv[1], names[i]) == 0 && argc == 2 + plan->compares) {
			plan->level = i;
			return true;
		}
	fprintf(stderr, "usage: %s [narrow|wide|widest [compared]]\n", argv[0]);
	return false;
}

/* ---- one of them ---- */

static void
fail_if_broken(const char *what, const struct world_setup *setup, const struct explored *found)
{
	if (found->broken == NULL)
		return;
	explore_print_path(setup, found);
	fail_msg("%s: %s", what, found->broken);
}

static void
print(const char *what, const struct explored *found)
{
	printf("%s: %llu worlds, %llu visits, %llu choices, %u deep; %llu settle up, %llu idle; %llu KB\n",
	       what, (unsigned long long)found->worlds, (unsigned long long)found->visits,
	       (unsigned long long)found->choices, found->deepest, (unsigned long long)found->settled_up,
	       (unsigned long long)found->settled_idle, (unsigned long long)(found->octets >> 10));
	fflush(stdout);
}

static struct explored
explored_or_fail(const char *what, const struct world_setup *setup, const struct world_setup *twin,
		 enum explore_how how)
{
	const struct explored found = explore(setup, twin, VISITS_MAX, how);

	print(what, &found);
	fail_if_broken(what, setup, &found);
	return found;
}

static void
judge_ends(enum history_ends ends, const struct explored *found)
{
	assert_true(found->worlds >= WORLDS_MIN);
	assert_int_equal(found->settled_up > 0, ends != ENDS_IDLE);
	if (ends != ENDS_SOME_UP)
		assert_int_equal(found->settled_idle > 0, ends != ENDS_UP);
}

static void
explore_history(void **state)
{
	const struct plan *const plan = *state;
	const struct history *const h = plan->history;
	struct world_setup setup = h->setup(), twin = setup;
	struct explored found, all;

	if (h->twin != NULL)
		twin = h->twin();
	setup.bounds = twin.bounds = h->bounds[plan->level];
	found = explored_or_fail(h->what, &setup, h->twin == NULL ? NULL : &twin, EXPLORE_REDUCED);
	judge_ends(h->ends, &found);
	if (!plan->compares)
		return;
	all = explored_or_fail(h->what, &setup, h->twin == NULL ? NULL : &twin, EXPLORE_EVERYTHING);
	judge_ends(h->ends, &all);
	assert_int_equal(all.worlds, found.worlds);
	assert_true(all.sum == found.sum);
}

/* ---- all of them ---- */

int
histories_run(int argc, char **argv, const struct history *histories, unsigned n)
{
	struct CMUnitTest tests[HISTORIES_MAX];
	struct plan plans[HISTORIES_MAX] = { { 0 } };

	if (!read_plan(argc, argv, &plans[0]))
		return EXIT_FAILURE;
	if (n > HISTORIES_MAX)
		abort();
	for (unsigned i = 0; i < n; i++) {
		plans[i] = plans[0];
		plans[i].history = &histories[i];
		tests[i] = (struct CMUnitTest){ .name = histories[i].what,
						.test_func = explore_history,
						.initial_state = &plans[i] };
	}
	return _cmocka_run_group_tests(argv[0], tests, n, NULL, NULL);
}
