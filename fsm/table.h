/* table.h - state machines as data
 * SPDX-License-Identifier: Apache-2.0
 *
 * A machine is a list of rows in the order and the words of its RFC.  A row says: in one of these states, on
 * one of these events, if the cell's question is answered so, do these actions and go to that state.
 * Nothing here acts: ut_table_match() finds the row, its caller carries out the actions and stores the state.
 */
#ifndef FSM_TABLE_H
#define FSM_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UT_ROW_ACTIONS = 4, UT_ANSWERS_MAX = 4, UT_SAME = 0xff /* a new state: the one it was */ };

struct ut_row {
	const char *source; /* where it stands: "7.2.1 r1", or "local: why" for an addition of ours */
	uint32_t states;    /* set of states, bit = state */
	uint32_t events;    /* set of events */
	uint8_t question;   /* 0: unconditional */
	uint8_t answer;	    /* of that question */
	uint8_t actions[UT_ROW_ACTIONS]; /* in order; 0 ends them */
	uint8_t next;			 /* the new state, written also when it stays */
};

/* One question a cell may ask, with its named answers (answer i is names[i]). */
struct ut_question {
	const char *name;
	const char *answers[UT_ANSWERS_MAX];
	uint8_t n_answers;
};

struct ut_machine {
	const char *name; /* as printed: "l2tp-control" */
	const char *const *states;
	const char *const *events;
	const char *const *actions;
	const struct ut_question *questions;
	const struct ut_row *rows;
	const uint8_t *cells; /* row of [state][event][answer], see table_cells.c; NULL: rows are searched */
	uint8_t n_states, n_events, n_actions, n_questions;
	uint8_t initial;
	uint16_t n_rows;
	uint16_t n_rfc_rows; /* the first so many rows are the RFC's; the rest are ours */
};

/* The question that the cell (state, event) asks; 0 when its row is unconditional or there is none. */
uint8_t ut_table_question(const struct ut_machine *m, uint8_t state, uint8_t event);

/* The row for (state, event, answer), or NULL: a hole, which a proven table does not have. */
const struct ut_row *ut_table_match(const struct ut_machine *m, uint8_t state, uint8_t event, uint8_t answer);

/* What is wrong with a table, for the test that proves it complete. */
struct ut_table_flaw {
	const char *what; /* NULL: nothing */
	uint8_t state, event, answer;
};

/* Every cell is one unconditional row, or exactly one row for each answer of one question. */
struct ut_table_flaw ut_table_check(const struct ut_machine *m);

/* ---- how tables are written ---- */
#define UT_BIT(x) (UINT32_C(1) << (x))

/* The strings of a list of X(token, string). */
#define UT_NAME(token, string) string,
/* clang-format off */
#define UT_NAMES(list) { list(UT_NAME) }
/* clang-format on */

#define UT_COUNT(array) (sizeof(array) / sizeof(array)[0])

/* The index that table_cells.c makes of a machine; it is itself built of tables without one. */
enum { UT_NO_ROW = 0xff };
#ifdef UT_TABLES_BARE
#define UT_CELLS_DECLARE(machine)
#define UT_CELLS(machine) NULL
#else
#define UT_CELLS_DECLARE(machine) extern const uint8_t machine##_cells[];
#define UT_CELLS(machine) machine##_cells
#endif

/* The end of a table's file: the machine of its `rows`, of which the first `rfc_rows` are the RFC's.  The first
 * state of the list is where it begins.  It also wants its line in UT_MACHINES (machines.h). */
#define UT_MACHINE(machine, title, state_list, events_, actions_, questions_, rfc_rows) \
	UT_CELLS_DECLARE(machine)                                                       \
	static const char *const machine##_states[] = UT_NAMES(state_list);             \
	const struct ut_machine machine = {                                             \
		.name = title,                                                          \
		.states = machine##_states,                                             \
		.events = events_,                                                      \
		.actions = actions_,                                                    \
		.questions = questions_,                                                \
		.rows = rows,                                                           \
		.cells = UT_CELLS(machine),                                             \
		.n_states = (uint8_t)UT_COUNT(machine##_states),                        \
		.n_events = (uint8_t)UT_COUNT(events_),                                 \
		.n_actions = (uint8_t)UT_COUNT(actions_),                               \
		.n_questions = (uint8_t)UT_COUNT(questions_),                           \
		.initial = 0,                                                           \
		.n_rows = (uint16_t)UT_COUNT(rows),                                     \
		.n_rfc_rows = rfc_rows,                                                 \
	}

#endif
