/* mtpd_abort.h - the file whose appearance ends the tunnel, as Android's racoon leaves it
 * SPDX-License-Identifier: Apache-2.0
 *
 * What lies there when we begin was left by somebody before us: it is stale, and ends nothing.  Everything that appears
 * later, or is made anew, is fresh.  Stale and fresh are told apart by what was seen at the beginning (device, inode and
 * time of change), so that a clock that is set meanwhile does not matter.
 */
#ifndef CLI_MTPD_ABORT_H
#define CLI_MTPD_ABORT_H

#include <stdbool.h>
#include <sys/stat.h>

enum { MTPD_ABORT_POLL_S = 5 }; /* that often at least it is looked for */

struct mtpd_abort {
	const char *path; /* borrowed */
	bool is_stale_there;
	struct stat stale;	 /* what lay there at the beginning */
	int notice_fd, timer_fd; /* -1: none */
};
#define MTPD_ABORT_NULL ((struct mtpd_abort){ .notice_fd = -1, .timer_fd = -1 })

/* First of all: sees what lies there already.  `path` NULL: there is no such file. */
void mtpd_abort_begin(struct mtpd_abort *a, const char *path);

/* Something lies there that did not when we began. */
bool mtpd_abort_is_fresh(const struct mtpd_abort *a);

/* Makes the descriptors that can be read when it is worth looking: of changes in the folder (notice_fd, -1 where the
 * kernel has no inotify), and every MTPD_ABORT_POLL_S, for folders that are not there yet or tell nothing (timer_fd).
 * 0 or -errno. */
int mtpd_abort_open(struct mtpd_abort *a);

/* Reads one of them empty, and watches the folder that may have come to be meanwhile. */
void mtpd_abort_heard(struct mtpd_abort *a, int fd);

void mtpd_abort_close(struct mtpd_abort *a);

#endif
