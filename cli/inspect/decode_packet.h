/* decode_packet.h - what an IP packet carries: L2TP in UDP, PPTP in TCP, or GRE
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_INSPECT_DECODE_PACKET_H
#define CLI_INSPECT_DECODE_PACKET_H

#include "cli/inspect/decode_input.h"

/* Steps over the headers of `packet`, which starts with its IP header, as tcpdump -x prints packets; octets behind the
 * packet's own end are cut off.  `protocol` is what it carries.  TCP is PPTP if it is wanted or either port is 1723.
 * Octets that are no IP packet stay as they are, and so does `protocol`. */
enum decode_input_fault decode_packet_open(struct ut_slice *packet, enum decode_protocol wanted,
					   enum decode_protocol *protocol) UT_MUST_USE;

#endif
