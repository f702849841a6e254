/* table_cells.c - runs at build time: prints, as C, each machine's index from (state, event, answer) to its row
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fsm/machines.h"

#include <stdio.h>
#include <stdlib.h>

static unsigned
row_number(const struct ut_machine *m, uint8_t state, uint8_t event, uint8_t answer)
{
	const struct ut_row *row = ut_table_match(m, state, event, answer);

	return row == NULL ? (unsigned)UT_NO_ROW : (unsigned)(row - m->rows);
}

static void
print_cells(const char *name, const struct ut_machine *m)
{
	printf("\nextern const uint8_t %s_cells[];\nconst uint8_t %s_cells[] = {\n", name, name);
	for (uint8_t s = 0; s < m->n_states; s++) {
		for (uint8_t e = 0; e < m->n_events; e++)
			for (unsigned a = 0; a < UT_ANSWERS_MAX; a++)
				printf("%u,", row_number(m, s, e, (uint8_t)a));
		printf("\n");
	}
	printf("};\n");
}

int
main(void)
{
	printf("#include <stdint.h>\n");
#define X(machine)                                                                     \
	if (machine.n_rows >= UT_NO_ROW) {                                             \
		fprintf(stderr, "%s has too many rows for its index\n", machine.name); \
		return EXIT_FAILURE;                                                   \
	}                                                                              \
	print_cells(#machine, &machine);
	UT_MACHINES(X)
#undef X
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
