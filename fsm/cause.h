/* cause.h - why a tunnel ended, and which of two racing reasons counts
 * SPDX-License-Identifier: Apache-2.0
 *
 * The causes of one end come in any order: LCP Terminate-Request, CDN, StopCCN, pppd's exit.  A table
 * (what stands x what comes) decides which is kept.  The exit statuses are mtpd's.
 */
#ifndef FSM_CAUSE_H
#define FSM_CAUSE_H

#include <stdbool.h>
#include <stdint.h>

#include "codec/pptp.h"

/* X(token, exit status, name) */
#define UT_CAUSES(X)                                                                        \
	X(NONE, 0, "clean end")                                                             \
	X(SYSTEM, 1, "system error")	 /* ours or the kernel's */                         \
	X(NETWORK, 2, "network error")	 /* no name, no way, no answer */                   \
	X(PROTOCOL, 3, "protocol error") /* the peer breaks the protocol */                 \
	X(CHALLENGE, 4, "tunnel authentication failed")                                     \
	X(USER, 5, "user requested")                                                        \
	X(REMOTE, 6, "remote requested")                                                    \
	X(PPPD, 32, "pppd ended")		  /* 32 + its exit status */                \
	X(PPPD_AUTH, 32, "authentication failed") /* pppd's 11 or 19; 32 + status */        \
	X(PPPD_MPPE, 32, "encryption refused")	  /* required and not on; 32 + pppd's 10 */ \
	X(PPPD_KILLED, 1, "pppd was killed")

enum ut_cause {
#define X(token, status, name) UT_CAUSE_##token,
	UT_CAUSES(X)
#undef X
	    UT_CAUSE_N
};

struct ut_end {
	uint8_t cause;		/* enum ut_cause */
	uint8_t scope;		/* enum ut_end_scope: where result and error come from */
	uint16_t result, error; /* of the message that the scope names; 0: none */
	int32_t code;		/* pppd's exit status or signal, or a positive errno */
};

/* ut_end.code when the set-up took longer than it may. */
enum { UT_CODE_TIMEOUT = -1 };

enum ut_end_scope {
	UT_END_NO_CODES,
	UT_END_STOPCCN_SENT,
	UT_END_STOPCCN_RECEIVED,
	UT_END_CDN_SENT,
	UT_END_CDN_RECEIVED,
	/* PPTP: result is the Result Code; of StopCCRQ the Reason, of CCRQ 0 */
	UT_END_PPTP_SCCRP_SENT,
	UT_END_PPTP_SCCRP_RECEIVED,
	UT_END_PPTP_STOPCCRQ_SENT,
	UT_END_PPTP_STOPCCRQ_RECEIVED,
	UT_END_PPTP_OCRP_SENT,
	UT_END_PPTP_OCRP_RECEIVED,
	UT_END_PPTP_ICRP_SENT,
	UT_END_PPTP_ICRP_RECEIVED,
	UT_END_PPTP_CCRQ_SENT,
	UT_END_PPTP_CCRQ_RECEIVED,
	UT_END_PPTP_CDN_SENT,
	UT_END_PPTP_CDN_RECEIVED,
	/* PPTP, no codes: how the control connection ended without a goodbye */
	UT_END_PPTP_CLOSED,	/* the peer closed TCP; code: errno, 0 for a FIN */
	UT_END_PPTP_NO_REPLY,	/* a request was not answered in time */
	UT_END_PPTP_NO_ECHO,	/* an Echo-Request was not */
	UT_END_PPTP_OUT_OF_STEP /* the stream made no sense any more, or a message had no place */
};

const char *ut_cause_name(enum ut_cause cause);

/* What stands after `next` has come on top of `first`: one of the two. */
struct ut_end ut_end_merge(struct ut_end first, struct ut_end next);

/* The message of PPTP that result and error are from; PPTP_MESSAGE_N: none of PPTP's. */
enum pptp_message_type ut_end_pptp_message(struct ut_end end);

/* Would the same answer come again? */
bool ut_end_is_refusal(struct ut_end end);

/* The exit status of a foreground command that ended so (0..255). */
int ut_end_status(struct ut_end end);

/* The end that pppd's exit status stands for. */
struct ut_end ut_end_of_pppd(int exit_status);

#endif
