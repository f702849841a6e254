/* gre_plain.c - the enhanced GRE header once more, by hand (RFC 2637 section 4.1)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/oracle/pptp_plain.h"

static enum gre_fault_reason
fail(struct gre_fault *fault, enum gre_fault_reason reason, size_t offset)
{
	fault->reason = reason;
	fault->offset = (uint32_t)offset;
	return reason;
}

enum gre_fault_reason
gre_plain_header_decode(struct ut_slice packet, struct gre_header *out, struct gre_fault *fault)
{
	const uint8_t *const p = packet.p;
	size_t used = 8;

	memset(out, 0, sizeof *out);
	if (packet.n < 2)
		return fail(fault, GRE_FAULT_TRUNCATED, packet.n);
	if ((p[1] & 0x07) != 1)
		return fail(fault, GRE_FAULT_VERSION, 1);
	if ((p[0] & 0xcf) != 0)
		return fail(fault, GRE_FAULT_FLAGS, 0);
	if ((p[1] & 0x78) != 0)
		return fail(fault, GRE_FAULT_FLAGS, 1);
	if ((p[0] & 0x20) == 0)
		return fail(fault, GRE_FAULT_NO_KEY, 0);
	if (packet.n >= 4 && ut_get_u16(p + 2) != 0x880b)
		return fail(fault, GRE_FAULT_PROTOCOL, 2);
	if ((p[0] & 0x10) != 0) {
		out->has_sequence = true;
		used += 4;
	}
	if ((p[1] & 0x80) != 0) {
		out->has_acknowledgment = true;
		used += 4;
	}
	if (packet.n < used)
		return fail(fault, GRE_FAULT_TRUNCATED, packet.n);
	out->payload_length = ut_get_u16(p + 4);
	out->call_id.v = ut_get_u16(p + 6);
	if (out->has_sequence)
		out->sequence = ut_get_u32(p + 8);
	if (out->has_acknowledgment)
		out->acknowledgment = ut_get_u32(p + used - 4);
	if (out->payload_length > packet.n - used)
		return fail(fault, GRE_FAULT_PAYLOAD_LENGTH, 4);
	out->payload = ut_slice(p + used, out->payload_length);
	return GRE_FAULT_NONE;
}
