/* bench_codec_pptp.h - the part of bench_codec that measures PPTP messages and GRE headers
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_BENCH_BENCH_CODEC_PPTP_H
#define TESTS_BENCH_BENCH_CODEC_PPTP_H

#include <stddef.h>

/* Prints times and gates; returns whether all of them hold. */
int bench_pptp_time(unsigned rounds);

/* Under callgrind: one dump a subject. */
void bench_pptp_count(void);

size_t bench_allocations(void); /* of this program so far */

#endif
