/* host_memory.c - memory for what must not be seen
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/host/host_memory.h"

#include "codec/bytes.h"

#include <sys/mman.h>

void *
host_memory_new(size_t octets)
{
	void *p = mmap(NULL, octets, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	(void)madvise(p, octets, MADV_DONTDUMP);
	(void)madvise(p, octets,
		      MADV_WIPEONFORK); /* the resolver's and the keeper's process need none of it */
	return p;
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
	if (p != NULL) {
		ut_wipe(p, octets);
		munmap(p, octets);
	}
	return NULL;
}
