/* test_table.c - every machine is complete, and is what the RFC says
 * SPDX-License-Identifier: Apache-2.0
 *
 * The second transcription, rfc2661-*.tsv, was typed from the RFC's text and not from the tables.
 */
#include "tests/fsm/machines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tests/fsm/rfc_lines.h"

static void
every_cell_of_every_machine_is_one_row_or_one_row_an_answer(void **state)
{
	(void)state;
	for (unsigned i = 0; i < MACHINES; i++) {
		const struct ut_machine *m = machine_of(i);
		struct ut_table_flaw flaw = ut_table_check(m);

		if (flaw.what != NULL)
			fail_msg("%s: %s, %s, answer %u: %s", m->name, m->states[flaw.state],
				 m->events[flaw.event], flaw.answer, flaw.what);
	}
}

/* ---- the checker itself ---- */

struct copy {
	struct ut_row rows[ROWS_MAX + 1];
	struct ut_machine m;
};

static void
copy_machine(struct copy *c, const struct ut_machine *m)
{
	assert_true(m->n_rows <= ROWS_MAX);
	memcpy(c->rows, m->rows, m->n_rows * sizeof c->rows[0]);
	c->m = *m;
	c->m.rows = c->rows;
	c->m.cells = NULL; /* the index is of the right rows */
}

static void
a_wrong_index_is_noticed(void **state)
{
	struct copy c;
	uint8_t cells[4096];

	(void)state;
	for (unsigned i = 0; i < MACHINES; i++) {
		const struct ut_machine *m = machine_of(i);
		const size_t n = (size_t)m->n_states * m->n_events * UT_ANSWERS_MAX;

		assert_non_null(m->cells); /* this machine has one */
		assert_true(n <= sizeof cells);
		copy_machine(&c, m);
		c.m.rows = m->rows;
		c.m.cells = cells;
		for (size_t k = 0; k < n; k++) {
			memcpy(cells, m->cells, n);
			if (k % UT_ANSWERS_MAX != 0)
				continue; /* answers that no question has are not looked at */
			cells[k] = (uint8_t)((cells[k] + 1U) % m->n_rows);
			assert_non_null(ut_table_check(&c.m).what);
		}
	}
}

static void
a_deleted_row_is_noticed(void **state)
{
	struct copy c;

	(void)state;
	for (unsigned i = 0; i < MACHINES; i++) {
		for (uint16_t r = 0; r < machine_of(i)->n_rows; r++) {
			copy_machine(&c, machine_of(i));
			memmove(&c.rows[r], &c.rows[r + 1], (size_t)(c.m.n_rows - r - 1) * sizeof c.rows[0]);
			c.m.n_rows--;
			assert_non_null(ut_table_check(&c.m).what);
		}
	}
}

static void
an_extra_row_is_noticed(void **state)
{
	struct copy c;

	(void)state;
	for (unsigned i = 0; i < MACHINES; i++) {
		for (uint16_t r = 0; r < machine_of(i)->n_rows; r++) {
			copy_machine(&c, machine_of(i));
			c.rows[c.m.n_rows++] = c.rows[r];
			assert_non_null(ut_table_check(&c.m).what);
		}
	}
}

static void
a_missing_answer_and_a_second_question_are_noticed(void **state)
{
	unsigned n = 0;
	struct copy c;

	(void)state;
	for (unsigned i = 0; i < MACHINES; i++) {
		for (uint16_t r = 0; r < machine_of(i)->n_rows; r++) {
			copy_machine(&c, machine_of(i));
			if (c.rows[r].question == 0)
				continue;
			c.rows[r].answer = c.m.questions[c.rows[r].question].n_answers; /* nobody's answer */
			assert_non_null(ut_table_check(&c.m).what);
			copy_machine(&c, machine_of(i));
			c.rows[r].question = 0;
			assert_non_null(ut_table_check(&c.m).what);
			n++;
		}
	}
	assert_true(n > 20);
}

/* ---- words ---- */

static void
assert_unique(const char *what, const char *const *names, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		assert_non_null(names[i]);
		for (unsigned k = 0; k < i; k++)
			if (strcmp(names[i], names[k]) == 0)
				fail_msg("%s: \"%s\" twice", what, names[i]);
	}
}

static void
printed_names_are_unique(void **state)
{
	const char *names[MACHINES];

	(void)state;
	for (unsigned i = 0; i < MACHINES; i++) {
		const struct ut_machine *m = machine_of(i);

		names[i] = m->name;
		assert_unique(m->name, m->states, m->n_states);
		assert_unique(m->name, m->events, m->n_events);
		/* l2tp-control's DISCARD prints as the RFC's "Clean up", which 7.2.1 r8 calls it */
		if (m != &l2tp_cc_machine)
			assert_unique(m->name, m->actions, m->n_actions);
		for (unsigned q = 1; q < m->n_questions; q++)
			assert_unique(m->name, m->questions[q].answers, m->questions[q].n_answers);
	}
	assert_unique("machines", names, MACHINES);
}

/* "7.4.1 r3" of RFC 2661's tables, in order; "3.1.1 idle -> wait_ctl_reply" of RFC 2637's diagrams. */
static bool
is_rfc_source(const char *source, uint16_t r)
{
	unsigned section, sub, number;

	if (sscanf(source, "7.%u.%u r%u", &section, &sub, &number) != 3)
		return strncmp(source, "3.", 2) == 0 && strstr(source, " -> ") != NULL;
	assert_int_equal(number, r + 1);
	return true;
}

static void
rfc_rows_come_first_in_order_and_the_rest_give_a_reason(void **state)
{
	(void)state;
	for (unsigned i = 0; i < MACHINES; i++) {
		const struct ut_machine *m = machine_of(i);

		for (uint16_t r = 0; r < m->n_rows; r++) {
			assert_int_equal(is_rfc_source(m->rows[r].source, r), r < m->n_rfc_rows);
			assert_true(strlen(m->rows[r].source) >= 4);
		}
	}
}

/* ---- against the second transcription ---- */

enum { LINES_MAX = 96 };

/* The RFC calls one event by several names. */
struct alias {
	const char *rfc, *ours;
};
static const struct alias aliases[] = {
	{ "Local Open request", "Local open request" },
	{ "Bearer Ring or Ready to indicate incoming conn.", "Local open request" },
	{ "Bearer line drop or local close request", "Local close request or Bearer line drop" },
	{ "Bearer line drop, Local close request", "Local close request or Bearer line drop" },
	{ "Local Close request", "Local close request or Bearer line drop" },
	{ "Initiate local tunnel-open", "Initiate local tunnel open" },
};

static bool
is_same_word(const char *rfc, const char *ours)
{
	for (size_t k = 0; k < sizeof aliases / sizeof aliases[0]; k++)
		if (strcmp(rfc, aliases[k].rfc) == 0 && strcmp(ours, aliases[k].ours) == 0)
			return true;
	return strcmp(rfc, ours) == 0;
}

static void
expand(const struct ut_machine *m, const struct ut_row *row, uint8_t state, uint8_t event, struct rfc_line *l)
{
	memset(l, 0, sizeof *l);
	snprintf(l->state, sizeof l->state, "%s", m->states[state]);
	snprintf(l->event, sizeof l->event, "%s", m->events[event]);
	snprintf(l->guard, sizeof l->guard, "%s",
		 row->question == 0 ? "-" : m->questions[row->question].answers[row->answer]);
	snprintf(l->next, sizeof l->next, "%s", m->states[row->next]);
	snprintf(l->source, sizeof l->source, "%s", row->source);
	if (row->actions[0] == 0)
		snprintf(l->actions, sizeof l->actions, "%s", m->actions[0]);
	for (unsigned k = 0; k < UT_ROW_ACTIONS && row->actions[k] != 0; k++) {
		size_t at = strlen(l->actions);

		snprintf(l->actions + at, sizeof l->actions - at, "%s%s", k == 0 ? "" : ", ",
			 m->actions[row->actions[k]]);
	}
}

static bool
is_same_line(const struct rfc_line *rfc, const struct rfc_line *ours)
{
	return strcmp(rfc->state, ours->state) == 0 && is_same_word(rfc->event, ours->event) &&
	       strcmp(rfc->guard, ours->guard) == 0 && is_same_word(rfc->actions, ours->actions) &&
	       strcmp(rfc->next, ours->next) == 0 && strcmp(rfc->source, ours->source) == 0;
}

/* What the RFC says and our rows do not, on purpose. */
static bool
is_known_difference(const struct rfc_line *l)
{
	/* 7.5.2 says twice that a CDN in idle is cleaned up, in rows 2 and 9; one cell has one row: ours is 9 */
	return strcmp(l->source, "7.5.2 r2") == 0 && strcmp(l->event, "Receive CDN") == 0;
}

static void
match_ours(const struct ut_machine *m, const struct ut_row *row, struct rfc_line *lines, unsigned n)
{
	struct rfc_line ours;

	for (uint8_t s = 0; s < m->n_states; s++) {
		for (uint8_t e = 0; e < m->n_events; e++) {
			bool found = false;

			if ((row->states & UT_BIT(s)) == 0 || (row->events & UT_BIT(e)) == 0)
				continue;
			expand(m, row, s, e, &ours);
			for (unsigned k = 0; k < n && !found; k++)
				if (is_same_line(&lines[k], &ours))
					found = lines[k].matched = true;
			if (!found)
				fail_msg("not in the RFC: %s | %s | %s | %s | %s | %s", ours.source,
					 ours.state, ours.event, ours.guard, ours.actions, ours.next);
		}
	}
}

static void
our_rows_and_the_second_transcription_agree_both_ways(void **state)
{
	static const char *const sections[] = { "7.2.1", "7.4.1", "7.4.2", "7.5.1", "7.5.2" };
	static struct rfc_line lines[LINES_MAX];

	(void)state;
	for (unsigned i = 0; i < 5; i++) {
		const struct ut_machine *m = machine_of(i);
		unsigned n = rfc_lines_read(2661, sections[i], lines, LINES_MAX);

		assert_true(n >= m->n_rfc_rows);
		for (uint16_t r = 0; r < m->n_rfc_rows; r++)
			match_ours(m, &m->rows[r], lines, n);
		for (unsigned k = 0; k < n; k++) {
			assert_string_equal(lines[k].machine, m->name);
			if (!lines[k].matched && !is_known_difference(&lines[k]))
				fail_msg("only in the RFC: %s | %s | %s", lines[k].source, lines[k].state,
					 lines[k].event);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cell_of_every_machine_is_one_row_or_one_row_an_answer),
		cmocka_unit_test(a_wrong_index_is_noticed),
		cmocka_unit_test(a_deleted_row_is_noticed),
		cmocka_unit_test(an_extra_row_is_noticed),
		cmocka_unit_test(a_missing_answer_and_a_second_question_are_noticed),
		cmocka_unit_test(printed_names_are_unique),
		cmocka_unit_test(rfc_rows_come_first_in_order_and_the_rest_give_a_reason),
		cmocka_unit_test(our_rows_and_the_second_transcription_agree_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
