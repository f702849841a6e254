/* rights.c - who may give orders to the daemon
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/daemon/rights.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* ---- the group ---- */

static int
take_members(struct rights *rights, char *const *names, struct kb_error *why)
{
	size_t n = 0;

	while (names[n] != NULL)
		n++;
	rights->members = calloc(n > 0 ? n : 1, sizeof *rights->members);
	if (rights->members == NULL)
		return kb_fail(why, ENOMEM, "no memory");
	for (size_t i = 0; i < n; i++) {
		const struct passwd *user = getpwnam(names[i]);

		if (user != NULL)
			rights->members[rights->members_n++] = user->pw_uid;
	}
	return 0;
}

int
rights_set_group(struct rights *rights, const char *name, struct kb_error *why)
{
	const struct group *group;
	size_t n = 0;
	char **names;
	int r;

	errno = 0;
	group = getgrnam(name);
	if (group == NULL)
		return kb_fail(why, ENOENT, "there is no group \"%s\": make it, or name another with --group",
			       name);
	rights->has_group = true;
	rights->group = group->gr_gid;
	while (group->gr_mem[n] != NULL)
		n++;
	/* getpwnam() may ask the same library that holds the list. */
	names = calloc(n + 1, sizeof *names);
	for (size_t i = 0; names != NULL && i < n; i++)
		names[i] = strdup(group->gr_mem[i]);
	r = names != NULL ? take_members(rights, names, why) : kb_fail(why, ENOMEM, "no memory");
	for (size_t i = 0; names != NULL && i < n; i++)
		free(names[i]);
	free(names);
	return r;
}

void
rights_fini(struct rights *rights)
{
	free(rights->members);
	*rights = (struct rights){ .members = NULL };
}

/* ---- judging ---- */

static bool
is_listed(const uid_t *uids, size_t n, uid_t uid)
{
	for (size_t i = 0; i < n; i++)
		if (uids[i] == uid)
			return true;
	return false;
}

static bool
is_known(const struct rights *rights, uid_t uid)
{
	return uid == 0 || uid == rights->own || is_listed(rights->uids, rights->uids_n, uid);
}

bool
rights_allow(const struct rights *rights, uid_t uid, const gid_t *groups, size_t groups_n)
{
	if (is_known(rights, uid) || (rights->has_gate && uid == rights->gate))
		return true;
	for (size_t i = 0; rights->has_group && i < groups_n; i++)
		if (groups[i] == rights->group)
			return true;
	return false;
}

bool
rights_allow_user(const struct rights *rights, uid_t uid)
{
	return is_known(rights, uid) || is_listed(rights->members, rights->members_n, uid);
}

/* ---- the peer ---- */

/* The supplementary groups of the peer, and behind them its own; NULL: no memory, or the kernel does not tell. */
static gid_t *
groups_of(int fd, gid_t own, size_t *n)
{
	socklen_t octets = 0;
	gid_t *groups;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, NULL, &octets) != 0 && errno != ERANGE)
		octets = 0;
	groups = calloc(octets / sizeof *groups + 1, sizeof *groups);
	if (groups == NULL)
		return NULL;
	if (octets > 0 && getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &octets) != 0)
		octets = 0;
	*n = octets / sizeof *groups;
	groups[(*n)++] = own;
	return groups;
}

int
rights_peer_of(const struct rights *rights, int fd, struct rights_peer *out, struct kb_error *why)
{
	struct ucred peer;
	socklen_t octets = sizeof peer;
	size_t n = 0;
	gid_t *groups;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &octets) != 0)
		return kb_fail(why, errno, "the kernel does not tell who a client is: %s", strerror(errno));
	groups = groups_of(fd, peer.gid, &n);
	if (groups == NULL)
		return kb_fail(why, ENOMEM, "no memory");
	*out = (struct rights_peer){ .uid = peer.uid, .gid = peer.gid, .pid = peer.pid };
	out->is_allowed = rights_allow(rights, peer.uid, groups, n);
	out->is_gate = peer.uid == 0 || (rights->has_gate && peer.uid == rights->gate);
	free(groups);
	return 0;
}
