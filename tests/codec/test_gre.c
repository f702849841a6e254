/* test_gre.c - the enhanced GRE header, both ways (RFC 2637 section 4.1)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/gre.h"
#include "tests/guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

enum { ROOM = 1 << 17 };

struct form {
	const char *what;
	const char *octets;
	size_t n;
	size_t used; /* octets of the header */
	struct gre_header header;
};
#define PACKET(text) .octets = (text), .n = sizeof(text) - 1

static const struct form forms[] = {
	{ "frame",
	  PACKET("\x30\x01\x88\x0b\0\4\x1f\x2e\1\2\3\4\xc0\x21\1\1"),
	  12,
	  { .has_sequence = true, .payload_length = 4, .call_id = { 0x1f2e }, .sequence = 0x01020304 } },
	{ "frame and acknowledgment",
	  PACKET("\x30\x81\x88\x0b\0\4\x1f\x2e\1\2\3\4\xff\xfe\xfd\xfc\xc0\x21\1\1"),
	  16,
	  { .has_sequence = true,
	    .has_acknowledgment = true,
	    .payload_length = 4,
	    .call_id = { 0x1f2e },
	    .sequence = 0x01020304,
	    .acknowledgment = 0xfffefdfc } },
	{ "acknowledgment only",
	  PACKET("\x20\x81\x88\x0b\0\0\x1f\x2e\xff\xfe\xfd\xfc"),
	  12,
	  { .has_acknowledgment = true, .call_id = { 0x1f2e }, .acknowledgment = 0xfffefdfc } },
	{ "acknowledgment only, padded to the least Ethernet frame",
	  PACKET("\x20\x81\x88\x0b\0\0\x1f\x2e\0\0\0\1\0\0\0\0\0\0\0\0\0\0"),
	  12,
	  { .has_acknowledgment = true, .call_id = { 0x1f2e }, .acknowledgment = 1 } },
	{ "neither, call id 0", PACKET("\x20\x01\x88\x0b\0\0\0\0"), 8, { .has_sequence = false } },
	{ "a frame without number",
	  PACKET("\x20\x01\x88\x0b\0\2\xff\xffzz"),
	  8,
	  { .payload_length = 2, .call_id = { 0xffff } } },
	{ "a number and no frame",
	  PACKET("\x30\x01\x88\x0b\0\0\0\1\0\0\0\1"),
	  12,
	  { .has_sequence = true, .call_id = { 1 }, .sequence = 1 } },
	{ "octets behind the frame",
	  PACKET("\x30\x01\x88\x0b\0\1\0\1\0\0\0\0zz"),
	  12,
	  { .has_sequence = true, .payload_length = 1, .call_id = { 1 } } },
};

enum { FORM_N = sizeof forms / sizeof forms[0] };

static void
assert_same_header(const struct gre_header *a, const struct gre_header *b)
{
	assert_true(a->has_sequence == b->has_sequence && a->has_acknowledgment == b->has_acknowledgment);
	assert_int_equal(a->payload_length, b->payload_length);
	assert_int_equal(a->call_id.v, b->call_id.v);
	assert_int_equal(a->sequence, b->sequence);
	assert_int_equal(a->acknowledgment, b->acknowledgment);
}

static void
every_form_is_read_in_full(void **state)
{
	for (size_t i = 0; i < FORM_N; i++) {
		const struct ut_slice packet = guard_put(*state, ut_slice(forms[i].octets, forms[i].n));
		struct gre_fault fault;
		struct gre_header h;

		print_message("%s\n", forms[i].what);
		assert_int_equal(gre_header_decode(packet, &h, &fault), GRE_FAULT_NONE);
		assert_same_header(&h, &forms[i].header);
		assert_ptr_equal(h.payload.p, packet.p + forms[i].used);
		assert_int_equal(h.payload.n, h.payload_length);
	}
}

static void
every_form_is_written_as_it_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < FORM_N; i++) {
		struct gre_header h = forms[i].header;
		uint8_t written[GRE_HEADER_MAX];
		struct ut_put w = ut_put_into(written, sizeof written);

		h.payload = ut_slice(forms[i].octets + forms[i].used, h.payload_length);
		h.payload_length = 0xffff; /* payload.n counts */
		gre_header_encode(&w, &h);
		assert_false(w.full);
		assert_int_equal(w.len, forms[i].used);
		assert_memory_equal(written, forms[i].octets, w.len);
	}
}

static void
every_prefix_is_cut_off_or_lacks_some_of_its_payload(void **state)
{
	for (size_t i = 0; i < FORM_N; i++)
		for (size_t n = 0; n < forms[i].used + forms[i].header.payload_length; n++) {
			const bool in_header = n < forms[i].used;
			struct gre_fault fault;
			struct gre_header h;

			assert_int_equal(
			    gre_header_decode(guard_put(*state, ut_slice(forms[i].octets, n)), &h, &fault),
			    in_header ? GRE_FAULT_TRUNCATED : GRE_FAULT_PAYLOAD_LENGTH);
			assert_int_equal(fault.reason,
					 in_header ? GRE_FAULT_TRUNCATED : GRE_FAULT_PAYLOAD_LENGTH);
			assert_int_equal(fault.offset, in_header ? n : 4);
			assert_int_equal(h.payload.n, 0);
		}
}

struct bad {
	const char *what;
	const char *octets;
	size_t n;
	enum gre_fault_reason reason;
	uint32_t offset;
};

static const struct bad bads[] = {
	{ "nothing at all", PACKET(""), GRE_FAULT_TRUNCATED, 0 },
	{ "version 0, RFC 1701", PACKET("\x20\x00\x88\x0b\0\0\0\0"), GRE_FAULT_VERSION, 1 },
	{ "version 0 with IP", PACKET("\0\0\x08\0\x45\0\0\x14"), GRE_FAULT_VERSION, 1 },
	{ "version 0 and no more", PACKET("\x20\0"), GRE_FAULT_VERSION, 1 },
	{ "version 2", PACKET("\x20\2\x88\x0b\0\0\0\0"), GRE_FAULT_VERSION, 1 },
	{ "version 7, checksum present", PACKET("\xa0\7\x88\x0b\0\0\0\0"), GRE_FAULT_VERSION, 1 },
	{ "Checksum Present", PACKET("\xa0\1\x88\x0b\0\0\0\0"), GRE_FAULT_FLAGS, 0 },
	{ "Routing Present", PACKET("\x60\1\x88\x0b\0\0\0\0"), GRE_FAULT_FLAGS, 0 },
	{ "strict source route", PACKET("\x28\1\x88\x0b\0\0\0\0"), GRE_FAULT_FLAGS, 0 },
	{ "recursion control 1", PACKET("\x21\1\x88\x0b\0\0\0\0"), GRE_FAULT_FLAGS, 0 },
	{ "recursion control 4", PACKET("\x24\1\x88\x0b\0\0\0\0"), GRE_FAULT_FLAGS, 0 },
	{ "a flag", PACKET("\x20\x09\x88\x0b\0\0\0\0"), GRE_FAULT_FLAGS, 1 },
	{ "a flag, no key", PACKET("\0\x41\x88\x0b\0\0\0\0"), GRE_FAULT_FLAGS, 1 },
	{ "no key", PACKET("\x10\1\x88\x0b\0\0\0\0\0\0\0\0"), GRE_FAULT_NO_KEY, 0 },
	{ "no key and no more", PACKET("\0\1"), GRE_FAULT_NO_KEY, 0 },
	{ "IP", PACKET("\x20\1\x08\0\0\0\0\0"), GRE_FAULT_PROTOCOL, 2 },
	{ "IP and no more", PACKET("\x20\1\x08\0"), GRE_FAULT_PROTOCOL, 2 },
	{ "protocol of the other byte order", PACKET("\x30\1\x0b\x88\0\0\0\0\0\0\0\0"), GRE_FAULT_PROTOCOL,
	  2 },
	{ "half a protocol", PACKET("\x20\1\x08"), GRE_FAULT_TRUNCATED, 3 },
	{ "half a header", PACKET("\x30\x81\x88\x0b\0\0\0\1\0\0\0\1\0\0\0"), GRE_FAULT_TRUNCATED, 15 },
	{ "payload of 1 that is not there", PACKET("\x20\1\x88\x0b\0\1\0\0"), GRE_FAULT_PAYLOAD_LENGTH, 4 },
	{ "payload of 65535", PACKET("\x20\1\x88\x0b\xff\xff\0\0zzzz"), GRE_FAULT_PAYLOAD_LENGTH, 4 },
};

static void
a_wrong_header_is_refused_with_reason_and_offset(void **state)
{
	for (size_t i = 0; i < sizeof bads / sizeof bads[0]; i++) {
		struct gre_fault fault;
		struct gre_header h;

		print_message("%s\n", bads[i].what);
		assert_int_equal(
		    gre_header_decode(guard_put(*state, ut_slice(bads[i].octets, bads[i].n)), &h, &fault),
		    bads[i].reason);
		assert_int_equal(fault.reason, bads[i].reason);
		assert_int_equal(fault.offset, bads[i].offset);
	}
}

static enum gre_fault_reason
reason_of_bits(unsigned first, unsigned second)
{
	if ((second & 7) != 1)
		return GRE_FAULT_VERSION;
	if ((first & 0xcf) != 0 || (second & 0x78) != 0)
		return GRE_FAULT_FLAGS;
	return (first & 0x20) != 0 ? GRE_FAULT_NONE : GRE_FAULT_NO_KEY;
}

/* The grammar's classes of octets against the bits themselves, with all octets there and with two only. */
static void
all_65536_first_two_octets_follow_their_bits(void **state)
{
	for (unsigned bits = 0; bits <= UINT16_MAX; bits++) {
		const uint8_t d[GRE_HEADER_MAX] = { (uint8_t)(bits >> 8), (uint8_t)bits, 0x88, 0x0b };
		const enum gre_fault_reason wanted = reason_of_bits(d[0], d[1]);
		const bool s = d[0] & 0x10, a = d[1] & 0x80;
		const struct ut_slice packet = guard_put(*state, ut_slice(d, sizeof d));
		struct gre_fault fault;
		struct gre_header h;

		assert_int_equal(gre_header_decode(packet, &h, &fault), wanted);
		if (wanted == GRE_FAULT_NONE) {
			assert_true(h.has_sequence == s && h.has_acknowledgment == a);
			assert_int_equal(h.payload.p - packet.p, 8 + (s ? 4 : 0) + (a ? 4 : 0));
		}
		assert_int_equal(gre_header_decode(guard_put(*state, ut_slice(d, 2)), &h, &fault),
				 wanted == GRE_FAULT_NONE ? GRE_FAULT_TRUNCATED : wanted);
	}
}

static void
the_longest_payload_is_read_and_a_longer_one_not_written(void **state)
{
	static uint8_t packet[8 + UINT16_MAX] = "\x20\1\x88\x0b\xff\xff\0\1";
	struct gre_header h = { .payload = { packet, UINT16_MAX + 1 } };
	uint8_t written[GRE_HEADER_MAX];
	struct ut_put w = ut_put_into(written, sizeof written);
	struct gre_fault fault;

	gre_header_encode(&w, &h);
	assert_true(w.full);
	assert_int_equal(gre_header_decode(guard_put(*state, ut_slice(packet, sizeof packet)), &h, &fault),
			 GRE_FAULT_NONE);
	assert_int_equal(h.payload.n, UINT16_MAX);
}

static void
a_header_without_room_is_not_written(void **state)
{
	const struct gre_header h = { .has_sequence = true, .has_acknowledgment = true };
	uint8_t written[GRE_HEADER_MAX];

	(void)state;
	for (size_t room = 0; room <= sizeof written; room++) {
		struct ut_put w = ut_put_into(written, room);

		gre_header_encode(&w, &h);
		assert_true(w.full == (room < sizeof written));
	}
}

static void
every_fault_has_a_sentence(void **state)
{
	(void)state;
	for (int reason = 0; reason < GRE_FAULT_N; reason++)
		assert_string_not_equal(gre_fault_sentence((enum gre_fault_reason)reason), "unassigned");
	assert_string_equal(gre_fault_sentence(GRE_FAULT_N), "unassigned");
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
		cmocka_unit_test(every_form_is_read_in_full),
		cmocka_unit_test(every_form_is_written_as_it_is_read),
		cmocka_unit_test(every_prefix_is_cut_off_or_lacks_some_of_its_payload),
		cmocka_unit_test(a_wrong_header_is_refused_with_reason_and_offset),
		cmocka_unit_test(all_65536_first_two_octets_follow_their_bits),
		cmocka_unit_test(the_longest_payload_is_read_and_a_longer_one_not_written),
		cmocka_unit_test(a_header_without_room_is_not_written),
		cmocka_unit_test(every_fault_has_a_sentence),
	};

	return cmocka_run_group_tests(tests, setup, guard_teardown);
}
