/* kb_datapath.h - the kernel's data paths behind one small interface
 * SPDX-License-Identifier: Apache-2.0
 *
 * A driver makes the kernel carry the frames of a session.  Ids are host order (lab fact 4).
 */
#ifndef KERNEL_BRIDGE_KB_DATAPATH_H
#define KERNEL_BRIDGE_KB_DATAPATH_H

#include "kernel-bridge/kb.h"

struct kb_tunnel_spec {
	int control_fd; /* connected, ours: the UDP socket of L2TP, which stays open as long as the tunnel (lab fact
			 * 3), or the TCP socket of PPTP */
	union kb_sockaddr peer;	      /* of L2TP; PPTP's drivers ask the control socket */
	uint16_t local_tid, peer_tid; /* of L2TP */
	const char
	    *interface; /* what PPTP's frames go through, as the control connection does; NULL: by route.
				* Lives as long as the tunnel */
	uint32_t mark;	/* of PPTP's socket; 0: none */
};

struct kb_tunnel {
	int fd; /* what holds the tunnel: a PPPoX tunnel socket or a second name of the UDP socket; with PPTP, which
		 * has no kernel tunnels, an eventfd; -1 when closed */
	uint16_t family; /* of generic netlink; 0 with drivers that do not use it */
	struct kb_tunnel_spec
	    spec;	      /* as given, but with PPTP's drivers `peer` is the server's IPv4 address */
	struct in_addr local; /* PPTP: our end of the control connection */
};

struct kb_session_spec {
	uint16_t local_sid, peer_sid; /* PPTP: the call ids; 0 is a valid one of the peer's */
	bool send_sequence, expect_sequence;
	bool is_lns;
};

struct kb_session {
	int fd;	     /* PPPoX session socket, CLOEXEC; -1 when closed */
	int channel; /* PPP channel index (PPPIOCGCHAN, asked at once: lab fact 1) */
	uint16_t local_tid, local_sid;
	uint16_t family; /* as the tunnel's */
};

struct kb_session_stats {
	uint64_t tx_packets, tx_octets, tx_errors;
	uint64_t rx_packets, rx_octets, rx_errors;
	uint64_t rx_discards, rx_out_of_order;
};

/* Somebody may have deleted a session behind our back, or all of a tunnel's (local_sid 0), or any (both 0). */
struct kb_loss {
	uint16_t local_tid, local_sid;
};

#define KB_TUNNEL_NULL ((struct kb_tunnel){ .fd = -1 })
#define KB_SESSION_NULL ((struct kb_session){ .fd = -1, .channel = -1 })

struct kb_driver {
	const char *name; /* "netlink", "ol2tp", "pptp", ... */
	const char *
	    mark_caveat; /* what to tell who asks for a mark; NULL: frames have it as the control socket has */

	/* Does the kernel have it?  Proves it by connecting throwaway sockets over loopback, and leaves
	 * nothing (lab fact 11).  On failure the error names the kernel option and module. */
	int (*probe)(struct kb_error *why);

	/* L2TP: attaches the UDP socket to a kernel tunnel.  -EEXIST: the id is taken in this network namespace, by
	 * another program or by a tunnel closed a moment ago (the kernel ends them behind our back): choose
	 * another id.  PPTP: takes the two addresses from the TCP socket; -EAFNOSUPPORT: one is IPv6. */
	int (*tunnel_open)(const struct kb_tunnel_spec *spec, struct kb_tunnel *out, struct kb_error *why);

	/* Takes the local id of a session before the peer is told of it; NULL where there is nothing to take.
	 * local_sid 0: the kernel chooses, and `out` says which.  -EBUSY, -EEXIST: another program of this kernel
	 * has the id: choose another.  `out` is then session_open's, or session_close's. */
	int (*session_reserve)(const struct kb_tunnel *tunnel, const struct kb_session_spec *spec,
			       struct kb_session *out, struct kb_error *why);

	/* Makes the session and its PPP channel; it is to be closed before its tunnel.  With a driver that reserves
	 * `out` is the reserved session, which stays reserved on failure. */
	int (*session_open)(const struct kb_tunnel *tunnel, const struct kb_session_spec *spec,
			    struct kb_session *out, struct kb_error *why);

	/* -EOPNOTSUPP: the kernel counts nothing per session, but its ppp interface does (kb_link_get()). */
	int (*session_stats)(const struct kb_session *session, struct kb_session_stats *out,
			     struct kb_error *why);

	/* Safe on the NULL values and twice. */
	void (*session_close)(struct kb_session *session);
	void (*tunnel_close)(struct kb_tunnel *tunnel);

	/* Where the kernel tells of deletions (else all three are NULL): a non-blocking, CLOEXEC descriptor, the
	 * caller's to close, that is readable when there is news; 1 and a loss, 0 when there is none now, -errno;
	 * and whether the kernel still has the session: 0, -ENODEV, other -errno.  News is a hint only: it may be
	 * of another network namespace, of our own doing, or late. */
	int (*watch)(int *fd, struct kb_error *why);
	int (*watch_next)(int fd, struct kb_loss *out);
	int (*session_check)(const struct kb_session *session, struct kb_error *why);
};

extern const struct kb_driver kb_l2tpnl; /* mainline L2TP made, counted, watched and ended through generic
					  * netlink; frames by PPPoL2TP sockets */
extern const struct kb_driver kb_olac;	 /* Android's old driver; IPv4 underlay, one session a tunnel */
extern const struct kb_driver kb_ol2tp;	 /* mainline PPPoL2TP sockets, IPv4 and IPv6 underlay */
extern const struct kb_driver kb_opns;	 /* Android's old PPTP driver; IPv4 underlay */
extern const struct kb_driver kb_pptp;	 /* mainline PPTP sockets, IPv4 underlay; frames by GRE */
extern const struct kb_driver kb_null; /* succeeds and carries nothing: tests and benches; its descriptors are
					 * eventfds, its channel is the local session id */

/* session_close and tunnel_close of drivers whose kernel objects go with their descriptors. */
void kb_session_close(struct kb_session *session);
void kb_tunnel_close(struct kb_tunnel *tunnel);

#endif
