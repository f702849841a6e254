/* kb.h - what every part of the kernel bridge shares: errors a person can act on
 * SPDX-License-Identifier: Apache-2.0
 *
 * The bridge is mechanism only: it speaks ids, addresses and descriptors, decides nothing, prints nothing
 * and includes none of the project's other folders.
 */
#ifndef KERNEL_BRIDGE_KB_H
#define KERNEL_BRIDGE_KB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <netinet/in.h>
#include <sys/socket.h>

#define KB_MUST_USE __attribute__((warn_unused_result))

/* Why a call failed.  Functions return 0 or a negative errno and, on failure, fill this in: one sentence
 * that names the call, the kernel's word and, where there is one, what to do next. */
struct kb_error {
	int err; /* positive errno */
	char text[256];
};

/* Formats a sentence into `e` and returns -err, so that a failing path is one line.  `e` may be NULL. */
int kb_fail(struct kb_error *e, int err, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* An IPv4 or IPv6 address with its port (host and network order as in sockaddr). */
union kb_sockaddr {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

socklen_t kb_sockaddr_len(const union kb_sockaddr *a);

#endif
