/* kb_pptp.c - mainline PPTP sockets: the kernel carries the frames of PPTP calls in GRE
 * SPDX-License-Identifier: Apache-2.0
 *
 * bind() takes our call id, of which there is one set in the whole kernel, whatever the network namespace; connect()
 * names the server and its call id.  Between the two the kernel throws away what comes for the call.
 */
#include "kernel-bridge/kb_pptp.h"

#include "kernel-bridge/kb_address.h"
#include "kernel-bridge/kb_datapath.h"
#include "kernel-bridge/kb_ol2tp_socket.h"
#include "kernel-bridge/kb_pptp_control.h"
#include "kernel-bridge/kb_probe.h"
#include "kernel-bridge/kb_socket.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

_Static_assert(sizeof(struct sockaddr_pppox) == 30, "as the kernel has it");

struct sockaddr_pppox
kb_pptp_sockaddr(struct in_addr address, uint16_t call_id)
{
	struct sockaddr_pppox a;

	memset(&a, 0, sizeof a);
	a.sa_family = AF_PPPOX;
	a.sa_protocol = PX_PROTO_PPTP;
	a.sa_addr.pptp.call_id = call_id;
	a.sa_addr.pptp.sin_addr = address;
	return a;
}

/* ---- the local half ---- */

static int
bind_call(int fd, struct in_addr local, uint16_t call_id, struct kb_error *why)
{
	const struct sockaddr_pppox a = kb_pptp_sockaddr(local, call_id);

	if (bind(fd, (const struct sockaddr *)&a, sizeof a) == 0)
		return 0;
	if (errno == EBUSY && call_id == 0)
		return kb_fail(why, EBUSY, "every PPTP call id of this kernel is in use");
	if (errno == EBUSY)
		return kb_fail(why, EBUSY, "the PPTP call id %u is in use in this kernel", call_id);
	return kb_fail(why, errno, "cannot take the PPTP call id %u: %s", call_id, strerror(errno));
}

/* The id that was asked for, or the kernel's choice. */
static int
read_call(int fd, uint16_t *call_id, struct kb_error *why)
{
	struct sockaddr_pppox a;
	socklen_t length = sizeof a;

	memset(&a, 0, sizeof a);
	if (getsockname(fd, (struct sockaddr *)&a, &length) < 0)
		return kb_fail(why, errno, "cannot ask a PPTP socket for its call id: %s", strerror(errno));
	*call_id = a.sa_addr.pptp.call_id;
	return 0;
}

static int
prepare(int fd, const struct kb_tunnel *tunnel, uint16_t *call_id, struct kb_error *why)
{
	int r = kb_socket_bind_device(fd, "PPTP", tunnel->spec.interface, why);

	if (r == 0)
		r = kb_socket_set_mark(fd, "PPTP", tunnel->spec.mark, why);
	if (r == 0)
		r = bind_call(fd, tunnel->local, *call_id, why);
	return r < 0 ? r : read_call(fd, call_id, why);
}

static int
pptp_session_reserve(const struct kb_tunnel *tunnel, const struct kb_session_spec *spec,
		     struct kb_session *out, struct kb_error *why)
{
	struct kb_session session = KB_SESSION_NULL;
	int r;

	session.local_sid = spec->local_sid;
	session.fd = socket(AF_PPPOX, SOCK_STREAM | SOCK_CLOEXEC, PX_PROTO_PPTP);
	if (session.fd < 0)
		return kb_pptp_explain_socket(errno, why);
	r = prepare(session.fd, tunnel, &session.local_sid, why);
	if (r == 0)
		*out = session;
	else
		close(session.fd);
	return r;
}

/* ---- the peer's half ---- */

static int
explain_connect(int err, const struct kb_tunnel *tunnel, uint16_t peer_sid, struct kb_error *why)
{
	char text[KB_ADDRESS_TEXT_OCTETS];

	kb_address_text(&tunnel->spec.peer, text);
	switch (err) {
	case EALREADY:
		return kb_fail(
		    why, err,
		    "this kernel has a PPTP call with id %u of %s already: another program's, or one "
		    "of another network namespace",
		    peer_sid, text);
	case EHOSTUNREACH:
		return kb_fail(why, err,
			       "the kernel cannot route the frames of a PPTP call with %s from the address "
			       "of its control "
			       "connection: is the network still up?",
			       text);
	default:
		return kb_fail(why, err, "cannot connect a PPTP socket to call %u of %s: %s", peer_sid, text,
			       strerror(err));
	}
}

static int
pptp_session_open(const struct kb_tunnel *tunnel, const struct kb_session_spec *spec, struct kb_session *out,
		  struct kb_error *why)
{
	const struct sockaddr_pppox a = kb_pptp_sockaddr(tunnel->spec.peer.in.sin_addr, spec->peer_sid);

	if (out->fd < 0)
		return kb_fail(why, EBADF, "the PPTP call %u was not reserved", spec->local_sid);
	if (connect(out->fd, (const struct sockaddr *)&a, sizeof a) < 0)
		return explain_connect(errno, tunnel, spec->peer_sid, why);
	return kb_pppox_channel(out->fd, &out->channel, why);
}

static int
pptp_session_stats(const struct kb_session *session, struct kb_session_stats *out, struct kb_error *why)
{
	(void)session;
	(void)out;
	return kb_fail(why, EOPNOTSUPP,
		       "the kernel does not count the frames of PPTP calls; the ppp interface does");
}

/* ---- probing ---- */

/* As far as it goes without a route: connect() to ourselves would fail (lab fact 11). */
static int
pptp_probe(struct kb_error *why)
{
	const struct kb_tunnel loopback = { .fd = -1, .local.s_addr = htonl(INADDR_LOOPBACK) };
	const struct kb_session_spec any = { .local_sid = 0 };
	struct kb_session session = KB_SESSION_NULL;
	int r = kb_probe_ppp(why);

	if (r == 0)
		r = pptp_session_reserve(&loopback, &any, &session, why);
	kb_session_close(&session);
	return r;
}

const struct kb_driver kb_pptp = {
	.name = "pptp",
	.mark_caveat = "the mark chooses the route of PPTP's frames on newer kernels only (6.1.176 is one), "
		       "and no kernel "
		       "shows it to the packet filter",
	.probe = pptp_probe,
	.tunnel_open = kb_pptp_tunnel_open,
	.session_reserve = pptp_session_reserve,
	.session_open = pptp_session_open,
	.session_stats = pptp_session_stats,
	.session_close = kb_session_close,
	.tunnel_close = kb_tunnel_close,
};
