/* rights.h - who may give orders to the daemon
 * SPDX-License-Identifier: Apache-2.0
 *
 * The kernel attests who is at the other end of a socket, as it was when that connected: user and groups.  Nothing is
 * looked up later, for the daemon proper opens no files.
 */
#ifndef CLI_DAEMON_RIGHTS_H
#define CLI_DAEMON_RIGHTS_H

#include "kernel-bridge/kb.h"

#include <stdbool.h>
#include <sys/types.h>

enum { RIGHTS_UIDS_MAX = 64 };

/* Users: root, the daemon's own, those listed here, and who is in the group.  The members of the group are a list too,
 * for those on whose behalf a gate asks. */
struct rights {
	uid_t own;
	bool has_group;
	gid_t group;
	uid_t uids[RIGHTS_UIDS_MAX];
	size_t uids_n;
	uid_t *members; /* owned */
	size_t members_n;
	bool has_gate; /* a gate asks for others and is believed; root always is */
	uid_t gate;
};

/* The group's number and members.  -ENOENT with a sentence: there is no such group. */
int rights_set_group(struct rights *rights, const char *name, struct kb_error *why) KB_MUST_USE;
void rights_fini(struct rights *rights);

/* The other end of a connected Unix socket. */
struct rights_peer {
	uid_t uid;
	gid_t gid;
	pid_t pid;
	bool is_allowed, is_gate;
};

/* Asks the kernel and judges.  0 or -errno. */
int rights_peer_of(const struct rights *rights, int fd, struct rights_peer *out,
		   struct kb_error *why) KB_MUST_USE;

/* May this user, on whose behalf a gate asks? */
bool rights_allow_user(const struct rights *rights, uid_t uid);

/* May one with this user and these groups? */
bool rights_allow(const struct rights *rights, uid_t uid, const gid_t *groups, size_t groups_n);

#endif
