/* test_explore_pptp.c - PPTP: in every history within these bounds both ends settle alike
 * SPDX-License-Identifier: Apache-2.0
 *
 * The bounds of each row say how much trouble its histories have; what one end sent may lie under way for as long
 * as it likes, and be read together with what came behind it.
 */
#include "tests/model/histories.h"

static struct world_setup
plain(void)
{
	return world_setup_default(UT_PPTP);
}

static struct world_setup
cut_anywhere(void)
{
	struct world_setup setup = plain();

	setup.cut_step = 1;
	return setup;
}

static struct world_setup
busy_ids(void)
{
	enum { BUSY = 16 };
	struct world_setup setup = plain();

	setup.reserve_error = BUSY;
	return setup;
}

static struct world_setup
two_links(void)
{
	struct world_setup setup = plain();

	setup.n_links[WORLD_CLIENT] = 2;
	return setup;
}

/* Three ids there are: 2, 512 and 514. */
static struct world_setup
few_ids(void)
{
	struct world_setup setup = two_links();

	setup.random_mask = 2;
	return setup;
}

/* The server is the PAC, and its calls are incoming ones. */
static struct world_setup
pac_calls(void)
{
	struct world_setup setup = plain();

	setup.pptp[WORLD_SERVER].is_pac = true;
	setup.pptp[WORLD_CLIENT].accept_calls = true;
	return setup;
}

/* The server asks as a PNS does; the client takes its outgoing call. */
static struct world_setup
both_are_pns(void)
{
	struct world_setup setup = plain();

	setup.pptp[WORLD_CLIENT].accept_calls = true;
	return setup;
}

/* RFC 2637 3.1.3, both dial. */
static struct world_setup
both_dial(void)
{
	struct world_setup setup = plain();

	setup.n_links[WORLD_SERVER] = 1;
	for (unsigned side = 0; side < WORLD_SIDES; side++)
		setup.pptp[side].accept_connections = setup.pptp[side].accept_calls = true;
	return setup;
}

static const struct history histories[] = {
	/* clang-format off */
	{ "without_trouble_everything_comes_up_in_whatever_order_things_happen", plain, NULL, ENDS_UP,
	  SAME({ 0 }) },
	{ "streams_cut_at_every_octet_bring_everything_up", cut_anywhere, NULL, ENDS_UP,
	  { { .cuts = 1 }, { .cuts = 2 }, { .cuts = 3 } } },
	{ "streams_cut_at_every_octet_end_both_ends_when_closed", cut_anywhere, NULL, ENDS_BOTH,
	  { { .cuts = 1, .client_closes = 1 },
	    { .cuts = 1, .client_closes = 1, .server_closes = 1 },
	    { .cuts = 2, .client_closes = 1, .server_closes = 1 } } },
	{ "time_that_passes_keeps_nothing_down", plain, NULL, ENDS_SOME_UP,
	  { { .timeouts = 1 }, { .timeouts = 2 }, { .timeouts = 4 } } },
	{ "whenever_the_client_closes_both_ends_end", plain, NULL, ENDS_BOTH,
	  { { .client_closes = 1 }, { .timeouts = 2, .client_closes = 1 }, { .timeouts = 5, .client_closes = 1 } } },
	{ "whenever_the_server_closes_both_ends_end", plain, NULL, ENDS_BOTH,
	  { { .server_closes = 1 }, { .timeouts = 2, .server_closes = 1 }, { .timeouts = 5, .server_closes = 1 } } },
	{ "when_both_close_at_once_both_ends_end", plain, NULL, ENDS_BOTH,
	  { { .client_closes = 1, .server_closes = 1 },
	    { .timeouts = 2, .client_closes = 1, .server_closes = 1 },
	    { .timeouts = 3, .cuts = 1, .client_closes = 2, .server_closes = 2 } } },
	{ "whenever_the_connection_is_reset_both_ends_end", plain, NULL, ENDS_BOTH,
	  { { .resets = 1 },
	    { .resets = 1, .timeouts = 2, .client_closes = 1 },
	    { .resets = 1, .timeouts = 4, .client_closes = 1, .server_closes = 1 } } },
	{ "whenever_the_network_goes_both_ends_notice_and_end", plain, NULL, ENDS_BOTH,
	  { { .severs = 1 },
	    { .severs = 1, .timeouts = 2, .client_closes = 1 },
	    { .severs = 1, .timeouts = 4, .client_closes = 1, .server_closes = 1 } } },
	{ "a_refusal_a_data_path_or_a_pppd_that_fails_ends_both_ends", plain, NULL, ENDS_BOTH,
	  { { .failures = 1 },
	    { .failures = 1, .timeouts = 2, .client_closes = 1 },
	    { .failures = 2, .timeouts = 3, .client_closes = 1, .resets = 1 } } },
	{ "an_id_that_is_taken_is_replaced_by_another", busy_ids, NULL, ENDS_SOME_UP,
	  { { .failures = 1 }, { .failures = 2 }, { .failures = 3, .timeouts = 2 } } },
	{ "of_two_calls_the_server_may_end_either", two_links, NULL, ENDS_SOME_UP,
	  { { .hang_ups = 1 }, { .hang_ups = 2 }, { .hang_ups = 2, .timeouts = 2, .cuts = 1 } } },
	{ "an_id_that_is_drawn_twice_is_drawn_again", few_ids, NULL, ENDS_SOME_UP,
	  { { 0 }, { .hang_ups = 1 }, { .hang_ups = 2, .timeouts = 1 } } },
	{ "with_two_calls_whoever_closes_ends_both_ends", two_links, NULL, ENDS_BOTH,
	  { { .client_closes = 1 },
	    { .client_closes = 1, .server_closes = 1 },
	    { .client_closes = 1, .server_closes = 1, .timeouts = 2 } } },
	{ "of_two_calls_one_may_fail", two_links, NULL, ENDS_BOTH,
	  { { .failures = 1 }, { .failures = 1, .timeouts = 1 }, { .failures = 2, .timeouts = 2, .resets = 1 } } },
	{ "an_incoming_call_stands_beside_the_clients", pac_calls, NULL, ENDS_UP,
	  { { .calls = 1 }, { .calls = 2 }, { .calls = 2, .timeouts = 1, .cuts = 1 } } },
	{ "beside_an_incoming_call_each_may_fail", pac_calls, NULL, ENDS_BOTH,
	  { { .calls = 1, .failures = 1 },
	    { .calls = 1, .failures = 1, .hang_ups = 1 },
	    { .calls = 1, .failures = 1, .hang_ups = 1, .resets = 1, .timeouts = 1 } } },
	{ "beside_an_incoming_call_whoever_closes_ends_both_ends", pac_calls, NULL, ENDS_BOTH,
	  { { .calls = 1, .client_closes = 1 },
	    { .calls = 1, .client_closes = 1, .server_closes = 1 },
	    { .calls = 1, .client_closes = 1, .server_closes = 1, .timeouts = 2 } } },
	{ "an_outgoing_call_of_the_server_stands_beside_the_clients", both_are_pns, NULL, ENDS_SOME_UP,
	  { { .calls = 1 }, { .calls = 1, .hang_ups = 1 },
	    { .calls = 1, .hang_ups = 1, .client_closes = 1, .timeouts = 1 } } },
	{ "when_both_dial_both_ends_agree_on_connections", both_dial, NULL, ENDS_UP,
	  { { 0 }, { .timeouts = 1 }, { .timeouts = 2, .cuts = 1 } } },
	{ "when_both_dial_whoever_closes_ends_his_own", both_dial, NULL, ENDS_SOME_UP,
	  { { .client_closes = 1 }, { .client_closes = 1, .server_closes = 1 }, { .client_closes = 1, .server_closes = 1, .timeouts = 1 } } },
	{ "when_both_dial_a_connection_may_be_reset", both_dial, NULL, ENDS_SOME_UP,
	  { { .resets = 1 }, { .resets = 1, .timeouts = 1 }, { .resets = 1, .timeouts = 2 } } },
	/* clang-format on */
};

int
main(int argc, char **argv)
{
	return histories_run(argc, argv, histories, UT_COUNT(histories));
}
