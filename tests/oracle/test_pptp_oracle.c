/* test_pptp_oracle.c - the codec and the hand-written readers of PPTP and GRE agree on everything there is to read
 * SPDX-License-Identifier: Apache-2.0
 *
 * Messages of our own, those of $UPTUN_BENCH (default ../shared/bench) and the captures of $UPTUN_CAPTURES (default
 * ../shared/captures) where they are; each also cut up, cut short and with octets changed.
 */
#include "tests/codec/pptp_samples.h"
#include "tests/guard.h"
#include "tests/oracle/pptp_compare.h"
#include "tests/oracle/recorded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

enum { OWN_MUTATIONS = 8000, MUTATIONS = 40, OCTETS_MAX = 4096 };

static void
complain(struct ut_slice octets)
{
	for (size_t i = 0; i < octets.n; i++)
		print_message("%02x", octets.p[i]);
	fail_msg(" is read differently by the two");
}

/* The octets in pieces of which each is at most `most` octets. */
static void
compare_stream(struct guard *g, struct ut_slice octets, size_t most, uint64_t *seed)
{
	struct pptp_stream ours = { .offset = 0 }, plain = { .offset = 0 };
	size_t at = 0;

	while (at < octets.n) {
		size_t n = 1 + recorded_noise(seed) % most;

		if (n > octets.n - at)
			n = octets.n - at;
		if (!pptp_compare(&ours, &plain, guard_put(g, ut_slice(octets.p + at, n))))
			complain(octets);
		at += n;
	}
}

static void
compare_packet(struct guard *g, struct ut_slice octets)
{
	if (!gre_compare(guard_put(g, octets)))
		complain(octets);
}

/* The octets as they are, and with some changed or the end cut off. */
static void
compare_mutations(struct guard *g, struct ut_slice octets, unsigned times, uint64_t seed)
{
	uint8_t changed[OCTETS_MAX];

	if (octets.n > sizeof changed)
		return;
	compare_stream(g, octets, octets.n, &seed);
	compare_packet(g, octets);
	for (unsigned i = 0; i < times; i++) {
		const unsigned changes = recorded_noise(&seed) % 4;
		size_t n = octets.n;

		memcpy(changed, octets.p, n);
		for (unsigned k = 0; k < changes && n > 0; k++) {
			const size_t near = recorded_noise(&seed) % 2 == 0 && n > 48 ? 48 : n;

			changed[recorded_noise(&seed) % near] =
			    (uint8_t)(recorded_noise(&seed) >> recorded_noise(&seed) % 8);
		}
		if (recorded_noise(&seed) % 4 == 0)
			n = recorded_noise(&seed) % (octets.n + 1);
		compare_stream(g, ut_slice(changed, n), 1 + recorded_noise(&seed) % (octets.n + 1), &seed);
		compare_packet(g, ut_slice(changed, n));
	}
}

static void
messages_of_our_own_and_their_mutations_are_read_alike(void **state)
{
	for (unsigned type = 1; type < PPTP_MESSAGE_N; type++) {
		const struct pptp_message m = pptp_sample((enum pptp_message_type)type),
					  echo = pptp_sample(PPTP_ECHORQ);
		uint8_t octets[2 * PPTP_MESSAGE_OCTETS];
		struct ut_put w = ut_put_into(octets, sizeof octets);

		pptp_message_encode(&w, &m);
		pptp_message_encode(&w, &echo);
		assert_false(w.full);
		compare_mutations(*state, ut_slice(octets, w.len), OWN_MUTATIONS, type);
	}
}

static void
headers_of_our_own_and_their_mutations_are_read_alike(void **state)
{
	for (unsigned bits = 0; bits < 4; bits++) {
		const struct gre_header h = { .has_sequence = (bits & 1) != 0,
					      .has_acknowledgment = (bits & 2) != 0,
					      .call_id = { 0x1f2e },
					      .sequence = 0x01020304,
					      .acknowledgment = 0xfffefdfc,
					      .payload = ut_slice_str("\xff\x03\xc0\x21") };
		uint8_t octets[64];
		struct ut_put w = ut_put_into(octets, sizeof octets);

		gre_header_encode(&w, &h);
		ut_put_slice(&w, h.payload);
		compare_mutations(*state, ut_slice(octets, w.len), OWN_MUTATIONS, bits + 1);
	}
}

static void
compare_recorded(void *ctx, struct ut_slice octets, uint64_t seed)
{
	compare_mutations(ctx, octets, MUTATIONS, seed);
}

static void
messages_of_the_bench_corpus_are_read_alike(void **state)
{
	if (recorded_bench("pptp_*.bin", compare_recorded, *state) == 0)
		skip();
}

static void
messages_of_real_captures_are_read_alike(void **state)
{
	static const char *const kinds[] = { "pptp", "gre", NULL };

	if (recorded_captures("oracle/pptp-*.msgs.txt", kinds, compare_recorded, *state) == 0)
		skip();
}

static int
setup(void **state)
{
	return guard_setup(state, OCTETS_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_of_our_own_and_their_mutations_are_read_alike),
		cmocka_unit_test(headers_of_our_own_and_their_mutations_are_read_alike),
		cmocka_unit_test(messages_of_the_bench_corpus_are_read_alike),
		cmocka_unit_test(messages_of_real_captures_are_read_alike),
	};

	return cmocka_run_group_tests(tests, setup, guard_teardown);
}
