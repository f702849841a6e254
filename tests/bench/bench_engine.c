/* bench_engine.c - both ends in memory: set-ups a second on one core, and octets of engine a tunnel
 * SPDX-License-Identifier: Apache-2.0
 *
 * usage: bench_engine [ROUNDS]       set-ups of a tunnel with one session, and memory
 *        bench_engine --count        under callgrind: one dump
 *
 * Two engines exchange their datagrams at once and without loss; every other effect is answered with success. After
 * each pass both engines are put back to their first state, by a copy.
 */
#include "fsm/engine.h"
#include "tests/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>

enum { CLIENT, SERVER, SIDES };
enum { TUNNELS = 64 };
enum {
	ROUNDS = 15,
	ROUND_US = 20000,
	EFFECTS = 64,
	EFFECT_OCTETS = 8192,
	DATAGRAM = 512,
	QUEUE = 4 * TUNNELS
};
enum { RANDOM_OCTETS = 256, FIRST_PORT = 1024 };

struct datagram {
	uint8_t to;
	uint16_t n;
	struct ut_path path;
	struct ut_peer from;
	uint8_t octets[DATAGRAM];
};

struct pair {
	struct ut_engine *engine[SIDES], *fresh[SIDES];
	size_t octets[SIDES];
	struct ut_peer address[SIDES];
	struct ut_path listen;
	struct ut_ref clients[TUNNELS];
	struct ut_path paths[TUNNELS]; /* by client */
	struct ut_event event; /* the next; cleared once: of each kind the engine reads what is its own */
	struct datagram queue[QUEUE];
	size_t first, last; /* of the queue */
	uint64_t seed;
	unsigned n_up;
};

static void *
need(void *p)
{
	if (p == NULL)
		abort();
	return p;
}

static void feed(struct pair *p, unsigned side, enum ut_event_kind kind);

static void
feed_random(struct pair *p, unsigned side, size_t wanted)
{
	uint8_t octets[RANDOM_OCTETS];
	const size_t n = wanted < sizeof octets ? wanted : sizeof octets;

	for (size_t i = 0; i < n; i++) {
		p->seed ^= p->seed << 13;
		p->seed ^= p->seed >> 7;
		p->seed ^= p->seed << 17;
		octets[i] = (uint8_t)(p->seed >> 24);
	}
	p->event.bytes = ut_slice(octets, n);
	feed(p, side, UT_EV_RANDOM);
}

static void
send(struct pair *p, unsigned from, const struct ut_effect *fx)
{
	struct datagram *const d = &p->queue[p->last++ % QUEUE];

	if (p->last - p->first > QUEUE || fx->bytes.n > DATAGRAM)
		abort();
	d->to = (uint8_t)!from;
	d->n = (uint16_t)fx->bytes.n;
	memcpy(d->octets, fx->bytes.p, fx->bytes.n);
	d->from = p->address[from];
	/* Each client has a socket of its own, whose port tells the server which. */
	if (from == CLIENT) {
		d->from.port = (uint16_t)(FIRST_PORT + (fx->path.v & UINT16_MAX));
		d->path = p->listen;
	} else {
		d->path = p->paths[fx->peer.port - FIRST_PORT];
	}
}

static void
answer(struct pair *p, unsigned side, enum ut_event_kind kind, const struct ut_effect *fx)
{
	p->event.ref = fx->ref;
	p->event.peer = p->address[SERVER];
	feed(p, side, kind);
}

static void
carry_out(struct pair *p, unsigned side, const struct ut_effect *fx)
{
	switch ((int)fx->kind) {
	case UT_FX_SEND:
		send(p, side, fx);
		break;
	case UT_FX_RESOLVE:
		answer(p, side, UT_EV_RESOLVED, fx);
		break;
	case UT_FX_PROTECT:
		answer(p, side, UT_EV_PROTECTED, fx);
		break;
	case UT_FX_PROBE:
		answer(p, side, UT_EV_PROBED, fx);
		break;
	case UT_FX_OPEN_PATH:
		p->paths[fx->ref.index] = fx->path;
		answer(p, side, UT_EV_PATH_OPENED, fx);
		break;
	case UT_FX_OPEN_SESSION:
		answer(p, side, UT_EV_SESSION_OPENED, fx);
		break;
	case UT_FX_START_PPP:
		answer(p, side, UT_EV_PPP_STARTED, fx);
		answer(p, side, UT_EV_PPP_UP, fx);
		break;
	case UT_FX_REPORT:
		p->n_up += side == CLIENT && fx->report == UT_REPORT_SESSION_UP;
		break;
	default:
		break;
	}
}

static void
feed(struct pair *p, unsigned side, enum ut_event_kind kind)
{
	struct ut_effect v[EFFECTS];
	uint8_t octets[EFFECT_OCTETS];
	struct ut_effects out = { .v = v, .cap = EFFECTS, .octets = octets, .octets_cap = sizeof octets };

	p->event.kind = kind;
	ut_engine_step(p->engine[side], &p->event, &out);
	for (size_t i = 0; i < out.n; i++)
		carry_out(p, side, &v[i]);
	if (out.random_wanted > 0)
		feed_random(p, side, out.random_wanted);
	if (out.more)
		feed(p, side, UT_EV_CONTINUE);
}

/* ---- the pair ---- */

/* Five blocks for two tunnels: two each for their longest message, and one for what comes early. */
static uint16_t
blocks_for(uint16_t n)
{
	return (uint16_t)(n * 5 / 2);
}

static struct ut_engine_config
config_of(unsigned side, uint16_t n)
{
	return (struct ut_engine_config){ .n_params = 1,
					  .n_listeners = side == SERVER ? 1 : 0,
					  .n_tunnels = n,
					  .n_sessions = n,
					  .n_clients = side == CLIENT ? n : 0,
					  .n_links = side == CLIENT ? n : 0,
					  .n_blocks = blocks_for(n) };
}

static struct ut_engine *
engine_new(unsigned side, size_t *octets)
{
	const struct ut_engine_config config = config_of(side, TUNNELS);
	struct ut_l2tp_params params = ut_l2tp_params_default();
	struct ut_engine *e;

	params.accept_tunnels = params.accept_calls = side == SERVER;
	*octets = ut_engine_octets(&config);
	e = ut_engine_init(need(malloc(*octets)), &config);
	ut_engine_set_params(e, 0, &params);
	return e;
}

static struct ut_peer
address_of(unsigned side)
{
	struct ut_peer peer;

	memset(&peer, 0, sizeof peer);
	peer.family = 4;
	peer.port = L2TP_PORT;
	peer.address[0] = 10;
	peer.address[3] = (uint8_t)(1 + side);
	return peer;
}

static struct pair *
pair_new(void)
{
	const struct ut_client_config client = { .n_links = 1,
						 .needs_data_path = true,
						 .setup_ms = 60000,
						 .close_ms = 3000,
						 .backoff_first_ms = 1000 };
	struct pair *const p = need(calloc(1, sizeof *p));
	uint16_t first_link;

	p->seed = 2661;
	p->event.now.us = 1000000;
	for (unsigned side = 0; side < SIDES; side++) {
		p->address[side] = address_of(side);
		p->engine[side] = engine_new(side, &p->octets[side]);
	}
	if (!ut_engine_listen(p->engine[SERVER], 0, &p->listen))
		abort();
	for (unsigned i = 0; i < TUNNELS; i++)
		if (!ut_engine_client_new(p->engine[CLIENT], &client, &p->clients[i], &first_link))
			abort();
	for (unsigned side = 0; side < SIDES; side++) {
		feed_random(p, side, RANDOM_OCTETS);
		p->fresh[side] = need(malloc(p->octets[side]));
		memcpy(p->fresh[side], p->engine[side], p->octets[side]);
	}
	return p;
}

static void
pair_free(struct pair *p)
{
	for (unsigned side = 0; side < SIDES; side++) {
		free(p->engine[side]);
		free(p->fresh[side]);
	}
	free(p);
}

static void
deliver_all(struct pair *p)
{
	while (p->first < p->last) {
		const struct datagram *const d = &p->queue[p->first % QUEUE];

		p->event.path = d->path;
		p->event.peer = d->from;
		p->event.bytes = ut_slice(d->octets, d->n);
		feed(p, d->to, UT_EV_DATAGRAM);
		p->first++; /* only now may another take its place */
	}
}

static void
renew(struct pair *p)
{
	for (unsigned side = 0; side < SIDES; side++)
		memcpy(p->engine[side], p->fresh[side], p->octets[side]);
	p->n_up = 0;
}

static void
check_all_up(const struct pair *p)
{
	if (p->n_up != TUNNELS || ut_engine_counts(p->engine[SERVER]).established != TUNNELS)
		abort();
}

static void
start(struct pair *p, unsigned client)
{
	p->event.ref = p->clients[client];
	feed(p, CLIENT, UT_EV_START);
}

/* Brings every client's session up, one after the other. */
static void
set_up(void *state)
{
	struct pair *const p = state;

	renew(p);
	for (unsigned i = 0; i < TUNNELS; i++) {
		start(p, i);
		deliver_all(p);
	}
	check_all_up(p);
}

/* All at once, which is when the pools are fullest. */
static void
set_up_together(struct pair *p)
{
	renew(p);
	for (unsigned i = 0; i < TUNNELS; i++)
		start(p, i);
	deliver_all(p);
	check_all_up(p);
}

/* ---- results: issue 3 (c) ---- */

static void
print_setups(struct pair *p, unsigned rounds)
{
	const struct bench_subject subject = { "setup", set_up, p, TUNNELS };
	struct bench_time t;
	char note[96];

	bench_run(&subject, 1, rounds, ROUND_US, &t);
	snprintf(note, sizeof note, "both ends; most %.0f; goal >= 400000 by the most: %s", 1e9 / t.min_ns,
		 1e9 / t.min_ns >= 400000 ? "met" : "missed");
	bench_print_figure("engine, set-ups of tunnel and session", 1e9 / t.median_ns, "a second", note);
}

static int
print_memory(void)
{
	static const uint16_t sizes[] = { 10, 100, 1000, 10000 };
	int passed = 1;
	char what[96];

	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		const struct ut_engine_config config = config_of(SERVER, sizes[i]);

		snprintf(what, sizeof what, "engine, octets a tunnel with its session, of %u", sizes[i]);
		passed &= bench_print_gate(what, (double)ut_engine_octets(&config) / sizes[i], 512, "");
	}
	return passed;
}

int
main(int argc, char **argv)
{
	const bool count = argc > 1 && strcmp(argv[1], "--count") == 0;
	struct pair *const p = pair_new();
	int passed = 1;

	if (count) {
		bench_count_instructions(&(struct bench_subject){ "setup", set_up, p, TUNNELS }, "engine");
	} else {
		print_setups(p, argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : ROUNDS);
		set_up_together(p);
		passed = print_memory();
	}
	pair_free(p);
	return passed ? EXIT_SUCCESS : EXIT_FAILURE;
}
