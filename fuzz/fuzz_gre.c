/* fuzz_gre.c - any packet through the enhanced GRE codec (codec/gre.h)
 * SPDX-License-Identifier: Apache-2.0
 *
 * Input: the packet.  Oracles: the payload lies inside it; a fault points into it and has a sentence; what was decoded
 * and is encoded again gives the octets of the header; the hand-written reader of tests/oracle says the same.
 */
#include "fuzz/check.h"
#include "tests/oracle/pptp_compare.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n);

static void
check_fault(const struct gre_fault *fault, enum gre_fault_reason reason, size_t n)
{
	CHECK(reason > GRE_FAULT_NONE && reason < GRE_FAULT_N && fault->reason == reason);
	CHECK(fault->offset <= n);
	CHECK(strcmp(gre_fault_sentence(reason), "unassigned") != 0);
}

static void
check_round_trip(struct ut_slice packet, const struct gre_header *h)
{
	uint8_t written[GRE_HEADER_MAX];
	struct ut_put w = ut_put_into(written, sizeof written);

	gre_header_encode(&w, h);
	CHECK(!w.full && w.len + h->payload.n <= packet.n);
	CHECK(h->payload.p == packet.p + w.len && h->payload.n == h->payload_length);
	CHECK(memcmp(written, packet.p, w.len) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	const struct ut_slice packet = ut_slice(octets, n);
	struct gre_header h;
	struct gre_fault fault;
	const enum gre_fault_reason reason = gre_header_decode(packet, &h, &fault);

	CHECK(gre_compare(packet));
	if (reason != GRE_FAULT_NONE)
		check_fault(&fault, reason, n);
	else
		check_round_trip(packet, &h);
	return 0;
}
