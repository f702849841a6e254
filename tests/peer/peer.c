/* peer.c - a server's sockets, its engine's effects, and its counters
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/peer/peer.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static void
say(const struct peer *p, const char *what, unsigned number)
{
	if (!p->config.is_quiet) {
		printf("%s %u\n", what, number);
		fflush(stdout);
	}
}

/* ---- sending ---- */

static void
delay(struct peer *p, struct ut_slice datagram, uint32_t delay_ms)
{
	for (unsigned k = 0; k < PEER_DELAYED; k++) {
		struct peer_delayed *d = &p->delayed[k];

		if (d->used)
			continue;
		d->used = true;
		p->delayed_n++;
		d->at.us = turn_now(&p->turn).us + delay_ms * UINT64_C(1000);
		d->to = *p->to;
		d->n = datagram.n;
		memcpy(d->octets, datagram.p, datagram.n);
		return;
	}
}

static void
emit(void *ctx, struct ut_slice datagram, uint32_t delay_ms)
{
	struct peer *p = ctx;

	p->counts.datagrams_out++;
	if (delay_ms > 0)
		delay(p, datagram, delay_ms);
	else
		socket_batch_put(p->batch, p->reply_fd, p->to, datagram);
}

static void
send_delayed(struct peer *p)
{
	struct ut_time now;

	if (p->delayed_n == 0)
		return;
	now = turn_now(&p->turn);
	for (unsigned k = 0; k < PEER_DELAYED; k++) {
		struct peer_delayed *d = &p->delayed[k];

		if (!d->used || d->at.us > now.us)
			continue;
		d->used = false;
		p->delayed_n--;
		socket_batch_put(p->batch, p->reply_fd, &d->to, ut_slice(d->octets, d->n));
	}
}

static const struct ut_time *
next_delayed(const struct peer *p, const struct ut_time *until)
{
	if (p->delayed_n == 0)
		return until;
	for (unsigned k = 0; k < PEER_DELAYED; k++)
		if (p->delayed[k].used && (until == NULL || p->delayed[k].at.us < until->us))
			until = &p->delayed[k].at;
	return until;
}

/* ---- effects ---- */

static void
take_report(struct peer *p, const struct ut_effect *fx)
{
	switch (fx->report) {
	case UT_REPORT_TUNNEL_UP:
		p->counts.tunnels++;
		say(p, "tunnel-up", p->config.is_pptp ? fx->ref.index : fx->peer_tid.v);
		if (p->config.rings)
			turn_queue(&p->turn, (struct ut_event){ .kind = UT_EV_CALL, .ref = fx->ref });
		break;
	case UT_REPORT_TUNNEL_ENDED:
		p->counts.tunnels_ended++;
		say(p, "tunnel-ended", fx->end.result);
		break;
	case UT_REPORT_SESSION_UP:
		p->counts.sessions++;
		say(p, "session-up", fx->peer_sid.v);
		peer_data_up(p, fx);
		break;
	case UT_REPORT_SESSION_ENDED:
		p->counts.sessions_ended++;
		say(p, "session-ended", fx->end.result);
		break;
	case UT_REPORT_RETRANSMIT:
		p->counts.retransmissions++;
		break;
	case UT_REPORT_REFUSED:
		p->counts.refused++;
		break;
	case UT_REPORT_FAULT:
		p->counts.faults++;
		say(p, "fault", p->config.is_pptp ? (unsigned)fx->pptp_fault.reason : fx->fault.reason);
		break;
	case UT_REPORT_ATTEMPT:
	case UT_REPORT_RESOLVED:
	case UT_REPORT_DIALLING:
	case UT_REPORT_LINK_ENDED:
	case UT_REPORT_BACKOFF:
	case UT_REPORT_ENDED:
	case UT_REPORT_LINK_INFO:
	case UT_REPORT_WAN_ERRORS:
	case UT_REPORT_COLLISION:
	case UT_REPORT_N:
		break;
	}
}

static void
carry_out_stream(struct peer *p, const struct ut_effect *fx)
{
	if (fx->kind == UT_FX_ACCEPT_PATH)
		peer_pptp_accepted(p, fx);
	else if (fx->kind == UT_FX_REFUSE_PATH)
		peer_pptp_refused(p, fx);
	else if (fx->kind == UT_FX_SEND_STREAM)
		peer_pptp_send(p, fx);
	else if (fx->kind == UT_FX_CLOSE_PATH)
		peer_pptp_close(p, fx->path);
	else if (fx->kind == UT_FX_RESET_PATH)
		peer_pptp_reset(p, fx->path);
	else if (fx->kind == UT_FX_RESERVE_SESSION)
		peer_data_reserve(p, fx);
}

static void
carry_out(void *ctx, const struct ut_effect *fx)
{
	struct peer *p = ctx;

	if (fx->kind == UT_FX_SEND) {
		p->to = &fx->peer;
		behave_send(&p->config.behave, &fx->peer, fx->ref, fx->bytes, emit, p);
	} else if (fx->kind == UT_FX_REPORT) {
		take_report(p, fx);
	} else if (fx->kind == UT_FX_OPEN_SESSION) {
		peer_data_open(p, fx);
	} else if (fx->kind == UT_FX_CLOSE_SESSION) {
		peer_data_close(p, fx->ref);
	} else if (fx->kind == UT_FX_CLOSE_TUNNEL) {
		peer_data_close_tunnel(p, fx->ref);
	} else if (p->config.is_pptp) {
		carry_out_stream(p, fx);
	}
}

/* ---- receiving ---- */

static void
take(void *ctx, const struct ut_peer *from, uint8_t *octets, size_t n)
{
	struct peer *p = ctx;

	p->counts.datagrams_in++;
	if (!behave_receive(&p->config.behave, from, octets, n))
		return;
	turn_feed(&p->turn,
		  (struct ut_event){
		      .kind = UT_EV_DATAGRAM, .path = p->path, .peer = *from, .bytes = ut_slice(octets, n) });
}

void
peer_receive(void *ctx, int fd)
{
	enum { BURSTS = 8 };
	struct peer *p = ctx;

	for (unsigned k = 0; k < BURSTS; k++)
		if (socket_receive(p->batch, fd, take, p) < SOCKET_BATCH)
			return;
}

static void
send_all(struct peer *p)
{
	if (p->config.is_pptp) {
		peer_pptp_turn(p);
		return;
	}
	send_delayed(p);
	socket_batch_send(p->batch);
}

int
peer_turn(struct peer *p, const struct ut_time *until)
{
	const struct ut_time *next = p->config.is_pptp ? peer_pptp_next(p, until) : next_delayed(p, until);
	const int r = turn_wait(&p->turn, next);

	send_all(p);
	return r;
}

/* ---- life ---- */

static int
open_sockets(struct peer *p, struct kb_error *why)
{
	const bool is_elsewhere = behave_has(&p->config.behave, BEHAVE_NEW_PORT);
	const struct socket_options here = { .port = p->config.port,
					     .zero_checksum =
						 behave_has(&p->config.behave, BEHAVE_ZERO_CHECKSUM) };
	const struct socket_options elsewhere = { .port = (uint16_t)(here.port + 1),
						  .zero_checksum = here.zero_checksum };
	int r = socket_open(&here, &p->fd, why);

	if (r < 0)
		return r;
	p->reply_fd = p->fd;
	p->reply_port = here.port;
	r = p->turn.io.ops->watch(p->turn.io.self, p->fd, peer_receive, p);
	if (r < 0 || !is_elsewhere)
		return r;
	p->reply_port = elsewhere.port;
	r = socket_open(&elsewhere, &p->reply_fd, why);
	return r < 0 ? r : p->turn.io.ops->watch(p->turn.io.self, p->reply_fd, peer_receive, p);
}

static int
make_room(struct peer *p)
{
	p->batch = socket_batch_new();
	p->delayed = calloc(PEER_DELAYED, sizeof *p->delayed);
	p->tunnels = calloc(p->config.max_tunnels, sizeof *p->tunnels);
	p->sessions = calloc(p->config.max_tunnels, sizeof *p->sessions);
	if (p->batch == NULL || p->delayed == NULL || p->tunnels == NULL || p->sessions == NULL)
		return -ENOMEM;
	for (unsigned k = 0; k < p->config.max_tunnels; k++)
		p->tunnels[k] = (struct peer_tunnel){
			.ref = { UT_REF_NONE, 0 }, .fd = -1, .kernel = KB_TUNNEL_NULL, .peer = p
		};
	for (unsigned k = 0; k < p->config.max_tunnels; k++)
		p->sessions[k] = (struct peer_session){
			.ref = { UT_REF_NONE, 0 }, .kernel = KB_SESSION_NULL, .pppd = KB_PPPD_NULL, .peer = p
		};
	return 0;
}

static struct ut_engine_config
engine_config(const struct peer_config *config)
{
	const uint16_t n = config->max_tunnels;
	const uint32_t blocks = n * UINT32_C(4) + 64;

	if (config->is_pptp)
		return (struct ut_engine_config){
			.n_pptp_params = 1, .n_listeners = 1, .n_connections = n, .n_calls = n
		};
	return (struct ut_engine_config){ .n_params = 1,
					  .n_listeners = 1,
					  .n_tunnels = n,
					  .n_sessions = n,
					  .n_blocks = (uint16_t)(blocks < 65000 ? blocks : 65000) };
}

static bool
listen_engine(struct peer *p)
{
	if (p->config.is_pptp) {
		ut_engine_set_pptp_params(p->turn.engine, 0, &p->config.pptp_params);
		return ut_engine_listen_pptp(p->turn.engine, 0, &p->path);
	}
	ut_engine_set_params(p->turn.engine, 0, &p->config.params);
	return ut_engine_listen(p->turn.engine, 0, &p->path);
}

static const struct kb_driver *
driver_of(const struct peer_config *config)
{
	if (!config->is_kernel)
		return &kb_null;
	return config->is_pptp ? &kb_pptp : &kb_ol2tp;
}

int
peer_open(struct peer *p, const struct peer_config *config, struct kb_error *why)
{
	const struct ut_engine_config engine = engine_config(config);
	int r;

	memset(p, 0, sizeof *p);
	p->config = *config;
	p->fd = p->reply_fd = -1;
	p->driver = driver_of(config);
	r = turn_new(&p->turn, &engine, carry_out, p);
	if (r < 0 || (r = make_room(p)) < 0)
		return kb_fail(why, -r, "cannot make an engine: %s", strerror(-r));
	if (!listen_engine(p))
		return kb_fail(why, ENOSPC, "no listener");
	r = p->driver->probe(why);
	if (r < 0)
		return r;
	return config->is_pptp ? peer_pptp_open(p, why) : open_sockets(p, why);
}

void
peer_close(struct peer *p)
{
	for (unsigned k = 0; p->sessions != NULL && k < p->config.max_tunnels; k++)
		peer_data_close(p, p->sessions[k].ref);
	for (unsigned k = 0; p->tunnels != NULL && k < p->config.max_tunnels; k++)
		peer_data_close_tunnel(p, p->tunnels[k].ref);
	if (p->reply_fd >= 0 && p->reply_fd != p->fd)
		close(p->reply_fd);
	if (p->fd >= 0)
		close(p->fd);
	peer_pptp_free(p);
	turn_free(&p->turn);
	socket_batch_free(p->batch);
	free(p->tunnels);
	free(p->sessions);
	free(p->delayed);
}

/* Sessions without a tunnel's name are not ours to close; the engine ignores generations that are gone. */
void
peer_hang_up(struct peer *p)
{
	for (unsigned k = 0; k < p->config.max_tunnels; k++)
		if (p->sessions[k].ref.index != UT_REF_NONE)
			turn_feed(&p->turn, (struct ut_event){ .kind = UT_EV_SESSION_CLOSE,
							       .ref = p->sessions[k].ref });
	send_all(p);
}

void
peer_stop(struct peer *p)
{
	for (unsigned k = 0; k < p->config.max_tunnels; k++) {
		const struct ut_ref ref = p->config.is_pptp ? peer_pptp_ref(p, k) : p->tunnels[k].ref;

		if (ref.index != UT_REF_NONE)
			turn_feed(&p->turn, (struct ut_event){ .kind = UT_EV_TUNNEL_CLOSE, .ref = ref });
	}
	send_all(p);
}

bool
peer_is_done(const struct peer *p)
{
	for (unsigned k = 0; p->config.is_pptp && k < p->config.max_tunnels; k++)
		if (p->connections[k].fd >= 0)
			return false;
	return ut_engine_counts(p->turn.engine).tunnels == 0;
}

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

void
peer_tell(const struct peer *p)
{
	const struct ut_engine_counts now = ut_engine_counts(p->turn.engine);
	const struct peer_counts *c = &p->counts;
	struct rusage use;

	getrusage(RUSAGE_SELF, &use);
	printf("counts tunnels=%u sessions=%u tunnels_opened=%llu sessions_opened=%llu retransmissions=%llu "
	       "refused=%llu "
	       "faults=%llu in=%llu out=%llu echoes=%llu cpu_s=%.6f\n",
	       now.established + now.connections_established, now.sessions + now.calls,
	       (unsigned long long)c->tunnels, (unsigned long long)c->sessions,
	       (unsigned long long)c->retransmissions, (unsigned long long)c->refused,
	       (unsigned long long)c->faults, (unsigned long long)c->datagrams_in,
	       (unsigned long long)c->datagrams_out, (unsigned long long)c->echoes,
	       seconds(use.ru_utime) + seconds(use.ru_stime));
	fflush(stdout);
}
