/* rows.h - which rows of the tables the tests take
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_FSM_ROWS_H
#define TESTS_FSM_ROWS_H

#include "fsm/engine.h"

/* Of the test that runs. */
void rows_count(const struct ut_trace *trace);

#endif
