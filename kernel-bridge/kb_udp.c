/* kb_udp.c - the UDP socket of a control connection
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_udp.h"

#include "kernel-bridge/kb_address.h"
#include "kernel-bridge/kb_socket.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* For a socket that is not connected; one that is hears of what matters in any case.  Off, the kernel drops what it
 * has kept. */
static void
tell_errors(int fd, sa_family_t family, bool yes)
{
	const int value = yes;

	if (family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &value, sizeof value);
	else
		(void)setsockopt(fd, IPPROTO_IP, IP_RECVERR, &value, sizeof value);
}

void
kb_udp_forget_errors(int fd)
{
	struct msghdr nothing;

	memset(&nothing, 0, sizeof nothing);
	while (recvmsg(fd, &nothing, MSG_ERRQUEUE | MSG_DONTWAIT) >= 0)
		continue;
}

static int
prepare(int fd, const struct kb_udp_spec *spec, struct kb_error *why)
{
	int r = kb_socket_bind_device(fd, "UDP", spec->interface, why);

	if (r == 0)
		r = kb_socket_set_mark(fd, "UDP", spec->mark, why);
	if (r == 0)
		r = kb_socket_bind_port(fd, "UDP", spec->peer.sa.sa_family, spec->local_port, why);
	if (r == 0 && spec->tell_errors)
		tell_errors(fd, spec->peer.sa.sa_family, true);
	if (r == 0 && !spec->receive_from_any_port)
		r = kb_udp_connect(fd, &spec->peer, why);
	return r;
}

int
kb_udp_open(const struct kb_udp_spec *spec, int *fd, struct kb_error *why)
{
	const sa_family_t family = spec->peer.sa.sa_family;

	if (family != AF_INET && family != AF_INET6)
		return kb_fail(why, EAFNOSUPPORT, "the server's address is neither IPv4 nor IPv6");
	const int s = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s < 0)
		return kb_fail(why, errno, "cannot make an IPv%c UDP socket: %s",
			       family == AF_INET ? '4' : '6', strerror(errno));
	const int r = prepare(s, spec, why);
	if (r < 0) {
		close(s);
		return r;
	}
	*fd = s;
	return 0;
}

int
kb_udp_connect(int fd, const union kb_sockaddr *peer, struct kb_error *why)
{
	char text[KB_ADDRESS_TEXT_OCTETS];

	if (connect(fd, &peer->sa, kb_sockaddr_len(peer)) == 0) {
		tell_errors(fd, peer->sa.sa_family, false);
		return 0;
	}
	const int err = errno;
	if (err == ENETUNREACH || err == EHOSTUNREACH)
		return kb_fail(why, err, "there is no route to %s: is the network up?",
			       kb_address_text(peer, text));
	return kb_fail(why, err, "cannot connect a UDP socket to %s: %s", kb_address_text(peer, text),
		       strerror(err));
}

int
kb_udp_local(int fd, union kb_sockaddr *out, struct kb_error *why)
{
	union kb_sockaddr local;
	socklen_t length = sizeof local;

	memset(&local, 0, sizeof local);
	if (getsockname(fd, &local.sa, &length) < 0)
		return kb_fail(why, errno, "cannot ask a UDP socket for its address: %s", strerror(errno));
	*out = local;
	return 0;
}
