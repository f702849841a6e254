/* test_put.c - slices, big-endian reads, the latching writer, wiping (codec/bytes.h, codec/put.h)
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/put.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void
numbers_are_written_and_read_most_significant_octet_first(void **state)
{
	static const uint8_t expected[] = { 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08,
					    0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f };
	uint8_t octets[sizeof expected];
	struct ut_put w = ut_put_into(octets, sizeof octets);

	(void)state;
	ut_put_u8(&w, 0x01);
	ut_put_u16(&w, 0x0203);
	ut_put_u32(&w, 0x04050607);
	ut_put_u64(&w, 0x08090a0b0c0d0e0f);
	assert_false(w.full);
	assert_int_equal(w.len, sizeof expected);
	assert_memory_equal(octets, expected, sizeof expected);
	assert_int_equal(ut_get_u16(octets + 1), 0x0203);
	assert_int_equal(ut_get_u32(octets + 3), 0x04050607);
	assert_true(ut_get_u64(octets + 7) == 0x08090a0b0c0d0e0f);
}

static void
a_writer_that_overflowed_writes_nothing_more(void **state)
{
	uint8_t octets[4] = { 0xee, 0xee, 0xee, 0xee };
	struct ut_put w = ut_put_into(octets, 3);

	(void)state;
	ut_put_u16(&w, 0x0102);
	ut_put_u16(&w, 0x0304);
	assert_true(w.full);
	ut_put_u8(&w, 0x05);
	ut_put_slice(&w, ut_slice_str("x"));
	assert_null(ut_put_room(&w, 0));
	assert_int_equal(w.len, 2);
	assert_int_equal(octets[2], 0xee);
	assert_int_equal(octets[3], 0xee);
}

static void
an_empty_slice_can_be_written_and_compared(void **state)
{
	uint8_t octets[1];
	struct ut_put w = ut_put_into(octets, sizeof octets);

	(void)state;
	ut_put_slice(&w, ut_slice(NULL, 0));
	assert_false(w.full);
	assert_int_equal(w.len, 0);
	assert_true(ut_slice_is_equal(ut_slice(NULL, 0), ut_slice("x", 0)));
	assert_false(ut_slice_is_equal(ut_slice_str("a"), ut_slice_str("b")));
	assert_false(ut_slice_is_equal(ut_slice_str("a"), ut_slice_str("ab")));
}

static void
a_patch_outside_what_was_written_is_ignored(void **state)
{
	uint8_t octets[4] = { 0 };
	struct ut_put w = ut_put_into(octets, sizeof octets);

	(void)state;
	ut_put_u16(&w, 0x1111);
	ut_put_u16_at(&w, 1, 0x2222);
	assert_int_equal(ut_get_u16(octets), 0x1111);
	ut_put_u16_at(&w, 0, 0x2222);
	assert_int_equal(ut_get_u16(octets), 0x2222);
	assert_int_equal(octets[2], 0);
}

static void
wiping_leaves_zeros_and_touches_nothing_else(void **state)
{
	uint8_t octets[4] = { 1, 2, 3, 4 };

	(void)state;
	ut_wipe(octets + 1, 2);
	ut_wipe(NULL, 0);
	assert_int_equal(ut_get_u32(octets), 0x01000004);
}

static void
secrets_are_the_same_only_in_every_octet(void **state)
{
	(void)state;
	assert_true(ut_is_same_secret((const uint8_t *)"abc", (const uint8_t *)"abc", 3));
	assert_false(ut_is_same_secret((const uint8_t *)"abc", (const uint8_t *)"abd", 3));
	assert_false(ut_is_same_secret((const uint8_t *)"abc", (const uint8_t *)"bbc", 3));
	assert_true(ut_is_same_secret((const uint8_t *)"a", (const uint8_t *)"b", 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_written_and_read_most_significant_octet_first),
		cmocka_unit_test(a_writer_that_overflowed_writes_nothing_more),
		cmocka_unit_test(an_empty_slice_can_be_written_and_compared),
		cmocka_unit_test(a_patch_outside_what_was_written_is_ignored),
		cmocka_unit_test(wiping_leaves_zeros_and_touches_nothing_else),
		cmocka_unit_test(secrets_are_the_same_only_in_every_octet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
