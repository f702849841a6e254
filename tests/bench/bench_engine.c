/* bench_engine.c - L2TP, both ends in memory: set-ups of a tunnel with one session, and octets of engine for it
 * SPDX-License-Identifier: Apache-2.0
 *
 * usage: bench_engine [ROUNDS]       set-ups and memory
 *        bench_engine --count        under callgrind: one dump
 *
 * Datagrams are exchanged at once and without loss.
 */
#include "tests/bench/pair.h"

#include <stdlib.h>

enum { DATAGRAM = 512, QUEUE = 4 * PAIRS, FIRST_PORT = 1024 };

struct datagram {
	uint8_t to;
	uint16_t n;
	struct ut_path path;
	struct ut_peer from;
	uint8_t octets[DATAGRAM];
};

struct wire {
	struct ut_path paths[PAIRS]; /* by client */
	struct datagram queue[QUEUE];
	size_t first, last; /* of the queue */
};

static void
send(struct pair *p, unsigned from, const struct ut_effect *fx)
{
	struct wire *const w = p->wire;
	struct datagram *const d = &w->queue[w->last++ % QUEUE];

	if (w->last - w->first > QUEUE || fx->bytes.n > DATAGRAM)
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
		d->path = w->paths[fx->peer.port - FIRST_PORT];
	}
}

static void
carry_out(struct pair *p, unsigned side, const struct ut_effect *fx)
{
	if (fx->kind == UT_FX_SEND) {
		send(p, side, fx);
	} else if (fx->kind == UT_FX_OPEN_PATH) {
		((struct wire *)p->wire)->paths[fx->ref.index] = fx->path;
		pair_answer(p, side, UT_EV_PATH_OPENED, fx);
	}
}

static void
deliver_all(struct pair *p)
{
	struct wire *const w = p->wire;

	while (w->first < w->last) {
		const struct datagram *const d = &w->queue[w->first % QUEUE];

		p->event.path = d->path;
		p->event.peer = d->from;
		p->event.bytes = ut_slice(d->octets, d->n);
		pair_feed(p, d->to, UT_EV_DATAGRAM);
		w->first++; /* only now may another take its place */
	}
}

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

static void
set_params(struct ut_engine *e, unsigned side)
{
	struct ut_l2tp_params params = ut_l2tp_params_default();

	params.accept_tunnels = params.accept_calls = side == SERVER;
	ut_engine_set_params(e, 0, &params);
}

static unsigned
n_established(const struct ut_engine *e)
{
	return ut_engine_counts(e).established;
}

int
main(int argc, char **argv)
{
	static const struct pair_kind l2tp = {
		.config_of = config_of,
		.set_params = set_params,
		.listen = ut_engine_listen,
		.client = { .n_links = 1,
			    .needs_data_path = true,
			    .setup_ms = 60000,
			    .close_ms = 3000,
			    .backoff_first_ms = 1000 },
		.carry_out = carry_out,
		.deliver_all = deliver_all,
		.n_established = n_established,
		.name = "engine",
		.setups = "engine, set-ups of tunnel and session",
		.octets = "engine, octets a tunnel with its session",
		.octets_max = 512,
		.goal = 400000,
	};
	struct wire *const wire = calloc(1, sizeof *wire);
	int status;

	if (wire == NULL)
		abort();
	status = pair_main(&l2tp, wire, argc, argv);
	free(wire);
	return status;
}
