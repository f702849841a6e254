/* orders.c - what clients ask for
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/daemon/daemon_state.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/host/host_memory.h"
#include "cli/journal/journal_record.h"
#include "cli/message_check.h"
#include "cli/profile_message.h"

enum { LOG_LINES_USUAL = 100, REPLY_ROOM = FRAME_MESSAGE_MAX - 64 };

/* A request being obeyed. */
struct order {
	struct daemon *d;
	struct connection *c;
	const Uptun__Request *request;
	Uptun__Reply *reply;
	uid_t user; /* whom it is for */
};

/* ---- answers ---- */

static void __attribute__((format(printf, 4, 5)))
refuse(struct order *o, Uptun__Error__Code code, const char *field, const char *format, ...)
{
	struct arena *a = &o->d->arena;
	Uptun__Error *m = arena_take(a, sizeof *m);
	char text[512];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	uptun__error__init(m);
	m->code = code;
	m->text = arena_text(a, text);
	m->field = arena_text(a, field);
	o->reply->result_case = UPTUN__REPLY__RESULT_ERROR;
	o->reply->error = m;
	o->d->counts.refused++;
}

/* The tunnel of an order; NULL: it was refused. */
static struct tunnel *
tunnel_of(struct order *o, uint32_t id)
{
	struct tunnel *t = tunnel_find(o->d, id);

	if (t == NULL)
		refuse(o, UPTUN__ERROR__CODE__NO_SUCH_TUNNEL, NULL, "there is no tunnel %u, or it has ended",
		       (unsigned)id);
	return t;
}

/* ---- up ---- */

static bool
refuse_profile(struct order *o, const struct profile_error *why)
{
	refuse(o, UPTUN__ERROR__CODE__BAD_PROFILE, why->field, "%s", why->text);
	return false;
}

static bool
refuse_file(struct order *o, const char *field)
{
	refuse(o, UPTUN__ERROR__CODE__BAD_PROFILE, field,
	       "the daemon opens no file for a client: send the octets themselves");
	return false;
}

static bool
has_no_files(struct order *o, const struct profile *p)
{
	char field[48];

	if (p->l2tp.secret.file != NULL)
		return refuse_file(o, "l2tp.secret_file");
	for (unsigned i = 0; i < p->sessions_n; i++) {
		if (p->sessions[i].password.file == NULL)
			continue;
		(void)snprintf(field, sizeof field, "session[%u].password_file", i);
		return refuse_file(o, field);
	}
	return true;
}

static bool
make_profile(struct order *o, const Uptun__Profile *message, struct profile *p)
{
	struct profile_error why = { .line = 0 };

	if (profile_from_message(p, message, &why) != PROFILE_OK)
		return refuse_profile(o, &why);
	if (!has_no_files(o, p))
		return false;
	return profile_check(p, NULL, &why) == PROFILE_OK || refuse_profile(o, &why);
}

static Uptun__Error__Code
code_of(enum daemon_refusal refusal)
{
	switch (refusal) {
	case DAEMON_BAD_PROFILE:
		return UPTUN__ERROR__CODE__BAD_PROFILE;
	case DAEMON_NO_ROOM:
		return UPTUN__ERROR__CODE__NO_ROOM;
	case DAEMON_NAME_IN_USE:
		return UPTUN__ERROR__CODE__NAME_IN_USE;
	case DAEMON_SYSTEM:
		return UPTUN__ERROR__CODE__SYSTEM;
	case DAEMON_ENDING:
		return UPTUN__ERROR__CODE__ENDING;
	case DAEMON_ADDED:
	case DAEMON_REFUSAL_N:
		break;
	}
	return UPTUN__ERROR__CODE__UNKNOWN;
}

static bool
add(struct order *o, const struct profile *p, const Uptun__Up *up, uint32_t *id)
{
	const struct daemon_origin origin = { .owner = o->user,
					      .client = up->while_connected ? o->c->serial : 0 };
	struct daemon_fault why;
	const enum daemon_refusal refusal = daemon_add(o->d, p, &origin, id, &why);

	if (refusal == DAEMON_ADDED)
		return true;
	refuse(o, code_of(refusal), why.field, "%s", why.text);
	o->reply->error->errno_value = why.err;
	return false;
}

/* In the reply: a line of the log would take the arena that the reply is in. */
static void
warn_of_silence(struct arena *a, Uptun__UpReply *m)
{
	m->warning = arena_take(a, sizeof *m->warning);
	m->warning[m->n_warning++] = arena_text(a, "no memory to watch it: its events will not be told");
}

static void
accept_profile(struct order *o, const Uptun__Up *up, struct profile *p)
{
	Uptun__UpReply *m = arena_take(&o->d->arena, sizeof *m);

	uptun__up_reply__init(m);
	if (!make_profile(o, up->profile, p) || !add(o, p, up, &m->tunnel))
		return;
	if (up->watch && !client_watch(o->c, m->tunnel))
		warn_of_silence(&o->d->arena, m);
	o->reply->result_case = UPTUN__REPLY__RESULT_UP;
	o->reply->up = m;
}

static void
obey_up(struct order *o)
{
	const Uptun__Up *up = o->request->up;
	struct profile *p;

	if (up->profile == NULL) {
		refuse(o, UPTUN__ERROR__CODE__BAD_PROFILE, "", "there is no profile");
		return;
	}
	p = host_memory_new(sizeof *p);
	if (p == NULL) {
		refuse(o, UPTUN__ERROR__CODE__SYSTEM, NULL, "no memory");
		return;
	}
	profile_init_zeroed(p);
	accept_profile(o, up, p);
	profile_fini(p);
	(void)host_memory_free(p, sizeof *p);
}

/* ---- down ---- */

static void
obey_down(struct order *o)
{
	const Uptun__Down *down = o->request->down;
	Uptun__DownReply *m = arena_take(&o->d->arena, sizeof *m);
	const struct tunnel *t = down->all ? NULL : tunnel_of(o, down->tunnel);

	uptun__down_reply__init(m);
	if (!down->all && t == NULL)
		return;
	m->tunnels = down->all ? o->d->tunnels_n : 1;
	host_stop(o->d->host, down->all ? UINT_MAX : t->index);
	o->reply->result_case = UPTUN__REPLY__RESULT_DOWN;
	o->reply->down = m;
}

/* ---- looking ---- */

static size_t
octets_in_list(const Uptun__TunnelStatus *status)
{
	return protobuf_c_message_get_packed_size(&status->base) + 1 + FRAME_LENGTH_MAX;
}

/* As many as fit one reply. */
static void
obey_list(struct order *o)
{
	struct daemon *d = o->d;
	Uptun__ListReply *m = arena_take(&d->arena, sizeof *m);
	size_t octets = 0;
	unsigned place;

	uptun__list_reply__init(m);
	place = tunnel_place(d, o->request->list->from);
	m->tunnel = arena_take(&d->arena, (d->tunnels_n - place) * sizeof *m->tunnel);
	for (; place < d->tunnels_n && arena_left(&d->arena) > STATUS_ARENA_OCTETS; place++) {
		Uptun__TunnelStatus *status = status_of_tunnel(d, d->tunnels[place]);

		octets += octets_in_list(status);
		if (octets > REPLY_ROOM)
			break;
		m->tunnel[m->n_tunnel++] = status;
	}
	m->next = place < d->tunnels_n ? d->tunnels[place]->id : 0;
	o->reply->result_case = UPTUN__REPLY__RESULT_LIST;
	o->reply->list = m;
}

static void
obey_status(struct order *o)
{
	const struct tunnel *t = tunnel_of(o, o->request->status->tunnel);

	if (t == NULL)
		return;
	o->reply->result_case = UPTUN__REPLY__RESULT_STATUS;
	o->reply->status = status_of_tunnel(o->d, t);
}

static void
obey_stats(struct order *o)
{
	const struct tunnel *t = tunnel_of(o, o->request->stats->tunnel);

	if (t == NULL)
		return;
	o->reply->result_case = UPTUN__REPLY__RESULT_STATS;
	o->reply->stats = status_of_counters(o->d, t);
}

static void
obey_watch(struct order *o)
{
	const Uptun__Watch *watch = o->request->watch;
	struct connection *c = o->c;
	Uptun__WatchReply *m = arena_take(&o->d->arena, sizeof *m);

	uptun__watch_reply__init(m);
	if (watch->tunnel == 0)
		c->watches_all = true;
	else if (tunnel_of(o, watch->tunnel) == NULL)
		return;
	else if (!client_watch(c, watch->tunnel)) {
		refuse(o, UPTUN__ERROR__CODE__SYSTEM, NULL, "no memory");
		return;
	}
	c->wants_steps = c->wants_steps || watch->steps;
	c->wants_log = c->wants_log || watch->log;
	o->reply->result_case = UPTUN__REPLY__RESULT_WATCH;
	o->reply->watch = m;
}

/* ---- the daemon itself ---- */

static void
obey_set_log_level(struct order *o)
{
	const Uptun__SetLogLevel *order = o->request->set_log_level;
	Uptun__SetLogLevelReply *m = arena_take(&o->d->arena, sizeof *m);

	uptun__set_log_level_reply__init(m);
	if ((unsigned)order->level >= LOG_LEVEL_N) {
		refuse(o, UPTUN__ERROR__CODE__BAD_REQUEST, "level", "there is no level %d",
		       (int)order->level);
		return;
	}
	m->before = (Uptun__LogLevel)o->d->level;
	o->d->level = (enum log_level)order->level;
	o->reply->result_case = UPTUN__REPLY__RESULT_SET_LOG_LEVEL;
	o->reply->set_log_level = m;
}

static void
obey_version(struct order *o)
{
	struct arena *a = &o->d->arena;
	Uptun__VersionReply *m = arena_take(a, sizeof *m);
	size_t n = 0;

	uptun__version_reply__init(m);
	m->version = arena_text(a, UPTUN_VERSION);
	m->api = API_NUMBER;
	m->tables = journal_tables_hash();
	m->started_s = o->d->started_unix_s;
	m->tunnels_max = o->d->config.max_tunnels;
	while (o->d->sandbox != NULL && o->d->sandbox[n] != NULL)
		n++;
	m->sandbox = arena_take(a, (n + 1) * sizeof *m->sandbox);
	for (; m->n_sandbox < n; m->n_sandbox++)
		m->sandbox[m->n_sandbox] = arena_text(a, o->d->sandbox[m->n_sandbox]);
	o->reply->result_case = UPTUN__REPLY__RESULT_VERSION;
	o->reply->version = m;
}

static size_t
octets_in_logs(const Uptun__LogLine *line)
{
	return protobuf_c_message_get_packed_size(&line->base) + 1 + FRAME_LENGTH_MAX;
}

/* The newest that fit, the oldest of them first. */
static void
obey_logs(struct order *o)
{
	struct arena *a = &o->d->arena;
	const Uptun__Logs *logs = o->request->logs;
	const size_t wanted = logs->lines > 0 ? logs->lines : LOG_LINES_USUAL;
	Uptun__LogsReply *m = arena_take(a, sizeof *m);
	const struct log_line *line;
	size_t octets = 0, n = 0;

	uptun__logs_reply__init(m);
	m->line = arena_take(a, LOG_LINES * sizeof *m->line);
	for (size_t i = 0; n < wanted && (line = log_ring_newest(&o->d->ring, i)) != NULL; i++) {
		if (logs->tunnel != 0 && line->tunnel != logs->tunnel)
			continue;
		m->line[LOG_LINES - 1 - n] = status_of_line(a, line);
		octets += octets_in_logs(m->line[LOG_LINES - 1 - n]);
		if (octets > REPLY_ROOM)
			break;
		n++;
	}
	m->line += LOG_LINES - n;
	m->n_line = n;
	o->reply->result_case = UPTUN__REPLY__RESULT_LOGS;
	o->reply->logs = m;
}

/* A client goes on with the text it began, which others may have had taken anew. */
static void
obey_metrics(struct order *o)
{
	enum { CHUNK = 60000 };
	struct connection *c = o->c;
	const uint32_t from = o->request->metrics->from;
	Uptun__MetricsReply *m = arena_take(&o->d->arena, sizeof *m);
	size_t n;

	uptun__metrics_reply__init(m);
	if (from == 0) {
		metrics_drop(c->metrics);
		c->metrics = metrics_take(o->d);
	}
	if (from == 0 && c->metrics == NULL) {
		refuse(o, UPTUN__ERROR__CODE__SYSTEM, NULL, "no memory");
		return;
	}
	if (c->metrics == NULL || from > c->metrics->n) {
		refuse(o, UPTUN__ERROR__CODE__BAD_REQUEST, "from",
		       "begin at 0, and go on with what `next` says");
		return;
	}
	n = c->metrics->n - from < CHUNK ? c->metrics->n - from : CHUNK;
	m->text = arena_take(&o->d->arena, n + 1);
	memcpy(m->text, c->metrics->text + from, n);
	m->next = from + n < c->metrics->n ? from + (uint32_t)n : 0;
	if (m->next == 0) {
		metrics_drop(c->metrics);
		c->metrics = NULL;
	}
	o->reply->result_case = UPTUN__REPLY__RESULT_METRICS;
	o->reply->metrics = m;
}

/* ---- whose order, and which ---- */

static bool
is_allowed(struct order *o)
{
	const Uptun__Request *request = o->request;

	o->user = o->c->peer.uid;
	if (request->on_behalf_of_case != UPTUN__REQUEST__ON_BEHALF_OF_UID)
		return true;
	if (!o->c->peer.is_gate) {
		refuse(o, UPTUN__ERROR__CODE__NOT_ALLOWED, "uid",
		       "only root and the user of --shim-uid may ask for others");
		return false;
	}
	o->user = (uid_t)request->uid;
	if (rights_allow_user(o->d->config.rights, o->user))
		return true;
	refuse(o, UPTUN__ERROR__CODE__NOT_ALLOWED, "uid", "user %u may not give orders",
	       (unsigned)request->uid);
	return false;
}

static void
obey(struct order *o)
{
	switch (o->request->order_case) {
	case UPTUN__REQUEST__ORDER_UP:
		obey_up(o);
		return;
	case UPTUN__REQUEST__ORDER_DOWN:
		obey_down(o);
		return;
	case UPTUN__REQUEST__ORDER_LIST:
		obey_list(o);
		return;
	case UPTUN__REQUEST__ORDER_STATUS:
		obey_status(o);
		return;
	case UPTUN__REQUEST__ORDER_WATCH:
		obey_watch(o);
		return;
	case UPTUN__REQUEST__ORDER_STATS:
		obey_stats(o);
		return;
	case UPTUN__REQUEST__ORDER_SET_LOG_LEVEL:
		obey_set_log_level(o);
		return;
	case UPTUN__REQUEST__ORDER_VERSION:
		obey_version(o);
		return;
	case UPTUN__REQUEST__ORDER_LOGS:
		obey_logs(o);
		return;
	case UPTUN__REQUEST__ORDER_METRICS:
		obey_metrics(o);
		return;
	case UPTUN__REQUEST__ORDER__NOT_SET:
	case _UPTUN__REQUEST__ORDER__CASE_IS_INT_SIZE:
		break;
	}
	refuse(o, UPTUN__ERROR__CODE__BAD_REQUEST, NULL,
	       "a request without an order, or with one of a newer API");
}

/* A fault inside a profile is the profile's; elsewhere the request's. */
static void
refuse_message(struct order *o, const struct profile_error *why)
{
	static const char around[] = "up.profile";
	const char *field = why->field;

	if (strncmp(field, around, sizeof around - 1) != 0) {
		refuse(o, UPTUN__ERROR__CODE__BAD_REQUEST, field, "%s", why->text);
		return;
	}
	field += sizeof around - 1;
	refuse(o, UPTUN__ERROR__CODE__BAD_PROFILE, field[0] == '.' ? field + 1 : field, "%s", why->text);
}

static void
take(struct order *o, const struct api_message *message)
{
	struct profile_error why = { .line = 0 };

	if (message_check(message->message, &why) != PROFILE_OK)
		refuse_message(o, &why);
	else if (is_allowed(o))
		obey(o);
}

/* Events of what an order did come after its reply. */
static void
tell_accepted(struct daemon *d, uint32_t id)
{
	const struct tunnel *t = tunnel_find(d, id);

	if (t != NULL)
		events_accepted(d, t);
}

bool
orders_take(struct connection *c, struct ut_slice octets)
{
	struct daemon *d = c->d;
	struct profile_error why = { .line = 0 };
	struct api_message *message = api_unpack(&uptun__request__descriptor, octets, &why);
	Uptun__Reply reply = UPTUN__REPLY__INIT;
	struct order o = { .d = d, .c = c, .reply = &reply };
	const bool is_read = message != NULL;
	uint32_t accepted;

	d->counts.requests++;
	arena_reset(&d->arena);
	if (is_read) {
		o.request = api_request(message);
		reply.id = o.request->id;
		take(&o, message);
	} else {
		refuse(&o, UPTUN__ERROR__CODE__BAD_REQUEST, NULL, "%s", why.text);
	}
	accepted = reply.result_case == UPTUN__REPLY__RESULT_UP ? reply.up->tunnel : 0;
	client_reply(c, &reply);
	(void)api_message_free(message);
	if (accepted != 0)
		tell_accepted(d, accepted);
	return is_read;
}
