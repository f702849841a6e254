/* stream.h - one direction of a TCP connection put in order
 * SPDX-License-Identifier: Apache-2.0
 *
 * What comes early is kept, within bounds; what came already is dropped; what never comes is a gap that is told.
 */
#ifndef CLI_REPLAY_STREAM_H
#define CLI_REPLAY_STREAM_H

#include "codec/bytes.h"

enum { STREAM_EARLY = 8, STREAM_EARLY_OCTETS = 8192 };

struct stream_early {
	uint32_t sequence;
	uint32_t at, n; /* in octets */
};

/* All zero: nothing was seen. */
struct stream {
	bool is_begun;
	uint32_t next; /* the sequence number that comes next */
	struct ut_slice now;
	uint64_t lost; /* octets that no one will see */
	uint64_t repeated;
	uint32_t early_n, kept;
	struct stream_early early[STREAM_EARLY];
	uint8_t *octets; /* of the early ones; owned, allocated when first needed */
};

/* The stream's first octet is the one after `sequence` (of a SYN). */
void stream_begin(struct stream *s, uint32_t sequence);

/* Takes a segment, whose octets live until stream_next() has said false.  Octets that the
 * capture cut off show as a gap before the next segment. */
void stream_put(struct stream *s, uint32_t sequence, struct ut_slice octets);

/* The next octets in order; `*gap` are missing before them.  False: none yet. */
bool stream_next(struct stream *s, struct ut_slice *octets, uint64_t *gap);

/* The receiver has everything before `acknowledgment`: what is missing of that, the capture missed. */
void stream_acknowledged(struct stream *s, uint32_t acknowledgment);

/* True if the receiver has what was not seen here; it may still come, late. */
bool stream_is_behind(const struct stream *s, uint32_t acknowledgment);

/* Nothing more comes: call until stream_next() says false. */
void stream_end(struct stream *s);

void stream_fini(struct stream *s);

#endif
