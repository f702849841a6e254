/* journal_story.c - what an engine did, told in the tables' own words
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/journal/journal_story.h"

#include <arpa/inet.h>
#include <inttypes.h>

#include "cli/output.h"
#include "cli/plain_text.h"
#include "fsm/machines.h"

enum { INSTANCE_WIDTH = 24, TIME_WIDTH = 10, LINE_WIDTH = 104 };

/* ---- small texts ---- */

const char *
journal_event_words(enum ut_event_kind kind)
{
	static const char *const words[] = {
		[UT_EV_CONTINUE] = "what did not fit",
		[UT_EV_RANDOM] = "randomness",
		[UT_EV_DEADLINE] = "time has come",
		[UT_EV_DATAGRAM] = "datagram",
		[UT_EV_ACCEPTED] = "connection accepted",
		[UT_EV_STREAM] = "octets of a connection",
		[UT_EV_STREAM_CLOSED] = "connection closed",
		[UT_EV_START] = "order to start",
		[UT_EV_STOP] = "order to stop",
		[UT_EV_RESOLVED] = "name resolved",
		[UT_EV_PROTECTED] = "protection looked at",
		[UT_EV_PROBED] = "drivers probed",
		[UT_EV_PATH_OPENED] = "socket opened",
		[UT_EV_PATH_LOST] = "socket lost",
		[UT_EV_NETWORK] = "network changed",
		[UT_EV_SESSION_RESERVED] = "id claimed",
		[UT_EV_SESSION_OPENED] = "data path opened",
		[UT_EV_SESSION_CLOSE] = "order to end a session",
		[UT_EV_TUNNEL_CLOSE] = "order to end a tunnel",
		[UT_EV_CALL] = "order to place a call",
		[UT_EV_PPP_STARTED] = "PPP started",
		[UT_EV_PPP_UP] = "PPP up",
		[UT_EV_PPP_ENDED] = "PPP ended",
	};

	_Static_assert(UT_COUNT(words) == UT_EVENT_N, "every event has words");
	return words[kind];
}

static const char *
effect_words(enum ut_effect_kind kind)
{
	static const char *const words[] = {
		[UT_FX_RESOLVE] = "resolve the name",
		[UT_FX_PROTECT] = "see to protection",
		[UT_FX_PROBE] = "probe the drivers",
		[UT_FX_OPEN_PATH] = "open a socket",
		[UT_FX_CONNECT_PATH] = "connect the socket",
		[UT_FX_CLOSE_PATH] = "close the socket",
		[UT_FX_CANCEL] = "cancel",
		[UT_FX_SEND] = "send",
		[UT_FX_ACCEPT_PATH] = "accept the connection",
		[UT_FX_REFUSE_PATH] = "refuse the connection",
		[UT_FX_SEND_STREAM] = "send",
		[UT_FX_RESET_PATH] = "reset the connection",
		[UT_FX_RESERVE_SESSION] = "claim an id",
		[UT_FX_OPEN_SESSION] = "open the data path",
		[UT_FX_CLOSE_SESSION] = "close the data path",
		[UT_FX_CLOSE_TUNNEL] = "close the kernel's tunnel",
		[UT_FX_FRAME] = "hand over a PPP frame",
		[UT_FX_START_PPP] = "start PPP",
		[UT_FX_STOP_PPP] = "stop PPP",
		[UT_FX_HANGUP_PPP] = "hang PPP up",
		[UT_FX_KILL_PPP] = "kill PPP",
		[UT_FX_REPORT] = "report",
		[UT_FX_TRACE] = "step",
	};

	_Static_assert(UT_COUNT(words) == UT_EFFECT_N, "every effect has words");
	return words[kind];
}

static const char *
report_words(enum ut_report_kind kind)
{
	static const char *const words[] = {
		[UT_REPORT_ATTEMPT] = "an attempt begins",
		[UT_REPORT_RESOLVED] = "the server's address is known",
		[UT_REPORT_DIALLING] = "dialling",
		[UT_REPORT_TUNNEL_UP] = "tunnel up",
		[UT_REPORT_TUNNEL_ENDED] = "tunnel ended",
		[UT_REPORT_SESSION_UP] = "session up",
		[UT_REPORT_SESSION_ENDED] = "session ended",
		[UT_REPORT_LINK_ENDED] = "link ended",
		[UT_REPORT_BACKOFF] = "a pause before the next attempt",
		[UT_REPORT_ENDED] = "ended",
		[UT_REPORT_FAULT] = "a message could not be read",
		[UT_REPORT_REFUSED] = "nothing left of",
		[UT_REPORT_RETRANSMIT] = "sent again",
		[UT_REPORT_LINK_INFO] = "Set-Link-Info",
		[UT_REPORT_WAN_ERRORS] = "WAN-Error-Notify",
		[UT_REPORT_COLLISION] = "both ends opened a connection",
	};

	_Static_assert(UT_COUNT(words) == UT_REPORT_N, "every report has words");
	return words[kind];
}

static void
print_peer(FILE *out, const struct ut_peer *peer)
{
	char text[INET6_ADDRSTRLEN];

	if (peer->family != 0 &&
	    inet_ntop(peer->family == 6 ? AF_INET6 : AF_INET, peer->address, text, sizeof text) != NULL)
		fprintf(out, " %s port %u", text, peer->port);
}

/* "SCCRP to tunnel 17 session 0, Ns 0, Nr 1" of an L2TP message; nothing if it cannot be read. */
static void
print_l2tp(FILE *out, struct ut_slice datagram, struct l2tp_header *header)
{
	enum { TYPE_AT = L2TP_AVP_HEADER_OCTETS };
	struct l2tp_fault fault;
	const char *name = "ZLB";

	memset(header, 0, sizeof *header);
	if (l2tp_header_decode(datagram, header, &fault) != L2TP_FAULT_NONE)
		return;
	if (!header->is_control) {
		fprintf(out, ": data of session %u", header->sid.v);
		return;
	}
	if (header->payload.n >= TYPE_AT + 2)
		name = l2tp_message_name(ut_get_u16(header->payload.p + TYPE_AT));
	fprintf(out, ": %s of tunnel %u, session %u, Ns %u, Nr %u",
		name != NULL ? name : "a message of unknown type", header->tid.v, header->sid.v, header->ns,
		header->nr);
}

static void
print_safely(FILE *out, struct ut_slice text)
{
	char bare[128], safe[sizeof bare * 3];
	const size_t n = text.n < sizeof bare ? text.n : sizeof bare - 1;

	if (n > 0)
		memcpy(bare, text.p, n);
	bare[n] = '\0';
	plain_text_copy(bare, safe, sizeof safe);
	fprintf(out, "\"%s\"", safe);
}

/* ---- lines ---- */

static void
print_time(struct journal_story *s, uint64_t now_us)
{
	const uint64_t us = now_us - s->start_us;

	fprintf(s->out, "%*" PRIu64 ".%03" PRIu64 "  ", TIME_WIDTH - 6, us / 1000000, us / 1000 % 1000);
}

static void
print_margin(const struct journal_story *s)
{
	fprintf(s->out, "%*s", TIME_WIDTH + INSTANCE_WIDTH, "");
}

/* Where a row stands: rows of an RFC name its section, ours their reason. */
static void
print_source(const struct journal_story *s, const struct ut_machine *m, const struct ut_row *row, int used)
{
	const int pad = LINE_WIDTH - TIME_WIDTH - INSTANCE_WIDTH - used;
	const bool is_rfc = row - m->rows < m->n_rfc_rows;

	fprintf(s->out, "%*s  ", pad > 0 ? pad : 0, "");
	if (is_rfc)
		fprintf(s->out, "RFC %s ", strncmp(m->name, "pptp", 4) == 0 ? "2637" : "2661");
	fprintf(s->out, "%s\n", row->source);
}

/* "-> Send SCCCN, Clean up; established"; its width. */
static int
print_outcome(FILE *out, const struct ut_machine *m, const struct ut_row *row, uint8_t next)
{
	int n = fprintf(out, "->");

	for (unsigned i = 0; i < UT_ROW_ACTIONS && row->actions[i] != 0; i++)
		n += fprintf(out, "%s %s", i > 0 ? "," : "", m->actions[row->actions[i]]);
	if (row->actions[0] == 0)
		n += fprintf(out, " nothing");
	return n + fprintf(out, "; %s", m->states[next]);
}

/* The rows of the same cell, and the answer that each would have taken. */
static void
tell_why_not(const struct journal_story *s, const struct ut_trace *t)
{
	const struct ut_machine *m = t->machine;
	const struct ut_row *row = &m->rows[t->row];
	const struct ut_question *q = &m->questions[row->question];

	for (uint8_t a = 0; row->question != 0 && a < q->n_answers; a++) {
		const struct ut_row *other = ut_table_match(m, t->state, t->event, a);
		int used;

		if (a == t->answer || other == NULL)
			continue;
		print_margin(s);
		used = fprintf(s->out, "   not \"%s\", since the answer was \"%s\": ", q->answers[a],
			       q->answers[t->answer]);
		used += print_outcome(s->out, m, other, other->next == UT_SAME ? t->state : other->next);
		print_source(s, m, other, used);
	}
}

static void
tell_trace(struct journal_story *s, uint64_t now_us, const struct ut_trace *t)
{
	const struct ut_machine *m = t->machine;
	const struct ut_row *row = &m->rows[t->row];
	char instance[64];

	(void)snprintf(instance, sizeof instance, "%s %u", m->name, t->ref.index);
	print_time(s, now_us);
	fprintf(s->out, "%-*s%s, %s", INSTANCE_WIDTH, instance, m->states[t->state], m->events[t->event]);
	if (row->question != 0)
		fprintf(s->out, ": %s", m->questions[row->question].answers[t->answer]);
	fputc('\n', s->out);
	print_margin(s);
	print_source(s, m, row, print_outcome(s->out, m, row, t->next));
	if (s->is_long)
		tell_why_not(s, t);
}

static void
tell_event(struct journal_story *s, const struct ut_event *e)
{
	struct l2tp_header header;

	print_time(s, e->now.us);
	fprintf(s->out, "%s", journal_event_words(e->kind));
	if (e->kind == UT_EV_DATAGRAM || e->kind == UT_EV_STREAM || e->kind == UT_EV_RANDOM)
		fprintf(s->out, ", %zu octets", e->bytes.n);
	if (e->peer.family != 0)
		fprintf(s->out, ",");
	print_peer(s->out, &e->peer);
	if (e->kind == UT_EV_DATAGRAM)
		print_l2tp(s->out, e->bytes, &header);
	if (e->err != 0)
		fprintf(s->out, ": %s", strerror(e->err));
	if (e->end.cause != UT_CAUSE_NONE)
		fprintf(s->out, ": %s", ut_cause_name((enum ut_cause)e->end.cause));
	fputc('\n', s->out);
}

static void
tell_report(const struct journal_story *s, const struct ut_effect *fx)
{
	fprintf(s->out, ": %s", report_words(fx->report));
	if (fx->end.cause != UT_CAUSE_NONE)
		fprintf(s->out, ", %s", ut_cause_name((enum ut_cause)fx->end.cause));
	if (fx->report == UT_REPORT_FAULT && fx->protocol == UT_PPTP)
		fprintf(s->out, ", %s", pptp_fault_sentence(fx->pptp_fault.reason));
	else if (fx->report == UT_REPORT_FAULT)
		fprintf(s->out, ", %s, at octet %" PRIu32, l2tp_fault_sentence(fx->fault.reason),
			fx->fault.offset);
	if (fx->report == UT_REPORT_REFUSED)
		fprintf(s->out, " %s", ut_pool_name((enum ut_pool)fx->number));
	if (fx->bytes.n > 0) {
		fputc(' ', s->out);
		print_safely(s->out, fx->bytes);
	}
}

static void
tell_effect(const struct journal_story *s, const struct ut_effect *fx)
{
	struct l2tp_header header;

	print_margin(s);
	fprintf(s->out, "   %s", effect_words(fx->kind));
	if (fx->kind == UT_FX_SEND || fx->kind == UT_FX_SEND_STREAM)
		fprintf(s->out, " %zu octets", fx->bytes.n);
	if (fx->kind == UT_FX_REPORT)
		tell_report(s, fx);
	else
		print_peer(s->out, &fx->peer);
	if (fx->kind == UT_FX_SEND)
		print_l2tp(s->out, fx->bytes, &header);
	fputc('\n', s->out);
}

/* ---- messages that no machine sees ---- */

static bool
has_kind(const struct ut_effects *effects, enum ut_effect_kind kind)
{
	for (size_t i = 0; i < effects->n; i++)
		if (effects->v[i].kind == kind)
			return true;
	return false;
}

/* The Nr of what was answered at once says which message was expected. */
static const char *
fate_of(const struct l2tp_header *received, const struct ut_effects *effects)
{
	struct l2tp_header sent;
	struct l2tp_fault fault;

	for (size_t i = 0; i < effects->n; i++) {
		const struct ut_effect *fx = &effects->v[i];

		if (fx->kind != UT_FX_SEND ||
		    l2tp_header_decode(fx->bytes, &sent, &fault) != L2TP_FAULT_NONE || !sent.is_control)
			continue;
		if ((uint16_t)(received->ns - sent.nr) >= 0x8000)
			return "duplicate, acknowledged, not delivered";
		return "came early, kept until its turn";
	}
	return "not delivered: no tunnel of ours, or already ended";
}

static void
tell_undelivered(struct journal_story *s, const struct ut_event *event, const struct ut_effects *effects)
{
	struct l2tp_header header;
	struct l2tp_fault fault;

	if (event->kind != UT_EV_DATAGRAM || has_kind(effects, UT_FX_TRACE) ||
	    l2tp_header_decode(event->bytes, &header, &fault) != L2TP_FAULT_NONE || !header.is_control ||
	    header.payload.n == 0)
		return;
	print_time(s, event->now.us);
	fprintf(s->out, "%-*s", INSTANCE_WIDTH, "transport");
	fprintf(s->out, "message");
	print_l2tp(s->out, event->bytes, &header);
	fprintf(s->out, ": %s  RFC 2661 5.8\n", fate_of(&header, effects));
}

/* ---- a step ---- */

void
journal_story_step(struct journal_story *s, const struct ut_event *event, const struct ut_effects *effects)
{
	if (s->out == NULL)
		return;
	if (!s->has_begun)
		s->start_us = event->now.us;
	s->has_begun = true;
	if (s->is_long)
		tell_event(s, event);
	tell_undelivered(s, event, effects);
	for (size_t i = 0; i < effects->n; i++) {
		if (effects->v[i].kind == UT_FX_TRACE)
			tell_trace(s, event->now.us, &effects->v[i].trace);
		else if (s->is_long)
			tell_effect(s, &effects->v[i]);
	}
}
