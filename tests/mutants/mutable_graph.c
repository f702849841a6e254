/* mutable_graph.c - what `uptun graph MACHINE --format promela` and `--list` print, of the tables with a fault
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/inspect/graph.h"

#include <stdlib.h>
#include <string.h>

int
main(int argc, char **argv)
{
	const struct ut_machine *m;

	if (argc == 3 && strcmp(argv[2], "--list") == 0) {
		for (unsigned i = 0; (m = graph_machine_at(i)) != NULL; i++)
			puts(m->name);
		return EXIT_SUCCESS;
	}
	m = argc == 5 ? graph_machine_find(argv[2]) : NULL;
	if (m == NULL)
		return EXIT_FAILURE;
	graph_promela(stdout, m);
	return EXIT_SUCCESS;
}
