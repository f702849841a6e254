/* respond_secret.c - whether a secret is that of a captured connection, and what its client asked the server to prove
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/respond.h"

enum { PLAINTEXTS_OCTETS = 4096, CLIENT = 0, SERVER = 1, CHALLENGE_MAX = 1024 };

struct look {
	const struct l2tp_secret *secret;
	uint8_t plaintexts[PLAINTEXTS_OCTETS];
	uint8_t challenges[2][CHALLENGE_MAX];
	size_t challenge_n[2];
	bool is_needed; /* a proof, or something hidden */
	unsigned right, wrong;
};

static void
look_at_response(struct look *l, unsigned from, const struct l2tp_message *m)
{
	uint8_t response[L2TP_RESPONSE_OCTETS];
	const unsigned challenger = 1 - from;

	if (l->challenge_n[challenger] == 0)
		return;
	l2tp_challenge_response(response, m->type, l->secret,
				ut_slice(l->challenges[challenger], l->challenge_n[challenger]));
	if (m->challenge_response.n == sizeof response &&
	    ut_is_same_secret(response, m->challenge_response.p, sizeof response))
		l->right++;
	else
		l->wrong++;
}

static void
look_at_message(struct look *l, unsigned from, const struct l2tp_message *m)
{
	const bool is_proof = (m->present & L2TP_HAS(CHALLENGE_RESPONSE)) != 0;

	if (is_proof && (m->type == L2TP_SCCRP || m->type == L2TP_SCCCN))
		look_at_response(l, from, m);
	if ((m->present & L2TP_HAS(CHALLENGE)) == 0 || m->challenge.n > CHALLENGE_MAX)
		return;
	memcpy(l->challenges[from], m->challenge.p, m->challenge.n);
	l->challenge_n[from] = m->challenge.n;
}

static void
look_at_letter(struct look *l, const struct respond_letter *letter)
{
	const struct ut_slice datagram = ut_slice(letter->octets, letter->n);
	struct l2tp_unhide unhide = { .secret = l->secret,
				      .scratch = l->plaintexts,
				      .cap = sizeof l->plaintexts };
	enum l2tp_fault_reason reason;
	struct l2tp_header header;
	struct l2tp_message m;
	struct l2tp_fault fault;

	if (!letter->has_hidden &&
	    (letter->present & (L2TP_HAS(CHALLENGE) | L2TP_HAS(CHALLENGE_RESPONSE))) == 0)
		return;
	l->is_needed = true;
	if (l->secret->n == 0 || l2tp_header_decode(datagram, &header, &fault) != L2TP_FAULT_NONE)
		return;
	reason = l2tp_message_decode(datagram, &header, &unhide, &m, &fault);
	if (reason == L2TP_FAULT_NONE)
		look_at_message(l, letter->is_of_client ? CLIENT : SERVER, &m);
	l->wrong += reason == L2TP_FAULT_AVP_HIDDEN_LENGTH;
	ut_wipe(l->plaintexts, unhide.used);
}

/* One proof that is right outweighs others: client and server may have different secrets. */
static enum respond_secret
judge(const struct look *l)
{
	if (!l->is_needed)
		return RESPOND_SECRET_IDLE;
	if (l->secret->n == 0)
		return RESPOND_SECRET_MISSING;
	if (l->right == 0 && l->wrong > 0)
		return RESPOND_SECRET_FOREIGN;
	return l->challenge_n[CLIENT] == 0 || l->challenge_n[CLIENT] == L2TP_VECTOR_OCTETS
		   ? RESPOND_SECRET_FITS
		   : RESPOND_SECRET_UNUSABLE;
}

struct respond_authentication
respond_authentication_of(const struct respond_talk *talk, const struct l2tp_secret *secret)
{
	struct look l = { .secret = secret };
	struct respond_authentication a = { .is_challenged = false };

	for (size_t i = 0; i < talk->letters.n; i++)
		look_at_letter(&l, &talk->letters.v[i]);
	a.secret = judge(&l);
	a.is_challenged = a.secret == RESPOND_SECRET_FITS && l.challenge_n[CLIENT] > 0;
	memcpy(a.challenge, l.challenges[CLIENT], sizeof a.challenge);
	return a;
}
