/* grammar.c - which transitions of a grammar's machine the inputs of a test take
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/grammar/grammar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static bool
is_taken(const struct grammar_taken *taken, const struct grammar_transition *t)
{
	for (int symbol = t->low; symbol <= t->high; symbol++)
		if (taken->from[t->state][symbol])
			return true;
	return false;
}

void
grammar_check(const char *machine, const struct grammar_taken *taken, const struct grammar_transition *v,
	      size_t n)
{
	size_t left = 0;

	assert_true(n > 0);
	for (size_t i = 0; i < n; i++) {
		if (is_taken(taken, &v[i]))
			continue;
		print_error("%s: never from state %d by %d..%d\n", machine, v[i].state, v[i].low, v[i].high);
		left++;
	}
	print_message("%s: %zu of %zu transitions taken\n", machine, n - left, n);
	assert_int_equal(left, 0);
}

void
grammar_try_all(struct ut_slice sample, void (*try)(struct ut_slice input))
{
	for (size_t n = 0; n <= sample.n; n++) {
		uint8_t *const input = malloc(n + 1); /* so that a sanitizer sees its end */

		assert_non_null(input);
		if (n > 0)
			memcpy(input, sample.p, n);
		try(ut_slice(input, n));
		for (unsigned octet = 0; octet <= UINT8_MAX; octet++) {
			input[n] = (uint8_t)octet;
			try(ut_slice(input, n + 1));
		}
		free(input);
	}
}
