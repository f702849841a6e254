/* sham_pppd.c - a pppd in a world of memory: it runs, is asked to end, and has ended
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/cli/host/sham_pppd.h"

#include <signal.h>

enum { USER_REQUEST = 5, STOPS_AFTER_US = 20000 };

struct sham_pppd
sham_pppd_start(struct ut_world *world, pid_t pid, bool has_reports)
{
	return (struct sham_pppd){ .world = world,
				   .is_running = true,
				   .handle = { .pid = pid,
					       .pidfd = ut_world_fd(world),
					       .report_fd = has_reports ? ut_world_fd(world) : -1 } };
}

void
sham_pppd_end(struct sham_pppd *p, int wstatus)
{
	if (p == NULL || !p->is_running || p->has_ended)
		return;
	p->has_ended = true;
	p->wstatus = wstatus;
	ut_world_fd_set(p->world, p->handle.pidfd, true);
}

static void
end_softly(void *ctx)
{
	sham_pppd_end(ctx, USER_REQUEST << 8);
}

void
sham_pppd_stop(struct sham_pppd *p)
{
	if (p != NULL)
		(void)ut_world_at(p->world, STOPS_AFTER_US, end_softly, p);
}

void
sham_pppd_kill(struct sham_pppd *p)
{
	sham_pppd_end(p, SIGKILL);
}

int
sham_pppd_wait(const struct sham_pppd *p, int *wstatus)
{
	if (p == NULL || !p->has_ended)
		return 0;
	*wstatus = p->wstatus;
	return 1;
}

void
sham_pppd_close(struct sham_pppd *p, const struct ut_io *io)
{
	io->ops->udp_close(io->self, p->handle.pidfd);
	if (p->handle.report_fd >= 0)
		io->ops->udp_close(io->self, p->handle.report_fd);
	p->is_running = false;
}
