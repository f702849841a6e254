/* socket_file.h - the Unix socket of the daemon as a file
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_DAEMON_SOCKET_FILE_H
#define CLI_DAEMON_SOCKET_FILE_H

#include "kernel-bridge/kb.h"

#include <stdbool.h>
#include <sys/types.h>

/* Makes a listening socket at `path`, of mode 0660 and the group `group` ((gid_t)-1: of the process).  One that nobody
 * listens at any more is replaced, anything else that is there is not.  The descriptor, or -errno. */
int socket_file_open(const char *path, gid_t group, struct kb_error *why) KB_MUST_USE;

/* Removes it, if it is a socket. */
void socket_file_remove(const char *path);

#endif
