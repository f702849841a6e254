/* kb_olac.c - Android's old driver, PPPoLAC: one session a UDP socket, IPv4 underlay
 * SPDX-License-Identifier: Apache-2.0
 *
 * It has no tunnels: a session takes the UDP socket for itself, and gives it back when its own socket is closed.  It
 * numbers frames as soon as the peer does, and counts none.
 */
#include "kernel-bridge/kb_datapath.h"

#include "kernel-bridge/kb_olac_abi.h"
#include "kernel-bridge/kb_ol2tp_socket.h"
#include "kernel-bridge/kb_probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

void
kb_olac_sockaddr(uint8_t out[KB_OLAC_SOCKADDR_OCTETS], int udp_fd, const struct kb_olac_ids *ids)
{
	const sa_family_t family = AF_PPPOX;
	const uint32_t protocol = KB_OLAC_PROTOCOL;
	const int32_t fd = udp_fd;
	const uint16_t wire[4] = { htons(ids->local_tid), htons(ids->local_sid), htons(ids->peer_tid),
				   htons(ids->peer_sid) };

	_Static_assert(sizeof family == 2, "a family has two octets");
	memcpy(out, &family, sizeof family);
	memcpy(out + 2, &protocol, sizeof protocol);
	memcpy(out + 6, &fd, sizeof fd);
	memcpy(out + 10, wire, sizeof wire);
}

static int
explain(int err, struct kb_error *why)
{
	switch (err) {
	case EAFNOSUPPORT:
	case EPROTONOSUPPORT:
	case EPROTOTYPE:
		return kb_fail(
		    why, err,
		    "the kernel has no PPPoLAC, Android's old L2TP driver (CONFIG_PPPOLAC); kernels "
		    "of today have \"ol2tp\" instead");
	case EBUSY:
		return kb_fail(why, err, "PPPoLAC carries one session a tunnel, and this tunnel has one");
	default:
		return kb_ol2tp_explain(err, "make a PPPoLAC session", why);
	}
}

static int
olac_tunnel_open(const struct kb_tunnel_spec *spec, struct kb_tunnel *out, struct kb_error *why)
{
	if (spec->peer.sa.sa_family != AF_INET)
		return kb_fail(why, EAFNOSUPPORT, "PPPoLAC reaches servers by IPv4 only");
	if (spec->local_tid == 0 || spec->peer_tid == 0)
		return kb_fail(why, EINVAL, "a kernel tunnel needs two ids that are not 0");
	const int fd = fcntl(spec->control_fd, F_DUPFD_CLOEXEC, 3);
	if (fd < 0)
		return kb_fail(why, errno, "cannot keep the UDP socket of an L2TP tunnel: %s",
			       strerror(errno));
	*out = (struct kb_tunnel){ .fd = fd, .spec = *spec };
	return 0;
}

/* A connected PPPoX socket, or -1 with the positive errno in `*err`. */
static int
open_connected(int udp_fd, const struct kb_olac_ids *ids, int *err)
{
	_Alignas(struct sockaddr) uint8_t address[KB_OLAC_SOCKADDR_OCTETS];
	const int fd = socket(AF_PPPOX, SOCK_DGRAM | SOCK_CLOEXEC, KB_OLAC_PROTOCOL);

	if (fd < 0) {
		*err = errno;
		return -1;
	}
	kb_olac_sockaddr(address, udp_fd, ids);
	if (connect(fd, (const struct sockaddr *)(const void *)address, sizeof address) == 0)
		return fd;
	*err = errno;
	close(fd);
	return -1;
}

static int
olac_session_open(const struct kb_tunnel *tunnel, const struct kb_session_spec *spec, struct kb_session *out,
		  struct kb_error *why)
{
	const struct kb_tunnel_spec *t = &tunnel->spec;
	const struct kb_olac_ids ids = { t->local_tid, spec->local_sid, t->peer_tid, spec->peer_sid };
	struct kb_session session = { .local_tid = t->local_tid, .local_sid = spec->local_sid };
	int err;

	if (spec->local_sid == 0 || spec->peer_sid == 0)
		return kb_fail(why, EINVAL, "a kernel session needs two ids that are not 0");
	session.fd = open_connected(t->control_fd, &ids, &err);
	if (session.fd < 0)
		return explain(err, why);
	const int r = kb_pppox_channel(session.fd, &session.channel, why);
	if (r == 0)
		*out = session;
	else
		close(session.fd);
	return r;
}

static int
olac_session_stats(const struct kb_session *session, struct kb_session_stats *out, struct kb_error *why)
{
	(void)session;
	(void)out;
	return kb_fail(why, EOPNOTSUPP, "PPPoLAC does not count what it carries");
}

static int
olac_probe(struct kb_error *why)
{
	return kb_probe(&kb_olac, why);
}

const struct kb_driver kb_olac = {
	.name = "olac",
	.probe = olac_probe,
	.tunnel_open = olac_tunnel_open,
	.session_open = olac_session_open,
	.session_stats = olac_session_stats,
	.session_close = kb_session_close,
	.tunnel_close = kb_tunnel_close,
};
