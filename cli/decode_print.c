/* decode_print.c - an L2TP message in words, AVP by AVP
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/decode_print.h"

#include "cli/decode_value.h"
#include "cli/json.h"
#include "codec/l2tp_hiding.h"

enum { PLAINTEXT_MAX = 65536, NAME_OCTETS = 48, FRAME_SHOWN = 32 };

/* One call of decode_print(). */
struct printing {
	FILE *out, *err;
	enum decode_form form;
	const struct l2tp_secret *secret; /* NULL: none */
	struct ut_slice vector;		  /* the last Random Vector */
	bool has_vector;
	unsigned message_type;
	uint8_t plaintext[L2TP_AVP_VALUE_MAX];
};

static void
name_avp(char name[NAME_OCTETS], unsigned vendor, unsigned type)
{
	const char *const known = vendor == 0 ? l2tp_avp_name(type) : NULL;

	if (known != NULL)
		snprintf(name, NAME_OCTETS, "%s", known);
	else if (vendor == 0)
		snprintf(name, NAME_OCTETS, "AVP %u", type);
	else
		snprintf(name, NAME_OCTETS, "vendor %u AVP %u", vendor, type);
}

/* The value of a hidden AVP, or false when it cannot be had. */
static bool
unhide(struct printing *p, const struct l2tp_avp *avp, struct ut_slice *value)
{
	if (p->secret == NULL || !p->has_vector || avp->vendor != 0 || avp->value.n < 2 ||
	    avp->value.n > sizeof p->plaintext)
		return false;
	l2tp_unhide_octets(p->plaintext, avp->value, avp->type, p->secret, p->vector);
	if (ut_get_u16(p->plaintext) > avp->value.n - 2)
		return false;
	*value = ut_slice(p->plaintext + 2, ut_get_u16(p->plaintext));
	return true;
}

static void
describe(struct printing *p, const struct l2tp_avp *avp, struct decode_words *words)
{
	struct ut_slice value = avp->value;

	words->n = 0;
	words->text[0] = '\0';
	if ((avp->flags & L2TP_AVP_BIT_H) != 0 && !unhide(p, avp, &value)) {
		words->n =
		    (size_t)snprintf(words->text, sizeof words->text, "hidden, %zu octets", avp->value.n);
		return;
	}
	if (avp->vendor != 0)
		decode_octets(words, value);
	else
		decode_value(words, avp->type, p->message_type, value);
}

static void
print_avp_text(const struct printing *p, const struct l2tp_avp *avp, const char *name, const char *words)
{
	fprintf(p->out, "%5u  %c%c  %-28s  %s%s\n", avp->offset,
		(avp->flags & L2TP_AVP_BIT_M) != 0 ? 'M' : '-',
		(avp->flags & L2TP_AVP_BIT_H) != 0 ? 'H' : '-', name, words,
		(avp->flags & L2TP_AVP_RESERVED) != 0 ? "  (reserved bit set)" : "");
}

static void
print_avp_json(const struct printing *p, const struct l2tp_avp *avp, const char *name, const char *words)
{
	struct json j;

	json_open(&j, p->out);
	json_text(&j, "kind", "avp");
	json_number(&j, "offset", avp->offset);
	json_number(&j, "vendor", avp->vendor);
	json_number(&j, "type", avp->type);
	json_text(&j, "name", name);
	json_bool(&j, "mandatory", (avp->flags & L2TP_AVP_BIT_M) != 0);
	json_bool(&j, "hidden", (avp->flags & L2TP_AVP_BIT_H) != 0);
	json_bool(&j, "reserved", (avp->flags & L2TP_AVP_RESERVED) != 0);
	json_number(&j, "octets", avp->value.n);
	json_text(&j, "value", words);
	json_close(&j);
}

static void
print_avp(struct printing *p, const struct l2tp_avp *avp)
{
	struct decode_words words;
	char name[NAME_OCTETS];

	name_avp(name, avp->vendor, avp->type);
	describe(p, avp, &words);
	if (p->form == DECODE_JSON)
		print_avp_json(p, avp, name, words.text);
	else
		print_avp_text(p, avp, name, words.text);
	ut_wipe(&words, sizeof words);
}

static void
print_avps(struct printing *p, const struct l2tp_header *header, struct ut_slice datagram)
{
	struct l2tp_avp_walk walk;
	struct l2tp_avp avp;

	l2tp_avp_walk_init(&walk, header, datagram);
	while (l2tp_avp_walk_next(&walk, &avp)) {
		if (avp.vendor == 0 && avp.type == L2TP_AVP_MESSAGE_TYPE && avp.value.n == 2 &&
		    p->message_type == 0)
			p->message_type = ut_get_u16(avp.value.p);
		print_avp(p, &avp);
		if (avp.vendor == 0 && avp.type == L2TP_AVP_RANDOM_VECTOR &&
		    (avp.flags & L2TP_AVP_BIT_H) == 0) {
			p->vector = avp.value;
			p->has_vector = true;
		}
	}
	ut_wipe(p->plaintext, sizeof p->plaintext);
}

static const char *
shape(const struct l2tp_header *h)
{
	if (!h->is_control)
		return "data";
	return h->payload.n == 0 ? "control, ZLB" : "control";
}

static void
print_header_text(const struct printing *p, const struct l2tp_header *h)
{
	fprintf(p->out, "%s  version %u", shape(h), h->version);
	if (h->has_length)
		fprintf(p->out, "  length %u", h->length);
	fprintf(p->out, "  tunnel %u (0x%04x)  session %u (0x%04x)", h->tid.v, h->tid.v, h->sid.v, h->sid.v);
	if (h->has_sequence)
		fprintf(p->out, "  Ns %u  Nr %u", h->ns, h->nr);
	if (h->has_offset)
		fprintf(p->out, "  offset %u", h->offset_size);
	fprintf(p->out, "%s\n", h->is_priority ? "  priority" : "");
}

static void
print_header_json(const struct printing *p, const struct l2tp_header *h)
{
	struct json j;

	json_open(&j, p->out);
	json_text(&j, "kind", h->is_control ? "control" : "data");
	json_number(&j, "version", h->version);
	json_number(&j, "tunnel", h->tid.v);
	json_number(&j, "session", h->sid.v);
	if (h->has_length)
		json_number(&j, "length", h->length);
	if (h->has_sequence) {
		json_number(&j, "ns", h->ns);
		json_number(&j, "nr", h->nr);
	}
	if (h->has_offset)
		json_number(&j, "offset_size", h->offset_size);
	json_bool(&j, "priority", h->is_priority);
	json_number(&j, "payload_octets", h->payload.n);
	json_close(&j);
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
	char name[NAME_OCTETS];

	name_avp(name, fault->vendor, fault->avp);
	fprintf(p->err, "malformed: %s", l2tp_fault_sentence(fault->reason));
	if (fault->avp != UINT16_MAX)
		fprintf(p->err, ": %s", name);
	fprintf(p->err, ", at offset %u\n", fault->offset);
}

static void
print_fault_json(const struct printing *p, const struct l2tp_fault *fault, const char *kind)
{
	char name[NAME_OCTETS];
	struct json j;

	name_avp(name, fault->vendor, fault->avp);
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
		return print_fault(&p, &fault);
	if (form == DECODE_JSON)
		print_header_json(&p, &header);
	else
		print_header_text(&p, &header);
	if (!header.is_control) {
		print_frame(&p, header.payload);
		return L2TP_FAULT_NONE;
	}
	print_avps(&p, &header, datagram);
	return check_message(&p, datagram, &header);
}
