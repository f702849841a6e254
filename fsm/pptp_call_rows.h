/* pptp_call_rows.h - how the four call tables of PPTP are written; included by them only
 * SPDX-License-Identifier: Apache-2.0
 *
 * A table defines IN(state), ANYWHERE and TO(state) for its own states.
 */
#ifndef FSM_PPTP_CALL_ROWS_H
#define FSM_PPTP_CALL_ROWS_H

#include "fsm/pptp_call.h"

#define ON(e) UT_BIT(PPTP_CALL_EV_##e)
#define ALWAYS PPTP_CALL_ASK_NOTHING, 0
#define IF_ACCEPT(a) PPTP_CALL_ASK_ACCEPT, PPTP_ACCEPT_##a
#define IF_DATA(a) PPTP_CALL_ASK_DATA, PPTP_DATA_##a
#define DO(a)                    \
	{                        \
		PPTP_CALL_DO_##a \
	}
#define DO2(a, b)                                  \
	{                                          \
		PPTP_CALL_DO_##a, PPTP_CALL_DO_##b \
	}
#define TO_SAME UT_SAME

/* The rows of ours that all four have; other_kind: the messages of calls of the other kinds. */
/* clang-format off */
#define COMMON_ROWS(other_kind)                                                                                     \
{ "local: not a message of this kind of call",                                                                     \
  ANYWHERE,           other_kind,                         ALWAYS,         DO(NOTHING),                  TO_SAME },  \
{ "2.14, 2.15: taken note of",                                                                                     \
  ANYWHERE,           ON(RX_NOTE),                        ALWAYS,         DO(TAKE_NOTE),                TO_SAME },  \
{ "3.2.1: a call does not outlive its control connection",                                                         \
  ANYWHERE,           ON(CONNECTION_CLOSED),              ALWAYS,         DO(CLEAN_UP),                 TO(IDLE) }
/* clang-format on */

extern const char *const pptp_call_events[PPTP_CALL_EVENT_N];
extern const char *const pptp_call_actions[PPTP_CALL_ACTION_N];
extern const struct ut_question pptp_call_questions[PPTP_CALL_QUESTION_N];

#define PPTP_CALL_MACHINE(machine, title, state_list, rfc_rows)                                          \
	UT_MACHINE(machine, title, state_list, pptp_call_events, pptp_call_actions, pptp_call_questions, \
		   rfc_rows)

#endif
