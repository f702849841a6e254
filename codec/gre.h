/* gre.h - the enhanced GRE header that carries PPTP's frames (RFC 2637 section 4.1)
 * SPDX-License-Identifier: Apache-2.0
 *
 * The kernel carries the frames of a live tunnel; this is for what looks at captures, and for tests.
 */
#ifndef CODEC_GRE_H
#define CODEC_GRE_H

#include "codec/pptp.h"

enum { GRE_PROTOCOL = 47, GRE_TYPE_PPP = 0x880b, GRE_HEADER_MAX = 16 };

struct gre_header {
	bool has_sequence, has_acknowledgment;
	uint16_t payload_length;     /* as it stands there, octets */
	struct pptp_call_id call_id; /* the receiver's */
	uint32_t sequence, acknowledgment;
	struct ut_slice payload; /* a PPP frame; empty in a packet that only acknowledges */
};

/* clang-format off */
#define GRE_FAULTS(X)                                                                   \
	X(NONE, "no fault")                                                             \
	X(TRUNCATED, "packet ends inside the header")                                   \
	X(VERSION, "version is not 1: not enhanced GRE")                                \
	X(PROTOCOL, "Protocol Type is not 0x880B")                                      \
	X(FLAGS, "checksum, routing, source route or a reserved bit is set")            \
	X(NO_KEY, "no Key present")                                                     \
	X(PAYLOAD_LENGTH, "Payload Length runs past the end of the packet")
/* clang-format on */

enum gre_fault_reason {
#define X(token, sentence) GRE_FAULT_##token,
	GRE_FAULTS(X)
#undef X
	    GRE_FAULT_N
};
const char *gre_fault_sentence(enum gre_fault_reason reason);

struct gre_fault {
	enum gre_fault_reason reason;
	uint32_t offset; /* octets from the start of the GRE header */
};

/* Reads the header of a packet, which starts at the GRE header (after IP).  What is wrong is told in the order of the
 * octets, version and bits first.  Octets behind Payload Length are ignored.  `fault` is written on a fault only; `out` then holds what was read, and 0 elsewhere. */
enum gre_fault_reason gre_header_decode(struct ut_slice packet, struct gre_header *out,
					struct gre_fault *fault) UT_MUST_USE;

/* Writes the header; payload_length is taken from payload.n (up to 65535), the payload itself is the caller's to
 * append.  A longer payload, or a lack of room, sets `w->full`. */
void gre_header_encode(struct ut_put *w, const struct gre_header *header);

#endif
