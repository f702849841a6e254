/* launcher.c - the root process that starts pppd for a daemon: how it is made, and how it ends
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/launcher/launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/launcher/allow.h"
#include "cli/launcher/serve.h"
#include "kernel-bridge/kb_child.h"
#include "kernel-bridge/kb_pppox.h"

enum { SOCKET_NUMBER = 3, ANSWER_S = 5, END_MS = 2000, LOOK_MS = 10, OWN_DESCRIPTORS = 64 };

bool
launcher_is_session(int fd)
{
	return kb_pppox_is_session(fd);
}

/* ---- the child ---- */

/* A pidfd a pppd, and what is open while one starts. */
static void
raise_limit(unsigned children)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= children + OWN_DESCRIPTORS)
		return;
	limit.rlim_cur = children + OWN_DESCRIPTORS;
	if (limit.rlim_cur > limit.rlim_max)
		limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static bool
arrange(int fd)
{
	const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	const int complaints = fcntl(STDERR_FILENO, F_GETFD) >= 0 ? STDERR_FILENO : nothing;
	int fds[SOCKET_NUMBER + 1] = { nothing, nothing, complaints, fd };

	if (nothing < 0 || kb_child_arrange(fds, sizeof fds / sizeof fds[0]) != 0)
		return false;
	return fcntl(SOCKET_NUMBER, F_SETFD, FD_CLOEXEC) == 0;
}

static void
become_launcher(const struct launcher_config *config, int fd)
{
	setsid();
	kb_child_reset_signals();
	kb_child_ignore_signals();
	prctl(PR_SET_NAME, "uptun-launcher");
	kb_hide_memory();
	umask(022);
	if (clearenv() != 0 || chdir("/") < 0 || !arrange(fd))
		_exit(1);
	raise_limit(config->max_children);
	launcher_serve(config, SOCKET_NUMBER);
	_exit(0);
}

/* ---- our side ---- */

static int
check_config(const struct launcher_config *config, struct kb_error *why)
{
	for (const char *const *extra = config->extra; extra != NULL && *extra != NULL; extra++) {
		const int r = launcher_check_extra(*extra, why);

		if (r < 0)
			return r;
	}
	if (config->max_children == 0 || config->max_children > LAUNCHER_CHILDREN_MAX)
		return kb_fail(why, EINVAL, "a launcher may have 1 to %d pppds", LAUNCHER_CHILDREN_MAX);
	return 0;
}

static int
fork_launcher(const struct launcher_config *config, const int pair[2], struct launcher *out,
	      struct kb_error *why)
{
	const pid_t pid = fork();

	if (pid == 0)
		become_launcher(config, pair[1]);
	const int err = errno;
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		return kb_fail(why, err, "cannot make a process for the launcher: %s", strerror(err));
	}
	*out = (struct launcher){ .pid = pid, .fd = pair[0] };
	return 0;
}

int
launcher_start(const struct launcher_config *config, struct launcher *out, struct kb_error *why)
{
	const struct timeval patience = { .tv_sec = ANSWER_S };
	struct launcher_config mine = *config;
	int pair[2];
	const int r = check_config(config, why);

	if (r < 0)
		return r;
	if (mine.is_session == NULL)
		mine.is_session = launcher_is_session;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return kb_fail(why, errno, "cannot make a socket pair for the launcher: %s", strerror(errno));
	for (int i = 0; i < 2; i++) {
		(void)setsockopt(pair[i], SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
		(void)setsockopt(pair[i], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	}
	return fork_launcher(&mine, pair, out, why);
}

int
launcher_fd(const struct launcher *l)
{
	return l->fd;
}

void
launcher_end(struct launcher *l)
{
	if (l->fd >= 0)
		close(l->fd);
	for (int waited = 0; l->pid > 0 && waited < END_MS; waited += LOOK_MS) {
		if (waitpid(l->pid, NULL, WNOHANG) != 0)
			break;
		(void)poll(NULL, 0, LOOK_MS);
	}
	*l = LAUNCHER_NULL;
}
