/* host_memory.h - memory for what must not be seen: not swapped, not dumped, not inherited, wiped
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_HOST_HOST_MEMORY_H
#define CLI_HOST_HOST_MEMORY_H

#include <stddef.h>

/* Zeroed, 64-aligned, left out of core dumps; a child that is forked finds zeros there: what it needs is copied first.
 * NULL: no memory. */
void *host_memory_new(size_t octets);

/* Keeps its pages out of the swap space, as they are touched; for when it is to hold a secret.  RLIMIT_MEMLOCK may forbid
 * it: then the secret can be swapped, no more. */
void host_memory_lock(void *p, size_t octets);

/* Wipes and gives back.  NULL is fine; returns NULL. */
void *host_memory_free(void *p, size_t octets);

#endif
