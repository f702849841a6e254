/* test_engine_life.c - a client's life: stops at every moment, failing hosts, lossy networks, reconnecting
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/fsm/sim.h"
#include "tests/fsm/solo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

/* Nothing is left on either side, and every path, session and PPP was closed as often as opened. */
static void
assert_all_gone(struct sim *s)
{
	for (unsigned side = 0; side < SIM_SIDES; side++) {
		struct ut_engine_counts n = ut_engine_counts(s->engine[side]);

		assert_int_equal(n.tunnels, 0);
		assert_int_equal(n.sessions, 0);
		assert_int_equal(n.blocks_free, 64);
	}
	assert_int_equal(s->n_effects[SIM_CLIENT][UT_FX_OPEN_PATH],
			 s->n_effects[SIM_CLIENT][UT_FX_CLOSE_PATH]);
	assert_int_equal(s->n_effects[SIM_SERVER][UT_FX_OPEN_SESSION],
			 s->n_effects[SIM_SERVER][UT_FX_CLOSE_SESSION]);
	if (s->answers[UT_FX_OPEN_SESSION] != SIM_FAIL)
		assert_int_equal(s->n_effects[SIM_CLIENT][UT_FX_OPEN_SESSION],
				 s->n_effects[SIM_CLIENT][UT_FX_CLOSE_SESSION]);
	assert_true(s->n_effects[SIM_CLIENT][UT_FX_CLOSE_TUNNEL] <=
		    s->n_reports[SIM_CLIENT][UT_REPORT_DIALLING]);
}

static void
up_and_down_again(void **state)
{
	struct sim_setup setup = sim_setup_default();
	struct sim *s = sim_new(&setup);

	(void)state;
	sim_start(s);
	assert_true(sim_run_until(s, sim_is_link_up, 1000));
	sim_stop(s);
	assert_true(sim_run_until(s, sim_has_ended, 5000));
	assert_int_equal(ut_end_status(s->ended), 5);
	assert_int_equal(s->sent[SIM_CLIENT][L2TP_CDN], 1);
	assert_int_equal(s->sent[SIM_CLIENT][L2TP_STOPCCN], 1);
	sim_run(s, 120000);
	assert_all_gone(s);
	sim_free(s);
}

/* ---- stop at every moment ---- */

static void
stop_after(unsigned turns, unsigned again, enum ut_effect_kind quiet)
{
	struct sim_setup setup = sim_setup_default();
	struct sim *s = sim_new(&setup);

	if (quiet != UT_EFFECT_N)
		s->answers[quiet] = SIM_IGNORE;
	sim_start(s);
	for (unsigned k = 0; k < turns; k++)
		(void)sim_turn(s, 100000);
	if (!s->has_ended) {
		sim_stop(s);
		for (unsigned k = 0; k < again; k++)
			(void)sim_turn(s, 100000);
		if (again > 0 && !s->has_ended)
			sim_stop(s);
		assert_true(sim_run_until(s, sim_has_ended, 40000));
		assert_int_equal(ut_end_status(s->ended), 5);
	}
	assert_int_equal(s->n_reports[SIM_CLIENT][UT_REPORT_ENDED], 1);
	assert_string_equal(ut_engine_client_state(s->engine[SIM_CLIENT], s->client), "idle");
	sim_run(s, 200000);
	assert_all_gone(s);
	sim_free(s);
}

static void
a_stop_at_any_moment_ends_everything(void **state)
{
	(void)state;
	for (unsigned turns = 0; turns < 25; turns++)
		for (unsigned again = 0; again < 6; again++)
			stop_after(turns, again, UT_EFFECT_N);
}

static void
a_stop_in_every_state_a_silent_host_leaves_it_in_ends_everything(void **state)
{
	static const enum ut_effect_kind quiet[] = { UT_FX_RESOLVE,   UT_FX_PROTECT,	  UT_FX_PROBE,
						     UT_FX_OPEN_PATH, UT_FX_OPEN_SESSION, UT_FX_START_PPP,
						     UT_FX_STOP_PPP,  UT_FX_HANGUP_PPP,	  UT_FX_KILL_PPP };

	(void)state;
	for (size_t k = 0; k < sizeof quiet / sizeof quiet[0]; k++)
		for (unsigned turns = 0; turns < 16; turns += 5)
			for (unsigned again = 0; again < 4; again++)
				stop_after(turns, again, quiet[k]);
}

static void
each_effect_that_fails_ends_or_is_retried_and_leaves_nothing(void **state)
{
	static const struct {
		enum ut_effect_kind fx;
		int status;
	} cases[] = { { UT_FX_RESOLVE, 2 },   { UT_FX_PROTECT, 2 },	 { UT_FX_PROBE, 1 },
		      { UT_FX_OPEN_PATH, 2 }, { UT_FX_OPEN_SESSION, 1 }, { UT_FX_START_PPP, 1 } };

	(void)state;
	for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
		struct sim_setup setup = sim_setup_default();
		struct sim *s = sim_new(&setup);

		s->answers[cases[k].fx] = SIM_FAIL;
		sim_start(s);
		assert_true(sim_run_until(s, sim_has_ended, 60000));
		assert_int_equal(ut_end_status(s->ended), cases[k].status);
		sim_run(s, 200000);
		assert_all_gone(s);
		sim_free(s);
	}
}

static void
each_effect_that_is_never_answered_runs_into_the_set_up_limit(void **state)
{
	static const enum ut_effect_kind quiet[] = { UT_FX_RESOLVE,   UT_FX_PROTECT,	  UT_FX_PROBE,
						     UT_FX_OPEN_PATH, UT_FX_OPEN_SESSION, UT_FX_START_PPP };

	(void)state;
	for (size_t k = 0; k < sizeof quiet / sizeof quiet[0]; k++) {
		struct sim_setup setup = sim_setup_default();
		struct sim *s = sim_new(&setup);

		s->answers[quiet[k]] = SIM_IGNORE;
		sim_start(s);
		assert_false(sim_run_until(s, sim_has_ended, 59000));
		assert_true(sim_run_until(s, sim_has_ended, 10000));
		assert_int_equal(ut_end_status(s->ended), 2);
		assert_int_equal(s->ended.code, UT_CODE_TIMEOUT);
		sim_run(s, 200000);
		assert_all_gone(s);
		sim_free(s);
	}
}

/* ---- secrets and hiding, both ends ---- */

static void
secrets_and_hiding_work_end_to_end_or_refuse(void **state)
{
	static const struct {
		const char *client, *server;
		int status;
	} cases[] = { { "", "", -1 }, { "s", "s", -1 }, { "s", "", 4 }, { "", "s", 4 }, { "s", "t", 4 } };

	(void)state;
	for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
		struct sim_setup setup = sim_setup_default();
		struct sim *s;

		setup.client_params.secret.n = (uint8_t)strlen(cases[k].client);
		memcpy(setup.client_params.secret.octets, cases[k].client, setup.client_params.secret.n);
		setup.server_params.secret.n = (uint8_t)strlen(cases[k].server);
		memcpy(setup.server_params.secret.octets, cases[k].server, setup.server_params.secret.n);
		setup.client_params.authenticate_peer = setup.client_params.secret.n > 0;
		setup.server_params.authenticate_peer = setup.server_params.secret.n > 0;
		setup.client_params.hide_avps = setup.server_params.hide_avps = k == 1;
		s = sim_new(&setup);
		sim_start(s);
		if (cases[k].status < 0) {
			assert_true(sim_run_until(s, sim_is_link_up, 1000));
			sim_stop(s);
		}
		assert_true(sim_run_until(s, sim_has_ended, 40000));
		assert_int_equal(ut_end_status(s->ended), cases[k].status < 0 ? 5 : cases[k].status);
		sim_run(s, 200000);
		assert_all_gone(s);
		sim_free(s);
	}
}

/* ---- many calls ---- */

static void
sixteen_calls_in_one_tunnel_come_up_and_go(void **state)
{
	struct sim_setup setup = sim_setup_default();
	struct sim *s;

	(void)state;
	setup.client.n_links = SIM_LINKS;
	s = sim_new(&setup);
	sim_start(s);
	sim_run(s, 5000);
	for (unsigned k = 0; k < SIM_LINKS; k++)
		assert_true(s->link_up[k]);
	assert_int_equal(ut_engine_counts(s->engine[SIM_SERVER]).sessions, SIM_LINKS);
	sim_stop(s);
	assert_true(sim_run_until(s, sim_has_ended, 10000));
	sim_run(s, 200000);
	assert_all_gone(s);
	sim_free(s);
}

static void
of_two_links_one_ends_and_the_other_stays_and_one_is_retried(void **state)
{
	(void)state;
	for (unsigned reconnect = 0; reconnect < 2; reconnect++) {
		struct sim_setup setup = sim_setup_default();
		struct sim *s;

		setup.client.n_links = 2;
		setup.client.reconnect = reconnect != 0;
		s = sim_new(&setup);
		sim_start(s);
		sim_run(s, 1000);
		assert_true(s->link_up[0] && s->link_up[1]);
		s->link_up[0] = false;
		sim_feed(
		    s, SIM_CLIENT,
		    (struct ut_event){ .kind = UT_EV_PPP_ENDED, .ref = { 0, 0 }, .end = ut_end_of_pppd(16) });
		sim_run(s, 5000);
		assert_int_equal(s->link_up[0], reconnect);
		assert_true(s->link_up[1]);
		assert_int_equal(ut_engine_counts(s->engine[SIM_SERVER]).sessions, 1 + reconnect);
		assert_int_equal(s->n_reports[SIM_CLIENT][UT_REPORT_TUNNEL_UP], 1);
		sim_stop(s);
		assert_true(sim_run_until(s, sim_has_ended, 10000));
		sim_run(s, 200000);
		assert_all_gone(s);
		sim_free(s);
	}
}

/* ---- a bad network ---- */

static void
with_loss_doubles_and_disorder_both_ends_agree(void **state)
{
	unsigned up = 0;

	(void)state;
	for (unsigned seed = 1; seed <= 300; seed++) {
		struct sim_setup setup = sim_setup_default();
		struct sim *s;

		setup.seed = seed;
		s = sim_new(&setup);
		s->loss_percent = seed % 41;
		s->double_percent = seed % 3 * 15;
		s->reorder_percent = seed % 5 * 10;
		sim_start(s);
		sim_run(s, 59000);
		up += s->link_up[0];
		if (s->link_up[0])
			assert_int_equal(ut_engine_counts(s->engine[SIM_SERVER]).established, 1);
		if (s->has_ended)
			assert_false(s->link_up[0]);
		else
			sim_stop(s);
		sim_run(s, 300000);
		assert_true(s->has_ended);
		assert_all_gone(s);
		sim_free(s);
	}
	assert_true(up > 280);
}

static void
a_copy_of_an_engine_does_what_the_original_does(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 30; seed++) {
		struct sim_setup setup = sim_setup_default();
		struct sim *s;

		setup.seed = seed;
		setup.client.n_links = (uint16_t)(1 + seed % 3);
		setup.client.reconnect = seed % 2 == 0;
		s = sim_new(&setup);
		s->loss_percent = seed;
		s->double_percent = s->reorder_percent = 20;
		sim_start(s);
		for (unsigned k = 0; k < seed; k++) /* copied at any moment */
			(void)sim_turn(s, 10000);
		sim_make_twins(s);
		sim_run(s, 100000);
		sim_stop(s);
		sim_run(s, 300000);
		assert_all_gone(s);
		sim_free(s);
	}
}

/* ---- reconnecting ---- */

static struct solo *
reconnecting(uint16_t max_attempts)
{
	struct solo_setup setup = solo_setup_default(SOLO_CLIENT);

	setup.client.reconnect = true;
	setup.client.max_attempts = max_attempts;
	return solo_new(SOLO_CLIENT, &setup);
}

static void
delays_double_up_to_the_cap_with_jitter_and_start_afresh_after_success(void **state)
{
	struct solo *s = reconnecting(0);
	uint32_t full = 1000;
	bool jitters = false;

	(void)state;
	s->fails[UT_FX_RESOLVE] = true;
	solo_start(s);
	solo_run(s, 150000);
	assert_true(s->n_reports[UT_REPORT_BACKOFF] > 8);
	for (unsigned k = 0; k < 9; k++) {
		assert_true(s->backoff_ms[k] <= full && s->backoff_ms[k] >= full - full / 4);
		jitters = jitters || s->backoff_ms[k] != full;
		full = full * 2 < 16000 ? full * 2 : 16000;
	}
	assert_true(jitters);
	s->fails[UT_FX_RESOLVE] = false;
	while (s->n_sent == 0)
		solo_run(s, 100);
	(void)solo_expect(s, L2TP_SCCRQ);
	solo_say_type(s, L2TP_SCCRP);
	(void)solo_expect(s, L2TP_SCCCN);
	solo_ack(s);
	(void)solo_expect(s, L2TP_ICRQ);
	solo_say_type(s, L2TP_ICRP);
	(void)solo_expect(s, L2TP_ICCN);
	solo_ack(s);
	memset(s->n_reports, 0, sizeof s->n_reports);
	solo_say_type(s, L2TP_STOPCCN);
	solo_run(s, 1200);
	assert_int_equal(s->n_reports[UT_REPORT_BACKOFF], 1);
	assert_true(s->backoff_ms[0] <= 1000);
	solo_end(s);
}

static void
so_many_attempts_and_no_more(void **state)
{
	struct solo *s = reconnecting(3);

	(void)state;
	s->fails[UT_FX_OPEN_PATH] = true;
	solo_start(s);
	solo_run(s, 60000);
	assert_int_equal(s->n_reports[UT_REPORT_ATTEMPT], 3);
	assert_int_equal(s->n_reports[UT_REPORT_ENDED], 1);
	assert_int_equal(ut_end_status(s->ended), 2);
	solo_end(s);
}

static void
a_refusal_that_will_be_repeated_is_not_asked_for_again(void **state)
{
	struct solo *s = reconnecting(0);
	struct l2tp_message m = solo_message(s, L2TP_STOPCCN);

	(void)state;
	solo_start(s);
	(void)solo_expect(s, L2TP_SCCRQ);
	m.result = L2TP_STOPCCN_UNAUTHORIZED;
	solo_say(s, &m, (struct l2tp_sid){ 0 });
	solo_run(s, 60000);
	assert_int_equal(s->n_reports[UT_REPORT_ATTEMPT], 1);
	assert_int_equal(ut_end_status(s->ended), 4);
	solo_end(s);
	s = reconnecting(0);
	solo_call_up(s); /* but it was up: another attempt */
	s->ppp_comes_up = false;
	solo_feed(s, (struct ut_event){ .kind = UT_EV_PPP_ENDED, .ref = s->link, .end = ut_end_of_pppd(19) });
	solo_run(s, 6000);
	assert_int_equal(s->n_reports[UT_REPORT_ATTEMPT], 2);
	solo_end(s);
}

/* ---- races of the end ---- */

enum news { CDN, STOPCCN, PPPD };
struct race {
	const char *what;
	enum news order[3];
	unsigned n;
	int pppd, status;
};
static const struct race races[] = {
	{ "a CDN alone", { CDN }, 1, 0, 6 },
	{ "a StopCCN alone", { STOPCCN }, 1, 0, 6 },
	{ "the peer ends LCP", { PPPD }, 1, 0, 6 },
	{ "pppd hangs up", { PPPD }, 1, 16, 48 },
	{ "authentication failed", { PPPD }, 1, 19, 51 },
	{ "CDN, then why", { CDN, PPPD }, 2, 19, 51 },
	{ "StopCCN, then why", { STOPCCN, PPPD }, 2, 19, 51 },
	{ "CDN, then the hang-up it caused", { CDN, PPPD }, 2, 16, 6 },
	{ "StopCCN, then the hang-up it caused", { STOPCCN, PPPD }, 2, 16, 6 },
	{ "why, then CDN", { PPPD, CDN }, 2, 19, 51 },
	{ "why, then StopCCN", { PPPD, STOPCCN }, 2, 19, 51 },
	{ "CDN, StopCCN, then why", { CDN, STOPCCN, PPPD }, 3, 19, 51 },
	{ "CDN, why, StopCCN", { CDN, PPPD, STOPCCN }, 3, 19, 51 },
	{ "CDN, StopCCN, hang-up", { CDN, STOPCCN, PPPD }, 3, 16, 6 },
};

static void
run_race(const struct race *race)
{
	struct solo_setup setup = solo_setup_default(SOLO_CLIENT);
	struct solo *s = solo_new(SOLO_CLIENT, &setup);

	solo_call_up(s);
	s->silent[UT_FX_STOP_PPP] = s->silent[UT_FX_HANGUP_PPP] = s->silent[UT_FX_KILL_PPP] = true;
	for (unsigned k = 0; k < race->n; k++) {
		if (race->order[k] == PPPD)
			solo_feed(s, (struct ut_event){ .kind = UT_EV_PPP_ENDED,
							.ref = s->link,
							.end = ut_end_of_pppd(race->pppd) });
		else
			solo_say_type(s, race->order[k] == CDN ? L2TP_CDN : L2TP_STOPCCN);
		solo_run(s, 100);
	}
	solo_run(s, 40000);
	if (s->n_reports[UT_REPORT_ENDED] != 1 || ut_end_status(s->ended) != race->status)
		fail_msg("%s: %u ends, status %d, not %d", race->what, s->n_reports[UT_REPORT_ENDED],
			 ut_end_status(s->ended), race->status);
	solo_end(s);
}

static void
ends_race_in_every_order_and_the_table_decides(void **state)
{
	(void)state;
	for (size_t k = 0; k < sizeof races / sizeof races[0]; k++)
		run_race(&races[k]);
}

/* ---- calls that a server places ---- */

/* A tunnel with a call of the engine's to its peer, an LAC, as far as OCRQ. */
static struct solo *
new_with_outgoing_call(void)
{
	struct solo_setup setup = solo_setup_default(SOLO_SERVER);
	struct solo *s = solo_new(SOLO_SERVER, &setup);
	const struct solo_sent *d;

	solo_tunnel_up(s);
	solo_feed(s, (struct ut_event){ .kind = UT_EV_CALL, .ref = s->tunnel });
	d = solo_expect(s, L2TP_OCRQ);
	assert_int_equal(d->header.sid.v, 0);
	s->sid = d->message.assigned_sid;
	return s;
}

static void
an_outgoing_call_comes_up_and_goes(void **state)
{
	struct solo *s = new_with_outgoing_call();

	(void)state;
	solo_say_type(s, L2TP_OCRP);
	assert_int_equal(s->n_effects[UT_FX_OPEN_SESSION], 1);
	assert_int_equal(s->n_reports[UT_REPORT_SESSION_UP], 0);
	solo_say_type(s, L2TP_OCCN);
	assert_int_equal(s->n_reports[UT_REPORT_SESSION_UP], 1);
	solo_say_type(s, L2TP_WEN);
	assert_int_equal(ut_engine_counts(s->e).sessions, 1);
	solo_feed(s, (struct ut_event){ .kind = UT_EV_SESSION_CLOSE, .ref = s->session });
	assert_int_equal(solo_expect(s, L2TP_CDN)->header.sid.v, SOLO_SID);
	solo_ack(s);
	solo_end(s);
}

static void
an_outgoing_call_ends_by_every_wrong_message_and_by_silence(void **state)
{
	static const enum l2tp_message_type wrong[] = { L2TP_OCRQ, L2TP_OCCN, L2TP_ICRP,
							L2TP_ICCN, L2TP_CDN,  L2TP_ZLB };

	(void)state;
	for (unsigned answered = 0; answered < 2; answered++) {
		for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
			struct solo *s = new_with_outgoing_call();
			struct l2tp_message m = solo_message(s, wrong[k]);

			if (answered != 0)
				solo_say_type(s, L2TP_OCRP);
			if (answered != 0 && wrong[k] == L2TP_OCCN)
				solo_say_type(s, L2TP_OCCN); /* the right one: now it comes again */
			solo_say(s, &m, wrong[k] == L2TP_ZLB ? (struct l2tp_sid){ 0 } : s->sid);
			if (wrong[k] == L2TP_ZLB)
				solo_run(s, 61000);
			assert_int_equal(ut_engine_counts(s->e).sessions, 0);
			assert_int_equal(solo_count(s, L2TP_CDN) > 0, wrong[k] != L2TP_CDN);
			solo_ack(s);
			solo_end(s);
		}
	}
}

static void
an_outgoing_call_ends_by_a_fault_or_without_its_data_path(void **state)
{
	(void)state;
	for (unsigned faulty = 0; faulty < 2; faulty++) {
		struct solo *s = new_with_outgoing_call();

		s->fails[UT_FX_OPEN_SESSION] = faulty == 0;
		if (faulty != 0)
			solo_say_faulty(s, L2TP_OCRP);
		else
			solo_say_type(s, L2TP_OCRP);
		(void)solo_expect(s, L2TP_CDN);
		assert_int_equal(ut_engine_counts(s->e).sessions, 0);
		solo_ack(s);
		solo_end(s);
	}
}

static void
an_outgoing_call_waits_for_its_tunnel_and_ends_with_it(void **state)
{
	(void)state;
	for (unsigned opens = 0; opens < 2; opens++) {
		struct solo_setup setup = solo_setup_default(SOLO_SERVER);
		struct solo *s = solo_new(SOLO_SERVER, &setup);
		struct ut_ref tunnel = { 0, 0 };

		solo_say_type(s, L2TP_SCCRQ);
		solo_feed(s, (struct ut_event){ .kind = UT_EV_CALL, .ref = tunnel });
		(void)solo_expect(s, L2TP_SCCRP);
		assert_int_equal(ut_engine_counts(s->e).sessions, 1);
		if (opens != 0) {
			solo_say_type(s, L2TP_SCCCN);
			(void)solo_expect(s, L2TP_OCRQ);
		}
		solo_feed(s, (struct ut_event){ .kind = UT_EV_TUNNEL_CLOSE, .ref = tunnel });
		assert_int_equal(ut_engine_counts(s->e).sessions, 0);
		solo_feed(s, (struct ut_event){ .kind = UT_EV_CALL, .ref = tunnel }); /* too late */
		assert_int_equal(ut_engine_counts(s->e).sessions, 0);
		solo_ack(s);
		solo_end(s);
	}
}

static void
without_delay_an_acknowledgement_still_rides_on_the_answer(void **state)
{
	struct solo_setup setup = solo_setup_default(SOLO_CLIENT);
	struct solo *s;

	(void)state;
	setup.params.ack_delay_ms = 0;
	s = solo_new(SOLO_CLIENT, &setup);
	solo_tunnel_up(s);
	assert_int_equal(solo_count(s, L2TP_ICRQ), 1);
	assert_int_equal(solo_count(s, L2TP_ZLB), 0);
	solo_say_type(s, L2TP_HELLO); /* asks for nothing else */
	assert_int_equal(solo_count(s, L2TP_ZLB), 1);
	solo_end(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(up_and_down_again),
		cmocka_unit_test(a_stop_at_any_moment_ends_everything),
		cmocka_unit_test(a_stop_in_every_state_a_silent_host_leaves_it_in_ends_everything),
		cmocka_unit_test(each_effect_that_fails_ends_or_is_retried_and_leaves_nothing),
		cmocka_unit_test(each_effect_that_is_never_answered_runs_into_the_set_up_limit),
		cmocka_unit_test(secrets_and_hiding_work_end_to_end_or_refuse),
		cmocka_unit_test(sixteen_calls_in_one_tunnel_come_up_and_go),
		cmocka_unit_test(of_two_links_one_ends_and_the_other_stays_and_one_is_retried),
		cmocka_unit_test(with_loss_doubles_and_disorder_both_ends_agree),
		cmocka_unit_test(a_copy_of_an_engine_does_what_the_original_does),
		cmocka_unit_test(delays_double_up_to_the_cap_with_jitter_and_start_afresh_after_success),
		cmocka_unit_test(so_many_attempts_and_no_more),
		cmocka_unit_test(a_refusal_that_will_be_repeated_is_not_asked_for_again),
		cmocka_unit_test(an_outgoing_call_comes_up_and_goes),
		cmocka_unit_test(an_outgoing_call_ends_by_every_wrong_message_and_by_silence),
		cmocka_unit_test(an_outgoing_call_ends_by_a_fault_or_without_its_data_path),
		cmocka_unit_test(an_outgoing_call_waits_for_its_tunnel_and_ends_with_it),
		cmocka_unit_test(without_delay_an_acknowledgement_still_rides_on_the_answer),
		cmocka_unit_test(ends_race_in_every_order_and_the_table_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
