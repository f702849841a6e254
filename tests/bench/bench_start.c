/* bench_start.c - from exec to the first datagram, and memory at that time: uptun, xl2tpd, and the least there is
 * SPDX-License-Identifier: Apache-2.0
 *
 * usage: bench_start FOLDER UPTUN [RUNS]     FOLDER has bare and bare-static; xl2tpd is looked for in PATH
 *
 * Each program is started in turn, sends to a socket of ours on the loopback address, and is killed.  A start in which
 * it or we had to wait for a processor that another program had is made again: what is measured is the programs, on
 * a busy machine too.  What counts is the median of all starts of each: rounds chosen by how quick one of the programs
 * was would flatter that one.  How much memory is resident swings with where the kernel maps the libraries, so that is a
 * median as well.
 */
#include "tests/bench/bench.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RUNS = 301, WORDS = 12, PATH_OCTETS = 1024, WAIT_S = 5, SETTLE_US = 20000 };
enum { TRIES = 12, DISTURBED_US = 60 /* a wake-up alone takes up to half of that */ };
enum { RSS_LIMIT_KB = 2048 };
#define START_LIMIT_MS 0.3

enum program { BARE, BARE_STATIC, UPTUN, XL2TPD, PROGRAMS };

struct start {
	const char *name;
	char words[WORDS][PATH_OCTETS];
	double ms[BENCH_ROUNDS_MAX], rss_kb[BENCH_ROUNDS_MAX], pss_kb[BENCH_ROUNDS_MAX];
	double median_ms, median_rss_kb;
	unsigned disturbed;
	bool is_there;
};

/* ---- one start ---- */

static int
listen_anywhere(unsigned *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof at;
	const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	const struct timeval wait = { .tv_sec = WAIT_S };

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) < 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &n) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) < 0)
		abort();
	*port = ntohs(at.sin_port);
	return fd;
}

static void
exec_words(struct start *s)
{
	char *argv[WORDS + 1] = { NULL };

	for (unsigned i = 0; i < WORDS && s->words[i][0] != '\0'; i++)
		argv[i] = s->words[i];
	if (freopen("/dev/null", "w", stdout) == NULL || freopen("/dev/null", "w", stderr) == NULL)
		_exit(EXIT_FAILURE);
	execvp(argv[0], argv);
	_exit(EXIT_FAILURE);
}

/* The number after `key` in a file of /proc/PID; -1 without. */
static double
proc_kb(pid_t pid, const char *file, const char *key)
{
	char path[PATH_OCTETS], line[PATH_OCTETS];
	double kb = -1;
	FILE *in;

	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
	in = fopen(path, "r");
	while (in != NULL && fgets(line, sizeof line, in) != NULL)
		if (strncmp(line, key, strlen(key)) == 0)
			kb = strtod(line + strlen(key), NULL);
	if (in != NULL)
		fclose(in);
	return kb;
}

/* How long a process has been ready to run and was kept waiting; 0 where the kernel does not count that. */
static double
waited_us(pid_t pid)
{
	char path[PATH_OCTETS];
	unsigned long long ran_ns = 0, waited_ns = 0;

	snprintf(path, sizeof path, "/proc/%d/schedstat", (int)pid);
	FILE *in = fopen(path, "r");
	if (in == NULL)
		return 0;
	if (fscanf(in, "%llu %llu", &ran_ns, &waited_ns) != 2)
		waited_ns = 0;
	fclose(in);
	return (double)waited_ns / 1e3;
}

static void
end(pid_t pid, int fd)
{
	uint8_t octets[2048];

	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	while (recv(fd, octets, sizeof octets, MSG_DONTWAIT) > 0)
		continue;
}

/* False: it sent nothing.  `*lost_us`: of its time and ours, what others took. */
static bool
run_once(struct start *s, int fd, unsigned round, double *lost_us)
{
	uint8_t octets[2048];
	const double waited = waited_us(getpid());
	const uint64_t before = bench_clock_ns();
	const pid_t pid = fork();
	bool has_sent;

	if (pid == 0)
		exec_words(s);
	has_sent = recv(fd, octets, sizeof octets, 0) > 0;
	s->ms[round] = (double)(bench_clock_ns() - before) / 1e6;
	*lost_us = waited_us(getpid()) - waited + waited_us(pid);
	usleep(SETTLE_US);
	s->rss_kb[round] = proc_kb(pid, "status", "VmRSS:");
	s->pss_kb[round] = proc_kb(pid, "smaps_rollup", "Pss:");
	end(pid, fd);
	return has_sent;
}

static bool
run_undisturbed(struct start *s, int fd, unsigned round)
{
	double lost_us = 0;

	for (unsigned i = 0; i < TRIES; i++) {
		if (!run_once(s, fd, round, &lost_us))
			return false;
		if (lost_us <= DISTURBED_US)
			return true;
	}
	s->disturbed++;
	return true;
}

/* ---- the programs ---- */

static void
say_words(struct start *s, const char *name, const char *const *words)
{
	s->name = name;
	s->is_there = true;
	for (unsigned i = 0; words[i] != NULL; i++)
		snprintf(s->words[i], sizeof s->words[i], "%s", words[i]);
}

static void
write_xl2tpd_files(const char *folder, unsigned port, char *config, char *control, char *pid)
{
	FILE *out;

	snprintf(config, PATH_OCTETS, "%s/xl2tpd.conf", folder);
	snprintf(control, PATH_OCTETS, "%s/xl2tpd.control", folder);
	snprintf(pid, PATH_OCTETS, "%s/xl2tpd.pid", folder);
	out = fopen(config, "w");
	if (out == NULL)
		abort();
	fprintf(out, "[global]\nport = %u\n[lac bench]\nlns = 127.0.0.1:%u\nautodial = yes\n",
		port == 1701 ? 1702 : 1701, port);
	fclose(out);
}

static void
prepare(struct start starts[PROGRAMS], char *folder, char *uptun, const char *scratch, unsigned port)
{
	static char bare[PATH_OCTETS], bare_static[PATH_OCTETS], digits[8];
	static char config[PATH_OCTETS], control[PATH_OCTETS], pid[PATH_OCTETS];

	snprintf(bare, sizeof bare, "%s/bare", folder);
	snprintf(bare_static, sizeof bare_static, "%s/bare-static", folder);
	snprintf(digits, sizeof digits, "%u", port);
	write_xl2tpd_files(scratch, port, config, control, pid);
	say_words(&starts[BARE], "bare", (const char *[]){ bare, digits, NULL });
	say_words(&starts[BARE_STATIC], "bare, static", (const char *[]){ bare_static, digits, NULL });
	say_words(&starts[UPTUN], "uptun",
		  (const char *[]){ uptun, "up", "l2tp", "127.0.0.1", "--port", digits, "--data-path", "null",
				    NULL });
	say_words(&starts[XL2TPD], "xl2tpd",
		  (const char *[]){ "xl2tpd", "-D", "-c", config, "-C", control, "-p", pid, NULL });
}

static void
remove_files(const char *scratch)
{
	static const char *const names[] = { "xl2tpd.conf", "xl2tpd.control", "xl2tpd.pid" };
	char path[PATH_OCTETS];

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		snprintf(path, sizeof path, "%s/%s", scratch, names[i]);
		unlink(path);
	}
	rmdir(scratch);
}

/* ---- results: issue 3 (e) ---- */

static void
print_start(struct start *s, unsigned runs, double bare_ms)
{
	char what[96], note[192];

	s->median_ms = bench_median(s->ms, runs);
	s->median_rss_kb = bench_median(s->rss_kb, runs);
	snprintf(what, sizeof what, "start to first datagram, %s", s->name);
	snprintf(note, sizeof note,
		 "%.2f to %.2f, a quarter below %.2f, %.2f of bare; RSS %.0f kB (%.0f to %.0f), PSS %.0f kB; "
		 "%u of %u "
		 "disturbed",
		 s->ms[0], s->ms[runs - 1], s->ms[runs / 4], s->median_ms / bare_ms, s->median_rss_kb,
		 s->rss_kb[0], s->rss_kb[runs - 1], bench_median(s->pss_kb, runs), s->disturbed, runs);
	bench_print_figure(what, s->median_ms, "ms", note);
}

static int
judge(const struct start starts[PROGRAMS])
{
	int passed = bench_print_gate("start of uptun above the bare program's",
				      starts[UPTUN].median_ms - starts[BARE].median_ms, START_LIMIT_MS, "ms");

	passed &=
	    bench_print_gate("resident memory of uptun", starts[UPTUN].median_rss_kb, RSS_LIMIT_KB, "kB");
	if (starts[XL2TPD].is_there)
		passed &= bench_print_gate("resident memory of uptun, next to xl2tpd's",
					   starts[UPTUN].median_rss_kb, starts[XL2TPD].median_rss_kb, "kB");
	return passed;
}

/* Each round begins with another program, so that none always follows the same one. */
static void
run_round(struct start starts[PROGRAMS], int fd, unsigned round)
{
	for (unsigned i = 0; i < PROGRAMS; i++) {
		struct start *s = &starts[(round + i) % PROGRAMS];

		if (s->is_there && !run_undisturbed(s, fd, round))
			s->is_there = false;
	}
}

int
main(int argc, char **argv)
{
	static struct start starts[PROGRAMS];
	char scratch[] = "/tmp/uptun-bench.XXXXXX";
	const unsigned runs = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : RUNS;
	unsigned port;
	const int fd = listen_anywhere(&port);

	if (argc < 3 || runs == 0 || runs > BENCH_ROUNDS_MAX || mkdtemp(scratch) == NULL)
		return EXIT_FAILURE;
	prepare(starts, argv[1], argv[2], scratch, port);
	for (unsigned round = 0; round < runs; round++)
		run_round(starts, fd, round);
	remove_files(scratch);
	for (unsigned i = 0; i < PROGRAMS; i++) {
		if (starts[i].is_there)
			print_start(&starts[i], runs, bench_median(starts[BARE].ms, runs));
		else
			printf("SKIPPED|start of %s: it is not there, or sent nothing\n", starts[i].name);
	}
	return starts[UPTUN].is_there && judge(starts) ? EXIT_SUCCESS : EXIT_FAILURE;
}
