/* mtpd_log.c - what happens, in the words that mtpd wrote to Android's log
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/mtpd_log.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>

#include "cli/mtpd_log_sink.h"
#include "cli/plain_text.h"

enum { SENTENCE_OCTETS = 512, MESSAGE_OCTETS = 64, PPPD_EXITED = 32 };

void
mtpd_log_line(const struct mtpd_log *log, char level, const char *format, ...)
{
	char raw[SENTENCE_OCTETS], safe[SENTENCE_OCTETS];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(raw, sizeof raw, format, args);
	va_end(args);
	plain_text_copy(raw, safe, sizeof safe);
	mtpd_log_put(log->out, level, safe);
}

void
mtpd_log_begin(struct mtpd_log *log, FILE *out, const struct profile *profile)
{
	*log = (struct mtpd_log){ .out = out };
	mtpd_log_line(log, 'I', "Using protocol %s", profile->protocol == PROFILE_PPTP ? "pptp" : "l2tp");
	mtpd_log_line(log, 'I', "Connecting to %s port %" PRIu32 " via %s", profile->server,
		      profile->server_port,
		      profile->interface[0] != '\0' ? profile->interface : "any interface");
}

/* ---- a message, as mtpd named it ---- */

struct heard {
	char text[MESSAGE_OCTETS]; /* "SCCRP (remote_tunnel = 44607)"; "": nothing to tell of */
	bool is_bare;		   /* an acknowledgement and no more */
	bool hangs_up;		   /* the sender ends the session or the tunnel */
};

static void
put_name(struct heard *m, const char *name)
{
	size_t n = 0;

	for (; name[n] != '\0' && n + 1 < sizeof m->text; n++)
		m->text[n] = (char)toupper((unsigned char)name[n]);
	m->text[n] = '\0';
}

static void __attribute__((format(printf, 2, 3))) add(struct heard *m, const char *format, ...)
{
	const size_t n = strlen(m->text);
	va_list args;

	va_start(args, format);
	(void)vsnprintf(m->text + n, sizeof m->text - n, format, args);
	va_end(args);
}

/* `side` is "local" or "remote": whose ids the message assigns. */
static struct heard
l2tp_heard(struct ut_slice datagram, const char *side)
{
	struct heard m = { .text = "" };
	struct l2tp_header header;
	struct l2tp_message message = { .present = 0 };
	struct l2tp_fault fault;
	const char *name;

	if (l2tp_header_decode(datagram, &header, &fault) != L2TP_FAULT_NONE || !header.is_control)
		return m;
	/* A fault is told by the engine; up to there the message says what it is. */
	if (l2tp_message_decode(datagram, &header, NULL, &message, &fault) != L2TP_FAULT_NONE &&
	    message.type == L2TP_ZLB)
		return m;
	name = l2tp_message_name(message.type);
	m.is_bare = message.type == L2TP_ZLB;
	m.hangs_up = message.type == L2TP_STOPCCN || message.type == L2TP_CDN;
	put_name(&m, m.is_bare ? "ACK" : name != NULL ? name : "UNKNOWN");
	if ((message.type == L2TP_SCCRQ || message.type == L2TP_SCCRP) &&
	    (message.present & L2TP_HAS(ASSIGNED_TUNNEL_ID)) != 0)
		add(&m, " (%s_tunnel = %u)", side, message.assigned_tid.v);
	if ((message.type == L2TP_ICRQ || message.type == L2TP_ICRP) &&
	    (message.present & L2TP_HAS(ASSIGNED_SESSION_ID)) != 0)
		add(&m, " (%s_session = %u)", side, message.assigned_sid.v);
	if (message.type == L2TP_CDN && strcmp(side, "remote") == 0)
		add(&m, " (local_session = %u)", header.sid.v);
	return m;
}

static bool
has_call_id(enum pptp_message_type type)
{
	return type == PPTP_OCRQ || type == PPTP_OCRP || type == PPTP_ICRQ || type == PPTP_ICRP ||
	       type == PPTP_CCRQ || type == PPTP_CDN;
}

static struct heard
pptp_heard(const struct pptp_message *message, const char *side)
{
	const char *letters = pptp_message_letters(message->type);
	struct heard m = { .text = "" };

	m.hangs_up =
	    message->type == PPTP_STOPCCRQ || message->type == PPTP_CCRQ || message->type == PPTP_CDN;
	put_name(&m, letters != NULL ? letters : "UNKNOWN");
	if (has_call_id(message->type))
		add(&m, " (%s = %u)", side, message->call_id.v);
	return m;
}

/* The next one in `in` that there is something to tell of. */
static struct heard
pptp_next(struct pptp_stream *stream, struct ut_slice *in, const char *side)
{
	struct pptp_message message;
	struct pptp_fault fault;

	for (;;) {
		switch (pptp_stream_read(stream, in, &message, &fault)) {
		case PPTP_STREAM_MESSAGE:
			return pptp_heard(&message, side);
		case PPTP_STREAM_SKIPPED:
			break;
		case PPTP_STREAM_MORE:
		case PPTP_STREAM_LOST:
			return (struct heard){ .text = "" };
		}
	}
}

/* ---- what we send ---- */

static struct heard
sent(const struct ut_effect *e)
{
	struct pptp_stream fresh = { .offset = 0 };
	struct ut_slice octets = e->bytes;

	if (e->kind == UT_FX_SEND)
		return l2tp_heard(octets, "local");
	if (e->kind == UT_FX_SEND_STREAM)
		return pptp_next(&fresh, &octets, "local");
	return (struct heard){ .text = "" };
}

static bool
is_worth_telling(const struct heard *m)
{
	return m->text[0] != '\0' && !m->is_bare;
}

static bool
tell_sent(struct mtpd_log *log, const struct ut_effect *e, const char *before)
{
	const struct heard m = sent(e);

	if (!is_worth_telling(&m))
		return false;
	log->is_ending |= m.hangs_up;
	mtpd_log_line(log, 'D', "%s%sSending %s", before, before[0] != '\0' ? " -> " : "", m.text);
	return true;
}

/* The first message of a step is told as the answer to `before`; its place, or SIZE_MAX: there is none. */
static size_t
tell_answer(struct mtpd_log *log, const struct ut_effects *effects, const char *before)
{
	for (size_t i = 0; i < effects->n; i++)
		if (tell_sent(log, &effects->v[i], before))
			return i;
	mtpd_log_line(log, 'D', "%s", before);
	return SIZE_MAX;
}

/* A message that is sent again is told without its id. */
static size_t
tell_again(struct mtpd_log *log, const struct ut_effects *effects)
{
	for (size_t i = 0; i < effects->n; i++) {
		const struct heard m = sent(&effects->v[i]);

		if (!is_worth_telling(&m))
			continue;
		mtpd_log_line(log, 'D', "Timeout -> Sending %.*s", (int)strcspn(m.text, " "), m.text);
		return i;
	}
	return SIZE_MAX;
}

/* ---- what comes ---- */

static size_t
tell_received(struct mtpd_log *log, const struct heard *m, const struct ut_effects *effects)
{
	char before[sizeof "Received " + MESSAGE_OCTETS];
	const bool was_ending = log->is_ending;
	size_t answer;

	if (m->text[0] == '\0')
		return SIZE_MAX;
	(void)snprintf(before, sizeof before, "Received %s", m->text);
	answer = tell_answer(log, effects, before);
	if (m->hangs_up && !was_ending)
		mtpd_log_line(log, 'I', "Remote server hung up");
	return answer;
}

static size_t
tell_stream(struct mtpd_log *log, struct ut_slice octets, const struct ut_effects *effects)
{
	static const struct ut_effects nothing = { .n = 0 };
	size_t answer = SIZE_MAX;

	for (;;) {
		const struct heard m = pptp_next(&log->received, &octets, "remote");
		const size_t at = tell_received(log, &m, answer == SIZE_MAX ? effects : &nothing);

		if (m.text[0] == '\0')
			return answer;
		if (at != SIZE_MAX)
			answer = at;
	}
}

static bool
is_retransmission(const struct ut_effects *effects)
{
	for (size_t i = 0; i < effects->n; i++)
		if (effects->v[i].kind == UT_FX_REPORT && effects->v[i].report == UT_REPORT_RETRANSMIT)
			return true;
	return false;
}

static void
tell_closed(struct mtpd_log *log, int err)
{
	if (log->is_ending)
		return;
	if (err == 0)
		mtpd_log_line(log, 'D', "Connection closed");
	mtpd_log_line(log, 'I', "Remote server hung up");
}

/* The place of the effect that is told already, or SIZE_MAX. */
static size_t
tell_event(struct mtpd_log *log, const struct ut_event *event, const struct ut_effects *effects)
{
	struct heard m;

	if (event->kind == UT_EV_DATAGRAM) {
		m = l2tp_heard(event->bytes, "remote");
		return tell_received(log, &m, effects);
	}
	if (event->kind == UT_EV_STREAM)
		return tell_stream(log, ut_slice(event->bytes.p, effects->taken), effects);
	if (event->kind == UT_EV_STREAM_CLOSED)
		tell_closed(log, event->err);
	else if (event->kind == UT_EV_STOP)
		log->is_ending = true;
	else if (event->kind == UT_EV_PATH_OPENED && event->err == 0)
		mtpd_log_line(log, 'I', "Connection established");
	else if (is_retransmission(effects))
		return tell_again(log, effects);
	return SIZE_MAX;
}

/* ---- what we do ---- */

static void
tell_sockets(const struct mtpd_log *log)
{
	const char *driver = log->driver != NULL ? log->driver : "";

	if (strcmp(driver, "ol2tp") != 0) {
		if (strcmp(driver, "null") != 0)
			mtpd_log_line(log, 'I', "Creating PPPoX socket");
		return;
	}
	mtpd_log_line(log, 'I', "Creating PPPoX tunnel socket...");
	mtpd_log_line(log, 'I', "Connecting to tunnel socket...");
	mtpd_log_line(log, 'I', "Creating PPPoX session socket...");
	mtpd_log_line(log, 'I', "Connecting to session socket...");
}

static void
tell_effect(struct mtpd_log *log, const struct ut_effect *e)
{
	if (e->kind == UT_FX_REPORT && e->report == UT_REPORT_TUNNEL_UP)
		mtpd_log_line(log, 'I', "Tunnel established");
	else if (e->kind == UT_FX_REPORT && e->report == UT_REPORT_SESSION_UP)
		mtpd_log_line(log, 'I', "Session established");
	else if (e->kind == UT_FX_OPEN_SESSION)
		tell_sockets(log);
	else if (e->kind == UT_FX_START_PPP)
		mtpd_log_line(log, 'I', "Starting pppd");
	else if (log->pppd_pid != 0 && (e->kind == UT_FX_STOP_PPP || e->kind == UT_FX_KILL_PPP))
		mtpd_log_line(log, 'I', "Sending signal to pppd (pid = %" PRIu32 ")", log->pppd_pid);
	else
		(void)tell_sent(log, e, "");
}

void
mtpd_log_step(void *ctx, const struct ut_event *event, const struct ut_effects *effects)
{
	struct mtpd_log *log = ctx;
	const size_t told = tell_event(log, event, effects);

	for (size_t i = 0; i < effects->n; i++)
		if (i != told)
			tell_effect(log, &effects->v[i]);
}

/* ---- reports ---- */

static void
tell_pppd_ended(struct mtpd_log *log, struct ut_end end)
{
	const int status = ut_end_status(end);

	log->pppd_pid = 0;
	if (end.cause == UT_CAUSE_PPPD_KILLED)
		mtpd_log_line(log, 'I', "Pppd is terminated (signal = %d)", (int)end.code);
	else if (status >= PPPD_EXITED)
		mtpd_log_line(log, 'I', "Pppd is terminated (status = %d)", status - PPPD_EXITED);
}

void
mtpd_log_report(void *ctx, const struct host_report *report)
{
	struct mtpd_log *log = ctx;
	const char *text = report->text != NULL ? report->text : "";

	if (report->kind == HOST_DATA_PATH) {
		log->driver = text;
	} else if (report->kind == HOST_NOTE && report->number != 0) {
		log->pppd_pid = report->number;
		mtpd_log_line(log, 'I', "Pppd started (pid = %" PRIu32 ")", log->pppd_pid);
	} else if (report->kind == HOST_PPP_ENDED) {
		tell_pppd_ended(log, report->end);
	} else if (report->kind == HOST_WARNING) {
		mtpd_log_line(log, 'W', "%s", text);
	} else if (report->kind == HOST_ENDED && report->status != 0) {
		mtpd_log_line(log, report->end.cause == UT_CAUSE_USER ? 'I' : 'E', "%s", text);
	}
}

void
mtpd_log_end(const struct mtpd_log *log, int status)
{
	mtpd_log_line(log, 'I', "Mtpd is terminated (status = %d)", status);
}
