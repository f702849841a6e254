/* fuzz_engine.c - any course of events through the engine (fsm/engine.h)
 * SPDX-License-Identifier: Apache-2.0
 *
 * Input: ten octets of configuration, then operations of one octet and its operands.  One engine holds clients
 * and a listener that talk to each other over a network the input controls: it delivers, drops, doubles and
 * damages datagrams, forges others, answers effects late, wrongly or never, and moves the clock.
 * Oracles: ut_engine_check() after every event; a path, session or PPP is opened and closed in turn; after
 * everything was told to stop and enough time went by, nothing is left.
 */
#include "fuzz/drive.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n);

enum { TUNNELS_MAX = 6, SESSIONS_MAX = 6 };
enum { WIRE_MAX = 64, OCTETS_MAX = 1500, EFFECTS = 24, STEPS_MAX = 2000, OPS_MAX = 600 };

struct datagram {
	struct ut_path from, to;
	uint16_t n;
	uint8_t octets[OCTETS_MAX];
};

struct world {
	struct drive d;
	struct ut_ref tunnel[TUNNELS_MAX], session[SESSIONS_MAX];
	struct datagram wire[WIRE_MAX];
	unsigned n_wire;
	bool prompt; /* the host answers at once */
	bool is_path_open[DRIVE_CLIENTS], is_carried[SESSIONS_MAX], runs_ppp[DRIVE_LINKS];
	bool was_opened[SESSIONS_MAX]; /* of those that are carried: we were told so */
	struct ut_path path[DRIVE_CLIENTS];
};

/* ---- addresses: the listener is 10.0.0.1, client i 10.0.0.2 + i ---- */

static unsigned
client_of(struct ut_path path)
{
	return path.v & 0xffff;
}

static bool
is_listener(const struct world *w, struct ut_path path)
{
	return path.v == w->d.listen.v;
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
on_send(struct world *w, const struct ut_effect *fx)
{
	struct datagram *d = &w->wire[w->n_wire];

	CHECK(fx->bytes.n <= OCTETS_MAX && fx->bytes.n >= 12);
	if (fx->ref.index < TUNNELS_MAX)
		w->tunnel[fx->ref.index] = fx->ref;
	if (!is_listener(w, fx->path))
		CHECK(client_of(fx->path) < DRIVE_CLIENTS && w->is_path_open[client_of(fx->path)] &&
		      w->path[client_of(fx->path)].v == fx->path.v);
	if (w->n_wire == WIRE_MAX)
		return;
	d->from = fx->path;
	d->to = is_listener(w, fx->path) ? w->path[(fx->peer.address[3] - 2U) % DRIVE_CLIENTS] : w->d.listen;
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
		w->was_opened[i] = false;
		w->session[i] = fx->ref;
	} else if (fx->kind == UT_FX_CLOSE_SESSION) {
		CHECK(w->is_carried[i]);
		w->is_carried[i] = false;
	} else if (fx->kind == UT_FX_START_PPP) {
		w->runs_ppp[i] = true;
		w->d.link[i] = fx->ref;
	}
}

/* The world that a drive is the first member of. */
static struct world *
world_of(struct drive *d)
{
	return (struct world *)d;
}

static void
carry_out(struct drive *d, const struct ut_effect *fx)
{
	struct world *w = world_of(d);
	struct ut_event ev = { .kind = drive_answer_to(fx->kind), .ref = fx->ref };

	on_resource(w, fx);
	if (fx->kind == UT_FX_SEND)
		on_send(w, fx);
	if (ev.kind == UT_EVENT_N)
		return;
	ev.peer = address_of(w, w->d.listen);
	ev.end = ut_end_of_pppd((int)(drive_noise(&w->d) % 20));
	drive_owe(&w->d, ev);
}

/* What could not be opened is not there; what was, is, also when the kernel loses it later: it is closed then. */
static void
note_answer(struct world *w, const struct ut_event *ev)
{
	const unsigned i = ev->ref.index;

	if (ev->kind != UT_EV_SESSION_OPENED || i >= SESSIONS_MAX ||
	    w->session[i].generation != ev->ref.generation)
		return;
	if (ev->err == 0)
		w->was_opened[i] = true;
	else if (!w->was_opened[i])
		w->is_carried[i] = false;
}

static bool
is_owed(const struct drive *d, const struct ut_event *ev)
{
	for (unsigned i = 0; i < d->n_pending; i++) {
		const struct ut_event *owed = &d->pending[i];

		if (owed->kind == ev->kind && owed->ref.index == ev->ref.index &&
		    owed->ref.generation == ev->ref.generation)
			return true;
	}
	return false;
}

static void
answer_one(struct drive *d, unsigned i, int err)
{
	struct world *w = world_of(d);
	struct ut_event ev = drive_due(d, i);

	ev.err = err;
	if (ev.kind == UT_EV_PPP_UP && err != 0)
		ev.kind = UT_EV_PPP_STARTED;
	note_answer(w, &ev);
	drive_feed(&w->d, ev);
}

/* ---- the wire ---- */

static void
empty_wire(struct drive *d)
{
	world_of(d)->n_wire = 0;
}

static void
deliver(struct world *w, const struct datagram *d)
{
	struct datagram copy = *d;
	uint8_t *exact = malloc(copy.n != 0 ? copy.n : 1); /* so that a sanitizer sees its end */
	struct ut_event ev = { .kind = UT_EV_DATAGRAM, .path = copy.to, .peer = address_of(w, copy.from) };

	CHECK(exact != NULL);
	memcpy(exact, copy.octets, copy.n);
	ev.bytes = ut_slice(exact, copy.n);
	drive_feed(&w->d, ev);
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
		unsigned at = drive_take(&w->d) | drive_take(&w->d) << 8;

		d.octets[at % d.n] ^= (uint8_t)(drive_take(&w->d) | 1);
	}
	if ((how & 7) == 4) /* cut short */
		d.n = (uint16_t)(d.n * drive_take(&w->d) / 256);
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
	d.from = w->path[drive_take(&w->d) % DRIVE_CLIENTS];
	d.to = w->d.listen;
	if (w->n_wire > 0) {
		d = w->wire[how % w->n_wire];
		tid = ut_get_u16(d.octets + 4);
		sid = ut_get_u16(d.octets + 6);
		ns = ut_get_u16(d.octets + 8);
		nr = ut_get_u16(d.octets + 10);
	}
	m.type = (enum l2tp_message_type)(drive_take(&w->d) % L2TP_MESSAGE_N);
	avps = l2tp_message_avps(m.type);
	m.present = avps->required | avps->expected | (drive_take(&w->d) % 2 != 0 ? avps->optional : 0);
	m.protocol_version = drive_take(&w->d) % 8 == 0 ? 0x0200 : 0x0100;
	m.framing_capabilities = 3;
	m.host_name = ut_slice(text, 1 + drive_take(&w->d) % 30);
	m.vendor_name = m.called_number = m.calling_number = m.sub_address = ut_slice(text, 4);
	m.assigned_tid.v = (uint16_t)(1 + drive_take(&w->d) % 8);
	m.assigned_sid.v = (uint16_t)(1 + drive_take(&w->d) % 8);
	m.receive_window = (uint16_t)(1 + drive_take(&w->d) % 16);
	m.challenge = m.challenge_response = ut_slice(text, 16);
	m.tie_breaker = drive_noise(&w->d) >> (drive_take(&w->d) % 64);
	m.result = (uint16_t)drive_take(&w->d);
	m.private_group = m.proxy_name = m.proxy_challenge = m.proxy_response = ut_slice(text, 8);
	m.initial_received_confreq = m.last_sent_confreq = m.last_received_confreq = ut_slice(text, 8);
	put = ut_put_into(d.octets, sizeof d.octets);
	l2tp_message_encode(&put,
			    &(struct l2tp_header){ .tid = { tid },
						   .sid = { (uint16_t)(sid + drive_take(&w->d) % 2) },
						   .ns = (uint16_t)(ns + drive_take(&w->d) % 4),
						   .nr = (uint16_t)(nr + drive_take(&w->d) % 3) },
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
	unsigned n = drive_take(&w->d) % 64;

	memset(&d, 0, sizeof d);
	d.from = (how & 1) != 0 ? w->d.listen : w->path[0];
	d.to = (how & 1) != 0 ? w->path[0] : w->d.listen;
	for (unsigned k = 0; k < n; k++)
		d.octets[k] = (uint8_t)drive_take(&w->d);
	d.n = (uint16_t)n;
	deliver(w, &d);
}

/* ---- orders, and results nobody asked for ---- */

static void
op_order(struct world *w, unsigned how)
{
	static const enum ut_event_kind kinds[] = { UT_EV_START, UT_EV_START, UT_EV_STOP, UT_EV_NETWORK };
	struct ut_event ev = { .kind = kinds[how % 4], .ref = w->d.client[how / 4 % DRIVE_CLIENTS] };

	ev.end.cause = UT_CAUSE_USER;
	drive_feed(&w->d, ev);
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
	unsigned i = drive_take(&w->d);

	ev.err = (i & 1) != 0 ? 5 : 0;
	ev.peer = address_of(w, w->d.listen);
	ev.end = ut_end_of_pppd((int)(i % 21));
	ev.ref = w->d.client[i / 4 % DRIVE_CLIENTS];
	if (ev.kind == UT_EV_SESSION_OPENED || ev.kind == UT_EV_SESSION_CLOSE)
		ev.ref = w->session[i / 4 % SESSIONS_MAX];
	else if (ev.kind == UT_EV_TUNNEL_CLOSE)
		ev.ref = w->tunnel[i / 4 % TUNNELS_MAX];
	else if (ev.kind == UT_EV_PPP_STARTED || ev.kind == UT_EV_PPP_UP || ev.kind == UT_EV_PPP_ENDED)
		ev.ref = w->d.link[i / 4 % DRIVE_LINKS];
	if ((i & 2) != 0)
		ev.ref.generation = (uint16_t)(ev.ref.generation - 1);
	if (is_owed(&w->d, &ev)) /* what comes before its answer is one */
		note_answer(w, &ev);
	drive_feed(&w->d, ev);
}

static void
op(struct world *w)
{
	unsigned what = drive_take(&w->d), how = drive_take(&w->d);

	switch (what % 12) {
	case 0:
		op_order(w, how);
		break;
	case 1:
	case 2:
		drive_time(&w->d, how);
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
		if (w->d.n_pending > 0)
			answer_one(&w->d, how / 4 % w->d.n_pending, how % 4 == 3 ? 5 : 0);
		break;
	default:
		op_wire(w, how);
		break;
	}
	if (w->prompt)
		drive_answer_all(&w->d);
}

/* ---- beginning and end ---- */

static struct ut_l2tp_params
make_params(struct world *w, bool serves)
{
	struct ut_l2tp_params p = ut_l2tp_params_default();
	unsigned bits = drive_take(&w->d), more = drive_take(&w->d);

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
	unsigned pools = drive_take(&w->d), links = drive_take(&w->d), bits = drive_take(&w->d);
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

	w->prompt = (bits & 64) != 0;
	w->d.now.us = (uint64_t)UINT32_MAX * 1000 - 5000000; /* the tick wraps soon */
	w->d.noise = 1 + (drive_take(&w->d) | (uint64_t)drive_take(&w->d) << 8);
	w->d.config = (struct ut_engine_config){ .n_params = 2,
						 .n_listeners = 1,
						 .n_tunnels = (uint16_t)(1 + pools % TUNNELS_MAX),
						 .n_sessions = (uint16_t)(1 + pools / 8 % SESSIONS_MAX),
						 .n_clients = DRIVE_CLIENTS,
						 .n_links = DRIVE_LINKS,
						 .n_blocks = (uint16_t)(4 + links / 4 % 64),
						 .trace = (bits & 128) != 0 };
	drive_make_engine(&w->d);
	p = make_params(w, true);
	ut_engine_set_params(w->d.e, 0, &p);
	p = make_params(w, false);
	ut_engine_set_params(w->d.e, 1, &p);
	CHECK(ut_engine_listen(w->d.e, 0, &w->d.listen));
	c.params = 1;
	drive_make_clients(&w->d, c, links);
	for (unsigned k = 0; k < DRIVE_CLIENTS; k++)
		w->path[k].v = 0xffff;
	drive_feed(&w->d, (struct ut_event){ .kind = UT_EV_CONTINUE });
}

static void
check_all_gone(struct world *w)
{
	struct ut_engine_counts n;

	drive_stop_clients(&w->d);
	drive_settle(&w->d, 100000);
	for (unsigned k = 0; k < TUNNELS_MAX; k++)
		drive_feed(&w->d, (struct ut_event){ .kind = UT_EV_TUNNEL_CLOSE, .ref = w->tunnel[k] });
	drive_settle(&w->d, 100000);
	n = ut_engine_counts(w->d.e);
	CHECK(n.tunnels == 0 && n.sessions == 0 && n.blocks_free == w->d.config.n_blocks);
	for (unsigned k = 0; k < DRIVE_CLIENTS; k++)
		CHECK(!w->is_path_open[k]);
	for (unsigned k = 0; k < SESSIONS_MAX; k++)
		CHECK(!w->is_carried[k]);
	drive_free_clients(&w->d);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	struct world *w = calloc(1, sizeof *w);

	CHECK(w != NULL);
	w->d = (struct drive){ .in = octets,
			       .end = octets + n,
			       .effects_cap = EFFECTS,
			       .steps_max = STEPS_MAX,
			       .carry_out = carry_out,
			       .answer = answer_one,
			       .hush = empty_wire };
	for (unsigned k = 0; k < TUNNELS_MAX; k++)
		w->tunnel[k].index = w->session[k % SESSIONS_MAX].index = UT_REF_NONE;
	make_world(w);
	for (unsigned k = 0; w->d.in < w->d.end && k < OPS_MAX; k++)
		op(w);
	check_all_gone(w);
	drive_free_engine(&w->d);
	free(w);
	return 0;
}
