/* capture.h - the packets of a capture file that concern tunnels, one after the other
 * SPDX-License-Identifier: Apache-2.0
 *
 * Plain pcap files and pcapng are read here, what is unusual by libpcap; everything above is taken apart here: link
 * layers, IPv4 and IPv6 with their fragments, UDP and TCP.  All of it is hostile: nothing is believed but what lies
 * inside the frame.  Slices die with the next packet.
 */
#ifndef CLI_REPLAY_CAPTURE_H
#define CLI_REPLAY_CAPTURE_H

#include "codec/bytes.h"

#include <stdio.h>

/* One end of a packet.  IPv4 lies in the low 32 bits of `lo`. */
struct capture_end {
	uint64_t hi, lo;
	uint16_t port; /* 0 where the protocol has none */
	bool is_v6;
};

static inline bool
capture_end_has_address_of(const struct capture_end *a, const struct capture_end *b)
{
	return a->lo == b->lo && a->hi == b->hi && a->is_v6 == b->is_v6;
}

enum { CAPTURE_END_OCTETS = 56 };

/* "192.0.2.7", "192.0.2.7:1701", "[2001:db8::1]:1701" into CAPTURE_END_OCTETS; returns the length. */
size_t capture_end_print(char text[CAPTURE_END_OCTETS], const struct capture_end *end);

/* clang-format off */
/* X(token, words): what a frame turns out to be */
#define CAPTURE_KINDS(X)                                              \
	X(OTHER, "other frames")                                      \
	X(UDP, "UDP")                                                 \
	X(TCP, "TCP")                                                 \
	X(GRE, "GRE")                                                 \
	X(L2TP_IP, "L2TPv3 over IP")                                  \
	X(ESP, "ESP (encrypted)")                                     \
	X(IKE, "IKE")                                                 \
	X(FRAGMENT, "fragments waiting for the rest of their packet") \
	X(CUT, "cut off inside their headers")
/* clang-format on */

enum capture_kind {
#define X(token, words) CAPTURE_##token,
	CAPTURE_KINDS(X)
#undef X
	    CAPTURE_KIND_N
};
const char *capture_kind_words(enum capture_kind kind);

enum { CAPTURE_FIN = 1, CAPTURE_SYN = 2, CAPTURE_RST = 4, CAPTURE_ACK = 16 };

struct capture_packet {
	uint64_t frame;	  /* from 1 */
	uint64_t time_ns; /* since 1970 */
	enum capture_kind kind;
	struct capture_end from, to;
	struct ut_slice payload; /* of UDP and TCP; of GRE and ESP from their own header on */
	size_t wire_octets; /* of the payload, as the headers say; more than payload.n: the capture cut it */
	uint32_t tcp_sequence, tcp_acknowledgment;
	uint8_t tcp_flags;
	bool is_reassembled; /* of fragments */
};

static inline bool
capture_is_cut(const struct capture_packet *packet)
{
	return packet->wire_octets > packet->payload.n;
}

struct capture;

enum { CAPTURE_ERROR_OCTETS = 512 };

/* Opens a file, or `stream`, which it then owns.  NULL: `error` says why. */
struct capture *capture_open(const char *path, char error[CAPTURE_ERROR_OCTETS]) UT_MUST_USE;
struct capture *capture_open_stream(FILE *stream, char error[CAPTURE_ERROR_OCTETS]) UT_MUST_USE;

enum capture_result { CAPTURE_PACKET, CAPTURE_END, CAPTURE_BROKEN };

/* The next frame.  BROKEN: the file ends inside a record or is damaged; capture_error() says how. */
enum capture_result capture_next(struct capture *c, struct capture_packet *out) UT_MUST_USE;
const char *capture_error(struct capture *c);

/* Fragments that never became whole. */
uint64_t capture_unfinished(const struct capture *c);

void capture_close(struct capture *c);

#endif
