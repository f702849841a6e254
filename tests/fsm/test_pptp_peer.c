/* test_pptp_peer.c - one engine and a PPTP peer played by the test: odd, old, slow and hostile ones
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/fsm/pptp_sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

enum { A, B };
enum { OUR_ID_UNKNOWN = 0, PEER_ID = 0x0102, OTHER_ID = 0x7f01 };

/* ---- a client (side A), the test is its server (side B) ---- */

static struct ps *
client_with(uint16_t n_links, bool is_pac)
{
	struct ps_side_setup setup[PS_SIDES];
	struct ps *s;

	ps_setup_default(setup);
	setup[B].has_engine = false;
	setup[A].client.n_links = n_links;
	setup[A].client.setup_ms = 0;
	setup[A].params.is_pac = is_pac;
	s = ps_new(setup, 1);
	ps_start(s, A, 0);
	(void)ps_expect(s, B, PPTP_SCCRQ);
	return s;
}

static void
reply(struct ps *s, enum pptp_message_type type, struct pptp_call_id ours, uint8_t result)
{
	struct pptp_message m = ps_message(type);

	m.peer_call_id = ours;
	m.result = result;
	ps_say(s, B, &m);
}

static void
say(struct ps *s, enum pptp_message_type type)
{
	struct pptp_message m = ps_message(type);

	ps_say(s, B, &m);
}

/* A client with one call that is up: `*ours` is its id. */
static struct ps *
client_up(struct pptp_call_id *ours)
{
	struct ps *s = client_with(1, false);

	say(s, PPTP_SCCRP);
	*ours = ps_expect(s, B, PPTP_OCRQ)->call_id;
	reply(s, PPTP_OCRP, *ours, 1);
	assert_true(s->side[A].link_up[0]);
	return s;
}

static bool
has_ended(const struct ps *s)
{
	return s->side[A].has_ended[0];
}

static struct ut_end
end_of(struct ps *s, uint64_t ms)
{
	assert_true(ps_run_until(s, has_ended, ms));
	return s->side[A].ended[0];
}

static void
a_result_of_0_is_success_in_sccrp_and_ocrp(void **state)
{
	struct ps *s = client_with(1, false);
	struct pptp_message m = ps_message(PPTP_SCCRP);

	(void)state;
	m.result = 0; /* interop 36 */
	ps_say(s, B, &m);
	reply(s, PPTP_OCRP, ps_expect(s, B, PPTP_OCRQ)->call_id, 0); /* interop 37 */
	assert_true(s->side[A].link_up[0]);
	ps_end(s);
}

static void
reserved_octets_are_ignored(void **state)
{
	struct ps *s = client_with(1, false);
	struct pptp_message m = ps_message(PPTP_SCCRP);
	uint8_t octets[PPTP_MESSAGE_OCTETS];
	struct ut_put w = ut_put_into(octets, sizeof octets);

	(void)state;
	pptp_message_encode(&w, &m);
	octets[10] = 0x12; /* Reserved0: interop 38 */
	octets[11] = 0x34;
	ps_say_octets(s, B, octets, w.len);
	(void)ps_expect(s, B, PPTP_OCRQ);
	ps_end(s);
}

static void
requests_wait_for_the_answer_to_the_one_before(void **state)
{
	struct ps *s = client_with(3, false);
	const struct pptp_message *m;

	(void)state;
	ps_run(s, 5000);
	assert_null(ps_hear(s, B)); /* nothing before SCCRP: interop 39 */
	say(s, PPTP_SCCRP);
	for (unsigned k = 0; k < 3; k++) {
		struct pptp_message ocrp = ps_message(PPTP_OCRP);

		m = ps_expect(s, B, PPTP_OCRQ);
		ps_run(s, 3000);
		assert_null(ps_hear(s, B));
		ocrp.peer_call_id = m->call_id;
		ocrp.call_id.v = (uint16_t)(PEER_ID + k);
		ps_say(s, B, &ocrp);
	}
	ps_stop(s, A, 0);
	for (unsigned k = 0; k < 3; k++) {
		struct pptp_message cdn = ps_message(PPTP_CDN);

		(void)ps_expect(s, B, PPTP_CCRQ);
		ps_run(s, 100);
		assert_null(ps_hear(s, B));
		cdn.call_id.v = (uint16_t)(PEER_ID + k);
		ps_say(s, B, &cdn);
	}
	(void)ps_expect(s, B, PPTP_STOPCCRQ);
	ps_run(s, 100);
	assert_null(ps_hear(s, B));
	say(s, PPTP_STOPCCRP);
	assert_true(has_ended(s));
	ps_end(s);
}

static void
an_echo_request_waits_for_its_turn_too(void **state)
{
	struct ps *s = client_with(1, false);

	(void)state;
	s->side[A].answers[UT_FX_RESERVE_SESSION] = PS_IGNORE;
	say(s, PPTP_SCCRP);
	ps_run(s, 60100);
	(void)ps_expect(s, B, PPTP_ECHORQ);
	ps_feed(s, A, (struct ut_event){ .kind = UT_EV_SESSION_RESERVED, .ref = s->side[A].session });
	assert_null(ps_hear(s, B)); /* the call waits for the echo */
	{
		struct pptp_message echo = ps_message(PPTP_ECHORP);

		echo.identifier = 1;
		ps_say(s, B, &echo);
	}
	(void)ps_expect(s, B, PPTP_OCRQ);
	ps_run(s, 59000); /* and now the echo would wait for the call */
	assert_null(ps_hear(s, B));
	ps_end(s);
}

/* ---- ids in CDN and CCRQ: interop 40 to 42 ---- */

static void
a_cdn_may_name_the_call_by_either_end_s_id_or_swapped(void **state)
{
	(void)state;
	for (unsigned k = 0; k < 4; k++) {
		struct pptp_call_id ours;
		struct ps *s = client_up(&ours);
		struct pptp_message m = ps_message(PPTP_CDN);
		const uint16_t ids[] = { PEER_ID, ours.v, (uint16_t)(ours.v >> 8 | ours.v << 8), OTHER_ID };
		struct ut_end end;

		m.call_id.v = ids[k];
		m.result = PPTP_CDN_ADMIN;
		ps_say(s, B, &m);
		if (k == 3) { /* nobody's */
			ps_run(s, 5000);
			assert_true(s->side[A].link_up[0] && !has_ended(s));
		} else {
			end = end_of(s, 10000);
			assert_int_equal(ut_end_status(end), 6);
			assert_int_equal(end.scope, UT_END_PPTP_CDN_RECEIVED);
			assert_int_equal(end.result, PPTP_CDN_ADMIN);
		}
		ps_end(s);
	}
}

static void
the_pac_s_id_counts_more_than_ours_when_both_would_fit(void **state)
{
	struct ps *s = client_with(2, false);
	struct pptp_message m = ps_message(PPTP_OCRP);
	struct pptp_call_id first, second;

	(void)state;
	say(s, PPTP_SCCRP);
	first = ps_expect(s, B, PPTP_OCRQ)->call_id;
	m.peer_call_id = first;
	m.call_id.v = PEER_ID;
	ps_say(s, B, &m);
	second = ps_expect(s, B, PPTP_OCRQ)->call_id;
	m.peer_call_id = second;
	m.call_id = first; /* the peer's id of the second is ours of the first */
	ps_say(s, B, &m);
	m = ps_message(PPTP_CDN);
	m.call_id = first;
	ps_say(s, B, &m);
	ps_run(s, 4000);
	assert_true(s->side[A].link_up[0]);
	assert_false(s->side[A].link_up[1]);
	ps_end(s);
}

static void
a_peer_s_id_of_0_is_an_id_like_any(void **state)
{
	struct ps *s = client_with(1, false);
	struct pptp_message m = ps_message(PPTP_OCRP);

	(void)state;
	say(s, PPTP_SCCRP);
	m.peer_call_id = ps_expect(s, B, PPTP_OCRQ)->call_id;
	m.call_id.v = 0; /* pptpd's first */
	ps_say(s, B, &m);
	assert_true(s->side[A].link_up[0]);
	m = ps_message(PPTP_CDN);
	m.call_id.v = 0;
	ps_say(s, B, &m);
	assert_int_equal(end_of(s, 10000).scope, UT_END_PPTP_CDN_RECEIVED);
	ps_end(s);
}

static void
a_cdn_for_a_request_not_yet_answered_refuses_it(void **state)
{
	struct ps *s = client_with(1, false);

	(void)state;
	say(s, PPTP_SCCRP);
	(void)ps_expect(s, B, PPTP_OCRQ);
	say(s, PPTP_CDN); /* with the PAC's id, which was never told */
	assert_int_equal(end_of(s, 10000).scope, UT_END_PPTP_CDN_RECEIVED);
	ps_end(s);
}

static void
a_cdn_that_never_comes_is_waited_for_a_second_at_most(void **state)
{
	struct pptp_call_id ours;
	struct ps *s = client_up(&ours);

	(void)state;
	ps_stop(s, A, 0);
	assert_int_equal(ps_expect(s, B, PPTP_CCRQ)->call_id.v, ours.v);
	ps_run(s, 900);
	assert_null(ps_hear(s, B));
	ps_run(s, 200);
	(void)ps_expect(s, B, PPTP_STOPCCRQ); /* interop 41 */
	say(s, PPTP_STOPCCRP);
	assert_int_equal(ut_end_status(end_of(s, 10)), 5);
	ps_end(s);
}

static void
a_call_of_many_whose_cdn_never_comes_is_gone_all_the_same(void **state)
{
	struct ps *s = client_with(2, false);

	(void)state;
	say(s, PPTP_SCCRP);
	for (unsigned k = 0; k < 2; k++) {
		struct pptp_message m = ps_message(PPTP_OCRP);

		m.peer_call_id = ps_expect(s, B, PPTP_OCRQ)->call_id;
		m.call_id.v = (uint16_t)(PEER_ID + k);
		ps_say(s, B, &m);
	}
	ps_feed(s, A,
		(struct ut_event){ .kind = UT_EV_PPP_ENDED, .ref = { 0, 0 }, .end = ut_end_of_pppd(16) });
	(void)ps_expect(s, B, PPTP_CCRQ);
	ps_run(s, 2000);
	assert_int_equal(ut_engine_counts(s->side[A].e).calls, 1);
	assert_true(s->side[A].link_up[1]);
	ps_end(s);
}

static void
a_server_that_closes_on_our_clear_is_a_clean_end(void **state)
{
	struct pptp_call_id ours;
	struct ps *s = client_up(&ours);

	(void)state;
	ps_stop(s, A, 0);
	(void)ps_expect(s, B, PPTP_CCRQ);
	ps_hang_up(s, B); /* poptop */
	assert_int_equal(ut_end_status(end_of(s, 10)), 5);
	assert_int_equal(s->side[A].ended[0].scope, UT_END_NO_CODES);
	ps_end(s);
}

static void
a_server_may_clear_an_outgoing_call(void **state)
{
	(void)state;
	for (unsigned k = 0; k < 3; k++) {
		struct pptp_call_id ours;
		struct ps *s = client_up(&ours);
		struct pptp_message m = ps_message(PPTP_CCRQ);

		m.call_id.v = k == 0 ? PEER_ID : ours.v;
		if (k == 2) { /* while ours is on its way */
			ps_stop(s, A, 0);
			(void)ps_expect(s, B, PPTP_CCRQ);
		}
		ps_say(s, B, &m);
		assert_int_equal(ps_expect(s, B, PPTP_CDN)->result, PPTP_CDN_REQUEST); /* interop 42 */
		if (k < 2) {
			ps_run(s, 1200); /* PPP is given time for its own end */
			(void)ps_expect(s, B, PPTP_STOPCCRQ);
			say(s, PPTP_STOPCCRP);
			assert_int_equal(end_of(s, 10000).scope, UT_END_PPTP_CCRQ_RECEIVED);
			assert_int_equal(ut_end_status(s->side[A].ended[0]), 6);
		}
		ps_end(s);
	}
}

/* ---- echo, Set-Link-Info, WAN-Error-Notify: interop 46 ---- */

static void
echoes_are_answered_from_sccrp_to_the_last_word(void **state)
{
	struct ps *s = client_with(1, false);
	struct pptp_message m = ps_message(PPTP_ECHORQ);

	(void)state;
	m.identifier = 0xdeadbeef;
	ps_say(s, B, &m);
	assert_null(ps_hear(s, B)); /* not before */
	say(s, PPTP_SCCRP);
	reply(s, PPTP_OCRP, ps_expect(s, B, PPTP_OCRQ)->call_id, 1);
	ps_say(s, B, &m);
	assert_int_equal(ps_expect(s, B, PPTP_ECHORP)->identifier, 0xdeadbeef);
	ps_stop(s, A, 0);
	(void)ps_expect(s, B, PPTP_CCRQ);
	ps_say(s, B, &m);
	(void)ps_expect(s, B, PPTP_ECHORP);
	say(s, PPTP_CDN);
	(void)ps_expect(s, B, PPTP_STOPCCRQ);
	ps_say(s, B, &m);
	assert_int_equal(ps_expect(s, B, PPTP_ECHORP)->result, PPTP_REPLY_OK);
	ps_end(s);
}

static void
an_echo_reply_to_another_request_is_none(void **state)
{
	(void)state;
	for (uint32_t id = 1; id < 3; id++) {
		struct pptp_call_id ours;
		struct ps *s = client_up(&ours);
		struct pptp_message m = ps_message(PPTP_ECHORP);

		ps_run(s, 60500);
		assert_int_equal(ps_expect(s, B, PPTP_ECHORQ)->identifier, 1);
		m.identifier = id;
		ps_say(s, B, &m);
		ps_run(s, 59700);
		assert_int_equal(ut_engine_counts(s->side[A].e).connections, id == 1);
		ps_end(s);
	}
}

static void
anything_heard_puts_the_echo_off(void **state)
{
	struct pptp_call_id ours;
	struct ps *s = client_up(&ours);
	struct pptp_message m = ps_message(PPTP_SLI);

	(void)state;
	m.peer_call_id = ours;
	for (unsigned k = 0; k < 10; k++) {
		ps_run(s, 50000);
		ps_say(s, B, &m);
	}
	assert_int_equal(s->side[A].said[PPTP_ECHORQ], 0);
	ps_end(s);
}

static void
echo_s_of_0_never_asks(void **state)
{
	struct ps_side_setup setup[PS_SIDES];
	struct ps *s;

	(void)state;
	ps_setup_default(setup);
	setup[B].has_engine = false;
	setup[A].params.echo_s = 0;
	s = ps_new(setup, 1);
	ps_start(s, A, 0);
	(void)ps_expect(s, B, PPTP_SCCRQ);
	say(s, PPTP_SCCRP);
	reply(s, PPTP_OCRP, ps_expect(s, B, PPTP_OCRQ)->call_id, 1);
	ps_run(s, 10000000);
	assert_null(ps_hear(s, B));
	assert_true(s->side[A].link_up[0]);
	ps_end(s);
}

static void
link_info_and_wan_errors_are_taken_note_of(void **state)
{
	struct pptp_call_id ours;
	struct ps *s = client_up(&ours);
	struct pptp_message m = ps_message(PPTP_SLI);

	(void)state;
	m.peer_call_id = ours;
	m.send_accm = 0x000a0000;
	m.receive_accm = 0xffffffff;
	ps_say(s, B, &m);
	assert_int_equal(s->side[A].note.report, UT_REPORT_LINK_INFO);
	assert_int_equal(s->side[A].note.accm.send, 0x000a0000);
	assert_int_equal(s->side[A].note.accm.receive, 0xffffffff);
	m = ps_message(PPTP_WEN);
	m.peer_call_id = ours;
	m.call_errors[0] = 7;
	m.call_errors[5] = 9;
	ps_say(s, B, &m);
	assert_int_equal(s->side[A].note.report, UT_REPORT_WAN_ERRORS);
	assert_int_equal(s->side[A].note.call_errors[0], 7);
	assert_int_equal(s->side[A].note.call_errors[5], 9);
	assert_int_equal(s->side[A].note.local_call.v, ours.v);
	m.peer_call_id.v = (uint16_t)(ours.v + 1); /* of no call */
	ps_say(s, B, &m);
	assert_int_equal(s->side[A].n_reports[UT_REPORT_WAN_ERRORS], 1);
	assert_true(s->side[A].link_up[0]);
	ps_end(s);
}

/* ---- refusals and versions ---- */

static void
a_refusal_of_the_connection_is_its_cause(void **state)
{
	(void)state;
	for (uint8_t result = 2; result < 7; result++) {
		struct ps *s = client_with(1, false);
		struct pptp_message m = ps_message(PPTP_SCCRP);
		struct ut_end end;

		m.result = result;
		m.error = result == 2 ? PPTP_ERROR_RESOURCES : 0;
		ps_say(s, B, &m);
		assert_null(ps_hear(s, B)); /* nothing more is said to it */
		end = end_of(s, 1000);
		assert_int_equal(end.scope, UT_END_PPTP_SCCRP_RECEIVED);
		assert_int_equal(end.result, result);
		assert_int_equal(end.error, m.error);
		assert_int_equal(end.cause, result == 5 ? UT_CAUSE_PROTOCOL : UT_CAUSE_REMOTE);
		ps_end(s);
	}
}

static void
a_refusal_of_the_call_is_its_cause_and_the_connection_is_closed_in_order(void **state)
{
	(void)state;
	for (unsigned is_pac = 0; is_pac < 2; is_pac++) {
		for (uint8_t result = 2; result < 9; result++) {
			struct ps *s = client_with(1, is_pac != 0);
			struct pptp_message m = ps_message(is_pac ? PPTP_ICRP : PPTP_OCRP);
			struct ut_end end;

			say(s, PPTP_SCCRP);
			m.peer_call_id = ps_expect(s, B, is_pac ? PPTP_ICRQ : PPTP_OCRQ)->call_id;
			m.result = result;
			m.error = 3;
			ps_say(s, B, &m);
			assert_int_equal(ps_expect(s, B, PPTP_STOPCCRQ)->result, PPTP_STOP_LOCAL_SHUTDOWN);
			say(s, PPTP_STOPCCRP);
			end = end_of(s, 1000);
			assert_int_equal(end.scope,
					 is_pac ? UT_END_PPTP_ICRP_RECEIVED : UT_END_PPTP_OCRP_RECEIVED);
			assert_int_equal(end.result, result);
			assert_int_equal(end.error, 3);
			assert_int_equal(ut_end_status(end), 6);
			ps_end(s);
		}
	}
}

static void
a_server_of_another_version_is_told_so_and_left(void **state)
{
	static const uint16_t versions[] = { 0x0000, 0x00ff, 0x0100, 0x0105, 0x0200 };

	(void)state;
	for (size_t k = 0; k < sizeof versions / sizeof versions[0]; k++) {
		struct ps *s = client_with(1, false);
		struct pptp_message m = ps_message(PPTP_SCCRP);

		m.protocol_version = versions[k];
		ps_say(s, B, &m);
		if (versions[k] >> 8 == 1) {
			(void)ps_expect(s, B, PPTP_OCRQ);
		} else {
			assert_int_equal(ps_expect(s, B, PPTP_STOPCCRQ)->result, PPTP_STOP_PROTOCOL);
			say(s, PPTP_STOPCCRP);
			assert_int_equal(end_of(s, 1000).cause, UT_CAUSE_PROTOCOL);
			assert_int_equal(s->side[A].ended[0].scope, UT_END_PPTP_STOPCCRQ_SENT);
		}
		ps_end(s);
	}
}

static void
a_stop_of_the_server_is_answered_and_its_reason_kept(void **state)
{
	(void)state;
	for (unsigned where = 0; where < 3; where++) {
		struct pptp_call_id ours;
		struct ps *s = where == 0 ? client_with(1, false) : client_up(&ours);
		struct pptp_message m = ps_message(PPTP_STOPCCRQ);
		struct ut_end end;

		if (where == 2) {
			ps_stop(s, A, 0);
			(void)ps_expect(s, B, PPTP_CCRQ);
		}
		m.result = PPTP_STOP_LOCAL_SHUTDOWN;
		ps_say(s, B, &m);
		(void)ps_expect(s, B, PPTP_STOPCCRP);
		end = end_of(s, 10000);
		assert_int_equal(ut_end_status(end), where == 2 ? 5 : 6);
		if (where < 2) {
			assert_int_equal(end.scope, UT_END_PPTP_STOPCCRQ_RECEIVED);
			assert_int_equal(end.result, PPTP_STOP_LOCAL_SHUTDOWN);
		}
		ps_end(s);
	}
}

/* ---- the timers of 3.1.4 and 3.2.1 ---- */

static void
a_request_for_a_connection_waits_60_s(void **state)
{
	struct ps *s = client_with(1, false);

	(void)state;
	ps_run(s, 59500);
	assert_false(has_ended(s));
	assert_int_equal(end_of(s, 1000).scope, UT_END_PPTP_NO_REPLY);
	assert_int_equal(ut_end_status(s->side[A].ended[0]), 2);
	ps_end(s);
}

static void
a_call_without_answer_for_60_s_closes_the_entire_connection(void **state)
{
	(void)state;
	for (unsigned is_pac = 0; is_pac < 2; is_pac++) {
		struct ps_side_setup setup[PS_SIDES];
		struct ps *s;

		ps_setup_default(setup);
		setup[B].has_engine = false;
		setup[A].client.setup_ms = 0;
		setup[A].params.echo_s = 0;
		setup[A].params.is_pac = is_pac != 0;
		s = ps_new(setup, 1);
		ps_start(s, A, 0);
		(void)ps_expect(s, B, PPTP_SCCRQ);
		say(s, PPTP_SCCRP);
		(void)ps_expect(s, B, is_pac ? PPTP_ICRQ : PPTP_OCRQ);
		ps_run(s, 59000);
		assert_null(ps_hear(s, B));
		ps_run(s, 1500);
		assert_int_equal(ps_expect(s, B, PPTP_STOPCCRQ)->result, PPTP_STOP_NONE);
		say(s, PPTP_STOPCCRP);
		assert_int_equal(end_of(s, 1000).scope, UT_END_PPTP_NO_REPLY);
		ps_end(s);
	}
}

static void
an_answer_that_crosses_our_abort_is_ignored_and_its_cdn_ends_the_call(void **state)
{
	struct ps *s = client_with(1, false);
	struct pptp_call_id ours;

	(void)state;
	say(s, PPTP_SCCRP);
	ours = ps_expect(s, B, PPTP_OCRQ)->call_id;
	ps_stop(s, A, 0);
	assert_int_equal(ps_expect(s, B, PPTP_CCRQ)->call_id.v, ours.v); /* an abort does not wait */
	reply(s, PPTP_OCRP, ours, 1);
	assert_null(ps_hear(s, B));
	say(s, PPTP_CDN);
	(void)ps_expect(s, B, PPTP_STOPCCRQ);
	ps_end(s);
}

static void
replies_out_of_place_change_nothing(void **state)
{
	struct pptp_call_id ours;
	struct ps *s = client_up(&ours);

	(void)state;
	reply(s, PPTP_OCRP, ours, 1); /* again */
	reply(s, PPTP_OCRP, ours, 4); /* and otherwise */
	reply(s, PPTP_ICRP, ours, 1);
	reply(s, PPTP_ICCN, ours, 1);
	reply(s, PPTP_OCRP, (struct pptp_call_id){ (uint16_t)(ours.v + 1) }, 1);
	assert_true(s->side[A].link_up[0]);
	assert_null(ps_hear(s, B));
	ps_end(s);
}

/* ---- streams that make no sense ---- */

static void
a_stream_out_of_step_closes_the_connection(void **state)
{
	static const uint8_t bad[][16] = {
		{ 0, 16, 0, 1, 0x1a, 0x2b, 0x3c, 0x4e, 0, 5 }, /* cookie: interop 45 */
		{ 0, 10, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d, 0, 5 }, /* shorter than a header */
		{ 0, 12, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d, 0, 5 }, /* shorter than its type */
	};

	(void)state;
	for (size_t k = 0; k < 3; k++) {
		struct pptp_call_id ours;
		struct ps *s = client_up(&ours);
		struct ut_end end;

		ps_say_octets(s, B, bad[k], 16);
		ps_run(s, 10);
		assert_int_equal(s->side[A].n_reports[UT_REPORT_FAULT], 1);
		assert_int_equal(s->side[A].note.protocol, UT_PPTP);
		assert_int_not_equal(s->side[A].note.pptp_fault.reason, PPTP_FAULT_NONE);
		end = end_of(s, 10000);
		assert_int_equal(ut_end_status(end), 3);
		assert_int_equal(end.scope, UT_END_PPTP_OUT_OF_STEP);
		ps_end(s);
	}
}

static void
messages_that_cannot_be_used_are_reported_and_stepped_over(void **state)
{
	struct pptp_call_id ours;
	struct ps *s = client_up(&ours);
	uint8_t unknown[300] = { 1, 44, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d, 0, 99 }; /* 300 octets, type 99 */
	struct pptp_message m = ps_message(PPTP_ECHORQ);

	(void)state;
	ps_say_octets(s, B, unknown, sizeof unknown);
	unknown[3] = 2; /* a management message */
	ps_say_octets(s, B, unknown, sizeof unknown);
	ps_say(s, B, &m);
	(void)ps_expect(s, B, PPTP_ECHORP);
	assert_int_equal(s->side[A].n_reports[UT_REPORT_FAULT], 2);
	assert_true(s->side[A].link_up[0]);
	ps_end(s);
}

static void
a_flood_in_one_segment_is_answered_to_the_last_message(void **state)
{
	enum { N = 3000, SIZE = 16 };
	static uint8_t octets[N * SIZE];
	struct pptp_call_id ours;
	struct ps *s = client_up(&ours);
	struct pptp_message m = ps_message(PPTP_ECHORQ);
	struct ut_put w = ut_put_into(octets, sizeof octets);

	(void)state;
	for (m.identifier = 0; m.identifier < N; m.identifier++)
		pptp_message_encode(&w, &m);
	assert_false(w.full);
	ps_say_octets(s, B, octets, w.len);
	ps_run(s, 100);
	assert_int_equal(s->side[A].said[PPTP_ECHORP], N);
	assert_int_equal(s->side[B].heard[(s->side[B].n_heard - 1) % PS_HEARD].m.identifier, N - 1);
	ps_end(s);
}

/* ---- a server (side A) and what dials it (side B) ---- */

static void
server_setup(struct ps_side_setup setup[PS_SIDES])
{
	ps_setup_default(setup);
	setup[A].n_clients = 0;
	setup[A].listens = true;
	setup[B].has_engine = setup[B].listens = false;
}

static struct ps *
server(void)
{
	struct ps_side_setup setup[PS_SIDES];
	struct ps *s;

	server_setup(setup);
	s = ps_new(setup, 1);
	(void)ps_dial(s, B, A);
	return s;
}

static struct ps *
server_established(void)
{
	struct ps *s = server();

	say(s, PPTP_SCCRQ);
	assert_int_equal(ps_expect(s, B, PPTP_SCCRP)->result, PPTP_SCCRP_OK);
	return s;
}

static unsigned
connections(const struct ps *s)
{
	return ut_engine_counts(s->side[A].e).connections;
}

static void
a_server_answers_a_higher_version_with_its_own_and_refuses_a_lower(void **state)
{
	static const struct {
		uint16_t version;
		uint8_t result;
	} cases[] = { { 0x0100, 1 }, { 0x0101, 1 }, { 0x0200, 1 }, { 0x00ff, 5 }, { 0, 5 } };

	(void)state;
	for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
		struct ps *s = server();
		struct pptp_message m = ps_message(PPTP_SCCRQ);
		const struct pptp_message *r;

		m.protocol_version = cases[k].version;
		ps_say(s, B, &m);
		r = ps_expect(s, B, PPTP_SCCRP);
		assert_int_equal(r->result, cases[k].result);
		assert_int_equal(r->protocol_version, PPTP_VERSION);
		assert_int_equal(connections(s), cases[k].result == 1);
		ps_end(s);
	}
}

static void
a_server_that_takes_no_connections_says_so(void **state)
{
	struct ps_side_setup setup[PS_SIDES];
	struct ps *s;

	(void)state;
	server_setup(setup);
	setup[A].listener_params.accept_connections = false;
	s = ps_new(setup, 1);
	(void)ps_dial(s, B, A);
	say(s, PPTP_SCCRQ);
	assert_int_equal(ps_expect(s, B, PPTP_SCCRP)->result, PPTP_SCCRP_UNAUTHORIZED);
	assert_int_equal(connections(s), 0);
	ps_end(s);
}

static void
who_connects_and_says_nothing_is_closed_after_60_s(void **state)
{
	struct ps *s = server();

	(void)state;
	ps_run(s, 59900);
	assert_int_equal(connections(s), 1);
	ps_run(s, 200);
	assert_int_equal(connections(s), 0);
	assert_null(ps_hear(s, B));
	ps_end(s);
}

static void
who_says_anything_before_sccrq_is_closed(void **state)
{
	(void)state;
	for (unsigned type = PPTP_SCCRP; type < PPTP_MESSAGE_N; type++) {
		struct ps *s = server();

		say(s, (enum pptp_message_type)type);
		assert_int_equal(connections(s), 0);
		assert_null(ps_hear(s, B));
		ps_end(s);
	}
}

static void
without_a_slot_a_connection_is_refused_for_want_of_resources(void **state)
{
	struct ps_side_setup setup[PS_SIDES];
	struct ps *s;

	(void)state;
	server_setup(setup);
	setup[A].config.n_connections = 2;
	s = ps_new(setup, 1);
	for (unsigned k = 0; k < 2; k++) {
		(void)ps_dial(s, B, A);
		say(s, PPTP_SCCRQ);
		(void)ps_expect(s, B, PPTP_SCCRP);
	}
	for (unsigned k = 0; k < 5; k++) {
		const struct pptp_message *m;

		(void)ps_dial(s, B, A);
		m = ps_expect(s, B, PPTP_SCCRP);
		assert_int_equal(m->result, PPTP_SCCRP_ERROR);
		assert_int_equal(m->error, PPTP_ERROR_RESOURCES);
	}
	assert_int_equal(s->side[A].n_effects[UT_FX_REFUSE_PATH], 5);
	assert_int_equal(s->side[A].refused_pool, UT_POOL_CONNECTIONS);
	assert_int_equal(connections(s), 2);
	ps_end(s);
}

static void
request(struct ps *s, enum pptp_message_type type, uint16_t id)
{
	struct pptp_message m = ps_message(type);

	m.call_id.v = id;
	ps_say(s, B, &m);
}

static void
without_a_slot_a_call_is_refused_for_want_of_resources(void **state)
{
	(void)state;
	for (unsigned incoming = 0; incoming < 2; incoming++) {
		enum pptp_message_type rq = incoming ? PPTP_ICRQ : PPTP_OCRQ;
		enum pptp_message_type rp = incoming ? PPTP_ICRP : PPTP_OCRP;
		struct ps_side_setup setup[PS_SIDES];
		const struct pptp_message *m;
		struct ps *s;

		server_setup(setup);
		setup[A].config.n_calls = 3;
		s = ps_new(setup, 1);
		(void)ps_dial(s, B, A);
		say(s, PPTP_SCCRQ);
		(void)ps_expect(s, B, PPTP_SCCRP);
		for (uint16_t k = 0; k < 10; k++) {
			request(s, rq, k);
			m = ps_expect(s, B, rp);
			assert_int_equal(m->peer_call_id.v, k);
			assert_int_equal(m->result, k < 3 ? 1 : 2);
			assert_int_equal(m->error, k < 3 ? 0 : PPTP_ERROR_RESOURCES);
			assert_int_equal(m->call_id.v != 0, k < 3);
		}
		assert_int_equal(s->side[A].refused_pool, UT_POOL_CALLS);
		assert_int_equal(ut_engine_counts(s->side[A].e).calls, 3);
		ps_end(s);
	}
}

static void
a_call_id_that_is_in_use_is_refused_as_such(void **state)
{
	struct ps *s = server_established();
	const struct pptp_message *m;

	(void)state;
	request(s, PPTP_OCRQ, 5);
	assert_int_equal(ps_expect(s, B, PPTP_OCRP)->result, PPTP_OCRP_CONNECTED);
	for (unsigned k = 0; k < 2; k++) {
		request(s, k == 0 ? PPTP_OCRQ : PPTP_ICRQ, 5);
		m = ps_expect(s, B, k == 0 ? PPTP_OCRP : PPTP_ICRP);
		assert_int_equal(m->result, 2);
		assert_int_equal(m->error, PPTP_ERROR_CALL_ID);
		assert_int_equal(m->peer_call_id.v, 5);
	}
	assert_int_equal(ut_engine_counts(s->side[A].e).calls, 1);
	ps_end(s);
}

static void
a_server_that_takes_no_calls_says_so(void **state)
{
	struct ps_side_setup setup[PS_SIDES];
	struct ps *s;

	(void)state;
	server_setup(setup);
	setup[A].listener_params.accept_calls = false;
	s = ps_new(setup, 1);
	(void)ps_dial(s, B, A);
	say(s, PPTP_SCCRQ);
	(void)ps_expect(s, B, PPTP_SCCRP);
	request(s, PPTP_OCRQ, 1);
	assert_int_equal(ps_expect(s, B, PPTP_OCRP)->result, PPTP_OCRP_NOT_ACCEPTED);
	request(s, PPTP_ICRQ, 1);
	assert_int_equal(ps_expect(s, B, PPTP_ICRP)->result, PPTP_ICRP_NOT_ACCEPTED);
	ps_end(s);
}

static void
a_client_that_clears_its_call_is_answered_and_may_call_again(void **state)
{
	struct ps *s = server_established();

	(void)state;
	for (unsigned k = 0; k < 20; k++) {
		struct pptp_call_id theirs;
		struct pptp_message m = ps_message(PPTP_CCRQ);
		const struct pptp_message *cdn;

		request(s, PPTP_OCRQ, 5);
		theirs = ps_expect(s, B, PPTP_OCRP)->call_id;
		m.call_id.v = k % 2 == 0 ? 5 : theirs.v; /* interop 40 */
		ps_say(s, B, &m);
		cdn = ps_expect(s, B, PPTP_CDN);
		assert_int_equal(cdn->result, PPTP_CDN_REQUEST);
		assert_int_equal(cdn->call_id.v, theirs.v);
		assert_int_equal(ut_engine_counts(s->side[A].e).calls, 0);
	}
	ps_end(s);
}

static void
a_client_that_ends_its_call_with_a_cdn_ends_it(void **state)
{
	struct ps *s = server_established();

	(void)state;
	request(s, PPTP_OCRQ, 5);
	(void)ps_expect(s, B, PPTP_OCRP);
	request(s, PPTP_CDN, 5);
	assert_null(ps_hear(s, B));
	assert_int_equal(ut_engine_counts(s->side[A].e).calls, 0);
	ps_end(s);
}

static void
an_outgoing_call_that_is_being_dialled_can_be_cleared_or_closed(void **state)
{
	(void)state;
	for (unsigned k = 0; k < 4; k++) {
		struct ps *s = server_established();

		s->side[A].answers[UT_FX_OPEN_SESSION] = PS_IGNORE;
		request(s, PPTP_OCRQ, 5);
		assert_null(ps_hear(s, B));
		if (k == 0) {
			request(s, PPTP_CCRQ, 5);
			(void)ps_expect(s, B, PPTP_CDN);
		} else if (k == 1) {
			request(s, PPTP_CDN, 5);
		} else if (k == 2) {
			ps_feed(s, A,
				(struct ut_event){ .kind = UT_EV_SESSION_CLOSE, .ref = s->side[A].session });
			assert_int_equal(ps_expect(s, B, PPTP_OCRP)->result, PPTP_OCRP_NOT_ACCEPTED);
		} else {
			ps_feed(s, A,
				(struct ut_event){
				    .kind = UT_EV_SESSION_OPENED, .ref = s->side[A].session, .err = 12 });
			assert_int_equal(ps_expect(s, B, PPTP_OCRP)->error, PPTP_ERROR_RESOURCES);
		}
		assert_int_equal(ut_engine_counts(s->side[A].e).calls, 0);
		ps_end(s);
	}
}

static void
an_incoming_call_at_each_stage_can_be_ended_by_either_side(void **state)
{
	(void)state;
	for (unsigned stage = 0; stage < 3; stage++) {
		for (unsigned who = 0; who < 4; who++) {
			struct ps *s = server_established();
			struct pptp_message m = ps_message(PPTP_ICCN);

			if (stage == 0)
				s->side[A].answers[UT_FX_OPEN_SESSION] = PS_IGNORE;
			request(s, PPTP_ICRQ, 5);
			if (stage > 0)
				m.peer_call_id = ps_expect(s, B, PPTP_ICRP)->call_id;
			if (stage == 2)
				ps_say(s, B, &m);
			assert_int_equal(s->side[A].n_reports[UT_REPORT_SESSION_UP], stage == 2);
			if (who == 0)
				request(s, PPTP_CDN, 5);
			if (who == 1)
				request(s, PPTP_CCRQ, 5); /* as if it were the PNS */
			if (who >= 2)
				ps_feed(s, A,
					(struct ut_event){ .kind = who == 2 ? UT_EV_SESSION_CLOSE
									    : UT_EV_SESSION_OPENED,
							   .ref = s->side[A].session,
							   .err = who == 3 ? 19 : 0 });
			if (who == 1)
				(void)ps_expect(s, B, PPTP_CDN);
			if (who >= 2 && stage == 0)
				assert_int_equal(ps_expect(s, B, PPTP_ICRP)->result, who == 2 ? 3 : 2);
			if (who >= 2 && stage > 0) {
				(void)ps_expect(s, B, PPTP_CCRQ);
				ps_say(s, B, &m); /* an ICCN that crossed it */
				request(s, PPTP_CDN, 5);
			}
			assert_int_equal(ut_engine_counts(s->side[A].e).calls, 0);
			ps_end(s);
		}
	}
}

static void
a_call_that_never_connects_closes_the_entire_connection(void **state)
{
	struct ps *s = server_established();

	(void)state;
	request(s, PPTP_ICRQ, 5);
	(void)ps_expect(s, B, PPTP_ICRP);
	ps_run(s, 59800);
	assert_int_equal(connections(s), 1);
	ps_run(s, 1000);
	(void)ps_expect(s, B, PPTP_ECHORQ);
	(void)ps_expect(s, B, PPTP_STOPCCRQ);
	ps_end(s);
}

static void
a_pac_that_never_confirms_a_clear_is_not_waited_for(void **state)
{
	struct ps *s = server_established();

	(void)state;
	request(s, PPTP_ICRQ, 5);
	(void)ps_expect(s, B, PPTP_ICRP);
	ps_feed(s, A, (struct ut_event){ .kind = UT_EV_SESSION_CLOSE, .ref = s->side[A].session });
	(void)ps_expect(s, B, PPTP_CCRQ);
	ps_run(s, 1100);
	assert_int_equal(ut_engine_counts(s->side[A].e).calls, 0);
	assert_int_equal(connections(s), 1);
	ps_end(s);
}

static void
a_server_s_stream_out_of_step_is_closed(void **state)
{
	struct ps *s = server_established();

	(void)state;
	ps_say_octets(s, B, "GET / HTTP/1.0\r\n", 16);
	ps_run(s, 10);
	assert_int_equal(connections(s), 0);
	assert_int_equal(s->side[A].tunnel_end.scope, UT_END_PPTP_OUT_OF_STEP);
	ps_end(s);
}

static void
a_server_told_twice_to_close_stops_once(void **state)
{
	struct ps *s = server_established();

	(void)state;
	for (unsigned k = 0; k < 3; k++)
		ps_feed(s, A, (struct ut_event){ .kind = UT_EV_TUNNEL_CLOSE, .ref = s->side[A].tunnel });
	(void)ps_expect(s, B, PPTP_STOPCCRQ);
	assert_null(ps_hear(s, B));
	ps_end(s);
}

/* Dials the server of one slot, and comes up: what its host calls the connection. */
static struct ut_path
path_of_a_new_one(struct ps *s)
{
	const struct ps_pipe *const pipe = ps_dial(s, B, A);

	say(s, PPTP_SCCRQ);
	(void)ps_expect(s, B, PPTP_SCCRP);
	return pipe->path[1];
}

static void
late_news_of_a_connection_is_none_of_the_one_that_has_its_slot_now(void **state)
{
	struct ps_side_setup setup[PS_SIDES];
	struct ut_path before, now;
	struct ps *s;

	(void)state;
	server_setup(setup);
	setup[A].config.n_connections = 1;
	s = ps_new(setup, 1);
	before = path_of_a_new_one(s);
	say(s, PPTP_STOPCCRQ);
	(void)ps_expect(s, B, PPTP_STOPCCRP);
	ps_run(s, 100);
	assert_int_equal(connections(s), 0);
	now = path_of_a_new_one(s);
	ps_feed(s, A, (struct ut_event){ .kind = UT_EV_STREAM_CLOSED, .path = before, .err = 104 });
	assert_int_equal(connections(s), 1);
	ps_feed(s, A, (struct ut_event){ .kind = UT_EV_STREAM_CLOSED, .path = now, .err = 104 });
	assert_int_equal(connections(s), 0);
	ps_end(s);
}

static void
a_call_that_waits_for_its_turn_can_be_closed_or_fail_unheard(void **state)
{
	(void)state;
	for (unsigned k = 0; k < 4; k++) {
		struct ps_side_setup setup[PS_SIDES];
		struct ps *s;

		server_setup(setup);
		setup[A].listener_params.is_pac = k % 2 != 0;
		s = ps_new(setup, 1);
		(void)ps_dial(s, B, A);
		say(s, PPTP_SCCRQ);
		(void)ps_expect(s, B, PPTP_SCCRP);
		s->side[A].answers[UT_FX_RESERVE_SESSION] = k < 2 ? PS_IGNORE : PS_FAIL;
		s->side[A].error = 12;
		ps_call(s, A);
		if (k < 2)
			ps_feed(s, A,
				(struct ut_event){ .kind = UT_EV_SESSION_CLOSE, .ref = s->side[A].session });
		assert_null(ps_hear(s, B));
		assert_int_equal(ut_engine_counts(s->side[A].e).calls, 0);
		ps_end(s);
	}
}

static void
a_second_sccrq_is_answered_with_a_stop_reply(void **state)
{
	struct ps *s = server_established();

	(void)state;
	say(s, PPTP_SCCRQ); /* as RFC 2637 3.1.2 has it in its diagram */
	(void)ps_expect(s, B, PPTP_STOPCCRP);
	assert_int_equal(connections(s), 0);
	ps_end(s);
}

static void
a_pac_that_rings_is_cleared_while_it_waits(void **state)
{
	(void)state;
	for (unsigned k = 0; k < 4; k++) {
		struct ps_side_setup setup[PS_SIDES];
		struct pptp_message m;
		struct ps *s;

		server_setup(setup);
		setup[A].listener_params.is_pac = true;
		s = ps_new(setup, 1);
		(void)ps_dial(s, B, A);
		say(s, PPTP_SCCRQ);
		(void)ps_expect(s, B, PPTP_SCCRP);
		if (k == 3)
			s->side[A].answers[UT_FX_OPEN_SESSION] = PS_FAIL;
		ps_call(s, A);
		(void)ps_expect(s, B, PPTP_ICRQ);
		m = ps_message(k == 0 ? PPTP_CCRQ : k == 1 ? PPTP_CDN : PPTP_ICRP);
		m.call_id.v = 9; /* which the PAC has not heard of, but it has one request out */
		m.peer_call_id.v = s->side[A].reserved_id[0].v;
		if (k == 2)
			ps_feed(s, A,
				(struct ut_event){ .kind = UT_EV_SESSION_CLOSE, .ref = s->side[A].session });
		else
			ps_say(s, B, &m);
		if (k != 1)
			(void)ps_expect(s, B, PPTP_CDN);
		assert_int_equal(ut_engine_counts(s->side[A].e).calls, 0);
		ps_end(s);
	}
}

static void
orders_for_nobody_and_events_of_nobody_are_nothing(void **state)
{
	struct pptp_call_id ours;
	struct ps *s = client_up(&ours);

	(void)state;
	for (int kind = 0; kind < UT_EVENT_N; kind++) {
		for (uint16_t i = 0; i < 40; i++) {
			struct ut_event ev = { .kind = (enum ut_event_kind)kind, .ref = { i, 77 }, .err = 5 };

			ev.path.v = (uint32_t)i << 26 | i;
			ps_feed(s, A, ev);
		}
	}
	ps_feed(s, A, (struct ut_event){ .kind = UT_EV_SESSION_RESERVED, .ref = s->side[A].session });
	ps_feed(s, A, (struct ut_event){ .kind = UT_EV_SESSION_OPENED, .ref = s->side[A].session });
	assert_true(s->side[A].link_up[0]);
	assert_null(ps_hear(s, B));
	assert_int_equal(s->side[A].n_effects[UT_FX_REFUSE_PATH], 40); /* nobody listens there */
	ps_end(s);
}

static void
starved_of_randomness_no_call_is_placed(void **state)
{
	struct ps_side_setup setup[PS_SIDES];
	struct ps *s;

	(void)state;
	ps_setup_default(setup);
	setup[A].config.n_calls = 1;
	setup[A].client.n_links = 2;
	setup[B].has_engine = false;
	s = ps_new(setup, 1);
	ps_start(s, A, 0);
	(void)ps_expect(s, B, PPTP_SCCRQ);
	assert_int_equal(s->side[A].refused_pool, UT_POOL_CALLS); /* for the second */
	ps_end(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_result_of_0_is_success_in_sccrp_and_ocrp),
		cmocka_unit_test(reserved_octets_are_ignored),
		cmocka_unit_test(requests_wait_for_the_answer_to_the_one_before),
		cmocka_unit_test(an_echo_request_waits_for_its_turn_too),
		cmocka_unit_test(a_cdn_may_name_the_call_by_either_end_s_id_or_swapped),
		cmocka_unit_test(the_pac_s_id_counts_more_than_ours_when_both_would_fit),
		cmocka_unit_test(a_peer_s_id_of_0_is_an_id_like_any),
		cmocka_unit_test(a_cdn_for_a_request_not_yet_answered_refuses_it),
		cmocka_unit_test(a_cdn_that_never_comes_is_waited_for_a_second_at_most),
		cmocka_unit_test(a_call_of_many_whose_cdn_never_comes_is_gone_all_the_same),
		cmocka_unit_test(a_server_that_closes_on_our_clear_is_a_clean_end),
		cmocka_unit_test(a_server_may_clear_an_outgoing_call),
		cmocka_unit_test(echoes_are_answered_from_sccrp_to_the_last_word),
		cmocka_unit_test(an_echo_reply_to_another_request_is_none),
		cmocka_unit_test(anything_heard_puts_the_echo_off),
		cmocka_unit_test(echo_s_of_0_never_asks),
		cmocka_unit_test(link_info_and_wan_errors_are_taken_note_of),
		cmocka_unit_test(a_refusal_of_the_connection_is_its_cause),
		cmocka_unit_test(a_refusal_of_the_call_is_its_cause_and_the_connection_is_closed_in_order),
		cmocka_unit_test(a_server_of_another_version_is_told_so_and_left),
		cmocka_unit_test(a_stop_of_the_server_is_answered_and_its_reason_kept),
		cmocka_unit_test(a_request_for_a_connection_waits_60_s),
		cmocka_unit_test(a_call_without_answer_for_60_s_closes_the_entire_connection),
		cmocka_unit_test(an_answer_that_crosses_our_abort_is_ignored_and_its_cdn_ends_the_call),
		cmocka_unit_test(replies_out_of_place_change_nothing),
		cmocka_unit_test(a_stream_out_of_step_closes_the_connection),
		cmocka_unit_test(messages_that_cannot_be_used_are_reported_and_stepped_over),
		cmocka_unit_test(a_flood_in_one_segment_is_answered_to_the_last_message),
		cmocka_unit_test(a_server_answers_a_higher_version_with_its_own_and_refuses_a_lower),
		cmocka_unit_test(a_server_that_takes_no_connections_says_so),
		cmocka_unit_test(who_connects_and_says_nothing_is_closed_after_60_s),
		cmocka_unit_test(who_says_anything_before_sccrq_is_closed),
		cmocka_unit_test(without_a_slot_a_connection_is_refused_for_want_of_resources),
		cmocka_unit_test(without_a_slot_a_call_is_refused_for_want_of_resources),
		cmocka_unit_test(a_call_id_that_is_in_use_is_refused_as_such),
		cmocka_unit_test(a_server_that_takes_no_calls_says_so),
		cmocka_unit_test(a_client_that_clears_its_call_is_answered_and_may_call_again),
		cmocka_unit_test(a_client_that_ends_its_call_with_a_cdn_ends_it),
		cmocka_unit_test(an_outgoing_call_that_is_being_dialled_can_be_cleared_or_closed),
		cmocka_unit_test(an_incoming_call_at_each_stage_can_be_ended_by_either_side),
		cmocka_unit_test(a_call_that_never_connects_closes_the_entire_connection),
		cmocka_unit_test(a_pac_that_never_confirms_a_clear_is_not_waited_for),
		cmocka_unit_test(a_server_s_stream_out_of_step_is_closed),
		cmocka_unit_test(a_server_told_twice_to_close_stops_once),
		cmocka_unit_test(late_news_of_a_connection_is_none_of_the_one_that_has_its_slot_now),
		cmocka_unit_test(a_call_that_waits_for_its_turn_can_be_closed_or_fail_unheard),
		cmocka_unit_test(a_second_sccrq_is_answered_with_a_stop_reply),
		cmocka_unit_test(a_pac_that_rings_is_cleared_while_it_waits),
		cmocka_unit_test(orders_for_nobody_and_events_of_nobody_are_nothing),
		cmocka_unit_test(starved_of_randomness_no_call_is_placed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
