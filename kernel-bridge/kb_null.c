/* kb_null.c - a data path that succeeds and carries nothing
 * SPDX-License-Identifier: Apache-2.0
 *
 * Its descriptors are eventfds: real ones, that can be polled, inherited and closed like the kernel's.
 */
#include "kernel-bridge/kb_datapath.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>

static int
null_probe(struct kb_error *why)
{
	(void)why;
	return 0;
}

static int
new_descriptor(int *fd, struct kb_error *why)
{
	*fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return *fd < 0 ? kb_fail(why, errno, "cannot make an eventfd: %s", strerror(errno)) : 0;
}

static int
null_tunnel_open(const struct kb_tunnel_spec *spec, struct kb_tunnel *out, struct kb_error *why)
{
	int fd;
	const int r = new_descriptor(&fd, why);

	if (r == 0)
		*out = (struct kb_tunnel){ .fd = fd, .spec = *spec };
	return r;
}

static int
null_session_open(const struct kb_tunnel *tunnel, const struct kb_session_spec *spec, struct kb_session *out,
		  struct kb_error *why)
{
	int fd;
	const int r = new_descriptor(&fd, why);

	if (r == 0)
		*out = (struct kb_session){ .fd = fd,
					    .channel = spec->local_sid,
					    .local_tid = tunnel->spec.local_tid,
					    .local_sid = spec->local_sid };
	return r;
}

static int
null_session_stats(const struct kb_session *session, struct kb_session_stats *out, struct kb_error *why)
{
	(void)session;
	(void)why;
	memset(out, 0, sizeof *out);
	return 0;
}

const struct kb_driver kb_null = {
	.name = "null",
	.probe = null_probe,
	.tunnel_open = null_tunnel_open,
	.session_open = null_session_open,
	.session_stats = null_session_stats,
	.session_close = kb_session_close,
	.tunnel_close = kb_tunnel_close,
};
