/* guard.h - input buffers that end at a page nobody may touch
 * SPDX-License-Identifier: Apache-2.0
 *
 * An octet read past the end is a SIGSEGV with any compiler, not only under ASan.
 */
#ifndef TESTS_GUARD_H
#define TESTS_GUARD_H

#include "codec/bytes.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct guard {
	uint8_t *map;
	size_t room; /* octets before the guard page */
	size_t octets;
};

/* Room for `cap` octets at least. */
static inline struct guard
guard_new(size_t cap)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct guard g = { .room = (cap / page + 1) * page };
	void *map;
	int refused;

	g.octets = g.room + page;
	map = mmap(NULL, g.octets, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert(map != MAP_FAILED);
	g.map = map;
	refused = mprotect(g.map + g.room, page, PROT_NONE);
	assert(refused == 0);
	(void)refused;
	return g;
}

/* The same octets, the last of them just before the guard page.  Valid until the next guard_put(). */
static inline struct ut_slice
guard_put(struct guard *g, struct ut_slice s)
{
	uint8_t *const at = g->map + g->room - s.n;

	assert(s.n <= g->room);
	if (s.n != 0)
		memcpy(at, s.p, s.n);
	return ut_slice(at, s.n);
}

static inline void
guard_free(struct guard *g)
{
	munmap(g->map, g->octets);
}

/* Group fixtures of cmocka's: *state is a struct guard with room for `cap` octets. */
static inline int
guard_setup(void **state, size_t cap)
{
	struct guard *g = malloc(sizeof *g);

	assert(g != NULL);
	*g = guard_new(cap);
	*state = g;
	return 0;
}

static inline int
guard_teardown(void **state)
{
	guard_free(*state);
	free(*state);
	return 0;
}

#endif
