/* kb_ol2tp_socket.c - PPPoL2TP sockets: connected, and made a PPP channel
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_ol2tp_socket.h"

#include <errno.h>
#include <linux/if_pppox.h>
#include <linux/ppp-ioctl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int
connect4(int fd, const struct kb_tunnel_spec *spec, struct kb_ol2tp_ids ids)
{
	struct sockaddr_pppol2tp a;

	memset(&a, 0, sizeof a);
	a.sa_family = AF_PPPOX;
	a.sa_protocol = PX_PROTO_OL2TP;
	a.pppol2tp.fd = spec->control_fd;
	a.pppol2tp.addr = spec->peer.in;
	a.pppol2tp.s_tunnel = ids.local_tid;
	a.pppol2tp.d_tunnel = ids.peer_tid;
	a.pppol2tp.s_session = ids.local_sid;
	a.pppol2tp.d_session = ids.peer_sid;
	return connect(fd, (const struct sockaddr *)&a, sizeof a) == 0 ? 0 : errno;
}

static int
connect6(int fd, const struct kb_tunnel_spec *spec, struct kb_ol2tp_ids ids)
{
	struct sockaddr_pppol2tpin6 a;

	memset(&a, 0, sizeof a);
	a.sa_family = AF_PPPOX;
	a.sa_protocol = PX_PROTO_OL2TP;
	a.pppol2tp.fd = spec->control_fd;
	a.pppol2tp.addr = spec->peer.in6;
	a.pppol2tp.s_tunnel = ids.local_tid;
	a.pppol2tp.d_tunnel = ids.peer_tid;
	a.pppol2tp.s_session = ids.local_sid;
	a.pppol2tp.d_session = ids.peer_sid;
	return connect(fd, (const struct sockaddr *)&a, sizeof a) == 0 ? 0 : errno;
}

int
kb_ol2tp_socket(const struct kb_tunnel_spec *spec, struct kb_ol2tp_ids ids, int *err)
{
	const int fd = socket(AF_PPPOX, SOCK_DGRAM | SOCK_CLOEXEC, PX_PROTO_OL2TP);

	if (fd < 0) {
		*err = errno;
		return -1;
	}
	*err = spec->peer.sa.sa_family == AF_INET6 ? connect6(fd, spec, ids) : connect4(fd, spec, ids);
	if (*err == 0)
		return fd;
	close(fd);
	return -1;
}

int
kb_pppox_channel(int fd, int *channel, struct kb_error *why)
{
	if (ioctl(fd, PPPIOCGCHAN, channel) == 0)
		return 0;
	return kb_fail(why, errno, "cannot make a PPP channel of a session: %s", strerror(errno));
}
