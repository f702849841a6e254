/* seen.c - what was seen, by its hash, with a number beside it
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/model/seen.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ENTRIES = 1024 };

/* The entry of a hash from `at` on, or the free one behind it. */
static struct seen_entry *
entry_from(struct seen *s, size_t at, uint64_t hash)
{
	while (s->entries[at].hash != 0 && s->entries[at].hash != hash)
		at = (at + 1) & s->mask;
	return &s->entries[at];
}

static struct seen_entry *
used_or_null(struct seen_entry *entry)
{
	return entry->hash == 0 ? NULL : entry;
}

struct seen_entry *
seen_find(struct seen *s, uint64_t hash)
{
	return s->entries == NULL ? NULL : used_or_null(entry_from(s, (size_t)hash & s->mask, hash));
}

struct seen_entry *
seen_next(struct seen *s, struct seen_entry *entry)
{
	return used_or_null(entry_from(s, ((size_t)(entry - s->entries) + 1) & s->mask, entry->hash));
}

static void
put(struct seen *s, uint64_t hash, uint64_t number)
{
	size_t at = (size_t)hash & s->mask;

	while (s->entries[at].hash != 0)
		at = (at + 1) & s->mask;
	s->entries[at] = (struct seen_entry){ hash, number };
}

static void
grow(struct seen *s)
{
	const struct seen old = *s;

	s->mask = old.entries == NULL ? FIRST_ENTRIES - 1 : old.mask * 2 + 1;
	s->entries = calloc(s->mask + 1, sizeof *s->entries);
	if (s->entries == NULL)
		abort();
	for (size_t i = 0; old.entries != NULL && i <= old.mask; i++)
		if (old.entries[i].hash != 0)
			put(s, old.entries[i].hash, old.entries[i].number);
	free(old.entries);
}

void
seen_add(struct seen *s, uint64_t hash, uint64_t number)
{
	if (s->n * 4 >= s->mask * 3)
		grow(s);
	put(s, hash, number);
	s->n++;
}

size_t
seen_octets(const struct seen *s)
{
	return s->entries == NULL ? 0 : (s->mask + 1) * sizeof *s->entries;
}

void
seen_free(struct seen *s)
{
	free(s->entries);
	*s = (struct seen){ 0 };
}

static uint64_t
mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * UINT64_C(0x9fb21c651e98df25);
	return h ^ h >> 35;
}

static uint64_t
word_at(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof v);
	return v;
}

/* Four words at a time, written out, so that no product waits for another. */
uint64_t
seen_hash(const void *octets, size_t n, uint64_t seed)
{
	const uint8_t *p = octets;
	uint64_t a = seed, b = 1, c = 2, d = 3;

	assert(n % sizeof a == 0);
	for (; n >= 4 * sizeof a; n -= 4 * sizeof a, p += 4 * sizeof a) {
		a = mix(a, word_at(p));
		b = mix(b, word_at(p + sizeof a));
		c = mix(c, word_at(p + 2 * sizeof a));
		d = mix(d, word_at(p + 3 * sizeof a));
	}
	for (; n >= sizeof a; n -= sizeof a, p += sizeof a)
		a = mix(a, word_at(p));
	a = mix(mix(mix(a, b), c), d);
	return a == 0 ? 1 : a;
}
