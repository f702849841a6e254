/* kb_opns_abi.h - how Android's old PPPoPNS driver is spoken to; mainline's headers do not have it
 * SPDX-License-Identifier: Apache-2.0
 *
 * In Android's common kernels beside PPPoLAC (kb_olac_abi.h), from 2.6.29 to 4.x; the number is the one since 2.6.37.
 */
#ifndef KERNEL_BRIDGE_KB_OPNS_ABI_H
#define KERNEL_BRIDGE_KB_OPNS_ABI_H

#include "kernel-bridge/kb.h"

enum {
	KB_OPNS_PROTOCOL = 4, /* of socket(AF_PPPOX, ...) */
	KB_OPNS_SOCKADDR_OCTETS = 14
};

struct kb_opns_ids {
	uint16_t local_sid, peer_sid; /* call ids, host order */
};

/* The address connect() takes, octet by octet, as it has no padding:
 *   0  family, AF_PPPOX      2 octets, host order
 *   2  protocol              4 octets, host order
 *   6  TCP socket            4 octets, host order
 *  10  our call id           2 octets, network order: it is compared with the header's as it stands
 *  12  the peer's            2 octets, network order */
void kb_opns_sockaddr(uint8_t out[KB_OPNS_SOCKADDR_OCTETS], int tcp_fd, struct kb_opns_ids ids);

#endif
