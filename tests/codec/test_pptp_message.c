/* test_pptp_message.c - all fifteen control messages, octet by octet, both ways (RFC 2637 section 2)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/pptp.h"
#include "tests/codec/pptp_same.h"
#include "tests/codec/pptp_samples.h"
#include "tests/guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

/* The samples as the figures of the RFC have them; octets of 0 at the end are left out. */
struct golden {
	enum pptp_message_type type;
	size_t octets;
	const char *text;
	size_t n;
};
#define OCTETS(text_) .text = (text_), .n = sizeof(text_) - 1
#define HEAD(length, number) "\0" length "\0\1\x1a\x2b\x3c\x4d\0" number "\0\0"
#define NAUGHT8 "\0\0\0\0\0\0\0\0"
#define NAUGHT48 NAUGHT8 NAUGHT8 NAUGHT8 NAUGHT8 NAUGHT8 NAUGHT8

static const struct golden goldens[] = {
	{ PPTP_SCCRQ, 156,
	  OCTETS(HEAD("\x9c", "\1") "\1\0\0\0"
				    "\0\0\0\3"
				    "\1\2\3\4"
				    "\5\6\7\10"
				    "pns.example\0\0\0\0\0" NAUGHT48 "uptun") },
	{ PPTP_SCCRP, 156,
	  OCTETS(HEAD("\x9c", "\2") "\1\0\2\6"
				    "\1\2\3\4"
				    "\0\0\0\3"
				    "\5\6\7\10"
				    "pac.example\0\0\0\0\0" NAUGHT48
				    "a vendor whose name takes all of the field, which has 64 octets.") },
	{ PPTP_STOPCCRQ, 16, OCTETS(HEAD("\x10", "\3") "\3\0\0\0") },
	{ PPTP_STOPCCRP, 16, OCTETS(HEAD("\x10", "\4") "\2\5\0\0") },
	{ PPTP_ECHORQ, 16, OCTETS(HEAD("\x10", "\5") "\1\2\3\4") },
	{ PPTP_ECHORP, 20,
	  OCTETS(HEAD("\x14", "\6") "\xff\xfe\xfd\xfc"
				    "\1\2\0\0") },
	{ PPTP_OCRQ, 168,
	  OCTETS(HEAD("\xa8", "\7") "\x1f\x2e\x3d\x4c"
				    "\0\0\x09\x60"
				    "\x05\xf5\xe1\0"
				    "\0\0\0\3"
				    "\0\0\0\2"
				    "\0\x40\0\1"
				    "\0\7\0\0"
				    "5551212\0" NAUGHT8 NAUGHT48 "12") },
	{ PPTP_OCRP, 32,
	  OCTETS(HEAD("\x20", "\10") "\x5b\x6a\x1f\x2e"
				     "\4\1\x10\x11"
				     "\x05\xf5\xe1\0"
				     "\0\x10\0\3"
				     "\x0a\x0b\x0c\x0d") },
	{ PPTP_ICRQ, 220,
	  OCTETS(HEAD("\xdc", "\11") "\x79\x88\x97\6"
				     "\0\0\0\2"
				     "\x0a\x0b\x0c\x0d"
				     "\0\7\0\x40"
				     "5553434\0" NAUGHT8 NAUGHT48
				     "0123456789012345678901234567890123456789012345678901234567890123"
				     "34") },
	{ PPTP_ICRP, 24,
	  OCTETS(HEAD("\x18", "\12") "\x1f\x2e\x79\x88"
				     "\3\4\x20\x21"
				     "\x22\x23\0\0") },
	{ PPTP_ICCN, 28,
	  OCTETS(HEAD("\x1c", "\13") "\x1f\x2e\0\0"
				     "\0\1\xc2\0"
				     "\x20\x21\x22\x23"
				     "\0\0\0\1") },
	{ PPTP_CCRQ, 16, OCTETS(HEAD("\x10", "\14") "\x1f\x2e\0\0") },
	{ PPTP_CDN, 148,
	  OCTETS(HEAD("\x94", "\15") "\x5b\x6a\4\3"
				     "\x10\x11\0\0"
				     "in 1234 out 5678") },
	{ PPTP_WEN, 40,
	  OCTETS(HEAD("\x28", "\16") "\x1f\x2e\0\0"
				     "\0\0\0\1"
				     "\0\0\0\2"
				     "\0\0\0\3"
				     "\1\0\0\0"
				     "\0\0\0\5"
				     "\0\0\0\6") },
	{ PPTP_SLI, 24,
	  OCTETS(HEAD("\x18", "\17") "\x5b\x6a\0\0"
				     "\0\x0a\0\0"
				     "\xff\xff\xff\xfe") },
};

enum { GOLDEN_N = sizeof goldens / sizeof goldens[0], ROOM = 4096 };

static struct ut_slice
golden_octets(const struct golden *golden, uint8_t octets[PPTP_MESSAGE_OCTETS])
{
	assert_true(golden->n <= golden->octets);
	memset(octets, 0, PPTP_MESSAGE_OCTETS);
	memcpy(octets, golden->text, golden->n);
	return ut_slice(octets, golden->octets);
}

static struct pptp_message
decode_one(struct guard *g, struct ut_slice octets)
{
	struct ut_slice in = guard_put(g, octets);
	struct pptp_stream s = { .offset = 0 };
	struct pptp_message m;
	struct pptp_fault fault;

	assert_int_equal(pptp_stream_read(&s, &in, &m, &fault), PPTP_STREAM_MESSAGE);
	assert_int_equal(in.n, 0);
	assert_int_equal(s.offset, octets.n);
	return m;
}

static void
assert_same(const struct pptp_message *a, const struct pptp_message *b)
{
	const char *const where = pptp_difference(a, b);

	if (where != NULL)
		fail_msg("%s: %s differs", pptp_message_name((unsigned)a->type), where);
}

static void
every_type_has_its_golden_message(void **state)
{
	(void)state;
	assert_int_equal(GOLDEN_N, PPTP_MESSAGE_N - 1);
	for (unsigned i = 0; i < GOLDEN_N; i++) {
		assert_int_equal(goldens[i].type, i + 1);
		assert_int_equal(pptp_message_octets(i + 1), goldens[i].octets);
	}
}

static void
golden_octets_are_read_into_every_field(void **state)
{
	uint8_t octets[PPTP_MESSAGE_OCTETS];

	for (unsigned i = 0; i < GOLDEN_N; i++) {
		const struct pptp_message m = decode_one(*state, golden_octets(&goldens[i], octets)),
					  wanted = pptp_sample(goldens[i].type);

		assert_same(&m, &wanted);
	}
}

static void
every_message_is_written_as_its_golden_octets(void **state)
{
	uint8_t octets[PPTP_MESSAGE_OCTETS], written[ROOM];

	(void)state;
	for (unsigned i = 0; i < GOLDEN_N; i++) {
		const struct pptp_message m = pptp_sample(goldens[i].type);
		struct ut_put w = ut_put_into(written, sizeof written);

		memset(written, 0xee, sizeof written);
		pptp_message_encode(&w, &m);
		assert_false(w.full);
		assert_int_equal(w.len, goldens[i].octets);
		assert_memory_equal(written, golden_octets(&goldens[i], octets).p, w.len);
		assert_int_equal(written[w.len], 0xee);
	}
}

static void
fields_of_other_types_and_reserved_ones_are_not_written(void **state)
{
	uint8_t octets[PPTP_MESSAGE_OCTETS], written[PPTP_MESSAGE_OCTETS];

	(void)state;
	for (unsigned i = 0; i < GOLDEN_N; i++) {
		struct pptp_message m = pptp_sample(goldens[i].type);
		struct ut_put w = ut_put_into(written, sizeof written);

		m.reserved0 = 0xffff;
		m.number = m.length = 0xffff;
		if (m.type == PPTP_STOPCCRQ)
			m.error = 0xff;
		pptp_message_encode(&w, &m);
		assert_memory_equal(written, golden_octets(&goldens[i], octets).p, goldens[i].octets);
	}
}

static void
a_reserved0_that_is_not_0_is_read_and_ignored(void **state)
{
	uint8_t octets[PPTP_MESSAGE_OCTETS];

	for (unsigned i = 0; i < GOLDEN_N; i++) {
		struct pptp_message m, wanted = pptp_sample(goldens[i].type);
		struct ut_slice s = golden_octets(&goldens[i], octets);

		octets[10] = 0xab;
		octets[11] = 0xcd;
		wanted.reserved0 = 0xabcd;
		m = decode_one(*state, s);
		assert_same(&m, &wanted);
	}
}

static void
what_a_message_has_beyond_its_type_is_not_looked_at(void **state)
{
	uint8_t octets[PPTP_MESSAGE_OCTETS];

	for (unsigned i = 0; i < GOLDEN_N; i++) {
		struct pptp_message m, wanted = pptp_sample(goldens[i].type);

		golden_octets(&goldens[i], octets);
		memset(octets + goldens[i].octets, 0xff, sizeof octets - goldens[i].octets);
		octets[1] = PPTP_MESSAGE_OCTETS;
		wanted.length = PPTP_MESSAGE_OCTETS;
		m = decode_one(*state, ut_slice(octets, sizeof octets));
		assert_same(&m, &wanted);
	}
}

static void
a_message_whole_in_the_input_is_not_copied(void **state)
{
	uint8_t octets[PPTP_MESSAGE_OCTETS];
	const struct ut_slice s = golden_octets(&goldens[PPTP_ICRQ - 1], octets);
	const struct pptp_message m = decode_one(*state, s);
	const struct guard *g = *state;
	const uint8_t *const begin = g->map + g->room - s.n;

	assert_ptr_equal(m.dialed_number.p, begin + 28);
	assert_ptr_equal(m.dialing_number.p, begin + 92);
	assert_ptr_equal(m.subaddress.p, begin + 156);
}

static void
a_text_ends_at_the_first_0_or_with_its_field(void **state)
{
	uint8_t octets[PPTP_MESSAGE_OCTETS];
	struct ut_slice s = golden_octets(&goldens[PPTP_SCCRQ - 1], octets);
	struct pptp_message m;

	memcpy(octets + 28, "ab\0cd", 5);
	memset(octets + 92, 'v', 64);
	m = decode_one(*state, s);
	assert_true(ut_slice_is_equal(m.host_name, ut_slice_str("ab")));
	assert_int_equal(m.vendor_name.n, 64);
	memset(octets + 28, 0, 64);
	assert_int_equal(decode_one(*state, s).host_name.n, 0);
	s = golden_octets(&goldens[PPTP_CDN - 1], octets);
	memset(octets + 20, 's', 128);
	assert_int_equal(decode_one(*state, s).statistics.n, 128);
}

static void
a_number_is_as_long_as_its_length_says(void **state)
{
	uint8_t octets[PPTP_MESSAGE_OCTETS];
	const struct ut_slice s = golden_octets(&goldens[PPTP_OCRQ - 1], octets);

	octets[37] = 3;
	assert_int_equal(decode_one(*state, s).phone_number.n, 3);
	octets[37] = 0;
	assert_int_equal(decode_one(*state, s).phone_number.n, 0);
	octets[37] = 64;
	assert_int_equal(decode_one(*state, s).phone_number.n, 64);
}

struct unwritable {
	const char *what;
	enum pptp_message_type type;
	size_t text; /* offset of a struct ut_slice in the message */
	size_t n;
};
#define TEXT_AT(member) offsetof(struct pptp_message, member)

static const struct unwritable unwritables[] = {
	{ "Host Name of 65 octets", PPTP_SCCRQ, TEXT_AT(host_name), 65 },
	{ "Vendor String of 65 octets", PPTP_SCCRP, TEXT_AT(vendor_name), 65 },
	{ "Phone Number of 65 octets", PPTP_OCRQ, TEXT_AT(phone_number), 65 },
	{ "Subaddress of 65 octets", PPTP_OCRQ, TEXT_AT(subaddress), 65 },
	{ "Dialed Number of 65 octets", PPTP_ICRQ, TEXT_AT(dialed_number), 65 },
	{ "Dialing Number of 65 octets", PPTP_ICRQ, TEXT_AT(dialing_number), 65 },
	{ "Subaddress of 65 octets", PPTP_ICRQ, TEXT_AT(subaddress), 65 },
	{ "Call Statistics of 129 octets", PPTP_CDN, TEXT_AT(statistics), 129 },
};

static void
a_text_longer_than_its_field_is_not_written(void **state)
{
	static const uint8_t text[256] = "x";

	(void)state;
	for (size_t i = 0; i < sizeof unwritables / sizeof unwritables[0]; i++) {
		const struct unwritable *const u = &unwritables[i];
		struct pptp_message m = pptp_sample(u->type);
		uint8_t written[ROOM];

		print_message("%s\n", u->what);
		for (size_t n = u->n - 1; n <= u->n; n++) {
			const struct ut_slice s = ut_slice(text, n);
			struct ut_put w = ut_put_into(written, sizeof written);

			memcpy((uint8_t *)&m + u->text, &s, sizeof s);
			pptp_message_encode(&w, &m);
			assert_true(w.full == (n == u->n));
		}
	}
}

static void
a_message_without_room_or_of_no_type_is_not_written(void **state)
{
	uint8_t written[ROOM];
	struct pptp_message m;
	struct ut_put w;

	(void)state;
	for (unsigned i = 0; i < GOLDEN_N; i++) {
		m = pptp_sample(goldens[i].type);
		w = ut_put_into(written, goldens[i].octets - 1);
		pptp_message_encode(&w, &m);
		assert_true(w.full);
		assert_int_equal(w.len, 0);
	}
	for (int type = 0; type <= PPTP_MESSAGE_N + 1; type += PPTP_MESSAGE_N) {
		m = pptp_sample(PPTP_ECHORQ);
		m.type = (enum pptp_message_type)type;
		w = ut_put_into(written, sizeof written);
		pptp_message_encode(&w, &m);
		assert_true(w.full);
	}
}

static void
several_messages_are_written_one_behind_the_other(void **state)
{
	const struct pptp_message echo = pptp_sample(PPTP_ECHORQ), clear = pptp_sample(PPTP_CCRQ);
	uint8_t written[40];
	struct ut_put w = ut_put_into(written, sizeof written);

	(void)state;
	pptp_message_encode(&w, &echo);
	pptp_message_encode(&w, &clear);
	assert_false(w.full);
	assert_int_equal(w.len, 32);
	pptp_message_encode(&w, &echo);
	assert_true(w.full);
	assert_int_equal(w.len, 32);
}

struct named {
	enum pptp_message_type type;
	unsigned result;
	const char *name;
};

static const struct named results[] = {
	{ PPTP_SCCRP, 1, "control connection established" },
	{ PPTP_SCCRP, 5, "protocol version not supported" },
	{ PPTP_SCCRP, 0, "unassigned" },
	{ PPTP_SCCRP, 6, "unassigned" },
	{ PPTP_STOPCCRQ, 3, "peer is being shut down" },
	{ PPTP_STOPCCRP, 1, "control connection closed" },
	{ PPTP_ECHORP, 1, "valid" },
	{ PPTP_OCRP, 4, "busy signal" },
	{ PPTP_ICRP, 3, "call is not to be accepted" },
	{ PPTP_CDN, 4, "disconnected by Call-Clear-Request" },
	{ PPTP_CDN, 255, "unassigned" },
	{ PPTP_SCCRQ, 1, "unassigned" },
	{ PPTP_MESSAGE_N, 1, "unassigned" },
};

static void
numbers_have_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof results / sizeof results[0]; i++)
		assert_string_equal(pptp_result_name(results[i].type, results[i].result), results[i].name);
	assert_string_equal(pptp_message_name(PPTP_SCCRQ), "Start-Control-Connection-Request");
	assert_string_equal(pptp_message_letters(PPTP_SLI), "SLI");
	assert_null(pptp_message_name(0));
	assert_null(pptp_message_name(16));
	assert_null(pptp_message_letters(65535));
	assert_int_equal(pptp_message_octets(0), 0);
	assert_int_equal(pptp_message_octets(16), 0);
	assert_string_equal(pptp_error_name(PPTP_ERROR_CALL_ID), "Call ID invalid in this context");
	assert_string_equal(pptp_error_name(7), "unassigned");
	for (int reason = 0; reason < PPTP_FAULT_N; reason++)
		assert_string_not_equal(pptp_fault_sentence((enum pptp_fault_reason)reason), "unassigned");
	assert_string_equal(pptp_fault_sentence(PPTP_FAULT_N), "unassigned");
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
		cmocka_unit_test(every_type_has_its_golden_message),
		cmocka_unit_test(golden_octets_are_read_into_every_field),
		cmocka_unit_test(every_message_is_written_as_its_golden_octets),
		cmocka_unit_test(fields_of_other_types_and_reserved_ones_are_not_written),
		cmocka_unit_test(a_reserved0_that_is_not_0_is_read_and_ignored),
		cmocka_unit_test(what_a_message_has_beyond_its_type_is_not_looked_at),
		cmocka_unit_test(a_message_whole_in_the_input_is_not_copied),
		cmocka_unit_test(a_text_ends_at_the_first_0_or_with_its_field),
		cmocka_unit_test(a_number_is_as_long_as_its_length_says),
		cmocka_unit_test(a_text_longer_than_its_field_is_not_written),
		cmocka_unit_test(a_message_without_room_or_of_no_type_is_not_written),
		cmocka_unit_test(several_messages_are_written_one_behind_the_other),
		cmocka_unit_test(numbers_have_words),
	};

	return cmocka_run_group_tests(tests, setup, guard_teardown);
}
