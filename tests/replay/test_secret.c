/* test_secret.c - captures of our lab with the secret of their tunnel, with another one, and without
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { SAYS_MAX = 4 };

static const struct l2tp_secret right = { .octets = "between-us-two", .n = 14 };
static const struct l2tp_secret wrong = { .octets = "something-else", .n = 14 };

static const struct test_case {
	const char *what, *capture;
	const struct l2tp_secret *secret;
	const char *says[SAYS_MAX];
	const char *never;
	uint64_t known;
} cases[] = {
	{ .what = "hidden, the right secret",
	  .capture = "hidden",
	  .secret = &right,
	  .says = { "responder has the secret given", "initiator has the secret given",
		    "MH  Assigned Session ID: 48717", "result 6, peer is being shut down" },
	  .never = "hidden, " },
	{ .what = "hidden, another secret",
	  .capture = "hidden",
	  .secret = &wrong,
	  .says = { "responder has another secret than the one given",
		    "Challenge Response: hidden, 24 octets", "stopped by LAC: result 6" },
	  .never = "Assigned Session ID: 48717",
	  .known = 1 },
	{ .what = "hidden, no secret",
	  .capture = "hidden",
	  .says = { "Challenge Response: hidden, 24 octets", "stopped by LAC: result 6" },
	  .never = "another secret" },
	{ .what = "both hide, the right secret",
	  .capture = "both-hide",
	  .secret = &right,
	  .says = { "responder has the secret given", "MH  Assigned Tunnel ID: 21056", "result 6, peer is" },
	  .never = "hidden, " },
	{ .what = "both hide, no secret: nobody is told to have taken it for a fault",
	  .capture = "both-hide",
	  .says = { "note: what is hidden is not read without --secret-file   RFC 2661 4.3",
		    "LAC session 1: established, Local close request or Bearer line drop -> Send CDN",
		    "LAC: established, Admin Tunnel Close -> Send StopCCN" },
	  .never = "fault" },
	{ .what = "the client has another secret than the server",
	  .capture = "wrong-secret",
	  .secret = &right,
	  .says = { "responder has the secret given", "result 4, not authorized" },
	  .never = "another secret" },
	{ .what = "no secret at all in the capture",
	  .capture = "plain",
	  .secret = &wrong,
	  .says = { "stopped by LAC" },
	  .never = "secret" },
};

static struct capture *
open_capture(const char *name)
{
	char path[256], why[CAPTURE_ERROR_OCTETS];

	snprintf(path, sizeof path, CAPTURES "/l2tp-%s.pcap", name);
	return capture_open(path, why);
}

/* The story with -v. */
static char *
tell(const struct test_case *test, struct track_totals *totals)
{
	char *text = NULL;
	size_t n = 0;
	FILE *const out = open_memstream(&text, &n);
	struct capture *const capture = open_capture(test->capture);
	struct story *const story = calloc(1, sizeof *story);
	struct writer *const writer = calloc(1, sizeof *writer);
	struct track_sink sink;
	struct tracker *t;
	struct capture_packet p;

	assert_true(out != NULL && capture != NULL && story != NULL && writer != NULL);
	writer_init(writer, out);
	story->w = writer;
	story->is_verbose = true;
	story_text(story, &sink);
	t = tracker_new(&sink, (struct track_limits){ .connections = 0 });
	assert_non_null(t);
	if (test->secret != NULL)
		tracker_set_secret(t, test->secret);
	while (capture_next(capture, &p) == CAPTURE_PACKET)
		tracker_take(t, &p);
	tracker_finish(t);
	*totals = *tracker_totals(t);
	writer_flush(writer);
	fclose(out);
	tracker_free(t);
	capture_close(capture);
	free(story);
	free(writer);
	return text;
}

static void
a_secret_reads_what_is_hidden_and_names_who_has_another(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct test_case *const test = &cases[i];
		struct track_totals totals;
		char *const text = tell(test, &totals);

		for (size_t k = 0; k < SAYS_MAX && test->says[k] != NULL; k++)
			if (strstr(text, test->says[k]) == NULL)
				fail_msg("%s: \"%s\" is not in:\n%s", test->what, test->says[k], text);
		if (strstr(text, test->never) != NULL)
			fail_msg("%s: \"%s\" is in:\n%s", test->what, test->never, text);
		assert_int_equal(totals.violations, 0);
		assert_int_equal(totals.known, test->known);
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_secret_reads_what_is_hidden_and_names_who_has_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
