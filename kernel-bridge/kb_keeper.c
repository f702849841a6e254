/* kb_keeper.c - a child that undoes what we did when we die without a chance to
 * SPDX-License-Identifier: Apache-2.0
 *
 * Orders are datagrams: those sent before we died are still read.  The keeper is in a session of its own, ignores what
 * a terminal or a service manager sends to a group, and holds no descriptor of ours but its end of the socket.
 */
#include "kernel-bridge/kb_keeper.h"

#include "kernel-bridge/kb_child.h"
#include "kernel-bridge/kb_kept.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TERM_PATIENCE_MS = 500, SEND_PATIENCE_MS = 200, SOCKET_NUMBER = 0 };

enum order_kind { ORDER_ROUTE, ORDER_CHILD, ORDER_DISMISS };

struct order {
	enum order_kind kind;
	bool present;
	pid_t pid;
	struct kb_route route;
};

/* ---- the keeper's memory ---- */

struct kept {
	struct kb_kept_routes routes;
	struct pollfd *children; /* pidfds: a number that is used again cannot be hit */
	pid_t *pids;		 /* of the same indices */
	size_t n_children, cap_children;
};

static bool
make_room_for_child(struct kept *k)
{
	size_t cap_pids = k->cap_children;
	void *pids = k->pids, *children = k->children;

	if (!kb_kept_make_room(&pids, sizeof *k->pids, k->n_children, &cap_pids))
		return false;
	k->pids = pids;
	if (!kb_kept_make_room(&children, sizeof *k->children, k->n_children, &k->cap_children))
		return false;
	k->children = children;
	return true;
}

static void
keep_child(struct kept *k, pid_t pid)
{
	if (!make_room_for_child(k))
		return;
	const int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (fd < 0)
		return; /* ended already */
	k->children[k->n_children] = (struct pollfd){ .fd = fd, .events = POLLIN };
	k->pids[k->n_children++] = pid;
}

static void
forget_child(struct kept *k, pid_t pid)
{
	for (size_t i = 0; i < k->n_children; i++) {
		if (k->pids[i] != pid)
			continue;
		close(k->children[i].fd);
		k->n_children--;
		k->children[i] = k->children[k->n_children];
		k->pids[i] = k->pids[k->n_children];
		return;
	}
}

/* ---- undoing ---- */

static void
signal_children(const struct kept *k, int signal)
{
	for (size_t i = 0; i < k->n_children; i++) {
		if (k->children[i].fd >= 0)
			(void)syscall(SYS_pidfd_send_signal, k->children[i].fd, signal, NULL, 0);
	}
}

static long
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000L + t.tv_nsec / 1000000L;
}

/* Those that ended are skipped from then on; true when all have. */
static bool
all_ended(struct kept *k)
{
	bool all = true;

	for (size_t i = 0; i < k->n_children; i++) {
		if (k->children[i].fd >= 0 && k->children[i].revents != 0) {
			close(k->children[i].fd);
			k->children[i].fd = -1;
		}
		all = all && k->children[i].fd < 0;
	}
	return all;
}

static void
end_children(struct kept *k)
{
	const long deadline = now_ms() + TERM_PATIENCE_MS;
	long left = TERM_PATIENCE_MS;

	signal_children(k, SIGTERM);
	while (!all_ended(k) && left > 0) {
		(void)poll(k->children, k->n_children, (int)left);
		left = deadline - now_ms();
	}
	signal_children(k, SIGKILL);
}

/* ---- the keeper's life ---- */

/* False on the order to go without undoing anything. */
static bool
obey(struct kept *k, const struct order *o)
{
	switch (o->kind) {
	case ORDER_ROUTE:
		if (!o->present)
			kb_kept_forget_route(&k->routes, &o->route);
		else if (kb_kept_add_route(&k->routes, &o->route) < 0)
			return true; /* memory is out: this one is not kept */
		return true;
	case ORDER_CHILD:
		if (o->present)
			keep_child(k, o->pid);
		else
			forget_child(k, o->pid);
		return true;
	case ORDER_DISMISS:
		return false;
	}
	return true;
}

static void
keep(void)
{
	struct kept kept = { .n_children = 0 };
	struct order order;

	for (;;) {
		const ssize_t n = recv(SOCKET_NUMBER, &order, sizeof order, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n != (ssize_t)sizeof order)
			break;
		if (!obey(&kept, &order))
			_exit(0);
	}
	kb_kept_delete_routes(&kept.routes);
	end_children(&kept);
	_exit(0);
}

static void
become_keeper(int fd)
{
	int fds[] = { fd };

	setsid();
	kb_child_reset_signals();
	kb_child_ignore_signals();
	prctl(PR_SET_NAME, "uptun-keeper");
	if (chdir("/") < 0 || kb_child_arrange(fds, 1) != 0)
		_exit(1);
	keep();
}

/* ---- our side ---- */

int
kb_keeper_start(struct kb_keeper *out, struct kb_error *why)
{
	const struct timeval patience = { .tv_usec = SEND_PATIENCE_MS * 1000L };
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return kb_fail(why, errno, "cannot make a socket pair for the keeper: %s", strerror(errno));
	(void)setsockopt(pair[0], SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	const pid_t pid = fork();
	if (pid == 0)
		become_keeper(pair[1]);
	const int err = errno;
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		return kb_fail(why, err, "cannot make a process for the keeper: %s", strerror(err));
	}
	*out = (struct kb_keeper){ .pid = pid, .fd = pair[0] };
	return 0;
}

static int
tell(struct kb_keeper *k, const struct order *order)
{
	if (k->fd < 0)
		return 0;
	const ssize_t n = send(k->fd, order, sizeof *order, MSG_NOSIGNAL);
	return n < 0 ? -errno : 0;
}

int
kb_keeper_route(struct kb_keeper *k, const struct kb_route *route, bool present)
{
	struct order order;

	memset(&order, 0, sizeof order);
	order.kind = ORDER_ROUTE;
	order.present = present;
	order.route = *route;
	return tell(k, &order);
}

int
kb_keeper_child(struct kb_keeper *k, pid_t pid, bool present)
{
	struct order order;

	memset(&order, 0, sizeof order);
	order.kind = ORDER_CHILD;
	order.present = present;
	order.pid = pid;
	return tell(k, &order);
}

void
kb_keeper_dismiss(struct kb_keeper *k)
{
	struct order order;

	memset(&order, 0, sizeof order);
	order.kind = ORDER_DISMISS;
	if (k->fd >= 0) {
		if (tell(k, &order) < 0)
			kill(k->pid, SIGKILL);
		close(k->fd);
		waitpid(k->pid, NULL, 0);
	}
	*k = KB_KEEPER_NULL;
}
