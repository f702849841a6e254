/* client.h - the life of a tunnel we want up, as two tables of our own
 * SPDX-License-Identifier: Apache-2.0
 *
 * "client" is one profile: find the server, protect and probe, dial, hold the control connection, close, try
 * again.  "client-link" is one PPP session of it, since a profile may ask for several in one tunnel.  Neither knows
 * L2TP from PPTP: they open and close control connections and sessions, whose own machines do the rest.
 */
#ifndef FSM_CLIENT_H
#define FSM_CLIENT_H

#include "fsm/table.h"

#define UT_CLIENT_STATES(X)   \
	X(IDLE, "idle")       \
	X(RESOLVE, "resolve") \
	X(PROTECT, "protect") \
	X(PROBE, "probe")     \
	X(DIAL, "dial")       \
	X(TUNNEL, "tunnel")   \
	X(CLOSING, "closing") \
	X(BACKOFF, "backoff")

#define UT_CLIENT_EVENTS(X)                       \
	X(START, "Start")                         \
	X(STOP, "Stop")                           \
	X(RESOLVED, "Server resolved")            \
	X(RESOLVE_FAILED, "Server not resolved")  \
	X(PROTECTED, "Protected")                 \
	X(PROTECT_FAILED, "Not protected")        \
	X(PROBED, "Data path found")              \
	X(PROBE_FAILED, "No data path")           \
	X(PATH_OPEN, "Socket open")               \
	X(PATH_FAILED, "No socket")               \
	X(PATH_LOST, "Socket useless")            \
	X(TUNNEL_UP, "Control connection up")     \
	X(TUNNEL_DOWN, "Control connection down") \
	X(TUNNEL_GONE, "Control connection gone") \
	X(LINKS_ENDED, "All links ended")         \
	X(TIMER, "Time is up")                    \
	X(NETWORK, "Network changed")

#define UT_CLIENT_ACTIONS(X)                             \
	X(NOTHING, "none")                               \
	X(RESOLVE, "Resolve the server")                 \
	X(PROTECT, "Check the protection")               \
	X(PROBE, "Probe the data path")                  \
	X(OPEN_PATH, "Open a socket")                    \
	X(OPEN_TUNNEL, "Open the control connection")    \
	X(SET_UP_DONE, "Stop the set-up timer")          \
	X(CANCEL, "Cancel what is under way")            \
	X(END_LINKS, "End the links")                    \
	X(CLOSE_TUNNEL, "Close the control connection")  \
	X(DROP_TUNNEL, "Give up the control connection") \
	X(HURRY, "End at once")                          \
	X(ASK_PEER, "Ask the peer for a sign of life")   \
	X(SET_BACKOFF, "Wait before the next attempt")   \
	X(END, "Report the end")

enum ut_client_state {
#define X(token, name) UT_CLIENT_##token,
	UT_CLIENT_STATES(X)
#undef X
	    UT_CLIENT_STATE_N
};
enum ut_client_event {
#define X(token, name) UT_CLIENT_EV_##token,
	UT_CLIENT_EVENTS(X)
#undef X
	    UT_CLIENT_EVENT_N
};
enum ut_client_action {
#define X(token, name) UT_CLIENT_DO_##token,
	UT_CLIENT_ACTIONS(X)
#undef X
	    UT_CLIENT_ACTION_N
};

/* RETRY: does the reconnect policy allow another attempt after this end?  STOP: was it asked before?
 * CLOSED: as RETRY, unless links still live: their PPP has yet to end. */
enum ut_client_question {
	UT_CLIENT_ASK_NOTHING,
	UT_CLIENT_ASK_RETRY,
	UT_CLIENT_ASK_STOP,
	UT_CLIENT_ASK_CLOSED,
	UT_CLIENT_QUESTION_N
};
enum ut_retry { UT_RETRY_NO, UT_RETRY_YES, UT_RETRY_N };
enum ut_closed { UT_CLOSED_NO, UT_CLOSED_YES, UT_CLOSED_LINKS, UT_CLOSED_N };
enum ut_stop { UT_STOP_FIRST, UT_STOP_AGAIN, UT_STOP_N };

extern const struct ut_machine ut_client_machine; /* "client" */

#define UT_LINK_STATES(X)       \
	X(IDLE, "idle")         \
	X(SESSION, "session")   \
	X(LINK, "link")         \
	X(PPP, "ppp")           \
	X(UP, "up")             \
	X(STOPPING, "stopping") \
	X(BACKOFF, "backoff")

#define UT_LINK_EVENTS(X)                       \
	X(START, "Start")                       \
	X(STOP, "Stop")                         \
	X(HURRY, "Stop at once")                \
	X(SESSION_ANSWERED, "Session answered") \
	X(SESSION_UP, "Session up")             \
	X(SESSION_DOWN, "Session down")         \
	X(PPP_FAILED, "PPP not started")        \
	X(PPP_UP, "PPP up")                     \
	X(PPP_ENDED, "PPP ended")               \
	X(TIMER, "Time is up")

#define UT_LINK_ACTIONS(X)                             \
	X(NOTHING, "none")                             \
	X(OPEN_SESSION, "Open a session")              \
	X(CLOSE_SESSION, "Close the session")          \
	X(START_PPP, "Start PPP")                      \
	X(STOP_PPP, "Ask PPP to end")                  \
	X(AWAIT_PPP, "Wait for PPP's own end")         \
	X(PRESS_PPP, "Press PPP harder")               \
	X(KILL_PPP, "Kill PPP")                        \
	X(SET_UP_DONE, "Stop the set-up timer")        \
	X(SET_BACKOFF, "Wait before the next attempt") \
	X(END, "Report the end")

enum ut_link_state {
#define X(token, name) UT_LINK_##token,
	UT_LINK_STATES(X)
#undef X
	    UT_LINK_STATE_N
};
enum ut_link_event {
#define X(token, name) UT_LINK_EV_##token,
	UT_LINK_EVENTS(X)
#undef X
	    UT_LINK_EVENT_N
};
enum ut_link_action {
#define X(token, name) UT_LINK_DO_##token,
	UT_LINK_ACTIONS(X)
#undef X
	    UT_LINK_ACTION_N
};
enum ut_link_question { UT_LINK_ASK_NOTHING, UT_LINK_ASK_RETRY, UT_LINK_QUESTION_N };

extern const struct ut_machine ut_link_machine; /* "client-link" */

#endif
