/* mtpd_state.c - the file that tells Android's framework how a VPN is set up
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/mtpd_state.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STATE_MODE = 0644 };

size_t
mtpd_state_format(const struct host_report *report, char out[MTPD_STATE_OCTETS])
{
	const bool has_two = report->dns[0][0] != '\0' && report->dns[1][0] != '\0';
	int n;

	if (report->kind != HOST_PPP_UP || report->interface == NULL || report->local[0] == '\0')
		return 0;
	n = snprintf(out, MTPD_STATE_OCTETS, "%s\n%s/32\n0.0.0.0/0\n%s%s%s\n\n\n", report->interface,
		     report->local, report->dns[0], has_two ? " " : "", report->dns[1]);
	return n > 0 && n < MTPD_STATE_OCTETS ? (size_t)n : 0;
}

/* Regular files take such a short text at once, or not for want of room. */
static int
write_all(int fd, const char *text, size_t octets)
{
	const ssize_t n = write(fd, text, octets);

	if (n < 0)
		return -errno;
	return (size_t)n == octets ? 0 : -ENOSPC;
}

/* Never through a link, nor into what somebody else made: what is in the way was left by one who was killed. */
static int
write_new(const char *path, const char *text, size_t octets)
{
	int fd, err;

	if (unlink(path) != 0 && errno != ENOENT)
		return -errno;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, STATE_MODE);
	if (fd < 0)
		return -errno;
	err = fchmod(fd, STATE_MODE) != 0 ? -errno : write_all(fd, text, octets);
	if (close(fd) != 0 && err == 0)
		err = -errno;
	return err;
}

int
mtpd_state_write(const char *path, const char *text, size_t octets)
{
	char fresh[PATH_MAX];
	const int n = snprintf(fresh, sizeof fresh, "%s.tmp", path);
	int err;

	if (n < 0 || (size_t)n >= sizeof fresh)
		return -ENAMETOOLONG;
	err = write_new(fresh, text, octets);
	if (err == 0 && rename(fresh, path) != 0)
		err = -errno;
	if (err != 0)
		(void)unlink(fresh);
	return err;
}

int
mtpd_state_remove(const char *path)
{
	return unlink(path) == 0 || errno == ENOENT ? 0 : -errno;
}
