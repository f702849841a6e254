/* bench_host.c - ten thousand tunnels in one host: what each costs to bring up, to keep, and in memory
 * SPDX-License-Identifier: Apache-2.0
 *
 * Clock, network, pppds, data path and server are made of memory (tests/cli/host/load.h).  The server's time is taken
 * off; the world's, which a kernel would spend otherwise, is in.
 */
#include "tests/bench/bench.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/cli/host/load.h"

#define S (UINT64_C(1000000))
#define HOUR (3600 * S)

enum { FEW = 1000, MANY = 10000 };

/* Octets of this process that are in memory. */
static double
resident(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	unsigned long all = 0, in = 0;

	if (f == NULL || fscanf(f, "%lu %lu", &all, &in) != 2)
		in = 0;
	if (f != NULL)
		fclose(f);
	return (double)in * (double)sysconf(_SC_PAGESIZE);
}

/* What a part of a life takes, a tunnel, without the server. */
struct cost {
	double us, datagrams;
};

struct mark {
	uint64_t ns;
	struct load_counts counts;
};

static struct mark
mark(const struct load *l)
{
	return (struct mark){ .ns = bench_thread_ns(), .counts = load_counts(l) };
}

static struct cost
cost_since(const struct load *l, const struct mark *from, unsigned tunnels)
{
	const struct mark now = mark(l);
	const uint64_t server = now.counts.server_ns - from->counts.server_ns;

	return (struct cost){ .us = (double)(now.ns - from->ns - server) / 1000 / tunnels,
			      .datagrams =
				  (double)(now.counts.datagrams - from->counts.datagrams) / tunnels };
}

struct result {
	struct cost up, hour, trouble, down;
	double octets;
};

static void
must(bool is_so, const char *what)
{
	if (is_so)
		return;
	fprintf(stderr, "bench_host: %s\n", what);
	exit(1);
}

/* One in a hundred, every minute: cut off, closed by the server, left by its pppd. */
static void
live_through_trouble(struct load *l, unsigned n)
{
	for (unsigned i = 0; i < 60; i++) {
		load_cut(l, n / 300 + 1);
		load_close(l, n / 300 + 1);
		load_hang_up(l, n / 300 + 1);
		load_run(l, 60 * S);
	}
}

static void
measure(unsigned n, struct result *out)
{
	struct load *l = load_new(&(struct load_spec){ .tunnels = n, .seed = 1 });

	must(l != NULL, "no memory");
	const double before = resident();
	load_open(l);
	struct mark m = mark(l);
	load_add(l, n);
	must(load_run_until_up(l, n, 60 * S), "they did not come up");
	out->up = cost_since(l, &m, n);
	out->octets = (resident() - before) / n;
	m = mark(l);
	load_run(l, HOUR);
	must(load_counts(l).up == n, "some did not stay up");
	out->hour = cost_since(l, &m, n);
	m = mark(l);
	live_through_trouble(l, n);
	out->trouble = cost_since(l, &m, n);
	must(load_run_until_up(l, n, 600 * S), "some did not come back");
	m = mark(l);
	host_stop(load_host(l), UINT_MAX);
	must(load_run_until_ended(l, n, 60 * S), "they did not end");
	out->down = cost_since(l, &m, n);
	load_free(l);
}

static void
print(unsigned n, const char *what, const struct cost *c)
{
	char name[80], note[80];

	snprintf(name, sizeof name, "%u tunnels in one host: %s, a tunnel", n, what);
	snprintf(note, sizeof note, "%.1f messages to the server", c->datagrams);
	bench_print_figure(name, c->us, "us", note);
}

static void
print_all(unsigned n, const struct result *r)
{
	char name[80];

	print(n, "up", &r->up);
	print(n, "an hour of HELLO", &r->hour);
	print(n, "an hour, 1 % a minute in trouble", &r->trouble);
	print(n, "down", &r->down);
	snprintf(name, sizeof name, "%u tunnels in one host: memory, a tunnel", n);
	bench_print_figure(name, r->octets / 1024, "KiB", "of the host, without sockets and pppds");
}

int
main(void)
{
	enum { FLAT = 2 };
	struct result few, many;
	int failed = 0;

	measure(FEW, &few);
	measure(MANY, &many);
	print_all(FEW, &few);
	print_all(MANY, &many);
	failed |= !bench_print_gate("an hour of HELLO, of ten thousand to of a thousand, a tunnel",
				    many.hour.us / few.hour.us, FLAT, "");
	failed |= !bench_print_gate("up, of ten thousand to of a thousand, a tunnel", many.up.us / few.up.us,
				    FLAT, "");
	return failed;
}
