/* socket_file.c - the Unix socket of the daemon as a file
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/daemon/socket_file.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 64 };

static int
set_address(const char *path, struct sockaddr_un *out, struct kb_error *why)
{
	const size_t n = strlen(path);

	*out = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (n == 0 || n >= sizeof out->sun_path)
		return kb_fail(why, ENAMETOOLONG, "%s: not a path a socket can have", path);
	memcpy(out->sun_path, path, n);
	return 0;
}

/* Is anybody there? */
static bool
is_answered(const struct sockaddr_un *address)
{
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool is_refused;

	if (fd < 0)
		return true;
	is_refused =
	    connect(fd, (const struct sockaddr *)address, sizeof *address) < 0 && errno == ECONNREFUSED;
	(void)close(fd);
	return !is_refused;
}

static int
make_room(const struct sockaddr_un *address, struct kb_error *why)
{
	const char *path = address->sun_path;
	struct stat st;

	if (lstat(path, &st) < 0)
		return errno == ENOENT ? 0 : kb_fail(why, errno, "%s: %s", path, strerror(errno));
	if (!S_ISSOCK(st.st_mode))
		return kb_fail(why, EEXIST, "%s is there and is no socket", path);
	if (is_answered(address))
		return kb_fail(why, EADDRINUSE, "a daemon listens at %s already", path);
	if (unlink(path) < 0)
		return kb_fail(why, errno, "cannot replace %s: %s", path, strerror(errno));
	return 0;
}

static int
bind_to(int fd, const struct sockaddr_un *address, struct kb_error *why)
{
	const mode_t before = umask(0177);
	const int r = bind(fd, (const struct sockaddr *)address, sizeof *address);
	const int err = errno;

	(void)umask(before);
	return r < 0 ? kb_fail(why, err, "cannot listen at %s: %s", address->sun_path, strerror(err)) : 0;
}

static int
open_to_group(int fd, const char *path, gid_t group, struct kb_error *why)
{
	if ((group != (gid_t)-1 && chown(path, (uid_t)-1, group) < 0) || chmod(path, 0660) < 0)
		return kb_fail(why, errno, "cannot give %s to its group: %s", path, strerror(errno));
	if (listen(fd, BACKLOG) < 0)
		return kb_fail(why, errno, "cannot listen at %s: %s", path, strerror(errno));
	return 0;
}

static int
bind_and_listen(int fd, const struct sockaddr_un *address, gid_t group, struct kb_error *why)
{
	int r = bind_to(fd, address, why);

	if (r < 0)
		return r;
	r = open_to_group(fd, address->sun_path, group, why);
	if (r < 0)
		(void)unlink(address->sun_path);
	return r;
}

int
socket_file_open(const char *path, gid_t group, struct kb_error *why)
{
	struct sockaddr_un address;
	int r = set_address(path, &address, why), fd;

	if (r == 0)
		r = make_room(&address, why);
	if (r < 0)
		return r;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return kb_fail(why, errno, "cannot make a socket: %s", strerror(errno));
	r = bind_and_listen(fd, &address, group, why);
	if (r == 0)
		return fd;
	(void)close(fd);
	return r;
}

void
socket_file_remove(const char *path)
{
	struct stat st;

	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
		(void)unlink(path);
}
