/* graph_svg.h - a machine's picture, drawn by Graphviz
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_INSPECT_GRAPH_SVG_H
#define CLI_INSPECT_GRAPH_SVG_H

#include "fsm/table.h"

/* Writes the picture to standard output.  False: it said why (Graphviz's dot is not installed, or failed). */
bool graph_svg(const struct ut_machine *m);

#endif
