/* explore.c - every history of a world, within its bounds
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/model/explore.h"
#include "tests/model/seen.h"

#include <stdio.h>
#include <stdlib.h>

/* Two HELLO intervals and the retransmissions behind them: silence is noticed in that time. */
enum { SETTLE_MS = 120000, MOVES_MAX = 4096 };

struct search {
	struct explored found;
	enum explore_how how;
	struct seen worlds;  /* and the trouble that was left in them */
	struct seen visited; /* EXPLORE_EVERYTHING: worlds as they are, untidied */
	struct seen settled; /* met on the way to rest, and where that led: 1, up */
	uint64_t max;
	uint64_t trail[MOVES_MAX];
	struct world *scratch;			/* for settling */
	struct world *tidied, *other;		/* for comparing */
	struct world *stack[EXPLORE_DEPTH + 1]; /* the worlds of the path */
	struct world *twins[EXPLORE_DEPTH + 1]; /* beside them; NULL: none */
};

/* ---- judging ---- */

static uint64_t
hash_as_it_is(const struct world *w, uint64_t seed)
{
	return seen_hash(w, w->octets, seed);
}

static uint64_t
hash_to_settle(const struct search *q, struct world *w, uint64_t until_us)
{
	if (q->how == EXPLORE_EVERYTHING)
		return hash_as_it_is(w, until_us);
	world_tidy(w);
	return world_hash(w, until_us);
}

/* Coming to rest takes no choice, and the trouble left plays no part in it: like worlds that have as long to go come to
 * the same rest.  So a way to rest is followed until it meets one that was followed before. */
static const char *
settle(struct search *q, struct world *w, bool *is_up)
{
	const uint64_t until_us = w->now_us + SETTLE_MS * UINT64_C(1000);
	const struct seen_entry *known = NULL;
	const char *broken;
	unsigned n = 0;

	memset(&w->left, 0, sizeof w->left);
	for (bool goes_on = true; goes_on; goes_on = world_settle_move(w, until_us)) {
		q->trail[n] = hash_to_settle(q, w, until_us);
		known = seen_find(&q->settled, q->trail[n]);
		if (known != NULL)
			break;
		if (++n == MOVES_MAX)
			return "it never comes to rest";
	}
	broken = known != NULL ? NULL : world_disagreement(w);
	*is_up = known != NULL ? known->number != 0 : !world_has_ended(w);
	for (unsigned i = 0; i < n && broken == NULL; i++)
		seen_add(&q->settled, q->trail[i], *is_up);
	return broken;
}

static const char *
judge(struct search *q, const struct world *w)
{
	const char *broken;
	bool is_up = false;

	if (w->broken != NULL)
		return w->broken;
	memcpy(q->scratch, w, w->octets);
	broken = settle(q, q->scratch, &is_up);
	if (broken == NULL && is_up)
		q->found.settled_up++;
	else if (broken == NULL)
		q->found.settled_idle++;
	return broken;
}

static const char *
judge_twin(const struct search *q, unsigned depth)
{
	if (q->twins[depth] == NULL || world_is_alike(q->stack[depth], q->twins[depth]))
		return NULL;
	return "something depends on the secret";
}

/* ---- trying out that tidying makes no difference ---- */

/* The choice in a tidied world that is `choice` in `w`. */
static struct world_choice
same_choice(const struct world *w, const struct world *tidied, struct world_choice choice)
{
	const struct world_task *t;

	if (choice.kind != CHOICE_ANSWER && choice.kind != CHOICE_FAIL)
		return choice;
	t = &w->tasks[choice.which];
	choice.which = 0;
	while (memcmp(&tidied->tasks[choice.which], t, sizeof *t) != 0)
		choice.which++;
	return choice;
}

static bool
leads_to_the_same(struct search *q, const struct world *w, struct world_choice choice)
{
	memcpy(q->other, w, w->octets);
	world_tidy(q->other);
	world_take(q->other, same_choice(w, q->other, choice));
	world_tidy(q->other);
	memcpy(q->tidied, w, w->octets);
	world_take(q->tidied, choice);
	world_tidy(q->tidied);
	return memcmp(q->other, q->tidied, w->octets) == 0;
}

static bool
settles_the_same(struct search *q, const struct world *w)
{
	bool is_up = false, is_tidied_up = false;
	const char *broken;

	memcpy(q->tidied, w, w->octets);
	memcpy(q->other, w, w->octets);
	world_tidy(q->tidied);
	broken = settle(q, q->other, &is_up);
	return settle(q, q->tidied, &is_tidied_up) == broken && is_up == is_tidied_up;
}

static const char *
try_out(struct search *q, const struct world *w, const struct world_choice *choices, unsigned n)
{
	if (q->how != EXPLORE_EVERYTHING)
		return NULL;
	if (!settles_the_same(q, w))
		return "a tidied world comes to another rest";
	for (unsigned i = 0; i < n; i++)
		if (!leads_to_the_same(q, w, choices[i]))
			return "a choice from a tidied world leads to another";
	return NULL;
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

/* Notes a world, by its hash, with the trouble that is left in it; false when it was seen with as much. */
static bool
note(struct search *q, uint64_t hash, uint64_t left)
{
	struct seen_entry *entry = seen_find(&q->worlds, hash);

	if (entry == NULL) {
		q->found.worlds++;
		q->found.sum += hash;
	}
	for (; entry != NULL; entry = seen_next(&q->worlds, entry)) {
		if (world_left_covers(entry->number, left))
			return false;
		if (world_left_covers(left, entry->number)) {
			entry->number = left;
			return true;
		}
	}
	seen_add(&q->worlds, hash, left);
	return true;
}

static bool
note_as_it_is(struct search *q, const struct world *w, const struct world *twin)
{
	const uint64_t hash = hash_as_it_is(w, twin == NULL ? 0 : hash_as_it_is(twin, 0));

	if (seen_find(&q->visited, hash) != NULL)
		return false;
	seen_add(&q->visited, hash, 0);
	return true;
}

static uint64_t
hash_tidied(struct search *q, const struct world *w, uint64_t seed)
{
	memcpy(q->scratch, w, w->octets);
	world_tidy(q->scratch);
	return world_hash(q->scratch, seed);
}

/* True when the world at this depth is to be visited. */
static bool
is_new(struct search *q, unsigned depth)
{
	struct world *const w = q->stack[depth], *const twin = q->twins[depth];
	uint64_t hash;

	if (q->how == EXPLORE_EVERYTHING) {
		hash = hash_tidied(q, w, twin == NULL ? 0 : hash_tidied(q, twin, 0));
		(void)note(q, hash, world_left(w));
		return note_as_it_is(q, w, twin);
	}
	world_tidy(w);
	if (twin != NULL)
		world_tidy(twin);
	return note(q, world_hash(w, twin == NULL ? 0 : world_hash(twin, 0)), world_left(w));
}

static bool
visit(struct search *q, unsigned depth)
{
	struct world_choice choices[WORLD_CHOICES];
	const unsigned n = world_choices(q->stack[depth], choices);

	q->found.visits++;
	if (depth > q->found.deepest)
		q->found.deepest = depth;
	q->found.broken = judge(q, q->stack[depth]);
	if (q->found.broken == NULL)
		q->found.broken = judge_twin(q, depth);
	if (q->found.broken == NULL)
		q->found.broken = try_out(q, q->stack[depth], choices, n);
	if (q->found.broken == NULL && q->found.visits > q->max)
		q->found.broken = "there are more worlds than the search may visit";
	if (q->found.broken == NULL && depth + 1 == EXPLORE_DEPTH)
		q->found.broken = "a history is longer than the search may follow";
	for (unsigned i = 0; i < n && q->found.broken == NULL; i++) {
		step_into(q, depth, choices[i]);
		q->found.choices++;
		if (!is_new(q, depth + 1))
			continue;
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

static void
finish(struct search *q)
{
	free_stack(q->stack);
	free_stack(q->twins);
	free(q->scratch);
	free(q->tidied);
	free(q->other);
	seen_free(&q->worlds);
	seen_free(&q->visited);
	seen_free(&q->settled);
	free(q);
}

struct explored
explore(const struct world_setup *setup, const struct world_setup *twin, uint64_t max, enum explore_how how)
{
	struct search *const q = calloc(1, sizeof *q);
	struct explored found;

	q->max = max;
	q->how = how;
	make_stack(q->stack, setup);
	make_stack(q->twins, twin);
	q->scratch = malloc(q->stack[0]->octets);
	q->tidied = malloc(q->stack[0]->octets);
	q->other = malloc(q->stack[0]->octets);
	(void)is_new(q, 0);
	(void)visit(q, 0);
	found = q->found;
	found.octets = seen_octets(&q->worlds) + seen_octets(&q->visited) + seen_octets(&q->settled);
	finish(q);
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
	uint64_t until_us;
	char line[LINE];

	print_world(w);
	for (unsigned i = 0; i < found->path_n; i++) {
		world_choice_print(w, found->path[i], line, sizeof line);
		fprintf(stderr, "%3u %s\n", i + 1, line);
		world_take(w, found->path[i]);
		print_world(w);
	}
	until_us = w->now_us + SETTLE_MS * UINT64_C(1000);
	for (unsigned i = 0; i < MOVES_MAX && world_settle_move(w, until_us); i++)
		continue;
	fprintf(stderr, "settled:\n");
	print_world(w);
	fprintf(stderr, "%s\n", found->broken);
	free(w);
}
