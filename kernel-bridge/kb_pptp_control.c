/* kb_pptp_control.c - a "tunnel" of PPTP: no kernel object, but the addresses of its control connection
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_pptp_control.h"

#include "kernel-bridge/kb_address.h"
#include "kernel-bridge/kb_tcp.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>

static bool
is_mapped(const union kb_sockaddr *a)
{
	return a->sa.sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&a->in6.sin6_addr);
}

static int
take_ipv4(const union kb_sockaddr *from, union kb_sockaddr *out, struct kb_error *why)
{
	char text[KB_ADDRESS_TEXT_OCTETS];
	union kb_sockaddr a;

	if (from->sa.sa_family == AF_INET) {
		*out = *from;
		return 0;
	}
	if (!is_mapped(from))
		return kb_fail(why, EAFNOSUPPORT,
			       "the control connection with %s is IPv6, but the kernel's data path of PPTP "
			       "(GRE) is IPv4 "
			       "only: give the server's IPv4 address",
			       kb_address_text(from, text));
	memset(&a, 0, sizeof a);
	a.in.sin_family = AF_INET;
	a.in.sin_port = from->in6.sin6_port;
	memcpy(&a.in.sin_addr, &from->in6.sin6_addr.s6_addr[12], sizeof a.in.sin_addr);
	*out = a;
	return 0;
}

int
kb_pptp_tunnel_open(const struct kb_tunnel_spec *spec, struct kb_tunnel *out, struct kb_error *why)
{
	struct kb_tunnel tunnel = { .fd = -1, .spec = *spec };
	union kb_sockaddr local, peer;
	int r = kb_tcp_peer(spec->control_fd, &peer, why);

	if (r == 0)
		r = kb_tcp_local(spec->control_fd, &local, why);
	if (r == 0)
		r = take_ipv4(&peer, &tunnel.spec.peer, why);
	if (r == 0)
		r = take_ipv4(&local, &local, why);
	if (r < 0)
		return r;
	tunnel.local = local.in.sin_addr;
	tunnel.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (tunnel.fd < 0)
		return kb_fail(why, errno, "cannot make an eventfd: %s", strerror(errno));
	*out = tunnel;
	return 0;
}

int
kb_pptp_explain_socket(int err, struct kb_error *why)
{
	switch (err) {
	case EAFNOSUPPORT:
		return kb_fail(why, err,
			       "the kernel has no PPTP (CONFIG_PPTP, nor PPPoX at all): load the module with "
			       "\"modprobe pptp\", or install the full kernel image");
	case EPROTONOSUPPORT:
		return kb_fail(why, err,
			       "the kernel has PPPoX but no PPTP (CONFIG_PPTP): load the module with "
			       "\"modprobe pptp\", or install the full kernel image");
	case EPERM:
	case EACCES:
		return kb_fail(why, err,
			       "not permitted to make a PPTP socket: run as root, or with the capability "
			       "CAP_NET_ADMIN");
	default:
		return kb_fail(why, err, "cannot make a PPTP socket: %s", strerror(err));
	}
}
