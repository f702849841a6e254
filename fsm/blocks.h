/* blocks.h - messages kept in a pool of small blocks
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a tunnel has in flight, and what came out of order, is copied into chains of 64-octet blocks that all
 * tunnels of an engine share.  Blocks are named by index, so the pool is relocatable.
 */
#ifndef FSM_BLOCKS_H
#define FSM_BLOCKS_H

#include "codec/bytes.h"

enum { UT_BLOCK_OCTETS = 64, UT_BLOCK_NONE = 0xffff };

/* A block of a chain.  In the first of a message `octets`, `tag` and `next_message` are in use. */
struct ut_block {
	uint16_t next;	       /* block of this message, or of the free list */
	uint16_t next_message; /* for the owner's queues */
	uint16_t octets;       /* of the whole message */
	uint16_t tag;	       /* the owner's: Ns */
	uint8_t data[UT_BLOCK_OCTETS - 8];
};

struct ut_blocks {
	uint16_t free_head, n_free, n;
	uint16_t zero;
};

void ut_blocks_init(struct ut_blocks *pool, struct ut_block *blocks, uint16_t n);

/* Copies a message in; its first block, or UT_BLOCK_NONE when too few are free (nothing is taken then). */
uint16_t ut_blocks_put(struct ut_blocks *pool, struct ut_block *blocks, struct ut_slice message) UT_MUST_USE;

/* Copies a message out to `out`, which has room for its `octets`. */
void ut_blocks_get(const struct ut_block *blocks, uint16_t first, uint8_t *out);

/* Wipes and frees a message. */
void ut_blocks_drop(struct ut_blocks *pool, struct ut_block *blocks, uint16_t first);

#endif
