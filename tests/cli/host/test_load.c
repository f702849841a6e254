/* test_load.c - thousands of tunnels in one host for hours of virtual time, with trouble: all come back, nothing leaks
 * SPDX-License-Identifier: Apache-2.0
 *
 * Ten thousand where it is fast enough; where the address sanitizer watches, a thousand.
 */
#include "tests/cli/host/load.h"

#include <dirent.h>
#include <limits.h>
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define S (UINT64_C(1000000))
#define MINUTE (60 * S)

#ifdef __SANITIZE_ADDRESS__
enum { TUNNELS = 1000, MINUTES = 60, LIVES = 10000 };
#else
enum { TUNNELS = 10000, MINUTES = 180, LIVES = 100000 };
#endif

static unsigned
count_real_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	unsigned n = 0;

	while (d != NULL && readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

/* Octets of heap in use; 0 under a sanitizer, which finds leaks its own way. */
static size_t
heap(void)
{
	const struct mallinfo2 m = mallinfo2();

	return m.uordblks + m.hblkhd;
}

static void
assert_is_flat(size_t before, size_t after, const char *what)
{
	enum { SLACK = 65536 };

	if (after > before + SLACK)
		fail_msg("%s: %zu octets of heap were in use, now %zu", what, before, after);
}

static void
assert_all_is_given_back(struct load *l)
{
	const struct ut_engine_counts n = host_engine_counts(load_host(l));
	const struct load_counts counts = load_counts(l);

	assert_int_equal(host_n_profiles(load_host(l)), 0);
	assert_int_equal(n.clients + n.links + n.tunnels + n.sessions, 0);
	assert_int_equal(counts.kernel + counts.ppps + counts.up, 0);
}

/* One in a hundred, every minute: a third each is cut off, closed by the server, and left by its pppd. */
static void
live_through_trouble(struct load *l)
{
	enum { EACH = (TUNNELS + 299) / 300 };

	for (unsigned i = 0; i < MINUTES; i++) {
		load_cut(l, EACH);
		load_close(l, EACH);
		load_hang_up(l, EACH);
		load_run(l, MINUTE);
		assert_true(load_counts(l).up > TUNNELS * 9 / 10);
	}
	assert_true(load_run_until_up(l, TUNNELS, 10 * MINUTE));
}

static void
bring_all_up(struct load *l)
{
	load_add(l, TUNNELS);
	assert_true(load_run_until_up(l, TUNNELS, MINUTE));
	assert_int_equal(load_counts(l).kernel, 2 * TUNNELS);
}

static void
bring_all_down(struct load *l, unsigned ended)
{
	host_stop(load_host(l), UINT_MAX);
	assert_true(load_run_until_ended(l, ended, MINUTE));
	load_run(l, S);
	assert_all_is_given_back(l);
}

static void
thousands_of_tunnels_live_for_hours(void **state)
{
	const unsigned fds = count_real_fds();
	struct load *l = load_new(&(struct load_spec){ .tunnels = TUNNELS, .seed = 1 });

	(void)state;
	assert_non_null(l);
	load_open(l);
	bring_all_up(l);
	const size_t up = heap();
	live_through_trouble(l);
	assert_is_flat(up, heap(), "hours later");
	load_restart_server(l);
	load_run(l, 3 * MINUTE);
	assert_true(load_run_until_up(l, TUNNELS, 10 * MINUTE));
	assert_is_flat(up, heap(), "after the server's restart");
	bring_all_down(l, TUNNELS);
	const size_t down = heap();
	load_run(l, MINUTE); /* what lingered at the server is gone */
	bring_all_up(l);
	assert_is_flat(up, heap(), "all once more");
	bring_all_down(l, 2 * TUNNELS);
	assert_is_flat(down, heap(), "and gone again");
	assert_int_equal(count_real_fds(), fds);
	load_free(l);
}

/* Each stopped after another time, from at once to a while after it was up. */
static void
lives_without_end_cost_nothing_that_stays(void **state)
{
	enum { SLOTS = 4, LONGEST_US = 400000 };
	struct load *l = load_new(&(struct load_spec){ .tunnels = SLOTS + 64, .seed = 2 });
	size_t before = 0;

	(void)state;
	assert_non_null(l);
	load_open(l);
	for (unsigned i = 0; i < LIVES; i += SLOTS) {
		if (i == LIVES / 4)
			before = heap();
		load_add(l, SLOTS);
		load_run(l, (uint64_t)(i / SLOTS) * 7919 % LONGEST_US);
		host_stop(load_host(l), UINT_MAX);
		assert_true(load_run_until_ended(l, i + SLOTS, 10 * S));
	}
	load_run(l, S);
	assert_all_is_given_back(l);
	assert_is_flat(before, heap(), "after so many lives");
	load_free(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(thousands_of_tunnels_live_for_hours),
		cmocka_unit_test(lives_without_end_cost_nothing_that_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
