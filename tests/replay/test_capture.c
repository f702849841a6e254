/* test_capture.c - files whose records are read here, held against libpcap's reading of the same
 * SPDX-License-Identifier: Apache-2.0
 *
 * A file that is big-endian throughout is libpcap's to read; its little-endian twin is ours.
 */
#include "tests/replay/make_capture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { HEAD_OCTETS = 24, RECORD_OCTETS = 16, FRAMES = 5 };

static void
swap(uint8_t *at, size_t octets)
{
	for (size_t i = 0; i < octets / 2; i++) {
		const uint8_t kept = at[i];

		at[i] = at[octets - 1 - i];
		at[octets - 1 - i] = kept;
	}
}

static void
swap_words(uint8_t *at, size_t octets)
{
	for (size_t i = 0; i < octets; i += 4)
		swap(at + i, 4);
}

/* The same capture, big-endian. */
static void
turn(struct made *m)
{
	size_t at = HEAD_OCTETS;

	swap_words(m->octets, 4);
	swap(m->octets + 4, 2);
	swap(m->octets + 6, 2);
	swap_words(m->octets + 8, HEAD_OCTETS - 8);
	while (at < m->n) {
		const size_t captured = m->octets[at + 8] | (size_t)m->octets[at + 9] << 8;

		swap_words(m->octets + at, RECORD_OCTETS);
		at += RECORD_OCTETS + captured;
	}
}

static struct made *
new_capture(bool is_nano)
{
	struct made *const m = calloc(1, sizeof *m);
	const uint8_t octets[40] = { 0xc8, 0x02 };

	assert_non_null(m);
	made_begin(m, 1);
	if (is_nano)
		memcpy(m->octets, (const uint8_t[]){ 0x4d, 0x3c, 0xb2, 0xa1 }, 4);
	for (size_t i = 0; i < FRAMES; i++)
		made_udp(m, i % 2, ut_slice(octets, 12 + i));
	return m;
}

/* Both to the end: the same frames, and the same end.  Returns how many frames. */
static unsigned
compare(const struct made *ours, const struct made *theirs)
{
	struct capture *const a = made_open(ours), *const b = made_open(theirs);
	struct capture_packet p = { .frame = 0 }, q = { .frame = 0 };
	enum capture_result result = CAPTURE_END;

	assert_int_equal(a == NULL, b == NULL);
	if (a == NULL)
		return 0;
	while ((result = capture_next(a, &p)) == CAPTURE_PACKET) {
		assert_int_equal(capture_next(b, &q), CAPTURE_PACKET);
		assert_int_equal(p.time_ns, q.time_ns);
		assert_int_equal(p.frame, q.frame);
		assert_int_equal(p.kind, q.kind);
		assert_int_equal(p.payload.n, q.payload.n);
		assert_memory_equal(p.payload.p, q.payload.p, q.payload.n);
	}
	assert_int_equal(result, capture_next(b, &q));
	assert_true(result != CAPTURE_BROKEN || capture_error(a)[0] != '\0');
	capture_close(a);
	capture_close(b);
	return (unsigned)p.frame;
}

static void
every_prefix_of_a_file_reads_as_libpcap_reads_it(void **state)
{
	(void)state;
	for (unsigned is_nano = 0; is_nano < 2; is_nano++) {
		struct made *const ours = new_capture(is_nano), *const theirs = new_capture(is_nano);
		const size_t whole = ours->n;

		turn(theirs);
		for (size_t n = 1; n <= whole; n++) {
			ours->n = theirs->n = n;
			assert_true(compare(ours, theirs) <= FRAMES);
		}
		assert_int_equal(compare(ours, theirs), FRAMES);
		free(ours);
		free(theirs);
	}
}

static void
a_record_longer_than_any_frame_ends_both_readings(void **state)
{
	static const uint32_t lengths[] = { (1 << 18) + 1, UINT32_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		struct made *const ours = new_capture(false), *const theirs = new_capture(false);

		memcpy(ours->octets + HEAD_OCTETS + 8, &lengths[i], 4);
		turn(theirs);
		memcpy(theirs->octets + HEAD_OCTETS + 8, &lengths[i], 4);
		swap(theirs->octets + HEAD_OCTETS + 8, 4);
		assert_int_equal(compare(ours, theirs), 0);
		free(ours);
		free(theirs);
	}
}

static void
frames_that_cross_the_blocks_of_a_large_file_are_whole(void **state)
{
	enum { LARGE = 9000, ALL = 200 }; /* several blocks; the last octet of each frame is its number */
	FILE *const stream = tmpfile();
	uint8_t frame[LARGE] = { 0 };
	struct capture_packet p = { .frame = 0 };
	char why[CAPTURE_ERROR_OCTETS];
	struct made *const m = calloc(1, sizeof *m);
	struct capture *c;

	(void)state;
	assert_non_null(m);
	assert_non_null(stream);
	made_begin(m, 101); /* raw IP: IPv6 without a next header that is known */
	frame[0] = 0x60;
	frame[4] = (LARGE - 40) >> 8;
	frame[5] = (LARGE - 40) & 0xff;
	frame[6] = 59;
	for (unsigned i = 0; i < ALL; i++) {
		frame[LARGE - 1 - i] = (uint8_t)i;
		made_frame(m, ut_slice(frame, LARGE - i));
		assert_int_equal(fwrite(m->octets, 1, m->n, stream), m->n);
		m->n = 0;
	}
	rewind(stream);
	c = capture_open_stream(stream, why);
	assert_non_null(c);
	for (unsigned i = 0; i < ALL; i++) {
		assert_int_equal(capture_next(c, &p), CAPTURE_PACKET);
		assert_int_equal(p.payload.n, LARGE - 40 - i);
		assert_int_equal(p.payload.p[p.payload.n - 1], i);
	}
	assert_int_equal(capture_next(c, &p), CAPTURE_END);
	capture_close(c);
	free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_prefix_of_a_file_reads_as_libpcap_reads_it),
		cmocka_unit_test(a_record_longer_than_any_frame_ends_both_readings),
		cmocka_unit_test(frames_that_cross_the_blocks_of_a_large_file_are_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
