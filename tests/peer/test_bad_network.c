/* test_bad_network.c - thousands of seeds of loss, doubling and reordering, in virtual time
 * SPDX-License-Identifier: Apache-2.0
 *
 * UPTUN_SEEDS says how many seeds of each kind; without it, few enough for every run.
 */
#include "tests/fsm/sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

enum {
	SEEDS = 300,
	TRIES = 20,
	HELLO_S = 60,
	CYCLE_MS = 1000 + 2000 + 4000 + 17 * 8000, /* of 20 transmissions */
	SETUP_MS = 900 * 1000,
	LIFE_MS = 900 * 1000,
	LOOK_MS = 1000,
	SLACK_MS = 10 * 1000 /* the engine's acknowledgement delays and this test's looks */
};

static unsigned
seeds(void)
{
	const char *text = getenv("UPTUN_SEEDS");

	return text != NULL ? (unsigned)strtoul(text, NULL, 10) : SEEDS;
}

static struct sim *
new_sim(unsigned seed, unsigned loss_percent)
{
	struct sim_setup setup = sim_setup_default();
	struct sim *s;

	setup.seed = seed;
	setup.client_params.tries = setup.server_params.tries = TRIES;
	setup.client_params.hello_s = setup.server_params.hello_s = HELLO_S;
	setup.client.setup_ms = 0;
	setup.engine[SIM_CLIENT].trace = setup.engine[SIM_SERVER].trace = false;
	s = sim_new(&setup);
	s->loss_percent = loss_percent;
	s->double_percent = 10;
	s->reorder_percent = 20;
	return s;
}

static bool
is_settled(const struct sim *s)
{
	return sim_is_link_up(s) || sim_has_ended(s);
}

static bool
is_up(const struct sim *s, unsigned side)
{
	return ut_engine_counts(s->engine[side]).established > 0;
}

static bool
is_up_on_both(const struct sim *s)
{
	return sim_is_link_up(s) && is_up(s, SIM_CLIENT) && is_up(s, SIM_SERVER) &&
	       s->n_reports[SIM_SERVER][UT_REPORT_SESSION_UP] > 0;
}

static int
compare_ms(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* The session stands on the client a way earlier than on the server, which still has to hear ICCN. */
static void
at_thirty_percent_loss_999_of_1000_are_established_on_both_ends(void **state)
{
	unsigned n = seeds(), failed = 0;
	uint32_t *took = calloc(n, sizeof *took);

	(void)state;
	for (unsigned seed = 1; seed <= n; seed++) {
		struct sim *s = new_sim(seed, 30);
		uint64_t started = s->now.us;

		sim_start(s);
		(void)sim_run_until(s, is_settled, SETUP_MS);
		if (sim_run_until(s, is_up_on_both, CYCLE_MS))
			took[seed - 1 - failed] = (uint32_t)((s->now.us - started) / 1000);
		else
			failed++;
		sim_free(s);
	}
	qsort(took, n - failed, sizeof *took, compare_ms);
	print_message("%u seeds, %u not established on both ends; median %u ms, p99 %u ms, longest %u ms\n",
		      n, failed, took[(n - failed) / 2], took[(n - failed) * 99 / 100], took[n - failed - 1]);
	free(took);
	assert_true(failed * 1000 <= n);
}

/* How long one end had a tunnel and the other none, at a stretch. */
static uint64_t
longest_disagreement_ms(struct sim *s, uint64_t for_ms)
{
	uint64_t longest = 0, since = 0, end = s->now.us + for_ms * 1000;

	while (s->now.us < end) {
		bool disagree = is_up(s, SIM_CLIENT) != is_up(s, SIM_SERVER);

		if (!disagree)
			since = 0;
		else if (since == 0)
			since = s->now.us;
		else if (s->now.us - since > longest)
			longest = s->now.us - since;
		sim_run(s, LOOK_MS);
	}
	return longest / 1000;
}

static void
up_to_eighty_percent_loss_no_end_stays_up_alone_beyond_a_hello_cycle(void **state)
{
	const uint64_t limit = HELLO_S * 1000 + CYCLE_MS + SLACK_MS;
	uint64_t longest = 0;
	unsigned n = seeds();

	(void)state;
	for (unsigned seed = 1; seed <= n; seed++) {
		struct sim *s = new_sim(seed, 40 + seed % 41);
		uint64_t alone;

		sim_start(s);
		alone = longest_disagreement_ms(s, LIFE_MS);
		if (alone > limit)
			fail_msg("seed %u: one end was up alone for %llu ms", seed,
				 (unsigned long long)alone);
		longest = alone > longest ? alone : longest;
		sim_free(s);
	}
	print_message("%u seeds; the longest stretch with one end up alone: %llu ms, limit %llu ms\n", n,
		      (unsigned long long)longest, (unsigned long long)limit);
}

/* With no loss from some moment on, both ends agree again within that time. */
static void
both_ends_agree_once_the_network_is_well_again(void **state)
{
	unsigned n = seeds();

	(void)state;
	for (unsigned seed = 1; seed <= n; seed++) {
		struct sim *s = new_sim(seed, 80);

		sim_start(s);
		sim_run(s, 1000 * (sim_random(s) % 300));
		s->loss_percent = 0;
		sim_run(s, HELLO_S * 1000 + CYCLE_MS + SLACK_MS);
		if (is_up(s, SIM_CLIENT) != is_up(s, SIM_SERVER))
			fail_msg("seed %u: the ends disagree", seed);
		sim_free(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_thirty_percent_loss_999_of_1000_are_established_on_both_ends),
		cmocka_unit_test(up_to_eighty_percent_loss_no_end_stays_up_alone_beyond_a_hello_cycle),
		cmocka_unit_test(both_ends_agree_once_the_network_is_well_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
