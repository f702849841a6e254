/* rig_trials.h - what every kind of profile does when nothing is amiss, and what it must survive
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_CLI_HOST_RIG_TRIALS_H
#define TESTS_CLI_HOST_RIG_TRIALS_H

#include "tests/cli/host/rig.h"

/* A rig that is not started yet. */
typedef struct rig *rig_make_fn(void);

/* Starts it: PPP is up within 5 s.  Says what is not so and ends the program, as the others do. */
void rig_bring_up(struct rig *rig);
/* Asks it to end: it does within 10 s, as the user asked for, and leaves nothing. */
void rig_take_down(struct rig *rig);

/* Descriptors of this process, the real ones. */
unsigned rig_count_real_fds(void);

/* Asked to end once and twice, every `step_us` up to `until_us` after its start, it ends and leaves nothing. */
void rig_try_to_stop_it(rig_make_fn *make, uint64_t until_us, uint64_t step_us);

/* Every call of the host into its machine fails once, at each of its occurrences; then the user stops it.  It must end,
 * and leave nothing.  Says what does not, and ends the program. */
void rig_try_all_failures(rig_make_fn *make);

/* host_free() without an end, at many moments. */
void rig_try_to_free_it(rig_make_fn *make);

#endif
