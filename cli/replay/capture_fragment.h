/* capture_fragment.h - fragments of IPv4 and IPv6 packets, put together again
 * SPDX-License-Identifier: Apache-2.0
 *
 * A table of fixed size: when it is full, the packet that was heard of longest ago is given up.
 */
#ifndef CLI_REPLAY_CAPTURE_FRAGMENT_H
#define CLI_REPLAY_CAPTURE_FRAGMENT_H

#include "cli/replay/capture.h"

enum { CAPTURE_FRAGMENTS = 64, CAPTURE_WHOLE_MAX = 65536 };

struct capture_fragment {
	struct capture_end from, to;
	uint32_t id;
	uint8_t protocol;
	bool is_last;
	size_t offset; /* octets */
	struct ut_slice octets;
	uint64_t frame;
};

struct capture_fragments {
	struct capture_whole *slots[CAPTURE_FRAGMENTS]; /* owned; NULL: never used */
	uint64_t given_up;
};

/* Takes a fragment; true: `*whole` is the payload of the packet that this one completed, and lives until the next call. */
bool capture_fragments_put(struct capture_fragments *all, const struct capture_fragment *one,
			   struct ut_slice *whole);

/* Packets still incomplete, and those given up. */
uint64_t capture_fragments_unfinished(const struct capture_fragments *all);

void capture_fragments_fini(struct capture_fragments *all);

#endif
