/* test_transcript.c - conversations under virtual time, told by the engines themselves
 * SPDX-License-Identifier: Apache-2.0
 *
 * tests/data/fsm/CASE.in says what happens: "start", "stop", "run MS", "lose SIDE TYPE N" (the Nth datagram of that
 * type, from 1), "network LOSS DOUBLE REORDER SEED" percent.  CASE.out is what the engines did about it: every row
 * taken and the Ns and Nr of every datagram.  With UT_TRANSCRIPT=write in the environment the .out is written anew.
 */
#include "tests/fsm/sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/fsm/transcript.h"

static struct {
	unsigned side, type, nth, seen;
} lose;

static const char *
name_of(const struct l2tp_header *h)
{
	const char *name = h->payload.n < 8 ? "ZLB" : l2tp_message_name(ut_get_u16(h->payload.p + 6));

	return name == NULL ? "?" : name;
}

static void
tell(struct sim *s, unsigned from, const uint8_t *octets, size_t n)
{
	struct l2tp_header h;
	struct l2tp_fault fault;

	assert_int_equal(l2tp_header_decode(ut_slice(octets, n), &h, &fault), L2TP_FAULT_NONE);
	fprintf(s->narrate, "%8.3f %s %-8s Nr: %u, Ns: %u\n", (double)s->now.us / 1e6,
		from == SIM_CLIENT ? "client ->" : "server <-", name_of(&h), h.nr, h.ns);
}

static bool
is_lost(struct sim *s, unsigned from, const uint8_t *octets, size_t n)
{
	unsigned type = n < 20 ? 0 : ut_get_u16(octets + 18);

	if (from != lose.side || type != lose.type || ++lose.seen != lose.nth)
		return false;
	fprintf(s->narrate, "                  (packet lost)\n");
	return true;
}

static unsigned
type_of(const char *name)
{
	for (unsigned type = 1; type < L2TP_MESSAGE_N; type++)
		if (l2tp_message_name(type) != NULL && strcmp(l2tp_message_name(type), name) == 0)
			return type;
	return 0;
}

static void
obey(struct sim *s, const char *line)
{
	char side[16], type[16];
	unsigned a, b, c, d;

	if (line[0] == '#' || line[0] == '\n')
		return;
	if (strcmp(line, "start\n") == 0) {
		sim_start(s);
	} else if (strcmp(line, "stop\n") == 0) {
		sim_stop(s);
	} else if (sscanf(line, "run %u", &a) == 1) {
		sim_run(s, a);
	} else if (sscanf(line, "lose %15s %15s %u", side, type, &a) == 3) {
		lose.side = strcmp(side, "client") == 0 ? SIM_CLIENT : SIM_SERVER;
		lose.type = type_of(type);
		lose.nth = a;
		lose.seen = 0;
	} else if (sscanf(line, "network %u %u %u %u", &a, &b, &c, &d) == 4) {
		s->loss_percent = a;
		s->double_percent = b;
		s->reorder_percent = c;
		s->seed = d;
	} else {
		fail_msg("not an order: %s", line);
	}
}

static size_t
play(const char *name, char *text)
{
	struct sim_setup setup = sim_setup_default();
	FILE *in = transcript_open(name, "in", "r");
	FILE *out = tmpfile();
	struct sim *s;
	char line[128];
	size_t n;

	memset(&lose, 0, sizeof lose);
	s = sim_new(&setup);
	s->narrate = out;
	s->on_send = tell;
	s->drop = is_lost;
	while (fgets(line, sizeof line, in) != NULL)
		obey(s, line);
	sim_free(s);
	fclose(in);
	rewind(out);
	n = fread(text, 1, TRANSCRIPT_MAX - 1, out);
	text[n] = '\0';
	fclose(out);
	return n;
}

static void
b1_lock_step_tunnel_establishment(void **state)
{
	(void)state;
	transcript_check("b1-lock-step", play);
}

static void
b2_a_lost_icrp_is_retransmitted(void **state)
{
	(void)state;
	transcript_check("b2-lost-icrp", play);
}

static void
a_lossy_network_tells_the_same_story_every_time(void **state)
{
	(void)state;
	transcript_check("lossy", play);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(b1_lock_step_tunnel_establishment),
		cmocka_unit_test(b2_a_lost_icrp_is_retransmitted),
		cmocka_unit_test(a_lossy_network_tells_the_same_story_every_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
