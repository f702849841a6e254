/* host_slots.c - which of n numbers are in use
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/host/host_slots.h"

#include "cli/host/host_memory.h"

#include <assert.h>

bool
host_slots_init(struct host_slots *s, unsigned n)
{
	assert(n < HOST_SLOT_NONE);
	*s = (struct host_slots){ .n = n };
	s->free = host_memory_new((n > 0 ? n : 1) * sizeof s->free[0]);
	return s->free != NULL;
}

void
host_slots_fini(struct host_slots *s)
{
	host_memory_free(s->free, (s->n > 0 ? s->n : 1) * sizeof s->free[0]);
	*s = (struct host_slots){ .n = 0 };
}

bool
host_slots_has_room(const struct host_slots *s)
{
	return s->n_free > 0 || s->n_fresh < s->n;
}

uint16_t
host_slots_take(struct host_slots *s)
{
	if (s->n_free == 0)
		return s->n_fresh < s->n ? (uint16_t)s->n_fresh++ : HOST_SLOT_NONE;
	const uint16_t slot = s->free[s->head];
	s->head = (s->head + 1) % s->n;
	s->n_free--;
	return slot;
}

void
host_slots_give(struct host_slots *s, uint16_t slot)
{
	assert(slot < s->n_fresh && s->n_free < s->n_fresh);
	s->free[(s->head + s->n_free++) % s->n] = slot;
}
