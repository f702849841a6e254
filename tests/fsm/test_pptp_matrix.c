/* test_pptp_matrix.c - every PPTP message in every state of either end's control connection and calls
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the engine must answer stands in tests/data/fsm/pptp-matrix.tsv: state, message, what is said to it, and what
 * that leaves.  With UT_MATRIX=print in the environment the program prints what it got instead.
 */
#include "tests/fsm/pptp_sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

enum { A, B, THEIRS = 0x0102 };

struct place {
	const char *name;
	void (*go)(struct ps *s);
	bool is_server, is_pac, is_silent; /* is_silent: the data path does not open */
};

static void
say(struct ps *s, enum pptp_message_type type)
{
	struct pptp_message m = ps_message(type);
	unsigned end;

	for (end = 0; end < PS_CALLS; end++)
		if (s->side[A].is_reserved[end])
			m.peer_call_id = s->side[A].reserved_id[end];
	ps_say(s, B, &m);
}

static void
connect(struct ps *s)
{
	if (s->side[A].listens) {
		(void)ps_dial(s, B, A);
	} else {
		ps_start(s, A, 0);
		(void)ps_expect(s, B, PPTP_SCCRQ);
	}
}

static void
establish(struct ps *s)
{
	connect(s);
	if (s->side[A].listens) {
		say(s, PPTP_SCCRQ);
		(void)ps_expect(s, B, PPTP_SCCRP);
	} else {
		say(s, PPTP_SCCRP);
	}
}

static void
ask(struct ps *s)
{
	establish(s);
	(void)ps_hear(s, B); /* OCRQ or ICRQ */
}

static void
client_call_opens(struct ps *s)
{
	ask(s);
	say(s, s->side[A].said[PPTP_OCRQ] > 0 ? PPTP_OCRP : PPTP_ICRP);
}

static void
client_call_up(struct ps *s)
{
	client_call_opens(s);
	(void)ps_hear(s, B); /* ICCN */
}

static void
client_clearing(struct ps *s)
{
	client_call_up(s);
	ps_stop(s, A, 0);
	(void)ps_expect(s, B, PPTP_CCRQ);
}

static void
client_stopping(struct ps *s)
{
	client_clearing(s);
	say(s, PPTP_CDN);
	(void)ps_expect(s, B, PPTP_STOPCCRQ);
}

static void
server_stopping(struct ps *s)
{
	establish(s);
	ps_feed(s, A, (struct ut_event){ .kind = UT_EV_TUNNEL_CLOSE, .ref = s->side[A].tunnel });
	(void)ps_expect(s, B, PPTP_STOPCCRQ);
}

static void
asked_for_outgoing(struct ps *s)
{
	establish(s);
	say(s, PPTP_OCRQ);
	(void)ps_hear(s, B);
}

static void
asked_for_incoming(struct ps *s)
{
	establish(s);
	say(s, PPTP_ICRQ);
	(void)ps_hear(s, B);
}

static void
incoming_up(struct ps *s)
{
	asked_for_incoming(s);
	say(s, PPTP_ICCN);
}

static void
incoming_clearing(struct ps *s)
{
	incoming_up(s);
	ps_feed(s, A, (struct ut_event){ .kind = UT_EV_SESSION_CLOSE, .ref = s->side[A].session });
	(void)ps_expect(s, B, PPTP_CCRQ);
}

static const struct place places[] = {
	{ "originator wait-ctl-reply", connect, false, false, false },
	{ "originator wait-stop-reply", client_stopping, false, false, false },
	{ "receiver idle", connect, true, false, false },
	{ "receiver established", establish, true, false, false },
	{ "receiver wait-stop-reply", server_stopping, true, false, false },
	{ "PNS outgoing wait-reply", ask, false, false, false },
	{ "PNS outgoing being opened", client_call_opens, false, false, true },
	{ "PNS outgoing established", client_call_up, false, false, false },
	{ "PNS outgoing wait-disconnect", client_clearing, false, false, false },
	{ "PAC outgoing wait-cs-ans", asked_for_outgoing, true, false, true },
	{ "PAC outgoing established", asked_for_outgoing, true, false, false },
	{ "PAC incoming wait-reply", ask, false, true, false },
	{ "PAC incoming being opened", client_call_opens, false, true, true },
	{ "PAC incoming established", client_call_up, false, true, false },
	{ "PNS incoming being opened", asked_for_incoming, true, false, true },
	{ "PNS incoming wait-connect", asked_for_incoming, true, false, false },
	{ "PNS incoming established", incoming_up, true, false, false },
	{ "PNS incoming wait-disconnect", incoming_clearing, true, false, false },
};
enum { PLACES = sizeof places / sizeof places[0], ANSWER = 64 };

static struct ps *
go(const struct place *place)
{
	struct ps_side_setup setup[PS_SIDES];
	struct ps *s;

	ps_setup_default(setup);
	setup[B].has_engine = false;
	setup[A].listens = place->is_server;
	setup[B].listens = !place->is_server;
	setup[A].n_clients = place->is_server ? 0 : 1;
	setup[A].params.is_pac = place->is_pac;
	s = ps_new(setup, 1);
	if (place->is_silent)
		s->side[A].answers[UT_FX_OPEN_SESSION] = PS_IGNORE;
	place->go(s);
	while (ps_hear(s, B) != NULL)
		continue;
	return s;
}

static void
describe(struct ps *s, unsigned calls, char out[ANSWER])
{
	const struct pptp_message *m = ps_hear(s, B);
	struct ut_engine_counts n = ut_engine_counts(s->side[A].e);
	const char *left = n.connections == 0 ? "closed"
			   : n.calls < calls  ? "call closed"
			   : n.calls > calls  ? "another call"
					      : "stays";

	if (m == NULL)
		snprintf(out, ANSWER, "- (%s)", left);
	else if (m->result != 0)
		snprintf(out, ANSWER, "%s %u %u (%s)", pptp_message_letters(m->type), m->result, m->error,
			 left);
	else
		snprintf(out, ANSWER, "%s (%s)", pptp_message_letters(m->type), left);
}

static void
check_line(FILE *file, const char *place, const char *type, const char *answer)
{
	char line[256], want[256];

	snprintf(want, sizeof want, "%s\t%s\t%s\n", place, type, answer);
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
	FILE *file = fopen("tests/data/fsm/pptp-matrix.tsv", "r");

	(void)state;
	assert_true(print || file != NULL);
	for (unsigned p = 0; p < PLACES; p++) {
		for (unsigned type = 1; type < PPTP_MESSAGE_N; type++) {
			struct ps *s = go(&places[p]);
			unsigned calls = ut_engine_counts(s->side[A].e).calls;
			char answer[ANSWER];

			say(s, (enum pptp_message_type)type);
			describe(s, calls, answer);
			if (print)
				printf("%s\t%s\t%s\n", places[p].name, pptp_message_letters(type), answer);
			else
				check_line(file, places[p].name, pptp_message_letters(type), answer);
			ps_end(s); /* nothing is left, whatever happened */
		}
	}
	if (file != NULL)
		fclose(file);
}

static void
every_pair_of_messages_in_every_state_leaves_nothing(void **state)
{
	(void)state;
	for (unsigned p = 0; p < PLACES; p++) {
		for (unsigned pair = 0; pair < 15 * 15; pair++) {
			struct ps *s = go(&places[p]);
			unsigned end;

			say(s, (enum pptp_message_type)(1 + pair % 15));
			for (end = 0; end < PS_PIPES && !s->pipe[end].used; end++)
				continue;
			if (end < PS_PIPES && s->pipe[end].is_open[places[p].is_server ? 0 : 1])
				say(s, (enum pptp_message_type)(1 + pair / 15));
			ps_end(s);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_message_in_every_state_has_its_answer),
		cmocka_unit_test(every_pair_of_messages_in_every_state_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
