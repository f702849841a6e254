/* test_decode_malformed.c - of a malformed packet uptun decode shows all that can be read, and says where it stopped
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/inspect/decode_gre.h"
#include "cli/inspect/decode_pptp.h"
#include "cli/inspect/decode_print.h"
#include "tests/guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { SHOWN_MAX = 4, OCTETS_MAX = 256 };
enum protocol { L2TP, PPTP, GRE };

static const struct test_case {
	const char *what;
	enum protocol protocol;
	const char *hex;
	const char *shown[SHOWN_MAX]; /* on standard output; none: nothing at all */
	const char *said;	      /* on standard error */
} cases[] = {
	/* ---- L2TP ---- */
	{ "the first octet", L2TP, "c8", { NULL }, "datagram ends inside the header, at offset 1\n" },
	{ "a header cut off behind its tunnel id",
	  L2TP,
	  "c802 0014 0007",
	  { "version 2  length 20  tunnel 7 (0x0007)\n" },
	  "datagram ends inside the header, at offset 6\n" },
	{ "a header cut off inside Nr",
	  L2TP,
	  "c802 0014 0007 0009 0001 00",
	  { "length 20  tunnel 7 (0x0007)  session 9 (0x0009)\n" },
	  "datagram ends inside the header, at offset 11\n" },
	{ "version 3", L2TP, "c803 000c 0007 0000 0000 0000", { NULL }, "version is not 2, at offset 1\n" },
	{ "a control message without sequence numbers",
	  L2TP,
	  "c002 0008 0007 0000",
	  { NULL },
	  "without L or S bit, or with O bit, at offset 0\n" },
	{ "a Length past the end, AVPs before it",
	  L2TP,
	  "c802 0040 0007 0000 0000 0001 8008 0000 0000 0002 8008 0000 0002 0100",
	  { "control  version 2  length 64  tunnel 7", "12  M-  Message Type", "SCCRP (2)",
	    "20  M-  Protocol Version" },
	  "Length field does not fit the datagram, at offset 2\n" },
	{ "a Length past the end, and data",
	  L2TP,
	  "4002 0020 0007 0009 c021 0102",
	  { "data  version 2  length 32", "PPP frame of 4 octets: c0 21 01 02" },
	  "Length field does not fit the datagram, at offset 2\n" },
	{ "a Length below the header's",
	  L2TP,
	  "c802 0008 0007 0000 0000 0001",
	  { "length 8  tunnel 7 (0x0007)  session 0 (0x0000)  Ns 0  Nr 1\n" },
	  "Length field does not fit the datagram, at offset 2\n" },
	{ "an Offset Size past the end",
	  L2TP,
	  "0202 0007 0009 0010 00",
	  { "data  version 2  tunnel 7 (0x0007)  session 9 (0x0009)  offset 16\n" },
	  "Offset Size runs past the end, at offset 6\n" },
	{ "an AVP longer than the message, one before it",
	  L2TP,
	  "c802 001c 0007 0000 0000 0001 8008 0000 0000 0002 8020 0000 0002 0100",
	  { "12  M-  Message Type" },
	  "AVP Length below 6 or past the end of the message: Protocol Version, at offset 20\n" },
	{ "an AVP shorter than its header",
	  L2TP,
	  "c802 001c 0007 0000 0000 0001 8008 0000 0000 0002 8004 0000 0002 0100",
	  { "12  M-  Message Type" },
	  "AVP Length below 6" },
	{ "half an AVP header",
	  L2TP,
	  "c802 0017 0007 0000 0000 0001 8008 0000 0000 0006 8008 00",
	  { "12  M-  Message Type" },
	  "fewer than 6 octets left for an AVP header, at offset 23\n" },
	{ "a wrong value, good ones around it",
	  L2TP,
	  "c802 0025 0007 0000 0000 0001 8008 0000 0000 0002 8007 0000 0002 01 800a 0000 0003 0000 0003",
	  { "Message Type", "20  M-  Protocol Version", "27  M-  Framing Capabilities" },
	  "wrong length for its type: Protocol Version, at offset 20\n" },
	/* ---- PPTP ---- */
	{ "half a header",
	  PPTP,
	  "0094 0001 1a2b",
	  { NULL },
	  "the stream ends inside a message, at offset 6\n" },
	{ "a request cut off behind its framing capabilities",
	  PPTP,
	  "009c 0001 1a2b3c4d 0001 0000 0100 0000 00000003 0000",
	  { "Start-Control-Connection-Request", "12      Protocol Version", "16      Framing Capabilities" },
	  "the stream ends inside a message, at offset 22\n" },
	{ "another cookie, a good message before it",
	  PPTP,
	  "0010 0001 1a2b3c4d 0005 0000 00000007 0010 0001 1a2b3c4e 0005 0000 00000007",
	  { "Echo-Request", "12      Identifier" },
	  "Magic Cookie is not 0x1A2B3C4D: out of step with the stream, at offset 20\n" },
	{ "an unassigned type, a good message behind it",
	  PPTP,
	  "0010 0001 1a2b3c4d 0063 0000 00000007 0010 0001 1a2b3c4d 0005 0000 00000008",
	  { "16  Echo-Request" },
	  "Control Message Type is not assigned: skipped: 99, at offset 8\n" },
	{ "a Length below the header's",
	  PPTP,
	  "0004 0001 1a2b3c4d",
	  { NULL },
	  "Length is below that of the header, at offset 0\n" },
	/* ---- enhanced GRE ---- */
	{ "half a header", GRE, "3001 880b 00", { NULL }, "packet ends inside the header, at offset 5\n" },
	{ "a sequence number cut off",
	  GRE,
	  "3001 880b 0004 1f2e 0000",
	  { "call id 7982 (0x1f2e)  payload 4 octets\n" },
	  "packet ends inside the header, at offset 10\n" },
	{ "an acknowledgment cut off",
	  GRE,
	  "3081 880b 0004 1f2e 00000009 0000",
	  { "call id 7982 (0x1f2e)  payload 4 octets  sequence 9\n" },
	  "packet ends inside the header, at offset 14\n" },
	{ "a payload cut off",
	  GRE,
	  "3001 880b 0008 1f2e 00000009 c021 0102",
	  { "payload 8 octets  sequence 9\n", "PPP frame of 4 octets, LCP (0xc021): c0 21 01 02" },
	  "Payload Length runs past the end of the packet, at offset 4\n" },
	{ "the plain GRE of RFC 1701", GRE, "0000 0800 4500", { NULL }, "version is not 1" },
	{ "no key", GRE, "1001 880b 0000 0000 00000001", { NULL }, "no Key present, at offset 0\n" },
};

static size_t
octets_of(const char *hex, uint8_t out[OCTETS_MAX])
{
	size_t n = 0;

	while (*hex != '\0') {
		char pair[3] = "";

		if (*hex == ' ') {
			hex++;
			continue;
		}
		memcpy(pair, hex, 2);
		out[n++] = (uint8_t)strtoul(pair, NULL, 16);
		hex += 2;
	}
	return n;
}

struct printed {
	char *out, *err;
};

static bool
print_as(enum protocol protocol, FILE *out, FILE *err, struct ut_slice packet, enum decode_form form)
{
	switch (protocol) {
	case L2TP:
		return decode_print(out, err, packet, form, NULL) == L2TP_FAULT_NONE;
	case PPTP:
		return decode_pptp_print(out, err, packet, form);
	case GRE:
		break;
	}
	return decode_gre_print(out, err, packet, form) == GRE_FAULT_NONE;
}

static struct printed
print(struct guard *g, const struct test_case *test, enum decode_form form)
{
	struct printed p = { .out = NULL };
	uint8_t octets[OCTETS_MAX];
	size_t out_n, err_n;
	FILE *const out = open_memstream(&p.out, &out_n), *const err = open_memstream(&p.err, &err_n);
	const size_t n = octets_of(test->hex, octets);

	assert_false(print_as(test->protocol, out, err, guard_put(g, ut_slice(octets, n)), form));
	fclose(out);
	fclose(err);
	return p;
}

static void
expect(const struct test_case *test, const char *text, const char *words)
{
	if (strstr(text, words) == NULL)
		fail_msg("%s: \"%s\" is not in:\n%s", test->what, words, text);
}

static void
what_can_be_read_is_shown_and_where_it_ends_is_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct guard g = guard_new(OCTETS_MAX);
		const struct printed p = print(&g, &cases[i], DECODE_TEXT);

		if (cases[i].shown[0] == NULL && p.out[0] != '\0')
			fail_msg("%s: shown: %s", cases[i].what, p.out);
		for (size_t k = 0; k < SHOWN_MAX && cases[i].shown[k] != NULL; k++)
			expect(&cases[i], p.out, cases[i].shown[k]);
		expect(&cases[i], p.err, "malformed: ");
		expect(&cases[i], p.err, cases[i].said);
		free(p.out);
		free(p.err);
		guard_free(&g);
	}
}

static void
as_json_the_fault_is_an_object_of_its_own(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct guard g = guard_new(OCTETS_MAX);
		const struct printed p = print(&g, &cases[i], DECODE_JSON);

		expect(&cases[i], p.out, "{\"kind\":\"fault\",\"reason\":\"");
		expect(&cases[i], p.out, "\"offset\":");
		assert_string_equal(p.err, "");
		free(p.out);
		free(p.err);
		guard_free(&g);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_can_be_read_is_shown_and_where_it_ends_is_said),
		cmocka_unit_test(as_json_the_fault_is_an_object_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
