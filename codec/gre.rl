/* gre.rl - the header of a packet of enhanced GRE (RFC 2637 section 4.1)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/gre.h"

enum { BIT_K = 0x20, BIT_S = 0x10, BIT_A = 0x80, FLAGS_MASK = 0x78 };

enum { OFFSET_OF_BITS = 0, OFFSET_OF_VERSION = 1, OFFSET_OF_PROTOCOL = 2, OFFSET_OF_PAYLOAD_LENGTH = 4 };

enum { SHORTEST_OCTETS = 8, OPTIONAL_OCTETS = 4 };

static const char *const sentences[GRE_FAULT_N] = {
#define X(token, sentence) [GRE_FAULT_##token] = (sentence),
	GRE_FAULTS(X)
#undef X
};

const char *
gre_fault_sentence(enum gre_fault_reason reason)
{
	return (unsigned)reason < GRE_FAULT_N ? sentences[reason] : "unassigned";
}

static enum gre_fault_reason
refuse(struct gre_fault *fault, enum gre_fault_reason reason, size_t offset)
{
	*fault = (struct gre_fault){ .reason = reason, .offset = (uint32_t)offset };
	return reason;
}

/* The first two octets have version 1, and a bit that PPTP's have not, or lack the one they have. */
static enum gre_fault_reason
refuse_bits(struct gre_fault *fault, unsigned first, unsigned second)
{
	if ((first & ~(unsigned)(BIT_K | BIT_S)) != 0)
		return refuse(fault, GRE_FAULT_FLAGS, OFFSET_OF_BITS);
	if ((second & FLAGS_MASK) != 0)
		return refuse(fault, GRE_FAULT_FLAGS, OFFSET_OF_VERSION);
	return refuse(fault, GRE_FAULT_NO_KEY, OFFSET_OF_BITS);
}

static inline enum gre_fault_reason
find_payload(struct ut_slice packet, size_t used, struct gre_header *out, struct gre_fault *fault)
{
	if (out->payload_length > packet.n - used)
		return refuse(fault, GRE_FAULT_PAYLOAD_LENGTH, OFFSET_OF_PAYLOAD_LENGTH);
	out->payload = ut_slice(packet.p + used, out->payload_length);
	return GRE_FAULT_NONE;
}

%%{
	machine gre;

	action bad_version {
		reason = refuse(fault, GRE_FAULT_VERSION, OFFSET_OF_VERSION);
		fbreak;
	}
	action bad_bits {
		reason = refuse_bits(fault, p[-1], p[0]);
		fbreak;
	}
	action protocol {
		if (ut_get_u16(p - 1) != GRE_TYPE_PPP) {
			reason = refuse(fault, GRE_FAULT_PROTOCOL, OFFSET_OF_PROTOCOL);
			fbreak;
		}
	}
	action payload_length { out->payload_length = ut_get_u16(p - 1); }
	action call_id { out->call_id.v = ut_get_u16(p - 1); }
	action sequence {
		out->has_sequence = true;
		out->sequence = ut_get_u32(p - 3);
	}
	action acknowledgment {
		out->has_acknowledgment = true;
		out->acknowledgment = ut_get_u32(p - 3);
	}
	action end {
		reason = find_payload(packet, (size_t)(p + 1 - packet.p), out, fault);
		fbreak;
	}

	include gre_grammar "gre_grammar.rl";
	main := header;
	write data noentry noerror nofinal;
}%%

/* Before the other one: Ragel's noend holds from where it stands to the end of the file. */
static enum gre_fault_reason
read_cut_off(struct ut_slice packet, struct gre_header *out, struct gre_fault *fault)
{
	enum gre_fault_reason reason = GRE_FAULT_TRUNCATED;
	const uint8_t *p = packet.p;
	const uint8_t *const pe = p + packet.n;
	int cs;

	%% write init;
	%% write exec;
	(void)cs;
	return reason != GRE_FAULT_TRUNCATED ? reason : refuse(fault, reason, packet.n);
}

/* Whether all the octets are there that the first two ask for. */
static inline bool
is_whole(struct ut_slice packet)
{
	return packet.n >= SHORTEST_OCTETS && packet.n >= SHORTEST_OCTETS +
							      ((packet.p[0] & BIT_S) != 0 ? OPTIONAL_OCTETS : 0u) +
							      ((packet.p[1] & BIT_A) != 0 ? OPTIONAL_OCTETS : 0u);
}

/* A header that is whole: the machine need not ask for the end before every octet. */
static inline enum gre_fault_reason
read_whole(struct ut_slice packet, struct gre_header *out, struct gre_fault *fault)
{
	enum gre_fault_reason reason = GRE_FAULT_NONE;
	const uint8_t *p = packet.p;
	int cs;

	%% write init;
	%% write exec noend;
	(void)cs;
	return reason;
}

enum gre_fault_reason
gre_header_decode(struct ut_slice packet, struct gre_header *out, struct gre_fault *fault)
{
	*out = (struct gre_header){ .has_sequence = false };
	return is_whole(packet) ? read_whole(packet, out, fault) : read_cut_off(packet, out, fault);
}
