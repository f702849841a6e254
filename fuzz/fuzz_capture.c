/* fuzz_capture.c - any capture through libpcap, the link layers, the tracker and every form of the story
 * SPDX-License-Identifier: Apache-2.0
 *
 * Input: one octet that chooses the form, then the file.  Oracles: the limits on what is alive hold, steps name states and
 * rows of their tables, whatever is told of the same packet lies inside it, and what is printed is ASCII.
 */
#include "fuzz/check.h"
#include "cli/replay/ladder.h"
#include "cli/replay/respond.h"
#include "cli/replay/story.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n);

enum { ALIVE_MAX = 4, RESPOND = 4, FORMS };

/* Of the tunnels in our own captures, which are among the seeds. */
static const struct l2tp_secret secret = { .octets = "between-us-two", .n = 14 };

/* A sink before the story's: checks what is told, and passes it on. */
struct checking {
	struct track_sink next;
};

static void
tell(void *ctx, const struct track_news *n)
{
	const struct checking *const c = ctx;

	CHECK(n->steps_n <= TRACK_STEPS && n->findings_n <= TRACK_FINDINGS);
	CHECK(n->connection == NULL || n->from == TRACK_NOBODY || n->from < 2);
	CHECK(n->session == NULL || n->session->connection == n->connection);
	for (size_t i = 0; i < n->steps_n; i++) {
		const struct track_step *const s = &n->steps[i];

		CHECK(s->end < 2 && s->from < s->machine->n_states && s->to < s->machine->n_states);
		CHECK(s->row == NULL ||
		      (s->row >= s->machine->rows && s->row < s->machine->rows + s->machine->n_rows));
	}
	c->next.tell(c->next.ctx, n);
}

static void
session_over(void *ctx, const struct track_session *s)
{
	const struct checking *const c = ctx;

	c->next.session_over(c->next.ctx, s);
}

static void
connection_over(void *ctx, const struct track_connection *connection)
{
	const struct checking *const c = ctx;

	CHECK(connection->oldest == NULL && connection->sessions == NULL && connection->sessions_n == 0);
	c->next.connection_over(c->next.ctx, connection);
}

static void
track_all(struct capture *capture, const struct track_sink *sink, struct story *story, unsigned form)
{
	struct tracker *const t =
	    tracker_new(sink, (struct track_limits){ .connections = ALIVE_MAX, .sessions = ALIVE_MAX });
	struct capture_packet packet;

	CHECK(t != NULL);
	tracker_set_secret(t, &secret);
	while (capture_next(capture, &packet) == CAPTURE_PACKET) {
		CHECK(packet.wire_octets >= packet.payload.n || packet.kind == CAPTURE_OTHER);
		tracker_take(t, &packet);
	}
	tracker_finish(t);
	if (form == 1)
		story_json_verdict(story, tracker_totals(t), capture_unfinished(capture));
	else
		story_text_verdict(story, tracker_totals(t), capture_unfinished(capture));
	tracker_free(t);
}

static void
choose(unsigned form, struct story *story, struct ladders *ladders, struct track_sink *sink)
{
	if (form == 1)
		story_json(story, sink);
	else if (form == 2)
		story_table(story, sink);
	else if (form == 3)
		ladders_sink(ladders, sink);
	else
		story_text(story, sink);
}

static void
run(struct capture *capture, unsigned form, FILE *out)
{
	struct writer *const w = malloc(sizeof *w);
	struct story story = { .w = w, .is_verbose = true };
	struct ladders ladders = { .first = NULL };
	struct checking checking;
	struct track_sink sink = { .ctx = &checking,
				   .tell = tell,
				   .session_over = session_over,
				   .connection_over = connection_over };

	CHECK(w != NULL);
	writer_init(w, out);
	choose(form, &story, &ladders, &checking.next);
	sink.wants_data = checking.next.wants_data;
	track_all(capture, &sink, &story, form);
	if (form == 3)
		ladders_draw_svg(&ladders, w, "fuzz");
	ladders_fini(&ladders);
	writer_flush(w);
	free(w);
}

static void
respond(struct capture *capture, FILE *out)
{
	unsigned differences;

	CHECK(respond_capture(capture, &secret, out, &differences) <= 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	char why[CAPTURE_ERROR_OCTETS];
	struct capture *capture;
	FILE *stream, *out;
	char *text = NULL;
	size_t text_n = 0;

	if (n < 2)
		return 0;
	stream = fmemopen((void *)(uintptr_t)(octets + 1), n - 1, "rb");
	CHECK(stream != NULL);
	capture = capture_open_stream(stream, why);
	if (capture == NULL)
		return 0;
	out = open_memstream(&text, &text_n);
	CHECK(out != NULL);
	if (octets[0] % FORMS == RESPOND)
		respond(capture, out);
	else
		run(capture, octets[0] % FORMS, out);
	fclose(out);
	for (size_t i = 0; i < text_n; i++)
		CHECK(text[i] == '\n' || (text[i] >= ' ' && text[i] <= '~'));
	free(text);
	capture_close(capture);
	return 0;
}
