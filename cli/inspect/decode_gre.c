/* decode_gre.c - a packet of enhanced GRE in words: its header, and what its PPP frame is
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/inspect/decode_gre.h"

#include "cli/json.h"

enum { FRAME_SHOWN = 32, PPP_ADDRESS_CONTROL = 0xff03 };

/* What a PPP frame says it is. */
struct ppp {
	bool is_known; /* there are octets enough to tell */
	uint16_t protocol;
	const char *name; /* NULL: not in our list */
};

static const struct {
	uint16_t protocol;
	const char *name;
} protocols[] = {
	{ 0x0021, "IPv4" },
	{ 0x002d, "VJ compressed TCP/IP" },
	{ 0x002f, "VJ uncompressed TCP/IP" },
	{ 0x003d, "Multilink" },
	{ 0x0053, "encrypted (ECP)" },
	{ 0x0057, "IPv6" },
	{ 0x00fb, "compressed or encrypted, single link of a bundle" },
	{ 0x00fd, "compressed or encrypted (CCP, MPPE)" },
	{ 0x8021, "IPCP" },
	{ 0x8053, "ECP" },
	{ 0x8057, "IPV6CP" },
	{ 0x80fd, "CCP" },
	{ 0xc021, "LCP" },
	{ 0xc023, "PAP" },
	{ 0xc025, "LQR" },
	{ 0xc02b, "BACP" },
	{ 0xc223, "CHAP" },
	{ 0xc227, "EAP" },
};

static const char *
protocol_name(unsigned protocol)
{
	for (size_t i = 0; i < sizeof protocols / sizeof protocols[0]; i++)
		if (protocols[i].protocol == protocol)
			return protocols[i].name;
	return NULL;
}

/* Address and Control may be left out (RFC 1661 6.6), and so may the first octet of a protocol below 256 (6.5). */
static struct ppp
what_ppp_is(struct ut_slice frame)
{
	struct ppp ppp = { .is_known = false };

	if (frame.n >= 2 && ut_get_u16(frame.p) == PPP_ADDRESS_CONTROL)
		frame = ut_slice(frame.p + 2, frame.n - 2);
	if (frame.n >= 1 && (frame.p[0] & 1) != 0)
		ppp = (struct ppp){ .is_known = true, .protocol = frame.p[0] };
	else if (frame.n >= 2)
		ppp = (struct ppp){ .is_known = true, .protocol = ut_get_u16(frame.p) };
	if (ppp.is_known)
		ppp.name = protocol_name(ppp.protocol);
	return ppp;
}

static void
print_frame(FILE *out, struct ut_slice frame)
{
	const size_t shown = frame.n < FRAME_SHOWN ? frame.n : FRAME_SHOWN;
	const struct ppp ppp = what_ppp_is(frame);

	fprintf(out, "PPP frame of %zu octets", frame.n);
	if (ppp.is_known)
		fprintf(out, ", %s (0x%04x)", ppp.name != NULL ? ppp.name : "unknown protocol", ppp.protocol);
	fprintf(out, ":");
	for (size_t i = 0; i < shown; i++)
		fprintf(out, " %02x", frame.p[i]);
	fprintf(out, "%s\n", shown < frame.n ? " ..." : "");
}

static void
print_text(FILE *out, const struct gre_header *h)
{
	fprintf(out, "enhanced GRE  call id %u (0x%04x)  payload %u octets", h->call_id.v, h->call_id.v,
		h->payload_length);
	if (h->has_sequence)
		fprintf(out, "  sequence %u", h->sequence);
	if (h->has_acknowledgment)
		fprintf(out, "  acknowledgment %u", h->acknowledgment);
	fprintf(out, "\n");
	if (h->payload.n != 0)
		print_frame(out, h->payload);
}

static void
print_json(FILE *out, const struct gre_header *h)
{
	const struct ppp ppp = what_ppp_is(h->payload);
	struct json j;

	json_open(&j, out);
	json_text(&j, "kind", "gre");
	json_number(&j, "call_id", h->call_id.v);
	json_number(&j, "payload_octets", h->payload_length);
	if (h->has_sequence)
		json_number(&j, "sequence", h->sequence);
	if (h->has_acknowledgment)
		json_number(&j, "acknowledgment", h->acknowledgment);
	if (ppp.is_known) {
		json_number(&j, "ppp_protocol", ppp.protocol);
		json_text(&j, "ppp_name", ppp.name);
	}
	json_close(&j);
}

static void
print_fault(FILE *out, FILE *err, const struct gre_fault *fault, enum decode_form form)
{
	struct json j;

	if (form == DECODE_TEXT) {
		fprintf(err, "malformed: %s, at offset %u\n", gre_fault_sentence(fault->reason),
			fault->offset);
		return;
	}
	json_open(&j, out);
	json_text(&j, "kind", "fault");
	json_text(&j, "reason", gre_fault_sentence(fault->reason));
	json_number(&j, "offset", fault->offset);
	json_close(&j);
}

/* Of a packet that is cut off, what is there.  False: it has another fault, or not even a call id. */
static bool
mend(struct ut_slice packet, struct gre_header *h, enum gre_fault_reason reason)
{
	enum { KEY_END = 8, FIELD_OCTETS = 4 };
	size_t end = KEY_END;

	if ((reason != GRE_FAULT_TRUNCATED && reason != GRE_FAULT_PAYLOAD_LENGTH) || packet.n < end)
		return false;
	end += h->has_sequence ? FIELD_OCTETS : 0;
	h->has_sequence = h->has_sequence && packet.n >= end;
	end += h->has_acknowledgment ? FIELD_OCTETS : 0;
	h->has_acknowledgment = h->has_acknowledgment && packet.n >= end;
	h->payload = packet.n > end ? ut_slice(packet.p + end, packet.n - end) : ut_slice(packet.p, 0);
	return true;
}

enum gre_fault_reason
decode_gre_print(FILE *out, FILE *err, struct ut_slice packet, enum decode_form form)
{
	struct gre_header header;
	struct gre_fault fault;
	const enum gre_fault_reason reason = gre_header_decode(packet, &header, &fault);
	const bool is_readable = reason == GRE_FAULT_NONE || mend(packet, &header, reason);

	if (is_readable && form == DECODE_JSON)
		print_json(out, &header);
	else if (is_readable)
		print_text(out, &header);
	if (reason != GRE_FAULT_NONE)
		print_fault(out, err, &fault, form);
	return reason;
}
