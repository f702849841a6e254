/* names.c - finds what a packet belongs to: a hash table of names, kept inside what they name
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/names.h"

#include <stdlib.h>

enum { CHAINS_FIRST = 256 };

struct name_key
name_key_of_id(enum name_kind kind, const struct capture_end *receiver, const struct capture_end *sender,
	       unsigned id)
{
	const unsigned port = kind == NAME_TUNNEL ? receiver->port : 0;

	return (struct name_key){ receiver->hi, receiver->lo, sender->hi, sender->lo,
				  (uint64_t)port << 32 | (uint64_t)id << 8 | (unsigned)kind };
}

struct name_key
name_key_of_pair(enum name_kind kind, const struct capture_end *from, const struct capture_end *to)
{
	return (struct name_key){ from->hi, from->lo, to->hi, to->lo,
				  (uint64_t)from->port << 32 | (uint64_t)to->port << 8 | (unsigned)kind };
}

struct name_key
name_key_of_session(uint64_t connection, unsigned end, unsigned id)
{
	return (struct name_key){ connection, end, 0, 0, (uint64_t)id << 8 | NAME_SESSION };
}

static uint64_t
mixed(uint64_t h, uint64_t v)
{
	h = (h ^ v) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 32;
}

static size_t
chain_of(const struct names *names, const struct name_key *k)
{
	const uint64_t h = mixed(mixed(mixed(mixed(mixed(1, k->a), k->b), k->c), k->d), k->e);

	return (size_t)h & (names->chains_n - 1);
}

static bool
is_same(const struct name_key *a, const struct name_key *b)
{
	return a->e == b->e && a->b == b->b && a->d == b->d && a->a == b->a && a->c == b->c;
}

static struct name *
first_of(struct name *name, const struct name_key *key)
{
	while (name != NULL && !is_same(&name->key, key))
		name = name->next;
	return name;
}

struct name *
names_find(const struct names *names, const struct name_key *key)
{
	return names->chains_n == 0 ? NULL : first_of(names->chains[chain_of(names, key)], key);
}

struct name *
names_next(const struct name *name)
{
	return first_of(name->next, &name->key);
}

static void
link_in(struct names *names, struct name *name)
{
	struct name **const chain = &names->chains[chain_of(names, &name->key)];

	name->next = *chain;
	*chain = name;
}

static bool
grow(struct names *names)
{
	struct names larger = { .chains_n = names->chains_n == 0 ? CHAINS_FIRST : names->chains_n * 2,
				.held = names->held };

	larger.chains = calloc(larger.chains_n, sizeof *larger.chains);
	if (larger.chains == NULL)
		return names->chains_n != 0;
	for (size_t i = 0; i < names->chains_n; i++) {
		struct name *name, *next;

		for (name = names->chains[i]; name != NULL; name = next) {
			next = name->next;
			link_in(&larger, name);
		}
	}
	free(names->chains);
	*names = larger;
	return true;
}

bool
names_hold(struct names *names, struct name *name, struct name_key key)
{
	names_drop(names, name);
	if (names->held >= names->chains_n && !grow(names))
		return false;
	name->key = key;
	name->is_held = true;
	link_in(names, name);
	names->held++;
	return true;
}

void
names_drop(struct names *names, struct name *name)
{
	struct name **at;

	if (!name->is_held)
		return;
	at = &names->chains[chain_of(names, &name->key)];
	while (*at != name)
		at = &(*at)->next;
	*at = name->next;
	name->is_held = false;
	names->held--;
}

void
names_fini(struct names *names)
{
	free(names->chains);
	*names = (struct names){ .chains = NULL };
}
