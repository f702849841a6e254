/* machines.h - every table there is, for tests that go through all of them
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_FSM_MACHINES_H
#define TESTS_FSM_MACHINES_H

#include "fsm/client.h"
#include "fsm/l2tp_cc.h"
#include "fsm/l2tp_session.h"

enum { MACHINES = 7, ROWS_MAX = 64 };

static inline const struct ut_machine *
machine_of(unsigned i)
{
	const struct ut_machine *const all[MACHINES] = { &l2tp_cc_machine,     &l2tp_lac_ic_machine,
							 &l2tp_lns_ic_machine, &l2tp_lac_oc_machine,
							 &l2tp_lns_oc_machine, &ut_client_machine,
							 &ut_link_machine };

	return all[i];
}

#endif
