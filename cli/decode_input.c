/* decode_input.c - the octets of one message, from a file, from hex, or as tcpdump prints them
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/decode_input.h"

#include <ctype.h>

enum {
	PROTOCOL_UDP = 17,
	IPV4_HEADER = 20,
	IPV4_FRAGMENT = 0x3fff, /* more fragments, or an offset */
	IPV6_HEADER = 40,
	IPV6_HOP_BY_HOP = 0,
	IPV6_ROUTING = 43,
	IPV6_DESTINATION = 60,
	UDP_HEADER = 8,
	DUMP_GROUP_OCTETS = 2
};

static const char *const sentences[DECODE_INPUT_N] = {
	[DECODE_INPUT_OK] = "no fault",
	[DECODE_INPUT_EMPTY] = "there is no message in the input",
	[DECODE_INPUT_NOT_HEX] = "neither a hex digit nor a space between octets",
	[DECODE_INPUT_ODD] = "half an octet",
	[DECODE_INPUT_TOO_LONG] = "more octets than a datagram holds",
	[DECODE_INPUT_GAP] = "the offset does not follow the line before",
	[DECODE_INPUT_IP] = "the IP header is cut off, not valid, or of a fragment",
	[DECODE_INPUT_NOT_UDP] = "the IP packet does not carry UDP",
	[DECODE_INPUT_UDP] = "the UDP header is cut off or not valid",
};

const char *
decode_input_sentence(enum decode_input_fault fault)
{
	return sentences[fault];
}

/* What is left of a text. */
struct text {
	const char *at, *end;
};

static struct text
next_line(struct text *rest)
{
	struct text line = *rest;
	const char *const newline = memchr(rest->at, '\n', (size_t)(rest->end - rest->at));

	line.end = newline != NULL ? newline : rest->end;
	rest->at = newline != NULL ? newline + 1 : rest->end;
	return line;
}

static bool
has_digit(const struct text *t)
{
	return t->at < t->end && isxdigit((unsigned char)*t->at);
}

static unsigned
take_digit(struct text *t)
{
	const char c = *t->at++;

	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	return (unsigned)((c | 0x20) - 'a') + 10;
}

static enum decode_input_fault
take_octet(struct decode_input *in, struct text *t)
{
	unsigned octet;

	if (in->n == sizeof in->octets)
		return DECODE_INPUT_TOO_LONG;
	octet = take_digit(t) << 4;
	if (!has_digit(t))
		return DECODE_INPUT_ODD;
	in->octets[in->n++] = (uint8_t)(octet | take_digit(t));
	return DECODE_INPUT_OK;
}

static enum decode_input_fault
read_plain_line(struct decode_input *in, struct text line)
{
	enum decode_input_fault fault = DECODE_INPUT_OK;

	while (fault == DECODE_INPUT_OK && line.at < line.end) {
		if (has_digit(&line))
			fault = take_octet(in, &line);
		else if (isspace((unsigned char)*line.at) || *line.at == ':' || *line.at == ',')
			line.at++;
		else
			fault = DECODE_INPUT_NOT_HEX;
	}
	return fault;
}

/* Takes "  0x0010:" off the line; false if it does not begin so. */
static bool
take_offset_column(struct text *line, size_t *offset)
{
	struct text t = *line;

	while (t.at < t.end && isspace((unsigned char)*t.at))
		t.at++;
	if (t.end - t.at < 3 || t.at[0] != '0' || t.at[1] != 'x')
		return false;
	t.at += 2;
	for (*offset = 0; has_digit(&t) && *offset <= DECODE_INPUT_MAX;)
		*offset = *offset << 4 | take_digit(&t);
	if (t.at == t.end || *t.at != ':')
		return false;
	line->at = t.at + 1;
	return true;
}

/* Groups of two octets with one space between; two spaces begin the text column of -X. */
static enum decode_input_fault
read_dump_line(struct decode_input *in, struct text line)
{
	enum decode_input_fault fault = DECODE_INPUT_OK;

	while (line.at < line.end && isspace((unsigned char)*line.at))
		line.at++;
	for (;;) {
		for (unsigned i = 0; i < DUMP_GROUP_OCTETS && has_digit(&line) && fault == DECODE_INPUT_OK;
		     i++)
			fault = take_octet(in, &line);
		if (fault != DECODE_INPUT_OK || line.at == line.end || isspace((unsigned char)*line.at) == 0)
			return fault;
		line.at++;
		if (!has_digit(&line))
			return DECODE_INPUT_OK;
	}
}

static bool
is_dump(struct text rest)
{
	size_t offset;

	while (rest.at < rest.end) {
		struct text line = next_line(&rest);

		if (take_offset_column(&line, &offset))
			return true;
	}
	return false;
}

/* Lines without an offset are tcpdump's own words; a second offset of 0 begins the next packet. */
static enum decode_input_fault
read_dump(struct decode_input *in, struct text rest)
{
	enum decode_input_fault fault = DECODE_INPUT_OK;
	size_t offset;

	for (in->line = 1; fault == DECODE_INPUT_OK && rest.at < rest.end; in->line++) {
		struct text line = next_line(&rest);

		if (!take_offset_column(&line, &offset))
			continue;
		if (offset == 0 && in->n != 0)
			break;
		fault = offset == in->n ? read_dump_line(in, line) : DECODE_INPUT_GAP;
	}
	in->line -= fault != DECODE_INPUT_OK ? 1 : in->line;
	return fault;
}

static enum decode_input_fault
read_plain(struct decode_input *in, struct text rest)
{
	enum decode_input_fault fault = DECODE_INPUT_OK;

	for (in->line = 1; fault == DECODE_INPUT_OK && rest.at < rest.end; in->line++)
		fault = read_plain_line(in, next_line(&rest));
	in->line -= fault != DECODE_INPUT_OK ? 1 : in->line;
	return fault;
}

/* Takes n octets off the front. */
static void
step_over(struct ut_slice *s, size_t n)
{
	*s = ut_slice(s->p + n, s->n - n);
}

static enum decode_input_fault
step_over_ipv4(struct ut_slice *s)
{
	const size_t header = s->n < IPV4_HEADER ? 0 : (s->p[0] & 0x0fu) * 4;

	if (header < IPV4_HEADER || header > s->n || ut_get_u16(s->p + 2) < header ||
	    (ut_get_u16(s->p + 6) & IPV4_FRAGMENT) != 0)
		return DECODE_INPUT_IP;
	if (s->p[9] != PROTOCOL_UDP)
		return DECODE_INPUT_NOT_UDP;
	if (ut_get_u16(s->p + 2) < s->n)
		s->n = ut_get_u16(s->p + 2);
	step_over(s, header);
	return DECODE_INPUT_OK;
}

static bool
is_ipv6_extension(unsigned header)
{
	return header == IPV6_HOP_BY_HOP || header == IPV6_ROUTING || header == IPV6_DESTINATION;
}

static enum decode_input_fault
step_over_ipv6(struct ut_slice *s)
{
	unsigned next;

	if (s->n < IPV6_HEADER)
		return DECODE_INPUT_IP;
	next = s->p[6];
	step_over(s, IPV6_HEADER);
	while (is_ipv6_extension(next)) {
		const size_t octets = s->n < 2 ? 0 : (s->p[1] + 1u) * 8;

		if (octets == 0 || octets > s->n)
			return DECODE_INPUT_IP;
		next = s->p[0];
		step_over(s, octets);
	}
	return next == PROTOCOL_UDP ? DECODE_INPUT_OK : DECODE_INPUT_NOT_UDP;
}

static enum decode_input_fault
step_over_udp(struct ut_slice *s)
{
	const size_t length = s->n < UDP_HEADER ? 0 : ut_get_u16(s->p + 4);

	if (length < UDP_HEADER)
		return DECODE_INPUT_UDP;
	if (length < s->n)
		s->n = length;
	step_over(s, UDP_HEADER);
	return DECODE_INPUT_OK;
}

/* tcpdump -x prints packets from the IP header on. */
static enum decode_input_fault
step_over_packet(struct ut_slice *s)
{
	const unsigned version = s->p[0] >> 4;
	enum decode_input_fault fault = DECODE_INPUT_OK;

	if (version != 4 && version != 6)
		return DECODE_INPUT_OK;
	fault = version == 4 ? step_over_ipv4(s) : step_over_ipv6(s);
	return fault == DECODE_INPUT_OK ? step_over_udp(s) : fault;
}

static void
reset(struct decode_input *in)
{
	in->n = 0;
	in->line = 0;
	in->message = ut_slice(in->octets, 0);
}

enum decode_input_fault
decode_input_hex(struct decode_input *in, const char *text, size_t n)
{
	const struct text all = { text, text + n };
	const bool dumped = is_dump(all);
	enum decode_input_fault fault;
	struct ut_slice message;

	reset(in);
	fault = dumped ? read_dump(in, all) : read_plain(in, all);
	if (fault != DECODE_INPUT_OK)
		return fault;
	if (in->n == 0)
		return DECODE_INPUT_EMPTY;
	message = ut_slice(in->octets, in->n);
	if (dumped)
		fault = step_over_packet(&message);
	if (fault == DECODE_INPUT_OK)
		in->message = message;
	return fault;
}

enum decode_input_fault
decode_input_binary(struct decode_input *in, const void *octets, size_t n)
{
	reset(in);
	if (n == 0)
		return DECODE_INPUT_EMPTY;
	if (n > sizeof in->octets)
		return DECODE_INPUT_TOO_LONG;
	memcpy(in->octets, octets, n);
	in->n = n;
	in->message = ut_slice(in->octets, n);
	return DECODE_INPUT_OK;
}
