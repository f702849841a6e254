/* index.c - chained hashing over slot numbers
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/index.h"

#include <assert.h>

uint32_t
ut_index_buckets(uint16_t n)
{
	uint32_t buckets = 1;

	while (buckets < n)
		buckets *= 2;
	return buckets;
}

void
ut_index_init(struct ut_index ix)
{
	for (uint32_t b = 0; b <= ix.mask; b++)
		ix.buckets[b] = UT_INDEX_NONE;
}

void
ut_index_add(struct ut_index ix, uint32_t hash, uint16_t slot)
{
	ix.next[slot] = ix.buckets[hash & ix.mask];
	ix.buckets[hash & ix.mask] = slot;
}

void
ut_index_remove(struct ut_index ix, uint32_t hash, uint16_t slot)
{
	uint16_t *link = &ix.buckets[hash & ix.mask];

	while (*link != slot) {
		assert(*link != UT_INDEX_NONE);
		link = &ix.next[*link];
	}
	*link = ix.next[slot];
	ix.next[slot] = UT_INDEX_NONE;
}

uint16_t
ut_index_count(struct ut_index ix, uint16_t n)
{
	uint16_t count = 0;

	for (uint32_t b = 0; b <= ix.mask; b++)
		for (uint16_t i = ix.buckets[b]; i != UT_INDEX_NONE; i = ix.next[i]) {
			assert(i < n && count < n);
			count++;
		}
	return count;
}
