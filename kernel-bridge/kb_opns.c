/* kb_opns.c - Android's old driver, PPPoPNS: PPTP calls beside a control connection, IPv4 underlay
 * SPDX-License-Identifier: Apache-2.0
 *
 * It takes the peer's address and the interface from the TCP socket, and binds that socket to the interface it is
 * routed by.  There is nothing to reserve: it knows no ids but those of its own call, and drops what is another's.
 */
#include "kernel-bridge/kb_datapath.h"

#include "kernel-bridge/kb_ol2tp_socket.h"
#include "kernel-bridge/kb_opns_abi.h"
#include "kernel-bridge/kb_pptp_control.h"
#include "kernel-bridge/kb_probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

void
kb_opns_sockaddr(uint8_t out[KB_OPNS_SOCKADDR_OCTETS], int tcp_fd, struct kb_opns_ids ids)
{
	const sa_family_t family = AF_PPPOX;
	const uint32_t protocol = KB_OPNS_PROTOCOL;
	const int32_t fd = tcp_fd;
	const uint16_t wire[2] = { htons(ids.local_sid), htons(ids.peer_sid) };

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
		    "the kernel has no PPPoPNS, Android's old PPTP driver (CONFIG_PPPOPNS); kernels of "
		    "today have \"pptp\" instead");
	case EPERM:
	case EACCES:
		return kb_fail(why, err,
			       "not permitted to make a PPPoPNS session: run as root, or with the capability "
			       "CAP_NET_ADMIN");
	default:
		return kb_fail(why, err, "cannot make a PPPoPNS session: %s", strerror(err));
	}
}

static int
new_socket(int *fd, struct kb_error *why)
{
	*fd = socket(AF_PPPOX, SOCK_DGRAM | SOCK_CLOEXEC, KB_OPNS_PROTOCOL);
	return *fd < 0 ? explain(errno, why) : 0;
}

static int
connect_call(int fd, int tcp_fd, struct kb_opns_ids ids, struct kb_error *why)
{
	_Alignas(struct sockaddr) uint8_t address[KB_OPNS_SOCKADDR_OCTETS];

	kb_opns_sockaddr(address, tcp_fd, ids);
	if (connect(fd, (const struct sockaddr *)(const void *)address, sizeof address) == 0)
		return 0;
	return explain(errno, why);
}

static int
opns_session_open(const struct kb_tunnel *tunnel, const struct kb_session_spec *spec, struct kb_session *out,
		  struct kb_error *why)
{
	const struct kb_opns_ids ids = { spec->local_sid, spec->peer_sid };
	struct kb_session session = { .local_sid = spec->local_sid };
	int r = new_socket(&session.fd, why);

	if (r < 0)
		return r;
	r = connect_call(session.fd, tunnel->spec.control_fd, ids, why);
	if (r == 0)
		r = kb_pppox_channel(session.fd, &session.channel, why);
	if (r == 0)
		*out = session;
	else
		close(session.fd);
	return r;
}

static int
opns_session_stats(const struct kb_session *session, struct kb_session_stats *out, struct kb_error *why)
{
	(void)session;
	(void)out;
	return kb_fail(why, EOPNOTSUPP, "PPPoPNS does not count what it carries; the ppp interface does");
}

/* As far as it goes without a control connection. */
static int
opns_probe(struct kb_error *why)
{
	int fd;
	int r = kb_probe_ppp(why);

	if (r == 0)
		r = new_socket(&fd, why);
	if (r == 0)
		close(fd);
	return r;
}

const struct kb_driver kb_opns = {
	.name = "opns",
	.mark_caveat = "the mark is on the control connection only: PPPoPNS sends its frames without one",
	.probe = opns_probe,
	.tunnel_open = kb_pptp_tunnel_open,
	.session_open = opns_session_open,
	.session_stats = opns_session_stats,
	.session_close = kb_session_close,
	.tunnel_close = kb_tunnel_close,
};
