/* graph.h - a machine's table, printed for people and for tools
 * SPDX-License-Identifier: Apache-2.0
 *
 * The only readers of the tables besides the engine.  Whoever writes to `out` asks ferror() once at the end.
 */
#ifndef CLI_INSPECT_GRAPH_H
#define CLI_INSPECT_GRAPH_H

#include "fsm/machines.h"

#include <stdio.h>

/* Machines by number and by printed name; NULL: there is none. */
const struct ut_machine *graph_machine_at(unsigned i);
const struct ut_machine *graph_machine_find(const char *name);

/* One state, one event and, where it asks, one answer, with the row that holds. */
struct graph_cell {
	uint8_t state, event, answer;
	bool is_asked; /* the row depends on the answer */
	const struct ut_row *row;
};

/* Every cell of a machine, in the order of its rows: begin with a zeroed cursor; false when there is none left. */
struct graph_cursor {
	uint16_t row;
	uint8_t state, event;
};
bool graph_next(const struct ut_machine *m, struct graph_cursor *cursor, struct graph_cell *out);

/* The state a cell leads to. */
uint8_t graph_target(const struct graph_cell *cell);

/* A row that does nothing and goes nowhere. */
bool graph_row_is_idle(const struct ut_row *row);

/* "Send StopCCN, Clean up", or "none". */
void graph_actions(FILE *out, const struct ut_machine *m, const struct ut_row *row);

/* Names as one word, for tools: hyphens for blanks, lower case but for the letters of messages.  Of an event only the
 * first alternative, without "Receive", "request" and articles: "SCCRP", "local-open", "not-acceptable". */
void graph_word(FILE *out, const char *name);
void graph_event_word(FILE *out, const char *name);

/* ---- formats ---- */

/* Tab-separated: machine, state, event, guard, actions, next, source; without its header. */
void graph_tsv(FILE *out, const struct ut_machine *m);
extern const char graph_tsv_header[];

/* Graphviz: rows of the RFC solid, ours dashed; ours that do nothing left out. */
void graph_dot(FILE *out, const struct ut_machine *m);

/* A page in Markdown: the picture beside it (NAME.svg), the table in its order, and a glossary. */
void graph_markdown(FILE *out, const struct ut_machine *m);

/* A model for spin: l2tp-control as two peers, any other machine by itself. */
void graph_promela(FILE *out, const struct ut_machine *m);

#endif
