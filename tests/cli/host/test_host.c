/* test_host.c - a profile's whole life under virtual time: up, stopped, broken, dialled again
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/cli/host/rig_trials.h"

#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define S (UINT64_C(1000000))

enum { LOOKS_AGAIN = 5 }; /* after news that proved nothing */
enum { PPPD_USER_REQUEST = 5, PPPD_HANGUP = 16, PPPD_AUTH_FAILED = 19 };

static const struct ut_world_spec calm = { .seed = 1, .delay_us = 5000 };

static void
add_route(struct profile *p, uint8_t a, uint8_t b, uint8_t length)
{
	p->routes[p->routes_n++] =
	    (struct profile_route){ .family = 4, .length = length, .address = { a, b } };
}

/* ---- up and down ---- */

static void
a_profile_comes_up_and_ends_when_asked(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	rig_bring_up(rig);
	assert_int_equal(rig->told[HOST_ATTEMPT], 1);
	assert_int_equal(rig->told[HOST_RESOLVED], 1);
	assert_int_equal(rig->told[HOST_DATA_PATH], 1);
	assert_int_equal(rig->told[HOST_DIALLING], 1);
	assert_int_equal(rig->told[HOST_TUNNEL_UP], 1);
	assert_int_equal(rig->told[HOST_SESSION_UP], 1);
	assert_int_equal(rig->open_kernel, 2);
	rig_stop_in(rig, S);
	assert_true(rig_run(rig, 10 * S));
	assert_int_equal(rig->status, 5);
	assert_int_equal(rig->told[HOST_PPP_ENDED], 1);
	assert_int_equal(rig->told[HOST_SESSION_ENDED], 1);
	rig_end(rig);
}

static void
an_address_is_sent_to_before_the_machine_is_asked_for_more(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	rig->answers_at_once = true;
	rig_bring_up(rig);
	assert_true(rig->has_looked);
	assert_int_equal(rig->sent_before_looking, 1);
	assert_int_equal(rig->told[HOST_RESOLVED], 1);
	assert_int_equal(rig->told[HOST_DIALLING], 1);
	rig_take_down(rig);
}

static void
several_sessions_share_one_tunnel(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	rig->profile->sessions[1] = rig->profile->sessions[0];
	rig->profile->sessions[2] = rig->profile->sessions[0];
	rig->profile->sessions_n = 3;
	rig_start(rig);
	assert_true(rig_run_until(rig, HOST_PPP_UP, 3, 5 * S));
	assert_int_equal(rig->told[HOST_TUNNEL_UP], 1);
	assert_int_equal(rig->open_kernel, 4);
	rig_take_down(rig);
}

static void
with_the_stock_plugin_up_is_seen_by_its_address(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	rig->profile->ppp_plugin = PROFILE_PLUGIN_PPPOL2TP;
	rig_bring_up(rig);
	rig_take_down(rig);
}

static void
a_name_that_an_interface_has_is_refused_by_name(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	snprintf(rig->profile->sessions[0].interface_name, sizeof rig->profile->sessions[0].interface_name,
		 "wan0");
	rig_start(rig);
	assert_true(rig_run(rig, 10 * S));
	assert_int_equal(rig->status, 1);
	assert_int_equal(rig->told[HOST_PPP_UP], 0);
	assert_non_null(
	    strstr(rig->ended, "there is an interface wan0 already: wish for another name with --ifname"));
	rig_end(rig);
}

static void
a_stubborn_pppd_is_pressed_and_killed(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	rig->ppp_is_stubborn = true;
	rig_bring_up(rig);
	rig_take_down(rig);
}

static void
asked_twice_it_does_not_wait_for_pppd(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	rig->ppp_is_stubborn = true;
	rig_bring_up(rig);
	const uint64_t asked = ut_world_now(rig->world).us;
	rig_stop_in(rig, 0);
	rig_stop_in(rig, 10000);
	assert_true(rig_run(rig, 10 * S));
	assert_int_equal(rig->status, 5);
	assert_true(rig->ended_us - asked < S);
	rig_end(rig);
}

static void
it_may_be_stopped_from_a_report(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	rig->stop_when_up = true;
	rig_start(rig);
	assert_true(rig_run(rig, 10 * S));
	assert_int_equal(rig->status, 5);
	rig_end(rig);
}

/* ---- ends that come from elsewhere ---- */

static void
a_silent_server_is_given_up_after_all_tries(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	rig_start(rig);
	rig->server.is_silent = true;
	assert_true(rig_run(rig, 60 * S));
	assert_int_equal(rig->status, 2);
	assert_string_equal(rig->ended,
			    "no answer from 203.0.113.1 port 1701 after 5 tries in 23 s: is UDP 1701 open "
			    "on the way, does the server want IPsec first?");
	rig_end(rig);
}

static void
a_server_that_falls_silent_is_found_by_hello(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	rig_bring_up(rig);
	rig->server.is_silent = true;
	assert_true(rig_run(rig, 120 * S));
	assert_int_equal(rig->status, 2);
	assert_non_null(strstr(rig->ended, "fell silent while the tunnel was up"));
	rig_end(rig);
}

static void
a_wrong_password_names_the_user_and_the_file(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	rig->ppp_wstatus = PPPD_AUTH_FAILED << 8;
	rig_start(rig);
	assert_true(rig_run(rig, 10 * S));
	assert_int_equal(rig->status, 51);
	assert_string_equal(rig->ended,
			    "the server rejected user joe's password: check --user and --password-file");
	rig_end(rig);
}

static void
a_killed_pppd_is_not_the_users_request(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	rig_bring_up(rig);
	rig_ppp_end(rig, 0, SIGKILL);
	assert_true(rig_run(rig, 10 * S));
	assert_int_equal(rig->status, 1);
	assert_int_equal(rig->end.cause, UT_CAUSE_PPPD_KILLED);
	rig_end(rig);
}

static void
a_call_closed_by_the_server_is_the_servers_request(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	rig_bring_up(rig);
	rig_run(rig, S);
	rig_server_hangs_up(rig);
	assert_true(rig_run(rig, 10 * S));
	assert_int_equal(rig->status, 6);
	assert_non_null(strstr(rig->ended, "the server at 203.0.113.1 closed the session (CDN"));
	rig_end(rig);
}

static void
the_next_attempt_takes_the_next_address(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	rig->profile->reconnect.enabled = true;
	rig->addresses[1] = rig->addresses[0];
	rig->addresses[1].in.sin_addr.s_addr = htonl(0xcb007102);
	rig->n_addresses = 2; /* the server is at the last one */
	rig_start(rig);
	assert_true(rig_run_until(rig, HOST_PPP_UP, 1, 60 * S));
	assert_int_equal(rig->told[HOST_ATTEMPT], 2);
	rig_take_down(rig);
}

/* ---- dialled again ---- */

static void
it_dials_again_with_growing_pauses(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	rig->profile->reconnect.enabled = true;
	rig_bring_up(rig);
	rig->server.is_silent = true;
	assert_true(rig_run_until(rig, HOST_BACKOFF, 5, 600 * S));
	rig->server.is_silent = false;
	assert_true(rig_run_until(rig, HOST_PPP_UP, 2, 120 * S));
	rig_ppp_end(rig, 0, PPPD_HANGUP << 8);
	assert_true(rig_run_until(rig, HOST_PPP_UP, 3, 30 * S));
	rig_take_down(rig);
}

static void
attempts_may_be_limited(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	rig->profile->reconnect.enabled = true;
	rig->profile->reconnect.max_attempts = 3;
	rig_start(rig);
	rig->server.is_silent = true;
	assert_true(rig_run(rig, 600 * S));
	assert_int_equal(rig->told[HOST_ATTEMPT], 3);
	assert_int_equal(rig->status, 2);
	rig_end(rig);
}

static void
a_stop_between_two_attempts_is_the_users_request(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	rig->profile->reconnect.enabled = true;
	rig_start(rig);
	rig->server.is_silent = true;
	assert_true(rig_run_until(rig, HOST_BACKOFF, 1, 60 * S));
	rig_stop_in(rig, 100000);
	assert_true(rig_run(rig, S));
	assert_int_equal(rig->status, 5);
	rig_end(rig);
}

static void
a_way_that_is_back_ends_the_pause(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	rig->profile->reconnect.enabled = true;
	rig->profile->reconnect.first_delay_ms = 60000;
	rig->way = 0;
	rig_start(rig);
	rig->server.is_silent = true;
	assert_true(rig_run_until(rig, HOST_BACKOFF, 1, 60 * S));
	rig->server.is_silent = false;
	rig->way = RIG_WAN;
	rig_change(rig, &(struct kb_change){ .kind = KB_CHANGE_ROUTE });
	assert_true(rig_run_until(rig, HOST_PPP_UP, 1, 2 * S));
	rig_take_down(rig);
}

static void
another_way_to_the_server_is_tried_out_at_once(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	rig->profile->l2tp.hello_interval_s = 0;
	rig_bring_up(rig);
	rig->server.is_silent = true;
	rig->way = RIG_WAN2;
	rig_change(rig, &(struct kb_change){ .kind = KB_CHANGE_ROUTE });
	assert_true(rig_run(rig, 40 * S)); /* without the HELLO it would stay up for ever */
	assert_int_equal(rig->status, 2);
	rig_end(rig);
}

static void
lost_address(struct rig *rig, struct kb_change *change)
{
	const uint8_t ours[4] = { 192, 0, 2, 1 };

	*change =
	    (struct kb_change){ .kind = KB_CHANGE_ADDRESS_GONE, .family = AF_INET, .link.index = RIG_WAN };
	memcpy(change->address, ours, sizeof ours);
	rig_change(rig, change);
}

static void
a_lost_address_makes_it_dial_again(void **state)
{
	struct rig *rig = rig_new(&calm);
	struct kb_change change;

	(void)state;
	rig->profile->reconnect.enabled = true;
	rig->profile->l2tp.hello_interval_s = 0;
	rig_bring_up(rig);
	lost_address(rig, &change);
	assert_true(rig_run_until(rig, HOST_PPP_UP, 2, 20 * S));
	rig_take_down(rig);
}

static void
an_address_that_comes_back_soon_changes_nothing(void **state)
{
	struct rig *rig = rig_new(&calm);
	struct kb_change change;

	(void)state;
	rig->profile->reconnect.enabled = true;
	rig_bring_up(rig);
	lost_address(rig, &change);
	rig_run(rig, S);
	change.kind = KB_CHANGE_ADDRESS;
	rig_change(rig, &change);
	rig_run(rig, 30 * S);
	assert_int_equal(rig->told[HOST_ATTEMPT], 1);
	rig_take_down(rig);
}

/* ---- routes ---- */

static const struct kb_route *
find_route(const struct rig *rig, uint8_t first, unsigned length)
{
	for (unsigned i = 0; i < rig->n_routes; i++) {
		if (rig->routes[i].to.address[0] == first && rig->routes[i].to.length == length)
			return &rig->routes[i];
	}
	return NULL;
}

static void
a_default_route_is_two_halves_behind_a_guard(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	rig->profile->default_route = true;
	rig_start(rig);
	assert_true(rig_run_until(rig, HOST_ROUTE, 3, 5 * S));
	assert_int_equal(rig->n_routes, 3);
	assert_int_equal(find_route(rig, 203, 32)->ifindex, RIG_WAN);
	assert_int_equal(find_route(rig, 0, 1)->ifindex, RIG_PPP0);
	assert_int_equal(find_route(rig, 128, 1)->ifindex, RIG_PPP0);
	rig_stop_in(rig, 0);
	assert_true(rig_run(rig, 10 * S));
	assert_int_equal(rig->n_routes, 0);
	rig_end(rig);
}

static void
a_route_elsewhere_needs_no_guard(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	add_route(rig->profile, 10, 0, 8);
	rig_start(rig);
	assert_true(rig_run_until(rig, HOST_ROUTE, 1, 5 * S));
	assert_int_equal(rig->n_routes, 1);
	assert_int_equal(find_route(rig, 10, 8)->ifindex, RIG_PPP0);
	rig_take_down(rig);
}

static void
expect_named_interface(struct rig *rig, const struct host_report *r)
{
	(void)rig;
	if (r->kind == HOST_ROUTE && strstr(r->text, " ppp0") == NULL && strstr(r->text, " dev wan0") == NULL)
		fail_msg("no interface's name is in \"%s\"", r->text);
}

/* The interface goes first, and the kernel does not know its number any more when the route is told of. */
static void
a_route_is_told_with_the_name_its_interface_had(void **state)
{
	enum { ROUTES = 3 }; /* two halves, and the guard */

	(void)state;
	for (unsigned gone = 1; gone <= ROUTES; gone++) {
		struct rig *rig = rig_new(&calm);

		rig->profile->default_route = true;
		rig_start(rig);
		assert_true(rig_run_until(rig, HOST_ROUTE, ROUTES, 5 * S));
		rig->on_report = expect_named_interface;
		rig->fail_call = RIG_LINK_BY_INDEX;
		rig->fail_at = rig->calls[RIG_LINK_BY_INDEX] + gone;
		rig_stop_in(rig, 0);
		assert_true(rig_run_until(rig, HOST_ROUTE, 2 * ROUTES, 5 * S));
		assert_true(rig_run(rig, 10 * S));
		rig_end(rig);
	}
}

static void
a_route_that_cannot_be_made_is_worth_a_warning(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	add_route(rig->profile, 10, 0, 8);
	rig->fail_call = RIG_ROUTE_ADD;
	rig->fail_at = 1;
	rig_start(rig);
	assert_true(rig_run_until(rig, HOST_WARNING, 1, 5 * S));
	assert_non_null(strstr(rig->notes, "the route 10.0.0.0/8 via "));
	assert_int_equal(rig->told[HOST_ROUTE], 0);
	rig_take_down(rig);
}

static void
a_route_that_is_there_already_is_left_alone(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	add_route(rig->profile, 10, 0, 8);
	rig->routes[rig->n_routes++] =
	    (struct kb_route){ .to = { .family = AF_INET, .length = 8, .address = { 10 } },
			       .ifindex = RIG_WAN };
	rig_bring_up(rig);
	assert_non_null(strstr(rig->notes, "is there already"));
	rig_stop_in(rig, 0);
	assert_true(rig_run(rig, 10 * S));
	assert_int_equal(rig->n_routes, 1);
	rig->n_routes = 0;
	rig_end(rig);
}

static void
a_peer_with_the_servers_address_does_not_swallow_the_tunnel(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	rig->ppp_is_peer = true;
	rig_start(rig);
	assert_true(rig_run_until(rig, HOST_ROUTE, 1, 5 * S));
	assert_int_equal(rig->n_routes, 1);
	assert_int_equal(find_route(rig, 203, 32)->ifindex, RIG_WAN);
	rig_take_down(rig);
}

/* The kernel takes the guard away with its link: then our own routes must not catch the tunnel's packets. */
static void
without_another_way_the_routes_wait(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	rig->profile->default_route = true;
	rig_start(rig);
	assert_true(rig_run_until(rig, HOST_ROUTE, 3, 5 * S));
	rig->way = 0;
	*(struct kb_route *)find_route(rig, 203, 32) = rig->routes[--rig->n_routes];
	rig_change(rig, &(struct kb_change){ .kind = KB_CHANGE_ROUTE });
	rig_run(rig, S);
	assert_int_equal(rig->n_routes, 0);
	rig->way = RIG_WAN2;
	rig_change(rig, &(struct kb_change){ .kind = KB_CHANGE_ROUTE });
	rig_run(rig, S);
	assert_int_equal(rig->n_routes, 3);
	assert_int_equal(find_route(rig, 203, 32)->ifindex, RIG_WAN2);
	rig_take_down(rig);
}

static void
without_a_guard_no_route_is_made_for_ipv6_either(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	rig->profile->default_route = true;
	rig->fail_call = RIG_ROUTE_ADD;
	rig->fail_at = 1;
	rig_bring_up(rig);
	assert_int_equal(rig->n_routes, 0);
	rig_ppp_ipv6(rig, 0);
	rig_run(rig, S);
	if (find_route(rig, 0, 1) != NULL)
		assert_non_null(find_route(rig, 203, 32));
	rig_take_down(rig);
}

/* ---- trouble ---- */

static struct rig *
calm_rig(void)
{
	return rig_new(&calm);
}

static void
it_ends_when_asked_at_any_moment(void **state)
{
	(void)state;
	rig_try_to_stop_it(calm_rig, S / 2, 2500);
}

static void
after_any_failure_nothing_is_left(void **state)
{
	(void)state;
	rig_try_all_failures(calm_rig);
}

static void
freed_at_any_moment_it_leaves_nothing(void **state)
{
	(void)state;
	rig_try_to_free_it(calm_rig);
}

static void
it_comes_up_over_a_bad_line(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 40; seed++) {
		const struct ut_world_spec bad = {
			.seed = seed, .loss = 200, .duplication = 100, .reordering = 300, .delay_us = 20000
		};
		struct rig *rig = rig_new(&bad);

		rig->profile->l2tp.tries = 10;
		rig_start(rig);
		assert_true(rig_run_until(rig, HOST_PPP_UP, 1, 60 * S));
		rig_stop_in(rig, S);
		assert_true(rig_run(rig, 10 * S));
		assert_int_equal(rig->status, 5);
		rig_end(rig);
	}
}

/* ---- what other programs do to the kernel's sessions ---- */

static void
a_session_deleted_by_another_program_ends_the_profile(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	rig_bring_up(rig);
	rig->lost_at = 1;
	rig_lose(rig, (struct kb_loss){ 0, 0 }, 40);
	assert_true(rig_run(rig, 10 * S));
	assert_int_equal(rig->checks, 1); /* told forty times, asked once */
	assert_int_equal(rig->status, 1);
	assert_non_null(strstr(rig->ended, "another program deleted session"));
	rig_end(rig);
}

static void
a_deletion_that_takes_its_time_is_noticed_too(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	rig->profile->reconnect.enabled = true;
	rig_bring_up(rig);
	rig->lost_at = 3;
	rig_lose(rig, (struct kb_loss){ 0, 0 }, 1);
	assert_true(rig_run_until(rig, HOST_PPP_ENDED, 1, 3 * S));
	rig->lost_at = 0;
	assert_true(rig_run_until(rig, HOST_PPP_UP, 2, 10 * S));
	rig_take_down(rig);
}

static void
news_of_others_is_not_ours(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	rig_bring_up(rig);
	rig_lose(rig, (struct kb_loss){ 0, 0 }, 1); /* another namespace's: the kernel still has ours */
	rig_run(rig, 10 * S);
	assert_int_equal(rig->checks, 1 + LOOKS_AGAIN);
	rig->lost_at = 1;
	const struct kb_tunnel_spec *t = &rig->last_tunnel;
	rig_lose(rig, (struct kb_loss){ (uint16_t)(t->local_tid ^ 1), 0 }, 1);
	rig_run(rig, 10 * S);
	assert_int_equal(rig->told[HOST_ENDED], 0);
	rig_lose(rig, (struct kb_loss){ t->local_tid, 0 }, 1);
	assert_true(rig_run(rig, 10 * S));
	assert_int_equal(rig->status, 1);
	rig_end(rig);
}

static void
a_kernel_that_tells_nothing_is_worth_a_note(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	rig->fail_call = RIG_DRIVER_WATCH;
	rig->fail_at = 1;
	rig_bring_up(rig);
	assert_non_null(strstr(rig->notes, "found by silence only"));
	rig_take_down(rig);
}

static void
a_thousand_hours_of_keepalive(void **state)
{
	struct rig *rig = rig_new(&calm);

	(void)state;
	rig_bring_up(rig);
	rig_run(rig, 1000 * 3600 * S);
	assert_int_equal(rig->told[HOST_ENDED], 0);
	rig_take_down(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_profile_comes_up_and_ends_when_asked),
		cmocka_unit_test(an_address_is_sent_to_before_the_machine_is_asked_for_more),
		cmocka_unit_test(several_sessions_share_one_tunnel),
		cmocka_unit_test(with_the_stock_plugin_up_is_seen_by_its_address),
		cmocka_unit_test(a_name_that_an_interface_has_is_refused_by_name),
		cmocka_unit_test(it_ends_when_asked_at_any_moment),
		cmocka_unit_test(a_stubborn_pppd_is_pressed_and_killed),
		cmocka_unit_test(asked_twice_it_does_not_wait_for_pppd),
		cmocka_unit_test(it_may_be_stopped_from_a_report),
		cmocka_unit_test(a_silent_server_is_given_up_after_all_tries),
		cmocka_unit_test(a_server_that_falls_silent_is_found_by_hello),
		cmocka_unit_test(a_wrong_password_names_the_user_and_the_file),
		cmocka_unit_test(a_killed_pppd_is_not_the_users_request),
		cmocka_unit_test(a_call_closed_by_the_server_is_the_servers_request),
		cmocka_unit_test(the_next_attempt_takes_the_next_address),
		cmocka_unit_test(it_dials_again_with_growing_pauses),
		cmocka_unit_test(attempts_may_be_limited),
		cmocka_unit_test(a_stop_between_two_attempts_is_the_users_request),
		cmocka_unit_test(a_way_that_is_back_ends_the_pause),
		cmocka_unit_test(another_way_to_the_server_is_tried_out_at_once),
		cmocka_unit_test(a_lost_address_makes_it_dial_again),
		cmocka_unit_test(an_address_that_comes_back_soon_changes_nothing),
		cmocka_unit_test(a_default_route_is_two_halves_behind_a_guard),
		cmocka_unit_test(a_route_elsewhere_needs_no_guard),
		cmocka_unit_test(a_route_is_told_with_the_name_its_interface_had),
		cmocka_unit_test(a_route_that_cannot_be_made_is_worth_a_warning),
		cmocka_unit_test(a_route_that_is_there_already_is_left_alone),
		cmocka_unit_test(a_peer_with_the_servers_address_does_not_swallow_the_tunnel),
		cmocka_unit_test(without_another_way_the_routes_wait),
		cmocka_unit_test(without_a_guard_no_route_is_made_for_ipv6_either),
		cmocka_unit_test(after_any_failure_nothing_is_left),
		cmocka_unit_test(freed_at_any_moment_it_leaves_nothing),
		cmocka_unit_test(it_comes_up_over_a_bad_line),
		cmocka_unit_test(a_session_deleted_by_another_program_ends_the_profile),
		cmocka_unit_test(a_deletion_that_takes_its_time_is_noticed_too),
		cmocka_unit_test(news_of_others_is_not_ours),
		cmocka_unit_test(a_kernel_that_tells_nothing_is_worth_a_note),
		cmocka_unit_test(a_thousand_hours_of_keepalive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
