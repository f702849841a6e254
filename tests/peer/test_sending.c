/* test_sending.c - all that a client sends in its life, held against what servers insist on
 * SPDX-License-Identifier: Apache-2.0
 *
 * "Interop" numbers are those of docs/interop.md.
 */
#include "tests/fsm/sim.h"
#include "tests/peer/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

/* What the client of the simulation that runs now has said: the callbacks of a sim carry no context. */
struct said {
	unsigned types;	   /* bit = message type */
	uint16_t tid, sid; /* assigned in SCCRQ and ICRQ, when not hidden */
	struct ut_time sccrq_at[3];
	unsigned n_sccrq;
};
static struct said said;

static const struct l2tp_secret secret = { .octets = "between us", .n = 10 };

static uint16_t
value_of(const struct wire *w, uint16_t type)
{
	size_t at = wire_find(w, type);

	assert_int_not_equal(at, WIRE_NO_AVP);
	return ut_get_u16(w->octets + at + L2TP_AVP_HEADER_OCTETS);
}

static void
check_avps(const struct wire *w)
{
	const uint64_t optional = L2TP_HAS(TIE_BREAKER) | L2TP_HAS(FIRMWARE_REVISION) |
				  L2TP_HAS(VENDOR_NAME) | L2TP_HAS(PHYSICAL_CHANNEL_ID) |
				  L2TP_HAS(PRIVATE_GROUP_ID) | L2TP_HAS(RX_CONNECT_SPEED);

	for (size_t at = WIRE_HEADER; at < w->n; at += wire_avp_octets(w, at)) {
		unsigned flags = ut_get_u16(w->octets + at), type = ut_get_u16(w->octets + at + 4);

		assert_int_equal(ut_get_u16(w->octets + at + 2), 0); /* no vendor's */
		assert_non_null(l2tp_avp_name(type));
		assert_int_equal(flags & L2TP_AVP_RESERVED, 0);
		assert_int_equal((flags & L2TP_AVP_BIT_M) != 0, (optional >> type & 1) == 0);
		if (type == L2TP_AVP_HOST_NAME || type == L2TP_AVP_MESSAGE_TYPE)
			assert_int_equal(flags & L2TP_AVP_BIT_H, 0);
	}
}

/* Ids come in the clear here or not at all. */
static void
check_end(const struct wire *w, uint16_t avp, uint16_t assigned)
{
	size_t at = wire_find(w, L2TP_AVP_RESULT_CODE);

	assert_int_not_equal(at, WIRE_NO_AVP);
	assert_true(wire_avp_octets(w, at) >= 10);
	assert_int_equal(value_of(w, avp), assigned);
}

static void
hear(struct sim *s, unsigned from, const uint8_t *octets, size_t n)
{
	struct wire w;
	unsigned type;

	if (from != SIM_CLIENT || !wire_load(&w, ut_slice(octets, n)))
		return;
	type = wire_type(&w);
	said.types |= 1U << type;
	assert_int_equal(ut_get_u16(w.octets), 0xc802); /* T, L, S and the version, nothing else */
	check_avps(&w);
	if (type == L2TP_SCCRQ) {
		said.tid = value_of(&w, L2TP_AVP_ASSIGNED_TUNNEL_ID);
		assert_in_range(value_of(&w, L2TP_AVP_RECEIVE_WINDOW_SIZE), 4, 32768);
		if (said.n_sccrq < 3)
			said.sccrq_at[said.n_sccrq++] = s->now;
	} else if (type == L2TP_ICRQ) {
		said.sid = value_of(&w, L2TP_AVP_ASSIGNED_SESSION_ID);
		assert_int_equal(wire_avp_octets(&w, wire_find(&w, L2TP_AVP_CALL_SERIAL_NUMBER)), 10);
	} else if (type == L2TP_ICCN) {
		assert_int_equal(wire_find(&w, L2TP_AVP_ASSIGNED_SESSION_ID), WIRE_NO_AVP);
		assert_int_equal(wire_find(&w, L2TP_AVP_RX_CONNECT_SPEED), WIRE_NO_AVP);
	} else if (type == L2TP_STOPCCN) {
		check_end(&w, L2TP_AVP_ASSIGNED_TUNNEL_ID, said.tid);
	} else if (type == L2TP_CDN) {
		check_end(&w, L2TP_AVP_ASSIGNED_SESSION_ID, said.sid);
	}
}

static struct sim *
start(const struct sim_setup *setup)
{
	struct sim *s = sim_new(setup);

	memset(&said, 0, sizeof said);
	s->on_send = hear;
	sim_start(s);
	return s;
}

static unsigned
bit(enum l2tp_message_type type)
{
	return 1U << type;
}

static void
interop_6_9_14_15_a_whole_life_says_nothing_a_server_may_object_to(void **state)
{
	const unsigned all = bit(L2TP_ZLB) | bit(L2TP_SCCRQ) | bit(L2TP_SCCCN) | bit(L2TP_ICRQ) |
			     bit(L2TP_ICCN) | bit(L2TP_HELLO) | bit(L2TP_STOPCCN) | bit(L2TP_CDN);

	(void)state;
	for (unsigned loss = 0; loss <= 20; loss += 10) {
		struct sim_setup setup = sim_setup_default();
		struct sim *s;

		setup.seed = loss + 1;
		setup.client.setup_ms = 0;
		setup.client_params.tries = setup.server_params.tries = 20;
		setup.client_params.hello_s = 5;
		s = start(&setup);
		s->loss_percent = loss;
		assert_true(sim_run_until(s, sim_is_link_up, 600000));
		sim_run(s, 60000);
		s->loss_percent = 0;
		sim_stop(s);
		assert_true(sim_run_until(s, sim_has_ended, 60000));
		assert_int_equal(said.types & ~all, 0); /* no OCRQ, no WEN, no SLI, nothing of a server's */
		assert_int_equal(said.types & bit(L2TP_STOPCCN), bit(L2TP_STOPCCN));
		sim_free(s);
	}
}

static void
interop_9_a_tunnel_refused_is_closed_with_its_id_and_a_result(void **state)
{
	struct sim_setup setup = sim_setup_default();
	struct sim *s;

	(void)state;
	setup.client_params.secret = secret;
	setup.client_params.authenticate_peer = true; /* the server knows no secret: refused by one of both */
	s = start(&setup);
	assert_true(sim_run_until(s, sim_has_ended, 60000));
	assert_int_not_equal(s->ended.cause, UT_CAUSE_NONE);
	sim_free(s);
}

static void
interop_17_a_lost_sccrq_is_said_again_after_one_and_two_seconds(void **state)
{
	struct sim_setup setup = sim_setup_default();
	struct sim *s = start(&setup);

	(void)state;
	s->cut[SIM_SERVER] = true;
	sim_run(s, 10000);
	assert_int_equal(said.n_sccrq, 3);
	assert_in_range(said.sccrq_at[1].us - said.sccrq_at[0].us, 900000, 1100000);
	assert_in_range(said.sccrq_at[2].us - said.sccrq_at[1].us, 1900000, 2100000);
	sim_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(interop_6_9_14_15_a_whole_life_says_nothing_a_server_may_object_to),
		cmocka_unit_test(interop_9_a_tunnel_refused_is_closed_with_its_id_and_a_result),
		cmocka_unit_test(interop_17_a_lost_sccrq_is_said_again_after_one_and_two_seconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
