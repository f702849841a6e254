/* bytes.c - wiping and comparing secrets
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/bytes.h"

void
ut_wipe(void *p, size_t n)
{
	if (n == 0)
		return;
	memset(p, 0, n);
	/* The compiler must assume that somebody reads the zeros. */
	__asm__ volatile("" : : "r"(p) : "memory");
}

bool
ut_is_same_secret(const uint8_t *a, const uint8_t *b, size_t n)
{
	unsigned difference = 0;

	for (size_t i = 0; i < n; i++)
		difference |= (unsigned)(a[i] ^ b[i]);
	return difference == 0;
}
