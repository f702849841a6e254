/* socket.h - a server's UDP socket: all tunnels on one descriptor, in batches
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_PEER_SOCKET_H
#define TESTS_PEER_SOCKET_H

#include "fsm/engine.h"
#include "kernel-bridge/kb.h"

enum { SOCKET_BATCH = 64, SOCKET_OCTETS = 2048 };

struct socket_options {
	uint16_t port; /* host order; 0: any */
	bool zero_checksum;
};

/* A non-blocking, CLOEXEC socket for IPv4 and IPv6; others may share its port (SO_REUSEADDR).  0 or -errno. */
int socket_open(const struct socket_options *options, int *fd, struct kb_error *why) KB_MUST_USE;

/* One that hears this peer only, at the same port: the kernel prefers it to the shared one. */
int socket_open_connected(const struct socket_options *options, const struct ut_peer *peer, int *fd,
			  struct kb_error *why) KB_MUST_USE;

/* Of IPv4 in IPv6's clothes when the socket is the shared one. */
void socket_address(const struct ut_peer *peer, bool is_shared, union kb_sockaddr *out);
/* The other way round; IPv4 in IPv6's clothes is IPv4. */
void socket_peer(const union kb_sockaddr *a, struct ut_peer *out);

/* What is to be sent; goes out by itself when full. */
struct socket_batch;
struct socket_batch *socket_batch_new(void);
void socket_batch_free(struct socket_batch *batch);
void socket_batch_put(struct socket_batch *batch, int fd, const struct ut_peer *to, struct ut_slice datagram);
void socket_batch_send(struct socket_batch *batch);

/* Reads what has come, at most SOCKET_BATCH; how many there were. */
typedef void socket_take_fn(void *ctx, const struct ut_peer *from, uint8_t *octets, size_t n);
size_t socket_receive(struct socket_batch *batch, int fd, socket_take_fn *take, void *ctx);

#endif
