/* pptp_call.c - the words the four call tables of PPTP share
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/pptp_call_rows.h"

#include <assert.h>

const char *const pptp_call_events[PPTP_CALL_EVENT_N] = UT_NAMES(PPTP_CALL_EVENTS);
const char *const pptp_call_actions[PPTP_CALL_ACTION_N] = UT_NAMES(PPTP_CALL_ACTIONS);
const struct ut_question pptp_call_questions[PPTP_CALL_QUESTION_N] = {
	[PPTP_CALL_ASK_ACCEPT] = { "acceptable", { "not acceptable", "acceptable" }, PPTP_ACCEPT_N },
	[PPTP_CALL_ASK_DATA] = { "acceptable",
				 { "not acceptable", "acceptable", "acceptable once the data path is up" },
				 PPTP_DATA_N },
};

const struct ut_machine *
pptp_call_machine(enum pptp_call_kind kind)
{
	static const struct ut_machine *const machines[PPTP_CALL_KIND_N] = {
		[PPTP_PNS_OC] = &pptp_pns_oc_machine,
		[PPTP_PAC_OC] = &pptp_pac_oc_machine,
		[PPTP_PAC_IC] = &pptp_pac_ic_machine,
		[PPTP_PNS_IC] = &pptp_pns_ic_machine,
	};

	assert(kind < PPTP_CALL_KIND_N);
	return machines[kind];
}
