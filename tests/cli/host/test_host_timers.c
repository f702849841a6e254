/* test_host_timers.c - the host's own timers: never early, also when two of its clocks' readings are told out of order
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/host/host_timers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { N = 4 };
static const uint64_t second = 1000000, start = UINT64_C(5) * 1000000;

static void
a_timer_comes_when_it_is_due_and_once(void **state)
{
	struct host_timers t;

	(void)state;
	assert_true(host_timers_init(&t, N, start));
	host_timers_set(&t, 2, start, start + second);
	assert_int_equal(host_timers_take(&t, start + second - 1000), UT_WHEEL_NONE);
	assert_int_equal(host_timers_take(&t, start + second), 2);
	assert_int_equal(host_timers_take(&t, start + second), UT_WHEEL_NONE);
	host_timers_fini(&t);
}

/* Whoever runs the timers reads the clock once; what they do reads it again, later. */
static void
a_timer_set_at_a_later_time_than_the_one_that_is_run_is_not_due(void **state)
{
	struct host_timers t;

	(void)state;
	assert_true(host_timers_init(&t, N, start));
	host_timers_set(&t, 0, start + 7000, start + second);
	assert_int_equal(host_timers_take(&t, start), UT_WHEEL_NONE);
	assert_int_equal(host_timers_take(&t, start + 6999), UT_WHEEL_NONE);
	assert_int_equal(host_timers_take(&t, start + second), 0);
	host_timers_fini(&t);
}

static void
a_timer_set_anew_each_time_it_runs_ends_the_turn(void **state)
{
	struct host_timers t;
	uint64_t clock = start;
	unsigned runs = 0;

	(void)state;
	assert_true(host_timers_init(&t, N, start));
	host_timers_set(&t, 1, clock, clock);
	const uint64_t turn = start + 1000;
	while (host_timers_take(&t, turn) != UT_WHEEL_NONE && runs < 100) {
		runs++;
		clock += 2000;
		host_timers_set(&t, 1, clock, clock + second);
	}
	assert_int_equal(runs, 1);
	host_timers_fini(&t);
}

static void
a_long_sleep_makes_every_timer_due(void **state)
{
	const uint64_t weeks = UINT64_C(3600) * 24 * 20 * second;
	struct host_timers t;

	(void)state;
	assert_true(host_timers_init(&t, N, start));
	host_timers_set(&t, 3, start, start + second);
	assert_int_equal(host_timers_take(&t, start + weeks), 3);
	host_timers_fini(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_timer_comes_when_it_is_due_and_once),
		cmocka_unit_test(a_timer_set_at_a_later_time_than_the_one_that_is_run_is_not_due),
		cmocka_unit_test(a_timer_set_anew_each_time_it_runs_ends_the_turn),
		cmocka_unit_test(a_long_sleep_makes_every_timer_due),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
