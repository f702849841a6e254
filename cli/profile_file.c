/* profile_file.c - reads a small file whole
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/profile_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads until the end or until `cap` is full; returns 0 or errno. */
static int
read_up_to(int fd, uint8_t *buffer, size_t cap, size_t *octets)
{
	ssize_t n;

	*octets = 0;
	while (*octets < cap) {
		n = read(fd, buffer + *octets, cap - *octets);
		if (n == 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return errno;
		if (n > 0)
			*octets += (size_t)n;
	}
	return 0;
}

/* Is there anything behind a full buffer?  EFBIG, or 0, or errno. */
static int
expect_end(int fd)
{
	uint8_t more;
	size_t n;
	const int err = read_up_to(fd, &more, 1, &n);

	ut_wipe(&more, sizeof more);
	return err == 0 && n != 0 ? EFBIG : err;
}

static int
read_fd(int fd, uint8_t *buffer, size_t cap, struct profile_file *out)
{
	struct stat st;
	int err;

	if (fstat(fd, &st) != 0)
		return errno;
	err = read_up_to(fd, buffer, cap, &out->octets);
	if (err == 0)
		err = expect_end(fd);
	out->is_open_to_others = S_ISREG(st.st_mode) && (st.st_mode & (S_IRGRP | S_IROTH)) != 0;
	return err;
}

int
profile_file_read(const char *path, uint8_t *buffer, size_t cap, struct profile_file *out)
{
	const bool is_stdin = strcmp(path, "-") == 0;
	const int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int err;

	if (fd < 0)
		return errno;
	err = read_fd(fd, buffer, cap, out);
	if (!is_stdin)
		(void)close(fd);
	if (err != 0)
		ut_wipe(buffer, cap);
	return err;
}
