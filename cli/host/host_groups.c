/* host_groups.c - members by interface or address
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/host/host_groups.h"

#include "cli/host/host_memory.h"

#include <assert.h>
#include <string.h>
#include <sys/socket.h>

struct host_key
host_key_of_interface(enum host_group_kind kind, uint32_t ifindex)
{
	struct host_key key = { .kind = (uint8_t)kind };

	memcpy(key.octets, &ifindex, sizeof ifindex);
	return key;
}

struct host_key
host_key_of_address(uint8_t family, const void *octets)
{
	struct host_key key = { .kind = HOST_GROUP_ADDRESS, .family = family };

	memcpy(key.octets, octets, family == AF_INET6 ? 16 : 4);
	return key;
}

/* FNV-1a: the keys are this machine's own. */
static uint32_t
hash(const struct host_key *key)
{
	uint32_t h = (UINT32_C(2166136261) ^ key->kind) * UINT32_C(16777619);

	for (unsigned i = 0; i < sizeof key->octets; i++)
		h = (h ^ key->octets[i]) * UINT32_C(16777619);
	return h;
}

static struct ut_index
index_of(const struct host_groups *g)
{
	return (struct ut_index){ .buckets = g->buckets, .next = g->next, .mask = g->mask };
}

bool
host_groups_init(struct host_groups *g, unsigned n)
{
	const bool has_slots = host_slots_init(&g->slots, n);

	g->mask = ut_index_buckets((uint16_t)n) - 1;
	g->v = host_memory_new(n * sizeof g->v[0]);
	g->buckets = host_memory_new(((size_t)g->mask + 1) * sizeof g->buckets[0]);
	g->next = host_memory_new(n * sizeof g->next[0]);
	if (!has_slots || g->v == NULL || g->buckets == NULL || g->next == NULL)
		return false;
	ut_index_init(index_of(g));
	return true;
}

void
host_groups_fini(struct host_groups *g)
{
	host_memory_free(g->v, g->slots.n * sizeof g->v[0]);
	host_memory_free(g->buckets, ((size_t)g->mask + 1) * sizeof g->buckets[0]);
	host_memory_free(g->next, g->slots.n * sizeof g->next[0]);
	host_slots_fini(&g->slots);
}

static uint16_t
find(const struct host_groups *g, const struct host_key *key)
{
	const struct ut_index ix = index_of(g);
	uint16_t i = ut_index_first(ix, hash(key));

	while (i != UT_INDEX_NONE && memcmp(&g->v[i].key, key, sizeof *key) != 0)
		i = ut_index_next(ix, i);
	return i;
}

/* There is always a slot: every member is in one group. */
static uint16_t
new_group(struct host_groups *g, const struct host_key *key)
{
	const uint16_t i = host_slots_take(&g->slots);

	assert(i != HOST_SLOT_NONE);
	g->v[i].key = *key;
	host_list_init(&g->v[i].members);
	ut_index_add(index_of(g), hash(key), i);
	return i;
}

void
host_groups_leave(struct host_groups *g, struct host_member *m)
{
	struct host_group *group;

	if (!host_list_is_in(&m->list))
		return;
	group = &g->v[m->group];
	host_list_remove(&m->list);
	if (!host_list_is_empty(&group->members))
		return;
	ut_index_remove(index_of(g), hash(&group->key), m->group);
	host_slots_give(&g->slots, m->group);
}

void
host_groups_join(struct host_groups *g, struct host_member *m, struct host_key key)
{
	uint16_t i = find(g, &key);

	if (host_list_is_in(&m->list) && m->group == i)
		return;
	host_groups_leave(g, m);
	if (i == UT_INDEX_NONE)
		i = new_group(g, &key);
	m->group = i;
	host_list_add(&g->v[i].members, &m->list);
}

const struct host_list *
host_groups_find(const struct host_groups *g, struct host_key key)
{
	const uint16_t i = find(g, &key);

	return i != UT_INDEX_NONE ? &g->v[i].members : NULL;
}
