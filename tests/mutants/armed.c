/* armed.c - fills in the copies of the machines before main(), one of them with the fault that $UT_MUTANT names
 * SPDX-License-Identifier: Apache-2.0
 *
 * UT_MUTANT is "MACHINE ROW KIND ARGUMENT", four numbers; without it there is no fault.
 */
#include "tests/mutants/mutable.h"
#include "tests/mutants/mutant.h"

#include <stdlib.h>

#define X(machine)                           \
	struct ut_machine mutable_##machine; \
	static struct mutant_copy machine##_copy;
UT_MACHINES(X)
#undef X

static bool
put_fault(struct mutant_copy *const copies[], unsigned n, const char *text)
{
	unsigned machine, row, kind, argument;
	struct mutant mutant;

	if (sscanf(text, "%u %u %u %u", &machine, &row, &kind, &argument) != 4 || machine >= n)
		return false;
	mutant = (struct mutant){ (uint8_t)row, (uint8_t)kind, (uint16_t)argument };
	return mutant_apply(copies[machine], &mutant);
}

static void __attribute__((constructor)) arm(void)
{
	const char *const text = getenv("UT_MUTANT");
#define X(machine) &machine##_copy,
	struct mutant_copy *const copies[] = { UT_MACHINES(X) };
#undef X

#define X(machine) mutant_copy_init(&machine##_copy, &machine);
	UT_MACHINES(X)
#undef X
	if (text != NULL && !put_fault(copies, UT_COUNT(copies), text))
		abort();
#define X(name) mutable_##name = name##_copy.machine;
	UT_MACHINES(X)
#undef X
}
