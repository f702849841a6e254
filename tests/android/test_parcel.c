/* test_parcel.c - octets of binder transactions: written as each release of Android writes them, read whatever comes
 * SPDX-License-Identifier: Apache-2.0
 */
#include "android/binder/aidl.h"
#include "android/binder/parcel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct parcel_reader
reader_of(const uint8_t *octets, size_t n)
{
	return (struct parcel_reader){ .octets = octets, .n = n };
}

static struct parcel_reader
reader_of_parcel(const struct parcel *p)
{
	struct parcel_reader r = reader_of(p->octets, p->n);

	r.objects = &p->object;
	r.n_objects = p->n_objects;
	return r;
}

static const unsigned releases[] = { 8, 9, 10, 11, 12, 13, 15 };

static void
a_token_of_every_release_is_read(void **state)
{
	static struct parcel p;

	(void)state;
	for (size_t i = 0; i < sizeof releases / sizeof releases[0]; i++) {
		parcel_clear(&p);
		parcel_token(&p, parcel_form_find(releases[i]), AIDL_SERVICE);
		parcel_int32(&p, 7);
		struct parcel_reader r = reader_of_parcel(&p);
		assert_true(parcel_read_token(&r, AIDL_SERVICE));
		assert_int_equal(parcel_read_int32(&r), 7);
		assert_false(r.has_failed);
	}
}

static void
a_token_of_another_interface_is_refused(void **state)
{
	static struct parcel p;

	(void)state;
	parcel_clear(&p);
	parcel_token(&p, parcel_form_find(13), AIDL_EVENTS);
	struct parcel_reader r = reader_of_parcel(&p);
	assert_false(parcel_read_token(&r, AIDL_SERVICE));
	assert_true(r.has_failed);
}

/* Android's Parcel: writeInterfaceToken("a"), writeByteArray({1, 2, 3, 4, 5}) as of release 13. */
static void
octets_lie_as_android_lays_them(void **state)
{
	static const uint8_t expected[] = { 0,	 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 'T', 'S', 'Y',
					    'S', 1, 0, 0, 0,	'a',  0,    0,	  0,   5,   0,
					    0,	 0, 1, 2, 3,	4,    5,    0,	  0,   0 };
	static const uint8_t array[] = { 1, 2, 3, 4, 5 };
	static struct parcel p;

	(void)state;
	if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__)
		skip(); /* parcels are in the machine's byte order, and Android's machines have this one */
	parcel_clear(&p);
	parcel_token(&p, parcel_form_find(13), "a");
	parcel_array(&p, array, sizeof array);
	assert_int_equal(p.n, sizeof expected);
	assert_memory_equal(p.octets, expected, sizeof expected);
}

static void
a_binder_object_has_its_place_and_its_stability(void **state)
{
	static const struct {
		unsigned release;
		size_t octets;
		uint32_t stability;
	} cases[] = { { 9, 28, 0 }, { 10, 28, 0 }, { 11, 32, 12 }, { 12, 32, 0x0c000001 }, { 13, 32, 12 } };
	static struct parcel p;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint32_t stability = 0;

		parcel_clear(&p);
		parcel_int32(&p, 1);
		parcel_binder(&p, parcel_form_find(cases[i].release), 1, 2);
		assert_int_equal(p.n, cases[i].octets);
		assert_int_equal(p.object, 4);
		assert_int_equal(p.n_objects, 1);
		if (p.n > 28)
			memcpy(&stability, p.octets + 28, sizeof stability);
		assert_int_equal(stability, cases[i].stability);
	}
}

/* The kernel turns our own into the other's handle; a process cannot make one up in plain data. */
static void
a_handle_is_believed_only_where_the_kernel_put_it(void **state)
{
	static struct parcel p;
	uint32_t handle;

	(void)state;
	parcel_clear(&p);
	parcel_binder(&p, parcel_form_find(9), 1, 2);
	struct parcel_reader r = reader_of_parcel(&p);
	assert_false(parcel_read_handle(&r, &handle)); /* an object of ours is no handle */

	const uint32_t type = BINDER_TYPE_HANDLE;
	memcpy(p.octets, &type, sizeof type);
	r = reader_of_parcel(&p);
	assert_true(parcel_read_handle(&r, &handle));

	r = reader_of_parcel(&p);
	r.n_objects = 0;
	assert_false(parcel_read_handle(&r, &handle));
}

static void
what_does_not_fit_is_not_read(void **state)
{
	static const struct {
		const char *what;
		uint8_t octets[12];
		size_t n;
	} cases[] = {
		{ "half a length", { 1, 0 }, 2 },
		{ "an array longer than the rest", { 5, 0, 0, 0, 1, 2, 3, 4 }, 8 },
		{ "an array of all there is in the world", { 0xfe, 0xff, 0xff, 0xff, 1 }, 5 },
	};
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct parcel_reader r = reader_of(cases[i].octets, cases[i].n);
		print_message("%s\n", cases[i].what);
		assert_null(parcel_read_array(&r, &n));
		assert_int_equal(n, 0);
		assert_true(r.has_failed);
		assert_int_equal(parcel_read_int32(&r), 0);
	}
}

static void
a_text_that_is_too_long_or_cut_is_not_read(void **state)
{
	uint8_t octets[2 * 300] = { 44, 1 }; /* of 300 */
	char text[PARCEL_TEXT_MAX + 1];

	(void)state;
	struct parcel_reader r = reader_of(octets, sizeof octets);
	parcel_read_text(&r, text);
	assert_true(r.has_failed);
	assert_string_equal(text, "");

	octets[0] = 200;
	octets[1] = 0;
	r = reader_of(octets, 100);
	parcel_read_text(&r, text);
	assert_true(r.has_failed);
}

static void
an_answer_that_is_too_long_is_noticed(void **state)
{
	static uint8_t octets[PARCEL_OCTETS_MAX];
	static struct parcel p;

	(void)state;
	parcel_clear(&p);
	parcel_array(&p, octets, sizeof octets);
	assert_true(p.is_overflown);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_of_every_release_is_read),
		cmocka_unit_test(a_token_of_another_interface_is_refused),
		cmocka_unit_test(octets_lie_as_android_lays_them),
		cmocka_unit_test(a_binder_object_has_its_place_and_its_stability),
		cmocka_unit_test(a_handle_is_believed_only_where_the_kernel_put_it),
		cmocka_unit_test(what_does_not_fit_is_not_read),
		cmocka_unit_test(a_text_that_is_too_long_or_cut_is_not_read),
		cmocka_unit_test(an_answer_that_is_too_long_is_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
