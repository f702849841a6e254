/* mtpd_arguments.c - the argument list that Android's framework sends to mtpd
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/mtpd_arguments.h"

enum { LENGTH_OCTETS = 2, END_MARK = 0xFFFF };

const char *
mtpd_arguments_sentence(enum mtpd_arguments_result result)
{
	switch (result) {
#define X(token, sentence)           \
	case MTPD_ARGUMENTS_##token: \
		return sentence;
		MTPD_ARGUMENTS_RESULTS(X)
#undef X
	case MTPD_ARGUMENTS_RESULT_N:
		break;
	}
	return "unassigned";
}

/* What a length says, before anything is taken. */
static enum mtpd_arguments_result
judge_length(size_t length, size_t so_far)
{
	if (so_far == MTPD_ARGUMENTS_MAX)
		return MTPD_ARGUMENTS_TOO_MANY;
	return length > MTPD_ARGUMENT_OCTETS_MAX ? MTPD_ARGUMENTS_TOO_LONG : MTPD_ARGUMENTS_OK;
}

/* The octets of one argument, as far as they are there. */
static enum mtpd_arguments_result
take_octets(struct ut_slice list, size_t *offset, size_t length)
{
	const size_t rest = list.n - *offset, n = rest < length ? rest : length;
	const uint8_t *nul = n > 0 ? memchr(list.p + *offset, 0, n) : NULL;

	if (nul != NULL) {
		*offset = (size_t)(nul - list.p);
		return MTPD_ARGUMENTS_NUL;
	}
	*offset += n;
	return n == length ? MTPD_ARGUMENTS_OK : MTPD_ARGUMENTS_MORE;
}

enum mtpd_arguments_result
mtpd_arguments_decode(struct ut_slice list, struct mtpd_arguments *out, size_t *offset)
{
	enum mtpd_arguments_result result = MTPD_ARGUMENTS_OK;
	struct mtpd_arguments found = { .n = 0 };
	size_t at = 0;

	while (list.n - at >= LENGTH_OCTETS) {
		const size_t length = ut_get_u16(list.p + at);

		*offset = at;
		if (length == END_MARK) {
			*offset += LENGTH_OCTETS;
			if (*offset < list.n)
				return MTPD_ARGUMENTS_BEHIND;
			*out = found;
			return MTPD_ARGUMENTS_OK;
		}
		result = judge_length(length, found.n);
		if (result != MTPD_ARGUMENTS_OK)
			return result;
		*offset = at += LENGTH_OCTETS;
		result = take_octets(list, offset, length);
		if (result != MTPD_ARGUMENTS_OK)
			return result;
		found.v[found.n++] = (struct mtpd_argument){ .at = (uint16_t)at, .octets = (uint16_t)length };
		at = *offset;
	}
	*offset = list.n;
	return MTPD_ARGUMENTS_MORE;
}

void
mtpd_arguments_words(const struct mtpd_arguments *arguments, uint8_t *octets, char **words)
{
	for (size_t i = 0; i < arguments->n; i++) {
		words[i] = (char *)octets + arguments->v[i].at;
		words[i][arguments->v[i].octets] =
		    '\0'; /* over a length that was read, or over the end mark */
	}
}
