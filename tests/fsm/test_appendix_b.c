/* test_appendix_b.c - the conversations of RFC 2661 appendix B, each side of them played by the engine in turn
 * SPDX-License-Identifier: Apache-2.0
 *
 * Ns and Nr are the RFC's, to the last datagram.  B.2 goes on where B.1 has ended.
 */
#include "tests/fsm/solo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

enum side { LAC, LNS };

struct line {
	enum side from;
	enum l2tp_message_type type;
	uint16_t nr, ns;
	bool is_lost;
};

enum { ACK_DELAY_MS = 50, RETRANSMIT_MS = 1000, PATIENCE_MS = 1500 };

static const struct line b1[] = {
	{ LAC, L2TP_SCCRQ, 0, 0, false },
	{ LNS, L2TP_SCCRP, 1, 0, false },
	{ LAC, L2TP_SCCCN, 1, 1, false },
	{ LNS, L2TP_ZLB, 2, 1, false },
};

static const struct line b2[] = {
	{ LAC, L2TP_ICRQ, 1, 2, false }, { LNS, L2TP_ICRP, 3, 1, true },  { LAC, L2TP_ICRQ, 1, 2, false },
	{ LNS, L2TP_ZLB, 3, 2, false },	 { LNS, L2TP_ICRP, 3, 1, false }, { LAC, L2TP_ICCN, 2, 3, false },
	{ LNS, L2TP_ZLB, 4, 2, false },
};

static void
expect_line(struct solo *s, const struct line *l)
{
	const struct solo_sent *d = &s->sent[s->n_read];

	for (unsigned ms = 0; s->n_read == s->n_sent && ms < PATIENCE_MS; ms++)
		solo_run(s, 1);
	assert_true(s->n_read < s->n_sent);
	s->n_read++;
	assert_int_equal(d->header.payload.n == 0 ? L2TP_ZLB : d->message.type, l->type);
	assert_int_equal(d->header.nr, l->nr);
	assert_int_equal(d->header.ns, l->ns);
}

static void
say_line(struct solo *s, const struct line *l)
{
	if (l->is_lost)
		return;
	s->ns = l->ns;
	s->nr = l->nr;
	solo_say_type(s, l->type);
}

/* The engine is `side`, and the test the other one. */
static void
converse(struct solo *s, enum side side, const struct line *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (v[i].from == side)
			expect_line(s, &v[i]);
		else
			say_line(s, &v[i]);
	}
}

static void
converse_as(enum side side)
{
	struct solo_setup setup = solo_setup_default(side == LAC ? SOLO_CLIENT : SOLO_SERVER);
	struct solo *s;

	setup.params.ack_delay_ms = ACK_DELAY_MS;
	setup.params.retransmit_ms = RETRANSMIT_MS;
	s = solo_new(side == LAC ? SOLO_CLIENT : SOLO_SERVER, &setup);
	if (side == LAC)
		solo_start(s);
	converse(s, side, b1, sizeof b1 / sizeof b1[0]);
	assert_string_equal(ut_engine_tunnel_state(s->e, s->tunnel), "established");
	converse(s, side, b2, sizeof b2 / sizeof b2[0]);
	assert_int_equal(s->n_read, s->n_sent);
	assert_int_equal(s->n_reports[UT_REPORT_SESSION_UP], 1);
	solo_run(s, PATIENCE_MS);
	assert_int_equal(s->n_read, s->n_sent); /* all of it is acknowledged */
	solo_end(s);
}

static void
the_conversations_of_appendix_b_from_the_lacs_side(void **state)
{
	(void)state;
	converse_as(LAC);
}

static void
the_conversations_of_appendix_b_from_the_lnss_side(void **state)
{
	(void)state;
	converse_as(LNS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_conversations_of_appendix_b_from_the_lacs_side),
		cmocka_unit_test(the_conversations_of_appendix_b_from_the_lnss_side),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
