/* replay.c - a capture from its first frame to the verdict
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/replay.h"

#include "cli/replay/ladder.h"
#include "cli/replay/respond.h"
#include "cli/replay/story.h"
#include "cli/say.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* One run: what reads, what tracks, what tells. */
struct replay {
	const struct replay_job *job;
	struct capture *capture;
	struct tracker *tracker; /* NULL with --count */
	struct writer writer;
	struct story story;
	struct ladders ladders;
	struct track_sink sinks[2];  /* the story, the picture */
	struct track_totals counted; /* with --count */
};

/* ---- counting only ---- */

static void
count_l2tp(struct track_totals *totals, struct ut_slice datagram)
{
	struct l2tp_message message;
	struct l2tp_header header;
	struct l2tp_fault fault;
	const enum l2tp_fault_reason reason = l2tp_header_decode(datagram, &header, &fault);

	if (reason == L2TP_FAULT_VERSION)
		totals->l2tp_other_version++;
	else if (reason == L2TP_FAULT_NONE && !header.is_control)
		totals->l2tp_data++;
	else if (reason == L2TP_FAULT_NONE &&
		 l2tp_message_decode(datagram, &header, NULL, &message, &fault) == L2TP_FAULT_NONE)
		totals->l2tp_control++;
	else
		totals->strays++;
}

static void
count_gre(struct track_totals *totals, struct ut_slice packet)
{
	struct gre_header header;
	struct gre_fault fault;

	totals->gre_data += gre_header_decode(packet, &header, &fault) == GRE_FAULT_NONE;
}

static void
count_packet(struct track_totals *totals, const struct capture_packet *p)
{
	totals->frames++;
	totals->kinds[p->kind]++;
	if (p->kind == CAPTURE_UDP && (p->from.port == L2TP_PORT || p->to.port == L2TP_PORT))
		count_l2tp(totals, p->payload);
	else if (p->kind == CAPTURE_GRE)
		count_gre(totals, p->payload);
}

static void
print_counts(struct replay *r)
{
	const struct track_totals *const t = &r->counted;

	writer_say(&r->writer,
		   "%llu frames: %llu of L2TP control, %llu of L2TP data, %llu of another version, ",
		   (unsigned long long)t->frames, (unsigned long long)t->l2tp_control,
		   (unsigned long long)t->l2tp_data, (unsigned long long)t->l2tp_other_version);
	writer_say(&r->writer, "%llu of PPTP's GRE, %llu malformed\n", (unsigned long long)t->gre_data,
		   (unsigned long long)t->strays);
	for (unsigned i = 0; i < CAPTURE_KIND_N; i++)
		if (t->kinds[i] != 0)
			writer_say(&r->writer, "  %s: %llu\n", capture_kind_words((enum capture_kind)i),
				   (unsigned long long)t->kinds[i]);
}

/* ---- the run ---- */

static void
choose_form(struct replay *r, struct track_sink *sink)
{
	if (r->job->form == REPLAY_JSON)
		story_json(&r->story, sink);
	else if (r->job->form == REPLAY_TABLE)
		story_table(&r->story, sink);
	else
		story_text(&r->story, sink);
}

/* The tracker tells the story's sink and, if there is to be a picture, that one too. */
static void
tell_both(void *ctx, const struct track_news *news)
{
	const struct replay *const r = ctx;

	r->sinks[0].tell(r->sinks[0].ctx, news);
	r->sinks[1].tell(r->sinks[1].ctx, news);
}

static void
session_over_both(void *ctx, const struct track_session *session)
{
	const struct replay *const r = ctx;

	r->sinks[0].session_over(r->sinks[0].ctx, session);
	r->sinks[1].session_over(r->sinks[1].ctx, session);
}

static void
connection_over_both(void *ctx, const struct track_connection *connection)
{
	const struct replay *const r = ctx;

	r->sinks[0].connection_over(r->sinks[0].ctx, connection);
	r->sinks[1].connection_over(r->sinks[1].ctx, connection);
}

static struct track_sink
choose_sink(struct replay *r)
{
	choose_form(r, &r->sinks[0]);
	if (r->job->svg == NULL && r->job->html == NULL)
		return r->sinks[0];
	ladders_sink(&r->ladders, &r->sinks[1]);
	return (struct track_sink){ .ctx = r,
				    .tell = tell_both,
				    .session_over = session_over_both,
				    .connection_over = connection_over_both,
				    .wants_data = true };
}

/* A terminal that would wrap the rows of the table. */
static bool
is_narrow(FILE *out)
{
	struct winsize size;

	return isatty(fileno(out)) == 1 && ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 &&
	       size.ws_col < STORY_TABLE_COLUMNS;
}

static bool
begin(struct replay *r)
{
	struct track_sink sink;

	writer_init(&r->writer, stdout);
	r->story.w = &r->writer;
	r->story.is_verbose = r->job->is_verbose;
	r->story.is_narrow = is_narrow(stdout);
	if (r->job->form == REPLAY_COUNT)
		return true;
	sink = choose_sink(r);
	r->tracker = tracker_new(&sink, (struct track_limits){ .connections = 0 });
	if (r->tracker == NULL) {
		say("no memory");
		return false;
	}
	tracker_set_secret(r->tracker, r->job->secret);
	return true;
}

static void
take(struct replay *r, const struct capture_packet *packet)
{
	if (r->tracker == NULL) {
		count_packet(&r->counted, packet);
		return;
	}
	if (packet->frame == 1)
		r->story.began_ns = packet->time_ns;
	tracker_take(r->tracker, packet);
}

/* False: the file is damaged; what came before was told. */
static bool
read_all(struct replay *r)
{
	struct capture_packet packet = { .frame = 0 };
	enum capture_result result;

	while ((result = capture_next(r->capture, &packet)) == CAPTURE_PACKET)
		take(r, &packet);
	if (result == CAPTURE_BROKEN)
		say("%s: after frame %llu: %s", r->job->file, (unsigned long long)packet.frame,
		    capture_error(r->capture));
	return result == CAPTURE_END;
}

static void
conclude(struct replay *r)
{
	if (r->tracker == NULL) {
		print_counts(r);
		return;
	}
	tracker_finish(r->tracker);
	if (r->job->form == REPLAY_JSON)
		story_json_verdict(&r->story, tracker_totals(r->tracker), capture_unfinished(r->capture));
	else
		story_text_verdict(&r->story, tracker_totals(r->tracker), capture_unfinished(r->capture));
}

/* False: the picture could not be written; why is said. */
static bool
draw(struct replay *r, const char *path, bool is_page)
{
	FILE *const file = path != NULL ? fopen(path, "w") : NULL;
	bool is_written;

	if (path == NULL)
		return true;
	if (file == NULL) {
		say("%s: %s", path, strerror(errno));
		return false;
	}
	writer_init(&r->writer, file);
	if (is_page)
		ladders_draw_html(&r->ladders, &r->writer, r->job->file, tracker_totals(r->tracker));
	else
		ladders_draw_svg(&r->ladders, &r->writer, r->job->file);
	writer_flush(&r->writer);
	is_written = !ferror(file);
	is_written = fclose(file) == 0 && is_written;
	if (!is_written)
		say("%s: %s", path, strerror(errno));
	return is_written;
}

static int
run(struct replay *r)
{
	bool is_whole;

	if (!begin(r))
		return REPLAY_UNREADABLE;
	is_whole = read_all(r);
	conclude(r);
	writer_flush(&r->writer);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		say("standard output: %s", strerror(errno));
		return REPLAY_UNREADABLE;
	}
	if (!is_whole ||
	    (r->tracker != NULL && (!draw(r, r->job->svg, false) || !draw(r, r->job->html, true))))
		return REPLAY_UNREADABLE;
	return r->tracker != NULL && tracker_totals(r->tracker)->violations != 0 ? REPLAY_VIOLATIONS
										 : REPLAY_OK;
}

static int
respond(struct replay *r)
{
	unsigned differences;
	const int result = respond_capture(r->capture, r->job->secret, stdout, &differences);

	if (result > 0)
		say("no memory");
	if (result < 0)
		say("%s: %s", r->job->file, capture_error(r->capture));
	if (fflush(stdout) != 0 || ferror(stdout)) {
		say("standard output: %s", strerror(errno));
		return REPLAY_UNREADABLE;
	}
	if (result != 0)
		return REPLAY_UNREADABLE;
	return differences > 0 ? REPLAY_VIOLATIONS : REPLAY_OK;
}

int
replay_run(const struct replay_job *job)
{
	char why[CAPTURE_ERROR_OCTETS] = "";
	struct replay *const r = calloc(1, sizeof *r);
	int status = REPLAY_UNREADABLE;

	if (r == NULL) {
		say("no memory");
		return status;
	}
	r->job = job;
	r->capture = capture_open(job->file, why);
	if (r->capture == NULL)
		say("%s: %s", job->file, why);
	else
		status = job->form == REPLAY_RESPOND ? respond(r) : run(r);
	tracker_free(r->tracker);
	ladders_fini(&r->ladders);
	if (r->capture != NULL)
		capture_close(r->capture);
	free(r);
	return status;
}
