/* test_host_pptp.c - a PPTP profile's whole life under virtual time: TCP, the call, MPPE, and every way it ends
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

enum { PPPD_NEGOTIATION_FAILED = 10, PPPD_AUTH_FAILED = 19 };

static const struct ut_world_spec calm = { .seed = 1, .delay_us = 5000 };

static struct rig *
new_rig(const struct ut_world_spec *spec)
{
	struct rig *rig = rig_new(spec);

	rig->profile->protocol = PROFILE_PPTP;
	rig->profile->server_port = 1723;
	rig->profile->pptp = (struct profile_pptp){
		.host_name = "client", .echo_interval_s = 60, .reply_timeout_s = 20, .window = 64
	};
	rig->profile->sessions[0].mppe = PROFILE_MPPE_ALLOW;
	rig->addresses[0].in.sin_port = htons(1723);
	return rig;
}

static struct rig *
rig_that_is_up(const struct ut_world_spec *spec)
{
	struct rig *rig = new_rig(spec);

	rig_bring_up(rig);
	return rig;
}

static void
expect_end(struct rig *rig, int status, const char *words)
{
	if (rig->status != status || strstr(rig->ended, words) == NULL)
		fail_msg("status %d: %s", rig->status, rig->ended);
	rig_end(rig);
}

/* ---- up and down ---- */

static void
a_profile_comes_up_and_ends_when_asked(void **state)
{
	struct rig *rig = rig_that_is_up(&calm);

	(void)state;
	assert_int_equal(rig->told[HOST_RESOLVED], 1);
	assert_int_equal(rig->told[HOST_DIALLING], 1);
	assert_int_equal(rig->told[HOST_TUNNEL_UP], 1);
	assert_int_equal(rig->told[HOST_SESSION_UP], 1);
	assert_int_equal(rig->open_kernel, 2);
	assert_int_equal(rig->calls[RIG_SESSION_RESERVE], 1);
	assert_int_equal(rig->calls[RIG_SESSION_OPEN], 1);
	rig_stop_in(rig, S);
	assert_true(rig_run(rig, 10 * S));
	assert_int_equal(rig->status, 5);
	assert_int_equal(rig->told[HOST_PPP_ENDED], 1);
	assert_int_equal(rig->told[HOST_SESSION_ENDED], 1);
	assert_null(strstr(rig->notes, "broke"));
	rig_end(rig);
}

static void
several_calls_share_one_connection(void **state)
{
	struct rig *rig = new_rig(&calm);

	(void)state;
	rig->profile->sessions[1] = rig->profile->sessions[0];
	rig->profile->sessions[2] = rig->profile->sessions[0];
	rig->profile->sessions_n = 3;
	rig_start(rig);
	assert_true(rig_run_until(rig, HOST_PPP_UP, 3, 5 * S));
	assert_int_equal(rig->told[HOST_TUNNEL_UP], 1);
	assert_int_equal(rig->calls[RIG_TCP_CONNECT], 1);
	assert_int_equal(rig->open_kernel, 4);
	rig_take_down(rig);
}

static void
the_socket_is_bound_and_marked_as_asked(void **state)
{
	struct rig *rig = new_rig(&calm);

	(void)state;
	snprintf(rig->profile->interface, sizeof rig->profile->interface, "wan0");
	rig->profile->fwmark = 7;
	rig_bring_up(rig);
	assert_string_equal(rig->last_tunnel.interface, "wan0");
	assert_int_equal(rig->last_tunnel.mark, 7);
	rig_take_down(rig);
}

/* ---- the stream ---- */

static void
short_writes_of_every_length_lose_nothing(void **state)
{
	(void)state;
	for (unsigned room = 1; room <= 200; room++) {
		const struct ut_world_spec narrow = { .seed = 1, .delay_us = 100, .stream_room = room };

		rig_take_down(rig_that_is_up(&narrow));
	}
}

static void
messages_may_come_in_any_pieces(void **state)
{
	(void)state;
	for (unsigned chunk = 1; chunk <= 200; chunk++) {
		const struct ut_world_spec crumbs = { .seed = 1, .delay_us = 100, .stream_chunk = chunk };

		rig_take_down(rig_that_is_up(&crumbs));
	}
}

static void
a_server_that_does_not_close_is_waited_for_a_second(void **state)
{
	struct rig *rig = rig_that_is_up(&calm);

	(void)state;
	rig->server.keeps_open = true;
	rig_stop_in(rig, 0);
	assert_true(rig_run(rig, 10 * S));
	assert_in_range(ut_world_now(rig->world).us - rig->ended_us, S, S + 100000);
	rig_end(rig);
}

static void
asked_again_it_does_not_wait_for_the_server_to_close(void **state)
{
	struct rig *rig = rig_that_is_up(&calm);

	(void)state;
	rig->server.keeps_open = true;
	rig_stop_in(rig, 0);
	assert_true(rig_run_until(rig, HOST_ENDED, 1, 10 * S));
	rig_stop_in(rig, S / 10);
	rig_run(rig, 10 * S);
	assert_in_range(ut_world_now(rig->world).us - rig->ended_us, 0, S / 5);
	rig_end(rig);
}

/* ---- ends that come from elsewhere ---- */

static void
where_nobody_listens_the_network_says_so(void **state)
{
	struct rig *rig = new_rig(&calm);

	(void)state;
	rig->server.refuses_connections = true;
	rig_start(rig);
	assert_true(rig_run(rig, 10 * S));
	expect_end(rig, 2, "refused in memory"); /* the bridge's sentence, in the real world */
}

static void
a_connection_that_is_not_made_is_given_up(void **state)
{
	struct rig *rig = new_rig(&calm);

	(void)state;
	rig_start(rig);
	ut_world_cut(rig->world, true);
	assert_true(rig_run(rig, 70 * S));
	expect_end(rig, 2,
		   "no TCP connection to 203.0.113.1 port 1723 within 60 s: is the address right, does a "
		   "firewall drop TCP port 1723?");
}

static void
a_server_that_does_not_answer_the_start_is_given_up(void **state)
{
	struct rig *rig = new_rig(&calm);

	(void)state;
	rig_start(rig);
	rig->server.is_silent = true;
	assert_true(rig_run(rig, 70 * S));
	expect_end(rig, 2, "takes TCP connections but does not answer PPTP's start request");
}

static void
a_server_that_will_not_have_us_is_quoted(void **state)
{
	struct rig *rig = new_rig(&calm);

	(void)state;
	rig->server.refuses_starts = true;
	rig_start(rig);
	assert_true(rig_run(rig, 70 * S));
	assert_true(rig->status == 3 || rig->status == 6);
	expect_end(rig, rig->status, "the server at 203.0.113.1 refused the control connection (SCCRP 4: ");
}

static void
a_call_that_the_server_cannot_take_is_quoted(void **state)
{
	struct rig *rig = new_rig(&calm);

	(void)state;
	rig->server.refuses_calls = true;
	rig_start(rig);
	assert_true(rig_run(rig, 70 * S));
	assert_true(rig->status == 3 || rig->status == 6);
	expect_end(rig, rig->status, "the server at 203.0.113.1 refused the call (OCRP 2: ");
}

static void
a_server_that_falls_silent_is_found_by_echo(void **state)
{
	struct rig *rig = rig_that_is_up(&calm);

	(void)state;
	rig->server.is_silent = true;
	assert_true(rig_run(rig, 200 * S));
	expect_end(rig, 2, "did not answer an Echo-Request within 20 s");
}

static void
a_call_closed_by_the_server_is_the_servers_request(void **state)
{
	struct rig *rig = rig_that_is_up(&calm);

	(void)state;
	rig_run(rig, S);
	rig_server_hangs_up(rig);
	assert_true(rig_run(rig, 10 * S));
	expect_end(rig, 6, "the server at 203.0.113.1 closed the session (CDN");
}

static void
a_connection_stopped_by_the_server_is_the_servers_request(void **state)
{
	struct rig *rig = rig_that_is_up(&calm);

	(void)state;
	rig_run(rig, S);
	rig_server_closes(rig);
	assert_true(rig_run(rig, 10 * S));
	assert_int_equal(rig->status, 6);
	rig_end(rig);
}

static void
a_reset_connection_is_told(void **state)
{
	struct rig *rig = rig_that_is_up(&calm);

	(void)state;
	rig_server_breaks(rig, true);
	assert_true(rig_run(rig, 10 * S));
	assert_true(rig->status == 2 || rig->status == 6);
	expect_end(rig, rig->status, "the server at 203.0.113.1 reset the control connection");
}

static void
a_connection_closed_without_a_word_is_told(void **state)
{
	struct rig *rig = rig_that_is_up(&calm);

	(void)state;
	rig_server_breaks(rig, false);
	assert_true(rig_run(rig, 10 * S));
	assert_true(rig->status == 2 || rig->status == 6);
	expect_end(rig, rig->status,
		   "the server at 203.0.113.1 closed the control connection without a word");
}

static void
break_by_reset(void *ctx)
{
	rig_server_breaks(ctx, true);
}

static void
break_by_fin(void *ctx)
{
	rig_server_breaks(ctx, false);
}

static void
broken_at_any_moment_it_ends_and_leaves_nothing(void **state)
{
	(void)state;
	for (uint64_t at = 0; at < S / 4; at += 2500) {
		for (unsigned by_reset = 0; by_reset < 2; by_reset++) {
			struct rig *rig = new_rig(&calm);

			rig_start(rig);
			(void)ut_world_at(rig->world, at, by_reset ? break_by_reset : break_by_fin, rig);
			rig_stop_in(rig, 5 * S);
			if (!rig_run(rig, 20 * S))
				fail_msg("broken after %u us it does not end", (unsigned)at);
			rig_end(rig);
		}
	}
}

static void
broken_it_dials_again_when_asked_to(void **state)
{
	struct rig *rig = new_rig(&calm);

	(void)state;
	rig->profile->reconnect.enabled = true;
	rig_start(rig);
	for (unsigned n = 1; n <= 5; n++) {
		assert_true(rig_run_until(rig, HOST_PPP_UP, n, 60 * S));
		rig_server_breaks(rig, n % 2 == 0);
	}
	assert_true(rig_run_until(rig, HOST_PPP_UP, 6, 60 * S));
	rig_take_down(rig);
}

/* ---- the call ---- */

static void
a_call_id_that_is_taken_is_replaced(void **state)
{
	struct rig *rig = new_rig(&calm);

	(void)state;
	rig->busy_ids = 3;
	rig_bring_up(rig);
	assert_int_equal(rig->calls[RIG_SESSION_RESERVE], 4);
	rig_take_down(rig);
}

static void
a_kernel_without_a_free_call_id_is_told(void **state)
{
	struct rig *rig = new_rig(&calm);

	(void)state;
	rig->busy_ids = UINT_MAX;
	rig_start(rig);
	assert_true(rig_run(rig, 10 * S));
	assert_in_range(rig->calls[RIG_SESSION_RESERVE], 8, 9);
	expect_end(rig, 1, "the id is taken");
}

static void
silence_behind_a_call_is_blamed_on_gre(void **state)
{
	struct rig *rig = new_rig(&calm);

	(void)state;
	rig->ppp_is_mute = true;
	rig_start(rig);
	assert_true(rig_run_until(rig, HOST_SESSION_UP, 1, 5 * S));
	rig_run(rig, 30 * S);
	rig_ppp_end(rig, 0, PPPD_NEGOTIATION_FAILED << 8);
	assert_true(rig_run(rig, 10 * S));
	expect_end(rig, 32 + PPPD_NEGOTIATION_FAILED, "is IP protocol 47 (GRE) blocked on the way?");
}

static void
silence_until_the_time_is_up_is_blamed_on_gre_too(void **state)
{
	struct rig *rig = new_rig(&calm);

	(void)state;
	rig->ppp_is_mute = true;
	rig->profile->timeouts.setup_s = 20;
	rig_start(rig);
	assert_true(rig_run(rig, 40 * S));
	expect_end(rig, 2, "is IP protocol 47 (GRE) blocked on the way?");
}

static void
a_wrong_password_names_the_user_and_the_file(void **state)
{
	struct rig *rig = new_rig(&calm);

	(void)state;
	rig->ppp_wstatus = PPPD_AUTH_FAILED << 8;
	rig_start(rig);
	assert_true(rig_run(rig, 10 * S));
	expect_end(rig, 51, "the server rejected user joe's password: check --user and --password-file");
}

static void
a_killed_pppd_is_not_the_users_request(void **state)
{
	struct rig *rig = rig_that_is_up(&calm);

	(void)state;
	rig_ppp_end(rig, 0, SIGKILL);
	assert_true(rig_run(rig, 10 * S));
	assert_int_equal(rig->end.cause, UT_CAUSE_PPPD_KILLED);
	expect_end(rig, 1, "pppd was killed");
}

/* ---- MPPE ---- */

static void
what_is_wished_of_mppe_reaches_pppd(void **state)
{
	static const struct {
		enum profile_mppe wished;
		enum kb_mppe asked;
	} cases[] = { { PROFILE_MPPE_UNSAID, KB_MPPE_UNSAID },
		      { PROFILE_MPPE_OFF, KB_MPPE_OFF },
		      { PROFILE_MPPE_ALLOW, KB_MPPE_ALLOW },
		      { PROFILE_MPPE_REQUIRE, KB_MPPE_REQUIRE } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct rig *rig = new_rig(&calm);

		rig->mppe_bits = 128;
		rig->profile->sessions[0].mppe = cases[i].wished;
		rig_start(rig);
		assert_true(rig_run_until(rig, HOST_PPP_UP, 1, 5 * S));
		assert_int_equal(rig->mppe, cases[i].asked);
		assert_int_equal(rig->told[HOST_WARNING], 0);
		rig_take_down(rig);
	}
}

static void
a_session_in_clear_is_warned_of(void **state)
{
	struct rig *rig = rig_that_is_up(&calm);

	(void)state;
	assert_int_equal(rig->told[HOST_WARNING], 1);
	assert_non_null(strstr(rig->warning, "ppp0 is not encrypted"));
	rig_take_down(rig);
}

static void
required_and_not_there_it_never_is_up(void **state)
{
	struct rig *rig = new_rig(&calm);

	(void)state;
	rig->profile->sessions[0].mppe = PROFILE_MPPE_REQUIRE;
	rig->profile->default_route = true;
	rig_start(rig);
	assert_true(rig_run(rig, 10 * S));
	assert_int_equal(rig->told[HOST_PPP_UP], 0);
	assert_int_equal(rig->told[HOST_ROUTE], 0);
	expect_end(rig, 32 + PPPD_NEGOTIATION_FAILED, "): its log says why");
}

static void
every_want_of_encryption_has_its_words(void **state)
{
	static const struct {
		enum kb_mppe_end end;
		const char *words;
	} cases[] = {
		{ KB_MPPE_PEER_REFUSED, "MPPE required but peer refused (server 203.0.113.1): it has to do" },
		{ KB_MPPE_PEER_REQUIRES, "): --mppe allow accepts" },
		{ KB_MPPE_NO_KEYS, "): have the server ask for MS-CHAPv2" },
		{ KB_MPPE_NO_KERNEL, "): or let --mppe allow" },
		{ KB_MPPE_NOT_ON, "): its log says why" },
		{ KB_MPPE_LOST, "): its log says why" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct rig *rig = new_rig(&calm);

		rig->mppe_is_refused = true;
		rig->mppe_end = cases[i].end;
		rig_start(rig);
		assert_true(rig_run_until(rig, HOST_SESSION_UP, 1, 5 * S));
		rig_run(rig, S);
		rig_ppp_end(rig, 0, 0); /* pppd says: the peer asked for the end */
		assert_true(rig_run(rig, 10 * S));
		expect_end(rig, 32 + PPPD_NEGOTIATION_FAILED, cases[i].words);
	}
}

static void
encryption_that_begins_later_is_told_too(void **state)
{
	struct rig *rig = rig_that_is_up(&calm);

	(void)state;
	rig_ppp_report(rig, 0, 128);
	assert_true(rig_run_until(rig, HOST_PPP_UP, 2, S));
	rig_take_down(rig);
}

static void
a_server_that_hangs_up_on_who_refuses_mppe_is_suspected(void **state)
{
	struct rig *rig = new_rig(&calm);

	(void)state;
	rig->profile->sessions[0].mppe = PROFILE_MPPE_OFF;
	rig->ppp_wstatus = 0;
	rig_start(rig);
	assert_true(rig_run(rig, 10 * S));
	expect_end(rig, 6, "does it require MPPE? --mppe allow accepts that");
}

/* ---- addresses and routes ---- */

static void
of_several_addresses_one_of_ipv4_is_taken(void **state)
{
	struct rig *rig = new_rig(&calm);

	(void)state;
	rig->addresses[1] = rig->addresses[0];
	rig->addresses[0] = (union kb_sockaddr){ .in6 = { .sin6_family = AF_INET6 } };
	rig->n_addresses = 2;
	rig_bring_up(rig);
	assert_int_equal(rig->told[HOST_ATTEMPT], 1);
	rig_take_down(rig);
}

static void
a_server_with_ipv6_only_is_no_pptp_server(void **state)
{
	struct rig *rig = new_rig(&calm);
	const union kb_sockaddr v4 = rig->addresses[0];

	(void)state;
	rig_start(rig);
	rig->addresses[0] = (union kb_sockaddr){ .in6 = { .sin6_family = AF_INET6 } };
	assert_true(rig_run(rig, 5 * S));
	rig->addresses[0] = v4;
	expect_end(rig, 2, "has IPv6 addresses only, and the kernel carries PPTP over IPv4 only");
}

/* Not every kernel binds GRE to the interface that TCP is bound to. */
static void
the_way_to_the_server_is_pinned_even_when_bound(void **state)
{
	struct rig *rig = new_rig(&calm);

	(void)state;
	snprintf(rig->profile->interface, sizeof rig->profile->interface, "wan0");
	rig->profile->default_route = true;
	rig_start(rig);
	assert_true(rig_run_until(rig, HOST_ROUTE, 3, 5 * S));
	assert_int_equal(rig->n_routes, 3);
	assert_int_equal(rig->routes[0].to.address[0], 203);
	assert_int_equal(rig->routes[0].ifindex, RIG_WAN);
	rig_take_down(rig);
}

static void
another_way_to_the_server_is_tried_out_at_once(void **state)
{
	struct rig *rig = new_rig(&calm);

	(void)state;
	rig->profile->pptp.echo_interval_s = 0;
	rig_bring_up(rig);
	rig->server.is_silent = true;
	rig->way = RIG_WAN2;
	rig_change(rig, &(struct kb_change){ .kind = KB_CHANGE_ROUTE });
	assert_true(rig_run(rig, 60 * S)); /* without the Echo-Request it would stay up for ever */
	assert_int_equal(rig->status, 2);
	rig_end(rig);
}

static void
a_lost_address_makes_it_dial_again(void **state)
{
	struct rig *rig = new_rig(&calm);
	struct kb_change gone = { .kind = KB_CHANGE_ADDRESS_GONE,
				  .family = AF_INET,
				  .link.index = RIG_WAN,
				  .address = { 192, 0, 2, 1 } };

	(void)state;
	rig->profile->reconnect.enabled = true;
	rig_bring_up(rig);
	rig_change(rig, &gone);
	assert_true(rig_run_until(rig, HOST_PPP_UP, 2, 30 * S));
	rig_take_down(rig);
}

/* ---- trouble ---- */

static struct rig *
narrow_rig(void)
{
	static const struct ut_world_spec narrow = { .seed = 1, .delay_us = 5000, .stream_room = 100 };

	return new_rig(&narrow);
}

static struct rig *
calm_rig(void)
{
	return new_rig(&calm);
}

static void
it_ends_when_asked_at_any_moment(void **state)
{
	(void)state;
	rig_try_to_stop_it(calm_rig, S / 4, 1250);
}

static void
after_any_failure_nothing_is_left(void **state)
{
	(void)state;
	rig_try_all_failures(narrow_rig);
}

static void
freed_at_any_moment_it_leaves_nothing(void **state)
{
	(void)state;
	rig_try_to_free_it(calm_rig);
}

static void
a_thousand_hours_of_keepalive(void **state)
{
	struct rig *rig = rig_that_is_up(&calm);

	(void)state;
	rig_run(rig, 1000 * 3600 * S);
	assert_int_equal(rig->told[HOST_ENDED], 0);
	rig_take_down(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_profile_comes_up_and_ends_when_asked),
		cmocka_unit_test(several_calls_share_one_connection),
		cmocka_unit_test(it_ends_when_asked_at_any_moment),
		cmocka_unit_test(the_socket_is_bound_and_marked_as_asked),
		cmocka_unit_test(short_writes_of_every_length_lose_nothing),
		cmocka_unit_test(messages_may_come_in_any_pieces),
		cmocka_unit_test(a_server_that_does_not_close_is_waited_for_a_second),
		cmocka_unit_test(asked_again_it_does_not_wait_for_the_server_to_close),
		cmocka_unit_test(where_nobody_listens_the_network_says_so),
		cmocka_unit_test(a_connection_that_is_not_made_is_given_up),
		cmocka_unit_test(a_server_that_does_not_answer_the_start_is_given_up),
		cmocka_unit_test(a_server_that_will_not_have_us_is_quoted),
		cmocka_unit_test(a_call_that_the_server_cannot_take_is_quoted),
		cmocka_unit_test(a_server_that_falls_silent_is_found_by_echo),
		cmocka_unit_test(a_call_closed_by_the_server_is_the_servers_request),
		cmocka_unit_test(a_connection_stopped_by_the_server_is_the_servers_request),
		cmocka_unit_test(a_reset_connection_is_told),
		cmocka_unit_test(a_connection_closed_without_a_word_is_told),
		cmocka_unit_test(broken_at_any_moment_it_ends_and_leaves_nothing),
		cmocka_unit_test(broken_it_dials_again_when_asked_to),
		cmocka_unit_test(a_call_id_that_is_taken_is_replaced),
		cmocka_unit_test(a_kernel_without_a_free_call_id_is_told),
		cmocka_unit_test(silence_behind_a_call_is_blamed_on_gre),
		cmocka_unit_test(silence_until_the_time_is_up_is_blamed_on_gre_too),
		cmocka_unit_test(a_wrong_password_names_the_user_and_the_file),
		cmocka_unit_test(a_killed_pppd_is_not_the_users_request),
		cmocka_unit_test(what_is_wished_of_mppe_reaches_pppd),
		cmocka_unit_test(a_session_in_clear_is_warned_of),
		cmocka_unit_test(required_and_not_there_it_never_is_up),
		cmocka_unit_test(every_want_of_encryption_has_its_words),
		cmocka_unit_test(encryption_that_begins_later_is_told_too),
		cmocka_unit_test(a_server_that_hangs_up_on_who_refuses_mppe_is_suspected),
		cmocka_unit_test(of_several_addresses_one_of_ipv4_is_taken),
		cmocka_unit_test(a_server_with_ipv6_only_is_no_pptp_server),
		cmocka_unit_test(the_way_to_the_server_is_pinned_even_when_bound),
		cmocka_unit_test(another_way_to_the_server_is_tried_out_at_once),
		cmocka_unit_test(a_lost_address_makes_it_dial_again),
		cmocka_unit_test(after_any_failure_nothing_is_left),
		cmocka_unit_test(freed_at_any_moment_it_leaves_nothing),
		cmocka_unit_test(a_thousand_hours_of_keepalive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
