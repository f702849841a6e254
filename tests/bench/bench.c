/* bench.c - rounds, medians and lines of results
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
#define CALLGRIND_START_INSTRUMENTATION
#define CALLGRIND_ZERO_STATS
#define CALLGRIND_DUMP_STATS_AT(name) (void)(name)
#endif

static uint64_t
clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t
bench_thread_ns(void)
{
	return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

uint64_t
bench_clock_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

static int
compare_doubles(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double
bench_median(double *values, size_t n)
{
	qsort(values, n, sizeof *values, compare_doubles);
	return values[n / 2];
}

/* How often `run` fits into a round. */
static unsigned
repetitions(const struct bench_subject *s, uint64_t round_us)
{
	const uint64_t start = bench_thread_ns();
	uint64_t one;

	s->run(s->state);
	one = bench_thread_ns() - start + 1;
	return one >= round_us * 1000 ? 1 : (unsigned)(round_us * 1000 / one);
}

static double
measure(const struct bench_subject *s, unsigned times)
{
	const uint64_t start = bench_thread_ns();

	for (unsigned i = 0; i < times; i++)
		s->run(s->state);
	return (double)(bench_thread_ns() - start) / (double)times / (double)s->items;
}

void
bench_run(const struct bench_subject *subjects, size_t n, unsigned rounds, uint64_t round_us,
	  struct bench_time *times)
{
	double *const ns = calloc(n * rounds, sizeof *ns);

	if (ns == NULL)
		abort();
	for (unsigned round = 0; round < rounds; round++)
		for (size_t i = 0; i < n; i++)
			ns[i * rounds + round] = measure(&subjects[i], repetitions(&subjects[i], round_us));
	for (size_t i = 0; i < n; i++) {
		times[i].median_ns = bench_median(ns + i * rounds, rounds);
		times[i].min_ns = ns[i * rounds];
		times[i].max_ns = ns[i * rounds + rounds - 1];
	}
	free(ns);
}

void
bench_count_instructions(const struct bench_subject *subject, const char *what)
{
	char name[128];

	snprintf(name, sizeof name, "%s|%s|%zu", what, subject->name, subject->items);
	subject->run(subject->state);
	CALLGRIND_ZERO_STATS;
	subject->run(subject->state);
	CALLGRIND_DUMP_STATS_AT(name);
}

void
bench_print_figure(const char *what, double value, const char *unit, const char *note)
{
	printf("FIGURE|%s|%.4g %s|%s\n", what, value, unit, note);
}

void
bench_print_time(const char *verb, const char *name, const struct bench_time *t, double goal_ns)
{
	char what[96], note[96];
	const char *const met = t->min_ns <= goal_ns ? "met" : "missed";
	int n;

	snprintf(what, sizeof what, "%s %s", verb, name);
	n = snprintf(note, sizeof note, "least %.1f, most %.1f", t->min_ns, t->max_ns);
	if (goal_ns > 0)
		snprintf(note + n, sizeof note - (size_t)n, "; goal <= %.0f by the least: %s", goal_ns, met);
	bench_print_figure(what, t->median_ns, "ns", note);
}

int
bench_print_gate(const char *what, double value, double limit, const char *unit)
{
	const int passed = value <= limit;

	printf("GATE|%s|%.4g %s|<= %.4g|%s\n", what, value, unit, limit, passed ? "pass" : "FAIL");
	return passed;
}
