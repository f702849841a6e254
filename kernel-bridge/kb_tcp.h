/* kb_tcp.h - the TCP socket of a PPTP control connection
 * SPDX-License-Identifier: Apache-2.0
 *
 * Every socket made here is non-blocking, CLOEXEC, and sends what it is given at once (TCP_NODELAY).
 */
#ifndef KERNEL_BRIDGE_KB_TCP_H
#define KERNEL_BRIDGE_KB_TCP_H

#include "kernel-bridge/kb.h"

struct kb_tcp_spec {
	union kb_sockaddr peer;
	uint16_t local_port;   /* host order; 0: ephemeral */
	const char *interface; /* SO_BINDTODEVICE; NULL: none */
	uint32_t mark;	       /* SO_MARK; 0: none */
};

/* Begins to connect.  0 also while the connection is still being made: the socket is writable when that has ended,
 * either way.  What is known at once (no route, no such interface, not permitted) is an error that names the
 * address and interface.  On success `*fd` is the caller's. */
int kb_tcp_connect(const struct kb_tcp_spec *spec, int *fd, struct kb_error *why) KB_MUST_USE;

/* Once writable: 0 when connected, -EINPROGRESS when not yet, else the end of the attempt: -ECONNREFUSED,
 * -ETIMEDOUT, -EHOSTUNREACH, ... with a sentence that names the peer and what to look at.  Asked once: the
 * kernel tells an error but one time. */
int kb_tcp_connected(int fd, const union kb_sockaddr *peer, struct kb_error *why) KB_MUST_USE;

/* Our end and the peer's, port included.  -ENOTCONN: there is no peer, or no longer. */
int kb_tcp_local(int fd, union kb_sockaddr *out, struct kb_error *why) KB_MUST_USE;
int kb_tcp_peer(int fd, union kb_sockaddr *out, struct kb_error *why) KB_MUST_USE;

/* A listening socket on this address and port (0: ephemeral); an address of zeros is any, IPv6's without IPv4. */
int kb_tcp_listen(const union kb_sockaddr *local, int *fd, struct kb_error *why) KB_MUST_USE;

/* 1 and a connection, the caller's, with the peer's address; 0 when none waits; -errno. */
int kb_tcp_accept(int listener, int *fd, union kb_sockaddr *peer, struct kb_error *why) KB_MUST_USE;

#endif
