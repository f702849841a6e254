/* rig.c - a host on a machine made of memory
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/cli/host/rig_parts.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const call_names[] = {
#define X(name) #name,
	RIG_CALLS(X)
#undef X
};

const char *
rig_call_name(enum rig_call call)
{
	return call_names[call];
}

/* ---- the loop, with failures ---- */

static int
io_watch(void *self, int fd, ut_io_ready_fn *ready, void *ctx)
{
	struct rig *rig = self;

	if (rig_fails(rig, RIG_WATCH))
		return -EIO;
	return rig->world_io.ops->watch(rig->world_io.self, fd, ready, ctx);
}

static int
io_watch_for(void *self, int fd, bool reads, bool writes)
{
	struct rig *rig = self;

	if (rig_fails(rig, RIG_WATCH_FOR))
		return -EIO;
	return rig->world_io.ops->watch_for(rig->world_io.self, fd, reads, writes);
}

static void
io_unwatch(void *self, int fd)
{
	struct rig *rig = self;

	rig->world_io.ops->unwatch(rig->world_io.self, fd);
}

static struct ut_time
io_now(void *self)
{
	struct rig *rig = self;

	return rig->world_io.ops->now(rig->world_io.self);
}

static int
io_wait(void *self, const struct ut_time *until)
{
	struct rig *rig = self;

	return rig->world_io.ops->wait(rig->world_io.self, until);
}

static void
io_random(void *self, void *p, size_t n)
{
	struct rig *rig = self;

	rig->world_io.ops->random(rig->world_io.self, p, n);
}

static int
io_udp_open(void *self, const struct kb_udp_spec *spec, int *fd, struct kb_error *why)
{
	struct rig *rig = self;

	if (rig_fails(rig, RIG_UDP_OPEN))
		return kb_fail(why, EIO, "made to fail: UDP_OPEN");
	return rig->world_io.ops->udp_open(rig->world_io.self, spec, fd, why);
}

static int
io_udp_connect(void *self, int fd, const union kb_sockaddr *peer, struct kb_error *why)
{
	struct rig *rig = self;

	if (rig_fails(rig, RIG_UDP_CONNECT))
		return kb_fail(why, EIO, "made to fail: UDP_CONNECT");
	return rig->world_io.ops->udp_connect(rig->world_io.self, fd, peer, why);
}

static int
io_udp_local(void *self, int fd, union kb_sockaddr *out, struct kb_error *why)
{
	struct rig *rig = self;

	if (rig_fails(rig, RIG_UDP_LOCAL))
		return kb_fail(why, EIO, "made to fail: UDP_LOCAL");
	return rig->world_io.ops->udp_local(rig->world_io.self, fd, out, why);
}

static void
io_udp_close(void *self, int fd)
{
	struct rig *rig = self;

	rig->world_io.ops->udp_close(rig->world_io.self, fd);
}

static ssize_t
io_send(void *self, int fd, const void *p, size_t n, const union kb_sockaddr *to)
{
	struct rig *rig = self;

	if (rig_fails(rig, RIG_SEND))
		return -ENETUNREACH;
	return rig->world_io.ops->send(rig->world_io.self, fd, p, n, to);
}

static ssize_t
io_receive(void *self, int fd, void *p, size_t n, union kb_sockaddr *from)
{
	struct rig *rig = self;

	return rig->world_io.ops->receive(rig->world_io.self, fd, p, n, from);
}

static int
io_tcp_connect(void *self, const struct kb_tcp_spec *spec, int *fd, struct kb_error *why)
{
	struct rig *rig = self;

	if (rig_fails(rig, RIG_TCP_CONNECT))
		return kb_fail(why, EIO, "made to fail: TCP_CONNECT");
	return rig->world_io.ops->tcp_connect(rig->world_io.self, spec, fd, why);
}

static int
io_tcp_connected(void *self, int fd, const union kb_sockaddr *peer, struct kb_error *why)
{
	struct rig *rig = self;

	if (rig_fails(rig, RIG_TCP_CONNECTED))
		return kb_fail(why, EIO, "made to fail: TCP_CONNECTED");
	return rig->world_io.ops->tcp_connected(rig->world_io.self, fd, peer, why);
}

static int
io_tcp_local(void *self, int fd, union kb_sockaddr *out, struct kb_error *why)
{
	struct rig *rig = self;

	if (rig_fails(rig, RIG_TCP_LOCAL))
		return kb_fail(why, EIO, "made to fail: TCP_LOCAL");
	return rig->world_io.ops->tcp_local(rig->world_io.self, fd, out, why);
}

static int
io_tcp_listen(void *self, const union kb_sockaddr *local, int *fd, struct kb_error *why)
{
	struct rig *rig = self;

	return rig->world_io.ops->tcp_listen(rig->world_io.self, local, fd, why);
}

static int
io_tcp_accept(void *self, int listener, int *fd, union kb_sockaddr *peer, struct kb_error *why)
{
	struct rig *rig = self;

	return rig->world_io.ops->tcp_accept(rig->world_io.self, listener, fd, peer, why);
}

static ssize_t
io_tcp_send(void *self, int fd, const void *p, size_t n)
{
	struct rig *rig = self;

	if (rig_fails(rig, RIG_TCP_SEND))
		return -EIO;
	return rig->world_io.ops->tcp_send(rig->world_io.self, fd, p, n);
}

static ssize_t
io_tcp_receive(void *self, int fd, void *p, size_t n)
{
	struct rig *rig = self;

	if (rig_fails(rig, RIG_TCP_RECEIVE))
		return -EIO;
	return rig->world_io.ops->tcp_receive(rig->world_io.self, fd, p, n);
}

static void
io_tcp_shutdown(void *self, int fd)
{
	struct rig *rig = self;

	rig->world_io.ops->tcp_shutdown(rig->world_io.self, fd);
}

static void
io_tcp_close(void *self, int fd, bool by_reset)
{
	struct rig *rig = self;

	rig->world_io.ops->tcp_close(rig->world_io.self, fd, by_reset);
}

static const struct ut_io_ops io_ops = {
	.now = io_now,
	.watch = io_watch,
	.watch_for = io_watch_for,
	.unwatch = io_unwatch,
	.wait = io_wait,
	.random = io_random,
	.udp_open = io_udp_open,
	.udp_connect = io_udp_connect,
	.udp_local = io_udp_local,
	.udp_close = io_udp_close,
	.send = io_send,
	.receive = io_receive,
	.tcp_connect = io_tcp_connect,
	.tcp_connected = io_tcp_connected,
	.tcp_local = io_tcp_local,
	.tcp_listen = io_tcp_listen,
	.tcp_accept = io_tcp_accept,
	.tcp_send = io_tcp_send,
	.tcp_receive = io_tcp_receive,
	.tcp_shutdown = io_tcp_shutdown,
	.tcp_close = io_tcp_close,
};

/* ---- the data path, with failures ---- */

static struct rig *driver_rig;

void
rig_driver_use(struct rig *rig)
{
	driver_rig = rig;
}

static int
driver_probe(struct kb_error *why)
{
	return rig_fails(driver_rig, RIG_PROBE) ? kb_fail(why, EIO, "made to fail: PROBE") : 0;
}

static int
driver_tunnel_open(const struct kb_tunnel_spec *spec, struct kb_tunnel *out, struct kb_error *why)
{
	if (rig_fails(driver_rig, RIG_TUNNEL_OPEN))
		return kb_fail(why, EIO, "made to fail: TUNNEL_OPEN");
	driver_rig->open_kernel++;
	driver_rig->last_tunnel = *spec;
	return kb_null.tunnel_open(spec, out, why);
}

/* What is reserved is a session that no peer is known of. */
static int
driver_session_reserve(const struct kb_tunnel *tunnel, const struct kb_session_spec *spec,
		       struct kb_session *out, struct kb_error *why)
{
	if (rig_fails(driver_rig, RIG_SESSION_RESERVE))
		return kb_fail(why, EIO, "made to fail: SESSION_RESERVE");
	if (driver_rig->busy_ids > 0) {
		driver_rig->busy_ids--;
		return kb_fail(why, EBUSY, "the id is taken");
	}
	driver_rig->open_kernel++;
	return kb_null.session_open(tunnel, spec, out, why);
}

static int
driver_session_open(const struct kb_tunnel *tunnel, const struct kb_session_spec *spec,
		    struct kb_session *out, struct kb_error *why)
{
	if (rig_fails(driver_rig, RIG_SESSION_OPEN))
		return kb_fail(why, EIO, "made to fail: SESSION_OPEN");
	if (out->fd >= 0)
		return 0;
	driver_rig->open_kernel++;
	return kb_null.session_open(tunnel, spec, out, why);
}

static int
driver_stats(const struct kb_session *session, struct kb_session_stats *out, struct kb_error *why)
{
	if (rig_fails(driver_rig, RIG_STATS))
		return kb_fail(why, EIO, "made to fail: STATS");
	(void)session;
	*out = (struct kb_session_stats){ .tx_octets = 1111, .rx_octets = 2222 };
	return 0;
}

static void
driver_session_close(struct kb_session *session)
{
	if (session->fd >= 0)
		driver_rig->open_kernel--;
	kb_null.session_close(session);
}

static void
driver_tunnel_close(struct kb_tunnel *tunnel)
{
	if (tunnel->fd >= 0)
		driver_rig->open_kernel--;
	kb_null.tunnel_close(tunnel);
}

/* ---- what the kernel tells of sessions ---- */

static int
driver_watch(int *fd, struct kb_error *why)
{
	if (rig_fails(driver_rig, RIG_DRIVER_WATCH))
		return kb_fail(why, EIO, "made to fail: DRIVER_WATCH");
	*fd = driver_rig->losses_fd = ut_world_fd(driver_rig->world);
	return 0;
}

static int
driver_watch_next(int fd, struct kb_loss *out)
{
	if (driver_rig->n_losses == 0) {
		ut_world_fd_set(driver_rig->world, fd, false);
		return 0;
	}
	driver_rig->n_losses--;
	*out = driver_rig->loss;
	return 1;
}

static int
driver_session_check(const struct kb_session *session, struct kb_error *why)
{
	(void)session;
	driver_rig->checks++;
	if (driver_rig->lost_at == 0 || driver_rig->checks < (unsigned)driver_rig->lost_at)
		return 0;
	return kb_fail(why, ENODEV, "lost");
}

void
rig_lose(struct rig *rig, struct kb_loss loss, unsigned n)
{
	rig->loss = loss;
	rig->n_losses = n;
	ut_world_fd_set(rig->world, rig->losses_fd, true);
}

const struct kb_driver rig_driver = {
	.name = "rig",
	.probe = driver_probe,
	.tunnel_open = driver_tunnel_open,
	.session_reserve = driver_session_reserve,
	.session_open = driver_session_open,
	.session_stats = driver_stats,
	.session_close = driver_session_close,
	.tunnel_close = driver_tunnel_close,
	.watch = driver_watch,
	.watch_next = driver_watch_next,
	.session_check = driver_session_check,
};

/* ---- reports ---- */

static void
add_note(struct rig *rig, const char *text)
{
	const size_t n = strlen(rig->notes);

	snprintf(rig->notes + n, sizeof rig->notes - n, "%s\n", text);
}

static void
note_end(struct rig *rig, const struct host_report *r)
{
	snprintf(rig->ended, sizeof rig->ended, "%s", r->text);
	rig->status = r->status;
	rig->end = r->end;
	rig->ended_us = r->now.us;
	rig->ended_profile = r->profile;
}

static void
on_report(void *ctx, const struct host_report *r)
{
	struct rig *rig = ctx;

	rig->told[r->kind]++;
	if (rig->listener != NULL)
		rig->listener(rig->listener_ctx, r);
	if (r->kind == HOST_NOTE || r->kind == HOST_WARNING)
		add_note(rig, r->text);
	if (r->kind == HOST_WARNING)
		snprintf(rig->warning, sizeof rig->warning, "%s", r->text);
	if (r->kind == HOST_ROUTE)
		snprintf(rig->last_route, sizeof rig->last_route, "%s", r->text);
	if (r->kind == HOST_PPP_UP && rig->stop_when_up)
		host_stop(rig->host, UINT_MAX);
	if (r->kind == HOST_ENDED)
		note_end(rig, r);
	if (rig->on_report != NULL)
		rig->on_report(rig, r);
}

/* ---- its life ---- */

static union kb_sockaddr
address(uint32_t ip, uint16_t port)
{
	union kb_sockaddr a = {
		.in = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(ip) }
	};

	return a;
}

static void
fill_in(struct profile *p)
{
	struct profile_session *s = &p->sessions[0];

	snprintf(p->name, sizeof p->name, "test");
	snprintf(p->server, sizeof p->server, "server.example");
	p->server_port = 1701;
	snprintf(p->l2tp.host_name, sizeof p->l2tp.host_name, "client");
	p->l2tp.window = 8;
	p->l2tp.tries = 5;
	p->l2tp.hello_interval_s = 60;
	snprintf(s->user, sizeof s->user, "joe");
	memcpy(s->password.octets, "secret", 6);
	s->password.n = 6;
	s->mtu = s->mru = 1400;
	p->sessions_n = 1;
	p->timeouts = (struct profile_timeouts){ .setup_s = 60, .close_s = 5 };
	p->reconnect = (struct profile_reconnect){ .first_delay_ms = 1000, .max_delay_s = 60 };
}

struct rig *
rig_new(const struct ut_world_spec *spec)
{
	struct rig *rig = calloc(1, sizeof *rig);
	const union kb_sockaddr client = address(0xc0000201, 0);

	assert(rig != NULL);
	rig->world = ut_world_new(spec);
	rig->profile = calloc(1, sizeof *rig->profile);
	assert(rig->world != NULL && rig->profile != NULL);
	rig->world_io = ut_world_io(rig->world, &client);
	rig->io = (struct ut_io){ .ops = &io_ops, .self = rig };
	rig->fail_call = RIG_CALL_N;
	rig->ppp_wstatus = -1;
	rig->way = RIG_WAN;
	rig->status = -1;
	rig->n_addresses = 1;
	rig->addresses[0] = address(0xcb007101, 1701);
	fill_in(rig->profile);
	rig_driver_use(rig);
	return rig;
}

static void
set_sizes(const struct rig *rig, struct host_config *config)
{
	const bool is_pptp = rig->profile->protocol == PROFILE_PPTP;

	config->stays = rig->stays;
	config->any_protocol = rig->max_profiles > 0;
	config->max_profiles = rig->max_profiles > 0 ? rig->max_profiles : 1;
	config->max_sessions = rig->max_profiles > 0 ? 2 * rig->max_profiles : rig->profile->sessions_n;
	config->pptp_profiles = is_pptp ? config->max_profiles : 0;
	config->pptp_sessions = is_pptp ? config->max_sessions : 0;
}

struct host_system
rig_system(struct rig *rig)
{
	return (struct host_system){ .ops = &rig_system_ops, .self = rig };
}

void
rig_open(struct rig *rig)
{
	struct host_config config = {
		.io = rig->io,
		.system = rig_system(rig),
		.report = on_report,
		.report_ctx = rig,
		.driver = &rig_driver,
	};
	struct kb_error why = { 0 };
	const union kb_sockaddr server = rig->addresses[rig->n_addresses - 1];

	set_sizes(rig, &config);
	rig_journal_open(rig);
	config.observer = rig->observer;
	config.observer_ctx = rig->observer_ctx;
	rig_server_open(rig, &server, &rig->server_secret);
	const int r = host_new(&config, &rig->host, &why);
	assert(r == 0);
}

unsigned
rig_add(struct rig *rig)
{
	struct kb_error why = { 0 };
	unsigned index;
	const int r = host_add(rig->host, rig->profile, &index, &why);

	assert(r == 0);
	return index;
}

void
rig_start(struct rig *rig)
{
	rig_open(rig);
	const unsigned index = rig_add(rig);
	assert(index == 0);
}

bool
rig_run(struct rig *rig, uint64_t us)
{
	return !rig_run_until(rig, HOST_REPORT_N, 0, us) && rig->told[HOST_ENDED] > 0;
}

static void
nothing(void *ctx)
{
	(void)ctx;
}

bool
rig_run_until(struct rig *rig, enum host_report_kind kind, unsigned n, uint64_t us)
{
	const uint64_t limit = ut_world_now(rig->world).us + us;

	(void)ut_world_at(rig->world, us, nothing, NULL);
	unsigned idle_turns = 0;
	while (ut_world_now(rig->world).us < limit) {
		const uint64_t before = ut_world_now(rig->world).us;

		if (kind < HOST_REPORT_N && rig->told[kind] >= n)
			return true;
		if (!host_turn(rig->host))
			break;
		idle_turns = ut_world_now(rig->world).us == before ? idle_turns + 1 : 0;
		assert(idle_turns < 100000); /* it spins */
	}
	return kind < HOST_REPORT_N && rig->told[kind] >= n;
}

static void
stop(void *ctx)
{
	struct rig *rig = ctx;

	host_stop(rig->host, UINT_MAX);
}

void
rig_stop_in(struct rig *rig, uint64_t us)
{
	(void)ut_world_at(rig->world, us, stop, rig);
}

void
rig_end(struct rig *rig)
{
	rig->host = host_free(rig->host);
	rig_journal_close(rig);
	for (unsigned i = 0; i < RIG_PPPS; i++)
		assert(!rig->ppps[i].pppd.is_running);
	assert(rig->n_routes == 0);
	assert(rig->open_kernel == 0);
	rig_server_close(rig);
	const int watched[] = { rig->monitor_fd, rig->protection_fd, rig->losses_fd };
	unsigned n_watched = 0;
	for (unsigned i = 0; i < sizeof watched / sizeof watched[0]; i++)
		n_watched += watched[i] > 0 ? 1 : 0;
	assert(ut_world_open_fds(rig->world) == n_watched);
	ut_world_free(rig->world);
	free(rig->profile);
	free(rig);
}
