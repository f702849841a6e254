/* kb_l2tpnl.c - mainline L2TP through generic netlink: made, counted, watched and ended by message
 * SPDX-License-Identifier: Apache-2.0
 *
 * Netlink makes the tunnel of our UDP socket and the session in it; a PPPoL2TP socket, connected to that session,
 * is what pppd gets.  Each request has a netlink socket of its own: they are few, and nothing stays open for them.
 */
#include "kernel-bridge/kb_datapath.h"

#include "kernel-bridge/kb_l2tp_genl.h"
#include "kernel-bridge/kb_ol2tp_socket.h"
#include "kernel-bridge/kb_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* ---- tunnels ---- */

static int
explain(int r, struct kb_error *why)
{
	if (r == -EEXIST || r == -EBUSY)
		return kb_ol2tp_explain(-r, "make an L2TP tunnel", why);
	return r;
}

/* A second name for the UDP socket holds the tunnel, and lets it go when we are killed. */
static int
hold(const struct kb_l2tp_genl *genl, const struct kb_tunnel_spec *spec, struct kb_tunnel *out,
     struct kb_error *why)
{
	const int fd = fcntl(spec->control_fd, F_DUPFD_CLOEXEC, 3);

	if (fd >= 0) {
		*out = (struct kb_tunnel){ .fd = fd, .family = genl->family, .spec = *spec };
		return 0;
	}
	const int err = errno;
	(void)kb_l2tp_tunnel_delete(genl, spec->local_tid, NULL);
	return kb_fail(why, err, "cannot keep the UDP socket of an L2TP tunnel: %s", strerror(err));
}

static int
l2tpnl_tunnel_open(const struct kb_tunnel_spec *spec, struct kb_tunnel *out, struct kb_error *why)
{
	const struct kb_l2tp_tunnel_request request = {
		.udp_fd = spec->control_fd,
		.local_tid = spec->local_tid,
		.peer_tid = spec->peer_tid,
		.version = KB_L2TP_VERSION,
	};
	struct kb_l2tp_genl genl;
	int r = kb_l2tp_open(&kb_l2tp_kernel, &genl, why);

	if (r < 0)
		return r;
	r = explain(kb_l2tp_tunnel_create(&genl, &request, why), why);
	if (r == 0)
		r = hold(&genl, spec, out, why);
	kb_l2tp_close(&genl);
	return r;
}

static void
l2tpnl_tunnel_close(struct kb_tunnel *tunnel)
{
	struct kb_l2tp_genl genl;

	if (tunnel->fd >= 0) {
		if (kb_l2tp_open_known(&kb_l2tp_kernel, tunnel->family, &genl, NULL) == 0) {
			(void)kb_l2tp_tunnel_delete(&genl, tunnel->spec.local_tid, NULL);
			kb_l2tp_close(&genl);
		}
		close(tunnel->fd);
	}
	*tunnel = KB_TUNNEL_NULL;
}

/* ---- sessions ---- */

/* To the session that netlink made, and no other. */
static int
connect_session(const struct kb_tunnel *tunnel, const struct kb_session_spec *spec,
		struct kb_session *session, struct kb_error *why)
{
	const struct kb_tunnel_spec *t = &tunnel->spec;
	const struct kb_ol2tp_ids ids = { t->local_tid, t->peer_tid, spec->local_sid, spec->peer_sid };
	int err;

	session->fd = kb_ol2tp_socket(t, ids, &err);
	if (session->fd < 0)
		return kb_ol2tp_explain(err, "connect to an L2TP session", why);
	const int r = kb_pppox_channel(session->fd, &session->channel, why);
	if (r < 0)
		close(session->fd);
	return r;
}

static int
make_session(const struct kb_l2tp_genl *genl, const struct kb_tunnel *tunnel,
	     const struct kb_session_spec *spec, struct kb_session *out, struct kb_error *why)
{
	const struct kb_l2tp_session_request request = {
		.local_tid = tunnel->spec.local_tid,
		.local_sid = spec->local_sid,
		.peer_sid = spec->peer_sid,
		.send_sequence = spec->send_sequence,
		.expect_sequence = spec->expect_sequence,
		.is_lns = spec->is_lns,
	};
	struct kb_session session = { .local_tid = tunnel->spec.local_tid,
				      .local_sid = spec->local_sid,
				      .family = tunnel->family };
	int r = kb_l2tp_session_create(genl, &request, why);

	if (r < 0)
		return r;
	r = connect_session(tunnel, spec, &session, why);
	if (r == 0)
		*out = session;
	else
		(void)kb_l2tp_session_delete(genl, request.local_tid, request.local_sid, NULL);
	return r;
}

static int
l2tpnl_session_open(const struct kb_tunnel *tunnel, const struct kb_session_spec *spec,
		    struct kb_session *out, struct kb_error *why)
{
	struct kb_l2tp_genl genl;
	int r = kb_l2tp_open_known(&kb_l2tp_kernel, tunnel->family, &genl, why);

	if (r < 0)
		return r;
	r = make_session(&genl, tunnel, spec, out, why);
	kb_l2tp_close(&genl);
	return r;
}

static int
l2tpnl_session_stats(const struct kb_session *session, struct kb_session_stats *out, struct kb_error *why)
{
	struct kb_l2tp_genl genl;
	int r = kb_l2tp_open_known(&kb_l2tp_kernel, session->family, &genl, why);

	if (r < 0)
		return r;
	r = kb_l2tp_session_get(&genl, session->local_tid, session->local_sid, out, why);
	kb_l2tp_close(&genl);
	return r;
}

/* The PPPoX socket too: it goes on sending for a session that was deleted (lab fact 7). */
static void
l2tpnl_session_close(struct kb_session *session)
{
	struct kb_l2tp_genl genl;

	if (session->fd >= 0) {
		if (kb_l2tp_open_known(&kb_l2tp_kernel, session->family, &genl, NULL) == 0) {
			(void)kb_l2tp_session_delete(&genl, session->local_tid, session->local_sid, NULL);
			kb_l2tp_close(&genl);
		}
		close(session->fd);
	}
	*session = KB_SESSION_NULL;
}

/* ---- what happens behind our back ---- */

static int
l2tpnl_watch(int *fd, struct kb_error *why)
{
	struct kb_l2tp_genl genl;
	int r = kb_l2tp_open(&kb_l2tp_kernel, &genl, why);

	if (r < 0)
		return r;
	kb_l2tp_close(&genl);
	return kb_l2tp_notices_open(&kb_l2tp_kernel, genl.group, fd, why);
}

static int
l2tpnl_session_check(const struct kb_session *session, struct kb_error *why)
{
	struct kb_session_stats stats;

	return l2tpnl_session_stats(session, &stats, why);
}

static int
l2tpnl_probe(struct kb_error *why)
{
	return kb_probe(&kb_l2tpnl, why);
}

const struct kb_driver kb_l2tpnl = {
	.name = "netlink",
	.probe = l2tpnl_probe,
	.tunnel_open = l2tpnl_tunnel_open,
	.session_open = l2tpnl_session_open,
	.session_stats = l2tpnl_session_stats,
	.session_close = l2tpnl_session_close,
	.tunnel_close = l2tpnl_tunnel_close,
	.watch = l2tpnl_watch,
	.watch_next = kb_l2tp_notices_next,
	.session_check = l2tpnl_session_check,
};
