/* up.h - uptun up, also where a journal is kept or the daemon does it
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_UP_H
#define CLI_UP_H

#include "cli/option.h"
#include "cli/run.h"

/* What an executable can do with a line of `uptun up`.  What is NULL it cannot, and hands to the one that can. */
struct up_hands {
	const struct run_recorder *recorder; /* of a journal: uptun-journal */
	/* Has the daemon bring the profiles up: uptun-control.  Returns the exit status. */
	int (*order)(struct run *run, const struct options *options);
};

/* cmd_up() is this without any. */
int up_run(int argc, char **argv, const struct up_hands *hands);

#endif
