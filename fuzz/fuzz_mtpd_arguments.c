/* fuzz_mtpd_arguments.c - any list of arguments through mtpd's decoder (cli/mtpd_arguments.h)
 * SPDX-License-Identifier: Apache-2.0
 *
 * Input: the list.  Oracles: an offset points into it; arguments lie inside it, in order and within their limits; written
 * again they give the list; a list that is complete is so at its last octet only; the words are the arguments.
 */
#include "fuzz/check.h"
#include "cli/mtpd_arguments.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n);

/* Each argument stands behind the one before, its length before it, and the end mark behind the last. */
static void
check_places(struct ut_slice list, const struct mtpd_arguments *arguments)
{
	size_t at = 0;

	CHECK(arguments->n <= MTPD_ARGUMENTS_MAX && list.n <= MTPD_ARGUMENTS_OCTETS_MAX);
	for (size_t i = 0; i < arguments->n; i++) {
		CHECK(arguments->v[i].at == at + 2 && arguments->v[i].octets <= MTPD_ARGUMENT_OCTETS_MAX);
		CHECK(ut_get_u16(list.p + at) == arguments->v[i].octets);
		at += 2 + (size_t)arguments->v[i].octets;
	}
	CHECK(at + 2 == list.n && ut_get_u16(list.p + at) == 0xFFFF);
}

static void
check_words(struct ut_slice list, const struct mtpd_arguments *arguments)
{
	char *words[MTPD_ARGUMENTS_MAX];
	uint8_t *copy = malloc(list.n);

	CHECK(copy != NULL);
	memcpy(copy, list.p, list.n);
	mtpd_arguments_words(arguments, copy, words);
	for (size_t i = 0; i < arguments->n; i++) {
		CHECK(strlen(words[i]) == arguments->v[i].octets);
		CHECK(memcmp(words[i], list.p + arguments->v[i].at, arguments->v[i].octets) == 0);
	}
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	const struct ut_slice list = ut_slice(octets, n);
	struct mtpd_arguments arguments, of_part;
	size_t offset = SIZE_MAX;
	const enum mtpd_arguments_result result = mtpd_arguments_decode(list, &arguments, &offset);

	CHECK(result < MTPD_ARGUMENTS_RESULT_N && offset <= n);
	CHECK(strcmp(mtpd_arguments_sentence(result), "unassigned") != 0);
	if (result == MTPD_ARGUMENTS_MORE)
		CHECK(n < MTPD_ARGUMENTS_OCTETS_MAX); /* whoever reads on always has room */
	if (result != MTPD_ARGUMENTS_OK)
		return 0;
	check_places(list, &arguments);
	check_words(list, &arguments);
	CHECK(mtpd_arguments_decode(ut_slice(octets, n - 1), &of_part, &offset) == MTPD_ARGUMENTS_MORE);
	return 0;
}
