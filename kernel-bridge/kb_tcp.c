/* kb_tcp.c - the TCP socket of a PPTP control connection
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_tcp.h"

#include "kernel-bridge/kb_address.h"
#include "kernel-bridge/kb_socket.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

/* ---- making one ---- */

static int
new_socket(sa_family_t family, int *fd, struct kb_error *why)
{
	if (family != AF_INET && family != AF_INET6)
		return kb_fail(why, EAFNOSUPPORT, "the address is neither IPv4 nor IPv6");
	*fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);
	if (*fd < 0)
		return kb_fail(why, errno, "cannot make an IPv%c TCP socket: %s",
			       family == AF_INET ? '4' : '6', strerror(errno));
	return 0;
}

/* A control message is sent whole: nothing is won by waiting for more. */
static void
send_at_once(int fd)
{
	const int on = 1;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/* ---- as the one who calls ---- */

static int
explain(int err, const union kb_sockaddr *peer, struct kb_error *why)
{
	char text[KB_ADDRESS_TEXT_OCTETS];

	kb_address_text(peer, text);
	switch (err) {
	case ECONNREFUSED:
		return kb_fail(why, err, "%s refuses TCP connections: does a server run there?", text);
	case ETIMEDOUT:
		return kb_fail(
		    why, err,
		    "%s does not answer: is the address right, and does every firewall let TCP through?",
		    text);
	case ENETUNREACH:
	case EHOSTUNREACH:
		return kb_fail(why, err, "there is no route to %s: is the network up?", text);
	default:
		return kb_fail(why, err, "cannot connect a TCP socket to %s: %s", text, strerror(err));
	}
}

static int
prepare(int fd, const struct kb_tcp_spec *spec, struct kb_error *why)
{
	int r = kb_socket_bind_device(fd, "TCP", spec->interface, why);

	if (r == 0)
		r = kb_socket_set_mark(fd, "TCP", spec->mark, why);
	if (r == 0 && spec->local_port != 0)
		r = kb_socket_bind_port(fd, "TCP", spec->peer.sa.sa_family, spec->local_port, why);
	if (r < 0)
		return r;
	send_at_once(fd);
	if (connect(fd, &spec->peer.sa, kb_sockaddr_len(&spec->peer)) == 0 || errno == EINPROGRESS)
		return 0;
	return explain(errno, &spec->peer, why);
}

int
kb_tcp_connect(const struct kb_tcp_spec *spec, int *fd, struct kb_error *why)
{
	int s = -1;
	int r = new_socket(spec->peer.sa.sa_family, &s, why);

	if (r < 0)
		return r;
	r = prepare(s, spec, why);
	if (r == 0)
		*fd = s;
	else
		close(s);
	return r;
}

int
kb_tcp_connected(int fd, const union kb_sockaddr *peer, struct kb_error *why)
{
	union kb_sockaddr found;
	int err = 0;
	socklen_t length = sizeof err;

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &length) < 0)
		err = errno;
	if (err != 0)
		return explain(err, peer, why);
	const int r = kb_tcp_peer(fd, &found, why);
	return r == -ENOTCONN ? kb_fail(why, EINPROGRESS, "the TCP connection is still being made") : r;
}

/* ---- its ends ---- */

int
kb_tcp_local(int fd, union kb_sockaddr *out, struct kb_error *why)
{
	union kb_sockaddr local;
	socklen_t length = sizeof local;

	memset(&local, 0, sizeof local);
	if (getsockname(fd, &local.sa, &length) < 0)
		return kb_fail(why, errno, "cannot ask a TCP socket for its address: %s", strerror(errno));
	*out = local;
	return 0;
}

int
kb_tcp_peer(int fd, union kb_sockaddr *out, struct kb_error *why)
{
	union kb_sockaddr peer;
	socklen_t length = sizeof peer;

	memset(&peer, 0, sizeof peer);
	if (getpeername(fd, &peer.sa, &length) < 0)
		return kb_fail(why, errno, "cannot ask a TCP socket for its peer: %s", strerror(errno));
	*out = peer;
	return 0;
}

/* ---- as the one who is called ---- */

static int
listen_on(int fd, const union kb_sockaddr *local, struct kb_error *why)
{
	enum { WAITING_MAX = 64 };
	char text[KB_ADDRESS_TEXT_OCTETS];
	const int on = 1;

	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (local->sa.sa_family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
	if (bind(fd, &local->sa, kb_sockaddr_len(local)) == 0 && listen(fd, WAITING_MAX) == 0)
		return 0;
	const int err = errno;
	kb_address_text(local, text);
	if (err == EADDRINUSE)
		return kb_fail(why, err,
			       "the TCP port is in use at %s: stop the program that has it, or use another",
			       text);
	return kb_fail(why, err, "cannot listen at %s: %s", text, strerror(err));
}

int
kb_tcp_listen(const union kb_sockaddr *local, int *fd, struct kb_error *why)
{
	int s = -1;
	int r = new_socket(local->sa.sa_family, &s, why);

	if (r < 0)
		return r;
	r = listen_on(s, local, why);
	if (r == 0)
		*fd = s;
	else
		close(s);
	return r;
}

/* An error of a connection that never became one, not of the listener (accept(2), "Error handling"). */
static bool
is_of_the_caller(int err)
{
	switch (err) {
	case EAGAIN:
	case EINTR:
	case ECONNABORTED:
	case ENETDOWN:
	case EPROTO:
	case ENOPROTOOPT:
	case EHOSTDOWN:
	case ENONET:
	case EHOSTUNREACH:
	case EOPNOTSUPP:
	case ENETUNREACH:
		return true;
	default:
		return false;
	}
}

int
kb_tcp_accept(int listener, int *fd, union kb_sockaddr *peer, struct kb_error *why)
{
	union kb_sockaddr from;
	socklen_t length = sizeof from;

	memset(&from, 0, sizeof from);
	const int s = accept4(listener, &from.sa, &length, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (s < 0 && is_of_the_caller(errno))
		return 0;
	if (s < 0)
		return kb_fail(why, errno, "cannot accept a TCP connection: %s", strerror(errno));
	send_at_once(s);
	*fd = s;
	*peer = from;
	return 1;
}
