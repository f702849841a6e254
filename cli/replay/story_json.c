/* story_json.c - the story for programs: one JSON object a line, one for each message or frame of data
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/inspect/decode_avp.h"
#include "cli/inspect/decode_pptp_field.h"
#include "cli/json.h"
#include "cli/replay/story.h"

enum { NS_IN_US = 1000 };

static struct json
begin(const struct story *s, const char *kind)
{
	struct json j;

	json_open(&j, s->w->out);
	json_text(&j, "kind", kind);
	return j;
}

static void
put_end(struct json *j, const char *name, const struct capture_end *end)
{
	char text[CAPTURE_END_OCTETS];

	(void)capture_end_print(text, end);
	json_text(j, name, text);
}

/* ---- what was said ---- */

static void
put_avp(struct json *j, const struct decode_avp *avp)
{
	json_object_open(j, NULL);
	json_number(j, "type", avp->is.type);
	json_number(j, "vendor", avp->is.vendor);
	json_number(j, "octets", avp->is.value.n + L2TP_AVP_HEADER_OCTETS);
	json_bool(j, "mandatory", avp->is_mandatory);
	json_bool(j, "hidden", avp->is_hidden);
	json_text(j, "name", avp->name);
	json_text(j, "value", avp->words.text);
	json_object_close(j);
}

static void
put_avps(struct json *j, const struct track_news *n)
{
	struct decode_avps avps;
	struct decode_avp avp;

	json_array_open(j, "avps");
	decode_avps_init(&avps, &n->header, n->datagram, n->secret);
	while (decode_avps_next(&avps, &avp))
		put_avp(j, &avp);
	json_array_close(j);
}

static void
put_l2tpv2(struct json *j, const struct track_news *n)
{
	const struct l2tp_header *const h = &n->header;

	json_bool(j, "control", h->is_control);
	json_bool(j, "has_length", h->has_length);
	json_bool(j, "has_sequence", h->has_sequence);
	json_bool(j, "has_offset", h->has_offset);
	json_bool(j, "priority", h->is_priority);
	if (h->has_length)
		json_number(j, "length", h->length);
	json_number(j, "tunnel", h->tid.v);
	json_number(j, "session", h->sid.v);
	if (h->has_sequence) {
		json_number(j, "ns", h->ns);
		json_number(j, "nr", h->nr);
	}
	if (h->is_control)
		put_avps(j, n);
}

static void
put_l2tp(struct json *j, const struct track_news *n)
{
	json_object_open(j, "l2tp");
	json_number(j, "version", n->header.version);
	if (n->header.version == 2)
		put_l2tpv2(j, n);
	json_object_close(j);
}

static void
put_pptp(struct json *j, const struct pptp_message *m)
{
	json_object_open(j, "pptp");
	json_number(j, "type", m->number);
	json_number(j, "length", m->length);
	json_object_open(j, "fields");
	for (const struct decode_pptp_field *f = decode_pptp_fields(m->type); f->name != NULL; f++) {
		struct decode_words words;

		decode_pptp_value(&words, f, m);
		json_text(j, f->name, words.text);
	}
	json_object_close(j);
	json_object_close(j);
}

static void
put_gre(struct json *j, const struct gre_header *h)
{
	json_object_open(j, "gre");
	json_number(j, "call", h->call_id.v);
	json_number(j, "payload_length", h->payload_length);
	if (h->has_sequence)
		json_number(j, "sequence", h->sequence);
	if (h->has_acknowledgment)
		json_number(j, "acknowledgment", h->acknowledgment);
	json_object_close(j);
}

/* ---- what follows from it ---- */

static void
put_row(struct json *j, const struct track_step *step)
{
	const struct ut_machine *const m = step->machine;
	struct story_words words;

	json_text(j, "from", m->states[step->from]);
	json_text(j, "event", m->events[step->event]);
	if (step->is_asked)
		json_text(j, "answer", m->questions[step->row->question].answers[step->answer]);
	json_text(j, "actions", story_actions(&words, m, step->row));
	json_text(j, "source", story_source(&words, m, step->row->source));
}

static void
put_step(struct json *j, const struct track_news *n, const struct track_step *step)
{
	json_object_open(j, NULL);
	json_text(j, "machine", step->machine->name);
	json_text(j, "end", track_role(n->connection, step->end));
	if (step->session != NULL)
		json_number(j, "call", step->session->serial);
	json_text(j, "to", step->machine->states[step->to]);
	if (step->row != NULL)
		put_row(j, step);
	else
		json_bool(j, "learnt", true);
	json_object_close(j);
}

static void
put_steps(struct json *j, const struct track_news *n)
{
	if (n->steps_n == 0)
		return;
	json_array_open(j, "steps");
	for (size_t i = 0; i < n->steps_n; i++)
		put_step(j, n, &n->steps[i]);
	json_array_close(j);
	if (n->steps_more != 0)
		json_number(j, "steps_more", n->steps_more);
}

static void
put_finding(struct json *j, const struct track_finding *f)
{
	static const char *const levels[] = { "note", "known fault", "violation" };

	json_object_open(j, NULL);
	json_text(j, "level", levels[f->level]);
	json_text(j, "text", f->text);
	if (f->rule[0] != '\0')
		json_text(j, "rule", f->rule);
	json_object_close(j);
}

static void
put_findings(struct json *j, const struct track_news *n)
{
	if (n->findings_n == 0)
		return;
	json_array_open(j, "findings");
	for (size_t i = 0; i < n->findings_n; i++)
		put_finding(j, &n->findings[i]);
	json_array_close(j);
}

/* ---- the objects ---- */

static void
put_place(struct json *j, const struct track_news *n)
{
	if (n->packet != NULL) {
		json_number(j, "frame", n->packet->frame);
		json_seconds(j, "time_s", n->time_ns / NS_IN_US);
		put_end(j, "source", &n->packet->from);
		put_end(j, "target", &n->packet->to);
	}
	if (n->connection == NULL)
		return;
	json_number(j, "connection", n->connection->number);
	if (n->from != TRACK_NOBODY)
		json_text(j, "sender", track_role(n->connection, n->from));
	if (n->session != NULL)
		json_number(j, "call", n->session->serial);
}

/* Of a frame. */
static void
put_words(struct json *j, const struct track_news *n)
{
	char room[24];
	unsigned number;
	const char *const result = story_result(n, &number);

	json_text(j, "name", story_name(n, room));
	if (result == NULL)
		return;
	json_number(j, "result", number);
	json_text(j, "result_text", result);
}

static void
tell(void *ctx, const struct track_news *n)
{
	struct json j;

	if (n->what == TRACK_WHAT_TCP && n->steps_n == 0 && n->findings_n == 0 && n->pptp == NULL)
		return;
	j = begin(ctx, track_what_word(n->what));
	put_place(&j, n);
	if (n->packet != NULL)
		put_words(&j, n);
	if (n->missing != 0)
		json_number(&j, "missing", n->missing);
	if (n->pptp != NULL)
		put_pptp(&j, n->pptp);
	else if (n->is_gre)
		put_gre(&j, &n->gre);
	else if (n->protocol == TRACK_L2TP && n->packet != NULL && n->has_header)
		put_l2tp(&j, n);
	if (n->ppp != NULL)
		json_text(&j, "ppp", n->ppp);
	put_steps(&j, n);
	put_findings(&j, n);
	json_close(&j);
}

static void
put_flow(struct json *j, const struct track_session *session, unsigned end)
{
	const struct track_flow *const f = &session->flows[end];

	json_object_open(j, NULL);
	json_text(j, "sender", track_role(session->connection, end));
	if (session->has_id[end])
		json_number(j, "id", session->ids[end]);
	json_number(j, "frames", f->frames);
	json_number(j, "octets", f->octets);
	json_number(j, "missing", f->missing);
	json_number(j, "late", f->late);
	json_object_open(j, "ppp");
	for (unsigned i = 0; i < TRACK_PPP_N; i++)
		if (f->ppp[i] != 0)
			json_number(j, track_ppp_name((enum track_ppp)i), f->ppp[i]);
	json_object_close(j);
	json_object_close(j);
}

static void
session_over(void *ctx, const struct track_session *session)
{
	struct json j = begin(ctx, "call over");

	json_number(&j, "connection", session->connection->number);
	json_number(&j, "call", session->serial);
	json_array_open(&j, "flows");
	put_flow(&j, session, 0);
	put_flow(&j, session, 1);
	json_array_close(&j);
	json_close(&j);
}

static void
connection_over(void *ctx, const struct track_connection *c)
{
	struct json j = begin(ctx, "connection over");
	struct story_words words;

	json_number(&j, "connection", c->number);
	json_text(&j, "protocol", c->protocol == TRACK_L2TP ? "L2TP" : "PPTP");
	json_bool(&j, "whole", !c->is_learnt);
	json_number(&j, "calls", c->sessions_ever);
	json_number(&j, "violations", c->violations);
	json_text(&j, "ended", story_ending(&words, c));
	json_close(&j);
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
	struct json j = begin(story, "verdict");

	json_number(&j, "frames", t->frames);
	json_number(&j, "l2tp_control", t->l2tp_control);
	json_number(&j, "l2tp_data", t->l2tp_data);
	json_number(&j, "l2tp_other_version", t->l2tp_other_version);
	json_number(&j, "pptp_messages", t->pptp_messages);
	json_number(&j, "gre", t->gre_data);
	json_number(&j, "esp", t->kinds[CAPTURE_ESP]);
	json_number(&j, "ike", t->kinds[CAPTURE_IKE]);
	json_number(&j, "l2tp_over_ip", t->kinds[CAPTURE_L2TP_IP]);
	json_number(&j, "cut", t->kinds[CAPTURE_CUT]);
	json_number(&j, "fragmented_unfinished", unfinished);
	json_number(&j, "connections", t->connections);
	json_number(&j, "calls", t->sessions);
	json_number(&j, "retransmissions", t->repeated);
	json_number(&j, "missing", t->missing);
	json_number(&j, "violations", t->violations);
	json_number(&j, "known_faults", t->known);
	json_number(&j, "notes", t->notes);
	json_close(&j);
}
