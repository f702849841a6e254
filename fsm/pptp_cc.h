/* pptp_cc.h - the words of the two control connection machines (RFC 2637 3.1.1, 3.1.2)
 * SPDX-License-Identifier: Apache-2.0
 *
 * The RFC has diagrams, not tables: the source of a row names the arrow it was taken from.  Where a diagram's label and
 * the text below it differ, both have their row.  Both machines share events, actions and questions; states that
 * both have, have the same number in both.
 */
#ifndef FSM_PPTP_CC_H
#define FSM_PPTP_CC_H

#include "fsm/table.h"

#define PPTP_CC_RECV_STATES(X) \
	X(IDLE, "idle") X(ESTABLISHED, "established") X(WAIT_STOP_REPLY, "wait-stop-reply")
#define PPTP_CC_ORIG_STATES(X) PPTP_CC_RECV_STATES(X) X(WAIT_CTL_REPLY, "wait-ctl-reply")

#define PPTP_CC_EVENTS(X)                            \
	X(TCP_OPEN, "TCP Open Indication")           \
	X(TCP_CLOSED, "TCP closed")                  \
	X(COLLISION, "Collision")                    \
	X(LOCAL_TERMINATE, "Local Terminate")        \
	X(CALLS_CLEARED, "Calls cleared")            \
	X(RX_SCCRQ, "Receive SCCRQ")                 \
	X(RX_SCCRP, "Receive SCCRP")                 \
	X(RX_STOPCCRQ, "Receive StopCCRQ")           \
	X(RX_STOPCCRP, "Receive StopCCRP")           \
	X(RX_ECHORQ, "Receive EchoRQ")               \
	X(RX_ECHORP, "Receive EchoRP")               \
	X(RX_CALL, "Receive a message of a call")    \
	X(OUT_OF_STEP, "Loss of synchronization")    \
	X(QUIET, "Nothing received for a while")     \
	X(NO_REPLY, "Reply overdue")                 \
	X(CALL_STUCK, "A call's transition overdue") \
	X(GIVE_UP, "Local end, no more waiting")     \
	X(DROP, "Local end, no more words")

#define PPTP_CC_ACTIONS(X)                           \
	X(NOTHING, "none")                           \
	X(SEND_SCCRQ, "Send SCCRQ")                  \
	X(SEND_SCCRP, "Send SCCRP")                  \
	X(SEND_SCCRP_ERROR, "Send SCCRP with Error") \
	X(SEND_STOPCCRQ, "Send StopCCRQ")            \
	X(SEND_STOPCCRP, "Send StopCCRP")            \
	X(SEND_ECHORQ, "Send EchoRQ")                \
	X(SEND_ECHORP, "Send EchoRP")                \
	X(CLEAR_CALLS, "Clear the calls")            \
	X(CLOSE_TCP, "Close TCP")                    \
	X(RESET_TCP, "Reset TCP")

enum pptp_cc_state {
#define X(token, name) PPTP_CC_##token,
	PPTP_CC_ORIG_STATES(X)
#undef X
	    PPTP_CC_STATE_N
};
enum { PPTP_CC_RECV_STATE_N = PPTP_CC_WAIT_CTL_REPLY };
enum pptp_cc_event {
#define X(token, name) PPTP_CC_EV_##token,
	PPTP_CC_EVENTS(X)
#undef X
	    PPTP_CC_EVENT_N
};
enum pptp_cc_action {
#define X(token, name) PPTP_CC_DO_##token,
	PPTP_CC_ACTIONS(X)
#undef X
	    PPTP_CC_ACTION_N
};

/* REPLY: what does this SCCRP say?  REQUEST: what becomes of this SCCRQ?  CALLS: do calls stand or open? */
enum pptp_cc_question {
	PPTP_CC_ASK_NOTHING,
	PPTP_CC_ASK_REPLY,
	PPTP_CC_ASK_REQUEST,
	PPTP_CC_ASK_CALLS,
	PPTP_CC_QUESTION_N
};
enum pptp_cc_reply { PPTP_REPLY_IS_OK, PPTP_REPLY_VERSION, PPTP_REPLY_REFUSES, PPTP_REPLY_N };
enum pptp_cc_request {
	PPTP_REQUEST_IS_OK,
	PPTP_REQUEST_VERSION,
	PPTP_REQUEST_REFUSED,
	PPTP_REQUEST_LOSES,
	PPTP_REQUEST_N
};
enum pptp_cc_calls { PPTP_CALLS_NONE, PPTP_CALLS_SOME, PPTP_CALLS_N };

extern const struct ut_machine pptp_cc_orig_machine; /* "pptp-control-originator" */
extern const struct ut_machine pptp_cc_recv_machine; /* "pptp-control-receiver" */

#endif
