/* mutant.c - putting a fault into a table
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/mutants/mutant.h"

#include <assert.h>
#include <string.h>

static void
make_index(struct mutant_copy *copy)
{
	struct ut_machine *const m = &copy->machine;
	size_t at = 0;

	m->cells = NULL;
	for (uint8_t s = 0; s < m->n_states; s++)
		for (uint8_t e = 0; e < m->n_events; e++)
			for (uint8_t a = 0; a < UT_ANSWERS_MAX; a++) {
				const struct ut_row *const row = ut_table_match(m, s, e, a);

				copy->cells[at++] = row == NULL ? UT_NO_ROW : (uint8_t)(row - m->rows);
			}
	m->cells = copy->cells;
}

void
mutant_copy_init(struct mutant_copy *copy, const struct ut_machine *m)
{
	assert(m->n_rows <= MUTANT_ROWS);
	assert((size_t)m->n_states * m->n_events * UT_ANSWERS_MAX <= MUTANT_CELLS);
	memcpy(copy->rows, m->rows, m->n_rows * sizeof copy->rows[0]);
	copy->machine = *m;
	copy->machine.rows = copy->rows;
	make_index(copy);
}

/* ---- the faults ---- */

static unsigned
actions_of(const struct ut_row *row)
{
	unsigned n = 0;

	while (n < UT_ROW_ACTIONS && row->actions[n] != 0)
		n++;
	return n;
}

static bool
drop_action(struct ut_row *row, unsigned k)
{
	if (k >= actions_of(row))
		return false;
	for (; k + 1 < UT_ROW_ACTIONS; k++)
		row->actions[k] = row->actions[k + 1];
	row->actions[UT_ROW_ACTIONS - 1] = 0;
	return true;
}

static bool
swap_actions(struct ut_row *row, unsigned k)
{
	uint8_t first;

	if (k + 1 >= actions_of(row))
		return false;
	first = row->actions[k];
	row->actions[k] = row->actions[k + 1];
	row->actions[k + 1] = first;
	return true;
}

/* Two answers of a question: each does what the other should. */
static bool
exchange(struct ut_row *a, struct ut_row *b)
{
	struct ut_row was = *a;

	if (a >= b || a->question == 0 || a->question != b->question || (a->states & b->states) == 0 ||
	    (a->events & b->events) == 0)
		return false;
	memcpy(a->actions, b->actions, sizeof a->actions);
	memcpy(b->actions, was.actions, sizeof b->actions);
	a->next = b->next;
	b->next = was.next;
	return true;
}

static bool
drop_member(uint32_t *set, unsigned member)
{
	if (member >= 32 || (*set & UT_BIT(member)) == 0 || *set == UT_BIT(member))
		return false;
	*set &= ~UT_BIT(member);
	return true;
}

/* The cells stay filled: the member goes to a row that is of the same kind otherwise. */
static bool
move_state(struct ut_row *from, struct ut_row *to, unsigned state)
{
	if (from == to || from->question != to->question || from->answer != to->answer ||
	    from->events != to->events || !drop_member(&from->states, state))
		return false;
	to->states |= UT_BIT(state);
	return true;
}

static bool
move_event(struct ut_row *from, struct ut_row *to, unsigned event)
{
	if (from == to || from->question != 0 || to->question != 0 || from->states != to->states ||
	    !drop_member(&from->events, event))
		return false;
	to->events |= UT_BIT(event);
	return true;
}

static bool
put_in(struct mutant_copy *copy, const struct mutant *mutant)
{
	struct ut_row *const row = &copy->rows[mutant->row], *const other =
								 &copy->rows[mutant->argument % MUTANT_ROWS];
	const unsigned first = mutant->argument / MUTANT_ROWS;

	switch ((enum mutant_kind)mutant->kind) {
	case MUTANT_DROP_ACTION:
		return drop_action(row, mutant->argument);
	case MUTANT_SWAP_ACTIONS:
		return swap_actions(row, mutant->argument);
	case MUTANT_NEXT:
		row->next = (uint8_t)mutant->argument;
		return mutant->argument < copy->machine.n_states;
	case MUTANT_EXCHANGE:
		return mutant->argument < copy->machine.n_rows && exchange(row, other);
	case MUTANT_DELETE:
		row->states = 0;
		return mutant->argument == 0;
	case MUTANT_DROP_STATE:
		return drop_member(&row->states, mutant->argument);
	case MUTANT_DROP_EVENT:
		return drop_member(&row->events, mutant->argument);
	case MUTANT_MOVE_STATE:
		return other < copy->rows + copy->machine.n_rows && move_state(row, other, first);
	case MUTANT_MOVE_EVENT:
		return other < copy->rows + copy->machine.n_rows && move_event(row, other, first);
	case MUTANT_KIND_N:
		break;
	}
	return false;
}

bool
mutant_apply(struct mutant_copy *copy, const struct mutant *mutant)
{
	if (mutant->row >= copy->machine.n_rows || !put_in(copy, mutant))
		return false;
	make_index(copy);
	return true;
}

/* ---- all of them ---- */

static uint8_t
target(const struct ut_row *row, uint8_t state)
{
	return row->next == UT_SAME ? state : row->next;
}

static bool
does_the_same(const struct ut_row *a, const struct ut_row *b, uint8_t state)
{
	if (a == NULL || b == NULL)
		return a == b;
	return a->question == b->question && target(a, state) == target(b, state) &&
	       memcmp(a->actions, b->actions, sizeof a->actions) == 0;
}

bool
mutant_is_fault(const struct ut_machine *m, const struct mutant *mutant)
{
	struct mutant_copy copy;

	mutant_copy_init(&copy, m);
	if (!mutant_apply(&copy, mutant))
		return false;
	for (uint8_t s = 0; s < m->n_states; s++)
		for (uint8_t e = 0; e < m->n_events; e++)
			for (uint8_t a = 0; a < UT_ANSWERS_MAX; a++)
				if (!does_the_same(ut_table_match(m, s, e, a),
						   ut_table_match(&copy.machine, s, e, a), s))
					return true;
	return false;
}

static unsigned
arguments_of(enum mutant_kind kind)
{
	if (kind == MUTANT_MOVE_STATE || kind == MUTANT_MOVE_EVENT)
		return MUTANT_ARGUMENTS;
	return kind == MUTANT_DELETE ? 1 : MUTANT_ROWS;
}

bool
mutant_advance(const struct ut_machine *m, struct mutant *mutant)
{
	if (++mutant->argument < arguments_of((enum mutant_kind)mutant->kind))
		return true;
	mutant->argument = 0;
	if (++mutant->kind < MUTANT_KIND_N)
		return true;
	mutant->kind = 0;
	return ++mutant->row < m->n_rows;
}

/* ---- telling ---- */

const char *
mutant_kind_word(enum mutant_kind kind)
{
	static const char *const words[MUTANT_KIND_N] = {
#define X(token, word) word,
		MUTANT_KINDS(X)
#undef X
	};

	return words[kind];
}

void
mutant_print(FILE *out, const struct ut_machine *m, const struct mutant *mutant)
{
	const struct ut_row *const row = &m->rows[mutant->row];
	const unsigned argument = mutant->argument, first = argument / MUTANT_ROWS;
	const struct ut_row *const other = &m->rows[argument % MUTANT_ROWS];

	fprintf(out, "%s, row %u (%s): ", m->name, mutant->row, row->source);
	switch ((enum mutant_kind)mutant->kind) {
	case MUTANT_DROP_ACTION:
		fprintf(out, "without \"%s\"", m->actions[row->actions[argument]]);
		break;
	case MUTANT_SWAP_ACTIONS:
		fprintf(out, "\"%s\" before \"%s\"", m->actions[row->actions[argument + 1]],
			m->actions[row->actions[argument]]);
		break;
	case MUTANT_NEXT:
		fprintf(out, "leads to %s", m->states[argument]);
		break;
	case MUTANT_EXCHANGE:
		fprintf(out, "exchanged with row %u (%s)", argument, other->source);
		break;
	case MUTANT_DELETE:
		fprintf(out, "deleted");
		break;
	case MUTANT_DROP_STATE:
		fprintf(out, "not in %s", m->states[argument]);
		break;
	case MUTANT_DROP_EVENT:
		fprintf(out, "not on \"%s\"", m->events[argument]);
		break;
	case MUTANT_MOVE_STATE:
		fprintf(out, "%s goes to row %u (%s)", m->states[first], argument % MUTANT_ROWS,
			other->source);
		break;
	case MUTANT_MOVE_EVENT:
		fprintf(out, "\"%s\" goes to row %u (%s)", m->events[first], argument % MUTANT_ROWS,
			other->source);
		break;
	case MUTANT_KIND_N:
		break;
	}
}
