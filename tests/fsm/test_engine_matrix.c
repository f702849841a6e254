/* test_engine_matrix.c - every message in every state of tunnel and call, good and faulty
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the engine must answer stands in tests/data/fsm/matrix.tsv: state, message, answer to a good one, answer
 * to one with an unknown mandatory AVP, each with its Result and Error Code, and the tunnel's state after it.
 * With UT_MATRIX=print in the environment the program prints what it got instead.
 */
#include "tests/fsm/solo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

struct place {
	const char *name;
	enum solo_role role;
	void (*go)(struct solo *s);
};

static void
dial(struct solo *s)
{
	solo_start(s);
	(void)solo_expect(s, L2TP_SCCRQ);
}

static void
answer_sccrq(struct solo *s)
{
	solo_say_type(s, L2TP_SCCRQ);
	(void)solo_expect(s, L2TP_SCCRP);
	solo_ack(s);
}

static void
call_out(struct solo *s)
{
	solo_tunnel_up(s);
	(void)solo_expect(s, L2TP_ICRQ);
	solo_ack(s);
}

static void
call_being_opened(struct solo *s)
{
	s->silent[UT_FX_OPEN_SESSION] = true;
	call_out(s);
	solo_say_type(s, L2TP_ICRP);
}

static void
call_offered(struct solo *s)
{
	solo_tunnel_up(s);
	solo_say_type(s, L2TP_ICRQ);
	(void)solo_expect(s, L2TP_ICRP);
	solo_ack(s);
}

static void
bearer_opens(struct solo *s)
{
	s->silent[UT_FX_OPEN_SESSION] = true;
	solo_tunnel_up(s);
	solo_say_type(s, L2TP_OCRQ);
	(void)solo_expect(s, L2TP_OCRP);
	solo_ack(s);
}

static void
bearer_up(struct solo *s)
{
	bearer_opens(s);
	solo_feed(s, (struct ut_event){ .kind = UT_EV_SESSION_OPENED, .ref = s->session });
	(void)solo_expect(s, L2TP_OCCN);
	solo_ack(s);
}

static const struct place places[] = {
	{ "client wait-ctl-reply", SOLO_CLIENT, dial },
	{ "server wait-ctl-conn", SOLO_SERVER, answer_sccrq },
	{ "server established", SOLO_SERVER, solo_tunnel_up },
	{ "LAC incoming wait-reply", SOLO_CLIENT, call_out },
	{ "LAC incoming being opened", SOLO_CLIENT, call_being_opened },
	{ "LAC incoming established", SOLO_CLIENT, solo_call_up },
	{ "LNS incoming wait-connect", SOLO_SERVER, call_offered },
	{ "LNS incoming established", SOLO_SERVER, solo_call_up },
	{ "LAC outgoing wait-cs-answer", SOLO_SERVER, bearer_opens },
	{ "LAC outgoing established", SOLO_SERVER, bearer_up },
};
enum { PLACES = sizeof places / sizeof places[0] };

static const enum l2tp_message_type types[] = {
#define X(token, number, name) L2TP_##token,
	L2TP_MESSAGES(X)
#undef X
};
enum { TYPES = sizeof types / sizeof types[0], ANSWER = 48 };

/* The first thing said in answer, its codes, and where that leaves tunnel and call. */
static void
describe(struct solo *s, unsigned sessions, char out[ANSWER])
{
	const struct solo_sent *d = solo_heard(s);
	struct ut_engine_counts n = ut_engine_counts(s->e);
	const char *left = n.tunnels == n.draining ? "closed"
			   : n.sessions < sessions ? "call closed"
						   : "stays";

	if (d == NULL)
		snprintf(out, ANSWER, "- (%s)", left);
	else if ((d->message.present & L2TP_HAS(RESULT_CODE)) != 0)
		snprintf(out, ANSWER, "%s %u %u (%s)", l2tp_message_name(d->message.type), d->message.result,
			 d->message.error, left);
	else
		snprintf(out, ANSWER, "%s (%s)", l2tp_message_name(d->message.type), left);
}

static void
try(const struct place *place, enum l2tp_message_type type,
    void (*say)(struct solo *, enum l2tp_message_type), char out[ANSWER])
{
	struct solo_setup setup = solo_setup_default(place->role);
	struct solo *s = solo_new(place->role, &setup);
	unsigned sessions;

	place->go(s);
	sessions = ut_engine_counts(s->e).sessions;
	say(s, type);
	describe(s, sessions, out);
	solo_end(s); /* nothing is left, whatever happened */
}

static void
check_line(FILE *file, const char *place, const char *type, const char *good, const char *faulty)
{
	char line[256], want[256];

	snprintf(want, sizeof want, "%s\t%s\t%s\t%s\n", place, type, good, faulty);
	do {
		if (fgets(line, sizeof line, file) == NULL)
			fail_msg("not in the matrix: %s", want);
	} while (line[0] == '#');
	assert_string_equal(want, line);
}

static void
every_message_in_every_state_has_its_answer(void **state)
{
	bool print = getenv("UT_MATRIX") != NULL;
	FILE *file = fopen("tests/data/fsm/matrix.tsv", "r");

	(void)state;
	assert_true(print || file != NULL);
	for (unsigned p = 0; p < PLACES; p++) {
		for (unsigned k = 0; k < TYPES; k++) {
			char good[ANSWER], faulty[ANSWER];

			try(&places[p], types[k], solo_say_type, good);
			try(&places[p], types[k], solo_say_faulty, faulty);
			if (print)
				printf("%s\t%s\t%s\t%s\n", places[p].name, l2tp_message_name(types[k]), good,
				       faulty);
			else
				check_line(file, places[p].name, l2tp_message_name(types[k]), good, faulty);
		}
	}
	if (file != NULL)
		fclose(file);
}

static void
every_message_twice_is_acknowledged_and_answered_once(void **state)
{
	(void)state;
	for (unsigned p = 0; p < PLACES; p++) {
		for (unsigned k = 0; k < TYPES; k++) {
			struct solo_setup setup = solo_setup_default(places[p].role);
			struct solo *s = solo_new(places[p].role, &setup);
			uint16_t ns;
			unsigned n_sent;

			places[p].go(s);
			ns = s->ns;
			solo_say_type(s, types[k]);
			n_sent = s->n_sent;
			s->ns = ns;
			solo_say_type(s, types[k]);
			for (unsigned i = n_sent; i < s->n_sent;
			     i++) /* an acknowledgement and nothing else, ... */
				if (s->sent[i].header.payload.n !=
				    0) /* ... save to what has no tunnel to be counted by */
					assert_int_equal(s->sent[i].header.nr, 1);
			solo_end(s);
		}
	}
}

static void
nothing_before_the_tunnel_but_sccrq_is_answered(void **state)
{
	struct solo_setup setup = solo_setup_default(SOLO_SERVER);

	(void)state;
	for (unsigned k = 0; k < TYPES; k++) {
		struct solo *s = solo_new(SOLO_SERVER, &setup);

		solo_say_type(s, types[k]);
		assert_int_equal(s->n_sent, types[k] == L2TP_SCCRQ ? 1 : 0);
		solo_end(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_message_in_every_state_has_its_answer),
		cmocka_unit_test(every_message_twice_is_acknowledged_and_answered_once),
		cmocka_unit_test(nothing_before_the_tunnel_but_sccrq_is_answered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
