/* ladder.c - message ladders, collected
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/ladder.h"

#include "cli/inspect/decode_avp.h"
#include "cli/inspect/decode_pptp_field.h"
#include "cli/replay/story.h"

#include <stdarg.h>
#include <stdlib.h>

enum { TEXT_MAX = 6000 };

/* Text put together; cut off where it is full. */
struct text {
	char octets[TEXT_MAX];
	size_t n;
};

static void say(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void
say(struct text *t, const char *format, ...)
{
	const size_t room = sizeof t->octets - t->n;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(t->octets + t->n, room, format, args);
	va_end(args);
	if (n > 0)
		t->n += (size_t)n < room ? (size_t)n : room - 1;
}

/* NULL: there is none. */
static char *
copy(const struct text *t)
{
	return t->n != 0 ? strdup(t->octets) : NULL;
}

static void
begin_text(struct text *t)
{
	t->n = 0;
	t->octets[0] = '\0';
}

/* ---- ladders and rungs ---- */

static struct ladder *
ladder_of(struct ladders *all, struct track_connection *c)
{
	struct ladder *l = c->ladder;

	if (l != NULL)
		return l;
	l = calloc(1, sizeof *l);
	if (l == NULL)
		return NULL;
	l->connection = c->number;
	*(all->last != NULL ? &all->last->next : &all->first) = l;
	all->last = l;
	c->ladder = l;
	return l;
}

static struct ladder_rung *
add_rung(struct ladders *all, struct ladder *l)
{
	struct ladder_rung *const r = all->rungs_n < LADDER_RUNGS_MAX ? calloc(1, sizeof *r) : NULL;

	if (r == NULL) {
		all->left_out++;
		return NULL;
	}
	*(l->last != NULL ? &l->last->next : &l->first) = r;
	l->last = r;
	l->rungs_n++;
	r->number = ++all->rungs_n;
	return r;
}

static void
end_data(struct ladders *all, struct ladder *l)
{
	struct ladder_rung *r;
	struct text t;

	if (l->data[0] + l->data[1] == 0)
		return;
	r = add_rung(all, l);
	begin_text(&t);
	say(&t, "data: %llu frames to the right, %llu to the left", (unsigned long long)l->data[0],
	    (unsigned long long)l->data[1]);
	l->data[0] = l->data[1] = 0;
	if (r == NULL)
		return;
	r->is_data = true;
	r->colour = LADDER_QUIET;
	r->frame = l->data_frame;
	r->time_ns = l->data_time_ns;
	r->label = copy(&t);
}

/* ---- a message ---- */

static void
label_l2tp(struct text *t, const struct track_news *n)
{
	if (!n->has_header || n->header.version != 2)
		return;
	say(t, "  tid %u", n->header.tid.v);
	if (n->header.sid.v != 0 || n->session != NULL)
		say(t, " sid %u", n->header.sid.v);
	if (n->header.has_sequence)
		say(t, "  Ns %u Nr %u", n->header.ns, n->header.nr);
	if ((n->message.present & L2TP_HAS(ASSIGNED_TUNNEL_ID)) != 0)
		say(t, "  assigns %u", n->message.assigned_tid.v);
	if ((n->message.present & L2TP_HAS(ASSIGNED_SESSION_ID)) != 0)
		say(t, "  assigns %u", n->message.assigned_sid.v);
}

static char *
name_of(const struct track_news *n)
{
	struct text t;
	char room[24];

	begin_text(&t);
	say(&t, "%s", story_name(n, room));
	return copy(&t);
}

static char *
label_of(const struct track_news *n)
{
	unsigned result = 0;
	struct text t;

	begin_text(&t);
	if (n->pptp != NULL && (n->pptp->call_id.v != 0 || n->pptp->peer_call_id.v != 0))
		say(&t, "  call %u, peer's %u", n->pptp->call_id.v, n->pptp->peer_call_id.v);
	else if (n->protocol == TRACK_L2TP)
		label_l2tp(&t, n);
	if (story_result(n, &result) != NULL)
		say(&t, "  result %u", result);
	if (n->what == TRACK_WHAT_REPEATED)
		say(&t, "  (again)");
	if (n->what == TRACK_WHAT_LATE)
		say(&t, "  (late)");
	if (n->missing != 0)
		say(&t, "  (%llu missing before)", (unsigned long long)n->missing);
	return copy(&t);
}

static void
title_avps(struct text *t, const struct track_news *n)
{
	struct decode_avps avps;
	struct decode_avp avp;

	decode_avps_init(&avps, &n->header, n->datagram, n->secret);
	while (decode_avps_next(&avps, &avp))
		say(t, "%s%s%s: %s", t->n != 0 ? "\n" : "", avp.name, avp.is_hidden ? " (hidden)" : "",
		    avp.words.text);
}

static void
title_fields(struct text *t, const struct pptp_message *m)
{
	for (const struct decode_pptp_field *f = decode_pptp_fields(m->type); f->name != NULL; f++) {
		struct decode_words words;

		decode_pptp_value(&words, f, m);
		say(t, "%s%s: %s", t->n != 0 ? "\n" : "", f->name, words.text);
	}
}

static char *
title_of(const struct track_news *n)
{
	struct text t;

	begin_text(&t);
	if (n->pptp != NULL)
		title_fields(&t, n->pptp);
	else if (n->protocol == TRACK_L2TP && n->has_header && n->header.is_control)
		title_avps(&t, n);
	return copy(&t);
}

static char *
states_of(const struct track_news *n, unsigned end)
{
	const struct track_session *session = NULL;
	struct text t;

	begin_text(&t);
	for (size_t i = 0; i < n->steps_n; i++) {
		const struct track_step *const s = &n->steps[i];

		if (s->end != end || (s->row != NULL && s->from == s->to))
			continue;
		say(&t, "%s", t.n != 0 ? ", " : "");
		if (s->session != NULL && s->session != session)
			say(&t, "call %llu: ", (unsigned long long)s->session->serial);
		if (s->session == NULL && session != NULL)
			say(&t, "%s: ", n->protocol == TRACK_L2TP ? "tunnel" : "connection");
		say(&t, "%s", s->machine->states[s->to]);
		session = s->session;
	}
	return copy(&t);
}

static char *
wrong_of(const struct track_news *n)
{
	struct text t;

	begin_text(&t);
	for (size_t i = 0; i < n->findings_n; i++)
		if (n->findings[i].level != TRACK_NOTE)
			say(&t, "%s%s%s%s%s", t.n != 0 ? "; " : "", n->findings[i].text,
			    n->findings[i].rule[0] != '\0' ? " (" : "", n->findings[i].rule,
			    n->findings[i].rule[0] != '\0' ? ")" : "");
	return copy(&t);
}

static enum ladder_colour
colour_of(const struct track_news *n)
{
	enum ladder_colour colour =
	    n->what == TRACK_WHAT_ZLB || n->what == TRACK_WHAT_TCP ? LADDER_QUIET : LADDER_PLAIN;

	if (n->what == TRACK_WHAT_REPEATED || n->what == TRACK_WHAT_LATE)
		colour = LADDER_REPEATED;
	for (size_t i = 0; i < n->findings_n; i++) {
		if (n->findings[i].level == TRACK_VIOLATION)
			return LADDER_VIOLATION;
		if (n->findings[i].level == TRACK_KNOWN)
			colour = LADDER_KNOWN;
	}
	return colour;
}

static bool
is_plain_data(const struct track_news *n)
{
	if (n->what != TRACK_WHAT_DATA)
		return false;
	for (size_t i = 0; i < n->findings_n; i++)
		if (n->findings[i].level != TRACK_NOTE)
			return false;
	return true;
}

static void
tell(void *ctx, const struct track_news *n)
{
	struct ladders *const all = ctx;
	struct ladder *l;
	struct ladder_rung *r;

	if (n->connection == NULL || n->packet == NULL || n->from == TRACK_NOBODY ||
	    (n->what == TRACK_WHAT_TCP && n->steps_n == 0))
		return;
	l = ladder_of(all, n->connection);
	if (l == NULL)
		return;
	if (is_plain_data(n)) {
		l->data[n->from]++;
		l->data_frame = n->packet->frame;
		l->data_time_ns = n->time_ns;
		return;
	}
	end_data(all, l);
	r = add_rung(all, l);
	if (r == NULL)
		return;
	r->frame = n->packet->frame;
	r->time_ns = n->time_ns;
	r->from = (uint8_t)n->from;
	r->colour = colour_of(n);
	r->name = name_of(n);
	r->label = label_of(n);
	r->title = title_of(n);
	r->states[0] = states_of(n, 0);
	r->states[1] = states_of(n, 1);
	r->wrong = wrong_of(n);
}

/* ---- what is over ---- */

static void
session_over(void *ctx, const struct track_session *session)
{
	(void)ctx;
	(void)session;
}

static void
connection_over(void *ctx, const struct track_connection *c)
{
	struct ladders *const all = ctx;
	struct ladder *const l = c->ladder;
	char at[CAPTURE_END_OCTETS];
	struct story_words words;
	struct text t;

	if (l == NULL)
		return;
	end_data(all, l);
	for (unsigned i = 0; i < 2; i++) {
		begin_text(&t);
		(void)capture_end_print(at, &c->ends[i].at);
		say(&t, "%s %s", track_role(c, i), at);
		l->heads[i] = copy(&t);
	}
	begin_text(&t);
	say(&t, "connection %llu, %s: %s", (unsigned long long)c->number,
	    c->protocol == TRACK_L2TP ? "L2TP" : "PPTP", story_ending(&words, c));
	l->caption = copy(&t);
}

void
ladders_sink(struct ladders *all, struct track_sink *sink)
{
	*sink = (struct track_sink){ .ctx = all,
				     .tell = tell,
				     .session_over = session_over,
				     .connection_over = connection_over,
				     .wants_data = true };
}

static void
free_rung(struct ladder_rung *r)
{
	free(r->name);
	free(r->label);
	free(r->title);
	free(r->states[0]);
	free(r->states[1]);
	free(r->wrong);
	free(r);
}

void
ladders_fini(struct ladders *all)
{
	while (all->first != NULL) {
		struct ladder *const l = all->first;

		while (l->first != NULL) {
			struct ladder_rung *const r = l->first;

			l->first = r->next;
			free_rung(r);
		}
		all->first = l->next;
		free(l->heads[0]);
		free(l->heads[1]);
		free(l->caption);
		free(l);
	}
	all->last = NULL;
}
