/* track_l2tp_secret.c - with the secret of the tunnels: what is hidden, and what Challenge Responses prove
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/track_internal.h"

/* ---- hidden AVPs ---- */

static bool
can_be_unhidden(const struct tracker *t, const struct track_connection *c, const struct track_news *n)
{
	return t->secret != NULL && c->proof != TRACK_PROOF_WRONG && n->header.is_control &&
	       (!n->has_fault || n->fault.reason == L2TP_FAULT_AVP_HIDDEN_NO_SECRET);
}

void
track_l2tp_unhide(struct tracker *t, const struct track_connection *c, struct track_news *n)
{
	struct l2tp_unhide unhide = { .secret = t->secret,
				      .scratch = t->plaintexts,
				      .cap = sizeof t->plaintexts };
	enum l2tp_fault_reason reason;
	struct l2tp_message message;
	struct l2tp_fault fault;

	if (!can_be_unhidden(t, c, n))
		return;
	reason = l2tp_message_decode(n->datagram, &n->header, &unhide, &message, &fault);
	t->plaintexts_n = unhide.used;
	if (reason == L2TP_FAULT_AVP_HIDDEN_LENGTH && c->proof != TRACK_PROOF_RIGHT) {
		track_find(t, TRACK_KNOWN, "RFC 2661 4.3",
			   "what is hidden cannot be read with the secret given");
		return;
	}
	n->message = message;
	n->secret = message.hidden != 0 ? t->secret : NULL;
	n->has_fault = reason != L2TP_FAULT_NONE;
	if (n->has_fault)
		n->fault = fault;
}

void
track_l2tp_wipe(struct tracker *t)
{
	ut_wipe(t->plaintexts, t->plaintexts_n);
	t->plaintexts_n = 0;
}

/* ---- challenges ---- */

static bool
is_right(const struct tracker *t, const struct track_end *challenger, const struct l2tp_message *m)
{
	uint8_t response[L2TP_RESPONSE_OCTETS];

	l2tp_challenge_response(response, m->type, t->secret,
				ut_slice(challenger->challenge, challenger->challenge_n));
	return m->challenge_response.n == sizeof response &&
	       ut_is_same_secret(response, m->challenge_response.p, sizeof response);
}

static void
judge_response(struct tracker *t, struct track_connection *c, const struct track_news *n)
{
	const struct track_end *const challenger = &c->ends[1 - n->from];
	const char *const role = track_role(c, n->from);

	if (t->secret == NULL || challenger->challenge_n > TRACK_CHALLENGE_MAX)
		return;
	if (is_right(t, challenger, &n->message)) {
		c->proof = TRACK_PROOF_RIGHT;
		track_find(t, TRACK_NOTE, "RFC 2661 5.1.1", "%s has the secret given", role);
		return;
	}
	if (c->proof == TRACK_PROOF_NONE)
		c->proof = TRACK_PROOF_WRONG;
	track_find(t, TRACK_KNOWN, "RFC 2661 5.1.1", "%s has another secret than the one given", role);
}

void
track_l2tp_prove(struct tracker *t, struct track_connection *c, const struct track_news *n)
{
	const enum l2tp_message_type type = n->message.type;
	struct track_end *const end = &c->ends[n->from];
	const bool has_challenge = (n->message.present & L2TP_HAS(CHALLENGE)) != 0;
	const bool has_response = (n->message.present & L2TP_HAS(CHALLENGE_RESPONSE)) != 0;

	if (type != L2TP_SCCRQ && type != L2TP_SCCRP && type != L2TP_SCCCN)
		return;
	if (type != L2TP_SCCRQ && c->ends[1 - n->from].challenge_n != 0) {
		if (has_response)
			judge_response(t, c, n);
		else if (!n->has_fault)
			track_find(t, TRACK_VIOLATION, "RFC 2661 5.1.1",
				   "%s was challenged, and its %s is without Challenge Response",
				   track_role(c, n->from), l2tp_message_name(type));
	}
	if (!has_challenge || type == L2TP_SCCCN)
		return;
	end->challenge_n = n->message.challenge.n;
	if (end->challenge_n <= TRACK_CHALLENGE_MAX)
		memcpy(end->challenge, n->message.challenge.p, end->challenge_n);
}
