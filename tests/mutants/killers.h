/* killers.h - the programs that must notice a fault
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_MUTANTS_KILLERS_H
#define TESTS_MUTANTS_KILLERS_H

#include <stdbool.h>

enum { KILLER_HOW = 96 };

struct killer {
	const char *program; /* in the folder of programs, built with redirect.h */
	bool looks_at_rows;  /* at all of them, not only at those that something leads to */
};

/* Quick ones first; ended by a NULL program. */
extern const struct killer killers[];

/* Runs a killer with UT_MUTANT=`mutant` (NULL: none).  True when it failed, with how in `how`: the first test case that
 * failed, or the signal that ended it.  A program that uses more processor time than any test needs is ended. */
bool killer_notices(const struct killer *killer, const char *folder, const char *mutant,
		    char how[KILLER_HOW]);

#endif
