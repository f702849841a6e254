/* kb_socket.c - what every socket of ours may be bound to: an interface, a mark, a port
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_socket.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>

int
kb_socket_bind_device(int fd, const char *what, const char *interface, struct kb_error *why)
{
	if (interface == NULL)
		return 0;
	if (strlen(interface) >= IF_NAMESIZE)
		return kb_fail(why, ENODEV, "the interface name \"%.32s\" is too long", interface);
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface, (socklen_t)strlen(interface)) == 0)
		return 0;
	if (errno == ENODEV)
		return kb_fail(why, ENODEV, "there is no interface %s to send through", interface);
	return kb_fail(why, errno, "cannot bind a %s socket to the interface %s: %s", what, interface,
		       strerror(errno));
}

int
kb_socket_set_mark(int fd, const char *what, uint32_t mark, struct kb_error *why)
{
	if (mark == 0 || setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof mark) == 0)
		return 0;
	if (errno == EPERM)
		return kb_fail(why, EPERM,
			       "not permitted to set the mark 0x%x on a %s socket: run as root, or with the "
			       "capability CAP_NET_ADMIN",
			       mark, what);
	return kb_fail(why, errno, "cannot set the mark 0x%x on a %s socket: %s", mark, what,
		       strerror(errno));
}

static void
set_any(union kb_sockaddr *any, sa_family_t family, uint16_t port)
{
	memset(any, 0, sizeof *any);
	any->sa.sa_family = family;
	if (family == AF_INET6)
		any->in6.sin6_port = htons(port);
	else
		any->in.sin_port = htons(port);
}

int
kb_socket_bind_port(int fd, const char *what, sa_family_t family, uint16_t port, struct kb_error *why)
{
	union kb_sockaddr any;
	const int on = 1;

	set_any(&any, family, port);
	if (family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
	if (bind(fd, &any.sa, kb_sockaddr_len(&any)) == 0)
		return 0;
	if (errno == EADDRINUSE)
		return kb_fail(
		    why, EADDRINUSE,
		    "the local %s port %u is in use: stop the program that has it, or use another port", what,
		    port);
	return kb_fail(why, errno, "cannot bind the local %s port %u: %s", what, port, strerror(errno));
}
