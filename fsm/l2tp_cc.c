/* l2tp_cc.c - the control connection's table (RFC 2661 7.2.1)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/l2tp_cc.h"

#define IN(s) UT_BIT(L2TP_CC_##s)
#define ON(e) UT_BIT(L2TP_CC_EV_##e)
#define ANYWHERE (UT_BIT(L2TP_CC_STATE_N) - 1)
#define ALWAYS L2TP_CC_ASK_NOTHING, 0
#define IF_ACCEPT(a) L2TP_CC_ASK_ACCEPT, L2TP_ACCEPT_##a
#define IF_TIE(a) L2TP_CC_ASK_TIE, L2TP_TIE_##a
#define DO(a)                  \
	{                      \
		L2TP_CC_DO_##a \
	}
#define DO2(a, b)                              \
	{                                      \
		L2TP_CC_DO_##a, L2TP_CC_DO_##b \
	}
#define TO(s) L2TP_CC_##s
#define TO_SAME UT_SAME

/* clang-format off */
static const struct ut_row rows[] = {
/*  source       state                events                                  answer           actions                        new state */
{ "7.2.1 r1",  IN(IDLE),            ON(LOCAL_OPEN),                         ALWAYS,          DO(SEND_SCCRQ),                TO(WAIT_CTL_REPLY) },
{ "7.2.1 r2",  IN(IDLE),            ON(RX_SCCRQ),                           IF_ACCEPT(YES),  DO(SEND_SCCRP),                TO(WAIT_CTL_CONN) },
{ "7.2.1 r3",  IN(IDLE),            ON(RX_SCCRQ),                           IF_ACCEPT(NO),   DO2(SEND_STOPCCN, CLEAN_UP),   TO(IDLE) },
{ "7.2.1 r4",  IN(IDLE),            ON(RX_SCCRP),                           ALWAYS,          DO2(SEND_STOPCCN, CLEAN_UP),   TO(IDLE) },
{ "7.2.1 r5",  IN(IDLE),            ON(RX_SCCCN),                           ALWAYS,          DO(CLEAN_UP),                  TO(IDLE) },
{ "7.2.1 r6",  IN(WAIT_CTL_REPLY),  ON(RX_SCCRP),                           IF_ACCEPT(YES),  DO2(SEND_SCCCN, TUNNEL_OPEN),  TO(ESTABLISHED) },
{ "7.2.1 r7",  IN(WAIT_CTL_REPLY),  ON(RX_SCCRP),                           IF_ACCEPT(NO),   DO2(SEND_STOPCCN, CLEAN_UP),   TO(IDLE) },
{ "7.2.1 r8",  IN(WAIT_CTL_REPLY),  ON(RX_SCCRQ),                           IF_TIE(LOSE),    DO2(DISCARD, REQUEUE_SCCRQ),   TO(IDLE) },
{ "7.2.1 r9",  IN(WAIT_CTL_REPLY),  ON(RX_SCCCN),                           ALWAYS,          DO2(SEND_STOPCCN, CLEAN_UP),   TO(IDLE) },
{ "7.2.1 r10", IN(WAIT_CTL_CONN),   ON(RX_SCCCN),                           IF_ACCEPT(YES),  DO(TUNNEL_OPEN),               TO(ESTABLISHED) },
{ "7.2.1 r11", IN(WAIT_CTL_CONN),   ON(RX_SCCCN),                           IF_ACCEPT(NO),   DO2(SEND_STOPCCN, CLEAN_UP),   TO(IDLE) },
{ "7.2.1 r12", IN(WAIT_CTL_CONN),   ON(RX_SCCRP) | ON(RX_SCCRQ),            ALWAYS,          DO2(SEND_STOPCCN, CLEAN_UP),   TO(IDLE) },
{ "7.2.1 r13", IN(ESTABLISHED),     ON(NEW_CALL),                           ALWAYS,          DO(TUNNEL_OPEN),               TO(ESTABLISHED) },
{ "7.2.1 r14", IN(ESTABLISHED),     ON(ADMIN_CLOSE),                        ALWAYS,          DO2(SEND_STOPCCN, CLEAN_UP),   TO(IDLE) },
{ "7.2.1 r15", IN(ESTABLISHED),     ON(RX_SCCRQ) | ON(RX_SCCRP) | ON(RX_SCCCN), ALWAYS,      DO2(SEND_STOPCCN, CLEAN_UP),   TO(IDLE) },
{ "7.2.1 r16", ANYWHERE,            ON(RX_STOPCCN),                         ALWAYS,          DO(CLEAN_UP),                  TO(IDLE) },
/* ---- not in the RFC's table ---- */
{ "4.4.3: the lower value wins",
               IN(WAIT_CTL_REPLY),  ON(RX_SCCRQ),                           IF_TIE(WIN),     DO(NOTHING),                   TO(WAIT_CTL_REPLY) },
{ "4.4.3: equal values, both discard",
               IN(WAIT_CTL_REPLY),  ON(RX_SCCRQ),                           IF_TIE(EQUAL),   DO(CLEAN_UP),                  TO(IDLE) },
{ "4.4.3: no tie breaker, two tunnels; our socket takes one",
               IN(WAIT_CTL_REPLY),  ON(RX_SCCRQ),                           IF_TIE(NONE),    DO(TURN_AWAY),                 TO(WAIT_CTL_REPLY) },
{ "6.5: HELLO asks for nothing but its acknowledgement",
               ANYWHERE,            ON(RX_HELLO),                           ALWAYS,          DO(NOTHING),                   TO_SAME },
{ "local: nothing was opened yet",
               IN(IDLE),            ON(ADMIN_CLOSE),                        ALWAYS,          DO(CLEAN_UP),                  TO(IDLE) },
{ "local: close before it opened",
               IN(WAIT_CTL_REPLY) | IN(WAIT_CTL_CONN),
                                    ON(ADMIN_CLOSE),                        ALWAYS,          DO2(SEND_STOPCCN, CLEAN_UP),   TO(IDLE) },
{ "local: open, being opened",
               IN(WAIT_CTL_REPLY) | IN(WAIT_CTL_CONN) | IN(ESTABLISHED),
                                    ON(LOCAL_OPEN),                         ALWAYS,          DO(NOTHING),                   TO_SAME },
{ "local: a call waits until the tunnel opens",
               IN(IDLE) | IN(WAIT_CTL_REPLY) | IN(WAIT_CTL_CONN),
                                    ON(NEW_CALL),                           ALWAYS,          DO(NOTHING),                   TO_SAME },
{ "4.1, 7.1: a fault closes what it concerns",
               ANYWHERE,            ON(RX_FAULT),                           ALWAYS,          DO2(SEND_STOPCCN, CLEAN_UP),   TO(IDLE) },
{ "5.8: the tunnel and all sessions within are cleared",
               ANYWHERE,            ON(NO_ANSWER),                          ALWAYS,          DO(CLEAN_UP),                  TO(IDLE) },
};
/* clang-format on */

static const char *const events[] = UT_NAMES(L2TP_CC_EVENTS);
static const char *const actions[] = UT_NAMES(L2TP_CC_ACTIONS);
static const struct ut_question questions[L2TP_CC_QUESTION_N] = {
	[L2TP_CC_ASK_ACCEPT] = { "acceptable", { "not acceptable", "acceptable" }, L2TP_ACCEPT_N },
	[L2TP_CC_ASK_TIE] = { "tie-breaker",
			      { "lose tie-breaker", "win tie-breaker", "equal tie-breakers",
				"no tie-breaker" },
			      L2TP_TIE_N },
};

UT_MACHINE(l2tp_cc_machine, "l2tp-control", L2TP_CC_STATES, events, actions, questions, 16);
