/* test_wheel.c - the timer wheel against a plain list
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/wheel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

enum { N = 50, OPERATIONS = 100000 };

/* The oracle: ticks as 64 bits, which do not wrap. */
struct both {
	struct ut_wheel w;
	struct ut_wheel_node nodes[N];
	uint64_t when[N], now;
	bool armed[N];
	uint64_t noise;
};

static uint64_t
noise(struct both *b)
{
	b->noise ^= b->noise << 13;
	b->noise ^= b->noise >> 7;
	b->noise ^= b->noise << 17;
	return b->noise;
}

static struct ut_tick
tick(uint64_t ms)
{
	return (struct ut_tick){ (uint32_t)ms };
}

static void
start(struct both *b, uint64_t now, uint64_t seed)
{
	*b = (struct both){ .now = now, .noise = seed };
	ut_wheel_init(&b->w, b->nodes, N, tick(now));
}

static bool
earliest(const struct both *b, uint64_t *when)
{
	bool any = false;

	for (unsigned i = 0; i < N; i++) {
		if (!b->armed[i] || (any && b->when[i] >= *when))
			continue;
		*when = b->when[i];
		any = true;
	}
	return any;
}

static void
arm(struct both *b)
{
	uint16_t i = (uint16_t)(noise(b) % N);
	uint64_t ahead = noise(b) >> (33 + noise(b) % 31); /* up to 2^31, mostly less */

	b->when[i] = b->now + ahead;
	b->armed[i] = true;
	ut_wheel_arm(&b->w, b->nodes, i, tick(b->when[i]));
	assert_true(ut_wheel_is_armed(b->nodes, i));
}

static void
disarm(struct both *b)
{
	uint16_t i = (uint16_t)(noise(b) % N);

	b->armed[i] = false;
	ut_wheel_disarm(&b->w, b->nodes, i);
	assert_false(ut_wheel_is_armed(b->nodes, i));
}

/* Time goes on; everything due comes out, earliest first, and nothing else. */
static void
advance(struct both *b)
{
	uint64_t when = 0, ahead = noise(b) >> (34 + noise(b) % 30);
	uint16_t i;

	if (noise(b) % 2 == 0 && earliest(b, &when))
		ahead = when - b->now;
	b->now += ahead;
	for (;;) {
		bool any = earliest(b, &when);

		i = ut_wheel_take(&b->w, b->nodes, tick(b->now));
		if (i == UT_WHEEL_NONE) {
			assert_true(!any || when > b->now);
			return;
		}
		assert_true(b->armed[i] && any && b->when[i] == when && when <= b->now);
		b->armed[i] = false;
	}
}

static void
check_next(const struct both *b)
{
	struct ut_tick next;
	uint64_t when = 0;
	bool any = earliest(b, &when);

	assert_int_equal(ut_wheel_next(&b->w, &next), any);
	if (any) /* never late */
		assert_true(ut_tick_is_reached(tick(when), next));
}

static void
random_operations_agree_with_a_sorted_list_across_the_wrap(void **state)
{
	static const uint64_t starts[] = { 0, 1, UINT32_MAX - 10, UINT64_C(0x7ffffff0),
					   UINT64_C(0xbfffffff) };
	static struct both b;

	(void)state;
	for (unsigned s = 0; s < sizeof starts / sizeof starts[0]; s++) {
		start(&b, starts[s], 88172645463325252u + s);
		for (unsigned k = 0; k < OPERATIONS / 5; k++) {
			switch (noise(&b) % 4) {
			case 0:
			case 1:
				arm(&b);
				break;
			case 2:
				disarm(&b);
				break;
			default:
				advance(&b);
				break;
			}
			check_next(&b);
		}
	}
}

static void
a_tick_that_is_past_is_due_at_once(void **state)
{
	static struct both b;

	(void)state;
	start(&b, 1000, 1);
	ut_wheel_arm(&b.w, b.nodes, 3, tick(10));
	assert_int_equal(ut_wheel_take(&b.w, b.nodes, tick(1000)), 3);
	assert_int_equal(ut_wheel_take(&b.w, b.nodes, tick(1000)), UT_WHEEL_NONE);
}

static void
timers_of_one_tick_all_come(void **state)
{
	static struct both b;
	unsigned seen = 0;
	uint16_t i;

	(void)state;
	start(&b, 5, 1);
	for (uint16_t k = 0; k < N; k++)
		ut_wheel_arm(&b.w, b.nodes, k, tick(70000));
	assert_int_equal(ut_wheel_take(&b.w, b.nodes, tick(69999)), UT_WHEEL_NONE);
	while ((i = ut_wheel_take(&b.w, b.nodes, tick(70000))) != UT_WHEEL_NONE)
		seen++;
	assert_int_equal(seen, N);
}

static void
after_a_gap_too_long_to_tell_every_timer_is_due(void **state)
{
	static struct both b;
	struct ut_tick next;
	unsigned seen = 0;

	(void)state;
	start(&b, 5, 1);
	for (uint16_t k = 0; k < N; k += 2)
		ut_wheel_arm(&b.w, b.nodes, k, tick(UINT64_C(1) << (k % 31)));
	ut_wheel_hasten(&b.w, b.nodes, N, tick(UINT64_C(0xc0000000)));
	assert_true(ut_wheel_next(&b.w, &next));
	assert_int_equal(next.ms, UINT32_C(0xc0000000));
	while (ut_wheel_take(&b.w, b.nodes, tick(UINT64_C(0xc0000000))) != UT_WHEEL_NONE)
		seen++;
	assert_int_equal(seen, N / 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_operations_agree_with_a_sorted_list_across_the_wrap),
		cmocka_unit_test(a_tick_that_is_past_is_due_at_once),
		cmocka_unit_test(timers_of_one_tick_all_come),
		cmocka_unit_test(after_a_gap_too_long_to_tell_every_timer_is_due),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
