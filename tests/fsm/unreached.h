/* unreached.h - rows that no event of a peer or a host leads to
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_FSM_UNREACHED_H
#define TESTS_FSM_UNREACHED_H

#include "fsm/table.h"

/* Why no test can reach this row; NULL: one does. */
const char *row_unreached(const struct ut_machine *m, const struct ut_row *row);

#endif
