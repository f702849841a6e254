/* kb_olac_abi.h - how Android's old PPPoLAC driver is spoken to; mainline's headers do not have it
 * SPDX-License-Identifier: Apache-2.0
 *
 * The driver was in Android's common kernels from 2.6.29 to 4.x; the numbers are those since 2.6.37, when mainline
 * took 2 for PPTP.
 */
#ifndef KERNEL_BRIDGE_KB_OLAC_ABI_H
#define KERNEL_BRIDGE_KB_OLAC_ABI_H

#include "kernel-bridge/kb.h"

enum {
	KB_OLAC_PROTOCOL = 3, /* of socket(AF_PPPOX, ...) */
	KB_OLAC_SOCKADDR_OCTETS = 18
};

struct kb_olac_ids {
	uint16_t local_tid, local_sid, peer_tid, peer_sid; /* host order */
};

/* The address connect() takes, octet by octet, as it has no padding:
 *   0  family, AF_PPPOX      2 octets, host order
 *   2  protocol              4 octets, host order
 *   6  UDP socket            4 octets, host order
 *  10  our tunnel, session   2 octets each, network order: they are compared with the header's as they stand
 *  14  the peer's            2 octets each, network order */
void kb_olac_sockaddr(uint8_t out[KB_OLAC_SOCKADDR_OCTETS], int udp_fd, const struct kb_olac_ids *ids);

#endif
