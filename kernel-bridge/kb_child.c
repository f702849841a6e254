/* kb_child.c - what a process of ours may keep: its descriptors, its signals, its secrets
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Out of the way of the numbers that are about to be taken. */
static int
move_up(int *fds, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (fds[i] < 0 || fds[i] >= (int)n || fds[i] == (int)i)
			continue;
		fds[i] = fcntl(fds[i], F_DUPFD, (int)n);
		if (fds[i] < 0)
			return errno;
	}
	return 0;
}

static int
put_at(int fd, int number)
{
	if (fd < 0) {
		close(number);
		return 0;
	}
	if (fd != number)
		return dup2(fd, number) < 0 ? errno : 0;
	const int flags = fcntl(fd, F_GETFD);
	return flags < 0 || fcntl(fd, F_SETFD, flags & ~FD_CLOEXEC) < 0 ? errno : 0;
}

static void
close_from(unsigned first)
{
#ifdef SYS_close_range
	if (syscall(SYS_close_range, first, ~0U, 0) == 0)
		return;
#endif
	/* Kernels before 5.9. */
	const long limit = sysconf(_SC_OPEN_MAX);
	for (long fd = (long)first; fd < limit; fd++)
		close((int)fd);
}

int
kb_child_arrange(int *fds, size_t n)
{
	int err = move_up(fds, n);

	for (size_t i = 0; i < n && err == 0; i++)
		err = put_at(fds[i], (int)i);
	close_from((unsigned)n);
	return err;
}

bool
kb_hold_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
			return false;
	return true;
}

void
kb_hide_memory(void)
{
	const struct rlimit none = { 0, 0 };

	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	(void)setrlimit(RLIMIT_CORE, &none);
}

void
kb_child_reset_signals(void)
{
	const struct sigaction standard = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int s = 1; s < NSIG; s++)
		(void)sigaction(s, &standard, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

void
kb_child_ignore_signals(void)
{
	static const int ignored[] = { SIGINT,	SIGTERM, SIGHUP,  SIGPIPE, SIGQUIT,
				       SIGABRT, SIGUSR1, SIGUSR2, SIGALRM };

	for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++)
		signal(ignored[i], SIG_IGN);
}
