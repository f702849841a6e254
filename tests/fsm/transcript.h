/* transcript.h - what was told in a conversation, beside what was told before; after <cmocka.h>
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_FSM_TRANSCRIPT_H
#define TESTS_FSM_TRANSCRIPT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRANSCRIPT_MAX = 65536 }; /* octets of a text, with its NUL */

/* tests/data/fsm/NAME.SUFFIX */
static inline FILE *
transcript_open(const char *name, const char *suffix, const char *mode)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof path, "tests/data/fsm/%s.%s", name, suffix);
	file = fopen(path, mode);
	assert_non_null(file);
	return file;
}

/* `play` tells the conversation NAME.in into the text: how many octets.  It is NAME.out, or with UT_TRANSCRIPT=write in
 * the environment becomes it. */
static inline void
transcript_check(const char *name, size_t (*play)(const char *name, char text[TRANSCRIPT_MAX]))
{
	static char got[TRANSCRIPT_MAX], want[TRANSCRIPT_MAX];
	const char *mode = getenv("UT_TRANSCRIPT");
	size_t n = play(name, got);
	FILE *file;

	assert_true(n > 0 && n < TRANSCRIPT_MAX - 1);
	if (mode != NULL && strcmp(mode, "write") == 0) {
		file = transcript_open(name, "out", "w");
		assert_int_equal(fwrite(got, 1, n, file), n);
		fclose(file);
		return;
	}
	file = transcript_open(name, "out", "r");
	n = fread(want, 1, sizeof want - 1, file);
	want[n] = '\0';
	fclose(file);
	assert_string_equal(got, want);
}

#endif
