/* capture_fragment.c - fragments of IPv4 and IPv6 packets, put together again
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/capture_fragment.h"

#include <stdlib.h>

enum { UNIT = 8, UNITS = CAPTURE_WHOLE_MAX / UNIT };

/* One packet under way. */
struct capture_whole {
	bool is_busy;
	struct capture_end from, to;
	uint32_t id;
	uint8_t protocol;
	uint64_t frame; /* that touched it last */
	size_t octets;	/* of all of it; 0: the last fragment was not seen */
	size_t units;	/* of 8 octets, there */
	uint8_t is_there[UNITS / 8];
	uint8_t payload[CAPTURE_WHOLE_MAX];
};

static bool
is_of(const struct capture_whole *w, const struct capture_fragment *f)
{
	return w->is_busy && w->id == f->id && w->protocol == f->protocol &&
	       capture_end_has_address_of(&w->from, &f->from) && capture_end_has_address_of(&w->to, &f->to);
}

static struct capture_whole **
oldest(struct capture_fragments *all)
{
	struct capture_whole **best = &all->slots[0];

	for (size_t i = 0; i < CAPTURE_FRAGMENTS; i++) {
		struct capture_whole **const slot = &all->slots[i];

		if (*slot == NULL || !(*slot)->is_busy)
			return slot;
		if ((*slot)->frame < (*best)->frame)
			best = slot;
	}
	return best;
}

static struct capture_whole *
begin(struct capture_fragments *all, const struct capture_fragment *f)
{
	struct capture_whole **const slot = oldest(all);
	struct capture_whole *const w = *slot != NULL ? *slot : malloc(sizeof *w);

	if (w == NULL)
		return NULL;
	if (*slot != NULL && w->is_busy)
		all->given_up++;
	*slot = w;
	w->is_busy = true;
	w->from = f->from;
	w->to = f->to;
	w->id = f->id;
	w->protocol = f->protocol;
	w->octets = w->units = 0;
	memset(w->is_there, 0, sizeof w->is_there);
	return w;
}

static struct capture_whole *
find(struct capture_fragments *all, const struct capture_fragment *f)
{
	for (size_t i = 0; i < CAPTURE_FRAGMENTS; i++)
		if (all->slots[i] != NULL && is_of(all->slots[i], f))
			return all->slots[i];
	return begin(all, f);
}

static void
mark(struct capture_whole *w, size_t first, size_t units)
{
	for (size_t i = first; i < first + units; i++) {
		const uint8_t bit = (uint8_t)(1u << i % 8);

		w->units += (w->is_there[i / 8] & bit) == 0;
		w->is_there[i / 8] |= bit;
	}
}

bool
capture_fragments_put(struct capture_fragments *all, const struct capture_fragment *one,
		      struct ut_slice *whole)
{
	struct capture_whole *w;

	if (one->octets.n == 0 || one->offset % UNIT != 0 ||
	    one->offset + one->octets.n > CAPTURE_WHOLE_MAX || (!one->is_last && one->octets.n % UNIT != 0))
		return false;
	w = find(all, one);
	if (w == NULL)
		return false;
	w->frame = one->frame;
	memcpy(w->payload + one->offset, one->octets.p, one->octets.n);
	mark(w, one->offset / UNIT, (one->octets.n + UNIT - 1) / UNIT);
	if (one->is_last)
		w->octets = one->offset + one->octets.n;
	if (w->octets == 0 || w->units != (w->octets + UNIT - 1) / UNIT)
		return false;
	w->is_busy = false;
	*whole = ut_slice(w->payload, w->octets);
	return true;
}

uint64_t
capture_fragments_unfinished(const struct capture_fragments *all)
{
	uint64_t n = all->given_up;

	for (size_t i = 0; i < CAPTURE_FRAGMENTS; i++)
		n += all->slots[i] != NULL && all->slots[i]->is_busy;
	return n;
}

void
capture_fragments_fini(struct capture_fragments *all)
{
	for (size_t i = 0; i < CAPTURE_FRAGMENTS; i++)
		free(all->slots[i]);
}
