/* test_behave.c - a client against every behaviour of the peer, in virtual time
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/fsm/sim.h"
#include "tests/peer/behave.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

/* The filter of the simulation that runs now: the callbacks of a sim carry no context. */
struct bench {
	struct behave behave;
	unsigned loss_percent;
	unsigned acks_of_inserts;
	unsigned heard[L2TP_MESSAGE_N]; /* by the client */
};
static struct bench *bench;

static const struct l2tp_secret secret = { .octets = "between us", .n = 10 };

static void
put(struct sim *s, unsigned to, struct ut_slice datagram, uint32_t delay_ms, uint16_t from_port)
{
	for (unsigned k = 0; k < SIM_IN_FLIGHT; k++) {
		struct sim_datagram *d = &s->in_flight[k];

		if (d->used)
			continue;
		*d = (struct sim_datagram){ .used = true, .to = (uint8_t)to, .order = s->order++ };
		d->at.us = s->now.us + s->delay_us + delay_ms * UINT64_C(1000);
		d->from = s->address[!to];
		d->from.port = from_port;
		d->n = (uint16_t)datagram.n;
		assert_true(datagram.n <= sizeof d->octets);
		memcpy(d->octets, datagram.p, datagram.n);
		return;
	}
	fail_msg("a storm");
}

static bool
is_lost(struct sim *s)
{
	return sim_random(s) % 100 < bench->loss_percent;
}

static void
emit(void *ctx, struct ut_slice datagram, uint32_t delay_ms)
{
	struct sim *s = ctx;
	bool is_control = datagram.n >= 20 && (datagram.p[0] & 0x80) != 0;

	if (is_control)
		bench->heard[ut_get_u16(datagram.p + 18) % L2TP_MESSAGE_N]++;
	if (!is_lost(s))
		put(s, SIM_CLIENT, datagram, delay_ms,
		    behave_has(&bench->behave, BEHAVE_NEW_PORT) ? 5555 : L2TP_PORT);
}

static bool
filter(struct sim *s, unsigned from, const uint8_t *octets, size_t n)
{
	uint8_t copy[SIM_OCTETS];

	if (from == SIM_SERVER) {
		behave_send(&bench->behave, &s->address[SIM_CLIENT], (struct ut_ref){ 0, 0 },
			    ut_slice(octets, n), emit, s);
		return true;
	}
	memcpy(copy, octets, n);
	if (behave_receive(&bench->behave, &s->address[SIM_CLIENT], copy, n) && !is_lost(s))
		put(s, SIM_SERVER, ut_slice(copy, n), 0, s->address[SIM_CLIENT].port);
	return true;
}

static struct sim *
start(const char *words, struct bench *b, const struct sim_setup *setup)
{
	struct sim *s = sim_new(setup);

	b->behave.secret = setup->server_params.secret;
	assert_null(behave_parse(&b->behave, words));
	bench = b;
	s->drop = filter;
	sim_start(s);
	return s;
}

static bool
is_settled(const struct sim *s)
{
	return sim_is_link_up(s) || sim_has_ended(s);
}

static void
stops_cleanly(struct sim *s)
{
	sim_stop(s);
	assert_true(sim_run_until(s, sim_has_ended, 60000));
	assert_int_equal(s->ended.cause, UT_CAUSE_USER);
	sim_run(s, 200000);
	assert_int_equal(ut_engine_counts(s->engine[SIM_SERVER]).tunnels, 0);
	sim_free(s);
}

/* A behaviour that a call must survive: up, two minutes of HELLOs, and a clean end. */
static void
check_survives(const char *words, unsigned loss_percent, bool hidden)
{
	struct sim_setup setup = sim_setup_default();
	struct bench *b = calloc(1, sizeof *b);
	struct sim *s;

	if (hidden) {
		setup.client_params.secret = setup.server_params.secret = secret;
		setup.client_params.hide_avps = setup.server_params.hide_avps = true;
	}
	setup.client_params.tries = setup.server_params.tries = 20;
	setup.client.setup_ms = 0;
	setup.server_params.hello_s = 5;
	s = start(words, b, &setup);
	b->loss_percent = loss_percent;
	if (!sim_run_until(s, is_settled, 600000) || !sim_is_link_up(s))
		fail_msg("%s: not up", words);
	sim_run(s, 120000);
	if (!sim_is_link_up(s) || s->has_ended)
		fail_msg("%s: did not last", words);
	b->loss_percent = 0;
	stops_cleanly(s);
	free(b);
}

static const char *const survivable[] = {
	"new-port",
	"bare",
	"window-1",
	"extra-avps",
	"short-avps",
	"long-avps",
	"swapped-result",
	"wrong-m",
	"wrong-tid",
	"tunnel-zero",
	"cdn-zero",
	"early-hello",
	"sli-wen",
	"data-frames",
	"repeat-sccrp",
	"late",
	"zero-checksum",
	"early-hello,sli-wen,data-frames,late,repeat-sccrp,extra-avps,wrong-m,window-1,new-port",
};

static void
a_call_survives_every_behaviour(void **state)
{
	(void)state;
	for (size_t k = 0; k < sizeof survivable / sizeof survivable[0]; k++)
		check_survives(survivable[k], 0, false);
}

static void
a_call_survives_every_behaviour_under_loss(void **state)
{
	(void)state;
	for (size_t k = 0; k < sizeof survivable / sizeof survivable[0]; k++)
		check_survives(survivable[k], 20, false);
}

static void
a_call_survives_every_behaviour_with_hidden_avps(void **state)
{
	(void)state;
	for (size_t k = 0; k < sizeof survivable / sizeof survivable[0]; k++)
		check_survives(survivable[k], 0, true);
}

/* ---- refusals ---- */

static void
check_refused(const char *words, unsigned scope, unsigned result, unsigned error)
{
	struct sim_setup setup = sim_setup_default();
	struct bench *b = calloc(1, sizeof *b);
	struct sim *s = start(words, b, &setup);
	bool is_secret = scope == UT_END_STOPCCN_RECEIVED && result == L2TP_STOPCCN_UNAUTHORIZED;
	struct ut_end end;

	assert_true(sim_run_until(s, sim_has_ended, 60000));
	end = s->ended;
	if (end.cause != (is_secret ? UT_CAUSE_CHALLENGE : UT_CAUSE_REMOTE) || end.scope != scope ||
	    end.result != result || end.error != error)
		fail_msg("%s: %s, scope %u, result %u, error %u", words,
			 ut_cause_name((enum ut_cause)end.cause), end.scope, end.result, end.error);
	sim_run(s, 200000);
	assert_int_equal(ut_engine_counts(s->engine[SIM_SERVER]).tunnels, 0);
	sim_free(s);
	free(b);
}

static void
every_stopccn_result_ends_the_dialling_and_is_told(void **state)
{
	static const char *const also[] = { "",		",loud-result", ",swapped-result",
					    ",wrong-m", ",wrong-tid",	",extra-avps" };
	char words[80];

	(void)state;
	for (unsigned result = 1; result <= 7; result++) {
		for (size_t k = 0; k < sizeof also / sizeof also[0]; k++) {
			unsigned error = result == 2 ? 1 + (unsigned)k : 0;

			snprintf(words, sizeof words, "refuse-tunnel=%u:%u%s", result, error, also[k]);
			check_refused(words, UT_END_STOPCCN_RECEIVED, result, error);
		}
	}
}

static void
every_cdn_result_ends_the_call_and_is_told(void **state)
{
	static const char *const also[] = { "",		",loud-result", ",swapped-result",
					    ",wrong-m", ",extra-avps",	",late" };
	char words[80];

	(void)state;
	for (unsigned result = 1; result <= 11; result++) {
		for (size_t k = 0; k < sizeof also / sizeof also[0]; k++) {
			unsigned error = result == 2 ? 3 + (unsigned)k : 0;

			snprintf(words, sizeof words, "refuse-call=%u:%u%s", result, error, also[k]);
			check_refused(words, UT_END_CDN_RECEIVED, result, error);
		}
	}
}

static void
a_result_code_of_eight_octets_is_read(void **state)
{
	(void)state;
	check_refused("refuse-tunnel=4,short-avps", UT_END_STOPCCN_RECEIVED, 4, 0);
	check_refused("refuse-call=8,short-avps", UT_END_CDN_RECEIVED, 8, 0);
}

/* ---- the end of a call that stands ---- */

static void
a_cdn_to_session_0_ends_a_call_that_stands(void **state)
{
	static const char *const words[] = { "cdn-zero", "cdn-zero,swapped-result",
					     "cdn-zero,short-avps,late", "loud-result" };

	(void)state;
	for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
		struct sim_setup setup = sim_setup_default();
		struct bench *b = calloc(1, sizeof *b);
		struct sim *s = start(words[k], b, &setup);

		assert_true(sim_run_until(s, sim_is_link_up, 60000));
		sim_run(s, 1000);
		sim_feed(s, SIM_SERVER,
			 (struct ut_event){ .kind = UT_EV_SESSION_CLOSE, .ref = { 0, 0 } }); /* its first */
		if (!sim_run_until(s, sim_has_ended, 20000))
			fail_msg("%s: goes on", words[k]);
		assert_int_equal(s->session_end.scope, UT_END_CDN_RECEIVED);
		assert_int_equal(s->session_end.result, L2TP_CDN_ADMIN);
		sim_free(s);
		free(b);
	}
}

/* ---- the filter itself ---- */

static void
early_hello_and_sli_come_before_icrp(void **state)
{
	struct sim_setup setup = sim_setup_default();
	struct bench *b = calloc(1, sizeof *b);
	struct sim *s = start("early-hello,sli-wen", b, &setup);

	(void)state;
	assert_true(sim_run_until(s, sim_is_link_up, 60000));
	assert_int_equal(b->heard[L2TP_HELLO], 1);
	assert_int_equal(b->heard[L2TP_SLI], 1);
	assert_int_equal(b->heard[L2TP_WEN], 1);
	assert_int_equal(b->heard[L2TP_ICRP], 1);
	sim_run(s, 1000);
	assert_int_equal(s->n_reports[SIM_SERVER][UT_REPORT_RETRANSMIT], 0);
	assert_int_equal(s->n_reports[SIM_CLIENT][UT_REPORT_RETRANSMIT], 0);
	stops_cleanly(s);
	free(b);
}

static void
who_calls_from_another_port_is_not_heard(void **state)
{
	struct sim_setup setup = sim_setup_default();
	struct bench *b = calloc(1, sizeof *b);
	struct sim *s = start("from-1701", b, &setup);

	(void)state;
	assert_true(sim_run_until(s, sim_has_ended, 200000));
	assert_int_equal(s->ended.cause, UT_CAUSE_NETWORK);
	sim_free(s);
	s = sim_new(&setup);
	s->address[SIM_CLIENT].port = L2TP_PORT;
	s->drop = filter;
	sim_start(s);
	assert_true(sim_run_until(s, sim_is_link_up, 60000));
	stops_cleanly(s);
	free(b);
}

static void
words_that_are_no_behaviour_are_refused(void **state)
{
	static const char *const wrong[] = { "nonsense",	  "late,nonsense",   "late=1",
					     "refuse-call",	  "refuse-call=",    "refuse-call=x",
					     "refuse-call=70000", "refuse-call=1:x", "refuse-call=1:70000" };
	struct behave b;

	(void)state;
	for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
		memset(&b, 0, sizeof b);
		if (behave_parse(&b, wrong[k]) == NULL)
			fail_msg("taken: %s", wrong[k]);
	}
	memset(&b, 0, sizeof b);
	assert_null(behave_parse(&b, "refuse-call=2:9,late"));
	assert_int_equal(b.refuse_call.result, 2);
	assert_int_equal(b.refuse_call.error, 9);
	assert_true(behave_has(&b, BEHAVE_LATE));
	assert_false(behave_has(&b, BEHAVE_BARE));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_survives_every_behaviour),
		cmocka_unit_test(a_call_survives_every_behaviour_under_loss),
		cmocka_unit_test(a_call_survives_every_behaviour_with_hidden_avps),
		cmocka_unit_test(every_stopccn_result_ends_the_dialling_and_is_told),
		cmocka_unit_test(every_cdn_result_ends_the_call_and_is_told),
		cmocka_unit_test(a_result_code_of_eight_octets_is_read),
		cmocka_unit_test(a_cdn_to_session_0_ends_a_call_that_stands),
		cmocka_unit_test(early_hello_and_sli_come_before_icrp),
		cmocka_unit_test(who_calls_from_another_port_is_not_heard),
		cmocka_unit_test(words_that_are_no_behaviour_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
