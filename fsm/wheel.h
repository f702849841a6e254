/* wheel.h - timers whose cost does not grow with their number
 * SPDX-License-Identifier: Apache-2.0
 *
 * A radix wheel of milliseconds: a timer lies on the level of the highest digit (base 32) in which its tick differs
 * from the wheel's own.  Arming, disarming and finding the next are O(1); a timer is moved at most six times in
 * its life.  Nodes are indexes into an array beside the wheel, so the whole is relocatable.
 */
#ifndef FSM_WHEEL_H
#define FSM_WHEEL_H

#include "fsm/time.h"

enum { UT_WHEEL_LEVELS = 8, UT_WHEEL_SLOTS = 16, UT_WHEEL_NONE = 0xffff };

struct ut_wheel_node {
	struct ut_tick when;
	uint16_t next, prev; /* in the slot's ring; UT_WHEEL_NONE: not armed */
	uint8_t level, slot;
	uint16_t zero;
};

struct ut_wheel {
	struct ut_tick base;		/* no armed timer is before it */
	uint32_t used[UT_WHEEL_LEVELS]; /* bit = slot has timers */
	uint16_t head[UT_WHEEL_LEVELS][UT_WHEEL_SLOTS];
	uint16_t n_armed;
	uint16_t zero;
};

void ut_wheel_init(struct ut_wheel *w, struct ut_wheel_node *nodes, uint16_t n, struct ut_tick now);

/* Arms (or moves) timer i.  A tick before the wheel's base is due at once. */
void ut_wheel_arm(struct ut_wheel *w, struct ut_wheel_node *nodes, uint16_t i, struct ut_tick when);
/* Arms it, or moves it to an earlier tick; what is armed for an earlier one stays. */
void ut_wheel_advance(struct ut_wheel *w, struct ut_wheel_node *nodes, uint16_t i, struct ut_tick when);
void ut_wheel_disarm(struct ut_wheel *w, struct ut_wheel_node *nodes, uint16_t i);
bool ut_wheel_is_armed(const struct ut_wheel_node *nodes, uint16_t i);

/* Time jumped to `now`, too far for ticks to tell: every armed timer is due there. */
void ut_wheel_hasten(struct ut_wheel *w, struct ut_wheel_node *nodes, uint16_t n, struct ut_tick now);

/* Takes one timer that is due at `now` (disarmed), earliest first; UT_WHEEL_NONE when there is none. */
uint16_t ut_wheel_take(struct ut_wheel *w, struct ut_wheel_node *nodes, struct ut_tick now);

/* When to look again: at or before the next timer (early by a slot's width at most).  False: none armed. */
bool ut_wheel_next(const struct ut_wheel *w, struct ut_tick *when);

#endif
