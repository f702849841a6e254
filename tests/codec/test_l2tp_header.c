/* test_l2tp_header.c - headers of control and data messages (RFC 2661 section 3.1)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/codec/l2tp_build.h"

static struct ut_slice
octets(struct guard *g, const char *text, size_t n)
{
	return guard_put(g, ut_slice(text, n));
}
#define OCTETS(g, text) octets((g), (text), sizeof(text) - 1)

static void
a_control_header_is_read_in_full(void **state)
{
	struct guard *g = *state;
	struct l2tp_header h;
	struct l2tp_fault fault;
	const struct ut_slice d = OCTETS(g, "\xc8\x02\x00\x0c\x12\x34\x56\x78\x00\x03\xff\xff");

	assert_int_equal(l2tp_header_decode(d, &h, &fault), L2TP_FAULT_NONE);
	assert_true(h.is_control && h.has_length && h.has_sequence);
	assert_false(h.has_offset || h.is_priority);
	assert_int_equal(h.version, 2);
	assert_int_equal(h.length, 12);
	assert_int_equal(h.tid.v, 0x1234);
	assert_int_equal(h.sid.v, 0x5678);
	assert_int_equal(h.ns, 3);
	assert_int_equal(h.nr, 0xffff);
	assert_int_equal(h.payload.n, 0);
}

struct form {
	const char *what;
	const char *octets;
	size_t n;
	size_t payload; /* offset */
	size_t payload_octets;
	unsigned length, ns, nr, offset_size;
};
#define DATA(text) .octets = (text), .n = sizeof(text) - 1

static const struct form forms[] = {
	{ "bare", DATA("\x00\x02\x00\x01\x00\x02zz"), 6, 2, 0, 0, 0, 0 },
	{ "L", DATA("\x40\x02\x00\x0a\x00\x01\x00\x02zz"), 8, 2, 10, 0, 0, 0 },
	{ "L, octets after Length", DATA("\x40\x02\x00\x09\x00\x01\x00\x02zz"), 8, 1, 9, 0, 0, 0 },
	{ "S", DATA("\x08\x02\x00\x01\x00\x02\x00\x03\x00\x04zz"), 10, 2, 0, 3, 4, 0 },
	{ "L S", DATA("\x48\x02\x00\x0e\x00\x01\x00\x02\x00\x03\x00\x04zz"), 12, 2, 14, 3, 4, 0 },
	{ "O 0", DATA("\x02\x02\x00\x01\x00\x02\x00\x00zz"), 8, 2, 0, 0, 0, 0 },
	{ "O 1", DATA("\x02\x02\x00\x01\x00\x02\x00\x01zz"), 9, 1, 0, 0, 0, 1 },
	{ "O, all of it padding", DATA("\x02\x02\x00\x01\x00\x02\x00\x02zz"), 10, 0, 0, 0, 0, 2 },
	{ "L O P", DATA("\x43\x02\x00\x0c\x00\x01\x00\x02\x00\x00zz"), 10, 2, 12, 0, 0, 0 },
	{ "S O", DATA("\x0a\x02\x00\x01\x00\x02\x00\x03\x00\x04\x00\x01zz"), 13, 1, 0, 3, 4, 1 },
	{ "L S O", DATA("\x4a\x02\x00\x10\x00\x01\x00\x02\x00\x03\x00\x04\x00\x00zz"), 14, 2, 16, 3, 4, 0 },
	{ "no frame", DATA("\x00\x02\x00\x01\x00\x02"), 6, 0, 0, 0, 0, 0 },
	{ "reserved bits set", DATA("\x34\xf2\x00\x01\x00\x02zz"), 6, 2, 0, 0, 0, 0 },
};

static void
every_form_of_data_header_finds_its_frame(void **state)
{
	struct guard *g = *state;

	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		const struct form *f = &forms[i];
		const struct ut_slice d = octets(g, f->octets, f->n);
		struct l2tp_header h;
		struct l2tp_fault fault;

		print_message("%s\n", f->what);
		assert_int_equal(l2tp_header_decode(d, &h, &fault), L2TP_FAULT_NONE);
		assert_false(h.is_control);
		assert_ptr_equal(h.payload.p, d.p + f->payload);
		assert_int_equal(h.payload.n, f->payload_octets);
		assert_int_equal(h.length, f->length);
		assert_int_equal(h.tid.v, 1);
		assert_int_equal(h.sid.v, 2);
		assert_int_equal(h.ns, f->ns);
		assert_int_equal(h.nr, f->nr);
		assert_int_equal(h.offset_size, f->offset_size);
	}
}

static void
every_data_header_we_write_reads_back(void **state)
{
	struct guard *g = *state;

	for (unsigned bits = 0; bits < 16; bits++) {
		struct l2tp_header in = { .has_length = bits & 1,
					  .has_sequence = bits & 2,
					  .has_offset = bits & 4,
					  .is_priority = bits & 8,
					  .tid = { 0x0102 },
					  .sid = { 0x0304 } },
				   out;
		uint8_t buffer[64];
		struct ut_put w = ut_put_into(buffer, sizeof buffer);
		struct l2tp_fault fault;

		in.ns = in.has_sequence ? 0xfffe : 0;
		in.nr = in.has_sequence ? 7 : 0;
		in.offset_size = in.has_offset ? 3 : 0;
		l2tp_data_header_encode(&w, &in, 5);
		ut_put_slice(&w, ut_slice_str("frame"));
		assert_false(w.full);
		assert_int_equal(l2tp_header_decode(guard_put(g, ut_slice(buffer, w.len)), &out, &fault),
				 L2TP_FAULT_NONE);
		assert_int_equal(out.length, in.has_length ? w.len : 0);
		assert_true(out.has_sequence == in.has_sequence && out.is_priority == in.is_priority);
		assert_int_equal(out.ns, in.ns);
		assert_int_equal(out.nr, in.nr);
		assert_int_equal(out.offset_size, in.offset_size);
		assert_true(ut_slice_is_equal(out.payload, ut_slice_str("frame")));
	}
}

static void
a_data_length_that_16_bits_do_not_hold_is_not_written(void **state)
{
	const struct l2tp_header h = { .has_length = true };
	uint8_t buffer[16];
	struct ut_put w = ut_put_into(buffer, sizeof buffer);

	(void)state;
	l2tp_data_header_encode(&w, &h, 65535 - 8);
	assert_false(w.full);
	l2tp_data_header_encode(&w, &h, 65535 - 7);
	assert_true(w.full);
}

struct bad {
	const char *what;
	const char *octets;
	size_t n;
	enum l2tp_fault_reason reason;
	uint32_t offset;
};

static const struct bad bads[] = {
	{ "nothing at all", DATA(""), L2TP_FAULT_TRUNCATED, 0 },
	{ "version 1 (L2F)", DATA("\xc8\x01\x00\x0c\x00\x01\x00\x02\x00\x03\x00\x04"), L2TP_FAULT_VERSION,
	  1 },
	{ "version 3", DATA("\xc8\x03\x00\x0c\x00\x00\x00\x02\x00\x03\x00\x04"), L2TP_FAULT_VERSION, 1 },
	{ "version 3, short control flags", DATA("\x80\x03\x00\x0c"), L2TP_FAULT_VERSION, 1 },
	{ "control without L", DATA("\x88\x02\x00\x01\x00\x02\x00\x03\x00\x04"), L2TP_FAULT_HEADER_FLAGS, 0 },
	{ "control without S", DATA("\xc0\x02\x00\x08\x00\x01\x00\x02"), L2TP_FAULT_HEADER_FLAGS, 0 },
	{ "control with O", DATA("\xca\x02\x00\x0e\x00\x01\x00\x02\x00\x03\x00\x04\x00\x00"),
	  L2TP_FAULT_HEADER_FLAGS, 0 },
	{ "Length below the header", DATA("\xc8\x02\x00\x0b\x00\x01\x00\x02\x00\x03\x00\x04"),
	  L2TP_FAULT_HEADER_LENGTH, 2 },
	{ "Length 0", DATA("\xc8\x02\x00\x00\x00\x01\x00\x02\x00\x03\x00\x04"), L2TP_FAULT_HEADER_LENGTH, 2 },
	{ "Length past the end", DATA("\xc8\x02\x00\x0d\x00\x01\x00\x02\x00\x03\x00\x04"),
	  L2TP_FAULT_HEADER_LENGTH, 2 },
	{ "data Length past the end", DATA("\x40\x02\xff\xff\x00\x01\x00\x02z"), L2TP_FAULT_HEADER_LENGTH,
	  2 },
	{ "offset past the end", DATA("\x02\x02\x00\x01\x00\x02\x00\x03zz"), L2TP_FAULT_OFFSET_SIZE, 6 },
	{ "offset past Length", DATA("\x42\x02\x00\x0b\x00\x01\x00\x02\x00\x02zz"), L2TP_FAULT_OFFSET_SIZE,
	  8 },
	{ "offset of 65535", DATA("\x02\x02\x00\x01\x00\x02\xff\xff"), L2TP_FAULT_OFFSET_SIZE, 6 },
};

static void
a_wrong_header_is_refused_with_reason_and_offset(void **state)
{
	struct guard *g = *state;

	for (size_t i = 0; i < sizeof bads / sizeof bads[0]; i++) {
		struct l2tp_header h;
		struct l2tp_fault fault;

		print_message("%s\n", bads[i].what);
		assert_int_equal(l2tp_header_decode(octets(g, bads[i].octets, bads[i].n), &h, &fault),
				 bads[i].reason);
		assert_int_equal(fault.reason, bads[i].reason);
		assert_int_equal(fault.offset, bads[i].offset);
		assert_int_equal(fault.avp, UINT16_MAX);
		assert_int_equal(l2tp_fault_result(&fault, L2TP_SCCRQ).result, 0);
	}
}

static void
every_prefix_of_every_form_is_refused_or_read_within_its_octets(void **state)
{
	struct guard *g = *state;

	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
		for (size_t n = 0; n < forms[i].payload - forms[i].offset_size; n++) {
			struct l2tp_header h;
			struct l2tp_fault fault;

			assert_int_equal(l2tp_header_decode(octets(g, forms[i].octets, n), &h, &fault),
					 L2TP_FAULT_TRUNCATED);
			assert_int_equal(fault.offset, n);
		}
}

static void
udp_padding_after_length_is_ignored(void **state)
{
	struct guard *g = *state;
	struct l2tp_header h;
	struct l2tp_fault fault;
	const struct ut_slice d = OCTETS(g, "\xc8\x02\x00\x0c\x00\x01\x00\x02\x00\x03\x00\x04padding");

	assert_int_equal(l2tp_header_decode(d, &h, &fault), L2TP_FAULT_NONE);
	assert_int_equal(h.payload.n, 0);
}

static void
reserved_and_priority_bits_of_a_control_message_are_ignored(void **state)
{
	struct guard *g = *state;
	struct l2tp_header h;
	struct l2tp_fault fault;
	const struct ut_slice d = OCTETS(g, "\xfd\xf2\x00\x0c\x00\x01\x00\x02\x00\x03\x00\x04");

	assert_int_equal(l2tp_header_decode(d, &h, &fault), L2TP_FAULT_NONE);
	assert_true(h.is_control);
}

/* The grammar's classes of first octets against the bits themselves. */
static void
all_256_first_octets_follow_their_bits(void **state)
{
	struct guard *g = *state;

	for (unsigned first = 0; first < 256; first++) {
		uint8_t d[16] = { (uint8_t)first, 2 };
		const bool t = first & 0x80, l = first & 0x40, s = first & 0x08, o = first & 0x02;
		const size_t used = 6 + (l ? 2u : 0u) + (s ? 4u : 0u) + (o ? 2u : 0u);
		struct l2tp_header h;
		struct l2tp_fault fault;
		const struct ut_slice in = guard_put(g, ut_slice(d, sizeof d));
		enum l2tp_fault_reason reason;

		if (l)
			((uint8_t *)(uintptr_t)in.p)[3] = sizeof d;
		reason = l2tp_header_decode(in, &h, &fault);
		assert_int_equal(reason, t && !(l && s && !o) ? L2TP_FAULT_HEADER_FLAGS : L2TP_FAULT_NONE);
		if (reason == L2TP_FAULT_NONE)
			assert_int_equal(h.payload.p - in.p, used);
		assert_true(h.is_control == t && h.has_length == l && h.has_sequence == s &&
			    h.has_offset == o);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_control_header_is_read_in_full),
		cmocka_unit_test(every_form_of_data_header_finds_its_frame),
		cmocka_unit_test(every_data_header_we_write_reads_back),
		cmocka_unit_test(a_data_length_that_16_bits_do_not_hold_is_not_written),
		cmocka_unit_test(a_wrong_header_is_refused_with_reason_and_offset),
		cmocka_unit_test(every_prefix_of_every_form_is_refused_or_read_within_its_octets),
		cmocka_unit_test(udp_padding_after_length_is_ignored),
		cmocka_unit_test(reserved_and_priority_bits_of_a_control_message_are_ignored),
		cmocka_unit_test(all_256_first_octets_follow_their_bits),
	};

	return cmocka_run_group_tests(tests, build_setup, guard_teardown);
}
