/* test_frame.c - lengths and messages of a stream, whole, cut and hostile
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/api/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/guard.h"

#define OCTETS(...) { __VA_ARGS__ }, sizeof((uint8_t[]){ __VA_ARGS__ })

static const struct {
	const char *what;
	uint8_t octets[8];
	size_t n;
	enum frame_result result;
	size_t used, message;
} cases[] = {
	{ "a length alone that says nothing follows", OCTETS(0x00), FRAME_OK, 1, 0 },
	{ "an octet", OCTETS(0x01, 0xaa), FRAME_OK, 2, 1 },
	{ "what follows is not touched", OCTETS(0x01, 0xaa, 0xff, 0xff, 0xff), FRAME_OK, 2, 1 },
	{ "a length in two octets though one would do", OCTETS(0x82, 0x00, 1, 2), FRAME_OK, 4, 2 },
	{ "the message is not whole", OCTETS(0x03, 1, 2), FRAME_MORE, 0, 0 },
	{ "the length is not whole", OCTETS(0x80), FRAME_MORE, 0, 0 },
	{ "65536 octets are allowed, and not there", OCTETS(0x80, 0x80, 0x04), FRAME_MORE, 0, 0 },
	{ "65537 are one too many", OCTETS(0x81, 0x80, 0x04), FRAME_TOO_LONG, 0, 0 },
	{ "the largest in three octets", OCTETS(0xff, 0xff, 0x7f), FRAME_TOO_LONG, 0, 0 },
	{ "a length in four octets", OCTETS(0x80, 0x80, 0x80, 0x00), FRAME_NO_LENGTH, 0, 0 },
	{ "a length that does not end", OCTETS(0xff, 0xff, 0xff), FRAME_NO_LENGTH, 0, 0 },
};

static void
every_case_is_read_as_it_should(void **state)
{
	struct guard g = guard_new(16);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct ut_slice message = { NULL, 0 };
		size_t used = 0;
		const struct ut_slice octets = guard_put(&g, ut_slice(cases[i].octets, cases[i].n));
		const enum frame_result result = frame_read(octets, &message, &used);

		if (result != cases[i].result || used != (result == FRAME_OK ? cases[i].used : used))
			fail_msg("%s: result %d, used %zu", cases[i].what, result, used);
		if (result == FRAME_OK)
			assert_int_equal(message.n, cases[i].message);
	}
	guard_free(&g);
}

static void
nothing_at_all_is_the_beginning_of_a_message(void **state)
{
	struct ut_slice message;
	size_t used;

	(void)state;
	assert_int_equal(frame_read(ut_slice("", 0), &message, &used), FRAME_MORE);
}

static void
every_length_is_read_back(void **state)
{
	uint8_t octets[FRAME_OCTETS_MAX] = { 0 };

	(void)state;
	for (size_t n = 0; n <= FRAME_MESSAGE_MAX; n += n < 300 ? 1 : 127) {
		const size_t before = frame_put_length(octets, n);
		struct ut_slice message;
		size_t used;

		assert_in_range(before, 1, FRAME_LENGTH_MAX);
		assert_int_equal(frame_read(ut_slice(octets, before + n), &message, &used), FRAME_OK);
		assert_int_equal(message.n, n);
		assert_int_equal(used, before + n);
		if (n > 0)
			assert_int_equal(frame_read(ut_slice(octets, before + n - 1), &message, &used),
					 FRAME_MORE);
	}
	assert_int_equal(frame_put_length(octets, FRAME_MESSAGE_MAX), FRAME_LENGTH_MAX);
}

/* ---- the inbox ---- */

/* Puts octets into the inbox, at most `step` at a time; how many it took before there was a message or an error. */
static size_t
feed(struct frame_inbox *inbox, const uint8_t *octets, size_t n, size_t step)
{
	size_t done = 0;

	while (done < n) {
		size_t room, now;
		uint8_t *at = frame_inbox_room(inbox, &room);

		assert_non_null(at);
		assert_true(room >= 1);
		now = n - done < step ? n - done : step;
		now = now < room ? now : room;
		memcpy(at, octets + done, now);
		frame_inbox_add(inbox, now);
		done += now;
	}
	return done;
}

/* Three messages, of 3, 0 and 200 octets. */
static size_t
three_messages(uint8_t out[256])
{
	static const size_t lengths[] = { 3, 0, 200 };
	size_t n = 0;

	for (size_t i = 0; i < 3; i++) {
		n += frame_put_length(out + n, lengths[i]);
		memset(out + n, (int)('a' + i), lengths[i]);
		n += lengths[i];
	}
	return n;
}

static void
messages_come_out_whatever_the_pieces_they_came_in(void **state)
{
	uint8_t octets[256];
	const size_t n = three_messages(octets);

	(void)state;
	for (size_t step = 1; step <= n; step++) {
		static const size_t lengths[] = { 3, 0, 200 };
		struct frame_inbox inbox = { 0 };
		size_t fed = 0, got = 0;

		while (got < 3) {
			struct ut_slice message;

			if (frame_inbox_next(&inbox, &message) == FRAME_OK)
				assert_int_equal(message.n, lengths[got++]);
			else
				fed += feed(&inbox, octets + fed, n - fed < step ? n - fed : step, step);
		}
		assert_int_equal(fed, n);
		assert_int_equal(inbox.offset, n);
		assert_false(frame_inbox_is_amid(&inbox));
		frame_inbox_fini(&inbox);
	}
}

static void
the_largest_message_fits_and_leaves_no_memory_behind(void **state)
{
	uint8_t *octets = calloc(1, FRAME_OCTETS_MAX);
	struct frame_inbox inbox = { 0 };
	struct ut_slice message;

	(void)state;
	assert_non_null(octets);
	assert_int_equal(frame_put_length(octets, FRAME_MESSAGE_MAX), FRAME_LENGTH_MAX);
	(void)feed(&inbox, octets, FRAME_OCTETS_MAX - 1, 4096);
	assert_int_equal(frame_inbox_next(&inbox, &message), FRAME_MORE);
	assert_true(frame_inbox_is_amid(&inbox));
	(void)feed(&inbox, octets, 1, 1);
	assert_int_equal(frame_inbox_next(&inbox, &message), FRAME_OK);
	assert_int_equal(message.n, FRAME_MESSAGE_MAX);
	assert_int_equal(frame_inbox_next(&inbox, &message), FRAME_MORE);
	assert_null(inbox.octets);
	free(octets);
}

static void
an_error_names_where_the_message_began(void **state)
{
	static const uint8_t octets[] = { 0x02, 1, 2, 0xff, 0xff, 0xff };
	struct frame_inbox inbox = { 0 };
	struct ut_slice message;

	(void)state;
	(void)feed(&inbox, octets, sizeof octets, sizeof octets);
	assert_int_equal(frame_inbox_next(&inbox, &message), FRAME_OK);
	assert_int_equal(frame_inbox_next(&inbox, &message), FRAME_NO_LENGTH);
	assert_int_equal(inbox.offset, 3);
	frame_inbox_fini(&inbox);
}

static void
octets_that_were_read_are_wiped(void **state)
{
	static const uint8_t octets[] = { 0x03, 'k', 'e', 'y', 0x03, 'h' };
	struct frame_inbox inbox = { 0 };
	struct ut_slice message;
	size_t room;

	(void)state;
	(void)feed(&inbox, octets, sizeof octets, sizeof octets);
	assert_int_equal(frame_inbox_next(&inbox, &message), FRAME_OK);
	assert_non_null(frame_inbox_room(&inbox, &room));
	assert_null(memmem(inbox.octets, inbox.cap - room + 4, "key", 3));
	assert_int_equal(inbox.octets[1], 'h');
	frame_inbox_fini(&inbox);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case_is_read_as_it_should),
		cmocka_unit_test(nothing_at_all_is_the_beginning_of_a_message),
		cmocka_unit_test(every_length_is_read_back),
		cmocka_unit_test(messages_come_out_whatever_the_pieces_they_came_in),
		cmocka_unit_test(the_largest_message_fits_and_leaves_no_memory_behind),
		cmocka_unit_test(an_error_names_where_the_message_began),
		cmocka_unit_test(octets_that_were_read_are_wiped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
