/* blocks.c - the pool of message blocks
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/blocks.h"

#include <assert.h>

enum { ROOM = sizeof((struct ut_block *)0)->data };

_Static_assert(sizeof(struct ut_block) == UT_BLOCK_OCTETS, "a block is 64 octets");

void
ut_blocks_init(struct ut_blocks *pool, struct ut_block *blocks, uint16_t n)
{
	*pool = (struct ut_blocks){ .free_head = n == 0 ? UT_BLOCK_NONE : 0, .n_free = n, .n = n };
	for (uint16_t i = 0; i < n; i++) {
		memset(&blocks[i], 0, sizeof blocks[i]);
		blocks[i].next = i + 1 < n ? (uint16_t)(i + 1) : UT_BLOCK_NONE;
	}
}

static uint16_t
take(struct ut_blocks *pool, struct ut_block *blocks)
{
	uint16_t i = pool->free_head;

	pool->free_head = blocks[i].next;
	pool->n_free--;
	blocks[i].next = UT_BLOCK_NONE;
	return i;
}

uint16_t
ut_blocks_put(struct ut_blocks *pool, struct ut_block *blocks, struct ut_slice message)
{
	size_t need = message.n == 0 ? 1 : (message.n + ROOM - 1) / ROOM;
	uint16_t first = UT_BLOCK_NONE, *link = &first;

	if (need > pool->n_free || message.n > UINT16_MAX)
		return UT_BLOCK_NONE;
	for (size_t at = 0; need > 0; need--, at += ROOM) {
		size_t n = message.n - at < ROOM ? message.n - at : ROOM;
		uint16_t i = take(pool, blocks);

		memcpy(blocks[i].data, message.p + at, n);
		*link = i;
		link = &blocks[i].next;
	}
	blocks[first].octets = (uint16_t)message.n;
	blocks[first].next_message = UT_BLOCK_NONE;
	return first;
}

void
ut_blocks_get(const struct ut_block *blocks, uint16_t first, uint8_t *out)
{
	size_t left = blocks[first].octets;

	for (uint16_t i = first; left > 0; i = blocks[i].next) {
		size_t n = left < ROOM ? left : ROOM;

		assert(i != UT_BLOCK_NONE);
		memcpy(out, blocks[i].data, n);
		out += n;
		left -= n;
	}
}

void
ut_blocks_drop(struct ut_blocks *pool, struct ut_block *blocks, uint16_t first)
{
	while (first != UT_BLOCK_NONE) {
		uint16_t next = blocks[first].next;

		memset(&blocks[first], 0, sizeof blocks[first]);
		blocks[first].next = pool->free_head;
		pool->free_head = first;
		pool->n_free++;
		first = next;
	}
}
