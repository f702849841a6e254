/* decode_input.c - the octets of a message, from a file, from hex, or as tcpdump prints them
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/inspect/decode_input.h"

#include "cli/inspect/decode_packet.h"

#include <ctype.h>

enum { DUMP_GROUP_OCTETS = 2 };

static const char *const sentences[DECODE_INPUT_N] = {
	[DECODE_INPUT_OK] = "no fault",
	[DECODE_INPUT_EMPTY] = "there is no message in the input",
	[DECODE_INPUT_NOT_HEX] = "neither a hex digit nor a space between octets",
	[DECODE_INPUT_ODD] = "half an octet",
	[DECODE_INPUT_TOO_LONG] = "more than 65535 octets",
	[DECODE_INPUT_GAP] = "the offset does not follow the line before",
	[DECODE_INPUT_IP] = "the IP header is cut off, not valid, or of a fragment",
	[DECODE_INPUT_CARRIED] = "the IP packet carries none of UDP, GRE and TCP of port 1723",
	[DECODE_INPUT_OTHER] = "the IP packet does not carry what was asked for",
	[DECODE_INPUT_UDP] = "the UDP header is cut off or not valid",
	[DECODE_INPUT_TCP] = "the TCP header is cut off or not valid",
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

static void
reset(struct decode_input *in, enum decode_protocol wanted)
{
	in->protocol = wanted == DECODE_ANY ? DECODE_L2TP : wanted;
	in->n = 0;
	in->line = 0;
	in->message = ut_slice(in->octets, 0);
}

enum decode_input_fault
decode_input_hex(struct decode_input *in, enum decode_protocol wanted, const char *text, size_t n)
{
	const struct text all = { text, text + n };
	const bool dumped = is_dump(all);
	enum decode_input_fault fault;
	struct ut_slice message;

	reset(in, wanted);
	fault = dumped ? read_dump(in, all) : read_plain(in, all);
	if (fault != DECODE_INPUT_OK)
		return fault;
	if (in->n == 0)
		return DECODE_INPUT_EMPTY;
	message = ut_slice(in->octets, in->n);
	if (dumped)
		fault = decode_packet_open(&message, wanted, &in->protocol);
	if (fault == DECODE_INPUT_OK && message.n == 0)
		fault = DECODE_INPUT_EMPTY;
	if (fault == DECODE_INPUT_OK)
		in->message = message;
	return fault;
}

enum decode_input_fault
decode_input_binary(struct decode_input *in, enum decode_protocol wanted, const void *octets, size_t n)
{
	reset(in, wanted);
	if (n == 0)
		return DECODE_INPUT_EMPTY;
	if (n > sizeof in->octets)
		return DECODE_INPUT_TOO_LONG;
	memcpy(in->octets, octets, n);
	in->n = n;
	in->message = ut_slice(in->octets, n);
	return DECODE_INPUT_OK;
}
