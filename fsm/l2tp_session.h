/* l2tp_session.h - the four session machines' words (RFC 2661 7.4.1, 7.4.2, 7.5.1, 7.5.2)
 * SPDX-License-Identifier: Apache-2.0
 *
 * The four share events, actions and questions; each has its own states and rows.  "idle" and
 * "established" have the same number in all of them.
 */
#ifndef FSM_L2TP_SESSION_H
#define FSM_L2TP_SESSION_H

#include "fsm/table.h"

enum l2tp_session_kind { L2TP_LAC_IC, L2TP_LNS_IC, L2TP_LAC_OC, L2TP_LNS_OC, L2TP_SESSION_KIND_N };

enum { L2TP_SESSION_IDLE = 0, L2TP_SESSION_ESTABLISHED = 1 };

#define L2TP_LAC_IC_STATES(X) \
	X(IDLE, "idle")       \
	X(ESTABLISHED, "established") X(WAIT_TUNNEL, "wait-tunnel") X(WAIT_REPLY, "wait-reply")
#define L2TP_LNS_IC_STATES(X) X(IDLE, "idle") X(ESTABLISHED, "established") X(WAIT_CONNECT, "wait-connect")
#define L2TP_LAC_OC_STATES(X) \
	X(IDLE, "idle") X(ESTABLISHED, "established") X(WAIT_CS_ANSWER, "wait-cs-answer")
#define L2TP_LNS_OC_STATES(X)         \
	X(IDLE, "idle")               \
	X(ESTABLISHED, "established") \
	X(WAIT_TUNNEL, "wait-tunnel") X(WAIT_REPLY, "wait-reply") X(WAIT_CONNECT, "wait-connect")

#define X(token, name) L2TP_LAC_IC_##token,
enum l2tp_lac_ic_state { L2TP_LAC_IC_STATES(X) L2TP_LAC_IC_STATE_N };
#undef X
#define X(token, name) L2TP_LNS_IC_##token,
enum l2tp_lns_ic_state { L2TP_LNS_IC_STATES(X) L2TP_LNS_IC_STATE_N };
#undef X
#define X(token, name) L2TP_LAC_OC_##token,
enum l2tp_lac_oc_state { L2TP_LAC_OC_STATES(X) L2TP_LAC_OC_STATE_N };
#undef X
#define X(token, name) L2TP_LNS_OC_##token,
enum l2tp_lns_oc_state { L2TP_LNS_OC_STATES(X) L2TP_LNS_OC_STATE_N };
#undef X

#define L2TP_SESSION_EVENTS(X)                                    \
	X(LOCAL_OPEN, "Local open request")                       \
	X(LOCAL_CLOSE, "Local close request or Bearer line drop") \
	X(TUNNEL_OPEN, "tunnel-open")                             \
	X(RX_ICRQ, "Receive ICRQ")                                \
	X(RX_ICRP, "Receive ICRP")                                \
	X(RX_ICCN, "Receive ICCN")                                \
	X(RX_OCRQ, "Receive OCRQ")                                \
	X(RX_OCRP, "Receive OCRP")                                \
	X(RX_OCCN, "Receive OCCN")                                \
	X(RX_CDN, "Receive CDN")                                  \
	X(RX_WEN, "Receive WEN")                                  \
	X(RX_SLI, "Receive SLI")                                  \
	X(RX_FAULT, "Receive a faulty message")                   \
	X(BEARER_ANSWER, "Bearer answer, framing detected")       \
	X(BEARER_FAILURE, "Bearer failure")                       \
	X(DATA_PATH_UP, "Data path up")                           \
	X(DATA_PATH_FAILED, "Data path failed")                   \
	X(TUNNEL_CLOSED, "tunnel-closed")                         \
	X(TIME_OUT, "Not connected in time")

#define L2TP_SESSION_ACTIONS(X)                      \
	X(NOTHING, "none")                           \
	X(OPEN_TUNNEL, "Initiate local tunnel open") \
	X(SEND_ICRQ, "Send ICRQ")                    \
	X(SEND_ICRP, "Send ICRP")                    \
	X(SEND_ICCN, "Send ICCN")                    \
	X(SEND_OCRQ, "Send OCRQ")                    \
	X(SEND_OCRP, "Send OCRP")                    \
	X(SEND_OCCN, "Send OCCN")                    \
	X(SEND_CDN, "Send CDN")                      \
	X(CLEAN_UP, "Clean up")                      \
	X(OPEN_BEARER, "Open bearer")                \
	X(OPEN_DATA_PATH, "Open data path")          \
	X(PREPARE_DATA, "Prepare for data")

enum l2tp_session_event {
#define X(token, name) L2TP_SESSION_EV_##token,
	L2TP_SESSION_EVENTS(X)
#undef X
	    L2TP_SESSION_EVENT_N
};
enum l2tp_session_action {
#define X(token, name) L2TP_SESSION_DO_##token,
	L2TP_SESSION_ACTIONS(X)
#undef X
	    L2TP_SESSION_ACTION_N
};

/* ACCEPT: is this message acceptable here?  DATA: and does the kernel carry the session already, or must its
 * data path be opened first?  (The kernel session stands before ICCN goes out, or frames are lost.) */
enum l2tp_session_question {
	L2TP_SESSION_ASK_NOTHING,
	L2TP_SESSION_ASK_ACCEPT,
	L2TP_SESSION_ASK_DATA,
	L2TP_SESSION_QUESTION_N
};
enum l2tp_data_answer { L2TP_DATA_NO, L2TP_DATA_YES, L2TP_DATA_LATER, L2TP_DATA_N };

extern const struct ut_machine l2tp_lac_ic_machine; /* "l2tp-lac-incoming" */
extern const struct ut_machine l2tp_lns_ic_machine; /* "l2tp-lns-incoming" */
extern const struct ut_machine l2tp_lac_oc_machine; /* "l2tp-lac-outgoing" */
extern const struct ut_machine l2tp_lns_oc_machine; /* "l2tp-lns-outgoing" */

const struct ut_machine *l2tp_session_machine(enum l2tp_session_kind kind);

/* What the four tables are built with. */
extern const char *const l2tp_session_event_names[L2TP_SESSION_EVENT_N];
extern const char *const l2tp_session_action_names[L2TP_SESSION_ACTION_N];
extern const struct ut_question l2tp_session_questions[L2TP_SESSION_QUESTION_N];

#endif
