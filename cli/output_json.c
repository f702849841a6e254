/* output_json.c - reports as JSON objects, one a line
 * SPDX-License-Identifier: Apache-2.0
 *
 * Two tables - the members there are, and the members of each event - write the objects and their
 * description in docs/json.md.
 */
#include "cli/output.h"

#include <arpa/inet.h>

#include "cli/json.h"

/* ---- members ---- */

typedef void write_fn(struct json *j, const char *name, const struct host_report *r);

static void
write_profile(struct json *j, const char *name, const struct host_report *r)
{
	json_text(j, name, r->profile_name);
}

static void
write_profile_index(struct json *j, const char *name, const struct host_report *r)
{
	json_number(j, name, r->profile);
}

static void
write_since_start(struct json *j, const char *name, const struct host_report *r)
{
	json_number(j, name, r->since_start_us);
}

static void
write_monotonic(struct json *j, const char *name, const struct host_report *r)
{
	json_number(j, name, r->now.us);
}

static void
write_number(struct json *j, const char *name, const struct host_report *r)
{
	json_number(j, name, r->number);
}

static void
write_text(struct json *j, const char *name, const struct host_report *r)
{
	json_text(j, name, r->text != NULL ? r->text : "");
}

static void
write_address(struct json *j, const char *name, const struct host_report *r)
{
	char text[INET6_ADDRSTRLEN];
	unsigned port;

	output_address(&r->address, text, sizeof text, &port);
	json_text(j, name, text);
}

static void
write_port(struct json *j, const char *name, const struct host_report *r)
{
	char text[INET6_ADDRSTRLEN];
	unsigned port;

	output_address(&r->address, text, sizeof text, &port);
	json_number(j, name, port);
}

static void
write_protocol(struct json *j, const char *name, const struct host_report *r)
{
	json_text(j, name, r->protocol == PROFILE_PPTP ? "pptp" : "l2tp");
}

/* PPTP has no tunnel ids. */
static void
write_tid(struct json *j, const char *name, const struct host_report *r, uint16_t tid)
{
	if (r->protocol == PROFILE_PPTP)
		json_text(j, name, NULL);
	else
		json_number(j, name, tid);
}

static void
write_local_tid(struct json *j, const char *name, const struct host_report *r)
{
	write_tid(j, name, r, r->local_tid);
}

static void
write_peer_tid(struct json *j, const char *name, const struct host_report *r)
{
	write_tid(j, name, r, r->peer_tid);
}

static void
write_local_sid(struct json *j, const char *name, const struct host_report *r)
{
	json_number(j, name, r->local_sid);
}

static void
write_peer_sid(struct json *j, const char *name, const struct host_report *r)
{
	json_number(j, name, r->peer_sid);
}

static void
write_session(struct json *j, const char *name, const struct host_report *r)
{
	json_number(j, name, r->session);
}

static void
write_interface(struct json *j, const char *name, const struct host_report *r)
{
	json_text(j, name, r->interface);
}

static void
write_local(struct json *j, const char *name, const struct host_report *r)
{
	json_text(j, name, r->local);
}

static void
write_remote(struct json *j, const char *name, const struct host_report *r)
{
	json_text(j, name, r->remote);
}

static void
write_dns(struct json *j, const char *name, const struct host_report *r)
{
	const char *servers[2];
	size_t n = 0;

	for (size_t i = 0; i < 2; i++)
		if (r->dns[i][0] != '\0')
			servers[n++] = r->dns[i];
	json_texts(j, name, servers, n);
}

static void
write_mtu(struct json *j, const char *name, const struct host_report *r)
{
	json_number(j, name, r->mtu);
}

static void
write_mppe(struct json *j, const char *name, const struct host_report *r)
{
	if (r->has_mppe)
		json_number(j, name, r->mppe_bits);
	else
		json_text(j, name, NULL);
}

static void
write_is_added(struct json *j, const char *name, const struct host_report *r)
{
	json_bool(j, name, r->number != 0);
}

static void
write_cause(struct json *j, const char *name, const struct host_report *r)
{
	json_text(j, name, ut_cause_name((enum ut_cause)r->end.cause));
}

static void
write_codes_from(struct json *j, const char *name, const struct host_report *r)
{
	json_text(j, name, output_codes_from(r->end));
}

static void
write_result(struct json *j, const char *name, const struct host_report *r)
{
	json_number(j, name, r->end.result);
}

static void
write_result_text(struct json *j, const char *name, const struct host_report *r)
{
	json_text(j, name, output_result_text(r->end));
}

static void
write_error(struct json *j, const char *name, const struct host_report *r)
{
	json_number(j, name, r->end.error);
}

static void
write_error_text(struct json *j, const char *name, const struct host_report *r)
{
	json_text(j, name, output_error_text(r->end));
}

static void
write_code(struct json *j, const char *name, const struct host_report *r)
{
	json_integer(j, name, r->end.code);
}

static void
write_tx_octets(struct json *j, const char *name, const struct host_report *r)
{
	json_number(j, name, r->tx_octets);
}

static void
write_rx_octets(struct json *j, const char *name, const struct host_report *r)
{
	json_number(j, name, r->rx_octets);
}

static void
write_status(struct json *j, const char *name, const struct host_report *r)
{
	json_integer(j, name, r->status);
}

static void
write_machine(struct json *j, const char *name, const struct host_report *r)
{
	json_text(j, name, r->trace->machine->name);
}

static void
write_instance(struct json *j, const char *name, const struct host_report *r)
{
	json_number(j, name, r->trace->ref.index);
}

static void
write_state(struct json *j, const char *name, const struct host_report *r)
{
	struct output_step step;

	output_step_words(r->trace, &step);
	json_text(j, name, step.state);
}

static void
write_input(struct json *j, const char *name, const struct host_report *r)
{
	struct output_step step;

	output_step_words(r->trace, &step);
	json_text(j, name, step.event);
}

static void
write_answer(struct json *j, const char *name, const struct host_report *r)
{
	struct output_step step;

	output_step_words(r->trace, &step);
	json_text(j, name, step.answer);
}

static void
write_actions(struct json *j, const char *name, const struct host_report *r)
{
	struct output_step step;

	output_step_words(r->trace, &step);
	json_texts(j, name, step.actions, step.actions_n);
}

static void
write_next(struct json *j, const char *name, const struct host_report *r)
{
	struct output_step step;

	output_step_words(r->trace, &step);
	json_text(j, name, step.next);
}

static void
write_source(struct json *j, const char *name, const struct host_report *r)
{
	struct output_step step;

	output_step_words(r->trace, &step);
	json_text(j, name, step.source);
}

/* clang-format off */
enum member {
	NO_MORE, /* ends a list */
	PROFILE_NAME, PROFILE_INDEX, SINCE_START, MONOTONIC,
	NUMBER, TEXT, DRIVER, ADDRESS, PORT, PEER_NAME, LOCAL_TID, PEER_TID, LOCAL_SID, PEER_SID,
	SESSION, INTERFACE, LOCAL, REMOTE, DNS, MTU, MPPE, PROTOCOL, ROUTE, IS_ADDED,
	CAUSE, CODES_FROM, RESULT, RESULT_TEXT, ERROR, ERROR_TEXT, CODE, PEER_TEXT, TX_OCTETS, RX_OCTETS,
	DELAY, STATUS,
	MACHINE, INSTANCE, STATE, INPUT, ANSWER, ACTIONS, NEXT, SOURCE,
	MEMBER_N
};

static const struct {
	const char *name, *type, *text; /* unit in the text */
	write_fn *write;
} members[MEMBER_N] = {
[PROFILE_NAME]  = { "profile",        "string",  "name of the profile", write_profile },
[PROFILE_INDEX] = { "profile_index",  "number",  "its place on the command line, from 0", write_profile_index },
[SINCE_START]   = { "since_start_us", "number",  "microseconds since this attempt began", write_since_start },
[MONOTONIC]     = { "monotonic_us",   "number",  "microseconds of the system's monotonic clock", write_monotonic },
[NUMBER]        = { "number",         "number",  "which attempt this is, from 1", write_number },
[TEXT]          = { "text",           "string",  "one sentence for people", write_text },
[DRIVER]        = { "driver",         "string",  "name of the driver", write_text },
[ADDRESS]       = { "address",        "string",  "IPv4 or IPv6 address of the server", write_address },
[PORT]          = { "port",           "number",  "its port, of UDP with L2TP and of TCP with PPTP", write_port },
[PEER_NAME]     = { "peer_name",      "string",  "the host name that the server gave itself", write_text },
[LOCAL_TID]     = { "local_tid",      "number or null",  "tunnel id, ours, host order; null: PPTP has none", write_local_tid },
[PEER_TID]      = { "peer_tid",       "number or null",  "tunnel id, the server's, host order; null: PPTP has none", write_peer_tid },
[LOCAL_SID]     = { "local_sid",      "number",  "session id (PPTP: call id), ours, host order", write_local_sid },
[PEER_SID]      = { "peer_sid",       "number",  "session id (PPTP: call id), the server's, host order", write_peer_sid },
[SESSION]       = { "session",        "number",  "which session of the profile, from 0", write_session },
[INTERFACE]     = { "interface",      "string",  "name of the ppp interface", write_interface },
[LOCAL]         = { "local",          "string",  "our address on it; empty where there is none", write_local },
[REMOTE]        = { "remote",         "string",  "the server's address on it; empty where there is none", write_remote },
[DNS]           = { "dns",            "array of strings", "addresses of the DNS servers it named, at most 2", write_dns },
[MTU]           = { "mtu",            "number",  "largest packet sent, in octets", write_mtu },
[MPPE]          = { "mppe_bits",      "number or null", "length of MPPE's key, 40, 56 or 128; 0: not encrypted by PPP; null: not known", write_mppe },
[PROTOCOL]      = { "protocol",       "string",  "\"l2tp\" or \"pptp\"", write_protocol },
[ROUTE]         = { "route",          "string",  "where it leads and through what", write_text },
[IS_ADDED]      = { "is_added",       "boolean", "true: added; false: removed", write_is_added },
[CAUSE]         = { "cause",          "string",  "why; the words of the exit statuses in uptun(8)", write_cause },
[CODES_FROM]    = { "codes_from",     "string or null", "where result and error come from: a message and a direction, as in \"StopCCN sent\", \"CDN received\", \"OCRP received\"; or how PPTP's connection ended without one: \"TCP closed\", \"no reply\", \"no echo\", \"out of step\"", write_codes_from },
[RESULT]        = { "result",         "number",  "Result Code of that message; 0: none", write_result },
[RESULT_TEXT]   = { "result_text",    "string",  "what it means; empty where there is none", write_result_text },
[ERROR]         = { "error",          "number",  "Error Code of that message; 0: none", write_error },
[ERROR_TEXT]    = { "error_text",     "string",  "what it means; empty where there is none", write_error_text },
[CODE]          = { "code",           "number",  "exit status or signal of pppd, or an errno; 0: none", write_code },
[PEER_TEXT]     = { "peer_text",      "string",  "the other end's own words; empty where there are none", write_text },
[TX_OCTETS]     = { "tx_octets",      "number",  "octets sent by the session", write_tx_octets },
[RX_OCTETS]     = { "rx_octets",      "number",  "octets received by the session", write_rx_octets },
[DELAY]         = { "delay_ms",       "number",  "milliseconds until the next attempt", write_number },
[STATUS]        = { "status",         "number",  "exit status that this end stands for", write_status },
[MACHINE]       = { "machine",        "string",  "name of the state machine", write_machine },
[INSTANCE]      = { "instance",       "number",  "which of its kind", write_instance },
[STATE]         = { "state",          "string",  "the state it was in", write_state },
[INPUT]         = { "input",          "string",  "what came", write_input },
[ANSWER]        = { "answer",         "string or null", "the answer to the row's question; null: nothing was asked", write_answer },
[ACTIONS]       = { "actions",        "array of strings", "what was done, in order", write_actions },
[NEXT]          = { "next",           "string",  "the state it is in now", write_next },
[SOURCE]        = { "source",         "string",  "where the row stands in its RFC, or why it is there", write_source },
};

static const enum member common[] = { PROFILE_NAME, PROFILE_INDEX, SINCE_START, MONOTONIC, NO_MORE };

enum { MEMBERS_MAX = 16 };

#define END CAUSE, CODES_FROM, RESULT, RESULT_TEXT, ERROR, ERROR_TEXT, CODE
static const struct {
	const char *name, *text;
	enum member members[MEMBERS_MAX];
} events[HOST_REPORT_N] = {
[HOST_ATTEMPT]       = { "attempt",       "An attempt begins.  With -v also the first.", { NUMBER } },
[HOST_RESOLVED]      = { "resolved",      "The server's address is known.", { PROTOCOL, ADDRESS, PORT } },
[HOST_DATA_PATH]     = { "data_path",     "A driver that works was found.  With -v.", { DRIVER } },
[HOST_IPSEC]         = { "ipsec",         "How IPsec protects the way to the server, what is waited for, or why it does not protect it.", { TEXT } },
[HOST_DIALLING]      = { "dialling",      "The first message to the server is sent.  With -v.", { NO_MORE } },
[HOST_TUNNEL_UP]     = { "tunnel_up",     "The control connection is established.", { PEER_NAME, LOCAL_TID, PEER_TID } },
[HOST_SESSION_UP]    = { "session_up",    "A session is established.", { SESSION, LOCAL_TID, PEER_TID, LOCAL_SID, PEER_SID } },
[HOST_PPP_UP]        = { "ppp_up",        "A ppp interface can be used.", { SESSION, INTERFACE, LOCAL, REMOTE, DNS, MTU, MPPE } },
[HOST_ROUTE]         = { "route",         "A route was added or removed.", { ROUTE, IS_ADDED } },
[HOST_SESSION_ENDED] = { "session_ended", "A session is gone.", { SESSION, END, PEER_TEXT, TX_OCTETS, RX_OCTETS } },
[HOST_TUNNEL_ENDED]  = { "tunnel_ended",  "The control connection is gone.", { END, PEER_TEXT } },
[HOST_PPP_ENDED]     = { "ppp_ended",     "pppd of a session has ended.", { SESSION, END, PEER_TEXT, TX_OCTETS, RX_OCTETS } },
[HOST_BACKOFF]       = { "backoff",       "An attempt has ended and another one will be made.", { DELAY, END } },
[HOST_ENDED]         = { "ended",         "The profile has ended for good: its last object.", { STATUS, END, TEXT } },
[HOST_WARNING]       = { "warning",       "What was asked for and could not be done, or what a session lacks; the tunnel stands without it.", { TEXT } },
[HOST_NOTE]          = { "note",          "Something worth knowing.  With -v.", { TEXT } },
[HOST_TRACE]         = { "step",          "A step of a state machine.  With -vv.", { MACHINE, INSTANCE, STATE, INPUT, ANSWER, ACTIONS, NEXT, SOURCE } },
};
#undef END
/* clang-format on */

/* ---- writing ---- */

static void
write_members(struct json *j, const enum member *list, const struct host_report *r)
{
	for (; *list != NO_MORE; list++)
		members[*list].write(j, members[*list].name, r);
}

static void
json_report(struct output *o, const struct host_report *r)
{
	struct json j;

	json_open(&j, o->out);
	json_text(&j, "event", events[r->kind].name);
	write_members(&j, common, r);
	write_members(&j, events[r->kind].members, r);
	json_close(&j);
}

const struct output_ops output_json = { .report = json_report };

/* ---- describing ---- */

static void
describe_members(FILE *out, const enum member *list)
{
	(void)fprintf(out, "| member | type | what |\n|---|---|---|\n");
	for (; *list != NO_MORE; list++)
		(void)fprintf(out, "| `%s` | %s | %s |\n", members[*list].name, members[*list].type,
			      members[*list].text);
}

void
output_json_describe(FILE *out)
{
	(void)fprintf(out, "## Every object\n\nFirst `event`, a string: one of the names below.  Then:\n\n");
	describe_members(out, common);
	for (size_t i = 0; i < HOST_REPORT_N; i++) {
		(void)fprintf(out, "\n## %s\n\n%s\n", events[i].name, events[i].text);
		if (events[i].members[0] == NO_MORE)
			continue;
		(void)fputc('\n', out);
		describe_members(out, events[i].members);
	}
}
