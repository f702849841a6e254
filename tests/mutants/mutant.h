/* mutant.h - the faults a table may have, one at a time
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_MUTANTS_MUTANT_H
#define TESTS_MUTANTS_MUTANT_H

#include "fsm/table.h"

#include <stdio.h>

/* X(token, word): DROP_ACTION(k), SWAP_ACTIONS(k: with the one behind it), NEXT(state), EXCHANGE(row: each does what
 * the other should), DELETE, DROP_STATE(state), DROP_EVENT(event), MOVE_STATE(state, row), MOVE_EVENT(event, row). */
#define MUTANT_KINDS(X)                 \
	X(DROP_ACTION, "drop-action")   \
	X(SWAP_ACTIONS, "swap-actions") \
	X(NEXT, "next")                 \
	X(EXCHANGE, "exchange")         \
	X(DELETE, "delete")             \
	X(DROP_STATE, "drop-state")     \
	X(DROP_EVENT, "drop-event")     \
	X(MOVE_STATE, "move-state")     \
	X(MOVE_EVENT, "move-event")

enum mutant_kind {
#define X(token, word) MUTANT_##token,
	MUTANT_KINDS(X)
#undef X
	    MUTANT_KIND_N
};

enum { MUTANT_ROWS = 64, MUTANT_CELLS = 2048, MUTANT_ARGUMENTS = 32 * MUTANT_ROWS };

struct mutant {
	uint8_t row, kind;
	uint16_t argument; /* for two of them: the first * MUTANT_ROWS + the row */
};

/* A machine that owns its rows and its index. */
struct mutant_copy {
	struct ut_row rows[MUTANT_ROWS];
	uint8_t cells[MUTANT_CELLS];
	struct ut_machine machine;
};

/* A copy without a fault.  It points into itself: not to be moved. */
void mutant_copy_init(struct mutant_copy *copy, const struct ut_machine *m);
/* Puts the fault in, and makes the index anew; false, and nothing done, if the machine cannot have it. */
bool mutant_apply(struct mutant_copy *copy, const struct mutant *mutant);

/* The faults of a machine, from a zeroed one on: whether `mutant` is one that changes what some cell does; and the
 * next candidate, false after the last. */
bool mutant_is_fault(const struct ut_machine *m, const struct mutant *mutant);
bool mutant_advance(const struct ut_machine *m, struct mutant *mutant);

/* "7.2.1 r6: without Send SCCCN" */
void mutant_print(FILE *out, const struct ut_machine *m, const struct mutant *mutant);
const char *mutant_kind_word(enum mutant_kind kind);

#endif
