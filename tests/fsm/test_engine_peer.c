/* test_engine_peer.c - authentication, tie breakers, the habits of real peers, empty pools
 * SPDX-License-Identifier: Apache-2.0
 *
 * "Interop" numbers are the rules a client must honour, collected from what other implementations do.
 */
#include "tests/fsm/solo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static const struct l2tp_secret right = { .octets = "right", .n = 5 };
static const struct l2tp_secret wrong = { .octets = "wrong", .n = 5 };
static const struct l2tp_sid no_sid = { 0 };

static struct solo *
new_solo(enum solo_role role)
{
	struct solo_setup setup = solo_setup_default(role);

	return solo_new(role, &setup);
}

static struct solo *
new_with_secret(enum solo_role role, bool authenticate)
{
	struct solo_setup setup = solo_setup_default(role);

	setup.params.secret = right;
	setup.params.authenticate_peer = authenticate;
	return solo_new(role, &setup);
}

/* ---- tunnel authentication ---- */

static void
the_response_in_scccn_is_md5_of_type_secret_and_challenge(void **state)
{
	struct solo *s = new_with_secret(SOLO_CLIENT, false);
	struct l2tp_message m = solo_message(s, L2TP_SCCRP);
	uint8_t want[L2TP_RESPONSE_OCTETS];
	const struct solo_sent *d;

	(void)state;
	solo_start(s);
	m.present |= L2TP_HAS(CHALLENGE);
	m.challenge = ut_slice_str("a challenge of odd length");
	solo_say(s, &m, no_sid);
	(void)solo_expect(s, L2TP_SCCRQ);
	d = solo_expect(s, L2TP_SCCCN);
	l2tp_challenge_response(want, L2TP_SCCCN, &right, m.challenge);
	assert_true((d->message.present & L2TP_HAS(CHALLENGE_RESPONSE)) != 0);
	assert_memory_equal(d->message.challenge_response.p, want, sizeof want);
	solo_end(s);
}

static void
say_with_response(struct solo *s, enum l2tp_message_type type, const struct l2tp_secret *secret,
		  struct ut_slice challenge)
{
	struct l2tp_message m = solo_message(s, type);
	uint8_t response[L2TP_RESPONSE_OCTETS];

	if (secret != NULL) {
		l2tp_challenge_response(response, type, secret, challenge);
		m.present |= L2TP_HAS(CHALLENGE_RESPONSE);
		m.challenge_response = ut_slice(response, sizeof response);
	}
	if (type == L2TP_SCCRP) {
		m.present |= L2TP_HAS(CHALLENGE);
		m.challenge = ut_slice_str("theirs");
	}
	solo_say(s, &m, no_sid);
}

static void
a_right_wrong_or_missing_response_decides_for_both_roles(void **state)
{
	const struct l2tp_secret *const secrets[] = { &right, &wrong, NULL };

	(void)state;
	for (unsigned role = 0; role < 2; role++) {
		for (unsigned k = 0; k < 3; k++) {
			struct solo *s = new_with_secret((enum solo_role)role, true);
			const struct solo_sent *d;

			if (role == SOLO_CLIENT)
				solo_start(s);
			else
				solo_say_type(s, L2TP_SCCRQ);
			d = solo_expect(s, role == SOLO_CLIENT ? L2TP_SCCRQ : L2TP_SCCRP);
			assert_true((d->message.present & L2TP_HAS(CHALLENGE)) != 0);
			say_with_response(s, role == SOLO_CLIENT ? L2TP_SCCRP : L2TP_SCCCN, secrets[k],
					  d->message.challenge);
			if (k == 0) {
				assert_string_equal(ut_engine_tunnel_state(s->e, s->tunnel), "established");
			} else {
				d = solo_expect(s, L2TP_STOPCCN);
				assert_int_equal(d->message.result, L2TP_STOPCCN_UNAUTHORIZED);
				/* the peer is not who it should be: no response of ours either */
				assert_int_equal(solo_count(s, L2TP_SCCCN), 0);
				assert_int_equal(s->tunnel_end.cause, UT_CAUSE_CHALLENGE);
			}
			solo_end(s);
		}
	}
}

static void
a_challenge_without_a_secret_is_refused_by_both_roles(void **state)
{
	(void)state;
	for (unsigned role = 0; role < 2; role++) {
		struct solo *s = new_solo((enum solo_role)role);
		struct l2tp_message m = solo_message(s, role == SOLO_CLIENT ? L2TP_SCCRP : L2TP_SCCRQ);

		if (role == SOLO_CLIENT) {
			solo_start(s);
			(void)solo_expect(s, L2TP_SCCRQ);
		}
		m.present |= L2TP_HAS(CHALLENGE);
		m.challenge = ut_slice_str("who are you?");
		solo_say(s, &m, no_sid);
		assert_int_equal(solo_expect(s, L2TP_STOPCCN)->message.result, L2TP_STOPCCN_UNAUTHORIZED);
		if (role == SOLO_CLIENT) {
			solo_ack(s);
			assert_int_equal(ut_end_status(s->ended), 4);
		}
		solo_end(s);
	}
}

static void
a_version_we_do_not_speak_is_refused(void **state)
{
	struct solo *s = new_solo(SOLO_SERVER);
	struct l2tp_message m = solo_message(s, L2TP_SCCRQ);
	const struct solo_sent *d;

	(void)state;
	m.protocol_version = 0x0200;
	solo_say(s, &m, no_sid);
	d = solo_expect(s, L2TP_STOPCCN);
	assert_int_equal(d->message.result, L2TP_STOPCCN_VERSION);
	assert_int_equal(d->message.error, 0x0100);
	solo_end(s);
}

/* ---- tie breakers: RFC 2661 4.4.3 ---- */

struct tie {
	const char *what;
	bool ours, theirs;
	int order;		       /* theirs against ours: -1 lower, 0 equal, 1 higher */
	enum l2tp_message_type answer; /* to their SCCRQ; ZLB: none */
	const char *state;
};
static const struct tie ties[] = {
	{ "theirs is lower: they win", true, true, -1, L2TP_SCCRP, "wait-ctl-conn" },
	{ "ours is lower: theirs is dropped", true, true, 1, L2TP_ZLB, "wait-ctl-reply" },
	{ "equal: both are dropped", true, true, 0, L2TP_ZLB, NULL },
	{ "only we have one: we win", true, false, 0, L2TP_ZLB, "wait-ctl-reply" },
	{ "only they have one: they win", false, true, 0, L2TP_SCCRP, "wait-ctl-conn" },
	{ "none: two tunnels, and ours takes one", false, false, 0, L2TP_STOPCCN, "wait-ctl-reply" },
};

static void
check_tie(const struct tie *tie)
{
	struct solo_setup setup = solo_setup_default(SOLO_CLIENT);
	const struct solo_sent *d;
	struct l2tp_message m;
	struct solo *s;

	setup.params.tie_breaker = tie->ours;
	s = solo_new(SOLO_CLIENT, &setup);
	solo_start(s);
	d = solo_expect(s, L2TP_SCCRQ);
	assert_int_equal((d->message.present & L2TP_HAS(TIE_BREAKER)) != 0, tie->ours);
	m = solo_message(s, L2TP_SCCRQ);
	m.tie_breaker = d->message.tie_breaker + (uint64_t)tie->order;
	if (tie->theirs)
		m.present |= L2TP_HAS(TIE_BREAKER);
	s->nr = 0;
	solo_say(s, &m, no_sid);
	d = solo_heard(s);
	if (tie->answer == L2TP_ZLB ? d != NULL : d == NULL || d->message.type != tie->answer)
		fail_msg("%s: answered otherwise", tie->what);
	if (tie->state == NULL)
		assert_int_equal(ut_engine_counts(s->e).tunnels, 0);
	else
		assert_string_equal(ut_engine_tunnel_state(s->e, s->tunnel), tie->state);
	if (tie->answer == L2TP_SCCRP) { /* theirs goes on, and our call in it */
		solo_say_type(s, L2TP_SCCCN);
		solo_ack(s);
		(void)solo_expect(s, L2TP_ICRQ);
	}
	solo_end(s);
}

static void
each_outcome_of_a_tie(void **state)
{
	(void)state;
	for (size_t k = 0; k < sizeof ties / sizeof ties[0]; k++)
		check_tie(&ties[k]);
}

/* ---- interop ---- */

static void
interop_10_tunnel_ids_are_random_and_never_zero(void **state)
{
	uint16_t last = 0;

	(void)state;
	for (unsigned k = 0; k < 3; k++) {
		struct solo *s = new_solo(SOLO_CLIENT);

		solo_start(s);
		assert_int_not_equal(s->tid.v, 0);
		solo_stop(s);
		solo_run(s, 1000);
		last = s->tid.v;
		solo_start(s);
		assert_int_not_equal(s->tid.v, last); /* not reused after a restart */
		solo_end(s);
	}
}

static void
interop_11_an_acknowledgement_takes_no_number_and_is_not_acknowledged(void **state)
{
	struct solo *s = new_solo(SOLO_SERVER);
	const struct solo_sent *d;
	unsigned n;

	(void)state;
	solo_tunnel_up(s);
	solo_say_type(s, L2TP_HELLO);
	d = &s->sent[s->n_sent - 1];
	assert_int_equal(d->header.payload.n, 0);
	assert_int_equal(d->header.ns, 1);
	solo_say_type(s, L2TP_HELLO);
	assert_int_equal(s->sent[s->n_sent - 1].header.ns, 1);
	n = s->n_sent;
	solo_ack(s);
	solo_run(s, 1000);
	assert_int_equal(s->n_sent, n);
	solo_end(s);
}

static void
interop_12_what_acknowledges_the_unsent_is_ignored(void **state)
{
	struct solo *s = new_solo(SOLO_SERVER);
	unsigned n;

	(void)state;
	solo_tunnel_up(s);
	n = s->n_sent;
	s->nr = 9;
	solo_say_type(s, L2TP_STOPCCN);
	assert_int_equal(s->n_sent, n);
	assert_string_equal(ut_engine_tunnel_state(s->e, s->tunnel), "established");
	solo_end(s);
}

static void
interop_13_more_in_flight_than_advertised_is_taken(void **state)
{
	struct solo_setup setup = solo_setup_default(SOLO_SERVER);
	struct solo *s;

	(void)state;
	setup.params.receive_window = 1;
	s = solo_new(SOLO_SERVER, &setup);
	solo_say_type(s, L2TP_SCCRQ);
	(void)solo_expect(s, L2TP_SCCRP);
	s->ns = 2; /* ICRQ overtakes SCCCN */
	solo_say_type(s, L2TP_ICRQ);
	s->ns = 1;
	solo_say_type(s, L2TP_SCCCN);
	solo_ack(s);
	(void)solo_expect(s, L2TP_ICRP);
	s->ns = 3;
	solo_end(s);
}

static void
interop_18_the_port_of_the_first_reply_is_adopted_and_then_kept(void **state)
{
	struct solo *s = new_solo(SOLO_CLIENT);

	(void)state;
	solo_start(s);
	(void)solo_expect(s, L2TP_SCCRQ);
	s->peer.port = 33333;
	solo_say_type(s, L2TP_SCCRP);
	assert_int_equal(solo_expect(s, L2TP_SCCCN)->peer.port, 33333);
	assert_int_equal(s->n_effects[UT_FX_CONNECT_PATH], 1);
	s->peer.port = 44444;
	solo_say_type(s, L2TP_STOPCCN);
	assert_string_equal(ut_engine_tunnel_state(s->e, s->tunnel), "established");
	s->peer.port = 33333;
	s->peer.address[0] = 11;
	s->ns--;
	solo_say_type(s, L2TP_STOPCCN);
	assert_string_equal(ut_engine_tunnel_state(s->e, s->tunnel), "established");
	solo_end(s);
}

static void
interop_20_hello_is_taken_and_acknowledged_in_every_state(void **state)
{
	struct solo *s = new_solo(SOLO_CLIENT);

	(void)state;
	solo_start(s);
	(void)solo_expect(s, L2TP_SCCRQ);
	solo_say_type(s, L2TP_HELLO);
	assert_int_equal(s->sent[s->n_sent - 1].header.payload.n, 0);
	assert_int_equal(s->sent[s->n_sent - 1].header.nr, 1);
	solo_say_type(s, L2TP_SCCRP);
	(void)solo_expect(s, L2TP_SCCCN);
	solo_ack(s);
	(void)solo_expect(s, L2TP_ICRQ);
	solo_say_type(s, L2TP_HELLO); /* before ICRP */
	solo_say_type(s, L2TP_ICRP);
	(void)solo_expect(s, L2TP_ICCN);
	solo_end(s);
}

static void
interop_21_sli_and_wen_are_acknowledged_and_change_nothing(void **state)
{
	struct solo *s = new_solo(SOLO_CLIENT);
	unsigned n;

	(void)state;
	solo_call_up(s);
	n = s->n_sent;
	solo_say_type(s, L2TP_SLI);
	solo_say_type(s, L2TP_WEN);
	assert_int_equal(s->n_sent, n + 2);
	assert_null(solo_heard(s));
	assert_int_equal(ut_engine_counts(s->e).sessions, 1);
	solo_end(s);
}

static void
interop_22_a_reply_to_tunnel_0_is_taken(void **state)
{
	struct solo *s = new_solo(SOLO_CLIENT);
	struct l2tp_tid tid;

	(void)state;
	solo_start(s);
	(void)solo_expect(s, L2TP_SCCRQ);
	tid = s->tid;
	s->tid.v = 0;
	solo_say_type(s, L2TP_SCCRP);
	s->tid = tid;
	(void)solo_expect(s, L2TP_SCCCN);
	solo_end(s);
}

static void
interop_23_a_cdn_to_session_0_closes_the_call_it_names(void **state)
{
	struct solo *s = new_solo(SOLO_CLIENT);
	struct l2tp_message m = solo_message(s, L2TP_CDN);

	(void)state;
	solo_call_up(s);
	solo_say(s, &m, no_sid);
	assert_int_equal(s->n_reports[UT_REPORT_SESSION_ENDED], 1);
	assert_int_equal(s->session_end.cause, UT_CAUSE_REMOTE);
	solo_end(s);
}

static void
interop_23_a_cdn_to_session_0_refuses_the_one_call_that_waits(void **state)
{
	struct solo *s = new_solo(SOLO_CLIENT);
	struct l2tp_message m = solo_message(s, L2TP_CDN);

	(void)state;
	solo_tunnel_up(s);
	assert_int_equal(solo_count(s, L2TP_ICRQ), 1);
	solo_say(s, &m, no_sid);
	assert_int_equal(s->n_reports[UT_REPORT_SESSION_ENDED], 1);
	assert_int_equal(s->session_end.cause, UT_CAUSE_REMOTE);
	solo_end(s);
}

static void
interop_24_a_stopccn_with_a_wrong_assigned_tunnel_id_is_taken(void **state)
{
	struct solo *s = new_solo(SOLO_CLIENT);
	struct l2tp_message m = solo_message(s, L2TP_STOPCCN);

	(void)state;
	solo_call_up(s);
	m.assigned_tid.v = 4711;
	solo_say(s, &m, no_sid);
	assert_int_equal(s->n_reports[UT_REPORT_TUNNEL_ENDED], 1);
	assert_int_equal(s->tunnel_end.cause, UT_CAUSE_REMOTE);
	solo_end(s);
}

static void
interop_25_a_byte_swapped_result_is_read_as_meant(void **state)
{
	struct solo *s = new_solo(SOLO_CLIENT);
	struct l2tp_message m = solo_message(s, L2TP_STOPCCN);

	(void)state;
	solo_call_up(s);
	m.result = 0x0600;
	solo_say(s, &m, no_sid);
	assert_int_equal(s->tunnel_end.result, L2TP_STOPCCN_SHUTDOWN);
	solo_end(s);
}

static void
interop_26_speeds_and_framing_may_be_missing(void **state)
{
	static const uint8_t iccn[] = { 0xc8, 2, 0, 20, 0, 0, 0, 0, 0, 3, 0, 2, 0x80, 8, 0, 0, 0, 0, 0, 12 };
	struct solo *s = new_solo(SOLO_SERVER);
	uint8_t octets[sizeof iccn];

	(void)state;
	solo_tunnel_up(s);
	solo_say_type(s, L2TP_ICRQ);
	(void)solo_expect(s, L2TP_ICRP);
	memcpy(octets, iccn, sizeof iccn);
	octets[4] = (uint8_t)(s->tid.v >> 8);
	octets[5] = (uint8_t)s->tid.v;
	octets[6] = (uint8_t)(s->sid.v >> 8);
	octets[7] = (uint8_t)s->sid.v;
	solo_say_octets(s, octets, sizeof octets);
	s->ns++;
	assert_int_equal(s->n_reports[UT_REPORT_SESSION_UP], 1);
	solo_end(s);
}

static void
interop_27_data_is_no_error_and_iccn_waits_for_the_kernel(void **state)
{
	struct solo *s = new_solo(SOLO_CLIENT);
	uint8_t frame[] = { 0x00, 0x02, 0, 0, 0, 0, 0xff, 0x03, 0xc0, 0x21 };

	(void)state;
	s->silent[UT_FX_OPEN_SESSION] = true;
	solo_tunnel_up(s);
	(void)solo_expect(s, L2TP_ICRQ);
	solo_say_type(s, L2TP_ICRP);
	assert_null(solo_heard(s));
	frame[2] = (uint8_t)(s->tid.v >> 8);
	frame[3] = (uint8_t)s->tid.v;
	frame[4] = (uint8_t)(s->sid.v >> 8);
	frame[5] = (uint8_t)s->sid.v;
	solo_say_octets(s, frame, sizeof frame);
	assert_int_equal(s->n_effects[UT_FX_FRAME], 0);
	solo_feed(s, (struct ut_event){ .kind = UT_EV_SESSION_OPENED, .ref = s->session });
	(void)solo_expect(s, L2TP_ICCN);
	solo_say_octets(s, frame, sizeof frame);
	assert_int_equal(s->n_effects[UT_FX_FRAME], 1);
	assert_int_equal(s->n_reports[UT_REPORT_FAULT], 0);
	solo_end(s);
}

static void
interop_28_after_stopccn_a_full_cycle_is_spent_answering_duplicates(void **state)
{
	struct solo *s = new_solo(SOLO_SERVER);
	uint16_t ns;

	(void)state;
	solo_tunnel_up(s);
	ns = s->ns;
	solo_say_type(s, L2TP_STOPCCN);
	for (unsigned k = 0; k < 3; k++) {
		unsigned n = s->n_sent;

		solo_run(s, 10000);
		s->ns = ns;
		solo_say_type(s, L2TP_STOPCCN);
		assert_int_equal(s->n_sent, n + 1);
		assert_int_equal(s->sent[s->n_sent - 1].header.nr, ns + 1);
	}
	assert_int_equal(ut_engine_counts(s->e).tunnels, 1);
	solo_run(s, 2000);
	assert_int_equal(ut_engine_counts(s->e).tunnels, 0);
	solo_end(s);
}

static void
interop_29_the_tunnel_is_closed_after_the_last_call(void **state)
{
	struct solo *s = new_solo(SOLO_CLIENT);

	(void)state;
	solo_call_up(s);
	solo_say_type(s, L2TP_CDN);
	solo_run(s, 2000);
	(void)solo_expect(s, L2TP_STOPCCN);
	solo_ack(s);
	assert_int_equal(s->n_reports[UT_REPORT_ENDED], 1);
	assert_int_equal(s->n_effects[UT_FX_CLOSE_PATH], 1);
	solo_end(s);
}

static void
interop_30_a_repeated_sccrp_is_acknowledged_and_ignored(void **state)
{
	struct solo *s = new_solo(SOLO_CLIENT);

	(void)state;
	solo_call_up(s);
	s->ns = 0;
	for (unsigned k = 0; k < 5; k++) {
		unsigned n = s->n_sent;

		solo_say_type(s, L2TP_SCCRP);
		s->ns = 0;
		assert_int_equal(s->n_sent, n + 1);
	}
	assert_null(solo_heard(s));
	assert_string_equal(ut_engine_tunnel_state(s->e, s->tunnel), "established");
	s->ns = 2;
	solo_end(s);
}

static void
interop_30_only_what_is_received_puts_hello_off(void **state)
{
	struct solo_setup setup = solo_setup_default(SOLO_SERVER);
	struct solo *s;

	(void)state;
	setup.params.hello_s = 10;
	s = solo_new(SOLO_SERVER, &setup);
	solo_tunnel_up(s);
	solo_run(s, 9000);
	solo_say_type(s, L2TP_HELLO);
	solo_run(s, 9000);
	assert_int_equal(solo_count(s, L2TP_HELLO), 0);
	solo_run(s, 1100);
	assert_int_equal(solo_count(s, L2TP_HELLO), 1);
	solo_end(s);
}

static void
interop_31_avps_that_do_not_belong_are_stepped_over(void **state)
{
	static const uint8_t scccn[] = { 0xc8, 2, 0, 32, 0, 0,	0, 0, 0, 1, 0, 1, 0x80, 8, 0, 0,
					 0,    0, 0, 3,	 0, 12, 0, 9, 0, 1, 1, 2, 3,	4, 5, 6 };
	struct solo *s = new_solo(SOLO_SERVER);
	uint8_t octets[sizeof scccn];

	(void)state;
	solo_say_type(s, L2TP_SCCRQ);
	(void)solo_expect(s, L2TP_SCCRP);
	memcpy(octets, scccn, sizeof scccn);
	octets[4] = (uint8_t)(s->tid.v >> 8);
	octets[5] = (uint8_t)s->tid.v;
	solo_say_octets(s, octets, sizeof octets);
	s->ns++;
	assert_string_equal(ut_engine_tunnel_state(s->e, s->tunnel), "established");
	solo_end(s);
}

/* ---- pools ---- */

static void
no_tunnel_slot_is_a_stopccn_that_says_so(void **state)
{
	struct solo_setup setup = solo_setup_default(SOLO_SERVER);
	struct solo *s;
	struct l2tp_message m;

	(void)state;
	setup.config.n_tunnels = 1;
	s = solo_new(SOLO_SERVER, &setup);
	solo_tunnel_up(s);
	m = solo_message(s, L2TP_SCCRQ);
	m.assigned_tid.v = 1234;
	solo_say(s, &m, no_sid);
	assert_int_equal(solo_expect(s, L2TP_STOPCCN)->message.error, L2TP_ERROR_RESOURCES);
	assert_int_equal(s->sent[s->n_sent - 1].header.tid.v, 1234);
	assert_int_equal(s->refused_pool, UT_POOL_TUNNELS);
	s->ns--;
	solo_end(s);
}

static void
no_session_slot_is_a_cdn_that_says_so(void **state)
{
	struct solo_setup setup = solo_setup_default(SOLO_SERVER);
	struct solo *s;

	(void)state;
	setup.config.n_sessions = 2;
	s = solo_new(SOLO_SERVER, &setup);
	solo_tunnel_up(s);
	for (unsigned k = 0; k < 3; k++) {
		solo_say_type(s, L2TP_ICRQ);
		if (k < 2)
			(void)solo_expect(s, L2TP_ICRP);
	}
	solo_ack(s);
	assert_int_equal(solo_expect(s, L2TP_CDN)->message.result, L2TP_CDN_NO_FACILITIES_TEMPORARY);
	assert_int_equal(s->refused_pool, UT_POOL_SESSIONS);
	solo_ack(s);
	solo_end(s);
}

static void
a_client_without_blocks_or_tunnels_ends_with_a_system_error(void **state)
{
	(void)state;
	for (unsigned k = 0; k < 2; k++) {
		struct solo_setup setup = solo_setup_default(SOLO_CLIENT);
		struct solo *s;

		setup.config.n_blocks = k == 0 ? 1 : 64;
		setup.config.n_tunnels = k == 0 ? 4 : 0;
		s = solo_new(SOLO_CLIENT, &setup);
		solo_start(s);
		solo_run(s, 100);
		assert_int_equal(s->n_reports[UT_REPORT_ENDED], 1);
		assert_int_equal(ut_end_status(s->ended), 1);
		assert_int_equal(s->refused_pool, k == 0 ? UT_POOL_BLOCKS : UT_POOL_TUNNELS);
		solo_end(s);
	}
}

static void
every_size_of_the_block_pool_ends_well(void **state)
{
	(void)state;
	for (unsigned role = 0; role < 2; role++) {
		for (uint16_t n = 0; n < 20; n++) {
			struct solo_setup setup = solo_setup_default((enum solo_role)role);
			struct solo *s;

			setup.config.n_blocks = n;
			s = solo_new((enum solo_role)role, &setup);
			if (role == SOLO_CLIENT)
				solo_start(s);
			else
				solo_say_type(s, L2TP_SCCRQ);
			solo_say_type(s, role == SOLO_CLIENT ? L2TP_SCCRP : L2TP_SCCCN);
			for (unsigned k = 0; k < 8; k++)
				solo_say_type(s, role == SOLO_CLIENT ? L2TP_ICRP : L2TP_ICRQ);
			solo_run(s, 5000);
			solo_end(s);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_response_in_scccn_is_md5_of_type_secret_and_challenge),
		cmocka_unit_test(a_right_wrong_or_missing_response_decides_for_both_roles),
		cmocka_unit_test(a_challenge_without_a_secret_is_refused_by_both_roles),
		cmocka_unit_test(a_version_we_do_not_speak_is_refused),
		cmocka_unit_test(each_outcome_of_a_tie),
		cmocka_unit_test(interop_10_tunnel_ids_are_random_and_never_zero),
		cmocka_unit_test(interop_11_an_acknowledgement_takes_no_number_and_is_not_acknowledged),
		cmocka_unit_test(interop_12_what_acknowledges_the_unsent_is_ignored),
		cmocka_unit_test(interop_13_more_in_flight_than_advertised_is_taken),
		cmocka_unit_test(interop_18_the_port_of_the_first_reply_is_adopted_and_then_kept),
		cmocka_unit_test(interop_20_hello_is_taken_and_acknowledged_in_every_state),
		cmocka_unit_test(interop_21_sli_and_wen_are_acknowledged_and_change_nothing),
		cmocka_unit_test(interop_22_a_reply_to_tunnel_0_is_taken),
		cmocka_unit_test(interop_23_a_cdn_to_session_0_closes_the_call_it_names),
		cmocka_unit_test(interop_23_a_cdn_to_session_0_refuses_the_one_call_that_waits),
		cmocka_unit_test(interop_24_a_stopccn_with_a_wrong_assigned_tunnel_id_is_taken),
		cmocka_unit_test(interop_25_a_byte_swapped_result_is_read_as_meant),
		cmocka_unit_test(interop_26_speeds_and_framing_may_be_missing),
		cmocka_unit_test(interop_27_data_is_no_error_and_iccn_waits_for_the_kernel),
		cmocka_unit_test(interop_28_after_stopccn_a_full_cycle_is_spent_answering_duplicates),
		cmocka_unit_test(interop_29_the_tunnel_is_closed_after_the_last_call),
		cmocka_unit_test(interop_30_a_repeated_sccrp_is_acknowledged_and_ignored),
		cmocka_unit_test(interop_30_only_what_is_received_puts_hello_off),
		cmocka_unit_test(interop_31_avps_that_do_not_belong_are_stepped_over),
		cmocka_unit_test(no_tunnel_slot_is_a_stopccn_that_says_so),
		cmocka_unit_test(no_session_slot_is_a_cdn_that_says_so),
		cmocka_unit_test(a_client_without_blocks_or_tunnels_ends_with_a_system_error),
		cmocka_unit_test(every_size_of_the_block_pool_ends_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
