/* near.c - which word somebody meant who typed another
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/near.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

enum { WORD_MAX = 31 };

/* Three rows of the table of distances: of the beginning of `typed` up to here, the one before, and that before it. */
struct rows {
	unsigned now[WORD_MAX + 1], last[WORD_MAX + 1], earlier[WORD_MAX + 1];
};

static bool
is_same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* The slips between typed[0..i] and word[0..j]. */
static unsigned
cell(const struct rows *r, const char *typed, size_t i, const char *word, size_t j)
{
	unsigned d = r->last[j] + (is_same(typed[i], word[j]) ? 0 : 1);

	d = least(d, least(r->last[j + 1], r->now[j]) + 1);
	if (i > 0 && j > 0 && is_same(typed[i], word[j - 1]) && is_same(typed[i - 1], word[j]))
		d = least(d, r->earlier[j - 1] + 1);
	return d;
}

/* Damerau's and Levenshtein's distance, without slips within slips. */
static unsigned
distance(const char *typed, size_t n, const char *word, size_t word_n)
{
	struct rows r = { .now = { 0 } };

	for (unsigned j = 0; j <= word_n; j++)
		r.now[j] = j;
	for (unsigned i = 0; i < n; i++) {
		memcpy(r.earlier, r.last, sizeof r.earlier);
		memcpy(r.last, r.now, sizeof r.last);
		r.now[0] = i + 1;
		for (size_t j = 0; j < word_n; j++)
			r.now[j + 1] = cell(&r, typed, i, word, j);
	}
	return r.now[word_n];
}

static unsigned
slips_allowed(size_t n)
{
	if (n < 3)
		return 0;
	return n < 6 ? 1 : 2;
}

void
near_offer(struct near *best, const char *typed, size_t n, const char *word)
{
	const size_t word_n = strlen(word);
	unsigned d;

	if (n == 0 || n > WORD_MAX || word_n > WORD_MAX)
		return;
	d = distance(typed, n, word, word_n);
	if (n >= 3 && strncasecmp(typed, word, n) == 0)
		d = least(d, 1);
	if (d > slips_allowed(n))
		return;
	if (best->rank == 0 || d + 1 < best->rank)
		*best = (struct near){ .word = word, .rank = d + 1 };
	else if (d + 1 == best->rank)
		best->word = NULL;
}
