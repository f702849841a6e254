/* l2tp_cc.h - the control connection's words (RFC 2661 7.2.1)
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef FSM_L2TP_CC_H
#define FSM_L2TP_CC_H

#include "fsm/table.h"

#define L2TP_CC_STATES(X)                   \
	X(IDLE, "idle")                     \
	X(WAIT_CTL_REPLY, "wait-ctl-reply") \
	X(WAIT_CTL_CONN, "wait-ctl-conn")   \
	X(ESTABLISHED, "established")

#define L2TP_CC_EVENTS(X)                            \
	X(LOCAL_OPEN, "Local Open request")          \
	X(NEW_CALL, "Local Open request (new call)") \
	X(ADMIN_CLOSE, "Admin Tunnel Close")         \
	X(RX_SCCRQ, "Receive SCCRQ")                 \
	X(RX_SCCRP, "Receive SCCRP")                 \
	X(RX_SCCCN, "Receive SCCCN")                 \
	X(RX_STOPCCN, "Receive StopCCN")             \
	X(RX_HELLO, "Receive HELLO")                 \
	X(RX_FAULT, "Receive a faulty message")      \
	X(NO_ANSWER, "Retransmissions exhausted")

#define L2TP_CC_ACTIONS(X)                                           \
	X(NOTHING, "none")                                           \
	X(SEND_SCCRQ, "Send SCCRQ")                                  \
	X(SEND_SCCRP, "Send SCCRP")                                  \
	X(SEND_SCCCN, "Send SCCCN")                                  \
	X(SEND_STOPCCN, "Send StopCCN")                              \
	X(CLEAN_UP, "Clean up")                                      \
	X(DISCARD, "Clean up")                                       \
	X(TUNNEL_OPEN, "Send tunnel-open event to waiting sessions") \
	X(REQUEUE_SCCRQ, "Re-queue SCCRQ for idle state")            \
	X(TURN_AWAY, "Send StopCCN to that SCCRQ")

enum l2tp_cc_state {
#define X(token, name) L2TP_CC_##token,
	L2TP_CC_STATES(X)
#undef X
	    L2TP_CC_STATE_N
};
enum l2tp_cc_event {
#define X(token, name) L2TP_CC_EV_##token,
	L2TP_CC_EVENTS(X)
#undef X
	    L2TP_CC_EVENT_N
};
enum l2tp_cc_action {
#define X(token, name) L2TP_CC_DO_##token,
	L2TP_CC_ACTIONS(X)
#undef X
	    L2TP_CC_ACTION_N
};

/* DISCARD is the clean-up of a tunnel that goes on as the peer's: RFC 2661 4.4.3, "silently discard". */

/* Questions a cell may ask.  ACCEPT: is this message acceptable here?  TIE: who wins (RFC 2661 4.4.3)? */
enum l2tp_cc_question { L2TP_CC_ASK_NOTHING, L2TP_CC_ASK_ACCEPT, L2TP_CC_ASK_TIE, L2TP_CC_QUESTION_N };
enum l2tp_accept { L2TP_ACCEPT_NO, L2TP_ACCEPT_YES, L2TP_ACCEPT_N };
enum l2tp_tie { L2TP_TIE_LOSE, L2TP_TIE_WIN, L2TP_TIE_EQUAL, L2TP_TIE_NONE, L2TP_TIE_N };

extern const struct ut_machine l2tp_cc_machine; /* "l2tp-control" */

#endif
