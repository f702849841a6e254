/* test_pptp_habits.c - a PPTP client against every habit of the server, in virtual time
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/peer/pptp_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

enum { ECHO_S = 5, REPLY_S = 20 };

static struct world *
dial(const char *words)
{
	struct world *w = world_new(words, ECHO_S, 0, REPLY_S);

	world_start(w);
	return w;
}

static void
nothing_is_left(struct world *w, const char *words)
{
	struct ut_engine_counts c;

	world_run(w, 200000);
	for (unsigned side = 0; side < WORLD_SIDES; side++) {
		c = ut_engine_counts(w->engine[side]);
		if (c.connections != 0 || c.calls != 0)
			fail_msg("%s: side %u keeps %u connections, %u calls", words, side, c.connections,
				 c.calls);
	}
	world_free(w);
}

static void
check_survives(const char *words, bool server_echoes)
{
	struct world *w = world_new(words, server_echoes ? 0 : ECHO_S, server_echoes ? ECHO_S : 0, REPLY_S);

	world_start(w);
	if (!world_run_until(w, world_is_up, 30000))
		fail_msg("%s: not up", words);
	world_run(w, 120000);
	if (!world_is_up(w) || w->has_ended)
		fail_msg("%s: did not last", words);
	world_stop(w);
	if (!world_run_until(w, world_has_ended, 20000) || w->ended.cause != UT_CAUSE_USER)
		fail_msg("%s: does not end as asked", words);
	nothing_is_left(w, words);
}

static void
a_call_survives_every_pptp_habit(void **state)
{
	static const char *const words[] = {
		"",
		"result-zero",
		"reserved",
		"long",
		"cdn-their-id",
		"no-cdn",
		"clears",
		"clears-their-id",
		"unknown",
		"early-echo",
		"sli",
		"wen",
		"octets",
		"pieces",
		"close=CCRQ",
		"reset=CCRQ",
		"silent=CCRQ",
		"garbage=CCRQ",
		"close=StopCCRQ",
		"reset=StopCCRQ",
		"silent=StopCCRQ",
		"garbage=StopCCRQ",
		"result-zero,reserved,long,unknown,early-echo,sli,wen,no-cdn,pieces",
		"result-zero,reserved,long,unknown,early-echo,sli,wen,cdn-their-id,octets",
	};

	(void)state;
	for (size_t k = 0; k < sizeof words / sizeof words[0]; k++)
		for (unsigned server_echoes = 0; server_echoes < 2; server_echoes++)
			check_survives(words[k], server_echoes != 0);
}

/* But one that comes before SCCRP, when there is no connection yet. */
static void
every_echo_is_answered_at_any_time(void **state)
{
	struct world *w = dial("early-echo");

	(void)state;
	assert_true(world_run_until(w, world_is_up, 30000));
	world_run(w, 1000);
	assert_int_equal(w->talk.echoes, 2);
	world_stop(w);
	assert_true(world_run_until(w, world_has_ended, 20000));
	nothing_is_left(w, "early-echo");
}

/* What the client asks waits for the answer to what it asked before (interop 39). */
static void
we_say_one_thing_at_a_time(void **state)
{
	struct world *w = dial("silent=SCCRQ");

	(void)state;
	world_run(w, 1000);
	assert_int_equal(w->sent[WORLD_CLIENT][PPTP_SCCRQ], 1);
	assert_int_equal(w->sent[WORLD_CLIENT][PPTP_OCRQ], 0);
	assert_int_equal(w->octets_sent[WORLD_CLIENT], 156);
	world_stop(w);
	assert_true(world_run_until(w, world_has_ended, 20000));
	nothing_is_left(w, "silent=SCCRQ");
	w = dial("silent=CCRQ");
	assert_true(world_run_until(w, world_is_up, 3000));
	assert_int_equal(w->octets_sent[WORLD_CLIENT], 156 + 168);
	world_stop(w);
	world_run(w, 10);
	assert_int_equal(w->sent[WORLD_CLIENT][PPTP_CCRQ], 1);
	assert_int_equal(w->sent[WORLD_CLIENT][PPTP_STOPCCRQ], 0);
	assert_true(world_run_until(w, world_has_ended, 20000));
	nothing_is_left(w, "silent=CCRQ");
}

/* ---- refusals ---- */

static void
check_refused(const char *words, unsigned result, unsigned error)
{
	struct world *w = dial(words);

	if (!world_run_until(w, world_has_ended, 30000))
		fail_msg("%s: goes on", words);
	if (w->ended.result != result || w->ended.error != error)
		fail_msg("%s: %s, scope %u, result %u, error %u", words,
			 ut_cause_name((enum ut_cause)w->ended.cause), w->ended.scope, w->ended.result,
			 w->ended.error);
	if (w->ended.cause != UT_CAUSE_REMOTE && w->ended.cause != UT_CAUSE_CHALLENGE &&
	    result != PPTP_SCCRP_VERSION)
		fail_msg("%s: %s", words, ut_cause_name((enum ut_cause)w->ended.cause));
	assert_false(w->link_up);
	nothing_is_left(w, words);
}

static void
every_refusal_ends_the_dialling_and_is_told(void **state)
{
	static const struct {
		const char *what;
		unsigned last;
	} kinds[] = { { "refuse-connection", PPTP_SCCRP_VERSION },
		      { "refuse-call", PPTP_OCRP_NOT_ACCEPTED } };
	char words[80];

	(void)state;
	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
		for (unsigned result = 2; result <= kinds[k].last; result++) {
			snprintf(words, sizeof words, "%s=%u", kinds[k].what, result);
			check_refused(words, result, 0);
		}
		for (unsigned error = 1; error <= PPTP_ERROR_PAC; error++) {
			snprintf(words, sizeof words, "%s=2:%u,reserved,pieces", kinds[k].what, error);
			check_refused(words, 2, error);
		}
	}
}

/* ---- ends ---- */

static void
a_call_that_is_hung_up_ends(void **state)
{
	static const char *const words[] = { "", "cdn-their-id", "clears", "clears-their-id",
					     "octets,clears" };

	(void)state;
	for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
		struct world *w = dial(words[k]);

		assert_true(world_run_until(w, world_is_up, 30000));
		world_run(w, 1000);
		world_feed(w, WORLD_SERVER, (struct ut_event){ .kind = UT_EV_SESSION_CLOSE, .ref = w->call });
		if (!world_run_until(w, world_has_ended, 20000))
			fail_msg("%s: goes on", words[k]);
		assert_int_equal(w->ended.cause, UT_CAUSE_REMOTE);
		nothing_is_left(w, words[k]);
	}
}

static void
a_stage_without_an_answer_ends_in_time(void **state)
{
	static const struct {
		const char *words;
		enum ut_cause cause;
		bool comes_up;
	} cases[] = {
		{ "silent=SCCRQ", UT_CAUSE_NETWORK, false },  { "silent=OCRQ", UT_CAUSE_NETWORK, false },
		{ "silent=EchoRQ", UT_CAUSE_NETWORK, true },  { "reset=SCCRQ", UT_CAUSE_NETWORK, false },
		{ "reset=OCRQ", UT_CAUSE_NETWORK, false },    { "reset=EchoRQ", UT_CAUSE_NETWORK, true },
		{ "close=SCCRQ", UT_CAUSE_REMOTE, false },    { "close=OCRQ", UT_CAUSE_REMOTE, false },
		{ "close=EchoRQ", UT_CAUSE_REMOTE, true },    { "garbage=SCCRQ", UT_CAUSE_PROTOCOL, false },
		{ "garbage=OCRQ", UT_CAUSE_PROTOCOL, false }, { "garbage=EchoRQ", UT_CAUSE_PROTOCOL, true },
	};

	(void)state;
	for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
		struct world *w = dial(cases[k].words);

		if (cases[k].comes_up != world_run_until(w, world_is_up, 3000))
			fail_msg("%s: up or not", cases[k].words);
		if (!world_run_until(w, world_has_ended, (ECHO_S + REPLY_S + 5) * UINT64_C(1000)))
			fail_msg("%s: goes on", cases[k].words);
		if (w->ended.cause != cases[k].cause)
			fail_msg("%s: %s", cases[k].words, ut_cause_name((enum ut_cause)w->ended.cause));
		nothing_is_left(w, cases[k].words);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_survives_every_pptp_habit),
		cmocka_unit_test(every_echo_is_answered_at_any_time),
		cmocka_unit_test(we_say_one_thing_at_a_time),
		cmocka_unit_test(every_refusal_ends_the_dialling_and_is_told),
		cmocka_unit_test(a_call_that_is_hung_up_ends),
		cmocka_unit_test(a_stage_without_an_answer_ends_in_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
