/* respond_client.c - our own client, in virtual time, in the place of a captured one
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/respond.h"

#include <stdlib.h>

#include "cli/journal/journal_stand_in.h"
#include "fsm/engine.h"

enum {
	EFFECTS = 64,
	EFFECT_OCTETS = 16384,
	QUEUE_MAX = 64,
	BEGIN_US = 1000000, /* of the engine's clock, when the connection begins */
	TUNNELS = 4,
	DATAGRAM_OCTETS_MAX = 65536,
	TURNS_MAX = 100000 /* of the engine's timers, between two messages */
};

struct stand {
	const struct respond_talk *talk;
	struct respond_answer *answer;
	struct journal_stand_in secret;
	bool is_accepted; /* the captured client went on after the server's proof */
	void *memory;
	struct ut_engine *engine;
	struct ut_ref client;
	struct ut_effects out;
	struct ut_effect effects[EFFECTS];
	uint8_t octets[EFFECT_OCTETS], datagram[DATAGRAM_OCTETS_MAX];
	struct ut_event queue[QUEUE_MAX];
	unsigned queued, queue_head;
	struct ut_path path;
	struct ut_time now;
	uint8_t noise;				 /* our ids and challenges need only differ */
	uint16_t tid, next_ns, captured_next_ns; /* of our client, and of the captured one */
	uint16_t sids[RESPOND_CALLS_MAX];
	uint16_t captured_sids[RESPOND_CALLS_MAX], captured_ns[RESPOND_CALLS_MAX]; /* of its ICRQs */
	unsigned n_sids, n_captured_sids;
	bool is_stopped, has_memory;
};

/* ---- what the engine wants done ---- */

static struct ut_peer
server_of(const struct respond_talk *talk)
{
	const struct capture_end *e = &talk->server;
	struct ut_peer peer = { .family = e->is_v6 ? 6 : 4, .port = e->port };

	for (unsigned i = 0; i < 8 && e->is_v6; i++) {
		peer.address[i] = (uint8_t)(e->hi >> (56 - 8 * i));
		peer.address[8 + i] = (uint8_t)(e->lo >> (56 - 8 * i));
	}
	for (unsigned i = 0; i < 4 && !e->is_v6; i++)
		peer.address[i] = (uint8_t)(e->lo >> (24 - 8 * i));
	return peer;
}

static void
answer(struct stand *s, enum ut_event_kind kind, struct ut_ref ref)
{
	struct ut_event *e;

	if (s->queued == QUEUE_MAX)
		return;
	e = &s->queue[(s->queue_head + s->queued++) % QUEUE_MAX];
	*e = (struct ut_event){ .kind = kind, .ref = ref };
	if (kind == UT_EV_RESOLVED)
		e->peer = server_of(s->talk);
}

/* One of ours: new, or sent again. */
static void
on_send(struct stand *s, struct ut_slice datagram)
{
	struct respond_letter letter;

	if (!respond_letter_read(&letter, datagram) || letter.type == L2TP_ZLB ||
	    letter.header.ns != s->next_ns)
		return;
	s->next_ns++;
	if (letter.type == L2TP_SCCRQ)
		s->tid = letter.assigned;
	if (letter.type == L2TP_ICRQ && s->n_sids < RESPOND_CALLS_MAX)
		s->sids[s->n_sids++] = letter.assigned;
	letter.is_of_client = true;
	letter.time_us = s->now.us - BEGIN_US;
	if (letter.type != L2TP_HELLO)
		s->has_memory &= respond_letters_add(&s->answer->sent, &letter, ut_slice(NULL, 0));
}

static void
carry_out(struct stand *s, const struct ut_effect *fx)
{
	if (fx->kind == UT_FX_RESOLVE)
		answer(s, UT_EV_RESOLVED, fx->ref);
	else if (fx->kind == UT_FX_PROTECT)
		answer(s, UT_EV_PROTECTED, fx->ref);
	else if (fx->kind == UT_FX_PROBE)
		answer(s, UT_EV_PROBED, fx->ref);
	else if (fx->kind == UT_FX_OPEN_SESSION)
		answer(s, UT_EV_SESSION_OPENED, fx->ref);
	else if (fx->kind == UT_FX_SEND)
		on_send(s, fx->bytes);
	if (fx->kind == UT_FX_OPEN_PATH) {
		s->path = fx->path;
		answer(s, UT_EV_PATH_OPENED, fx->ref);
	}
	if (fx->kind == UT_FX_START_PPP) {
		answer(s, UT_EV_PPP_STARTED, fx->ref);
		answer(s, UT_EV_PPP_UP, fx->ref);
	}
	if (fx->kind == UT_FX_STOP_PPP || fx->kind == UT_FX_HANGUP_PPP || fx->kind == UT_FX_KILL_PPP)
		answer(s, UT_EV_PPP_ENDED, fx->ref);
}

static void
step(struct stand *s, struct ut_event event)
{
	event.now = s->now;
	do {
		ut_engine_step(s->engine, &event, &s->out);
		for (size_t i = 0; i < s->out.n; i++)
			carry_out(s, &s->out.v[i]);
		journal_stand_in_sent(&s->secret, &s->out);
		event = (struct ut_event){ .kind = UT_EV_CONTINUE, .now = s->now };
	} while (s->out.more && s->out.random_wanted == 0);
}

static void
feed_random(struct stand *s)
{
	uint8_t octets[64];

	for (size_t i = 0; i < sizeof octets; i++)
		octets[i] = s->noise = (uint8_t)(s->noise * 5 + 17);
	step(s, (struct ut_event){ .kind = UT_EV_RANDOM, .bytes = ut_slice(octets, sizeof octets) });
}

static void
feed(struct stand *s, struct ut_event event)
{
	step(s, event);
	for (unsigned turns = 0;
	     turns < TURNS_MAX && (s->queued > 0 || s->out.random_wanted > 0 || s->out.more); turns++) {
		if (s->out.random_wanted > 0) {
			feed_random(s);
		} else if (s->out.more) {
			step(s, (struct ut_event){ .kind = UT_EV_CONTINUE });
		} else {
			s->queued--;
			event = s->queue[s->queue_head];
			s->queue_head = (s->queue_head + 1) % QUEUE_MAX;
			step(s, event);
		}
	}
}

static void
advance(struct stand *s, uint64_t to_us)
{
	for (unsigned turns = 0; turns < TURNS_MAX && s->out.has_deadline && s->out.deadline.us <= to_us;
	     turns++) {
		if (s->now.us < s->out.deadline.us)
			s->now = s->out.deadline;
		feed(s, (struct ut_event){ .kind = UT_EV_DEADLINE });
	}
	if (s->now.us < to_us)
		s->now.us = to_us;
}

/* ---- the captured ends ---- */

static void
put_u16(uint8_t *at, uint16_t v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
}

/* The session of ours that takes the place of the captured client's; 0: we have none.  An id that the captured client
 * hid is learnt from its first use. */
static uint16_t
sid_for(struct stand *s, uint16_t captured)
{
	unsigned i = 0;

	while (i < s->n_captured_sids && s->captured_sids[i] != captured)
		i++;
	for (unsigned k = 0; i == s->n_captured_sids && k < s->n_captured_sids; k++) {
		if (s->captured_sids[k] != 0)
			continue;
		s->captured_sids[k] = captured;
		i = k;
	}
	return i < s->n_captured_sids && i < s->n_sids ? s->sids[i] : 0;
}

/* What the captured client had sent is acknowledged: so is what ours has.  Else no more than then. */
static uint16_t
nr_for(const struct stand *s, uint16_t captured)
{
	if (captured == s->captured_next_ns || (uint16_t)(s->next_ns - captured) >= 0x8000)
		return s->next_ns;
	return captured;
}

/* Ids and numbers of the header become those of our client.  False: it has no such session. */
static bool
readdress(struct stand *s, const struct respond_letter *m, uint8_t *octets)
{
	uint8_t *at = octets + (m->header.has_length ? 4 : 2);
	const uint16_t sid = m->header.sid.v == 0 ? 0 : sid_for(s, m->header.sid.v);

	if (m->header.tid.v != 0)
		put_u16(at, s->tid);
	put_u16(at + 2, sid);
	put_u16(at + 6, nr_for(s, m->header.nr));
	return m->header.sid.v == 0 || sid != 0;
}

static void
from_server(struct stand *s, const struct respond_letter *m)
{
	if (s->answer->is_hidden || m->n > DATAGRAM_OCTETS_MAX)
		return;
	memcpy(s->datagram, m->octets, m->n);
	if (!readdress(s, m, s->datagram))
		return;
	if (journal_stand_in_receive(&s->secret, s->datagram, m->n, s->is_accepted) != JOURNAL_STAND_IN_OK) {
		s->answer->is_hidden = true;
		return;
	}
	feed(s, (struct ut_event){ .kind = UT_EV_DATAGRAM,
				   .path = s->path,
				   .peer = server_of(s->talk),
				   .bytes = ut_slice(s->datagram, m->n) });
}

/* That it ends the call or the tunnel is its user's order, as far as anybody can tell. */
static void
from_client(struct stand *s, const struct respond_letter *m)
{
	if (m->type != L2TP_ZLB && (uint16_t)(m->header.ns - s->captured_next_ns) < 0x8000)
		s->captured_next_ns = (uint16_t)(m->header.ns + 1);
	if ((m->type != L2TP_STOPCCN && m->type != L2TP_CDN) || s->is_stopped)
		return;
	s->is_stopped = true;
	feed(s, (struct ut_event){ .kind = UT_EV_STOP, .ref = s->client, .end.cause = UT_CAUSE_USER });
}

/* ---- its life ---- */

static void
add_call(struct stand *s, const struct respond_letter *icrq)
{
	for (unsigned k = 0; k < s->n_captured_sids; k++)
		if (s->captured_ns[k] == icrq->header.ns)
			return; /* sent again */
	if (s->n_captured_sids == RESPOND_CALLS_MAX)
		return;
	s->captured_ns[s->n_captured_sids] = icrq->header.ns;
	s->captured_sids[s->n_captured_sids++] = icrq->assigned;
}

/* What the whole conversation tells beforehand: calls, and whether there is a secret. */
static void
look_ahead(struct stand *s, struct ut_l2tp_params *params)
{
	for (size_t i = 0; i < s->talk->letters.n; i++) {
		const struct respond_letter *m = &s->talk->letters.v[i];

		if ((m->present & (L2TP_HAS(CHALLENGE) | L2TP_HAS(CHALLENGE_RESPONSE))) != 0)
			s->answer->is_authenticated = true;
		if (!m->is_of_client)
			continue;
		if (m->type == L2TP_SCCRQ && (m->present & L2TP_HAS(CHALLENGE)) != 0)
			params->authenticate_peer = true;
		s->is_accepted |= m->type == L2TP_SCCCN;
		if (m->type == L2TP_ICRQ)
			add_call(s, m);
	}
	if (s->answer->is_authenticated)
		params->secret = s->secret.secret;
}

static bool
begin(struct stand *s)
{
	struct ut_l2tp_params params = ut_l2tp_params_default();
	struct ut_engine_config config = {
		.n_params = 1, .n_tunnels = TUNNELS, .n_clients = 1, .n_blocks = 128
	};
	struct ut_client_config client = {
		.needs_data_path = true, .close_ms = 2000, .stop_ms = 3000, .settle_ms = 1000
	};
	uint16_t first_link;

	if (!journal_stand_in_init(&s->secret, TUNNELS))
		return false;
	params.hello_s = 0; /* nobody would answer it */
	look_ahead(s, &params);
	client.n_links = (uint16_t)(s->n_captured_sids > 0 ? s->n_captured_sids : 1);
	config.n_links = client.n_links;
	config.n_sessions = (uint16_t)(2 * client.n_links);
	s->memory = malloc(ut_engine_octets(&config));
	if (s->memory == NULL)
		return false;
	s->engine = ut_engine_init(s->memory, &config);
	ut_engine_set_params(s->engine, 0, &params);
	return ut_engine_client_new(s->engine, &client, &s->client, &first_link);
}

static void
run(struct stand *s)
{
	s->out = (struct ut_effects){
		.v = s->effects, .cap = EFFECTS, .octets = s->octets, .octets_cap = EFFECT_OCTETS
	};
	s->now.us = BEGIN_US;
	for (unsigned i = 0; i < 4; i++)
		feed_random(s);
	feed(s, (struct ut_event){ .kind = UT_EV_START, .ref = s->client });
	for (size_t i = 0; i < s->talk->letters.n; i++) {
		const struct respond_letter *m = &s->talk->letters.v[i];

		advance(s, BEGIN_US + m->time_us);
		if (m->is_of_client)
			from_client(s, m);
		else
			from_server(s, m);
	}
}

bool
respond_client_run(const struct respond_talk *talk, struct respond_answer *out)
{
	struct stand *s = calloc(1, sizeof *s);
	bool is_run = false;

	if (s == NULL)
		return false;
	s->talk = talk;
	s->answer = out;
	s->has_memory = true;
	if (begin(s)) {
		run(s);
		is_run = s->has_memory;
	}
	journal_stand_in_fini(&s->secret);
	free(s->memory);
	free(s);
	return is_run;
}
