/* grammar.h - which transitions of a grammar's machine the inputs of a test take, and that none is left out
 * SPDX-License-Identifier: Apache-2.0
 *
 * A test includes this file and then the traced decoder that trace.py made, runs inputs through it, and ends with
 * GRAMMAR_CHECK() of each of its machines.
 */
#ifndef TESTS_GRAMMAR_GRAMMAR_H
#define TESTS_GRAMMAR_GRAMMAR_H

#include "codec/bytes.h"

#include <stdbool.h>
#include <stdint.h>

enum { GRAMMAR_STATES = 256, GRAMMAR_SYMBOLS = 257 };

/* From a state by an octet of a range; 256 is the end of the input. */
struct grammar_transition {
	int state, low, high;
};

struct grammar_taken {
	bool from[GRAMMAR_STATES][GRAMMAR_SYMBOLS];
};

static inline void
grammar_take(struct grammar_taken *taken, int state, unsigned symbol)
{
	taken->from[state][symbol] = true;
}

/* Fails the test after it has told each transition of which no octet was taken. */
void grammar_check(const char *machine, const struct grammar_taken *taken, const struct grammar_transition *v,
		   size_t n);

#define GRAMMAR_CHECK(machine)                                                           \
	grammar_check(#machine, &grammar_taken_##machine, grammar_transitions_##machine, \
		      sizeof grammar_transitions_##machine / sizeof grammar_transitions_##machine[0])

/* Runs `try` on every prefix of the sample, and on every prefix with any one octet behind it: all the ways out of each
 * state on the sample's way. */
void grammar_try_all(struct ut_slice sample, void (*try)(struct ut_slice input));

#endif
