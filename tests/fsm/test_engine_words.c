/* test_engine_words.c - nobody leaves without a word to a peer who knows of the call, and none to one who does not
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/fsm/solo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static struct solo *
new_solo(enum solo_role role)
{
	const struct solo_setup setup = solo_setup_default(role);

	return solo_new(role, &setup);
}

static void
close_call(struct solo *s)
{
	solo_feed(s, (struct ut_event){ .kind = UT_EV_SESSION_CLOSE, .ref = s->session });
}

static void
data_path(struct solo *s, int err)
{
	solo_feed(s, (struct ut_event){ .kind = UT_EV_SESSION_OPENED, .ref = s->session, .err = err });
}

static void
a_stop_before_sccrp_says_stopccn(void **state)
{
	struct solo *s = new_solo(SOLO_CLIENT);

	(void)state;
	solo_start(s);
	(void)solo_expect(s, L2TP_SCCRQ);
	solo_ack(s);
	solo_stop(s);
	(void)solo_expect(s, L2TP_STOPCCN);
	solo_end(s);
}

static void
a_data_path_that_fails_before_iccn_says_cdn(void **state)
{
	struct solo *s = new_solo(SOLO_CLIENT);

	(void)state;
	s->fails[UT_FX_OPEN_SESSION] = true;
	solo_tunnel_up(s);
	(void)solo_expect(s, L2TP_ICRQ);
	solo_ack(s);
	solo_say_type(s, L2TP_ICRP);
	(void)solo_expect(s, L2TP_CDN);
	solo_end(s);
}

static void
a_call_of_the_peers_whose_data_path_fails_says_cdn(void **state)
{
	(void)state;
	for (unsigned depth = 0; depth < 3; depth++) {
		struct solo *s = new_solo(SOLO_SERVER);

		s->fails[UT_FX_OPEN_SESSION] = depth == 0;
		solo_tunnel_up(s);
		solo_say_type(s, L2TP_ICRQ);
		if (depth > 0) {
			(void)solo_expect(s, L2TP_ICRP);
			solo_ack(s);
		}
		if (depth > 1)
			solo_say_type(s, L2TP_ICCN);
		if (depth > 0)
			data_path(s, 5);
		(void)solo_expect(s, L2TP_CDN);
		solo_end(s);
	}
}

/* A call that the LNS asked us to place, whose bearer is being opened. */
static struct solo *
placing(void)
{
	struct solo *s = new_solo(SOLO_SERVER);

	s->silent[UT_FX_OPEN_SESSION] = true;
	solo_tunnel_up(s);
	solo_say_type(s, L2TP_OCRQ);
	(void)solo_expect(s, L2TP_OCRP);
	solo_ack(s);
	return s;
}

static void
a_call_closed_before_its_bearer_answers_says_cdn(void **state)
{
	struct solo *s = placing();

	(void)state;
	close_call(s);
	(void)solo_expect(s, L2TP_CDN);
	solo_end(s);
}

static void
a_bearer_that_is_lost_says_cdn(void **state)
{
	struct solo *s = placing();

	(void)state;
	data_path(s, 0);
	(void)solo_expect(s, L2TP_OCCN);
	solo_ack(s);
	data_path(s, 5);
	(void)solo_expect(s, L2TP_CDN);
	solo_end(s);
}

/* The peer's call, whose data path is being opened before ICRP. */
static struct solo *
offered(void)
{
	struct solo *s = new_solo(SOLO_SERVER);

	s->silent[UT_FX_OPEN_SESSION] = true;
	solo_tunnel_up(s);
	solo_say_type(s, L2TP_ICRQ);
	assert_null(solo_heard(s));
	return s;
}

static void
a_call_closed_while_its_data_path_opens_says_cdn(void **state)
{
	struct solo *s = offered();

	(void)state;
	close_call(s);
	(void)solo_expect(s, L2TP_CDN);
	solo_end(s);
}

/* It cannot know the call's id yet: it guesses. */
static void
a_message_to_a_call_that_the_peer_does_not_know_ends_it_without_a_word(void **state)
{
	static const enum l2tp_message_type types[] = { L2TP_OCRQ, L2TP_OCRP, L2TP_OCCN };

	(void)state;
	for (unsigned k = 0; k < 3; k++) {
		struct solo *s = offered();
		const struct l2tp_message m = solo_message(s, types[k]);

		solo_say(s, &m, s->sid);
		assert_int_equal(ut_engine_counts(s->e).sessions, 0);
		assert_null(solo_heard(s));
		solo_end(s);
	}
}

static void
a_faulty_message_to_a_call_that_the_peer_does_not_know_ends_it_without_a_word(void **state)
{
	struct solo *s = offered();

	(void)state;
	solo_say_faulty(s, L2TP_SLI);
	assert_int_equal(ut_engine_counts(s->e).sessions, 0);
	assert_null(solo_heard(s));
	solo_end(s);
}

static void
an_ocrq_to_a_call_that_is_up_ends_it(void **state)
{
	struct solo *s = new_solo(SOLO_SERVER);
	struct l2tp_message m;

	(void)state;
	solo_call_up(s);
	m = solo_message(s, L2TP_OCRQ);
	solo_say(s, &m, s->sid);
	(void)solo_expect(s, L2TP_CDN);
	solo_end(s);
}

/* ---- a call that we ask the LAC to place ---- */

static struct solo *
asking(void)
{
	struct solo *s = new_solo(SOLO_SERVER);

	solo_tunnel_up(s);
	solo_feed(s, (struct ut_event){ .kind = UT_EV_CALL, .ref = s->tunnel });
	s->sid = solo_expect(s, L2TP_OCRQ)->message.assigned_sid;
	solo_ack(s);
	return s;
}

static void
a_fault_in_any_state_of_an_outgoing_call_says_cdn(void **state)
{
	(void)state;
	for (unsigned depth = 0; depth < 3; depth++) {
		struct solo *s = asking();

		if (depth > 0)
			solo_say_type(s, L2TP_OCRP);
		if (depth > 1)
			solo_say_type(s, L2TP_OCCN);
		solo_say_faulty(s, L2TP_WEN);
		(void)solo_expect(s, L2TP_CDN);
		solo_end(s);
	}
}

static void
try_other_kind(unsigned depth, enum l2tp_message_type type)
{
	struct solo *s = asking();
	struct l2tp_message m;

	if (depth > 0)
		solo_say_type(s, L2TP_OCRP);
	if (depth > 1)
		solo_say_type(s, L2TP_OCCN);
	m = solo_message(s, type);
	solo_say(s, &m, s->sid);
	(void)solo_expect(s, L2TP_CDN);
	solo_end(s);
}

static void
a_message_of_the_other_kind_in_any_state_of_an_outgoing_call_says_cdn(void **state)
{
	(void)state;
	for (unsigned depth = 0; depth < 3; depth++) {
		try_other_kind(depth, L2TP_ICRQ);
		try_other_kind(depth, L2TP_ICRP);
		try_other_kind(depth, L2TP_ICCN);
	}
}

static void
set_link_info_does_not_end_an_outgoing_call(void **state)
{
	struct solo *s = asking();

	(void)state;
	solo_say_type(s, L2TP_OCRP);
	solo_say_type(s, L2TP_SLI);
	assert_int_equal(ut_engine_counts(s->e).sessions, 1);
	solo_say_type(s, L2TP_OCCN);
	solo_say_type(s, L2TP_SLI);
	assert_int_equal(ut_engine_counts(s->e).sessions, 1);
	solo_end(s);
}

/* ---- what is asked of the host is taken back ---- */

static struct solo *
asking_the_host(enum ut_effect_kind what, bool reconnect)
{
	struct solo_setup setup = solo_setup_default(SOLO_CLIENT);
	struct solo *s;

	setup.client.reconnect = reconnect;
	s = solo_new(SOLO_CLIENT, &setup);
	s->silent[what] = true;
	solo_start(s);
	assert_int_equal(s->n_effects[what], 1);
	assert_int_equal(s->n_effects[UT_FX_CANCEL], 0);
	return s;
}

static const enum ut_effect_kind asked[] = { UT_FX_RESOLVE, UT_FX_PROTECT, UT_FX_PROBE };

static void
a_stop_takes_back_what_the_host_was_asked(void **state)
{
	(void)state;
	for (unsigned k = 0; k < 3; k++) {
		struct solo *s = asking_the_host(asked[k], true);

		solo_stop(s);
		assert_int_equal(s->n_effects[UT_FX_CANCEL], 1);
		solo_end(s);
	}
}

static void
set_up_that_takes_too_long_takes_back_what_the_host_was_asked(void **state)
{
	(void)state;
	for (unsigned k = 0; k < 6; k++) {
		struct solo *s = asking_the_host(asked[k % 3], k < 3);

		solo_run(s, 60000);
		assert_int_equal(s->n_effects[UT_FX_CANCEL], 1);
		solo_end(s);
	}
}

static void
a_client_without_a_slot_for_its_session_does_not_wait_for_the_tunnel(void **state)
{
	struct solo_setup setup = solo_setup_default(SOLO_CLIENT);
	struct solo *s;

	(void)state;
	setup.config.n_sessions = 0;
	setup.client.setup_ms = 0;
	s = solo_new(SOLO_CLIENT, &setup);
	solo_start(s);
	assert_string_equal(ut_engine_client_state(s->e, s->client), "idle");
	assert_int_equal(s->ended.cause, UT_CAUSE_SYSTEM);
	solo_end(s);
}

/* ---- news that is nobody's business any more ---- */

static void
be_idle(struct solo *s)
{
	(void)s;
}

static void
be_dialling(struct solo *s)
{
	solo_start(s);
	(void)solo_expect(s, L2TP_SCCRQ);
}

static void
be_closing(struct solo *s)
{
	solo_call_up(s);
	s->silent[UT_FX_STOP_PPP] = true;
	solo_stop(s);
}

static void
wait_for_resolver(struct solo *s)
{
	s->silent[UT_FX_RESOLVE] = true;
	solo_start(s);
}

static void
wait_for_protection(struct solo *s)
{
	s->silent[UT_FX_PROTECT] = true;
	solo_start(s);
}

static void
wait_for_probe(struct solo *s)
{
	s->silent[UT_FX_PROBE] = true;
	solo_start(s);
}

static void
wait_for_next_attempt(struct solo *s)
{
	wait_for_resolver(s);
	solo_run(s, 60000);
}

/* Where a client is, and what may happen there; the rest of the news is nobody's business. */
static const struct {
	const char *state;
	void (*go)(struct solo *s);
	uint64_t heeded; /* bit = event kind */
} places[] = {
#define ON(kind) (UINT64_C(1) << UT_EV_##kind)
	{ "idle", be_idle, ON(START) },
	{ "resolve", wait_for_resolver, ON(RESOLVED) },
	{ "protect", wait_for_protection, ON(PROTECTED) },
	{ "probe", wait_for_probe, ON(PROBED) },
	{ "dial", be_dialling, ON(PROTECTED) | ON(PATH_LOST) },
	{ "tunnel", solo_call_up, ON(PROTECTED) | ON(PATH_LOST) | ON(NETWORK) },
	{ "closing", be_closing, 0 },
	{ "backoff", wait_for_next_attempt, ON(NETWORK) },
};
static const enum ut_event_kind news[] = { UT_EV_START,	  UT_EV_RESOLVED,    UT_EV_PROTECTED, UT_EV_PROBED,
					   UT_EV_NETWORK, UT_EV_PATH_OPENED, UT_EV_PATH_LOST };

static unsigned
effects_of(const struct solo *s)
{
	unsigned n = 0;

	for (unsigned k = 0; k < UT_EFFECT_N; k++)
		n += k == UT_FX_TRACE ? 0 : s->n_effects[k];
	return n;
}

static void
try_news(unsigned place, enum ut_event_kind kind, int err)
{
	struct solo_setup setup = solo_setup_default(SOLO_CLIENT);
	struct solo *s;
	unsigned effects;

	setup.client.reconnect = true;
	s = solo_new(SOLO_CLIENT, &setup);
	places[place].go(s);
	assert_string_equal(ut_engine_client_state(s->e, s->client), places[place].state);
	effects = effects_of(s);
	solo_feed(s, (struct ut_event){ .kind = kind, .ref = s->client, .err = err });
	assert_string_equal(ut_engine_client_state(s->e, s->client), places[place].state);
	assert_int_equal(effects_of(s), effects);
	solo_end(s);
}

static void
news_that_a_client_does_not_wait_for_changes_nothing(void **state)
{
	(void)state;
	for (unsigned p = 0; p < UT_COUNT(places); p++)
		for (unsigned k = 0; k < UT_COUNT(news); k++)
			for (int err = 0; err < 2; err++)
				if ((places[p].heeded >> news[k] & 1) == 0)
					try_news(p, news[k], err);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stop_before_sccrp_says_stopccn),
		cmocka_unit_test(a_data_path_that_fails_before_iccn_says_cdn),
		cmocka_unit_test(a_call_of_the_peers_whose_data_path_fails_says_cdn),
		cmocka_unit_test(a_call_closed_before_its_bearer_answers_says_cdn),
		cmocka_unit_test(a_bearer_that_is_lost_says_cdn),
		cmocka_unit_test(a_call_closed_while_its_data_path_opens_says_cdn),
		cmocka_unit_test(a_message_to_a_call_that_the_peer_does_not_know_ends_it_without_a_word),
		cmocka_unit_test(
		    a_faulty_message_to_a_call_that_the_peer_does_not_know_ends_it_without_a_word),
		cmocka_unit_test(an_ocrq_to_a_call_that_is_up_ends_it),
		cmocka_unit_test(a_fault_in_any_state_of_an_outgoing_call_says_cdn),
		cmocka_unit_test(a_message_of_the_other_kind_in_any_state_of_an_outgoing_call_says_cdn),
		cmocka_unit_test(a_stop_takes_back_what_the_host_was_asked),
		cmocka_unit_test(set_up_that_takes_too_long_takes_back_what_the_host_was_asked),
		cmocka_unit_test(a_client_without_a_slot_for_its_session_does_not_wait_for_the_tunnel),
		cmocka_unit_test(news_that_a_client_does_not_wait_for_changes_nothing),
		cmocka_unit_test(set_link_info_does_not_end_an_outgoing_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
