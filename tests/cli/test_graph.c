/* test_graph.c - what uptun graph prints of a table is the table
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/inspect/graph.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef void print_fn(FILE *out, const struct ut_machine *m);

/* What `print` writes of a machine; the caller frees it. */
static char *
printed(print_fn *print, const struct ut_machine *m)
{
	char *text = NULL;
	size_t n;
	FILE *const out = open_memstream(&text, &n);

	assert_non_null(out);
	print(out, m);
	assert_int_equal(fclose(out), 0);
	return text;
}

static size_t
count(const char *text, char what)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += *text == what;
	return n;
}

/* How many lines a proven table has: one a cell, or one an answer of the cell's question. */
static size_t
cells_of(const struct ut_machine *m)
{
	size_t n = 0;

	for (uint8_t s = 0; s < m->n_states; s++)
		for (uint8_t e = 0; e < m->n_events; e++) {
			const uint8_t q = ut_table_question(m, s, e);

			n += q == 0 ? 1 : m->questions[q].n_answers;
		}
	return n;
}

static void
every_cell_of_every_machine_is_one_line_of_seven_fields(void **state)
{
	const struct ut_machine *m;

	(void)state;
	for (unsigned i = 0; (m = graph_machine_at(i)) != NULL; i++) {
		char *const text = printed(graph_tsv, m);

		assert_int_equal(count(text, '\n'), cells_of(m));
		assert_int_equal(count(text, '\t'), 6 * cells_of(m));
		free(text);
	}
}

static void
the_header_names_the_seven_fields(void **state)
{
	(void)state;
	assert_string_equal(graph_tsv_header, "machine\tstate\tevent\tguard\tactions\tnext\tsource\n");
}

static void
lines_are_in_the_words_of_the_rfc(void **state)
{
	static const char *const lines[] = {
		"l2tp-control\tidle\tlocal-open\t-\tSend SCCRQ\twait-ctl-reply\t7.2.1 r1\n",
		"l2tp-control\tidle\tSCCRQ\tnot-acceptable\tSend StopCCN, Clean up\tidle\t7.2.1 r3\n",
		"l2tp-control\testablished\tStopCCN\t-\tClean up\tidle\t7.2.1 r16\n",
		"l2tp-lac-incoming\twait-tunnel\ttunnel-open\t-\tSend ICRQ\twait-reply\t7.4.1 r4\n",
		"l2tp-lac-incoming\twait-reply\tlocal-close\t-\tSend CDN, Clean up\tidle\t7.4.1 r9\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		const char *const tab = strchr(lines[i], '\t');
		char name[32] = "", *text;

		memcpy(name, lines[i], (size_t)(tab - lines[i]));
		text = printed(graph_tsv, graph_machine_find(name));
		assert_non_null(strstr(text, lines[i]));
		free(text);
	}
}

static char *
event_word(const struct ut_machine *m, uint8_t event)
{
	char *text = NULL;
	size_t n;
	FILE *const out = open_memstream(&text, &n);

	assert_non_null(out);
	graph_event_word(out, m->events[event]);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void
no_two_events_of_a_machine_have_the_same_word(void **state)
{
	const struct ut_machine *m;

	(void)state;
	for (unsigned i = 0; (m = graph_machine_at(i)) != NULL; i++) {
		for (uint8_t a = 0; a < m->n_events; a++)
			for (uint8_t b = 0; b < a; b++) {
				char *const one = event_word(m, a), *const other = event_word(m, b);

				if (strcmp(one, other) == 0)
					fail_msg("%s: \"%s\" and \"%s\" are both %s", m->name, m->events[a],
						 m->events[b], one);
				free(one);
				free(other);
			}
	}
}

static void
a_picture_has_every_state_and_every_row_that_does_something(void **state)
{
	const struct ut_machine *m;

	(void)state;
	for (unsigned i = 0; (m = graph_machine_at(i)) != NULL; i++) {
		char *const text = printed(graph_dot, m);
		char node[64];

		for (uint8_t s = 0; s < m->n_states; s++) {
			snprintf(node, sizeof node, "\t\"%s\"", m->states[s]);
			assert_non_null(strstr(text, node));
		}
		for (uint16_t r = 0; r < m->n_rows; r++)
			for (unsigned k = 0; k < UT_ROW_ACTIONS && m->rows[r].actions[k] != 0; k++)
				assert_non_null(strstr(text, m->actions[m->rows[r].actions[k]]));
		free(text);
	}
}

static void
a_page_lists_every_row_once(void **state)
{
	const struct ut_machine *m;

	(void)state;
	for (unsigned i = 0; (m = graph_machine_at(i)) != NULL; i++) {
		char *const text = printed(graph_markdown, m);
		size_t rows = 0;

		for (const char *line = text; line != NULL; line = strchr(line + 1, '\n'))
			rows += strncmp(line, "\n| ", 3) == 0;
		assert_int_equal(rows, m->n_rows + (m->n_rfc_rows > 0 ? 2 : 1));
		free(text);
	}
}

static void
a_model_has_every_row_and_fails_where_there_is_none(void **state)
{
	const struct ut_machine *m;
	char row[16];

	(void)state;
	for (unsigned i = 0; (m = graph_machine_at(i)) != NULL; i++) {
		char *const text = printed(graph_promela, m);

		for (uint16_t r = 0; r < m->n_rows; r++) {
			snprintf(row, sizeof row, "row = %u;", r);
			assert_non_null(strstr(text, row));
			assert_non_null(strstr(text, m->rows[r].source));
		}
		assert_non_null(strstr(text, ":: else -> assert(false"));
		free(text);
	}
}

static void
machines_are_found_by_their_printed_names(void **state)
{
	const struct ut_machine *m;

	(void)state;
	for (unsigned i = 0; (m = graph_machine_at(i)) != NULL; i++) {
		assert_ptr_equal(graph_machine_find(m->name), m);
	}
	assert_null(graph_machine_find("l2tp"));
	assert_null(graph_machine_find(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cell_of_every_machine_is_one_line_of_seven_fields),
		cmocka_unit_test(the_header_names_the_seven_fields),
		cmocka_unit_test(lines_are_in_the_words_of_the_rfc),
		cmocka_unit_test(no_two_events_of_a_machine_have_the_same_word),
		cmocka_unit_test(a_picture_has_every_state_and_every_row_that_does_something),
		cmocka_unit_test(a_page_lists_every_row_once),
		cmocka_unit_test(a_model_has_every_row_and_fails_where_there_is_none),
		cmocka_unit_test(machines_are_found_by_their_printed_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
