/* kb_pass.h - datagrams with descriptors between two processes of ours, over a SOCK_SEQPACKET pair
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNEL_BRIDGE_KB_PASS_H
#define KERNEL_BRIDGE_KB_PASS_H

#include "kernel-bridge/kb.h"

enum { KB_PASS_MAX = 2 }; /* descriptors in a datagram */

struct kb_passed {
	int fds[KB_PASS_MAX];
	size_t n;
};

/* Sends n octets with copies of the descriptors, which stay the caller's.  0 or -errno. */
int kb_pass_send(int fd, const void *octets, size_t n, const struct kb_passed *with) KB_MUST_USE;

/* One datagram: its octets, 0 when the other end is closed, or -errno: -EAGAIN within a receive timeout or on a
 * non-blocking socket, -EMSGSIZE when it was longer than `cap`, -EPROTO when there were more descriptors than
 * KB_PASS_MAX or something else beside the octets.  The descriptors are the caller's then, close-on-exec; after a failure
 * none is left open. */
ssize_t kb_pass_receive(int fd, void *octets, size_t cap, struct kb_passed *with) KB_MUST_USE;

/* Closes what was received. */
void kb_pass_close(struct kb_passed *passed);

#endif
