/* peer_data.c - a server's data path: a connected socket and a kernel tunnel each, a pppd for each session
 * SPDX-License-Identifier: Apache-2.0
 *
 * The kernel wants a connected UDP socket for a tunnel.  It is bound to the server's port, which all sockets share, and
 * the kernel hands a peer's datagrams to the one that is connected to it.
 */
#include "tests/peer/peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static bool
is_same(struct ut_ref a, struct ut_ref b)
{
	return a.index == b.index && a.generation == b.generation;
}

static int
connect_socket(struct peer *p, struct peer_tunnel *t, const struct ut_peer *to, struct kb_error *why)
{
	const struct socket_options options = { .port = p->reply_port,
						.zero_checksum =
						    behave_has(&p->config.behave, BEHAVE_ZERO_CHECKSUM) };
	const int r = socket_open_connected(&options, to, &t->fd, why);

	return r < 0 ? r : p->turn.io.ops->watch(p->turn.io.self, t->fd, peer_receive, p);
}

static int
open_tunnel(struct peer *p, const struct ut_effect *fx, struct kb_error *why)
{
	struct peer_tunnel *t = &p->tunnels[fx->tunnel.index];
	struct kb_tunnel_spec spec = { .control_fd = p->fd,
				       .local_tid = fx->local_tid.v,
				       .peer_tid = fx->peer_tid.v };
	int r = 0;

	if (is_same(t->ref, fx->tunnel))
		return 0;
	t->ref = fx->tunnel;
	if (!p->config.is_kernel)
		return 0;
	if (p->config.is_pptp) {
		spec.control_fd = peer_pptp_fd(p, fx->tunnel);
		return p->driver->tunnel_open(&spec, &t->kernel, why);
	}
	socket_address(&fx->peer, false, &spec.peer);
	r = connect_socket(p, t, &fx->peer, why);
	spec.control_fd = t->fd;
	return r < 0 ? r : p->driver->tunnel_open(&spec, &t->kernel, why);
}

static struct kb_session_spec
session_spec(const struct peer *p, const struct ut_effect *fx)
{
	if (p->config.is_pptp)
		return (struct kb_session_spec){ .local_sid = fx->local_call.v, .peer_sid = fx->peer_call.v };
	return (struct kb_session_spec){ .local_sid = fx->local_sid.v,
					 .peer_sid = fx->peer_sid.v,
					 .send_sequence = fx->send_sequence,
					 .is_lns = fx->is_lns };
}

static int
reserve_session(struct peer *p, const struct ut_effect *fx, struct kb_error *why)
{
	struct peer_session *s = &p->sessions[fx->ref.index];
	const struct kb_session_spec spec = session_spec(p, fx);
	const int r = open_tunnel(p, fx, why);

	if (r < 0)
		return r;
	s->ref = fx->ref;
	if (!p->config.is_kernel)
		return 0;
	return p->driver->session_reserve(&p->tunnels[fx->tunnel.index].kernel, &spec, &s->kernel, why);
}

void
peer_data_reserve(struct peer *p, const struct ut_effect *fx)
{
	struct kb_error why = { 0 };
	const int r = reserve_session(p, fx, &why);

	if (r < 0)
		fprintf(stderr, "uptun-peer: %s\n", why.text);
	turn_queue(&p->turn, (struct ut_event){ .kind = UT_EV_SESSION_RESERVED, .ref = fx->ref, .err = -r });
}

static int
open_session(struct peer *p, const struct ut_effect *fx, struct kb_error *why)
{
	struct peer_session *s = &p->sessions[fx->ref.index];
	const struct kb_session_spec spec = session_spec(p, fx);
	const int r = open_tunnel(p, fx, why);

	if (r < 0)
		return r;
	s->ref = fx->ref;
	if (!p->config.is_kernel)
		return 0; /* not even a descriptor: there may be ten thousand */
	return p->driver->session_open(&p->tunnels[fx->tunnel.index].kernel, &spec, &s->kernel, why);
}

void
peer_data_open(struct peer *p, const struct ut_effect *fx)
{
	struct kb_error why = { 0 };
	const int r = open_session(p, fx, &why);

	if (r < 0)
		fprintf(stderr, "uptun-peer: %s\n", why.text);
	turn_queue(&p->turn, (struct ut_event){ .kind = UT_EV_SESSION_OPENED, .ref = fx->ref, .err = -r });
}

/* ---- PPP ---- */

static void
bury(struct peer_session *s)
{
	const struct ut_io *io = &s->peer->turn.io;

	if (s->pppd.report_fd >= 0)
		io->ops->unwatch(io->self, s->pppd.report_fd);
	if (s->pppd.pidfd >= 0)
		io->ops->unwatch(io->self, s->pppd.pidfd);
	kb_pppd_close(&s->pppd);
	s->pppd = KB_PPPD_NULL;
}

static void
on_ended(void *ctx, int fd)
{
	struct peer_session *s = ctx;
	int status;

	(void)fd;
	if (kb_pppd_wait(&s->pppd, &status) == 0)
		return;
	bury(s);
	turn_feed(&s->peer->turn, (struct ut_event){ .kind = UT_EV_SESSION_CLOSE, .ref = s->ref });
}

static void
on_report(void *ctx, int fd)
{
	struct peer_session *s = ctx;
	struct kb_pppd_report report;
	int r;

	while ((r = kb_pppd_report(&s->pppd, &report)) == 1) {
		if (report.kind != KB_PPPD_IP_UP)
			continue;
		s->peer->counts.ppp_up++;
		if (!s->peer->config.is_quiet)
			printf("ppp-up %s\n", report.ifname);
	}
	fflush(stdout);
	if (r < 0)
		s->peer->turn.io.ops->unwatch(s->peer->turn.io.self, fd);
}

static void
addresses(const struct peer *p, unsigned session, char out[40])
{
	const struct in_addr remote = { htonl(ntohl(p->config.ppp_remote.s_addr) + session) };
	char local[INET_ADDRSTRLEN], text[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &p->config.ppp_local, local, sizeof local);
	inet_ntop(AF_INET, &remote, text, sizeof text);
	snprintf(out, 40, "%s:%s", local, text);
}

static int
start_ppp(struct peer *p, struct peer_session *s, struct kb_error *why)
{
	const struct ut_io *io = &p->turn.io;
	const char *options[PEER_PPP_OPTIONS + 2];
	char pair[40];

	addresses(p, s->ref.index, pair);
	options[0] = pair;
	memcpy(options + 1, p->config.ppp_options, sizeof p->config.ppp_options);
	const struct kb_pppd_request request = { .session_fd = s->kernel.fd,
						 .plugin_path = p->config.plugin,
						 .mtu = 1400,
						 .mru = 1400,
						 .options = options };
	int r = kb_pppd_start(&request, &s->pppd, why);
	if (r == 0)
		r = io->ops->watch(io->self, s->pppd.pidfd, on_ended, s);
	return r < 0 ? r : io->ops->watch(io->self, s->pppd.report_fd, on_report, s);
}

void
peer_data_up(struct peer *p, const struct ut_effect *fx)
{
	struct peer_session *s = &p->sessions[fx->ref.index];
	struct kb_error why = { 0 };

	if (!p->config.is_kernel || !is_same(s->ref, fx->ref) || start_ppp(p, s, &why) == 0)
		return;
	fprintf(stderr, "uptun-peer: %s\n", why.text);
	turn_queue(&p->turn, (struct ut_event){ .kind = UT_EV_SESSION_CLOSE, .ref = s->ref });
}

/* ---- ends ---- */

/* Our plugin makes pppd go as soon as the kernel's session is gone. */
void
peer_data_close(struct peer *p, struct ut_ref session)
{
	struct peer_session *s;
	int status;

	if (session.index == UT_REF_NONE || !is_same(p->sessions[session.index].ref, session))
		return;
	s = &p->sessions[session.index];
	p->driver->session_close(&s->kernel);
	if (s->pppd.pid > 0) {
		kb_pppd_kill(&s->pppd);
		(void)waitpid(s->pppd.pid, &status, 0);
		bury(s);
	}
	s->ref.index = UT_REF_NONE;
}

void
peer_data_close_tunnel(struct peer *p, struct ut_ref tunnel)
{
	struct peer_tunnel *t;

	if (tunnel.index == UT_REF_NONE || !is_same(p->tunnels[tunnel.index].ref, tunnel))
		return;
	t = &p->tunnels[tunnel.index];
	if (p->config.is_kernel)
		p->driver->tunnel_close(&t->kernel);
	if (t->fd >= 0) {
		p->turn.io.ops->unwatch(p->turn.io.self, t->fd);
		close(t->fd);
	}
	t->fd = -1;
	t->ref.index = UT_REF_NONE;
}
