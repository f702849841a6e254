/* turn.h - an engine on the real clock: events in, effects out, deadlines kept
 * SPDX-License-Identifier: Apache-2.0
 *
 * What peer and load share.  Answers to effects are queued and fed once all effects of a step are carried out.
 */
#ifndef TESTS_PEER_TURN_H
#define TESTS_PEER_TURN_H

#include "cli/host/io.h"
#include "fsm/engine.h"

typedef void turn_carry_out_fn(void *ctx, const struct ut_effect *fx);

struct turn {
	struct ut_engine *engine;
	struct ut_io io;
	turn_carry_out_fn *carry_out;
	void *ctx;
	struct ut_effect *effects;
	uint8_t *octets;
	struct ut_event *queue; /* grows */
	size_t queue_n, queue_cap;
	bool has_deadline;
	struct ut_time deadline;
	size_t random_wanted;
	size_t taken; /* of the octets of the last event fed from outside */
};

/* 0 or -errno. */
int turn_new(struct turn *t, const struct ut_engine_config *config, turn_carry_out_fn *carry_out, void *ctx);
void turn_free(struct turn *t);

struct ut_time turn_now(const struct turn *t);
/* From outside carry_out(): feeds the event, and everything that follows from it. */
void turn_feed(struct turn *t, struct ut_event event);
/* The same for what a stream brought: all of it, in as many steps as it takes. */
void turn_feed_stream(struct turn *t, struct ut_path path, struct ut_slice octets);
/* From inside carry_out(): fed later in the same turn. */
void turn_queue(struct turn *t, struct ut_event event);
/* Waits for descriptors, the engine's deadline, or `until` (may be NULL); feeds what is due.  0 or -errno. */
int turn_wait(struct turn *t, const struct ut_time *until);

#endif
