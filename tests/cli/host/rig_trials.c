/* rig_trials.c - what every kind of profile does when nothing is amiss, and what it must survive
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/cli/host/rig_trials.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#define S (UINT64_C(1000000))

/* ---- nothing amiss ---- */

static void
demand(const struct rig *rig, bool is_so, const char *what)
{
	if (is_so)
		return;
	fprintf(stderr, "%s; status %d, \"%s\", notes:\n%s\n", what, rig->status, rig->ended, rig->notes);
	abort();
}

void
rig_bring_up(struct rig *rig)
{
	rig_start(rig);
	demand(rig, rig_run_until(rig, HOST_PPP_UP, 1, 5 * S), "it does not come up");
}

static void
end_as_asked(struct rig *rig, uint64_t limit_us)
{
	demand(rig, rig_run(rig, limit_us), "it does not end");
	demand(rig, rig->status == ut_end_status((struct ut_end){ .cause = UT_CAUSE_USER }),
	       "it does not end as asked");
	rig_end(rig);
}

void
rig_take_down(struct rig *rig)
{
	rig_stop_in(rig, 0);
	end_as_asked(rig, 10 * S);
}

static void
stop_at(rig_make_fn *make, uint64_t at_us, unsigned stops)
{
	struct rig *rig = make();

	rig_start(rig);
	for (unsigned i = 0; i < stops; i++)
		rig_stop_in(rig, at_us + i * 1000);
	end_as_asked(rig, 7 * S);
}

void
rig_try_to_stop_it(rig_make_fn *make, uint64_t until_us, uint64_t step_us)
{
	for (uint64_t at = 0; at < until_us; at += step_us) {
		stop_at(make, at, 1);
		stop_at(make, at, 2);
	}
}

/* ---- failures ---- */

unsigned
rig_count_real_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	unsigned n = 0;

	while (d != NULL && readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

static void
check(bool is_so, enum rig_call call, unsigned occurrence, const char *what)
{
	if (is_so)
		return;
	fprintf(stderr, "%s %u: %s\n", rig_call_name(call), occurrence, what);
	abort();
}

static void
fail_once(rig_make_fn *make, enum rig_call call, unsigned occurrence, bool reconnect, bool *happened)
{
	struct rig *rig = make();
	const unsigned fds = rig_count_real_fds();

	rig->fail_call = call;
	rig->fail_at = occurrence;
	rig->profile->default_route = true;
	rig->profile->reconnect.enabled = reconnect;
	rig->profile->sessions[1] = rig->profile->sessions[0];
	rig->profile->sessions_n = 2;
	rig_start(rig);
	rig_stop_in(rig, 20 * S);
	check(rig_run(rig, 60 * S), call, occurrence, "it did not end");
	*happened = rig->calls[call] >= occurrence;
	rig->fail_call = RIG_CALL_N;
	rig_end(rig);
	check(rig_count_real_fds() == fds, call, occurrence, "descriptors are left");
}

void
rig_try_all_failures(rig_make_fn *make)
{
	for (int call = 0; call < RIG_CALL_N; call++) {
		bool happened = true;

		for (unsigned n = 1; happened && n < 100; n++) {
			fail_once(make, (enum rig_call)call, n, false, &happened);
			fail_once(make, (enum rig_call)call, n, true, &happened);
		}
	}
}

void
rig_try_to_free_it(rig_make_fn *make)
{
	for (uint64_t at = 0; at < S / 2; at += 10000) {
		struct rig *rig = make();

		rig->profile->default_route = true;
		rig_start(rig);
		rig_run(rig, at);
		rig_end(rig);
	}
}
