/* status.c - what is known about a tunnel, as messages
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/daemon/daemon_state.h"

#include <arpa/inet.h>

/* ---- ends ---- */

static bool
is_of_pppd(struct ut_end end)
{
	return end.cause == UT_CAUSE_PPPD || end.cause == UT_CAUSE_PPPD_AUTH ||
	       end.cause == UT_CAUSE_PPPD_MPPE;
}

Uptun__Ending *
status_of_end(struct arena *a, struct ut_end end, const char *peer_text, const char *text)
{
	Uptun__Ending *m = arena_take(a, sizeof *m);

	uptun__ending__init(m);
	m->cause = arena_text(a, ut_cause_name((enum ut_cause)end.cause));
	m->from = arena_text(a, output_codes_from(end));
	m->result = end.result;
	m->result_text = arena_text(a, output_result_text(end));
	m->error = end.error;
	m->error_text = arena_text(a, output_error_text(end));
	m->peer_text = arena_text(a, peer_text);
	if (is_of_pppd(end)) {
		m->pppd_status = (uint32_t)end.code;
		m->pppd_text = arena_text(a, kb_pppd_exit_name(end.code));
	} else if (end.code > 0 && end.cause != UT_CAUSE_PPPD_KILLED) {
		m->errno_value = end.code;
	}
	m->status = ut_end_status(end);
	m->text = arena_text(a, text);
	return m;
}

/* ---- sessions ---- */

static Uptun__Counters *
counters_of(struct arena *a, const struct kb_session_stats *stats)
{
	Uptun__Counters *m = arena_take(a, sizeof *m);

	uptun__counters__init(m);
	m->tx_octets = stats->tx_octets;
	m->rx_octets = stats->rx_octets;
	m->tx_packets = stats->tx_packets;
	m->rx_packets = stats->rx_packets;
	return m;
}

static void
take_dns(struct arena *a, const struct host_status_session *s, Uptun__SessionStatus *m)
{
	m->dns = arena_take(a, 2 * sizeof *m->dns);
	for (unsigned i = 0; i < 2; i++)
		if (s->dns[i][0] != '\0')
			m->dns[m->n_dns++] = arena_text(a, s->dns[i]);
}

static Uptun__SessionStatus *
session_of(struct arena *a, const struct host_status_session *s, unsigned index)
{
	Uptun__SessionStatus *m = arena_take(a, sizeof *m);

	uptun__session_status__init(m);
	m->session = index;
	m->state = arena_text(a, s->state);
	m->session_state = arena_text(a, s->session_state);
	m->local_sid = s->local_sid;
	m->peer_sid = s->peer_sid;
	m->interface = arena_text(a, s->interface);
	m->local = arena_text(a, s->local);
	m->remote = arena_text(a, s->remote);
	take_dns(a, s, m);
	m->mtu = s->mtu;
	m->mppe_bits = s->has_mppe ? s->mppe_bits : 0;
	m->counters = counters_of(a, &s->stats);
	return m;
}

/* ---- the tunnel ---- */

static Uptun__Milestones *
milestones_of(struct arena *a, const struct tunnel *t)
{
	Uptun__Milestones *m = arena_take(a, sizeof *m);

	uptun__milestones__init(m);
	m->resolved_us = t->reached_us[MILESTONE_RESOLVED];
	m->dialling_us = t->reached_us[MILESTONE_DIALLING];
	m->tunnel_up_us = t->reached_us[MILESTONE_TUNNEL];
	m->session_up_us = t->reached_us[MILESTONE_SESSION];
	m->ppp_up_us = t->reached_us[MILESTONE_PPP];
	return m;
}

static void
take_address(struct arena *a, const struct host_status *s, Uptun__TunnelStatus *m)
{
	char address[INET6_ADDRSTRLEN];
	unsigned port;

	if (!s->has_server)
		return;
	output_address(&s->server, address, sizeof address, &port);
	m->address = arena_text(a, address);
	m->port = port;
}

static uint32_t
backoff_of(const struct daemon *d, const struct host_status *s)
{
	const uint64_t now = daemon_now_us(d);

	return s->next_attempt_us > now ? (uint32_t)((s->next_attempt_us - now + US_PER_MS - 1) / US_PER_MS)
					: 0;
}

/* What the host knows. */
static void
take_live(struct daemon *d, const struct host_status *s, Uptun__TunnelStatus *m)
{
	struct arena *a = &d->arena;

	m->state = arena_text(a, s->state);
	m->control_state = arena_text(a, s->tunnel_state);
	m->data_path = arena_text(a, s->data_path);
	m->local_tid = s->local_tid;
	m->peer_tid = s->peer_tid;
	m->backoff_ms = backoff_of(d, s);
	take_address(a, s, m);
	m->session = arena_take(a, s->sessions_n * sizeof *m->session);
	for (unsigned i = 0; i < s->sessions_n; i++)
		m->session[m->n_session++] = session_of(a, &s->sessions[i], i);
	m->route = arena_take(a, s->routes_n * sizeof *m->route);
	for (unsigned i = 0; i < s->routes_n; i++)
		m->route[m->n_route++] = arena_text(a, s->routes[i]);
}

Uptun__TunnelStatus *
status_of_tunnel(struct daemon *d, const struct tunnel *t)
{
	struct arena *a = &d->arena;
	Uptun__TunnelStatus *m = arena_take(a, sizeof *m);

	uptun__tunnel_status__init(m);
	m->tunnel = t->id;
	m->name = arena_text(a, t->name);
	m->protocol = arena_text(a, t->protocol == PROFILE_PPTP ? "pptp" : "l2tp");
	m->server = arena_text(a, t->server);
	m->peer_name = arena_text(a, t->peer_name);
	m->attempt = (uint32_t)t->attempts;
	m->attempt_unix_ms = t->attempt_unix_ms;
	m->milestones = milestones_of(a, t);
	m->owner_uid = (uint32_t)t->origin.owner;
	m->configured = t->origin.is_configured;
	if (t->has_end)
		m->last_end = status_of_end(a, t->end, t->end_text, NULL);
	if (host_status(d->host, t->index, &d->status))
		take_live(d, &d->status, m);
	return m;
}

/* ---- counters and lines ---- */

Uptun__StatsReply *
status_of_counters(struct daemon *d, const struct tunnel *t)
{
	struct arena *a = &d->arena;
	Uptun__StatsReply *m = arena_take(a, sizeof *m);

	uptun__stats_reply__init(m);
	m->tunnel = t->id;
	m->attempts = t->attempts;
	m->retransmissions = t->retransmissions;
	m->up_ms = t->up_us / US_PER_MS;
	if (t->up_since_us != 0)
		m->up_ms += (daemon_now_us(d) - t->up_since_us) / US_PER_MS;
	if (!host_status(d->host, t->index, &d->status))
		return m;
	m->session = arena_take(a, d->status.sessions_n * sizeof *m->session);
	for (unsigned i = 0; i < d->status.sessions_n; i++)
		m->session[m->n_session++] = counters_of(a, &d->status.sessions[i].stats);
	return m;
}

Uptun__LogLine *
status_of_line(struct arena *a, const struct log_line *line)
{
	Uptun__LogLine *m = arena_take(a, sizeof *m);

	uptun__log_line__init(m);
	m->unix_ms = line->unix_ms;
	m->tunnel = line->tunnel;
	m->name = arena_text(a, line->name);
	m->level = (Uptun__LogLevel)line->level;
	m->warning = line->is_warning;
	m->text = line->what[0] != '\0' ? arena_print(a, "%s: %s", line->what, line->text)
					: arena_text(a, line->text);
	return m;
}
