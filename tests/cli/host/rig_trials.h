/* rig_trials.h - what every kind of profile must survive
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_CLI_HOST_RIG_TRIALS_H
#define TESTS_CLI_HOST_RIG_TRIALS_H

#include "tests/cli/host/rig.h"

/* A rig that is not started yet. */
typedef struct rig *rig_make_fn(void);

/* Descriptors of this process, the real ones. */
unsigned rig_count_real_fds(void);

/* Every call of the host into its machine fails once, at each of its occurrences; then the user stops it.  It must end,
 * and leave nothing.  Says what does not, and ends the program. */
void rig_try_all_failures(rig_make_fn *make);

/* host_free() without an end, at many moments. */
void rig_try_to_free_it(rig_make_fn *make);

#endif
