/* test_pptp_life.c - PPTP between engines: every end, every moment, cut streams, lost connections, collisions
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/fsm/pptp_sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

enum { A, B, C, D };

static struct ps *
default_pair(uint64_t seed)
{
	struct ps_side_setup setup[PS_SIDES];

	ps_setup_default(setup);
	return ps_new(setup, seed);
}

static bool
is_up(const struct ps *s)
{
	return s->side[A].link_up[0];
}

static bool
has_ended(const struct ps *s)
{
	return s->side[A].has_ended[0];
}

static int
status_of(const struct ps *s)
{
	return ut_end_status(s->side[A].ended[0]);
}

/* Both ends have the same calls, or none. */
static void
assert_ends_agree(const struct ps *s)
{
	struct ut_engine_counts a = ut_engine_counts(s->side[A].e), b = ut_engine_counts(s->side[B].e);

	assert_int_equal(a.connections_established, b.connections_established);
	assert_int_equal(a.calls, b.calls);
}

static void
up_and_down_again(void **state)
{
	(void)state;
	for (unsigned cut = 0; cut < 20; cut++) {
		struct ps *s = default_pair(cut + 1);

		s->cut = cut > 0;
		ps_start(s, A, 0);
		assert_true(ps_run_until(s, is_up, 2000));
		assert_ends_agree(s);
		assert_int_equal(ut_engine_counts(s->side[B].e).calls, 1);
		ps_stop(s, A, 0);
		assert_true(ps_run_until(s, has_ended, 3000));
		assert_int_equal(status_of(s), 5);
		/* graceful: the call first, then the connection, each once and each answered */
		assert_int_equal(s->side[A].said[PPTP_CCRQ], 1);
		assert_int_equal(s->side[B].said[PPTP_CDN], 1);
		assert_int_equal(s->side[A].said[PPTP_STOPCCRQ], 1);
		assert_int_equal(s->side[B].said[PPTP_STOPCCRP], 1);
		assert_int_equal(s->side[A].n_effects[UT_FX_CLOSE_PATH], 1);
		assert_int_equal(s->side[A].n_effects[UT_FX_CLOSE_TUNNEL], 1);
		ps_end(s);
	}
}

static void
the_id_is_reserved_before_the_request_and_ppp_starts_when_the_kernel_carries_the_call(void **state)
{
	struct ps *s = default_pair(1);

	(void)state;
	s->side[A].answers[UT_FX_RESERVE_SESSION] = PS_IGNORE;
	ps_start(s, A, 0);
	ps_run(s, 1000);
	assert_int_equal(s->side[A].said[PPTP_OCRQ], 0);
	s->side[A].answers[UT_FX_OPEN_SESSION] = PS_IGNORE;
	ps_feed(s, A, (struct ut_event){ .kind = UT_EV_SESSION_RESERVED, .ref = s->side[A].session });
	ps_run(s, 1000);
	assert_int_equal(s->side[A].said[PPTP_OCRQ], 1);
	assert_int_equal(s->side[A].n_effects[UT_FX_OPEN_SESSION], 1);
	assert_int_equal(s->side[A].n_effects[UT_FX_START_PPP], 0);
	ps_feed(s, A, (struct ut_event){ .kind = UT_EV_SESSION_OPENED, .ref = s->side[A].session });
	assert_int_equal(s->side[A].n_effects[UT_FX_START_PPP], 1);
	ps_end(s);
}

static void
an_id_that_is_taken_in_this_kernel_is_chosen_anew_eight_times_at_most(void **state)
{
	(void)state;
	for (unsigned taken = 0; taken < 10; taken++) {
		for (unsigned side = A; side <= B; side++) {
			struct ps *s = default_pair(taken + 1);

			s->side[side].n_taken = taken;
			s->side[side].error = taken % 2 == 0 ? 16 : 17; /* EBUSY, EEXIST */
			ps_start(s, A, 0);
			ps_run(s, 3000);
			assert_int_equal(is_up(s), taken < 8);
			assert_int_equal(s->side[side].n_effects[UT_FX_RESERVE_SESSION],
					 taken < 8 ? taken + 1 : 8);
			if (taken >= 8 && side == B) {
				assert_int_equal(s->side[A].ended[0].scope, UT_END_PPTP_OCRP_RECEIVED);
				assert_int_equal(s->side[A].ended[0].error, PPTP_ERROR_RESOURCES);
			}
			ps_end(s);
		}
	}
}

/* ---- stop at every moment ---- */

static void
stop_after(unsigned turns, unsigned again, enum ut_effect_kind quiet, bool cut)
{
	struct ps *s = default_pair(turns * 7 + again + 1);

	s->cut = cut;
	if (quiet != UT_EFFECT_N)
		s->side[A].answers[quiet] = PS_IGNORE;
	ps_start(s, A, 0);
	for (unsigned k = 0; k < turns; k++)
		(void)ps_turn(s, 50);
	if (!has_ended(s)) {
		ps_stop(s, A, 0);
		for (unsigned k = 0; k < again; k++)
			(void)ps_turn(s, 50);
		if (again > 0 && !has_ended(s))
			ps_stop(s, A, 0);
		assert_true(ps_run_until(s, has_ended, 9000));
		assert_int_equal(status_of(s), 5);
	}
	assert_int_equal(s->side[A].n_reports[UT_REPORT_ENDED], 1);
	ps_run(s, 1000);
	assert_int_equal(ut_engine_counts(s->side[B].e).calls, 0); /* the server knows */
	ps_end(s);
}

static void
a_stop_at_any_moment_ends_everything(void **state)
{
	(void)state;
	for (unsigned turns = 0; turns < 25; turns++) {
		for (unsigned again = 0; again < 6; again++) {
			stop_after(turns, again, UT_EFFECT_N, false);
			stop_after(turns, again, UT_EFFECT_N, true);
		}
	}
}

static void
a_stop_in_every_state_a_silent_host_leaves_it_in_ends_everything(void **state)
{
	static const enum ut_effect_kind quiet[] = {
		UT_FX_RESOLVE,	    UT_FX_PROTECT,   UT_FX_PROBE,    UT_FX_OPEN_PATH,  UT_FX_RESERVE_SESSION,
		UT_FX_OPEN_SESSION, UT_FX_START_PPP, UT_FX_STOP_PPP, UT_FX_HANGUP_PPP, UT_FX_KILL_PPP
	};

	(void)state;
	for (size_t k = 0; k < sizeof quiet / sizeof quiet[0]; k++)
		for (unsigned turns = 0; turns < 16; turns += 5)
			for (unsigned again = 0; again < 4; again++)
				stop_after(turns, again, quiet[k], false);
}

static bool
server_has_none(const struct ps *s)
{
	return ut_engine_counts(s->side[B].e).connections == 0;
}

static void
the_server_too_can_end_at_any_moment(void **state)
{
	(void)state;
	for (unsigned turns = 0; turns < 12; turns++) {
		struct ps *s = default_pair(turns + 1);

		ps_start(s, A, 0);
		for (unsigned k = 0; k < turns; k++)
			(void)ps_turn(s, 50);
		for (uint16_t i = 0; i < s->side[B].config.n_connections; i++)
			ps_feed(s, B,
				(struct ut_event){ .kind = UT_EV_TUNNEL_CLOSE,
						   .ref = { (uint16_t)(s->side[B].config.n_tunnels + i), 0 },
						   .end = { .cause = UT_CAUSE_USER } });
		if (ut_engine_counts(s->side[B].e).connections > 0)
			assert_true(ps_run_until(s, server_has_none, 3000));
		if (turns > 4) {
			assert_true(ps_run_until(s, has_ended, 10000));
			assert_int_equal(status_of(s), 6);
		}
		ps_end(s);
	}
}

/* ---- effects that fail or are never answered ---- */

static void
each_effect_that_fails_ends_and_leaves_nothing(void **state)
{
	static const struct {
		enum ut_effect_kind fx;
		int status;
	} cases[] = { { UT_FX_RESOLVE, 2 },   { UT_FX_PROTECT, 2 },	    { UT_FX_PROBE, 1 },
		      { UT_FX_OPEN_PATH, 2 }, { UT_FX_RESERVE_SESSION, 1 }, { UT_FX_OPEN_SESSION, 1 },
		      { UT_FX_START_PPP, 1 } };

	(void)state;
	for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
		struct ps *s = default_pair(1);

		s->side[A].answers[cases[k].fx] = PS_FAIL;
		ps_start(s, A, 0);
		assert_true(ps_run_until(s, has_ended, 60000));
		assert_int_equal(status_of(s), cases[k].status);
		ps_run(s, 100);
		assert_int_equal(ut_engine_counts(s->side[B].e).connections, 0);
		ps_end(s);
	}
}

static void
each_effect_that_is_never_answered_runs_into_the_set_up_limit(void **state)
{
	static const enum ut_effect_kind quiet[] = { UT_FX_RESOLVE,	    UT_FX_PROTECT,
						     UT_FX_PROBE,	    UT_FX_OPEN_PATH,
						     UT_FX_RESERVE_SESSION, UT_FX_OPEN_SESSION,
						     UT_FX_START_PPP };

	(void)state;
	for (size_t k = 0; k < sizeof quiet / sizeof quiet[0]; k++) {
		struct ps_side_setup setup[PS_SIDES];
		struct ps *s;

		ps_setup_default(setup);
		setup[A].client.setup_ms = 30000; /* below the protocol's own 60 s */
		s = ps_new(setup, 1);
		s->side[A].answers[quiet[k]] = PS_IGNORE;
		ps_start(s, A, 0);
		assert_false(ps_run_until(s, has_ended, 29000));
		assert_true(ps_run_until(s, has_ended, 10000));
		assert_int_equal(status_of(s), 2);
		assert_int_equal(s->side[A].ended[0].code, UT_CODE_TIMEOUT);
		ps_end(s);
	}
}

static void
a_server_whose_data_path_fails_or_is_lost_says_so(void **state)
{
	(void)state;
	for (unsigned k = 0; k < 3; k++) {
		struct ps *s = default_pair(k + 1);

		if (k < 2)
			s->side[B].answers[k == 0 ? UT_FX_RESERVE_SESSION : UT_FX_OPEN_SESSION] = PS_FAIL;
		ps_start(s, A, 0);
		ps_run(s, 1000);
		if (k == 2)
			ps_feed(s, B,
				(struct ut_event){
				    .kind = UT_EV_SESSION_OPENED, .ref = s->side[B].session, .err = 19 });
		assert_true(ps_run_until(s, has_ended, 5000));
		assert_int_equal(s->side[A].session_end.scope,
				 k < 2 ? UT_END_PPTP_OCRP_RECEIVED : UT_END_PPTP_CDN_RECEIVED);
		assert_int_equal(s->side[A].session_end.result, 2);
		assert_int_equal(s->side[A].session_end.error, PPTP_ERROR_RESOURCES);
		ps_end(s);
	}
}

static void
a_call_whose_data_path_is_lost_is_cleared(void **state)
{
	struct ps *s = default_pair(1);

	(void)state;
	ps_start(s, A, 0);
	assert_true(ps_run_until(s, is_up, 2000));
	ps_feed(s, A,
		(struct ut_event){ .kind = UT_EV_SESSION_OPENED, .ref = s->side[A].session, .err = 19 });
	assert_int_equal(s->side[A].said[PPTP_CCRQ], 1);
	assert_true(ps_run_until(s, has_ended, 9000));
	assert_int_equal(s->side[A].said[PPTP_CCRQ], 1);
	ps_end(s);
}

static void
without_a_data_path_calls_open_too(void **state)
{
	(void)state;
	for (unsigned is_pac = 0; is_pac < 2; is_pac++) {
		struct ps_side_setup setup[PS_SIDES];
		struct ps *s;

		ps_setup_default(setup);
		setup[A].client.needs_data_path = false;
		setup[A].params.is_pac = is_pac != 0;
		s = ps_new(setup, 1);
		ps_start(s, A, 0);
		assert_true(ps_run_until(s, is_up, 2000));
		assert_int_equal(s->side[A].n_effects[UT_FX_RESERVE_SESSION], 0);
		assert_int_equal(s->side[A].n_effects[UT_FX_OPEN_SESSION], 0);
		ps_end(s);
	}
}

/* ---- connections that break ---- */

static void
a_reset_in_every_state_ends_both_sides_alike(void **state)
{
	(void)state;
	for (unsigned turns = 1; turns < 30; turns++) {
		for (unsigned stop_at = 0; stop_at < 2; stop_at++) {
			struct ps *s = default_pair(turns);
			struct ps_pipe *p;

			ps_start(s, A, 0);
			for (unsigned k = 0; k < turns; k++) {
				(void)ps_turn(s, 50);
				if (stop_at != 0 && k == 8)
					ps_stop(s, A, 0);
			}
			p = ps_pipe_of(s, A);
			if (p != NULL)
				ps_reset(s, p, 104);
			if (p != NULL && stop_at == 0) {
				assert_true(ps_run_until(s, has_ended, 10000));
				assert_int_equal(status_of(s), 2);
				assert_int_equal(s->side[A].ended[0].code, 104);
				assert_int_equal(s->side[A].ended[0].scope, UT_END_PPTP_CLOSED);
			}
			ps_run(s, 5000);
			assert_int_equal(ut_engine_counts(s->side[A].e).connections > 0,
					 p == NULL && is_up(s));
			assert_ends_agree(s);
			ps_end(s);
		}
	}
}

static void
a_server_that_closes_without_a_word_is_a_remote_end(void **state)
{
	struct ps_side_setup setup[PS_SIDES];
	struct ps *s;

	(void)state;
	ps_setup_default(setup);
	setup[B].has_engine = false;
	s = ps_new(setup, 1);
	ps_start(s, A, 0);
	(void)ps_expect(s, B, PPTP_SCCRQ);
	ps_hang_up(s, B);
	assert_true(ps_run_until(s, has_ended, 5000));
	assert_int_equal(status_of(s), 6);
	assert_int_equal(s->side[A].ended[0].scope, UT_END_PPTP_CLOSED);
	ps_end(s);
}

static void
a_client_reconnects_after_a_reset_with_backoff(void **state)
{
	struct ps_side_setup setup[PS_SIDES];
	struct ps *s;

	(void)state;
	ps_setup_default(setup);
	setup[A].client.reconnect = true;
	s = ps_new(setup, 1);
	ps_start(s, A, 0);
	for (unsigned k = 0; k < 5; k++) {
		assert_true(ps_run_until(s, is_up, 5000));
		assert_ends_agree(s);
		ps_reset(s, ps_pipe_of(s, A), 104);
		s->side[A].link_up[0] = false;
		ps_run(s, 1);
	}
	assert_true(ps_run_until(s, is_up, 5000));
	assert_int_equal(s->side[A].n_reports[UT_REPORT_TUNNEL_UP], 6);
	ps_end(s);
}

/* ---- silence ---- */

static void
a_silent_peer_is_asked_after_60_s_and_given_up_60_s_later(void **state)
{
	(void)state;
	for (unsigned side = A; side <= B; side++) {
		struct ps_side_setup setup[PS_SIDES];
		struct ps *s;

		ps_setup_default(setup);
		setup[!side].params.echo_s = setup[!side].listener_params.echo_s = 0;
		s = ps_new(setup, 1);
		ps_start(s, A, 0);
		assert_true(ps_run_until(s, is_up, 2000));
		s->side[!side].is_cut = true;
		ps_run(s, 59000);
		assert_int_equal(s->side[side].said[PPTP_ECHORQ], 0);
		ps_run(s, 2000);
		assert_int_equal(s->side[side].said[PPTP_ECHORQ], 1);
		ps_run(s, 57000);
		assert_int_equal(ut_engine_counts(s->side[side].e).connections, 1);
		ps_run(s, 3000);
		assert_int_equal(ut_engine_counts(s->side[side].e).connections, 0);
		assert_int_equal(s->side[side].tunnel_end.scope, UT_END_PPTP_NO_ECHO);
		assert_int_equal(s->side[side].tunnel_end.cause, UT_CAUSE_NETWORK);
		ps_end(s);
	}
}

static void
echoes_keep_a_quiet_connection_for_ever(void **state)
{
	struct ps *s = default_pair(1);

	(void)state;
	ps_start(s, A, 0);
	ps_run(s, 3600000);
	assert_true(is_up(s));
	assert_in_range(s->side[A].said[PPTP_ECHORQ] + s->side[B].said[PPTP_ECHORQ], 55, 125);
	assert_int_equal(s->side[A].said[PPTP_ECHORQ], s->side[B].said[PPTP_ECHORP]);
	assert_ends_agree(s);
	ps_end(s);
}

static void
a_peer_that_falls_silent_at_any_moment_is_given_up(void **state)
{
	(void)state;
	for (unsigned turns = 1; turns < 9; turns++) {
		struct ps_side_setup setup[PS_SIDES];
		struct ps *s;

		ps_setup_default(setup);
		setup[A].client.setup_ms = 0; /* no limit but the protocol's own */
		s = ps_new(setup, turns);
		ps_start(s, A, 0);
		for (unsigned k = 0; k < turns; k++)
			(void)ps_turn(s, 50);
		s->side[B].is_cut = true;
		assert_true(ps_run_until(s, has_ended, 130000));
		assert_int_equal(status_of(s), 2);
		ps_end(s);
	}
}

static void
the_goodbye_to_a_silent_server_is_bounded_by_close_ms(void **state)
{
	(void)state;
	for (uint32_t close_ms = 100; close_ms < 20000; close_ms *= 3) {
		struct ps_side_setup setup[PS_SIDES];
		struct ps *s;

		ps_setup_default(setup);
		setup[A].client.close_ms = close_ms;
		s = ps_new(setup, 1);
		ps_start(s, A, 0);
		assert_true(ps_run_until(s, is_up, 2000));
		s->side[B].is_cut = true;
		ps_stop(s, A, 0);
		assert_true(ps_run_until(s, has_ended, close_ms));
		assert_int_equal(s->side[A].said[PPTP_STOPCCRQ], 1); /* all was said, nothing heard */
		ps_end(s);
	}
}

/* ---- many ---- */

static void
eight_calls_in_one_connection_come_up_one_request_at_a_time(void **state)
{
	(void)state;
	for (unsigned is_pac = 0; is_pac < 2; is_pac++) {
		struct ps_side_setup setup[PS_SIDES];
		struct ps *s;

		ps_setup_default(setup);
		setup[A].client.n_links = PS_LINKS;
		setup[A].params.is_pac = is_pac != 0;
		s = ps_new(setup, 1);
		s->cut = true;
		ps_start(s, A, 0);
		ps_run(s, 5000);
		for (unsigned k = 0; k < PS_LINKS; k++)
			assert_true(s->side[A].link_up[k]);
		assert_ends_agree(s);
		assert_int_equal(ut_engine_counts(s->side[B].e).calls, PS_LINKS);
		ps_stop(s, A, 0);
		assert_true(ps_run_until(s, has_ended, 5000));
		assert_int_equal(s->side[is_pac ? B : A].said[PPTP_CCRQ], is_pac ? 0 : PS_LINKS);
		ps_end(s);
	}
}

static void
of_two_links_one_ends_and_the_other_stays_and_one_is_retried(void **state)
{
	(void)state;
	for (unsigned reconnect = 0; reconnect < 2; reconnect++) {
		struct ps_side_setup setup[PS_SIDES];
		struct ps *s;

		ps_setup_default(setup);
		setup[A].client.n_links = 2;
		setup[A].client.reconnect = reconnect != 0;
		s = ps_new(setup, 1);
		ps_start(s, A, 0);
		ps_run(s, 1000);
		assert_true(s->side[A].link_up[0] && s->side[A].link_up[1]);
		s->side[A].link_up[0] = false;
		ps_feed(
		    s, A,
		    (struct ut_event){ .kind = UT_EV_PPP_ENDED, .ref = { 0, 0 }, .end = ut_end_of_pppd(16) });
		ps_run(s, 5000);
		assert_int_equal(s->side[A].link_up[0], reconnect);
		assert_true(s->side[A].link_up[1]);
		assert_ends_agree(s);
		assert_int_equal(s->side[A].n_reports[UT_REPORT_TUNNEL_UP], 1);
		ps_end(s);
	}
}

static void
two_clients_to_two_servers_do_not_know_of_each_other(void **state)
{
	struct ps_side_setup setup[PS_SIDES];
	struct ps *s;

	(void)state;
	ps_setup_default(setup);
	setup[A].n_clients = 2; /* B and C */
	setup[C].has_engine = setup[C].listens = true;
	s = ps_new(setup, 1);
	s->cut = true;
	ps_start(s, A, 0);
	ps_start(s, A, 1);
	ps_run(s, 2000);
	assert_true(s->side[A].link_up[0] && s->side[A].link_up[1]);
	assert_int_equal(ut_engine_counts(s->side[B].e).calls, 1);
	assert_int_equal(ut_engine_counts(s->side[C].e).calls, 1);
	ps_stop(s, A, 0);
	ps_run(s, 5000);
	assert_true(s->side[A].has_ended[0] && !s->side[A].has_ended[1]);
	assert_int_equal(ut_engine_counts(s->side[B].e).connections, 0);
	assert_int_equal(ut_engine_counts(s->side[C].e).calls, 1);
	ps_end(s);
}

static void
one_engine_speaks_both_protocols(void **state)
{
	struct ut_l2tp_params l2tp = ut_l2tp_params_default();
	struct ps_side_setup setup[PS_SIDES];
	struct ut_client_config config;
	uint16_t first;
	struct ps *s;

	(void)state;
	ps_setup_default(setup);
	setup[A].config.n_params = 1;
	setup[A].config.n_tunnels = 2;
	setup[A].config.n_blocks = 16;
	s = ps_new(setup, 1);
	ut_engine_set_params(s->side[A].e, 0, &l2tp);
	config = setup[A].client;
	config.protocol = UT_L2TP;
	assert_true(ut_engine_client_new(s->side[A].e, &config, &s->side[A].client[1], &first));
	s->side[A].target[1] = B;
	ps_start(s, A, 1);
	ps_start(s, A, 0);
	assert_true(ps_run_until(s, is_up, 2000));
	assert_true(s->side[A].n_datagram_effects[UT_FX_SEND] > 0); /* SCCRQ, to nobody */
	assert_int_equal(ut_engine_counts(s->side[A].e).tunnels, 1);
	assert_int_equal(ut_engine_counts(s->side[A].e).connections, 1);
	assert_string_equal(ut_engine_tunnel_state(s->side[A].e, s->side[A].tunnel), "established");
	ps_run(s, 50000); /* L2TP gives up, and takes nothing of PPTP with it */
	assert_true(s->side[A].has_ended[1] && is_up(s));
	assert_int_equal(s->side[A].n_datagram_effects[UT_FX_CLOSE_PATH], 1);
	ps_end(s);
}

/* ---- the other direction ---- */

static void
a_pac_dials_in_and_hangs_up(void **state)
{
	struct ps_side_setup setup[PS_SIDES];
	struct ps *s;

	(void)state;
	ps_setup_default(setup);
	setup[A].params.is_pac = true;
	s = ps_new(setup, 1);
	ps_start(s, A, 0);
	assert_true(ps_run_until(s, is_up, 2000));
	assert_int_equal(s->side[A].said[PPTP_ICRQ], 1);
	assert_int_equal(s->side[B].said[PPTP_ICRP], 1);
	assert_int_equal(s->side[A].said[PPTP_ICCN], 1);
	assert_int_equal(s->side[B].n_reports[UT_REPORT_SESSION_UP], 0); /* its ICCN is on the way */
	ps_run(s, 10);
	assert_int_equal(s->side[B].n_reports[UT_REPORT_SESSION_UP], 1);
	ps_stop(s, A, 0);
	assert_true(ps_run_until(s, has_ended, 5000));
	assert_int_equal(s->side[A].said[PPTP_CDN], 1);
	assert_int_equal(s->side[A].said[PPTP_CCRQ], 0);
	ps_end(s);
}

static void
a_server_places_calls_when_it_is_told_to(void **state)
{
	(void)state;
	for (unsigned is_pac = 0; is_pac < 2; is_pac++) {
		struct ps_side_setup setup[PS_SIDES];
		struct ps *s;

		ps_setup_default(setup);
		setup[B].listener_params.is_pac = is_pac != 0;
		setup[A].params.accept_calls = true;
		s = ps_new(setup, 1);
		ps_start(s, A, 0);
		assert_true(ps_run_until(s, is_up, 2000));
		ps_call(s, B);
		ps_run(s, 1000);
		assert_int_equal(s->side[B].said[is_pac ? PPTP_ICRQ : PPTP_OCRQ], 1);
		assert_int_equal(ut_engine_counts(s->side[B].e).calls, 2);
		assert_int_equal(s->side[B].n_reports[UT_REPORT_SESSION_UP], 2);
		assert_int_equal(s->side[A].n_reports[UT_REPORT_SESSION_UP], 2);
		assert_ends_agree(s);
		ps_feed(s, B,
			(struct ut_event){ .kind = UT_EV_SESSION_CLOSE,
					   .ref = s->side[B].session,
					   .end = { .cause = UT_CAUSE_USER } });
		ps_run(s, 1000);
		assert_int_equal(ut_engine_counts(s->side[A].e).calls, 1);
		assert_ends_agree(s);
		ps_end(s);
	}
}

static void
a_client_takes_no_calls_unless_told_to(void **state)
{
	(void)state;
	for (unsigned is_pac = 0; is_pac < 2; is_pac++) {
		struct ps_side_setup setup[PS_SIDES];
		struct ps *s;

		ps_setup_default(setup);
		setup[B].listener_params.is_pac = is_pac != 0;
		s = ps_new(setup, 1);
		ps_start(s, A, 0);
		assert_true(ps_run_until(s, is_up, 2000));
		ps_call(s, B);
		ps_run(s, 1000);
		assert_int_equal(s->side[B].session_end.scope,
				 is_pac ? UT_END_PPTP_ICRP_RECEIVED : UT_END_PPTP_OCRP_RECEIVED);
		assert_int_equal(s->side[B].session_end.result,
				 is_pac ? (int)PPTP_ICRP_NOT_ACCEPTED : (int)PPTP_OCRP_NOT_ACCEPTED);
		assert_true(is_up(s));
		ps_end(s);
	}
}

/* ---- collisions: RFC 2637 3.1.3 ---- */

static struct ps *
colliding(unsigned low, bool ipv6)
{
	struct ps_side_setup setup[PS_SIDES];
	struct ps *s;

	ps_setup_default(setup);
	for (unsigned k = A; k <= B; k++) {
		setup[k].has_engine = setup[k].listens = true;
		setup[k].n_clients = 1;
		setup[k].target = !k;
		setup[k].listener_params.is_pac = k == B; /* a PNS and a PAC, as the RFC has it */
		setup[k].params.is_pac = k == B;
		setup[k].params.accept_calls =
		    true; /* as whichever connection stays carries the calls of both */
	}
	s = ps_new(setup, 1);
	for (unsigned k = A; k <= B; k++) {
		struct ut_peer *p = &s->side[k].address;

		if (ipv6)
			p->family = 6;
		/* 192.33.45.17 and 192.33.45.89, and a first octet that counts more than all others */
		p->address[0] = 192;
		p->address[1] = k == low ? 33 : 34;
		p->address[3] = k == low ? 255 : 1;
	}
	return s;
}

static void
the_lower_address_yields_and_both_profiles_go_on_in_one_connection(void **state)
{
	(void)state;
	for (unsigned low = A; low <= B; low++) {
		for (unsigned ipv6 = 0; ipv6 < 2; ipv6++) {
			struct ps *s = colliding(low, ipv6 != 0);

			ps_start(s, A, 0);
			ps_start(s, B, 0);
			ps_run(s, 3000);
			assert_true(s->side[A].link_up[0] && s->side[B].link_up[0]);
			assert_int_equal(s->side[A].n_reports[UT_REPORT_COLLISION], 1);
			assert_int_equal(s->side[B].n_reports[UT_REPORT_COLLISION], 1);
			/* the winner said nothing on the connection that lost */
			assert_int_equal(s->side[!low].said[PPTP_SCCRP], 0);
			assert_int_equal(s->side[low].said[PPTP_SCCRP], 1);
			assert_int_equal(ut_engine_counts(s->side[A].e).connections, 1);
			assert_int_equal(ut_engine_counts(s->side[B].e).connections, 1);
			assert_ends_agree(s);
			ps_stop(s, low, 0);
			ps_run(s, 5000);
			assert_true(s->side[low].has_ended[0]);
			ps_end(s);
		}
	}
}

static void
a_loser_that_does_not_close_hears_nothing_and_is_closed_after_60_s(void **state)
{
	struct ps_side_setup setup[PS_SIDES];
	struct pptp_message sccrq = ps_message(PPTP_SCCRQ), sccrp = ps_message(PPTP_SCCRP);
	struct ps_pipe *theirs;
	struct ps *s;

	(void)state;
	ps_setup_default(setup);
	setup[A].listens = setup[B].listens = true;
	setup[B].has_engine = false; /* the test plays B */
	s = ps_new(setup, 1);
	s->side[A].address.address[0] = 200; /* ours is the higher */
	ps_start(s, A, 0);
	(void)ps_expect(s, B, PPTP_SCCRQ);
	theirs = ps_dial(s, B, A);
	ps_say(s, B, &sccrq);
	assert_null(ps_hear(s, B));
	s->side[B].talks = 0;
	ps_say(s, B, &sccrp);
	(void)ps_expect(s, B, PPTP_OCRQ);
	ps_run(s, 59000);
	assert_true(theirs->is_open[1]);
	ps_run(s, 2000);
	assert_false(theirs->is_open[1]);
	ps_end(s);
}

static void
a_profile_that_goes_on_in_the_peer_s_connection_ends_it_as_its_own(void **state)
{
	(void)state;
	for (unsigned how = 0; how < 3; how++) {
		struct ps *s = colliding(A, false);

		ps_start(s, A, 0);
		ps_start(s, B, 0);
		ps_run(s, 3000);
		if (how == 0) { /* nothing may be sent any more */
			ps_feed(s, A,
				(struct ut_event){
				    .kind = UT_EV_PROTECTED, .ref = s->side[A].client[0], .err = 1 });
			assert_int_equal(s->side[A].n_effects[UT_FX_RESET_PATH], 1);
		} else { /* the goodbye is not heard, and not waited for */
			s->side[B].is_cut = true;
			ps_stop(s, A, 0);
			if (how == 2)
				ps_stop(s, A, 0);
		}
		ps_run(s, 5000);
		assert_true(s->side[A].has_ended[0]);
		assert_int_equal(ut_engine_counts(s->side[A].e).connections, 0);
		assert_true(s->side[A].said[PPTP_STOPCCRQ] <=
			    1); /* the calls that end with it ask for no other */
		ps_end(s);
	}
}

static void
a_connection_that_was_up_is_no_collision(void **state)
{
	struct ps *s = colliding(A, false);

	(void)state;
	ps_start(s, A, 0);
	ps_run(s, 1000);
	ps_start(s, B, 0);
	ps_run(s, 1000);
	assert_int_equal(
	    s->side[A].n_reports[UT_REPORT_COLLISION] + s->side[B].n_reports[UT_REPORT_COLLISION], 0);
	assert_true(s->side[A].link_up[0] && s->side[B].link_up[0]);
	ps_end(s);
}

/* ---- copies ---- */

static void
a_copy_of_an_engine_does_what_the_original_does(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 30; seed++) {
		struct ps_side_setup setup[PS_SIDES];
		struct ps *s;

		ps_setup_default(setup);
		setup[A].client.n_links = (uint16_t)(1 + seed % 3);
		setup[A].client.reconnect = seed % 2 == 0;
		setup[A].params.is_pac = seed % 3 == 0;
		s = ps_new(setup, seed);
		s->cut = true;
		ps_start(s, A, 0);
		for (unsigned k = 0; k < seed; k++) /* copied at any moment */
			(void)ps_turn(s, 10);
		ps_make_twins(s);
		ps_run(s, 100000);
		ps_stop(s, A, 0);
		ps_run(s, 100000);
		ps_end(s);
	}
}

/* ---- what breaks from outside ---- */

static void
protection_or_address_lost_drops_the_connection_without_a_word(void **state)
{
	static const enum ut_event_kind lost[] = { UT_EV_PROTECTED, UT_EV_PATH_LOST };

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		for (unsigned turns = 0; turns < 9; turns++) {
			struct ps *s = default_pair(turns + 1);
			unsigned said;

			ps_start(s, A, 0);
			for (unsigned i = 0; i < turns; i++)
				(void)ps_turn(s, 50);
			said = s->side[A].said[PPTP_STOPCCRQ] + s->side[A].said[PPTP_CCRQ];
			ps_feed(s, A,
				(struct ut_event){ .kind = lost[k], .ref = s->side[A].client[0], .err = 1 });
			ps_run(s, 10000);
			assert_true(has_ended(s));
			assert_int_equal(status_of(s), 2);
			assert_int_equal(s->side[A].said[PPTP_STOPCCRQ] + s->side[A].said[PPTP_CCRQ], said);
			if (turns > 0)
				assert_int_equal(s->side[A].n_effects[UT_FX_RESET_PATH], 1);
			ps_end(s);
		}
	}
}

static void
a_network_change_asks_the_peer_for_a_sign_of_life(void **state)
{
	struct ps *s = default_pair(1);

	(void)state;
	ps_start(s, A, 0);
	assert_true(ps_run_until(s, is_up, 2000));
	ps_run(s, 1000);
	for (unsigned k = 0; k < 3; k++) /* asked once, however often */
		ps_feed(s, A, (struct ut_event){ .kind = UT_EV_NETWORK, .ref = s->side[A].client[0] });
	assert_int_equal(s->side[A].said[PPTP_ECHORQ], 1);
	ps_run(s, 100);
	assert_int_equal(s->side[B].said[PPTP_ECHORP], 1);
	assert_true(is_up(s));
	ps_end(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(up_and_down_again),
		cmocka_unit_test(
		    the_id_is_reserved_before_the_request_and_ppp_starts_when_the_kernel_carries_the_call),
		cmocka_unit_test(an_id_that_is_taken_in_this_kernel_is_chosen_anew_eight_times_at_most),
		cmocka_unit_test(a_stop_at_any_moment_ends_everything),
		cmocka_unit_test(a_stop_in_every_state_a_silent_host_leaves_it_in_ends_everything),
		cmocka_unit_test(the_server_too_can_end_at_any_moment),
		cmocka_unit_test(each_effect_that_fails_ends_and_leaves_nothing),
		cmocka_unit_test(each_effect_that_is_never_answered_runs_into_the_set_up_limit),
		cmocka_unit_test(a_server_whose_data_path_fails_or_is_lost_says_so),
		cmocka_unit_test(a_call_whose_data_path_is_lost_is_cleared),
		cmocka_unit_test(without_a_data_path_calls_open_too),
		cmocka_unit_test(a_reset_in_every_state_ends_both_sides_alike),
		cmocka_unit_test(a_server_that_closes_without_a_word_is_a_remote_end),
		cmocka_unit_test(a_client_reconnects_after_a_reset_with_backoff),
		cmocka_unit_test(a_silent_peer_is_asked_after_60_s_and_given_up_60_s_later),
		cmocka_unit_test(echoes_keep_a_quiet_connection_for_ever),
		cmocka_unit_test(a_peer_that_falls_silent_at_any_moment_is_given_up),
		cmocka_unit_test(the_goodbye_to_a_silent_server_is_bounded_by_close_ms),
		cmocka_unit_test(eight_calls_in_one_connection_come_up_one_request_at_a_time),
		cmocka_unit_test(of_two_links_one_ends_and_the_other_stays_and_one_is_retried),
		cmocka_unit_test(two_clients_to_two_servers_do_not_know_of_each_other),
		cmocka_unit_test(one_engine_speaks_both_protocols),
		cmocka_unit_test(a_pac_dials_in_and_hangs_up),
		cmocka_unit_test(a_server_places_calls_when_it_is_told_to),
		cmocka_unit_test(a_client_takes_no_calls_unless_told_to),
		cmocka_unit_test(the_lower_address_yields_and_both_profiles_go_on_in_one_connection),
		cmocka_unit_test(a_loser_that_does_not_close_hears_nothing_and_is_closed_after_60_s),
		cmocka_unit_test(a_profile_that_goes_on_in_the_peer_s_connection_ends_it_as_its_own),
		cmocka_unit_test(a_connection_that_was_up_is_no_collision),
		cmocka_unit_test(a_copy_of_an_engine_does_what_the_original_does),
		cmocka_unit_test(protection_or_address_lost_drops_the_connection_without_a_word),
		cmocka_unit_test(a_network_change_asks_the_peer_for_a_sign_of_life),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
