/* world.h - a client's engine, a server's engine and the network between them, as plain memory
 * SPDX-License-Identifier: Apache-2.0
 *
 * What may happen next is a list of choices; taking one is all that changes a world.  A copy of a world is a world,
 * so that an explorer can take every choice of each.
 */
#ifndef TESTS_MODEL_WORLD_H
#define TESTS_MODEL_WORLD_H

#include "fsm/engine.h"

enum { WORLD_CLIENT, WORLD_SERVER, WORLD_SIDES };
enum { WORLD_FLIGHTS = 10, WORLD_FLIGHT_OCTETS = 192, WORLD_TASKS = 6, WORLD_CHOICES = 64 };

/* How often each kind of trouble may happen in one history. */
struct world_bounds {
	uint8_t losses, doubles, timeouts, client_closes, server_closes, failures;
};

struct world_setup {
	struct ut_l2tp_params client_params, server_params;
	struct ut_client_config client;
	struct world_bounds bounds;
};
struct world_setup world_setup_default(void);

/* A datagram under way. */
struct world_flight {
	uint8_t to;
	uint16_t n;
	uint8_t octets[WORLD_FLIGHT_OCTETS];
};

/* A result that a host owes its engine, and that may come late or be a failure. */
struct world_task {
	uint8_t side, kind; /* enum ut_event_kind of the answer */
	struct ut_ref ref;
};

struct world {
	const char *broken; /* what does not hold, or NULL */
	uint64_t now_us;
	uint64_t deadline_us[WORLD_SIDES];
	bool has_deadline[WORLD_SIDES];
	struct world_bounds left;
	bool is_ppp_up, has_ended;
	bool is_stopped; /* somebody sent StopCCN */
	uint8_t n_flights, n_tasks;
	struct world_flight flights[WORLD_FLIGHTS]; /* kept in order, so that equal worlds are equal memory */
	struct world_task tasks[WORLD_TASKS];
	uint32_t random[WORLD_SIDES];
	struct ut_ref client, server_tunnel;
	struct ut_path client_path, listen;
	uint16_t octets; /* of the world with its engines */
	uint16_t engine_at[WORLD_SIDES];
};

/* Allocates a world in which the client has been started; free() it. */
struct world *world_new(const struct world_setup *setup);
struct ut_engine *world_engine(struct world *w, unsigned side);

enum choice_kind {
	CHOICE_DELIVER,
	CHOICE_LOSE,
	CHOICE_DOUBLE, /* deliver it, and it is still under way */
	CHOICE_ANSWER,
	CHOICE_FAIL,
	CHOICE_TIME, /* nothing else happens until the next deadline */
	CHOICE_CLIENT_CLOSE,
	CHOICE_SERVER_CLOSE,
	CHOICE_N
};
const char *world_choice_name(enum choice_kind kind);

struct world_choice {
	uint8_t kind, which; /* flight or task */
};

/* All choices of a world; how many. */
unsigned world_choices(const struct world *w, struct world_choice out[WORLD_CHOICES]);
void world_take(struct world *w, struct world_choice choice);

/* No more trouble: everything under way arrives, every result is good and time goes on, for so long. */
void world_settle(struct world *w, uint64_t ms);

/* Were the same messages under way if not for what is computed from the tunnel secret, the Challenge Response? */
bool world_sends_alike(const struct world *a, const struct world *b);

/* Do both ends agree: all up, or all gone?  NULL: yes. */
const char *world_disagreement(struct world *w);

#endif
