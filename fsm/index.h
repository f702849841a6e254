/* index.h - finding slots by key: chained hashing over slot numbers
 * SPDX-License-Identifier: Apache-2.0
 *
 * The index knows hashes and slots; its user compares keys.  Buckets and links are two arrays of 16-bit slot
 * numbers that the caller keeps, so the whole is relocatable.
 */
#ifndef FSM_INDEX_H
#define FSM_INDEX_H

#include <stdint.h>

enum { UT_INDEX_NONE = 0xffff };

struct ut_index {
	uint16_t *buckets; /* mask + 1 of them */
	uint16_t *next;	   /* one a slot */
	uint32_t mask;
};

/* Buckets for n slots: a power of two, at least n. */
uint32_t ut_index_buckets(uint16_t n);

void ut_index_init(struct ut_index ix);
void ut_index_add(struct ut_index ix, uint32_t hash, uint16_t slot);
void ut_index_remove(struct ut_index ix, uint32_t hash, uint16_t slot); /* it must be there */

/* How many slots are in it; panics (assert) when one is n or more, or more than n are. */
uint16_t ut_index_count(struct ut_index ix, uint16_t n);

static inline uint16_t
ut_index_first(struct ut_index ix, uint32_t hash)
{
	return ix.buckets[hash & ix.mask];
}

static inline uint16_t
ut_index_next(struct ut_index ix, uint16_t slot)
{
	return ix.next[slot];
}

#endif
