/* test_capture_ng.c - pcapng files made here, held against the same frames in a plain file
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/replay/make_capture_ng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { HEAD_OCTETS = 24, RECORD_OCTETS = 16, FRAMES = 5, ETHERNET = 1, USB = 220, RAW = 101 };

static struct made_ng
new_file(bool is_big_endian)
{
	struct made *const made = calloc(1, sizeof *made);

	assert_non_null(made);
	return made_ng_begin(made, is_big_endian);
}

static struct made *
new_plain(void)
{
	struct made *const m = calloc(1, sizeof *m);
	const uint8_t octets[40] = { 0xc8, 0x02 };

	assert_non_null(m);
	made_begin(m, ETHERNET);
	for (size_t i = 0; i < FRAMES; i++)
		made_udp(m, i % 2, ut_slice(octets, 12 + i));
	return m;
}

/* How many frames there are; each is that of the plain file, if there is one. */
static unsigned
count(const struct made *made, const struct made *plain, enum capture_result *end)
{
	struct capture *const a = made_open(made), *const b = plain != NULL ? made_open(plain) : NULL;
	struct capture_packet p = { .frame = 0 }, q;

	assert_non_null(a);
	while ((*end = capture_next(a, &p)) == CAPTURE_PACKET) {
		if (b == NULL)
			continue;
		assert_int_equal(capture_next(b, &q), CAPTURE_PACKET);
		assert_int_equal(p.time_ns, q.time_ns);
		assert_int_equal(p.kind, q.kind);
		assert_int_equal(p.payload.n, q.payload.n);
		assert_memory_equal(p.payload.p, q.payload.p, q.payload.n);
	}
	assert_true(*end != CAPTURE_BROKEN || capture_error(a)[0] != '\0');
	capture_close(a);
	if (b != NULL)
		capture_close(b);
	return (unsigned)p.frame;
}

static void
frames_are_those_of_a_plain_file_in_either_byte_order(void **state)
{
	static const struct {
		unsigned resolution;
		uint64_t ticks_in_us;
	} cases[] = { { 0, 1 }, { 6, 1 }, { 9, 1000 }, { 12, 1000000 } };
	struct made *const plain = new_plain();

	(void)state;
	for (size_t i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++) {
		struct made_ng ng = new_file(i % 2 != 0);
		enum capture_result end;

		made_ng_interface(&ng, ETHERNET, 0, cases[i / 2].resolution);
		made_ng_all(&ng, plain, cases[i / 2].ticks_in_us);
		assert_int_equal(count(ng.made, plain, &end), FRAMES);
		assert_int_equal(end, CAPTURE_END);
		free(ng.made);
	}
	free(plain);
}

static void
every_prefix_of_a_file_is_read_to_its_last_whole_frame(void **state)
{
	struct made *const plain = new_plain();
	struct made_ng ng = new_file(false);
	enum capture_result end;
	size_t whole;

	(void)state;
	made_ng_interface(&ng, ETHERNET, 0, 9);
	made_ng_all(&ng, plain, 1000);
	whole = ng.made->n;
	for (ng.made->n = 12; ng.made->n < whole; ng.made->n++)
		assert_in_range(count(ng.made, plain, &end), 0, FRAMES - 1);
	free(ng.made);
	free(plain);
}

static void
a_time_in_powers_of_two_is_read(void **state)
{
	const uint8_t nothing[20] = { 0x45 };
	struct made_ng ng = new_file(false);
	struct capture_packet p;
	struct capture *c;

	(void)state;
	made_ng_interface(&ng, RAW, 0, 0x80 | 40);
	made_ng_packet(&ng, 0, UINT64_C(3) << 39, nothing, sizeof nothing);
	c = made_open(ng.made);
	assert_non_null(c);
	assert_int_equal(capture_next(c, &p), CAPTURE_PACKET);
	assert_int_equal(p.time_ns, 1500000000);
	capture_close(c);
	free(ng.made);
}

static struct ut_slice
first_frame(const struct made *plain)
{
	const uint8_t *const record = plain->octets + HEAD_OCTETS;

	return ut_slice(record + RECORD_OCTETS, (size_t)record[9] << 8 | record[8]);
}

/* The next frame is of this kind, or there is none. */
static void
next_is(struct capture *c, enum capture_result result, enum capture_kind kind)
{
	struct capture_packet p;

	assert_int_equal(capture_next(c, &p), result);
	if (result == CAPTURE_PACKET)
		assert_int_equal(p.kind, kind);
}

/* libpcap refuses such files. */
static void
interfaces_may_differ_in_link_layer_and_snapshot_length(void **state)
{
	struct made *const plain = new_plain();
	const struct ut_slice frame = first_frame(plain);
	struct made_ng ng = new_file(true);
	struct capture *c;

	(void)state;
	made_ng_interface(&ng, USB, 100, 0);
	made_ng_interface(&ng, ETHERNET, 0, 0);
	made_ng_interface(&ng, RAW, 65535, 0);
	made_ng_packet(&ng, 1, 0, frame.p, frame.n);
	made_ng_packet(&ng, 2, 0, frame.p + 14, frame.n - 14);
	made_ng_packet(&ng, 0, 0, frame.p, frame.n);
	c = made_open(ng.made);
	assert_non_null(c);
	next_is(c, CAPTURE_PACKET, CAPTURE_UDP);
	next_is(c, CAPTURE_PACKET, CAPTURE_UDP);
	next_is(c, CAPTURE_PACKET, CAPTURE_OTHER);
	next_is(c, CAPTURE_END, 0);
	capture_close(c);
	free(ng.made);
	free(plain);
}

static void
an_interface_may_be_described_behind_the_frames_of_another(void **state)
{
	struct made *const plain = new_plain();
	const struct ut_slice frame = first_frame(plain);
	struct made_ng ng = new_file(false);
	struct capture *c;

	(void)state;
	made_ng_interface(&ng, USB, 0, 0);
	made_ng_packet(&ng, 0, 0, frame.p, frame.n);
	made_ng_interface(&ng, ETHERNET, 0, 0);
	made_ng_packet(&ng, 1, 0, frame.p, frame.n);
	c = made_open(ng.made);
	assert_non_null(c);
	next_is(c, CAPTURE_PACKET, CAPTURE_OTHER);
	next_is(c, CAPTURE_PACKET, CAPTURE_UDP);
	next_is(c, CAPTURE_END, 0);
	capture_close(c);
	free(ng.made);
	free(plain);
}

static void
a_file_of_which_no_frame_can_be_read_is_refused_at_its_end(void **state)
{
	const uint8_t nothing[20] = { 0x45 };
	struct made_ng ng = new_file(false);
	struct capture *c;

	(void)state;
	made_ng_interface(&ng, USB, 0, 0);
	made_ng_packet(&ng, 0, 0, nothing, sizeof nothing);
	c = made_open(ng.made);
	assert_non_null(c);
	next_is(c, CAPTURE_PACKET, CAPTURE_OTHER);
	next_is(c, CAPTURE_BROKEN, 0);
	assert_string_equal(capture_error(c), "its interfaces have no link layer that can be read");
	capture_close(c);
	free(ng.made);
}

static void
what_is_wrong_with_a_file_is_said(void **state)
{
	static const struct {
		const char *what, *error;
		unsigned interface;
		uint32_t length; /* of the frame, as the block has it */
	} cases[] = {
		{ "no such interface", "of an interface that the file does not describe", 1, 20 },
		{ "a frame longer than its block", "longer than its block", 0, 21 },
	};
	const uint8_t nothing[20] = { 0x45 };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct made_ng ng = new_file(false);
		struct capture_packet p;
		struct capture *c;

		made_ng_interface(&ng, RAW, 0, 0);
		made_ng_packet(&ng, cases[i].interface, 0, nothing, sizeof nothing);
		ng.made->octets[ng.block + 20] = (uint8_t)cases[i].length;
		c = made_open(ng.made);
		assert_non_null(c);
		if (capture_next(c, &p) != CAPTURE_BROKEN || strstr(capture_error(c), cases[i].error) == NULL)
			fail_msg("%s: %s", cases[i].what, capture_error(c));
		capture_close(c);
		free(ng.made);
	}
}

static void
blocks_of_other_kinds_are_stepped_over_however_long(void **state)
{
	enum { LONG = 600000 };
	struct made *const plain = new_plain();
	struct made_ng ng = new_file(false);
	enum capture_result end;

	(void)state;
	made_ng_interface(&ng, ETHERNET, 0, 0);
	made_ng_begin_block(&ng, 0x0000000a);
	ng.made->n += LONG;
	made_ng_end_block(&ng);
	made_ng_all(&ng, plain, 1);
	assert_int_equal(count(ng.made, plain, &end), FRAMES);
	assert_int_equal(end, CAPTURE_END);
	free(ng.made);
	free(plain);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_are_those_of_a_plain_file_in_either_byte_order),
		cmocka_unit_test(every_prefix_of_a_file_is_read_to_its_last_whole_frame),
		cmocka_unit_test(a_time_in_powers_of_two_is_read),
		cmocka_unit_test(interfaces_may_differ_in_link_layer_and_snapshot_length),
		cmocka_unit_test(an_interface_may_be_described_behind_the_frames_of_another),
		cmocka_unit_test(a_file_of_which_no_frame_can_be_read_is_refused_at_its_end),
		cmocka_unit_test(what_is_wrong_with_a_file_is_said),
		cmocka_unit_test(blocks_of_other_kinds_are_stepped_over_however_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
