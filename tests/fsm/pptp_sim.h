/* pptp_sim.h - engines that speak PPTP over simulated TCP, in virtual time
 * SPDX-License-Identifier: Apache-2.0
 *
 * Each side is an engine with clients, a listener or both, or no engine at all: then the test plays it word by word.
 * Octets arrive in order and cut anywhere; a side can fall silent, a connection be reset.  The "host" of a side answers
 * every effect at once and well, unless a test says otherwise, and keeps account of what must be given back.
 */
#ifndef TESTS_FSM_PPTP_SIM_H
#define TESTS_FSM_PPTP_SIM_H

#include "fsm/engine.h"

#include <stdio.h>

enum { PS_SIDES = 4, PS_PIPES = 24, PS_CLIENTS = 2, PS_LINKS = 8, PS_CALLS = 16, PS_HEARD = 64 };
enum { PS_OCTETS = 1 << 17, PS_EFFECTS = 64, PS_EFFECT_OCTETS = 16384 };

enum ps_answer { PS_DO, PS_FAIL, PS_IGNORE };

/* A message that a side without engine heard. */
struct ps_heard {
	struct pptp_message m;
	struct ut_time at;
	uint8_t octets[PPTP_MESSAGE_OCTETS];
};

struct ps_side {
	struct ut_engine *e, *twin; /* e NULL: the test plays it */
	size_t octets;
	struct ut_engine_config config;
	struct ut_peer address;
	struct ut_path listen;
	bool listens;
	struct ut_ref client[PS_CLIENTS];
	unsigned target[PS_CLIENTS]; /* the side it dials */
	enum ps_answer answers[UT_EFFECT_N];
	int error;	   /* what PS_FAIL says, an errno */
	unsigned n_taken;  /* so many ids are taken: RESERVE_SESSION fails with `error` that often */
	bool ppp_comes_up; /* START_PPP is followed by PPP_UP */
	bool is_cut;	   /* nothing reaches it or leaves it any more */
	bool link_up[PS_LINKS];
	unsigned n_reports[UT_REPORT_N], n_effects[UT_EFFECT_N];
	unsigned n_datagram_effects[UT_EFFECT_N]; /* of an L2TP client in the same engine */
	unsigned said[PPTP_MESSAGE_N];
	struct ut_end ended[PS_CLIENTS], tunnel_end, session_end;
	bool has_ended[PS_CLIENTS];
	struct ut_ref tunnel, session; /* the last that came up or was reserved */
	uint32_t refused_pool;
	struct ut_effect note; /* the last UT_REPORT_LINK_INFO or _WAN_ERRORS or _FAULT */
	bool is_reserved[PS_CALLS], is_carried[PS_CALLS];
	struct pptp_call_id reserved_id[PS_CALLS];
	struct ps_heard heard[PS_HEARD]; /* of a side without engine */
	unsigned n_heard, n_read;
	unsigned talks; /* on pipe[talks - 1]; 0: on the first that is open */
};

/* One direction of a TCP connection. */
struct ps_flow {
	uint8_t *octets;
	size_t n;
	struct ut_time at; /* of the next delivery */
	bool fin;	   /* after the octets */
	bool fin_seen;
};

/* A TCP connection: end 0 opened it. */
struct ps_pipe {
	bool used;
	uint8_t side[2];
	bool is_open[2]; /* that end has not given it back */
	struct ut_path path[2];
	struct ut_ref client; /* whose it is, of end 0 */
	bool connecting;
	struct ut_time connected_at;
	struct ps_flow to[2];	      /* towards end 0, towards end 1 */
	struct pptp_stream stream[2]; /* of ends without engine */
};

struct ps {
	struct ps_side side[PS_SIDES];
	struct ps_pipe pipe[PS_PIPES];
	struct ut_time now;
	uint64_t seed;
	uint32_t delay_us;
	bool cut; /* octets arrive in pieces of any size */
	FILE *narrate;
};

struct ps_side_setup {
	bool has_engine, listens;
	uint16_t n_clients;
	unsigned target;
	struct ut_pptp_params params, listener_params;
	struct ut_client_config client;
	struct ut_engine_config config;
};

/* Side 0 dials side 1 with one link; 2 and 3 are not there. */
void ps_setup_default(struct ps_side_setup setup[PS_SIDES]);
struct ps *ps_new(const struct ps_side_setup setup[PS_SIDES], uint64_t seed);
/* Requires that nothing is left anywhere. */
void ps_end(struct ps *s);

void ps_feed(struct ps *s, unsigned side, struct ut_event event);
void ps_start(struct ps *s, unsigned side, unsigned client);
void ps_stop(struct ps *s, unsigned side, unsigned client);
void ps_call(struct ps *s, unsigned side); /* UT_EV_CALL on the side's last connection */
void ps_make_twins(struct ps *s);

/* One thing happens at or before so many ms from now; false when nothing does. */
bool ps_turn(struct ps *s, uint64_t ms);
void ps_run(struct ps *s, uint64_t ms);
bool ps_run_until(struct ps *s, bool (*done)(const struct ps *), uint64_t ms);

/* The pipe of a side that is open, or NULL. */
struct ps_pipe *ps_pipe_of(struct ps *s, unsigned side);
/* The network drops the connection: both ends hear of it (errno). */
void ps_reset(struct ps *s, struct ps_pipe *p, int err);

/* ---- a side without engine ---- */
struct ps_pipe *ps_dial(struct ps *s, unsigned from, unsigned to);
void ps_say(struct ps *s, unsigned from, const struct pptp_message *m);
void ps_say_octets(struct ps *s, unsigned from, const void *octets, size_t n);
void ps_hang_up(struct ps *s, unsigned from); /* FIN */
/* The next message it heard, after what is on its way has come; NULL when there is none. */
const struct pptp_message *ps_hear(struct ps *s, unsigned side);
const struct pptp_message *ps_expect(struct ps *s, unsigned side, enum pptp_message_type type);
/* A message of that type with plausible fields. */
struct pptp_message ps_message(enum pptp_message_type type);

#endif
