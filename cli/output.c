/* output.c - what the voices share
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/output.h"

#include <arpa/inet.h>

#include "cli/plain_text.h"

void
output_init(struct output *o, const struct output_ops *ops, enum output_level level, FILE *out, FILE *err)
{
	*o = (struct output){ .ops = ops, .out = out, .err = err, .level = level };
}

void
output_set_profiles(struct output *o, const struct profile *profiles, size_t n)
{
	o->profiles = profiles;
	o->profiles_n = n;
	for (size_t i = 0; i < n; i++)
		if (plain_text_width(profiles[i].name) > o->name_width)
			o->name_width = plain_text_width(profiles[i].name);
}

enum output_level
output_level_of(const struct host_report *report)
{
	switch (report->kind) {
	case HOST_TRACE:
		return OUTPUT_STEPS;
	case HOST_NOTE:
	case HOST_DATA_PATH:
	case HOST_DIALLING:
		return OUTPUT_NOTES;
	case HOST_ATTEMPT:
		return report->number > 1 ? OUTPUT_MILESTONES : OUTPUT_NOTES;
	case HOST_RESOLVED:
	case HOST_IPSEC:
	case HOST_TUNNEL_UP:
	case HOST_SESSION_UP:
	case HOST_PPP_UP:
	case HOST_ROUTE:
	case HOST_SESSION_ENDED:
	case HOST_TUNNEL_ENDED:
	case HOST_PPP_ENDED:
	case HOST_BACKOFF:
	case HOST_ENDED:
	case HOST_WARNING:
	case HOST_REPORT_N:
		break;
	}
	return OUTPUT_MILESTONES;
}

void
output_report(void *ctx, const struct host_report *report)
{
	struct output *o = ctx;

	if (output_level_of(report) > o->level)
		return;
	o->ops->report(o, report);
	(void)fflush(o->out);
}

void
output_address(const union kb_sockaddr *address, char *text, size_t cap, unsigned *port)
{
	const void *octets = &address->in.sin_addr;

	*port = 0;
	text[0] = '\0';
	if (address->sa.sa_family != AF_INET && address->sa.sa_family != AF_INET6)
		return;
	*port = ntohs(address->in.sin_port);
	if (address->sa.sa_family == AF_INET6) {
		octets = &address->in6.sin6_addr;
		*port = ntohs(address->in6.sin6_port);
	}
	(void)inet_ntop(address->sa.sa_family, octets, text, (socklen_t)cap);
}

void
output_step_words(const struct ut_trace *trace, struct output_step *out)
{
	const struct ut_machine *m = trace->machine;
	const struct ut_row *row = &m->rows[trace->row];

	*out = (struct output_step){ .machine = m->name,
				     .state = m->states[trace->state],
				     .event = m->events[trace->event],
				     .next = m->states[trace->next],
				     .source = row->source };
	if (row->question != 0)
		out->answer = m->questions[row->question].answers[trace->answer];
	while (out->actions_n < UT_ROW_ACTIONS && row->actions[out->actions_n] != 0) {
		out->actions[out->actions_n] = m->actions[row->actions[out->actions_n]];
		out->actions_n++;
	}
}

const char *
output_result_text(struct ut_end end)
{
	const enum pptp_message_type type = ut_end_pptp_message(end);

	if (end.scope == UT_END_STOPCCN_SENT || end.scope == UT_END_STOPCCN_RECEIVED)
		return l2tp_stopccn_result_name(end.result);
	if (end.scope == UT_END_CDN_SENT || end.scope == UT_END_CDN_RECEIVED)
		return l2tp_cdn_result_name(end.result);
	if (end.scope == UT_END_PPTP_CLOSED)
		return end.code == 0 ? "the TCP connection was closed" : "the TCP connection broke";
	if (end.scope == UT_END_PPTP_NO_REPLY)
		return "a request was not answered";
	if (end.scope == UT_END_PPTP_NO_ECHO)
		return "an Echo-Request was not answered";
	if (end.scope == UT_END_PPTP_OUT_OF_STEP)
		return "what came is not PPTP";
	return type != PPTP_MESSAGE_N && end.result != 0 ? pptp_result_name(type, end.result) : "";
}

const char *
output_error_text(struct ut_end end)
{
	if (end.scope == UT_END_NO_CODES || end.error == 0)
		return "";
	return ut_end_pptp_message(end) != PPTP_MESSAGE_N ? pptp_error_name(end.error)
							  : l2tp_error_name(end.error);
}

const char *
output_codes_from(struct ut_end end)
{
	static const char *const scopes[] = { [UT_END_NO_CODES] = NULL,
					      [UT_END_STOPCCN_SENT] = "StopCCN sent",
					      [UT_END_STOPCCN_RECEIVED] = "StopCCN received",
					      [UT_END_CDN_SENT] = "CDN sent",
					      [UT_END_CDN_RECEIVED] = "CDN received",
					      [UT_END_PPTP_SCCRP_SENT] = "SCCRP sent",
					      [UT_END_PPTP_SCCRP_RECEIVED] = "SCCRP received",
					      [UT_END_PPTP_STOPCCRQ_SENT] = "StopCCRQ sent",
					      [UT_END_PPTP_STOPCCRQ_RECEIVED] = "StopCCRQ received",
					      [UT_END_PPTP_OCRP_SENT] = "OCRP sent",
					      [UT_END_PPTP_OCRP_RECEIVED] = "OCRP received",
					      [UT_END_PPTP_ICRP_SENT] = "ICRP sent",
					      [UT_END_PPTP_ICRP_RECEIVED] = "ICRP received",
					      [UT_END_PPTP_CCRQ_SENT] = "CCRQ sent",
					      [UT_END_PPTP_CCRQ_RECEIVED] = "CCRQ received",
					      [UT_END_PPTP_CDN_SENT] = "CDN sent",
					      [UT_END_PPTP_CDN_RECEIVED] = "CDN received",
					      [UT_END_PPTP_CLOSED] = "TCP closed",
					      [UT_END_PPTP_NO_REPLY] = "no reply",
					      [UT_END_PPTP_NO_ECHO] = "no echo",
					      [UT_END_PPTP_OUT_OF_STEP] = "out of step" };

	return end.scope < sizeof scopes / sizeof scopes[0] ? scopes[end.scope] : NULL;
}
