/* recorded.h - messages that others recorded, and noise to change them by, for the oracles of both protocols
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_ORACLE_RECORDED_H
#define TESTS_ORACLE_RECORDED_H

#include "codec/bytes.h"

/* What is done with each message; `seed` is another for each. */
typedef void (*recorded_fn)(void *ctx, struct ut_slice message, uint64_t seed);

/* Every message of the files of $UPTUN_BENCH (default ../shared/bench) that match: a length of two octets before each.
 * How many files there were; with none it says that it skips. */
size_t recorded_bench(const char *pattern, recorded_fn take, void *ctx);

/* Every message of the files of $UPTUN_CAPTURES (default ../shared/captures) that match, lines of frame, kind, flow and
 * hex, whose kind is one of the list, which NULL ends.  Likewise. */
size_t recorded_captures(const char *pattern, const char *const *kinds, recorded_fn take, void *ctx);

/* The next number of a sequence that the seed begins; it is not 0. */
uint32_t recorded_noise(uint64_t *seed);

#endif
