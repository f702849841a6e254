/* pptp_cc_orig.c - the control connection, seen by who opens it (RFC 2637 3.1.1)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/pptp_cc_rows.h"

#define ANYWHERE (UT_BIT(PPTP_CC_STATE_N) - 1)

/* clang-format off */
static const struct ut_row rows[] = {
/*  source, states, events, answer, actions, new state */
{ "3.1.1 idle -> wait_ctl_reply",            IN(IDLE),            ON(TCP_OPEN),        ALWAYS,            DO(SEND_SCCRQ),    TO(WAIT_CTL_REPLY) },
{ "3.1.1 wait_ctl_reply -> idle",            IN(WAIT_CTL_REPLY),  ON(COLLISION),       ALWAYS,            DO(CLOSE_TCP),     TO(IDLE) },
{ "3.1.1 wait_ctl_reply -> wait_stop_reply", IN(WAIT_CTL_REPLY),  ON(RX_SCCRP),        IF_REPLY(VERSION), DO(SEND_STOPCCRQ), TO(WAIT_STOP_REPLY) },
{ "3.1.1 wait_ctl_reply -> established",     IN(WAIT_CTL_REPLY),  ON(RX_SCCRP),        IF_REPLY(IS_OK),   DO(NOTHING),       TO(ESTABLISHED) },
{ "3.1.1 established -> wait_stop_reply",    IN(ESTABLISHED),     ON(LOCAL_TERMINATE), IF_CALLS(NONE),    DO(SEND_STOPCCRQ), TO(WAIT_STOP_REPLY) },
{ "3.1.1 established -> idle",               IN(ESTABLISHED),     ON(RX_STOPCCRQ),     ALWAYS, DO2(SEND_STOPCCRP, CLOSE_TCP), TO(IDLE) },
{ "3.1.1 wait_stop_reply -> idle",           IN(WAIT_STOP_REPLY), ON(RX_STOPCCRQ),     ALWAYS, DO2(SEND_STOPCCRP, CLOSE_TCP), TO(IDLE) },
{ "3.1.1 wait_stop_reply -> idle",           IN(WAIT_STOP_REPLY), ON(RX_STOPCCRP),     ALWAYS,            DO(CLOSE_TCP),     TO(IDLE) },
/* ---- not in the RFC's diagram ---- */
{ "2.2: its Result Code refuses",
  IN(WAIT_CTL_REPLY),  ON(RX_SCCRP),                      IF_REPLY(REFUSES), DO(CLOSE_TCP),            TO(IDLE) },
{ "2.3: the peer stops before it began",
  IN(WAIT_CTL_REPLY),  ON(RX_STOPCCRQ),                   ALWAYS, DO2(SEND_STOPCCRP, CLOSE_TCP),       TO(IDLE) },
{ "3: an invalid message closes the connection",
  IN(WAIT_CTL_REPLY),  ON(RX_SCCRQ) | ON(RX_STOPCCRP) | ON(RX_CALL), ALWAYS, DO(CLOSE_TCP),            TO(IDLE) },
{ "3: an invalid message closes the connection",
  IN(ESTABLISHED),     ON(RX_SCCRQ),                      ALWAYS,         DO(CLOSE_TCP),               TO(IDLE) },
{ "2.5: no echo before the connection is agreed",
  IN(IDLE) | IN(WAIT_CTL_REPLY), ON(RX_ECHORQ) | ON(RX_ECHORP), ALWAYS,   DO(NOTHING),                 TO_SAME },
{ "local: nothing was sent that could be answered",
  IN(IDLE),            ON(RX_SCCRQ) | ON(RX_SCCRP) | ON(RX_STOPCCRQ) | ON(RX_STOPCCRP) | ON(RX_CALL), ALWAYS, DO(NOTHING), TO(IDLE) },
{ "local: open, being opened",
  IN(WAIT_CTL_REPLY) | IN(ESTABLISHED) | IN(WAIT_STOP_REPLY), ON(TCP_OPEN), ALWAYS, DO(NOTHING),       TO_SAME },
{ "3.1.3: no SCCRQ of ours is waiting",
  IN(IDLE) | IN(ESTABLISHED) | IN(WAIT_STOP_REPLY), ON(COLLISION), ALWAYS, DO(NOTHING),                TO_SAME },
COMMON_ROWS(IN(IDLE) | IN(WAIT_CTL_REPLY), ANYWHERE),
};
/* clang-format on */

UT_MACHINE(pptp_cc_orig_machine, "pptp-control-originator", PPTP_CC_ORIG_STATES, pptp_cc_events,
	   pptp_cc_actions, pptp_cc_questions, 8);
