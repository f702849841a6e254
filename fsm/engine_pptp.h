/* engine_pptp.h - PPTP's part of the engine: control connections over streams, and their calls
 * SPDX-License-Identifier: Apache-2.0
 *
 * A connection and a call of PPTP are to the rest of the engine what a tunnel and a session of L2TP are.  Their slots are
 * counted on their own; seen from outside they follow L2TP's.
 */
#ifndef FSM_ENGINE_PPTP_H
#define FSM_ENGINE_PPTP_H

#include "fsm/engine_internal.h"

/* ---- control connections ---- */
enum connection_flag {
	CONNECTION_USED = 1,
	CONNECTION_ORIGINATED = 2, /* we opened TCP */
	CONNECTION_WAS_UP = 4,
	CONNECTION_CLEARING = 8, /* its calls are being cleared: the next state is wait-stop-reply */
	CONNECTION_CLOSED = 16,	 /* its path is given back, nothing more is sent or heard */
	CONNECTION_TURN = 32,	 /* a turn is queued */
	CONNECTION_TOLD = 64	 /* its client knows that it is down */
};

/* The request of ours that is under way: one at a time, since some peers read one message a turn (interop 39). */
enum connection_asks { ASKS_NOTHING, ASKS_START, ASKS_CALL, ASKS_CLEAR, ASKS_ECHO, ASKS_STOP };

struct connection {
	uint16_t generation;
	uint8_t state; /* enum pptp_cc_state */
	uint8_t flags;
	uint8_t asks;
	uint8_t zero;
	uint16_t asks_call; /* of ASKS_CALL and ASKS_CLEAR */
	uint16_t params, client;
	uint16_t first_call, last_call, n_calls;
	uint16_t cursor;    /* of the clearing under way, a call */
	uint16_t n_wanting; /* calls that wait for their turn */
	uint16_t path_use;
	struct ut_path path;
	struct ut_peer peer, local;
	uint32_t echo_id;
	struct ut_end end;
	struct pptp_stream stream;
};

/* ---- calls ---- */
enum call_flag {
	CALL_USED = 1,
	CALL_WANTS_OPEN = 2,  /* idle, and waits for its turn */
	CALL_OWES_CLEAR = 4,  /* its Call-Clear-Request waits for its turn */
	CALL_RESERVING = 8,   /* RESERVE_SESSION is out, its result is not back */
	CALL_RESERVED = 16,   /* the kernel keeps its id */
	CALL_OPENING = 32,    /* OPEN_SESSION is to follow or is out, its result is not back */
	CALL_PEER_KNOWN = 64, /* the peer's id is known, which may be 0 */
	CALL_OVER = 128	      /* hung up: reported, and its data path closed */
};

struct call {
	uint16_t generation;
	uint8_t kind; /* enum pptp_call_kind */
	uint8_t state;
	uint8_t flags;
	uint8_t tries; /* ids that the kernel did not let us have */
	uint8_t was_up, is_carried;
	struct pptp_call_id local_id, peer_id;
	uint16_t connection, link;
	uint16_t next, prev; /* in the connection's list, oldest first */
	uint16_t serial;
	struct ut_end end;
};

/* The message an event came with, and what became of the judgement on it. */
struct pptp_occasion {
	const struct pptp_message *message; /* NULL for local events */
	uint8_t result, error;		    /* what a refusal says */
	bool loses;			    /* its SCCRQ lost the collision (RFC 2637 3.1.3) */
	struct ut_end end;		    /* what the machine's end is put down to */
};

struct connection *engine_connection(struct ut_engine *e, uint16_t i);
struct call *engine_call(struct ut_engine *e, uint16_t i);
struct ut_pptp_params *engine_pptp_params(struct ut_engine *e, uint16_t i);
struct ut_index engine_call_index(struct ut_engine *e);
struct ut_index engine_call_peer_index(struct ut_engine *e);

uint16_t connection_number(struct ut_engine *e, const struct connection *c);
uint16_t call_number(struct ut_engine *e, const struct call *s);
struct ut_ref connection_ref(struct ut_engine *e, const struct connection *c);
struct ut_ref call_ref(struct ut_engine *e, const struct call *s);
struct ut_pptp_params *connection_params(struct ut_engine *e, const struct connection *c);

/* ---- slots: engine_pptp_slots.c ---- */
struct connection *connection_new(struct step *st, uint16_t params, uint16_t client);
void connection_free(struct step *st, struct connection *c);
struct connection *connection_of_path(struct ut_engine *e, struct ut_path path);
struct ut_path connection_path(struct ut_engine *e, const struct connection *c);
struct call *call_new(struct step *st, struct connection *c, enum pptp_call_kind kind, uint16_t link);
void call_free(struct step *st, struct call *s);
/* Another id, since this one is taken elsewhere; false when there is none. */
bool call_renumber(struct step *st, struct call *s) UT_MUST_USE;
void call_learn_peer(struct ut_engine *e, struct call *s, struct pptp_call_id id);
/* To another connection, before anything was said about it. */
void call_move(struct ut_engine *e, struct call *s, struct connection *to);
struct call *call_by_id(struct ut_engine *e, const struct connection *c, struct pptp_call_id id);
struct call *call_by_peer_id(struct ut_engine *e, const struct connection *c, struct pptp_call_id id);

void timer_set_connection(struct step *st, struct connection *c, uint32_t ms);
void timer_stop_connection(struct step *st, struct connection *c);
void timer_set_call(struct step *st, struct call *s, uint32_t ms);
void timer_stop_call(struct step *st, struct call *s);
void pptp_timer_run(struct step *st, uint16_t node);

/* ---- the control connection: engine_pptp_cc.c ---- */
void connection_step(struct step *st, struct connection *c, enum pptp_cc_event event,
		     struct pptp_occasion *o);
/* An event that brings its own cause. */
void connection_end(struct step *st, struct connection *c, enum pptp_cc_event event, struct ut_end end);
void connection_event(struct step *st, const struct ut_event *in);
void connection_timer(struct step *st, struct connection *c);
/* Something was received: the wait for a sign of life begins anew. */
void connection_heard(struct step *st, struct connection *c);
void connection_work(struct step *st, const struct work *w);
/* How long a last word is waited for. */
uint32_t connection_clear_ms(struct ut_engine *e, const struct connection *c);

/* ---- turns: engine_pptp_turn.c ---- */
void pptp_turn_queue(struct step *st, struct connection *c);
void pptp_turn_run(struct step *st, struct connection *c);
/* A request goes out, or is answered. */
void pptp_turn_take(struct connection *c, enum connection_asks asks, uint16_t call);
void pptp_turn_over(struct step *st, struct connection *c, enum connection_asks asks, uint16_t call);
/* May this call's Call-Clear-Request go out now? */
bool pptp_turn_is_free_for(struct ut_engine *e, const struct connection *c, const struct call *s);

/* ---- calls: engine_pptp_call.c ---- */
void call_step(struct step *st, struct call *s, enum pptp_call_event event, struct pptp_occasion *o);
/* A call of ours: it opens when its turn comes.  NULL when there is no slot. */
struct call *call_place(struct step *st, struct connection *c, uint16_t link);
void call_report(struct step *st, const struct call *s, enum ut_report_kind kind,
		 const struct pptp_message *m);
void call_reserve(struct step *st, struct call *s);
bool call_needs_data_path(struct ut_engine *e, const struct call *s);
void call_event(struct step *st, const struct ut_event *in);
void call_timer(struct step *st, struct call *s);
void call_work(struct step *st, const struct work *w);

/* ---- receiving: engine_pptp_receive.c ---- */
void stream_accepted(struct step *st, const struct ut_event *in);
void stream_closed(struct step *st, const struct ut_event *in);
/* Takes one message or the rest off the front of `*rest`; false when nothing is left of it. */
bool stream_read(struct step *st, struct ut_path path, struct ut_slice *rest);

/* ---- sending: engine_pptp_send.c ---- */
void send_pptp_cc(struct step *st, struct connection *c, enum pptp_message_type type,
		  const struct pptp_occasion *o);
void send_pptp_call(struct step *st, struct call *s, enum pptp_message_type type,
		    const struct pptp_occasion *o);
/* An OCRP or ICRP to a request for which there is no slot. */
void send_pptp_refusal(struct step *st, struct connection *c, const struct pptp_message *request,
		       const struct pptp_occasion *o);
/* An SCCRP for a connection for which there is no slot. */
struct ut_slice put_sccrp_without_resources(struct step *st, uint16_t params);

void pptp_check(struct ut_engine *e);

#endif
