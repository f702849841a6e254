/* kb_datapath.h - the kernel's data paths behind one small interface
 * SPDX-License-Identifier: Apache-2.0
 *
 * A driver makes the kernel carry the frames of a session.  Ids are host order (lab fact 4).
 */
#ifndef KERNEL_BRIDGE_KB_DATAPATH_H
#define KERNEL_BRIDGE_KB_DATAPATH_H

#include "kernel-bridge/kb.h"

struct kb_tunnel_spec {
	int udp_fd; /* connected UDP socket, ours; stays open as long as the tunnel (lab fact 3) */
	union kb_sockaddr peer;
	uint16_t local_tid, peer_tid;
};

struct kb_tunnel {
	int fd; /* PPPoX tunnel socket (session ids 0); -1 when closed */
	struct kb_tunnel_spec spec;
};

struct kb_session_spec {
	uint16_t local_sid, peer_sid;
	bool send_sequence, expect_sequence;
	bool is_lns;
};

struct kb_session {
	int fd;	     /* PPPoX session socket, CLOEXEC; -1 when closed */
	int channel; /* PPP channel index (PPPIOCGCHAN, asked at once: lab fact 1) */
};

struct kb_session_stats {
	uint64_t tx_packets, tx_octets, tx_errors;
	uint64_t rx_packets, rx_octets, rx_errors;
	uint64_t rx_discards, rx_out_of_order;
};

#define KB_TUNNEL_NULL ((struct kb_tunnel){ .fd = -1 })
#define KB_SESSION_NULL ((struct kb_session){ .fd = -1, .channel = -1 })

struct kb_driver {
	const char *name; /* "ol2tp", "null" */

	/* Does the kernel have it?  Proves it by connecting throwaway sockets over loopback, and leaves
	 * nothing (lab fact 11).  On failure the error names the kernel option and module. */
	int (*probe)(struct kb_error *why);

	/* Attaches the UDP socket to a kernel tunnel.  -EEXIST: the id is taken in this network namespace, by
	 * another program or by a tunnel closed a moment ago (the kernel ends them behind our back): choose
	 * another id. */
	int (*tunnel_open)(const struct kb_tunnel_spec *spec, struct kb_tunnel *out, struct kb_error *why);

	/* Makes the session and its PPP channel. */
	int (*session_open)(const struct kb_tunnel *tunnel, const struct kb_session_spec *spec,
			    struct kb_session *out, struct kb_error *why);

	int (*session_stats)(const struct kb_session *session, struct kb_session_stats *out,
			     struct kb_error *why);

	/* Safe on the NULL values and twice. */
	void (*session_close)(struct kb_session *session);
	void (*tunnel_close)(struct kb_tunnel *tunnel);
};

extern const struct kb_driver kb_ol2tp; /* mainline PPPoL2TP sockets, IPv4 and IPv6 underlay */
extern const struct kb_driver kb_null; /* succeeds and carries nothing: tests and benches; its descriptors are
					 * eventfds, its channel is the local session id */

#endif
