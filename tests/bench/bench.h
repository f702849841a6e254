/* bench.h - what the benchmarks share: rounds in thread CPU time, instruction counts, lines for the table of results
 * SPDX-License-Identifier: Apache-2.0
 *
 * A program prints one line a result, for the table of tests/bench/run: "FIGURE|what|value|note",
 * "GATE|what|value|limit|pass or FAIL", or "SKIPPED|why".
 */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include <stddef.h>
#include <stdint.h>

enum { BENCH_ROUNDS_MAX = 301 };

/* Something measured: `run` does `items` things of the kind counted. */
struct bench_subject {
	const char *name;
	void (*run)(void *state);
	void *state;
	size_t items;
};

/* Of one subject, nanoseconds of thread CPU an item. */
struct bench_time {
	double min_ns, median_ns, max_ns;
};

/* Runs the subjects in turn, `rounds` rounds of about `round_us` each, so that the neighbours disturb all alike. */
void bench_run(const struct bench_subject *subjects, size_t n, unsigned rounds, uint64_t round_us,
	       struct bench_time *times);

uint64_t bench_thread_ns(void); /* CPU time of this thread */
uint64_t bench_clock_ns(void);	/* monotonic */

double bench_median(double *values, size_t n); /* sorts them */

/* Under callgrind: one run of the subject after one to warm up, counted on its own and dumped by that name. */
void bench_count_instructions(const struct bench_subject *subject, const char *what);

void bench_print_figure(const char *what, double value, const char *unit, const char *note);

/* Prints the time of "VERB NAME"; `goal_ns`, 0: none, is met by the least time. */
void bench_print_time(const char *verb, const char *name, const struct bench_time *t, double goal_ns);

/* Prints and returns whether `value` is at most `limit`. */
int bench_print_gate(const char *what, double value, double limit, const char *unit);

#endif
