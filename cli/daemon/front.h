/* front.h - the daemon as a process: what the command line asks for, and the order in which rights are given up
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_DAEMON_FRONT_H
#define CLI_DAEMON_FRONT_H

#include "cli/daemon/daemon.h"
#include "cli/launcher/sandbox.h"

struct front_settings {
	const char *socket_path; /* NULL: none of our own; then a socket was passed */
	int socket_fd;		 /* -1: none */
	const char *group;	 /* NULL: "uptun", if there is such a group */
	const char *user;	 /* NULL: "uptun" */
	const char *folder;	 /* of profiles; NULL: none */
	const char *const *extra_options;
	unsigned max_tunnels, max_pptp;
	uid_t uids[RIGHTS_UIDS_MAX];
	size_t uids_n;
	bool has_gate;
	uid_t gate;
	bool low_ports;
	bool without_launcher; /* everything in one process, with the rights it was started with */
	enum log_level level;
	struct log_sink sink;
};

/* Runs until the daemon was asked to end.  Says what goes wrong.  Returns the exit status. */
int front_run(const struct front_settings *settings);

#endif
