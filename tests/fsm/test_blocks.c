/* test_blocks.c - the pool of message blocks
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/blocks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

enum { N = 16, ROOM = UT_BLOCK_OCTETS - 8 };

struct fixture {
	struct ut_blocks pool;
	struct ut_block blocks[N];
	uint8_t octets[2048];
};

static void
start(struct fixture *f)
{
	ut_blocks_init(&f->pool, f->blocks, N);
	for (size_t k = 0; k < sizeof f->octets; k++)
		f->octets[k] = (uint8_t)(k * 7 + 1);
}

static void
a_message_of_any_length_comes_out_as_it_went_in(void **state)
{
	static struct fixture f;
	uint8_t out[2048];

	(void)state;
	start(&f);
	for (size_t n = 0; n <= (size_t)N * ROOM; n++) {
		uint16_t first = ut_blocks_put(&f.pool, f.blocks, ut_slice(f.octets, n));

		assert_int_not_equal(first, UT_BLOCK_NONE);
		assert_int_equal(f.blocks[first].octets, n);
		assert_int_equal(f.pool.n_free, N - (n == 0 ? 1 : (n + ROOM - 1) / ROOM));
		ut_blocks_get(f.blocks, first, out);
		assert_memory_equal(out, f.octets, n);
		ut_blocks_drop(&f.pool, f.blocks, first);
		assert_int_equal(f.pool.n_free, N);
	}
}

static void
what_does_not_fit_takes_nothing(void **state)
{
	static struct fixture f;
	uint16_t first;

	(void)state;
	start(&f);
	assert_int_equal(ut_blocks_put(&f.pool, f.blocks, ut_slice(f.octets, (size_t)N * ROOM + 1)),
			 UT_BLOCK_NONE);
	assert_int_equal(f.pool.n_free, N);
	first = ut_blocks_put(&f.pool, f.blocks, ut_slice(f.octets, (size_t)(N - 1) * ROOM));
	assert_int_equal(ut_blocks_put(&f.pool, f.blocks, ut_slice(f.octets, ROOM + 1)), UT_BLOCK_NONE);
	assert_int_equal(f.pool.n_free, 1);
	ut_blocks_drop(&f.pool, f.blocks, first);
	assert_int_equal(f.pool.n_free, N);
}

static void
a_pool_of_none_gives_none(void **state)
{
	struct ut_blocks pool;
	struct ut_block block;

	(void)state;
	ut_blocks_init(&pool, &block, 0);
	assert_int_equal(ut_blocks_put(&pool, &block, ut_slice(NULL, 0)), UT_BLOCK_NONE);
}

static void
a_dropped_message_is_wiped(void **state)
{
	static struct fixture f;
	static const uint8_t zeros[ROOM];
	uint16_t first;

	(void)state;
	start(&f);
	first = ut_blocks_put(&f.pool, f.blocks, ut_slice(f.octets, 300));
	ut_blocks_drop(&f.pool, f.blocks, first);
	for (unsigned k = 0; k < N; k++)
		assert_memory_equal(f.blocks[k].data, zeros, sizeof zeros);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_of_any_length_comes_out_as_it_went_in),
		cmocka_unit_test(what_does_not_fit_takes_nothing),
		cmocka_unit_test(a_pool_of_none_gives_none),
		cmocka_unit_test(a_dropped_message_is_wiped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
