/* bench_server.c - processor time of a server for each tunnel: uptun-peer next to xl2tpd, under the same load
 * SPDX-License-Identifier: Apache-2.0
 *
 * usage: bench_server UPTUN-PEER TUNNELS GATE-RATIO     xl2tpd is looked for in PATH
 *
 * The load is ours: one socket on the loopback address, so many tunnels opened (SCCRQ, SCCRP, SCCCN, acknowledged), at
 * most OPENING of them at a time. The server's time is what the scheduler says it ran.
 */
#include "codec/l2tp.h"
#include "tests/bench/bench.h"

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OPENING = 16, TRIES = 8, TEXT = 1024, DATAGRAM = 2048, START_TRIES = 50, SOCKET_OCTETS = 4 << 20 };
enum { TUNNELS_MAX = 60000, RUN_MAX_S = 120 };
#define SECOND_NS 1000000000u
#define GOAL_US 12.0

enum state { IDLE, ASKED, CONFIRMED, UP, LOST };

struct tunnel {
	uint8_t state, sent; /* enum state; transmissions of the message that waits for its answer */
	struct l2tp_tid peer_tid;
	uint64_t sent_ns;
};

struct load {
	int fd;
	struct tunnel *tunnels;
	unsigned n, n_asked, n_opening, n_up, n_lost, n_again;
};

/* ---- the client's side ---- */

static struct l2tp_message
sccrq(uint16_t tid)
{
	return (struct l2tp_message){ .type = L2TP_SCCRQ,
				      .present = L2TP_HAS(PROTOCOL_VERSION) | L2TP_HAS(HOST_NAME) |
						 L2TP_HAS(FRAMING_CAPABILITIES) |
						 L2TP_HAS(ASSIGNED_TUNNEL_ID) | L2TP_HAS(RECEIVE_WINDOW_SIZE),
				      .protocol_version = 0x0100,
				      .host_name = ut_slice_str("bench"),
				      .framing_capabilities = 3,
				      .assigned_tid = { tid },
				      .receive_window = 8 };
}

/* Sends what the tunnel's state asks for, once more if it was sent before. */
static void
transmit(struct load *l, unsigned i)
{
	struct tunnel *const t = &l->tunnels[i];
	const struct l2tp_message confirm = { .type = L2TP_SCCCN };
	const struct l2tp_message ask = sccrq((uint16_t)(i + 1));
	const uint16_t seen = t->state == CONFIRMED;
	uint8_t octets[DATAGRAM];
	struct ut_put w = ut_put_into(octets, sizeof octets);

	l2tp_message_encode(&w, &(struct l2tp_header){ .tid = t->peer_tid, .ns = seen, .nr = seen },
			    seen ? &confirm : &ask, NULL);
	if (w.full || send(l->fd, octets, w.len, 0) < 0)
		perror("send");
	l->n_again += t->sent > 0;
	t->sent++;
	t->sent_ns = bench_clock_ns();
}

static void
start(struct load *l, unsigned i)
{
	l->tunnels[i].state = ASKED;
	l->n_opening++;
	transmit(l, i);
}

static void
start_some(struct load *l)
{
	while (l->n_opening < OPENING && l->n_asked < l->n)
		start(l, l->n_asked++);
}

static void
take_answer(struct load *l, struct tunnel *t, const struct l2tp_header *h, const struct l2tp_message *m)
{
	if (m->type == L2TP_SCCRP && t->state == ASKED) {
		t->peer_tid = m->assigned_tid;
		t->state = CONFIRMED;
		t->sent = 0;
		l->n_opening--;
		transmit(l, (unsigned)(t - l->tunnels));
	} else if (m->type == L2TP_SCCRP) {
		l->n_again++;
	} else if (h->nr == 2 && t->state == CONFIRMED) {
		t->state = UP;
		l->n_up++;
	}
}

static void
receive_all(struct load *l)
{
	uint8_t octets[DATAGRAM];
	ssize_t n;

	while ((n = recv(l->fd, octets, sizeof octets, MSG_DONTWAIT)) > 0) {
		const struct ut_slice d = ut_slice(octets, (size_t)n);
		struct l2tp_header h;
		struct l2tp_message m;
		struct l2tp_fault fault;

		if (l2tp_header_decode(d, &h, &fault) == L2TP_FAULT_NONE && h.is_control && h.tid.v > 0 &&
		    h.tid.v <= l->n && l2tp_message_decode(d, &h, NULL, &m, &fault) == L2TP_FAULT_NONE)
			take_answer(l, &l->tunnels[h.tid.v - 1], &h, &m);
		start_some(l);
	}
}

static void
send_again(struct load *l)
{
	const uint64_t now = bench_clock_ns();

	for (unsigned i = 0; i < l->n_asked; i++) {
		struct tunnel *const t = &l->tunnels[i];

		if ((t->state != ASKED && t->state != CONFIRMED) || now - t->sent_ns < SECOND_NS)
			continue;
		if (t->sent < TRIES) {
			transmit(l, i);
			continue;
		}
		l->n_opening -= t->state == ASKED;
		t->state = LOST;
		l->n_lost++;
	}
}

/* Opens tunnels until each is up or lost. */
static void
run_load(struct load *l)
{
	struct pollfd p = { .fd = l->fd, .events = POLLIN };
	uint64_t last = bench_clock_ns();
	const uint64_t end = last + (uint64_t)RUN_MAX_S * SECOND_NS;

	start_some(l);
	while (l->n_up + l->n_lost < l->n && last < end) {
		if (poll(&p, 1, 100) > 0)
			receive_all(l);
		if (bench_clock_ns() - last < SECOND_NS / 10)
			continue;
		last = bench_clock_ns();
		send_again(l);
	}
	l->n_lost = l->n - l->n_up;
}

/* ---- the server ---- */

static int
connect_to(uint16_t port)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
					.sin_port = htons(port),
					.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const int octets = SOCKET_OCTETS;
	const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)&to, sizeof to) < 0)
		abort();
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof octets);
	return fd;
}

static uint16_t
free_port(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t n = sizeof at;
	const int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) < 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &n) < 0)
		abort();
	close(fd);
	return ntohs(at.sin_port);
}

static pid_t
spawn(char *const argv[])
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid != 0)
		return pid;
	if (freopen("/dev/null", "w", stdout) == NULL || freopen("/dev/null", "w", stderr) == NULL)
		_exit(EXIT_FAILURE);
	execvp(argv[0], argv);
	_exit(EXIT_FAILURE);
}

/* What the scheduler says the process ran, in nanoseconds. */
static double
cpu_ns(pid_t pid)
{
	char path[TEXT];
	double ns = 0;
	FILE *in;

	snprintf(path, sizeof path, "/proc/%d/schedstat", (int)pid);
	in = fopen(path, "r");
	if (in == NULL || fscanf(in, "%lf", &ns) != 1)
		fprintf(stderr, "bench_server: %s cannot be read\n", path);
	if (in != NULL)
		fclose(in);
	return ns;
}

/* Until the server's socket is there, a datagram to it comes back as an error. */
static bool
wait_for_server(int fd, pid_t pid)
{
	for (unsigned i = 0; i < START_TRIES; i++) {
		(void)!send(fd, "", 1, 0);
		usleep(20000);
		if (recv(fd, &(char){ 0 }, 1, MSG_DONTWAIT) < 0 && send(fd, "", 1, 0) == 1)
			return true;
		if (waitpid(pid, NULL, WNOHANG) != 0)
			return false;
	}
	return false;
}

/* Microseconds a tunnel; negative when the server is not there. */
static double
measure(const char *name, char *const argv[], uint16_t port, unsigned n, struct load *l)
{
	const int fd = connect_to(port);
	const pid_t pid = spawn(argv);
	double us = -1;

	*l = (struct load){ .fd = fd, .n = n, .tunnels = calloc(n, sizeof *l->tunnels) };
	if (l->tunnels != NULL && wait_for_server(fd, pid)) {
		const double before = cpu_ns(pid);

		run_load(l);
		us = (cpu_ns(pid) - before) / 1000 / n;
	} else {
		printf("SKIPPED|%s as a server: it is not there, or does not listen\n", name);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(fd);
	free(l->tunnels);
	return us;
}

static double
measure_uptun(char *program, unsigned n, struct load *l)
{
	const uint16_t port = free_port();
	char port_text[8], n_text[8], option_port[] = "--port", option_tunnels[] = "--tunnels",
				      quiet[] = "--quiet";
	char *const argv[] = { program, option_port, port_text, option_tunnels, n_text, quiet, NULL };

	snprintf(port_text, sizeof port_text, "%u", port);
	snprintf(n_text, sizeof n_text, "%u", n + OPENING);
	return measure("uptun-peer", argv, port, n, l);
}

static double
measure_xl2tpd(unsigned n, struct load *l)
{
	char folder[] = "/tmp/uptun-bench.XXXXXX", config[TEXT], control[TEXT], pid[TEXT];
	char program[] = "xl2tpd", foreground[] = "-D", c[] = "-c", upper_c[] = "-C", p[] = "-p";
	char *const argv[] = { program, foreground, c, config, upper_c, control, p, pid, NULL };
	const uint16_t port = free_port();
	double us;
	FILE *out;

	if (mkdtemp(folder) == NULL)
		abort();
	snprintf(config, sizeof config, "%s/conf", folder);
	snprintf(control, sizeof control, "%s/control", folder);
	snprintf(pid, sizeof pid, "%s/pid", folder);
	out = fopen(config, "w");
	if (out == NULL)
		abort();
	fprintf(out,
		"[global]\nport = %u\n[lns default]\nip range = 10.9.0.2-10.9.0.9\nlocal ip = 10.9.0.1\n",
		port);
	fclose(out);
	us = measure("xl2tpd", argv, port, n, l);
	unlink(config);
	unlink(control);
	unlink(pid);
	rmdir(folder);
	return us;
}

/* ---- results: issue 3 (d) ---- */

static void
print_server(const char *name, unsigned n, double us, const struct load *l)
{
	char what[96], note[96];

	snprintf(what, sizeof what, "%s as a server, CPU a tunnel, of %u", name, n);
	snprintf(note, sizeof note, "%u up, %u lost, %u sent again", l->n_up, l->n_lost, l->n_again);
	bench_print_figure(what, us, "us", note);
}

int
main(int argc, char **argv)
{
	const unsigned n = argc > 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
	struct load ours, theirs;
	double us, other_us;
	char what[96];
	int passed;

	if (n == 0 || n > TUNNELS_MAX)
		return EXIT_FAILURE;
	us = measure_uptun(argv[1], n, &ours);
	if (us < 0)
		return EXIT_FAILURE;
	print_server("uptun-peer", n, us, &ours);
	snprintf(what, sizeof what, "uptun-peer, tunnels lost or sent again, of %u", n);
	passed = bench_print_gate(what, (double)(ours.n_lost + ours.n_again), 0, "");
	printf("FIGURE|goal of %.0f us a tunnel, of %u|%s|\n", GOAL_US, n, us <= GOAL_US ? "met" : "missed");
	other_us = measure_xl2tpd(n, &theirs);
	if (other_us < 0)
		return passed ? EXIT_SUCCESS : EXIT_FAILURE;
	print_server("xl2tpd", n, other_us, &theirs);
	snprintf(what, sizeof what, "uptun-peer's CPU a tunnel, of xl2tpd's, of %u", n);
	passed &= bench_print_gate(what, us / other_us, strtod(argv[3], NULL), "x");
	return passed ? EXIT_SUCCESS : EXIT_FAILURE;
}
