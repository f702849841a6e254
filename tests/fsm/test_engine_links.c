/* test_engine_links.c - of two links in one tunnel, what one does the other does not feel
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/fsm/sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

/* Links are numbered alike in engine and test: the first of the only client is 0. */
static const struct ut_ref first = { 0, 0 };

static unsigned
sessions(const struct sim *s)
{
	return ut_engine_counts(s->engine[SIM_CLIENT]).sessions;
}

static void
assert_link(const struct sim *s, const char *state)
{
	assert_string_equal(ut_engine_link_state(s->engine[SIM_CLIENT], first), state);
}

static unsigned
ended_links(const struct sim *s)
{
	return s->n_reports[SIM_CLIENT][UT_REPORT_LINK_ENDED];
}

static void
tell(struct sim *s, enum ut_event_kind kind, int err)
{
	s->link_up[0] = false;
	sim_feed(s, SIM_CLIENT,
		 (struct ut_event){ .kind = kind, .ref = first, .err = err, .end = ut_end_of_pppd(16) });
}

/* Both are up; then the first ends, and is in its next attempt as far as `hindrance` lets it. */
static struct sim *
second_attempt(enum ut_effect_kind hindrance)
{
	struct sim_setup setup = sim_setup_default();
	struct sim *s;

	setup.client.n_links = 2;
	setup.client.reconnect = true;
	setup.client.setup_ms = 10000;
	s = sim_new(&setup);
	sim_start(s);
	sim_run(s, 500);
	assert_true(s->link_up[0] && s->link_up[1]);
	tell(s, UT_EV_PPP_ENDED, 0);
	assert_link(s, "backoff");
	assert_int_equal(ended_links(s), 1);
	s->answers[hindrance] = SIM_IGNORE;
	sim_run(s, 1500);
	return s;
}

/* Only the first got a data path or a PPP, if any: the other goes on without. */
static struct sim *
first_attempt(enum ut_effect_kind hindrance)
{
	struct sim_setup setup = sim_setup_default();
	struct sim *s;

	setup.client.n_links = 2;
	setup.client.setup_ms = 10000;
	s = sim_new(&setup);
	s->answers[hindrance] = SIM_IGNORE;
	sim_start(s);
	while (s->n_effects[SIM_CLIENT][hindrance] == 0)
		assert_true(sim_turn(s, 1000));
	s->answers[hindrance] = SIM_DO;
	sim_run(s, 500);
	return s;
}

static void
finish(struct sim *s)
{
	for (unsigned k = 0; k < UT_EFFECT_N; k++)
		s->answers[k] = SIM_DO;
	s->cut[SIM_CLIENT] = s->cut[SIM_SERVER] = false;
	if (!s->has_ended)
		sim_stop(s);
	assert_true(sim_run_until(s, sim_has_ended, 20000));
	sim_run(s, 200000);
	assert_int_equal(ut_engine_counts(s->engine[SIM_CLIENT]).tunnels, 0);
	assert_int_equal(ut_engine_counts(s->engine[SIM_SERVER]).tunnels, 0);
	sim_free(s);
}

static void
an_attempt_that_takes_too_long_ends_once_and_is_tried_again(void **state)
{
	struct sim *s = second_attempt(UT_FX_OPEN_SESSION);

	(void)state;
	assert_link(s, "link");
	assert_int_equal(sessions(s), 2);
	sim_run(s, 9800);
	assert_link(s, "backoff");
	assert_int_equal(sessions(s), 1);
	assert_int_equal(ended_links(s), 2);
	finish(s);
}

static void
a_pppd_that_cannot_be_started_ends_the_attempt_once(void **state)
{
	struct sim *s = second_attempt(UT_FX_START_PPP);

	(void)state;
	assert_link(s, "ppp");
	tell(s, UT_EV_PPP_STARTED, 5);
	assert_link(s, "backoff");
	assert_int_equal(sessions(s), 1);
	assert_int_equal(ended_links(s), 2);
	finish(s);
}

static void
a_call_that_takes_too_long_is_cleared_when_it_is_the_last_attempt(void **state)
{
	struct sim *s = first_attempt(UT_FX_OPEN_SESSION);

	(void)state;
	assert_int_equal(sessions(s), 2);
	sim_run(s, 10000);
	assert_int_equal(sessions(s), 1);
	assert_int_equal(s->sent[SIM_CLIENT][L2TP_CDN], 1);
	assert_int_equal(ended_links(s), 1);
	finish(s);
}

static void
a_stop_clears_the_call_that_is_not_up_while_the_other_s_pppd_ends(void **state)
{
	(void)state;
	for (unsigned answered = 0; answered < 2; answered++) {
		struct sim *s = second_attempt(answered != 0 ? UT_FX_OPEN_SESSION : UT_FX_PROBE);

		if (answered == 0) { /* no answer to ICRQ: its next attempt finds a silent peer */
			tell(s, UT_EV_PPP_ENDED, 0);
			s->cut[SIM_SERVER] = true;
			sim_run(s, 2000);
			assert_link(s, "session");
		}
		s->answers[UT_FX_STOP_PPP] = SIM_IGNORE;
		sim_stop(s);
		assert_link(s, "idle");
		assert_int_equal(sessions(s), 1);
		finish(s);
	}
}

static void
a_pppd_that_could_not_start_and_need_not_clears_its_call(void **state)
{
	struct sim *s = second_attempt(UT_FX_START_PPP);

	(void)state;
	s->answers[UT_FX_STOP_PPP] = SIM_IGNORE;
	sim_stop(s);
	assert_link(s, "stopping");
	tell(s, UT_EV_PPP_STARTED, 5);
	assert_link(s, "idle");
	assert_int_equal(sessions(s), 1);
	finish(s);
}

static void
a_link_that_has_ended_is_not_woken_by_a_second_stop(void **state)
{
	struct sim *s = second_attempt(UT_FX_OPEN_SESSION);

	(void)state;
	s->answers[UT_FX_STOP_PPP] = s->answers[UT_FX_KILL_PPP] = SIM_IGNORE;
	sim_stop(s);
	assert_link(s, "idle");
	sim_stop(s);
	assert_link(s, "idle");
	assert_int_equal(s->n_effects[SIM_CLIENT][UT_FX_KILL_PPP], 1);
	finish(s);
}

static void
a_call_cleared_while_its_pppd_ends_does_not_press_it(void **state)
{
	struct sim *s = second_attempt(UT_FX_STOP_PPP);

	(void)state;
	assert_link(s, "up");
	sim_stop(s);
	assert_link(s, "stopping");
	sim_feed(s, SIM_SERVER, (struct ut_event){ .kind = UT_EV_SESSION_CLOSE, .ref = { 0, 0 } });
	sim_run(s, 100);
	assert_int_equal(s->n_effects[SIM_CLIENT][UT_FX_HANGUP_PPP], 0);
	finish(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_attempt_that_takes_too_long_ends_once_and_is_tried_again),
		cmocka_unit_test(a_pppd_that_cannot_be_started_ends_the_attempt_once),
		cmocka_unit_test(a_call_that_takes_too_long_is_cleared_when_it_is_the_last_attempt),
		cmocka_unit_test(a_stop_clears_the_call_that_is_not_up_while_the_other_s_pppd_ends),
		cmocka_unit_test(a_pppd_that_could_not_start_and_need_not_clears_its_call),
		cmocka_unit_test(a_link_that_has_ended_is_not_woken_by_a_second_stop),
		cmocka_unit_test(a_call_cleared_while_its_pppd_ends_does_not_press_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
