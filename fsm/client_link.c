/* client_link.c - the table of one PPP session of a profile
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/client.h"

#define IN(s) UT_BIT(UT_LINK_##s)
#define ON(e) UT_BIT(UT_LINK_EV_##e)
#define ANYWHERE (UT_BIT(UT_LINK_STATE_N) - 1)
#define ALWAYS UT_LINK_ASK_NOTHING, 0
#define IF_RETRY(a) UT_LINK_ASK_RETRY, UT_RETRY_##a
#define DO(a)                  \
	{                      \
		UT_LINK_DO_##a \
	}
#define DO2(a, b)                              \
	{                                      \
		UT_LINK_DO_##a, UT_LINK_DO_##b \
	}
#define TO(s) UT_LINK_##s
#define TO_SAME UT_SAME

/* clang-format off */
static const struct ut_row rows[] = {
/*  source, states, events, answer, actions, new state */
{ "the way up",
            IN(IDLE),                      ON(START),                                   ALWAYS,        DO(OPEN_SESSION),                TO(SESSION) },
{ "the way up",
            IN(SESSION),                   ON(SESSION_ANSWERED),                        ALWAYS,        DO(NOTHING),                     TO(LINK) },
{ "the way up",
            IN(SESSION) | IN(LINK),        ON(SESSION_UP),                              ALWAYS,        DO(START_PPP),                   TO(PPP) },
{ "the way up",
            IN(PPP),                       ON(PPP_UP),                                  ALWAYS,        DO(SET_UP_DONE),                 TO(UP) },
{ "the peer refused the call",
            IN(SESSION) | IN(LINK),        ON(SESSION_DOWN),                            IF_RETRY(YES), DO(SET_BACKOFF),                 TO(BACKOFF) },
{ "the peer refused the call",
            IN(SESSION) | IN(LINK),        ON(SESSION_DOWN),                            IF_RETRY(NO),  DO(END),                         TO(IDLE) },
{ "set-up takes too long",
            IN(SESSION) | IN(LINK),        ON(TIMER),                                   IF_RETRY(YES), DO2(CLOSE_SESSION, SET_BACKOFF), TO(BACKOFF) },
{ "set-up takes too long",
            IN(SESSION) | IN(LINK),        ON(TIMER),                                   IF_RETRY(NO),  DO2(CLOSE_SESSION, END),         TO(IDLE) },
{ "set-up takes too long",
            IN(PPP),                       ON(TIMER),                                   ALWAYS,        DO(STOP_PPP),                    TO(STOPPING) },
{ "PPP could not be started",
            IN(PPP),                       ON(PPP_FAILED),                              IF_RETRY(YES), DO2(CLOSE_SESSION, SET_BACKOFF), TO(BACKOFF) },
{ "PPP could not be started",
            IN(PPP),                       ON(PPP_FAILED),                              IF_RETRY(NO),  DO2(CLOSE_SESSION, END),         TO(IDLE) },
{ "PPP ended by itself",
            IN(PPP) | IN(UP),              ON(PPP_ENDED),                               IF_RETRY(YES), DO2(CLOSE_SESSION, SET_BACKOFF), TO(BACKOFF) },
{ "PPP ended by itself",
            IN(PPP) | IN(UP),              ON(PPP_ENDED),                               IF_RETRY(NO),  DO2(CLOSE_SESSION, END),         TO(IDLE) },
{ "the call went: PPP may know why",
            IN(PPP) | IN(UP),              ON(SESSION_DOWN),                            ALWAYS,        DO(AWAIT_PPP),                   TO(STOPPING) },
{ "stop",
            IN(SESSION) | IN(LINK),        ON(STOP),                                    ALWAYS,        DO2(CLOSE_SESSION, END),         TO(IDLE) },
{ "stop",
            IN(PPP) | IN(UP),              ON(STOP),                                    ALWAYS,        DO(STOP_PPP),                    TO(STOPPING) },
{ "stop",
            IN(BACKOFF),                   ON(STOP),                                    ALWAYS,        DO(END),                         TO(IDLE) },
{ "stopped",
            IN(STOPPING),                  ON(PPP_ENDED),                               IF_RETRY(YES), DO2(CLOSE_SESSION, SET_BACKOFF), TO(BACKOFF) },
{ "stopped",
            IN(STOPPING),                  ON(PPP_ENDED),                               IF_RETRY(NO),  DO2(CLOSE_SESSION, END),         TO(IDLE) },
{ "PPP takes too long to end",
            IN(STOPPING),                  ON(TIMER),                                   ALWAYS,        DO(PRESS_PPP),                   TO(STOPPING) },
{ "stop asked twice: no more courtesy",
            IN(PPP) | IN(UP) | IN(STOPPING), ON(HURRY),                                   ALWAYS,        DO(KILL_PPP),                    TO(STOPPING) },
{ "stop asked twice: no more courtesy",
            IN(SESSION) | IN(LINK),        ON(HURRY),                                   ALWAYS,        DO2(CLOSE_SESSION, END),         TO(IDLE) },
{ "stop asked twice: no more courtesy",
            IN(BACKOFF),                   ON(HURRY),                                   ALWAYS,        DO(END),                         TO(IDLE) },
{ "next attempt",
            IN(BACKOFF),                   ON(TIMER),                                   ALWAYS,        DO(OPEN_SESSION),                TO(SESSION) },
{ "stopping already",
            IN(STOPPING),                  ON(STOP) | ON(SESSION_DOWN),                 ALWAYS,        DO(NOTHING),                     TO(STOPPING) },
{ "could not start, and need not",
            IN(STOPPING),                  ON(PPP_FAILED),                              ALWAYS,        DO2(CLOSE_SESSION, END),         TO(IDLE) },
{ "came up while it was asked to end",
            IN(STOPPING),                  ON(PPP_UP),                                  ALWAYS,        DO(NOTHING),                     TO(STOPPING) },
{ "PPP renegotiated",
            IN(UP),                        ON(PPP_UP),                                  ALWAYS,        DO(NOTHING),                     TO(UP) },
{ "started already",
            IN(SESSION) | IN(LINK) | IN(PPP) | IN(UP) | IN(STOPPING) | IN(BACKOFF), ON(START),                                   ALWAYS,        DO(NOTHING),                     TO_SAME },
{ "nothing to stop",
            IN(IDLE),                      ON(STOP) | ON(HURRY),                        ALWAYS,        DO(NOTHING),                     TO(IDLE) },
{ "late news of a session given up",
            IN(LINK) | IN(PPP) | IN(UP) | IN(STOPPING) | IN(IDLE) | IN(BACKOFF), ON(SESSION_ANSWERED),                        ALWAYS,        DO(NOTHING),                     TO_SAME },
{ "late news of a session given up",
            IN(PPP) | IN(UP) | IN(STOPPING) | IN(IDLE) | IN(BACKOFF), ON(SESSION_UP),                              ALWAYS,        DO(NOTHING),                     TO_SAME },
{ "late news of a session given up",
            IN(IDLE) | IN(BACKOFF),        ON(SESSION_DOWN),                            ALWAYS,        DO(NOTHING),                     TO_SAME },
{ "late news of a PPP given up",
            IN(IDLE) | IN(SESSION) | IN(LINK) | IN(BACKOFF), ON(PPP_UP) | ON(PPP_ENDED) | ON(PPP_FAILED), ALWAYS,        DO(NOTHING),                     TO_SAME },
{ "it runs already",
            IN(UP),                        ON(PPP_FAILED),                              ALWAYS,        DO(NOTHING),                     TO(UP) },
{ "no timer runs here",
            IN(IDLE) | IN(UP),             ON(TIMER),                                   ALWAYS,        DO(NOTHING),                     TO_SAME },
};
/* clang-format on */

static const char *const events[] = UT_NAMES(UT_LINK_EVENTS);
static const char *const actions[] = UT_NAMES(UT_LINK_ACTIONS);
static const struct ut_question questions[UT_LINK_QUESTION_N] = {
	[UT_LINK_ASK_RETRY] = { "retry", { "no further attempt", "another attempt" }, UT_RETRY_N },
};

UT_MACHINE(ut_link_machine, "client-link", UT_LINK_STATES, events, actions, questions, 0);
