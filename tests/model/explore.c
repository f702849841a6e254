/* explore.c - every history of a world, within its bounds
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/model/explore.h"

#include <stdio.h>
#include <stdlib.h>

/* Two HELLO intervals and the retransmissions behind them: silence is noticed in that time. */
enum { SETTLE_MS = 120000 };

struct seen {
	uint64_t *slots; /* hashes; 0: free */
	size_t mask, n;
};

struct search {
	struct explored found;
	struct seen seen;
	uint64_t max;
	struct world *scratch;			/* for settling */
	struct world *stack[EXPLORE_DEPTH + 1]; /* the worlds of the path */
	struct world *twins[EXPLORE_DEPTH + 1]; /* beside them; NULL: none */
};

/* ---- worlds seen ---- */

static uint64_t
mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * UINT64_C(0x9fb21c651e98df25);
	return h ^ h >> 35;
}

static uint64_t
hash_world(const struct world *w)
{
	const uint8_t *const p = (const uint8_t *)w;
	uint64_t h = 1, v;

	for (size_t at = 0; at + sizeof v <= w->octets; at += sizeof v) {
		memcpy(&v, p + at, sizeof v);
		h = mix(h, v);
	}
	return h | 1;
}

static void
grow(struct seen *s)
{
	const struct seen old = *s;

	s->mask = old.mask * 2 + 1;
	s->slots = calloc(s->mask + 1, sizeof *s->slots);
	for (size_t i = 0; old.slots != NULL && i <= old.mask; i++) {
		size_t at = old.slots[i] >> 1 & s->mask;

		if (old.slots[i] == 0)
			continue;
		while (s->slots[at] != 0)
			at = (at + 1) & s->mask;
		s->slots[at] = old.slots[i];
	}
	free(old.slots);
}

/* True when it was not seen before. */
static bool
is_new(struct seen *s, uint64_t hash)
{
	size_t at;

	if (s->n * 2 >= s->mask)
		grow(s);
	for (at = hash >> 1 & s->mask; s->slots[at] != 0; at = (at + 1) & s->mask)
		if (s->slots[at] == hash)
			return false;
	s->slots[at] = hash;
	s->n++;
	return true;
}

/* ---- judging ---- */

static const char *
judge(struct search *q, const struct world *w)
{
	struct world *const later = q->scratch;
	const char *broken;

	if (w->broken != NULL)
		return w->broken;
	memcpy(later, w, w->octets);
	world_settle(later, SETTLE_MS);
	broken = world_disagreement(later);
	if (broken == NULL && world_has_ended(later))
		q->found.settled_idle++;
	else if (broken == NULL)
		q->found.settled_up++;
	return broken;
}

static const char *
judge_twin(const struct search *q, unsigned depth)
{
	if (q->twins[depth] == NULL || world_sends_alike(q->stack[depth], q->twins[depth]))
		return NULL;
	return "what is sent depends on the secret";
}

/* ---- searching ---- */

static void
step_into(struct search *q, unsigned depth, struct world_choice choice)
{
	memcpy(q->stack[depth + 1], q->stack[depth], q->stack[depth]->octets);
	world_take(q->stack[depth + 1], choice);
	if (q->twins[depth] == NULL)
		return;
	memcpy(q->twins[depth + 1], q->twins[depth], q->twins[depth]->octets);
	world_take(q->twins[depth + 1], choice);
}

static bool
visit(struct search *q, unsigned depth)
{
	struct world_choice choices[WORLD_CHOICES];
	const unsigned n = world_choices(q->stack[depth], choices);

	if (depth > q->found.deepest)
		q->found.deepest = depth;
	q->found.broken = judge(q, q->stack[depth]);
	if (q->found.broken == NULL)
		q->found.broken = judge_twin(q, depth);
	if (q->found.broken == NULL && q->found.worlds > q->max)
		q->found.broken = "there are more worlds than the search may visit";
	if (q->found.broken == NULL && depth + 1 == EXPLORE_DEPTH)
		q->found.broken = "a history is longer than the search may follow";
	for (unsigned i = 0; i < n && q->found.broken == NULL; i++) {
		step_into(q, depth, choices[i]);
		q->found.choices++;
		if (!is_new(&q->seen, hash_world(q->stack[depth + 1])))
			continue;
		q->found.worlds++;
		q->found.path[depth] = choices[i];
		q->found.path_n = depth + 1;
		(void)visit(q, depth + 1);
	}
	return q->found.broken == NULL;
}

static void
make_stack(struct world *stack[EXPLORE_DEPTH + 1], const struct world_setup *setup)
{
	if (setup == NULL)
		return;
	stack[0] = world_new(setup);
	for (unsigned d = 1; d <= EXPLORE_DEPTH; d++)
		stack[d] = malloc(stack[0]->octets);
}

static void
free_stack(struct world *stack[EXPLORE_DEPTH + 1])
{
	for (unsigned d = 0; d <= EXPLORE_DEPTH; d++)
		free(stack[d]);
}

struct explored
explore(const struct world_setup *setup, const struct world_setup *twin, uint64_t max)
{
	struct search *const q = calloc(1, sizeof *q);
	struct explored found;

	q->max = max;
	make_stack(q->stack, setup);
	make_stack(q->twins, twin);
	q->scratch = malloc(q->stack[0]->octets);
	q->found.worlds = 1;
	(void)visit(q, 0);
	found = q->found;
	free_stack(q->stack);
	free_stack(q->twins);
	free(q->scratch);
	free(q->seen.slots);
	free(q);
	return found;
}

/* ---- telling ---- */

enum { LINE = 128 };

static void
print_world(struct world *w)
{
	char client[LINE], server[LINE];

	world_side_print(w, WORLD_CLIENT, client, sizeof client);
	world_side_print(w, WORLD_SERVER, server, sizeof server);
	fprintf(stderr, "   %8.3f s\n      %s\n      %s\n", (double)w->now_us / 1e6, client, server);
}

void
explore_print_path(const struct world_setup *setup, const struct explored *found)
{
	struct world *const w = world_new(setup);
	char line[LINE];

	print_world(w);
	for (unsigned i = 0; i < found->path_n; i++) {
		world_choice_print(w, found->path[i], line, sizeof line);
		fprintf(stderr, "%3u %s\n", i + 1, line);
		world_take(w, found->path[i]);
		print_world(w);
	}
	world_settle(w, SETTLE_MS);
	fprintf(stderr, "settled:\n");
	print_world(w);
	fprintf(stderr, "%s\n", found->broken);
	free(w);
}
