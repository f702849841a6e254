/* capture_ng.c - the packets of a pcapng file, read where they lie
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/capture_ng.h"

#include "cli/replay/capture_link.h"

#include <pcap/dlt.h>

enum {
	SECTION = 0x0a0d0d0a,
	INTERFACE = 1,
	PACKET_OLD = 2,
	PACKET_SIMPLE = 3,
	PACKET = 6,
	ORDER = 0x1a2b3c4d,
	HEAD_OCTETS = 8,   /* type, length */
	FRAME_OCTETS = 12, /* those and the length again */
	ORDER_AT = 8,
	SECTION_OCTETS = 28,
	PACKET_HEAD = 28,
	SIMPLE_HEAD = 12,
	INTERFACE_HEAD = 16,
	OPTION_END = 0,
	OPTION_RESOLUTION = 9,
	OPTION_OFFSET = 14,
	LINK_RAW = 101 /* in files; DLT_RAW has another number here */
};

#define NS_IN_S UINT64_C(1000000000)

bool
capture_ng_is_magic(const uint8_t magic[CAPTURE_NG_MAGIC_OCTETS])
{
	return ut_get_u32(magic) == SECTION; /* the same both ways round */
}

/* ---- numbers ---- */

static uint32_t
get_u32(const struct capture_ng *ng, const uint8_t *p)
{
	return ng->is_big_endian ? ut_get_u32(p) : __builtin_bswap32(ut_get_u32(p));
}

static uint16_t
get_u16(const struct capture_ng *ng, const uint8_t *p)
{
	return ng->is_big_endian ? ut_get_u16(p) : __builtin_bswap16(ut_get_u16(p));
}

static uint64_t
get_u64(const struct capture_ng *ng, const uint8_t *p)
{
	const uint64_t first = get_u32(ng, p), second = get_u32(ng, p + 4);

	return ng->is_big_endian ? first << 32 | second : second << 32 | first;
}

/* Ticks of 2^-n seconds. */
static uint64_t
binary_ns(uint64_t ticks, unsigned n)
{
	enum { EXACT = 34 }; /* so many bits times 10^9 fit */
	const unsigned dropped = n > EXACT ? n - EXACT : 0;
	const uint64_t whole = n < 64 ? ticks >> n : 0;
	const uint64_t part = n < 64 ? ticks & ((UINT64_C(1) << n) - 1) : ticks;

	if (dropped >= 64)
		return 0;
	return whole * NS_IN_S + ((part >> dropped) * NS_IN_S >> (n - dropped));
}

/* Ticks of 10^-n seconds. */
static uint64_t
decimal_ns(uint64_t ticks, unsigned n)
{
	for (; n < 9; n++)
		ticks *= 10;
	for (; n > 9 && ticks != 0; n--)
		ticks /= 10;
	return ticks;
}

static uint64_t
time_of(const struct capture_ng_interface *i, uint64_t ticks)
{
	enum { IS_BINARY = 0x80 };
	const unsigned n = i->resolution & (IS_BINARY - 1u);

	return i->offset_s * NS_IN_S +
	       ((i->resolution & IS_BINARY) != 0 ? binary_ns(ticks, n) : decimal_ns(ticks, n));
}

/* ---- blocks ---- */

static void
read_options(const struct capture_ng *ng, struct capture_ng_interface *i, struct ut_slice options)
{
	while (options.n >= 4) {
		const unsigned code = get_u16(ng, options.p), octets = get_u16(ng, options.p + 2);
		const size_t whole = 4 + ((octets + 3u) & ~3u);

		if (code == OPTION_END || whole > options.n)
			return;
		if (code == OPTION_RESOLUTION && octets == 1)
			i->resolution = options.p[4];
		if (code == OPTION_OFFSET && octets == 8)
			i->offset_s = get_u64(ng, options.p + 4);
		options = ut_slice(options.p + whole, options.n - whole);
	}
}

static void
read_interface(struct capture_ng *ng, struct ut_slice block)
{
	enum { MICROSECONDS = 6 };
	struct capture_ng_interface *const i = &ng->interfaces[ng->interfaces_n];
	unsigned link;

	if (block.n < INTERFACE_HEAD + 4 || ng->interfaces_n == CAPTURE_NG_INTERFACES_MAX)
		return;
	link = get_u16(ng, block.p + 8);
	*i = (struct capture_ng_interface){ .link = link == LINK_RAW ? DLT_RAW : (int)link,
					    .snap = get_u32(ng, block.p + 12),
					    .resolution = MICROSECONDS };
	read_options(ng, i, ut_slice(block.p + INTERFACE_HEAD, block.n - INTERFACE_HEAD - 4));
	ng->has_known |= capture_link_is_known(i->link);
	ng->interfaces_n++;
}

/* What a block says of its frame. */
struct packet {
	const struct capture_ng_interface *interface;
	struct ut_slice frame;
	uint64_t time_ns;
};

/* NULL, or what is wrong. */
static const char *
read_packet(const struct capture_ng *ng, struct ut_slice block, bool is_old, struct packet *out)
{
	uint64_t ticks;
	unsigned id;
	size_t n;

	if (block.n < PACKET_HEAD + 4)
		return "a block is too short for what it is";
	id = is_old ? get_u16(ng, block.p + 8) : get_u32(ng, block.p + 8);
	n = get_u32(ng, block.p + 20);
	if (id >= ng->interfaces_n)
		return "a frame is of an interface that the file does not describe";
	if (n > block.n - PACKET_HEAD - 4)
		return "a frame is longer than its block";
	ticks = (uint64_t)get_u32(ng, block.p + 12) << 32 | get_u32(ng, block.p + 16);
	out->interface = &ng->interfaces[id];
	out->frame = ut_slice(block.p + PACKET_HEAD, n);
	out->time_ns = time_of(out->interface, ticks);
	return NULL;
}

/* A simple one is of the first interface, and has no time. */
static const char *
read_simple(const struct capture_ng *ng, struct ut_slice block, struct packet *out)
{
	size_t n;

	if (block.n < SIMPLE_HEAD + 4)
		return "a block is too short for what it is";
	if (ng->interfaces_n == 0)
		return "a frame is of an interface that the file does not describe";
	n = get_u32(ng, block.p + 8);
	out->interface = &ng->interfaces[0];
	if (out->interface->snap != 0 && n > out->interface->snap)
		n = out->interface->snap;
	if (n > block.n - SIMPLE_HEAD - 4)
		return "a frame is longer than its block";
	out->frame = ut_slice(block.p + SIMPLE_HEAD, n);
	out->time_ns = 0;
	return NULL;
}

/* Byte order and length of the block that lies ahead.  NULL, or what is wrong. */
static const char *
begin_block(struct capture_ng *ng, struct capture_records *r, uint32_t *type, uint32_t *octets)
{
	const uint8_t *p;

	if (!capture_records_has(r, FRAME_OCTETS))
		return "it ends inside the head of a block";
	p = r->block + r->at;
	if (ut_get_u32(p) == SECTION) {
		ng->is_big_endian = ut_get_u32(p + ORDER_AT) == ORDER;
		ng->interfaces_n = 0;
		if (get_u32(ng, p + ORDER_AT) != ORDER)
			return "a section has no byte order";
	}
	*type = get_u32(ng, p);
	*octets = get_u32(ng, p + 4);
	if (*octets < (*type == SECTION ? SECTION_OCTETS : FRAME_OCTETS) || *octets % 4 != 0)
		return "a block has no length that a block can have";
	return NULL;
}

static bool
has_frame(uint32_t type)
{
	return type == PACKET || type == PACKET_OLD || type == PACKET_SIMPLE;
}

/* Other blocks may be of any length: names, keys, statistics. */
static bool
skip(struct capture_records *r, uint64_t octets)
{
	while (octets > 0) {
		size_t now;

		if (!capture_records_has(r, 1))
			return false;
		now = r->n - r->at < octets ? r->n - r->at : (size_t)octets;
		r->at += now;
		octets -= now;
	}
	return true;
}

/* Of a block with a frame, which lies whole.  NULL, or what is wrong. */
static const char *
read_frame(struct capture_ng *ng, struct ut_slice block, uint32_t type, struct packet *out)
{
	ng->has_frames = true;
	return type == PACKET_SIMPLE ? read_simple(ng, block, out)
				     : read_packet(ng, block, type == PACKET_OLD, out);
}

/* Only now: an interface may be described behind the frames of another. */
static enum capture_result
end_file(const struct capture_ng *ng, struct capture_records *r)
{
	if (ng->has_frames && !ng->has_known)
		return capture_records_broken(r, "its interfaces have no link layer that can be read");
	return CAPTURE_END;
}

/* The next block.  NULL, or what is wrong; `out->interface` stays NULL if it has no frame. */
static const char *
take_block(struct capture_ng *ng, struct capture_records *r, struct packet *out)
{
	const char *error;
	struct ut_slice block;
	uint32_t type, octets;

	error = begin_block(ng, r, &type, &octets);
	if (error != NULL)
		return error;
	if (!has_frame(type) && type != INTERFACE)
		return skip(r, octets) ? NULL : "it ends inside a block";
	if (octets > CAPTURE_RECORDS_MAX)
		return "a block is longer than any frame";
	if (!capture_records_has(r, octets))
		return "it ends inside a block";
	block = ut_slice(r->block + r->at, octets);
	r->at += octets;
	if (type != INTERFACE)
		return read_frame(ng, block, type, out);
	read_interface(ng, block);
	return NULL;
}

enum capture_result
capture_ng_next(struct capture_ng *ng, struct capture_records *r, struct ut_slice *frame, uint64_t *time_ns,
		int *link)
{
	struct packet packet = { .interface = NULL };
	const char *error;

	while (packet.interface == NULL) {
		if (!capture_records_has(r, 1) && !ferror(r->stream))
			return end_file(ng, r);
		error = take_block(ng, r, &packet);
		if (error != NULL)
			return capture_records_broken(r, error);
	}
	*frame = packet.frame;
	*time_ns = packet.time_ns;
	*link = packet.interface->link;
	return CAPTURE_PACKET;
}
