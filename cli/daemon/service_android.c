/* service_android.c - Android: init makes the socket, logcat takes the log
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/daemon/service.h"

#include <android/log.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* init names the sockets it makes for a service in its environment. */
#define SOCKET_VARIABLE "ANDROID_SOCKET_uptun"

enum { BACKLOG = 64 };

int
service_listener(struct kb_error *why)
{
	const char *number = getenv(SOCKET_VARIABLE);
	char *end;
	long fd;

	if (number == NULL)
		return -1;
	fd = strtol(number, &end, 10);
	if (end == number || *end != '\0' || fd < 0 || fd > 65535)
		return kb_fail(why, EBADF, SOCKET_VARIABLE " is not the number of a descriptor");
	/* init of older releases only binds it. */
	if (fcntl((int)fd, F_SETFD, FD_CLOEXEC) < 0 || listen((int)fd, BACKLOG) < 0)
		return kb_fail(why, errno, "init's socket, descriptor %ld: %s", fd, strerror(errno));
	return (int)fd;
}

uint64_t
service_period_us(void)
{
	return 0;
}

void
service_ready(const char *status)
{
	(void)status;
}

void
service_alive(const char *status)
{
	(void)status;
}

void
service_stopping(const char *status)
{
	(void)status;
}

static void
write_logcat(void *ctx, const struct log_line *line)
{
	static const int priorities[LOG_LEVEL_N] = { [LOG_LEVEL_MILESTONES] = ANDROID_LOG_INFO,
						     [LOG_LEVEL_NOTES] = ANDROID_LOG_DEBUG,
						     [LOG_LEVEL_STEPS] = ANDROID_LOG_VERBOSE };
	const int priority = line->is_warning ? ANDROID_LOG_WARN : priorities[line->level];

	(void)ctx;
	if (line->tunnel == 0)
		(void)__android_log_print(priority, "uptun", "%s", line->text);
	else
		(void)__android_log_print(priority, "uptun", "%s (%u): %s: %s", line->name,
					  (unsigned)line->tunnel, line->what, line->text);
}

struct log_sink
service_log(void)
{
	return (struct log_sink){ .write = write_logcat };
}
