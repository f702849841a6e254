/* story_table.c - a row for each connection, or some lines: how long its set-up took, what was lost, how it ended
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/story.h"

enum { NS_IN_US = 1000, NUMBER_WIDTH = 5, ENDS_WIDTH = 46, COUNT_WIDTH = 8 };

static void
put_heading(struct story *s)
{
	if (s->has_begun)
		return;
	s->has_begun = true;
	writer_text(s->w,
		    "    #  protocol  opened by, to                                    began s   set-up ms"
		    "  messages    again  missing  rtt ms   max ms    calls     data  broken  ended\n");
}

/* Milliseconds with three decimals, or a dash. */
static void
put_ms(struct writer *w, bool is_known, uint64_t ns, unsigned width)
{
	const uint64_t us = ns / NS_IN_US;

	if (!is_known)
		writer_say(w, "  %*s", (int)width, "-");
	else
		writer_say(w, "  %*.3f", (int)width, (double)us / 1000.0);
}

static void
put_ends(struct writer *w, const struct track_connection *c)
{
	const unsigned first = c->opener != TRACK_NOBODY ? c->opener : 0;
	char from[CAPTURE_END_OCTETS], to[CAPTURE_END_OCTETS];
	const size_t n =
	    capture_end_print(from, &c->ends[first].at) + capture_end_print(to, &c->ends[1 - first].at);

	writer_say(w, "  %s %s", from, to);
	for (size_t i = n + 1; i < ENDS_WIDTH; i++)
		writer_char(w, ' ');
}

static void
put_count(struct writer *w, uint64_t v)
{
	writer_char(w, ' ');
	writer_padded(w, v, COUNT_WIDTH);
}

static void
put_row(struct story *s, const struct track_connection *c)
{
	struct story_words words;
	const struct track_end *const a = &c->ends[0], *const b = &c->ends[1];
	const uint64_t n = a->rtt_n + b->rtt_n;

	put_heading(s);
	writer_padded(s->w, c->number, NUMBER_WIDTH);
	writer_text(s->w, c->protocol == TRACK_L2TP ? "  L2TP    " : "  PPTP    ");
	put_ends(s->w, c);
	writer_seconds(s->w, c->began_ns > s->began_ns ? c->began_ns - s->began_ns : 0, 12);
	put_ms(s->w, c->up_ns != 0, c->up_ns - c->began_ns, 10);
	put_count(s->w, a->messages + b->messages);
	put_count(s->w, a->repeated + b->repeated);
	put_count(s->w, a->missing + b->missing);
	put_ms(s->w, n != 0, n != 0 ? (a->rtt_sum_ns + b->rtt_sum_ns) / n : 0, 7);
	put_ms(s->w, n != 0, a->rtt_max_ns > b->rtt_max_ns ? a->rtt_max_ns : b->rtt_max_ns, 7);
	put_count(s->w, c->sessions_ever);
	put_count(s->w, c->data_frames[0] + c->data_frames[1]);
	writer_padded(s->w, c->violations, COUNT_WIDTH);
	writer_text(s->w, "  ");
	writer_text(s->w, story_ending(&words, c));
	writer_char(s->w, '\n');
}

/* ---- where a row would be wrapped ---- */

static void
put_plural(struct writer *w, const char *before, uint64_t n, const char *what)
{
	writer_say(w, "%s%llu %s%s", before, (unsigned long long)n, what, n == 1 ? "" : "s");
}

static void
put_named_ms(struct writer *w, const char *before, uint64_t ns)
{
	writer_say(w, "%s%.3f ms", before, (double)(ns / NS_IN_US) / 1000.0);
}

static void
put_lines(struct story *s, const struct track_connection *c)
{
	const struct track_end *const a = &c->ends[0], *const b = &c->ends[1];
	const uint64_t n = a->rtt_n + b->rtt_n;
	const unsigned first = c->opener != TRACK_NOBODY ? c->opener : 0;
	char from[CAPTURE_END_OCTETS], to[CAPTURE_END_OCTETS];
	struct story_words words;

	(void)capture_end_print(from, &c->ends[first].at);
	(void)capture_end_print(to, &c->ends[1 - first].at);
	writer_say(s->w, "%llu: %s %s %s\n   at ", (unsigned long long)c->number,
		   c->protocol == TRACK_L2TP ? "L2TP" : "PPTP", from, to);
	writer_seconds(s->w, c->began_ns > s->began_ns ? c->began_ns - s->began_ns : 0, 0);
	writer_text(s->w, " s");
	if (c->up_ns != 0)
		put_named_ms(s->w, ", set up in ", c->up_ns - c->began_ns);
	if (n != 0) {
		put_named_ms(s->w, ", round trip ", (a->rtt_sum_ns + b->rtt_sum_ns) / n);
		put_named_ms(s->w, ", at most ",
			     a->rtt_max_ns > b->rtt_max_ns ? a->rtt_max_ns : b->rtt_max_ns);
	}
	put_plural(s->w, "\n   ", a->messages + b->messages, "message");
	writer_say(s->w, ", %llu again, %llu missing", (unsigned long long)(a->repeated + b->repeated),
		   (unsigned long long)(a->missing + b->missing));
	put_plural(s->w, "; ", c->sessions_ever, "call");
	put_plural(s->w, ", ", c->data_frames[0] + c->data_frames[1], "frame");
	put_plural(s->w, " of data; ", c->violations, "violation");
	writer_say(s->w, "\n   %s\n", story_ending(&words, c));
}

static void
connection_over(void *ctx, const struct track_connection *c)
{
	struct story *const s = ctx;

	if (s->is_narrow)
		put_lines(s, c);
	else
		put_row(s, c);
}

static void
session_over(void *ctx, const struct track_session *session)
{
	(void)ctx;
	(void)session;
}

static void
tell(void *ctx, const struct track_news *news)
{
	(void)ctx;
	(void)news;
}

void
story_table(struct story *story, struct track_sink *sink)
{
	*sink = (struct track_sink){
		.ctx = story, .tell = tell, .session_over = session_over, .connection_over = connection_over
	};
}
