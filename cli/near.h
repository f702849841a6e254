/* near.h - which word somebody meant who typed another
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_NEAR_H
#define CLI_NEAR_H

#include <stddef.h>

/* The best of the words offered so far.  All-zero to begin with; words are borrowed. */
struct near {
	const char *word; /* NULL: none is near, or several are equally */
	unsigned rank;	  /* its slips and one; 0: none was near */
};

/* Offers `word` for the `n` octets that were typed.  Near is what they begin, from three on, and what one slip makes
 * of them, two where they are six or more: an octet missing, too many or wrong, two neighbours exchanged.  Case does
 * not matter. */
void near_offer(struct near *best, const char *typed, size_t n, const char *word);

#endif
