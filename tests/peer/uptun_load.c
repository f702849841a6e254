/* uptun_load.c - uptun-load: many clients in one engine, without a data path, against one server
 * SPDX-License-Identifier: Apache-2.0
 *
 * Each client has a socket, a tunnel and a session of its own; PPP is taken to be up as soon as the session is.
 * Prints one line: how many came up, how long that took (median, p99, longest), retransmissions, processor time.
 * Exit: 0 when all came up and, with --hold, stayed; 1 otherwise.
 */
#include "tests/peer/socket.h"
#include "tests/peer/turn.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

struct caller {
	struct load *load;
	struct ut_ref ref, link;
	struct ut_path path;
	struct ut_time started;
	int fd; /* -1: none */
	uint32_t took_us;
	bool is_up, has_ended;
};

struct load {
	struct turn turn;
	struct caller *callers;
	unsigned n, at_once; /* clients, and how many dial at a time */
	unsigned n_started, n_up, n_ended, n_lost;
	unsigned hold_ms;
	union kb_sockaddr server;
	struct ut_peer peer;
	struct ut_l2tp_params params;
	uint32_t setup_ms;
	uint64_t retransmissions;
	uint32_t *took_us;
};

static struct caller *
caller_of(struct load *l, struct ut_ref client)
{
	return &l->callers[client.index];
}

/* One link a client, taken in order: same numbers. */
static struct caller *
caller_of_link(struct load *l, struct ut_ref link)
{
	l->callers[link.index].link = link;
	return &l->callers[link.index];
}

/* The low half of a client's path is its number. */
static struct caller *
caller_of_path(struct load *l, struct ut_path path)
{
	const unsigned i = path.v & UINT16_MAX;

	return i < l->n && l->callers[i].path.v == path.v ? &l->callers[i] : NULL;
}

/* ---- sockets ---- */

static void
receive(void *ctx, int fd)
{
	struct caller *c = ctx;
	struct load *l = c->load;
	uint8_t octets[SOCKET_OCTETS];
	ssize_t n;

	while (c->fd == fd && (n = recv(fd, octets, sizeof octets, MSG_DONTWAIT)) >= 0)
		turn_feed(&l->turn, (struct ut_event){ .kind = UT_EV_DATAGRAM,
						       .path = c->path,
						       .peer = l->peer,
						       .bytes = ut_slice(octets, (size_t)n) });
}

static int
open_path(struct load *l, struct caller *c, struct ut_path path)
{
	const struct kb_udp_spec spec = { .peer = l->server };
	struct kb_error why;
	int r = l->turn.io.ops->udp_open(l->turn.io.self, &spec, &c->fd, &why);

	c->path = path;
	if (r < 0)
		fprintf(stderr, "uptun-load: %s\n", why.text);
	return r < 0 ? r : l->turn.io.ops->watch(l->turn.io.self, c->fd, receive, c);
}

static void
close_path(struct load *l, struct caller *c)
{
	if (c->fd < 0)
		return;
	l->turn.io.ops->unwatch(l->turn.io.self, c->fd);
	close(c->fd);
	c->fd = -1;
}

/* ---- effects ---- */

static void
answer(struct load *l, enum ut_event_kind kind, struct ut_ref ref, int err)
{
	turn_queue(&l->turn, (struct ut_event){ .kind = kind, .ref = ref, .peer = l->peer, .err = err });
}

static void
take_up(struct load *l, struct caller *c)
{
	answer(l, UT_EV_PPP_STARTED, c->link, 0);
	answer(l, UT_EV_PPP_UP, c->link, 0);
	c->is_up = true;
	c->took_us = (uint32_t)(turn_now(&l->turn).us - c->started.us);
	l->took_us[l->n_up++] = c->took_us;
}

static void
take_report(struct load *l, const struct ut_effect *fx)
{
	if (fx->report == UT_REPORT_RETRANSMIT) {
		l->retransmissions++;
	} else if (fx->report == UT_REPORT_ENDED) {
		struct caller *c = caller_of(l, fx->ref);

		l->n_lost += c->is_up && fx->end.cause != UT_CAUSE_USER;
		c->has_ended = true;
		l->n_ended++;
	}
}

static void
carry_out_path(struct load *l, const struct ut_effect *fx)
{
	struct caller *c = fx->kind == UT_FX_OPEN_PATH ? caller_of(l, fx->ref) : caller_of_path(l, fx->path);

	if (c == NULL)
		return;
	if (fx->kind == UT_FX_OPEN_PATH)
		answer(l, UT_EV_PATH_OPENED, fx->ref, -open_path(l, c, fx->path));
	else if (fx->kind == UT_FX_CLOSE_PATH)
		close_path(l, c);
	else if (fx->kind == UT_FX_SEND && c->fd >= 0)
		(void)!send(c->fd, fx->bytes.p, fx->bytes.n, 0);
}

static void
carry_out(void *ctx, const struct ut_effect *fx)
{
	static const struct ut_end asked = { .cause = UT_CAUSE_USER };
	struct load *l = ctx;

	if (fx->kind == UT_FX_RESOLVE)
		answer(l, UT_EV_RESOLVED, fx->ref, 0);
	else if (fx->kind == UT_FX_PROTECT)
		answer(l, UT_EV_PROTECTED, fx->ref, 0);
	else if (fx->kind == UT_FX_PROBE)
		answer(l, UT_EV_PROBED, fx->ref, 0);
	else if (fx->kind == UT_FX_OPEN_SESSION)
		answer(l, UT_EV_SESSION_OPENED, fx->ref, 0);
	else if (fx->kind == UT_FX_START_PPP)
		take_up(l, caller_of_link(l, fx->ref));
	else if (fx->kind == UT_FX_STOP_PPP || fx->kind == UT_FX_HANGUP_PPP || fx->kind == UT_FX_KILL_PPP)
		turn_queue(&l->turn,
			   (struct ut_event){ .kind = UT_EV_PPP_ENDED, .ref = fx->ref, .end = asked });
	else if (fx->kind == UT_FX_REPORT)
		take_report(l, fx);
	else
		carry_out_path(l, fx);
}

/* ---- the course ---- */

static void
start_some(struct load *l)
{
	while (l->n_started < l->n && l->n_started - l->n_up - (l->n_ended - l->n_lost) < l->at_once) {
		struct caller *c = &l->callers[l->n_started++];

		c->started = turn_now(&l->turn);
		turn_feed(&l->turn, (struct ut_event){ .kind = UT_EV_START, .ref = c->ref });
	}
}

static int
dial_all(struct load *l)
{
	int r = 0;

	while (r == 0 && l->n_up + l->n_ended - l->n_lost < l->n) {
		start_some(l);
		r = turn_wait(&l->turn, NULL);
	}
	return r;
}

static int
hold(struct load *l)
{
	const struct ut_time until = { turn_now(&l->turn).us + l->hold_ms * UINT64_C(1000) };
	int r = 0;

	while (r == 0 && turn_now(&l->turn).us < until.us)
		r = turn_wait(&l->turn, &until);
	return r;
}

static int
stop_all(struct load *l)
{
	int r = 0;

	for (unsigned k = 0; k < l->n; k++) {
		if (l->callers[k].has_ended)
			continue;
		turn_feed(&l->turn, (struct ut_event){ .kind = UT_EV_STOP,
						       .ref = l->callers[k].ref,
						       .end.cause = UT_CAUSE_USER });
		if (k % l->at_once == l->at_once - 1)
			r = turn_wait(&l->turn, &(struct ut_time){ 0 });
	}
	while (r == 0 && l->n_ended < l->n)
		r = turn_wait(&l->turn, NULL);
	return r;
}

static int
compare_us(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static double
seconds_of(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double
ms_at(const struct load *l, unsigned i)
{
	return i < l->n_up ? (double)l->took_us[i] / 1e3 : 0;
}

static void
tell(struct load *l, double seconds)
{
	const unsigned n = l->n_up;
	struct rusage use;

	getrusage(RUSAGE_SELF, &use);
	qsort(l->took_us, n, sizeof *l->took_us, compare_us);
	printf("load up=%u of=%u lost=%u median_ms=%.1f p99_ms=%.1f longest_ms=%.1f retransmissions=%llu "
	       "seconds=%.2f "
	       "cpu_s=%.3f\n",
	       n, l->n, l->n_lost, ms_at(l, n / 2), ms_at(l, (unsigned)(n * UINT64_C(99) / 100)),
	       ms_at(l, n - 1), (unsigned long long)l->retransmissions, seconds,
	       seconds_of(use.ru_utime) + seconds_of(use.ru_stime));
	fflush(stdout);
}

/* ---- set-up ---- */

static bool
new_caller(struct load *l, unsigned k)
{
	const struct ut_client_config config = { .n_links = 1,
						 .needs_data_path = true,
						 .setup_ms = l->setup_ms,
						 .close_ms = 5000,
						 .stop_ms = 1000,
						 .settle_ms = 1000,
						 .backoff_first_ms = 1000,
						 .backoff_cap_ms = 1000 };
	uint16_t link;

	l->callers[k].load = l;
	l->callers[k].fd = -1;
	return ut_engine_client_new(l->turn.engine, &config, &l->callers[k].ref, &link) && link == k &&
	       l->callers[k].ref.index == k;
}

static int
prepare(struct load *l)
{
	const uint16_t n = (uint16_t)l->n;
	const uint32_t blocks = n * UINT32_C(4) + 64;
	const struct ut_engine_config config = { .n_params = 1,
						 .n_tunnels = n,
						 .n_sessions = n,
						 .n_clients = n,
						 .n_links = n,
						 .n_blocks = (uint16_t)(blocks < 65000 ? blocks : 65000) };
	const int r = turn_new(&l->turn, &config, carry_out, l);

	l->callers = calloc(l->n, sizeof *l->callers);
	l->took_us = calloc(l->n, sizeof *l->took_us);
	if (r < 0 || l->callers == NULL || l->took_us == NULL)
		return r < 0 ? r : -ENOMEM;
	ut_engine_set_params(l->turn.engine, 0, &l->params);
	for (unsigned k = 0; k < l->n; k++)
		if (!new_caller(l, k))
			return -ENOSPC;
	return 0;
}

static bool
read_server(struct load *l, const char *text)
{
	memset(&l->server, 0, sizeof l->server);
	memset(&l->peer, 0, sizeof l->peer);
	l->peer.port = L2TP_PORT;
	if (inet_pton(AF_INET, text, &l->server.in.sin_addr) == 1) {
		l->server.in.sin_family = AF_INET;
		l->server.in.sin_port = htons(L2TP_PORT);
		l->peer.family = 4;
		memcpy(l->peer.address, &l->server.in.sin_addr, 4);
		return true;
	}
	l->server.in6.sin6_family = AF_INET6;
	l->server.in6.sin6_port = htons(L2TP_PORT);
	l->peer.family = 6;
	return inet_pton(AF_INET6, text, &l->server.in6.sin6_addr) == 1 &&
	       memcpy(l->peer.address, &l->server.in6.sin6_addr, 16) != NULL;
}

enum { COUNT = 1, AT_ONCE, HOLD, TRIES, SETUP, PORT };
static const struct option long_options[] = {
	{ "count", required_argument, NULL, COUNT },
	{ "at-once", required_argument, NULL, AT_ONCE },
	{ "hold", required_argument, NULL, HOLD },
	{ "tries", required_argument, NULL, TRIES },
	{ "setup", required_argument, NULL, SETUP },
	{ "port", required_argument, NULL, PORT },
	{ NULL, 0, NULL, 0 },
};

static bool
take_option(struct load *l, int option, unsigned long v)
{
	switch (option) {
	case COUNT:
		l->n = (unsigned)v;
		return v > 0 && v <= 20000;
	case AT_ONCE:
		l->at_once = (unsigned)v;
		return v > 0;
	case HOLD:
		l->hold_ms = (unsigned)v * 1000;
		return v < 100000;
	case TRIES:
		l->params.tries = (uint8_t)v;
		return v > 0 && v <= UINT8_MAX;
	case SETUP:
		l->setup_ms = (uint32_t)v * 1000;
		return v < 100000;
	case PORT:
		l->peer.port = (uint16_t)v;
		return v > 0 && v <= UINT16_MAX;
	default:
		return false;
	}
}

static bool
read_options(int argc, char **argv, struct load *l)
{
	unsigned port = L2TP_PORT;
	int option;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (option == '?' || !take_option(l, option, strtoul(optarg, NULL, 10)))
			return false;
		port = option == PORT ? l->peer.port : port;
	}
	if (optind != argc - 1 || !read_server(l, argv[optind]))
		return false;
	l->peer.port = (uint16_t)port;
	l->server.in.sin_port = htons((uint16_t)port); /* at the same place in IPv6's */
	return true;
}

static void
raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
	}
}

int
main(int argc, char **argv)
{
	struct load l = { .n = 1, .at_once = 64, .params = ut_l2tp_params_default() };
	uint64_t started;
	int r;

	if (!read_options(argc, argv, &l)) {
		fprintf(stderr, "usage: uptun-load [--count N] [--at-once N] [--hold SECONDS] [--tries N] "
				"[--setup SECONDS] "
				"[--port N] ADDRESS\n");
		return 2;
	}
	raise_limit();
	r = prepare(&l);
	started = r == 0 ? turn_now(&l.turn).us : 0;
	if (r == 0)
		r = dial_all(&l);
	if (r == 0)
		tell(&l, (double)(turn_now(&l.turn).us - started) / 1e6);
	if (r == 0)
		r = hold(&l);
	if (r == 0)
		r = stop_all(&l);
	if (r < 0)
		fprintf(stderr, "uptun-load: %s\n", strerror(-r));
	turn_free(&l.turn);
	free(l.callers);
	free(l.took_us);
	return r == 0 && l.n_up == l.n && l.n_lost == 0 ? 0 : 1;
}
