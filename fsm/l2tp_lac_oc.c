/* l2tp_lac_oc.c - an outgoing call, seen by the LAC (RFC 2661 7.5.1)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/l2tp_session.h"
#include "fsm/l2tp_cc.h"

#define IN(s) UT_BIT(L2TP_LAC_OC_##s)
#define ON(e) UT_BIT(L2TP_SESSION_EV_##e)
#define ANYWHERE (UT_BIT(L2TP_LAC_OC_STATE_N) - 1)
#define ALWAYS L2TP_SESSION_ASK_NOTHING, 0
#define IF_ACCEPT(a) L2TP_SESSION_ASK_ACCEPT, L2TP_ACCEPT_##a
#define DO(a)                       \
	{                           \
		L2TP_SESSION_DO_##a \
	}
#define DO2(a, b)                                        \
	{                                                \
		L2TP_SESSION_DO_##a, L2TP_SESSION_DO_##b \
	}
#define TO(s) L2TP_LAC_OC_##s
#define TO_SAME UT_SAME

/* clang-format off */
static const struct ut_row rows[] = {
/*  source, states, events, answer, actions, new state */
{ "7.5.1 r1", IN(IDLE),                          ON(RX_OCRQ),                                     IF_ACCEPT(YES), DO2(SEND_OCRP, OPEN_BEARER), TO(WAIT_CS_ANSWER) },
{ "7.5.1 r2", IN(IDLE),                          ON(RX_OCRQ),                                     IF_ACCEPT(NO),  DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "7.5.1 r3", IN(IDLE),                          ON(RX_OCRP),                                     ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "7.5.1 r4", IN(IDLE),                          ON(RX_OCCN) | ON(RX_CDN),                        ALWAYS,         DO(CLEAN_UP),              TO(IDLE) },
{ "7.5.1 r5", IN(WAIT_CS_ANSWER),                ON(BEARER_ANSWER),                               ALWAYS,         DO(SEND_OCCN),             TO(ESTABLISHED) },
{ "7.5.1 r6", IN(WAIT_CS_ANSWER),                ON(BEARER_FAILURE),                              ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "7.5.1 r7", IN(WAIT_CS_ANSWER),                ON(RX_OCRQ) | ON(RX_OCRP) | ON(RX_OCCN),         ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "7.5.1 r8", IN(ESTABLISHED),                   ON(RX_OCRQ) | ON(RX_OCRP) | ON(RX_OCCN),         ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "7.5.1 r9", IN(WAIT_CS_ANSWER) | IN(ESTABLISHED), ON(RX_CDN),                                      ALWAYS,         DO(CLEAN_UP),              TO(IDLE) },
{ "7.5.1 r10",IN(ESTABLISHED),                   ON(LOCAL_CLOSE),                                 ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
/* ---- not in the RFC's table ---- */
{ "local: close before the bearer answered",
            IN(WAIT_CS_ANSWER),                ON(LOCAL_CLOSE),                                 ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "local: nothing to close",
            IN(IDLE),                          ON(LOCAL_CLOSE),                                 ALWAYS,         DO(CLEAN_UP),              TO(IDLE) },
{ "local: the bearer is the data path",
            IN(WAIT_CS_ANSWER) | IN(ESTABLISHED), ON(DATA_PATH_FAILED),                            ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "local: bearer lost",
            IN(ESTABLISHED),                   ON(BEARER_FAILURE),                              ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "local: it is up",
            IN(ESTABLISHED),                   ON(BEARER_ANSWER),                               ALWAYS,         DO(NOTHING),               TO(ESTABLISHED) },
{ "local: result for a call that is gone",
            IN(IDLE),                          ON(BEARER_ANSWER) | ON(BEARER_FAILURE) | ON(DATA_PATH_FAILED), ALWAYS,         DO(NOTHING),               TO(IDLE) },
{ "local: a LAC does not open outgoing calls",
            ANYWHERE,                          ON(LOCAL_OPEN) | ON(TUNNEL_OPEN) | ON(DATA_PATH_UP), ALWAYS,         DO(NOTHING),               TO_SAME },
{ "local: a message of the other kind of call",
            IN(WAIT_CS_ANSWER) | IN(ESTABLISHED), ON(RX_ICRQ) | ON(RX_ICRP) | ON(RX_ICCN),         ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "local: a message of the other kind of call",
            IN(IDLE),                          ON(RX_ICRQ) | ON(RX_ICRP) | ON(RX_ICCN),         ALWAYS,         DO(CLEAN_UP),              TO(IDLE) },
{ "6.13, 6.14: taken note of",
            ANYWHERE,                          ON(RX_WEN) | ON(RX_SLI),                         ALWAYS,         DO(NOTHING),               TO_SAME },
{ "4.1, 7.1: a fault closes what it concerns",
            IN(WAIT_CS_ANSWER) | IN(ESTABLISHED), ON(RX_FAULT),                                    ALWAYS,         DO2(SEND_CDN, CLEAN_UP),   TO(IDLE) },
{ "local: nothing to close",
            IN(IDLE),                          ON(RX_FAULT),                                    ALWAYS,         DO(CLEAN_UP),              TO(IDLE) },
{ "5.8, 7.6: a session does not outlive its tunnel",
            ANYWHERE,                          ON(TUNNEL_CLOSED),                               ALWAYS,         DO(CLEAN_UP),              TO(IDLE) },
};
/* clang-format on */

enum { N_RFC_ROWS = 10 };

static const char *const states[] = {
#define X(token, name) name,
	L2TP_LAC_OC_STATES(X)
#undef X
};

const struct ut_machine l2tp_lac_oc_machine = {
	.name = "l2tp-lac-outgoing",
	.states = states,
	.events = l2tp_session_event_names,
	.actions = l2tp_session_action_names,
	.questions = l2tp_session_questions,
	.rows = rows,
	.n_states = L2TP_LAC_OC_STATE_N,
	.n_events = L2TP_SESSION_EVENT_N,
	.n_actions = L2TP_SESSION_ACTION_N,
	.n_questions = L2TP_SESSION_QUESTION_N,
	.initial = L2TP_LAC_OC_IDLE,
	.n_rows = sizeof rows / sizeof rows[0],
	.n_rfc_rows = N_RFC_ROWS,
};
