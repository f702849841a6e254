/* l2tp_plain.h - the L2TP decoder once more, by hand: no grammar, no tables (RFC 2661 sections 3.1 and 4)
 * SPDX-License-Identifier: Apache-2.0
 *
 * The oracle of codec/: the same contract as l2tp_header_decode() and l2tp_message_decode() (codec/l2tp.h), written
 * from the RFC as anyone would write it. It shares types with the codec and no code. It is also what the codec's
 * speed is measured against.
 */
#ifndef TESTS_ORACLE_L2TP_PLAIN_H
#define TESTS_ORACLE_L2TP_PLAIN_H

#include "codec/l2tp.h"

enum l2tp_fault_reason l2tp_plain_header_decode(struct ut_slice datagram, struct l2tp_header *out,
						struct l2tp_fault *fault) UT_MUST_USE;

enum l2tp_fault_reason l2tp_plain_message_decode(struct ut_slice datagram, const struct l2tp_header *header,
						 struct l2tp_unhide *unhide, struct l2tp_message *out,
						 struct l2tp_fault *fault) UT_MUST_USE;

#endif
