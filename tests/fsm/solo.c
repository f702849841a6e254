/* solo.c - one engine, a peer played by the test, in virtual time
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/fsm/solo.h"
#include "tests/fsm/rows.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum { EFFECTS = 64, EFFECT_OCTETS = 16384, CALM = 5000 };

struct solo_setup
solo_setup_default(enum solo_role role)
{
	struct solo_setup d;

	memset(&d, 0, sizeof d);
	d.params = ut_l2tp_params_default();
	d.params.hello_s = 0;
	d.params.ack_delay_ms = 0;
	d.params.accept_tunnels = d.params.accept_calls = role == SOLO_SERVER;
	d.client = (struct ut_client_config){ .n_links = 1,
					      .needs_data_path = true,
					      .setup_ms = 60000,
					      .close_ms = 3000,
					      .stop_ms = 3000,
					      .settle_ms = 1000,
					      .backoff_first_ms = 1000,
					      .backoff_cap_ms = 16000 };
	d.config = (struct ut_engine_config){ .n_params = 1,
					      .n_listeners = 1,
					      .n_tunnels = 4,
					      .n_sessions = 8,
					      .n_clients = 1,
					      .n_links = 4,
					      .n_blocks = 64,
					      .trace = true };
	return d;
}

/* ---- the host ---- */

static void
keep_sent(struct solo *s, const struct ut_effect *fx)
{
	struct solo_sent *d = &s->sent[s->n_sent % SOLO_SENT];
	struct l2tp_unhide unhide = { .secret = &s->secret, .scratch = d->scratch, .cap = sizeof d->scratch };
	struct l2tp_fault fault;
	enum l2tp_fault_reason bad;

	assert(fx->bytes.n <= sizeof d->octets);
	memset(&d->message, 0, sizeof d->message);
	memcpy(d->octets, fx->bytes.p, fx->bytes.n);
	d->n = fx->bytes.n;
	d->path = fx->path;
	d->peer = fx->peer;
	d->at = s->now;
	bad = l2tp_header_decode(ut_slice(d->octets, d->n), &d->header, &fault);
	assert(bad == L2TP_FAULT_NONE);
	bad = l2tp_message_decode(ut_slice(d->octets, d->n), &d->header, &unhide, &d->message, &fault);
	(void)bad; /* hidden AVPs with a secret we do not share */
	s->n_sent++;
	if (fx->ref.index != UT_REF_NONE)
		s->tunnel = fx->ref;
	if ((d->message.present & L2TP_HAS(ASSIGNED_TUNNEL_ID)) != 0 && fx->ref.index != UT_REF_NONE)
		s->tid = d->message.assigned_tid;
	if ((d->message.present & L2TP_HAS(ASSIGNED_SESSION_ID)) != 0 && d->message.type != L2TP_CDN)
		s->sid = d->message.assigned_sid;
	if (d->message.type != L2TP_ZLB && d->header.ns == s->nr)
		s->nr++;
}

static void
keep_report(struct solo *s, const struct ut_effect *fx)
{
	if (fx->report == UT_REPORT_BACKOFF)
		s->backoff_ms[s->n_reports[UT_REPORT_BACKOFF] % 32] = fx->number;
	s->n_reports[fx->report]++;
	if (fx->report == UT_REPORT_ENDED)
		s->ended = fx->end;
	if (fx->report == UT_REPORT_TUNNEL_ENDED)
		s->tunnel_end = fx->end;
	if (fx->report == UT_REPORT_SESSION_ENDED)
		s->session_end = fx->end;
	if (fx->report == UT_REPORT_TUNNEL_ENDED || fx->report == UT_REPORT_SESSION_ENDED)
		s->end_octets = fx->bytes.n;
	if (fx->report == UT_REPORT_LINK_ENDED)
		s->link_end = fx->end;
	if (fx->report == UT_REPORT_REFUSED)
		s->refused_pool = fx->number;
}

static bool
answer_to(const struct ut_effect *fx, struct ut_event *ev)
{
	static const struct {
		enum ut_effect_kind fx;
		enum ut_event_kind ev;
	} pairs[] = {
		{ UT_FX_RESOLVE, UT_EV_RESOLVED },
		{ UT_FX_PROTECT, UT_EV_PROTECTED },
		{ UT_FX_PROBE, UT_EV_PROBED },
		{ UT_FX_OPEN_PATH, UT_EV_PATH_OPENED },
		{ UT_FX_OPEN_SESSION, UT_EV_SESSION_OPENED },
		{ UT_FX_START_PPP, UT_EV_PPP_STARTED },
		{ UT_FX_STOP_PPP, UT_EV_PPP_ENDED },
		{ UT_FX_HANGUP_PPP, UT_EV_PPP_ENDED },
		{ UT_FX_KILL_PPP, UT_EV_PPP_ENDED },
	};

	for (size_t k = 0; k < sizeof pairs / sizeof pairs[0]; k++) {
		if (pairs[k].fx == fx->kind) {
			ev->kind = pairs[k].ev;
			return true;
		}
	}
	return false;
}

static void
keep(struct solo *s, const struct ut_effect *fx)
{
	s->n_effects[fx->kind]++;
	if (fx->kind == UT_FX_SEND)
		keep_sent(s, fx);
	if (fx->kind == UT_FX_REPORT)
		keep_report(s, fx);
	if (fx->kind == UT_FX_TRACE)
		rows_count(&fx->trace);
	if (fx->kind == UT_FX_OPEN_PATH)
		s->path = fx->path;
	if (fx->kind == UT_FX_START_PPP)
		s->link = fx->ref;
	if (fx->kind == UT_FX_OPEN_SESSION) {
		s->session = fx->ref;
		s->sid = fx->local_sid; /* which the peer may guess before it is told */
	}
}

static void
answer(struct solo *s, const struct ut_effect *fx)
{
	struct ut_event ev = { .ref = fx->ref, .peer = s->peer, .end = ut_end_of_pppd(s->ppp_status) };

	if (s->silent[fx->kind] || !answer_to(fx, &ev))
		return;
	ev.err = s->fails[fx->kind] ? 5 : 0;
	solo_feed(s, ev);
	if (fx->kind == UT_FX_START_PPP && s->ppp_comes_up && ev.err == 0)
		solo_feed(s, (struct ut_event){ .kind = UT_EV_PPP_UP, .ref = fx->ref });
}

static void
feed_random(struct solo *s, size_t n)
{
	uint8_t noise[256];

	for (size_t k = 0; k < sizeof noise; k++)
		noise[k] = (uint8_t)rand();
	solo_feed(s, (struct ut_event){ .kind = UT_EV_RANDOM, .bytes = ut_slice(noise, n) });
}

void
solo_feed(struct solo *s, struct ut_event event)
{
	struct ut_effect *v = calloc(EFFECTS, sizeof *v);
	uint8_t *octets = malloc(EFFECT_OCTETS);
	struct ut_effects out = { .v = v,
				  .cap = s->in_parts ? UT_EFFECTS_MIN : EFFECTS,
				  .octets = octets,
				  .octets_cap = EFFECT_OCTETS };

	event.now = s->now;
	ut_engine_step(s->e, &event, &out);
	s->has_deadline = out.has_deadline;
	s->deadline = out.deadline;
	for (size_t k = 0; k < out.n; k++)
		keep(s, &v[k]);
	for (size_t k = 0; k < out.n; k++)
		answer(s, &v[k]);
	free(v);
	free(octets);
	if (out.random_wanted > 0 && !s->starve)
		feed_random(s, out.random_wanted);
	if (out.more && !s->starve && !s->in_parts)
		solo_feed(s, (struct ut_event){ .kind = UT_EV_CONTINUE });
	if (!s->starve && !s->in_parts)
		ut_engine_check(s->e);
}

static struct ut_peer
address(uint8_t last)
{
	struct ut_peer p;

	memset(&p, 0, sizeof p);
	p.family = 4;
	p.port = L2TP_PORT;
	p.address[0] = 10;
	p.address[3] = last;
	return p;
}

struct solo *
solo_new(enum solo_role role, const struct solo_setup *setup)
{
	struct solo *s = calloc(1, sizeof *s);
	uint16_t first;
	bool ok;

	srand(1);
	s->role = role;
	s->config = setup->config;
	s->now.us = 1000000;
	s->secret = setup->params.secret;
	s->peer = address(1);
	s->ppp_comes_up = true;
	s->ppp_status = 5;
	s->e = ut_engine_init(malloc(ut_engine_octets(&setup->config)), &setup->config);
	ut_engine_set_params(s->e, 0, &setup->params);
	if (role == SOLO_SERVER)
		ok = ut_engine_listen(s->e, 0, &s->path);
	else
		ok = ut_engine_client_new(s->e, &setup->client, &s->client, &first);
	assert(ok);
	(void)ok;
	s->tunnel.index = s->session.index = s->link.index = UT_REF_NONE;
	feed_random(s, 192);
	return s;
}

void
solo_end(struct solo *s)
{
	struct ut_engine_counts n;

	s->starve = s->in_parts = false;
	memset(s->silent, 0, sizeof s->silent);
	memset(s->fails, 0, sizeof s->fails);
	solo_feed(s, (struct ut_event){ .kind = UT_EV_CONTINUE });
	if (s->role == SOLO_CLIENT)
		solo_stop(s);
	else if (s->tunnel.index != UT_REF_NONE)
		solo_feed(s, (struct ut_event){ .kind = UT_EV_TUNNEL_CLOSE, .ref = s->tunnel });
	solo_run(s, 200000);
	n = ut_engine_counts(s->e);
	assert(n.tunnels == 0 && n.sessions == 0 && n.blocks_free == s->config.n_blocks);
	assert(s->n_effects[UT_FX_OPEN_PATH] == s->n_effects[UT_FX_CLOSE_PATH]);
	if (s->role == SOLO_CLIENT)
		assert(strcmp(ut_engine_client_state(s->e, s->client), "idle") == 0);
	ut_engine_fini(s->e);
	free(s->e);
	free(s);
}

void
solo_start(struct solo *s)
{
	solo_feed(s, (struct ut_event){ .kind = UT_EV_START, .ref = s->client });
}

void
solo_stop(struct solo *s)
{
	solo_feed(
	    s, (struct ut_event){ .kind = UT_EV_STOP, .ref = s->client, .end = { .cause = UT_CAUSE_USER } });
}

void
solo_run(struct solo *s, uint64_t ms)
{
	uint64_t until = s->now.us + ms * 1000;
	unsigned n = 0;

	while (s->has_deadline && s->deadline.us <= until) {
		assert(++n < CALM); /* busy for nothing */
		if (s->deadline.us > s->now.us)
			s->now = s->deadline;
		solo_feed(s, (struct ut_event){ .kind = UT_EV_DEADLINE });
	}
	s->now.us = until;
}

/* ---- the peer ---- */

struct l2tp_message
solo_message(struct solo *s, enum l2tp_message_type type)
{
	const struct l2tp_message_avps *avps = l2tp_message_avps(type);
	struct l2tp_message m;

	(void)s;
	memset(&m, 0, sizeof m);
	m.type = type;
	m.present = avps->required | avps->expected;
	m.protocol_version = 0x0100;
	m.framing_capabilities = 3;
	m.host_name = ut_slice_str("peer");
	m.assigned_tid.v = SOLO_TID;
	m.assigned_sid.v = SOLO_SID;
	m.result = 1;
	m.call_serial = 1;
	m.bearer_type = m.framing_type = 1;
	m.called_number = ut_slice_str("1");
	return m;
}

void
solo_say_octets(struct solo *s, const void *octets, size_t n)
{
	uint8_t *exact = malloc(n > 0 ? n : 1); /* so that a sanitizer sees its end */
	struct ut_event ev = { .kind = UT_EV_DATAGRAM, .path = s->path, .peer = s->peer };

	if (n > 0)
		memcpy(exact, octets, n);
	ev.bytes = ut_slice(exact, n);
	solo_feed(s, ev);
	free(exact);
}

static size_t
encode(struct solo *s, const struct l2tp_message *m, struct l2tp_sid sid, uint8_t octets[SOLO_OCTETS])
{
	struct ut_put w = ut_put_into(octets, SOLO_OCTETS);
	struct l2tp_tid tid = m->type == L2TP_SCCRQ ? (struct l2tp_tid){ 0 } : s->tid;

	l2tp_message_encode(&w, &(struct l2tp_header){ .tid = tid, .sid = sid, .ns = s->ns, .nr = s->nr }, m,
			    NULL);
	assert(!w.full);
	if (m->type != L2TP_ZLB)
		s->ns++;
	return w.len;
}

void
solo_say(struct solo *s, const struct l2tp_message *m, struct l2tp_sid sid)
{
	uint8_t octets[SOLO_OCTETS];
	size_t n = encode(s, m, sid, octets);

	solo_say_octets(s, octets, n);
}

/* Calls are asked for with session 0; other messages of a session name it. */
static struct l2tp_sid
sid_for(const struct solo *s, enum l2tp_message_type type)
{
	bool none = !l2tp_message_is_session(type) || type == L2TP_ICRQ || type == L2TP_OCRQ;

	return none ? (struct l2tp_sid){ 0 } : s->sid;
}

void
solo_say_type(struct solo *s, enum l2tp_message_type type)
{
	struct l2tp_message m = solo_message(s, type);

	solo_say(s, &m, sid_for(s, type));
}

void
solo_say_faulty(struct solo *s, enum l2tp_message_type type)
{
	static const uint8_t unknown[] = { 0x80, 8, 0, 0, 0x03, 0xe7, 0, 0 };
	struct l2tp_message m = solo_message(s, type);
	uint8_t octets[SOLO_OCTETS + sizeof unknown];
	size_t n = encode(s, &m, sid_for(s, type), octets);

	memcpy(octets + n, unknown, sizeof unknown);
	n += sizeof unknown;
	octets[2] = (uint8_t)(n >> 8);
	octets[3] = (uint8_t)n;
	solo_say_octets(s, octets, n);
}

void
solo_ack(struct solo *s)
{
	struct l2tp_message m;

	memset(&m, 0, sizeof m);
	solo_say(s, &m, (struct l2tp_sid){ 0 });
}

const struct solo_sent *
solo_heard(struct solo *s)
{
	while (s->n_read < s->n_sent) {
		const struct solo_sent *d = &s->sent[s->n_read++ % SOLO_SENT];

		if (d->header.payload.n > 0)
			return d;
	}
	return NULL;
}

const struct solo_sent *
solo_expect(struct solo *s, enum l2tp_message_type type)
{
	const struct solo_sent *d = solo_heard(s);

	assert(d != NULL && d->message.type == type);
	return d;
}

unsigned
solo_count(const struct solo *s, enum l2tp_message_type type)
{
	unsigned n = 0;

	for (unsigned k = 0; k < s->n_sent && k < SOLO_SENT; k++)
		n += s->sent[k].message.type == type;
	return n;
}

void
solo_tunnel_up(struct solo *s)
{
	if (s->role == SOLO_CLIENT) {
		solo_start(s);
		(void)solo_expect(s, L2TP_SCCRQ);
		solo_say_type(s, L2TP_SCCRP);
		(void)solo_expect(s, L2TP_SCCCN);
	} else {
		solo_say_type(s, L2TP_SCCRQ);
		(void)solo_expect(s, L2TP_SCCRP);
		solo_say_type(s, L2TP_SCCCN);
	}
	solo_ack(s);
	assert(strcmp(ut_engine_tunnel_state(s->e, s->tunnel), "established") == 0);
}

void
solo_call_up(struct solo *s)
{
	solo_tunnel_up(s);
	if (s->role == SOLO_CLIENT) {
		(void)solo_expect(s, L2TP_ICRQ);
		solo_say_type(s, L2TP_ICRP);
		(void)solo_expect(s, L2TP_ICCN);
	} else {
		solo_say_type(s, L2TP_ICRQ);
		(void)solo_expect(s, L2TP_ICRP);
		solo_say_type(s, L2TP_ICCN);
	}
	solo_ack(s);
	assert(s->n_reports[UT_REPORT_SESSION_UP] > 0);
}
