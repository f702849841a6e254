/* test_replay_table.c - the table of connections: a row, or lines where there is no room for it
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { NARROW = 80 };

static char *
table_of(const char *path, bool is_narrow)
{
	struct writer *const writer = calloc(1, sizeof *writer);
	struct story story = { .w = writer, .is_narrow = is_narrow };
	char *text = NULL, why[CAPTURE_ERROR_OCTETS];
	struct capture *const capture = capture_open(path, why);
	struct capture_packet p;
	struct track_sink sink;
	struct tracker *t;
	size_t n = 0;
	FILE *const out = open_memstream(&text, &n);

	assert_true(writer != NULL && capture != NULL && out != NULL);
	writer_init(writer, out);
	story_table(&story, &sink);
	t = tracker_new(&sink, (struct track_limits){ .connections = 0 });
	assert_non_null(t);
	while (capture_next(capture, &p) == CAPTURE_PACKET) {
		if (p.frame == 1)
			story.began_ns = p.time_ns;
		tracker_take(t, &p);
	}
	tracker_finish(t);
	writer_flush(writer);
	fclose(out);
	tracker_free(t);
	capture_close(capture);
	free(writer);
	return text;
}

static size_t
widest(const char *text)
{
	size_t most = 0;

	while (*text != '\0') {
		const size_t n = strcspn(text, "\n");

		most = n > most ? n : most;
		text += n + (text[n] != '\0');
	}
	return most;
}

static void
a_row_fits_where_it_is_said_to_fit(void **state)
{
	char *const text = table_of(CAPTURES "/l2tp-two-sessions.pcap", false);

	(void)state;
	assert_non_null(strstr(text, "  10.9.1.2:40672 10.9.2.2:1701 "));
	assert_non_null(strstr(text, "stopped by LAC"));
	assert_in_range(strstr(text, "  stopped by LAC") - strstr(text, "\n") - 1, 1, STORY_TABLE_COLUMNS);
	free(text);
}

static void
a_narrow_terminal_is_given_lines(void **state)
{
	char *const text = table_of(CAPTURES "/l2tp-two-sessions.pcap", true);

	(void)state;
	assert_string_equal(
	    text, "1: L2TP 10.9.1.2:40672 10.9.2.2:1701\n"
		  "   at 0.000000 s, set up in 39.116 ms, round trip 31.425 ms, at most 247.732 ms\n"
		  "   14 messages, 2 again, 0 missing; 2 calls, 62 frames of data; 0 violations\n"
		  "   stopped by LAC: result 6, peer is being shut down\n");
	assert_in_range(widest(text), 1, NARROW);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_fits_where_it_is_said_to_fit),
		cmocka_unit_test(a_narrow_terminal_is_given_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
