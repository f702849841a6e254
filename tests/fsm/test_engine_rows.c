/* test_engine_rows.c - every row of every table was hit by the tests of the engine, or has a reason not to be
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/fsm/machines.h"
#include "tests/fsm/unreached.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static bool
read_hits(bool hit[MACHINES][ROWS_MAX])
{
	const char *path = getenv("UT_ROWS");
	FILE *file = path == NULL ? NULL : fopen(path, "r");
	unsigned i, r;

	if (file == NULL)
		return false;
	while (fscanf(file, "%u %u", &i, &r) == 2)
		if (i < MACHINES && r < ROWS_MAX)
			hit[i][r] = true;
	fclose(file);
	return true;
}

static void
every_row_was_hit_or_has_a_reason(void **state)
{
	static bool hit[MACHINES][ROWS_MAX];
	unsigned missing = 0;

	(void)state;
	if (!read_hits(hit))
		skip(); /* run by ctest, after the tests whose rows it counts */
	for (unsigned i = 0; i < MACHINES; i++) {
		const struct ut_machine *m = machine_of(i);

		for (uint16_t r = 0; r < m->n_rows; r++) {
			if (hit[i][r] || row_unreached(m, &m->rows[r]) != NULL)
				continue;
			print_error("%s row %u: %s\n", m->name, r, m->rows[r].source);
			missing++;
		}
	}
	assert_int_equal(missing, 0);
}

/* A reason is for rows that are not hit: one that is hit after all has none. */
static void
no_row_that_was_hit_has_a_reason_not_to_be(void **state)
{
	static bool hit[MACHINES][ROWS_MAX];
	unsigned wrong = 0;

	(void)state;
	if (!read_hits(hit))
		skip();
	for (unsigned i = 0; i < MACHINES; i++) {
		const struct ut_machine *m = machine_of(i);

		for (uint16_t r = 0; r < m->n_rows; r++) {
			if (!hit[i][r] || row_unreached(m, &m->rows[r]) == NULL)
				continue;
			print_error("%s row %u: %s: was hit, but: %s\n", m->name, r, m->rows[r].source,
				    row_unreached(m, &m->rows[r]));
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

/* No peer gets there, but the table must still answer: each such row is found by its own cells. */
static void
a_row_that_is_not_reached_is_found_in_its_table(void **state)
{
	(void)state;
	for (unsigned i = 0; i < MACHINES; i++) {
		const struct ut_machine *m = machine_of(i);

		for (uint16_t r = 0; r < m->n_rows; r++)
			for (uint8_t s = 0; s < m->n_states; s++)
				for (uint8_t e = 0; e < m->n_events; e++)
					if ((m->rows[r].states & UT_BIT(s)) != 0 &&
					    (m->rows[r].events & UT_BIT(e)) != 0)
						assert_ptr_equal(ut_table_match(m, s, e, m->rows[r].answer),
								 &m->rows[r]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_was_hit_or_has_a_reason),
		cmocka_unit_test(no_row_that_was_hit_has_a_reason_not_to_be),
		cmocka_unit_test(a_row_that_is_not_reached_is_found_in_its_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
