/* fuzz_engine.c - any course of events through the engine (fsm/engine.h)
 * SPDX-License-Identifier: Apache-2.0
 *
 * Input: ten octets of configuration, then operations of one octet and its operands.  One engine holds clients
 * and a listener that talk to each other over a network the input controls: it delivers, drops, doubles and
 * damages datagrams, forges others, answers effects late, wrongly or never, and moves the clock.
 * Oracles: ut_engine_check() after every event; a path, session or PPP is opened and closed in turn; after
 * everything was told to stop and enough time went by, nothing is left.
 */
#include "fsm/engine.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n);

enum { CLIENTS = 2, LINKS = 4, TUNNELS_MAX = 6, SESSIONS_MAX = 6 };
enum { WIRE_MAX = 64, PENDING_MAX = 32, OCTETS_MAX = 1500, EFFECTS = 24, STEPS_MAX = 2000 };

#define CHECK(condition)                                                                \
	do {                                                                            \
		if (!(condition)) {                                                     \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			abort();                                                        \
		}                                                                       \
	} while (0)

struct datagram {
	struct ut_path from, to;
	uint16_t n;
	uint8_t octets[OCTETS_MAX];
};

struct world {
	const uint8_t *in, *end;
	struct ut_engine *e;
	struct ut_engine_config config;
	struct ut_time now;
	uint64_t noise;
	struct ut_path listen;
	struct ut_ref client[CLIENTS];
	struct ut_ref tunnel[TUNNELS_MAX], session[SESSIONS_MAX], link[LINKS];
	struct datagram wire[WIRE_MAX];
	unsigned n_wire;
	struct ut_event pending[PENDING_MAX]; /* answers that the host owes */
	unsigned n_pending;
	bool prompt; /* the host answers at once */
	bool is_path_open[CLIENTS], is_carried[SESSIONS_MAX], runs_ppp[LINKS];
	struct ut_path path[CLIENTS];
	bool has_deadline;
	struct ut_time deadline;
};

/* ---- the input ---- */

static unsigned
take(struct world *w)
{
	return w->in < w->end ? *w->in++ : 0;
}

static uint64_t
noise(struct world *w)
{
	w->noise ^= w->noise << 13;
	w->noise ^= w->noise >> 7;
	w->noise ^= w->noise << 17;
	return w->noise;
}

/* ---- addresses: the listener is 10.0.0.1, client i 10.0.0.2 + i ---- */

static unsigned
client_of(struct ut_path path)
{
	return path.v & 0xffff;
}

static bool
is_listener(const struct world *w, struct ut_path path)
{
	return path.v == w->listen.v;
}

static struct ut_peer
address_of(const struct world *w, struct ut_path path)
{
	struct ut_peer p;

	memset(&p, 0, sizeof p);
	p.family = 4;
	p.address[0] = 10;
	p.address[3] = is_listener(w, path) ? 1 : (uint8_t)(2 + client_of(path));
	p.port = is_listener(w, path) ? L2TP_PORT : (uint16_t)(40000 + client_of(path));
	return p;
}

/* ---- the host ---- */

static void
owe(struct world *w, struct ut_event ev)
{
	if (w->n_pending < PENDING_MAX)
		w->pending[w->n_pending++] = ev;
}

static void
on_send(struct world *w, const struct ut_effect *fx)
{
	struct datagram *d = &w->wire[w->n_wire];

	CHECK(fx->bytes.n <= OCTETS_MAX && fx->bytes.n >= 12);
	if (fx->ref.index < TUNNELS_MAX)
		w->tunnel[fx->ref.index] = fx->ref;
	if (!is_listener(w, fx->path))
		CHECK(client_of(fx->path) < CLIENTS && w->is_path_open[client_of(fx->path)] &&
		      w->path[client_of(fx->path)].v == fx->path.v);
	if (w->n_wire == WIRE_MAX)
		return;
	d->from = fx->path;
	d->to = is_listener(w, fx->path) ? w->path[(fx->peer.address[3] - 2U) % CLIENTS] : w->listen;
	d->n = (uint16_t)fx->bytes.n;
	memcpy(d->octets, fx->bytes.p, fx->bytes.n);
	w->n_wire++;
}

static void
on_resource(struct world *w, const struct ut_effect *fx)
{
	unsigned i = fx->ref.index;

	if (fx->kind == UT_FX_OPEN_PATH) {
		CHECK(!w->is_path_open[i]);
		w->is_path_open[i] = true;
		w->path[i] = fx->path;
	} else if (fx->kind == UT_FX_CLOSE_PATH) {
		CHECK(w->is_path_open[i] && w->path[i].v == fx->path.v);
		w->is_path_open[i] = false;
	} else if (fx->kind == UT_FX_OPEN_SESSION) {
		CHECK(!w->is_carried[i] && fx->peer_sid.v != 0 && fx->local_sid.v != 0);
		w->is_carried[i] = true;
		w->session[i] = fx->ref;
	} else if (fx->kind == UT_FX_CLOSE_SESSION) {
		CHECK(w->is_carried[i]);
		w->is_carried[i] = false;
	} else if (fx->kind == UT_FX_START_PPP) {
		w->runs_ppp[i] = true;
		w->link[i] = fx->ref;
	}
}

static enum ut_event_kind
answer_to(enum ut_effect_kind kind)
{
	switch ((int)kind) {
	case UT_FX_RESOLVE:
		return UT_EV_RESOLVED;
	case UT_FX_PROTECT:
		return UT_EV_PROTECTED;
	case UT_FX_PROBE:
		return UT_EV_PROBED;
	case UT_FX_OPEN_PATH:
		return UT_EV_PATH_OPENED;
	case UT_FX_OPEN_SESSION:
		return UT_EV_SESSION_OPENED;
	case UT_FX_START_PPP:
		return UT_EV_PPP_UP;
	case UT_FX_STOP_PPP:
	case UT_FX_HANGUP_PPP:
	case UT_FX_KILL_PPP:
		return UT_EV_PPP_ENDED;
	default:
		return UT_EVENT_N;
	}
}

static void
carry_out(struct world *w, const struct ut_effect *fx)
{
	struct ut_event ev = { .kind = answer_to(fx->kind), .ref = fx->ref };

	on_resource(w, fx);
	if (fx->kind == UT_FX_SEND)
		on_send(w, fx);
	if (ev.kind == UT_EVENT_N)
		return;
	ev.peer = address_of(w, w->listen);
	ev.end = ut_end_of_pppd((int)(noise(w) % 20));
	owe(w, ev);
}

static void
step(struct world *w, struct ut_event ev, bool *more, size_t *wanted)
{
	struct ut_effect *v = malloc(EFFECTS * sizeof *v);
	uint8_t *octets = malloc(UT_EFFECT_OCTETS_MIN);
	struct ut_effects out = {
		.v = v, .cap = EFFECTS, .octets = octets, .octets_cap = UT_EFFECT_OCTETS_MIN
	};

	CHECK(v != NULL && octets != NULL);
	ev.now = w->now;
	ut_engine_step(w->e, &ev, &out);
	CHECK(out.n <= out.cap && out.octets_n <= out.octets_cap);
	for (size_t k = 0; k < out.n; k++)
		carry_out(w, &v[k]);
	*more = out.more;
	*wanted = out.random_wanted;
	w->has_deadline = out.has_deadline;
	w->deadline = out.deadline;
	free(v);
	free(octets);
}

static void
top_up(struct world *w, bool *more, size_t *wanted)
{
	uint8_t octets[256];
	size_t n = *wanted < sizeof octets ? *wanted : sizeof octets;

	for (size_t k = 0; k < n; k++)
		octets[k] = (uint8_t)noise(w);
	step(w, (struct ut_event){ .kind = UT_EV_RANDOM, .bytes = ut_slice(octets, n) }, more, wanted);
}

static void
feed(struct world *w, struct ut_event ev)
{
	bool more;
	size_t wanted;

	step(w, ev, &more, &wanted);
	for (unsigned n = 0; more || wanted > 0; n++) {
		CHECK(n < STEPS_MAX);
		if (wanted > 0)
			top_up(w, &more, &wanted);
		else
			step(w, (struct ut_event){ .kind = UT_EV_CONTINUE }, &more, &wanted);
	}
	ut_engine_check(w->e);
}

static void
answer_one(struct world *w, unsigned i, int err)
{
	struct ut_event ev = w->pending[i];

	w->pending[i] = w->pending[--w->n_pending];
	ev.err = err;
	if (ev.kind == UT_EV_PPP_UP && err != 0)
		ev.kind = UT_EV_PPP_STARTED;
	if (ev.kind == UT_EV_SESSION_OPENED && err != 0 && ev.ref.index < SESSIONS_MAX &&
	    w->session[ev.ref.index].generation == ev.ref.generation)
		w->is_carried[ev.ref.index] = false;
	feed(w, ev);
}

static void
answer_all(struct world *w)
{
	for (unsigned n = 0; w->n_pending > 0 && n < PENDING_MAX; n++)
		answer_one(w, 0, 0);
}

/* ---- the wire ---- */

static void
deliver(struct world *w, const struct datagram *d)
{
	struct datagram copy = *d;
	uint8_t *exact = malloc(copy.n != 0 ? copy.n : 1); /* so that a sanitizer sees its end */
	struct ut_event ev = { .kind = UT_EV_DATAGRAM, .path = copy.to, .peer = address_of(w, copy.from) };

	CHECK(exact != NULL);
	memcpy(exact, copy.octets, copy.n);
	ev.bytes = ut_slice(exact, copy.n);
	feed(w, ev);
	free(exact);
}

static void
op_wire(struct world *w, unsigned how)
{
	unsigned i;
	struct datagram d;

	if (w->n_wire == 0)
		return;
	i = how / 8 % w->n_wire;
	d = w->wire[i];
	if ((how & 7) != 1) { /* 1: it stays, to come again */
		memmove(&w->wire[i], &w->wire[i + 1], (w->n_wire - i - 1) * sizeof d);
		w->n_wire--;
	}
	if ((how & 7) == 2) /* lost */
		return;
	if ((how & 7) == 3) { /* damaged */
		unsigned at = take(w) | take(w) << 8;

		d.octets[at % d.n] ^= (uint8_t)(take(w) | 1);
	}
	if ((how & 7) == 4) /* cut short */
		d.n = (uint16_t)(d.n * take(w) / 256);
	deliver(w, &d);
}

/* A message that nobody sent, with Ns, Nr and ids near those of one that somebody did. */
static void
op_forge(struct world *w, unsigned how)
{
	static const uint8_t text[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	struct l2tp_message m;
	struct datagram d;
	struct ut_put put;
	uint16_t tid = 0, sid = 0, ns = 0, nr = 0;
	const struct l2tp_message_avps *avps;

	memset(&d, 0, sizeof d);
	memset(&m, 0, sizeof m);
	d.from = w->path[take(w) % CLIENTS];
	d.to = w->listen;
	if (w->n_wire > 0) {
		d = w->wire[how % w->n_wire];
		tid = ut_get_u16(d.octets + 4);
		sid = ut_get_u16(d.octets + 6);
		ns = ut_get_u16(d.octets + 8);
		nr = ut_get_u16(d.octets + 10);
	}
	m.type = (enum l2tp_message_type)(take(w) % L2TP_MESSAGE_N);
	avps = l2tp_message_avps(m.type);
	m.present = avps->required | avps->expected | (take(w) % 2 != 0 ? avps->optional : 0);
	m.protocol_version = take(w) % 8 == 0 ? 0x0200 : 0x0100;
	m.framing_capabilities = 3;
	m.host_name = ut_slice(text, 1 + take(w) % 30);
	m.vendor_name = m.called_number = m.calling_number = m.sub_address = ut_slice(text, 4);
	m.assigned_tid.v = (uint16_t)(1 + take(w) % 8);
	m.assigned_sid.v = (uint16_t)(1 + take(w) % 8);
	m.receive_window = (uint16_t)(1 + take(w) % 16);
	m.challenge = m.challenge_response = ut_slice(text, 16);
	m.tie_breaker = noise(w) >> (take(w) % 64);
	m.result = (uint16_t)take(w);
	m.private_group = m.proxy_name = m.proxy_challenge = m.proxy_response = ut_slice(text, 8);
	m.initial_received_confreq = m.last_sent_confreq = m.last_received_confreq = ut_slice(text, 8);
	put = ut_put_into(d.octets, sizeof d.octets);
	l2tp_message_encode(&put,
			    &(struct l2tp_header){ .tid = { tid },
						   .sid = { (uint16_t)(sid + take(w) % 2) },
						   .ns = (uint16_t)(ns + take(w) % 4),
						   .nr = (uint16_t)(nr + take(w) % 3) },
			    &m, NULL);
	if (put.full)
		return;
	d.n = (uint16_t)put.len;
	deliver(w, &d);
}

static void
op_raw(struct world *w, unsigned how)
{
	struct datagram d;
	unsigned n = take(w) % 64;

	memset(&d, 0, sizeof d);
	d.from = (how & 1) != 0 ? w->listen : w->path[0];
	d.to = (how & 1) != 0 ? w->path[0] : w->listen;
	for (unsigned k = 0; k < n; k++)
		d.octets[k] = (uint8_t)take(w);
	d.n = (uint16_t)n;
	deliver(w, &d);
}

/* ---- time ---- */

static void
op_time(struct world *w, unsigned how)
{
	if (how < 128 && w->has_deadline)
		w->now = w->deadline.us > w->now.us ? w->deadline : w->now;
	else
		w->now.us += (uint64_t)1000 << (how % 20);
	feed(w, (struct ut_event){ .kind = UT_EV_DEADLINE });
}

/* ---- orders, and results nobody asked for ---- */

static void
op_order(struct world *w, unsigned how)
{
	static const enum ut_event_kind kinds[] = { UT_EV_START, UT_EV_START, UT_EV_STOP, UT_EV_NETWORK };
	struct ut_event ev = { .kind = kinds[how % 4], .ref = w->client[how / 4 % CLIENTS] };

	ev.end.cause = UT_CAUSE_USER;
	feed(w, ev);
}

static void
op_news(struct world *w, unsigned how)
{
	static const enum ut_event_kind kinds[] = {
		UT_EV_RESOLVED,	      UT_EV_PROTECTED,	   UT_EV_PROBED,       UT_EV_PATH_OPENED,
		UT_EV_SESSION_OPENED, UT_EV_SESSION_CLOSE, UT_EV_TUNNEL_CLOSE, UT_EV_PPP_STARTED,
		UT_EV_PPP_UP,	      UT_EV_PPP_ENDED,	   UT_EV_PATH_LOST
	};
	struct ut_event ev = { .kind = kinds[how % (sizeof kinds / sizeof kinds[0])] };
	unsigned i = take(w);

	ev.err = (i & 1) != 0 ? 5 : 0;
	ev.peer = address_of(w, w->listen);
	ev.end = ut_end_of_pppd((int)(i % 21));
	ev.ref = w->client[i / 4 % CLIENTS];
	if (ev.kind == UT_EV_SESSION_OPENED || ev.kind == UT_EV_SESSION_CLOSE)
		ev.ref = w->session[i / 4 % SESSIONS_MAX];
	else if (ev.kind == UT_EV_TUNNEL_CLOSE)
		ev.ref = w->tunnel[i / 4 % TUNNELS_MAX];
	else if (ev.kind == UT_EV_PPP_STARTED || ev.kind == UT_EV_PPP_UP || ev.kind == UT_EV_PPP_ENDED)
		ev.ref = w->link[i / 4 % LINKS];
	if ((i & 2) != 0)
		ev.ref.generation = (uint16_t)(ev.ref.generation - 1);
	feed(w, ev);
}

static void
op(struct world *w)
{
	unsigned what = take(w), how = take(w);

	switch (what % 12) {
	case 0:
		op_order(w, how);
		break;
	case 1:
	case 2:
		op_time(w, how);
		break;
	case 3:
		op_news(w, how);
		break;
	case 4:
		op_forge(w, how);
		break;
	case 5:
		op_raw(w, how);
		break;
	case 6:
	case 7:
		if (w->n_pending > 0)
			answer_one(w, how / 4 % w->n_pending, how % 4 == 3 ? 5 : 0);
		break;
	default:
		op_wire(w, how);
		break;
	}
	if (w->prompt)
		answer_all(w);
}

/* ---- beginning and end ---- */

static struct ut_l2tp_params
make_params(struct world *w, bool serves)
{
	struct ut_l2tp_params p = ut_l2tp_params_default();
	unsigned bits = take(w), more = take(w);

	if ((bits & 1) != 0)
		p.secret = (struct l2tp_secret){ .octets = "secret", .n = 6 };
	p.hide_avps = (bits & 2) != 0;
	p.authenticate_peer = (bits & 1) != 0 && (bits & 4) != 0;
	p.tie_breaker = (bits & 8) != 0;
	p.accept_tunnels = serves || (bits & 16) != 0;
	p.accept_calls = serves || (bits & 32) != 0;
	p.hello_s = (bits & 64) != 0 ? 0 : 5;
	p.ack_delay_ms = (bits & 128) != 0 ? 0 : 50;
	p.receive_window = (uint16_t)(1 + more % 8);
	p.tries = (uint8_t)(1 + more / 8 % 6);
	p.send_sequence = (more & 64) != 0;
	return p;
}

static void
make_world(struct world *w)
{
	unsigned pools = take(w), links = take(w), bits = take(w);
	struct ut_client_config c = { .needs_data_path = (bits & 1) != 0,
				      .reconnect = (bits & 2) != 0,
				      .max_attempts = (uint16_t)(bits / 4 % 4),
				      .setup_ms = (bits & 16) != 0 ? 0 : 30000,
				      .close_ms = 3000,
				      .stop_ms = (bits & 32) != 0 ? 0 : 3000,
				      .settle_ms = 1000,
				      .backoff_first_ms = 1000,
				      .backoff_cap_ms = 8000 };
	struct ut_l2tp_params p;
	uint16_t first;

	w->prompt = (bits & 64) != 0;
	w->now.us = (uint64_t)UINT32_MAX * 1000 - 5000000; /* the tick wraps soon */
	w->noise = 1 + (take(w) | (uint64_t)take(w) << 8);
	w->config = (struct ut_engine_config){ .n_params = 2,
					       .n_listeners = 1,
					       .n_tunnels = (uint16_t)(1 + pools % TUNNELS_MAX),
					       .n_sessions = (uint16_t)(1 + pools / 8 % SESSIONS_MAX),
					       .n_clients = CLIENTS,
					       .n_links = LINKS,
					       .n_blocks = (uint16_t)(4 + links / 4 % 64),
					       .trace = (bits & 128) != 0 };
	w->e = ut_engine_init(malloc(ut_engine_octets(&w->config)), &w->config);
	p = make_params(w, true);
	ut_engine_set_params(w->e, 0, &p);
	p = make_params(w, false);
	ut_engine_set_params(w->e, 1, &p);
	CHECK(ut_engine_listen(w->e, 0, &w->listen));
	c.params = 1;
	for (unsigned k = 0; k < CLIENTS; k++) {
		c.n_links = (uint16_t)(1 + (links >> k & 1));
		CHECK(ut_engine_client_new(w->e, &c, &w->client[k], &first));
		w->path[k].v = 0xffff;
	}
	feed(w, (struct ut_event){ .kind = UT_EV_CONTINUE });
}

static void
settle(struct world *w, uint64_t ms)
{
	uint64_t until = w->now.us + ms * 1000;
	unsigned n = 0;

	while (w->has_deadline && w->deadline.us <= until && ++n < STEPS_MAX) {
		w->now = w->deadline.us > w->now.us ? w->deadline : w->now;
		w->n_wire = 0;
		feed(w, (struct ut_event){ .kind = UT_EV_DEADLINE });
		answer_all(w);
	}
	CHECK(n < STEPS_MAX);
}

static void
check_all_gone(struct world *w)
{
	struct ut_engine_counts n;

	for (unsigned k = 0; k < CLIENTS; k++)
		feed(w, (struct ut_event){
			    .kind = UT_EV_STOP, .ref = w->client[k], .end = { .cause = UT_CAUSE_USER } });
	answer_all(w);
	settle(w, 100000);
	for (unsigned k = 0; k < TUNNELS_MAX; k++)
		feed(w, (struct ut_event){ .kind = UT_EV_TUNNEL_CLOSE, .ref = w->tunnel[k] });
	settle(w, 100000);
	n = ut_engine_counts(w->e);
	CHECK(n.tunnels == 0 && n.sessions == 0 && n.blocks_free == w->config.n_blocks);
	for (unsigned k = 0; k < CLIENTS; k++) {
		CHECK(!w->is_path_open[k]);
		CHECK(strcmp(ut_engine_client_state(w->e, w->client[k]), "idle") == 0);
		ut_engine_client_free(w->e, w->client[k]);
	}
	for (unsigned k = 0; k < SESSIONS_MAX; k++)
		CHECK(!w->is_carried[k]);
	CHECK(ut_engine_counts(w->e).links == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	struct world *w = calloc(1, sizeof *w);

	CHECK(w != NULL);
	w->in = octets;
	w->end = octets + n;
	for (unsigned k = 0; k < TUNNELS_MAX; k++)
		w->tunnel[k].index = w->session[k % SESSIONS_MAX].index = w->link[k % LINKS].index =
		    UT_REF_NONE;
	make_world(w);
	for (unsigned k = 0; w->in < w->end && k < 600; k++)
		op(w);
	check_all_gone(w);
	ut_engine_fini(w->e);
	free(w->e);
	free(w);
	return 0;
}
