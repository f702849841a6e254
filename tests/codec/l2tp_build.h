/* l2tp_build.h - control messages put together octet by octet, right or wrong, for tests
 * SPDX-License-Identifier: Apache-2.0
 *
 * Knows nothing of the encoder under test.
 */
#ifndef TESTS_CODEC_L2TP_BUILD_H
#define TESTS_CODEC_L2TP_BUILD_H

#include "codec/l2tp.h"
#include "tests/guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

enum { M = L2TP_AVP_BIT_M, H = L2TP_AVP_BIT_H, BUILD_MAX = 4096 };

struct build {
	uint8_t octets[BUILD_MAX];
	struct ut_put w;
};

static inline void
build_avp(struct build *b, unsigned flags, unsigned vendor, unsigned type, const void *value, size_t n)
{
	ut_put_u16(&b->w, (uint16_t)(flags | (6 + n)));
	ut_put_u16(&b->w, (uint16_t)vendor);
	ut_put_u16(&b->w, (uint16_t)type);
	ut_put_slice(&b->w, ut_slice(value, n));
}

static inline void
build_u16(struct build *b, unsigned flags, unsigned type, unsigned v)
{
	const uint8_t octets[2] = { (uint8_t)(v >> 8), (uint8_t)v };

	build_avp(b, flags, 0, type, octets, sizeof octets);
}

static inline void
build_u32(struct build *b, unsigned flags, unsigned type, uint32_t v)
{
	const uint8_t octets[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v };

	build_avp(b, flags, 0, type, octets, sizeof octets);
}

static inline void
build_text(struct build *b, unsigned flags, unsigned type, const char *text)
{
	build_avp(b, flags, 0, type, text, strlen(text));
}

/* A header for tunnel 7, session 9, Ns 3, Nr 5, and nothing else. */
static inline void
build_header(struct build *b)
{
	b->w = ut_put_into(b->octets, sizeof b->octets);
	ut_put_u16(&b->w, 0xc802);
	ut_put_u16(&b->w, 0);
	ut_put_u16(&b->w, 7);
	ut_put_u16(&b->w, 9);
	ut_put_u16(&b->w, 3);
	ut_put_u16(&b->w, 5);
}

static inline void
build_start(struct build *b, unsigned type)
{
	build_header(b);
	build_u16(b, M, L2TP_AVP_MESSAGE_TYPE, type);
}

static inline struct ut_slice
build_end(struct build *b)
{
	ut_put_u16_at(&b->w, 2, (uint16_t)b->w.len);
	assert_false(b->w.full);
	return ut_slice(b->octets, b->w.len);
}

/* The five AVPs an SCCRQ must have. */
static inline void
build_sccrq(struct build *b)
{
	build_start(b, L2TP_SCCRQ);
	build_u16(b, M, L2TP_AVP_PROTOCOL_VERSION, 0x0100);
	build_text(b, M, L2TP_AVP_HOST_NAME, "lac");
	build_u32(b, M, L2TP_AVP_FRAMING_CAPABILITIES, 3);
	build_u16(b, M, L2TP_AVP_ASSIGNED_TUNNEL_ID, 42);
}

/* Decodes header and message from a buffer that ends at a guard page. */
static inline enum l2tp_fault_reason
build_decode(struct guard *g, struct ut_slice datagram, struct l2tp_unhide *unhide, struct l2tp_message *out,
	     struct l2tp_fault *fault)
{
	const struct ut_slice guarded = guard_put(g, datagram);
	struct l2tp_header header;
	enum l2tp_fault_reason reason = l2tp_header_decode(guarded, &header, fault);

	if (reason != L2TP_FAULT_NONE)
		return reason;
	assert_true(header.is_control);
	return l2tp_message_decode(guarded, &header, unhide, out, fault);
}

/* cmocka group fixtures: *state is a struct guard. */
static inline int
build_setup(void **state)
{
	return guard_setup(state, BUILD_MAX);
}

#endif
