/* equivalent.h - faults that nobody can notice, each with the reason
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_MUTANTS_EQUIVALENT_H
#define TESTS_MUTANTS_EQUIVALENT_H

#include "tests/mutants/mutant.h"

/* Why this fault makes no difference; NULL: it must be noticed. */
const char *mutant_excuse(const struct ut_machine *m, const struct mutant *mutant);

#endif
