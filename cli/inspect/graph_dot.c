/* graph_dot.c - a table as a picture, in Graphviz's language
 * SPDX-License-Identifier: Apache-2.0
 *
 * An arrow holds all rows from one state to another, or to itself; those of the RFC apart from ours.
 */
#include "cli/inspect/graph.h"

/* Where a row leads from `state`. */
static uint8_t
target(const struct ut_row *row, uint8_t state)
{
	return row->next == UT_SAME ? state : row->next;
}

static void
print_events(FILE *out, const struct ut_machine *m, const struct ut_row *row)
{
	bool any = false;

	for (uint8_t e = 0; e < m->n_events; e++) {
		if ((row->events & UT_BIT(e)) == 0)
			continue;
		fputs(any ? ",\\n" : "", out);
		graph_event_word(out, m->events[e]);
		any = true;
	}
}

/* One row of an arrow: its events, what was answered, what is done.  The words are ours: they have no quotes or
 * backslashes. */
static void
print_row(FILE *out, const struct ut_machine *m, const struct ut_row *row)
{
	print_events(out, m, row);
	if (row->question != 0)
		fprintf(out, "\\n[%s]", m->questions[row->question].answers[row->answer]);
	if (row->actions[0] != 0) {
		fputs("\\n/ ", out);
		graph_actions(out, m, row);
	}
}

static bool
is_drawn(const struct ut_row *row, uint8_t from, uint8_t to)
{
	return (row->states & UT_BIT(from)) != 0 && target(row, from) == to && !graph_row_is_idle(row);
}

/* All rows of a kind that lead from one state to another: one arrow, if there are any. */
static void
print_arrow(FILE *out, const struct ut_machine *m, uint8_t from, uint8_t to, bool is_rfc)
{
	const uint16_t first = is_rfc ? 0 : m->n_rfc_rows, end = is_rfc ? m->n_rfc_rows : m->n_rows;
	bool any = false;

	for (uint16_t r = first; r < end; r++) {
		if (!is_drawn(&m->rows[r], from, to))
			continue;
		if (any)
			fputs("\\n\\n", out);
		else
			fprintf(out, "\t\"%s\" -> \"%s\" [label=\"", m->states[from], m->states[to]);
		print_row(out, m, &m->rows[r]);
		any = true;
	}
	if (any)
		fprintf(out, "\"%s];\n", is_rfc || m->n_rfc_rows == 0 ? "" : ", style=dashed");
}

void
graph_dot(FILE *out, const struct ut_machine *m)
{
	fprintf(out,
		"digraph \"%s\" {\n"
		"\tgraph [fontname=\"DejaVu Sans\", label=\"%s\", labelloc=t, nodesep=0.6];\n"
		"\tnode [shape=box, style=rounded, fontname=\"DejaVu Sans\"];\n"
		"\tedge [fontname=\"DejaVu Sans\", fontsize=9];\n",
		m->name, m->name);
	for (uint8_t s = 0; s < m->n_states; s++)
		fprintf(out, "\t\"%s\"%s;\n", m->states[s], s == m->initial ? " [peripheries=2]" : "");
	for (uint8_t from = 0; from < m->n_states; from++) {
		for (uint8_t to = 0; to < m->n_states; to++) {
			print_arrow(out, m, from, to, true);
			print_arrow(out, m, from, to, false);
		}
	}
	fputs("}\n", out);
}
