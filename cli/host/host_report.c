/* host_report.c - what people are told, and a profile's end
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/host/host_state.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static struct ut_time
now_of(const struct host_profile *p)
{
	return p->host->io.ops->now(p->host->io.self);
}

static void
tell(struct host_profile *p, struct ut_time when, struct host_report *report)
{
	struct host *h = p->host;

	if (p->is_ended) /* it has had its last word */
		return;
	report->now = when;
	report->since_start_us = report->now.us - p->attempt_us;
	report->profile = p->index;
	report->profile_name = p->config.name;
	report->protocol = p->config.protocol;
	if (h->config.report != NULL)
		h->config.report(h->config.report_ctx, report);
}

void
host_report_soon(struct host_profile *p, enum host_report_kind kind)
{
	assert((unsigned)kind < HOST_SOON_KINDS);
	p->to_tell |= 1u << kind;
	p->to_tell_us[kind] = now_of(p).us;
	host_list_add(&p->host->catch_up, &p->catch_up);
}

static void
tell_waiting(struct host_profile *p, enum host_report_kind kind)
{
	struct host_report report = { .kind = kind, .address = p->server };

	if (kind == HOST_DATA_PATH)
		report.text = p->driver->name;
	tell(p, (struct ut_time){ .us = p->to_tell_us[kind] }, &report);
}

void
host_report_now(struct host_profile *p)
{
	const unsigned kinds = p->to_tell;

	p->to_tell = 0;
	for (unsigned kind = 0; kind < HOST_SOON_KINDS; kind++)
		if ((kinds >> kind & 1) != 0)
			tell_waiting(p, (enum host_report_kind)kind);
}

void
host_report(struct host_profile *p, struct host_report *report)
{
	host_report_now(p);
	tell(p, now_of(p), report);
}

static void __attribute__((format(printf, 3, 0)))
report_text(struct host_profile *p, enum host_report_kind kind, const char *format, va_list args)
{
	char text[512];

	vsnprintf(text, sizeof text, format, args);
	host_report(p, &(struct host_report){ .kind = kind, .text = text });
}

void
host_note(struct host_profile *p, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	report_text(p, HOST_NOTE, format, args);
	va_end(args);
}

void
host_warn(struct host_profile *p, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	report_text(p, HOST_WARNING, format, args);
	va_end(args);
}

void
host_blame(struct host_profile *p, const struct kb_error *why)
{
	p->why = *why;
}

/* The peer's octets as one line of a terminal: nothing that moves a cursor. */
static void
print_peer_text(struct ut_slice octets, char *out, size_t cap)
{
	const size_t n = octets.n < cap - 1 ? octets.n : cap - 1;

	for (size_t i = 0; i < n; i++)
		out[i] = (char)(octets.p[i] >= 0x20 && octets.p[i] < 0x7f ? octets.p[i] : '?');
	out[n] = '\0';
}

/* ---- the engine's reports ---- */

static void
begin_attempt(struct host_profile *p, const struct ut_effect *e)
{
	p->attempt_us = p->host->io.ops->now(p->host->io.self).us;
	p->has_dialled = false;
	p->was_ppp_up = p->was_ppp_heard = false;
	p->mppe_end = KB_MPPE_END_N;
	p->session_us = 0;
	p->transmissions = 0;
	p->icmp_err = 0;
	p->why = (struct kb_error){ 0 };
	p->peer_text[0] = '\0';
	p->address_gone_us = 0;
	p->attempt = e->number;
	p->dialled_us = p->tunnel_us = p->next_attempt_us = 0;
	host_report(p, &(struct host_report){ .kind = HOST_ATTEMPT, .number = e->number });
}

static void
tell_dialling(struct host_profile *p)
{
	p->has_dialled = true;
	p->transmissions = 1;
	p->dialled_us = p->first_send_us = p->host->io.ops->now(p->host->io.self).us;
	host_report_soon(p, HOST_DIALLING);
}

/* For host_status(). */
static void
note_tunnel(struct host_profile *p, const struct ut_effect *e, enum host_report_kind kind)
{
	const bool is_up = kind == HOST_TUNNEL_UP;

	p->tunnel = is_up ? e->ref : HOST_NO_REF;
	p->local_tid = is_up ? e->local_tid.v : 0;
	p->peer_tid = is_up ? e->peer_tid.v : 0;
	p->tunnel_us = is_up ? p->host->io.ops->now(p->host->io.self).us : 0;
}

static void
note_session(struct host_link *l, const struct ut_effect *e, enum host_report_kind kind)
{
	const bool is_up = kind == HOST_SESSION_UP;

	l->local_sid = is_up ? e->local_sid.v : 0;
	l->peer_sid = is_up ? e->peer_sid.v : 0;
	l->session_us = is_up ? l->host->io.ops->now(l->host->io.self).us : 0;
}

static void
tell_tunnel(struct host_profile *p, const struct ut_effect *e, enum host_report_kind kind)
{
	char text[160];

	print_peer_text(e->bytes, text, sizeof text);
	note_tunnel(p, e, kind);
	if (kind == HOST_TUNNEL_UP)
		p->was_tunnel_up = true;
	else if (text[0] != '\0')
		snprintf(p->peer_text, sizeof p->peer_text, "%s", text);
	host_report(p, &(struct host_report){ .kind = kind,
					      .local_tid = e->local_tid.v,
					      .peer_tid = e->peer_tid.v,
					      .address = p->server,
					      .end = e->end,
					      .text = text });
}

static void
tell_session(struct host_profile *p, const struct ut_effect *e, enum host_report_kind kind)
{
	struct host *h = p->host;
	struct host_link *l = host_link_of(h, e->link);
	char text[160];
	struct host_report report = {
		.kind = kind,
		.session = l != NULL ? l->number : 0,
		.local_tid = e->local_tid.v,
		.peer_tid = e->peer_tid.v,
		.local_sid = e->local_sid.v,
		.peer_sid = e->peer_sid.v,
		.end = e->end,
		.text = text,
	};

	print_peer_text(e->bytes, text, sizeof text);
	if (l != NULL)
		note_session(l, e, kind);
	if (kind == HOST_SESSION_UP)
		p->session_us = h->io.ops->now(h->io.self).us;
	if (kind == HOST_SESSION_ENDED && e->ref.index < host_n_sessions(h)) {
		struct host_session *s = &h->sessions[e->ref.index];

		p->failed_link = report.session;
		if (text[0] != '\0')
			snprintf(p->peer_text, sizeof p->peer_text, "%s", text);
		if (host_ref_is_same(s->ref, e->ref)) {
			host_session_read_stats(h, s);
			report.tx_octets = s->stats.tx_octets;
			report.rx_octets = s->stats.rx_octets;
		}
	}
	host_report(p, &report);
}

static void
tell_backoff(struct host_profile *p, const struct ut_effect *e)
{
	p->next_attempt_us = p->host->io.ops->now(p->host->io.self).us + (uint64_t)e->number * 1000;
	p->last_end = e->end;
	host_report(p, &(struct host_report){ .kind = HOST_BACKOFF, .number = e->number, .end = e->end });
}

static void
tell_retransmission(struct host_profile *p, const struct ut_effect *e)
{
	char text[64];

	if (e->number > p->transmissions || p->was_tunnel_up)
		p->transmissions = e->number;
	if (e->number == 2)
		p->first_send_us = p->host->io.ops->now(p->host->io.self).us - 1000000;
	(void)snprintf(text, sizeof text, "no answer yet: transmission %u", e->number);
	host_report(p, &(struct host_report){ .kind = HOST_NOTE, .transmission = e->number, .text = text });
}

static void
tell_l2tp_fault(struct host_profile *p, const struct ut_effect *e)
{
	const char *avp = l2tp_avp_name(e->fault.avp);

	host_note(p, "a message from the server could not be read: %s at octet %u%s%s%s",
		  l2tp_fault_sentence(e->fault.reason), e->fault.offset, avp != NULL ? " (" : "",
		  avp != NULL ? avp : "", avp != NULL ? ")" : "");
}

static void
tell_pptp_fault(struct host_profile *p, const struct ut_effect *e)
{
	const char *name = pptp_message_name(e->pptp_fault.number);

	host_note(p, "a message from the server could not be read: %s at octet %llu of the stream%s%s%s",
		  pptp_fault_sentence(e->pptp_fault.reason), (unsigned long long)e->pptp_fault.offset,
		  name != NULL ? " (" : "", name != NULL ? name : "", name != NULL ? ")" : "");
}

static void
tell_fault(struct host_profile *p, const struct ut_effect *e)
{
	if (p->config.protocol == PROFILE_PPTP)
		tell_pptp_fault(p, e);
	else
		tell_l2tp_fault(p, e);
}

static void
tell_wan_errors(struct host_profile *p, const struct ut_effect *e)
{
	const uint32_t *n = e->call_errors;

	host_note(p,
		  "the server counts errors on its line: %u CRC, %u framing, %u hardware overruns, %u buffer "
		  "overruns, %u time-outs, %u alignment",
		  n[0], n[1], n[2], n[3], n[4], n[5]);
}

static void
tell_ended(struct host_profile *p, struct ut_end end)
{
	char text[HOST_SENTENCE_OCTETS];
	struct host_report report = {
		.kind = HOST_ENDED, .end = end, .status = ut_end_status(end), .text = text
	};

	host_end_sentence(p, end, text);
	host_profile_undo(p);
	host_report(p, &report);
	p->is_ended = true;
	host_list_add(&p->host->ended, &p->ended);
}

static struct host_profile *
profile_of(struct host *h, const struct ut_effect *e)
{
	const struct host_link *l;

	switch (e->report) {
	case UT_REPORT_ATTEMPT:
	case UT_REPORT_RESOLVED:
	case UT_REPORT_DIALLING:
	case UT_REPORT_BACKOFF:
	case UT_REPORT_ENDED:
		return host_profile_of_client(h, e->ref);
	case UT_REPORT_TUNNEL_UP:
	case UT_REPORT_TUNNEL_ENDED:
	case UT_REPORT_FAULT:
	case UT_REPORT_REFUSED:
	case UT_REPORT_RETRANSMIT:
	case UT_REPORT_COLLISION:
		return host_profile_of_client(h, e->client);
	case UT_REPORT_SESSION_UP:
	case UT_REPORT_SESSION_ENDED:
	case UT_REPORT_LINK_INFO:
	case UT_REPORT_WAN_ERRORS:
		l = host_link_of(h, e->link);
		return l != NULL ? l->profile : NULL;
	case UT_REPORT_LINK_ENDED:
		l = host_link_of(h, e->ref);
		return l != NULL ? l->profile : NULL;
	case UT_REPORT_N:
		break;
	}
	return NULL;
}

void
host_engine_report(struct host *h, const struct ut_effect *e)
{
	struct host_profile *p = profile_of(h, e);

	if (p == NULL)
		return;
	switch (e->report) {
	case UT_REPORT_ATTEMPT:
		begin_attempt(p, e);
		break;
	case UT_REPORT_RESOLVED:
		host_report_soon(p, HOST_RESOLVED);
		break;
	case UT_REPORT_DIALLING:
		tell_dialling(p);
		break;
	case UT_REPORT_TUNNEL_UP:
		tell_tunnel(p, e, HOST_TUNNEL_UP);
		break;
	case UT_REPORT_TUNNEL_ENDED:
		tell_tunnel(p, e, HOST_TUNNEL_ENDED);
		break;
	case UT_REPORT_SESSION_UP:
		tell_session(p, e, HOST_SESSION_UP);
		break;
	case UT_REPORT_SESSION_ENDED:
		tell_session(p, e, HOST_SESSION_ENDED);
		break;
	case UT_REPORT_LINK_ENDED:
		host_note(p, "session ended: %s", ut_cause_name(e->end.cause));
		break;
	case UT_REPORT_BACKOFF:
		tell_backoff(p, e);
		break;
	case UT_REPORT_ENDED:
		tell_ended(p, e->end);
		break;
	case UT_REPORT_FAULT:
		tell_fault(p, e);
		break;
	case UT_REPORT_REFUSED:
		host_note(p, "no %s left", ut_pool_name(e->number));
		break;
	case UT_REPORT_RETRANSMIT:
		tell_retransmission(p, e);
		break;
	case UT_REPORT_LINK_INFO:
		host_note(p, "the server's Set-Link-Info (ACCM 0x%08x to send, 0x%08x to receive) is ignored",
			  e->accm.send, e->accm.receive);
		break;
	case UT_REPORT_WAN_ERRORS:
		tell_wan_errors(p, e);
		break;
	case UT_REPORT_COLLISION:
		host_note(p, "both ends opened a control connection at once: %s stays",
			  e->number == 1 ? "ours" : "theirs");
		break;
	case UT_REPORT_N:
		break;
	}
}

void
host_engine_trace(struct host *h, const struct ut_effect *e)
{
	struct host_profile *p = host_profile_of_client(h, e->client);
	const struct host_link *l = host_link_of(h, e->link);
	struct host_report report = { .kind = HOST_TRACE, .trace = &e->trace };

	if (!h->config.trace || p == NULL)
		return;
	report.has_session = l != NULL;
	report.session = l != NULL ? l->number : 0;
	host_report(p, &report);
}
