/* sham_pppd.h - a pppd in a world of memory: it runs, is asked to end, and has ended
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_CLI_HOST_SHAM_PPPD_H
#define TESTS_CLI_HOST_SHAM_PPPD_H

#include "cli/host/io_virtual.h"
#include "kernel-bridge/kb_pppd.h"

struct sham_pppd {
	struct ut_world *world; /* NULL: never started */
	bool is_running, has_ended;
	int wstatus;
	struct kb_pppd handle;
};

/* Runs, with descriptors of the world's; without reports as the stock plugin has it. */
struct sham_pppd sham_pppd_start(struct ut_world *world, pid_t pid, bool has_reports);

/* By itself, in 20 ms because it was asked to, and at once.  Nothing when it is not there any more; NULL is fine. */
void sham_pppd_end(struct sham_pppd *p, int wstatus);
void sham_pppd_stop(struct sham_pppd *p);
void sham_pppd_kill(struct sham_pppd *p);

/* As host_system_ops has them. */
int sham_pppd_wait(const struct sham_pppd *p, int *wstatus);
void sham_pppd_close(struct sham_pppd *p, const struct ut_io *io);

#endif
