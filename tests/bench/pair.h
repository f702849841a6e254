/* pair.h - both ends in memory: two engines whose host answers every effect at once and well
 * SPDX-License-Identifier: Apache-2.0
 *
 * After each pass both engines are put back to their first state, by a copy.
 */
#ifndef TESTS_BENCH_PAIR_H
#define TESTS_BENCH_PAIR_H

#include "fsm/engine.h"

enum { CLIENT, SERVER, SIDES };
enum { PAIRS = 64 }; /* clients, each with one session */

struct pair;

/* What is a protocol's own. */
struct pair_kind {
	struct ut_engine_config (*config_of)(unsigned side, uint16_t n); /* for n pairs */
	void (*set_params)(struct ut_engine *e, unsigned side);
	bool (*listen)(struct ut_engine *e, uint16_t params, struct ut_path *out);
	struct ut_client_config client;
	/* Sends, and opens the client's paths; other effects come here too, and need nothing. */
	void (*carry_out)(struct pair *p, unsigned side, const struct ut_effect *fx);
	/* What was sent arrives, and what is sent then, until nothing is on its way. */
	void (*deliver_all)(struct pair *p);
	unsigned (*n_established)(const struct ut_engine *e);

	const char *name;   /* of the dump of callgrind */
	const char *setups; /* of the figure */
	const char *octets; /* of the gate */
	double octets_max;  /* of a pair in the server's engine */
	double goal;	    /* set-ups a second, by the most; 0: none */
};

struct pair {
	const struct pair_kind *kind;
	void *wire; /* the kind's own */
	struct ut_engine *engine[SIDES], *fresh[SIDES];
	size_t octets[SIDES];
	struct ut_peer address[SIDES];
	struct ut_path listen;
	struct ut_ref clients[PAIRS];
	struct ut_event event; /* the next; cleared once: of each kind the engine reads what is its own */
	uint64_t seed;
	unsigned n_up;
};

/* Feeds p->event as one of this kind, and carries out what comes of it. */
void pair_feed(struct pair *p, unsigned side, enum ut_event_kind kind);
/* Answers an effect of this side. */
void pair_answer(struct pair *p, unsigned side, enum ut_event_kind kind, const struct ut_effect *fx);

/* The whole program: set-ups and memory, or with --count one dump under callgrind. `wire` is for the kind. */
int pair_main(const struct pair_kind *kind, void *wire, int argc, char **argv);

#endif
