/* kb_pptp.h - the address of a PPTP socket, as mainline's driver takes it
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNEL_BRIDGE_KB_PPTP_H
#define KERNEL_BRIDGE_KB_PPTP_H

#include "kernel-bridge/kb.h"

#include <linux/if_pppox.h>

/* Call ids are host order here, the address is network order; every octet that is not said is 0.  The kernel wants the
 * whole of the struct, 30 octets, however few of them are PPTP's. */
struct sockaddr_pppox kb_pptp_sockaddr(struct in_addr address, uint16_t call_id);

#endif
