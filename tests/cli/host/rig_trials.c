/* rig_trials.c - what every kind of profile must survive
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/cli/host/rig_trials.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#define S (UINT64_C(1000000))

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
