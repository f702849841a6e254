/* kb_udp.h - the UDP socket of a control connection
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNEL_BRIDGE_KB_UDP_H
#define KERNEL_BRIDGE_KB_UDP_H

#include "kernel-bridge/kb.h"

struct kb_udp_spec {
	union kb_sockaddr peer;
	uint16_t local_port;   /* host order; 0: ephemeral */
	const char *interface; /* SO_BINDTODEVICE; NULL: none */
	uint32_t mark;	       /* SO_MARK; 0: none */
	bool
	    receive_from_any_port; /* left unconnected to the peer's port: a first reply may come from another
				     * one (interop 18); kb_udp_connect() pins it */
	bool tell_errors;	   /* until it is pinned: an ICMP error is the result of the next receive, or
				      * send; kb_udp_forget_errors() then */
};

/* A non-blocking, CLOEXEC socket that speaks to the peer.  Errors name the address and interface. */
int kb_udp_open(const struct kb_udp_spec *spec, int *fd, struct kb_error *why) KB_MUST_USE;

/* Pins the peer (address and port): from here on only its datagrams are received. */
int kb_udp_connect(int fd, const union kb_sockaddr *peer, struct kb_error *why) KB_MUST_USE;

/* What the kernel keeps of errors that were told, and is ready for until it is taken. */
void kb_udp_forget_errors(int fd);

/* The local address the kernel chose, port included. */
int kb_udp_local(int fd, union kb_sockaddr *out, struct kb_error *why) KB_MUST_USE;

#endif
