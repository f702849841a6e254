/* metrics.c - everything that is counted, as OpenMetrics text
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/daemon/daemon_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { FRESH_US = US_PER_S }; /* taken anew not more often than this */

/* ---- the daemon ---- */

static void
family(FILE *out, const char *name, const char *type, const char *unit, const char *help)
{
	(void)fprintf(out, "# TYPE %s %s\n", name, type);
	if (unit != NULL)
		(void)fprintf(out, "# UNIT %s %s\n", name, unit);
	(void)fprintf(out, "# HELP %s %s\n", name, help);
}

static void
gauge(FILE *out, const char *name, const char *help, uint64_t value)
{
	family(out, name, "gauge", NULL, help);
	(void)fprintf(out, "%s %" PRIu64 "\n", name, value);
}

static void
counter(FILE *out, const char *name, const char *help, uint64_t value)
{
	family(out, name, "counter", NULL, help);
	(void)fprintf(out, "%s_total %" PRIu64 "\n", name, value);
}

static void
print_daemon(FILE *out, const struct daemon *d)
{
	family(out, "uptun_build", "info", NULL, "The program.");
	(void)fprintf(out, "uptun_build_info{version=\"%s\"} 1\n", UPTUN_VERSION);
	family(out, "uptun_start_time_seconds", "gauge", "seconds", "When the daemon began, since 1970.");
	(void)fprintf(out, "uptun_start_time_seconds %" PRIu64 "\n", d->started_unix_s);
	gauge(out, "uptun_tunnels", "Tunnels there are.", d->tunnels_n);
	gauge(out, "uptun_tunnels_up", "Tunnels with a usable interface.", d->tunnels_up);
	gauge(out, "uptun_tunnels_max", "Tunnels there may be.", d->config.max_tunnels);
	gauge(out, "uptun_clients", "Clients connected.", daemon_n_clients(d));
	counter(out, "uptun_clients_accepted", "Clients that connected.", d->counts.clients);
	counter(out, "uptun_clients_cut_off", "Clients that took too long or did not read.",
		d->counts.cut_off);
	counter(out, "uptun_requests", "Requests.", d->counts.requests);
	counter(out, "uptun_requests_refused", "Requests answered with an error.", d->counts.refused);
	counter(out, "uptun_events", "Events sent to watchers.", d->counts.events);
	counter(out, "uptun_events_lost", "Events that watchers were too slow for.", d->counts.events_lost);
	counter(out, "uptun_tunnels_accepted", "Tunnels that were asked for and accepted.", d->counts.ups);
	counter(out, "uptun_tunnels_ended", "Tunnels that have ended.", d->counts.ends);
	counter(out, "uptun_attempts", "Attempts to dial.", d->counts.attempts);
	counter(out, "uptun_retransmissions", "Control messages sent again.", d->counts.retransmissions);
}

/* ---- tunnels ---- */

static void
print_of_tunnels(FILE *out, const struct daemon *d, const char *name, const char *suffix,
		 uint64_t (*value)(const struct daemon *d, const struct tunnel *t))
{
	for (unsigned i = 0; i < d->tunnels_n; i++) {
		const struct tunnel *t = d->tunnels[i];

		(void)fprintf(out, "%s%s{tunnel=\"%" PRIu32 "\",name=\"%s\"} %" PRIu64 "\n", name, suffix,
			      t->id, t->name, value(d, t));
	}
}

static uint64_t
up_of(const struct daemon *d, const struct tunnel *t)
{
	(void)d;
	return t->up != 0;
}

static uint64_t
attempts_of(const struct daemon *d, const struct tunnel *t)
{
	(void)d;
	return t->attempts;
}

static uint64_t
retransmissions_of(const struct daemon *d, const struct tunnel *t)
{
	(void)d;
	return t->retransmissions;
}

static uint64_t
up_seconds_of(const struct daemon *d, const struct tunnel *t)
{
	const uint64_t since = t->up_since_us != 0 ? daemon_now_us(d) - t->up_since_us : 0;

	return (t->up_us + since) / US_PER_S;
}

static void
print_tunnels(FILE *out, const struct daemon *d)
{
	family(out, "uptun_tunnel_up", "gauge", NULL, "A session's interface can be used.");
	print_of_tunnels(out, d, "uptun_tunnel_up", "", up_of);
	family(out, "uptun_tunnel_attempts", "counter", NULL, "Attempts to dial.");
	print_of_tunnels(out, d, "uptun_tunnel_attempts", "_total", attempts_of);
	family(out, "uptun_tunnel_retransmissions", "counter", NULL, "Control messages sent again.");
	print_of_tunnels(out, d, "uptun_tunnel_retransmissions", "_total", retransmissions_of);
	family(out, "uptun_tunnel_up_seconds", "counter", "seconds", "Time it was up, in all attempts.");
	print_of_tunnels(out, d, "uptun_tunnel_up_seconds", "_total", up_seconds_of);
}

/* ---- sessions ---- */

/* What the kernel counts; asked for once, printed family by family. */
struct carried {
	const struct tunnel *t;
	unsigned session;
	struct kb_session_stats stats;
};

static size_t
ask_kernel(struct daemon *d, struct carried *all, size_t cap)
{
	size_t n = 0;

	for (unsigned i = 0; i < d->tunnels_n; i++) {
		const struct tunnel *t = d->tunnels[i];

		if (t->up == 0 || !host_status(d->host, t->index, &d->status))
			continue;
		for (unsigned k = 0; k < d->status.sessions_n && n < cap; k++)
			all[n++] = (struct carried){ t, k, d->status.sessions[k].stats };
	}
	return n;
}

/* The families of what is carried; `offset` is that of the number in a session's. */
static const struct carried_family {
	const char *name, *unit, *help;
	size_t offset;
} carried_families[] = {
	{ "uptun_session_sent_bytes", "bytes", "Octets sent through the session.",
	  offsetof(struct kb_session_stats, tx_octets) },
	{ "uptun_session_received_bytes", "bytes", "Octets received through the session.",
	  offsetof(struct kb_session_stats, rx_octets) },
	{ "uptun_session_sent_packets", NULL, "Packets sent through the session.",
	  offsetof(struct kb_session_stats, tx_packets) },
	{ "uptun_session_received_packets", NULL, "Packets received through the session.",
	  offsetof(struct kb_session_stats, rx_packets) },
};

static void
print_carried(FILE *out, const struct carried *all, size_t n, const struct carried_family *f)
{
	uint64_t value;

	family(out, f->name, "counter", f->unit, f->help);
	for (size_t i = 0; i < n; i++) {
		memcpy(&value, (const uint8_t *)&all[i].stats + f->offset, sizeof value);
		(void)fprintf(out,
			      "%s_total{tunnel=\"%" PRIu32 "\",name=\"%s\",session=\"%u\"} %" PRIu64 "\n",
			      f->name, all[i].t->id, all[i].t->name, all[i].session, value);
	}
}

static void
print_sessions(FILE *out, struct daemon *d)
{
	const size_t cap = (size_t)d->tunnels_up * PROFILE_SESSIONS_MAX;
	struct carried *all = calloc(cap > 0 ? cap : 1, sizeof *all);
	const size_t n = all != NULL ? ask_kernel(d, all, cap) : 0;

	for (size_t i = 0; i < sizeof carried_families / sizeof carried_families[0]; i++)
		print_carried(out, all, n, &carried_families[i]);
	free(all);
}

/* ---- the snapshot ---- */

static bool
print(struct daemon *d, struct snapshot *s)
{
	FILE *out = open_memstream(&s->text, &s->n);

	if (out == NULL)
		return false;
	print_daemon(out, d);
	print_tunnels(out, d);
	print_sessions(out, d);
	(void)fputs("# EOF\n", out);
	return fclose(out) == 0;
}

static struct snapshot *
new_snapshot(struct daemon *d)
{
	struct snapshot *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->users = 1;
	s->taken_us = daemon_now_us(d);
	if (print(d, s))
		return s;
	metrics_drop(s);
	return NULL;
}

struct snapshot *
metrics_take(struct daemon *d)
{
	if (d->metrics != NULL && daemon_now_us(d) - d->metrics->taken_us >= FRESH_US) {
		metrics_drop(d->metrics);
		d->metrics = NULL;
	}
	if (d->metrics == NULL)
		d->metrics = new_snapshot(d);
	if (d->metrics != NULL)
		d->metrics->users++;
	return d->metrics;
}

void
metrics_drop(struct snapshot *s)
{
	if (s == NULL || --s->users > 0)
		return;
	free(s->text);
	free(s);
}
