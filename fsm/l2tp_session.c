/* l2tp_session.c - the words the four session tables share
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/l2tp_session.h"
#include "fsm/l2tp_cc.h"

#include <assert.h>

const char *const l2tp_session_event_names[L2TP_SESSION_EVENT_N] = UT_NAMES(L2TP_SESSION_EVENTS);

const char *const l2tp_session_action_names[L2TP_SESSION_ACTION_N] = UT_NAMES(L2TP_SESSION_ACTIONS);

const struct ut_question l2tp_session_questions[L2TP_SESSION_QUESTION_N] = {
	[L2TP_SESSION_ASK_ACCEPT] = { "acceptable", { "not acceptable", "acceptable" }, L2TP_ACCEPT_N },
	[L2TP_SESSION_ASK_DATA] = { "acceptable",
				    { "not acceptable", "acceptable", "acceptable once the data path is up" },
				    L2TP_DATA_N },
};

const struct ut_machine *
l2tp_session_machine(enum l2tp_session_kind kind)
{
	static const struct ut_machine *const machines[L2TP_SESSION_KIND_N] = {
		[L2TP_LAC_IC] = &l2tp_lac_ic_machine,
		[L2TP_LNS_IC] = &l2tp_lns_ic_machine,
		[L2TP_LAC_OC] = &l2tp_lac_oc_machine,
		[L2TP_LNS_OC] = &l2tp_lns_oc_machine,
	};

	assert(kind < L2TP_SESSION_KIND_N);
	return machines[kind];
}
