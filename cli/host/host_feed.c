/* host_feed.c - events into the engine, its effects carried out in order
 * SPDX-License-Identifier: Apache-2.0
 *
 * A result that says "done" waits in a queue until the step that asked for it is carried out.  One that says
 * "failed" is fed at once, before any later effect of that step: steps therefore nest, each with room of its own.
 * Later effects of the outer step then find their handles dead and are skipped.
 */
#include "cli/host/host_state.h"

#include <assert.h>

static void
step(struct host *h, const struct ut_event *event, struct host_step *s)
{
	ut_engine_step(h->engine, event, &s->out);
	host_observe_step(h, event, &s->out);
	h->has_deadline = s->out.has_deadline;
	h->deadline = s->out.deadline;
	h->random_wanted = s->out.random_wanted;
	for (size_t i = 0; i < s->out.n; i++)
		host_carry_out(h, &s->out.v[i]);
}

/* Octets of a stream that were taken. */
static size_t
feed(struct host *h, struct ut_event event)
{
	assert(h->depth < HOST_STEPS);
	struct host_step *s = &h->buffers->steps[h->depth++];

	s->out = (struct ut_effects){
		.v = s->effects, .cap = HOST_EFFECTS, .octets = s->octets, .octets_cap = HOST_EFFECT_OCTETS
	};
	event.now = h->io.ops->now(h->io.self);
	step(h, &event, s);
	const size_t taken = s->out.taken;
	while (s->out.more) {
		const struct ut_event more = { .kind = UT_EV_CONTINUE, .now = h->io.ops->now(h->io.self) };

		step(h, &more, s);
	}
	h->depth--;
	return taken;
}

void
host_feed(struct host *h, struct ut_event event)
{
	(void)feed(h, event);
}

size_t
host_feed_stream(struct host *h, struct ut_path path, struct ut_slice octets)
{
	return feed(h, (struct ut_event){ .kind = UT_EV_STREAM, .path = path, .bytes = octets });
}

void
host_queue(struct host *h, struct ut_event event)
{
	assert(h->queue_n < h->queue_cap);
	h->queue[(h->queue_head + h->queue_n++) % h->queue_cap] = event;
}

static void
feed_or_queue(struct host *h, const struct ut_event *event)
{
	if (h->depth < HOST_STEPS)
		host_feed(h, *event);
	else
		host_queue(h, *event);
}

void
host_effect_failed(struct host *h, enum ut_event_kind kind, struct ut_ref ref, int err)
{
	feed_or_queue(h, &(struct ut_event){ .kind = kind, .ref = ref, .err = err < 0 ? -err : err });
}

void
host_stream_failed(struct host *h, struct ut_path path, int err)
{
	feed_or_queue(
	    h, &(struct ut_event){ .kind = UT_EV_STREAM_CLOSED, .path = path, .err = err < 0 ? -err : err });
}

void
host_effect_done(struct host *h, enum ut_event_kind kind, struct ut_ref ref)
{
	host_queue(h, (struct ut_event){ .kind = kind, .ref = ref });
}

static bool
feed_queued(struct host *h)
{
	if (h->queue_n == 0)
		return false;
	const struct ut_event event = h->queue[h->queue_head];
	h->queue_n--;
	h->queue_head = h->queue_n > 0 ? (h->queue_head + 1) % h->queue_cap : 0;
	host_feed(h, event);
	return true;
}

static bool
feed_random(struct host *h)
{
	uint8_t octets[256];

	if (h->random_wanted == 0)
		return false;
	const size_t n = h->random_wanted < sizeof octets ? h->random_wanted : sizeof octets;
	h->random_wanted = 0;
	h->io.ops->random(h->io.self, octets, n);
	host_feed(h, (struct ut_event){ .kind = UT_EV_RANDOM, .bytes = ut_slice(octets, n) });
	ut_wipe(octets, sizeof octets);
	return true;
}

static void
feed_order(struct host_profile *p)
{
	struct ut_event event = { .kind = UT_EV_STOP, .ref = p->client, .end.cause = UT_CAUSE_USER };

	if (p->wants_start) {
		p->wants_start = false;
		event = (struct ut_event){ .kind = UT_EV_START, .ref = p->client };
	} else {
		p->stops_asked--;
	}
	if (p->stops_asked > 0)
		host_list_add(&p->host->ordered, &p->ordered);
	host_feed(p->host, event);
}

static bool
feed_orders(struct host *h)
{
	struct host_list *first = host_list_take(&h->ordered);
	struct host_profile *p;

	if (first == NULL)
		return false;
	p = HOST_OF(first, struct host_profile, ordered);
	if (!p->is_ended)
		feed_order(p);
	return true;
}

static bool
feed_waiting(struct host *h)
{
	return feed_random(h) || feed_queued(h) || feed_orders(h);
}

void
host_drain(struct host *h)
{
	struct host_list *ended;

	while (feed_waiting(h))
		continue;
	while ((ended = host_list_take(&h->ended)) != NULL)
		host_profile_free(HOST_OF(ended, struct host_profile, ended));
}
