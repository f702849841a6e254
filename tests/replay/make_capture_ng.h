/* make_capture_ng.h - pcapng files made in memory
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_REPLAY_MAKE_CAPTURE_NG_H
#define TESTS_REPLAY_MAKE_CAPTURE_NG_H

#include "tests/replay/make_capture.h"

/* A file under way. */
struct made_ng {
	struct made *made; /* borrowed */
	bool is_big_endian;
	size_t block; /* where it begins */
};

/* A file with its section header. */
struct made_ng made_ng_begin(struct made *to, bool is_big_endian);

/* A block of any type; what is in it goes to made->octets. */
void made_ng_begin_block(struct made_ng *ng, uint32_t type);
void made_ng_end_block(struct made_ng *ng);

/* `resolution` as if_tsresol; 0: the file does not say it. */
void made_ng_interface(struct made_ng *ng, unsigned link, uint32_t snap, unsigned resolution);
void made_ng_packet(struct made_ng *ng, unsigned interface, uint64_t ticks, const uint8_t *octets, size_t n);

/* The frames of a plain file, their times multiplied. */
void made_ng_all(struct made_ng *ng, const struct made *plain, uint64_t ticks_in_us);

#endif
