/* service_systemd.c - systemd: its socket, its watchdog, its journal
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/daemon/service.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <syslog.h>
#include <unistd.h>

/* Fields are given with their names. */
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>

enum { STATUS_PERIOD_US = 5000000 };

int
service_listener(struct kb_error *why)
{
	const int n = sd_listen_fds(1);

	if (n == 0)
		return -1;
	if (n < 0)
		return kb_fail(why, -n, "what systemd says of sockets makes no sense: %s", strerror(-n));
	if (n > 1)
		return kb_fail(why, EINVAL, "systemd gave %d sockets: one is wanted", n);
	if (sd_is_socket_unix(SD_LISTEN_FDS_START, SOCK_STREAM, 1, NULL, 0) <= 0)
		return kb_fail(why, EINVAL, "what systemd gave is no listening stream socket of Unix");
	return SD_LISTEN_FDS_START;
}

uint64_t
service_period_us(void)
{
	uint64_t us = 0;

	if (sd_watchdog_enabled(0, &us) > 0)
		return us / 2 < STATUS_PERIOD_US ? us / 2 : STATUS_PERIOD_US;
	return getenv("NOTIFY_SOCKET") != NULL ? STATUS_PERIOD_US : 0;
}

void
service_ready(const char *status)
{
	(void)sd_notifyf(0, "READY=1\nSTATUS=%s", status);
}

void
service_alive(const char *status)
{
	(void)sd_notifyf(0, "WATCHDOG=1\nSTATUS=%s", status);
}

void
service_stopping(const char *status)
{
	(void)sd_notifyf(0, "STOPPING=1\nSTATUS=%s", status);
}

/* ---- the journal ---- */

enum { FIELD_OCTETS = 1200, FIELDS_MAX = 6 };

struct entry {
	struct iovec fields[FIELDS_MAX];
	size_t n;
	char octets[FIELDS_MAX][FIELD_OCTETS];
};

static void __attribute__((format(printf, 2, 3))) add(struct entry *e, const char *format, ...)
{
	char *to = e->octets[e->n];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(to, FIELD_OCTETS, format, args);
	va_end(args);
	if (n > 0)
		e->fields[e->n++] =
		    (struct iovec){ to, (size_t)n < FIELD_OCTETS ? (size_t)n : FIELD_OCTETS - 1 };
}

static void
write_journal(void *ctx, const struct log_line *line)
{
	static const int priorities[LOG_LEVEL_N] = { [LOG_LEVEL_MILESTONES] = LOG_INFO,
						     [LOG_LEVEL_NOTES] = LOG_DEBUG,
						     [LOG_LEVEL_STEPS] = LOG_DEBUG };
	struct entry e = { .n = 0 };

	(void)ctx;
	add(&e, "PRIORITY=%d", line->is_warning ? LOG_WARNING : priorities[line->level]);
	add(&e, "SYSLOG_IDENTIFIER=uptun");
	if (line->tunnel == 0) {
		add(&e, "MESSAGE=%s", line->text);
	} else {
		add(&e, "MESSAGE=%s: %s: %s", line->name, line->what, line->text);
		add(&e, "UPTUN_TUNNEL=%" PRIu32, line->tunnel);
		add(&e, "UPTUN_NAME=%s", line->name);
		add(&e, "UPTUN_EVENT=%s", line->what);
	}
	(void)sd_journal_sendv(e.fields, (int)e.n);
}

/* "DEVICE:INODE", as systemd names what it connected our standard error to. */
static bool
is_named(const struct stat *st, const char *stream)
{
	char name[64];

	(void)snprintf(name, sizeof name, "%ju:%ju", (uintmax_t)st->st_dev, (uintmax_t)st->st_ino);
	return strcmp(name, stream) == 0;
}

struct log_sink
service_log(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	struct stat st;

	if (stream == NULL || fstat(STDERR_FILENO, &st) != 0 || !is_named(&st, stream))
		return (struct log_sink){ .write = NULL };
	return (struct log_sink){ .write = write_journal };
}
