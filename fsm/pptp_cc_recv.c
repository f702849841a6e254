/* pptp_cc_recv.c - the control connection, seen by who is called (RFC 2637 3.1.2), and the words of both
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/pptp_cc_rows.h"

#define ANYWHERE (UT_BIT(PPTP_CC_RECV_STATE_N) - 1)

const char *const pptp_cc_events[PPTP_CC_EVENT_N] = UT_NAMES(PPTP_CC_EVENTS);
const char *const pptp_cc_actions[PPTP_CC_ACTION_N] = UT_NAMES(PPTP_CC_ACTIONS);
const struct ut_question pptp_cc_questions[PPTP_CC_QUESTION_N] = {
	[PPTP_CC_ASK_REPLY] = { "acceptable", { "Version OK", "Version Not OK", "refused" }, PPTP_REPLY_N },
	[PPTP_CC_ASK_REQUEST] = { "acceptable",
				  { "Version OK", "Version Not OK", "not authorized", "loses the collision" },
				  PPTP_REQUEST_N },
	[PPTP_CC_ASK_CALLS] = { "calls", { "no calls", "calls to clear" }, PPTP_CALLS_N },
};

/* clang-format off */
static const struct ut_row rows[] = {
/*  source, states, events, answer, actions, new state */
{ "3.1.2 idle -> idle",                   IN(IDLE),            ON(RX_SCCRQ),        IF_REQUEST(VERSION), DO2(SEND_SCCRP_ERROR, CLOSE_TCP), TO(IDLE) },
{ "3.1.2 idle -> established",            IN(IDLE),            ON(RX_SCCRQ),        IF_REQUEST(IS_OK),   DO(SEND_SCCRP),    TO(ESTABLISHED) },
/* the label says Start, the text below the diagram Stop */
{ "3.1.2 established -> idle",            IN(ESTABLISHED),     ON(RX_SCCRQ) | ON(RX_STOPCCRQ), ALWAYS, DO2(SEND_STOPCCRP, CLOSE_TCP), TO(IDLE) },
{ "3.1.2 established -> wait_stop_reply", IN(ESTABLISHED),     ON(LOCAL_TERMINATE), IF_CALLS(NONE),      DO(SEND_STOPCCRQ), TO(WAIT_STOP_REPLY) },
{ "3.1.2 wait_stop_reply -> idle",        IN(WAIT_STOP_REPLY), ON(RX_STOPCCRP),     ALWAYS,              DO(CLOSE_TCP),     TO(IDLE) },
/* ---- not in the RFC's diagram ---- */
{ "2.2: not authorized to establish a command channel",
  IN(IDLE),            ON(RX_SCCRQ),                      IF_REQUEST(REFUSED), DO2(SEND_SCCRP_ERROR, CLOSE_TCP), TO(IDLE) },
{ "3.1.3: the winner waits for the loser to close, and says nothing",
  IN(IDLE),            ON(RX_SCCRQ),                      IF_REQUEST(LOSES), DO(NOTHING),              TO(IDLE) },
{ "3: an invalid message closes the connection",
  IN(IDLE),            ON(RX_SCCRP) | ON(RX_STOPCCRQ) | ON(RX_STOPCCRP) | ON(RX_ECHORQ) | ON(RX_ECHORP) | ON(RX_CALL), ALWAYS, DO(CLOSE_TCP), TO(IDLE) },
{ "2.3: both ends stop at once",
  IN(WAIT_STOP_REPLY), ON(RX_STOPCCRQ),                   ALWAYS, DO2(SEND_STOPCCRP, CLOSE_TCP),       TO(IDLE) },
{ "local: the peer opens TCP here, and closes what collides",
  ANYWHERE,            ON(TCP_OPEN) | ON(COLLISION),      ALWAYS,         DO(NOTHING),                 TO_SAME },
COMMON_ROWS(IN(IDLE), ANYWHERE),
};
/* clang-format on */

UT_MACHINE(pptp_cc_recv_machine, "pptp-control-receiver", PPTP_CC_RECV_STATES, pptp_cc_events,
	   pptp_cc_actions, pptp_cc_questions, 5);
