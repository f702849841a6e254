/* test_pptp_behave.c - the filter of PPTP habits, message by message
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/peer/pptp_behave.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

enum { OURS = 0x1234, THEIRS = 0x5678 };

/* One connection behind a filter, and what came out of it last. */
struct bench {
	struct pptp_behave behave;
	struct pptp_behave_talk talk;
	uint8_t out[PPTP_BEHAVE_ROOM], heard[PPTP_BEHAVE_ROOM];
	size_t out_n, heard_n;
};

static struct bench
bench_of(const char *words)
{
	struct bench b;

	memset(&b, 0, sizeof b);
	assert_null(pptp_behave_parse(&b.behave, words));
	return b;
}

static void
server_says(struct bench *b, const struct pptp_message *message)
{
	uint8_t octets[PPTP_MESSAGE_OCTETS];
	struct ut_put put = ut_put_into(octets, sizeof octets), out = ut_put_into(b->out, sizeof b->out);

	pptp_message_encode(&put, message);
	pptp_behave_send(&b->behave, &b->talk, ut_slice(octets, put.len), &out);
	assert_false(out.full);
	b->out_n = out.len;
}

static enum pptp_behave_then
client_says(struct bench *b, const struct pptp_message *message, size_t piece)
{
	uint8_t octets[PPTP_MESSAGE_OCTETS];
	struct ut_put put = ut_put_into(octets, sizeof octets), out = ut_put_into(b->out, sizeof b->out);
	struct ut_put heard = ut_put_into(b->heard, sizeof b->heard);
	enum pptp_behave_then then = PPTP_BEHAVE_GOES_ON;

	pptp_message_encode(&put, message);
	for (size_t at = 0; at < put.len && then == PPTP_BEHAVE_GOES_ON; at += piece)
		then = pptp_behave_receive(&b->behave, &b->talk,
					   ut_slice(octets + at, put.len - at < piece ? put.len - at : piece),
					   &heard, &out);
	b->out_n = out.len;
	b->heard_n = heard.len;
	return then;
}

/* The types of what goes out, one digit or letter each; '?' for what a client steps over, '!' for out of step. */
static void
check_out(const struct bench *b, const char *types)
{
	static const char letter[] = "0123456789abcdef";
	struct ut_slice in = ut_slice(b->out, b->out_n);
	struct pptp_stream s = { 0 };
	struct pptp_message m;
	struct pptp_fault fault;
	char got[64] = "";
	size_t n = 0;

	while (n + 1 < sizeof got) {
		const enum pptp_stream_result r = pptp_stream_read(&s, &in, &m, &fault);

		if (r == PPTP_STREAM_MORE)
			break;
		got[n++] = (char)(r == PPTP_STREAM_MESSAGE ? letter[m.type]
				  : r == PPTP_STREAM_LOST  ? '!'
							   : '?');
		if (r == PPTP_STREAM_LOST)
			break;
	}
	assert_string_equal(got, types);
}

static const struct pptp_message sccrq = { .type = PPTP_SCCRQ },
				 ocrq = { .type = PPTP_OCRQ, .call_id = { THEIRS } },
				 ccrq = { .type = PPTP_CCRQ, .call_id = { THEIRS } };
static const struct pptp_message sccrp = { .type = PPTP_SCCRP, .result = PPTP_SCCRP_OK },
				 ocrp = { .type = PPTP_OCRP,
					  .call_id = { OURS },
					  .peer_call_id = { THEIRS },
					  .result = PPTP_OCRP_CONNECTED },
				 cdn = { .type = PPTP_CDN, .call_id = { OURS }, .result = PPTP_CDN_ADMIN };

static void
what_each_habit_says(void **state)
{
	static const struct {
		const char *what, *words;
		const struct pptp_message *message;
		const char *types;
	} cases[] = {
		{ "nothing is added", "result-zero", &sccrp, "2" },
		{ "an echo on either side of SCCRP", "early-echo", &sccrp, "525" },
		{ "an echo before OCRP", "early-echo", &ocrp, "58" },
		{ "link news after OCRP", "sli,wen", &ocrp, "8fe" },
		{ "unknown ones before all", "unknown", &cdn, "???d" },
		{ "Call-Clear-Request in place of CDN", "clears", &cdn, "c" },
		{ "longer than the RFC has it", "long", &ocrp, "8" },
		{ "reserved fields set", "reserved", &ocrp, "8" },
	};

	(void)state;
	for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
		struct bench b = bench_of(cases[k].words);

		server_says(&b, cases[k].message);
		check_out(&b, cases[k].types);
	}
}

static struct pptp_message
only_message(const struct bench *b)
{
	struct ut_slice in = ut_slice(b->out, b->out_n);
	struct pptp_stream s = { 0 };
	struct pptp_message m;
	struct pptp_fault fault;

	assert_int_equal(pptp_stream_read(&s, &in, &m, &fault), PPTP_STREAM_MESSAGE);
	return m;
}

static void
results_are_rewritten(void **state)
{
	struct bench b = bench_of("refuse-connection=4,refuse-call=2:6");
	struct pptp_message m;

	(void)state;
	server_says(&b, &sccrp);
	assert_int_equal(only_message(&b).result, 4);
	server_says(&b, &ocrp);
	m = only_message(&b);
	assert_int_equal(m.result, 2);
	assert_int_equal(m.error, 6);
	b = bench_of("result-zero,reserved");
	server_says(&b, &ocrp);
	m = only_message(&b);
	assert_int_equal(m.result, 0);
	assert_int_not_equal(m.reserved0, 0);
}

static void
a_call_ends_with_the_id_that_the_habit_names(void **state)
{
	static const struct {
		const char *words;
		unsigned type, id;
	} cases[] = {
		{ "cdn-their-id", PPTP_CDN, THEIRS },
		{ "clears", PPTP_CCRQ, OURS },
		{ "clears-their-id", PPTP_CCRQ, THEIRS },
	};

	(void)state;
	for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
		struct bench b = bench_of(cases[k].words);
		struct pptp_message m;

		server_says(&b, &ocrp);
		server_says(&b, &cdn);
		m = only_message(&b);
		assert_int_equal(m.type, cases[k].type);
		assert_int_equal(m.call_id.v, cases[k].id);
	}
}

static void
a_clear_request_may_stay_unanswered(void **state)
{
	struct bench b = bench_of("no-cdn,clears");

	(void)state;
	server_says(&b, &ocrp);
	assert_int_equal(client_says(&b, &ccrq, 100), PPTP_BEHAVE_GOES_ON);
	assert_int_equal(b.heard_n, 16);
	server_says(&b, &cdn);
	assert_int_equal(b.out_n, 0);
}

static void
a_stage_is_where_a_message_is_whole(void **state)
{
	static const struct {
		const char *words;
		enum pptp_behave_then then;
		const char *says;
	} cases[] = {
		{ "silent=OCRQ", PPTP_BEHAVE_GOES_ON, "" },
		{ "garbage=OCRQ", PPTP_BEHAVE_GOES_ON, "!" },
		{ "close=OCRQ", PPTP_BEHAVE_CLOSES, "" },
		{ "reset=OCRQ", PPTP_BEHAVE_RESETS, "" },
	};

	(void)state;
	for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
		for (size_t piece = 1; piece < 300; piece += 37) {
			struct bench b = bench_of(cases[k].words);

			assert_int_equal(client_says(&b, &sccrq, piece), PPTP_BEHAVE_GOES_ON);
			assert_int_equal(b.heard_n, 156);
			assert_int_equal(client_says(&b, &ocrq, piece), cases[k].then);
			assert_int_equal(b.heard_n, 0);
			check_out(&b, cases[k].says);
		}
	}
}

static void
answers_to_our_echoes_are_counted_and_not_passed_on(void **state)
{
	struct bench b = bench_of("early-echo");
	struct pptp_message reply = { .type = PPTP_ECHORP, .result = PPTP_REPLY_OK };

	(void)state;
	server_says(&b, &sccrp);
	reply.identifier = only_message(&b).identifier;
	(void)client_says(&b, &reply, 3);
	assert_int_equal(b.heard_n, 0);
	assert_int_equal(b.talk.echoes, 1);
	reply.identifier = 7;
	(void)client_says(&b, &reply, 3);
	assert_int_equal(b.heard_n, 20);
	assert_int_equal(b.talk.echoes, 1);
}

static void
words_that_are_no_habit_are_refused(void **state)
{
	static const char *const wrong[] = { "nonsense",	"sli,nonsense",	   "sli=1",
					     "refuse-call",	"refuse-call=",	   "refuse-call=x",
					     "refuse-call=256", "refuse-call=1:x", "silent",
					     "silent=",		"silent=ZLB",	   "reset=OCR" };
	struct pptp_behave b;

	(void)state;
	for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
		memset(&b, 0, sizeof b);
		if (pptp_behave_parse(&b, wrong[k]) == NULL)
			fail_msg("taken: %s", wrong[k]);
	}
	b = bench_of("pieces").behave;
	assert_int_equal(pptp_behave_piece(&b), 7);
	b = bench_of("octets").behave;
	assert_int_equal(pptp_behave_piece(&b), 1);
	b = bench_of("").behave;
	assert_int_equal(pptp_behave_piece(&b), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_each_habit_says),
		cmocka_unit_test(results_are_rewritten),
		cmocka_unit_test(a_call_ends_with_the_id_that_the_habit_names),
		cmocka_unit_test(a_clear_request_may_stay_unanswered),
		cmocka_unit_test(a_stage_is_where_a_message_is_whole),
		cmocka_unit_test(answers_to_our_echoes_are_counted_and_not_passed_on),
		cmocka_unit_test(words_that_are_no_habit_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
