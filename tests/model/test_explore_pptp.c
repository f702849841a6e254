/* test_explore_pptp.c - PPTP: in every history within these bounds both ends settle alike
 * SPDX-License-Identifier: Apache-2.0
 *
 * The bounds of each test say how much trouble its histories have.  What one end sent may lie under way for as long as
 * it likes, and be read together with what came behind it.
 */
#include "tests/model/levels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct explored
explored_within(const char *what, struct bounds bounds)
{
	return explored_or_fail(what, world_setup_default(UT_PPTP), NULL, bounds);
}

static void
without_trouble_everything_comes_up_in_whatever_order_things_happen(void **state)
{
	const struct explored found = explored_within("no trouble", SAME({ 0 }));

	(void)state;
	assert_true(found.worlds > 10);
	assert_int_equal(found.settled_idle, 0);
}

static void
streams_cut_at_every_octet_bring_everything_up(void **state)
{
	struct world_setup setup = world_setup_default(UT_PPTP);
	struct explored found;

	(void)state;
	setup.cut_step = 1;
	found = explored_or_fail("cut anywhere", setup, NULL,
				 BOUNDS({ .cuts = 1 }, { .cuts = 2 }, { .cuts = 3 }));
	assert_true(found.worlds > 500);
	assert_int_equal(found.settled_idle, 0);
}

static void
streams_cut_at_every_octet_end_both_ends_when_closed(void **state)
{
	struct world_setup setup = world_setup_default(UT_PPTP);

	(void)state;
	setup.cut_step = 1;
	(void)explored_or_fail("cut anywhere, closed", setup, NULL,
			       BOUNDS({ .cuts = 1, .client_closes = 1 },
				      { .cuts = 1, .client_closes = 1, .server_closes = 1 },
				      { .cuts = 2, .client_closes = 1, .server_closes = 1 }));
}

static void
time_that_passes_keeps_nothing_down(void **state)
{
	const struct explored found =
	    explored_within("time passes", BOUNDS({ .timeouts = 1 }, { .timeouts = 2 }, { .timeouts = 4 }));

	(void)state;
	assert_true(found.settled_up > 0);
}

static void
whenever_the_client_closes_both_ends_end(void **state)
{
	const struct explored found = explored_within(
	    "client closes", BOUNDS({ .client_closes = 1 }, { .timeouts = 2, .client_closes = 1 },
				    { .timeouts = 4, .client_closes = 1 }));

	(void)state;
	assert_true(found.settled_idle > 0 && found.settled_up > 0);
}

static void
whenever_the_server_closes_both_ends_end(void **state)
{
	const struct explored found = explored_within(
	    "server closes", BOUNDS({ .server_closes = 1 }, { .timeouts = 2, .server_closes = 1 },
				    { .timeouts = 4, .server_closes = 1 }));

	(void)state;
	assert_true(found.settled_idle > 0 && found.settled_up > 0);
}

static void
when_both_close_at_once_both_ends_end(void **state)
{
	const struct explored found = explored_within(
	    "both close", BOUNDS({ .client_closes = 1, .server_closes = 1 },
				 { .timeouts = 2, .client_closes = 1, .server_closes = 1 },
				 { .timeouts = 3, .cuts = 1, .client_closes = 2, .server_closes = 2 }));

	(void)state;
	assert_true(found.settled_idle > 0);
}

static void
whenever_the_connection_is_reset_both_ends_end(void **state)
{
	const struct explored found = explored_within(
	    "reset", BOUNDS({ .resets = 1 }, { .resets = 1, .timeouts = 2, .client_closes = 1 },
			    { .resets = 1, .timeouts = 3, .client_closes = 1, .server_closes = 1 }));

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

static void
a_refusal_a_data_path_or_a_pppd_that_fails_ends_both_ends(void **state)
{
	const struct explored found = explored_within(
	    "a failure", BOUNDS({ .failures = 1 }, { .failures = 1, .timeouts = 2, .client_closes = 1 },
				{ .failures = 2, .timeouts = 2, .client_closes = 1, .resets = 1 }));

	(void)state;
	assert_true(found.settled_idle > 0 && found.settled_up > 0);
}

static void
an_id_that_is_taken_is_replaced_by_another(void **state)
{
	enum { BUSY = 16 };
	struct world_setup setup = world_setup_default(UT_PPTP);
	struct explored found;

	(void)state;
	setup.reserve_error = BUSY;
	found =
	    explored_or_fail("ids taken", setup, NULL,
			     BOUNDS({ .failures = 1 }, { .failures = 2 }, { .failures = 3, .timeouts = 1 }));
	assert_true(found.settled_up > 0);
}

/* ---- two calls ---- */

static struct world_setup
two_links(void)
{
	struct world_setup setup = world_setup_default(UT_PPTP);

	setup.n_links[WORLD_CLIENT] = 2;
	return setup;
}

static void
of_two_calls_the_server_may_end_either(void **state)
{
	const struct explored found = explored_or_fail(
	    "two calls, one ended", two_links(), NULL,
	    BOUNDS({ .hang_ups = 1 }, { .hang_ups = 2 }, { .hang_ups = 2, .timeouts = 2, .cuts = 1 }));

	(void)state;
	assert_true(found.settled_up > 0);
}

static void
with_two_calls_whoever_closes_ends_both_ends(void **state)
{
	const struct explored found =
	    explored_or_fail("two calls, closed", two_links(), NULL,
			     BOUNDS({ .client_closes = 1 }, { .client_closes = 1, .server_closes = 1 },
				    { .client_closes = 1, .server_closes = 1, .timeouts = 2 }));

	(void)state;
	assert_true(found.settled_idle > 0);
}

static void
of_two_calls_one_may_fail(void **state)
{
	const struct explored found =
	    explored_or_fail("two calls, a failure", two_links(), NULL,
			     BOUNDS({ .failures = 1 }, { .failures = 1, .timeouts = 1 },
				    { .failures = 2, .timeouts = 1, .resets = 1 }));

	(void)state;
	assert_true(found.settled_up > 0 && found.settled_idle > 0);
}

/* ---- calls of the server: it is the PAC, and its calls are incoming ones ---- */

static struct world_setup
pac_calls(void)
{
	struct world_setup setup = world_setup_default(UT_PPTP);

	setup.pptp[WORLD_SERVER].is_pac = true;
	setup.pptp[WORLD_CLIENT].accept_calls = true;
	return setup;
}

static void
an_incoming_call_stands_beside_the_clients(void **state)
{
	const struct explored found = explored_or_fail(
	    "the PAC calls", pac_calls(), NULL,
	    BOUNDS({ .calls = 1 }, { .calls = 2 }, { .calls = 2, .timeouts = 1, .cuts = 1 }));

	(void)state;
	assert_true(found.settled_up > 0);
	(void)explored_or_fail("the PAC calls, something fails", pac_calls(), NULL,
			       BOUNDS({ .calls = 1, .failures = 1 },
				      { .calls = 1, .failures = 1, .hang_ups = 1 },
				      { .calls = 1, .failures = 1, .hang_ups = 1, .resets = 1 }));
	(void)explored_or_fail("the PAC calls, closed", pac_calls(), NULL,
			       BOUNDS({ .calls = 1, .client_closes = 1 },
				      { .calls = 1, .client_closes = 1, .server_closes = 1 },
				      { .calls = 1, .client_closes = 1, .server_closes = 1, .timeouts = 2 }));
}

/* The server asks as a PNS does; the client takes its outgoing call. */
static void
an_outgoing_call_of_the_server_stands_beside_the_clients(void **state)
{
	struct world_setup setup = world_setup_default(UT_PPTP);
	struct explored found;

	(void)state;
	setup.pptp[WORLD_CLIENT].accept_calls = true;
	found = explored_or_fail("both are PNS", setup, NULL,
				 BOUNDS({ .calls = 1 }, { .calls = 1, .hang_ups = 1 },
					{ .calls = 1, .hang_ups = 1, .client_closes = 1 }));
	assert_true(found.settled_up > 0);
}

/* ---- both dial: RFC 2637 3.1.3 ---- */

static struct world_setup
both_dial(void)
{
	struct world_setup setup = world_setup_default(UT_PPTP);

	setup.n_links[WORLD_SERVER] = 1;
	for (unsigned side = 0; side < WORLD_SIDES; side++)
		setup.pptp[side].accept_connections = setup.pptp[side].accept_calls = true;
	return setup;
}

static void
when_both_dial_both_ends_agree_on_connections(void **state)
{
	const struct explored found = explored_or_fail(
	    "both dial", both_dial(), NULL, BOUNDS({ 0 }, { .timeouts = 1 }, { .timeouts = 1, .cuts = 1 }));

	(void)state;
	assert_int_equal(found.settled_idle, 0);
}

static void
when_both_dial_whoever_closes_ends_his_own(void **state)
{
	struct explored found;

	(void)state;
	levels_need(LEVEL_WIDE);
	found = explored_or_fail(
	    "both dial, one closes", both_dial(), NULL,
	    BOUNDS({ 0 }, { .client_closes = 1 }, { .client_closes = 1, .server_closes = 1 }));
	assert_true(found.settled_up > 0);
}

static void
when_both_dial_a_connection_may_be_reset(void **state)
{
	struct explored found;

	(void)state;
	levels_need(LEVEL_WIDE);
	found = explored_or_fail("both dial, reset", both_dial(), NULL,
				 BOUNDS({ 0 }, { .resets = 1 }, { .resets = 1, .timeouts = 1 }));
	assert_true(found.settled_up > 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_trouble_everything_comes_up_in_whatever_order_things_happen),
		cmocka_unit_test(streams_cut_at_every_octet_bring_everything_up),
		cmocka_unit_test(streams_cut_at_every_octet_end_both_ends_when_closed),
		cmocka_unit_test(time_that_passes_keeps_nothing_down),
		cmocka_unit_test(whenever_the_client_closes_both_ends_end),
		cmocka_unit_test(whenever_the_server_closes_both_ends_end),
		cmocka_unit_test(when_both_close_at_once_both_ends_end),
		cmocka_unit_test(whenever_the_connection_is_reset_both_ends_end),
		cmocka_unit_test(whenever_the_network_goes_both_ends_notice_and_end),
		cmocka_unit_test(a_refusal_a_data_path_or_a_pppd_that_fails_ends_both_ends),
		cmocka_unit_test(an_id_that_is_taken_is_replaced_by_another),
		cmocka_unit_test(of_two_calls_the_server_may_end_either),
		cmocka_unit_test(with_two_calls_whoever_closes_ends_both_ends),
		cmocka_unit_test(of_two_calls_one_may_fail),
		cmocka_unit_test(an_incoming_call_stands_beside_the_clients),
		cmocka_unit_test(an_outgoing_call_of_the_server_stands_beside_the_clients),
		cmocka_unit_test(when_both_dial_both_ends_agree_on_connections),
		cmocka_unit_test(when_both_dial_whoever_closes_ends_his_own),
		cmocka_unit_test(when_both_dial_a_connection_may_be_reset),
	};

	return LEVELS_RUN(argc, argv, tests);
}
