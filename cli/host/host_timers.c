/* host_timers.c - the host's own timers
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/host/host_timers.h"

#include "cli/host/host_memory.h"

#include <assert.h>

static struct ut_tick
tick_of(uint64_t us)
{
	return (struct ut_tick){ (uint32_t)(us / 1000) };
}

bool
host_timers_init(struct host_timers *t, unsigned n, uint64_t now_us)
{
	assert(n < UT_WHEEL_NONE);
	*t = (struct host_timers){ .n = (uint16_t)n, .seen_us = now_us };
	t->nodes = host_memory_new(n * sizeof t->nodes[0]);
	if (t->nodes == NULL)
		return false;
	ut_wheel_init(&t->wheel, t->nodes, t->n, tick_of(now_us));
	return true;
}

void
host_timers_fini(struct host_timers *t)
{
	host_memory_free(t->nodes, t->n * sizeof t->nodes[0]);
	*t = (struct host_timers){ .nodes = NULL };
}

/* An empty wheel's idea of time goes stale, and after a long sleep ticks cannot tell before from after.  Time does not go
 * back: who runs the timers may have read the clock before those were set that he finds. */
static void
keep_time(struct host_timers *t, uint64_t now_us)
{
	const uint64_t far_us = (UINT64_C(1) << 30) * 1000;

	if (now_us <= t->seen_us)
		return;
	if (t->wheel.n_armed == 0)
		t->wheel.base = tick_of(now_us);
	else if (now_us - t->seen_us > far_us)
		ut_wheel_hasten(&t->wheel, t->nodes, t->n, tick_of(now_us));
	t->seen_us = now_us;
}

void
host_timers_set(struct host_timers *t, unsigned i, uint64_t now_us, uint64_t at_us)
{
	keep_time(t, now_us);
	ut_wheel_arm(&t->wheel, t->nodes, (uint16_t)i, tick_of(at_us + 999));
}

void
host_timers_set_once(struct host_timers *t, unsigned i, uint64_t now_us, uint64_t at_us)
{
	if (!ut_wheel_is_armed(t->nodes, (uint16_t)i))
		host_timers_set(t, i, now_us, at_us);
}

void
host_timers_stop(struct host_timers *t, unsigned i)
{
	ut_wheel_disarm(&t->wheel, t->nodes, (uint16_t)i);
}

uint16_t
host_timers_take(struct host_timers *t, uint64_t now_us)
{
	keep_time(t, now_us);
	return ut_wheel_take(&t->wheel, t->nodes, tick_of(now_us));
}

bool
host_timers_next(const struct host_timers *t, uint64_t now_us, uint64_t *at_us)
{
	struct ut_tick when;

	if (!ut_wheel_next(&t->wheel, &when))
		return false;
	const int32_t ahead = (int32_t)(when.ms - tick_of(now_us).ms);
	*at_us = ahead <= 0 ? now_us : (now_us / 1000 + (uint32_t)ahead) * 1000;
	return true;
}
