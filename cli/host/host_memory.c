/* host_memory.c - memory for what must not be seen
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is asked for first comes out of one mapping, which a program with a single tunnel never exceeds: each mapping
 * costs three system calls and the rest of a page.
 */
#include "cli/host/host_memory.h"

#include "codec/bytes.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>

enum { FIRST_OCTETS = 256 * 1024, ALIGNMENT = 64 };

static struct {
	uint8_t *p;  /* NULL: not mapped */
	size_t used; /* a multiple of ALIGNMENT, as FIRST_OCTETS is */
	unsigned users;
} first;

static size_t
aligned(size_t octets)
{
	return (octets + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static void *
map(size_t octets)
{
	void *p = mmap(NULL, octets, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	(void)madvise(p, octets, MADV_DONTDUMP);
	(void)madvise(p, octets,
		      MADV_WIPEONFORK); /* the resolver's and the keeper's process need none of it */
	return p;
}

static bool
is_of_first(const void *p)
{
	const uintptr_t at = (uintptr_t)p, begin = (uintptr_t)first.p;

	return first.p != NULL && at >= begin && at < begin + FIRST_OCTETS;
}

/* NULL: it does not fit. */
static void *
take_of_first(size_t octets)
{
	const size_t room = FIRST_OCTETS - first.used;
	uint8_t *p;

	if (octets > room)
		return NULL;
	if (first.p == NULL)
		first.p = map(FIRST_OCTETS);
	if (first.p == NULL)
		return NULL;
	p = first.p + first.used;
	first.used += aligned(octets);
	first.users++;
	return p;
}

/* It is wiped.  What was taken last can be taken again at once: a look-up at each redial needs no more room so. */
static void
give_to_first(const uint8_t *p, size_t octets)
{
	if (p + aligned(octets) == first.p + first.used)
		first.used -= aligned(octets);
	if (--first.users > 0)
		return;
	munmap(first.p, FIRST_OCTETS);
	first.p = NULL;
	first.used = 0;
}

void *
host_memory_new(size_t octets)
{
	void *p = take_of_first(octets);

	return p != NULL ? p : map(octets);
}

void
host_memory_lock(void *p, size_t octets)
{
	if (mlock2(p, octets, MLOCK_ONFAULT) != 0) /* Linux 4.4 */
		(void)mlock(p, octets);
}

void *
host_memory_free(void *p, size_t octets)
{
	if (p == NULL)
		return NULL;
	ut_wipe(p, octets);
	if (is_of_first(p))
		give_to_first(p, octets);
	else
		munmap(p, octets);
	return NULL;
}
