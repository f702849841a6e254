/* events.c - what the host reports, as events for watchers and as lines of the log
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/daemon/daemon_state.h"

#include <assert.h>

static_assert((int)UPTUN__LOG_LEVEL__LOG_MILESTONES == LOG_LEVEL_MILESTONES, "level");
static_assert((int)UPTUN__LOG_LEVEL__LOG_NOTES == LOG_LEVEL_NOTES, "level");
static_assert((int)UPTUN__LOG_LEVEL__LOG_STEPS == LOG_LEVEL_STEPS, "level");
static_assert((int)OUTPUT_NOTES == LOG_LEVEL_NOTES && (int)OUTPUT_STEPS == LOG_LEVEL_STEPS, "level");

enum { TEXT_OCTETS = 1024 };

/* ---- milestones ---- */

/* The kind of change a report is; false: it is none. */
static bool
kind_of(const struct host_report *r, Uptun__TunnelChange__Kind *out)
{
	static const struct {
		bool is_change;
		Uptun__TunnelChange__Kind kind;
	} kinds[HOST_REPORT_N] = {
		[HOST_ATTEMPT] = { true, UPTUN__TUNNEL_CHANGE__KIND__ATTEMPT },
		[HOST_RESOLVED] = { true, UPTUN__TUNNEL_CHANGE__KIND__RESOLVED },
		[HOST_DATA_PATH] = { true, UPTUN__TUNNEL_CHANGE__KIND__DATA_PATH },
		[HOST_IPSEC] = { true, UPTUN__TUNNEL_CHANGE__KIND__IPSEC },
		[HOST_DIALLING] = { true, UPTUN__TUNNEL_CHANGE__KIND__DIALLING },
		[HOST_TUNNEL_UP] = { true, UPTUN__TUNNEL_CHANGE__KIND__TUNNEL_UP },
		[HOST_SESSION_UP] = { true, UPTUN__TUNNEL_CHANGE__KIND__SESSION_UP },
		[HOST_PPP_UP] = { true, UPTUN__TUNNEL_CHANGE__KIND__PPP_UP },
		[HOST_ROUTE] = { true, UPTUN__TUNNEL_CHANGE__KIND__ROUTE_ADDED },
		[HOST_SESSION_ENDED] = { true, UPTUN__TUNNEL_CHANGE__KIND__SESSION_ENDED },
		[HOST_TUNNEL_ENDED] = { true, UPTUN__TUNNEL_CHANGE__KIND__TUNNEL_ENDED },
		[HOST_PPP_ENDED] = { true, UPTUN__TUNNEL_CHANGE__KIND__PPP_ENDED },
		[HOST_BACKOFF] = { true, UPTUN__TUNNEL_CHANGE__KIND__BACKOFF },
		[HOST_WARNING] = { true, UPTUN__TUNNEL_CHANGE__KIND__WARNING },
	};

	*out = kinds[r->kind].kind;
	if (r->kind == HOST_ROUTE && r->number == 0)
		*out = UPTUN__TUNNEL_CHANGE__KIND__ROUTE_REMOVED;
	return kinds[r->kind].is_change;
}

static bool
has_end(enum host_report_kind kind)
{
	return kind == HOST_SESSION_ENDED || kind == HOST_TUNNEL_ENDED || kind == HOST_PPP_ENDED ||
	       kind == HOST_BACKOFF;
}

static Uptun__Event *
new_event(struct daemon *d, const struct tunnel *t)
{
	Uptun__Event *e;

	arena_reset(&d->arena);
	e = arena_take(&d->arena, sizeof *e);
	uptun__event__init(e);
	e->time_us = daemon_now_us(d);
	e->unix_ms = daemon_unix_ms();
	if (t != NULL) {
		e->tunnel = t->id;
		e->name = arena_text(&d->arena, t->name);
	}
	return e;
}

static Uptun__TunnelChange *
add_change(struct daemon *d, Uptun__Event *e, const struct tunnel *t, Uptun__TunnelChange__Kind kind,
	   const char *text)
{
	Uptun__TunnelChange *m = arena_take(&d->arena, sizeof *m);

	uptun__tunnel_change__init(m);
	m->kind = kind;
	m->tunnel = status_of_tunnel(d, t);
	m->text = arena_text(&d->arena, text);
	e->what_case = UPTUN__EVENT__WHAT_CHANGE;
	e->change = m;
	return m;
}

static void
tell_change(struct daemon *d, const struct tunnel *t, const struct host_report *r, const char *text)
{
	Uptun__TunnelChange__Kind kind;
	Uptun__TunnelChange *m;
	Uptun__Event *e;

	if (!kind_of(r, &kind) || !clients_want(d, t->id, EVENT_MILESTONE))
		return;
	e = new_event(d, t);
	e->since_start_us = r->since_start_us;
	m = add_change(d, e, t, kind, text);
	m->session = r->session;
	if (has_end(r->kind))
		m->end = status_of_end(&d->arena, r->end, r->text, text);
	clients_tell(d, t->id, EVENT_MILESTONE, e);
}

void
events_accepted(struct daemon *d, const struct tunnel *t)
{
	Uptun__Event *e;

	if (!clients_want(d, t->id, EVENT_MILESTONE))
		return;
	e = new_event(d, t);
	(void)add_change(d, e, t, UPTUN__TUNNEL_CHANGE__KIND__ACCEPTED, "accepted");
	clients_tell(d, t->id, EVENT_MILESTONE, e);
}

static void
tell_ended(struct daemon *d, const struct tunnel *t, const struct host_report *r, const char *text)
{
	Uptun__Event *e;

	if (!clients_want(d, t->id, EVENT_MILESTONE))
		return;
	e = new_event(d, t);
	e->since_start_us = r->since_start_us;
	e->what_case = UPTUN__EVENT__WHAT_ENDED;
	e->ended = status_of_end(&d->arena, r->end, t->end_text, text);
	e->ended->status = r->status;
	clients_tell(d, t->id, EVENT_MILESTONE, e);
}

/* ---- steps ---- */

static void
tell_step(struct daemon *d, const struct tunnel *t, const struct host_report *r)
{
	struct arena *a = &d->arena;
	struct output_step words;
	Uptun__Event *e;

	if (!clients_want(d, t->id, EVENT_STEP))
		return;
	e = new_event(d, t);
	output_step_words(r->trace, &words);
	e->since_start_us = r->since_start_us;
	e->what_case = UPTUN__EVENT__WHAT_STEP;
	e->step = arena_take(a, sizeof *e->step);
	uptun__step__init(e->step);
	e->step->machine = arena_text(a, words.machine);
	e->step->session = r->has_session ? r->session : 0;
	e->step->state = arena_text(a, words.state);
	e->step->event = arena_text(a, words.event);
	e->step->answer = arena_text(a, words.answer);
	e->step->next = arena_text(a, words.next);
	e->step->source = arena_text(a, words.source);
	clients_tell(d, t->id, EVENT_STEP, e);
}

/* ---- the log ---- */

void
events_log(struct daemon *d, const struct log_line *line)
{
	Uptun__Event *e;

	if (line->level > d->level)
		return;
	log_ring_keep(&d->ring, line);
	if (d->config.sink.write != NULL)
		d->config.sink.write(d->config.sink.ctx, line);
	if (!clients_want(d, line->tunnel, EVENT_LOG))
		return;
	e = new_event(d, NULL);
	e->tunnel = line->tunnel;
	e->name = arena_text(&d->arena, line->name);
	e->what_case = UPTUN__EVENT__WHAT_LOG;
	e->log = status_of_line(&d->arena, line);
	clients_tell(d, line->tunnel, EVENT_LOG, e);
}

static void
log_report(struct daemon *d, const struct tunnel *t, const struct host_report *r, const char *text)
{
	events_log(d, &(struct log_line){ .unix_ms = daemon_unix_ms(),
					  .tunnel = t->id,
					  .name = t->name,
					  .what = output_text_head(r->kind),
					  .text = text,
					  .level = (enum log_level)output_level_of(r),
					  .is_warning = r->kind == HOST_WARNING });
}

/* ---- the host ---- */

static bool
is_wanted(const struct daemon *d, const struct tunnel *t, const struct host_report *r)
{
	return r->kind != HOST_TRACE || d->level == LOG_LEVEL_STEPS || clients_want(d, t->id, EVENT_STEP);
}

/* The last word about a tunnel: whoever hears it finds the tunnel gone. */
static void
end_tunnel(struct daemon *d, struct tunnel *t, const struct host_report *r, const char *text)
{
	tell_ended(d, t, r, text);
	clients_forget_tunnel(d, t->id);
	tunnel_end(d, t);
}

void
events_report(void *ctx, const struct host_report *r)
{
	struct daemon *d = ctx;
	struct tunnel *t = r->profile < d->config.max_tunnels ? d->by_index[r->profile] : NULL;
	char text[TEXT_OCTETS];

	if (t == NULL || !is_wanted(d, t, r))
		return;
	tunnel_note(d, t, r);
	output_text_particulars(&d->words, r, text, sizeof text);
	log_report(d, t, r, text);
	if (r->kind == HOST_TRACE)
		tell_step(d, t, r);
	else if (r->kind == HOST_ENDED)
		end_tunnel(d, t, r, text);
	else
		tell_change(d, t, r, text);
}
