/* capture_ip.h - IPv4, IPv6 and what they carry
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_REPLAY_CAPTURE_IP_H
#define CLI_REPLAY_CAPTURE_IP_H

#include "cli/replay/capture_fragment.h"

/* Reads an IP packet: writes everything of `out` but frame and time, which are read. */
void capture_ip_read(struct capture_fragments *fragments, struct ut_slice packet, struct capture_packet *out);

#endif
