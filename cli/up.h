/* up.h - uptun up, with or without who keeps a journal
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_UP_H
#define CLI_UP_H

#include "cli/run.h"

/* Like cmd_up(), which has no `recorder`: then a line that asks for a journal is handed to uptun-journal. */
int up_run(int argc, char **argv, const struct run_recorder *recorder);

#endif
