/* make_capture.c - captures made in memory
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/replay/make_capture.h"

#include <assert.h>
#include <stdlib.h>

enum { PACKET_MAX = 4096, MORE = 0x2000, FRAGMENT_OCTETS = 48, L2TP = 1701, PPTP = 1723 };

static void
put(struct made *m, const void *octets, size_t n)
{
	assert(m->n + n <= sizeof m->octets);
	memcpy(m->octets + m->n, octets, n);
	m->n += n;
}

/* Whatever this machine's byte order is: the reader has a way of its own for little-endian files. */
static void
put_u32(struct made *m, uint32_t v)
{
	const uint8_t octets[] = { (uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16), (uint8_t)(v >> 24) };

	put(m, octets, sizeof octets);
}

void
made_begin(struct made *m, uint32_t link)
{
	m->n = 0;
	m->time_ms = 1000;
	m->vlan_tags = 0;
	m->snap = 0;
	m->ip_id = 0;
	put_u32(m, 0xa1b2c3d4);
	put_u32(m, 4 << 16 | 2); /* the version: 2.4 */
	put_u32(m, 0);
	put_u32(m, 0);
	put_u32(m, 65535);
	put_u32(m, link);
}

void
made_frame(struct made *m, struct ut_slice frame)
{
	const size_t kept = m->snap != 0 && m->snap < frame.n ? m->snap : frame.n;

	put_u32(m, m->time_ms / 1000);
	put_u32(m, m->time_ms % 1000 * 1000);
	put_u32(m, (uint32_t)kept);
	put_u32(m, (uint32_t)frame.n);
	put(m, frame.p, kept);
	m->time_ms += 10;
}

static size_t
put_be(uint8_t *at, size_t octets, uint64_t v)
{
	for (size_t i = 0; i < octets; i++)
		at[i] = (uint8_t)(v >> 8 * (octets - 1 - i));
	return octets;
}

void
made_ip(struct made *m, unsigned from, unsigned protocol, unsigned fragment, struct ut_slice payload)
{
	uint8_t frame[PACKET_MAX] = { 0 };
	size_t n = 12;

	assert(payload.n + 100 < sizeof frame);
	for (unsigned i = 0; i < m->vlan_tags; i++)
		n += put_be(frame + n, 4, i == 0 ? 0x88a80007 : 0x81000008);
	n += put_be(frame + n, 2, 0x0800);
	n += put_be(frame + n, 2, 0x4500);
	n += put_be(frame + n, 2, 20 + payload.n);
	n += put_be(frame + n, 2, m->ip_id);
	n += put_be(frame + n, 2, fragment);
	n += put_be(frame + n, 4, 64u << 24 | protocol << 16);
	n += put_be(frame + n, 4, 0xc0000201 + from);
	n += put_be(frame + n, 4, 0xc0000202 - from);
	memcpy(frame + n, payload.p, payload.n);
	made_frame(m, ut_slice(frame, n + payload.n));
}

static size_t
udp_packet(uint8_t packet[PACKET_MAX], struct ut_slice datagram)
{
	size_t n = put_be(packet, 2, L2TP);

	n += put_be(packet + n, 2, L2TP);
	n += put_be(packet + n, 2, 8 + datagram.n);
	n += put_be(packet + n, 2, 0);
	memcpy(packet + n, datagram.p, datagram.n);
	return n + datagram.n;
}

void
made_udp(struct made *m, unsigned from, struct ut_slice datagram)
{
	uint8_t packet[PACKET_MAX];

	made_ip(m, from, 17, 0, ut_slice(packet, udp_packet(packet, datagram)));
}

void
made_udp_fragments(struct made *m, unsigned from, struct ut_slice datagram, bool is_backwards)
{
	uint8_t packet[PACKET_MAX];
	const size_t octets = udp_packet(packet, datagram);
	const size_t n = (octets + FRAGMENT_OCTETS - 1) / FRAGMENT_OCTETS;

	m->ip_id++;
	for (size_t i = 0; i < n; i++) {
		const size_t at = (is_backwards ? n - 1 - i : i) * FRAGMENT_OCTETS;
		const size_t left = octets - at;

		made_ip(m, from, 17, (unsigned)(at / 8) | (left > FRAGMENT_OCTETS ? (unsigned)MORE : 0),
			ut_slice(packet + at, left > FRAGMENT_OCTETS ? FRAGMENT_OCTETS : left));
	}
}

void
made_tcp(struct made *m, unsigned from, unsigned flags, uint32_t sequence, uint32_t acknowledgment,
	 struct ut_slice octets)
{
	uint8_t packet[PACKET_MAX];
	size_t n = put_be(packet, 2, from == CLIENT ? 40000 : PPTP);

	n += put_be(packet + n, 2, from == CLIENT ? PPTP : 40000);
	n += put_be(packet + n, 4, sequence);
	n += put_be(packet + n, 4, acknowledgment);
	n += put_be(packet + n, 8, (uint64_t)0x50 << 56 | (uint64_t)flags << 48);
	if (octets.n != 0)
		memcpy(packet + n, octets.p, octets.n);
	made_ip(m, from, 6, 0, ut_slice(packet, n + octets.n));
}

struct capture *
made_open(const struct made *m)
{
	char why[CAPTURE_ERROR_OCTETS];
	FILE *const stream = fmemopen((void *)(uintptr_t)m->octets, m->n, "rb");

	return stream != NULL ? capture_open_stream(stream, why) : NULL;
}
