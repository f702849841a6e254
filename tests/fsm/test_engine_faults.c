/* test_engine_faults.c - what went wrong once: one test for each fault that was found in the engine
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
	struct solo_setup setup = solo_setup_default(role);

	return solo_new(role, &setup);
}

static void
a_change_of_network_without_hello_does_not_hang(void **state)
{
	struct solo *s = new_solo(SOLO_CLIENT); /* hello_s is 0 */

	(void)state;
	solo_call_up(s);
	solo_feed(s, (struct ut_event){ .kind = UT_EV_NETWORK, .ref = s->client });
	solo_run(s, 100);
	(void)solo_expect(s, L2TP_HELLO);
	assert_int_equal(solo_count(s, L2TP_HELLO), 1);
	solo_ack(s);
	solo_end(s);
}

static void
a_client_does_not_end_before_the_ppp_of_a_lost_tunnel(void **state)
{
	struct solo_setup setup = solo_setup_default(SOLO_CLIENT);
	struct solo *s;

	(void)state;
	setup.params.hello_s = 60;
	s = solo_new(SOLO_CLIENT, &setup);
	solo_call_up(s);
	s->silent[UT_FX_HANGUP_PPP] = true;
	solo_feed(s,
		  (struct ut_event){ .kind = UT_EV_NETWORK, .ref = s->client }); /* a HELLO nobody answers */
	solo_run(s, 31500);
	assert_int_equal(s->n_reports[UT_REPORT_TUNNEL_ENDED], 1);
	assert_int_equal(s->n_reports[UT_REPORT_ENDED], 0);
	assert_string_equal(ut_engine_client_state(s->e, s->client), "closing");
	solo_feed(s, (struct ut_event){ .kind = UT_EV_PPP_ENDED, .ref = s->link, .end = ut_end_of_pppd(16) });
	assert_int_equal(s->n_reports[UT_REPORT_ENDED], 1);
	assert_int_equal(ut_end_status(s->ended), 2);
	solo_end(s);
}

static void
a_stopccn_goes_out_although_the_set_up_took_too_long(void **state)
{
	struct solo *s = new_solo(SOLO_CLIENT);

	(void)state;
	s->ppp_comes_up = false;
	solo_call_up(s);
	solo_run(s, 61000);
	(void)solo_expect(s, L2TP_CDN);
	solo_ack(s);
	(void)solo_expect(s, L2TP_STOPCCN);
	solo_ack(s);
	assert_int_equal(ut_end_status(s->ended), 2);
	assert_int_equal(s->ended.code, UT_CODE_TIMEOUT);
	solo_end(s);
}

static void
a_peer_that_never_sends_scccn_does_not_keep_its_tunnel(void **state)
{
	struct solo *s = new_solo(SOLO_SERVER);

	(void)state;
	solo_say_type(s, L2TP_SCCRQ);
	solo_ack(s);
	solo_run(s, 60000);
	(void)solo_expect(s, L2TP_SCCRP);
	(void)solo_expect(s, L2TP_STOPCCN);
	solo_ack(s);
	assert_int_equal(ut_engine_counts(s->e).tunnels, 0);
	solo_end(s);
}

static void
a_close_is_not_held_up_by_what_was_lost_before(void **state)
{
	struct solo *s = new_solo(SOLO_SERVER);
	struct ut_time closed;

	(void)state;
	solo_call_up(s);
	solo_feed(s, (struct ut_event){ .kind = UT_EV_SESSION_CLOSE, .ref = s->session });
	(void)solo_expect(s, L2TP_CDN);
	solo_run(s, 20000);
	while (solo_heard(s) != NULL)
		; /* the CDN, again and again */
	closed = s->now;
	solo_feed(s, (struct ut_event){ .kind = UT_EV_TUNNEL_CLOSE, .ref = s->tunnel });
	(void)solo_expect(s, L2TP_CDN); /* the peer takes nothing before it */
	assert_true(solo_expect(s, L2TP_STOPCCN)->at.us == closed.us);
	solo_run(s, 3000);
	assert_int_equal(solo_count(s, L2TP_STOPCCN), 3);
	solo_end(s);
}

/* Asks for a call and says nothing more of it. */
static void
ask_for_a_call(struct solo *s, enum l2tp_message_type type, uint16_t sid)
{
	struct l2tp_message m = solo_message(s, type);

	m.assigned_sid.v = sid;
	solo_say(s, &m, (struct l2tp_sid){ 0 });
	solo_ack(s);
}

static void
a_call_that_never_connects_is_ended_with_result_10(void **state)
{
	struct solo *s = new_solo(SOLO_SERVER);
	const struct solo_sent *d;

	(void)state;
	solo_tunnel_up(s);
	ask_for_a_call(s, L2TP_ICRQ, 1);
	(void)solo_expect(s, L2TP_ICRP);
	solo_say_type(s, L2TP_ICRQ);
	(void)solo_expect(s, L2TP_ICRP);
	solo_say_type(s, L2TP_ICCN);
	solo_run(s, 59000);
	ask_for_a_call(s, L2TP_ICRQ, 2); /* has the next turn */
	assert_int_equal(solo_count(s, L2TP_CDN), 0);
	solo_run(s, 1500);
	assert_int_equal(solo_count(s, L2TP_CDN), 1);
	solo_ack(s);
	(void)solo_expect(s, L2TP_ICRP);
	d = solo_expect(s, L2TP_CDN);
	assert_int_equal(d->header.sid.v, 1);
	assert_int_equal(d->message.result, L2TP_CDN_TIMEOUT);
	assert_int_equal(s->session_end.result, L2TP_CDN_TIMEOUT);
	solo_run(s, 59000);
	solo_ack(s);
	solo_run(s, 1000);
	assert_int_equal(solo_count(s, L2TP_CDN), 2);
	assert_int_equal(ut_engine_counts(s->e).sessions, 1); /* the one that is up */
	solo_end(s);
}

static void
a_call_whose_data_path_never_opens_is_ended_too(void **state)
{
	(void)state;
	for (unsigned outgoing = 0; outgoing < 2; outgoing++) {
		struct solo *s = new_solo(SOLO_SERVER);

		s->silent[UT_FX_OPEN_SESSION] = true;
		solo_tunnel_up(s);
		ask_for_a_call(s, outgoing != 0 ? L2TP_OCRQ : L2TP_ICRQ, 1);
		if (outgoing != 0)
			(void)solo_expect(s, L2TP_OCRP);
		solo_run(s, 61000);
		assert_int_equal(solo_expect(s, L2TP_CDN)->message.result, L2TP_CDN_TIMEOUT);
		assert_int_equal(s->n_effects[UT_FX_CLOSE_SESSION], 1);
		solo_ack(s);
		solo_end(s);
	}
}

static void
more_calls_than_one_turn_takes_end_together_or_not_at_all(void **state)
{
	(void)state;
	for (unsigned limited = 0; limited < 2; limited++) {
		struct solo_setup setup = solo_setup_default(SOLO_SERVER);
		struct solo *s;

		setup.config.n_sessions = 40;
		setup.config.n_blocks = 400;
		setup.params.hello_s = 0;
		setup.params.call_setup_s = limited != 0 ? 10 : 0;
		s = solo_new(SOLO_SERVER, &setup);
		solo_tunnel_up(s);
		for (uint16_t sid = 1; sid <= 40; sid++)
			ask_for_a_call(s, L2TP_ICRQ, sid);
		solo_run(s, 20500);
		assert_int_equal(ut_engine_counts(s->e).sessions, limited != 0 ? 0 : 40);
		solo_end(s);
	}
}

static void
timers_work_after_months_without_an_event(void **state)
{
	static const uint64_t days[] = { 13, 25, 40, 50, 75 };

	(void)state;
	for (unsigned k = 0; k < sizeof days / sizeof days[0]; k++) {
		struct solo *s = new_solo(SOLO_SERVER);

		s->now.us += days[k] * 86400 * 1000000;
		solo_say_type(s, L2TP_SCCRQ);
		solo_run(s, 32000);
		assert_int_equal(solo_count(s, L2TP_SCCRP), 6);
		assert_int_equal(ut_engine_counts(s->e).tunnels, 0);
		solo_end(s);
	}
}

static void
timers_work_after_months_of_sleep(void **state)
{
	static const uint64_t days[] = { 13, 25, 40, 50, 75 };

	(void)state;
	for (unsigned k = 0; k < sizeof days / sizeof days[0]; k++) {
		struct solo *s = new_solo(SOLO_CLIENT);

		solo_call_up(s);
		solo_feed(s, (struct ut_event){ .kind = UT_EV_NETWORK, .ref = s->client });
		s->now.us += days[k] * 86400 * 1000000;
		solo_feed(s, (struct ut_event){ .kind = UT_EV_DEADLINE });
		solo_run(s, 33000);
		assert_int_equal(s->n_reports[UT_REPORT_ENDED], 1);
		solo_end(s);
	}
}

static void
the_network_coming_back_ends_the_wait_and_its_timer(void **state)
{
	struct solo_setup setup = solo_setup_default(SOLO_CLIENT);
	struct solo *s;

	(void)state;
	setup.client.reconnect = true;
	setup.client.setup_ms = 0;
	s = solo_new(SOLO_CLIENT, &setup);
	s->fails[UT_FX_RESOLVE] = true;
	solo_start(s);
	assert_string_equal(ut_engine_client_state(s->e, s->client), "backoff");
	s->silent[UT_FX_RESOLVE] = true;
	solo_feed(s, (struct ut_event){ .kind = UT_EV_NETWORK, .ref = s->client });
	solo_run(s, 5000);
	assert_int_equal(s->n_effects[UT_FX_CANCEL], 0);
	assert_string_equal(ut_engine_client_state(s->e, s->client), "resolve");
	solo_end(s);
}

static void
a_start_while_it_ends_does_not_undo_the_stop(void **state)
{
	struct solo_setup setup = solo_setup_default(SOLO_CLIENT);
	struct solo *s;

	(void)state;
	setup.client.reconnect = true;
	s = solo_new(SOLO_CLIENT, &setup);
	solo_call_up(s);
	solo_stop(s);
	assert_string_equal(ut_engine_client_state(s->e, s->client), "closing");
	solo_start(s);
	solo_run(s, 10000);
	assert_int_equal(s->n_reports[UT_REPORT_ENDED], 1);
	assert_int_equal(ut_end_status(s->ended), 5);
	solo_end(s);
}

static void
a_late_result_is_not_blamed_for_the_end(void **state)
{
	struct solo *s = new_solo(SOLO_CLIENT);

	(void)state;
	solo_call_up(s);
	solo_feed(s, (struct ut_event){ .kind = UT_EV_PROBED, .ref = s->client, .err = 5 });
	solo_feed(s, (struct ut_event){ .kind = UT_EV_RESOLVED, .ref = s->client, .err = 5 });
	solo_feed(s, (struct ut_event){ .kind = UT_EV_PATH_OPENED, .ref = s->client, .err = 5 });
	solo_stop(s);
	solo_run(s, 10000);
	assert_int_equal(ut_end_status(s->ended), 5);
	solo_end(s);
}

static void
a_lost_address_ends_the_tunnel_at_once(void **state)
{
	struct solo *s = new_solo(SOLO_CLIENT);

	(void)state;
	solo_call_up(s);
	solo_feed(s, (struct ut_event){ .kind = UT_EV_PATH_LOST, .ref = s->client, .err = 99 });
	assert_int_equal(s->n_reports[UT_REPORT_TUNNEL_ENDED], 1);
	solo_run(s, 1100); /* PPP may have a word to say */
	assert_int_equal(s->n_reports[UT_REPORT_ENDED], 1);
	assert_int_equal(ut_end_status(s->ended), 2);
	assert_int_equal(s->ended.code, 99);
	assert_int_equal(solo_count(s, L2TP_STOPCCN), 0);
	solo_end(s);
}

static void
a_socket_lost_after_the_end_is_not_blamed(void **state)
{
	struct solo *s = new_solo(SOLO_CLIENT);

	(void)state;
	solo_call_up(s);
	solo_stop(s);
	solo_feed(s, (struct ut_event){ .kind = UT_EV_PATH_LOST, .ref = s->client, .err = 99 });
	solo_run(s, 10000);
	assert_int_equal(ut_end_status(s->ended), 5);
	solo_end(s);
}

static void
a_stop_between_two_attempts_is_the_users(void **state)
{
	struct solo_setup setup = solo_setup_default(SOLO_CLIENT);
	struct solo *s;

	(void)state;
	setup.client.reconnect = true;
	setup.client.backoff_first_ms = setup.client.backoff_cap_ms = 1000;
	setup.params.tries = 2;
	s = solo_new(SOLO_CLIENT, &setup);
	solo_start(s);
	solo_run(s, 3100);
	assert_string_equal(ut_engine_client_state(s->e, s->client), "backoff");
	solo_stop(s);
	assert_int_equal(ut_end_status(s->ended), 5);
	solo_end(s);
}

static void
a_socket_reported_twice_opens_one_tunnel(void **state)
{
	struct solo *s = new_solo(SOLO_CLIENT);

	(void)state;
	solo_start(s);
	solo_feed(s, (struct ut_event){ .kind = UT_EV_PATH_OPENED, .ref = s->client });
	solo_feed(s, (struct ut_event){ .kind = UT_EV_PATH_OPENED, .ref = s->client, .err = 5 });
	assert_int_equal(ut_engine_counts(s->e).tunnels, 1);
	assert_string_equal(ut_engine_client_state(s->e, s->client), "dial");
	solo_end(s);
}

static void
without_randomness_no_challenge_is_left_out(void **state)
{
	struct solo_setup setup = solo_setup_default(SOLO_SERVER);
	struct solo *s;

	(void)state;
	setup.params.secret = (struct l2tp_secret){ .octets = "secret", .n = 6 };
	setup.params.authenticate_peer = true;
	setup.params.hide_avps = true;
	setup.config.n_tunnels = 16;
	s = solo_new(SOLO_SERVER, &setup);
	s->starve = true;
	for (uint16_t k = 0; k < 12; k++) {
		struct l2tp_message m = solo_message(s, L2TP_SCCRQ);

		m.assigned_tid.v = (uint16_t)(100 + k);
		s->ns = 0;
		solo_say(s, &m, (struct l2tp_sid){ 0 });
	}
	assert_int_equal(s->refused_pool, UT_POOL_RANDOM);
	s->starve = false;
	solo_feed(s, (struct ut_event){ .kind = UT_EV_CONTINUE });
	assert_true(solo_count(s, L2TP_SCCRP) > 0);
	for (unsigned k = 0; k < s->n_sent; k++)
		if (s->sent[k].message.type == L2TP_SCCRP)
			assert_true((s->sent[k].message.present & L2TP_HAS(CHALLENGE)) != 0 &&
				    s->sent[k].message.hidden != 0);
	solo_run(s, 100000);
	solo_end(s);
}

static void
a_second_tunnel_on_a_clients_socket_is_turned_away(void **state)
{
	struct solo *s = new_solo(SOLO_CLIENT); /* no tie breaker on either side */
	const struct solo_sent *d;

	(void)state;
	solo_start(s);
	(void)solo_expect(s, L2TP_SCCRQ);
	solo_say_type(s, L2TP_SCCRQ);
	d = solo_expect(s, L2TP_STOPCCN);
	assert_int_equal(d->message.result, L2TP_STOPCCN_EXISTS);
	assert_int_equal(d->header.tid.v, SOLO_TID);
	assert_int_equal(ut_engine_counts(s->e).tunnels, 1);
	s->ns = 0;
	solo_say_type(s, L2TP_SCCRP);
	(void)solo_expect(s, L2TP_SCCCN);
	solo_end(s);
}

static void
a_call_asked_for_again_by_a_guessed_id_is_not_opened_twice(void **state)
{
	struct solo *s = new_solo(SOLO_SERVER);
	struct l2tp_message m = solo_message(s, L2TP_ICRQ);

	(void)state;
	solo_tunnel_up(s);
	s->silent[UT_FX_OPEN_SESSION] = true;
	solo_say_type(s, L2TP_ICRQ);
	assert_int_equal(s->n_effects[UT_FX_OPEN_SESSION], 1);
	for (uint32_t sid = 1; sid <= UINT16_MAX && s->n_reports[UT_REPORT_SESSION_ENDED] == 0; sid++)
		solo_say(s, &m, (struct l2tp_sid){ (uint16_t)sid });
	assert_int_equal(s->n_effects[UT_FX_OPEN_SESSION], 1);
	assert_int_equal(s->n_effects[UT_FX_CLOSE_SESSION], 1);
	solo_end(s);
}

/* The slot is the same, the call is another. */
static void
a_late_data_path_of_a_call_that_is_gone_does_not_connect_the_next(void **state)
{
	struct solo_setup setup = solo_setup_default(SOLO_SERVER);
	struct l2tp_message m;
	struct ut_ref gone;
	struct solo *s;

	(void)state;
	setup.config.n_sessions = 1;
	s = solo_new(SOLO_SERVER, &setup);
	solo_tunnel_up(s);
	s->silent[UT_FX_OPEN_SESSION] = true;
	solo_say_type(s, L2TP_ICRQ);
	gone = s->session;
	m = solo_message(s, L2TP_CDN);
	solo_say(s, &m, s->sid);
	solo_say_type(s, L2TP_ICRQ);
	assert_int_equal(s->n_effects[UT_FX_OPEN_SESSION], 2);
	assert_int_equal(s->session.index, gone.index);
	solo_feed(s, (struct ut_event){ .kind = UT_EV_SESSION_OPENED, .ref = gone });
	assert_int_equal(solo_count(s, L2TP_ICRP), 0);
	solo_feed(s, (struct ut_event){ .kind = UT_EV_SESSION_OPENED, .ref = s->session });
	assert_int_equal(solo_count(s, L2TP_ICRP), 1);
	solo_end(s);
}

/* The peer takes one message at a time, and does not acknowledge the first call. */
static void
an_acknowledgement_bears_the_number_behind_what_was_sent_not_what_waits(void **state)
{
	struct solo_setup setup = solo_setup_default(SOLO_CLIENT);
	const struct solo_sent *last;
	struct l2tp_message m;
	struct solo *s;

	(void)state;
	setup.client.n_links = setup.config.n_links = setup.config.n_sessions = 2;
	s = solo_new(SOLO_CLIENT, &setup);
	m = solo_message(s, L2TP_SCCRP);
	m.present |= L2TP_HAS(RECEIVE_WINDOW_SIZE);
	m.receive_window = 1;
	solo_start(s);
	solo_say(s, &m, (struct l2tp_sid){ 0 });
	solo_ack(s);
	assert_int_equal(solo_count(s, L2TP_ICRQ), 1);
	last = &s->sent[(s->n_sent - 1) % SOLO_SENT];
	assert_int_equal(last->message.type, L2TP_ICRQ);
	s->nr = last->header.ns;
	solo_say_type(s, L2TP_HELLO);
	solo_run(s, 100);
	assert_int_equal(solo_count(s, L2TP_ICRQ), 1);
	assert_int_equal(s->sent[(s->n_sent - 1) % SOLO_SENT].message.type, L2TP_ZLB);
	assert_int_equal(s->sent[(s->n_sent - 1) % SOLO_SENT].header.ns, last->header.ns + 1);
	s->nr = (uint16_t)(last->header.ns + 1);
	solo_end(s);
}

/* The stop takes the session away that was to be opened next. */
static void
a_stop_between_two_parts_of_a_step_ends_everything(void **state)
{
	enum { PARTS = 24 };
	struct solo_setup setup = solo_setup_default(SOLO_CLIENT);

	(void)state;
	setup.client.n_links = setup.config.n_links = setup.config.n_sessions = 3;
	for (unsigned parts = 0; parts < PARTS; parts++) {
		struct solo *const s = solo_new(SOLO_CLIENT, &setup);

		solo_start(s);
		s->in_parts = true;
		solo_say_type(s, L2TP_SCCRP);
		for (unsigned k = 0; k < parts; k++)
			solo_feed(s, (struct ut_event){ .kind = UT_EV_CONTINUE });
		solo_stop(s);
		for (unsigned k = 0; k < PARTS * 2; k++)
			solo_feed(s, (struct ut_event){ .kind = UT_EV_CONTINUE });
		solo_end(s);
	}
}

static struct solo *
two_unanswered_calls(uint16_t hello_s)
{
	struct solo_setup setup = solo_setup_default(SOLO_CLIENT);
	struct solo *s;

	setup.params.hello_s = hello_s;
	setup.client.n_links = setup.config.n_links = setup.config.n_sessions = 2;
	s = solo_new(SOLO_CLIENT, &setup);
	solo_tunnel_up(s);
	return s;
}

/* It could be either (interop 23). */
static void
a_cdn_that_names_no_session_ends_none_of_two(void **state)
{
	struct solo *s = two_unanswered_calls(60);
	struct l2tp_message m = solo_message(s, L2TP_CDN);

	(void)state;
	solo_ack(s);
	solo_ack(s);
	assert_int_equal(solo_count(s, L2TP_ICRQ), 2);
	m.assigned_sid.v = 0x7777;
	solo_say(s, &m, (struct l2tp_sid){ 0 });
	assert_int_equal(s->n_reports[UT_REPORT_SESSION_ENDED], 0);
	solo_end(s);
}

static void
no_hello_is_sent_beside_what_waits_for_its_acknowledgement(void **state)
{
	struct solo *s = two_unanswered_calls(2);

	(void)state;
	solo_run(s, 10000);
	assert_true(solo_count(s, L2TP_ICRQ) > 2);
	solo_ack(s);
	assert_int_equal(solo_count(s, L2TP_HELLO), 0);
	solo_end(s);
}

static void
a_message_sent_later_does_not_put_off_the_retransmission_of_the_first(void **state)
{
	struct solo_setup setup = solo_setup_default(SOLO_CLIENT);
	struct solo *s;

	(void)state;
	setup.config.n_sessions = 2;
	s = solo_new(SOLO_CLIENT, &setup);
	solo_start(s);
	solo_say_type(s, L2TP_SCCRP);
	assert_int_equal(solo_count(s, L2TP_ICRQ), 1);
	s->nr--; /* SCCCN arrived, ICRQ did not */
	solo_ack(s);
	solo_run(s, 900);
	solo_feed(s, (struct ut_event){ .kind = UT_EV_CALL, .ref = s->tunnel });
	assert_int_equal(solo_count(s, L2TP_OCRQ), 1);
	solo_run(s, 200);
	assert_int_equal(solo_count(s, L2TP_ICRQ), 2);
	solo_end(s);
}

static void
a_data_path_that_nobody_asked_for_does_not_connect_a_call(void **state)
{
	struct solo *s = new_solo(SOLO_CLIENT);

	(void)state;
	solo_tunnel_up(s);
	(void)solo_expect(s, L2TP_ICRQ);
	for (uint16_t i = 0; i < s->config.n_sessions; i++)
		solo_feed(s, (struct ut_event){ .kind = UT_EV_SESSION_OPENED, .ref = { i, 0 } });
	assert_null(solo_heard(s));
	solo_end(s);
}

static void
two_links_that_end_together_both_come_back(void **state)
{
	struct solo_setup setup = solo_setup_default(SOLO_CLIENT);
	struct ut_ref links[2];
	struct solo *s;

	(void)state;
	setup.client.reconnect = true;
	setup.client.n_links = 2;
	s = solo_new(SOLO_CLIENT, &setup);
	solo_tunnel_up(s);
	for (unsigned k = 0; k < 2; k++) {
		struct l2tp_message m = solo_message(s, L2TP_ICRP);
		const struct solo_sent *d = solo_expect(s, L2TP_ICRQ);

		m.assigned_sid.v = (uint16_t)(SOLO_SID + k);
		solo_say(s, &m, d->message.assigned_sid);
		solo_ack(s);
		links[k] = s->link;
		while (k == 1 && solo_heard(s) != NULL)
			;
	}
	assert_int_equal(s->n_effects[UT_FX_START_PPP], 2);
	solo_feed(s,
		  (struct ut_event){ .kind = UT_EV_PPP_ENDED, .ref = links[0], .end = ut_end_of_pppd(16) });
	assert_string_equal(ut_engine_link_state(s->e, links[0]), "backoff");
	solo_feed(s,
		  (struct ut_event){ .kind = UT_EV_PPP_ENDED, .ref = links[1], .end = ut_end_of_pppd(16) });
	/* none holds the tunnel: it is closed, and all start afresh */
	assert_string_equal(ut_engine_client_state(s->e, s->client), "closing");
	solo_run(s, 10000);
	assert_true(s->n_reports[UT_REPORT_ATTEMPT] >= 2);
	assert_int_equal(s->n_reports[UT_REPORT_ENDED], 0);
	solo_end(s);
}

static void
a_tunnel_given_up_to_the_peer_is_pinned_to_its_port(void **state)
{
	struct solo_setup setup = solo_setup_default(SOLO_CLIENT);
	struct solo *s;
	struct l2tp_message m;
	const struct solo_sent *d;

	(void)state;
	s = solo_new(SOLO_CLIENT, &setup);
	solo_start(s);
	(void)solo_expect(s, L2TP_SCCRQ);
	s->peer.port = 5000;
	m = solo_message(s, L2TP_SCCRQ);
	m.present |= L2TP_HAS(TIE_BREAKER);
	m.tie_breaker = 7;
	s->nr = 0;
	solo_say(s, &m, (struct l2tp_sid){ 0 });
	d = solo_expect(s, L2TP_SCCRP);
	assert_int_equal(d->peer.port, 5000);
	s->ns = 0; /* a duplicate is acknowledged, and no other tunnel's */
	solo_say(s, &m, (struct l2tp_sid){ 0 });
	assert_null(solo_heard(s));
	solo_say_type(s, L2TP_SCCCN);
	assert_string_equal(ut_engine_tunnel_state(s->e, s->tunnel), "established");
	assert_int_equal(s->n_effects[UT_FX_CONNECT_PATH], 1);
	solo_end(s);
}

/* What the engine finds on its stack where it did not write: a slice that lies nowhere. */
static void __attribute__((noinline)) spoil_stack(void)
{
	volatile uint8_t octets[32768];

	for (size_t i = 0; i < sizeof octets; i++)
		octets[i] = 0x55;
}

/* Says no more than which message it is. */
static void
say_bare(struct solo *s, enum l2tp_message_type type)
{
	enum { OCTETS = 20 };
	const unsigned fields[] = { 0xc802, OCTETS, s->tid.v, type == L2TP_CDN ? s->sid.v : 0, s->ns++,
				    s->nr,  0x8008, 0,	      L2TP_AVP_MESSAGE_TYPE,	       type };
	uint8_t octets[OCTETS];
	struct ut_put w = ut_put_into(octets, sizeof octets);

	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
		ut_put_u16(&w, (uint16_t)fields[i]);
	assert_int_equal(w.len, sizeof octets);
	spoil_stack();
	solo_say_octets(s, octets, sizeof octets);
}

/* Interop 23: real peers leave the Result Code out, and with it its Error Message. */
static void
an_end_without_result_code_has_no_words_to_be_told(void **state)
{
	static const enum l2tp_message_type types[] = { L2TP_CDN, L2TP_STOPCCN };

	(void)state;
	for (size_t k = 0; k < sizeof types / sizeof types[0]; k++) {
		struct solo *s = new_solo(SOLO_CLIENT);
		const struct ut_end *end = types[k] == L2TP_CDN ? &s->session_end : &s->tunnel_end;

		solo_call_up(s);
		say_bare(s, types[k]);
		assert_int_equal(s->n_reports[UT_REPORT_SESSION_ENDED], 1);
		assert_int_equal(end->cause, UT_CAUSE_REMOTE);
		assert_int_equal(end->result, 0);
		assert_int_equal(end->error, 0);
		assert_int_equal(s->end_octets, 0);
		solo_end(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_change_of_network_without_hello_does_not_hang),
		cmocka_unit_test(a_client_does_not_end_before_the_ppp_of_a_lost_tunnel),
		cmocka_unit_test(a_stopccn_goes_out_although_the_set_up_took_too_long),
		cmocka_unit_test(a_peer_that_never_sends_scccn_does_not_keep_its_tunnel),
		cmocka_unit_test(a_close_is_not_held_up_by_what_was_lost_before),
		cmocka_unit_test(a_call_that_never_connects_is_ended_with_result_10),
		cmocka_unit_test(a_call_whose_data_path_never_opens_is_ended_too),
		cmocka_unit_test(more_calls_than_one_turn_takes_end_together_or_not_at_all),
		cmocka_unit_test(timers_work_after_months_without_an_event),
		cmocka_unit_test(timers_work_after_months_of_sleep),
		cmocka_unit_test(the_network_coming_back_ends_the_wait_and_its_timer),
		cmocka_unit_test(a_start_while_it_ends_does_not_undo_the_stop),
		cmocka_unit_test(a_late_result_is_not_blamed_for_the_end),
		cmocka_unit_test(a_lost_address_ends_the_tunnel_at_once),
		cmocka_unit_test(a_socket_lost_after_the_end_is_not_blamed),
		cmocka_unit_test(a_stop_between_two_attempts_is_the_users),
		cmocka_unit_test(a_socket_reported_twice_opens_one_tunnel),
		cmocka_unit_test(without_randomness_no_challenge_is_left_out),
		cmocka_unit_test(a_second_tunnel_on_a_clients_socket_is_turned_away),
		cmocka_unit_test(a_call_asked_for_again_by_a_guessed_id_is_not_opened_twice),
		cmocka_unit_test(a_late_data_path_of_a_call_that_is_gone_does_not_connect_the_next),
		cmocka_unit_test(an_acknowledgement_bears_the_number_behind_what_was_sent_not_what_waits),
		cmocka_unit_test(a_stop_between_two_parts_of_a_step_ends_everything),
		cmocka_unit_test(a_message_sent_later_does_not_put_off_the_retransmission_of_the_first),
		cmocka_unit_test(a_cdn_that_names_no_session_ends_none_of_two),
		cmocka_unit_test(no_hello_is_sent_beside_what_waits_for_its_acknowledgement),
		cmocka_unit_test(a_data_path_that_nobody_asked_for_does_not_connect_a_call),
		cmocka_unit_test(two_links_that_end_together_both_come_back),
		cmocka_unit_test(a_tunnel_given_up_to_the_peer_is_pinned_to_its_port),
		cmocka_unit_test(an_end_without_result_code_has_no_words_to_be_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
