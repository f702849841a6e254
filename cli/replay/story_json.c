/* story_json.c - the story for programs: one JSON object a line, one for each message or frame of data
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/inspect/decode_avp.h"
#include "cli/inspect/decode_pptp_field.h"
#include "cli/replay/story.h"

/* ---- members: each is written with the comma before it, `kind` being the first of an object ---- */

static void
put_number(struct writer *w, const char *name, uint64_t v)
{
	writer_text(w, ",\"");
	writer_text(w, name);
	writer_text(w, "\":");
	writer_u64(w, v);
}

static void
put_bool(struct writer *w, const char *name, bool v)
{
	writer_text(w, ",\"");
	writer_text(w, name);
	writer_text(w, v ? "\":true" : "\":false");
}

static void
put_string(struct writer *w, const char *name, const char *text)
{
	writer_text(w, ",\"");
	writer_text(w, name);
	writer_text(w, "\":");
	writer_json(w, text);
}

static void
put_end(struct writer *w, const char *name, const struct capture_end *end)
{
	char text[CAPTURE_END_OCTETS];

	(void)capture_end_print(text, end);
	put_string(w, name, text);
}

/* ---- what was said ---- */

static void
put_avp(struct writer *w, const struct decode_avp *avp)
{
	writer_text(w, "{\"type\":");
	writer_u64(w, avp->is.type);
	put_number(w, "vendor", avp->is.vendor);
	put_number(w, "octets", avp->is.value.n + L2TP_AVP_HEADER_OCTETS);
	put_bool(w, "mandatory", avp->is_mandatory);
	put_bool(w, "hidden", avp->is_hidden);
	put_string(w, "name", avp->name);
	put_string(w, "value", avp->words.text);
	writer_char(w, '}');
}

static void
put_avps(struct writer *w, const struct track_news *n)
{
	struct decode_avps avps;
	struct decode_avp avp;
	bool has_one = false;

	writer_text(w, ",\"avps\":[");
	decode_avps_init(&avps, &n->header, n->datagram, n->secret);
	while (decode_avps_next(&avps, &avp)) {
		if (has_one)
			writer_char(w, ',');
		has_one = true;
		put_avp(w, &avp);
	}
	writer_char(w, ']');
}

static void
put_l2tp(struct writer *w, const struct track_news *n)
{
	const struct l2tp_header *const h = &n->header;

	writer_text(w, ",\"l2tp\":{\"version\":");
	writer_u64(w, h->version);
	if (h->version == 2) {
		put_bool(w, "control", h->is_control);
		put_bool(w, "has_length", h->has_length);
		put_bool(w, "has_sequence", h->has_sequence);
		put_bool(w, "has_offset", h->has_offset);
		put_bool(w, "priority", h->is_priority);
		if (h->has_length)
			put_number(w, "length", h->length);
		put_number(w, "tunnel", h->tid.v);
		put_number(w, "session", h->sid.v);
		if (h->has_sequence) {
			put_number(w, "ns", h->ns);
			put_number(w, "nr", h->nr);
		}
		if (h->is_control)
			put_avps(w, n);
	}
	writer_char(w, '}');
}

static void
put_pptp(struct writer *w, const struct pptp_message *m)
{
	bool has_one = false;

	writer_text(w, ",\"pptp\":{\"type\":");
	writer_u64(w, m->number);
	put_number(w, "length", m->length);
	writer_text(w, ",\"fields\":{");
	for (const struct decode_pptp_field *f = decode_pptp_fields(m->type); f->name != NULL; f++) {
		struct decode_words words;

		decode_pptp_value(&words, f, m);
		if (has_one)
			writer_char(w, ',');
		has_one = true;
		writer_json(w, f->name);
		writer_char(w, ':');
		writer_json(w, words.text);
	}
	writer_text(w, "}}");
}

static void
put_gre(struct writer *w, const struct gre_header *h)
{
	writer_text(w, ",\"gre\":{\"call\":");
	writer_u64(w, h->call_id.v);
	put_number(w, "payload_length", h->payload_length);
	if (h->has_sequence)
		put_number(w, "sequence", h->sequence);
	if (h->has_acknowledgment)
		put_number(w, "acknowledgment", h->acknowledgment);
	writer_char(w, '}');
}

/* ---- what follows from it ---- */

static void
put_step(struct writer *w, const struct track_news *n, const struct track_step *step)
{
	const struct ut_machine *const m = step->machine;

	writer_text(w, "{\"machine\":");
	writer_json(w, m->name);
	put_string(w, "end", track_role(n->connection, step->end));
	if (step->session != NULL)
		put_number(w, "call", step->session->serial);
	put_string(w, "to", m->states[step->to]);
	if (step->row == NULL) {
		put_bool(w, "learnt", true);
		writer_char(w, '}');
		return;
	}
	put_string(w, "from", m->states[step->from]);
	put_string(w, "event", m->events[step->event]);
	if (step->is_asked)
		put_string(w, "answer", m->questions[step->row->question].answers[step->answer]);
	writer_text(w, ",\"actions\":\"");
	story_actions(w, m, step->row);
	writer_text(w, "\",\"source\":\"");
	story_source(w, m, step->row->source);
	writer_text(w, "\"}");
}

static void
put_steps(struct writer *w, const struct track_news *n)
{
	if (n->steps_n == 0)
		return;
	writer_text(w, ",\"steps\":[");
	for (size_t i = 0; i < n->steps_n; i++) {
		if (i != 0)
			writer_char(w, ',');
		put_step(w, n, &n->steps[i]);
	}
	writer_char(w, ']');
	if (n->steps_more != 0)
		put_number(w, "steps_more", n->steps_more);
}

static void
put_findings(struct writer *w, const struct track_news *n)
{
	static const char *const levels[] = { "note", "known fault", "violation" };

	if (n->findings_n == 0)
		return;
	writer_text(w, ",\"findings\":[");
	for (size_t i = 0; i < n->findings_n; i++) {
		const struct track_finding *const f = &n->findings[i];

		writer_text(w, i != 0 ? ",{\"level\":" : "{\"level\":");
		writer_json(w, levels[f->level]);
		put_string(w, "text", f->text);
		if (f->rule[0] != '\0')
			put_string(w, "rule", f->rule);
		writer_char(w, '}');
	}
	writer_char(w, ']');
}

/* ---- the objects ---- */

static void
put_place(struct story *s, const struct track_news *n)
{
	writer_text(s->w, "{\"kind\":");
	writer_json(s->w, track_what_word(n->what));
	if (n->packet != NULL) {
		put_number(s->w, "frame", n->packet->frame);
		writer_text(s->w, ",\"time_s\":");
		writer_seconds(s->w, n->time_ns, 0);
		put_end(s->w, "source", &n->packet->from);
		put_end(s->w, "target", &n->packet->to);
	}
	if (n->connection == NULL)
		return;
	put_number(s->w, "connection", n->connection->number);
	if (n->from != TRACK_NOBODY)
		put_string(s->w, "sender", track_role(n->connection, n->from));
	if (n->session != NULL)
		put_number(s->w, "call", n->session->serial);
}

static void
tell(void *ctx, const struct track_news *n)
{
	struct story *const s = ctx;
	const char *result;
	unsigned number;
	char room[24];

	if (n->what == TRACK_WHAT_TCP && n->steps_n == 0 && n->findings_n == 0 && n->pptp == NULL)
		return;
	put_place(s, n);
	if (n->packet != NULL)
		put_string(s->w, "name", story_name(n, room));
	result = n->packet != NULL ? story_result(n, &number) : NULL;
	if (result != NULL) {
		put_number(s->w, "result", number);
		put_string(s->w, "result_text", result);
	}
	if (n->missing != 0)
		put_number(s->w, "missing", n->missing);
	if (n->pptp != NULL)
		put_pptp(s->w, n->pptp);
	else if (n->is_gre)
		put_gre(s->w, &n->gre);
	else if (n->protocol == TRACK_L2TP && n->packet != NULL && n->has_header)
		put_l2tp(s->w, n);
	if (n->ppp != NULL)
		put_string(s->w, "ppp", n->ppp);
	put_steps(s->w, n);
	put_findings(s->w, n);
	writer_text(s->w, "}\n");
}

static void
put_flow(struct writer *w, const struct track_session *session, unsigned end)
{
	const struct track_flow *const f = &session->flows[end];
	bool has_one = false;

	writer_text(w, end == 0 ? "{\"sender\":" : ",{\"sender\":");
	writer_json(w, track_role(session->connection, end));
	if (session->has_id[end])
		put_number(w, "id", session->ids[end]);
	put_number(w, "frames", f->frames);
	put_number(w, "octets", f->octets);
	put_number(w, "missing", f->missing);
	put_number(w, "late", f->late);
	writer_text(w, ",\"ppp\":{");
	for (unsigned i = 0; i < TRACK_PPP_N; i++) {
		if (f->ppp[i] == 0)
			continue;
		if (has_one)
			writer_char(w, ',');
		has_one = true;
		writer_json(w, track_ppp_name((enum track_ppp)i));
		writer_char(w, ':');
		writer_u64(w, f->ppp[i]);
	}
	writer_text(w, "}}");
}

static void
session_over(void *ctx, const struct track_session *session)
{
	struct writer *const w = ((struct story *)ctx)->w;

	writer_text(w, "{\"kind\":\"call over\"");
	put_number(w, "connection", session->connection->number);
	put_number(w, "call", session->serial);
	writer_text(w, ",\"flows\":[");
	put_flow(w, session, 0);
	put_flow(w, session, 1);
	writer_text(w, "]}\n");
}

static void
connection_over(void *ctx, const struct track_connection *c)
{
	struct writer *const w = ((struct story *)ctx)->w;

	writer_text(w, "{\"kind\":\"connection over\"");
	put_number(w, "connection", c->number);
	put_string(w, "protocol", c->protocol == TRACK_L2TP ? "L2TP" : "PPTP");
	put_bool(w, "whole", !c->is_learnt);
	put_number(w, "calls", c->sessions_ever);
	put_number(w, "violations", c->violations);
	writer_text(w, ",\"ended\":\"");
	story_ending(w, c);
	writer_text(w, "\"}\n");
}

void
story_json(struct story *story, struct track_sink *sink)
{
	*sink = (struct track_sink){ .ctx = story,
				     .tell = tell,
				     .session_over = session_over,
				     .connection_over = connection_over,
				     .wants_data = true };
}

void
story_json_verdict(struct story *story, const struct track_totals *t, uint64_t unfinished)
{
	struct writer *const w = story->w;

	writer_text(w, "{\"kind\":\"verdict\"");
	put_number(w, "frames", t->frames);
	put_number(w, "l2tp_control", t->l2tp_control);
	put_number(w, "l2tp_data", t->l2tp_data);
	put_number(w, "l2tp_other_version", t->l2tp_other_version);
	put_number(w, "pptp_messages", t->pptp_messages);
	put_number(w, "gre", t->gre_data);
	put_number(w, "esp", t->kinds[CAPTURE_ESP]);
	put_number(w, "ike", t->kinds[CAPTURE_IKE]);
	put_number(w, "l2tp_over_ip", t->kinds[CAPTURE_L2TP_IP]);
	put_number(w, "cut", t->kinds[CAPTURE_CUT]);
	put_number(w, "fragmented_unfinished", unfinished);
	put_number(w, "connections", t->connections);
	put_number(w, "calls", t->sessions);
	put_number(w, "retransmissions", t->repeated);
	put_number(w, "missing", t->missing);
	put_number(w, "violations", t->violations);
	put_number(w, "known_faults", t->known);
	put_number(w, "notes", t->notes);
	writer_text(w, "}\n");
}
