/* test_l2tp_oracle.c - the codec and the hand-written decoder agree on everything there is to read
 * SPDX-License-Identifier: Apache-2.0
 *
 * Messages of our own in the clear and hidden, those of $UPTUN_BENCH (default ../shared/bench) and the captures of
 * $UPTUN_CAPTURES (default ../shared/captures) where they are; each also cut short and with octets changed.
 */
#include "tests/codec/l2tp_build.h"
#include "tests/codec/l2tp_samples.h"
#include "tests/oracle/l2tp_compare.h"
#include "tests/oracle/recorded.h"

/* What the messages are sent with; for none of these tests does it matter. */
static const struct l2tp_header a_header = { .tid = { 7 }, .sid = { 9 }, .ns = 3, .nr = 5 };

enum { MUTATIONS = 40, OWN_MUTATIONS = 8000, OCTETS_MAX = 4096, SMALL_SCRATCH = 24 };

static const struct l2tp_secret secret = { .octets = "secret", .n = 6 };

static void
compare(struct guard *g, struct ut_slice datagram)
{
	const struct ut_slice d = guard_put(g, datagram);

	if (l2tp_compare(d, &secret, L2TP_COMPARE_SCRATCH_MAX) && l2tp_compare(d, NULL, 0) &&
	    l2tp_compare(d, &secret, SMALL_SCRATCH))
		return;
	for (size_t i = 0; i < d.n; i++)
		print_message("%02x", d.p[i]);
	fail_msg(" is read differently by the two decoders");
}

/* The message as it is, and with some octets changed or the end cut off, Length put right or not. */
static void
compare_mutations(struct guard *g, struct ut_slice message, unsigned times, uint64_t seed)
{
	uint8_t octets[OCTETS_MAX];

	if (message.n > sizeof octets)
		return;
	compare(g, message);
	for (unsigned i = 0; i < times; i++) {
		const unsigned changes = recorded_noise(&seed) % 5;
		size_t n = message.n;

		memcpy(octets, message.p, n);
		for (unsigned k = 0; k < changes && n > 0; k++)
			octets[recorded_noise(&seed) % n] =
			    (uint8_t)(recorded_noise(&seed) >> recorded_noise(&seed) % 8);
		if (recorded_noise(&seed) % 4 == 0)
			n = recorded_noise(&seed) % (message.n + 1);
		if (n >= 4 && recorded_noise(&seed) % 2 == 0) {
			octets[2] = (uint8_t)(n >> 8);
			octets[3] = (uint8_t)n;
		}
		compare(g, ut_slice(octets, n));
	}
}

static void
messages_of_our_own_and_their_mutations_are_read_alike(void **state)
{
	struct l2tp_hide hide = { .secret = &secret, .padding_octets = 3 };

	for (size_t i = 0; i < L2TP_SAMPLE_N; i++) {
		struct l2tp_message m = l2tp_sample_message(l2tp_sample_types[i]);

		for (unsigned hidden = 0; hidden < 2; hidden++) {
			struct build b = { .w = ut_put_into(b.octets, sizeof b.octets) };

			m.hidden = hidden != 0 ? m.present : 0;
			l2tp_message_encode(&b.w, &a_header, &m, &hide);
			assert_false(b.w.full);
			compare_mutations(*state, ut_slice(b.octets, b.w.len), OWN_MUTATIONS,
					  i * 2 + hidden + 1);
		}
	}
}

static void
compare_recorded(void *ctx, struct ut_slice message, uint64_t seed)
{
	compare_mutations(ctx, message, MUTATIONS, seed);
}

static void
messages_of_the_bench_corpus_are_read_alike(void **state)
{
	if (recorded_bench("*.bin", compare_recorded, *state) == 0)
		skip();
}

static void
messages_of_real_captures_are_read_alike(void **state)
{
	static const char *const kinds[] = { "l2tp-udp", NULL };

	if (recorded_captures("oracle/*.msgs.txt", kinds, compare_recorded, *state) == 0)
		skip();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_of_our_own_and_their_mutations_are_read_alike),
		cmocka_unit_test(messages_of_the_bench_corpus_are_read_alike),
		cmocka_unit_test(messages_of_real_captures_are_read_alike),
	};

	return cmocka_run_group_tests(tests, build_setup, guard_teardown);
}
