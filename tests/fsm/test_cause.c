/* test_cause.c - which of two racing causes counts, and the exit statuses
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/cause.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <cmocka.h>

static struct ut_end
end_of(unsigned cause, int code)
{
	return (struct ut_end){ .cause = (uint8_t)cause, .code = code };
}

static void
any_cause_replaces_none_and_none_replaces_nothing(void **state)
{
	(void)state;
	for (unsigned c = 0; c < UT_CAUSE_N; c++) {
		assert_int_equal(ut_end_merge(end_of(UT_CAUSE_NONE, 0), end_of(c, 1)).cause, c);
		assert_int_equal(ut_end_merge(end_of(c, 1), end_of(UT_CAUSE_NONE, 0)).cause, c);
	}
}

static void
the_users_stop_and_a_failed_authentication_stay(void **state)
{
	(void)state;
	for (unsigned c = 0; c < UT_CAUSE_N; c++) {
		assert_int_equal(ut_end_merge(end_of(UT_CAUSE_USER, 0), end_of(c, 0)).cause, UT_CAUSE_USER);
		assert_int_equal(ut_end_merge(end_of(UT_CAUSE_CHALLENGE, 0), end_of(c, 0)).cause,
				 UT_CAUSE_CHALLENGE);
		assert_int_equal(ut_end_merge(end_of(UT_CAUSE_PPPD_AUTH, 19), end_of(c, 0)).cause,
				 UT_CAUSE_PPPD_AUTH);
		assert_int_equal(ut_end_merge(end_of(UT_CAUSE_PPPD_MPPE, 10), end_of(c, 0)).cause,
				 UT_CAUSE_PPPD_MPPE);
	}
}

static void
required_encryption_explains_what_the_server_did_about_it(void **state)
{
	static const unsigned first[] = { UT_CAUSE_NETWORK, UT_CAUSE_PROTOCOL, UT_CAUSE_REMOTE,
					  UT_CAUSE_PPPD };

	(void)state;
	for (unsigned i = 0; i < sizeof first / sizeof first[0]; i++)
		assert_int_equal(ut_end_merge(end_of(first[i], 0), end_of(UT_CAUSE_PPPD_MPPE, 10)).cause,
				 UT_CAUSE_PPPD_MPPE);
}

static void
merging_the_same_again_changes_nothing(void **state)
{
	(void)state;
	for (unsigned a = 0; a < UT_CAUSE_N; a++) {
		for (unsigned b = 0; b < UT_CAUSE_N; b++) {
			struct ut_end once = ut_end_merge(end_of(a, 1), end_of(b, 2));

			assert_int_equal(ut_end_merge(once, end_of(b, 2)).cause, once.cause);
			assert_int_equal(ut_end_merge(once, end_of(a, 1)).cause, once.cause);
		}
	}
}

static void
exit_statuses_are_mtpds(void **state)
{
	static const int want[UT_CAUSE_N] = { 0, 1, 2, 3, 4, 5, 6, 48, 51, 42, 1 };

	(void)state;
	for (unsigned c = 0; c < UT_CAUSE_N; c++) {
		int code = c == UT_CAUSE_PPPD	     ? 16
			   : c == UT_CAUSE_PPPD_AUTH ? 19
			   : c == UT_CAUSE_PPPD_MPPE ? 10
						     : 0;

		assert_int_equal(ut_end_status(end_of(c, code)), want[c]);
		assert_non_null(ut_cause_name((enum ut_cause)c));
	}
	for (int status = 0; status < 256; status++) {
		struct ut_end e = ut_end_of_pppd(status);
		bool auth = status == 11 || status == 19;

		assert_int_equal(e.cause, status == 0 ? UT_CAUSE_REMOTE
					  : auth      ? UT_CAUSE_PPPD_AUTH
						      : UT_CAUSE_PPPD);
		assert_in_range(ut_end_status(e), 0, 255);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_cause_replaces_none_and_none_replaces_nothing),
		cmocka_unit_test(the_users_stop_and_a_failed_authentication_stay),
		cmocka_unit_test(required_encryption_explains_what_the_server_did_about_it),
		cmocka_unit_test(merging_the_same_again_changes_nothing),
		cmocka_unit_test(exit_statuses_are_mtpds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
