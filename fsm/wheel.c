/* wheel.c - the radix timer wheel
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/wheel.h"

#include <string.h>

enum { DIGIT_BITS = 4, DIGIT_MASK = 15, TOP = UT_WHEEL_LEVELS - 1, TOP_SLOTS = 16 };

void
ut_wheel_init(struct ut_wheel *w, struct ut_wheel_node *nodes, uint16_t n, struct ut_tick now)
{
	memset(w, 0, sizeof *w);
	w->base = now;
	for (unsigned l = 0; l < UT_WHEEL_LEVELS; l++)
		for (unsigned s = 0; s < UT_WHEEL_SLOTS; s++)
			w->head[l][s] = UT_WHEEL_NONE;
	for (uint16_t i = 0; i < n; i++)
		nodes[i] = (struct ut_wheel_node){ .next = UT_WHEEL_NONE, .prev = UT_WHEEL_NONE };
}

static unsigned
digit(struct ut_tick t, unsigned level)
{
	return t.ms >> (level * DIGIT_BITS) & DIGIT_MASK;
}

/* The level of the highest digit in which the two differ; 0 when they are equal. */
static unsigned
level_of(struct ut_tick a, struct ut_tick b)
{
	uint32_t diff = a.ms ^ b.ms;

	return diff == 0 ? 0 : (31U - (unsigned)__builtin_clz(diff)) / DIGIT_BITS;
}

bool
ut_wheel_is_armed(const struct ut_wheel_node *nodes, uint16_t i)
{
	return nodes[i].next != UT_WHEEL_NONE;
}

/* Slots are rings, so that a lone node points at itself and `next` tells armed from not. */
static void
ring_insert(struct ut_wheel *w, struct ut_wheel_node *nodes, uint16_t i)
{
	uint16_t *head = &w->head[nodes[i].level][nodes[i].slot];

	if (*head == UT_WHEEL_NONE) {
		nodes[i].next = nodes[i].prev = i;
		*head = i;
	} else {
		uint16_t tail = nodes[*head].prev;

		nodes[i].next = *head;
		nodes[i].prev = tail;
		nodes[tail].next = i;
		nodes[*head].prev = i;
	}
	w->used[nodes[i].level] |= UINT32_C(1) << nodes[i].slot;
	w->n_armed++;
}

void
ut_wheel_disarm(struct ut_wheel *w, struct ut_wheel_node *nodes, uint16_t i)
{
	struct ut_wheel_node *node = &nodes[i];
	uint16_t *head = &w->head[node->level][node->slot];

	if (node->next == UT_WHEEL_NONE)
		return;
	if (node->next == i) {
		*head = UT_WHEEL_NONE;
		w->used[node->level] &= ~(UINT32_C(1) << node->slot);
	} else {
		nodes[node->prev].next = node->next;
		nodes[node->next].prev = node->prev;
		if (*head == i)
			*head = node->next;
	}
	node->next = node->prev = UT_WHEEL_NONE;
	w->n_armed--;
}

void
ut_wheel_arm(struct ut_wheel *w, struct ut_wheel_node *nodes, uint16_t i, struct ut_tick when)
{
	ut_wheel_disarm(w, nodes, i);
	if (ut_tick_is_reached(w->base, when))
		when = w->base;
	nodes[i].when = when;
	nodes[i].level = (uint8_t)level_of(when, w->base);
	nodes[i].slot = (uint8_t)digit(when, nodes[i].level);
	ring_insert(w, nodes, i);
}

void
ut_wheel_advance(struct ut_wheel *w, struct ut_wheel_node *nodes, uint16_t i, struct ut_tick when)
{
	if (!ut_wheel_is_armed(nodes, i) || !ut_tick_is_reached(when, nodes[i].when))
		ut_wheel_arm(w, nodes, i, when);
}

/* The first used slot of a level at or after the base's own, or -1.  The top level goes round. */
static int
first_slot(const struct ut_wheel *w, unsigned level)
{
	unsigned at = digit(w->base, level);

	if (level == TOP) {
		for (unsigned k = 0; k < TOP_SLOTS; k++) {
			unsigned s = (at + k) % TOP_SLOTS;

			if ((w->used[TOP] >> s & 1) != 0)
				return (int)s;
		}
		return -1;
	}
	if (w->used[level] >> at == 0)
		return -1;
	return (int)at + __builtin_ctz(w->used[level] >> at);
}

/* The lowest level with timers and its first slot; the slot's first tick. */
static bool
find_first(const struct ut_wheel *w, unsigned *level, unsigned *slot, struct ut_tick *start)
{
	for (unsigned l = 0; l < UT_WHEEL_LEVELS; l++) {
		int s = w->used[l] == 0 ? -1 : first_slot(w, l);
		unsigned shift = l * DIGIT_BITS;

		if (s < 0)
			continue;
		*level = l;
		*slot = (unsigned)s;
		start->ms = (uint32_t)s << shift;
		if (l < TOP)
			start->ms |= w->base.ms >> (shift + DIGIT_BITS) << (shift + DIGIT_BITS);
		return true;
	}
	return false;
}

bool
ut_wheel_next(const struct ut_wheel *w, struct ut_tick *when)
{
	unsigned level, slot;

	return find_first(w, &level, &slot, when);
}

/* Spreads a slot's timers over the levels below, now that the base has reached it. */
static void
cascade(struct ut_wheel *w, struct ut_wheel_node *nodes, unsigned level, unsigned slot)
{
	while (w->head[level][slot] != UT_WHEEL_NONE) {
		uint16_t i = w->head[level][slot];

		ut_wheel_arm(w, nodes, i, nodes[i].when);
	}
}

uint16_t
ut_wheel_take(struct ut_wheel *w, struct ut_wheel_node *nodes, struct ut_tick now)
{
	unsigned level, slot;
	struct ut_tick start;

	while (find_first(w, &level, &slot, &start)) {
		if (!ut_tick_is_reached(now, start))
			break;
		if (!ut_tick_is_reached(w->base, start))
			w->base = start;
		if (level == 0) {
			uint16_t i = w->head[0][slot];

			ut_wheel_disarm(w, nodes, i);
			return i;
		}
		cascade(w, nodes, level, slot);
	}
	if (!ut_tick_is_reached(w->base, now))
		w->base = now;
	return UT_WHEEL_NONE;
}

void
ut_wheel_hasten(struct ut_wheel *w, struct ut_wheel_node *nodes, uint16_t n, struct ut_tick now)
{
	w->base = now;
	for (uint16_t i = 0; i < n; i++)
		if (ut_wheel_is_armed(nodes, i))
			ut_wheel_arm(w, nodes, i, now);
}
