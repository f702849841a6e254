/* test_index.c - finding slots by hash
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

enum { N = 40, BUCKETS = 64 };

static bool
is_found(struct ut_index ix, uint32_t hash, uint16_t slot)
{
	unsigned n = 0;

	for (uint16_t i = ut_index_first(ix, hash); i != UT_INDEX_NONE; i = ut_index_next(ix, i)) {
		assert_true(++n <= N);
		if (i == slot)
			return true;
	}
	return false;
}

static void
buckets_are_a_power_of_two_and_enough(void **state)
{
	(void)state;
	for (uint32_t n = 0; n <= UINT16_MAX; n++) {
		uint32_t b = ut_index_buckets((uint16_t)n);

		assert_true(b >= n && b > 0 && (b & (b - 1)) == 0 && b < 2 * n + 2);
	}
}

static void
random_additions_and_removals_are_found_and_not_found(void **state)
{
	uint16_t buckets[BUCKETS], next[N];
	struct ut_index ix = { buckets, next, BUCKETS - 1 };
	uint32_t hash[N] = { 0 };
	bool in[N] = { false };
	uint16_t n = 0;

	(void)state;
	assert_int_equal(ut_index_buckets(N), BUCKETS);
	ut_index_init(ix);
	srand(1);
	for (unsigned k = 0; k < 20000; k++) {
		uint16_t i = (uint16_t)((unsigned)rand() % N);

		if (in[i]) {
			ut_index_remove(ix, hash[i], i);
		} else {
			hash[i] = (uint32_t)rand() % (k % 2 == 0 ? 4 : 4000); /* crowded buckets too */
			ut_index_add(ix, hash[i], i);
		}
		in[i] = !in[i];
		n = (uint16_t)(in[i] ? n + 1 : n - 1);
		assert_int_equal(ut_index_count(ix, N), n);
		for (uint16_t s = 0; s < N; s++)
			assert_int_equal(is_found(ix, hash[s], s), in[s]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buckets_are_a_power_of_two_and_enough),
		cmocka_unit_test(random_additions_and_removals_are_found_and_not_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
