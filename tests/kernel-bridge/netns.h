/* netns.h - a network namespace of a test's own, on the host's kernel
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_KERNEL_BRIDGE_NETNS_H
#define TESTS_KERNEL_BRIDGE_NETNS_H

#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NETNS_SKIP = 77 };

static inline bool
netns_write(const char *path, const char *text)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);
	const bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return good;
}

/* As root of a user namespace, where the machine allows that. */
static inline bool
netns_as_user(void)
{
	char map[64];

	snprintf(map, sizeof map, "0 %u 1", (unsigned)getuid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
		return false;
	return netns_write("/proc/self/uid_map", map);
}

/* Enters a fresh one; false, and says so, when this machine does not permit it.  `ip` makes the links. */
static inline bool
netns_enter(void)
{
	if ((unshare(CLONE_NEWNET) == 0 || netns_as_user()) && system("ip link set lo up") == 0)
		return true;
	printf("skipped: no network namespace of our own (neither root nor user namespaces), or no ip(8)\n");
	return false;
}

#endif
