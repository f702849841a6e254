/* drive.h - an engine driven by an input: what the engine targets of both protocols do alike
 * SPDX-License-Identifier: Apache-2.0
 *
 * The input's octets choose what happens; what the host owes for an effect waits until the input has it answered.
 * ut_engine_check() runs after every event.
 */
#ifndef FUZZ_DRIVE_H
#define FUZZ_DRIVE_H

#include "fuzz/check.h"
#include "fsm/engine.h"

#include <stdio.h>
#include <stdlib.h>

enum { DRIVE_CLIENTS = 2, DRIVE_LINKS = 4, DRIVE_PENDING_MAX = 32 };

/* The first member of each target's world, which its functions get from it by a cast. */
struct drive {
	const uint8_t *in, *end;
	struct ut_engine *e; /* owned */
	struct ut_engine_config config;
	struct ut_time now, deadline;
	bool has_deadline;
	uint64_t noise; /* not 0 */
	struct ut_path listen;
	struct ut_ref client[DRIVE_CLIENTS], link[DRIVE_LINKS];
	struct ut_event pending[DRIVE_PENDING_MAX]; /* answers that the host owes */
	unsigned n_pending;
	size_t taken;	    /* of the last UT_EV_STREAM */
	size_t effects_cap; /* of a step */
	unsigned steps_max; /* for one event, and for one time of settling */
	void (*carry_out)(struct drive *d, const struct ut_effect *fx);
	/* pending[i] is answered, with an errno or 0, and gone. */
	void (*answer)(struct drive *d, unsigned i, int err);
	void (*hush)(struct drive *d); /* while it settles nothing is on the wire; may be NULL */
};

/* The input's next octet; 0 behind its end. */
unsigned drive_take(struct drive *d);
uint64_t drive_noise(struct drive *d);

/* The event that answers an effect; UT_EVENT_N: none does. */
enum ut_event_kind drive_answer_to(enum ut_effect_kind kind);
/* Dropped when too many are owed. */
void drive_owe(struct drive *d, struct ut_event ev);
/* Takes it off the list. */
struct ut_event drive_due(struct drive *d, unsigned i);
void drive_answer_all(struct drive *d);

/* Feeds the event, and goes on until the engine has no more to say. */
void drive_feed(struct drive *d, struct ut_event ev);
/* To the deadline, or on by a millisecond to nine minutes. */
void drive_time(struct drive *d, unsigned how);
/* Time goes by, deadline by deadline, and everything is answered. */
void drive_settle(struct drive *d, uint64_t ms);

/* Makes the engine of `config`. */
void drive_make_engine(struct drive *d);
/* Bit k of `links`: client k has two. */
void drive_make_clients(struct drive *d, struct ut_client_config c, unsigned links);
void drive_stop_clients(struct drive *d);
/* Each of them is idle, and goes; then no link is left. */
void drive_free_clients(struct drive *d);
void drive_free_engine(struct drive *d);

#endif
