/* world_tidy.c - what makes no difference to a world is made the same, so that like worlds are one
 * SPDX-License-Identifier: Apache-2.0
 *
 * Why it makes none is argued for where it is done.  It is tried out, too: with EXPLORE_EVERYTHING every choice is taken
 * from a world as it is and from a tidied one, and what comes of both must be the same when tidied.
 */
#include "tests/model/seen.h"
#include "tests/model/world_internal.h"

#include "fsm/engine_internal.h"

#include <stdlib.h>

/* Results are owed in no order: each may be the next. */
static void
sort_tasks(struct world *w)
{
	for (unsigned k = 1; k < w->n_tasks; k++) {
		const struct world_task t = w->tasks[k];
		unsigned i = k;

		for (; i > 0 && memcmp(&w->tasks[i - 1], &t, sizeof t) > 0; i--)
			w->tasks[i] = w->tasks[i - 1];
		w->tasks[i] = t;
	}
}

/* No work is left between two events: where its ring begins, and what lay in it, is over. */
static void
forget_work(struct ut_engine *e)
{
	if (e->work_n > 0)
		return;
	e->work_head = 0;
	memset(e->work, 0, sizeof e->work);
}

/* What is not armed has no time, and a wheel on which nothing is starts from the next event.  An engine's own time is
 * that of its last event or the next one's, whichever is later, and the next is not before the world's. */
static void
forget_times(struct ut_engine *e, uint64_t now_us)
{
	struct ut_wheel_node *const nodes = engine_nodes(e);

	e->now.us = now_us;
	if (e->wheel.n_armed == 0)
		e->wheel.base.ms = 0;
	for (uint16_t i = 0; i < engine_n_nodes(e); i++)
		if (!ut_wheel_is_armed(nodes, i))
			nodes[i] = (struct ut_wheel_node){ .next = UT_WHEEL_NONE, .prev = UT_WHEEL_NONE };
	for (uint16_t i = 0; i < e->config.n_tunnels; i++) {
		struct tunnel *const t = engine_tunnel(e, i);

		for (unsigned k = 0; k < TIMER_N; k++)
			if ((t->armed >> k & 1) == 0)
				t->at[k].ms = 0;
	}
}

/* ---- in which blocks a message lies is nobody's business ---- */

enum { BLOCKS_MAX = 24 };

struct shelf {
	struct ut_blocks pool;
	struct ut_block blocks[BLOCKS_MAX];
};

static uint16_t
copy_message(struct shelf *to, const struct ut_block *from, uint16_t old)
{
	uint8_t octets[BLOCKS_MAX * UT_BLOCK_OCTETS];
	uint16_t first;

	ut_blocks_get(from, old, octets);
	first = ut_blocks_put(&to->pool, to->blocks, ut_slice(octets, from[old].octets));
	if (first == UT_BLOCK_NONE)
		abort();
	to->blocks[first].tag = from[old].tag;
	return first;
}

static void
move_messages(struct shelf *to, const struct ut_block *from, struct l2tp_transport *t)
{
	const struct l2tp_transport old = *t;
	uint16_t *link = &t->tx_head;

	for (uint16_t i = old.tx_head; i != UT_BLOCK_NONE; i = from[i].next_message) {
		*link = copy_message(to, from, i);
		if (i == old.tx_tail)
			t->tx_tail = *link;
		if (i == old.tx_next)
			t->tx_next = *link;
		link = &to->blocks[*link].next_message;
	}
	link = &t->rx_head;
	for (uint16_t i = old.rx_head; i != UT_BLOCK_NONE; i = from[i].next_message) {
		*link = copy_message(to, from, i);
		link = &to->blocks[*link].next_message;
	}
}

static void
order_blocks(struct ut_engine *e)
{
	struct shelf shelf;

	if (e->blocks.n == 0 || e->blocks.n > BLOCKS_MAX)
		return;
	ut_blocks_init(&shelf.pool, shelf.blocks, e->blocks.n);
	for (uint16_t i = 0; i < e->config.n_tunnels; i++)
		if ((engine_tunnel(e, i)->flags & TUNNEL_USED) != 0)
			move_messages(&shelf, engine_blocks(e), &engine_tunnel(e, i)->transport);
	e->blocks = shelf.pool;
	memcpy(engine_blocks(e), shelf.blocks, e->blocks.n * sizeof shelf.blocks[0]);
}

void
world_tidy(struct world *w)
{
	sort_tasks(w);
	for (unsigned side = 0; side < WORLD_SIDES; side++) {
		struct ut_engine *const e = world_engine(w, side);

		forget_work(e);
		forget_times(e, w->now_us);
		order_blocks(e);
	}
}

/* ---- which world it is ---- */

static uint64_t
hash_between(const struct ut_engine *e, uint32_t from, size_t to, uint64_t seed)
{
	return seen_hash((const uint8_t *)e + from, to - from, seed);
}

/* Parameters are those of the setup, blocks that are free follow from the number of them. */
static uint64_t
hash_engine(const struct ut_engine *e, uint64_t seed)
{
	const size_t used = (size_t)(e->blocks.n - e->blocks.n_free) * sizeof(struct ut_block);

	seed = hash_between(e, 0, e->params_at, seed);
	seed = hash_between(e, e->listeners_at, e->blocks_at + used, seed);
	return hash_between(e, e->nodes_at, e->octets, seed);
}

static bool
is_same_between(const struct ut_engine *a, const struct ut_engine *b, uint32_t from, uint32_t to)
{
	return memcmp((const uint8_t *)a + from, (const uint8_t *)b + from, to - from) == 0;
}

bool
world_engines_are_alike(const struct world *a, const struct world *b, unsigned side)
{
	const struct ut_engine *const x = world_engine(a, side), *const y = world_engine(b, side);

	return is_same_between(x, y, 0, x->params_at) &&
	       is_same_between(x, y, x->listeners_at, x->blocks_at) &&
	       is_same_between(x, y, x->nodes_at, x->octets);
}

uint64_t
world_hash(const struct world *w, uint64_t seed)
{
	const uint8_t *const from = (const uint8_t *)&w->broken;
	const uint8_t *const to = (const uint8_t *)&w->flights[w->n_flights];

	seed = seen_hash(from, (size_t)(to - from), seed);
	seed = seen_hash(w->pipes, w->n_pipes * sizeof w->pipes[0], seed);
	for (unsigned side = 0; side < WORLD_SIDES; side++)
		seed = hash_engine(world_engine(w, side), seed);
	return seed;
}

uint64_t
world_left(const struct world *w)
{
	const struct world_bounds *const b = &w->left;
	const uint8_t fields[] = { b->timeouts, b->failures, b->client_closes, b->server_closes,
				   b->hang_ups, b->calls,    b->severs,	       b->losses,
				   b->doubles,	b->cuts,     b->resets };
	uint64_t left = 0;

	for (unsigned k = 0; k < UT_COUNT(fields); k++)
		left = left << 5 | (fields[k] & 15);
	return left;
}

bool
world_left_covers(uint64_t more, uint64_t less)
{
	static const uint64_t carries = UINT64_C(0x42108421084210); /* bit 4 of each field */

	return (((more | carries) - less) & carries) == carries;
}
