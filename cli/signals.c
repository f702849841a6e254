/* signals.c - the signals that ask us to end, as a descriptor
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/signals.h"

#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "cli/run.h"

static const int asking[] = { SIGINT, SIGTERM, SIGHUP };

enum { ASKING_N = sizeof asking / sizeof asking[0] };

static sigset_t
asking_set(void)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < ASKING_N; i++)
		sigaddset(&set, asking[i]);
	return set;
}

static void
end_now(int signal)
{
	(void)signal;
	_exit(STATUS_USER);
}

void
signals_end_at_once(void)
{
	const struct sigaction end = { .sa_handler = end_now };
	struct sigaction before;

	for (size_t i = 0; i < ASKING_N; i++)
		if (sigaction(asking[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
			(void)sigaction(asking[i], &end, NULL);
}

void
signals_release(void)
{
	const sigset_t set = asking_set();

	(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
}

void
signals_hold(void)
{
	const sigset_t set = asking_set();

	(void)sigprocmask(SIG_BLOCK, &set, NULL);
}

int
signals_open(void)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	const sigset_t set = asking_set();
	int fd;

	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0 || sigaction(SIGPIPE, &ignore, NULL) != 0)
		return -errno;
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

int
signals_take(int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof info) != sizeof info)
		return 0;
	return (int)info.ssi_signo;
}
