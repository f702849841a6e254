/* pptp_cc_rows.h - how the two control connection tables of PPTP are written
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef FSM_PPTP_CC_ROWS_H
#define FSM_PPTP_CC_ROWS_H

#include "fsm/pptp_cc.h"

#define IN(s) UT_BIT(PPTP_CC_##s)
#define ON(e) UT_BIT(PPTP_CC_EV_##e)
#define ALWAYS PPTP_CC_ASK_NOTHING, 0
#define IF_REPLY(a) PPTP_CC_ASK_REPLY, PPTP_REPLY_##a
#define IF_REQUEST(a) PPTP_CC_ASK_REQUEST, PPTP_REQUEST_##a
#define IF_CALLS(a) PPTP_CC_ASK_CALLS, PPTP_CALLS_##a
#define DO(a)                  \
	{                      \
		PPTP_CC_DO_##a \
	}
#define DO2(a, b)                              \
	{                                      \
		PPTP_CC_DO_##a, PPTP_CC_DO_##b \
	}
#define TO(s) PPTP_CC_##s
#define TO_SAME UT_SAME

/* Rows that both have below the line; `waiting`: the states in which nothing is agreed yet. */
/* clang-format off */
#define COMMON_ROWS(waiting, anywhere)                                                                                     \
{ "2.12: calls are cleared before their connection",                                                                       \
  IN(ESTABLISHED),     ON(LOCAL_TERMINATE),               IF_CALLS(SOME), DO(CLEAR_CALLS),             TO(ESTABLISHED) },   \
{ "2.12: calls are cleared before their connection",                                                                       \
  IN(ESTABLISHED),     ON(CALLS_CLEARED),                 ALWAYS,         DO(SEND_STOPCCRQ),           TO(WAIT_STOP_REPLY) }, \
{ "local: it waits for its calls no more",                                                                                 \
  (waiting) | IN(WAIT_STOP_REPLY), ON(CALLS_CLEARED),     ALWAYS,         DO(NOTHING),                 TO_SAME },           \
{ "local: close before anything was agreed",                                                                               \
  waiting,             ON(LOCAL_TERMINATE),               ALWAYS,         DO(CLOSE_TCP),               TO(IDLE) },          \
{ "local: being closed",                                                                                                   \
  IN(WAIT_STOP_REPLY), ON(LOCAL_TERMINATE),               ALWAYS,         DO(NOTHING),                 TO(WAIT_STOP_REPLY) }, \
{ "2.6: an Echo-Request is answered, also on the way out",                                                                 \
  IN(ESTABLISHED) | IN(WAIT_STOP_REPLY), ON(RX_ECHORQ),   ALWAYS,         DO(SEND_ECHORP),             TO_SAME },           \
{ "3.1.4: a sign of life",                                                                                                 \
  IN(ESTABLISHED) | IN(WAIT_STOP_REPLY), ON(RX_ECHORP),   ALWAYS,         DO(NOTHING),                 TO_SAME },           \
{ "3.1.4: after silence the peer is asked for a sign of life",                                                             \
  IN(ESTABLISHED),     ON(QUIET),                         ALWAYS,         DO(SEND_ECHORQ),             TO(ESTABLISHED) },   \
{ "local: a reply is waited for anyway",                                                                                   \
  (waiting) | IN(WAIT_STOP_REPLY), ON(QUIET),             ALWAYS,         DO(NOTHING),                 TO_SAME },           \
{ "3, 3.1.4: no reply, no connection",                                                                                     \
  anywhere,            ON(NO_REPLY),                      ALWAYS,         DO(CLOSE_TCP),               TO(IDLE) },          \
{ "3.2.1: a call that is stuck closes the entire control connection",                                                      \
  IN(ESTABLISHED),     ON(CALL_STUCK),                    ALWAYS,         DO(SEND_STOPCCRQ),           TO(WAIT_STOP_REPLY) }, \
{ "local: being closed, or nothing was agreed",                                                                            \
  (waiting) | IN(WAIT_STOP_REPLY), ON(CALL_STUCK),        ALWAYS,         DO(NOTHING),                 TO_SAME },           \
{ "local: a call's own machine hears it",                                                                                  \
  IN(ESTABLISHED),     ON(RX_CALL),                       ALWAYS,         DO(NOTHING),                 TO(ESTABLISHED) },   \
{ "3.1.1, 3.1.2: sent before the peer heard of the end",                                                                   \
  IN(WAIT_STOP_REPLY), ON(RX_CALL) | ON(RX_SCCRQ) | ON(RX_SCCRP), ALWAYS, DO(NOTHING),                 TO(WAIT_STOP_REPLY) }, \
{ "3: an invalid message closes the connection",                                                                           \
  IN(ESTABLISHED),     ON(RX_SCCRP) | ON(RX_STOPCCRP),    ALWAYS,         DO(CLOSE_TCP),               TO(IDLE) },          \
{ "1.4: loss of synchronization closes the connection",                                                                    \
  anywhere,            ON(OUT_OF_STEP),                   ALWAYS,         DO(CLOSE_TCP),               TO(IDLE) },          \
{ "3: the TCP connection can close at any time",                                                                           \
  anywhere,            ON(TCP_CLOSED),                    ALWAYS,         DO(CLOSE_TCP),               TO(IDLE) },          \
{ "local: the wait for the last words is over",                                                                            \
  anywhere,            ON(GIVE_UP),                       ALWAYS,         DO(CLOSE_TCP),               TO(IDLE) },          \
{ "local: nothing may be sent any more",                                                                                   \
  anywhere,            ON(DROP),                          ALWAYS,         DO(RESET_TCP),               TO(IDLE) }
/* clang-format on */

extern const char *const pptp_cc_events[PPTP_CC_EVENT_N];
extern const char *const pptp_cc_actions[PPTP_CC_ACTION_N];
extern const struct ut_question pptp_cc_questions[PPTP_CC_QUESTION_N];

#endif
