/* kb_ol2tp.c - mainline PPPoL2TP sockets: the kernel carries the frames of L2TPv2 sessions
 * SPDX-License-Identifier: Apache-2.0
 *
 * One socket a tunnel (session ids 0) and one a session.  The kernel ties both to our connected UDP
 * socket and takes the peer's address from that, not from the address given here.
 */
#include "kernel-bridge/kb_datapath.h"

#include "kernel-bridge/kb_ol2tp_socket.h"
#include "kernel-bridge/kb_probe.h"

#include <errno.h>
#include <linux/if_pppox.h>
#include <linux/ppp-ioctl.h>
#include <linux/udp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Names that <sys/socket.h> and <netinet/udp.h> of older C libraries lack. */
#ifndef SOL_PPPOL2TP
#define SOL_PPPOL2TP 273
#endif

/* The kernel attaches a tunnel socket to any tunnel that has the id already, another program's too, and
 * then leaves our UDP socket alone: what the UDP socket carries tells which of both happened. */
static bool
carries_l2tp(int udp_fd)
{
	int kind = 0;
	socklen_t length = sizeof kind;

	return getsockopt(udp_fd, IPPROTO_UDP, UDP_ENCAP, &kind, &length) == 0 && kind == UDP_ENCAP_L2TPINUDP;
}

static int
ol2tp_tunnel_open(const struct kb_tunnel_spec *spec, struct kb_tunnel *out, struct kb_error *why)
{
	int err;

	if (spec->local_tid == 0 || spec->peer_tid == 0)
		return kb_fail(why, EINVAL, "a kernel tunnel needs two ids that are not 0");
	const int fd =
	    kb_ol2tp_socket(spec, (struct kb_ol2tp_ids){ spec->local_tid, spec->peer_tid, 0, 0 }, &err);
	if (fd < 0)
		return kb_ol2tp_explain(err, "attach the UDP socket to an L2TP tunnel", why);
	if (!carries_l2tp(spec->control_fd)) {
		close(fd);
		return kb_fail(
		    why, EEXIST,
		    "the kernel has an L2TP tunnel %u already: another program's, or one that is just going",
		    spec->local_tid);
	}
	*out = (struct kb_tunnel){ .fd = fd, .spec = *spec };
	return 0;
}

static int
set_option(int fd, int name, bool value, const char *what, struct kb_error *why)
{
	const int on = value;

	if (!value || setsockopt(fd, SOL_PPPOL2TP, name, &on, sizeof on) == 0)
		return 0;
	return kb_fail(why, errno, "cannot make an L2TP session %s: %s", what, strerror(errno));
}

static int
set_up(struct kb_session *session, const struct kb_session_spec *spec, struct kb_error *why)
{
	int r;

	r = kb_pppox_channel(session->fd, &session->channel, why);
	if (r == 0)
		r = set_option(session->fd, PPPOL2TP_SO_LNSMODE, spec->is_lns, "the LNS's", why);
	if (r == 0)
		r = set_option(session->fd, PPPOL2TP_SO_SENDSEQ, spec->send_sequence, "send sequence numbers",
			       why);
	if (r == 0)
		r = set_option(session->fd, PPPOL2TP_SO_RECVSEQ, spec->expect_sequence,
			       "expect sequence numbers", why);
	return r;
}

static int
ol2tp_session_open(const struct kb_tunnel *tunnel, const struct kb_session_spec *spec, struct kb_session *out,
		   struct kb_error *why)
{
	const struct kb_tunnel_spec *t = &tunnel->spec;
	struct kb_session session = KB_SESSION_NULL;
	int err;

	if (spec->local_sid == 0 || spec->peer_sid == 0)
		return kb_fail(why, EINVAL, "a kernel session needs two ids that are not 0");
	session.local_tid = t->local_tid;
	session.local_sid = spec->local_sid;
	session.fd = kb_ol2tp_socket(
	    t, (struct kb_ol2tp_ids){ t->local_tid, t->peer_tid, spec->local_sid, spec->peer_sid }, &err);
	if (session.fd < 0)
		return kb_ol2tp_explain(err, "make an L2TP session", why);
	const int r = set_up(&session, spec, why);
	if (r < 0) {
		close(session.fd);
		return r;
	}
	*out = session;
	return 0;
}

static int
ol2tp_session_stats(const struct kb_session *session, struct kb_session_stats *out, struct kb_error *why)
{
	struct pppol2tp_ioc_stats s;

	memset(&s, 0, sizeof s);
	if (ioctl(session->fd, PPPIOCGL2TPSTATS, &s) < 0)
		return kb_fail(why, errno, "cannot read the counters of an L2TP session: %s",
			       strerror(errno));
	*out = (struct kb_session_stats){
		.tx_packets = s.tx_packets,
		.tx_octets = s.tx_bytes,
		.tx_errors = s.tx_errors,
		.rx_packets = s.rx_packets,
		.rx_octets = s.rx_bytes,
		.rx_errors = s.rx_errors,
		.rx_discards = s.rx_seq_discards,
		.rx_out_of_order = s.rx_oos_packets,
	};
	return 0;
}

static int
ol2tp_probe(struct kb_error *why)
{
	return kb_probe(&kb_ol2tp, why);
}

const struct kb_driver kb_ol2tp = {
	.name = "ol2tp",
	.probe = ol2tp_probe,
	.tunnel_open = ol2tp_tunnel_open,
	.session_open = ol2tp_session_open,
	.session_stats = ol2tp_session_stats,
	.session_close = kb_session_close,
	.tunnel_close = kb_tunnel_close,
};
