/* kb_become.c - a process gives up root and keeps the capabilities it needs
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_become.h"

#include "kernel-bridge/kb_child.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The bounding set is about programs that are executed later.  Without CAP_SETPCAP it stays, which no_new_privs makes up
 * for. */
static void
empty_bounding_set(void)
{
	for (unsigned long c = 0; c < 64; c++) {
		if (prctl(PR_CAPBSET_DROP, c, 0, 0, 0) < 0)
			return;
	}
}

static int
change_ids(const struct kb_become *whom, struct kb_error *why)
{
	if (setgroups(0, NULL) < 0)
		return kb_fail(why, errno, "cannot leave root's groups: %s", strerror(errno));
	if (setresgid(whom->gid, whom->gid, whom->gid) < 0)
		return kb_fail(why, errno, "cannot become group %u: %s", (unsigned)whom->gid,
			       strerror(errno));
	/* Permitted capabilities would go with root. */
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0 || setresuid(whom->uid, whom->uid, whom->uid) < 0)
		return kb_fail(why, errno, "cannot become user %u: %s", (unsigned)whom->uid, strerror(errno));
	return 0;
}

static int
reduce_capabilities(uint64_t left, struct kb_error *why)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	const uint32_t halves[_LINUX_CAPABILITY_U32S_3] = { (uint32_t)left, (uint32_t)(left >> 32) };
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];

	for (unsigned i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		sets[i] = (struct __user_cap_data_struct){ .effective = halves[i], .permitted = halves[i] };
	if (syscall(SYS_capset, &header, sets) < 0)
		return kb_fail(why, errno, "cannot keep the capabilities that tunnels need: %s",
			       strerror(errno));
	(void)prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0);
	/* Kernels before 4.3 have no ambient capabilities. */
	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	return 0;
}

int
kb_become(const struct kb_become *whom, struct kb_error *why)
{
	empty_bounding_set();
	int r = change_ids(whom, why);
	if (r == 0)
		r = reduce_capabilities(whom->capabilities, why);
	if (r < 0)
		return r;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return kb_fail(why, errno, "cannot rule out new privileges: %s", strerror(errno));
	kb_hide_memory(); /* a change of user undoes it */
	return 0;
}
