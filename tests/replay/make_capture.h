/* make_capture.h - captures made in memory: frames put together, then read by libpcap as if from a file
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_REPLAY_MAKE_CAPTURE_H
#define TESTS_REPLAY_MAKE_CAPTURE_H

#include "cli/replay/capture.h"

enum { MADE_MAX = 1 << 20, CLIENT = 0, SERVER = 1 };

struct made {
	uint8_t octets[MADE_MAX];
	size_t n;
	uint32_t time_ms; /* of the next frame; each adds 10 */
	unsigned vlan_tags;
	size_t snap; /* octets of a frame that are kept; 0: all */
	uint32_t tcp_next[2];
	uint16_t ip_id;
};

/* A classic pcap file of this DLT_ (Ethernet is 1). */
void made_begin(struct made *m, uint32_t link);

/* A frame as it is. */
void made_frame(struct made *m, struct ut_slice frame);

/* From one of the two hosts (192.0.2.1 is the client, 192.0.2.2 the server) to the other. */
void made_ip(struct made *m, unsigned from, unsigned protocol, unsigned fragment, struct ut_slice payload);
void made_udp(struct made *m, unsigned from, struct ut_slice datagram);
/* In so many fragments, the last first if `is_backwards`. */
void made_udp_fragments(struct made *m, unsigned from, struct ut_slice datagram, bool is_backwards);
void made_tcp(struct made *m, unsigned from, unsigned flags, uint32_t sequence, uint32_t acknowledgment,
	      struct ut_slice octets);

/* The capture, to be read. */
struct capture *made_open(const struct made *m);

#endif
