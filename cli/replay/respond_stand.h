/* respond_stand.h - our own client in the place of a captured one; private to the files of respond_*
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_REPLAY_RESPOND_STAND_H
#define CLI_REPLAY_RESPOND_STAND_H

#include "cli/journal/journal_stand_in.h"
#include "cli/replay/respond.h"
#include "fsm/engine.h"

enum {
	STAND_EFFECTS = 64,
	STAND_EFFECT_OCTETS = 16384,
	STAND_QUEUE_MAX = 64,
	STAND_BEGIN_US = 1000000, /* of the engine's clock, when the connection begins */
	STAND_TUNNELS = 4,
	STAND_DATAGRAM_OCTETS_MAX = 65536
};

/* A call of the captured client's, and of ours in its place: session ids of L2TP, call ids of PPTP. */
struct stand_calls {
	uint16_t ours[RESPOND_CALLS_MAX], captured[RESPOND_CALLS_MAX];
	uint16_t captured_ns[RESPOND_CALLS_MAX]; /* of the requests */
	unsigned n_ours, n_captured;
};

struct stand {
	const struct respond_talk *talk;
	struct respond_answer *answer;
	struct respond_authentication authentication;
	struct journal_stand_in secret; /* holds the one given, if that fits */
	bool is_accepted;		/* the captured client went on after the server's proof */
	void *memory;
	size_t memory_octets;
	struct ut_engine *engine;
	struct ut_ref client;
	struct ut_effects out;
	struct ut_effect effects[STAND_EFFECTS];
	uint8_t octets[STAND_EFFECT_OCTETS], datagram[STAND_DATAGRAM_OCTETS_MAX];
	size_t taken; /* of a stream's octets, in the last step fed */
	struct ut_event queue[STAND_QUEUE_MAX];
	unsigned queued, queue_head;
	struct ut_path path;
	struct ut_time now;
	size_t noise_n;	     /* octets of randomness fed; ids need only differ */
	size_t challenge_at; /* among them, the engine's first challenge; SIZE_MAX: not known */
	uint16_t tid, next_ns, captured_next_ns; /* of our client, and of the captured one */
	struct stand_calls calls;
	bool is_stopped, has_memory;
};

/* ---- respond_client.c: what both protocols need ---- */

/* The server, as the engine knows it. */
struct ut_peer stand_server(const struct stand *s);

/* Feeds the engine one event, and what follows from it. */
void stand_feed(struct stand *s, struct ut_event event);

/* Keeps what our client sends at this time. */
void stand_keep(struct stand *s, struct respond_letter *letter);

/* The captured client ends the call or the connection: its user's order, as far as anybody can tell. */
void stand_stop(struct stand *s);

/* The randomness of our client, octet by octet: noise, but for its challenge, which is the captured client's, so that
 * the server's proof is one for ours. */
uint8_t stand_noise(const struct stand *s, size_t at);

/* A call of the captured client's, asked for in the message of that number; once. */
void stand_add_call(struct stand *s, uint16_t ns, uint16_t id);

/* ---- respond_l2tp.c ---- */
void stand_l2tp_look_ahead(struct stand *s, struct ut_l2tp_params *params);
void stand_l2tp_send(struct stand *s, struct ut_slice datagram);
void stand_l2tp_from_server(struct stand *s, const struct respond_letter *m);
void stand_l2tp_from_client(struct stand *s, const struct respond_letter *m);

/* ---- respond_pptp.c ---- */
void stand_pptp_look_ahead(struct stand *s);
void stand_pptp_send(struct stand *s, struct ut_slice octets);
void stand_pptp_from_server(struct stand *s, const struct respond_letter *m);
void stand_pptp_from_client(struct stand *s, const struct respond_letter *m);

#endif
