/* outbox.c - octets on their way to a client
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/daemon/outbox.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

enum { FIRST_ROOM = 4096 };

static void
release(struct outbox *o)
{
	if (o->octets != NULL)
		ut_wipe(o->octets, o->cap);
	free(o->octets);
	o->octets = NULL;
	o->cap = o->begin = o->end = 0;
}

void
outbox_fini(struct outbox *o)
{
	release(o);
	*o = (struct outbox){ 0 };
}

size_t
outbox_n(const struct outbox *o)
{
	return o->end - o->begin;
}

bool
outbox_has_reply(const struct outbox *o)
{
	return o->replies_end > o->sent;
}

static bool
grow(struct outbox *o, size_t n)
{
	const size_t kept = outbox_n(o);
	size_t cap = o->cap > 0 ? o->cap : FIRST_ROOM;
	uint8_t *octets;

	while (cap < kept + n)
		cap *= 2;
	octets = malloc(cap);
	if (octets == NULL)
		return false;
	if (kept > 0)
		memcpy(octets, o->octets + o->begin, kept);
	release(o);
	o->octets = octets;
	o->cap = cap;
	o->end = kept;
	return true;
}

bool
outbox_put(struct outbox *o, struct ut_slice octets, bool is_reply)
{
	if (octets.n > o->cap - o->end && !grow(o, octets.n))
		return false;
	memcpy(o->octets + o->end, octets.p, octets.n);
	o->end += octets.n;
	if (is_reply)
		o->replies_end = o->sent + outbox_n(o);
	return true;
}

int
outbox_send(struct outbox *o, int fd)
{
	ssize_t n;

	if (outbox_n(o) == 0)
		return 1;
	n = send(fd, o->octets + o->begin, outbox_n(o), MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	o->begin += (size_t)n;
	o->sent += (uint64_t)n;
	if (outbox_n(o) == 0)
		release(o);
	return 1;
}
