/* test_decode_pptp.c - uptun decode of PPTP and GRE: what goes in, and what is printed (cli/inspect)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/inspect/decode_gre.h"
#include "cli/inspect/decode_input.h"
#include "cli/inspect/decode_pptp.h"
#include "cli/inspect/decode_pptp_field.h"
#include "tests/codec/pptp_samples.h"
#include "tests/guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

enum { ROOM = 4096 };

#define COOKIE "\x1a\x2b\x3c\x4d"
#define ECHO "\0\x10\0\1" COOKIE "\0\5\0\0\1\2\3\4"
#define OCTETS(text) ut_slice((text), sizeof(text) - 1)

/* ---- what goes in ---- */

#define IPV4_GRE "0x0000:  4500 0022 0000 4000 402f 0000 0a00 0001\n0x0010:  0a00 0002 "

struct input_case {
	const char *what;
	const char *text;
	enum decode_protocol wanted;
	enum decode_input_fault fault;
	enum decode_protocol protocol;
	size_t n; /* octets of the message */
};

static const struct input_case inputs[] = {
	{ "bare, nothing said", "0010 0001 1a2b 3c4d 0005 0000 0102 0304", DECODE_ANY, DECODE_INPUT_OK,
	  DECODE_L2TP, 16 },
	{ "bare, PPTP", "0010 0001 1a2b 3c4d 0005 0000 0102 0304", DECODE_PPTP, DECODE_INPUT_OK, DECODE_PPTP,
	  16 },
	{ "bare with offsets, PPTP", "0x0000:  0010 0001 1a2b 3c4d 0005 0000 0102 0304\n", DECODE_PPTP,
	  DECODE_INPUT_OK, DECODE_PPTP, 16 },
	{ "bare, GRE", "2081 880b 0000 0001 0000 0001", DECODE_GRE, DECODE_INPUT_OK, DECODE_GRE, 12 },
	{ "bare with offsets, GRE", "0x0000:  2081 880b 0000 0001 0000 0001\n", DECODE_GRE, DECODE_INPUT_OK,
	  DECODE_GRE, 12 },
	{ "TCP to 1723",
	  "0x0000:  4500 0038 0000 4000 4006 0000 0a00 0001\n0x0010:  0a00 0002 c001 06bb 0000 0001 0000 "
	  "0001\n"
	  "0x0020:  5018 0000 0000 0000 0010 0001 1a2b 3c4d\n0x0030:  0005 0000 0102 0304\n",
	  DECODE_ANY, DECODE_INPUT_OK, DECODE_PPTP, 16 },
	{ "TCP from 1723, with options, padded",
	  "0x0000:  4500 003c 0000 4000 4006 0000 0a00 0001\n0x0010:  0a00 0002 06bb c001 0000 0001 0000 "
	  "0001\n"
	  "0x0020:  6018 0000 0000 0000 0101 0101 0010 0001\n0x0030:  1a2b 3c4d 0005 0000 0102 0304 0000\n",
	  DECODE_ANY, DECODE_INPUT_OK, DECODE_PPTP, 16 },
	{ "TCP of other ports",
	  "0x0000:  4500 0029 0000 4000 4006 0000 0a00 0001\n0x0010:  0a00 0002 0050 c001 0000 0001 0000 "
	  "0001\n"
	  "0x0020:  5018 0000 0000 0000 00\n",
	  DECODE_ANY, DECODE_INPUT_CARRIED, DECODE_PPTP, 0 },
	{ "TCP of other ports, asked for",
	  "0x0000:  4500 0029 0000 4000 4006 0000 0a00 0001\n0x0010:  0a00 0002 0050 c001 0000 0001 0000 "
	  "0001\n"
	  "0x0020:  5018 0000 0000 0000 00\n",
	  DECODE_PPTP, DECODE_INPUT_OK, DECODE_PPTP, 1 },
	{ "a segment without octets",
	  "0x0000:  4500 0028 0000 4000 4006 0000 0a00 0001\n0x0010:  0a00 0002 c001 06bb 0000 0001 0000 "
	  "0001\n"
	  "0x0020:  5010 0000 0000 0000\n",
	  DECODE_ANY, DECODE_INPUT_EMPTY, DECODE_PPTP, 0 },
	{ "TCP cut off",
	  "0x0000:  4500 0028 0000 4000 4006 0000 0a00 0001\n0x0010:  0a00 0002 c001 06bb 0000 0001\n",
	  DECODE_ANY, DECODE_INPUT_TCP, DECODE_PPTP, 0 },
	{ "a TCP header of 16 octets",
	  "0x0000:  4500 0028 0000 4000 4006 0000 0a00 0001\n0x0010:  0a00 0002 c001 06bb 0000 0001 0000 "
	  "0001\n"
	  "0x0020:  4010 0000 0000 0000\n",
	  DECODE_ANY, DECODE_INPUT_TCP, DECODE_PPTP, 0 },
	{ "a TCP header longer than the packet",
	  "0x0000:  4500 0028 0000 4000 4006 0000 0a00 0001\n0x0010:  0a00 0002 c001 06bb 0000 0001 0000 "
	  "0001\n"
	  "0x0020:  6010 0000 0000 0000\n",
	  DECODE_ANY, DECODE_INPUT_TCP, DECODE_PPTP, 0 },
	{ "GRE in IPv4", IPV4_GRE "3001 880b 0002 0001 0000 0001 c021\n", DECODE_ANY, DECODE_INPUT_OK,
	  DECODE_GRE, 14 },
	{ "GRE in IPv6, padded",
	  "0x0000:  6000 0000 000c 2f40 2001 0db8 0000 0000\n0x0010:  0000 0000 0000 0001 2001 0db8 0000 "
	  "0000\n"
	  "0x0020:  0000 0000 0000 0002 2081 880b 0000 0001\n0x0030:  0000 0001 ffff\n",
	  DECODE_ANY, DECODE_INPUT_OK, DECODE_GRE, 12 },
	{ "GRE, but PPTP is asked for", IPV4_GRE "3001 880b 0002 0001 0000 0001 c021\n", DECODE_PPTP,
	  DECODE_INPUT_OTHER, DECODE_GRE, 0 },
	{ "UDP, but GRE is asked for",
	  "0x0000:  4500 001e 0000 4000 4011 0000 0a00 0001\n0x0010:  0a00 0002 06a5 06a5 000a 0000 c802\n",
	  DECODE_GRE, DECODE_INPUT_OTHER, DECODE_L2TP, 0 },
	{ "ICMP", "0x0000:  4500 0014 0000 4000 4001 0000 0a00 0001\n0x0010:  0a00 0002\n", DECODE_PPTP,
	  DECODE_INPUT_CARRIED, DECODE_PPTP, 0 },
};

static void
an_ip_header_says_what_is_in_the_packet(void **state)
{
	struct decode_input *const in = malloc(sizeof *in);

	(void)state;
	assert_non_null(in);
	for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++) {
		const struct input_case *const c = &inputs[i];

		print_message("%s\n", c->what);
		assert_int_equal(decode_input_hex(in, c->wanted, c->text, strlen(c->text)), c->fault);
		assert_int_equal(in->message.n, c->n);
		if (c->fault == DECODE_INPUT_OK)
			assert_int_equal(in->protocol, c->protocol);
		assert_true(strlen(decode_input_sentence(c->fault)) > 0);
	}
	assert_int_equal(decode_input_binary(in, DECODE_GRE, "x", 1), DECODE_INPUT_OK);
	assert_int_equal(in->protocol, DECODE_GRE);
	free(in);
}

static void
no_prefix_of_a_packet_is_read_past_its_end(void **state)
{
	struct decode_input *const in = malloc(sizeof *in);

	assert_non_null(in);
	for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++)
		for (size_t n = 0; n <= strlen(inputs[i].text); n++) {
			const struct ut_slice cut = guard_put(*state, ut_slice(inputs[i].text, n));

			if (decode_input_hex(in, inputs[i].wanted, (const char *)cut.p, n) == DECODE_INPUT_OK)
				assert_true(in->message.p >= in->octets &&
					    in->message.p + in->message.n <= in->octets + in->n);
		}
	free(in);
}

/* ---- what is printed ---- */

/* The caller frees both. */
struct printed {
	char *out, *err;
	bool is_faultless;
};

static struct printed
print(struct ut_slice octets, enum decode_protocol protocol, enum decode_form form)
{
	struct printed p;
	size_t out_n, err_n;
	FILE *const out = open_memstream(&p.out, &out_n), *const err = open_memstream(&p.err, &err_n);

	assert_non_null(out);
	assert_non_null(err);
	if (protocol == DECODE_PPTP)
		p.is_faultless = decode_pptp_print(out, err, octets, form);
	else
		p.is_faultless = decode_gre_print(out, err, octets, form) == GRE_FAULT_NONE;
	fclose(out);
	fclose(err);
	return p;
}

static void
release(struct printed *p)
{
	free(p->out);
	free(p->err);
}

static void
expect_words(const char *text, const char *words)
{
	if (strstr(text, words) == NULL)
		fail_msg("no \"%s\" in:\n%s", words, text);
}

static struct ut_slice
encode(uint8_t octets[PPTP_MESSAGE_OCTETS], enum pptp_message_type type)
{
	const struct pptp_message m = pptp_sample(type);
	struct ut_put w = ut_put_into(octets, PPTP_MESSAGE_OCTETS);

	pptp_message_encode(&w, &m);
	assert_false(w.full);
	return ut_slice(octets, w.len);
}

static void
every_message_of_a_stream_is_printed_field_by_field(void **state)
{
	uint8_t octets[ROOM];
	struct ut_put w = ut_put_into(octets, sizeof octets);
	const struct pptp_message request = pptp_sample(PPTP_OCRQ), reply = pptp_sample(PPTP_OCRP);
	struct printed p;

	(void)state;
	pptp_message_encode(&w, &request);
	pptp_message_encode(&w, &reply);
	p = print(ut_slice(octets, w.len), DECODE_PPTP, DECODE_TEXT);
	assert_true(p.is_faultless);
	assert_string_equal(p.err, "");
	assert_string_equal(p.out,
			    "    0  Outgoing-Call-Request (OCRQ, 7)  length 168\n"
			    "   12      Call ID                       7982 (0x1f2e)\n"
			    "   14      Call Serial Number            15692\n"
			    "   16      Minimum BPS                   2400 bit/s\n"
			    "   20      Maximum BPS                   100000000 bit/s\n"
			    "   24      Bearer Type                   0x3 digital analog\n"
			    "   28      Framing Type                  0x2 synchronous\n"
			    "   32      Packet Recv. Window Size      64 packets\n"
			    "   34      Packet Processing Delay       0.1 s\n"
			    "   36      Phone Number Length           7 octets\n"
			    "   40      Phone Number                  \"5551212\"\n"
			    "  104      Subaddress                    \"12\"\n"
			    "  168  Outgoing-Call-Reply (OCRP, 8)  length 32\n"
			    "  180      Call ID                       23402 (0x5b6a)\n"
			    "  182      Peer's Call ID                7982 (0x1f2e)\n"
			    "  184      Result Code                   4, busy signal\n"
			    "  185      Error Code                    1, no control connection exists yet\n"
			    "  186      Cause Code                    4113\n"
			    "  188      Connect Speed                 100000000 bit/s\n"
			    "  192      Packet Recv. Window Size      16 packets\n"
			    "  194      Packet Processing Delay       0.3 s\n"
			    "  196      Physical Channel ID           168496141\n");
	release(&p);
}

/* The octet that a change of the field's value is surest to be seen in. */
static size_t
low_octet(const struct decode_pptp_field *field)
{
	switch (field->kind) {
	case DECODE_PPTP_RESULT:
	case DECODE_PPTP_ERROR:
	case DECODE_PPTP_TEXT:
		return field->offset;
	case DECODE_PPTP_U32:
	case DECODE_PPTP_HEX:
	case DECODE_PPTP_FRAMING:
	case DECODE_PPTP_BEARER:
	case DECODE_PPTP_BPS:
		return field->offset + 3u;
	case DECODE_PPTP_U16:
	case DECODE_PPTP_U16_HEX:
	case DECODE_PPTP_VERSION:
	case DECODE_PPTP_WINDOW:
	case DECODE_PPTP_DELAY:
	case DECODE_PPTP_NUMBER_LENGTH:
		break;
	}
	return field->offset + 1u;
}

static struct decode_words
words_of(const struct decode_pptp_field *field, struct ut_slice octets)
{
	struct pptp_stream s = { .offset = 0 };
	struct decode_words words;
	struct pptp_message m;
	struct pptp_fault fault;

	assert_int_equal(pptp_stream_read(&s, &octets, &m, &fault), PPTP_STREAM_MESSAGE);
	decode_pptp_value(&words, field, &m);
	return words;
}

/* The printer's table against the decoder. */
static void
every_field_stands_where_the_decoder_reads_it(void **state)
{
	(void)state;
	for (unsigned type = 1; type < PPTP_MESSAGE_N; type++) {
		const struct decode_pptp_field *f = decode_pptp_fields((enum pptp_message_type)type);

		assert_non_null(f->name);
		for (; f->name != NULL; f++) {
			uint8_t octets[PPTP_MESSAGE_OCTETS];
			const struct ut_slice message = encode(octets, (enum pptp_message_type)type);
			const struct decode_words before = words_of(f, message);
			struct decode_words after;

			octets[low_octet(f)]--;
			after = words_of(f, message);
			if (strcmp(before.text, after.text) == 0)
				fail_msg("%s: %s does not change: %s", pptp_message_name(type), f->name,
					 after.text);
		}
	}
}

static void
what_is_odd_but_allowed_is_told(void **state)
{
	struct printed p =
	    print(OCTETS("\0\x12\0\1" COOKIE "\0\5\xab\xcd\1\2\3\4zz"), DECODE_PPTP, DECODE_TEXT);

	(void)state;
	assert_true(p.is_faultless);
	expect_words(
	    p.out, "Echo-Request (EchoRQ, 5)  length 18  (Reserved0 is 0xabcd)  (2 octets more than its type "
		   "has)\n");
	release(&p);
}

struct fault_case {
	const char *what;
	const char *octets;
	size_t n;
	const char *err;
	const char *out; /* words that are printed all the same; NULL: nothing at all is */
};
#define IN(text) .octets = (text), .n = sizeof(text) - 1

static const struct fault_case faults[] = {
	{ "cookie", IN(ECHO "\0\x10\0\1\0\0\0\0" ECHO),
	  "malformed: Magic Cookie is not 0x1A2B3C4D: out of step with the stream, at offset 20\n",
	  "    0  Echo-Request" },
	{ "an unassigned one between two", IN(ECHO "\0\x10\0\1" COOKIE "\0\x63\0\0\1\2\3\4" ECHO),
	  "malformed: Control Message Type is not assigned: skipped: 99, at offset 24\n",
	  "   32  Echo-Request" },
	{ "a short one", IN("\0\x0c\0\1" COOKIE "\0\5\0\0"),
	  "malformed: message is shorter than its type, at offset 0\n", NULL },
	{ "a message without its end", IN(ECHO "\0\x10\0\1" COOKIE "\0"),
	  "malformed: the stream ends inside a message, at offset 25\n", "    0  Echo-Request" },
	{ "a skipped one without its end", IN("\0\x10\0\2" COOKIE "\0\5\0\0"),
	  "malformed: not a control message: skipped, at offset 2\n"
	  "malformed: the stream ends inside a message, at offset 12\n",
	  NULL },
};

static void
every_fault_is_told_with_its_offset(void **state)
{
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		const struct ut_slice octets = guard_put(*state, ut_slice(faults[i].octets, faults[i].n));
		struct printed p = print(octets, DECODE_PPTP, DECODE_TEXT);

		print_message("%s\n", faults[i].what);
		assert_false(p.is_faultless);
		assert_string_equal(p.err, faults[i].err);
		if (faults[i].out != NULL)
			expect_words(p.out, faults[i].out);
		else
			assert_string_equal(p.out, "");
		release(&p);
		p = print(octets, DECODE_PPTP, DECODE_JSON);
		assert_string_equal(p.err, "");
		expect_words(p.out, "{\"kind\":\"fault\",\"reason\":\"");
		release(&p);
	}
}

static void
json_has_an_object_a_line(void **state)
{
	struct printed p = print(OCTETS(ECHO), DECODE_PPTP, DECODE_JSON);

	(void)state;
	assert_string_equal(
	    p.out, "{\"kind\":\"message\",\"offset\":0,\"type\":5,\"name\":\"Echo-Request\",\"length\":16,"
		   "\"reserved0\":0}\n"
		   "{\"kind\":\"field\",\"offset\":12,\"name\":\"Identifier\",\"value\":\"16909060\"}\n");
	release(&p);
	p = print(OCTETS("\x20\x81\x88\x0b\0\0\x1f\x2e\0\0\0\7"), DECODE_GRE, DECODE_JSON);
	assert_string_equal(
	    p.out, "{\"kind\":\"gre\",\"call_id\":7982,\"payload_octets\":0,\"acknowledgment\":7}\n");
	release(&p);
	p = print(OCTETS("\x30\1\x88\x0b\0\1\0\1\0\0\0\7\x21"), DECODE_GRE, DECODE_JSON);
	assert_string_equal(
	    p.out, "{\"kind\":\"gre\",\"call_id\":1,\"payload_octets\":1,\"sequence\":7,\"ppp_protocol\":33,"
		   "\"ppp_name\":\"IPv4\"}\n");
	release(&p);
	p = print(OCTETS("\x30\0"), DECODE_GRE, DECODE_JSON);
	assert_string_equal(
	    p.out, "{\"kind\":\"fault\",\"reason\":\"version is not 1: not enhanced GRE\",\"offset\":1}\n");
	release(&p);
}

/* tcpdump 66f8d56f: a terminal must not see what the peer sent. */
static void
octets_from_outside_are_escaped(void **state)
{
	uint8_t octets[PPTP_MESSAGE_OCTETS];
	const struct ut_slice s = encode(octets, PPTP_SCCRQ);
	struct printed p;

	(void)state;
	memcpy(octets + 28, "\x1b[2J\n\"\\\x80", 9);
	p = print(s, DECODE_PPTP, DECODE_TEXT);
	expect_words(p.out, "\"\\x1b[2J\\x0a\\\"\\\\\\x80\"\n");
	release(&p);
	p = print(s, DECODE_PPTP, DECODE_JSON);
	for (const char *c = p.out; *c != '\0'; c++)
		assert_true(*c == '\n' || (*c >= ' ' && *c <= '~'));
	release(&p);
}

struct frame_case {
	const char *octets;
	size_t n;
	const char *out;
};

static const struct frame_case frames[] = {
	{ IN("\x30\x81\x88\x0b\0\4\x1f\x2e\0\0\0\1\0\0\0\2\xff\3\xc0\x21"),
	  "enhanced GRE  call id 7982 (0x1f2e)  payload 4 octets  sequence 1  acknowledgment 2\n"
	  "PPP frame of 4 octets, LCP (0xc021): ff 03 c0 21\n" },
	{ IN("\x20\x81\x88\x0b\0\0\0\1\xff\xff\xff\xff"),
	  "enhanced GRE  call id 1 (0x0001)  payload 0 octets  acknowledgment 4294967295\n" },
	{ IN("\x30\1\x88\x0b\0\3\0\1\0\0\0\0\xfd\x90\1"),
	  "enhanced GRE  call id 1 (0x0001)  payload 3 octets  sequence 0\n"
	  "PPP frame of 3 octets, compressed or encrypted (CCP, MPPE) (0x00fd): fd 90 01\n" },
	{ IN("\x30\1\x88\x0b\0\2\0\1\0\0\0\0\x80\x21"),
	  "enhanced GRE  call id 1 (0x0001)  payload 2 octets  sequence 0\n"
	  "PPP frame of 2 octets, IPCP (0x8021): 80 21\n" },
	{ IN("\x30\1\x88\x0b\0\2\0\1\0\0\0\0\xff\3"),
	  "enhanced GRE  call id 1 (0x0001)  payload 2 octets  sequence 0\n"
	  "PPP frame of 2 octets: ff 03\n" },
	{ IN("\x30\1\x88\x0b\0\1\0\1\0\0\0\0\xc0"),
	  "enhanced GRE  call id 1 (0x0001)  payload 1 octets  sequence 0\n"
	  "PPP frame of 1 octets: c0\n" },
	{ IN("\x30\1\x88\x0b\0\2\0\1\0\0\0\0\xbe\xef"),
	  "enhanced GRE  call id 1 (0x0001)  payload 2 octets  sequence 0\n"
	  "PPP frame of 2 octets, unknown protocol (0xbeef): be ef\n" },
};

static void
a_gre_packet_is_printed_with_the_protocol_inside(void **state)
{
	for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
		struct printed p = print(guard_put(*state, ut_slice(frames[i].octets, frames[i].n)),
					 DECODE_GRE, DECODE_TEXT);

		assert_true(p.is_faultless);
		assert_string_equal(p.out, frames[i].out);
		assert_string_equal(p.err, "");
		release(&p);
		for (size_t n = 0; n < frames[i].n; n++) {
			p = print(guard_put(*state, ut_slice(frames[i].octets, n)), DECODE_GRE, DECODE_TEXT);
			assert_false(p.is_faultless);
			assert_true(n >= 8 || p.out[0] == '\0');
			expect_words(p.err, "malformed: ");
			release(&p);
		}
	}
}

/* tcpdump CVE-2003-1029, CVE-2017-13006: the printer is fed what the decoder is. */
static void
no_prefix_of_a_message_is_printed_past_its_end(void **state)
{
	for (unsigned type = 1; type < PPTP_MESSAGE_N; type++) {
		uint8_t octets[PPTP_MESSAGE_OCTETS];
		const struct ut_slice whole = encode(octets, (enum pptp_message_type)type);

		for (size_t n = 1; n < whole.n; n++) {
			struct printed p =
			    print(guard_put(*state, ut_slice(octets, n)), DECODE_PPTP, DECODE_TEXT);

			assert_false(p.is_faultless);
			release(&p);
		}
	}
}

static int
setup(void **state)
{
	return guard_setup(state, ROOM);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_ip_header_says_what_is_in_the_packet),
		cmocka_unit_test(no_prefix_of_a_packet_is_read_past_its_end),
		cmocka_unit_test(every_message_of_a_stream_is_printed_field_by_field),
		cmocka_unit_test(every_field_stands_where_the_decoder_reads_it),
		cmocka_unit_test(what_is_odd_but_allowed_is_told),
		cmocka_unit_test(every_fault_is_told_with_its_offset),
		cmocka_unit_test(json_has_an_object_a_line),
		cmocka_unit_test(octets_from_outside_are_escaped),
		cmocka_unit_test(a_gre_packet_is_printed_with_the_protocol_inside),
		cmocka_unit_test(no_prefix_of_a_message_is_printed_past_its_end),
	};

	return cmocka_run_group_tests(tests, setup, guard_teardown);
}
