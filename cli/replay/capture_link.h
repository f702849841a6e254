/* capture_link.h - link layers: from a frame to the IP packet in it
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_REPLAY_CAPTURE_LINK_H
#define CLI_REPLAY_CAPTURE_LINK_H

#include "codec/bytes.h"

enum capture_link_result { CAPTURE_LINK_IP, CAPTURE_LINK_OTHER, CAPTURE_LINK_CUT };

/* True if frames of this DLT_ type can be read. */
bool capture_link_is_known(int type);

/* Steps over the link layer of `*frame`: Ethernet, any number of VLAN tags, PPPoE, Linux cooked v1 and v2, PPP, BSD
 * loopback; raw IP has none. */
enum capture_link_result capture_link_open(int type, struct ut_slice *frame);

#endif
