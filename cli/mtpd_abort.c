/* mtpd_abort.c - the file whose appearance ends the tunnel, as Android's racoon leaves it
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/mtpd_abort.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* Nobody follows a link here: that something has this name is all there is to know. */
static bool
look(const char *path, struct stat *out)
{
	return path != NULL && lstat(path, out) == 0;
}

void
mtpd_abort_begin(struct mtpd_abort *a, const char *path)
{
	*a = MTPD_ABORT_NULL;
	a->path = path;
	a->is_stale_there = look(path, &a->stale);
}

bool
mtpd_abort_is_fresh(const struct mtpd_abort *a)
{
	const struct timespec *before = &a->stale.st_ctim;
	struct stat now;

	if (!look(a->path, &now))
		return false;
	return !a->is_stale_there || now.st_dev != a->stale.st_dev || now.st_ino != a->stale.st_ino ||
	       now.st_ctim.tv_sec != before->tv_sec || now.st_ctim.tv_nsec != before->tv_nsec;
}

/* The same folder again is the same watch; one that is missing is tried again with the next tick. */
static void
watch_folder(const struct mtpd_abort *a)
{
	enum { NEWS = IN_CREATE | IN_MOVED_TO | IN_ATTRIB | IN_CLOSE_WRITE | IN_ONLYDIR };
	const char *slash = strrchr(a->path, '/');
	const size_t n = slash == NULL ? 0 : slash == a->path ? 1 : (size_t)(slash - a->path);
	char folder[PATH_MAX] = ".";

	if (a->notice_fd < 0 || n >= sizeof folder)
		return;
	if (n > 0) {
		memcpy(folder, a->path, n);
		folder[n] = '\0';
	}
	(void)inotify_add_watch(a->notice_fd, folder, NEWS);
}

int
mtpd_abort_open(struct mtpd_abort *a)
{
	const struct itimerspec every = { .it_interval.tv_sec = MTPD_ABORT_POLL_S,
					  .it_value.tv_sec = MTPD_ABORT_POLL_S };
	int err;

	a->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (a->timer_fd < 0)
		return -errno;
	if (timerfd_settime(a->timer_fd, 0, &every, NULL) != 0) {
		err = -errno;
		mtpd_abort_close(a);
		return err;
	}
	a->notice_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	watch_folder(a);
	return 0;
}

void
mtpd_abort_heard(struct mtpd_abort *a, int fd)
{
	char octets[sizeof(struct inotify_event) + NAME_MAX + 1];

	while (read(fd, octets, sizeof octets) > 0)
		;
	if (fd == a->timer_fd)
		watch_folder(a);
}

void
mtpd_abort_close(struct mtpd_abort *a)
{
	if (a->notice_fd >= 0)
		(void)close(a->notice_fd);
	if (a->timer_fd >= 0)
		(void)close(a->timer_fd);
	a->notice_fd = a->timer_fd = -1;
}
