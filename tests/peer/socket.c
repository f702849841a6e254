/* socket.c - a server's UDP socket
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/peer/socket.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct slot {
	uint8_t octets[SOCKET_OCTETS];
	union kb_sockaddr address;
	struct iovec part;
};

struct socket_batch {
	struct mmsghdr in[SOCKET_BATCH], out[SOCKET_BATCH];
	struct slot in_slots[SOCKET_BATCH], out_slots[SOCKET_BATCH];
	unsigned n; /* to be sent */
	int fd;	    /* through this */
};

static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

void
socket_address(const struct ut_peer *peer, bool is_shared, union kb_sockaddr *out)
{
	memset(out, 0, sizeof *out);
	if (peer->family == 4 && !is_shared) {
		out->in.sin_family = AF_INET;
		out->in.sin_port = htons(peer->port);
		memcpy(&out->in.sin_addr, peer->address, 4);
		return;
	}
	out->in6.sin6_family = AF_INET6;
	out->in6.sin6_port = htons(peer->port);
	out->in6.sin6_scope_id = peer->scope;
	if (peer->family == 4) {
		memcpy(out->in6.sin6_addr.s6_addr, mapped, sizeof mapped);
		memcpy(out->in6.sin6_addr.s6_addr + sizeof mapped, peer->address, 4);
	} else {
		memcpy(out->in6.sin6_addr.s6_addr, peer->address, 16);
	}
}

void
socket_peer(const union kb_sockaddr *a, struct ut_peer *out)
{
	memset(out, 0, sizeof *out);
	if (a->sa.sa_family == AF_INET) {
		out->family = 4;
		out->port = ntohs(a->in.sin_port);
		memcpy(out->address, &a->in.sin_addr, 4);
		return;
	}
	out->port = ntohs(a->in6.sin6_port);
	if (memcmp(a->in6.sin6_addr.s6_addr, mapped, sizeof mapped) == 0) {
		out->family = 4;
		memcpy(out->address, a->in6.sin6_addr.s6_addr + sizeof mapped, 4);
		return;
	}
	out->family = 6;
	out->scope = a->in6.sin6_scope_id;
	memcpy(out->address, a->in6.sin6_addr.s6_addr, 16);
}

static void
set(int fd, int level, int name, int value)
{
	(void)setsockopt(fd, level, name, &value, sizeof value);
}

static int
open_bound(const struct socket_options *options, sa_family_t family, int *fd, struct kb_error *why)
{
	enum { BUFFER_OCTETS = 8 << 20 };
	union kb_sockaddr any;
	int s = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (s < 0)
		return kb_fail(why, errno, "cannot make a UDP socket: %s", strerror(errno));
	memset(&any, 0, sizeof any);
	any.sa.sa_family = family;
	if (family == AF_INET6)
		any.in6.sin6_port = htons(options->port);
	else
		any.in.sin_port = htons(options->port);
	if (family == AF_INET6)
		set(s, IPPROTO_IPV6, IPV6_V6ONLY, 0);
	set(s, SOL_SOCKET, SO_REUSEADDR, 1);
	set(s, SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_OCTETS);
	set(s, SOL_SOCKET, SO_SNDBUFFORCE, BUFFER_OCTETS);
	if (options->zero_checksum)
		set(s, SOL_SOCKET, SO_NO_CHECK, 1);
	if (bind(s, &any.sa, kb_sockaddr_len(&any)) < 0) {
		const int err = errno;

		close(s);
		return kb_fail(why, err, "cannot bind UDP port %u: %s", options->port, strerror(err));
	}
	*fd = s;
	return 0;
}

int
socket_open(const struct socket_options *options, int *fd, struct kb_error *why)
{
	return open_bound(options, AF_INET6, fd, why);
}

int
socket_open_connected(const struct socket_options *options, const struct ut_peer *peer, int *fd,
		      struct kb_error *why)
{
	union kb_sockaddr to;
	int s = -1, r = open_bound(options, peer->family == 4 ? AF_INET : AF_INET6, &s, why);

	if (r < 0)
		return r;
	socket_address(peer, false, &to);
	if (connect(s, &to.sa, kb_sockaddr_len(&to)) < 0) {
		r = kb_fail(why, errno, "cannot connect a UDP socket: %s", strerror(errno));
		close(s);
		return r;
	}
	*fd = s;
	return 0;
}

/* ---- batches ---- */

static void
wire_up(struct mmsghdr *messages, struct slot *slots)
{
	for (unsigned k = 0; k < SOCKET_BATCH; k++) {
		slots[k].part = (struct iovec){ .iov_base = slots[k].octets, .iov_len = SOCKET_OCTETS };
		messages[k].msg_hdr = (struct msghdr){ .msg_name = &slots[k].address,
						       .msg_namelen = sizeof slots[k].address,
						       .msg_iov = &slots[k].part,
						       .msg_iovlen = 1 };
	}
}

struct socket_batch *
socket_batch_new(void)
{
	struct socket_batch *b = calloc(1, sizeof *b);

	if (b == NULL)
		return NULL;
	wire_up(b->in, b->in_slots);
	wire_up(b->out, b->out_slots);
	b->fd = -1;
	return b;
}

void
socket_batch_free(struct socket_batch *batch)
{
	free(batch);
}

void
socket_batch_put(struct socket_batch *b, int fd, const struct ut_peer *to, struct ut_slice datagram)
{
	struct slot *slot;

	if (datagram.n > SOCKET_OCTETS)
		return;
	if (b->n == SOCKET_BATCH || b->fd != fd)
		socket_batch_send(b);
	b->fd = fd;
	slot = &b->out_slots[b->n];
	socket_address(to, true, &slot->address);
	memcpy(slot->octets, datagram.p, datagram.n);
	slot->part.iov_len = datagram.n;
	b->n++;
}

/* A datagram that cannot be sent is a lost one: the engine knows what to do then. */
void
socket_batch_send(struct socket_batch *b)
{
	unsigned done = 0;

	while (done < b->n) {
		int r = sendmmsg(b->fd, b->out + done, b->n - done, 0);

		if (r < 0 && errno == EINTR)
			continue;
		done += r > 0 ? (unsigned)r : 1;
	}
	b->n = 0;
}

size_t
socket_receive(struct socket_batch *b, int fd, socket_take_fn *take, void *ctx)
{
	int n;

	for (unsigned k = 0; k < SOCKET_BATCH; k++)
		b->in[k].msg_hdr.msg_namelen = sizeof b->in_slots[k].address;
	n = recvmmsg(fd, b->in, SOCKET_BATCH, MSG_DONTWAIT, NULL);
	for (int k = 0; k < n; k++) {
		struct ut_peer from;

		socket_peer(&b->in_slots[k].address, &from);
		take(ctx, &from, b->in_slots[k].octets, b->in[k].msg_len);
	}
	return n > 0 ? (size_t)n : 0;
}
