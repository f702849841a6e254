/* table.c - finding rows, and proving that every cell has its own
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/table.h"

#include <assert.h>

static bool
is_in_cell(const struct ut_row *row, uint8_t state, uint8_t event)
{
	return (row->states & UT_BIT(state)) != 0 && (row->events & UT_BIT(event)) != 0;
}

static const struct ut_row *
search(const struct ut_machine *m, uint8_t state, uint8_t event, uint8_t answer)
{
	for (uint16_t i = 0; i < m->n_rows; i++) {
		const struct ut_row *row = &m->rows[i];

		if (is_in_cell(row, state, event) && (row->question == 0 || row->answer == answer))
			return row;
	}
	return NULL;
}

const struct ut_row *
ut_table_match(const struct ut_machine *m, uint8_t state, uint8_t event, uint8_t answer)
{
	uint8_t i;

	assert(state < m->n_states && event < m->n_events && answer < UT_ANSWERS_MAX);
	if (m->cells == NULL)
		return search(m, state, event, answer);
	i = m->cells[((size_t)state * m->n_events + event) * UT_ANSWERS_MAX + answer];
	return i == UT_NO_ROW ? NULL : &m->rows[i];
}

uint8_t
ut_table_question(const struct ut_machine *m, uint8_t state, uint8_t event)
{
	const struct ut_row *row = ut_table_match(m, state, event, 0); /* each question has an answer 0 */

	return row == NULL ? 0 : row->question;
}

static unsigned
rows_for(const struct ut_machine *m, uint8_t state, uint8_t event, uint8_t question, uint8_t answer)
{
	unsigned n = 0;

	for (uint16_t i = 0; i < m->n_rows; i++) {
		const struct ut_row *row = &m->rows[i];

		if (is_in_cell(row, state, event) && row->question == question &&
		    (question == 0 || row->answer == answer))
			n++;
	}
	return n;
}

static unsigned
rows_in(const struct ut_machine *m, uint8_t state, uint8_t event)
{
	unsigned n = 0;

	for (uint16_t i = 0; i < m->n_rows; i++)
		n += is_in_cell(&m->rows[i], state, event);
	return n;
}

static struct ut_table_flaw
check_cell(const struct ut_machine *m, uint8_t state, uint8_t event)
{
	struct ut_table_flaw flaw = { .what = NULL, .state = state, .event = event, .answer = 0 };
	uint8_t question = ut_table_question(m, state, event);
	unsigned want = question == 0 ? 1 : m->questions[question].n_answers;

	if (rows_in(m, state, event) == 0)
		flaw.what = "no row";
	else if (rows_in(m, state, event) != want)
		flaw.what = "not one row an answer of one question";
	for (uint8_t a = 0; flaw.what == NULL && a < want; a++) {
		flaw.answer = a;
		if (rows_for(m, state, event, question, a) != 1)
			flaw.what = "an answer has no row, or more than one";
		else if (ut_table_match(m, state, event, a) != search(m, state, event, a))
			flaw.what = "the index names another row";
	}
	return flaw;
}

struct ut_table_flaw
ut_table_check(const struct ut_machine *m)
{
	for (uint8_t s = 0; s < m->n_states; s++) {
		for (uint8_t e = 0; e < m->n_events; e++) {
			struct ut_table_flaw flaw = check_cell(m, s, e);

			if (flaw.what != NULL)
				return flaw;
		}
	}
	return (struct ut_table_flaw){ .what = NULL };
}
