/* bytes.h - slices of octets borrowed from a caller's buffer, and big-endian reads
 * SPDX-License-Identifier: Apache-2.0
 *
 * A slice owns nothing: it dies with the buffer it points into.
 */
#ifndef CODEC_BYTES_H
#define CODEC_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define UT_MUST_USE __attribute__((warn_unused_result))

struct ut_slice {
	const uint8_t *p;
	size_t n;
};

static inline struct ut_slice
ut_slice(const void *p, size_t n)
{
	return (struct ut_slice){ .p = (const uint8_t *)p, .n = n };
}

static inline struct ut_slice
ut_slice_str(const char *s)
{
	return ut_slice(s, strlen(s));
}

static inline bool
ut_slice_is_equal(struct ut_slice a, struct ut_slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline uint16_t
ut_get_u16(const uint8_t *p)
{
	return (uint16_t)((unsigned)p[0] << 8 | p[1]);
}

static inline uint32_t
ut_get_u32(const uint8_t *p)
{
	return (uint32_t)ut_get_u16(p) << 16 | ut_get_u16(p + 2);
}

static inline uint64_t
ut_get_u64(const uint8_t *p)
{
	return (uint64_t)ut_get_u32(p) << 32 | ut_get_u32(p + 4);
}

/* Overwrites n octets in a way the compiler may not drop; for secrets. */
void ut_wipe(void *p, size_t n);

/* Compares in time that depends on n only; for authenticators. */
bool ut_is_same_secret(const uint8_t *a, const uint8_t *b, size_t n) UT_MUST_USE;

#endif
