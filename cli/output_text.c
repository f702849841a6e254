/* output_text.c - reports as aligned lines for people
 * SPDX-License-Identifier: Apache-2.0
 *
 * One line: profile, what, the particulars, the time since the attempt began.
 */
#include "cli/output.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/plain_text.h"

enum {
	WHAT_WIDTH = 12,
	PARTICULARS_AND_TIME_WIDTH = 70,
	GAP_WIDTH = 2, /* at least, between the two */
	PARTICULARS_OCTETS = 1024,
	TIME_OCTETS = 32
};

enum colour { PLAIN, GOOD, BAD, FAINT, COLOUR_N };

static const char *const colours[COLOUR_N] = {
	[PLAIN] = "", [GOOD] = "\033[32m", [BAD] = "\033[33m", [FAINT] = "\033[2m"
};

/* A word for the second column, and how it is shown. */
static const struct {
	const char *word;
	enum colour colour;
} heads[HOST_REPORT_N] = {
	[HOST_ATTEMPT] = { "attempt", PLAIN },	   [HOST_RESOLVED] = { "resolved", PLAIN },
	[HOST_DATA_PATH] = { "data path", PLAIN }, [HOST_DIALLING] = { "dialling", PLAIN },
	[HOST_TUNNEL_UP] = { "tunnel", GOOD },	   [HOST_SESSION_UP] = { "session", GOOD },
	[HOST_PPP_UP] = { "ppp", GOOD },	   [HOST_ROUTE] = { "route", PLAIN },
	[HOST_SESSION_ENDED] = { "session", BAD }, [HOST_TUNNEL_ENDED] = { "tunnel", BAD },
	[HOST_PPP_ENDED] = { "ppp", BAD },	   [HOST_BACKOFF] = { "waiting", BAD },
	[HOST_ENDED] = { "ended", BAD },	   [HOST_NOTE] = { "note", FAINT },
	[HOST_TRACE] = { "step", FAINT },	   [HOST_IPSEC] = { "ipsec", PLAIN },
	[HOST_WARNING] = { "warning", BAD },
};

/* ---- small texts ---- */

void
output_duration(uint64_t us, char *out, size_t cap)
{
	const uint64_t ms = us / 1000, s = ms / 1000;

	if (ms < 10000)
		(void)snprintf(out, cap, "%" PRIu64 " ms", ms);
	else if (s < 60)
		(void)snprintf(out, cap, "%" PRIu64 ".%" PRIu64 " s", s, ms % 1000 / 100);
	else if (s < 3600)
		(void)snprintf(out, cap, "%" PRIu64 " min %" PRIu64 " s", s / 60, s % 60);
	else
		(void)snprintf(out, cap, "%" PRIu64 " h %" PRIu64 " min", s / 3600, s / 60 % 60);
}

void
output_octets(uint64_t n, char *out, size_t cap)
{
	static const char *const units[] = { "kB", "MB", "GB", "TB" };
	uint64_t tenths = n / 100;
	size_t unit = 0;

	if (n < 1000) {
		(void)snprintf(out, cap, "%" PRIu64 " octets", n);
		return;
	}
	for (; tenths >= 10000 && unit + 1 < sizeof units / sizeof units[0]; unit++)
		tenths /= 1000;
	(void)snprintf(out, cap, "%" PRIu64 ".%" PRIu64 " %s", tenths / 10, tenths % 10, units[unit]);
}

/* ---- a text that grows and is cut off when full ---- */

struct text {
	char at[PARTICULARS_OCTETS];
	size_t n;
};

static void __attribute__((format(printf, 2, 3))) add(struct text *t, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(t->at + t->n, sizeof t->at - t->n, format, args);
	va_end(args);
	if (n > 0)
		t->n = t->n + (size_t)n < sizeof t->at ? t->n + (size_t)n : sizeof t->at - 1;
}

static void
add_end(struct text *t, const struct host_report *r)
{
	const char *result = output_result_text(r->end), *error = output_error_text(r->end);

	add(t, "ended: %s", ut_cause_name((enum ut_cause)r->end.cause));
	if (result[0] != '\0')
		add(t, ", %s", result);
	if (error[0] != '\0')
		add(t, ", %s", error);
	if (r->text != NULL && r->text[0] != '\0')
		add(t, ": \"%s\"", r->text);
}

static void
add_carried(struct text *t, const struct host_report *r)
{
	char sent[TIME_OCTETS], received[TIME_OCTETS];

	if (r->tx_octets == 0 && r->rx_octets == 0)
		return;
	output_octets(r->tx_octets, sent, sizeof sent);
	output_octets(r->rx_octets, received, sizeof received);
	add(t, "; sent %s, received %s", sent, received);
}

/* Sessions are counted for people where there are several. */
static void
add_session(struct text *t, const struct output *o, const struct host_report *r)
{
	if (r->profile < o->profiles_n && o->profiles[r->profile].sessions_n > 1)
		add(t, "%u of %u ", r->session + 1, o->profiles[r->profile].sessions_n);
}

static void
add_ppp(struct text *t, const struct host_report *r)
{
	add(t, "up on %s", r->interface);
	if (r->local[0] != '\0')
		add(t, ": %s -> %s", r->local, r->remote);
	add(t, ", MTU %u", r->mtu);
	if (r->has_mppe && r->mppe_bits != 0)
		add(t, ", MPPE %u", r->mppe_bits);
	else if (r->has_mppe && r->protocol == PROFILE_PPTP)
		add(t, ", not encrypted");
	if (r->dns[0][0] != '\0')
		add(t, ", DNS %s", r->dns[0]);
	if (r->dns[1][0] != '\0' && strcmp(r->dns[0], r->dns[1]) != 0) /* one alone is often told twice */
		add(t, " %s", r->dns[1]);
}

static void
add_tunnel(struct text *t, const struct host_report *r)
{
	add(t, "up, with \"%s\"", r->text != NULL ? r->text : "");
	if (r->protocol != PROFILE_PPTP)
		add(t, " (tunnel %u/%u)", r->local_tid, r->peer_tid);
}

static void
add_resolved(struct text *t, const struct output *o, const struct host_report *r)
{
	char address[INET6_ADDRSTRLEN];
	unsigned port;

	output_address(&r->address, address, sizeof address, &port);
	if (r->profile < o->profiles_n && strcmp(o->profiles[r->profile].server, address) != 0)
		add(t, "%s -> ", o->profiles[r->profile].server);
	add(t, "%s", address);
	if (port != 0 && port != (r->protocol == PROFILE_PPTP ? 1723 : 1701))
		add(t, " port %u", port);
}

static void
add_step(struct text *t, const struct host_report *r)
{
	struct output_step step;

	output_step_words(r->trace, &step);
	add(t, "%s %u: %s, %s", step.machine, r->trace->ref.index, step.state, step.event);
	if (step.answer != NULL)
		add(t, ": %s", step.answer);
	add(t, " ->");
	for (size_t i = 0; i < step.actions_n; i++)
		add(t, " %s,", step.actions[i]);
	if (step.actions_n > 0)
		t->at[--t->n] = '\0'; /* the last comma */
	else
		add(t, " nothing");
	add(t, "; %s  [%s]", step.next, step.source);
}

static void
add_backoff(struct text *t, const struct host_report *r)
{
	char pause[TIME_OCTETS];

	output_duration((uint64_t)r->number * 1000, pause, sizeof pause);
	add(t, "%s; next attempt in %s", ut_cause_name((enum ut_cause)r->end.cause), pause);
}

static void
add_particulars(struct text *t, const struct output *o, const struct host_report *r)
{
	const char *text = r->text != NULL ? r->text : "";

	switch (r->kind) {
	case HOST_ATTEMPT:
		add(t, "%" PRIu32, r->number);
		break;
	case HOST_RESOLVED:
		add_resolved(t, o, r);
		break;
	case HOST_DIALLING:
		add(t, "the first message is sent");
		break;
	case HOST_TUNNEL_UP:
		add_tunnel(t, r);
		break;
	case HOST_SESSION_UP:
		add_session(t, o, r);
		add(t, "up (%s %u/%u)", r->protocol == PROFILE_PPTP ? "call" : "session", r->local_sid,
		    r->peer_sid);
		break;
	case HOST_PPP_UP:
		add_session(t, o, r);
		add_ppp(t, r);
		break;
	case HOST_ROUTE:
		add(t, "%s %s", text, r->number != 0 ? "added" : "removed");
		break;
	case HOST_SESSION_ENDED:
	case HOST_PPP_ENDED:
		add_session(t, o, r);
		add_end(t, r);
		add_carried(t, r);
		break;
	case HOST_TUNNEL_ENDED:
		add_end(t, r);
		break;
	case HOST_BACKOFF:
		add_backoff(t, r);
		break;
	case HOST_TRACE:
		add_step(t, r);
		break;
	case HOST_DATA_PATH:
	case HOST_IPSEC:
	case HOST_ENDED:
	case HOST_WARNING:
	case HOST_NOTE:
	case HOST_REPORT_N:
		add(t, "%s", text);
		break;
	}
}

/* ---- the line ---- */

/* printf pads octets; names and particulars may have wider characters. */
static void
put_blanks(FILE *out, size_t used, size_t width)
{
	(void)fprintf(out, "%*s", (int)(used < width ? width - used : 0), "");
}

/* https://no-color.org: set and not empty. */
static bool
wants_colour(FILE *out)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (no_color != NULL && no_color[0] != '\0')
		return false;
	return term != NULL && strcmp(term, "dumb") != 0 && isatty(fileno(out)) == 1;
}

/* Asked when the first line is written, as that is later than the first datagram. */
static bool
has_colour(struct output *o)
{
	if (!o->has_asked)
		o->has_colour = wants_colour(o->out);
	o->has_asked = true;
	return o->has_colour;
}

static void
put_line(struct output *o, const struct host_report *r, const char *particulars)
{
	const enum colour colour = has_colour(o) ? heads[r->kind].colour : PLAIN;
	const char *name = r->profile_name != NULL ? r->profile_name : "";
	const size_t used = plain_text_width(particulars) + GAP_WIDTH;
	char time[TIME_OCTETS];

	output_duration(r->since_start_us, time, sizeof time);
	(void)fputs(name, o->out);
	put_blanks(o->out, plain_text_width(name), o->name_width);
	(void)fprintf(o->out, "  %s%-*s%s%s%*s", colours[colour], WHAT_WIDTH, heads[r->kind].word,
		      colour != PLAIN ? "\033[0m" : "", particulars, GAP_WIDTH, "");
	put_blanks(o->out, used + strlen(time), PARTICULARS_AND_TIME_WIDTH);
	(void)fprintf(o->out, "%s\n", time);
}

/* A failure is not a milestone: it goes to standard error as a sentence of its own. */
static bool
is_failure(const struct host_report *r)
{
	return r->kind == HOST_ENDED && r->end.cause != UT_CAUSE_NONE && r->end.cause != UT_CAUSE_USER;
}

const char *
output_text_head(enum host_report_kind kind)
{
	return heads[kind].word;
}

void
output_text_particulars(const struct output *o, const struct host_report *r, char *out, size_t cap)
{
	struct text t = { .n = 0 };

	add_particulars(&t, o, r);
	plain_text_copy(t.at, out, cap);
}

static void
text_report(struct output *o, const struct host_report *r)
{
	char safe[PARTICULARS_OCTETS];

	output_text_particulars(o, r, safe, sizeof safe);
	if (is_failure(r))
		(void)fprintf(o->err, "uptun: %s: %s\n", r->profile_name != NULL ? r->profile_name : "",
			      safe);
	else
		put_line(o, r, safe);
}

const struct output_ops output_text = { .report = text_report };
