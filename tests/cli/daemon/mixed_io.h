/* mixed_io.h - a world in memory, and beside it real descriptors: for a daemon whose tunnels are virtual and whose
 * clients are not
 * SPDX-License-Identifier: Apache-2.0
 *
 * Before the world moves, what is ready among the real descriptors is called.
 */
#ifndef TESTS_CLI_DAEMON_MIXED_IO_H
#define TESTS_CLI_DAEMON_MIXED_IO_H

#include "cli/host/io_virtual.h"

enum { MIXED_WATCHES = 1024 };

struct mixed_io {
	struct ut_io world;
	struct {
		bool is_used, reads, writes;
		ut_io_ready_fn *ready;
		void *ctx;
	} watches[MIXED_WATCHES]; /* by descriptor */
};

/* All zero but `world` is one that watches nothing. */
struct ut_io mixed_io(struct mixed_io *m);

#endif
