/* l2tp_session_rows.h - how the four session tables are written; included by them only
 * SPDX-License-Identifier: Apache-2.0
 *
 * A table defines IN(state), ANYWHERE and TO(state) for its own states.
 */
#ifndef FSM_L2TP_SESSION_ROWS_H
#define FSM_L2TP_SESSION_ROWS_H

#include "fsm/l2tp_cc.h"
#include "fsm/l2tp_session.h"

#define ON(e) UT_BIT(L2TP_SESSION_EV_##e)
#define ALWAYS L2TP_SESSION_ASK_NOTHING, 0
#define IF_ACCEPT(a) L2TP_SESSION_ASK_ACCEPT, L2TP_ACCEPT_##a
#define IF_DATA(a) L2TP_SESSION_ASK_DATA, L2TP_DATA_##a
#define DO(a)                       \
	{                           \
		L2TP_SESSION_DO_##a \
	}
#define DO2(a, b)                                        \
	{                                                \
		L2TP_SESSION_DO_##a, L2TP_SESSION_DO_##b \
	}
#define TO_SAME UT_SAME

/* The rows of ours that all four have.  known, unknown: the states in which the peer knows the call, and those in
 * which it does not; half_open: those in which it may not stay; other_kind: the messages of calls in the other
 * direction. */
/* clang-format off */
#define COMMON_ROWS(known, unknown, half_open, other_kind) \
{ "local: a message of the other kind of call", \
            known,                             other_kind,                                      ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) }, \
{ "local: a message of the other kind of call", \
            IN(IDLE),                          other_kind,                                      ALWAYS,         DO(CLEAN_UP),              TO(IDLE) }, \
{ "6.13, 6.14: taken note of", \
            ANYWHERE,                          ON(RX_WEN) | ON(RX_SLI),                         ALWAYS,         DO(NOTHING),               TO_SAME }, \
{ "4.1, 7.1: a fault closes what it concerns", \
            known,                             ON(RX_FAULT),                                    ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) }, \
{ "local: the peer does not know this call yet", \
            unknown,                           ON(RX_FAULT),                                    ALWAYS,         DO(CLEAN_UP),              TO(IDLE) }, \
{ "5.8, 7.6: a session does not outlive its tunnel", \
            ANYWHERE,                          ON(TUNNEL_CLOSED),                               ALWAYS,         DO(CLEAN_UP),              TO(IDLE) }, \
{ "4.4.2: a call may not stay half open", \
            half_open,                         ON(TIME_OUT),                                    ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) }, \
{ "local: it is not half open", \
            ANYWHERE & ~(half_open),           ON(TIME_OUT),                                    ALWAYS,         DO(NOTHING),               TO_SAME }
/* clang-format on */

/* The end of a table: its machine, of `rows`. */
#define L2TP_SESSION_MACHINE(machine, title, state_list, rfc_rows)                                  \
	UT_MACHINE(machine, title, state_list, l2tp_session_event_names, l2tp_session_action_names, \
		   l2tp_session_questions, rfc_rows)

#endif
