/* fuzz_journal.c - any file as a journal, through the engine (cli/journal/journal_replay.h)
 * SPDX-License-Identifier: Apache-2.0
 *
 * The input is read as it is and, so that the engine is reached, once more with the check of every record made right.
 * Oracles: it ends, nothing of the engine's breaks, what is told is printable, and a replay gives the same twice.
 */
#define _POSIX_C_SOURCE 200809L /* fmemopen() */
#include <assert.h>
#include <stdlib.h>

#include "cli/journal/journal_replay.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n);

enum { INPUT_MAX = 65536, CHECK_OCTETS = 5, CHECK_TAG = 15 << 3 | 5 };

static uint32_t
crc32_of(const uint8_t *p, size_t n)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < n; i++) {
		crc ^= p[i];
		for (unsigned bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (UINT32_C(0xedb88320) & (0 - (crc & 1)));
	}
	return ~crc;
}

/* The octets of the record's message at `*at`, which moves behind its length; 0: no more. */
static size_t
message_at(const uint8_t *octets, size_t n, size_t *at)
{
	size_t length = 0;

	for (unsigned shift = 0; *at < n && shift < 21; shift += 7) {
		const uint8_t octet = octets[(*at)++];

		length |= (size_t)(octet & 0x7f) << shift;
		if (octet < 0x80)
			return length > CHECK_OCTETS && length <= n - *at ? length : 0;
	}
	return 0;
}

static void
correct_checks(uint8_t *octets, size_t n)
{
	size_t at = 0, length;

	while ((length = message_at(octets, n, &at)) > 0) {
		const uint32_t crc = crc32_of(octets + at, length - CHECK_OCTETS);
		uint8_t *check = octets + at + length - CHECK_OCTETS;

		*check++ = CHECK_TAG;
		for (unsigned i = 0; i < 4; i++)
			*check++ = (uint8_t)(crc >> 8 * i);
		at += length;
	}
}

static void
check_printable(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert(text[i] == '\n' || (unsigned char)text[i] >= 0x20);
}

static struct journal_verdict
replay(uint8_t *octets, size_t n, const struct l2tp_secret *secret, bool is_told)
{
	struct journal_replay_config config = {
		.secrets = secret, .n_secrets = secret != NULL, .force = true, .is_long = true
	};
	FILE *in = fmemopen(octets, n, "rb");
	struct journal_verdict v;
	char *text = NULL;
	size_t told = 0;

	config.story = is_told ? open_memstream(&text, &told) : NULL;
	assert(in != NULL && (config.story != NULL || !is_told));
	journal_replay(in, &config, &v);
	fclose(in);
	if (is_told) {
		fclose(config.story);
		check_printable(text, told);
		free(text);
	}
	check_printable(v.text, strlen(v.text));
	return v;
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	const struct l2tp_secret secret = { .octets = "secret", .n = 6 };
	struct journal_verdict first, second;
	uint8_t *copy;

	if (n == 0 || n > INPUT_MAX)
		return 0;
	copy = malloc(n);
	assert(copy != NULL);
	memcpy(copy, octets, n);
	(void)replay(copy, n, NULL, false);
	correct_checks(copy, n);
	first = replay(copy, n, NULL, true);
	second = replay(copy, n, NULL, false);
	assert(first.result == second.result && first.steps == second.steps);
	assert(strcmp(first.text, second.text) == 0);
	(void)replay(copy, n, &secret, false);
	free(copy);
	return 0;
}
