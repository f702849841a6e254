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
	const struct ut_time now = turn_now(&p->turn);

	for (unsigned k = 0; k < PEER_DELAYED; k++) {
		struct peer_delayed *d = &p->delayed[k];

		if (!d->used || d->at.us > now.us)
			continue;
		d->used = false;
		socket_batch_put(p->batch, p->reply_fd, &d->to, ut_slice(d->octets, d->n));
	}
}

static const struct ut_time *
next_delayed(const struct peer *p, const struct ut_time *until)
{
	if (!behave_has(&p->config.behave, BEHAVE_LATE) &&
	    !behave_has(&p->config.behave, BEHAVE_REPEAT_SCCRP))
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
		say(p, "tunnel-up", fx->peer_tid.v);
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
		say(p, "fault", fx->fault.reason);
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

int
peer_turn(struct peer *p, const struct ut_time *until)
{
	const int r = turn_wait(&p->turn, next_delayed(p, until));

	send_delayed(p);
	socket_batch_send(p->batch);
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
make_room(struct peer *p, const struct ut_engine_config *config)
{
	p->batch = socket_batch_new();
	p->delayed = calloc(PEER_DELAYED, sizeof *p->delayed);
	p->tunnels = calloc(config->n_tunnels, sizeof *p->tunnels);
	p->sessions = calloc(config->n_sessions, sizeof *p->sessions);
	if (p->batch == NULL || p->delayed == NULL || p->tunnels == NULL || p->sessions == NULL)
		return -ENOMEM;
	for (unsigned k = 0; k < config->n_tunnels; k++)
		p->tunnels[k] = (struct peer_tunnel){
			.ref = { UT_REF_NONE, 0 }, .fd = -1, .kernel = KB_TUNNEL_NULL, .peer = p
		};
	for (unsigned k = 0; k < config->n_sessions; k++)
		p->sessions[k] = (struct peer_session){
			.ref = { UT_REF_NONE, 0 }, .kernel = KB_SESSION_NULL, .pppd = KB_PPPD_NULL, .peer = p
		};
	return 0;
}

int
peer_open(struct peer *p, const struct peer_config *config, struct kb_error *why)
{
	const uint16_t n = config->max_tunnels;
	const uint32_t blocks = n * UINT32_C(4) + 64;
	const struct ut_engine_config engine = { .n_params = 1,
						 .n_listeners = 1,
						 .n_tunnels = n,
						 .n_sessions = n,
						 .n_blocks = (uint16_t)(blocks < 65000 ? blocks : 65000) };
	int r;

	memset(p, 0, sizeof *p);
	p->config = *config;
	p->fd = p->reply_fd = -1;
	p->driver = config->is_kernel ? &kb_ol2tp : &kb_null;
	r = turn_new(&p->turn, &engine, carry_out, p);
	if (r < 0 || (r = make_room(p, &engine)) < 0)
		return kb_fail(why, -r, "cannot make an engine: %s", strerror(-r));
	ut_engine_set_params(p->turn.engine, 0, &config->params);
	if (!ut_engine_listen(p->turn.engine, 0, &p->path))
		return kb_fail(why, ENOSPC, "no listener");
	r = p->driver->probe(why);
	return r < 0 ? r : open_sockets(p, why);
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
	socket_batch_send(p->batch);
}

void
peer_stop(struct peer *p)
{
	for (unsigned k = 0; k < p->config.max_tunnels; k++)
		if (p->tunnels[k].ref.index != UT_REF_NONE)
			turn_feed(&p->turn,
				  (struct ut_event){ .kind = UT_EV_TUNNEL_CLOSE, .ref = p->tunnels[k].ref });
	socket_batch_send(p->batch);
}

bool
peer_is_empty(const struct peer *p)
{
	const struct ut_engine_counts c = ut_engine_counts(p->turn.engine);

	return c.tunnels == c.draining;
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
	       "faults=%llu in=%llu out=%llu cpu_s=%.6f\n",
	       now.established, now.sessions, (unsigned long long)c->tunnels, (unsigned long long)c->sessions,
	       (unsigned long long)c->retransmissions, (unsigned long long)c->refused,
	       (unsigned long long)c->faults, (unsigned long long)c->datagrams_in,
	       (unsigned long long)c->datagrams_out, seconds(use.ru_utime) + seconds(use.ru_stime));
	fflush(stdout);
}
