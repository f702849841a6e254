/* l2tp_decode.rl - a datagram becomes a header and a message (RFC 2661 sections 3.1 and 4)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/l2tp_avp_read.h"

enum { BIT_T = 0x80, BIT_L = 0x40, BIT_S = 0x08, BIT_O = 0x02, BIT_P = 0x01 };
enum { VERSION_MASK = 0x0f, VERSION = 2 };

enum { CONTROL_OCTETS = 12 };

enum { OFFSET_OF_FLAGS = 0, OFFSET_OF_VERSION = 1, OFFSET_OF_LENGTH = 2 };

static enum l2tp_fault_reason
header_fault(struct l2tp_fault *fault, enum l2tp_fault_reason reason, size_t offset)
{
	*fault = (struct l2tp_fault){ .reason = reason, .offset = (uint32_t)offset, .avp = UINT16_MAX };
	return reason;
}

static inline void
read_bits(unsigned bits, struct l2tp_header *out)
{
	out->is_control = (bits & BIT_T) != 0;
	out->has_length = (bits & BIT_L) != 0;
	out->has_sequence = (bits & BIT_S) != 0;
	out->has_offset = (bits & BIT_O) != 0;
	out->is_priority = (bits & BIT_P) != 0;
}

/* Finds the payload of a datagram whose header took `used` octets. */
static enum l2tp_fault_reason
find_payload(struct ut_slice datagram, size_t used, struct l2tp_header *out, struct l2tp_fault *fault)
{
	const size_t end = out->has_length ? out->length : datagram.n;

	if (end > datagram.n || end < used)
		return header_fault(fault, L2TP_FAULT_HEADER_LENGTH, OFFSET_OF_LENGTH);
	if (out->offset_size > end - used)
		return header_fault(fault, L2TP_FAULT_OFFSET_SIZE, used - 2);
	used += out->offset_size;
	out->payload = ut_slice(datagram.p + used, end - used);
	return L2TP_FAULT_NONE;
}

/* A control message has one form only (RFC 2661 3.1, L and S MUST be 1, O MUST be 0), its fields at fixed places:
 * where the form is whole, they need not be walked to.  Whatever else comes is the machine's. */
static inline bool
is_whole_control_header(struct ut_slice datagram)
{
	return datagram.n >= CONTROL_OCTETS &&
	       (datagram.p[0] & (BIT_T | BIT_L | BIT_S | BIT_O)) == (BIT_T | BIT_L | BIT_S) &&
	       (datagram.p[1] & VERSION_MASK) == VERSION;
}

static inline enum l2tp_fault_reason
read_control_header(struct ut_slice datagram, struct l2tp_header *out, struct l2tp_fault *fault)
{
	const uint8_t *const p = datagram.p;

	/* Field by field: a literal would be put together on the stack, and its copy wait for that. */
	out->is_control = out->has_length = out->has_sequence = true;
	out->has_offset = false;
	out->is_priority = (p[0] & BIT_P) != 0;
	out->version = VERSION;
	out->length = ut_get_u16(p + 2);
	out->tid.v = ut_get_u16(p + 4);
	out->sid.v = ut_get_u16(p + 6);
	out->ns = ut_get_u16(p + 8);
	out->nr = ut_get_u16(p + 10);
	out->offset_size = 0;
	out->payload = ut_slice(p, 0);
	return find_payload(datagram, CONTROL_OCTETS, out, fault);
}

%%{
	machine l2tp_header;

	action bits { read_bits(*p, out); }
	action version {
		out->version = *p & VERSION_MASK;
		if (out->version != VERSION) {
			reason = header_fault(fault, L2TP_FAULT_VERSION, OFFSET_OF_VERSION);
			fbreak;
		}
	}
	action bad_flags {
		reason = header_fault(fault, L2TP_FAULT_HEADER_FLAGS, OFFSET_OF_FLAGS);
		fbreak;
	}
	action length { out->length = ut_get_u16(p - 1); }
	action tunnel_id { out->tid.v = ut_get_u16(p - 1); }
	action session_id { out->sid.v = ut_get_u16(p - 1); }
	action ns { out->ns = ut_get_u16(p - 1); }
	action nr { out->nr = ut_get_u16(p - 1); }
	action offset_size { out->offset_size = ut_get_u16(p - 1); }
	action end {
		reason = find_payload(datagram, (size_t)(p + 1 - datagram.p), out, fault);
		fbreak;
	}

	include l2tp_header_grammar "l2tp_header_grammar.rl";
	main := header;
	write data noentry noerror nofinal;
}%%

/* A header of any form, by the machine. */
UT_UNUSUAL static enum l2tp_fault_reason
read_any_header(struct ut_slice datagram, struct l2tp_header *out, struct l2tp_fault *fault)
{
	const uint8_t *p = datagram.p;
	const uint8_t *const pe = p + datagram.n;
	enum l2tp_fault_reason reason = L2TP_FAULT_TRUNCATED;
	int cs;

	*out = (struct l2tp_header){ .is_control = false };
	%% write init;
	%% write exec;
	(void)cs;
	if (reason == L2TP_FAULT_TRUNCATED)
		return header_fault(fault, reason, datagram.n);
	return reason;
}

enum l2tp_fault_reason
l2tp_header_decode(struct ut_slice datagram, struct l2tp_header *out, struct l2tp_fault *fault)
{
	return is_whole_control_header(datagram) ? read_control_header(datagram, out, fault)
						 : read_any_header(datagram, out, fault);
}

%%{
	machine l2tp_avps;

	action message_type {
		l2tp_refuse_message_type(&d, p - 5, pe);
		fbreak;
	}
	action attribute {
		next = l2tp_read_avp(&d, p - 5, pe);
		if (next == NULL)
			fbreak;
		fexec l2tp_read_usual_avps(out, next, pe);
	}

	include l2tp_avp_grammar "l2tp_avp_grammar.rl";
	main := first;
	behind_type := more;
	write data noerror;
}%%

/* What is not usual of a message, from `p` on: by the machine. */
UT_UNUSUAL static enum l2tp_fault_reason
read_on(struct l2tp_reading d, const uint8_t *p, const uint8_t *pe)
{
	struct l2tp_message *const out = d.out;
	const uint8_t *next;
	int cs;

	%% write init;
	if (out->type != L2TP_ZLB)
		cs = l2tp_avps_en_behind_type;
	%% write exec;
	if (d.reason == L2TP_FAULT_NONE && cs < l2tp_avps_first_final)
		l2tp_refuse_message(&d, L2TP_FAULT_AVP_TRUNCATED, pe);
	if (d.reason == L2TP_FAULT_NONE && (d.required & ~out->present) != 0)
		l2tp_refuse_missing(&d, pe);
	return d.reason;
}

enum l2tp_fault_reason
l2tp_message_decode(struct ut_slice datagram, const struct l2tp_header *header, struct l2tp_unhide *unhide,
		    struct l2tp_message *out, struct l2tp_fault *fault)
{
	const uint8_t *const pe = header->payload.p + header->payload.n;
	const uint8_t *p;
	uint64_t required;

	out->present = out->hidden = 0;
	out->type = L2TP_ZLB;
	if (header->payload.n == 0)
		return L2TP_FAULT_NONE;
	p = l2tp_read_start(out, header->payload.p, pe);
	required = l2tp_message_rows[out->type].avps.required;
	if (p == pe && (required & ~out->present) == 0)
		return L2TP_FAULT_NONE;
	return read_on((struct l2tp_reading){ .datagram = datagram.p,
					      .out = out,
					      .unhide = unhide,
					      .fault = fault,
					      .required = required },
		       p, pe);
}
