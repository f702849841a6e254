/* pair.c - both ends in memory: set-ups a second on one core, and octets of engine a pair
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/bench/pair.h"
#include "tests/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 15, ROUND_US = 20000, EFFECTS = 64, EFFECT_OCTETS = 8192, RANDOM_OCTETS = 256 };

static void *
need(void *p)
{
	if (p == NULL)
		abort();
	return p;
}

/* ---- the host ---- */

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
	pair_feed(p, side, UT_EV_RANDOM);
}

void
pair_answer(struct pair *p, unsigned side, enum ut_event_kind kind, const struct ut_effect *fx)
{
	p->event.ref = fx->ref;
	p->event.peer = p->address[SERVER];
	p->event.local = p->address[CLIENT];
	pair_feed(p, side, kind);
}

static void
carry_out(struct pair *p, unsigned side, const struct ut_effect *fx)
{
	switch ((int)fx->kind) {
	case UT_FX_RESOLVE:
		pair_answer(p, side, UT_EV_RESOLVED, fx);
		break;
	case UT_FX_PROTECT:
		pair_answer(p, side, UT_EV_PROTECTED, fx);
		break;
	case UT_FX_PROBE:
		pair_answer(p, side, UT_EV_PROBED, fx);
		break;
	case UT_FX_RESERVE_SESSION:
		pair_answer(p, side, UT_EV_SESSION_RESERVED, fx);
		break;
	case UT_FX_OPEN_SESSION:
		pair_answer(p, side, UT_EV_SESSION_OPENED, fx);
		break;
	case UT_FX_START_PPP:
		pair_answer(p, side, UT_EV_PPP_STARTED, fx);
		pair_answer(p, side, UT_EV_PPP_UP, fx);
		break;
	case UT_FX_REPORT:
		p->n_up += side == CLIENT && fx->report == UT_REPORT_SESSION_UP;
		break;
	default:
		p->kind->carry_out(p, side, fx);
		break;
	}
}

void
pair_feed(struct pair *p, unsigned side, enum ut_event_kind kind)
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
		pair_feed(p, side, UT_EV_CONTINUE);
}

/* ---- the pair ---- */

static struct ut_engine *
engine_new(const struct pair_kind *kind, unsigned side, size_t *octets)
{
	const struct ut_engine_config config = kind->config_of(side, PAIRS);
	struct ut_engine *e;

	*octets = ut_engine_octets(&config);
	e = ut_engine_init(need(malloc(*octets)), &config);
	kind->set_params(e, side);
	return e;
}

static struct ut_peer
address_of(const struct pair_kind *kind, unsigned side)
{
	struct ut_peer peer;

	memset(&peer, 0, sizeof peer);
	peer.family = 4;
	peer.port = kind->client.protocol == UT_PPTP ? PPTP_PORT : L2TP_PORT;
	peer.address[0] = 10;
	peer.address[3] = (uint8_t)(1 + side);
	return peer;
}

static struct pair *
pair_new(const struct pair_kind *kind, void *wire)
{
	struct pair *const p = need(calloc(1, sizeof *p));
	uint16_t first_link;

	p->kind = kind;
	p->wire = wire;
	p->seed = 2661;
	p->event.now.us = 1000000;
	for (unsigned side = 0; side < SIDES; side++) {
		p->address[side] = address_of(kind, side);
		p->engine[side] = engine_new(kind, side, &p->octets[side]);
	}
	if (!kind->listen(p->engine[SERVER], 0, &p->listen))
		abort();
	for (unsigned i = 0; i < PAIRS; i++)
		if (!ut_engine_client_new(p->engine[CLIENT], &kind->client, &p->clients[i], &first_link))
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
renew(struct pair *p)
{
	for (unsigned side = 0; side < SIDES; side++)
		memcpy(p->engine[side], p->fresh[side], p->octets[side]);
	p->n_up = 0;
}

static void
check_all_up(const struct pair *p)
{
	if (p->n_up != PAIRS || p->kind->n_established(p->engine[SERVER]) != PAIRS)
		abort();
}

static void
start(struct pair *p, unsigned client)
{
	p->event.ref = p->clients[client];
	pair_feed(p, CLIENT, UT_EV_START);
}

/* Brings every client's session up, one after the other. */
static void
set_up(void *state)
{
	struct pair *const p = state;

	renew(p);
	for (unsigned i = 0; i < PAIRS; i++) {
		start(p, i);
		p->kind->deliver_all(p);
	}
	check_all_up(p);
}

/* All at once, which is when the pools are fullest. */
static void
set_up_together(struct pair *p)
{
	renew(p);
	for (unsigned i = 0; i < PAIRS; i++)
		start(p, i);
	p->kind->deliver_all(p);
	check_all_up(p);
}

/* ---- results: issue 3 (c) ---- */

static void
print_setups(struct pair *p, unsigned rounds)
{
	const struct bench_subject subject = { "setup", set_up, p, PAIRS };
	const double goal = p->kind->goal;
	struct bench_time t;
	char note[96];
	int n;

	bench_run(&subject, 1, rounds, ROUND_US, &t);
	n = snprintf(note, sizeof note, "both ends; most %.0f", 1e9 / t.min_ns);
	if (goal > 0)
		snprintf(note + n, sizeof note - (size_t)n, "; goal >= %.0f by the most: %s", goal,
			 1e9 / t.min_ns >= goal ? "met" : "missed");
	bench_print_figure(p->kind->setups, 1e9 / t.median_ns, "a second", note);
}

static int
print_memory(const struct pair_kind *kind)
{
	static const uint16_t sizes[] = { 10, 100, 1000, 10000 };
	int passed = 1;
	char what[96];

	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		const struct ut_engine_config config = kind->config_of(SERVER, sizes[i]);

		snprintf(what, sizeof what, "%s, of %u", kind->octets, sizes[i]);
		passed &= bench_print_gate(what, (double)ut_engine_octets(&config) / sizes[i],
					   kind->octets_max, "");
	}
	return passed;
}

int
pair_main(const struct pair_kind *kind, void *wire, int argc, char **argv)
{
	const bool count = argc > 1 && strcmp(argv[1], "--count") == 0;
	struct pair *const p = pair_new(kind, wire);
	int passed = 1;

	if (count) {
		bench_count_instructions(&(struct bench_subject){ "setup", set_up, p, PAIRS }, kind->name);
	} else {
		print_setups(p, argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : ROUNDS);
		set_up_together(p);
		passed = print_memory(kind);
	}
	pair_free(p);
	return passed ? EXIT_SUCCESS : EXIT_FAILURE;
}
