/* engine_internal.h - what the engine's files share
 * SPDX-License-Identifier: Apache-2.0
 *
 * The engine is one block: the header below, then arrays at the offsets it names.  Everything refers by index.
 */
#ifndef FSM_ENGINE_INTERNAL_H
#define FSM_ENGINE_INTERNAL_H

#include "fsm/blocks.h"
#include "fsm/client.h"
#include "fsm/engine.h"
#include "fsm/index.h"
#include "fsm/l2tp_cc.h"
#include "fsm/l2tp_session.h"
#include "fsm/pptp_call.h"
#include "fsm/pptp_cc.h"
#include "fsm/transport.h"
#include "fsm/wheel.h"

enum { UT_NONE = 0xffff };

/* ---- one tunnel: control connection and its transport ---- */
enum tunnel_flag {
	TUNNEL_USED = 1,
	TUNNEL_HEARD = 2,	/* a valid message of the peer came */
	TUNNEL_PINNED = 4,	/* the peer's port is known for good */
	TUNNEL_DRAINING = 8,	/* the machine is done, the transport is not (RFC 2661 5.8) */
	TUNNEL_LINGERING = 16,	/* draining only to acknowledge the peer's repetitions */
	TUNNEL_CHALLENGED = 32, /* we sent the challenge kept below */
	TUNNEL_FLUSH = 64,	/* a flush is queued */
	TUNNEL_ENDED = 128	/* its sessions are gone and its client knows */
};
enum tunnel_timer { TIMER_RETRANSMIT, TIMER_ACK, TIMER_HELLO, TIMER_END, TIMER_CALLS, TIMER_N };

struct tunnel {
	uint16_t generation;
	uint8_t state; /* enum l2tp_cc_state */
	uint8_t flags;
	uint8_t armed; /* bit = tunnel_timer */
	uint8_t zero;
	struct l2tp_tid local_tid, peer_tid;
	uint16_t params, client;
	uint16_t first_session, n_sessions;
	uint16_t cursor; /* of the broadcast under way, a session */
	struct ut_path path;
	struct ut_peer peer;
	struct ut_tick at[TIMER_N];
	struct l2tp_transport transport;
	struct ut_end end;
	uint64_t tie_breaker;
	uint8_t challenge[L2TP_VECTOR_OCTETS];
};

/* ---- one session ---- */
enum session_flag {
	SESSION_USED = 1,
	SESSION_OPENING = 2, /* OPEN_SESSION is out, its result is not back */
	SESSION_CARRIED = 4, /* a data path stands */
	SESSION_WAS_UP = 8,
	SESSION_OVERDUE = 16 /* if it is not up when its tunnel next looks */
};

struct session {
	uint16_t generation;
	uint8_t kind; /* enum l2tp_session_kind */
	uint8_t state;
	uint8_t flags;
	uint8_t zero;
	struct l2tp_sid local_sid, peer_sid;
	uint16_t tunnel, link;
	uint16_t next, prev; /* in the tunnel's list */
	uint32_t call_serial;
	struct ut_end end;
};

/* ---- one client and its links ---- */
struct client {
	struct ut_client_config config;
	uint16_t generation;
	uint8_t used, state;
	uint8_t stops;	   /* how often it was asked to stop */
	uint8_t was_up;	   /* some link has been up since the start */
	uint16_t attempts; /* since the last success */
	uint16_t tunnel, first_link, n_live;
	uint16_t path_use; /* part of the path's name: one socket, one name */
	bool path_open;
	struct ut_peer peer, local; /* local: of a stream */
	struct ut_tick started;
	struct ut_end end;
};

struct link {
	uint16_t generation;
	uint8_t used, state;
	uint8_t press; /* how hard PPP was asked to end */
	uint8_t ppp_runs;
	uint16_t client, session, attempts;
	struct ut_end end;
};

/* ---- work to do: small, so that a step can stop and go on ---- */
enum work_kind {
	WORK_CC,      /* event to a control connection */
	WORK_SESSION, /* event to a session */
	WORK_CLIENT,
	WORK_LINK,
	WORK_OPEN_SESSIONS,  /* tunnel-open to each waiting session, one a turn */
	WORK_CLOSE_SESSIONS, /* tunnel-closed to each session, one a turn, then the tunnel's end */
	WORK_LINKS,	     /* an event to a link and, in the next turn, to its client's next */
	WORK_FLUSH,	     /* what the window lets out, one message a turn */
	WORK_ACK,	     /* an acknowledgement, unless a message has carried it by now */
	WORK_DELIVER,	     /* what came early and is in order now, one message a turn */
	/* PPTP */
	WORK_CONNECTION,  /* event to a control connection */
	WORK_CALL,	  /* event to a call */
	WORK_TURN,	  /* the next request of a connection, if none is under way */
	WORK_CLEAR_CALLS, /* close to each call, one a turn */
	WORK_END_CALLS	  /* control connection closed to each call, one a turn, then the connection's end */
};

struct work {
	uint8_t kind, event;
	uint16_t index, generation;
};

/* WORK_MAX: a unit of work adds a handful and is drained before the next.  RANDOM_NEED: the most a unit takes. */
enum { WORK_MAX = 32, RANDOM_MAX = 192, RANDOM_NEED = 80 };

struct listener {
	uint16_t params;
	uint8_t used, protocol;
};

struct ut_engine {
	struct ut_engine_config config;
	uint32_t params_at, listeners_at, tunnels_at, sessions_at, clients_at, links_at, blocks_at, nodes_at;
	uint32_t tid_buckets_at, tid_next_at, sid_buckets_at, sid_next_at, peer_buckets_at, peer_next_at;
	uint32_t tid_mask, sid_mask, peer_mask;
	uint32_t octets;
	struct ut_time now;
	uint64_t hash_seed;
	uint32_t call_serial;
	uint16_t free_tunnel, free_session; /* where the search for a free slot starts */
	uint16_t n_tunnels, n_sessions;
	uint32_t pptp_params_at, connections_at, calls_at; /* PPTP */
	uint32_t call_buckets_at, call_next_at, call_peer_buckets_at, call_peer_next_at, call_mask;
	uint16_t free_connection, free_call;
	uint16_t free_client, free_link;
	uint16_t n_connections, n_calls;
	struct ut_blocks blocks;
	struct ut_wheel wheel;
	uint8_t wheel_started;
	uint8_t zero;
	uint16_t work_head, work_n;
	struct work work[WORK_MAX];
	uint16_t random_n;
	uint8_t random[RANDOM_MAX];
};

/* One step under way. */
struct step {
	struct ut_engine *e;
	struct ut_effects *out;
	struct ut_tick now;
};

/* ---- arrays ---- */
struct ut_l2tp_params *engine_params(struct ut_engine *e, uint16_t i);
struct listener *engine_listener(struct ut_engine *e, uint16_t i);
struct tunnel *engine_tunnel(struct ut_engine *e, uint16_t i);
struct session *engine_session(struct ut_engine *e, uint16_t i);
struct client *engine_client(struct ut_engine *e, uint16_t i);
struct link *engine_link(struct ut_engine *e, uint16_t i);
struct ut_block *engine_blocks(struct ut_engine *e);
struct ut_wheel_node *engine_nodes(struct ut_engine *e);
struct ut_index engine_tid_index(struct ut_engine *e);
struct ut_index engine_sid_index(struct ut_engine *e);
struct ut_index engine_peer_index(struct ut_engine *e);

uint16_t tunnel_number(struct ut_engine *e, const struct tunnel *t);
uint16_t session_number(struct ut_engine *e, const struct session *s);
uint16_t client_number(struct ut_engine *e, const struct client *c);
uint16_t link_number(struct ut_engine *e, const struct link *l);
struct ut_ref tunnel_ref(struct ut_engine *e, const struct tunnel *t);
struct ut_ref session_ref(struct ut_engine *e, const struct session *s);
struct ut_ref client_ref(struct ut_engine *e, const struct client *c);
struct ut_ref link_ref(struct ut_engine *e, const struct link *l);

/* How many timers there are: tunnels, clients, links, connections and calls have one each, in this order. */
uint16_t engine_n_nodes(const struct ut_engine *e);
bool path_is_listener(struct ut_path path);

/* ---- effects ---- */
struct ut_effect *effect_add(struct step *st, enum ut_effect_kind kind, struct ut_ref ref);
struct ut_effect *report_add(struct step *st, enum ut_report_kind kind, struct ut_ref ref);
/* Of a tunnel: `client` says whose it is. */
struct ut_effect *report_add_tunnel(struct step *st, enum ut_report_kind kind, struct tunnel *t);
/* n octets of the effects' buffer; the step has seen to the room. */
uint8_t *effect_octets(struct step *st, size_t n);
struct ut_slice effect_copy(struct step *st, struct ut_slice s, size_t max);
/* One step of a machine, the only place where a state changes: finds the row, stores the new state, leaves a trace. */
const struct ut_row *machine_step(struct step *st, const struct ut_machine *m, struct ut_ref ref,
				  uint8_t *state, uint8_t event, uint8_t answer);
/* Whose step that was, told at once after it; UT_NONE: nobody's.  A link says its client. */
void trace_owner(struct step *st, uint16_t client, uint16_t link);

/* ---- work ---- */
void work_add(struct step *st, enum work_kind kind, uint8_t event, struct ut_ref ref);
void work_cc(struct step *st, struct tunnel *t, enum l2tp_cc_event event);
void work_session(struct step *st, struct session *s, enum l2tp_session_event event);
void work_client(struct step *st, uint16_t client, enum ut_client_event event);
void work_link(struct step *st, uint16_t link, enum ut_link_event event);

void work_run(struct step *st, const struct work *w);

/* ---- randomness ---- */
bool random_take(struct ut_engine *e, void *out, size_t n);

/* ---- timers ---- */
void timer_set_tunnel(struct step *st, struct tunnel *t, enum tunnel_timer which, uint32_t ms);
void timer_stop_tunnel(struct step *st, struct tunnel *t, enum tunnel_timer which);
void timer_set_client(struct step *st, struct client *c, uint32_t ms);
void timer_stop_client(struct step *st, struct client *c);
void timer_set_link(struct step *st, struct link *l, uint32_t ms);
void timer_stop_link(struct step *st, struct link *l);
void timer_run(struct step *st, uint16_t node);
/* Time went on by so much that ticks cannot tell before from after: whatever was armed is due. */
void timer_all_due(struct step *st);
/* No timer is armed: the wheel's idea of time may go stale, so it is told. */
void timer_keep_time(struct step *st);

/* ---- tunnels: engine_tunnel.c ---- */
struct tunnel *tunnel_new(struct step *st, uint16_t params, uint16_t client, struct ut_path path,
			  struct ut_peer peer);
void tunnel_free(struct step *st, struct tunnel *t);
struct tunnel *tunnel_by_tid(struct ut_engine *e, struct l2tp_tid tid);
struct tunnel *tunnel_by_peer(struct ut_engine *e, struct ut_path path, const struct ut_peer *peer,
			      struct l2tp_tid peer_tid);
void tunnel_learn_peer_tid(struct ut_engine *e, struct tunnel *t, struct l2tp_tid tid);
void tunnel_timer(struct step *st, struct tunnel *t);
void tunnel_flush(struct step *st, struct tunnel *t);
void tunnel_queue_flush(struct step *st, struct tunnel *t);
void tunnel_ended(struct step *st, struct tunnel *t);
void tunnel_release(struct step *st, struct tunnel *t);
void tunnel_event(struct step *st, const struct ut_event *in);
uint32_t tunnel_cycle_ms(struct ut_engine *e, const struct tunnel *t);

/* ---- control connection: engine_cc.c ---- */

/* The message an event came with, and what became of the judgement on it. */
struct occasion {
	const struct l2tp_message *message; /* NULL for local events */
	const struct l2tp_header *header;
	const struct l2tp_fault *fault;
	struct l2tp_result refuse;   /* what StopCCN or CDN says when the answer is "not acceptable" */
	struct ut_end end;	     /* what the machine's end is put down to */
	enum l2tp_cc_event cc_event; /* what the control connection is told */
	bool requeue, turn_away;     /* what the row asked the receiver to do with the SCCRQ */
};
void cc_step(struct step *st, struct tunnel *t, enum l2tp_cc_event event, struct occasion *o);

/* ---- sessions: engine_session.c ---- */
struct session *session_new(struct step *st, struct tunnel *t, enum l2tp_session_kind kind, uint16_t link);
struct session *session_by_sid(struct ut_engine *e, const struct tunnel *t, struct l2tp_sid sid);
void session_step(struct step *st, struct session *s, enum l2tp_session_event event, struct occasion *o);
void session_refuse(struct step *st, struct tunnel *t, struct l2tp_sid peer_sid, struct l2tp_result result);
bool session_is_waiting(const struct session *s);
/* TIMER_CALLS: ends the calls that no client owns and that took too long to connect; looks again while there are any. */
void session_watch(struct step *st, struct session *s);
void session_end_overdue(struct step *st, struct tunnel *t);
void session_event(struct step *st, const struct ut_event *in);

/* ---- receiving: engine_receive.c ---- */
void receive_datagram(struct step *st, const struct ut_event *in);
void receive_early(struct step *st, struct tunnel *t);

/* ---- sending: engine_send.c ---- */
void send_cc(struct step *st, struct tunnel *t, enum l2tp_message_type type, struct occasion *o);
void send_session(struct step *st, struct session *s, enum l2tp_message_type type, struct occasion *o);
void send_hello(struct step *st, struct tunnel *t);
void send_ack(struct step *st, struct tunnel *t);
void send_cdn_bare(struct step *st, struct tunnel *t, struct l2tp_sid local_sid, struct l2tp_sid peer_sid,
		   struct l2tp_result result);
/* A StopCCN to a peer for whom there is no tunnel slot. */
void send_stateless_stopccn(struct step *st, struct ut_path path, const struct ut_peer *peer,
			    struct l2tp_tid peer_tid, struct l2tp_result result);

/* ---- clients: engine_client.c ---- */
void client_step(struct step *st, struct client *c, enum ut_client_event event);
void client_event(struct step *st, const struct ut_event *in);
void client_blame(struct client *c, struct ut_end end);
struct ut_path client_path(struct ut_engine *e, const struct client *c);
struct client *client_of_path(struct ut_engine *e, struct ut_path path);

/* ---- links: engine_link.c ---- */
void link_step(struct step *st, struct link *l, enum ut_link_event event);
void link_event(struct step *st, const struct ut_event *in);
bool link_is_live(const struct link *l);

#endif
