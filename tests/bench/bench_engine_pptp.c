/* bench_engine_pptp.c - PPTP, both ends in memory: set-ups a second on one core, and octets of engine a connection
 * SPDX-License-Identifier: Apache-2.0
 *
 * usage: bench_engine_pptp [ROUNDS]   set-ups of a control connection with one call, and memory
 *        bench_engine_pptp --count    under callgrind: one dump
 *
 * Two engines exchange their octets at once; every other effect is answered with success.  After each pass both engines
 * are put back to their first state, by a copy.
 */
#include "fsm/engine.h"
#include "tests/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>

enum { CLIENT, SERVER, SIDES };
enum { CONNECTIONS = 64, ROUNDS = 15, ROUND_US = 20000, EFFECTS = 64, EFFECT_OCTETS = 8192 };
enum { RANDOM_OCTETS = 256, QUEUE = 4 * CONNECTIONS };

struct message {
	uint8_t to;
	struct ut_path path;
	size_t n;
	uint8_t octets[PPTP_MESSAGE_OCTETS];
};

struct pair {
	struct ut_engine *engine[SIDES], *fresh[SIDES];
	size_t octets[SIDES];
	struct ut_path listen;
	struct ut_ref clients[CONNECTIONS];
	struct ut_path paths[CONNECTIONS][SIDES]; /* by client */
	size_t accepting;			  /* whose connection is being accepted */
	struct message queue[QUEUE];
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

static struct ut_peer
address_of(unsigned side)
{
	struct ut_peer peer;

	memset(&peer, 0, sizeof peer);
	peer.family = 4;
	peer.port = PPTP_PORT;
	peer.address[0] = 10;
	peer.address[3] = (uint8_t)(1 + side);
	return peer;
}

static void feed(struct pair *p, unsigned side, struct ut_event event);

static void
feed_random(struct pair *p, unsigned side, size_t wanted)
{
	uint8_t octets[RANDOM_OCTETS] = { 0 };
	const size_t n = wanted < sizeof octets ? wanted : sizeof octets;

	for (size_t i = 0; i < n; i++) {
		p->seed ^= p->seed << 13;
		p->seed ^= p->seed >> 7;
		p->seed ^= p->seed << 17;
		octets[i] = (uint8_t)(p->seed >> 24);
	}
	feed(p, side, (struct ut_event){ .kind = UT_EV_RANDOM, .bytes = ut_slice(octets, n) });
}

/* The other end of a path: a client's name has its number, the server's are looked for from there. */
static struct ut_path
other_end(const struct pair *p, unsigned side, struct ut_path path)
{
	size_t i = path.v & UINT16_MAX;

	for (size_t k = 0; k < CONNECTIONS; k++, i = (i + 1) % CONNECTIONS)
		if (p->paths[i][side].v == path.v)
			return p->paths[i][!side];
	abort();
}

static void
send(struct pair *p, unsigned from, const struct ut_effect *fx)
{
	struct message *const m = &p->queue[p->last++ % QUEUE];

	if (p->last - p->first > QUEUE || fx->bytes.n > sizeof m->octets)
		abort();
	m->to = (uint8_t)!from;
	m->path = other_end(p, from, fx->path);
	m->n = fx->bytes.n;
	memcpy(m->octets, fx->bytes.p, fx->bytes.n);
}

static void
answer(struct pair *p, unsigned side, enum ut_event_kind kind, const struct ut_effect *fx)
{
	feed(p, side,
	     (struct ut_event){
		 .kind = kind, .ref = fx->ref, .peer = address_of(SERVER), .local = address_of(CLIENT) });
}

static void
connect(struct pair *p, const struct ut_effect *fx)
{
	p->accepting = fx->ref.index;
	p->paths[fx->ref.index][CLIENT] = fx->path;
	feed(p, SERVER,
	     (struct ut_event){ .kind = UT_EV_ACCEPTED,
				.path = p->listen,
				.peer = address_of(CLIENT),
				.local = address_of(SERVER) });
	answer(p, CLIENT, UT_EV_PATH_OPENED, fx);
}

static void
carry_out(struct pair *p, unsigned side, const struct ut_effect *fx)
{
	switch ((int)fx->kind) {
	case UT_FX_SEND_STREAM:
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
		connect(p, fx);
		break;
	case UT_FX_ACCEPT_PATH:
		p->paths[p->accepting][SERVER] = fx->path;
		break;
	case UT_FX_RESERVE_SESSION:
		answer(p, side, UT_EV_SESSION_RESERVED, fx);
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
feed(struct pair *p, unsigned side, struct ut_event event)
{
	struct ut_effect v[EFFECTS];
	uint8_t octets[EFFECT_OCTETS];
	struct ut_effects out = { .v = v, .cap = EFFECTS, .octets = octets, .octets_cap = sizeof octets };

	event.now.us = 1000000;
	ut_engine_step(p->engine[side], &event, &out);
	for (size_t i = 0; i < out.n; i++)
		carry_out(p, side, &v[i]);
	if (out.random_wanted > 0)
		feed_random(p, side, out.random_wanted);
	if (out.more)
		feed(p, side, (struct ut_event){ .kind = UT_EV_CONTINUE });
}

/* ---- the pair ---- */

static struct ut_engine_config
config_of(unsigned side, uint16_t n)
{
	return (struct ut_engine_config){ .n_pptp_params = 1,
					  .n_listeners = side == SERVER ? 1 : 0,
					  .n_connections = n,
					  .n_calls = n,
					  .n_clients = side == CLIENT ? n : 0,
					  .n_links = side == CLIENT ? n : 0 };
}

static struct ut_engine *
engine_new(unsigned side, size_t *octets)
{
	const struct ut_engine_config config = config_of(side, CONNECTIONS);
	struct ut_pptp_params params = ut_pptp_params_default();
	struct ut_engine *e;

	params.accept_connections = params.accept_calls = side == SERVER;
	*octets = ut_engine_octets(&config);
	e = ut_engine_init(need(malloc(*octets)), &config);
	ut_engine_set_pptp_params(e, 0, &params);
	return e;
}

static struct pair *
pair_new(void)
{
	const struct ut_client_config client = { .protocol = UT_PPTP,
						 .n_links = 1,
						 .needs_data_path = true,
						 .setup_ms = 60000,
						 .close_ms = 3000,
						 .backoff_first_ms = 1000 };
	struct pair *const p = need(calloc(1, sizeof *p));
	uint16_t first_link;

	p->seed = 2637;
	for (unsigned side = 0; side < SIDES; side++)
		p->engine[side] = engine_new(side, &p->octets[side]);
	if (!ut_engine_listen_pptp(p->engine[SERVER], 0, &p->listen))
		abort();
	for (unsigned i = 0; i < CONNECTIONS; i++)
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
		const struct message m = p->queue[p->first++ % QUEUE];

		feed(p, m.to,
		     (struct ut_event){
			 .kind = UT_EV_STREAM, .path = m.path, .bytes = ut_slice(m.octets, m.n) });
	}
}

/* Brings every client's call up, one after the other. */
static void
set_up(void *state)
{
	struct pair *const p = state;

	for (unsigned side = 0; side < SIDES; side++)
		memcpy(p->engine[side], p->fresh[side], p->octets[side]);
	p->n_up = 0;
	for (unsigned i = 0; i < CONNECTIONS; i++) {
		feed(p, CLIENT, (struct ut_event){ .kind = UT_EV_START, .ref = p->clients[i] });
		deliver_all(p);
	}
	if (p->n_up != CONNECTIONS ||
	    ut_engine_counts(p->engine[SERVER]).connections_established != CONNECTIONS)
		abort();
}

/* ---- results ---- */

static void
print_setups(struct pair *p, unsigned rounds)
{
	const struct bench_subject subject = { "setup", set_up, p, CONNECTIONS };
	struct bench_time t;
	char note[64];

	bench_run(&subject, 1, rounds, ROUND_US, &t);
	snprintf(note, sizeof note, "both ends; most %.0f", 1e9 / t.min_ns);
	bench_print_figure("engine, set-ups of PPTP connection and call", 1e9 / t.median_ns, "a second",
			   note);
}

static int
print_memory(void)
{
	static const uint16_t sizes[] = { 10, 100, 1000, 10000 };
	int passed = 1;
	char what[96];

	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		const struct ut_engine_config config = config_of(SERVER, sizes[i]);

		snprintf(what, sizeof what, "engine, octets a PPTP connection with its call, of %u",
			 sizes[i]);
		passed &= bench_print_gate(what, (double)ut_engine_octets(&config) / sizes[i], 1024, "");
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
		bench_count_instructions(&(struct bench_subject){ "setup", set_up, p, CONNECTIONS },
					 "engine-pptp");
	} else {
		print_setups(p, argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : ROUNDS);
		passed = print_memory();
	}
	pair_free(p);
	return passed ? EXIT_SUCCESS : EXIT_FAILURE;
}
