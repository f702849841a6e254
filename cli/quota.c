/* quota.c - an allocator for protobuf-c that gives a bounded sum and wipes what it takes back
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/quota.h"

#include <stdalign.h>
#include <stdlib.h>

/* Stands before every block and keeps the block as aligned as malloc's. */
struct prefix {
	alignas(max_align_t) size_t octets;
};

static void *
give(void *arg, size_t octets)
{
	struct quota *q = arg;
	struct prefix *block;

	if (octets > q->left) {
		q->is_exhausted = true;
		return NULL;
	}
	block = malloc(sizeof *block + octets);
	if (block == NULL) {
		q->is_exhausted = true;
		return NULL;
	}
	q->left -= octets;
	block->octets = octets;
	return block + 1;
}

static void
take_back(void *arg, void *p)
{
	struct quota *q = arg;
	struct prefix *block;

	if (p == NULL)
		return;
	block = (struct prefix *)p - 1;
	q->left += block->octets;
	ut_wipe(p, block->octets);
	free(block);
}

void
quota_init(struct quota *q, size_t octets)
{
	q->pb = (ProtobufCAllocator){ .alloc = give, .free = take_back, .allocator_data = q };
	q->left = octets;
	q->is_exhausted = false;
}

size_t
quota_block_octets(const void *block)
{
	return ((const struct prefix *)block - 1)->octets;
}
