/* track_l2tp_tie.c - two ends that ask each other for a tunnel at the same time (RFC 2661 4.4.3, Tie Breaker)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/track_internal.h"

/* An SCCRQ without an answer is given up by then (RFC 2661 5.8). */
#define ASKING_NS UINT64_C(40000000000)

static bool
is_asking(const struct tracker *t, const struct track_connection *c)
{
	return c->protocol == TRACK_L2TP && c->opener != TRACK_NOBODY &&
	       c->ends[c->opener].machine.state == L2TP_CC_WAIT_CTL_REPLY &&
	       c->ends[1 - c->opener].messages == 0 && t->now_ns <= c->began_ns + ASKING_NS;
}

/* From the same host to the same host; ports may differ. */
static bool
is_opposite(const struct track_connection *a, const struct track_connection *b)
{
	const struct track_end *const from = &a->ends[a->opener], *const to = &a->ends[1 - a->opener];

	return capture_end_has_address_of(&from->at, &b->ends[1 - b->opener].at) &&
	       capture_end_has_address_of(&to->at, &b->ends[b->opener].at);
}

/* The SCCRQ that went the other way and is not answered yet, among the latest; NULL: there is none. */
static struct track_connection *
find_rival(const struct tracker *t, const struct track_connection *c)
{
	enum { LOOKED_AT = 32 };
	struct track_connection *other = t->newest;

	for (unsigned i = 0; other != NULL && i < LOOKED_AT; i++, other = other->older)
		if (other != c && other->rival == NULL && is_asking(t, other) && is_opposite(other, c))
			return other;
	return NULL;
}

static enum l2tp_tie
judge(const struct track_connection *c, const struct track_connection *rival)
{
	if (!c->has_tie_breaker && !rival->has_tie_breaker)
		return L2TP_TIE_NONE;
	if (!c->has_tie_breaker || !rival->has_tie_breaker)
		return c->has_tie_breaker ? L2TP_TIE_WIN : L2TP_TIE_LOSE;
	if (c->tie_breaker == rival->tie_breaker)
		return L2TP_TIE_EQUAL;
	return c->tie_breaker < rival->tie_breaker ? L2TP_TIE_WIN : L2TP_TIE_LOSE;
}

/* Its opener discards it without a word. */
static void
lose(struct track_connection *c)
{
	struct track_machine *const m = &c->ends[c->opener].machine;

	c->ending = TRACK_ENDING_TIE;
	m->state = m->table->initial;
	m->is_over = true;
}

void
track_l2tp_tie(struct tracker *t, struct track_connection *c, const struct l2tp_message *request)
{
	static const char *const verdicts[L2TP_TIE_N] = {
		[L2TP_TIE_LOSE] = "which wins: this tunnel is to be discarded",
		[L2TP_TIE_WIN] = "which loses: that tunnel is to be discarded",
		[L2TP_TIE_EQUAL] = "with the same tie breaker: both tunnels are to be discarded",
		[L2TP_TIE_NONE] = "both without a tie breaker: there may be two tunnels"
	};
	struct track_connection *rival;
	enum l2tp_tie verdict;

	c->has_tie_breaker = (request->present & L2TP_HAS(TIE_BREAKER)) != 0;
	c->tie_breaker = request->tie_breaker;
	rival = find_rival(t, c);
	if (rival == NULL)
		return;
	c->rival = rival;
	rival->rival = c;
	verdict = judge(c, rival);
	track_find(t, TRACK_NOTE, "RFC 2661 4.4.3", "crosses the SCCRQ of connection %llu, %s",
		   (unsigned long long)rival->number, verdicts[verdict]);
	if (verdict == L2TP_TIE_LOSE || verdict == L2TP_TIE_EQUAL)
		lose(c);
	if (verdict == L2TP_TIE_WIN || verdict == L2TP_TIE_EQUAL)
		lose(rival);
}

/* Whose tunnel was discarded may give its id to the one that goes on. */
void
track_l2tp_tie_free_ids(struct tracker *t, const struct track_connection *c)
{
	struct track_connection *const rival = c->rival;

	if (rival == NULL || rival->ending != TRACK_ENDING_TIE)
		return;
	for (unsigned i = 0; i < 2; i++)
		names_drop(&t->names, &rival->ends[i].name);
}

void
track_l2tp_tie_check(struct tracker *t, const struct track_connection *c, const struct track_news *n)
{
	if (c->ending == TRACK_ENDING_TIE && n->message.type == L2TP_SCCRP)
		track_find(t, TRACK_VIOLATION, "RFC 2661 4.4.3", "%s answers an SCCRQ that has lost the tie",
			   track_role(c, n->from));
}
