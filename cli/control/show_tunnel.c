/* show_tunnel.c - everything about one tunnel, in lines for people
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdarg.h>

#include "cli/control/show_state.h"
#include "cli/output.h"
#include "cli/plain_text.h"

enum { HEAD_WIDTH = 12, LINE_OCTETS = 1024 };

/* What is put together for one line; cut off when full. */
struct line {
	char at[LINE_OCTETS];
	size_t n;
};

static void __attribute__((format(printf, 2, 3))) add(struct line *l, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(l->at + l->n, sizeof l->at - l->n, format, args);
	va_end(args);
	if (n > 0)
		l->n = l->n + (size_t)n < sizeof l->at ? l->n + (size_t)n : sizeof l->at - 1;
}

/* A text between two others, where there is one. */
static void
add_if(struct line *l, const char *before, const char *text, const char *after)
{
	if (text[0] != '\0')
		add(l, "%s%s%s", before, text, after);
}

static void
put(struct line *l, const char *head, FILE *out)
{
	char safe[LINE_OCTETS];

	plain_text_copy(l->at, safe, sizeof safe);
	if (l->n > 0)
		(void)fprintf(out, "%-*s%s\n", HEAD_WIDTH, head, safe);
	*l = (struct line){ .n = 0 };
}

/* ---- lines ---- */

static void
put_head(struct line *l, const Uptun__TunnelStatus *t, FILE *out)
{
	add(l, "%u, %s, asked for by user %u", (unsigned)t->tunnel, t->name, (unsigned)t->owner_uid);
	if (t->configured)
		add(l, ", from the folder of profiles");
	put(l, "tunnel", out);
	add(l, "%s, %s", t->protocol, t->server);
	add_if(l, " -> ", t->address, "");
	if (t->port != 0)
		add(l, " port %u", (unsigned)t->port);
	add_if(l, ", calls itself \"", t->peer_name, "\"");
	put(l, "server", out);
}

static void
put_state(struct line *l, const Uptun__TunnelStatus *t, uint64_t now_ms, FILE *out)
{
	char state[SHOW_STATE_OCTETS], age[WORDS_OCTETS];

	show_state(t, state);
	add(l, "%s", state);
	if (show_is_up(t)) {
		words_age(show_up_ms(t, now_ms), age);
		add(l, " for %s", age);
	}
	add(l, ", attempt %u", (unsigned)t->attempt);
	add_if(l, "; machines: client ", t->state, "");
	add_if(l, ", control connection ", t->control_state, "");
	put(l, "state", out);
	add_if(l, "", t->data_path, "");
	if (t->local_tid != 0)
		add(l, ", tunnel %u/%u", (unsigned)t->local_tid, (unsigned)t->peer_tid);
	put(l, "data path", out);
}

static void
add_milestone(struct line *l, const char *name, uint64_t us)
{
	char time[WORDS_OCTETS];

	if (us == 0)
		return;
	output_duration(us, time, sizeof time);
	add(l, "%s%s %s", l->n > 0 ? ", " : "", name, time);
}

static void
put_milestones(struct line *l, const Uptun__Milestones *m, FILE *out)
{
	if (m == NULL)
		return;
	add_milestone(l, "resolved", m->resolved_us);
	add_milestone(l, "dialling", m->dialling_us);
	add_milestone(l, "tunnel", m->tunnel_up_us);
	add_milestone(l, "session", m->session_up_us);
	add_milestone(l, "ppp", m->ppp_up_us);
	put(l, "took", out);
}

static void
add_counters(struct line *l, const Uptun__Counters *c)
{
	char sent[WORDS_OCTETS], received[WORDS_OCTETS];

	if (c == NULL || (c->tx_octets == 0 && c->rx_octets == 0))
		return;
	output_octets(c->tx_octets, sent, sizeof sent);
	output_octets(c->rx_octets, received, sizeof received);
	add(l, "; sent %s, received %s", sent, received);
}

static void
put_session(struct line *l, const Uptun__SessionStatus *s, FILE *out)
{
	char head[WORDS_OCTETS];

	(void)snprintf(head, sizeof head, "session %u", (unsigned)s->session + 1);
	add(l, "%s", show_session_state(s));
	add_if(l, " on ", s->interface, "");
	if (s->local[0] != '\0')
		add(l, ": %s -> %s", s->local, s->remote);
	if (s->mtu != 0)
		add(l, ", MTU %u", (unsigned)s->mtu);
	if (s->mppe_bits != 0)
		add(l, ", MPPE %u", (unsigned)s->mppe_bits);
	for (size_t i = 0; i < s->n_dns; i++) {
		if (i == 0)
			add(l, ", DNS %s", s->dns[i]);
		else if (strcmp(s->dns[i], s->dns[0]) != 0) /* one alone is often told twice */
			add(l, " %s", s->dns[i]);
	}
	if (s->local_sid != 0)
		add(l, ", %u/%u", (unsigned)s->local_sid, (unsigned)s->peer_sid);
	add_counters(l, s->counters);
	put(l, head, out);
}

static void
put_end(struct line *l, const Uptun__Ending *e, FILE *out)
{
	if (e == NULL)
		return;
	add(l, "%s", e->cause);
	add_if(l, ", ", e->from, "");
	add_if(l, ": ", e->result_text, "");
	add_if(l, ", ", e->error_text, "");
	add_if(l, ", ", e->pppd_text, "");
	add_if(l, ", \"", e->peer_text, "\"");
	put(l, "last end", out);
}

void
show_tunnel(const Uptun__TunnelStatus *t, uint64_t now_ms, FILE *out)
{
	struct line l = { .n = 0 };

	put_head(&l, t, out);
	put_state(&l, t, now_ms, out);
	put_milestones(&l, t->milestones, out);
	for (size_t i = 0; i < t->n_session; i++)
		put_session(&l, t->session[i], out);
	for (size_t i = 0; i < t->n_route; i++) {
		add(&l, "%s", t->route[i]);
		put(&l, "route", out);
	}
	put_end(&l, t->last_end, out);
}
