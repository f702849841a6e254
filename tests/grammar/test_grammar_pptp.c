/* test_grammar_pptp.c - every transition of codec/pptp_grammar.rl is taken
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/grammar/grammar.h"

#include "tests/grammar/pptp_stream.traced.c"
#include "tests/codec/pptp_samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

/* Gives the octets to a new stream, `step` at a time. */
static void
read_message_of(struct ut_slice octets, size_t step)
{
	struct pptp_stream stream = { .have = 0 };
	struct pptp_message message;
	struct pptp_fault fault;
	enum pptp_stream_result result = PPTP_STREAM_MORE;

	for (size_t at = 0; at < octets.n; at += step) {
		struct ut_slice in = ut_slice(octets.p + at, octets.n - at < step ? octets.n - at : step);

		assert_int_equal(result, PPTP_STREAM_MORE);
		result = pptp_stream_read(&stream, &in, &message, &fault);
		assert_int_equal(in.n, 0);
	}
	assert_int_equal(result, PPTP_STREAM_MESSAGE);
}

static void
every_transition_of_lead_and_messages_is_taken(void **state)
{
	(void)state;
	for (unsigned type = 1; type < PPTP_MESSAGE_N; type++) {
		const struct pptp_message m = pptp_sample(type);
		uint8_t octets[PPTP_MESSAGE_OCTETS];
		struct ut_put w = ut_put_into(octets, sizeof octets);

		pptp_message_encode(&w, &m);
		assert_false(w.full);
		read_message_of(ut_slice(octets, w.len), w.len);
		read_message_of(ut_slice(octets, w.len), 1);
	}
	GRAMMAR_CHECK(pptp_lead);
	GRAMMAR_CHECK(pptp_message);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_transition_of_lead_and_messages_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
