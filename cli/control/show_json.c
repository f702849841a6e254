/* show_json.c - tunnels and lines of the log as JSON objects, one a line
 * SPDX-License-Identifier: Apache-2.0
 *
 * Members that `uptun up --json` has too are called as there (docs/json.md); all are told in docs/json-daemon.md.
 */
#include "cli/control/show_state.h"
#include "cli/json.h"

static void
put_milestones(struct json *j, const Uptun__Milestones *given)
{
	const Uptun__Milestones none = UPTUN__MILESTONES__INIT;
	const Uptun__Milestones *m = given != NULL ? given : &none;

	json_number(j, "resolved_us", m->resolved_us);
	json_number(j, "dialling_us", m->dialling_us);
	json_number(j, "tunnel_up_us", m->tunnel_up_us);
	json_number(j, "session_up_us", m->session_up_us);
	json_number(j, "ppp_up_us", m->ppp_up_us);
}

static void
put_end(struct json *j, const Uptun__Ending *end)
{
	json_text(j, "last_cause", end != NULL ? end->cause : NULL);
	json_text(j, "last_result_text", end != NULL ? end->result_text : NULL);
	json_text(j, "last_error_text", end != NULL ? end->error_text : NULL);
	json_text(j, "last_peer_text", end != NULL ? end->peer_text : NULL);
	json_integer(j, "last_status", end != NULL ? end->status : 0);
}

static void
put_head(struct json *j, const Uptun__TunnelStatus *t)
{
	char state[SHOW_STATE_OCTETS];

	show_state(t, state);
	json_text(j, "object", "tunnel");
	json_number(j, "tunnel", t->tunnel);
	json_text(j, "profile", t->name);
	json_text(j, "protocol", t->protocol);
	json_text(j, "server", t->server);
	json_text(j, "state", state);
	json_bool(j, "is_up", show_is_up(t));
}

static void
put_rest(struct json *j, const Uptun__TunnelStatus *t, uint64_t now_ms)
{
	json_number(j, "up_ms", show_up_ms(t, now_ms));
	json_text(j, "address", t->address);
	json_number(j, "port", t->port);
	json_text(j, "client_state", t->state);
	json_text(j, "control_state", t->control_state);
	json_text(j, "driver", t->data_path);
	json_text(j, "peer_name", t->peer_name);
	json_number(j, "local_tid", t->local_tid);
	json_number(j, "peer_tid", t->peer_tid);
	json_number(j, "number", t->attempt);
	json_number(j, "attempt_unix_ms", t->attempt_unix_ms);
	put_milestones(j, t->milestones);
	json_number(j, "delay_ms", t->backoff_ms);
	json_texts(j, "routes", (const char *const *)t->route, t->n_route);
	json_number(j, "owner_uid", t->owner_uid);
	json_bool(j, "is_configured", t->configured);
	put_end(j, t->last_end);
}

static void
put_session(const Uptun__TunnelStatus *t, const Uptun__SessionStatus *s, FILE *out)
{
	const Uptun__Counters none = UPTUN__COUNTERS__INIT;
	const Uptun__Counters *c = s->counters != NULL ? s->counters : &none;
	struct json j;

	json_open(&j, out);
	json_text(&j, "object", "session");
	json_number(&j, "tunnel", t->tunnel);
	json_text(&j, "profile", t->name);
	json_number(&j, "session", s->session);
	json_text(&j, "state", s->state);
	json_number(&j, "local_sid", s->local_sid);
	json_number(&j, "peer_sid", s->peer_sid);
	json_text(&j, "interface", s->interface);
	json_text(&j, "local", s->local);
	json_text(&j, "remote", s->remote);
	json_texts(&j, "dns", (const char *const *)s->dns, s->n_dns);
	json_number(&j, "mtu", s->mtu);
	json_number(&j, "mppe_bits", s->mppe_bits);
	json_number(&j, "tx_octets", c->tx_octets);
	json_number(&j, "rx_octets", c->rx_octets);
	json_number(&j, "tx_packets", c->tx_packets);
	json_number(&j, "rx_packets", c->rx_packets);
	json_close(&j);
}

void
show_json(const Uptun__TunnelStatus *tunnel, uint64_t now_ms, bool is_short, FILE *out)
{
	struct json j;

	json_open(&j, out);
	put_head(&j, tunnel);
	if (!is_short)
		put_rest(&j, tunnel, now_ms);
	json_close(&j);
	for (size_t i = 0; !is_short && i < tunnel->n_session; i++)
		put_session(tunnel, tunnel->session[i], out);
}

void
show_ended_json(const Uptun__Event *event, FILE *out)
{
	struct json j;

	json_open(&j, out);
	json_text(&j, "object", "ended");
	json_number(&j, "tunnel", event->tunnel);
	json_text(&j, "profile", event->name);
	json_integer(&j, "status", event->ended->status);
	json_text(&j, "cause", event->ended->cause);
	json_text(&j, "text", event->ended->text);
	json_close(&j);
}

/* ---- lines of the log ---- */

static const char *
level_word(const Uptun__LogLine *line)
{
	if (line->warning)
		return "warning";
	if (line->level == UPTUN__LOG_LEVEL__LOG_STEPS)
		return "step";
	return line->level == UPTUN__LOG_LEVEL__LOG_NOTES ? "note" : "milestone";
}

void
show_line_json(const Uptun__LogLine *line, FILE *out)
{
	struct json j;

	json_open(&j, out);
	json_text(&j, "object", "log");
	json_number(&j, "unix_ms", line->unix_ms);
	json_number(&j, "tunnel", line->tunnel);
	json_text(&j, "profile", line->name);
	json_text(&j, "level", level_word(line));
	json_text(&j, "text", line->text);
	json_close(&j);
}
