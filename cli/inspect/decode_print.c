/* decode_print.c - an L2TP message in words, AVP by AVP
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/inspect/decode_print.h"

#include "cli/inspect/decode_avp.h"
#include "cli/json.h"

enum { PLAINTEXT_MAX = 65536, FRAME_SHOWN = 32, CONTROL_OCTETS = 12 };

/* One call of decode_print(). */
struct printing {
	FILE *out, *err;
	enum decode_form form;
	const struct l2tp_secret *secret; /* NULL: none */
};

static void
print_avp_text(const struct printing *p, const struct decode_avp *avp)
{
	fprintf(p->out, "%5u  %c%c  %-28s  %s%s\n", avp->is.offset, avp->is_mandatory ? 'M' : '-',
		avp->is_hidden ? 'H' : '-', avp->name, avp->words.text,
		(avp->is.flags & L2TP_AVP_RESERVED) != 0 ? "  (reserved bit set)" : "");
}

static void
print_avp_json(const struct printing *p, const struct decode_avp *avp)
{
	struct json j;

	json_open(&j, p->out);
	json_text(&j, "kind", "avp");
	json_number(&j, "offset", avp->is.offset);
	json_number(&j, "vendor", avp->is.vendor);
	json_number(&j, "type", avp->is.type);
	json_text(&j, "name", avp->name);
	json_bool(&j, "mandatory", avp->is_mandatory);
	json_bool(&j, "hidden", avp->is_hidden);
	json_bool(&j, "reserved", (avp->is.flags & L2TP_AVP_RESERVED) != 0);
	json_number(&j, "octets", avp->is.value.n);
	json_text(&j, "value", avp->words.text);
	json_close(&j);
}

static void
print_avps(const struct printing *p, const struct l2tp_header *header, struct ut_slice datagram)
{
	struct decode_avps avps;
	struct decode_avp avp;

	decode_avps_init(&avps, header, datagram, p->secret);
	while (decode_avps_next(&avps, &avp)) {
		if (p->form == DECODE_JSON)
			print_avp_json(p, &avp);
		else
			print_avp_text(p, &avp);
	}
}

static const char *
shape(const struct l2tp_header *h)
{
	if (!h->is_control)
		return "data";
	return h->payload.n == 0 && h->length == CONTROL_OCTETS ? "control, ZLB" : "control";
}

/* Which fields of a header are there: of one that is cut off, those before its end. */
struct fields {
	bool length, tid, sid, sequence, offset;
};

static struct fields
fields_of(const struct l2tp_header *h, size_t octets)
{
	const size_t tid = h->has_length ? 6 : 4, sequence = tid + (h->has_sequence ? 6 : 2);

	return (struct fields){ .length = h->has_length && octets >= 4,
				.tid = octets >= tid,
				.sid = octets >= tid + 2,
				.sequence = h->has_sequence && octets >= sequence,
				.offset = h->has_offset && octets >= sequence + 2 };
}

static void
print_header_text(const struct printing *p, const struct l2tp_header *h, const struct fields *has)
{
	fprintf(p->out, "%s  version %u", shape(h), h->version);
	if (has->length)
		fprintf(p->out, "  length %u", h->length);
	if (has->tid)
		fprintf(p->out, "  tunnel %u (0x%04x)", h->tid.v, h->tid.v);
	if (has->sid)
		fprintf(p->out, "  session %u (0x%04x)", h->sid.v, h->sid.v);
	if (has->sequence)
		fprintf(p->out, "  Ns %u  Nr %u", h->ns, h->nr);
	if (has->offset)
		fprintf(p->out, "  offset %u", h->offset_size);
	fprintf(p->out, "%s\n", h->is_priority ? "  priority" : "");
}

static void
print_header_json(const struct printing *p, const struct l2tp_header *h, const struct fields *has)
{
	struct json j;

	json_open(&j, p->out);
	json_text(&j, "kind", h->is_control ? "control" : "data");
	json_number(&j, "version", h->version);
	if (has->tid)
		json_number(&j, "tunnel", h->tid.v);
	if (has->sid)
		json_number(&j, "session", h->sid.v);
	if (has->length)
		json_number(&j, "length", h->length);
	if (has->sequence) {
		json_number(&j, "ns", h->ns);
		json_number(&j, "nr", h->nr);
	}
	if (has->offset)
		json_number(&j, "offset_size", h->offset_size);
	json_bool(&j, "priority", h->is_priority);
	json_number(&j, "payload_octets", h->payload.n);
	json_close(&j);
}

static void
print_header(const struct printing *p, const struct l2tp_header *h, size_t octets)
{
	const struct fields has = fields_of(h, octets);

	if (p->form == DECODE_JSON)
		print_header_json(p, h, &has);
	else
		print_header_text(p, h, &has);
}

static void
print_frame(const struct printing *p, struct ut_slice frame)
{
	const size_t shown = frame.n < FRAME_SHOWN ? frame.n : FRAME_SHOWN;

	if (p->form == DECODE_JSON)
		return;
	fprintf(p->out, "PPP frame of %zu octets:", frame.n);
	for (size_t i = 0; i < shown; i++)
		fprintf(p->out, " %02x", frame.p[i]);
	fprintf(p->out, "%s\n", shown < frame.n ? " ..." : "");
}

static void
print_fault_text(const struct printing *p, const struct l2tp_fault *fault)
{
	char name[DECODE_AVP_NAME_OCTETS];

	decode_avp_name(name, fault->vendor, fault->avp);
	fprintf(p->err, "malformed: %s", l2tp_fault_sentence(fault->reason));
	if (fault->avp != UINT16_MAX)
		fprintf(p->err, ": %s", name);
	fprintf(p->err, ", at offset %u\n", fault->offset);
}

static void
print_fault_json(const struct printing *p, const struct l2tp_fault *fault, const char *kind)
{
	char name[DECODE_AVP_NAME_OCTETS];
	struct json j;

	decode_avp_name(name, fault->vendor, fault->avp);
	json_open(&j, p->out);
	json_text(&j, "kind", kind);
	json_text(&j, "reason", l2tp_fault_sentence(fault->reason));
	json_number(&j, "offset", fault->offset);
	if (fault->avp != UINT16_MAX) {
		json_number(&j, "vendor", fault->vendor);
		json_number(&j, "type", fault->avp);
		json_text(&j, "name", name);
	}
	json_close(&j);
}

static enum l2tp_fault_reason
print_fault(const struct printing *p, const struct l2tp_fault *fault)
{
	const bool is_unchecked = fault->reason == L2TP_FAULT_AVP_HIDDEN_NO_SECRET && p->secret == NULL;

	if (p->form == DECODE_JSON)
		print_fault_json(p, fault, is_unchecked ? "unchecked" : "fault");
	else if (is_unchecked)
		fprintf(p->err, "not checked: hidden AVPs need the tunnel secret (--secret-file)\n");
	else
		print_fault_text(p, fault);
	return is_unchecked ? L2TP_FAULT_NONE : fault->reason;
}

/* Judges the message as the engine would. */
static enum l2tp_fault_reason
check_message(const struct printing *p, struct ut_slice datagram, const struct l2tp_header *header)
{
	uint8_t plaintexts[PLAINTEXT_MAX];
	struct l2tp_unhide unhiding = { .secret = p->secret,
					.scratch = plaintexts,
					.cap = sizeof plaintexts };
	struct l2tp_message message;
	struct l2tp_fault fault;
	const enum l2tp_fault_reason reason =
	    l2tp_message_decode(datagram, header, &unhiding, &message, &fault);

	ut_wipe(plaintexts, unhiding.used);
	return reason == L2TP_FAULT_NONE ? reason : print_fault(p, &fault);
}

static void
print_payload(const struct printing *p, const struct l2tp_header *header, struct ut_slice datagram)
{
	if (header->is_control)
		print_avps(p, header, datagram);
	else
		print_frame(p, header->payload);
}

/* Of a datagram whose header is wrong, what can be read. */
static enum l2tp_fault_reason
print_malformed(const struct printing *p, struct ut_slice datagram, struct l2tp_header *header,
		const struct l2tp_fault *fault)
{
	const bool is_mended = decode_header_mend(datagram, header, fault);

	if (header->version == 2 && fault->reason != L2TP_FAULT_HEADER_FLAGS)
		print_header(p, header, datagram.n);
	if (is_mended)
		print_payload(p, header, datagram);
	return print_fault(p, fault);
}

enum l2tp_fault_reason
decode_print(FILE *out, FILE *err, struct ut_slice datagram, enum decode_form form,
	     const struct l2tp_secret *secret)
{
	struct printing p = { .out = out, .err = err, .form = form };
	struct l2tp_header header;
	struct l2tp_fault fault;

	if (secret != NULL && secret->n != 0)
		p.secret = secret;
	if (l2tp_header_decode(datagram, &header, &fault) != L2TP_FAULT_NONE)
		return print_malformed(&p, datagram, &header, &fault);
	print_header(&p, &header, datagram.n);
	print_payload(&p, &header, datagram);
	if (!header.is_control)
		return L2TP_FAULT_NONE;
	return check_message(&p, datagram, &header);
}
