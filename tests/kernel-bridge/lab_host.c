/* lab_host.c - what the lab's programs share: hosts, pppds, and what is left of them
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/kernel-bridge/lab_host.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

long
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000L + t.tv_nsec / 1000000L;
}

void
nap_ms(long ms)
{
	poll(NULL, 0, (int)ms);
}

void
must(int r, const struct kb_error *why)
{
	if (r < 0)
		fail_msg("%s", why->text);
}

void
enter(const char *host)
{
	char path[64];

	snprintf(path, sizeof path, "/run/netns/%s", host);
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(setns(fd, CLONE_NEWNET), 0);
	close(fd);
}

size_t
read_file(const char *path, char *out, size_t size)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	const ssize_t n = fd < 0 ? 0 : read(fd, out, size - 1);

	if (fd >= 0)
		close(fd);
	out[n < 0 ? 0 : n] = '\0';
	return n < 0 ? 0 : (size_t)n;
}

void
write_file(const char *path, const char *text)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

/* Reads as ps(1) does. */
int
count_pppds(void)
{
	int n = 0;
	DIR *proc = opendir("/proc");

	for (struct dirent *e = readdir(proc); e != NULL; e = readdir(proc)) {
		char path[300], name[32];

		snprintf(path, sizeof path, "/proc/%s/comm", e->d_name);
		if (read_file(path, name, sizeof name) > 0 && strcmp(name, "pppd\n") == 0)
			n++;
	}
	closedir(proc);
	return n;
}

bool
no_pppds(void)
{
	return count_pppds() == 0;
}

bool
no_ppp_links(void)
{
	char text[8192];

	read_file("/proc/self/net/dev", text, sizeof text);
	return strstr(text, "ppp") == NULL;
}

/* ms until it held; fails the test when it did not in time. */
long
until(bool (*holds)(void), long limit_ms, const char *what)
{
	const long begin = now_ms();

	while (!holds()) {
		if (now_ms() - begin > limit_ms)
			fail_msg("after %ld ms it did not hold: %s", limit_ms, what);
		nap_ms(10);
	}
	return now_ms() - begin;
}

static int
run(char *const *arguments)
{
	int status;
	const pid_t pid = fork();

	if (pid == 0) {
		const int nothing = open("/dev/null", O_RDWR);

		dup2(nothing, 1);
		execvp(arguments[0], arguments);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool
reaches(const char *address)
{
	char command[] = "ping", quiet[] = "-q", count[] = "-c2", gap[] = "-i0.02", wait[] = "-W1", to[64];
	char *const arguments[] = { command, quiet, count, gap, wait, to, NULL };

	snprintf(to, sizeof to, "%s", address);
	const long end = now_ms() + 5 * SECOND_MS;
	while (run(arguments) != 0) {
		if (now_ms() >= end)
			return false;
	}
	return true;
}

/* Waits for a report of this kind. */
struct kb_pppd_request
pppd_request(int session_fd, const char *plugin_path, const char *const *options)
{
	return (struct kb_pppd_request){
		.session_fd = session_fd,
		.plugin_path = plugin_path,
		.mtu = 1400,
		.mru = 1400,
		.options = options,
		.log_fd = getenv("LAB_LOUD") != NULL ? 2 : 0,
	};
}

void
pppd_start(const char *host, const struct kb_pppd_request *request, struct kb_pppd *out)
{
	struct kb_error why;

	enter(host);
	must(kb_pppd_start(request, out, &why), &why);
	enter("client");
}

bool
pppd_hears(const struct kb_pppd *pppd, enum kb_pppd_report_kind kind, long limit_ms,
	   struct kb_pppd_report *out)
{
	const long end = now_ms() + limit_ms;

	for (;;) {
		struct pollfd p = { .fd = pppd->report_fd, .events = POLLIN };
		const long left = end - now_ms();
		const int r = kb_pppd_report(pppd, out);

		if (r == 1 && out->kind == kind)
			return true;
		if (r < 0 || left <= 0)
			return false;
		if (r == 0)
			poll(&p, 1, (int)left);
	}
}

int
pppd_ended(struct kb_pppd *pppd, long limit_ms)
{
	struct pollfd p = { .fd = pppd->pidfd, .events = POLLIN };
	int status = -1;

	if (poll(&p, 1, (int)limit_ms) != 1)
		fail_msg("pppd %d did not end in %ld ms", (int)pppd->pid, limit_ms);
	assert_int_equal(kb_pppd_wait(pppd, &status), 1);
	kb_pppd_close(pppd);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void
pppds_stop(struct kb_pppd *first, struct kb_pppd *other)
{
	kb_pppd_stop(first);
	assert_int_equal(pppd_ended(first, 3 * SECOND_MS), 5);
	pppd_ended(other, 3 * SECOND_MS);
}

/* What Debian installs, options of a serial line among them. */
int
write_system_options(void **state)
{
	(void)state;
	write_file("/etc/ppp/options",
		   "asyncmap 0\nauth\ncrtscts\nlock\nhide-password\nmodem\nlcp-echo-interval 30\n"
		   "lcp-echo-failure 4\nnoipx\n");
	return 0;
}

/* A case that failed leaves nothing to the next one. */
int
clean_up(void **state)
{
	(void)state;
	close_range(3, ~0U, 0);
	enter("client");
	while (waitpid(-1, NULL, WNOHANG) > 0)
		continue;
	return 0;
}
