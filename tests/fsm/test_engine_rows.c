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

#define DOCUMENTED "docs/fsm/tests.tsv"

/* A file, with a line's end before it.  NULL: there is none. */
static char *
read_lines(const char *path)
{
	FILE *const file = fopen(path, "r");
	char *text;
	long n;

	if (file == NULL)
		return NULL;
	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	n = ftell(file);
	assert_true(n >= 0);
	rewind(file);
	text = malloc((size_t)n + 2);
	assert_non_null(text);
	text[0] = '\n';
	assert_int_equal(fread(text + 1, 1, (size_t)n, file), (size_t)n);
	text[n + 1] = '\0';
	fclose(file);
	return text;
}

/* What the tests appended (rows.c); NULL: nobody asked them to. */
static char *
read_hits(void)
{
	const char *const path = getenv("UT_ROWS");
	char *const hits = path == NULL ? NULL : read_lines(path);

	assert_true(path == NULL || hits != NULL);
	return hits;
}

/* `line`: a line's end, and the line. */
static bool
has_line(const char *lines, const char *line)
{
	const size_t n = strlen(line);

	while ((lines = strstr(lines, line)) != NULL) {
		if (lines[n] == '\n')
			return true;
		lines += n;
	}
	return false;
}

/* Any line of this row. */
static bool
has_row(const char *lines, const struct ut_machine *m, unsigned row)
{
	char start[64];

	(void)snprintf(start, sizeof start, "\n%s\t%u\t", m->name, row + 1);
	return strstr(lines, start) != NULL;
}

static void
every_row_was_hit_or_has_a_reason(void **state)
{
	char *const hits = read_hits();
	unsigned missing = 0;

	(void)state;
	if (hits == NULL)
		skip(); /* run by ctest, after the tests whose rows it counts */
	for (unsigned i = 0; i < MACHINES; i++) {
		const struct ut_machine *m = machine_of(i);

		for (uint16_t r = 0; r < m->n_rows; r++) {
			if (has_row(hits, m, r) || row_unreached(m, &m->rows[r]) != NULL)
				continue;
			print_error("%s row %u: %s\n", m->name, r + 1, m->rows[r].source);
			missing++;
		}
	}
	assert_int_equal(missing, 0);
	free(hits);
}

/* A reason is for rows that are not hit: one that is hit after all has none. */
static void
no_row_that_was_hit_has_a_reason_not_to_be(void **state)
{
	char *const hits = read_hits();
	unsigned wrong = 0;

	(void)state;
	if (hits == NULL)
		skip();
	for (unsigned i = 0; i < MACHINES; i++) {
		const struct ut_machine *m = machine_of(i);

		for (uint16_t r = 0; r < m->n_rows; r++) {
			if (!has_row(hits, m, r) || row_unreached(m, &m->rows[r]) == NULL)
				continue;
			print_error("%s row %u: %s: was hit, but: %s\n", m->name, r + 1, m->rows[r].source,
				    row_unreached(m, &m->rows[r]));
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
	free(hits);
}

/* ---- the tests of each row that docs/fsm names ---- */

static void
the_documents_name_a_test_for_every_row_that_is_hit(void **state)
{
	char *const hits = read_hits(), *documented;
	unsigned missing = 0;

	(void)state;
	if (hits == NULL)
		skip();
	documented = read_lines(DOCUMENTED);
	assert_non_null(documented);
	for (unsigned i = 0; i < MACHINES; i++)
		for (uint16_t r = 0; r < machine_of(i)->n_rows; r++)
			missing += has_row(hits, machine_of(i), r) && !has_row(documented, machine_of(i), r);
	if (missing != 0)
		fail_msg(DOCUMENTED " lacks %u rows; tools/row-tests writes it anew", missing);
	free(documented);
	free(hits);
}

static void
each_test_that_the_documents_name_hits_its_row(void **state)
{
	char *const hits = read_hits(), *documented, *line, *next;
	unsigned wrong = 0;

	(void)state;
	if (hits == NULL)
		skip();
	documented = read_lines(DOCUMENTED);
	assert_non_null(documented);
	for (line = documented; line[1] != '\0'; line = next) {
		next = strchr(line + 1, '\n');
		assert_non_null(next);
		next[0] = '\0';
		if (line[1] != '#' && !has_line(hits, line)) {
			print_error("not so: %s\n", line + 1);
			wrong++;
		}
		next[0] = '\n';
	}
	if (wrong != 0)
		fail_msg(DOCUMENTED " is wrong; tools/row-tests writes it anew");
	free(documented);
	free(hits);
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
		cmocka_unit_test(the_documents_name_a_test_for_every_row_that_is_hit),
		cmocka_unit_test(each_test_that_the_documents_name_hits_its_row),
		cmocka_unit_test(a_row_that_is_not_reached_is_found_in_its_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
