/* test_explore.c - in every history within these bounds both ends settle alike
 * SPDX-License-Identifier: Apache-2.0
 *
 * The bounds of each test say how much trouble its histories have; messages may always arrive in any order.
 */
#include "tests/model/explore.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { WORLDS_MAX = 4000000 };

/* How large the histories may be: the sanitizers make a build slow. */
#ifdef MODEL_IS_WIDE
#define BOUNDS(wide, narrow) wide
#else
#define BOUNDS(wide, narrow) narrow
#endif

static struct explored
explored_or_fail(const char *what, const struct world_setup *setup, const struct world_setup *twin)
{
	const struct explored found = explore(setup, twin, WORLDS_MAX);

	printf("%s: %llu worlds, %llu choices, %u deep; %llu settle up, %llu idle\n", what,
	       (unsigned long long)found.worlds, (unsigned long long)found.choices, found.deepest,
	       (unsigned long long)found.settled_up, (unsigned long long)found.settled_idle);
	if (found.broken != NULL) {
		explore_print_path(setup, &found);
		fail_msg("%s: %s", what, found.broken);
	}
	return found;
}

static struct explored
explored_within(const char *what, struct world_bounds bounds)
{
	struct world_setup setup = world_setup_default();

	setup.bounds = bounds;
	return explored_or_fail(what, &setup, NULL);
}

#define NONE                  \
	(struct world_bounds) \
	{                     \
		0             \
	}
#define WITHIN(...)           \
	(struct world_bounds) \
	{                     \
		__VA_ARGS__   \
	}

static void
without_trouble_everything_comes_up_in_whatever_order_things_happen(void **state)
{
	const struct explored found = explored_within("no trouble", NONE);

	(void)state;
	assert_true(found.worlds > 20);
	assert_int_equal(found.settled_idle, 0);
}

static void
a_message_lost_and_one_doubled_keep_nothing_down(void **state)
{
	const struct explored found =
	    explored_within("loss, double", BOUNDS(WITHIN(.losses = 1, .doubles = 1, .timeouts = 2),
						   WITHIN(.losses = 1, .doubles = 1, .timeouts = 1)));

	(void)state;
	assert_int_equal(found.settled_idle, 0);
}

static void
late_messages_and_needless_retransmissions_keep_nothing_down(void **state)
{
	const struct explored found =
	    explored_within("time passes", BOUNDS(WITHIN(.timeouts = 4), WITHIN(.timeouts = 2)));

	(void)state;
	assert_int_equal(found.settled_idle, 0);
}

static void
whenever_the_client_closes_both_ends_end(void **state)
{
	const struct explored found =
	    explored_within("client closes", BOUNDS(WITHIN(.losses = 1, .timeouts = 1, .client_closes = 1),
						    WITHIN(.losses = 1, .client_closes = 1)));

	(void)state;
	assert_true(found.settled_idle > 0 && found.settled_up > 0);
}

static void
whenever_the_server_closes_both_ends_end(void **state)
{
	const struct explored found =
	    explored_within("server closes", BOUNDS(WITHIN(.losses = 1, .timeouts = 1, .server_closes = 1),
						    WITHIN(.losses = 1, .server_closes = 1)));

	(void)state;
	assert_true(found.settled_idle > 0 && found.settled_up > 0);
}

static void
when_both_close_at_once_both_ends_end(void **state)
{
	const struct explored found = explored_within(
	    "both close", BOUNDS(WITHIN(.timeouts = 1, .client_closes = 1, .server_closes = 1),
				 WITHIN(.client_closes = 1, .server_closes = 1)));

	(void)state;
	assert_true(found.settled_idle > 0);
}

static void
a_stop_asked_twice_ends_both_ends(void **state)
{
	(void)explored_within("client closes twice", WITHIN(.client_closes = 2));
	(void)state;
}

static void
a_data_path_or_a_pppd_that_fails_ends_both_ends(void **state)
{
	const struct explored found = explored_within(
	    "a failure", BOUNDS(WITHIN(.losses = 1, .timeouts = 1, .failures = 1), WITHIN(.failures = 1)));

	(void)state;
	assert_true(found.settled_idle > 0 && found.settled_up > 0);
}

/* ---- tunnel authentication ---- */

static struct l2tp_secret
secret_of(const char *text)
{
	struct l2tp_secret s = { .n = (uint8_t)strlen(text) };

	memcpy(s.octets, text, s.n);
	return s;
}

static struct world_setup
authenticated(const char *client, const char *server, struct world_bounds bounds)
{
	struct world_setup setup = world_setup_default();

	setup.client_params.secret = secret_of(client);
	setup.server_params.secret = secret_of(server);
	setup.client_params.authenticate_peer = setup.server_params.authenticate_peer = true;
	setup.bounds = bounds;
	return setup;
}

static void
with_the_same_secret_everything_comes_up(void **state)
{
	const struct world_setup setup = authenticated("one", "one", WITHIN(.losses = 1, .timeouts = 1));
	const struct explored found = explored_or_fail("same secret", &setup, NULL);

	(void)state;
	assert_int_equal(found.settled_idle, 0);
}

static void
with_another_secret_nothing_ever_comes_up(void **state)
{
	const struct world_setup setup =
	    authenticated("one", "two", WITHIN(.losses = 1, .doubles = 1, .timeouts = 1));
	const struct explored found = explored_or_fail("another secret", &setup, NULL);

	(void)state;
	assert_int_equal(found.settled_up, 0);
}

static void
what_is_sent_does_not_depend_on_the_secret(void **state)
{
	const struct world_bounds bounds = BOUNDS(WITHIN(.losses = 1, .timeouts = 1, .client_closes = 1),
						  WITHIN(.losses = 1, .client_closes = 1));
	const struct world_setup one = authenticated("one", "one", bounds);
	const struct world_setup other = authenticated("another, longer", "another, longer", bounds);

	(void)state;
	(void)explored_or_fail("two secrets", &one, &other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_trouble_everything_comes_up_in_whatever_order_things_happen),
		cmocka_unit_test(a_message_lost_and_one_doubled_keep_nothing_down),
		cmocka_unit_test(late_messages_and_needless_retransmissions_keep_nothing_down),
		cmocka_unit_test(whenever_the_client_closes_both_ends_end),
		cmocka_unit_test(whenever_the_server_closes_both_ends_end),
		cmocka_unit_test(when_both_close_at_once_both_ends_end),
		cmocka_unit_test(a_stop_asked_twice_ends_both_ends),
		cmocka_unit_test(a_data_path_or_a_pppd_that_fails_ends_both_ends),
		cmocka_unit_test(with_the_same_secret_everything_comes_up),
		cmocka_unit_test(with_another_secret_nothing_ever_comes_up),
		cmocka_unit_test(what_is_sent_does_not_depend_on_the_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
