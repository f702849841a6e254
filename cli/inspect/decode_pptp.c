/* decode_pptp.c - a stream of PPTP control messages in words, field by field
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/inspect/decode_pptp.h"

#include "cli/inspect/decode_pptp_field.h"
#include "cli/json.h"

static const char cut_off[] = "the stream ends inside a message";

/* One call of decode_pptp_print(). */
struct printing {
	FILE *out, *err;
	enum decode_form form;
	bool is_faultless;
};

static void
print_message_text(const struct printing *p, const struct pptp_message *m, uint64_t offset)
{
	fprintf(p->out, "%5llu  %s (%s, %u)  length %u", (unsigned long long)offset,
		pptp_message_name(m->number), pptp_message_letters(m->number), m->number, m->length);
	if (m->reserved0 != 0)
		fprintf(p->out, "  (Reserved0 is 0x%04x)", m->reserved0);
	if (m->length > pptp_message_octets(m->number))
		fprintf(p->out, "  (%zu octets more than its type has)",
			m->length - pptp_message_octets(m->number));
	fprintf(p->out, "\n");
}

static void
print_message_json(const struct printing *p, const struct pptp_message *m, uint64_t offset)
{
	struct json j;

	json_open(&j, p->out);
	json_text(&j, "kind", "message");
	json_number(&j, "offset", offset);
	json_number(&j, "type", m->number);
	json_text(&j, "name", pptp_message_name(m->number));
	json_number(&j, "length", m->length);
	json_number(&j, "reserved0", m->reserved0);
	json_close(&j);
}

static void
print_field_json(const struct printing *p, const char *name, const char *words, uint64_t offset)
{
	struct json j;

	json_open(&j, p->out);
	json_text(&j, "kind", "field");
	json_number(&j, "offset", offset);
	json_text(&j, "name", name);
	json_text(&j, "value", words);
	json_close(&j);
}

/* A field ends where the next one begins; between them may be what is reserved. */
static size_t
end_of(const struct decode_pptp_field *f, const struct pptp_message *m)
{
	return f[1].name != NULL ? f[1].offset : pptp_message_octets(m->number);
}

/* `offset` is that of the message, of which `have` octets are there. */
static void
print_message(const struct printing *p, const struct pptp_message *m, uint64_t offset, size_t have)
{
	struct decode_words words;

	if (p->form == DECODE_JSON)
		print_message_json(p, m, offset);
	else
		print_message_text(p, m, offset);
	for (const struct decode_pptp_field *f = decode_pptp_fields(m->type); f->name != NULL; f++) {
		const unsigned long long at = offset + f->offset;

		if (end_of(f, m) > have)
			return;
		decode_pptp_value(&words, f, m);
		if (p->form == DECODE_JSON)
			print_field_json(p, f->name, words.text, at);
		else
			fprintf(p->out, "%5llu      %-28s  %s\n", at, f->name, words.text);
	}
}

static void
print_fault(struct printing *p, const char *sentence, uint64_t offset, const struct pptp_fault *fault)
{
	struct json j;

	p->is_faultless = false;
	if (p->form == DECODE_TEXT) {
		fprintf(p->err, "malformed: %s", sentence);
		if (fault != NULL && fault->reason == PPTP_FAULT_UNKNOWN)
			fprintf(p->err, ": %u", fault->number);
		fprintf(p->err, ", at offset %llu\n", (unsigned long long)offset);
		return;
	}
	json_open(&j, p->out);
	json_text(&j, "kind", "fault");
	json_text(&j, "reason", sentence);
	json_number(&j, "offset", offset);
	if (fault != NULL) {
		json_number(&j, "type", fault->number);
		json_number(&j, "length", fault->length);
	}
	json_close(&j);
}

/* A message whose end is missing: its fields as far as they are there. */
static void
print_cut_off(const struct printing *p, const struct pptp_stream *s)
{
	uint8_t octets[PPTP_MESSAGE_OCTETS] = { 0 };
	struct ut_slice padded = ut_slice(octets, sizeof octets);
	struct pptp_stream again = { .offset = 0 };
	struct pptp_message message;
	struct pptp_fault fault;

	memcpy(octets, s->message, s->have);
	if (s->have >= PPTP_HEADER_OCTETS &&
	    pptp_stream_read(&again, &padded, &message, &fault) == PPTP_STREAM_MESSAGE)
		print_message(p, &message, s->offset - s->have, s->have);
}

/* Prints what comes next in the stream.  False: nothing does. */
static bool
print_next(struct printing *p, struct pptp_stream *s, struct ut_slice *rest)
{
	struct pptp_message message;
	struct pptp_fault fault;

	switch (pptp_stream_read(s, rest, &message, &fault)) {
	case PPTP_STREAM_MESSAGE:
		print_message(p, &message, s->offset - message.length, message.length);
		return true;
	case PPTP_STREAM_SKIPPED:
		print_fault(p, pptp_fault_sentence(fault.reason), fault.offset, &fault);
		return true;
	case PPTP_STREAM_LOST:
		print_fault(p, pptp_fault_sentence(fault.reason), fault.offset, &fault);
		return false;
	case PPTP_STREAM_MORE:
		break;
	}
	print_cut_off(p, s);
	if (s->have != 0 || s->skip != 0)
		print_fault(p, cut_off, s->offset, NULL);
	return false;
}

bool
decode_pptp_print(FILE *out, FILE *err, struct ut_slice stream, enum decode_form form)
{
	struct printing p = { .out = out, .err = err, .form = form, .is_faultless = true };
	struct pptp_stream s = { .offset = 0 };

	while (print_next(&p, &s, &stream))
		;
	return p.is_faultless;
}
