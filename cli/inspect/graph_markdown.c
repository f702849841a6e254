/* graph_markdown.c - a machine as a page: picture, table, glossary
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/inspect/graph.h"

/* The members of a set, as they are called; "any" for all of them. */
static void
print_set(FILE *out, uint32_t set, const char *const *names, uint8_t n)
{
	bool any = false;

	if (n < 32 && set == UT_BIT(n) - 1) {
		fputs("any", out);
		return;
	}
	for (uint8_t i = 0; i < n; i++) {
		if ((set & UT_BIT(i)) == 0)
			continue;
		fprintf(out, "%s%s", any ? ", " : "", names[i]);
		any = true;
	}
}

static void
print_row(FILE *out, const struct ut_machine *m, const struct ut_row *row)
{
	fprintf(out, "| %s | ", row->source);
	print_set(out, row->states, m->states, m->n_states);
	fputs(" | ", out);
	print_set(out, row->events, m->events, m->n_events);
	fprintf(out, " | %s | ", row->question != 0 ? m->questions[row->question].answers[row->answer] : "");
	graph_actions(out, m, row);
	fprintf(out, " | %s |\n", row->next == UT_SAME ? "the same" : m->states[row->next]);
}

static void
print_rows(FILE *out, const struct ut_machine *m, const char *title, uint16_t from, uint16_t to)
{
	if (from == to)
		return;
	fprintf(
	    out,
	    "\n## %s\n\n| Source | State | Event | If | Actions | New state |\n|---|---|---|---|---|---|\n",
	    title);
	for (uint16_t r = from; r < to; r++)
		print_row(out, m, &m->rows[r]);
}

static bool
has_action(const struct ut_row *row, uint8_t action)
{
	for (unsigned k = 0; k < UT_ROW_ACTIONS; k++)
		if (row->actions[k] == action)
			return true;
	return false;
}

/* Machines share words: those that this one uses. */
static uint32_t
used_actions(const struct ut_machine *m)
{
	uint32_t used = 0;

	for (uint8_t a = 1; a < m->n_actions; a++)
		for (uint16_t r = 0; r < m->n_rows; r++)
			if (has_action(&m->rows[r], a))
				used |= UT_BIT(a);
	return used;
}

static uint32_t
used_questions(const struct ut_machine *m)
{
	uint32_t used = 0;

	for (uint16_t r = 0; r < m->n_rows; r++)
		used |= UT_BIT(m->rows[r].question);
	return used;
}

static void
print_words(FILE *out, const char *title, uint32_t used, const char *const *names, uint8_t n)
{
	const char *between = " ";

	fprintf(out, "\n**%s**:", title);
	for (uint8_t i = 0; i < n; i++) {
		if ((used & UT_BIT(i)) == 0)
			continue;
		fprintf(out, "%s%s", between, names[i]);
		between = "; ";
	}
	fputs(".\n", out);
}

static void
print_glossary(FILE *out, const struct ut_machine *m)
{
	const uint32_t asked = used_questions(m);

	fputs("\n## Words\n", out);
	print_words(out, "States", UINT32_MAX, m->states, m->n_states);
	print_words(out, "Events", UINT32_MAX, m->events, m->n_events);
	print_words(out, "Actions", used_actions(m), m->actions, m->n_actions);
	for (uint8_t q = 1; q < m->n_questions; q++)
		if ((asked & UT_BIT(q)) != 0)
			print_words(out, m->questions[q].name, UINT32_MAX, m->questions[q].answers,
				    m->questions[q].n_answers);
}

void
graph_markdown(FILE *out, const struct ut_machine *m)
{
	fprintf(out, "# %s\n\n![%s](%s.svg)\n\nStarts in %s. %sRows of ours that do nothing are not drawn.\n",
		m->name, m->name, m->name, m->states[m->initial],
		m->n_rfc_rows > 0 ? "Solid arrows are rows of the RFC, dashed ones ours. " : "");
	print_rows(out, m, "Rows of the RFC", 0, m->n_rfc_rows);
	print_rows(out, m, m->n_rfc_rows > 0 ? "Rows of ours" : "Rows", m->n_rfc_rows, m->n_rows);
	print_glossary(out, m);
}
