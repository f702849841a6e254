/* sim.h - two engines, a network that loses, doubles and reorders, and a clock that jumps
 * SPDX-License-Identifier: Apache-2.0
 *
 * The client engine runs one or more profiles against the server engine's listener.  The "host" of each is
 * simulated: every effect is answered at once and well, unless a test says otherwise.
 */
#ifndef TESTS_FSM_SIM_H
#define TESTS_FSM_SIM_H

#include "fsm/engine.h"
#include "tests/fsm/machines.h"

#include <stdio.h>

enum { SIM_CLIENT, SIM_SERVER, SIM_SIDES };
enum { SIM_IN_FLIGHT = 512, SIM_OCTETS = 1500, SIM_LINKS = 16, SIM_EFFECTS = 64, SIM_EFFECT_OCTETS = 16384 };

struct sim_datagram {
	bool used;
	uint8_t to;
	struct ut_time at;
	uint64_t order;
	struct ut_peer from;
	struct ut_path path; /* of the receiver */
	uint16_t n;
	uint8_t octets[SIM_OCTETS];
};

/* Refuses (or silences) an effect: what the simulated host does instead of its usual answer. */
enum sim_answer { SIM_DO, SIM_FAIL, SIM_IGNORE };

struct sim {
	struct ut_engine *engine[SIM_SIDES];
	struct ut_engine *twin[SIM_SIDES]; /* sim_make_twins(): copies that are stepped alike and compared */
	size_t octets[SIM_SIDES];
	struct ut_time now;
	uint64_t seed;
	unsigned loss_percent, double_percent, reorder_percent; /* each way */
	uint32_t delay_us;
	bool cut[SIM_SIDES]; /* nothing more reaches this side */
	struct ut_path listen;
	struct ut_ref client;
	struct ut_path client_path;
	struct ut_peer address[SIM_SIDES];
	uint64_t order;
	struct sim_datagram in_flight[SIM_IN_FLIGHT];
	enum sim_answer answers[UT_EFFECT_N]; /* of the client's host */
	bool ppp_comes_up;		      /* START_PPP is followed by PPP_UP */
	bool link_up[SIM_LINKS];
	unsigned n_reports[SIM_SIDES][UT_REPORT_N];
	unsigned n_effects[SIM_SIDES][UT_EFFECT_N];
	unsigned sent[SIM_SIDES][L2TP_MESSAGE_N]; /* datagrams, by message type; [0]: ZLB */
	unsigned rows_hit[SIM_SIDES][MACHINES][ROWS_MAX];
	struct ut_end ended; /* of the last client's UT_REPORT_ENDED */
	bool has_ended;
	struct ut_end session_end, tunnel_end; /* the client's last */
	FILE *narrate;			       /* NULL: silent */
	void (*on_send)(struct sim *s, unsigned from, const uint8_t *octets, size_t n); /* may be NULL */
	bool (*drop)(struct sim *s, unsigned from, const uint8_t *octets, size_t n);	/* may be NULL */
};

/* Everything by default: one profile with one link, 1 ms delay, no trouble, PPP comes up. */
struct sim_setup {
	struct ut_l2tp_params client_params, server_params;
	struct ut_client_config client;
	struct ut_engine_config engine[SIM_SIDES];
	uint64_t seed;
};
struct sim_setup sim_setup_default(void);

struct sim *sim_new(const struct sim_setup *setup);
void sim_free(struct sim *s);

void sim_start(struct sim *s);
void sim_stop(struct sim *s);
/* Feeds one event and carries out what comes of it. */
void sim_feed(struct sim *s, unsigned side, struct ut_event event);
/* Puts octets on the wire to a side, as if from the other. */
void sim_inject(struct sim *s, unsigned to, const void *octets, size_t n);

/* Copies both engines; from now on each copy gets every event too, and must do the same. */
void sim_make_twins(struct sim *s);

/* One thing happens: a datagram or a deadline; false when nothing does within the time. */
bool sim_turn(struct sim *s, uint64_t ms);

/* Runs for so long of virtual time, or until nothing is left to happen. */
void sim_run(struct sim *s, uint64_t ms);
/* Runs until `done` says so; false when the time is up first. */
bool sim_run_until(struct sim *s, bool (*done)(const struct sim *), uint64_t ms);

bool sim_is_link_up(const struct sim *s);
bool sim_has_ended(const struct sim *s);
/* Deterministic noise of the simulation. */
uint64_t sim_random(struct sim *s);

#endif
