/* kb_ol2tp_socket.h - PPPoL2TP sockets: connected, and made a PPP channel
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNEL_BRIDGE_KB_OL2TP_SOCKET_H
#define KERNEL_BRIDGE_KB_OL2TP_SOCKET_H

#include "kernel-bridge/kb_datapath.h"

/* Host order; session ids 0: the socket of the tunnel itself. */
struct kb_ol2tp_ids {
	uint16_t local_tid, peer_tid, local_sid, peer_sid;
};

/* A connected PPPoX socket, CLOEXEC, or -1 with the positive errno in `*err`.  A tunnel or session that the
 * kernel has is taken, one that it has not is made. */
int kb_ol2tp_socket(const struct kb_tunnel_spec *spec, struct kb_ol2tp_ids ids, int *err) KB_MUST_USE;

/* The PPP channel of a connected session socket, of any PPPoX protocol.  To be asked for at once: until then the kernel queues the peer's
 * frames on the socket, where no PPP will find them (lab fact 1). */
int kb_pppox_channel(int fd, int *channel, struct kb_error *why) KB_MUST_USE;

#endif
