/* machines.h - every table there is, for tests that go through all of them
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_FSM_MACHINES_H
#define TESTS_FSM_MACHINES_H

#include "fsm/machines.h"

#define X(machine) +1
enum { MACHINES = 0 UT_MACHINES(X), ROWS_MAX = 64 };
#undef X

static inline const struct ut_machine *
machine_of(unsigned i)
{
#define X(machine) &machine,
	const struct ut_machine *const all[MACHINES] = { UT_MACHINES(X) };
#undef X

	return all[i];
}

#endif
