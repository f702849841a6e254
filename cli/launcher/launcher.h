/* launcher.h - the root process that starts pppd for a daemon which has no such rights itself
 * SPDX-License-Identifier: Apache-2.0
 *
 * The launcher is forked before anything else is done, and stays root.  Over a socket pair (record.h) it is asked to
 * start, signal and wait for pppds, and told of routes.  It trusts none of it: which pppd and which plugin are run was
 * fixed when it was forked, words for pppd go by a list (allow.h), a session must be a PPPoX socket of a kernel driver
 * that we drive, and how many of everything there may be is bounded.
 *
 * It is the keeper too: when the daemon's end closes, for whatever reason, it deletes the routes, ends its pppds
 * (SIGTERM, after 0.5 s SIGKILL) and goes.  It ignores the signals that a terminal or a service manager sends to a
 * whole group, so that it comes to that.  Killed itself, its pppds get SIGTERM from the kernel.
 */
#ifndef CLI_LAUNCHER_LAUNCHER_H
#define CLI_LAUNCHER_LAUNCHER_H

#include "cli/host/system.h"

struct launcher_config {
	/* Absolute path of the daemon's own socket, for launcher_own_socket(); NULL: it has none, or was given it. */
	const char *socket_path;
	const char *pppd_path;	    /* absolute; NULL: /usr/sbin/pppd */
	const char *plugin_path;    /* absolute path of uptun-pppox.so: host_plugin_find() */
	const char *const *extra;   /* what root allows besides the list (allow.h); NULL: nothing */
	unsigned max_children;	    /* pppds at a time, 1 to LAUNCHER_CHILDREN_MAX */
	unsigned max_routes;	    /* routes at a time */
	bool (*is_session)(int fd); /* for tests on kernels without PPPoX; NULL: launcher_is_session() */
};

enum { LAUNCHER_CHILDREN_MAX = 16384 };

struct launcher {
	pid_t pid;
	int fd;		   /* -1: there is none, or it was lost */
	uint32_t exchange; /* number of the last request */
};
#define LAUNCHER_NULL ((struct launcher){ .pid = -1, .fd = -1 })

/* Forks.  Before threads, secrets and sockets: the launcher's memory is a copy of the caller's as it is now, and every
 * descriptor but standard error is closed in it.  What `config` points to may go when this returns.
 * -EINVAL with a sentence when root's extra words are none that can be allowed. */
int launcher_start(const struct launcher_config *config, struct launcher *out,
		   struct kb_error *why) KB_MUST_USE;

/* Readable when the launcher has ended, which is for its user to watch: without it no pppd can be started, waited for
 * or ended, so that the daemon has to end, deleting its routes itself. */
int launcher_fd(const struct launcher *l);

/* The daemon has made its socket at config.socket_path.  At the end the launcher removes that file first of all, unless
 * another one is in its place by then: the daemon has not the rights to. */
int launcher_own_socket(struct launcher *l, struct kb_error *why) KB_MUST_USE;

/* A host's machine whose pppds are the launcher's children and whose routes it is told of; the rest is the kernel
 * itself (host_system_linux_new()).  `l` must outlive it.  ppp_start() takes no more of a request than a record
 * carries: pppd_path, plugin_path and log_fd are not asked of the launcher. */
int launcher_system_new(struct launcher *l, struct host_system *out, struct kb_error *why) KB_MUST_USE;
void launcher_system_free(struct host_system *system);

/* Closes our end and waits until the launcher has cleaned up and gone: at most a second.  Safe on LAUNCHER_NULL. */
void launcher_end(struct launcher *l);

/* An AF_PPPOX socket of L2TP or PPTP, mainline's or Android's? */
bool launcher_is_session(int fd);

#endif
