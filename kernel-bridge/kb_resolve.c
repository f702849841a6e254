/* kb_resolve.c - the addresses of a name, without stopping the event loop
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_resolve.h"

#include "kernel-bridge/kb_child.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the child sends: one write, smaller than a pipe's atomic size. */
struct verdict {
	int error; /* EAI_*, 0: found */
	int system_error;
	size_t count;
	union kb_sockaddr found[KB_RESOLVE_MAX];
};

_Static_assert(sizeof(struct verdict) <= 4096, "one write to a pipe stays whole up to PIPE_BUF octets");

struct question {
	const char *name;
	uint16_t port;
	sa_family_t family;
};

static void
set_port(union kb_sockaddr *a, uint16_t port)
{
	if (a->sa.sa_family == AF_INET6)
		a->in6.sin6_port = htons(port);
	else
		a->in.sin_port = htons(port);
}

static bool
take_address(const struct addrinfo *from, uint16_t port, union kb_sockaddr *to)
{
	if (from->ai_family != AF_INET && from->ai_family != AF_INET6)
		return false;
	if (from->ai_addrlen > sizeof *to)
		return false;
	memset(to, 0, sizeof *to);
	memcpy(to, from->ai_addr, from->ai_addrlen);
	set_port(to, port);
	return true;
}

static void
look_up(const struct question *q, int flags, struct verdict *v)
{
	const struct addrinfo hints = { .ai_family = q->family,
					.ai_socktype = SOCK_DGRAM,
					.ai_flags = flags };
	struct addrinfo *list = NULL;

	memset(v, 0, sizeof *v);
	v->error = getaddrinfo(q->name, NULL, &hints, &list);
	v->system_error = v->error == EAI_SYSTEM ? errno : 0;
	if (v->error != 0)
		return;
	for (const struct addrinfo *a = list; a != NULL && v->count < KB_RESOLVE_MAX; a = a->ai_next) {
		if (take_address(a, q->port, &v->found[v->count]))
			v->count++;
	}
	freeaddrinfo(list);
	if (v->count == 0)
		v->error = EAI_NONAME;
}

/* ---- the child ---- */

static void
become_resolver(const struct question *q, int write_fd, pid_t parent)
{
	int fds[] = { 0, 1, 2, write_fd };
	struct verdict v;

	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	kb_child_reset_signals();
	if (kb_child_arrange(fds, sizeof fds / sizeof fds[0]) != 0)
		_exit(1);
	look_up(q, 0, &v);
	_exit(write(3, &v, sizeof v) == (ssize_t)sizeof v ? 0 : 1);
}

static int
ask_child(struct kb_resolve *r, const struct question *q, struct kb_error *why)
{
	int ends[2];
	const pid_t parent = getpid();

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return kb_fail(why, errno, "cannot make a pipe to look up \"%s\": %s", q->name,
			       strerror(errno));
	const pid_t pid = fork();
	if (pid == 0)
		become_resolver(q, ends[1], parent);
	const int err = errno;
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return kb_fail(why, err, "cannot make a process to look up \"%s\": %s", q->name,
			       strerror(err));
	}
	r->pid = pid;
	r->fd = ends[0];
	return 0;
}

/* ---- our side ---- */

static int
check_name(const char *name, struct kb_error *why)
{
	const size_t n = strlen(name);

	if (n == 0)
		return kb_fail(why, EINVAL, "the server has no name: give a host name or an address");
	if (n > KB_RESOLVE_NAME_MAX)
		return kb_fail(why, EINVAL, "the server's name has %zu octets; a host name has %d at most", n,
			       KB_RESOLVE_NAME_MAX);
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)name[i] <= 0x20 || name[i] == 0x7f)
			return kb_fail(why, EINVAL,
				       "a blank or control character at octet %zu of the server's name", i);
	}
	return 0;
}

/* What most people write as an address, without the resolver and what it would load.  The other spellings, and an
 * IPv6 address with a zone, are getaddrinfo's. */
static bool
read_address(const struct question *q, union kb_sockaddr *to)
{
	*to = (union kb_sockaddr){ .sa.sa_family = AF_INET };
	if (q->family != AF_INET6 && inet_pton(AF_INET, q->name, &to->in.sin_addr) == 1) {
		set_port(to, q->port);
		return true;
	}
	*to = (union kb_sockaddr){ .sa.sa_family = AF_INET6 };
	if (q->family != AF_INET && inet_pton(AF_INET6, q->name, &to->in6.sin6_addr) == 1) {
		set_port(to, q->port);
		return true;
	}
	return false;
}

static int
look_up_here(struct kb_resolve *r, const struct question *q, struct kb_error *why)
{
	struct verdict v;

	if (read_address(q, &r->found[0])) {
		r->count = 1;
		return 0;
	}
	look_up(q, AI_NUMERICHOST, &v);
	if (v.error != 0)
		return ask_child(r, q, why);
	r->count = v.count;
	memcpy(r->found, v.found, sizeof r->found);
	return 0;
}

int
kb_resolve_start(struct kb_resolve *out, const char *name, uint16_t port, sa_family_t family,
		 struct kb_error *why)
{
	struct kb_resolve r = KB_RESOLVE_NULL;
	int result = check_name(name, why);

	if (result < 0)
		return result;
	memcpy(r.name, name, strlen(name) + 1);
	result = look_up_here(&r, &(struct question){ r.name, port, family }, why);
	if (result == 0)
		*out = r;
	return result;
}

int
kb_resolve_fd(const struct kb_resolve *r)
{
	return r->fd;
}

static int
explain(const char *name, const struct verdict *v, struct kb_error *why)
{
	switch (v->error) {
	case EAI_NONAME:
	case EAI_NODATA:
		return kb_fail(why, ENOENT,
			       "no address is known for \"%.120s\": check the spelling, or give an address",
			       name);
	case EAI_ADDRFAMILY:
		return kb_fail(why, ENOENT, "\"%.120s\" has no address of the wished family (IPv4 or IPv6)",
			       name);
	case EAI_AGAIN:
		return kb_fail(
		    why, EHOSTUNREACH,
		    "no name server answers for \"%.120s\": is the network up, and /etc/resolv.conf right?",
		    name);
	case EAI_SYSTEM:
		return kb_fail(why, v->system_error != 0 ? v->system_error : EIO,
			       "cannot look up \"%.120s\": %s", name, strerror(v->system_error));
	default:
		return kb_fail(why, EIO, "cannot look up \"%.120s\": %s", name, gai_strerror(v->error));
	}
}

static int
give(const struct kb_resolve *r, union kb_sockaddr *out, size_t cap)
{
	const size_t n = r->count < cap ? r->count : cap;

	memcpy(out, r->found, n * sizeof out[0]);
	return (int)n;
}

static int
take_verdict(struct kb_resolve *r, const struct verdict *v, ssize_t octets, struct kb_error *why)
{
	if (octets != (ssize_t)sizeof *v || v->count > KB_RESOLVE_MAX)
		return kb_fail(why, EIO, "the process that looked up \"%.120s\" ended without an answer",
			       r->name);
	if (v->error != 0)
		return explain(r->name, v, why);
	r->count = v->count;
	memcpy(r->found, v->found, sizeof r->found);
	return 0;
}

int
kb_resolve_finish(struct kb_resolve *r, union kb_sockaddr *out, size_t cap, struct kb_error *why)
{
	struct verdict v;
	int result = 0;

	if (r->fd >= 0) {
		const ssize_t n = read(r->fd, &v, sizeof v);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return -EAGAIN;
		result = take_verdict(r, &v, n, why);
		kb_resolve_cancel(r);
	}
	return result < 0 ? result : give(r, out, cap);
}

void
kb_resolve_cancel(struct kb_resolve *r)
{
	if (r->fd >= 0)
		close(r->fd);
	if (r->pid > 0) {
		kill(r->pid, SIGKILL);
		waitpid(r->pid, NULL, 0);
	}
	r->fd = -1;
	r->pid = -1;
}
