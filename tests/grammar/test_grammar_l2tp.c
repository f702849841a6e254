/* test_grammar_l2tp.c - every transition of codec/l2tp_header_grammar.rl and codec/l2tp_avp_grammar.rl is taken
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/grammar/grammar.h"

#include "tests/grammar/l2tp_decode.traced.c"
#include "tests/codec/l2tp_build.h"

enum { HEADER_OCTETS_MAX = 14 };

static void
expect_same_header(const struct l2tp_header *a, const struct l2tp_header *b)
{
	assert_true(a->is_control == b->is_control && a->has_length == b->has_length);
	assert_true(a->has_sequence == b->has_sequence && a->has_offset == b->has_offset);
	assert_int_equal(a->is_priority, b->is_priority);
	assert_int_equal(a->version, b->version);
	assert_int_equal(a->length, b->length);
	assert_int_equal(a->tid.v, b->tid.v);
	assert_int_equal(a->sid.v, b->sid.v);
	assert_int_equal(a->ns, b->ns);
	assert_int_equal(a->nr, b->nr);
	assert_int_equal(a->offset_size, b->offset_size);
}

/* By the machine, and as callers do, who get whole headers of control messages without it. */
static void
decode_header(struct ut_slice datagram)
{
	struct l2tp_header by_machine, header;
	struct l2tp_fault by_machine_fault, fault;
	const enum l2tp_fault_reason reason = read_any_header(datagram, &by_machine, &by_machine_fault);

	assert_int_equal(l2tp_header_decode(datagram, &header, &fault), reason);
	expect_same_header(&by_machine, &header);
	if (reason != L2TP_FAULT_NONE) {
		assert_int_equal(fault.offset, by_machine_fault.offset);
		return;
	}
	assert_ptr_equal(header.payload.p, by_machine.payload.p);
	assert_int_equal(header.payload.n, by_machine.payload.n);
}

static void
every_transition_of_the_header_is_taken_and_the_short_cut_agrees(void **state)
{
	uint8_t datagram[HEADER_OCTETS_MAX] = { 0, 2, 0, 12, 1, 2, 3, 4, 5, 6, 7, 8 };

	(void)state;
	for (unsigned bits = 0; bits <= UINT8_MAX; bits++) {
		datagram[0] = (uint8_t)bits;
		for (size_t n = 0; n <= sizeof datagram; n++)
			decode_header(ut_slice(datagram, n));
	}
	for (unsigned version = 0; version <= UINT8_MAX; version++) {
		datagram[0] = 0xc8;
		datagram[1] = (uint8_t)version;
		decode_header(ut_slice(datagram, sizeof datagram));
	}
	GRAMMAR_CHECK(l2tp_header);
}

static void
expect_message(struct build *b, enum l2tp_fault_reason wanted)
{
	const struct ut_slice d = build_end(b);
	struct l2tp_header header;
	struct l2tp_message message;
	struct l2tp_fault fault;

	assert_int_equal(l2tp_header_decode(d, &header, &fault), L2TP_FAULT_NONE);
	assert_int_equal(l2tp_message_decode(d, &header, NULL, &message, &fault), wanted);
}

static void
every_transition_of_the_avps_is_taken(void **state)
{
	struct build b;

	(void)state;
	build_start(&b, L2TP_HELLO);
	for (unsigned vendor = 1; vendor < 3; vendor++) /* each is one that the machine must look at */
		build_avp(&b, 0, vendor, 1, "abc", 3);
	expect_message(&b, L2TP_FAULT_NONE);
	build_start(&b, L2TP_MESSAGE_N);
	expect_message(&b, L2TP_FAULT_MESSAGE_UNKNOWN_MANDATORY);
	GRAMMAR_CHECK(l2tp_avps);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_transition_of_the_header_is_taken_and_the_short_cut_agrees),
		cmocka_unit_test(every_transition_of_the_avps_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
