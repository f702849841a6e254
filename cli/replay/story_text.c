/* story_text.c - the story for people
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/inspect/decode_avp.h"
#include "cli/inspect/decode_pptp_field.h"
#include "cli/replay/story.h"

enum { FRAME_WIDTH = 7, TIME_WIDTH = 13 };
static const char indent[] = "                       ";

static void
put_end(struct writer *w, const struct capture_end *end)
{
	char text[CAPTURE_END_OCTETS];

	(void)capture_end_print(text, end);
	writer_text(w, text);
}

static void
announce(struct story *s, struct track_connection *c)
{
	if (c->is_told)
		return;
	c->is_told = true;
	writer_say(s->w, "connection %llu: %s, %s ", (unsigned long long)c->number,
		   c->protocol == TRACK_L2TP ? "L2TP" : "PPTP", track_role(c, 0));
	put_end(s->w, &c->ends[0].at);
	writer_say(s->w, ", %s ", track_role(c, 1));
	put_end(s->w, &c->ends[1].at);
	writer_text(s->w, c->is_learnt ? "; it began before the capture\n" : "\n");
}

/* ---- the line of a frame ---- */

static void
put_whom(struct writer *w, const struct track_news *n)
{
	if (n->connection != NULL) {
		writer_say(w, "  [%llu] %s > %s  ", (unsigned long long)n->connection->number,
			   track_role(n->connection, n->from), track_role(n->connection, 1 - n->from));
		return;
	}
	writer_text(w, "  ");
	if (n->packet != NULL) {
		put_end(w, &n->packet->from);
		writer_text(w, " > ");
		put_end(w, &n->packet->to);
	}
	writer_text(w, "  ");
}

static void
put_number(struct writer *w, const char *before, uint64_t v)
{
	writer_text(w, before);
	writer_u64(w, v);
}

static void
put_l2tp(struct writer *w, const struct track_news *n)
{
	if (!n->has_header || n->header.version != 2)
		return;
	put_number(w, "  tunnel ", n->header.tid.v);
	if (n->header.sid.v != 0 || n->session != NULL)
		put_number(w, "  session ", n->header.sid.v);
	if (n->header.has_sequence) {
		put_number(w, "  Ns ", n->header.ns);
		put_number(w, " Nr ", n->header.nr);
	}
	if (!n->header.is_control)
		return;
	if ((n->message.present & L2TP_HAS(ASSIGNED_TUNNEL_ID)) != 0)
		put_number(w, "  assigns tunnel ", n->message.assigned_tid.v);
	if ((n->message.present & L2TP_HAS(ASSIGNED_SESSION_ID)) != 0)
		put_number(w, "  assigns session ", n->message.assigned_sid.v);
}

static bool
has_peer_call_id(enum pptp_message_type type)
{
	return type == PPTP_OCRP || type == PPTP_ICRP || type == PPTP_ICCN || type == PPTP_WEN ||
	       type == PPTP_SLI;
}

static bool
has_call_id(enum pptp_message_type type)
{
	return type == PPTP_OCRQ || type == PPTP_OCRP || type == PPTP_ICRQ || type == PPTP_ICRP ||
	       type == PPTP_CCRQ || type == PPTP_CDN;
}

static void
put_pptp(struct writer *w, const struct pptp_message *m)
{
	if (has_call_id(m->type))
		put_number(w, "  call ", m->call_id.v);
	if (has_peer_call_id(m->type))
		put_number(w, "  peer's call ", m->peer_call_id.v);
	if (m->type == PPTP_ECHORQ || m->type == PPTP_ECHORP)
		put_number(w, "  identifier ", m->identifier);
}

static void
put_gre(struct writer *w, const struct track_news *n)
{
	put_number(w, "  call ", n->gre.call_id.v);
	if (n->gre.has_sequence)
		put_number(w, "  sequence ", n->gre.sequence);
	if (n->gre.has_acknowledgment)
		put_number(w, "  acknowledges ", n->gre.acknowledgment);
}

static void
put_what(struct writer *w, const struct track_news *n)
{
	const char *result;
	unsigned number;

	if (n->ppp != NULL)
		writer_say(w, "  %s", n->ppp);
	result = story_result(n, &number);
	if (result != NULL)
		writer_say(w, "  result %u, %s", number, result);
	if (result != NULL && n->protocol == TRACK_L2TP && n->message.has_error && n->message.error != 0)
		writer_say(w, "; error %u, %s", n->message.error, l2tp_error_name(n->message.error));
	if (n->what == TRACK_WHAT_REPEATED)
		writer_text(w, "  (retransmission)");
	if (n->what == TRACK_WHAT_LATE)
		writer_text(w, "  (late: fills a gap)");
	if (n->missing != 0)
		writer_say(w, "  (%llu %s%s missing before it)", (unsigned long long)n->missing,
			   n->protocol == TRACK_L2TP ? "message" : "octet", n->missing == 1 ? "" : "s");
}

static void
put_line(struct story *s, const struct track_news *n)
{
	char room[24];

	if (n->packet != NULL) {
		writer_padded(s->w, n->packet->frame, FRAME_WIDTH);
		writer_seconds(s->w, n->time_ns, TIME_WIDTH);
	} else {
		writer_text(s->w, "                 end");
	}
	put_whom(s->w, n);
	if (n->packet != NULL)
		writer_text(s->w, story_name(n, room));
	if (n->pptp != NULL)
		put_pptp(s->w, n->pptp);
	else if (n->is_gre)
		put_gre(s->w, n);
	else if (n->protocol == TRACK_L2TP && n->packet != NULL)
		put_l2tp(s->w, n);
	if (n->packet != NULL)
		put_what(s->w, n);
	writer_char(s->w, '\n');
}

/* ---- -v: AVPs and fields ---- */

static void
put_avps(struct writer *w, const struct track_news *n)
{
	struct decode_avps avps;
	struct decode_avp avp;

	decode_avps_init(&avps, &n->header, n->datagram, n->secret);
	while (decode_avps_next(&avps, &avp)) {
		writer_say(w, "%s%c%c  ", indent, avp.is_mandatory ? 'M' : '-', avp.is_hidden ? 'H' : '-');
		writer_text(w, avp.name);
		writer_text(w, ": ");
		writer_text(w, avp.words.text);
		writer_char(w, '\n');
	}
}

static void
put_fields(struct writer *w, const struct pptp_message *m)
{
	for (const struct decode_pptp_field *f = decode_pptp_fields(m->type); f->name != NULL; f++) {
		struct decode_words words;

		decode_pptp_value(&words, f, m);
		writer_say(w, "%s%s: ", indent, f->name);
		writer_text(w, words.text);
		writer_char(w, '\n');
	}
}

/* ---- steps and findings ---- */

static void
put_step(struct story *s, const struct track_news *n, const struct track_step *step)
{
	const struct ut_machine *const m = step->machine;
	struct story_words words;

	if (story_step_is_idle(step) && !s->is_verbose)
		return;
	writer_say(s->w, "%s%s", indent, track_role(n->connection, step->end));
	if (step->session != NULL)
		writer_say(s->w, " session %llu", (unsigned long long)step->session->serial);
	if (step->row == NULL) {
		writer_say(s->w, ": %s, from what it sent\n", m->states[step->to]);
		return;
	}
	writer_say(s->w, ": %s, %s", m->states[step->from], m->events[step->event]);
	if (step->is_asked)
		writer_say(s->w, ": %s", m->questions[step->row->question].answers[step->answer]);
	writer_say(s->w, " -> %s; %s", story_actions(&words, m, step->row), m->states[step->to]);
	writer_say(s->w, "   %s\n", story_source(&words, m, step->row->source));
}

static void
put_finding(struct story *s, const struct track_news *n, const struct track_finding *f)
{
	static const char *const levels[] = { "note", "known fault", "VIOLATION" };

	if (f->level == TRACK_NOTE && !s->is_verbose)
		return;
	writer_say(s->w, "%s%s: ", f->level == TRACK_NOTE ? indent : "  !! ", levels[f->level]);
	if (n->packet != NULL && f->level != TRACK_NOTE)
		writer_say(s->w, "frame %llu: ", (unsigned long long)n->packet->frame);
	writer_text(s->w, f->text);
	if (f->rule[0] != '\0')
		writer_say(s->w, "   %s", f->rule);
	writer_char(s->w, '\n');
}

static bool
is_shown(const struct story *s, const struct track_news *n)
{
	if (n->what < TRACK_WHAT_DATA)
		return true;
	if (s->is_verbose)
		return n->steps_n != 0 || n->findings_n != 0;
	for (size_t i = 0; i < n->steps_n; i++)
		if (!story_step_is_idle(&n->steps[i]))
			return true;
	for (size_t i = 0; i < n->findings_n; i++)
		if (n->findings[i].level != TRACK_NOTE)
			return true;
	return false;
}

static void
tell(void *ctx, const struct track_news *n)
{
	struct story *const s = ctx;

	if (!is_shown(s, n))
		return;
	if (n->connection != NULL)
		announce(s, n->connection);
	put_line(s, n);
	if (s->is_verbose && n->protocol == TRACK_L2TP && n->has_header && n->header.is_control)
		put_avps(s->w, n);
	if (s->is_verbose && n->pptp != NULL)
		put_fields(s->w, n->pptp);
	for (size_t i = 0; i < n->findings_n; i++)
		put_finding(s, n, &n->findings[i]);
	for (size_t i = 0; i < n->steps_n; i++)
		put_step(s, n, &n->steps[i]);
	if (n->steps_more != 0)
		writer_say(s->w, "%sand %zu steps more\n", indent, n->steps_more);
}

/* ---- what is over ---- */

static void
put_flow(struct writer *w, const struct track_session *session, unsigned end)
{
	const struct track_flow *const f = &session->flows[end];
	const char *before = ": ";

	writer_say(w, "; %s sent %llu frame%s, %llu octets", track_role(session->connection, end),
		   (unsigned long long)f->frames, f->frames == 1 ? "" : "s", (unsigned long long)f->octets);
	for (unsigned i = TRACK_PPP_N; i-- > 0;) {
		if (f->ppp[i] == 0)
			continue;
		writer_say(w, "%s%s %llu", before, track_ppp_name((enum track_ppp)i),
			   (unsigned long long)f->ppp[i]);
		before = ", ";
	}
	if (f->missing != 0)
		writer_say(w, ", %llu missing", (unsigned long long)f->missing);
	if (f->late != 0)
		writer_say(w, ", %llu late", (unsigned long long)f->late);
}

static void
put_ids(struct writer *w, const struct track_session *s)
{
	writer_text(w, " (");
	for (unsigned i = 0; i < 2; i++) {
		if (s->has_id[i])
			writer_u64(w, s->ids[i]);
		else
			writer_char(w, '?');
		writer_char(w, i == 0 ? '/' : ')');
	}
}

static void
session_over(void *ctx, const struct track_session *session)
{
	struct story *const s = ctx;

	announce(s, session->connection);
	writer_say(s->w, "    [%llu] session %llu", (unsigned long long)session->connection->number,
		   (unsigned long long)session->serial);
	put_ids(s->w, session);
	put_flow(s->w, session, 0);
	put_flow(s->w, session, 1);
	writer_char(s->w, '\n');
}

static void
connection_over(void *ctx, const struct track_connection *c)
{
	struct story *const s = ctx;
	struct story_words words;

	if (c->is_told)
		writer_say(s->w, "connection %llu: %s\n", (unsigned long long)c->number,
			   story_ending(&words, c));
}

void
story_text(struct story *story, struct track_sink *sink)
{
	*sink = (struct track_sink){
		.ctx = story, .tell = tell, .session_over = session_over, .connection_over = connection_over
	};
}

/* ---- the verdict ---- */

static void
put_count(struct writer *w, uint64_t n, const char *what)
{
	if (n != 0)
		writer_say(w, ", %llu %s", (unsigned long long)n, what);
}

static void
put_plural(struct writer *w, uint64_t n, const char *what)
{
	writer_say(w, "%llu %s%s", (unsigned long long)n, what, n == 1 ? "" : "s");
}

void
story_text_verdict(struct story *story, const struct track_totals *t, uint64_t unfinished)
{
	struct writer *const w = story->w;

	put_plural(w, t->frames, "frame");
	put_count(w, t->l2tp_control, "of L2TP control");
	put_count(w, t->l2tp_data, "of L2TP data");
	put_count(w, t->l2tp_other_version, "of L2TPv3 or another version over UDP");
	put_count(w, t->pptp_messages, "PPTP messages");
	put_count(w, t->gre_data, "of PPTP's GRE");
	put_count(w, t->kinds[CAPTURE_L2TP_IP], capture_kind_words(CAPTURE_L2TP_IP));
	put_count(w, t->kinds[CAPTURE_ESP], capture_kind_words(CAPTURE_ESP));
	put_count(w, t->kinds[CAPTURE_IKE], capture_kind_words(CAPTURE_IKE));
	put_count(w, t->kinds[CAPTURE_CUT], capture_kind_words(CAPTURE_CUT));
	put_count(w, unfinished, "packets of which fragments are missing");
	put_count(w, t->repeated, "retransmissions");
	put_count(w, t->missing, "messages missing");
	put_count(w, t->late, "late");
	writer_text(w, "\nverdict: ");
	if (t->violations == 0)
		writer_text(w, "no violation");
	else
		put_plural(w, t->violations, "violation");
	if (t->known != 0) {
		writer_text(w, ", ");
		put_plural(w, t->known, "known fault");
	}
	if (t->notes != 0) {
		writer_text(w, ", ");
		put_plural(w, t->notes, "note");
		if (!story->is_verbose)
			writer_text(w, " (-v shows them)");
	}
	writer_char(w, '\n');
}
