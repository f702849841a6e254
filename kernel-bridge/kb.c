/* kb.c - errors and addresses, shared by every part of the bridge
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb.h"

#include <stdarg.h>
#include <stdio.h>

int
kb_fail(struct kb_error *e, int err, const char *format, ...)
{
	if (e != NULL) {
		va_list arguments;

		e->err = err;
		va_start(arguments, format);
		vsnprintf(e->text, sizeof e->text, format, arguments);
		va_end(arguments);
	}
	return -err;
}

socklen_t
kb_sockaddr_len(const union kb_sockaddr *a)
{
	return a->sa.sa_family == AF_INET6 ? sizeof a->in6 : sizeof a->in;
}
