/* bench_engine_pptp.c - PPTP, both ends in memory: set-ups of a connection with one call, and octets of engine for it
 * SPDX-License-Identifier: Apache-2.0
 *
 * usage: bench_engine_pptp [ROUNDS]   set-ups and memory
 *        bench_engine_pptp --count    under callgrind: one dump
 *
 * Octets are exchanged at once, one message a read.
 */
#include "tests/bench/pair.h"

#include <stdlib.h>

enum { QUEUE = 4 * PAIRS };

struct message {
	uint8_t to;
	struct ut_path path;
	size_t n;
	uint8_t octets[PPTP_MESSAGE_OCTETS];
};

struct wire {
	struct ut_path paths[PAIRS][SIDES]; /* by client */
	size_t accepting;		    /* whose connection is being accepted */
	struct message queue[QUEUE];
	size_t first, last; /* of the queue */
};

/* The other end of a path: a client's name has its number, the server's are looked for from there. */
static struct ut_path
other_end(const struct wire *w, unsigned side, struct ut_path path)
{
	size_t i = path.v & UINT16_MAX;

	for (size_t k = 0; k < PAIRS; k++, i = (i + 1) % PAIRS)
		if (w->paths[i][side].v == path.v)
			return w->paths[i][!side];
	abort();
}

static void
send(struct wire *w, unsigned from, const struct ut_effect *fx)
{
	struct message *const m = &w->queue[w->last++ % QUEUE];

	if (w->last - w->first > QUEUE || fx->bytes.n > sizeof m->octets)
		abort();
	m->to = (uint8_t)!from;
	m->path = other_end(w, from, fx->path);
	m->n = fx->bytes.n;
	memcpy(m->octets, fx->bytes.p, fx->bytes.n);
}

static void
connect(struct pair *p, const struct ut_effect *fx)
{
	struct wire *const w = p->wire;

	w->accepting = fx->ref.index;
	w->paths[fx->ref.index][CLIENT] = fx->path;
	p->event.path = p->listen;
	p->event.peer = p->address[CLIENT];
	p->event.local = p->address[SERVER];
	pair_feed(p, SERVER, UT_EV_ACCEPTED);
	pair_answer(p, CLIENT, UT_EV_PATH_OPENED, fx);
}

static void
carry_out(struct pair *p, unsigned side, const struct ut_effect *fx)
{
	struct wire *const w = p->wire;

	if (fx->kind == UT_FX_SEND_STREAM)
		send(w, side, fx);
	else if (fx->kind == UT_FX_OPEN_PATH)
		connect(p, fx);
	else if (fx->kind == UT_FX_ACCEPT_PATH)
		w->paths[w->accepting][SERVER] = fx->path;
}

static void
deliver_all(struct pair *p)
{
	struct wire *const w = p->wire;

	while (w->first < w->last) {
		const struct message *const m = &w->queue[w->first % QUEUE];

		p->event.path = m->path;
		p->event.bytes = ut_slice(m->octets, m->n);
		pair_feed(p, m->to, UT_EV_STREAM);
		w->first++; /* only now may another take its place */
	}
}

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

static void
set_params(struct ut_engine *e, unsigned side)
{
	struct ut_pptp_params params = ut_pptp_params_default();

	params.accept_connections = params.accept_calls = side == SERVER;
	ut_engine_set_pptp_params(e, 0, &params);
}

static unsigned
n_established(const struct ut_engine *e)
{
	return ut_engine_counts(e).connections_established;
}

int
main(int argc, char **argv)
{
	static const struct pair_kind pptp = {
		.config_of = config_of,
		.set_params = set_params,
		.listen = ut_engine_listen_pptp,
		.client = { .protocol = UT_PPTP,
			    .n_links = 1,
			    .needs_data_path = true,
			    .setup_ms = 60000,
			    .close_ms = 3000,
			    .backoff_first_ms = 1000 },
		.carry_out = carry_out,
		.deliver_all = deliver_all,
		.n_established = n_established,
		.name = "engine-pptp",
		.setups = "engine, set-ups of PPTP connection and call",
		.octets = "engine, octets a PPTP connection with its call",
		.octets_max = 1024,
	};
	struct wire *const wire = calloc(1, sizeof *wire);
	int status;

	if (wire == NULL)
		abort();
	status = pair_main(&pptp, wire, argc, argv);
	free(wire);
	return status;
}
