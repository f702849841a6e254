/* pptp_plain.c - the PPTP stream once more, by hand (RFC 2637 sections 1.4 and 2)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/oracle/pptp_plain.h"

/* Octets of a message after which something is known: Length, Magic Cookie, Control Message Type. */
enum { AFTER_LENGTH = 2, AFTER_COOKIE = 8, AFTER_TYPE = 10 };

static size_t
octets_of_type(unsigned type)
{
	switch (type) {
	case 1:
	case 2:
		return 156;
	case 3:
	case 4:
	case 5:
	case 12:
		return 16;
	case 6:
		return 20;
	case 7:
		return 168;
	case 8:
		return 32;
	case 9:
		return 220;
	case 10:
	case 15:
		return 24;
	case 11:
		return 28;
	case 13:
		return 148;
	case 14:
		return 40;
	default:
		return 0;
	}
}

/* What the first `have` octets of a message show to be wrong; `told` is after how many of them. */
static enum pptp_fault_reason
what_is_wrong(const uint8_t *m, size_t have, size_t *told, unsigned *offset)
{
	unsigned length, needed;

	*told = AFTER_LENGTH;
	*offset = 0;
	if (have < AFTER_LENGTH)
		return PPTP_FAULT_NONE;
	length = ut_get_u16(m);
	if (length < 12)
		return PPTP_FAULT_LENGTH;
	*told = AFTER_COOKIE;
	*offset = 4;
	if (have < AFTER_COOKIE)
		return PPTP_FAULT_NONE;
	if (ut_get_u32(m + 4) != 0x1a2b3c4d)
		return PPTP_FAULT_COOKIE;
	*told = AFTER_TYPE;
	*offset = 0;
	if (have < AFTER_TYPE)
		return PPTP_FAULT_NONE;
	if (length > 220)
		return PPTP_FAULT_LONG;
	*offset = 2;
	if (ut_get_u16(m + 2) != 1)
		return PPTP_FAULT_MESSAGE_TYPE;
	*offset = 8;
	needed = (unsigned)octets_of_type(ut_get_u16(m + 8));
	if (needed == 0)
		return PPTP_FAULT_UNKNOWN;
	*offset = 0;
	return length < needed ? PPTP_FAULT_SHORT : PPTP_FAULT_NONE;
}

static struct ut_slice
text(const uint8_t *p, size_t n)
{
	const uint8_t *const zero = memchr(p, 0, n);

	return ut_slice(p, zero == NULL ? n : (size_t)(zero - p));
}

static void
read_start(const uint8_t *m, struct pptp_message *out)
{
	out->protocol_version = ut_get_u16(m + 12);
	out->framing = ut_get_u32(m + 16);
	out->bearer = ut_get_u32(m + 20);
	out->maximum_channels = ut_get_u16(m + 24);
	out->firmware_revision = ut_get_u16(m + 26);
	out->host_name = text(m + 28, 64);
	out->vendor_name = text(m + 92, 64);
}

/* The readers of calls return the offset of a Number Length that is wrong, or 0. */
static unsigned
read_outgoing_request(const uint8_t *m, struct pptp_message *out)
{
	out->call_id.v = ut_get_u16(m + 12);
	out->call_serial = ut_get_u16(m + 14);
	out->minimum_bps = ut_get_u32(m + 16);
	out->maximum_bps = ut_get_u32(m + 20);
	out->bearer = ut_get_u32(m + 24);
	out->framing = ut_get_u32(m + 28);
	out->window = ut_get_u16(m + 32);
	out->processing_delay = ut_get_u16(m + 34);
	if (ut_get_u16(m + 36) > 64)
		return 36;
	out->phone_number = ut_slice(m + 40, ut_get_u16(m + 36));
	out->subaddress = text(m + 104, 64);
	return 0;
}

static void
read_outgoing_reply(const uint8_t *m, struct pptp_message *out)
{
	out->call_id.v = ut_get_u16(m + 12);
	out->peer_call_id.v = ut_get_u16(m + 14);
	out->result = m[16];
	out->error = m[17];
	out->cause = ut_get_u16(m + 18);
	out->connect_speed = ut_get_u32(m + 20);
	out->window = ut_get_u16(m + 24);
	out->processing_delay = ut_get_u16(m + 26);
	out->physical_channel = ut_get_u32(m + 28);
}

static unsigned
read_incoming_request(const uint8_t *m, struct pptp_message *out)
{
	out->call_id.v = ut_get_u16(m + 12);
	out->call_serial = ut_get_u16(m + 14);
	out->bearer = ut_get_u32(m + 16);
	out->physical_channel = ut_get_u32(m + 20);
	if (ut_get_u16(m + 24) > 64)
		return 24;
	if (ut_get_u16(m + 26) > 64)
		return 26;
	out->dialed_number = ut_slice(m + 28, ut_get_u16(m + 24));
	out->dialing_number = ut_slice(m + 92, ut_get_u16(m + 26));
	out->subaddress = text(m + 156, 64);
	return 0;
}

static void
read_incoming_reply(const uint8_t *m, struct pptp_message *out)
{
	out->call_id.v = ut_get_u16(m + 12);
	out->peer_call_id.v = ut_get_u16(m + 14);
	out->result = m[16];
	out->error = m[17];
	out->window = ut_get_u16(m + 18);
	out->processing_delay = ut_get_u16(m + 20);
}

static void
read_incoming_connected(const uint8_t *m, struct pptp_message *out)
{
	out->peer_call_id.v = ut_get_u16(m + 12);
	out->connect_speed = ut_get_u32(m + 16);
	out->window = ut_get_u16(m + 20);
	out->processing_delay = ut_get_u16(m + 22);
	out->framing = ut_get_u32(m + 24);
}

static void
read_disconnect(const uint8_t *m, struct pptp_message *out)
{
	out->call_id.v = ut_get_u16(m + 12);
	out->result = m[14];
	out->error = m[15];
	out->cause = ut_get_u16(m + 16);
	out->statistics = text(m + 20, 128);
}

static void
read_wan_errors(const uint8_t *m, struct pptp_message *out)
{
	out->peer_call_id.v = ut_get_u16(m + 12);
	for (unsigned i = 0; i < 6; i++)
		out->call_errors[i] = ut_get_u32(m + 16 + 4 * i);
}

/* In pieces: for all of it at once gcc makes a string instruction that takes 20 ns, and a measure must not be slow. */
static void
clear(struct pptp_message *out)
{
	enum { QUARTER = sizeof *out / 4 };
	uint8_t *const at = (uint8_t *)out;

	memset(at, 0, QUARTER);
	memset(at + QUARTER, 0, QUARTER);
	memset(at + 2 * QUARTER, 0, QUARTER);
	memset(at + 3 * QUARTER, 0, sizeof *out - 3 * QUARTER);
}

static unsigned
read_message(const uint8_t *m, struct pptp_message *out)
{
	clear(out);
	out->length = ut_get_u16(m);
	out->number = ut_get_u16(m + 8);
	out->reserved0 = ut_get_u16(m + 10);
	out->type = (enum pptp_message_type)out->number;
	switch (out->number) {
	case 2:
		out->result = m[14];
		out->error = m[15];
		read_start(m, out);
		break;
	case 1:
		read_start(m, out);
		break;
	case 3:
		out->result = m[12];
		break;
	case 4:
		out->result = m[12];
		out->error = m[13];
		break;
	case 6:
		out->result = m[16];
		out->error = m[17];
		out->identifier = ut_get_u32(m + 12);
		break;
	case 5:
		out->identifier = ut_get_u32(m + 12);
		break;
	case 7:
		return read_outgoing_request(m, out);
	case 8:
		read_outgoing_reply(m, out);
		break;
	case 9:
		return read_incoming_request(m, out);
	case 10:
		read_incoming_reply(m, out);
		break;
	case 11:
		read_incoming_connected(m, out);
		break;
	case 12:
		out->call_id.v = ut_get_u16(m + 12);
		break;
	case 13:
		read_disconnect(m, out);
		break;
	case 14:
		read_wan_errors(m, out);
		break;
	case 15:
		out->peer_call_id.v = ut_get_u16(m + 12);
		out->send_accm = ut_get_u32(m + 16);
		out->receive_accm = ut_get_u32(m + 20);
		break;
	default:
		break;
	}
	return 0;
}

static void
advance(struct pptp_stream *s, struct ut_slice *in, size_t n)
{
	in->p += n;
	in->n -= n;
	s->offset += n;
}

/* `read` octets of the message were taken off the input. */
static enum pptp_stream_result
fail(struct pptp_stream *s, const uint8_t *m, size_t read, enum pptp_fault_reason reason, unsigned offset,
     struct pptp_fault *fault)
{
	const bool is_skipped =
	    reason == PPTP_FAULT_LONG || reason == PPTP_FAULT_MESSAGE_TYPE || reason == PPTP_FAULT_UNKNOWN;

	fault->reason = reason;
	fault->offset = s->offset - read + offset;
	fault->length = ut_get_u16(m);
	fault->number = read >= AFTER_TYPE ? ut_get_u16(m + 8) : 0;
	s->have = 0;
	s->is_lost = !is_skipped;
	s->skip = is_skipped ? (uint16_t)(fault->length - read) : 0;
	return is_skipped ? PPTP_STREAM_SKIPPED : PPTP_STREAM_LOST;
}

/* The message at `m` is whole and was taken off the input. */
static enum pptp_stream_result
deliver(struct pptp_stream *s, const uint8_t *m, struct pptp_message *out, struct pptp_fault *fault)
{
	const unsigned offset = read_message(m, out);

	s->have = 0;
	if (offset != 0)
		return fail(s, m, out->length, PPTP_FAULT_NUMBER_LENGTH, offset, fault);
	return PPTP_STREAM_MESSAGE;
}

/* Copies until `wanted` octets of the message are there. */
static bool
collect(struct pptp_stream *s, struct ut_slice *in, size_t wanted)
{
	size_t n = wanted - s->have;

	if (n > in->n)
		n = in->n;
	memcpy(s->message + s->have, in->p, n);
	s->have = (uint16_t)(s->have + n);
	advance(s, in, n);
	return s->have == wanted;
}

static enum pptp_stream_result
read_piece(struct pptp_stream *s, struct ut_slice *in, struct pptp_message *out, struct pptp_fault *fault)
{
	static const size_t steps[] = { AFTER_LENGTH, AFTER_COOKIE, AFTER_TYPE };
	enum pptp_fault_reason reason;
	unsigned offset;
	size_t told;

	for (unsigned i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		if (s->have >= steps[i])
			continue;
		if (!collect(s, in, steps[i]))
			return PPTP_STREAM_MORE;
		reason = what_is_wrong(s->message, s->have, &told, &offset);
		if (reason != PPTP_FAULT_NONE)
			return fail(s, s->message, s->have, reason, offset, fault);
	}
	if (!collect(s, in, ut_get_u16(s->message)))
		return PPTP_STREAM_MORE;
	return deliver(s, s->message, out, fault);
}

enum pptp_stream_result
pptp_plain_stream_read(struct pptp_stream *s, struct ut_slice *in, struct pptp_message *out,
		       struct pptp_fault *fault)
{
	const uint8_t *m;
	enum pptp_fault_reason reason;
	unsigned offset;
	size_t told;

	if (s->is_lost)
		return PPTP_STREAM_LOST;
	if (s->skip > 0) {
		const size_t n = in->n < s->skip ? in->n : s->skip;

		s->skip = (uint16_t)(s->skip - n);
		advance(s, in, n);
	}
	if (in->n == 0)
		return PPTP_STREAM_MORE;
	m = in->p;
	if (s->have > 0 || in->n < AFTER_TYPE || in->n < ut_get_u16(m))
		return read_piece(s, in, out, fault);
	reason = what_is_wrong(m, in->n, &told, &offset);
	if (reason != PPTP_FAULT_NONE) {
		advance(s, in, told);
		return fail(s, m, told, reason, offset, fault);
	}
	advance(s, in, ut_get_u16(m));
	return deliver(s, m, out, fault);
}
