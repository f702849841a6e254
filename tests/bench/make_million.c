/* make_million.c - writes a capture of a million frames: L2TP tunnels set up, used and closed, one after the other
 * SPDX-License-Identifier: Apache-2.0
 *
 * usage: make_million FILE [FRAMES]
 *
 * A tunnel has 12 control messages and, in between, 88 frames of data; many are open at a time.
 */
#include "codec/l2tp.h"

#include <stdio.h>
#include <stdlib.h>

enum { MILLION = 1000000, AT_A_TIME = 200, PER_TUNNEL = 100, DATA_FROM = 8, DATA_TO = 96, FRAME_MAX = 600 };
enum { HEADERS = 14 + 20 + 8, DATA_OCTETS = 120, SID = 9, LINK_ETHERNET = 1 };

struct file {
	FILE *out;
	unsigned long frames;
};

static size_t
put_be(uint8_t *at, size_t octets, uint64_t v)
{
	for (size_t i = 0; i < octets; i++)
		at[i] = (uint8_t)(v >> 8 * (octets - 1 - i));
	return octets;
}

static void
put_u32(FILE *out, uint32_t v)
{
	if (fwrite(&v, sizeof v, 1, out) != 1) {
		perror("make_million");
		exit(EXIT_FAILURE);
	}
}

/* The headers before `n` octets of a datagram. */
static void
wrap(uint8_t frame[FRAME_MAX], unsigned tunnel, bool is_reply, size_t n)
{
	const uint32_t client = 0x0a000000 + tunnel % 0xffff, server = 0xc0000202;
	size_t at = 12;

	memset(frame, 0, HEADERS);
	at += put_be(frame + at, 4, 0x08004500);
	at += put_be(frame + at, 2, n + 28);
	at += put_be(frame + at, 8, (uint64_t)64 << 24 | 17u << 16);
	at -= 2; /* no checksum */
	at += put_be(frame + at, 2, 0);
	at += put_be(frame + at, 4, is_reply ? server : client);
	at += put_be(frame + at, 4, is_reply ? client : server);
	at += put_be(frame + at, 4, (uint64_t)L2TP_PORT << 16 | L2TP_PORT);
	(void)put_be(frame + at, 4, (uint64_t)(n + 8) << 16);
}

static void
write_frame(struct file *f, uint8_t frame[FRAME_MAX], unsigned tunnel, bool is_reply, size_t n)
{
	wrap(frame, tunnel, is_reply, n);
	put_u32(f->out, 1000 + (uint32_t)(f->frames / 10000));
	put_u32(f->out, (uint32_t)(f->frames % 10000) * 100);
	put_u32(f->out, (uint32_t)(n + HEADERS));
	put_u32(f->out, (uint32_t)(n + HEADERS));
	if (fwrite(frame, 1, n + HEADERS, f->out) != n + HEADERS)
		exit(EXIT_FAILURE);
	f->frames++;
}

static const struct {
	enum l2tp_message_type type;
	bool is_reply;
	uint8_t ns, nr;
} script[] = {
	{ L2TP_SCCRQ, false, 0, 0 }, { L2TP_SCCRP, true, 0, 1 },    { L2TP_SCCCN, false, 1, 1 },
	{ L2TP_ZLB, true, 1, 2 },    { L2TP_ICRQ, false, 2, 1 },    { L2TP_ICRP, true, 1, 3 },
	{ L2TP_ICCN, false, 3, 2 },  { L2TP_ZLB, true, 2, 4 },	    { L2TP_CDN, false, 4, 2 },
	{ L2TP_ZLB, true, 2, 5 },    { L2TP_STOPCCN, false, 5, 2 }, { L2TP_ZLB, true, 2, 6 },
};

static void
write_message(struct file *f, unsigned tunnel, unsigned step)
{
	const enum l2tp_message_type type = script[step].type;
	const uint16_t id = (uint16_t)(tunnel % 65535 + 1);
	struct l2tp_message m = { .type = type,
				  .protocol_version = 0x0100,
				  .framing_capabilities = 3,
				  .assigned_tid = { id },
				  .assigned_sid = { SID },
				  .framing_type = 1,
				  .result = 1 };
	const bool is_late_call = l2tp_message_is_session(type) && type != L2TP_ICRQ;
	const struct l2tp_header h = { .tid = { type == L2TP_SCCRQ ? 0 : id },
				       .sid = { is_late_call ? SID : 0 },
				       .ns = script[step].ns,
				       .nr = script[step].nr };
	uint8_t frame[FRAME_MAX];
	struct ut_put w = ut_put_into(frame + HEADERS, sizeof frame - HEADERS);

	m.present = l2tp_message_avps(type)->required | l2tp_message_avps(type)->expected;
	m.host_name = ut_slice_str("lac.example.org");
	l2tp_message_encode(&w, &h, &m, NULL);
	if (w.full)
		exit(EXIT_FAILURE);
	write_frame(f, frame, tunnel, script[step].is_reply, w.len);
}

static void
write_data(struct file *f, unsigned tunnel, unsigned step)
{
	const struct l2tp_header h = { .has_length = true,
				       .tid = { (uint16_t)(tunnel % 65535 + 1) },
				       .sid = { SID } };
	uint8_t frame[FRAME_MAX] = { 0 };
	struct ut_put w = ut_put_into(frame + HEADERS, sizeof frame - HEADERS);

	l2tp_data_header_encode(&w, &h, DATA_OCTETS);
	(void)put_be(frame + HEADERS + w.len, 4, 0xff030021);
	write_frame(f, frame, tunnel, step % 2 == 1, w.len + DATA_OCTETS);
}

static void
write_step(struct file *f, unsigned tunnel, unsigned step)
{
	if (step < DATA_FROM)
		write_message(f, tunnel, step);
	else if (step < DATA_TO)
		write_data(f, tunnel, step);
	else
		write_message(f, tunnel, step - (DATA_TO - DATA_FROM));
}

int
main(int argc, char **argv)
{
	const unsigned long wanted = argc == 3 ? strtoul(argv[2], NULL, 10) : MILLION;
	static const uint32_t head[] = { 0xa1b2c3d4, 4u << 16 | 2, 0, 0, 65535, LINK_ETHERNET };
	struct file f = { .out = argc >= 2 ? fopen(argv[1], "wb") : NULL };

	if (f.out == NULL) {
		fprintf(stderr, "usage: make_million FILE [FRAMES]\n");
		return EXIT_FAILURE;
	}
	for (size_t i = 0; i < sizeof head / sizeof head[0]; i++)
		put_u32(f.out, head[i]);
	for (unsigned first = 0; f.frames < wanted; first += AT_A_TIME)
		for (unsigned step = 0; step < PER_TUNNEL; step++)
			for (unsigned i = 0; i < AT_A_TIME && f.frames < wanted; i++)
				write_step(&f, first + i, step);
	return fclose(f.out) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
