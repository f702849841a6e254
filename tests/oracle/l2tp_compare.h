/* l2tp_compare.h - the codec's decoder and the hand-written one side by side on one datagram
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_ORACLE_L2TP_COMPARE_H
#define TESTS_ORACLE_L2TP_COMPARE_H

#include "codec/l2tp.h"

enum { L2TP_COMPARE_SCRATCH_MAX = 65536 };

/* True if both say the same: verdict, fault, every field of header and message, the plaintext of what was hidden.
 * `secret` may be NULL; `scratch_octets` (at most L2TP_COMPARE_SCRATCH_MAX) are there for plaintexts. */
bool l2tp_compare(struct ut_slice datagram, const struct l2tp_secret *secret, size_t scratch_octets);

#endif
