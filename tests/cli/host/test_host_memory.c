/* test_host_memory.c - memory for what must not be seen: zeroed, apart, kept out of dumps and children, given back
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/host/host_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { SMALL = 1000, LARGE = 100 * 1024, MANY = 8 };

static bool
is_zero(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != 0)
			return false;
	return true;
}

/* The flags of the mapping an address is in, as /proc/self/smaps has them; empty: it is in none. */
static void
find_flags(const void *address, char *out, size_t cap)
{
	FILE *maps = fopen("/proc/self/smaps", "r");
	char line[512];
	bool is_here = false;

	out[0] = '\0';
	assert_non_null(maps);
	while (fgets(line, sizeof line, maps) != NULL) {
		unsigned long begin, end;

		if (sscanf(line, "%lx-%lx ", &begin, &end) == 2)
			is_here = (uintptr_t)address >= begin && (uintptr_t)address < end;
		else if (is_here && strncmp(line, "VmFlags:", 8) == 0)
			(void)snprintf(out, cap, "%s", line + 8);
	}
	fclose(maps);
}

static void
what_is_given_is_zeroed_and_apart_and_of_any_size(void **state)
{
	uint8_t *p[MANY];

	(void)state;
	for (int i = 0; i < MANY; i++) {
		const size_t n = i % 2 == 0 ? SMALL : LARGE;

		p[i] = host_memory_new(n);
		assert_non_null(p[i]);
		assert_true(is_zero(p[i], n));
		assert_int_equal((uintptr_t)p[i] % 64, 0);
		memset(p[i], i + 1, n);
	}
	for (int i = 0; i < MANY; i++) {
		const size_t n = i % 2 == 0 ? SMALL : LARGE;

		for (size_t k = 0; k < n; k++)
			assert_int_equal(p[i][k], i + 1);
		assert_null(host_memory_free(p[i], n));
	}
	assert_null(host_memory_free(NULL, 1));
}

static void
what_was_given_back_is_zeroed_when_it_is_given_again(void **state)
{
	uint8_t *other = host_memory_new(SMALL);
	uint8_t *last = host_memory_new(SMALL);

	(void)state;
	memset(last, 0xa5, SMALL);
	host_memory_free(last, SMALL);
	assert_ptr_equal(host_memory_new(SMALL), last);
	assert_true(is_zero(last, SMALL));
	host_memory_free(last, SMALL);
	for (int round = 0; round < 1000; round++) {
		uint8_t *p = host_memory_new(SMALL);

		assert_non_null(p);
		assert_true(is_zero(p, SMALL));
		memset(p, 0xa5, SMALL);
		host_memory_free(p, SMALL);
		if (round % 3 == 0)
			other = host_memory_free(other, SMALL);
		if (other == NULL)
			other = host_memory_new(SMALL);
	}
	host_memory_free(other, SMALL);
}

static void
what_is_kept_beside_what_was_given_back_stays_and_the_other_is_wiped(void **state)
{
	uint8_t *first = host_memory_new(SMALL), *second = host_memory_new(SMALL);

	(void)state;
	memset(first, 1, SMALL);
	memset(second, 2, SMALL);
	host_memory_free(first, SMALL);
	assert_in_range((uintptr_t)second - (uintptr_t)first, SMALL, 4095); /* of one mapping, still there */
	assert_true(is_zero(first, SMALL));
	for (int k = 0; k < SMALL; k++)
		assert_int_equal(second[k], 2);
	host_memory_free(second, SMALL);
}

static void
no_dump_and_no_child_has_it_and_with_the_last_it_is_unmapped(void **state)
{
	const size_t sizes[] = { SMALL, LARGE, 4 * LARGE };
	uint8_t *p[3];
	char flags[512];

	(void)state;
	for (int i = 0; i < 3; i++) {
		p[i] = host_memory_new(sizes[i]);
		assert_non_null(p[i]);
		find_flags(p[i], flags, sizeof flags);
		assert_non_null(strstr(flags, " dd"));
		assert_non_null(strstr(flags, " wf"));
		find_flags(p[i] + sizes[i] - 1, flags, sizeof flags);
		assert_non_null(strstr(flags, " dd"));
	}
	for (int i = 0; i < 3; i++)
		host_memory_free(p[i], sizes[i]);
	for (int i = 0; i < 3; i++) {
		find_flags(p[i], flags, sizeof flags);
		assert_null(strstr(flags, " wf"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_given_is_zeroed_and_apart_and_of_any_size),
		cmocka_unit_test(what_was_given_back_is_zeroed_when_it_is_given_again),
		cmocka_unit_test(what_is_kept_beside_what_was_given_back_stays_and_the_other_is_wiped),
		cmocka_unit_test(no_dump_and_no_child_has_it_and_with_the_last_it_is_unmapped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
