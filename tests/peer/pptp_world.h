/* pptp_world.h - a PPTP client and a server with bad habits, a stream between them, and a clock that jumps
 * SPDX-License-Identifier: Apache-2.0
 *
 * Two engines; the hosts around them are simulated and do everything at once and well.
 */
#ifndef TESTS_PEER_PPTP_WORLD_H
#define TESTS_PEER_PPTP_WORLD_H

#include "fsm/engine.h"
#include "tests/peer/pptp_behave.h"

enum { WORLD_CLIENT, WORLD_SERVER, WORLD_SIDES };
enum { WORLD_IN_FLIGHT = 32 * 1024, WORLD_EFFECTS = 64, WORLD_EFFECT_OCTETS = 16 * 1024 };

/* One direction of the connection. */
struct world_pipe {
	uint8_t octets[WORLD_IN_FLIGHT];
	size_t n, piece;	/* at most `piece` octets are read at once; 0: all */
	bool is_ended, is_told; /* FIN or RST follows the octets; it was read */
	int err;		/* 0: FIN */
};

struct world {
	struct ut_engine *engine[WORLD_SIDES];
	struct ut_time now, deadline[WORLD_SIDES];
	bool has_deadline[WORLD_SIDES];
	struct ut_path listener, path[WORLD_SIDES];
	struct ut_ref client, call; /* the server's last call */
	struct world_pipe to[WORLD_SIDES];
	struct pptp_behave behave;
	struct pptp_behave_talk talk;
	bool is_connected;
	bool link_up, has_ended;
	struct ut_end ended, call_end;
	unsigned sent[WORLD_SIDES][PPTP_MESSAGE_N]; /* as they came from the engine */
	size_t octets_sent[WORLD_SIDES];
	unsigned reports[WORLD_SIDES][UT_REPORT_N];
	uint64_t seed;
};

/* `words`: the server's habits; after how much silence either asks, 0: never; both take `reply_s` for an answer. */
struct world *world_new(const char *words, uint16_t client_echo_s, uint16_t server_echo_s, uint16_t reply_s);
void world_free(struct world *w);

void world_start(struct world *w); /* the client's profile */
void world_stop(struct world *w);
void world_feed(struct world *w, unsigned side, struct ut_event event);
void world_run(struct world *w, uint64_t ms);
/* Until `done`, which may be world_is_up() or world_has_ended(); false when the time was up first. */
bool world_run_until(struct world *w, bool (*done)(const struct world *), uint64_t ms);
bool world_is_up(const struct world *w);
bool world_has_ended(const struct world *w);

#endif
