/* client.c - the table of a profile we want up
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/client.h"

#define IN(s) UT_BIT(UT_CLIENT_##s)
#define ON(e) UT_BIT(UT_CLIENT_EV_##e)
#define ANYWHERE (UT_BIT(UT_CLIENT_STATE_N) - 1)
#define ALWAYS UT_CLIENT_ASK_NOTHING, 0
#define IF_RETRY(a) UT_CLIENT_ASK_RETRY, UT_RETRY_##a
#define IF_CLOSED(a) UT_CLIENT_ASK_CLOSED, UT_CLOSED_##a
#define IF_STOP(a) UT_CLIENT_ASK_STOP, UT_STOP_##a
#define DO(a)                    \
	{                        \
		UT_CLIENT_DO_##a \
	}
#define DO2(a, b)                                  \
	{                                          \
		UT_CLIENT_DO_##a, UT_CLIENT_DO_##b \
	}
#define TO(s) UT_CLIENT_##s
#define TO_SAME UT_SAME

/* clang-format off */
static const struct ut_row rows[] = {
/*  source, states, events, answer, actions, new state */
{ "the way up",
            IN(IDLE),                      ON(START),                                   ALWAYS,        DO(RESOLVE),                     TO(RESOLVE) },
{ "the way up",
            IN(RESOLVE),                   ON(RESOLVED),                                ALWAYS,        DO(PROTECT),                     TO(PROTECT) },
{ "the way up",
            IN(PROTECT),                   ON(PROTECTED),                               ALWAYS,        DO(PROBE),                       TO(PROBE) },
{ "the way up",
            IN(PROBE),                     ON(PROBED),                                  ALWAYS,        DO(OPEN_PATH),                   TO(DIAL) },
{ "the way up",
            IN(DIAL),                      ON(PATH_OPEN),                               ALWAYS,        DO(OPEN_TUNNEL),                 TO(DIAL) },
{ "the way up",
            IN(DIAL),                      ON(TUNNEL_UP),                               ALWAYS,        DO(SET_UP_DONE),                 TO(TUNNEL) },
{ "a name may resolve later",
            IN(RESOLVE),                   ON(RESOLVE_FAILED),                          IF_RETRY(YES), DO(SET_BACKOFF),                 TO(BACKOFF) },
{ "a name may resolve later",
            IN(RESOLVE),                   ON(RESOLVE_FAILED),                          IF_RETRY(NO),  DO(END),                         TO(IDLE) },
{ "protection may come later",
            IN(PROTECT),                   ON(PROTECT_FAILED),                          IF_RETRY(YES), DO(SET_BACKOFF),                 TO(BACKOFF) },
{ "protection may come later",
            IN(PROTECT),                   ON(PROTECT_FAILED),                          IF_RETRY(NO),  DO(END),                         TO(IDLE) },
{ "no driver comes by waiting",
            IN(PROBE),                     ON(PROBE_FAILED),                            ALWAYS,        DO(END),                         TO(IDLE) },
{ "an interface may come later",
            IN(DIAL),                      ON(PATH_FAILED),                             IF_RETRY(YES), DO(SET_BACKOFF),                 TO(BACKOFF) },
{ "an interface may come later",
            IN(DIAL),                      ON(PATH_FAILED),                             IF_RETRY(NO),  DO(END),                         TO(IDLE) },
{ "set-up takes too long",
            IN(RESOLVE) | IN(PROTECT) | IN(PROBE), ON(TIMER),                                   IF_RETRY(YES), DO2(CANCEL, SET_BACKOFF),        TO(BACKOFF) },
{ "set-up takes too long",
            IN(RESOLVE) | IN(PROTECT) | IN(PROBE), ON(TIMER),                                   IF_RETRY(NO),  DO2(CANCEL, END),                TO(IDLE) },
{ "set-up takes too long",
            IN(DIAL),                      ON(TIMER),                                   ALWAYS,        DO(END_LINKS),                   TO(CLOSING) },
{ "the peer closed, refused or fell silent",
            IN(DIAL) | IN(TUNNEL),         ON(TUNNEL_DOWN),                             ALWAYS,        DO(END_LINKS),                   TO(CLOSING) },
{ "protection lost: nothing more in clear, no goodbye either",
            IN(DIAL) | IN(TUNNEL),         ON(PROTECT_FAILED),                          ALWAYS,        DO(DROP_TUNNEL),                 TO_SAME },
{ "nothing sent from a lost address is answered",
            IN(DIAL) | IN(TUNNEL),         ON(PATH_LOST),                               ALWAYS,        DO(DROP_TUNNEL),                 TO_SAME },
{ "no link, no tunnel",
            IN(DIAL) | IN(TUNNEL),         ON(LINKS_ENDED),                             ALWAYS,        DO(CLOSE_TUNNEL),                TO(CLOSING) },
{ "links end before their tunnel",
            IN(CLOSING),                   ON(LINKS_ENDED),                             ALWAYS,        DO(CLOSE_TUNNEL),                TO(CLOSING) },
{ "closed",
            IN(CLOSING),                   ON(TUNNEL_GONE),                             IF_CLOSED(YES), DO(SET_BACKOFF),                TO(BACKOFF) },
{ "closed",
            IN(CLOSING),                   ON(TUNNEL_GONE),                             IF_CLOSED(NO), DO(END),                         TO(IDLE) },
{ "links outlive a tunnel that was lost",
            IN(CLOSING),                   ON(TUNNEL_GONE),                             IF_CLOSED(LINKS), DO(NOTHING),                  TO(CLOSING) },
{ "closed as far as the peer lets us",
            IN(CLOSING),                   ON(TIMER),                                   IF_RETRY(YES), DO(SET_BACKOFF),                 TO(BACKOFF) },
{ "closed as far as the peer lets us",
            IN(CLOSING),                   ON(TIMER),                                   IF_RETRY(NO),  DO(END),                         TO(IDLE) },
{ "stop",
            IN(RESOLVE) | IN(PROTECT) | IN(PROBE), ON(STOP),                                    ALWAYS,        DO2(CANCEL, END),                TO(IDLE) },
{ "stop",
            IN(DIAL) | IN(TUNNEL),         ON(STOP),                                    ALWAYS,        DO(END_LINKS),                   TO(CLOSING) },
{ "stop",
            IN(CLOSING),                   ON(STOP),                                    IF_STOP(FIRST), DO(NOTHING),                     TO(CLOSING) },
{ "stop asked twice: no more courtesy",
            IN(CLOSING),                   ON(STOP),                                    IF_STOP(AGAIN), DO(HURRY),                       TO(CLOSING) },
{ "stop",
            IN(BACKOFF),                   ON(STOP),                                    ALWAYS,        DO(END),                         TO(IDLE) },
{ "next attempt",
            IN(BACKOFF),                   ON(TIMER),                                   ALWAYS,        DO(RESOLVE),                     TO(RESOLVE) },
{ "the network is back: at once",
            IN(BACKOFF),                   ON(NETWORK),                                 ALWAYS,        DO(RESOLVE),                     TO(RESOLVE) },
{ "is the peer still reached?",
            IN(TUNNEL),                    ON(NETWORK),                                 ALWAYS,        DO(ASK_PEER),                    TO(TUNNEL) },
{ "the retransmission is under way",
            IN(IDLE) | IN(RESOLVE) | IN(PROTECT) | IN(PROBE) | IN(DIAL) | IN(CLOSING), ON(NETWORK),                                 ALWAYS,        DO(NOTHING),                     TO_SAME },
{ "nothing to stop",
            IN(IDLE),                      ON(STOP),                                    ALWAYS,        DO(NOTHING),                     TO(IDLE) },
{ "started already",
            IN(RESOLVE) | IN(PROTECT) | IN(PROBE) | IN(DIAL) | IN(TUNNEL) | IN(CLOSING) | IN(BACKOFF), ON(START),                                   ALWAYS,        DO(NOTHING),                     TO_SAME },
{ "late result",
            IN(IDLE) | IN(PROTECT) | IN(PROBE) | IN(DIAL) | IN(TUNNEL) | IN(CLOSING) | IN(BACKOFF), ON(RESOLVED) | ON(RESOLVE_FAILED),           ALWAYS,        DO(NOTHING),                     TO_SAME },
{ "late result",
            IN(IDLE) | IN(RESOLVE) | IN(PROBE) | IN(DIAL) | IN(TUNNEL) | IN(CLOSING) | IN(BACKOFF), ON(PROTECTED),                               ALWAYS,        DO(NOTHING),                     TO_SAME },
{ "late result",
            IN(IDLE) | IN(RESOLVE) | IN(PROBE) | IN(CLOSING) | IN(BACKOFF), ON(PROTECT_FAILED),                          ALWAYS,        DO(NOTHING),                     TO_SAME },
{ "late result",
            IN(IDLE) | IN(RESOLVE) | IN(PROTECT) | IN(DIAL) | IN(TUNNEL) | IN(CLOSING) | IN(BACKOFF), ON(PROBED) | ON(PROBE_FAILED),               ALWAYS,        DO(NOTHING),                     TO_SAME },
{ "late result",
            IN(IDLE) | IN(RESOLVE) | IN(PROTECT) | IN(PROBE) | IN(TUNNEL) | IN(CLOSING) | IN(BACKOFF), ON(PATH_OPEN) | ON(PATH_FAILED),             ALWAYS,        DO(NOTHING),                     TO_SAME },
{ "no tunnel depends on it, or it is at its end",
            IN(IDLE) | IN(RESOLVE) | IN(PROTECT) | IN(PROBE) | IN(CLOSING) | IN(BACKOFF), ON(PATH_LOST),                               ALWAYS,        DO(NOTHING),                     TO_SAME },
{ "of a tunnel given up",
            IN(IDLE) | IN(RESOLVE) | IN(PROTECT) | IN(PROBE) | IN(TUNNEL) | IN(CLOSING) | IN(BACKOFF), ON(TUNNEL_UP),                               ALWAYS,        DO(NOTHING),                     TO_SAME },
{ "its machine is idle, its transport still works",
            IN(CLOSING),                   ON(TUNNEL_DOWN),                             ALWAYS,        DO(NOTHING),                     TO(CLOSING) },
{ "of a tunnel given up",
            IN(IDLE) | IN(RESOLVE) | IN(PROTECT) | IN(PROBE) | IN(BACKOFF), ON(TUNNEL_DOWN),                             ALWAYS,        DO(NOTHING),                     TO_SAME },
{ "of a tunnel given up",
            IN(IDLE) | IN(RESOLVE) | IN(PROTECT) | IN(PROBE) | IN(DIAL) | IN(TUNNEL) | IN(BACKOFF), ON(TUNNEL_GONE),                             ALWAYS,        DO(NOTHING),                     TO_SAME },
{ "no links are live here",
            IN(IDLE) | IN(RESOLVE) | IN(PROTECT) | IN(PROBE) | IN(BACKOFF), ON(LINKS_ENDED),                             ALWAYS,        DO(NOTHING),                     TO_SAME },
{ "no timer runs here",
            IN(IDLE) | IN(TUNNEL),         ON(TIMER),                                   ALWAYS,        DO(NOTHING),                     TO_SAME },
};
/* clang-format on */

static const char *const events[] = UT_NAMES(UT_CLIENT_EVENTS);
static const char *const actions[] = UT_NAMES(UT_CLIENT_ACTIONS);
static const struct ut_question questions[UT_CLIENT_QUESTION_N] = {
	[UT_CLIENT_ASK_RETRY] = { "retry", { "no further attempt", "another attempt" }, UT_RETRY_N },
	[UT_CLIENT_ASK_CLOSED] = { "retry",
				   { "no further attempt", "another attempt", "links are not at their end" },
				   UT_CLOSED_N },
	[UT_CLIENT_ASK_STOP] = { "stop", { "asked first", "asked again" }, UT_STOP_N },
};

UT_MACHINE(ut_client_machine, "client", UT_CLIENT_STATES, events, actions, questions, 0);
