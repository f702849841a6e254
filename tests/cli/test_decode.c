/* test_decode.c - uptun decode: what goes in, and what is printed (cli/inspect/decode_input.h, cli/inspect/decode_print.h)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/inspect/decode_input.h"
#include "cli/inspect/decode_print.h"
#include "tests/codec/l2tp_build.h"
#include "tests/codec/l2tp_samples.h"

#include <stdlib.h>

static const char hello[] =
    "\xc8\x02\x00\x14\x00\x00\x00\x00\x00\x00\x00\x00\x80\x08\x00\x00\x00\x00\x00\x06";

#define HELLO_A "c802 0014 0000 0000"
#define HELLO_B "0000 0000 8008 0000 0000 0006"

struct input_case {
	const char *what;
	const char *text;
	enum decode_input_fault fault;
	unsigned line;
};

static const struct input_case inputs[] = {
	{ "plain", "c80200140000000000000000800800000000 0006\n", DECODE_INPUT_OK, 0 },
	{ "upper case, colons", "C8:02:00:14:00:00:00:00:00:00:00:00:80:08:00:00:00:00:00:06",
	  DECODE_INPUT_OK, 0 },
	{ "many lines", "c802 0014\r\n 0000 0000\n\n0000 0000 8008 0000\n0000 0006", DECODE_INPUT_OK, 0 },
	{ "tcpdump -x, IPv4",
	  "12:00:00.1 IP 10.0.0.1.1701 > 10.0.0.2.1701:  l2tp:[TLS](0/0)Ns=0,Nr=0 *MSGTYPE(HELLO)\n"
	  "\t0x0000:  4500 0030 0000 4000 4011 0000 0a00 0001\n"
	  "\t0x0010:  0a00 0002 06a5 06a5 001c 0000 c802 0014\n"
	  "\t0x0020:  0000 0000 0000 0000 8008 0000 0000 0006\n",
	  DECODE_INPUT_OK, 0 },
	{ "tcpdump -X, a second packet behind",
	  "\t0x0000:  4500 0030 0000 4000 4011 0000 0a00 0001  E..0..@.@.......\n"
	  "\t0x0010:  0a00 0002 06a5 06a5 001c 0000 c802 0014  ................\n"
	  "\t0x0020:  0000 0000 0000 0000 8008 0000 0000 0006  ............ace \n"
	  "\t0x0000:  4500 0030 0000 4000 4011 0000 0a00 0001  E..0..@.@.......\n",
	  DECODE_INPUT_OK, 0 },
	{ "IPv6 with a hop-by-hop header",
	  "0x0000:  6000 0000 0024 0040 2001 0db8 0000 0000\n0x0010:  0000 0000 0000 0001 2001 0db8 0000 "
	  "0000\n"
	  "0x0020:  0000 0000 0000 0002 1100 0104 0000 0000\n0x0030:  06a5 06a5 001c 0000 c802 0014 0000 "
	  "0000\n"
	  "0x0040:  0000 0000 8008 0000 0000 0006\n",
	  DECODE_INPUT_OK, 0 },
	{ "Ethernet padding after the IP packet",
	  "0x0000:  4500 0030 0000 4000 4011 0000 0a00 0001\n0x0010:  0a00 0002 06a5 06a5 001c 0000 c802 "
	  "0014\n"
	  "0x0020:  0000 0000 0000 0000 8008 0000 0000 0006\n0x0030:  ffff ff\n",
	  DECODE_INPUT_OK, 0 },
	{ "a bare message with offsets", "0x0000:  " HELLO_A " " HELLO_B "\n", DECODE_INPUT_OK, 0 },
	{ "nothing", "", DECODE_INPUT_EMPTY, 0 },
	{ "white space", " \n\t\n", DECODE_INPUT_EMPTY, 0 },
	{ "not hex", "c802\n0014 zz", DECODE_INPUT_NOT_HEX, 2 },
	{ "half an octet", "c802 001", DECODE_INPUT_ODD, 1 },
	{ "half an octet in a dump", "0x0000:  c802 001\n", DECODE_INPUT_ODD, 1 },
	{ "a line missing", "words\n0x0000:  c802\n0x0010:  0014\n", DECODE_INPUT_GAP, 3 },
	{ "ICMP", "0x0000:  4500 0014 0000 4000 4001 0000 0a00 0001\n0x0010:  0a00 0002\n",
	  DECODE_INPUT_CARRIED, 0 },
	{ "a fragment", "0x0000:  4500 0014 0000 2000 4011 0000 0a00 0001\n0x0010:  0a00 0002\n",
	  DECODE_INPUT_IP, 0 },
	{ "an IPv4 header cut off", "0x0000:  4500 0014 0000\n", DECODE_INPUT_IP, 0 },
	{ "an IPv4 header of 16 octets",
	  "0x0000:  4400 0014 0000 0000 4011 0000 0a00 0001\n0x0010:  0a00 0002\n", DECODE_INPUT_IP, 0 },
	{ "an IPv6 header cut off", "0x0000:  6000 0000 0024 0040\n", DECODE_INPUT_IP, 0 },
	{ "a UDP header cut off",
	  "0x0000:  4500 0018 0000 0000 4011 0000 0a00 0001\n0x0010:  0a00 0002 06a5 06a5\n",
	  DECODE_INPUT_UDP, 0 },
	{ "a UDP length of 7",
	  "0x0000:  4500 001c 0000 0000 4011 0000 0a00 0001\n0x0010:  0a00 0002 06a5 06a5 0007 0000\n",
	  DECODE_INPUT_UDP, 0 },
};

static void
hex_in_every_form_becomes_the_message_or_a_reason(void **state)
{
	struct decode_input *in = *state;

	for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++) {
		const struct input_case *c = &inputs[i];

		print_message("%s\n", c->what);
		assert_int_equal(decode_input_hex(in, DECODE_ANY, c->text, strlen(c->text)), c->fault);
		if (c->fault == DECODE_INPUT_OK) {
			assert_int_equal(in->message.n, sizeof hello - 1);
			assert_memory_equal(in->message.p, hello, sizeof hello - 1);
			assert_int_equal(in->protocol, DECODE_L2TP);
		} else {
			assert_int_equal(in->message.n, 0);
			assert_int_equal(in->line, c->line);
		}
	}
}

static void
no_prefix_of_a_hex_text_is_read_past_its_end(void **state)
{
	struct decode_input *in = *state;
	struct guard g = guard_new(4096);

	for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++)
		for (size_t n = 0; n <= strlen(inputs[i].text); n++) {
			const struct ut_slice cut = guard_put(&g, ut_slice(inputs[i].text, n));

			if (decode_input_hex(in, DECODE_ANY, (const char *)cut.p, n) == DECODE_INPUT_OK)
				assert_true(in->message.p >= in->octets &&
					    in->message.p + in->message.n <= in->octets + in->n);
		}
	guard_free(&g);
}

static void
more_than_a_datagram_is_refused(void **state)
{
	struct decode_input *in = *state;
	const size_t digits = 2 * (DECODE_INPUT_MAX + 1);
	char *const text = malloc(digits);

	assert_non_null(text);
	memset(text, '0', digits);
	assert_int_equal(decode_input_hex(in, DECODE_ANY, text, digits - 2), DECODE_INPUT_OK);
	assert_int_equal(decode_input_hex(in, DECODE_ANY, text, digits), DECODE_INPUT_TOO_LONG);
	assert_int_equal(decode_input_binary(in, DECODE_ANY, text, DECODE_INPUT_MAX + 1),
			 DECODE_INPUT_TOO_LONG);
	assert_int_equal(decode_input_binary(in, DECODE_ANY, text, 0), DECODE_INPUT_EMPTY);
	free(text);
}

/* What was printed; the caller frees both. */
struct printed {
	char *out, *err;
	enum l2tp_fault_reason reason;
};

static struct printed
print(struct ut_slice datagram, enum decode_form form, const struct l2tp_secret *secret)
{
	struct printed p;
	size_t out_n, err_n;
	FILE *const out = open_memstream(&p.out, &out_n), *const err = open_memstream(&p.err, &err_n);

	assert_non_null(out);
	assert_non_null(err);
	p.reason = decode_print(out, err, datagram, form, secret);
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
encode(struct build *b, enum l2tp_message_type type, const struct l2tp_hide *hide)
{
	struct l2tp_message m = l2tp_sample_message(type);

	m.hidden = hide != NULL ? m.present : 0;
	b->w = ut_put_into(b->octets, sizeof b->octets);
	l2tp_message_encode(&b->w, &(struct l2tp_header){ .tid = { 7 }, .sid = { 9 }, .ns = 3, .nr = 5 }, &m,
			    hide);
	assert_false(b->w.full);
	return ut_slice(b->octets, b->w.len);
}

static void
an_sccrq_is_printed_avp_by_avp(void **state)
{
	struct build b;
	struct printed p = print(encode(&b, L2TP_SCCRQ, NULL), DECODE_TEXT, NULL);

	(void)state;
	assert_int_equal(p.reason, L2TP_FAULT_NONE);
	assert_string_equal(p.err, "");
	expect_words(p.out,
		     "control  version 2  length 136  tunnel 7 (0x0007)  session 9 (0x0009)  Ns 3  Nr 5\n");
	expect_words(p.out, "   12  M-  Message Type                  SCCRQ (1)\n");
	expect_words(p.out, "   28  M-  Host Name                     \"lac.example\"\n");
	expect_words(p.out, "   55  M-  Assigned Tunnel ID            20061 (0x4e5d)\n");
	expect_words(p.out, "0x3 asynchronous synchronous\n");
	release(&p);
}

static void
every_message_prints_every_avp_by_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < L2TP_SAMPLE_N; i++) {
		const struct l2tp_message m = l2tp_sample_message(l2tp_sample_types[i]);
		struct build b;
		struct printed p = print(encode(&b, m.type, NULL), DECODE_TEXT, NULL);

		for (unsigned type = 0; type < L2TP_AVP_N; type++)
			if ((m.present >> type & 1) != 0)
				expect_words(p.out, l2tp_avp_name(type));
		release(&p);
	}
}

static void
hidden_avps_are_shown_hidden_or_with_the_secret_in_the_clear(void **state)
{
	static const struct l2tp_secret secret = { .octets = "secret", .n = 6 };
	static const struct l2tp_hide hide = { .secret = &secret, .vector = "vector" };
	struct build b;
	const struct ut_slice d = encode(&b, L2TP_OCRQ, &hide);
	struct printed p = print(d, DECODE_TEXT, NULL);

	(void)state;
	assert_int_equal(p.reason, L2TP_FAULT_NONE);
	expect_words(p.out, "MH  Called Number                 hidden, 9 octets\n");
	expect_words(p.err, "--secret-file");
	assert_null(strstr(p.out, "5551212"));
	release(&p);
	p = print(d, DECODE_JSON, NULL);
	assert_int_equal(p.reason, L2TP_FAULT_NONE);
	assert_string_equal(p.err, "");
	expect_words(
	    p.out, "{\"kind\":\"unchecked\",\"reason\":\"hidden AVP, but no tunnel secret is configured\",");
	release(&p);
	p = print(d, DECODE_TEXT, &secret);
	assert_int_equal(p.reason, L2TP_FAULT_NONE);
	expect_words(p.out, "MH  Called Number                 \"5551212\"\n");
	assert_string_equal(p.err, "");
	release(&p);
}

/* tcpdump 66f8d56f: a terminal must not see what the peer sent. */
static void
octets_from_outside_are_escaped(void **state)
{
	struct build b;
	struct printed p;

	(void)state;
	build_sccrq(&b);
	build_text(&b, 0, L2TP_AVP_VENDOR_NAME, "\x1b[2J\n\"\\\x80");
	p = print(build_end(&b), DECODE_TEXT, NULL);
	expect_words(p.out, "\"\\x1b[2J\\x0a\\\"\\\\\\x80\"\n");
	release(&p);
	p = print(build_end(&b), DECODE_JSON, NULL);
	for (const char *c = p.out; *c != '\0'; c++)
		assert_true(*c == '\n' || (*c >= ' ' && *c <= '~'));
	release(&p);
}

static void
a_malformed_message_is_told_with_reason_avp_and_offset(void **state)
{
	struct build b;
	struct printed p;

	(void)state;
	build_sccrq(&b);
	build_u32(&b, M, L2TP_AVP_RECEIVE_WINDOW_SIZE, 4);
	p = print(build_end(&b), DECODE_TEXT, NULL);
	assert_int_equal(p.reason, L2TP_FAULT_AVP_VALUE_LENGTH);
	assert_string_equal(
	    p.err,
	    "malformed: AVP value has the wrong length for its type: Receive Window Size, at offset 55\n");
	expect_words(p.out, "4 octets, a wrong length: 00000004\n");
	release(&p);
	p = print(build_end(&b), DECODE_JSON, NULL);
	assert_string_equal(p.err, "");
	expect_words(
	    p.out,
	    "{\"kind\":\"fault\",\"reason\":\"AVP value has the wrong length for its type\",\"offset\":55,");
	release(&p);
	p = print(ut_slice("\xc8\x03", 2), DECODE_TEXT, NULL);
	assert_string_equal(p.err, "malformed: version is not 2, at offset 1\n");
	assert_string_equal(p.out, "");
	release(&p);
}

static void
a_data_message_shows_its_frame(void **state)
{
	struct printed p = print(ut_slice_str("\x02\x02zz\x01\x01"), DECODE_TEXT, NULL);

	(void)state;
	assert_int_equal(p.reason, L2TP_FAULT_TRUNCATED);
	release(&p);
	p = print(ut_slice("\x00\x02\x00\x07\x00\x09\xff\x03\xc0\x21", 10), DECODE_TEXT, NULL);
	assert_string_equal(p.out, "data  version 2  tunnel 7 (0x0007)  session 9 (0x0009)\n"
				   "PPP frame of 4 octets: ff 03 c0 21\n");
	release(&p);
}

/* tcpdump CVE-2003-1029, CVE-2017-13006: the printer is fed what the decoder is. */
static void
no_prefix_of_a_message_is_printed_past_its_end(void **state)
{
	struct guard g = guard_new(BUILD_MAX);

	(void)state;
	for (size_t i = 0; i < L2TP_SAMPLE_N; i++) {
		struct build b;
		const struct ut_slice whole = encode(&b, l2tp_sample_types[i], NULL);

		for (size_t n = 12; n < whole.n; n++) {
			struct printed p;

			ut_put_u16_at(&b.w, 2, (uint16_t)n);
			p = print(guard_put(&g, ut_slice(whole.p, n)), DECODE_TEXT, NULL);
			release(&p);
		}
	}
	guard_free(&g);
}

static int
setup(void **state)
{
	*state = malloc(sizeof(struct decode_input));
	return *state == NULL;
}

static int
teardown(void **state)
{
	free(*state);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hex_in_every_form_becomes_the_message_or_a_reason),
		cmocka_unit_test(no_prefix_of_a_hex_text_is_read_past_its_end),
		cmocka_unit_test(more_than_a_datagram_is_refused),
		cmocka_unit_test(an_sccrq_is_printed_avp_by_avp),
		cmocka_unit_test(every_message_prints_every_avp_by_name),
		cmocka_unit_test(hidden_avps_are_shown_hidden_or_with_the_secret_in_the_clear),
		cmocka_unit_test(octets_from_outside_are_escaped),
		cmocka_unit_test(a_malformed_message_is_told_with_reason_avp_and_offset),
		cmocka_unit_test(a_data_message_shows_its_frame),
		cmocka_unit_test(no_prefix_of_a_message_is_printed_past_its_end),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
