/* tunnels.c - the daemon's tunnels: their ids, and what is kept about them
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/daemon/daemon_state.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/launcher/allow.h"

/* ---- finding ---- */

unsigned
tunnel_place(const struct daemon *d, uint32_t id)
{
	unsigned low = 0, high = d->tunnels_n;

	while (low < high) {
		const unsigned middle = low + (high - low) / 2;

		if (d->tunnels[middle]->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct tunnel *
tunnel_find(const struct daemon *d, uint32_t id)
{
	const unsigned place = tunnel_place(d, id);

	return place < d->tunnels_n && d->tunnels[place]->id == id ? d->tunnels[place] : NULL;
}

static bool
is_name_in_use(const struct daemon *d, const char *name)
{
	for (unsigned i = 0; i < d->tunnels_n; i++)
		if (strcmp(d->tunnels[i]->name, name) == 0)
			return true;
	return false;
}

/* ---- coming ---- */

static enum daemon_refusal __attribute__((format(printf, 4, 5)))
refuse(enum daemon_refusal refusal, struct daemon_fault *why, const char *field, const char *format, ...)
{
	va_list args;

	*why = (struct daemon_fault){ .err = 0 };
	(void)snprintf(why->field, sizeof why->field, "%s", field);
	va_start(args, format);
	(void)vsnprintf(why->text, sizeof why->text, format, args);
	va_end(args);
	return refusal;
}

static enum daemon_refusal
check_words(const struct daemon *d, const struct profile *profile, struct daemon_fault *why)
{
	char field[64];
	struct kb_error fault;
	size_t bad = 0;

	for (unsigned i = 0; i < profile->sessions_n; i++) {
		const struct profile_session *s = &profile->sessions[i];
		const char *words[PROFILE_OPTIONS_MAX + 1] = { NULL };

		for (unsigned k = 0; k < s->options_n; k++)
			words[k] = s->options[k];
		if (launcher_check_options(words, d->config.extra_options, &bad, &fault) == 0)
			continue;
		(void)snprintf(field, sizeof field, "session[%u].option[%zu]", i, bad);
		return refuse(DAEMON_BAD_PROFILE, why, field, "%s", fault.text);
	}
	return DAEMON_ADDED;
}

static struct tunnel *
new_tunnel(const struct profile *profile, const struct daemon_origin *origin)
{
	struct tunnel *t = calloc(1, sizeof *t);

	if (t == NULL)
		return NULL;
	memcpy(t->name, profile->name, sizeof t->name);
	memcpy(t->server, profile->server, sizeof t->server);
	t->protocol = profile->protocol;
	t->sessions_n = profile->sessions_n;
	t->origin = *origin;
	return t;
}

static enum daemon_refusal
explain(int r, const struct kb_error *fault, struct daemon_fault *why)
{
	enum daemon_refusal refusal = DAEMON_SYSTEM;

	if (r == -ENOSPC)
		refusal = DAEMON_NO_ROOM;
	if (r == -EPROTONOSUPPORT)
		refusal = DAEMON_BAD_PROFILE;
	refusal = refuse(refusal, why, refusal == DAEMON_BAD_PROFILE ? "data_path" : "", "%s", fault->text);
	why->err = refusal == DAEMON_SYSTEM ? -r : 0;
	return refusal;
}

static void
enter(struct daemon *d, struct tunnel *t)
{
	t->id = ++d->last_id;
	d->by_index[t->index] = t;
	d->tunnels[d->tunnels_n++] = t;
	d->counts.ups++;
}

enum daemon_refusal
daemon_add(struct daemon *d, const struct profile *profile, const struct daemon_origin *origin, uint32_t *id,
	   struct daemon_fault *why)
{
	struct kb_error fault = { .err = 0 };
	struct tunnel *t;
	int r;

	if (d->stops > 0)
		return refuse(DAEMON_ENDING, why, "", "the daemon is going down");
	if (is_name_in_use(d, profile->name))
		return refuse(
		    DAEMON_NAME_IN_USE, why, "name",
		    "there is a tunnel \"%s\" already: take that down first, or give this one another name",
		    profile->name);
	if (d->tunnels_n == d->config.max_tunnels)
		return refuse(DAEMON_NO_ROOM, why, "",
			      "there are %u tunnels, as many as --max-tunnels allows", d->tunnels_n);
	if (check_words(d, profile, why) != DAEMON_ADDED)
		return DAEMON_BAD_PROFILE;
	t = new_tunnel(profile, origin);
	if (t == NULL)
		return refuse(DAEMON_SYSTEM, why, "", "no memory");
	r = host_add(d->host, profile, &t->index, &fault);
	if (r < 0) {
		free(t);
		return explain(r, &fault, why);
	}
	enter(d, t);
	*id = t->id;
	return DAEMON_ADDED;
}

/* ---- what a report says ---- */

static void
begin_attempt(struct daemon *d, struct tunnel *t)
{
	t->attempts++;
	d->counts.attempts++;
	t->attempt_unix_ms = daemon_unix_ms();
	memset(t->reached_us, 0, sizeof t->reached_us);
	t->peer_name[0] = t->peer_text[0] = '\0';
}

static void
reach(struct tunnel *t, enum milestone m, const struct host_report *r)
{
	if (t->reached_us[m] == 0)
		t->reached_us[m] = r->since_start_us > 0 ? r->since_start_us : 1;
}

static void
come_up(struct daemon *d, struct tunnel *t, const struct host_report *r)
{
	reach(t, MILESTONE_PPP, r);
	if (t->up == 0)
		d->tunnels_up++;
	if (t->up == 0)
		t->up_since_us = r->now.us;
	t->up |= 1u << r->session;
}

static void
go_down(struct daemon *d, struct tunnel *t, uint64_t now_us)
{
	if (t->up == 0)
		return;
	t->up = 0;
	t->up_us += now_us - t->up_since_us;
	t->up_since_us = 0;
	d->tunnels_up--;
}

static void
lose_session(struct daemon *d, struct tunnel *t, const struct host_report *r)
{
	const unsigned left = t->up & ~(1u << r->session);

	if (left == 0)
		go_down(d, t, r->now.us);
	else
		t->up = left;
}

static void
keep_text(char *to, size_t cap, const char *text)
{
	(void)snprintf(to, cap, "%s", text != NULL ? text : "");
}

static void
keep_end(struct tunnel *t, const struct host_report *r)
{
	t->has_end = true;
	t->end = r->end;
	keep_text(t->end_text, sizeof t->end_text, t->peer_text);
}

/* A tunnel that ends without a word does not take back what was said when its session did. */
static void
keep_peer_text(struct tunnel *t, const char *text)
{
	if (text != NULL && text[0] != '\0')
		keep_text(t->peer_text, sizeof t->peer_text, text);
}

void
tunnel_note(struct daemon *d, struct tunnel *t, const struct host_report *r)
{
	switch (r->kind) {
	case HOST_ATTEMPT:
		begin_attempt(d, t);
		break;
	case HOST_RESOLVED:
		reach(t, MILESTONE_RESOLVED, r);
		break;
	case HOST_DIALLING:
		reach(t, MILESTONE_DIALLING, r);
		break;
	case HOST_TUNNEL_UP:
		reach(t, MILESTONE_TUNNEL, r);
		keep_text(t->peer_name, sizeof t->peer_name, r->text);
		break;
	case HOST_SESSION_UP:
		reach(t, MILESTONE_SESSION, r);
		break;
	case HOST_PPP_UP:
		come_up(d, t, r);
		break;
	case HOST_PPP_ENDED:
		lose_session(d, t, r);
		break;
	case HOST_SESSION_ENDED:
	case HOST_TUNNEL_ENDED:
		keep_peer_text(t, r->text);
		break;
	case HOST_BACKOFF:
	case HOST_ENDED:
		go_down(d, t, r->now.us);
		keep_end(t, r);
		break;
	case HOST_NOTE:
		t->retransmissions += r->transmission != 0;
		d->counts.retransmissions += r->transmission != 0;
		break;
	case HOST_DATA_PATH:
	case HOST_IPSEC:
	case HOST_ROUTE:
	case HOST_WARNING:
	case HOST_TRACE:
	case HOST_REPORT_N:
		break;
	}
}

/* ---- going ---- */

void
tunnel_end(struct daemon *d, struct tunnel *t)
{
	const unsigned place = tunnel_place(d, t->id);

	d->by_index[t->index] = NULL;
	d->tunnels_n--;
	memmove(d->tunnels + place, d->tunnels + place + 1, (d->tunnels_n - place) * sizeof(struct tunnel *));
	d->counts.ends++;
	free(t);
}

void
tunnels_stop_of(struct daemon *d, uint64_t client)
{
	for (unsigned i = 0; i < d->tunnels_n; i++)
		if (d->tunnels[i]->origin.client == client)
			host_stop(d->host, d->tunnels[i]->index);
}
