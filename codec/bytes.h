/* bytes.h - slices of octets borrowed from a caller's buffer, big-endian reads and writes
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

/* A condition that seldom holds: what follows from it is laid out of the way. */
#define UT_SELDOM(condition) __builtin_expect(!!(condition), 0)

/* A function whose arguments are constants where it is called, or that is a loop's whole body: inlined always. */
#define UT_FOLDED static inline __attribute__((always_inline))

/* A function for what seldom comes, kept out of those for what is usual, so that these have their registers. */
#define UT_UNUSUAL __attribute__((noinline))

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

/* Between host order and big end first, either way. */
static inline uint16_t
ut_swap_u16(uint16_t v)
{
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? __builtin_bswap16(v) : v;
}

static inline uint32_t
ut_swap_u32(uint32_t v)
{
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? __builtin_bswap32(v) : v;
}

static inline uint64_t
ut_swap_u64(uint64_t v)
{
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? __builtin_bswap64(v) : v;
}

/* Big-endian reads. */
static inline uint16_t
ut_get_u16(const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof v);
	return ut_swap_u16(v);
}

static inline uint32_t
ut_get_u32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof v);
	return ut_swap_u32(v);
}

static inline uint64_t
ut_get_u64(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof v);
	return ut_swap_u64(v);
}

/* Big-endian writes; each returns where the next octet goes. */
static inline uint8_t *
ut_store_u16(uint8_t *at, uint16_t v)
{
	v = ut_swap_u16(v);
	memcpy(at, &v, sizeof v);
	return at + sizeof v;
}

static inline uint8_t *
ut_store_u32(uint8_t *at, uint32_t v)
{
	v = ut_swap_u32(v);
	memcpy(at, &v, sizeof v);
	return at + sizeof v;
}

static inline uint8_t *
ut_store_u64(uint8_t *at, uint64_t v)
{
	v = ut_swap_u64(v);
	memcpy(at, &v, sizeof v);
	return at + sizeof v;
}

/* Overwrites n octets in a way the compiler may not drop; for secrets. */
void ut_wipe(void *p, size_t n);

/* Compares in time that depends on n only; for authenticators. */
bool ut_is_same_secret(const uint8_t *a, const uint8_t *b, size_t n) UT_MUST_USE;

#endif
