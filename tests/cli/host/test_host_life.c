/* test_host_life.c - a host that outlives its profiles: slots come back from every stage, and are taken again
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/cli/host/rig_trials.h"

#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define S (UINT64_C(1000000))

static const struct ut_world_spec calm = { .seed = 1, .delay_us = 5000 };

static void
be(struct profile *p, enum profile_protocol protocol)
{
	p->protocol = protocol;
	p->server_port = protocol == PROFILE_PPTP ? 1723 : 1701;
	p->pptp = (struct profile_pptp){
		.host_name = "client", .echo_interval_s = 60, .reply_timeout_s = 20, .window = 64
	};
}

/* A daemon's host, still without a profile. */
static struct rig *
empty_rig(unsigned profiles)
{
	struct rig *rig = rig_new(&calm);

	rig->max_profiles = profiles;
	rig->stays = true;
	rig_open(rig);
	return rig;
}

/* Until `n` profiles have ended, in all. */
static void
run_until_ended(struct rig *rig, unsigned n)
{
	assert_true(rig_run_until(rig, HOST_ENDED, n, 20 * S));
	rig_run(rig, 2 * S); /* streams that are being closed, too */
}

static void
assert_pools_are_full(struct rig *rig)
{
	const struct ut_engine_counts n = host_engine_counts(rig->host);

	assert_int_equal(host_n_profiles(rig->host), 0);
	assert_int_equal(n.clients + n.links + n.tunnels + n.sessions + n.connections + n.calls, 0);
	assert_int_equal(rig->open_kernel, 0);
}

static void
a_host_that_stays_waits_without_profiles(void **state)
{
	struct rig *rig = empty_rig(1);
	const uint64_t before = ut_world_now(rig->world).us;

	(void)state;
	rig_run(rig, 3600 * S);
	assert_int_equal(ut_world_now(rig->world).us - before, 3600 * S);
	rig_end(rig);
}

static void
both_protocols_share_the_slots(void **state)
{
	struct rig *rig = empty_rig(2);

	(void)state;
	for (unsigned i = 0; i < 200; i++) {
		be(rig->profile, i % 3 == 0 ? PROFILE_PPTP : PROFILE_L2TP);
		rig->profile->sessions[1] = rig->profile->sessions[0];
		rig->profile->sessions_n = 1 + i % 2;
		assert_in_range(rig_add(rig), 0, 1);
		assert_true(rig_run_until(rig, HOST_SESSION_UP, rig->told[HOST_SESSION_UP] + 1, 5 * S));
		host_stop(rig->host, UINT_MAX);
		run_until_ended(rig, i + 1);
		assert_int_equal(rig->status, 5);
		assert_pools_are_full(rig);
	}
	rig_end(rig);
}

static void
stop_at(enum profile_protocol protocol, uint64_t at, unsigned stops)
{
	struct rig *rig = empty_rig(1);

	be(rig->profile, protocol);
	for (unsigned i = 1; i <= 3; i++) {
		assert_int_equal(rig_add(rig), 0);
		for (unsigned k = 0; k < stops; k++)
			rig_stop_in(rig, at + k * 1000);
		run_until_ended(rig, i);
		assert_pools_are_full(rig);
	}
	rig_end(rig);
}

static void
a_stop_in_every_stage_frees_the_slot(void **state)
{
	(void)state;
	for (uint64_t at = 0; at < S / 2; at += 5000) {
		stop_at(PROFILE_L2TP, at, 1 + (unsigned)(at / 5000 % 2));
		stop_at(PROFILE_PPTP, at, 1 + (unsigned)(at / 5000 % 2));
	}
}

static void
a_full_host_says_so_and_takes_more_later(void **state)
{
	struct rig *rig = empty_rig(2);
	struct kb_error why = { 0 };
	unsigned index;

	(void)state;
	rig_add(rig);
	rig_add(rig);
	assert_int_equal(host_add(rig->host, rig->profile, &index, &why), -ENOSPC);
	assert_true(rig_run_until(rig, HOST_PPP_UP, 2, 5 * S));
	host_stop(rig->host, 1);
	run_until_ended(rig, 1);
	assert_int_equal(rig->ended_profile, 1);
	assert_int_equal(rig_add(rig), 1);
	assert_true(rig_run_until(rig, HOST_PPP_UP, 3, 5 * S));
	host_stop(rig->host, UINT_MAX);
	run_until_ended(rig, 3);
	rig_end(rig);
}

static void
too_many_sessions_leave_nothing_behind(void **state)
{
	struct rig *rig = empty_rig(1); /* two sessions */
	struct kb_error why = { 0 };
	unsigned index;

	(void)state;
	for (unsigned i = 1; i < 3; i++)
		rig->profile->sessions[i] = rig->profile->sessions[0];
	rig->profile->sessions_n = 3;
	for (unsigned i = 0; i < 10; i++)
		assert_int_equal(host_add(rig->host, rig->profile, &index, &why), -ENOSPC);
	rig->profile->sessions_n = 2;
	rig_add(rig);
	assert_true(rig_run_until(rig, HOST_PPP_UP, 2, 5 * S));
	host_stop(rig->host, 0);
	run_until_ended(rig, 1);
	assert_pools_are_full(rig);
	rig_end(rig);
}

static void
a_number_that_nobody_has_is_nobodys(void **state)
{
	struct rig *rig = empty_rig(2);
	struct host_status status;

	(void)state;
	host_stop(rig->host, 0);
	host_stop(rig->host, 1);
	host_stop(rig->host, 1000000);
	assert_false(host_status(rig->host, 0, &status));
	assert_false(host_status(rig->host, 1000000, &status));
	rig_add(rig);
	assert_true(rig_run_until(rig, HOST_PPP_UP, 1, 5 * S));
	host_stop(rig->host, 0);
	run_until_ended(rig, 1);
	rig_end(rig);
}

/* ---- from a report ---- */

/* The next one as soon as one has ended, each stopped as soon as it is up. */
static void
go_on(struct rig *rig, const struct host_report *report)
{
	if (report->kind == HOST_PPP_UP)
		host_stop(rig->host, report->profile);
	if (report->kind != HOST_ENDED || rig->told[HOST_ENDED] >= 50)
		return;
	be(rig->profile, rig->told[HOST_ENDED] % 2 == 0 ? PROFILE_PPTP : PROFILE_L2TP);
	assert_int_not_equal(rig_add(rig), report->profile);
}

static void
profiles_are_added_and_ended_in_reports(void **state)
{
	struct rig *rig = empty_rig(2);

	(void)state;
	rig->on_report = go_on;
	rig_add(rig);
	assert_true(rig_run_until(rig, HOST_ENDED, 50, 600 * S));
	rig_run(rig, 2 * S);
	assert_int_equal(rig->told[HOST_PPP_UP], 50);
	assert_pools_are_full(rig);
	rig_end(rig);
}

static void
count_words(struct rig *rig, const struct host_report *report)
{
	(void)report;
	assert_int_equal(rig->told[HOST_ENDED], report->kind == HOST_ENDED ? 1 : 0);
}

static void
its_end_is_its_last_word(void **state)
{
	(void)state;
	for (uint64_t at = 0; at < S / 2; at += 10000) {
		struct rig *rig = empty_rig(1);

		rig->on_report = count_words;
		rig->ppp_is_stubborn = true;
		rig->profile->default_route = true;
		rig_add(rig);
		rig_stop_in(rig, at);
		rig_stop_in(rig, at + 1000);
		run_until_ended(rig, 1);
		rig_end(rig);
	}
}

/* ---- the network ---- */

/* The kernel had more to tell than there was room for. */
static void
lose_news(struct rig *rig)
{
	rig_change(rig, &(struct kb_change){ .kind = KB_CHANGE_LOST });
}

static void
after_lost_news_the_server_is_asked_at_once(void **state)
{
	struct rig *rig = empty_rig(1);

	(void)state;
	rig->profile->l2tp.hello_interval_s = 0;
	rig_add(rig);
	assert_true(rig_run_until(rig, HOST_PPP_UP, 1, 5 * S));
	rig_run(rig, 10 * S);
	const unsigned sent = rig->calls[RIG_SEND];
	lose_news(rig);
	rig_run(rig, S / 2);
	assert_int_equal(rig->calls[RIG_SEND], sent + 1); /* a HELLO, acknowledged */
	rig->server.is_silent = true;
	lose_news(rig);
	run_until_ended(rig, 0);
	assert_true(rig_run_until(rig, HOST_ENDED, 1, 40 * S));
	assert_int_equal(rig->status, 2);
	rig_end(rig);
}

static void
lost_news_end_the_pause_between_attempts(void **state)
{
	struct rig *rig = empty_rig(1);

	(void)state;
	rig->profile->reconnect.enabled = true;
	rig->profile->reconnect.first_delay_ms = 60000;
	rig->server.is_silent = true;
	rig_add(rig);
	assert_true(rig_run_until(rig, HOST_BACKOFF, 1, 60 * S));
	rig->server.is_silent = false;
	lose_news(rig);
	assert_true(rig_run_until(rig, HOST_PPP_UP, 1, 2 * S));
	host_stop(rig->host, 0);
	run_until_ended(rig, 1);
	rig_end(rig);
}

/* ---- looking in ---- */

static void
a_profile_can_be_looked_at(void **state)
{
	struct rig *rig = empty_rig(2);
	struct host_status s;

	(void)state;
	rig->profile->default_route = true;
	const unsigned index = rig_add(rig);
	assert_true(host_status(rig->host, index, &s));
	assert_string_equal(s.state, "idle");
	assert_null(s.tunnel_state);
	assert_null(s.data_path);
	assert_int_equal(s.attempt, 0);
	assert_true(rig_run_until(rig, HOST_ROUTE, 3, 5 * S));
	assert_true(host_status(rig->host, index, &s));
	assert_string_equal(s.name, "test");
	assert_string_equal(s.state, "tunnel");
	assert_string_equal(s.tunnel_state, "established");
	assert_string_equal(s.data_path, "rig");
	assert_int_equal(s.attempt, 1);
	assert_true(s.added_us <= s.dialled_us && s.dialled_us < s.tunnel_us);
	assert_int_not_equal(s.local_tid, 0);
	assert_int_equal(s.sessions_n, 1);
	assert_string_equal(s.sessions[0].state, "up");
	assert_true(s.sessions[0].is_up);
	assert_true(s.tunnel_us < s.sessions[0].session_us && s.sessions[0].session_us < s.sessions[0].up_us);
	assert_string_equal(s.sessions[0].interface, "ppp0");
	assert_string_equal(s.sessions[0].local, "10.11.0.2");
	assert_int_equal(s.sessions[0].stats.rx_octets, 2222);
	assert_int_equal(s.routes_n, 3);
	assert_string_equal(s.routes[1], "0.0.0.0/1 via ppp0");
	host_stop(rig->host, index);
	run_until_ended(rig, 1);
	assert_false(host_status(rig->host, index, &s));
	rig_end(rig);
}

static void
a_profile_that_waits_says_why_and_until_when(void **state)
{
	struct rig *rig = empty_rig(1);
	struct host_status s;

	(void)state;
	rig->profile->reconnect.enabled = true;
	rig->server.is_silent = true;
	rig_add(rig);
	assert_true(rig_run_until(rig, HOST_BACKOFF, 1, 60 * S));
	assert_true(host_status(rig->host, 0, &s));
	assert_string_equal(s.state, "backoff");
	assert_true(s.next_attempt_us > ut_world_now(rig->world).us);
	assert_int_equal(s.last_end.cause, UT_CAUSE_NETWORK);
	assert_int_equal(s.tunnel_us, 0);
	host_stop(rig->host, 0);
	run_until_ended(rig, 1);
	rig_end(rig);
}

/* ---- sizes ---- */

static void
sizes_have_bounds(void **state)
{
	static const struct {
		const char *what;
		struct host_config config;
		int result;
	} cases[] = {
		{ "as many as there may be", { .max_profiles = 16384, .max_sessions = 16384 }, 0 },
		{ "one more", { .max_profiles = 16385, .max_sessions = 16385 }, -E2BIG },
		{ "ten thousand of either protocol",
		  { .max_profiles = 10000, .max_sessions = 10000, .any_protocol = true },
		  0 },
		{ "more of either protocol than there are timers",
		  { .max_profiles = 16384, .max_sessions = 16384, .any_protocol = true },
		  -E2BIG },
		{ "more of PPTP than in all", { .max_profiles = 1, .pptp_profiles = 2 }, -EINVAL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct rig *rig = rig_new(&calm);
		struct host_config config = cases[i].config;
		struct kb_error why = { 0 };
		struct host *host = NULL;

		config.io = rig->io;
		config.system = rig_system(rig);
		if (host_new(&config, &host, &why) != cases[i].result)
			fail_msg("%s: %s", cases[i].what, why.text);
		host_free(host);
		rig_open(rig);
		rig_end(rig);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_host_that_stays_waits_without_profiles),
		cmocka_unit_test(both_protocols_share_the_slots),
		cmocka_unit_test(a_stop_in_every_stage_frees_the_slot),
		cmocka_unit_test(a_full_host_says_so_and_takes_more_later),
		cmocka_unit_test(too_many_sessions_leave_nothing_behind),
		cmocka_unit_test(a_number_that_nobody_has_is_nobodys),
		cmocka_unit_test(profiles_are_added_and_ended_in_reports),
		cmocka_unit_test(its_end_is_its_last_word),
		cmocka_unit_test(after_lost_news_the_server_is_asked_at_once),
		cmocka_unit_test(lost_news_end_the_pause_between_attempts),
		cmocka_unit_test(a_profile_can_be_looked_at),
		cmocka_unit_test(a_profile_that_waits_says_why_and_until_when),
		cmocka_unit_test(sizes_have_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
