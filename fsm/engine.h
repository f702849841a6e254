/* engine.h - the sans-IO engine: (event, time) in, effects out
 * SPDX-License-Identifier: Apache-2.0
 *
 * An engine holds many clients (profiles we want up), many tunnels and many sessions of L2TP and of PPTP, and both
 * ends of every conversation.  It makes no system call, reads no clock, allocates nothing and logs nothing.  It is one block of
 * memory without pointers: a memcpy of an engine is an engine.
 *
 * How it is driven.  The host feeds one event at a time with ut_engine_step() and carries out the effects in
 * order.  The first effect that fails is fed back as an event before any later effect of that step is carried
 * out; effects whose handle has died in between are skipped by the host.  When `more` is set the effects did not
 * fit: feed UT_EV_CONTINUE after carrying them out.
 *
 * L2TP and PPTP.  One word serves both where both have the thing: PPTP's control connection is a tunnel and its call
 * a session in every ref, effect, report and result below.  PPTP's have slots of their own, which follow L2TP's in
 * the index space: control connection i has the index n_tunnels + i, call i the index n_sessions + i.  L2TP runs over
 * datagrams, PPTP over TCP: its paths are streams.
 *
 * Who owns what.  Slices in an event are borrowed for the call.  Slices in effects point into the effects' own
 * buffer (or, for UT_FX_FRAME, into the event's datagram) and die with the next step.
 */
#ifndef FSM_ENGINE_H
#define FSM_ENGINE_H

#include "codec/l2tp.h"
#include "codec/pptp.h"
#include "fsm/cause.h"
#include "fsm/table.h"
#include "fsm/time.h"

struct ut_engine;

/* A slot and its generation, so that a late result cannot hit a reused slot. */
struct ut_ref {
	uint16_t index, generation;
};
enum { UT_REF_NONE = 0xffff }; /* index of no slot */

/* IPv4 or IPv6 address and UDP or TCP port, host order; comparable octet by octet. */
struct ut_peer {
	uint8_t family; /* 4, 6, or 0 for none */
	uint8_t zero;
	uint16_t port;
	uint8_t address[16]; /* IPv4 in the first four octets, rest zero */
	uint32_t scope;	     /* IPv6 zone (interface index) */
};

enum ut_protocol { UT_L2TP, UT_PPTP, UT_PROTOCOL_N };

/* A socket, named by the engine: a client's own, a listener's, or (streams) one that a listener accepted. */
struct ut_path {
	uint32_t v;
};

/* ---- configuration: copied in before the engine is used, or for slots not in use ---- */

enum { UT_HOST_NAME_MAX = 255, UT_VENDOR_NAME_MAX = 63 };

/* How a tunnel speaks L2TP.  Many tunnels may share one. */
struct ut_l2tp_params {
	struct l2tp_secret secret; /* n = 0: no tunnel authentication */
	uint8_t host_name[UT_HOST_NAME_MAX];
	uint8_t host_name_octets; /* at least 1 */
	uint8_t vendor_name[UT_VENDOR_NAME_MAX];
	uint8_t vendor_name_octets; /* 0: not sent */
	bool hide_avps;		    /* needs a secret */
	bool tie_breaker;	    /* send one in SCCRQ */
	bool send_sequence;	    /* data messages carry Ns; asks for them with Sequencing Required */
	bool accept_tunnels;	    /* a listener's: answer SCCRQ */
	bool accept_calls;	    /* as LNS: answer ICRQ; as LAC: answer OCRQ */
	bool authenticate_peer;	    /* send a Challenge; needs a secret */
	uint16_t receive_window;    /* advertised, 1..32768 */
	uint16_t hello_s;	    /* seconds of silence before HELLO; 0: never */
	uint16_t ack_delay_ms;	    /* how long an acknowledgement may wait for a message to ride on */
	uint16_t retransmit_ms;	    /* first interval */
	uint16_t retransmit_cap_ms; /* RFC 2661 5.8, no less than 8000 */
	uint16_t
	    call_setup_s; /* a call that the peer opened may take so long, or twice that, to connect; 0: no limit */
	uint8_t tries;		   /* transmissions of one message, the first included */
	uint16_t framing, bearer;  /* capabilities, low 2 bits; bearer 0: not sent */
	uint32_t tx_connect_speed; /* bits a second, sent in ICCN */
};

/* RFC defaults and ours; host name "uptun". */
struct ut_l2tp_params ut_l2tp_params_default(void);

/* How a control connection speaks PPTP.  Many may share one. */
struct ut_pptp_params {
	uint8_t host_name[PPTP_TEXT_OCTETS];
	uint8_t host_name_octets;
	uint8_t vendor_name[PPTP_TEXT_OCTETS];
	uint8_t vendor_name_octets;
	bool is_pac; /* calls of our own are incoming ones (ICRQ); else, as PNS, outgoing ones (OCRQ) */
	bool accept_connections; /* a listener's: answer SCCRQ */
	bool accept_calls;	 /* as PAC: answer OCRQ; as PNS: answer ICRQ */
	uint16_t echo_s;	 /* seconds of silence before Echo-Request; 0: never (RFC 2637 3.1.4) */
	uint16_t reply_s;	 /* seconds an answer may take before the connection is closed; 1 or more */
	uint16_t
	    clear_ms;	 /* for the Call-Disconnect-Notify after our Call-Clear-Request (interop 41), and for
				  * the Stop-Control-Connection-Reply; a client's close_ms halves it if need be */
	uint16_t window; /* Packet Recv. Window Size */
	uint16_t processing_delay; /* 1/10 seconds */
	uint16_t maximum_channels, firmware_revision;
	uint32_t framing, bearer; /* capabilities of the connection, types of its calls */
	uint32_t minimum_bps, maximum_bps, connect_speed; /* bits a second */
};

/* RFC defaults and ours; host name "uptun". */
struct ut_pptp_params ut_pptp_params_default(void);

/* A profile that wants to be up. */
struct ut_client_config {
	enum ut_protocol protocol;
	uint16_t params;      /* index of its ut_l2tp_params or ut_pptp_params */
	uint16_t n_links;     /* PPP sessions in its tunnel, 1 or more */
	bool needs_data_path; /* kernel (or host) opens a data path before ICCN */
	bool reconnect;
	uint16_t max_attempts; /* in a row without success; 0: no limit */
	uint32_t setup_ms;     /* from start to PPP up; 0: no limit */
	uint32_t close_ms;     /* wait for the StopCCN to be acknowledged; PPTP: for its whole goodbye */
	uint32_t stop_ms;      /* wait for LCP Terminate-Ack before pressing */
	uint32_t settle_ms;    /* after CDN or StopCCN, wait for PPP's own word */
	uint32_t backoff_first_ms, backoff_cap_ms;
};

struct ut_engine_config {
	uint16_t n_params, n_listeners, n_tunnels, n_sessions, n_clients, n_links;
	uint16_t n_blocks; /* of 64 octets, for messages in flight and out of order; 4 a tunnel are plenty */
	uint16_t n_pptp_params, n_connections, n_calls; /* PPTP's params, tunnels and sessions */
	bool trace;					/* emit UT_FX_TRACE */
};

/* Octets an engine of this configuration takes. */
size_t ut_engine_octets(const struct ut_engine_config *config);

/* Makes an engine of `memory` (ut_engine_octets(), aligned as malloc aligns). */
struct ut_engine *ut_engine_init(void *memory, const struct ut_engine_config *config);

/* Wipes it; it holds secrets. */
void ut_engine_fini(struct ut_engine *e);

void ut_engine_set_params(struct ut_engine *e, uint16_t index, const struct ut_l2tp_params *params);

void ut_engine_set_pptp_params(struct ut_engine *e, uint16_t index, const struct ut_pptp_params *params);

/* Opens a listener: `*path` names it in datagrams.  False when all are in use. */
bool ut_engine_listen(struct ut_engine *e, uint16_t params, struct ut_path *path) UT_MUST_USE;

/* The same for PPTP: `*path` names the listening socket in UT_EV_ACCEPTED. */
bool ut_engine_listen_pptp(struct ut_engine *e, uint16_t params, struct ut_path *path) UT_MUST_USE;

/* Takes a free client with its links, whose indexes are *first_link ... + n_links - 1.  False when the clients
 * or links are exhausted. */
bool ut_engine_client_new(struct ut_engine *e, const struct ut_client_config *config, struct ut_ref *client,
			  uint16_t *first_link) UT_MUST_USE;
/* Gives an ended client back. */
void ut_engine_client_free(struct ut_engine *e, struct ut_ref client);

/* ---- events ---- */
enum ut_event_kind {
	UT_EV_CONTINUE,
	UT_EV_RANDOM, /* bytes: from getrandom */
	UT_EV_DEADLINE,
	UT_EV_DATAGRAM, /* path, peer, bytes */
	/* streams */
	UT_EV_ACCEPTED, /* path: the listener's; peer, local; answered in the same step by UT_FX_ACCEPT_PATH, or
			      * UT_FX_REFUSE_PATH */
	UT_EV_STREAM,	/* path, bytes; not all may be taken in one step: see ut_effects.taken */
	UT_EV_STREAM_CLOSED, /* path; err 0: the peer's FIN; else errno.  UT_FX_CLOSE_PATH or RESET_PATH follows */
	/* orders; ref = client */
	UT_EV_START,
	UT_EV_STOP, /* end: the cause (USER for a signal) */
	/* results of a client's effects; ref = client, err 0 or a positive errno */
	UT_EV_RESOLVED,	 /* peer */
	UT_EV_PROTECTED, /* may come at any time with err set: protection was lost, nothing more is sent */
	UT_EV_PROBED,
	UT_EV_PATH_OPENED, /* PPTP: TCP is connected; local */
	UT_EV_PATH_LOST, /* err: the socket that was opened is of no use any more, say for want of its address */
	UT_EV_NETWORK, /* ref = client: a link or route that may matter came back or changed */
	/* results of a session's effects; ref = session */
	UT_EV_SESSION_RESERVED, /* err; EBUSY or EEXIST: that id is taken here, another is chosen */
	UT_EV_SESSION_OPENED,	/* err; err later means that the kernel lost it */
	UT_EV_SESSION_CLOSE, /* order: end a session that no client owns (server side); end: cause and CDN result */
	UT_EV_TUNNEL_CLOSE, /* order, ref = tunnel: end a tunnel that no client owns */
	UT_EV_CALL, /* order, ref = tunnel: place a call of our own there (L2TP: an outgoing call, as its LNS) */
	/* news of a link's PPP; ref = link */
	UT_EV_PPP_STARTED, /* err */
	UT_EV_PPP_UP,
	UT_EV_PPP_ENDED, /* end: of pppd's exit */
	UT_EVENT_N
};

struct ut_event {
	enum ut_event_kind kind;
	struct ut_time now;
	struct ut_ref ref;
	struct ut_path path;
	struct ut_peer peer;
	struct ut_peer local; /* our own address and port */
	struct ut_slice bytes;
	struct ut_end end;
	int err;
};

/* ---- effects ---- */
enum ut_effect_kind {
	/* of a client (ref); answer with the event of the same name */
	UT_FX_RESOLVE,
	UT_FX_PROTECT,
	UT_FX_PROBE,
	UT_FX_OPEN_PATH,    /* path, peer, protocol: open a socket to the peer; PPTP: connect() */
	UT_FX_CONNECT_PATH, /* path, peer: the peer's address is known for good now: connect() */
	UT_FX_CLOSE_PATH,   /* path; of a stream: what is still to be sent goes first, then FIN */
	UT_FX_CANCEL,	    /* forget what RESOLVE, PROTECT or PROBE started */
	/* datagrams */
	UT_FX_SEND, /* path, peer, bytes */
	/* streams; ref = tunnel */
	UT_FX_ACCEPT_PATH, /* path: the accepted connection's name from now on; peer */
	UT_FX_REFUSE_PATH, /* close it; bytes, if any: what to say first, once and without waiting */
	UT_FX_SEND_STREAM, /* path, bytes: all of them, in order.  When more is waiting than the host will keep, it
			    * feeds UT_EV_STREAM_CLOSED with ENOBUFS */
	UT_FX_RESET_PATH, /* path: drop it without a word, and what is still to be sent with it */
	/* of a session (ref); tunnel, ids */
	UT_FX_RESERVE_SESSION, /* PPTP: claim local_call before the peer hears of it; answer with SESSION_RESERVED */
	UT_FX_OPEN_SESSION,  /* make the kernel carry it (tunnel first); answer with UT_EV_SESSION_OPENED */
	UT_FX_CLOSE_SESSION, /* undoes either */
	UT_FX_CLOSE_TUNNEL,  /* ref = tunnel: the kernel's tunnel, if one was made */
	UT_FX_FRAME,	     /* ref = session, bytes: a PPP frame that came to user space */
	/* of a link (ref) */
	UT_FX_START_PPP,  /* session */
	UT_FX_STOP_PPP,	  /* gracefully: LCP Terminate-Request */
	UT_FX_HANGUP_PPP, /* at once, without asking the peer */
	UT_FX_KILL_PPP,
	/* for people */
	UT_FX_REPORT,
	UT_FX_TRACE, /* trace; client and link: whose step it was */
	UT_EFFECT_N
};

enum ut_report_kind {
	UT_REPORT_ATTEMPT,	 /* ref = client; number: of this attempt, from 1 */
	UT_REPORT_RESOLVED,	 /* ref = client; peer */
	UT_REPORT_DIALLING,	 /* ref = client: the first SCCRQ goes out */
	UT_REPORT_TUNNEL_UP,	 /* ref = tunnel, client; ids; bytes: the peer's host name */
	UT_REPORT_TUNNEL_ENDED,	 /* ref = tunnel, client; end; bytes: the peer's error message */
	UT_REPORT_SESSION_UP,	 /* ref = session, tunnel, link; ids */
	UT_REPORT_SESSION_ENDED, /* ref = session, tunnel, link; end; bytes: the peer's error message */
	UT_REPORT_LINK_ENDED,	 /* ref = link; end */
	UT_REPORT_BACKOFF,	 /* ref = client; number: ms until the next attempt; end: of this one */
	UT_REPORT_ENDED,	 /* ref = client; end */
	UT_REPORT_FAULT,	 /* ref = tunnel; fault (or pptp_fault): a message that could not be read */
	UT_REPORT_REFUSED,    /* no slot, buffer or randomness for a new tunnel or session; number: which */
	UT_REPORT_RETRANSMIT, /* ref = tunnel, client; number: transmission of the oldest message, from 2 */
	UT_REPORT_LINK_INFO,  /* ref = session, tunnel, link; accm: Set-Link-Info (PPTP) */
	UT_REPORT_WAN_ERRORS, /* ref = session, tunnel, link; call_errors: WAN-Error-Notify (PPTP) */
	UT_REPORT_COLLISION, /* ref = tunnel, client; both ends opened a connection at once; number: 1 when ours stays */
	UT_REPORT_N
};

enum ut_pool {
	UT_POOL_TUNNELS,
	UT_POOL_SESSIONS,
	UT_POOL_BLOCKS,
	UT_POOL_RANDOM,
	UT_POOL_CONNECTIONS,
	UT_POOL_CALLS,
	UT_POOL_N
};
const char *ut_pool_name(enum ut_pool pool);

/* One step of one machine. */
struct ut_trace {
	const struct ut_machine *machine;
	struct ut_ref ref;
	uint8_t state, event, answer, next;
	uint16_t row; /* index in machine->rows */
};

struct ut_effect {
	enum ut_effect_kind kind;
	struct ut_ref ref;
	struct ut_ref client, link, tunnel, session;
	struct ut_path path;
	struct ut_peer peer;
	struct ut_slice bytes;
	struct l2tp_tid local_tid, peer_tid;
	union {
		struct l2tp_sid local_sid;
		struct pptp_call_id local_call;
	};
	union {
		struct l2tp_sid peer_sid;
		struct pptp_call_id peer_call;
	};
	bool is_lns; /* of a session: the LNS's end; PPTP: the end that was called */
	bool send_sequence;
	uint8_t protocol; /* enum ut_protocol: of a client's, tunnel's or session's effect */
	/* from here on of UT_FX_REPORT and UT_FX_TRACE only; of other effects not written */
	enum ut_report_kind report;
	uint32_t number;
	struct ut_end end;
	union { /* by kind and report */
		struct l2tp_fault fault;
		struct pptp_fault pptp_fault;
		struct ut_trace trace;
		uint32_t
		    call_errors[6]; /* CRC, framing, hardware overrun, buffer overrun, time-out, alignment */
		struct {
			uint32_t send, receive;
		} accm;
	};
};

/* The least room a step needs, so that any one unit of work fits. */
enum { UT_EFFECTS_MIN = 24, UT_EFFECT_OCTETS_MIN = 4096 };

struct ut_effects {
	struct ut_effect *v;
	size_t n, cap; /* cap >= UT_EFFECTS_MIN */
	uint8_t *octets;
	size_t octets_n, octets_cap; /* octets_cap >= UT_EFFECT_OCTETS_MIN */
	bool more;		     /* feed UT_EV_CONTINUE */
	bool has_deadline;
	struct ut_time deadline; /* feed UT_EV_DEADLINE at or after it */
	size_t
	    taken; /* of UT_EV_STREAM: octets of `bytes` that were taken.  Feed the rest in another UT_EV_STREAM once
		       * the effects are carried out and `more` is answered; some are always taken unless `more` */
	size_t random_wanted; /* octets the pool would take now; feed UT_EV_RANDOM soon when not 0 */
};

/* Feeds one event.  Resets `out` first.  Never fails: what is wrong shows as effects. */
void ut_engine_step(struct ut_engine *e, const struct ut_event *in, struct ut_effects *out);

/* ---- looking in ---- */
const char *ut_engine_client_state(const struct ut_engine *e, struct ut_ref client);
const char *ut_engine_link_state(const struct ut_engine *e, struct ut_ref link);
/* Of the link's own session or call; NULL: it has none. */
const char *ut_engine_link_session_state(const struct ut_engine *e, struct ut_ref link);
const char *ut_engine_tunnel_state(const struct ut_engine *e, struct ut_ref tunnel);
/* Of the client's own tunnel; NULL: it has none. */
const char *ut_engine_client_tunnel_state(const struct ut_engine *e, struct ut_ref client);

struct ut_engine_counts {
	uint16_t tunnels, established, draining, sessions, clients, links, blocks_free;
	uint16_t connections, connections_established, calls; /* PPTP's */
};
struct ut_engine_counts ut_engine_counts(const struct ut_engine *e);

/* Panics (assert) when an invariant does not hold; for tests and fuzzing. */
void ut_engine_check(const struct ut_engine *e);

#endif
