/* world.h - two engines and the network between them, as plain memory
 * SPDX-License-Identifier: Apache-2.0
 *
 * What may happen next is a list of choices; taking one is all that changes a world.  A copy of a world is a world,
 * so that an explorer can take every choice of each.  L2TP has datagrams, which are lost, doubled and overtaken; PPTP
 * has streams, which are cut and merged, reset and refused.
 */
#ifndef TESTS_MODEL_WORLD_H
#define TESTS_MODEL_WORLD_H

#include "fsm/engine.h"

/* WORLD_CLIENT always has a client.  WORLD_SERVER listens, has a client that dials back, or both. */
enum { WORLD_CLIENT, WORLD_SERVER, WORLD_SIDES };
enum { WORLD_FLIGHTS = 14, WORLD_FLIGHT_OCTETS = 196, WORLD_TASKS = 12, WORLD_CHOICES = 512 };
enum { WORLD_PIPES = 3, WORLD_STREAM_OCTETS = 1024, WORLD_SESSIONS = 4, WORLD_LINKS = 2 };

/* How often each kind of trouble may happen in one history. */
struct world_bounds {
	uint8_t timeouts; /* time passes though something else could happen */
	uint8_t failures; /* a result is bad, a connection refused */
	uint8_t client_closes, server_closes;
	uint8_t hang_ups;	 /* the server ends one session */
	uint8_t calls;		 /* the caller places one */
	uint8_t severs;		 /* nothing gets through any more */
	uint8_t losses, doubles; /* of datagrams */
	uint8_t cuts, resets;	 /* of streams */
	uint8_t zero;
};

struct world_setup {
	enum ut_protocol protocol;
	struct ut_l2tp_params l2tp[WORLD_SIDES];
	struct ut_pptp_params pptp[WORLD_SIDES];
	struct ut_client_config client;
	uint16_t n_links[WORLD_SIDES]; /* of the side's client; 0: it has none */
	uint8_t caller;		       /* the side that places a call */
	uint16_t cut_step;	       /* a stream may be cut at each so many octets */
	uint8_t random_mask;	       /* of each octet of randomness: few bits, and ids are drawn twice */
	int reserve_error;	       /* what the kernel says when it does not let us have an id */
	struct world_bounds bounds;
};
struct world_setup world_setup_default(enum ut_protocol protocol);

/* A datagram under way. */
struct world_flight {
	uint8_t to, zero;
	uint16_t n;
	uint8_t octets[WORLD_FLIGHT_OCTETS];
};

/* A TCP connection: end 0 opened it.  One direction of it is what is under way to an end. */
struct world_flow {
	uint16_t n;
	uint16_t rest;	 /* so many of them are of a message that was cut */
	bool fin, reset; /* behind the octets */
	uint8_t octets[WORLD_STREAM_OCTETS];
};
struct world_pipe {
	bool used;
	bool connecting, accepting; /* the end does not know of it yet */
	bool is_open[2];	    /* that end has not given it back */
	uint8_t side;		    /* of end 0 */
	uint16_t zero;
	struct ut_ref client;
	struct ut_path path[2];
	struct world_flow to[2];
};

/* A result that a host owes its engine, and that may come late or be a failure. */
struct world_task {
	uint8_t side, kind; /* enum ut_event_kind of the answer */
	struct ut_ref ref;
};

/* What the kernel of a side has of a session. */
struct world_session {
	uint16_t id, tunnel, generation;
	uint16_t peer_id, local_tid, peer_tid; /* PPTP has no tunnel ids */
	bool is_reserved, is_carried;
};

struct world_side {
	struct ut_ref client; /* UT_REF_NONE: it has none */
	struct ut_ref tunnel; /* the last that came up */
	struct ut_path path, listen;
	bool has_deadline, has_path, is_started, has_ended;
	uint32_t random;
	uint64_t deadline_us;
	uint16_t engine_at;
	bool listens;
	uint8_t links_started, links_up;     /* bits: pppd was started and has not ended; PPP runs */
	uint8_t tunnels_told, sessions_told; /* bits: reported as up, and not as ended */
	struct world_session kernel[WORLD_SESSIONS];
};

struct world {
	struct world_bounds left;
	uint32_t random_mask;
	const char *broken; /* what does not hold, or NULL; from here on world_hash() */
	uint64_t now_us;
	struct world_side side[WORLD_SIDES];
	bool is_severed;
	bool is_stopped; /* somebody sent StopCCN or a Stop-Control-Connection-Request */
	bool has_called; /* a session belongs to no link */
	uint8_t protocol, caller;
	uint8_t n_flights, n_tasks;
	uint8_t zero;
	uint16_t cut_step;
	int32_t reserve_error;
	struct world_task tasks[WORLD_TASKS];
	size_t octets; /* of the world with its engines */
	size_t n_pipes;
	struct world_flight flights[WORLD_FLIGHTS]; /* kept in order, so that equal worlds are equal memory */
	struct world_pipe pipes[];		    /* PPTP's only; the engines follow */
};

/* Allocates a world in which the client has been started; free() it. */
struct world *world_new(const struct world_setup *setup);

enum choice_kind {
	CHOICE_DELIVER,
	CHOICE_LOSE,
	CHOICE_DOUBLE, /* deliver it, and it is still under way */
	CHOICE_ANSWER,
	CHOICE_FAIL,
	CHOICE_TIME,  /* nothing else happens until the next deadline */
	CHOICE_SEVER, /* nothing that is under way, or will be, arrives */
	CHOICE_START,
	CHOICE_CLOSE,
	CHOICE_HANG_UP,
	CHOICE_CALL,
	CHOICE_CONNECT,
	CHOICE_REFUSE,
	CHOICE_ACCEPT,
	CHOICE_READ, /* `octets` of what is under way in a stream, or its end */
	CHOICE_RESET,
	CHOICE_N
};

struct world_choice {
	uint8_t kind;
	uint8_t which; /* flight, task, side, pipe, or pipe * 2 + end */
	uint16_t octets;
};

/* All choices of a world; how many. */
unsigned world_choices(const struct world *w, struct world_choice out[WORLD_CHOICES]);
void world_take(struct world *w, struct world_choice choice);
/* "SCCRQ to the server is lost", one line of at most `n` octets. */
void world_choice_print(const struct world *w, struct world_choice choice, char *text, size_t n);
/* "client tunnel, its tunnel established": one line about a side. */
void world_side_print(struct world *w, unsigned side, char *text, size_t n);

/* ---- like worlds: world_tidy.c ---- */

/* Makes the same what makes no difference: no choice, no rest and nothing that is asked of a world depends on it. */
void world_tidy(struct world *w);
/* Which world it is but for the trouble left, if it is tidied; depends on `seed`, too. */
uint64_t world_hash(const struct world *w, uint64_t seed);
/* The trouble left, in one word; is no kind of it less in `more` than in `less`? */
uint64_t world_left(const struct world *w);
bool world_left_covers(uint64_t more, uint64_t less);

/* No more trouble: the next thing that is under way arrives, or a result comes and is good, or time goes on, no
 * further than `until_us`.  False: there is nothing more to do. */
bool world_settle_move(struct world *w, uint64_t until_us);

/* Are these the same worlds but for the tunnel secret and what is computed from it, the Challenge Response? */
bool world_is_alike(const struct world *a, const struct world *b);

/* Do both ends agree: all up, or all gone?  NULL: yes. */
const char *world_disagreement(struct world *w);
/* No client of either side runs any more. */
bool world_has_ended(const struct world *w);

#endif
