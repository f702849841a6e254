/* test_engine_news.c - every result and order of the host at every place of a conversation, wanted or not
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/fsm/solo.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void
answer_calls(struct solo *s)
{
	const struct solo_sent *d;

	while ((d = solo_heard(s)) != NULL) {
		struct l2tp_message m = solo_message(s, L2TP_ICRP);

		m.assigned_sid = d->message.assigned_sid;
		if (d->message.type == L2TP_ICRQ)
			solo_say(s, &m, d->message.assigned_sid);
		solo_ack(s);
	}
}

static void
go_quiet(struct solo *s, enum ut_effect_kind kind)
{
	s->silent[kind] = true;
	solo_start(s);
	if (solo_heard(s) == NULL)
		return;
	solo_say_type(s, L2TP_SCCRP);
	solo_ack(s);
	answer_calls(s);
}

static void
at_idle(struct solo *s)
{
	(void)s;
}

static void
at_resolve(struct solo *s)
{
	go_quiet(s, UT_FX_RESOLVE);
}

static void
at_protect(struct solo *s)
{
	go_quiet(s, UT_FX_PROTECT);
}

static void
at_probe(struct solo *s)
{
	go_quiet(s, UT_FX_PROBE);
}

static void
at_path(struct solo *s)
{
	go_quiet(s, UT_FX_OPEN_PATH);
}

static void
at_dial(struct solo *s)
{
	solo_start(s);
}

static void
at_call(struct solo *s)
{
	solo_start(s);
	(void)solo_heard(s);
	solo_say_type(s, L2TP_SCCRP);
	solo_ack(s);
}

static void
at_link(struct solo *s)
{
	go_quiet(s, UT_FX_OPEN_SESSION);
}

static void
at_ppp(struct solo *s)
{
	s->ppp_comes_up = false;
	go_quiet(s, UT_FX_FRAME);
}

static void
at_up(struct solo *s)
{
	go_quiet(s, UT_FX_FRAME);
}

static void
at_stopping(struct solo *s)
{
	at_up(s);
	s->silent[UT_FX_STOP_PPP] = s->silent[UT_FX_HANGUP_PPP] = true;
	solo_say_type(s, L2TP_CDN);
}

static void
at_closing(struct solo *s)
{
	at_up(s);
	solo_stop(s);
}

static void
at_backoff(struct solo *s)
{
	s->fails[UT_FX_RESOLVE] = true;
	solo_start(s);
}

static void
at_link_backoff(struct solo *s)
{
	at_up(s);
	solo_feed(s,
		  (struct ut_event){ .kind = UT_EV_PPP_ENDED, .ref = { 0, 0 }, .end = ut_end_of_pppd(16) });
}

static void (*const places[])(struct solo *) = { at_idle,     at_resolve, at_protect, at_probe,	      at_path,
						 at_dial,     at_call,	  at_link,    at_ppp,	      at_up,
						 at_stopping, at_closing, at_backoff, at_link_backoff };
enum { PLACES = sizeof places / sizeof places[0] };

static void
feed_news(struct solo *s, enum ut_event_kind kind, int err)
{
	struct ut_event ev = { .kind = kind, .ref = s->client, .err = err, .peer = s->peer };

	ev.end = ut_end_of_pppd(16);
	if (kind == UT_EV_SESSION_OPENED || kind == UT_EV_SESSION_CLOSE)
		ev.ref = s->session;
	else if (kind == UT_EV_TUNNEL_CLOSE)
		ev.ref = s->tunnel;
	else if (kind == UT_EV_PPP_STARTED || kind == UT_EV_PPP_UP || kind == UT_EV_PPP_ENDED)
		ev.ref = (struct ut_ref){ 0, 0 }; /* the first link */
	if (ev.ref.index != UT_REF_NONE)
		solo_feed(s, ev);
}

static bool
is_news(enum ut_event_kind kind)
{
	return kind != UT_EV_CONTINUE && kind != UT_EV_RANDOM && kind != UT_EV_DEADLINE &&
	       kind != UT_EV_DATAGRAM;
}

/* bits: two links, reconnect, no data path, no limit of set-up. */
static struct solo *
new_client(unsigned bits)
{
	struct solo_setup setup = solo_setup_default(SOLO_CLIENT);

	setup.client.n_links = (bits & 1) != 0 ? 2 : 1;
	setup.client.reconnect = (bits & 2) != 0;
	setup.client.needs_data_path = (bits & 4) == 0;
	setup.client.setup_ms = (bits & 8) != 0 ? 0 : 20000;
	return solo_new(SOLO_CLIENT, &setup);
}

static void
any_news_at_any_place_leaves_a_client_that_can_be_stopped(void **state)
{
	(void)state;
	for (unsigned bits = 0; bits < 16; bits++) {
		for (unsigned p = 0; p < PLACES; p++) {
			for (int kind = 0; kind < UT_EVENT_N; kind++) {
				for (int err = 0; is_news((enum ut_event_kind)kind) && err < 10; err += 5) {
					struct solo *s = new_client(bits);

					places[p](s);
					feed_news(s, (enum ut_event_kind)kind, err);
					solo_run(s, 1);
					solo_end(s);
				}
			}
		}
	}
}

static void
any_place_times_out_or_stays_and_can_be_stopped_twice(void **state)
{
	(void)state;
	for (unsigned bits = 0; bits < 16; bits++) {
		for (unsigned p = 0; p < PLACES; p++) {
			struct solo *s = new_client(bits);

			places[p](s);
			solo_run(s, 120000);
			solo_end(s);
			s = new_client(bits);
			places[p](s);
			solo_stop(s);
			solo_stop(s);
			solo_run(s, 2500); /* no more courtesy */
			assert_string_equal(ut_engine_client_state(s->e, s->client), "idle");
			solo_end(s);
		}
	}
}

/* ---- a server's calls ---- */

static void
calls_of_a_server_take_any_news(void **state)
{
	static const enum ut_event_kind kinds[] = { UT_EV_SESSION_OPENED, UT_EV_SESSION_CLOSE,
						    UT_EV_TUNNEL_CLOSE };

	(void)state;
	for (unsigned type = 0; type < 2; type++) {
		for (unsigned opened = 0; opened < 3; opened++) {
			for (unsigned k = 0; k < 6; k++) {
				struct solo_setup setup = solo_setup_default(SOLO_SERVER);
				struct solo *s = solo_new(SOLO_SERVER, &setup);

				solo_tunnel_up(s);
				s->silent[UT_FX_OPEN_SESSION] = true;
				solo_say_type(s, type == 0 ? L2TP_ICRQ : L2TP_OCRQ);
				if (opened > 0)
					feed_news(s, UT_EV_SESSION_OPENED, 0);
				solo_ack(s);
				(void)solo_heard(s);
				if (opened > 1 && type == 0)
					solo_say_type(s, L2TP_ICCN);
				feed_news(s, kinds[k % 3], k < 3 ? 0 : 5);
				solo_end(s);
			}
		}
	}
}

/* ---- messages to the id of a call that was not told yet, or of the wrong kind ---- */

static void
say_to_call(struct solo *s, enum l2tp_message_type type, bool faulty)
{
	struct l2tp_message m = solo_message(s, type);

	if (!faulty)
		solo_say(s, &m, s->sid);
	else
		solo_say_faulty(s, type);
}

static void
a_message_to_the_guessed_id_of_a_call_leaves_nothing_behind(void **state)
{
	static const enum l2tp_message_type types[] = { L2TP_ICRQ, L2TP_ICRP, L2TP_ICCN, L2TP_OCRQ, L2TP_OCRP,
							L2TP_OCCN, L2TP_CDN,  L2TP_WEN,	 L2TP_SLI };

	(void)state;
	for (unsigned place = 0; place < 4; place++) {
		for (size_t k = 0; k < 2 * (sizeof types / sizeof types[0]); k++) {
			enum solo_role role = place < 2 ? SOLO_SERVER : SOLO_CLIENT;
			struct solo_setup setup = solo_setup_default(role);
			struct solo *s = solo_new(role, &setup);

			if (role == SOLO_CLIENT) {
				(place == 2 ? at_call : at_up)(s);
				solo_ack(s);
			} else {
				solo_tunnel_up(s);
				s->silent[UT_FX_OPEN_SESSION] = true;
				solo_say_type(s, place == 0 ? L2TP_ICRQ : L2TP_OCRQ);
			}
			say_to_call(s, types[k / 2], k % 2 != 0);
			assert_true(s->n_effects[UT_FX_OPEN_SESSION] <= 2);
			solo_end(s);
		}
	}
}

/* A goodbye, a retransmission or an acknowledgement would go out in clear. */
static void
lost_protection_is_the_last_of_a_tunnel(void **state)
{
	static void (*const busy[])(struct solo *) = { at_path, at_dial, at_call, at_up };

	(void)state;
	for (size_t k = 0; k < sizeof busy / sizeof busy[0]; k++) {
		struct solo_setup setup = solo_setup_default(SOLO_CLIENT);
		struct solo *s = solo_new(SOLO_CLIENT, &setup);

		busy[k](s);
		const unsigned sent = s->n_sent;
		solo_feed(s, (struct ut_event){ .kind = UT_EV_PROTECTED, .ref = s->client, .err = EACCES });
		solo_run(s, 40000);
		assert_int_equal(s->n_sent, sent);
		assert_int_equal(s->n_effects[UT_FX_STOP_PPP], 0);
		assert_int_equal(s->n_reports[UT_REPORT_ENDED], 1);
		assert_int_equal(s->ended.cause, UT_CAUSE_NETWORK);
		assert_int_equal(s->ended.code, EACCES);
		solo_end(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_news_at_any_place_leaves_a_client_that_can_be_stopped),
		cmocka_unit_test(any_place_times_out_or_stays_and_can_be_stopped_twice),
		cmocka_unit_test(calls_of_a_server_take_any_news),
		cmocka_unit_test(lost_protection_is_the_last_of_a_tunnel),
		cmocka_unit_test(a_message_to_the_guessed_id_of_a_call_leaves_nothing_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
