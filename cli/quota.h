/* quota.h - an allocator for protobuf-c that gives a bounded sum and wipes what it takes back
 * SPDX-License-Identifier: Apache-2.0
 *
 * A small hostile message can ask protobuf-c for sixty times its size; the quota ends that.  Blocks are
 * wiped when freed, because passwords pass through them.
 */
#ifndef CLI_QUOTA_H
#define CLI_QUOTA_H

#include <protobuf-c/protobuf-c.h>

#include "codec/bytes.h"

struct quota {
	ProtobufCAllocator pb; /* give its address to protobuf-c; valid while the quota stays where it is */
	size_t left;	       /* octets still to be given */
	bool is_exhausted;     /* a request was refused */
};

/* A quota of `octets`, counted as asked for. */
void quota_init(struct quota *q, size_t octets);

/* The octets asked for when `block`, which came from a quota, was allocated. */
size_t quota_block_octets(const void *block) UT_MUST_USE;

#endif
