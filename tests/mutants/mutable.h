/* mutable.h - copies of the machines that a fault can be put into; for this test only
 * SPDX-License-Identifier: Apache-2.0
 *
 * The tables themselves are constant.  Here the engine and its tests are compiled once more with redirect.h, which
 * makes them see these copies.  armed.c fills them in before main(): as the tables are, but for the one fault that
 * $UT_MUTANT names.
 */
#ifndef TESTS_MUTANTS_MUTABLE_H
#define TESTS_MUTANTS_MUTABLE_H

#include "fsm/machines.h"

#define X(machine) extern struct ut_machine mutable_##machine;
UT_MACHINES(X)
#undef X

#endif
