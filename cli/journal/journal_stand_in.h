/* journal_stand_in.h - replaying an authenticated tunnel without its secret; private to the journal's files
 * SPDX-License-Identifier: Apache-2.0
 *
 * The engine is given another secret, and the peer's responses are rewritten so that it judges them as it was judged
 * then.  What the engine makes of a secret (its response, hidden values) is left out of the comparison but for its
 * length.
 */
#ifndef CLI_JOURNAL_JOURNAL_STAND_IN_H
#define CLI_JOURNAL_JOURNAL_STAND_IN_H

#include "fsm/engine.h"
#include "journal.pb-c.h"

struct journal_challenge {
	bool is_known;
	struct l2tp_tid tid; /* of the tunnel, ours */
	uint8_t octets[L2TP_VECTOR_OCTETS];
};

struct journal_stand_in {
	bool is_needed; /* some params have a secret that is not here */
	struct l2tp_secret secret;
	struct journal_challenge *challenges; /* by tunnel */
	uint16_t n_tunnels, last;	      /* the tunnel challenged last */
	unsigned verdicts;		      /* that were taken from the journal */
	uint64_t masked;		      /* octets compared by length only */
};

/* False: no memory. */
bool journal_stand_in_init(struct journal_stand_in *s, uint16_t n_tunnels) UT_MUST_USE;
void journal_stand_in_fini(struct journal_stand_in *s);

enum journal_stand_in_result {
	JOURNAL_STAND_IN_OK,
	JOURNAL_STAND_IN_HIDDEN, /* the peer hid AVPs: nobody can tell what they say */
	JOURNAL_STAND_IN_N
};

/* A datagram of the peer's, before it is fed.  `was_right`: how its response was judged. */
enum journal_stand_in_result journal_stand_in_receive(struct journal_stand_in *s, uint8_t *octets, size_t n,
						      bool was_right) UT_MUST_USE;

/* Looks for the challenge in what the engine sends. */
void journal_stand_in_sent(struct journal_stand_in *s, const struct ut_effects *effects);

/* Blanks what depends on the secret in the datagrams of a step's effects, in place; how many octets that were. */
uint64_t journal_stand_in_mask(Uptun__Journal__Step *step);

#endif
