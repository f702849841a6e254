/* io_virtual_events.c - what is to happen in a world in memory, the next first
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/host/io_virtual_world.h"

#include <stdlib.h>

static bool
is_before(const struct event *a, const struct event *b)
{
	if (a->due_us != b->due_us)
		return a->due_us < b->due_us;
	return a->kind != b->kind ? a->kind < b->kind : a->order < b->order;
}

static bool
make_room(struct events *events)
{
	const size_t cap = events->cap > 0 ? 2 * events->cap : 64;

	if (events->n < events->cap)
		return true;
	struct event **v = realloc(events->v, cap * sizeof(struct event *));
	if (v == NULL)
		return false;
	events->v = v;
	events->cap = cap;
	return true;
}

bool
ut_world_events_add(struct events *events, struct event *event)
{
	if (!make_room(events))
		return false;
	size_t at = events->n++;
	for (; at > 0 && is_before(event, events->v[(at - 1) / 2]); at = (at - 1) / 2)
		events->v[at] = events->v[(at - 1) / 2];
	events->v[at] = event;
	return true;
}

/* The last one goes where the first was, and down from there. */
static void
sink(struct events *events, struct event *event)
{
	size_t at = 0, child;

	while ((child = 2 * at + 1) < events->n) {
		if (child + 1 < events->n && is_before(events->v[child + 1], events->v[child]))
			child++;
		if (!is_before(events->v[child], event))
			break;
		events->v[at] = events->v[child];
		at = child;
	}
	events->v[at] = event;
}

struct event *
ut_world_events_take(struct events *events)
{
	struct event *first;

	if (events->n == 0)
		return NULL;
	first = events->v[0];
	events->n--;
	if (events->n > 0)
		sink(events, events->v[events->n]);
	return first;
}

void
ut_world_events_fini(struct events *events)
{
	for (size_t i = 0; i < events->n; i++)
		free(events->v[i]);
	free(events->v);
	*events = (struct events){ .n = 0 };
}
