/* mtpd_control.c - the socket by which Android's framework drives mtpd
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/mtpd_control.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "cli/host/host_memory.h"

static bool __attribute__((format(printf, 2, 3))) fail(struct mtpd_control *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(c->why, sizeof c->why, format, args);
	va_end(args);
	return false;
}

/* ---- the socket that init made ---- */

bool
mtpd_control_is_asked_for(void)
{
	return secure_getenv(MTPD_CONTROL_VARIABLE) != NULL;
}

static bool
is_of(int fd, int option, int wanted)
{
	int value = 0;
	socklen_t n = sizeof value;

	return getsockopt(fd, SOL_SOCKET, option, &value, &n) == 0 && value == wanted;
}

/* -1: c->why says what is wrong with it. */
static int
find_listener(struct mtpd_control *c)
{
	const char *digits = secure_getenv(MTPD_CONTROL_VARIABLE);
	char *end = NULL;
	unsigned long n;

	if (digits == NULL || digits[0] < '0' || digits[0] > '9')
		return fail(c, MTPD_CONTROL_VARIABLE " is not the number of a descriptor"), -1;
	errno = 0;
	n = strtoul(digits, &end, 10);
	if (errno != 0 || *end != '\0' || n > INT_MAX)
		return fail(c, MTPD_CONTROL_VARIABLE " is not the number of a descriptor"), -1;
	if (!is_of((int)n, SO_DOMAIN, AF_UNIX) || !is_of((int)n, SO_TYPE, SOCK_STREAM))
		return fail(c,
			    "descriptor %lu, which " MTPD_CONTROL_VARIABLE " names, is no Unix stream socket",
			    n),
		       -1;
	(void)fcntl((int)n, F_SETFD, FD_CLOEXEC);
	return (int)n;
}

/* ---- waiting ---- */

static int64_t
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* True: `fd` can be read before the deadline, or has failed. */
static bool
wait_until(int fd, int64_t deadline_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	for (;;) {
		const int64_t left = deadline_ms - now_ms();
		const int ready = left > 0 ? poll(&p, 1, (int)left) : 0;

		if (ready >= 0 || errno != EINTR)
			return ready != 0;
	}
}

static bool
accept_one(struct mtpd_control *c, int listener)
{
	if (listen(listener, 1) != 0)
		return fail(c, "cannot listen on the control socket: %s", strerror(errno));
	if (!wait_until(listener, now_ms() + INT64_C(1000) * MTPD_CONTROL_ACCEPT_S))
		return fail(c, "nobody connected to the control socket within %d s", MTPD_CONTROL_ACCEPT_S);
	c->fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (c->fd < 0)
		return fail(c, "cannot take the connection to the control socket: %s", strerror(errno));
	return true;
}

/* ---- the arguments ---- */

/* Octets more in the list; 0: c->why. */
static size_t
receive_some(struct mtpd_control *c, size_t n, int64_t deadline_ms)
{
	ssize_t r;

	if (!wait_until(c->fd, deadline_ms)) {
		fail(c, "the arguments did not come within %d s: %zu octets did", MTPD_CONTROL_ARGUMENTS_S,
		     n);
		return 0;
	}
	r = recv(c->fd, c->octets + n, MTPD_ARGUMENTS_OCTETS_MAX - n, 0);
	if (r > 0)
		return (size_t)r;
	if (r == 0)
		fail(c, "the control socket was closed after %zu octets of arguments, before their end", n);
	else
		fail(c, "cannot read the arguments: %s", strerror(errno));
	return 0;
}

static bool
receive_arguments(struct mtpd_control *c)
{
	const int64_t deadline_ms = now_ms() + INT64_C(1000) * MTPD_CONTROL_ARGUMENTS_S;
	enum mtpd_arguments_result result = MTPD_ARGUMENTS_MORE;
	size_t n = 0, offset = 0;

	c->octets = host_memory_new(MTPD_ARGUMENTS_OCTETS_MAX);
	if (c->octets == NULL)
		return fail(c, "no memory");
	host_memory_lock(c->octets, MTPD_ARGUMENTS_OCTETS_MAX);
	/* A list that wants more never fills the buffer: the longest one fits. */
	while (result == MTPD_ARGUMENTS_MORE) {
		const size_t more = receive_some(c, n, deadline_ms);

		if (more == 0)
			return false;
		n += more;
		result = mtpd_arguments_decode(ut_slice(c->octets, n), &c->arguments, &offset);
	}
	if (result != MTPD_ARGUMENTS_OK)
		return fail(c, "the arguments cannot be read: %s, at octet %zu",
			    mtpd_arguments_sentence(result), offset);
	return true;
}

bool
mtpd_control_receive(struct mtpd_control *c)
{
	const int listener = find_listener(c);
	bool is_there;

	if (listener < 0)
		return false;
	is_there = accept_one(c, listener);
	(void)close(listener);
	return is_there && receive_arguments(c);
}

void
mtpd_control_accept(const struct mtpd_control *c)
{
	(void)shutdown(c->fd, SHUT_WR);
}

void
mtpd_control_forget(struct mtpd_control *c)
{
	c->octets = host_memory_free(c->octets, MTPD_ARGUMENTS_OCTETS_MAX);
	c->arguments.n = 0;
}

void
mtpd_control_close(struct mtpd_control *c)
{
	mtpd_control_forget(c);
	if (c->fd >= 0)
		(void)close(c->fd);
	c->fd = -1;
}
