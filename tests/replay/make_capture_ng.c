/* make_capture_ng.c - pcapng files made in memory
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/replay/make_capture_ng.h"

enum { HEAD_OCTETS = 24, RECORD_OCTETS = 16 };

static void
put_u8(struct made_ng *ng, unsigned v)
{
	ng->made->octets[ng->made->n++] = (uint8_t)v;
}

static void
put_u16(struct made_ng *ng, unsigned v)
{
	put_u8(ng, ng->is_big_endian ? v >> 8 : v);
	put_u8(ng, ng->is_big_endian ? v : v >> 8);
}

static void
put_u32(struct made_ng *ng, uint32_t v)
{
	put_u16(ng, ng->is_big_endian ? v >> 16 : v);
	put_u16(ng, ng->is_big_endian ? v : v >> 16);
}

void
made_ng_begin_block(struct made_ng *ng, uint32_t type)
{
	ng->block = ng->made->n;
	put_u32(ng, type);
	put_u32(ng, 0);
}

void
made_ng_end_block(struct made_ng *ng)
{
	const size_t n = ng->made->n + 4 - ng->block;

	put_u32(ng, (uint32_t)n);
	ng->made->n = ng->block + 4;
	put_u32(ng, (uint32_t)n);
	ng->made->n = ng->block + n;
}

struct made_ng
made_ng_begin(struct made *to, bool is_big_endian)
{
	struct made_ng ng = { .made = to, .is_big_endian = is_big_endian };

	to->n = 0;
	made_ng_begin_block(&ng, 0x0a0d0d0a);
	put_u32(&ng, 0x1a2b3c4d);
	put_u32(&ng, 1); /* version 1.0 */
	put_u32(&ng, UINT32_MAX);
	put_u32(&ng, UINT32_MAX);
	made_ng_end_block(&ng);
	return ng;
}

void
made_ng_interface(struct made_ng *ng, unsigned link, uint32_t snap, unsigned resolution)
{
	made_ng_begin_block(ng, 1);
	put_u16(ng, link);
	put_u16(ng, 0);
	put_u32(ng, snap);
	if (resolution != 0) {
		put_u16(ng, 9);
		put_u16(ng, 1);
		put_u8(ng, resolution);
		for (unsigned i = 0; i < 3; i++)
			put_u8(ng, 0);
		put_u32(ng, 0);
	}
	made_ng_end_block(ng);
}

static void
put_octets(struct made_ng *ng, const uint8_t *octets, size_t n)
{
	memcpy(ng->made->octets + ng->made->n, octets, n);
	ng->made->n += n;
	while (ng->made->n % 4 != 0)
		put_u8(ng, 0);
}

void
made_ng_packet(struct made_ng *ng, unsigned interface, uint64_t ticks, const uint8_t *octets, size_t n)
{
	made_ng_begin_block(ng, 6);
	put_u32(ng, interface);
	put_u32(ng, (uint32_t)(ticks >> 32));
	put_u32(ng, (uint32_t)ticks);
	put_u32(ng, (uint32_t)n);
	put_u32(ng, (uint32_t)n);
	put_octets(ng, octets, n);
	made_ng_end_block(ng);
}

static uint32_t
get_le32(const uint8_t *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

void
made_ng_all(struct made_ng *ng, const struct made *plain, uint64_t ticks_in_us)
{
	for (size_t at = HEAD_OCTETS; at < plain->n;) {
		const uint8_t *const head = plain->octets + at;
		const uint64_t us = (uint64_t)get_le32(head) * 1000000 + get_le32(head + 4);

		made_ng_packet(ng, 0, us * ticks_in_us, head + RECORD_OCTETS, get_le32(head + 8));
		at += RECORD_OCTETS + get_le32(head + 8);
	}
}
