/* rfc_lines.h - the second transcription of an RFC's tables, rfcNNNN-*.tsv, line by line; after <cmocka.h>
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_FSM_RFC_LINES_H
#define TESTS_FSM_RFC_LINES_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct rfc_line {
	char machine[32], state[32], event[64], guard[32], actions[96], next[32], source[64];
	bool matched; /* by a row of ours */
};

/* Of one section of an RFC; how many, at most `cap`. */
static inline unsigned
rfc_lines_read(unsigned rfc, const char *section, struct rfc_line *lines, unsigned cap)
{
	char path[64], text[512];
	unsigned n = 0;
	FILE *file;

	snprintf(path, sizeof path, "tests/fsm/rfc%u-%s.tsv", rfc, section);
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(text, sizeof text, file) != NULL) {
		struct rfc_line *l = &lines[n];

		if (text[0] == '#' || strncmp(text, "machine\t", 8) == 0)
			continue;
		assert_true(n < cap);
		l->matched = false;
		assert_int_equal(
		    sscanf(text, "%31[^\t]\t%31[^\t]\t%63[^\t]\t%31[^\t]\t%95[^\t]\t%31[^\t]\t%63[^\n]",
			   l->machine, l->state, l->event, l->guard, l->actions, l->next, l->source),
		    7);
		n++;
	}
	fclose(file);
	return n;
}

#endif
