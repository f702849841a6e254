/* kb_pppox.c - is this descriptor a session that pppd may be given?
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_pppox.h"

#include "kernel-bridge/kb_olac_abi.h"
#include "kernel-bridge/kb_opns_abi.h"

#include <net/if.h>

#include <linux/if_pppox.h>

static int
ask(int fd, int option)
{
	int value = -1;
	socklen_t length = sizeof value;

	return getsockopt(fd, SOL_SOCKET, option, &value, &length) == 0 ? value : -1;
}

bool
kb_pppox_is_session(int fd)
{
	static const int ours[] = { PX_PROTO_OL2TP, PX_PROTO_PPTP, KB_OLAC_PROTOCOL, KB_OPNS_PROTOCOL };
	const int protocol = ask(fd, SO_PROTOCOL);

	if (ask(fd, SO_DOMAIN) != AF_PPPOX)
		return false;
	for (unsigned i = 0; i < sizeof ours / sizeof ours[0]; i++) {
		if (protocol == ours[i])
			return true;
	}
	return false;
}
