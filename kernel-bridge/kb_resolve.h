/* kb_resolve.h - the addresses of a name, without stopping the event loop
 * SPDX-License-Identifier: Apache-2.0
 *
 * An address written as numbers is its own answer, at once.  For a name a child process asks the system's resolver,
 * which may take many seconds, and sends what it found through a pipe.
 */
#ifndef KERNEL_BRIDGE_KB_RESOLVE_H
#define KERNEL_BRIDGE_KB_RESOLVE_H

#include "kernel-bridge/kb.h"

#include <sys/types.h>

enum { KB_RESOLVE_MAX = 8, KB_RESOLVE_NAME_MAX = 255 };

struct kb_resolve {
	pid_t pid; /* -1: no child */
	int fd;	   /* -1: the answer is here already */
	size_t count;
	union kb_sockaddr found[KB_RESOLVE_MAX];
	char name[KB_RESOLVE_NAME_MAX + 1];
};
#define KB_RESOLVE_NULL ((struct kb_resolve){ .pid = -1, .fd = -1 })

/* Starts to look for `name`.  `port` (host order) is put into every address; `family` is AF_INET, AF_INET6 or
 * AF_UNSPEC.  On success either kb_resolve_fd() is -1 and kb_resolve_finish() has the answer, or the descriptor
 * becomes readable when it has. */
int kb_resolve_start(struct kb_resolve *out, const char *name, uint16_t port, sa_family_t family,
		     struct kb_error *why) KB_MUST_USE;

int kb_resolve_fd(const struct kb_resolve *r);

/* Up to `cap` addresses, in the resolver's order of preference: how many (1 or more); -EAGAIN while there is no
 * answer yet; another -errno, with a sentence that names the name, when there will be none.  Except after
 * -EAGAIN the child is gone and the descriptor closed. */
int kb_resolve_finish(struct kb_resolve *r, union kb_sockaddr *out, size_t cap,
		      struct kb_error *why) KB_MUST_USE;

/* Ends it without an answer.  Safe on KB_RESOLVE_NULL and after kb_resolve_finish(). */
void kb_resolve_cancel(struct kb_resolve *r);

#endif
