/* rows.c - which rows of the tables the tests take
 * SPDX-License-Identifier: Apache-2.0
 *
 * With a file's name in $UT_ROWS each test appends to it, a row a line: machine, row from 1, program, test, between
 * tabulators.  cmocka tells nobody which test runs: its runner is wrapped (--wrap), and each test in one that knows.
 */
#include "tests/fsm/rows.h"
#include "tests/fsm/machines.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { TESTS_MAX = 128 };

static bool is_taken[MACHINES][ROWS_MAX];

void
rows_count(const struct ut_trace *trace)
{
	for (unsigned i = 0; i < MACHINES; i++)
		if (machine_of(i) == trace->machine)
			is_taken[i][trace->row] = true;
}

static void
append(const char *test)
{
	FILE *const file = fopen(getenv("UT_ROWS"), "a");

	assert_non_null(file);
	setvbuf(file, NULL, _IOLBF, BUFSIZ); /* programs run beside each other: a line is one write */
	for (unsigned i = 0; i < MACHINES; i++)
		for (unsigned r = 0; r < machine_of(i)->n_rows; r++)
			if (is_taken[i][r])
				fprintf(file, "%s\t%u\t%s\t%s\n", machine_of(i)->name, r + 1,
					program_invocation_short_name, test);
	assert_int_equal(fclose(file), 0);
}

static void
run_counted(void **state)
{
	const struct CMUnitTest *const test = *state;
	void *own = test->initial_state;

	memset(is_taken, 0, sizeof is_taken);
	test->test_func(&own);
	append(test->name);
}

int __real__cmocka_run_group_tests(const char *name, const struct CMUnitTest *tests, size_t n,
				   CMFixtureFunction setup, CMFixtureFunction teardown);
int __wrap__cmocka_run_group_tests(const char *name, const struct CMUnitTest *tests, size_t n,
				   CMFixtureFunction setup, CMFixtureFunction teardown);

int
__wrap__cmocka_run_group_tests(const char *name, const struct CMUnitTest *tests, size_t n,
			       CMFixtureFunction setup, CMFixtureFunction teardown)
{
	struct CMUnitTest counted[TESTS_MAX];

	if (getenv("UT_ROWS") == NULL)
		return __real__cmocka_run_group_tests(name, tests, n, setup, teardown);
	if (n > TESTS_MAX)
		abort();
	for (size_t i = 0; i < n; i++) {
		if (tests[i].setup_func != NULL || tests[i].teardown_func != NULL)
			abort(); /* they would be given another state */
		counted[i] = (struct CMUnitTest){ .name = tests[i].name,
						  .test_func = run_counted,
						  .initial_state = (void *)(uintptr_t)&tests[i] };
	}
	return __real__cmocka_run_group_tests(name, counted, n, setup, teardown);
}
