/* cause.c - the table of causes
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/cause.h"

#include <assert.h>

static const char *const names[UT_CAUSE_N] = {
#define X(token, status, name) name,
	UT_CAUSES(X)
#undef X
};

static const uint8_t statuses[UT_CAUSE_N] = {
#define X(token, status, name) status,
	UT_CAUSES(X)
#undef X
};

const char *
ut_cause_name(enum ut_cause cause)
{
	return cause < UT_CAUSE_N ? names[cause] : "?";
}

/* 1: what comes (column) replaces what stands (row).
 * - The first cause usually is the true one; what follows is its echo.
 * - pppd's word on authentication explains a CDN, StopCCN or silence that arrived first, and the
 *   user's own request is never explained away.
 * - So does its word on encryption that was required and is not on.
 * - A remote request explains pppd's hang-up, killed or not understood LCP end that arrived first. */
/* clang-format off */
static const uint8_t replaces[UT_CAUSE_N][UT_CAUSE_N] = {
/*	                NONE SYSTEM NETWORK PROTOCOL CHALLENGE USER REMOTE PPPD PPPD_AUTH PPPD_MPPE PPPD_KILLED */
/* NONE        */ {    0,      1,       1,        1,         1,    1,      1,    1,         1,         1,           1 },
/* SYSTEM      */ {    0,      0,       0,        0,         0,    0,      0,    0,         1,         1,           0 },
/* NETWORK     */ {    0,      0,       0,        0,         0,    0,      0,    0,         1,         1,           0 },
/* PROTOCOL    */ {    0,      0,       0,        0,         0,    0,      0,    0,         1,         1,           0 },
/* CHALLENGE   */ {    0,      0,       0,        0,         0,    0,      0,    0,         0,         0,           0 },
/* USER        */ {    0,      0,       0,        0,         0,    0,      0,    0,         0,         0,           0 },
/* REMOTE      */ {    0,      0,       0,        0,         0,    0,      0,    0,         1,         1,           0 },
/* PPPD        */ {    0,      0,       0,        0,         0,    0,      1,    0,         1,         1,           0 },
/* PPPD_AUTH   */ {    0,      0,       0,        0,         0,    0,      0,    0,         0,         0,           0 },
/* PPPD_MPPE   */ {    0,      0,       0,        0,         0,    0,      0,    0,         0,         0,           0 },
/* PPPD_KILLED */ {    0,      0,       0,        0,         0,    0,      0,    0,         0,         0,           0 },
};
/* clang-format on */

struct ut_end
ut_end_merge(struct ut_end first, struct ut_end next)
{
	assert(first.cause < UT_CAUSE_N && next.cause < UT_CAUSE_N);
	return replaces[first.cause][next.cause] ? next : first;
}

bool
ut_end_is_refusal(struct ut_end end)
{
	return end.cause == UT_CAUSE_CHALLENGE || end.cause == UT_CAUSE_PPPD_AUTH ||
	       end.cause == UT_CAUSE_PPPD_MPPE;
}

int
ut_end_status(struct ut_end end)
{
	int status = statuses[end.cause];

	if (end.cause == UT_CAUSE_PPPD || end.cause == UT_CAUSE_PPPD_AUTH || end.cause == UT_CAUSE_PPPD_MPPE)
		status += end.code & 127;
	return status;
}

/* Exit statuses of pppd(8) that mean more than "pppd ended". */
enum {
	PPPD_OK = 0, /* the peer sent an LCP Terminate-Request */
	PPPD_PEER_REFUSED_AUTH = 11,
	PPPD_AUTH_TO_PEER_FAILED = 19
};

struct ut_end
ut_end_of_pppd(int exit_status)
{
	struct ut_end end = { .cause = UT_CAUSE_PPPD, .code = exit_status };

	if (exit_status == PPPD_PEER_REFUSED_AUTH || exit_status == PPPD_AUTH_TO_PEER_FAILED)
		end.cause = UT_CAUSE_PPPD_AUTH;
	if (exit_status == PPPD_OK)
		end.cause = UT_CAUSE_REMOTE;
	return end;
}

enum pptp_message_type
ut_end_pptp_message(struct ut_end end)
{
	switch ((enum ut_end_scope)end.scope) {
	case UT_END_PPTP_SCCRP_SENT:
	case UT_END_PPTP_SCCRP_RECEIVED:
		return PPTP_SCCRP;
	case UT_END_PPTP_STOPCCRQ_SENT:
	case UT_END_PPTP_STOPCCRQ_RECEIVED:
		return PPTP_STOPCCRQ;
	case UT_END_PPTP_OCRP_SENT:
	case UT_END_PPTP_OCRP_RECEIVED:
		return PPTP_OCRP;
	case UT_END_PPTP_ICRP_SENT:
	case UT_END_PPTP_ICRP_RECEIVED:
		return PPTP_ICRP;
	case UT_END_PPTP_CCRQ_SENT:
	case UT_END_PPTP_CCRQ_RECEIVED:
		return PPTP_CCRQ;
	case UT_END_PPTP_CDN_SENT:
	case UT_END_PPTP_CDN_RECEIVED:
		return PPTP_CDN;
	case UT_END_NO_CODES:
	case UT_END_STOPCCN_SENT:
	case UT_END_STOPCCN_RECEIVED:
	case UT_END_CDN_SENT:
	case UT_END_CDN_RECEIVED:
	case UT_END_PPTP_CLOSED:
	case UT_END_PPTP_NO_REPLY:
	case UT_END_PPTP_NO_ECHO:
	case UT_END_PPTP_OUT_OF_STEP:
		break;
	}
	return PPTP_MESSAGE_N;
}
