/* test_explore.c - L2TP: in every history within these bounds both ends settle alike
 * SPDX-License-Identifier: Apache-2.0
 *
 * The bounds of each test say how much trouble its histories have; messages may always arrive in any order.
 */
#include "tests/model/levels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct explored
explored_within(const char *what, struct bounds bounds)
{
	return explored_or_fail(what, world_setup_default(UT_L2TP), NULL, bounds);
}

static void
without_trouble_everything_comes_up_in_whatever_order_things_happen(void **state)
{
	const struct explored found = explored_within("no trouble", SAME({ 0 }));

	(void)state;
	assert_true(found.worlds > 20);
	assert_int_equal(found.settled_idle, 0);
}

static void
a_message_lost_and_one_doubled_keep_nothing_down(void **state)
{
	const struct explored found =
	    explored_within("loss, double", BOUNDS({ .losses = 1, .doubles = 1, .timeouts = 1 },
						   { .losses = 1, .doubles = 1, .timeouts = 2 },
						   { .losses = 2, .doubles = 1, .timeouts = 2 }));

	(void)state;
	assert_int_equal(found.settled_idle, 0);
}

static void
late_messages_and_needless_retransmissions_keep_nothing_down(void **state)
{
	const struct explored found =
	    explored_within("time passes", BOUNDS({ .timeouts = 2 }, { .timeouts = 4 }, { .timeouts = 5 }));

	(void)state;
	assert_int_equal(found.settled_idle, 0);
}

static void
whenever_the_client_closes_both_ends_end(void **state)
{
	const struct explored found =
	    explored_within("client closes", BOUNDS({ .losses = 1, .client_closes = 1 },
						    { .losses = 1, .timeouts = 1, .client_closes = 1 },
						    { .losses = 1, .timeouts = 2, .client_closes = 1 }));

	(void)state;
	assert_true(found.settled_idle > 0 && found.settled_up > 0);
}

static void
whenever_the_server_closes_both_ends_end(void **state)
{
	const struct explored found =
	    explored_within("server closes", BOUNDS({ .losses = 1, .server_closes = 1 },
						    { .losses = 1, .timeouts = 1, .server_closes = 1 },
						    { .losses = 2, .timeouts = 1, .server_closes = 1 }));

	(void)state;
	assert_true(found.settled_idle > 0 && found.settled_up > 0);
}

static void
when_both_close_at_once_both_ends_end(void **state)
{
	const struct explored found = explored_within(
	    "both close", BOUNDS({ .client_closes = 1, .server_closes = 1 },
				 { .timeouts = 1, .client_closes = 1, .server_closes = 1 },
				 { .losses = 1, .timeouts = 1, .client_closes = 1, .server_closes = 1 }));

	(void)state;
	assert_true(found.settled_idle > 0);
}

static void
a_stop_asked_twice_ends_both_ends(void **state)
{
	(void)state;
	(void)explored_within("client closes twice", BOUNDS({ .client_closes = 2 }, { .client_closes = 2 },
							    { .client_closes = 2, .timeouts = 1 }));
}

static void
a_data_path_or_a_pppd_that_fails_ends_both_ends(void **state)
{
	const struct explored found = explored_within(
	    "a failure", BOUNDS({ .failures = 1 }, { .losses = 1, .timeouts = 1, .failures = 1 },
				{ .losses = 1, .timeouts = 2, .failures = 1 }));

	(void)state;
	assert_true(found.settled_idle > 0 && found.settled_up > 0);
}

static void
whenever_the_network_goes_both_ends_notice_and_end(void **state)
{
	const struct explored found = explored_within(
	    "severed", BOUNDS({ .severs = 1 }, { .severs = 1, .timeouts = 2, .client_closes = 1 },
			      { .severs = 1, .timeouts = 3, .client_closes = 1, .server_closes = 1 }));

	(void)state;
	assert_true(found.settled_idle > 0 && found.settled_up > 0);
}

/* ---- several sessions, and both directions ---- */

static struct world_setup
two_links(void)
{
	struct world_setup setup = world_setup_default(UT_L2TP);

	setup.n_links[WORLD_CLIENT] = 2;
	return setup;
}

static void
of_two_sessions_the_server_may_end_either(void **state)
{
	const struct explored found =
	    explored_or_fail("two sessions, one ended", two_links(), NULL,
			     BOUNDS({ 0 }, { .hang_ups = 1 }, { .hang_ups = 1, .losses = 1 }));

	(void)state;
	assert_true(found.settled_up > 0);
}

/* Each message waits until the one before is acknowledged, which the server does at once. */
static void
a_window_of_one_message_is_enough_for_two_sessions(void **state)
{
	struct world_setup setup = two_links();
	struct explored found;

	(void)state;
	levels_need(LEVEL_WIDE);
	setup.l2tp[WORLD_CLIENT].receive_window = setup.l2tp[WORLD_SERVER].receive_window = 1;
	setup.l2tp[WORLD_SERVER].ack_delay_ms = 0;
	found = explored_or_fail("window 1, two sessions", setup, NULL,
				 BOUNDS({ .doubles = 1 }, { .losses = 1 }, { .losses = 1, .doubles = 1 }));
	assert_true(found.worlds > 1000);
	assert_int_equal(found.settled_idle, 0);
	(void)explored_or_fail("window 1, closed", setup, NULL,
			       BOUNDS({ .server_closes = 1 }, { .hang_ups = 1, .server_closes = 1 },
				      { .client_closes = 1, .server_closes = 1 }));
}

/* The client is the LAC of its own session, and the LNS of a call that it places through the server. */
static void
an_outgoing_call_stands_beside_an_incoming_one(void **state)
{
	struct world_setup setup = world_setup_default(UT_L2TP);
	struct explored found;

	(void)state;
	levels_need(LEVEL_WIDE);
	setup.caller = WORLD_CLIENT;
	setup.l2tp[WORLD_CLIENT].accept_calls = true; /* so that its call has a data path */
	found = explored_or_fail("both directions", setup, NULL,
				 BOUNDS({ .calls = 1 }, { .calls = 1 }, { .calls = 1, .losses = 1 }));
	assert_int_equal(found.settled_idle, 0);
}

static void
of_calls_in_both_directions_each_may_fail(void **state)
{
	struct world_setup setup = world_setup_default(UT_L2TP);

	(void)state;
	levels_need(LEVEL_WIDE);
	setup.caller = WORLD_CLIENT;
	setup.l2tp[WORLD_CLIENT].accept_calls = true;
	(void)explored_or_fail(
	    "both directions, something fails", setup, NULL,
	    BOUNDS({ 0 }, { .calls = 1, .failures = 1 }, { .calls = 1, .failures = 1, .hang_ups = 1 }));
}

static void
a_call_to_a_client_is_refused_and_nothing_else_happens(void **state)
{
	const struct explored found = explored_or_fail(
	    "the server calls", world_setup_default(UT_L2TP), NULL,
	    BOUNDS({ .calls = 1 }, { .calls = 1, .losses = 1 }, { .calls = 1, .losses = 1, .timeouts = 1 }));

	(void)state;
	assert_int_equal(found.settled_idle, 0);
}

/* ---- both dial: RFC 2661 4.4.3 ---- */

static struct world_setup
both_dial(void)
{
	struct world_setup setup = world_setup_default(UT_L2TP);

	setup.n_links[WORLD_SERVER] = 1;
	setup.l2tp[WORLD_SERVER].accept_tunnels = false; /* its socket is its client's, as the other's */
	for (unsigned side = 0; side < WORLD_SIDES; side++)
		setup.l2tp[side].tie_breaker = true;
	return setup;
}

/* One tunnel comes of it.  Neither takes the other's call, since both are clients; so both end in the end. */
static void
when_both_dial_one_tunnel_comes_of_it_and_both_ends_end(void **state)
{
	const struct explored found = explored_or_fail(
	    "both dial", both_dial(), NULL, BOUNDS({ 0 }, { .timeouts = 1 }, { .losses = 1, .timeouts = 1 }));

	(void)state;
	assert_true(found.settled_idle > 400);
}

static void
when_both_dial_whoever_closes_ends_both_ends(void **state)
{
	struct explored found;

	(void)state;
	levels_need(LEVEL_WIDE);
	found = explored_or_fail(
	    "both dial, closed", both_dial(), NULL,
	    BOUNDS({ 0 }, { .client_closes = 1 }, { .client_closes = 1, .server_closes = 1 }));
	assert_int_equal(found.settled_up, 0);
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
authenticated(const char *client, const char *server)
{
	struct world_setup setup = world_setup_default(UT_L2TP);

	setup.l2tp[WORLD_CLIENT].secret = secret_of(client);
	setup.l2tp[WORLD_SERVER].secret = secret_of(server);
	setup.l2tp[WORLD_CLIENT].authenticate_peer = setup.l2tp[WORLD_SERVER].authenticate_peer = true;
	return setup;
}

static void
with_the_same_secret_everything_comes_up(void **state)
{
	const struct explored found =
	    explored_or_fail("same secret", authenticated("one", "one"), NULL,
			     BOUNDS({ .losses = 1, .timeouts = 1 }, { .losses = 1, .timeouts = 2 },
				    { .losses = 2, .timeouts = 2 }));

	(void)state;
	assert_int_equal(found.settled_idle, 0);
}

static void
with_another_secret_nothing_ever_comes_up(void **state)
{
	const struct explored found = explored_or_fail(
	    "another secret", authenticated("one", "two"), NULL,
	    BOUNDS({ .losses = 1, .doubles = 1, .timeouts = 1 }, { .losses = 2, .doubles = 1, .timeouts = 2 },
		   { .losses = 2, .doubles = 2, .timeouts = 3, .client_closes = 1 }));

	(void)state;
	assert_int_equal(found.settled_up, 0);
}

static void
what_is_sent_does_not_depend_on_the_secret(void **state)
{
	const struct world_setup one = authenticated("one", "one");
	const struct world_setup other = authenticated("another, longer", "another, longer");

	(void)state;
	(void)explored_or_fail("two secrets", one, &other,
			       BOUNDS({ .losses = 1, .client_closes = 1 },
				      { .losses = 1, .timeouts = 1, .client_closes = 1 },
				      { .losses = 1, .timeouts = 2, .client_closes = 1 }));
}

int
main(int argc, char **argv)
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
		cmocka_unit_test(whenever_the_network_goes_both_ends_notice_and_end),
		cmocka_unit_test(of_two_sessions_the_server_may_end_either),
		cmocka_unit_test(a_window_of_one_message_is_enough_for_two_sessions),
		cmocka_unit_test(an_outgoing_call_stands_beside_an_incoming_one),
		cmocka_unit_test(of_calls_in_both_directions_each_may_fail),
		cmocka_unit_test(a_call_to_a_client_is_refused_and_nothing_else_happens),
		cmocka_unit_test(when_both_dial_one_tunnel_comes_of_it_and_both_ends_end),
		cmocka_unit_test(when_both_dial_whoever_closes_ends_both_ends),
		cmocka_unit_test(with_the_same_secret_everything_comes_up),
		cmocka_unit_test(with_another_secret_nothing_ever_comes_up),
		cmocka_unit_test(what_is_sent_does_not_depend_on_the_secret),
	};

	return LEVELS_RUN(argc, argv, tests);
}
