/* test_l2tp_oracle.c - the codec and the hand-written decoder agree on everything there is to read
 * SPDX-License-Identifier: Apache-2.0
 *
 * Messages of our own in the clear and hidden, those of $UPTUN_BENCH (default ../shared/bench) and the captures of
 * $UPTUN_CAPTURES (default ../shared/captures) where they are; each also cut short and with octets changed.
 */
#include "tests/codec/l2tp_build.h"
#include "tests/codec/l2tp_samples.h"
#include "tests/oracle/l2tp_compare.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

/* What the messages are sent with; for none of these tests does it matter. */
static const struct l2tp_header a_header = { .tid = { 7 }, .sid = { 9 }, .ns = 3, .nr = 5 };

enum { MUTATIONS = 40, OWN_MUTATIONS = 8000, OCTETS_MAX = 4096, SMALL_SCRATCH = 24, LINE_OCTETS = 1 << 17 };

static const struct l2tp_secret secret = { .octets = "secret", .n = 6 };

static uint32_t
noise(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (uint32_t)(*seed >> 16);
}

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
		const unsigned changes = noise(&seed) % 5;
		size_t n = message.n;

		memcpy(octets, message.p, n);
		for (unsigned k = 0; k < changes && n > 0; k++)
			octets[noise(&seed) % n] = (uint8_t)(noise(&seed) >> noise(&seed) % 8);
		if (noise(&seed) % 4 == 0)
			n = noise(&seed) % (message.n + 1);
		if (n >= 4 && noise(&seed) % 2 == 0) {
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

static glob_t
files(const char *variable, const char *otherwise, const char *pattern)
{
	const char *const folder = getenv(variable) != NULL ? getenv(variable) : otherwise;
	char path[OCTETS_MAX];
	glob_t found = { .gl_pathc = 0 };

	snprintf(path, sizeof path, "%s/%s", folder, pattern);
	if (glob(path, 0, NULL, &found) != 0)
		print_message("skipped: there is no %s\n", path);
	return found;
}

static void
messages_of_the_bench_corpus_are_read_alike(void **state)
{
	glob_t found = files("UPTUN_BENCH", "../shared/bench", "*.bin");
	uint8_t octets[UINT16_MAX];
	uint8_t length[2];

	if (found.gl_pathc == 0)
		skip();
	for (size_t i = 0; i < found.gl_pathc; i++) {
		FILE *const in = fopen(found.gl_pathv[i], "rb");

		assert_non_null(in);
		while (fread(length, sizeof length, 1, in) == 1) {
			const size_t n = ut_get_u16(length);

			assert_int_equal(fread(octets, 1, n, in), n);
			compare_mutations(*state, ut_slice(octets, n), MUTATIONS, i + n + 1);
		}
		fclose(in);
	}
	globfree(&found);
}

static size_t
octets_of_hex(const char *hex, uint8_t *out)
{
	size_t n = 0;
	unsigned octet;

	while (sscanf(hex + 2 * n, "%2x", &octet) == 1)
		out[n++] = (uint8_t)octet;
	return n;
}

/* Lines of frame, kind, flow, hex. */
static void
compare_capture(struct guard *g, const char *path)
{
	FILE *const in = fopen(path, "r");
	char *const line = malloc(LINE_OCTETS);
	uint8_t *const octets = malloc(LINE_OCTETS);

	assert_true(in != NULL && line != NULL && octets != NULL);
	while (fgets(line, LINE_OCTETS, in) != NULL) {
		const char *const hex = strrchr(line, '\t');

		if (hex != NULL && strstr(line, "l2tp-udp") != NULL)
			compare_mutations(g, ut_slice(octets, octets_of_hex(hex + 1, octets)), MUTATIONS,
					  2661);
	}
	free(octets);
	free(line);
	fclose(in);
}

static void
messages_of_real_captures_are_read_alike(void **state)
{
	glob_t found = files("UPTUN_CAPTURES", "../shared/captures", "oracle/*.msgs.txt");

	if (found.gl_pathc == 0)
		skip();
	for (size_t i = 0; i < found.gl_pathc; i++)
		compare_capture(*state, found.gl_pathv[i]);
	globfree(&found);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_of_our_own_and_their_mutations_are_read_alike),
		cmocka_unit_test(messages_of_the_bench_corpus_are_read_alike),
		cmocka_unit_test(messages_of_real_captures_are_read_alike),
	};

	return cmocka_run_group_tests(tests, build_setup, build_teardown);
}
