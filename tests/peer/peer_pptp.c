/* peer_pptp.c - a PPTP server's TCP connections: accepted, cut into pieces as a habit wants it, and closed
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/peer/peer.h"

#include "kernel-bridge/kb_tcp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIECE_GAP_US = 1000, FIN_WAIT_US = 1000000 };

/* ---- connections ---- */

static void
forget(struct peer_connection *c)
{
	c->peer->turn.io.ops->unwatch(c->peer->turn.io.self, c->fd);
	close(c->fd);
	c->fd = -1;
	c->n = 0;
	c->is_closing = c->has_said_all = c->has_heard_all = false;
}

/* The peer hears RST: what is under way is thrown away. */
static void
reset(struct peer_connection *c)
{
	const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

	(void)setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	forget(c);
}

static struct peer_connection *
by_path(struct peer *p, struct ut_path path)
{
	for (unsigned k = 0; k < p->config.max_tunnels; k++)
		if (p->connections[k].fd >= 0 && p->connections[k].path.v == path.v)
			return &p->connections[k];
	return NULL;
}

int
peer_pptp_fd(const struct peer *p, struct ut_ref tunnel)
{
	for (unsigned k = 0; k < p->config.max_tunnels; k++) {
		const struct peer_connection *c = &p->connections[k];

		if (c->fd >= 0 && c->ref.index == tunnel.index && c->ref.generation == tunnel.generation)
			return c->fd;
	}
	return -1;
}

struct ut_ref
peer_pptp_ref(const struct peer *p, unsigned k)
{
	return p->connections[k].fd >= 0 ? p->connections[k].ref : (struct ut_ref){ UT_REF_NONE, 0 };
}

/* ---- sending ---- */

static void
close_writing(struct peer_connection *c, struct ut_time now)
{
	if (!c->is_closing || c->has_said_all || c->n > 0)
		return;
	c->has_said_all = true;
	c->next.us = now.us + (c->has_heard_all ? 0 : FIN_WAIT_US);
	(void)shutdown(c->fd, SHUT_WR);
}

/* Writes what is due; a socket that is full is tried again with the next piece's turn. */
static void
flush(struct peer_connection *c, struct ut_time now)
{
	const size_t piece = pptp_behave_piece(&c->peer->config.pptp_behave);
	const size_t n = piece > 0 && piece < c->n ? piece : c->n;
	ssize_t sent;

	if (c->n == 0 || now.us < c->next.us)
		return;
	sent = send(c->fd, c->out, n, MSG_NOSIGNAL | MSG_DONTWAIT);
	c->next.us = now.us + PIECE_GAP_US;
	if (sent < 0 && errno != EAGAIN)
		c->n = 0; /* the end of the connection is read, too */
	if (sent <= 0)
		return;
	c->n -= (size_t)sent;
	memmove(c->out, c->out + sent, c->n);
}

static void
append(struct peer_connection *c, struct ut_slice octets)
{
	if (octets.n > sizeof c->out - c->n) {
		fprintf(stderr, "uptun-peer: a client does not read\n");
		return;
	}
	memcpy(c->out + c->n, octets.p, octets.n);
	c->n += octets.n;
	c->peer->counts.datagrams_out++;
}

void
peer_pptp_send(struct peer *p, const struct ut_effect *fx)
{
	struct peer_connection *c = by_path(p, fx->path);
	uint8_t room[PPTP_BEHAVE_ROOM];
	struct ut_put out = ut_put_into(room, sizeof room);

	if (c == NULL || c->is_closing)
		return;
	pptp_behave_send(&p->config.pptp_behave, &c->talk, fx->bytes, &out);
	append(c, ut_slice(room, out.len));
}

/* ---- receiving ---- */

static void
end(struct peer_connection *c, enum pptp_behave_then then)
{
	struct peer *p = c->peer;
	const struct ut_path path = c->path;

	if (then == PPTP_BEHAVE_RESETS)
		reset(c);
	else
		c->is_closing = true;
	turn_feed(&p->turn, (struct ut_event){ .kind = UT_EV_STREAM_CLOSED,
					       .path = path,
					       .err = then == PPTP_BEHAVE_RESETS ? ECONNRESET : 0 });
}

static void
take_octets(struct peer_connection *c, struct ut_slice octets)
{
	struct peer *p = c->peer;
	uint8_t heard[PPTP_BEHAVE_ROOM], said[PPTP_BEHAVE_ROOM];
	struct ut_put forward = ut_put_into(heard, sizeof heard), out = ut_put_into(said, sizeof said);
	const unsigned echoes = c->talk.echoes;
	const enum pptp_behave_then then =
	    pptp_behave_receive(&p->config.pptp_behave, &c->talk, octets, &forward, &out);

	p->counts.datagrams_in++;
	p->counts.echoes += c->talk.echoes - echoes;
	append(c, ut_slice(said, out.len));
	if (forward.len > 0)
		turn_feed_stream(&p->turn, c->path, ut_slice(heard, forward.len));
	if (then != PPTP_BEHAVE_GOES_ON && c->fd >= 0)
		end(c, then);
}

/* The client's FIN or RST.  A connection that we have closed is done with; of another the engine says what follows. */
static void
take_end(struct peer_connection *c, int err)
{
	struct peer *p = c->peer;
	const struct ut_path path = c->path;
	const bool is_known = c->is_closing;

	if (is_known || err != 0) {
		forget(c);
	} else {
		p->turn.io.ops->unwatch(p->turn.io.self, c->fd);
		c->has_heard_all = true;
	}
	if (!is_known)
		turn_feed(&p->turn,
			  (struct ut_event){ .kind = UT_EV_STREAM_CLOSED, .path = path, .err = err });
}

static void
receive(void *ctx, int fd)
{
	struct peer_connection *c = ctx;
	uint8_t octets[PPTP_BEHAVE_IN];
	const ssize_t n = recv(fd, octets, sizeof octets, MSG_DONTWAIT);

	if (n > 0 && !c->is_closing)
		take_octets(c, ut_slice(octets, (size_t)n));
	else if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		take_end(c, n == 0 ? 0 : errno);
}

/* ---- accepting ---- */

static struct peer_connection *
free_slot(struct peer *p)
{
	for (unsigned k = 0; k < p->config.max_tunnels; k++)
		if (p->connections[k].fd < 0)
			return &p->connections[k];
	return NULL;
}

static int
take_one(struct peer *p, int fd, const union kb_sockaddr *from)
{
	struct peer_connection *c = free_slot(p);
	struct ut_event event = { .kind = UT_EV_ACCEPTED, .path = p->path };
	union kb_sockaddr local;
	struct kb_error why;
	int r;

	if (c == NULL || kb_tcp_local(fd, &local, &why) < 0)
		return -ENOSPC;
	*c = (struct peer_connection){ .fd = fd, .peer = p, .ref = { UT_REF_NONE, 0 } };
	r = p->turn.io.ops->watch(p->turn.io.self, fd, receive, c);
	if (r < 0) {
		c->fd = -1;
		return r;
	}
	socket_peer(from, &event.peer);
	socket_peer(&local, &event.local);
	p->accepting = c;
	turn_feed(&p->turn, event);
	p->accepting = NULL;
	return 0;
}

static void
accept_all(void *ctx, int listener)
{
	struct peer *p = ctx;
	union kb_sockaddr from;
	struct kb_error why;
	int fd;

	while (kb_tcp_accept(listener, &fd, &from, &why) == 1)
		if (take_one(p, fd, &from) < 0)
			close(fd);
}

void
peer_pptp_accepted(struct peer *p, const struct ut_effect *fx)
{
	p->accepting->path = fx->path;
	p->accepting->ref = fx->ref;
}

void
peer_pptp_refused(struct peer *p, const struct ut_effect *fx)
{
	if (fx->bytes.n > 0)
		(void)send(p->accepting->fd, fx->bytes.p, fx->bytes.n, MSG_NOSIGNAL | MSG_DONTWAIT);
	forget(p->accepting);
}

/* ---- closing ---- */

void
peer_pptp_close(struct peer *p, struct ut_path path)
{
	struct peer_connection *c = by_path(p, path);

	if (c != NULL)
		c->is_closing = true;
}

void
peer_pptp_reset(struct peer *p, struct ut_path path)
{
	struct peer_connection *c = by_path(p, path);

	if (c != NULL)
		reset(c);
}

/* ---- turns ---- */

void
peer_pptp_turn(struct peer *p)
{
	const struct ut_time now = turn_now(&p->turn);

	for (unsigned k = 0; k < p->config.max_tunnels; k++) {
		struct peer_connection *c = &p->connections[k];

		if (c->fd < 0)
			continue;
		flush(c, now);
		close_writing(c, now);
		if (c->has_said_all && now.us >= c->next.us)
			forget(c);
	}
}

const struct ut_time *
peer_pptp_next(const struct peer *p, const struct ut_time *until)
{
	for (unsigned k = 0; k < p->config.max_tunnels; k++) {
		const struct peer_connection *c = &p->connections[k];

		if (c->fd >= 0 && (c->n > 0 || c->has_said_all) && (until == NULL || c->next.us < until->us))
			until = &c->next;
	}
	return until;
}

/* ---- life ---- */

int
peer_pptp_open(struct peer *p, struct kb_error *why)
{
	struct ut_peer here = p->config.address;
	union kb_sockaddr local;
	int r;

	p->connections = calloc(p->config.max_tunnels, sizeof *p->connections);
	if (p->connections == NULL)
		return kb_fail(why, ENOMEM, "no memory for connections");
	for (unsigned k = 0; k < p->config.max_tunnels; k++)
		p->connections[k].fd = -1;
	here.port = p->config.port;
	socket_address(&here, false, &local);
	r = kb_tcp_listen(&local, &p->fd, why);
	return r < 0 ? r : p->turn.io.ops->watch(p->turn.io.self, p->fd, accept_all, p);
}

void
peer_pptp_free(struct peer *p)
{
	for (unsigned k = 0; p->connections != NULL && k < p->config.max_tunnels; k++)
		if (p->connections[k].fd >= 0)
			forget(&p->connections[k]);
	free(p->connections);
}
