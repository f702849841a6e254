/* kb_pass.c - datagrams with descriptors between two processes of ours
 * SPDX-License-Identifier: Apache-2.0
 *
 * There is room for one descriptor more than is allowed, so that a datagram with too many is told from one with as many
 * as allowed; the kernel closes those for which there is no room at all.
 */
#include "kernel-bridge/kb_pass.h"

#include <errno.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

union room {
	struct cmsghdr header;
	char octets[CMSG_SPACE((KB_PASS_MAX + 1) * sizeof(int))];
};

int
kb_pass_send(int fd, const void *octets, size_t n, const struct kb_passed *with)
{
	union room room = { 0 };
	struct iovec part = { .iov_base = (void *)(uintptr_t)octets, .iov_len = n };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	if (with != NULL && with->n > 0) {
		message.msg_control = room.octets;
		message.msg_controllen = CMSG_SPACE(with->n * sizeof(int));
		room.header = (struct cmsghdr){ .cmsg_len = CMSG_LEN(with->n * sizeof(int)),
						.cmsg_level = SOL_SOCKET,
						.cmsg_type = SCM_RIGHTS };
		memcpy(CMSG_DATA(&room.header), with->fds, with->n * sizeof(int));
	}
	ssize_t sent;
	do
		sent = sendmsg(fd, &message, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -errno : 0;
}

static void
close_all(const struct cmsghdr *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int fd;

		memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
		close(fd);
	}
}

/* False, with nothing left open, when it is too much or something else. */
static bool
take(const struct cmsghdr *c, struct kb_passed *with)
{
	if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
		return false;
	const size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	if (n > KB_PASS_MAX - with->n) {
		close_all(c, n);
		return false;
	}
	memcpy(with->fds + with->n, CMSG_DATA(c), n * sizeof(int));
	with->n += n;
	return true;
}

static int
take_all(struct msghdr *message, struct kb_passed *with)
{
	bool good = (message->msg_flags & MSG_CTRUNC) == 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c))
		good = take(c, with) && good;
	if (!good) {
		kb_pass_close(with);
		return -EPROTO;
	}
	if ((message->msg_flags & MSG_TRUNC) != 0) {
		kb_pass_close(with);
		return -EMSGSIZE;
	}
	return 0;
}

ssize_t
kb_pass_receive(int fd, void *octets, size_t cap, struct kb_passed *with)
{
	union room room = { 0 };
	struct iovec part = { .iov_base = octets, .iov_len = cap };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = room.octets,
				  .msg_controllen = sizeof room.octets };
	ssize_t n;

	*with = (struct kb_passed){ .n = 0 };
	do
		n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	const int r = take_all(&message, with);
	return r < 0 ? r : n;
}

void
kb_pass_close(struct kb_passed *passed)
{
	for (size_t i = 0; i < passed->n; i++)
		close(passed->fds[i]);
	passed->n = 0;
}
