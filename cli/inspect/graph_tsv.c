/* graph_tsv.c - a table as tab-separated values: one state, one event and one answer a line
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/inspect/graph.h"

const char graph_tsv_header[] = "machine\tstate\tevent\tguard\tactions\tnext\tsource\n";

static void
print_guard(FILE *out, const struct ut_machine *m, const struct graph_cell *cell)
{
	if (cell->is_asked)
		graph_word(out, m->questions[cell->row->question].answers[cell->answer]);
	else
		fputc('-', out);
}

void
graph_tsv(FILE *out, const struct ut_machine *m)
{
	struct graph_cursor cursor = { .row = 0 };
	struct graph_cell cell;

	while (graph_next(m, &cursor, &cell)) {
		fprintf(out, "%s\t%s\t", m->name, m->states[cell.state]);
		graph_event_word(out, m->events[cell.event]);
		fputc('\t', out);
		print_guard(out, m, &cell);
		fputc('\t', out);
		graph_actions(out, m, cell.row);
		fprintf(out, "\t%s\t%s\n", m->states[graph_target(&cell)], cell.row->source);
	}
}
