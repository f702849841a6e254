/* test_explore.c - L2TP: in every history within these bounds both ends settle alike
 * SPDX-License-Identifier: Apache-2.0
 *
 * The bounds of each row say how much trouble its histories have; messages may always arrive in any order.
 */
#include "tests/model/histories.h"

static struct world_setup
plain(void)
{
	return world_setup_default(UT_L2TP);
}

static struct world_setup
two_links(void)
{
	struct world_setup setup = plain();

	setup.n_links[WORLD_CLIENT] = 2;
	return setup;
}

/* Three ids there are: 1, 256 and 257. */
static struct world_setup
few_ids(void)
{
	struct world_setup setup = two_links();

	setup.random_mask = 1;
	return setup;
}

/* Each message waits until the one before is acknowledged, which the server does at once. */
static struct world_setup
window_of_one(void)
{
	struct world_setup setup = two_links();

	setup.l2tp[WORLD_CLIENT].receive_window = setup.l2tp[WORLD_SERVER].receive_window = 1;
	setup.l2tp[WORLD_SERVER].ack_delay_ms = 0;
	return setup;
}

/* The client is the LAC of its own session, and the LNS of a call that it places through the server. */
static struct world_setup
both_directions(void)
{
	struct world_setup setup = plain();

	setup.caller = WORLD_CLIENT;
	setup.l2tp[WORLD_CLIENT].accept_calls = true; /* so that its call has a data path */
	return setup;
}

/* RFC 2661 4.4.3, both dial.  One tunnel comes of it.  Neither takes the other's call, since both are clients; so both
 * end in the end. */
static struct world_setup
both_dial(void)
{
	struct world_setup setup = plain();

	setup.n_links[WORLD_SERVER] = 1;
	setup.l2tp[WORLD_SERVER].accept_tunnels = false; /* its socket is its client's, as the other's */
	for (unsigned side = 0; side < WORLD_SIDES; side++)
		setup.l2tp[side].tie_breaker = true;
	return setup;
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
	struct world_setup setup = plain();

	setup.l2tp[WORLD_CLIENT].secret = secret_of(client);
	setup.l2tp[WORLD_SERVER].secret = secret_of(server);
	setup.l2tp[WORLD_CLIENT].authenticate_peer = setup.l2tp[WORLD_SERVER].authenticate_peer = true;
	return setup;
}

static struct world_setup
same_secret(void)
{
	return authenticated("one", "one");
}

static struct world_setup
same_longer_secret(void)
{
	return authenticated("another, longer", "another, longer");
}

static struct world_setup
another_secret(void)
{
	return authenticated("one", "two");
}

static struct world_setup
another_longer_secret(void)
{
	return authenticated("another, longer", "and one that is longer still");
}

static const struct history histories[] = {
	/* clang-format off */
	{ "without_trouble_everything_comes_up_in_whatever_order_things_happen", plain, NULL, ENDS_UP,
	  SAME({ 0 }) },
	{ "a_message_lost_and_one_doubled_keep_nothing_down", plain, NULL, ENDS_UP,
	  { { .losses = 1, .doubles = 1, .timeouts = 1 },
	    { .losses = 1, .doubles = 1, .timeouts = 2 },
	    { .losses = 2, .doubles = 2, .timeouts = 2 } } },
	{ "late_messages_and_needless_retransmissions_keep_nothing_down", plain, NULL, ENDS_UP,
	  { { .timeouts = 2 }, { .timeouts = 4 }, { .timeouts = 6 } } },
	{ "whenever_the_client_closes_both_ends_end", plain, NULL, ENDS_BOTH,
	  { { .losses = 1, .client_closes = 1 },
	    { .losses = 1, .timeouts = 1, .client_closes = 1 },
	    { .losses = 2, .timeouts = 2, .client_closes = 1 } } },
	{ "whenever_the_server_closes_both_ends_end", plain, NULL, ENDS_BOTH,
	  { { .losses = 1, .server_closes = 1 },
	    { .losses = 1, .timeouts = 1, .server_closes = 1 },
	    { .losses = 2, .doubles = 1, .timeouts = 2, .server_closes = 1 } } },
	{ "when_both_close_at_once_both_ends_end", plain, NULL, ENDS_BOTH,
	  { { .client_closes = 1, .server_closes = 1 },
	    { .timeouts = 1, .client_closes = 1, .server_closes = 1 },
	    { .losses = 1, .timeouts = 2, .client_closes = 1, .server_closes = 1 } } },
	{ "a_stop_asked_twice_ends_both_ends", plain, NULL, ENDS_BOTH,
	  { { .client_closes = 2 }, { .client_closes = 2 }, { .losses = 1, .client_closes = 2, .timeouts = 1 } } },
	{ "a_data_path_or_a_pppd_that_fails_ends_both_ends", plain, NULL, ENDS_BOTH,
	  { { .failures = 1 },
	    { .losses = 1, .timeouts = 1, .failures = 1 },
	    { .losses = 2, .timeouts = 2, .failures = 1 } } },
	{ "whenever_the_network_goes_both_ends_notice_and_end", plain, NULL, ENDS_BOTH,
	  { { .severs = 1 },
	    { .severs = 1, .timeouts = 2, .client_closes = 1 },
	    { .severs = 1, .timeouts = 3, .client_closes = 1, .server_closes = 1 } } },
	{ "of_two_sessions_the_server_may_end_either", two_links, NULL, ENDS_SOME_UP,
	  { { .hang_ups = 1 }, { .hang_ups = 1, .losses = 1 }, { .hang_ups = 2, .losses = 1 } } },
	{ "an_id_that_is_drawn_twice_is_drawn_again", few_ids, NULL, ENDS_SOME_UP,
	  { { 0 }, { .hang_ups = 1 }, { .hang_ups = 2, .timeouts = 1 } } },
	{ "a_window_of_one_message_is_enough_for_two_sessions", window_of_one, NULL, ENDS_UP,
	  { { .doubles = 1 }, { .losses = 1 }, { .losses = 2, .doubles = 1 } } },
	{ "with_a_window_of_one_message_whoever_closes_ends_both_ends", window_of_one, NULL, ENDS_BOTH,
	  { { .server_closes = 1 },
	    { .hang_ups = 1, .server_closes = 1 },
	    { .hang_ups = 1, .client_closes = 1, .server_closes = 1 } } },
	{ "an_outgoing_call_stands_beside_an_incoming_one", both_directions, NULL, ENDS_UP,
	  { { .calls = 1 }, { .calls = 1, .losses = 1 }, { .calls = 2, .losses = 1 } } },
	{ "of_calls_in_both_directions_each_may_fail", both_directions, NULL, ENDS_BOTH,
	  { { .failures = 1 }, { .calls = 1, .failures = 1 }, { .calls = 1, .failures = 1, .hang_ups = 1 } } },
	{ "a_call_to_a_client_is_refused_and_nothing_else_happens", plain, NULL, ENDS_UP,
	  { { .calls = 1 }, { .calls = 1, .losses = 1 }, { .calls = 1, .losses = 2, .timeouts = 1 } } },
	{ "when_both_dial_one_tunnel_comes_of_it_and_both_ends_end", both_dial, NULL, ENDS_IDLE,
	  { { 0 }, { .timeouts = 1 }, { .losses = 2, .timeouts = 2 } } },
	{ "when_both_dial_whoever_closes_ends_both_ends", both_dial, NULL, ENDS_IDLE,
	  { { .client_closes = 1 }, { .losses = 1, .client_closes = 1 }, { .timeouts = 1, .client_closes = 1, .server_closes = 1 } } },
	{ "with_the_same_secret_everything_comes_up", same_secret, NULL, ENDS_UP,
	  { { .losses = 1, .timeouts = 1 }, { .losses = 1, .timeouts = 2 }, { .losses = 2, .timeouts = 4 } } },
	{ "with_another_secret_nothing_ever_comes_up", another_secret, NULL, ENDS_IDLE,
	  { { .losses = 1, .doubles = 1, .timeouts = 1 },
	    { .losses = 2, .doubles = 1, .timeouts = 2 },
	    { .losses = 2, .doubles = 2, .timeouts = 3, .client_closes = 1, .server_closes = 1 } } },
	{ "what_is_done_does_not_depend_on_the_secret", same_secret, same_longer_secret, ENDS_BOTH,
	  { { .losses = 1, .client_closes = 1 },
	    { .losses = 1, .timeouts = 1, .client_closes = 1 },
	    { .losses = 1, .timeouts = 2, .client_closes = 1 } } },
	{ "what_is_done_when_secrets_differ_does_not_depend_on_them", another_secret, another_longer_secret, ENDS_IDLE,
	  { { .losses = 1, .timeouts = 1 },
	    { .losses = 1, .doubles = 1, .timeouts = 2 },
	    { .losses = 2, .doubles = 2, .timeouts = 3, .client_closes = 1 } } },
	/* clang-format on */
};

int
main(int argc, char **argv)
{
	return histories_run(argc, argv, histories, UT_COUNT(histories));
}
