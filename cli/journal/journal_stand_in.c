/* journal_stand_in.c - replaying an authenticated tunnel without its secret
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/journal/journal_stand_in.h"

#include <stdlib.h>

enum { SCRATCH_OCTETS = 2048 };

bool
journal_stand_in_init(struct journal_stand_in *s, uint16_t n_tunnels)
{
	static const char words[] = "stands in for the secret";

	memset(s, 0, sizeof *s);
	memcpy(s->secret.octets, words, sizeof words - 1);
	s->secret.n = sizeof words - 1;
	s->n_tunnels = n_tunnels;
	s->challenges = calloc(n_tunnels > 0 ? n_tunnels : 1, sizeof *s->challenges);
	return s->challenges != NULL;
}

void
journal_stand_in_fini(struct journal_stand_in *s)
{
	free(s->challenges);
	s->challenges = NULL;
}

/* ---- walking a control message ---- */

static bool
walk_begin(struct ut_slice datagram, struct l2tp_header *header, struct l2tp_avp_walk *walk)
{
	struct l2tp_fault fault;

	if (l2tp_header_decode(datagram, header, &fault) != L2TP_FAULT_NONE || !header->is_control)
		return false;
	l2tp_avp_walk_init(walk, header, datagram);
	return true;
}

static bool
is_hidden(const struct l2tp_avp *avp)
{
	return (avp->flags & L2TP_AVP_BIT_H) != 0;
}

static bool
is_of_type(const struct l2tp_avp *avp, unsigned type)
{
	return avp->vendor == 0 && avp->type == type;
}

/* ---- the peer's messages ---- */

/* Some peers answer with tunnel id 0 (interop 22). */
static const struct journal_challenge *
challenge_for(const struct journal_stand_in *s, struct l2tp_tid tid)
{
	if (tid.v == 0)
		return s->n_tunnels > 0 && s->challenges[s->last].is_known ? &s->challenges[s->last] : NULL;
	for (uint16_t i = 0; i < s->n_tunnels; i++)
		if (s->challenges[i].is_known && s->challenges[i].tid.v == tid.v)
			return &s->challenges[i];
	return NULL;
}

static void
rewrite(struct journal_stand_in *s, const struct journal_challenge *challenge, enum l2tp_message_type type,
	uint8_t response[L2TP_RESPONSE_OCTETS], bool was_right)
{
	l2tp_challenge_response(response, type, &s->secret,
				ut_slice(challenge->octets, sizeof challenge->octets));
	for (unsigned i = 0; !was_right && i < L2TP_RESPONSE_OCTETS; i++)
		response[i] ^= 0xff;
	s->verdicts++;
}

enum journal_stand_in_result
journal_stand_in_receive(struct journal_stand_in *s, uint8_t *octets, size_t n, bool was_right)
{
	enum l2tp_message_type type = L2TP_ZLB;
	const struct journal_challenge *challenge;
	struct l2tp_header header;
	struct l2tp_avp_walk walk;
	struct l2tp_avp avp;

	if (!walk_begin(ut_slice(octets, n), &header, &walk))
		return JOURNAL_STAND_IN_OK;
	challenge = challenge_for(s, header.tid);
	while (l2tp_avp_walk_next(&walk, &avp)) {
		if (is_hidden(&avp))
			return JOURNAL_STAND_IN_HIDDEN;
		if (is_of_type(&avp, L2TP_AVP_MESSAGE_TYPE) && avp.value.n == 2)
			type = (enum l2tp_message_type)ut_get_u16(avp.value.p);
		if (is_of_type(&avp, L2TP_AVP_CHALLENGE_RESPONSE) && avp.value.n == L2TP_RESPONSE_OCTETS &&
		    challenge != NULL && (type == L2TP_SCCRP || type == L2TP_SCCCN))
			rewrite(s, challenge, type, octets + (avp.value.p - octets), was_right);
	}
	return JOURNAL_STAND_IN_OK;
}

/* ---- our own ---- */

/* What was hidden with the stand-in can be read with it. */
static void
learn(struct journal_stand_in *s, uint16_t tunnel, struct ut_slice datagram)
{
	uint8_t scratch[SCRATCH_OCTETS];
	struct l2tp_unhide unhide = { .secret = &s->secret, .scratch = scratch, .cap = sizeof scratch };
	struct journal_challenge *to = &s->challenges[tunnel];
	struct l2tp_message m = { .present = 0 };
	struct l2tp_header header;
	struct l2tp_fault fault;

	if (l2tp_header_decode(datagram, &header, &fault) != L2TP_FAULT_NONE || !header.is_control ||
	    l2tp_message_decode(datagram, &header, &unhide, &m, &fault) != L2TP_FAULT_NONE)
		return;
	if ((m.present & L2TP_HAS(CHALLENGE)) == 0 || m.challenge.n != sizeof to->octets)
		return;
	to->is_known = true;
	to->tid = m.assigned_tid;
	memcpy(to->octets, m.challenge.p, sizeof to->octets);
	s->last = tunnel;
}

void
journal_stand_in_sent(struct journal_stand_in *s, const struct ut_effects *effects)
{
	for (size_t i = 0; i < effects->n; i++) {
		const struct ut_effect *fx = &effects->v[i];

		if (fx->kind == UT_FX_SEND && fx->ref.index < s->n_tunnels)
			learn(s, fx->ref.index, fx->bytes);
	}
}

static uint64_t
mask(uint8_t *octets, size_t n)
{
	uint64_t masked = 0;
	struct l2tp_header header;
	struct l2tp_avp_walk walk;
	struct l2tp_avp avp;

	if (n == 0 || !walk_begin(ut_slice(octets, n), &header, &walk))
		return 0;
	while (l2tp_avp_walk_next(&walk, &avp)) {
		if (!is_hidden(&avp) && !is_of_type(&avp, L2TP_AVP_CHALLENGE_RESPONSE))
			continue;
		memset(octets + (avp.value.p - octets), 0, avp.value.n);
		masked += avp.value.n;
	}
	return masked;
}

uint64_t
journal_stand_in_mask(Uptun__Journal__Step *step)
{
	uint64_t masked = 0;

	for (size_t i = 0; i < step->n_effect; i++)
		if (step->effect[i]->kind == UPTUN__JOURNAL__EFFECT__KIND__SEND)
			masked += mask(step->effect[i]->bytes.data, step->effect[i]->bytes.len);
	return masked;
}
