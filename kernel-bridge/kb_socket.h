/* kb_socket.h - what every socket of ours may be bound to: an interface, a mark, a port
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNEL_BRIDGE_KB_SOCKET_H
#define KERNEL_BRIDGE_KB_SOCKET_H

#include "kernel-bridge/kb.h"

/* All: `what` is the socket's kind for the error's sentence ("UDP").  Of these two NULL and 0 change nothing. */
int kb_socket_bind_device(int fd, const char *what, const char *interface, struct kb_error *why) KB_MUST_USE;
int kb_socket_set_mark(int fd, const char *what, uint32_t mark, struct kb_error *why) KB_MUST_USE;

/* Any address of the family (IPv6's without IPv4) and this port, in host order; 0: an ephemeral one. */
int kb_socket_bind_port(int fd, const char *what, sa_family_t family, uint16_t port,
			struct kb_error *why) KB_MUST_USE;

#endif
