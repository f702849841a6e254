/* stream.c - one direction of a TCP connection put in order
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/stream.h"

#include <stdlib.h>

void
stream_begin(struct stream *s, uint32_t sequence)
{
	s->is_begun = true;
	s->next = sequence + 1;
	s->now = ut_slice(NULL, 0);
	s->early_n = s->kept = 0;
}

/* How far `sequence` lies ahead; negative: behind. */
static int32_t
distance(const struct stream *s, uint32_t sequence)
{
	return (int32_t)(sequence - s->next);
}

static bool
is_kept(const struct stream *s, uint32_t sequence, size_t n)
{
	for (uint32_t i = 0; i < s->early_n; i++)
		if (s->early[i].sequence == sequence && s->early[i].n >= n)
			return true;
	return false;
}

/* False: there is no room. */
static bool
keep(struct stream *s, uint32_t sequence, struct ut_slice octets)
{
	if (is_kept(s, sequence, octets.n))
		return true;
	if (s->octets == NULL)
		s->octets = malloc(STREAM_EARLY_OCTETS);
	if (s->octets == NULL || s->early_n == STREAM_EARLY || octets.n > STREAM_EARLY_OCTETS - s->kept)
		return false;
	memcpy(s->octets + s->kept, octets.p, octets.n);
	s->early[s->early_n++] =
	    (struct stream_early){ .sequence = sequence, .at = s->kept, .n = (uint32_t)octets.n };
	s->kept += (uint32_t)octets.n;
	return true;
}

/* Cuts off what came already. */
static struct ut_slice
fresh(struct stream *s, uint32_t sequence, struct ut_slice octets)
{
	const int32_t ahead = distance(s, sequence);
	const uint64_t behind = ahead < 0 ? (uint64_t)(-(int64_t)ahead) : 0;
	const size_t old = behind < octets.n ? (size_t)behind : octets.n;

	s->repeated += old;
	return ut_slice(octets.p + old, octets.n - old);
}

void
stream_put(struct stream *s, uint32_t sequence, struct ut_slice octets)
{
	if (!s->is_begun)
		stream_begin(s, sequence - 1);
	if (octets.n == 0)
		return;
	if (distance(s, sequence) <= 0) {
		s->now = fresh(s, sequence, octets);
		return;
	}
	if (keep(s, sequence, octets))
		return;
	/* No room to wait any longer: what is missing is lost. */
	s->lost += (uint32_t)distance(s, sequence);
	s->early_n = s->kept = 0;
	s->next = sequence;
	s->now = octets;
}

static bool
take_now(struct stream *s, struct ut_slice *octets)
{
	if (s->now.n == 0)
		return false;
	*octets = s->now;
	s->next += (uint32_t)s->now.n;
	s->now.n = 0;
	return true;
}

/* An early segment whose turn has come. */
static bool
take_early(struct stream *s, struct ut_slice *octets)
{
	uint32_t i = 0;

	while (i < s->early_n) {
		const struct stream_early e = s->early[i];

		if (distance(s, e.sequence) > 0) {
			i++;
			continue;
		}
		s->early[i] = s->early[--s->early_n];
		*octets = fresh(s, e.sequence, ut_slice(s->octets + e.at, e.n));
		if (octets->n != 0) {
			s->next += (uint32_t)octets->n;
			return true;
		}
	}
	s->kept = s->early_n == 0 ? 0 : s->kept;
	return false;
}

bool
stream_next(struct stream *s, struct ut_slice *octets, uint64_t *gap)
{
	*gap = s->lost;
	if (!take_now(s, octets) && !take_early(s, octets))
		return false;
	s->lost = 0;
	return true;
}

/* Waits no longer: goes on with the first of the early ones. */
static void
give_up(struct stream *s)
{
	int32_t least = INT32_MAX;

	for (uint32_t i = 0; i < s->early_n; i++)
		if (distance(s, s->early[i].sequence) < least)
			least = distance(s, s->early[i].sequence);
	if (s->early_n == 0 || least <= 0)
		return;
	s->lost += (uint32_t)least;
	s->next += (uint32_t)least;
}

void
stream_acknowledged(struct stream *s, uint32_t acknowledgment)
{
	if (s->early_n != 0 && distance(s, acknowledgment) > 0)
		give_up(s);
}

bool
stream_is_behind(const struct stream *s, uint32_t acknowledgment)
{
	return s->is_begun && distance(s, acknowledgment) > 0;
}

void
stream_end(struct stream *s)
{
	give_up(s);
}

void
stream_fini(struct stream *s)
{
	free(s->octets);
	s->octets = NULL;
}
