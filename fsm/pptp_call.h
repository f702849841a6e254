/* pptp_call.h - the words of the four call machines (RFC 2637 3.2.3, 3.2.4)
 * SPDX-License-Identifier: Apache-2.0
 *
 * The four share events, actions and questions; each has its own states and rows.  "idle" and "established" have the
 * same number in all of them, and "wait-disconnect" in both of a PNS.  A call of ours is idle until its turn has come:
 * towards a peer one request is under way at a time (interop 39).
 */
#ifndef FSM_PPTP_CALL_H
#define FSM_PPTP_CALL_H

#include "fsm/table.h"

enum pptp_call_kind { PPTP_PNS_OC, PPTP_PAC_OC, PPTP_PAC_IC, PPTP_PNS_IC, PPTP_CALL_KIND_N };

enum { PPTP_CALL_IDLE = 0, PPTP_CALL_ESTABLISHED = 1, PPTP_CALL_WAIT_DISCONNECT = 2 };

#define PPTP_PNS_OC_STATES(X)         \
	X(IDLE, "idle")               \
	X(ESTABLISHED, "established") \
	X(WAIT_DISCONNECT, "wait-disconnect") X(WAIT_REPLY, "wait-reply")
#define PPTP_PAC_OC_STATES(X) X(IDLE, "idle") X(ESTABLISHED, "established") X(WAIT_CS_ANS, "wait-cs-ans")
#define PPTP_PAC_IC_STATES(X) X(IDLE, "idle") X(ESTABLISHED, "established") X(WAIT_REPLY, "wait-reply")
#define PPTP_PNS_IC_STATES(X)         \
	X(IDLE, "idle")               \
	X(ESTABLISHED, "established") \
	X(WAIT_DISCONNECT, "wait-disconnect") X(WAIT_CONNECT, "wait-connect")

#define X(token, name) PPTP_PNS_OC_##token,
enum pptp_pns_oc_state { PPTP_PNS_OC_STATES(X) PPTP_PNS_OC_STATE_N };
#undef X
#define X(token, name) PPTP_PAC_OC_##token,
enum pptp_pac_oc_state { PPTP_PAC_OC_STATES(X) PPTP_PAC_OC_STATE_N };
#undef X
#define X(token, name) PPTP_PAC_IC_##token,
enum pptp_pac_ic_state { PPTP_PAC_IC_STATES(X) PPTP_PAC_IC_STATE_N };
#undef X
#define X(token, name) PPTP_PNS_IC_##token,
enum pptp_pns_ic_state { PPTP_PNS_IC_STATES(X) PPTP_PNS_IC_STATE_N };
#undef X

#define PPTP_CALL_EVENTS(X)                                              \
	X(OPEN, "Open Indication or Ring")                               \
	X(CLOSE, "Abort or Local Terminate")                             \
	X(RX_OCRQ, "Receive OCRQ")                                       \
	X(RX_OCRP, "Receive OCRP")                                       \
	X(RX_ICRQ, "Receive ICRQ")                                       \
	X(RX_ICRP, "Receive ICRP")                                       \
	X(RX_ICCN, "Receive ICCN")                                       \
	X(RX_CCRQ, "Receive CCRQ")                                       \
	X(RX_CDN, "Receive CDN")                                         \
	X(RX_NOTE, "Receive WEN, SLI")                                   \
	X(DATA_PATH_UP, "Telco Answer: data path up")                    \
	X(DATA_PATH_FAILED, "Incomplete Call: data path failed or lost") \
	X(CLEAR_OVERDUE, "CDN overdue")                                  \
	X(CONNECTION_CLOSED, "control connection closed")

#define PPTP_CALL_ACTIONS(X)                                \
	X(NOTHING, "none")                                  \
	X(SEND_OCRQ, "Send OCRQ")                           \
	X(SEND_OCRP, "Send OCRP")                           \
	X(SEND_OCRP_ERROR, "Send OCRP with Error")          \
	X(SEND_ICRQ, "Send ICRQ")                           \
	X(SEND_ICRP, "Send ICRP")                           \
	X(SEND_ICRP_ERROR, "Send ICRP Not Accepting")       \
	X(SEND_ICCN, "Send ICCN")                           \
	X(SEND_CCRQ, "Send CCRQ")                           \
	X(SEND_CDN, "Send CDN")                             \
	X(OPEN_DATA_PATH, "Off Hook, Dial: open data path") \
	X(HANG_UP, "Hang up: close data path")              \
	X(CLEAN_UP, "Clean up")                             \
	X(TAKE_NOTE, "Take note")

enum pptp_call_event {
#define X(token, name) PPTP_CALL_EV_##token,
	PPTP_CALL_EVENTS(X)
#undef X
	    PPTP_CALL_EVENT_N
};
enum pptp_call_action {
#define X(token, name) PPTP_CALL_DO_##token,
	PPTP_CALL_ACTIONS(X)
#undef X
	    PPTP_CALL_ACTION_N
};

/* ACCEPT: can this request be served?  DATA: does this message accept, and does the kernel carry the call
 * already, or must its data path be opened first?  (It stands before the peer may send frames, or they are lost.) */
enum pptp_call_question {
	PPTP_CALL_ASK_NOTHING,
	PPTP_CALL_ASK_ACCEPT,
	PPTP_CALL_ASK_DATA,
	PPTP_CALL_QUESTION_N
};
enum pptp_call_data { PPTP_DATA_NO, PPTP_DATA_YES, PPTP_DATA_LATER, PPTP_DATA_N };
enum { PPTP_ACCEPT_NO = PPTP_DATA_NO, PPTP_ACCEPT_YES = PPTP_DATA_YES, PPTP_ACCEPT_N };

extern const struct ut_machine pptp_pns_oc_machine; /* "pptp-pns-outgoing" */
extern const struct ut_machine pptp_pac_oc_machine; /* "pptp-pac-outgoing" */
extern const struct ut_machine pptp_pac_ic_machine; /* "pptp-pac-incoming" */
extern const struct ut_machine pptp_pns_ic_machine; /* "pptp-pns-incoming" */

const struct ut_machine *pptp_call_machine(enum pptp_call_kind kind);

#endif
