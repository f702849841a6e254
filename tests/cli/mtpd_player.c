/* mtpd_player.c - mtpd-player: plays Android's init and framework for a program in mtpd's place
 * SPDX-License-Identifier: Apache-2.0
 *
 * usage: mtpd-player [--stall|--cut|--many|--long|--nul|--behind|--no-socket|--close-at-once] PROGRAM [ARGUMENT...]
 *
 * Starts PROGRAM with a listening Unix socket, as init does, connects to it, sends the ARGUMENTs as the framework does
 * (or with one thing wrong), and waits for the end of what the program sends.  Prints "accepted" or "refused", then
 * "closing" when SIGUSR1 made it close the connection, and ends as PROGRAM did.  SIGTERM is passed on.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LIST_OCTETS = 80000, SIGNALLED = 128 };

enum wrong { NOTHING, STALL, CUT, MANY, LONG, NUL, BEHIND, NO_SOCKET, CLOSE_AT_ONCE, WRONG_N };

static const char *const wrongs[WRONG_N] = {
	[STALL] = "--stall",
	[CUT] = "--cut",
	[MANY] = "--many",
	[LONG] = "--long",
	[NUL] = "--nul",
	[BEHIND] = "--behind",
	[NO_SOCKET] = "--no-socket",
	[CLOSE_AT_ONCE] = "--close-at-once",
};

static void
die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

/* ---- the list ---- */

struct list {
	uint8_t octets[LIST_OCTETS];
	size_t n;
};

static void
put(struct list *l, const void *p, size_t n)
{
	if (n > sizeof l->octets - l->n)
		die("the arguments are too long for this player");
	memcpy(l->octets + l->n, p, n);
	l->n += n;
}

static void
put_argument(struct list *l, const char *p, size_t n)
{
	const uint8_t length[] = { (uint8_t)(n >> 8), (uint8_t)n };

	put(l, length, sizeof length);
	put(l, p, n);
}

static void
put_wrong(struct list *l, enum wrong wrong)
{
	static const char zeros[2000];

	if (wrong == NUL)
		put_argument(l, zeros, 3);
	if (wrong == LONG) {
		char text[1024];

		memset(text, 'x', sizeof text);
		put_argument(l, text, sizeof text);
	}
	for (int i = 0; wrong == MANY && i < 32; i++)
		put_argument(l, "debug", strlen("debug"));
}

static void
put_all(struct list *l, enum wrong wrong, char **words)
{
	for (; *words != NULL; words++)
		put_argument(l, *words, strlen(*words));
	put_wrong(l, wrong);
	if (wrong != STALL && wrong != CUT)
		put(l, "\xff\xff", 2);
	if (wrong == BEHIND)
		put(l, "more", 4);
}

/* ---- the socket ---- */

/* A listening socket in the abstract name space, and its address. */
static int
make_socket(struct sockaddr_un *address, socklen_t *n)
{
	const int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	*n = sizeof address->sun_family; /* the kernel chooses a name */
	if (fd < 0 || bind(fd, (struct sockaddr *)address, *n) != 0)
		die("bind");
	*n = sizeof *address;
	if (getsockname(fd, (struct sockaddr *)address, n) != 0)
		die("getsockname");
	return fd;
}

static int
connect_to(const struct sockaddr_un *address, socklen_t n)
{
	const struct timespec pause = { .tv_nsec = 10000000 };
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	for (int i = 0; i < 1000; i++) {
		if (connect(fd, (const struct sockaddr *)address, n) == 0)
			return fd;
		(void)nanosleep(&pause, NULL);
	}
	(void)close(fd);
	return -1; /* nobody listens */
}

static pid_t
start(char **argv, int listener, bool is_named)
{
	char number[16];
	sigset_t none;
	const pid_t pid = fork();

	if (pid != 0)
		return pid;
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)snprintf(number, sizeof number, "%d", is_named ? listener : STDIN_FILENO);
	(void)setenv("ANDROID_SOCKET_mtpd", number, 1);
	argv[1] = NULL;
	(void)execv(argv[0], argv);
	die(argv[0]);
	return -1;
}

/* ---- what happens then ---- */

/* Takes one signal; true: the program has ended, and *status says how. */
static bool
take_signal(int signal_fd, pid_t pid, int *fd, int *status)
{
	struct signalfd_siginfo info;

	if (read(signal_fd, &info, sizeof info) != sizeof info)
		return false;
	if (info.ssi_signo == SIGUSR1 && *fd >= 0) {
		(void)puts("closing");
		(void)close(*fd);
		*fd = -1;
	} else if (info.ssi_signo == SIGTERM) {
		(void)kill(pid, SIGTERM);
	}
	return info.ssi_signo == SIGCHLD && waitpid(pid, status, WNOHANG) == pid;
}

static int
play(int fd, int signal_fd, pid_t pid)
{
	struct pollfd p[] = { { .fd = signal_fd, .events = POLLIN }, { .fd = fd, .events = POLLIN } };
	int status = 0;
	char octet;

	for (;;) {
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			die("poll");
		if (p[1].revents != 0) {
			/* The end of what it sends, while it still would hear us, means yes. */
			const bool is_end = recv(fd, &octet, 1, 0) == 0;

			(void)puts(is_end && (p[1].revents & POLLHUP) == 0 ? "accepted" : "refused");
			p[1].fd = -1;
		}
		if (p[0].revents != 0 && take_signal(signal_fd, pid, &fd, &status))
			return WIFEXITED(status) ? WEXITSTATUS(status) : SIGNALLED + WTERMSIG(status);
		if (fd < 0)
			p[1].fd = -1;
	}
}

static int
open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

/* Says everything, and, with --cut or --close-at-once, hangs up. */
static void
speak(int fd, enum wrong wrong, const struct list *l)
{
	if (send(fd, l->octets, l->n, MSG_NOSIGNAL) < 0)
		(void)puts("refused while sending");
	if (wrong == CUT || wrong == CLOSE_AT_ONCE)
		(void)shutdown(fd, SHUT_RDWR);
}

int
main(int argc, char **argv)
{
	static struct list l;
	struct sockaddr_un address;
	socklen_t n;
	enum wrong wrong = NOTHING;
	char *none[] = { NULL };

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int i = 1; argc > 1 && i < WRONG_N; i++)
		if (strcmp(argv[1], wrongs[i]) == 0)
			wrong = (enum wrong)i;
	if (wrong != NOTHING)
		argv++, argc--;
	if (argc < 2)
		die("which program?");
	put_all(&l, wrong, argc > 2 ? argv + 2 : none);
	const int signal_fd = open_signals();
	const int listener = make_socket(&address, &n);
	const pid_t pid = start(argv + 1, listener, wrong != NO_SOCKET);
	if (pid < 0)
		die("fork");
	const int fd = wrong == NO_SOCKET ? -1 : connect_to(&address, n);
	(void)close(listener);
	if (fd >= 0)
		speak(fd, wrong, &l);
	return play(fd, signal_fd, pid);
}
