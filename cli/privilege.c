/* privilege.c - what the process may do
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/privilege.h"

#include <linux/capability.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool
has_net_admin(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

	if (syscall(SYS_capget, &header, sets) != 0)
		return false;
	return (sets[CAP_TO_INDEX(CAP_NET_ADMIN)].effective & CAP_TO_MASK(CAP_NET_ADMIN)) != 0;
}

const char *
privilege_missing(void)
{
	if (geteuid() != 0)
		return "only root can make tunnels and start pppd; run it with sudo";
	if (!has_net_admin())
		return "the capability CAP_NET_ADMIN is missing; give it to the container or service this "
		       "runs in";
	return NULL;
}
