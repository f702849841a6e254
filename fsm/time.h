/* time.h - the core's two clocks: microseconds at the edge, milliseconds inside
 * SPDX-License-Identifier: Apache-2.0
 *
 * The core reads no clock: time comes in with every event.  Inside, deadlines are 32-bit milliseconds that
 * wrap after 49 days and are compared by difference, so they stay valid for ever as long as no deadline
 * lies more than 24 days ahead.
 */
#ifndef FSM_TIME_H
#define FSM_TIME_H

#include <stdbool.h>
#include <stdint.h>

/* Microseconds since any fixed moment; never goes back. */
struct ut_time {
	uint64_t us;
};

/* Milliseconds, modulo 2^32. */
struct ut_tick {
	uint32_t ms;
};

static inline struct ut_tick
ut_tick_add(struct ut_tick t, uint32_t ms)
{
	return (struct ut_tick){ t.ms + ms };
}

/* True when a is at or after b. */
static inline bool
ut_tick_is_reached(struct ut_tick a, struct ut_tick b)
{
	return (int32_t)(a.ms - b.ms) >= 0;
}

#endif
