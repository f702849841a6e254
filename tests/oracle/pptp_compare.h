/* pptp_compare.h - the codec's readers and the hand-written ones side by side, on a stream and on a GRE packet
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_ORACLE_PPTP_COMPARE_H
#define TESTS_ORACLE_PPTP_COMPARE_H

#include "codec/gre.h"
#include "codec/pptp.h"

/* Reads all of `octets` as the next piece of two streams, `ours` with the codec and `plain` by hand. True if both say
 * the same each time: result, octets taken, fault, every field of every message. */
bool pptp_compare(struct pptp_stream *ours, struct pptp_stream *plain, struct ut_slice octets);

/* The same of a packet. */
bool gre_compare(struct ut_slice packet);

#endif
