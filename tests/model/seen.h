/* seen.h - what was seen, by its hash, with a number beside it
 * SPDX-License-Identifier: Apache-2.0
 *
 * Things are known by 64-bit hashes alone.  Of n things some n * n / 2^65 are taken for another: of a hundred million,
 * one in three thousand searches.
 */
#ifndef TESTS_MODEL_SEEN_H
#define TESTS_MODEL_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct seen_entry {
	uint64_t hash; /* 0: free */
	uint64_t number;
};

struct seen {
	struct seen_entry *entries;
	size_t mask, n;
};

/* The first entry of a hash, and the next of the same, since it may have several; NULL: there is none. */
struct seen_entry *seen_find(struct seen *s, uint64_t hash);
struct seen_entry *seen_next(struct seen *s, struct seen_entry *entry);

/* One more entry; those found before lie elsewhere then. */
void seen_add(struct seen *s, uint64_t hash, uint64_t number);

/* Of memory. */
size_t seen_octets(const struct seen *s);

void seen_free(struct seen *s);

/* A hash of n octets, a multiple of eight, that depends on `seed`; never 0. */
uint64_t seen_hash(const void *octets, size_t n, uint64_t seed);

#endif
