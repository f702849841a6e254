/* put.h - a writer into a caller's buffer that latches overflow
 * SPDX-License-Identifier: Apache-2.0
 *
 * After `full` is set every put is a no-op, so a message is written without a ladder of checks and
 * the writer is asked once at the end.
 */
#ifndef CODEC_PUT_H
#define CODEC_PUT_H

#include "codec/bytes.h"

struct ut_put {
	uint8_t *base;
	size_t len, cap;
	bool full;
};

static inline struct ut_put
ut_put_into(void *base, size_t cap)
{
	return (struct ut_put){ .base = (uint8_t *)base, .len = 0, .cap = cap, .full = false };
}

/* Room for n octets, or NULL and `full` set. */
static inline uint8_t *
ut_put_room(struct ut_put *w, size_t n)
{
	uint8_t *at;

	if (w->full || w->cap - w->len < n) {
		w->full = true;
		return NULL;
	}
	at = w->base + w->len;
	w->len += n;
	return at;
}

static inline void
ut_put_u8(struct ut_put *w, uint8_t v)
{
	uint8_t *at = ut_put_room(w, 1);

	if (at != NULL)
		at[0] = v;
}

static inline void
ut_put_u16(struct ut_put *w, uint16_t v)
{
	uint8_t *at = ut_put_room(w, 2);

	if (at != NULL)
		ut_store_u16(at, v);
}

static inline void
ut_put_u32(struct ut_put *w, uint32_t v)
{
	uint8_t *const at = ut_put_room(w, 4);

	if (at != NULL)
		ut_store_u32(at, v);
}

static inline void
ut_put_u64(struct ut_put *w, uint64_t v)
{
	uint8_t *const at = ut_put_room(w, 8);

	if (at != NULL)
		ut_store_u64(at, v);
}

static inline void
ut_put_slice(struct ut_put *w, struct ut_slice s)
{
	uint8_t *at = ut_put_room(w, s.n);

	if (at != NULL && s.n != 0)
		memcpy(at, s.p, s.n);
}

/* Overwrites two octets already written at offset `at`. */
static inline void
ut_put_u16_at(struct ut_put *w, size_t at, uint16_t v)
{
	if (w->full || at + 2 > w->len)
		return;
	ut_store_u16(w->base + at, v);
}

#endif
