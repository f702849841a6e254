/* pptp_stream.rl - a stream of octets becomes control messages (RFC 2637 sections 1.4 and 2)
 * SPDX-License-Identifier: Apache-2.0
 *
 * The lead of a message (Length to Control Message Type) goes through a machine that keeps its place between
 * reads; the message itself is read once it is whole, where it lies.
 */
#include "codec/pptp.h"

enum {
	OFFSET_OF_MESSAGE_TYPE = 2,
	OFFSET_OF_COOKIE = 4,
	OFFSET_OF_CONTROL_MESSAGE_TYPE = 8,
	LEAD_OCTETS = 10,
	CALL_ERRORS_N = sizeof((struct pptp_message *)0)->call_errors / sizeof(uint32_t)
};

static const uint8_t message_octets[PPTP_MESSAGE_N] = {
#define X(token, number, octets, name, letters) [number] = (octets),
	PPTP_MESSAGES(X)
#undef X
};

size_t
pptp_message_octets(unsigned type)
{
	return type < PPTP_MESSAGE_N ? message_octets[type] : 0;
}

/* What the lead of a message says.  Its fields are read again where they are needed: the octets before a cut were read
 * by another call. */
struct lead {
	enum pptp_fault_reason reason;
	uint8_t offset; /* in the message, of the field that is wrong */
	uint8_t octets; /* read so far */
	uint16_t length, number;
};

/* The whole lead is there, in step with the stream: which message is it? */
static inline void
judge_lead(struct lead *l, unsigned message_type)
{
	if (UT_SELDOM(l->length > PPTP_MESSAGE_OCTETS)) {
		l->reason = PPTP_FAULT_LONG;
	} else if (UT_SELDOM(message_type != PPTP_CONTROL_MESSAGE)) {
		l->reason = PPTP_FAULT_MESSAGE_TYPE;
		l->offset = OFFSET_OF_MESSAGE_TYPE;
	} else if (UT_SELDOM(l->number - 1u >= PPTP_MESSAGE_N - 1u)) {
		l->reason = PPTP_FAULT_UNKNOWN;
		l->offset = OFFSET_OF_CONTROL_MESSAGE_TYPE;
	} else if (UT_SELDOM(l->length < message_octets[l->number])) {
		l->reason = PPTP_FAULT_SHORT;
	}
}

%%{
	machine pptp_lead;

	action length {
		l->length = ut_get_u16(p - 1);
		if (UT_SELDOM(l->length < PPTP_HEADER_OCTETS)) {
			l->reason = PPTP_FAULT_LENGTH;
			fbreak;
		}
	}
	action cookie {
		if (UT_SELDOM(ut_get_u32(p - 3) != PPTP_COOKIE)) {
			l->reason = PPTP_FAULT_COOKIE;
			l->length = ut_get_u16(p - 7);
			l->offset = OFFSET_OF_COOKIE;
			fbreak;
		}
	}
	action control_message_type {
		l->length = ut_get_u16(p - 9);
		l->number = ut_get_u16(p - 1);
		judge_lead(l, ut_get_u16(p - 7));
		fbreak;
	}

	include pptp_lead_grammar "pptp_grammar.rl";
	main := lead;
	write data noerror nofinal noentry;
}%%

/* Reads octets `from` to `to` of the lead of a message that begins at `base`, with the machine in `place`; 0 is the
 * start.  Returns the place where it is then. */
static uint8_t
read_lead(struct lead *l, const uint8_t *base, size_t from, size_t to, uint8_t place)
{
	const uint8_t *p = base + from;
	const uint8_t *const pe = base + to;
	int cs;

	%% write init;
	if (place != 0)
		cs = place;
	%% write exec;
	l->octets = (uint8_t)(p - base);
	return (uint8_t)cs;
}

/* The same of a lead that is whole at `base`: the machine need not ask for the end before every octet.  It stands behind
 * the other one: Ragel's noend holds from where it stands to the end of the file. */
static inline void
read_whole_lead(struct lead *l, const uint8_t *const base)
{
	const uint8_t *p = base;
	int cs;

	%% write init;
	%% write exec noend;
	(void)cs;
	l->octets = (uint8_t)(p - base);
}

/* A text goes up to the first octet of 0, or fills its field. */
static inline struct ut_slice
text(const uint8_t *p, size_t room)
{
	const uint8_t *const end = memchr(p, 0, room);

	return ut_slice(p, end != NULL ? (size_t)(end - p) : room);
}

/* In blocks: for all of it at once the compiler makes a string instruction, which takes longer than all the rest. */
static inline void
clear(struct pptp_message *out)
{
	enum { BLOCK = 64, WHOLE = (sizeof *out - 1) / BLOCK * BLOCK };
	uint8_t *const at = (uint8_t *)out;

	_Static_assert(WHOLE == 3 * BLOCK || WHOLE == 2 * BLOCK, "two whole blocks (32 bits) or three, and a part");
	memset(at, 0, BLOCK);
	memset(at + BLOCK, 0, BLOCK);
	memset(at + WHOLE - BLOCK, 0, BLOCK);
	memset(at + WHOLE, 0, sizeof *out - WHOLE);
}

%%{
	machine pptp_message;

	action reserved0 { out->reserved0 = ut_get_u16(p - 1); }
	action protocol_version { out->protocol_version = ut_get_u16(p - 1); }
	action result { out->result = *p; }
	action error { out->error = *p; }
	action cause { out->cause = ut_get_u16(p - 1); }
	action framing { out->framing = ut_get_u32(p - 3); }
	action bearer { out->bearer = ut_get_u32(p - 3); }
	action maximum_channels { out->maximum_channels = ut_get_u16(p - 1); }
	action firmware_revision { out->firmware_revision = ut_get_u16(p - 1); }
	action identifier { out->identifier = ut_get_u32(p - 3); }
	action call_id { out->call_id.v = ut_get_u16(p - 1); }
	action peer_call_id { out->peer_call_id.v = ut_get_u16(p - 1); }
	action call_serial { out->call_serial = ut_get_u16(p - 1); }
	action minimum_bps { out->minimum_bps = ut_get_u32(p - 3); }
	action maximum_bps { out->maximum_bps = ut_get_u32(p - 3); }
	action connect_speed { out->connect_speed = ut_get_u32(p - 3); }
	action window { out->window = ut_get_u16(p - 1); }
	action processing_delay { out->processing_delay = ut_get_u16(p - 1); }
	action physical_channel { out->physical_channel = ut_get_u32(p - 3); }
	action send_accm { out->send_accm = ut_get_u32(p - 3); }
	action receive_accm { out->receive_accm = ut_get_u32(p - 3); }
	action host_name {
		out->host_name = text(p, PPTP_TEXT_OCTETS);
		fexec p + PPTP_TEXT_OCTETS;
	}
	action vendor_name {
		out->vendor_name = text(p, PPTP_TEXT_OCTETS);
		fexec p + PPTP_TEXT_OCTETS;
	}
	action subaddress {
		out->subaddress = text(p, PPTP_TEXT_OCTETS);
		fexec p + PPTP_TEXT_OCTETS;
	}
	action statistics {
		out->statistics = text(p, PPTP_STATISTICS_OCTETS);
		fexec p + PPTP_STATISTICS_OCTETS;
	}
	action phone_number_length {
		out->phone_number.n = ut_get_u16(p - 1);
		if (UT_SELDOM(out->phone_number.n > PPTP_TEXT_OCTETS)) {
			bad = p - 1;
			fbreak;
		}
	}
	action phone_number {
		out->phone_number.p = p;
		fexec p + PPTP_TEXT_OCTETS;
	}
	action dialed_number_length {
		out->dialed_number.n = ut_get_u16(p - 1);
		if (UT_SELDOM(out->dialed_number.n > PPTP_TEXT_OCTETS)) {
			bad = p - 1;
			fbreak;
		}
	}
	action dialed_number {
		out->dialed_number.p = p;
		fexec p + PPTP_TEXT_OCTETS;
	}
	action dialing_number_length {
		out->dialing_number.n = ut_get_u16(p - 1);
		if (UT_SELDOM(out->dialing_number.n > PPTP_TEXT_OCTETS)) {
			bad = p - 1;
			fbreak;
		}
	}
	action dialing_number {
		out->dialing_number.p = p;
		fexec p + PPTP_TEXT_OCTETS;
	}
	action call_errors {
		for (size_t i = 0; i < CALL_ERRORS_N; i++)
			out->call_errors[i] = ut_get_u32(p + 4 * i);
		fexec p + 4 * CALL_ERRORS_N;
	}
	action end { fbreak; }

	include pptp_message_grammar "pptp_grammar.rl";
	main := message;
	write data noerror nofinal noentry;
}%%

/* Reads the message at `base`, whose lead was found to be right and all of whose octets are there.  Returns NULL, or
 * the Number Length that runs past its field. */
static const uint8_t *
read_message(const uint8_t *base, struct pptp_message *out)
{
	const uint8_t *p = base + OFFSET_OF_CONTROL_MESSAGE_TYPE, *bad = NULL;
	int cs;

	clear(out);
	out->number = ut_get_u16(p);
	out->type = (enum pptp_message_type)out->number;
	out->length = ut_get_u16(base);
	%% write init;
	%% write exec noend;
	(void)cs;
	return bad;
}

static inline void
take(struct pptp_stream *s, struct ut_slice *in, size_t n)
{
	*in = ut_slice(in->p + n, in->n - n);
	s->offset += n;
}

/* `in` stands behind the octet that told what is wrong with the message that began at stream offset `start`. */
UT_UNUSUAL static enum pptp_stream_result
refuse(struct pptp_stream *s, const struct lead *l, uint64_t start, struct pptp_fault *fault)
{
	*fault = (struct pptp_fault){ .reason = l->reason,
				      .offset = start + l->offset,
				      .number = l->number,
				      .length = l->length };
	s->have = 0;
	if (l->reason < PPTP_FAULT_LONG) {
		s->is_lost = true;
		return PPTP_STREAM_LOST;
	}
	s->skip = (uint16_t)(l->length - l->octets);
	return PPTP_STREAM_SKIPPED;
}

UT_UNUSUAL static enum pptp_stream_result
refuse_number(struct pptp_stream *s, const struct pptp_message *m, ptrdiff_t offset, struct pptp_fault *fault)
{
	const struct lead l = { .reason = PPTP_FAULT_NUMBER_LENGTH,
				.offset = (uint8_t)offset,
				.length = m->length,
				.number = m->number };

	return refuse(s, &l, s->offset - m->length, fault);
}

/* The message at `base` is whole, and the stream stands behind it. */
static inline enum pptp_stream_result
finish(struct pptp_stream *s, const uint8_t *base, struct pptp_message *out, struct pptp_fault *fault)
{
	const uint8_t *const bad = read_message(base, out);

	return UT_SELDOM(bad != NULL) ? refuse_number(s, out, bad - base, fault) : PPTP_STREAM_MESSAGE;
}

/* Takes octets into the stream until it has `octets` of the message. */
UT_UNUSUAL static bool
gather(struct pptp_stream *s, struct ut_slice *in, size_t octets)
{
	const size_t missing = octets - s->have, n = in->n < missing ? in->n : missing;

	if (n != 0)
		memcpy(s->message + s->have, in->p, n);
	s->have = (uint16_t)(s->have + n);
	take(s, in, n);
	return n == missing;
}

/* A message whose lead is whole at the front of `in`. */
static enum pptp_stream_result
read_in_place(struct pptp_stream *s, struct ut_slice *in, struct pptp_message *out, struct pptp_fault *fault)
{
	const uint8_t *const base = in->p;
	const uint64_t start = s->offset;
	struct lead l = { .reason = PPTP_FAULT_NONE };

	read_whole_lead(&l, base);
	if (UT_SELDOM(l.reason != PPTP_FAULT_NONE)) {
		take(s, in, l.octets);
		return refuse(s, &l, start, fault);
	}
	if (UT_SELDOM(in->n < l.length)) {
		gather(s, in, l.length);
		return PPTP_STREAM_MORE;
	}
	take(s, in, l.length);
	return finish(s, base, out, fault);
}

/* Reads as much of a lead as there is.  Returns false if it is not right. */
static bool
read_lead_in_pieces(struct pptp_stream *s, struct ut_slice *in, struct lead *l)
{
	const size_t from = s->have, missing = LEAD_OCTETS - from, n = in->n < missing ? in->n : missing;

	memcpy(s->message + from, in->p, n);
	s->place = read_lead(l, s->message, from, from + n, from != 0 ? s->place : 0);
	s->have = l->octets;
	take(s, in, l->octets - from);
	return l->reason == PPTP_FAULT_NONE;
}

/* A message that began in an earlier read, or whose lead is not whole yet. */
static enum pptp_stream_result
read_in_pieces(struct pptp_stream *s, struct ut_slice *in, struct pptp_message *out, struct pptp_fault *fault)
{
	struct lead l = { .reason = PPTP_FAULT_NONE };

	if (s->have < LEAD_OCTETS && !read_lead_in_pieces(s, in, &l))
		return refuse(s, &l, s->offset - l.octets, fault);
	if (s->have < LEAD_OCTETS || !gather(s, in, ut_get_u16(s->message)))
		return PPTP_STREAM_MORE;
	s->have = 0;
	return finish(s, s->message, out, fault);
}

static void
step_over(struct pptp_stream *s, struct ut_slice *in)
{
	const size_t n = in->n < s->skip ? in->n : s->skip;

	s->skip = (uint16_t)(s->skip - n);
	take(s, in, n);
}

UT_UNUSUAL static enum pptp_stream_result
read_on(struct pptp_stream *s, struct ut_slice *in, struct pptp_message *out, struct pptp_fault *fault)
{
	if (s->is_lost)
		return PPTP_STREAM_LOST;
	step_over(s, in);
	if (in->n == 0)
		return PPTP_STREAM_MORE;
	if (s->have == 0 && in->n >= LEAD_OCTETS)
		return read_in_place(s, in, out, fault);
	return read_in_pieces(s, in, out, fault);
}

enum pptp_stream_result
pptp_stream_read(struct pptp_stream *s, struct ut_slice *in, struct pptp_message *out,
		 struct pptp_fault *fault)
{
	if (UT_SELDOM(s->have != 0 || s->skip != 0 || s->is_lost || in->n < LEAD_OCTETS))
		return read_on(s, in, out, fault);
	return read_in_place(s, in, out, fault);
}
