/* pptp_plain.h - the PPTP stream and the GRE header once more, by hand: no grammar (RFC 2637 sections 1.4, 2 and 4.1)
 * SPDX-License-Identifier: Apache-2.0
 *
 * The oracle of codec/: the same contracts as pptp_stream_read() (codec/pptp.h) and gre_header_decode() (codec/gre.h),
 * written from the RFC as anyone would write it. It shares types with the codec and no code. It is also what the
 * codec's speed is measured against.
 */
#ifndef TESTS_ORACLE_PPTP_PLAIN_H
#define TESTS_ORACLE_PPTP_PLAIN_H

#include "codec/gre.h"
#include "codec/pptp.h"

enum pptp_stream_result pptp_plain_stream_read(struct pptp_stream *s, struct ut_slice *in,
					       struct pptp_message *out,
					       struct pptp_fault *fault) UT_MUST_USE;

enum gre_fault_reason gre_plain_header_decode(struct ut_slice packet, struct gre_header *out,
					      struct gre_fault *fault) UT_MUST_USE;

#endif
