/* track.c - what is alive in a capture: connections, sessions, and which packet is whose
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/track_internal.h"

#include <stdlib.h>

enum { CONNECTIONS_DEFAULT = 1 << 16, SESSIONS_DEFAULT = 1 << 18 };
#define LINGER_NS UINT64_C(40000000000)

struct tracker *
tracker_new(const struct track_sink *sink, struct track_limits limits)
{
	struct tracker *const t = calloc(1, sizeof *t);

	if (t == NULL)
		return NULL;
	t->sink = *sink;
	t->limits.connections = limits.connections != 0 ? limits.connections : CONNECTIONS_DEFAULT;
	t->limits.sessions = limits.sessions != 0 ? limits.sessions : SESSIONS_DEFAULT;
	return t;
}

void
tracker_set_secret(struct tracker *t, const struct l2tp_secret *secret)
{
	t->secret = secret->n != 0 ? secret : NULL;
}

const struct track_totals *
tracker_totals(const struct tracker *t)
{
	return &t->totals;
}

/* ---- by when they were heard of ---- */

static void
unlink_connection(struct tracker *t, struct track_connection *c)
{
	*(c->newer != NULL ? &c->newer->older : &t->newest) = c->older;
	*(c->older != NULL ? &c->older->newer : &t->oldest) = c->newer;
}

static void
link_newest(struct tracker *t, struct track_connection *c)
{
	c->newer = NULL;
	c->older = t->newest;
	*(t->newest != NULL ? &t->newest->newer : &t->oldest) = c;
	t->newest = c;
}

void
track_touch(struct tracker *t, struct track_connection *c)
{
	c->last_ns = t->now_ns;
	if (t->newest == c)
		return;
	unlink_connection(t, c);
	link_newest(t, c);
}

/* ---- connections ---- */

/* What is over stays a while, for what is still on its way to it. */
static bool
is_stale(const struct tracker *t, const struct track_connection *c)
{
	return c->ends[0].machine.is_over && c->ends[1].machine.is_over && t->now_ns > c->last_ns + LINGER_NS;
}

static struct track_connection *
take_connection(struct tracker *t)
{
	struct track_connection *c;

	while (t->oldest != NULL && is_stale(t, t->oldest))
		track_connection_end(t, t->oldest, TRACK_ENDING_OPEN);
	if (t->connections_n >= t->limits.connections && t->oldest != NULL) {
		track_connection_end(t, t->oldest, TRACK_ENDING_FORGOTTEN);
	}
	c = t->spare;
	if (c == NULL)
		return calloc(1, sizeof *c);
	t->spare = c->older;
	memset(c, 0, sizeof *c);
	return c;
}

struct track_connection *
track_connection_new(struct tracker *t, enum track_protocol protocol, const struct capture_end *from,
		     const struct capture_end *to)
{
	struct track_connection *const c = take_connection(t);

	if (c == NULL)
		return NULL;
	t->connections_n++;
	c->number = ++t->totals.connections;
	c->protocol = protocol;
	c->opener = c->caller = c->ended_by = TRACK_NOBODY;
	c->began_ns = c->last_ns = t->now_ns;
	c->pair.owner = c;
	for (unsigned i = 0; i < 2; i++) {
		c->ends[i].at = i == 0 ? *from : *to;
		c->ends[i].name.owner = c;
		c->ends[i].name.end = (uint8_t)i;
	}
	(void)names_hold(&t->names, &c->pair,
			 name_key_of_pair(protocol == TRACK_L2TP ? NAME_PAIR : NAME_TCP, from, to));
	link_newest(t, c);
	return c;
}

void
track_connection_end(struct tracker *t, struct track_connection *c, enum track_ending ending)
{
	if (c->ending == TRACK_ENDING_OPEN)
		c->ending = ending;
	while (c->oldest != NULL)
		track_session_end(t, c->oldest);
	t->sink.connection_over(t->sink.ctx, c);
	names_drop(&t->names, &c->pair);
	for (unsigned i = 0; i < 2; i++) {
		names_drop(&t->names, &c->ends[i].name);
		stream_fini(&c->ends[i].stream);
	}
	unlink_connection(t, c);
	if (c->rival != NULL)
		c->rival->rival = NULL;
	if (t->news.connection == c)
		t->news.connection = NULL;
	c->older = t->spare;
	t->spare = c;
	t->connections_n--;
}

void
track_set_tunnel_id(struct tracker *t, struct track_connection *c, unsigned end, unsigned id)
{
	struct track_end *const e = &c->ends[end];

	e->id = (uint16_t)id;
	e->has_id = true;
	(void)names_hold(&t->names, &e->name, name_key_of_id(NAME_TUNNEL, &e->at, &c->ends[1 - end].at, id));
	if (c->ends[0].has_id && c->ends[1].has_id)
		names_drop(&t->names, &c->pair);
}

/* ---- sessions ---- */

static struct track_session *
take_session(struct tracker *t)
{
	struct track_session *const s = t->spare_sessions;

	if (s == NULL)
		return calloc(1, sizeof *s);
	t->spare_sessions = s->next;
	memset(s, 0, sizeof *s);
	return s;
}

/* Beyond the bound the session that began first goes, of the connection that was silent longest and has one. */
static void
make_room(struct tracker *t, struct track_connection *wanting)
{
	struct track_connection *c = t->oldest;

	if (t->sessions_n < t->limits.sessions)
		return;
	if (wanting->oldest != NULL && wanting->sessions_n * 2 > t->limits.sessions)
		c = wanting;
	while (c != NULL && c->oldest == NULL)
		c = c->newer;
	if (c != NULL)
		track_session_end(t, c->oldest);
}

static bool
is_session_stale(const struct tracker *t, const struct track_session *s)
{
	return s->is_told && t->now_ns > s->over_ns + LINGER_NS;
}

struct track_session *
track_session_new(struct tracker *t, struct track_connection *c)
{
	struct track_session *s;

	while (c->oldest != NULL && is_session_stale(t, c->oldest))
		track_session_end(t, c->oldest);
	make_room(t, c);
	s = take_session(t);
	if (s == NULL)
		return NULL;
	t->sessions_n++;
	t->totals.sessions++;
	c->sessions_n++;
	s->serial = ++c->sessions_ever;
	s->connection = c;
	s->began_ns = t->now_ns;
	for (unsigned i = 0; i < 2; i++) {
		s->names[i].owner = s;
		s->names[i].end = (uint8_t)i;
	}
	s->next = c->sessions;
	*(c->sessions != NULL ? &c->sessions->previous : &c->oldest) = s;
	c->sessions = s;
	if (c->first_call_ns == 0)
		c->first_call_ns = t->now_ns;
	return s;
}

void
track_session_say_over(struct tracker *t, struct track_session *s)
{
	if (s->is_told)
		return;
	s->is_told = true;
	s->over_ns = t->now_ns;
	if (t->over_n == TRACK_OVER)
		track_say_all_over(t);
	t->over[t->over_n++] = s;
}

void
track_say_all_over(struct tracker *t)
{
	for (size_t i = 0; i < t->over_n; i++)
		t->sink.session_over(t->sink.ctx, t->over[i]);
	t->over_n = 0;
}

void
track_session_end(struct tracker *t, struct track_session *s)
{
	struct track_connection *const c = s->connection;

	track_session_say_over(t, s);
	track_say_all_over(t);
	track_letters_forget(c, s);
	for (unsigned i = 0; i < 2; i++)
		names_drop(&t->names, &s->names[i]);
	*(s->previous != NULL ? &s->previous->next : &c->sessions) = s->next;
	*(s->next != NULL ? &s->next->previous : &c->oldest) = s->previous;
	if (t->news.session == s)
		t->news.session = NULL;
	c->sessions_n--;
	t->sessions_n--;
	s->next = t->spare_sessions;
	t->spare_sessions = s;
}

void
track_set_session_id(struct tracker *t, struct track_session *s, unsigned end, unsigned id)
{
	s->ids[end] = (uint16_t)id;
	s->has_id[end] = true;
	(void)names_hold(&t->names, &s->names[end], name_key_of_session(s->connection->number, end, id));
}

void
track_set_call_id(struct tracker *t, struct track_session *s, unsigned end, unsigned id)
{
	const struct track_connection *const c = s->connection;

	s->ids[end] = (uint16_t)id;
	s->has_id[end] = true;
	(void)names_hold(&t->names, &s->names[end],
			 name_key_of_id(NAME_CALL, &c->ends[end].at, &c->ends[1 - end].at, id));
}

struct track_session *
track_find_session(struct tracker *t, const struct track_connection *c, unsigned end, unsigned id)
{
	const struct name_key key = name_key_of_session(c->number, end, id);
	const struct name *const name = names_find(&t->names, &key);

	return name != NULL ? name->owner : NULL;
}

struct track_session *
track_find_half_session(const struct track_connection *c, unsigned end)
{
	enum { LOOKED_AT = 32 };
	struct track_session *s = c->sessions, *first = NULL;

	for (unsigned i = 0; s != NULL && i < LOOKED_AT; i++, s = s->next)
		if (!s->has_id[end] && !s->machines[0].is_over && !s->machines[1].is_over)
			first = s;
	return first;
}

/* ---- packets ---- */

static void
take_udp(struct tracker *t, const struct capture_packet *packet)
{
	if (packet->from.port == L2TP_PORT || packet->to.port == L2TP_PORT || track_l2tp_is_ours(t, packet))
		track_l2tp(t, packet);
}

void
tracker_take(struct tracker *t, const struct capture_packet *packet)
{
	if (t->totals.frames++ == 0)
		t->first_ns = packet->time_ns;
	t->totals.kinds[packet->kind]++;
	t->now_ns = packet->time_ns;
	switch (packet->kind) {
	case CAPTURE_UDP:
		take_udp(t, packet);
		break;
	case CAPTURE_TCP:
		if (packet->from.port == PPTP_PORT || packet->to.port == PPTP_PORT)
			track_pptp(t, packet);
		break;
	case CAPTURE_GRE:
		track_gre(t, packet);
		break;
	case CAPTURE_OTHER:
	case CAPTURE_L2TP_IP:
	case CAPTURE_ESP:
	case CAPTURE_IKE:
	case CAPTURE_FRAGMENT:
	case CAPTURE_CUT:
	case CAPTURE_KIND_N:
		break;
	}
}

/* What is over already ended so; what only asked was not answered. */
static enum track_ending
ending_of(const struct track_connection *c)
{
	const bool was_asked_only = c->opener != TRACK_NOBODY && c->ends[1 - c->opener].messages == 0 &&
				    c->ends[1 - c->opener].zlbs == 0 && c->protocol == TRACK_L2TP;

	return was_asked_only ? TRACK_ENDING_UNANSWERED : TRACK_ENDING_OPEN;
}

void
tracker_finish(struct tracker *t)
{
	while (t->oldest != NULL) {
		struct track_connection *const c = t->oldest;

		if (c->protocol == TRACK_PPTP)
			track_pptp_close(t, c);
		(void)track_news_begin(t, NULL, c->protocol);
		t->news.connection = c;
		t->news.what = TRACK_WHAT_END;
		track_letters_receive_all(t, c, 0);
		track_letters_receive_all(t, c, 1);
		if (t->news.steps_n != 0)
			track_news_tell(t);
		track_connection_end(t, c, ending_of(c));
	}
}

static void
free_all(struct track_connection *c)
{
	while (c != NULL) {
		struct track_connection *const next = c->older;

		free(c);
		c = next;
	}
}

void
tracker_free(struct tracker *t)
{
	if (t == NULL)
		return;
	while (t->oldest != NULL)
		track_connection_end(t, t->oldest, TRACK_ENDING_OPEN);
	free_all(t->spare);
	while (t->spare_sessions != NULL) {
		struct track_session *const next = t->spare_sessions->next;

		free(t->spare_sessions);
		t->spare_sessions = next;
	}
	names_fini(&t->names);
	free(t);
}
