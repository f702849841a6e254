/* mtpd_arguments.h - the argument list that Android's framework sends to mtpd
 * SPDX-License-Identifier: Apache-2.0
 *
 * Each argument is 2 octets of length, most significant first, and as many octets; 0xFFFF in the place of a length ends
 * the list.  Nothing here reads or keeps anything.
 */
#ifndef CLI_MTPD_ARGUMENTS_H
#define CLI_MTPD_ARGUMENTS_H

#include "codec/bytes.h"

enum {
	MTPD_ARGUMENTS_MAX = 31,	/* as many as mtpd itself takes */
	MTPD_ARGUMENT_OCTETS_MAX = 1023 /* of one */
};
enum {
	MTPD_ARGUMENTS_OCTETS_MAX =
	    MTPD_ARGUMENTS_MAX * (2 + MTPD_ARGUMENT_OCTETS_MAX) + 2 /* of the whole list */
};

/* clang-format off */
#define MTPD_ARGUMENTS_RESULTS(X)                                                                       \
	X(OK, "the list is complete")                                                                   \
	X(MORE, "the list ends before its end mark")                                                    \
	X(TOO_MANY, "there are more than 31 arguments")                                                 \
	X(TOO_LONG, "an argument is longer than 1023 octets")                                           \
	X(NUL, "an argument has an octet of 0 in it")                                                   \
	X(BEHIND, "there are octets behind the end mark")
/* clang-format on */

enum mtpd_arguments_result {
#define X(token, sentence) MTPD_ARGUMENTS_##token,
	MTPD_ARGUMENTS_RESULTS(X)
#undef X
	    MTPD_ARGUMENTS_RESULT_N
};

/* Never NULL. */
const char *mtpd_arguments_sentence(enum mtpd_arguments_result result);

/* Where the arguments are, in order. */
struct mtpd_arguments {
	size_t n;
	struct mtpd_argument {
		uint16_t at, octets; /* from the start of the list */
	} v[MTPD_ARGUMENTS_MAX];
};

/* Reads the whole list from its start.  MORE: nothing is wrong so far, and another octet is wanted; ask again with all
 * there is then.  `out` holds something with OK only; `*offset` is that of what is wrong, or of the octet that is
 * wanted, or the list's length. */
enum mtpd_arguments_result mtpd_arguments_decode(struct ut_slice list, struct mtpd_arguments *out,
						 size_t *offset) UT_MUST_USE;

/* Makes strings of them where they lie: `octets` is the list that was read, and what stood between the arguments is
 * overwritten.  `words` has room for MTPD_ARGUMENTS_MAX; they borrow `octets`. */
void mtpd_arguments_words(const struct mtpd_arguments *arguments, uint8_t *octets, char **words);

#endif
