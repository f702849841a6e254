/* peer.h - an L2TP or PPTP server for tests: the engine, real sockets, the kernel's data path, bad habits
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_PEER_PEER_H
#define TESTS_PEER_PEER_H

#include "kernel-bridge/kb_datapath.h"
#include "kernel-bridge/kb_pppd.h"
#include "tests/peer/behave.h"
#include "tests/peer/pptp_behave.h"
#include "tests/peer/socket.h"
#include "tests/peer/turn.h"

#include <netinet/in.h>

enum { PEER_PPP_OPTIONS = 32, PEER_DELAYED = 1024 };

struct peer_config {
	bool is_pptp; /* one protocol at a time */
	bool rings;   /* PPTP, as PAC: each client gets an Incoming-Call-Request */
	struct ut_l2tp_params params;
	struct ut_pptp_params pptp_params;
	struct behave behave;
	struct pptp_behave pptp_behave;
	struct ut_peer address; /* PPTP: to listen on */
	uint16_t port;		/* host order */
	uint16_t max_tunnels;
	bool is_kernel, is_quiet;
	const char *plugin;			       /* absolute path of uptun-pppox.so */
	struct in_addr ppp_local, ppp_remote;	       /* the first session's; later ones count up */
	const char *ppp_options[PEER_PPP_OPTIONS + 1]; /* one word each, NULL at the end */
	unsigned n_ppp_options;
};

/* The kernel's part of a tunnel, by the engine's index. */
struct peer_tunnel {
	struct ut_ref ref;
	int fd; /* connected UDP socket; -1: none */
	struct kb_tunnel kernel;
	struct peer *peer;
};

/* The kernel's part of a session. */
struct peer_session {
	struct ut_ref ref;
	struct kb_session kernel;
	struct kb_pppd pppd;
	struct peer *peer;
};

/* PPTP's control connection; slots are used again. */
struct peer_connection {
	int fd; /* -1: free */
	struct ut_path path;
	struct ut_ref ref;
	struct peer *peer;
	struct pptp_behave_talk talk;
	bool is_closing;    /* by the engine's wish: what is in `out`, then FIN */
	bool has_said_all;  /* FIN is sent; until `next` the client's is waited for */
	bool has_heard_all; /* the client's FIN has come */
	struct ut_time next;
	size_t n; /* octets in `out` */
	uint8_t out[PPTP_BEHAVE_ROOM];
};

struct peer_counts {
	uint64_t tunnels, sessions, tunnels_ended, sessions_ended, retransmissions, refused, faults, ppp_up;
	uint64_t datagrams_in, datagrams_out; /* PPTP: reads and writes */
	uint64_t echoes;		      /* answers to a habit's Echo-Requests */
};

/* A datagram that a habit sends late. */
struct peer_delayed {
	bool used;
	struct ut_time at;
	struct ut_peer to;
	size_t n;
	uint8_t octets[WIRE_OCTETS];
};

struct peer {
	struct peer_config config;
	struct turn turn;
	struct ut_path path;
	int fd;	      /* hears everybody */
	int reply_fd; /* what replies come from: fd, or one at another port */
	uint16_t reply_port;
	const struct kb_driver *driver;
	struct socket_batch *batch;
	struct peer_tunnel *tunnels;
	struct peer_session *sessions;
	struct peer_delayed *delayed; /* PEER_DELAYED */
	unsigned delayed_n;	      /* of them in use */
	struct peer_connection *connections;
	struct peer_connection *accepting; /* what the engine is being asked about */
	struct peer_counts counts;
	const struct ut_peer *to; /* of the datagram in the filter */
};

/* 0 or -errno.  `p` holds its own address afterwards and may not be moved; peer_close() takes it either way. */
int peer_open(struct peer *p, const struct peer_config *config, struct kb_error *why) KB_MUST_USE;
void peer_close(struct peer *p);

/* One wait and what it brought; at most until `until` (may be NULL).  0 or -errno. */
int peer_turn(struct peer *p, const struct ut_time *until) KB_MUST_USE;

/* Ends all calls (CDN), or all tunnels (StopCCN). */
void peer_hang_up(struct peer *p);
void peer_stop(struct peer *p);
/* Nothing is open any more, not even half. */
bool peer_is_done(const struct peer *p);

/* One line: tunnels, sessions, processor time, retransmissions. */
void peer_tell(const struct peer *p);

/* ---- between peer.c and peer_data.c ---- */
void peer_receive(void *ctx, int fd); /* for ut_io: a descriptor of ours can be read */
void peer_data_reserve(struct peer *p, const struct ut_effect *fx);
void peer_data_open(struct peer *p, const struct ut_effect *fx);
void peer_data_up(struct peer *p, const struct ut_effect *fx);
void peer_data_close(struct peer *p, struct ut_ref session);
void peer_data_close_tunnel(struct peer *p, struct ut_ref tunnel);

/* ---- peer_pptp.c: the connections ---- */
int peer_pptp_open(struct peer *p, struct kb_error *why) KB_MUST_USE;
void peer_pptp_free(struct peer *p);
void peer_pptp_accepted(struct peer *p, const struct ut_effect *fx);
void peer_pptp_refused(struct peer *p, const struct ut_effect *fx);
void peer_pptp_send(struct peer *p, const struct ut_effect *fx);
void peer_pptp_close(struct peer *p, struct ut_path path);
void peer_pptp_reset(struct peer *p, struct ut_path path);
int peer_pptp_fd(const struct peer *p, struct ut_ref tunnel);  /* -1: there is none */
struct ut_ref peer_pptp_ref(const struct peer *p, unsigned k); /* of connection k; UT_REF_NONE: none */
/* Writes what is due and closes what is done; when that is next, or `until`. */
void peer_pptp_turn(struct peer *p);
const struct ut_time *peer_pptp_next(const struct peer *p, const struct ut_time *until);

#endif
