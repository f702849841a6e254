/* host_timers.h - when a host has to look after something itself; what the engine waits for is the engine's business
 * SPDX-License-Identifier: Apache-2.0
 *
 * One timer a profile, one a link, and a few of the host's own, on a wheel: setting one and finding the next cost the
 * same however many there are.  A timer is never early, and late by a millisecond at most.
 */
#ifndef CLI_HOST_HOST_TIMERS_H
#define CLI_HOST_HOST_TIMERS_H

#include "fsm/wheel.h"

/* Of the host's own, behind those of profiles and links. */
enum host_own_timer {
	HOST_TIMER_STREAMS, /* one that is being closed has had its time */
	HOST_TIMER_LOOK,    /* at sessions that may be lost */
	HOST_TIMER_SWEEP,   /* over all profiles, see host_sweep.c */
	HOST_OWN_TIMER_N
};

struct host_timers {
	struct ut_wheel wheel;
	struct ut_wheel_node *nodes; /* owned */
	uint64_t seen_us;	     /* when it was last looked at */
	uint16_t n;
};

/* n timers, none set.  False: no memory. */
bool host_timers_init(struct host_timers *t, unsigned n, uint64_t now_us);
void host_timers_fini(struct host_timers *t);

/* Sets timer i, or moves it. */
void host_timers_set(struct host_timers *t, unsigned i, uint64_t now_us, uint64_t at_us);
void host_timers_stop(struct host_timers *t, unsigned i);
/* Sets it unless it is set already. */
void host_timers_set_once(struct host_timers *t, unsigned i, uint64_t now_us, uint64_t at_us);

/* One that is due, stopped; UT_WHEEL_NONE: none is. */
uint16_t host_timers_take(struct host_timers *t, uint64_t now_us);

/* When to look again, at or before the next timer.  False: none is set. */
bool host_timers_next(const struct host_timers *t, uint64_t now_us, uint64_t *at_us);

#endif
