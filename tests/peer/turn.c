/* turn.c - an engine on the real clock
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/peer/turn.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

enum { EFFECTS = 256, EFFECT_OCTETS = 64 * 1024, RANDOM_OCTETS = 256 };

int
turn_new(struct turn *t, const struct ut_engine_config *config, turn_carry_out_fn *carry_out, void *ctx)
{
	void *memory = malloc(ut_engine_octets(config));

	*t = (struct turn){ .carry_out = carry_out, .ctx = ctx, .random_wanted = RANDOM_OCTETS / 2 };
	t->effects = calloc(EFFECTS, sizeof *t->effects);
	t->octets = malloc(EFFECT_OCTETS);
	if (memory == NULL || t->effects == NULL || t->octets == NULL) {
		free(memory);
		return -ENOMEM;
	}
	t->engine = ut_engine_init(memory, config);
	return ut_io_epoll_new(&t->io);
}

void
turn_free(struct turn *t)
{
	if (t->engine != NULL)
		ut_engine_fini(t->engine);
	free(t->engine);
	free(t->effects);
	free(t->octets);
	free(t->queue);
	ut_io_epoll_free(&t->io);
}

struct ut_time
turn_now(const struct turn *t)
{
	return t->io.ops->now(t->io.self);
}

void
turn_queue(struct turn *t, struct ut_event event)
{
	if (t->queue_n == t->queue_cap) {
		t->queue_cap = t->queue_cap * 2 + 16;
		t->queue = realloc(t->queue, t->queue_cap * sizeof *t->queue);
		assert(t->queue != NULL);
	}
	t->queue[t->queue_n++] = event;
}

/* How many of the event's octets were taken. */
static size_t
step(struct turn *t, struct ut_event event)
{
	struct ut_effects out = {
		.v = t->effects, .cap = EFFECTS, .octets = t->octets, .octets_cap = EFFECT_OCTETS
	};

	event.now = turn_now(t);
	ut_engine_step(t->engine, &event, &out);
	t->has_deadline = out.has_deadline;
	t->deadline = out.deadline;
	t->random_wanted = out.random_wanted;
	for (size_t k = 0; k < out.n; k++)
		t->carry_out(t->ctx, &out.v[k]);
	if (out.more)
		turn_queue(t, (struct ut_event){ .kind = UT_EV_CONTINUE });
	return out.taken;
}

static void
feed_random(struct turn *t)
{
	uint8_t octets[RANDOM_OCTETS];
	size_t n = t->random_wanted < sizeof octets ? t->random_wanted : sizeof octets;

	t->io.ops->random(t->io.self, octets, n);
	(void)step(t, (struct ut_event){ .kind = UT_EV_RANDOM, .bytes = ut_slice(octets, n) });
}

void
turn_feed(struct turn *t, struct ut_event event)
{
	if (t->random_wanted > 0)
		feed_random(t);
	t->taken = step(t, event);
	for (size_t k = 0; k < t->queue_n; k++) {
		if (t->random_wanted > 0)
			feed_random(t);
		(void)step(t, t->queue[k]);
	}
	t->queue_n = 0;
}

void
turn_feed_stream(struct turn *t, struct ut_path path, struct ut_slice octets)
{
	enum { STEPS = 4096 };

	for (unsigned k = 0; octets.n > 0 && k < STEPS; k++) {
		turn_feed(t, (struct ut_event){ .kind = UT_EV_STREAM, .path = path, .bytes = octets });
		octets = ut_slice(octets.p + t->taken, octets.n - t->taken);
	}
}

int
turn_wait(struct turn *t, const struct ut_time *until)
{
	const struct ut_time *first = t->has_deadline ? &t->deadline : until;
	int r;

	if (first != NULL && until != NULL && until->us < first->us)
		first = until;
	r = t->io.ops->wait(t->io.self, first);
	if (t->has_deadline && turn_now(t).us >= t->deadline.us)
		turn_feed(t, (struct ut_event){ .kind = UT_EV_DEADLINE });
	return r;
}
