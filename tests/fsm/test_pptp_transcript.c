/* test_pptp_transcript.c - PPTP conversations under virtual time, told by the engines themselves
 * SPDX-License-Identifier: Apache-2.0
 *
 * tests/data/fsm/pptp-CASE.in says what happens: "start SIDE", "stop SIDE", "call SIDE", "run MS", "reset", "cut SEED"
 * (octets come in pieces), "silent SIDE", "both" (A and B dial each other), "calls N".  pptp-CASE.out is what the engines
 * did about it: every row taken and every message.  With UT_TRANSCRIPT=write in the environment it is written anew.
 */
#include "tests/fsm/pptp_sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/fsm/transcript.h"

static void
prepare(const char *line, struct ps_side_setup setup[PS_SIDES])
{
	unsigned n;

	if (strcmp(line, "both\n") == 0) {
		for (unsigned k = 0; k < 2; k++) {
			setup[k].has_engine = setup[k].listens = true;
			setup[k].n_clients = 1;
			setup[k].target = !k;
			setup[k].params.accept_calls = true;
		}
	} else if (sscanf(line, "calls %u", &n) == 1) {
		setup[0].client.n_links = (uint16_t)n;
	}
}

static void
obey(struct ps *s, const char *line)
{
	char side;
	unsigned n;

	if (line[0] == '#' || line[0] == '\n' || strcmp(line, "both\n") == 0 ||
	    strncmp(line, "calls ", 6) == 0)
		return;
	if (sscanf(line, "start %c", &side) == 1) {
		ps_start(s, (unsigned)(side - 'A'), 0);
	} else if (sscanf(line, "stop %c", &side) == 1) {
		ps_stop(s, (unsigned)(side - 'A'), 0);
	} else if (sscanf(line, "call %c", &side) == 1) {
		ps_call(s, (unsigned)(side - 'A'));
	} else if (sscanf(line, "run %u", &n) == 1) {
		ps_run(s, n);
	} else if (sscanf(line, "silent %c", &side) == 1) {
		s->side[side - 'A'].is_cut = true;
	} else if (sscanf(line, "cut %u", &n) == 1) {
		s->cut = true;
		s->seed = n;
	} else if (strcmp(line, "reset\n") == 0) {
		ps_reset(s, ps_pipe_of(s, 0), 104);
	} else {
		fail_msg("not an order: %s", line);
	}
}

static size_t
play(const char *name, char *text)
{
	struct ps_side_setup setup[PS_SIDES];
	FILE *in = transcript_open(name, "in", "r"), *out = tmpfile();
	struct ps *s;
	char line[128];
	size_t n;

	ps_setup_default(setup);
	while (fgets(line, sizeof line, in) != NULL)
		prepare(line, setup);
	rewind(in);
	s = ps_new(setup, 1);
	s->narrate = out;
	while (fgets(line, sizeof line, in) != NULL)
		obey(s, line);
	s->narrate = NULL;
	ps_end(s);
	fclose(in);
	rewind(out);
	n = fread(text, 1, TRANSCRIPT_MAX - 1, out);
	text[n] = '\0';
	fclose(out);
	return n;
}

static void
a_call_comes_up_and_is_ended_in_order(void **state)
{
	(void)state;
	transcript_check("pptp-up-and-down", play);
}

static void
both_ends_dial_at_once(void **state)
{
	(void)state;
	transcript_check("pptp-collision", play);
}

static void
a_silent_server_is_given_up(void **state)
{
	(void)state;
	transcript_check("pptp-silent", play);
}

static void
three_calls_and_a_stream_in_pieces(void **state)
{
	(void)state;
	transcript_check("pptp-three-calls", play);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_comes_up_and_is_ended_in_order),
		cmocka_unit_test(both_ends_dial_at_once),
		cmocka_unit_test(a_silent_server_is_given_up),
		cmocka_unit_test(three_calls_and_a_stream_in_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
