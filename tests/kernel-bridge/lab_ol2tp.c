/* lab_ol2tp.c - the mainline drivers and our pppd plugin against the real kernel; runs inside the lab
 * SPDX-License-Identifier: Apache-2.0
 *
 * Both ends are ours, with ids agreed beforehand and no control connection: one in the client's network
 * namespace, one in the server's.  usage: lab_ol2tp PLUGIN [TEST-FILTER [netlink]]
 */
#include "kernel-bridge/kb_datapath.h"
#include "kernel-bridge/kb_pppd.h"
#include "kernel-bridge/kb_udp.h"

#include "tests/kernel-bridge/addresses.h"
#include "tests/kernel-bridge/lab_host.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { L2TP_PORT = 1701 };

#define SERVER_PPP "10.10.0.1"
#define ADDRESSES SERVER_PPP ":10.10.0.10"

static const char *plugin_path;
static const struct kb_driver *driver = &kb_ol2tp;

/* ---- what is left ---- */

static bool
kernel_has_tunnels(void)
{
	char text[8192];

	read_file("/proc/self/net/pppol2tp", text, sizeof text);
	return strstr(text, "TUNNEL '") != NULL || strstr(text, "SESSION '") != NULL;
}

static bool
no_tunnels(void)
{
	bool none;

	enter("server");
	none = !kernel_has_tunnels();
	enter("client");
	return none && !kernel_has_tunnels();
}

static void
nothing_left(void)
{
	until(no_pppds, 8 * SECOND_MS, "no pppd");
	until(no_tunnels, GONE_LIMIT_MS, "no kernel tunnel");
	until(no_ppp_links, GONE_LIMIT_MS, "no ppp interface");
}

/* ---- two ends ---- */

struct end {
	const char *host, *address, *peer_address;
	uint16_t local_tid, peer_tid, local_sid, peer_sid;
	int udp_fd;
	struct kb_tunnel tunnel;
	struct kb_session session;
	struct kb_pppd pppd;
};

/* The kernel ends a tunnel some time after its last descriptor: no id is used twice. */
static uint16_t serial;

/* The client's end and the server's.  Bytes that differ within each id: a swapped id cannot pass. */
static void
make_ends(struct end ends[2], bool v6)
{
	const uint16_t n = serial++;
	const struct end client = { .host = "client",
				    .address = v6 ? "fd09:1::2" : "10.9.1.2",
				    .peer_address = v6 ? "fd09:2::2" : "10.9.2.2",
				    .local_tid = (uint16_t)(0x1200 + n),
				    .peer_tid = (uint16_t)(0x4300 + n),
				    .local_sid = 0x0102,
				    .peer_sid = 0x0a0b,
				    .udp_fd = -1,
				    .tunnel = KB_TUNNEL_NULL,
				    .session = KB_SESSION_NULL,
				    .pppd = KB_PPPD_NULL };

	ends[0] = ends[1] = client;
	ends[1].host = "server";
	ends[1].address = client.peer_address;
	ends[1].peer_address = client.address;
	ends[1].local_tid = client.peer_tid;
	ends[1].peer_tid = client.local_tid;
	ends[1].local_sid = client.peer_sid;
	ends[1].peer_sid = client.local_sid;
}

static void
open_tunnel(struct end *e)
{
	struct kb_error why;
	const struct kb_udp_spec udp = { .peer = address(e->peer_address, L2TP_PORT),
					 .local_port = L2TP_PORT };

	must(kb_udp_open(&udp, &e->udp_fd, &why), &why);
	const struct kb_tunnel_spec spec = {
		.control_fd = e->udp_fd, .peer = udp.peer, .local_tid = e->local_tid, .peer_tid = e->peer_tid
	};
	must(driver->tunnel_open(&spec, &e->tunnel, &why), &why);
}

static void
open_end(struct end *e, bool sequence)
{
	struct kb_error why;
	const struct kb_session_spec spec = { .local_sid = e->local_sid,
					      .peer_sid = e->peer_sid,
					      .send_sequence = sequence,
					      .expect_sequence = sequence,
					      .is_lns = strcmp(e->host, "server") == 0 };

	enter(e->host);
	open_tunnel(e);
	must(driver->session_open(&e->tunnel, &spec, &e->session, &why), &why);
	assert_true(e->session.channel >= 0);
	enter("client");
}

static void
close_end(struct end *e)
{
	driver->session_close(&e->session);
	driver->tunnel_close(&e->tunnel);
	if (e->udp_fd >= 0)
		close(e->udp_fd);
	e->udp_fd = -1;
}

static void
close_ends(struct end ends[2])
{
	close_end(&ends[0]);
	close_end(&ends[1]);
	nothing_left();
}

/* ---- pppd ---- */

static const char *const server_options[] = { ADDRESSES, "noipv6", "ms-dns", "10.10.0.53", NULL };
static const char *const silent_options[] = { ADDRESSES, "noipv6", "silent", NULL };
static const char *const chap_options[] = {
	ADDRESSES, "noipv6", "auth", "require-chap", "name", "lab", NULL
};
static const char *const client_options[] = { "noipv6", NULL };

static struct kb_pppd_request
request_of(const struct end *e, const char *const *options)
{
	return pppd_request(e->session.fd, plugin_path, options);
}

static void
start(struct end *e, const struct kb_pppd_request *request)
{
	pppd_start(e->host, request, &e->pppd);
}

static void
start_server(struct end *e, const char *const *options)
{
	struct kb_pppd_request request = request_of(e, options);

	start(e, &request);
}

static void
stop_both(struct end ends[2])
{
	pppds_stop(&ends[0].pppd, &ends[1].pppd);
}

/* ---- cases ---- */

static void
the_probe_succeeds_and_leaves_nothing(void **state)
{
	struct kb_error why;

	(void)state;
	must(driver->probe(&why), &why);
	until(no_tunnels, GONE_LIMIT_MS, "no kernel tunnel");
}

static void
an_id_that_another_program_has_is_refused(void **state)
{
	struct end ends[2];
	struct kb_error why;
	int second;

	(void)state;
	make_ends(ends, false);
	open_end(&ends[0], false);
	const struct kb_udp_spec udp = { .peer = address("10.9.2.2", L2TP_PORT) };
	must(kb_udp_open(&udp, &second, &why), &why);
	const struct kb_tunnel_spec spec = {
		.control_fd = second, .peer = udp.peer, .local_tid = ends[0].local_tid, .peer_tid = 99
	};
	struct kb_tunnel tunnel = KB_TUNNEL_NULL;
	assert_int_equal(driver->tunnel_open(&spec, &tunnel, &why), -EEXIST);
	assert_non_null(strstr(why.text, "in use"));
	close(second);
	close_ends(ends);
}

static void
bring_up_and_use(struct end ends[2], bool sequence)
{
	struct kb_pppd_report up;
	struct kb_session_stats stats;
	struct kb_error why;

	open_end(&ends[1], sequence);
	open_end(&ends[0], sequence);
	start_server(&ends[1], server_options);
	const struct kb_pppd_request request = request_of(&ends[0], client_options);
	start(&ends[0], &request);
	assert_true(pppd_hears(&ends[0].pppd, KB_PPPD_IP_UP, UP_LIMIT_MS, &up));
	assert_int_equal(up.local.s_addr, inet_addr("10.10.0.10"));
	assert_int_equal(up.peer.s_addr, inet_addr(SERVER_PPP));
	assert_int_equal(up.mtu, 1400);
	assert_memory_equal(up.ifname, "ppp", 3);
	assert_true(reaches(SERVER_PPP));
	must(driver->session_stats(&ends[0].session, &stats, &why), &why);
	assert_true(stats.tx_packets >= 2 && stats.rx_packets >= 2);
	assert_true(stats.tx_octets > 100 && stats.rx_octets > 100);
	assert_int_equal(stats.rx_errors + stats.tx_errors + stats.rx_discards, 0);
	stop_both(ends);
	close_ends(ends);
}

static void
frames_pass_over_ipv4(void **state)
{
	struct end ends[2];

	(void)state;
	make_ends(ends, false);
	bring_up_and_use(ends, false);
}

static void
frames_pass_over_ipv6(void **state)
{
	struct end ends[2];

	(void)state;
	make_ends(ends, true);
	bring_up_and_use(ends, false);
}

static void
frames_pass_with_sequence_numbers(void **state)
{
	struct end ends[2];

	(void)state;
	make_ends(ends, false);
	bring_up_and_use(ends, true);
}

static bool
server_answers(void)
{
	return reaches(SERVER_PPP);
}

static void
the_stock_plugin_works_too(void **state)
{
	struct end ends[2];
	struct kb_pppd_request request;

	(void)state;
	make_ends(ends, false);
	open_end(&ends[1], false);
	open_end(&ends[0], false);
	request = request_of(&ends[1], server_options);
	request.stock_plugin = true;
	start(&ends[1], &request);
	request = request_of(&ends[0], client_options);
	request.stock_plugin = true;
	start(&ends[0], &request);
	assert_int_equal(ends[0].pppd.report_fd, -1);
	until(server_answers, UP_LIMIT_MS, "the server answers");
	stop_both(ends);
	close_ends(ends);
}

/* ms from kb_pppd_start() to the report that IP is up. */
static long
time_to_ip(const char *const *options_of_server)
{
	struct end ends[2];
	struct kb_pppd_report up;

	make_ends(ends, false);
	open_end(&ends[1], false);
	open_end(&ends[0], false);
	const struct kb_pppd_request request = request_of(&ends[0], client_options);
	start_server(&ends[1], options_of_server);
	nap_ms(600); /* the server's pppd has started, and sent its first request */
	const long begin = now_ms();
	start(&ends[0], &request);
	assert_true(pppd_hears(&ends[0].pppd, KB_PPPD_IP_UP, UP_LIMIT_MS, &up));
	const long taken = now_ms() - begin;
	stop_both(ends);
	close_ends(ends);
	return taken;
}

static void
a_server_that_speaks_first_costs_no_wait(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		const long ms = time_to_ip(server_options);

		print_message("#   non-silent server: IP up %ld ms after kb_pppd_start\n", ms);
		assert_true(ms < 2000); /* a lost request would cost 3 s */
	}
}

static void
a_silent_server_costs_half_a_second_at_most(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		const long ms = time_to_ip(silent_options);

		print_message("#   silent server: IP up %ld ms after kb_pppd_start\n", ms);
		assert_true(ms < 2500);
	}
}

/* Every octet that pppd's own parser gives a meaning. */
#define ODD_USER "jo \"e\" #1\\s"
#define ODD_PASSWORD "p'a\"s\\s w#rd\\n \xc3\xa9"
#define ODD_SECRETS "\"jo \\\"e\\\" #1\\\\s\" lab \"p'a\\\"s\\\\s w#rd\\\\n \xc3\xa9\" *\n"

static struct kb_pppd_request
request_with_password(const struct end *e, const char *password)
{
	struct kb_pppd_request request = request_of(e, client_options);

	request.user = ODD_USER;
	request.password = (const uint8_t *)password;
	request.password_octets = strlen(password);
	request.ifname = "vpn7";
	request.use_peer_dns = true;
	return request;
}

static void
shows_no_secret(pid_t pid)
{
	char path[64], text[4096];

	snprintf(path, sizeof path, "/proc/%d/cmdline", (int)pid);
	const size_t n = read_file(path, text, sizeof text);
	assert_memory_equal(text, "pppd\0file\0/proc/self/fd/3", 26);
	assert_int_equal(n, 26);
	snprintf(path, sizeof path, "/proc/%d/environ", (int)pid);
	read_file(path, text, sizeof text);
	assert_null(strstr(text, "p'a"));
}

/* Neither the options file nor the session, nor anything of ours. */
static void
holds_nothing_of_ours(pid_t pid)
{
	char path[300], target[300];

	snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
	DIR *fds = opendir(path);
	assert_non_null(fds);
	for (struct dirent *e = readdir(fds); e != NULL; e = readdir(fds)) {
		snprintf(path, sizeof path, "/proc/%d/fd/%.20s", (int)pid, e->d_name);
		const ssize_t n = readlink(path, target, sizeof target - 1);
		if (n < 0)
			continue;
		target[n] = '\0';
		if (getenv("LAB_LOUD") != NULL)
			print_message("#   %s -> %s\n", e->d_name, target);
		assert_null(strstr(target, "memfd"));
		assert_true(strncmp(target, "socket:", 7) != 0 || atoi(e->d_name) != 4);
		assert_null(strstr(target, "leak-me"));
	}
	closedir(fds);
}

static void
the_script_knows_the_dns_but_need_not_act(void)
{
	char text[8192];

	assert_true(read_file("/run/ip-up-env", text, sizeof text) > 0);
	assert_non_null(strstr(text, "DNS1='10.10.0.53'"));
	assert_null(strstr(text, "USEPEERDNS"));
	assert_null(strstr(text, "p'a"));
	assert_true(read_file("/run/ip-up-fds", text, sizeof text) > 0);
	assert_null(strstr(text, "memfd"));
	unlink("/run/ip-up-env");
	unlink("/run/ip-up-fds");
}

static void
an_odd_password_passes_chap_and_shows_nowhere(void **state)
{
	struct end ends[2];
	struct kb_pppd_report up;

	(void)state;
	write_file("/etc/ppp/chap-secrets", ODD_SECRETS);
	write_file("/run/leak-me", "");
	const int leak = open("/run/leak-me", O_RDONLY); /* no CLOEXEC, as descriptors from a shell */
	/* The server's pppd runs it too, and was told of no DNS. */
	write_file("/etc/ppp/ip-up", "#!/bin/sh\n[ -n \"$DNS1\" ] || exit 0\n"
				     "set >/run/ip-up-env\nls -l /proc/self/fd >/run/ip-up-fds\n");
	assert_int_equal(chmod("/etc/ppp/ip-up", 0700), 0);
	make_ends(ends, false);
	open_end(&ends[1], false);
	open_end(&ends[0], false);
	static const char *const options[] = { ADDRESSES, "noipv6",	"auth", "require-chap", "name", "lab",
					       "ms-dns",  "10.10.0.53", NULL };
	start_server(&ends[1], options);
	const struct kb_pppd_request request = request_with_password(&ends[0], ODD_PASSWORD);
	start(&ends[0], &request);
	assert_true(pppd_hears(&ends[0].pppd, KB_PPPD_IP_UP, UP_LIMIT_MS, &up));
	shows_no_secret(ends[0].pppd.pid);
	assert_string_equal(up.ifname, "vpn7");
	assert_int_equal(up.dns[0].s_addr, inet_addr("10.10.0.53"));
	assert_true(reaches(SERVER_PPP));
	holds_nothing_of_ours(ends[0].pppd.pid);
	stop_both(ends); /* pppd waits for its scripts */
	the_script_knows_the_dns_but_need_not_act();
	close(leak);
	unlink("/run/leak-me");
	unlink("/etc/ppp/ip-up");
	close_ends(ends);
}

static void
a_wrong_password_is_told_and_is_exit_19(void **state)
{
	struct end ends[2];
	struct kb_pppd_report report;

	(void)state;
	write_file("/etc/ppp/chap-secrets", ODD_SECRETS);
	make_ends(ends, false);
	open_end(&ends[1], false);
	open_end(&ends[0], false);
	start_server(&ends[1], chap_options);
	const struct kb_pppd_request request = request_with_password(&ends[0], "wrong");
	start(&ends[0], &request);
	assert_true(pppd_hears(&ends[0].pppd, KB_PPPD_AUTH_FAILED, 5 * SECOND_MS, &report));
	assert_int_equal(pppd_ended(&ends[0].pppd, 5 * SECOND_MS), 19);
	kb_pppd_stop(&ends[1].pppd);
	pppd_ended(&ends[1].pppd, 5 * SECOND_MS);
	close_ends(ends);
}

/* ---- we go, pppd goes ---- */

static void
closing_the_session_ends_pppd(void **state)
{
	struct end ends[2];
	struct kb_pppd_report up;

	(void)state;
	make_ends(ends, false);
	open_end(&ends[1], false);
	open_end(&ends[0], false);
	start_server(&ends[1], server_options);
	const struct kb_pppd_request request = request_of(&ends[0], client_options);
	start(&ends[0], &request);
	assert_true(pppd_hears(&ends[0].pppd, KB_PPPD_IP_UP, UP_LIMIT_MS, &up));
	driver->session_close(&ends[0].session);
	assert_int_equal(pppd_ended(&ends[0].pppd, SECOND_MS), 16);
	kb_pppd_stop(&ends[1].pppd);
	pppd_ended(&ends[1].pppd, 4 * SECOND_MS);
	close_ends(ends);
}

static void
closing_the_report_ends_pppd_while_lcp_goes_unanswered(void **state)
{
	struct end ends[2];
	static const long after_ms[] = { 0, 20, 100, 300, 700, 1200 };

	(void)state;
	for (size_t i = 0; i < sizeof after_ms / sizeof after_ms[0]; i++) {
		make_ends(ends, false);
		open_end(&ends[0], false);
		const struct kb_pppd_request request = request_of(&ends[0], client_options);
		start(&ends[0], &request);
		nap_ms(after_ms[i]);
		close(ends[0].pppd.report_fd);
		ends[0].pppd.report_fd = -1;
		const long begin = now_ms();
		const int status = pppd_ended(&ends[0].pppd, 2 * SECOND_MS);
		print_message("#   closed after %ld ms: pppd ended %ld ms later with %d\n", after_ms[i],
			      now_ms() - begin, status);
		close_ends(ends);
	}
}

static void
closing_the_report_ends_a_pppd_that_terminates(void **state)
{
	struct end ends[2];
	struct kb_pppd_report up;
	static const char *const slow[] = { "noipv6", "lcp-restart", "8", NULL };

	(void)state;
	make_ends(ends, false);
	open_end(&ends[1], false);
	open_end(&ends[0], false);
	start_server(&ends[1], server_options);
	const struct kb_pppd_request request = request_of(&ends[0], slow);
	start(&ends[0], &request);
	assert_true(pppd_hears(&ends[0].pppd, KB_PPPD_IP_UP, UP_LIMIT_MS, &up));
	kb_pppd_kill(&ends[1].pppd); /* nobody will answer the Terminate-Request */
	pppd_ended(&ends[1].pppd, SECOND_MS);
	kb_pppd_stop(&ends[0].pppd);
	assert_true(pppd_hears(&ends[0].pppd, KB_PPPD_IP_DOWN, SECOND_MS, &up));
	nap_ms(100);
	close(ends[0].pppd.report_fd);
	ends[0].pppd.report_fd = -1;
	const long begin = now_ms();
	pppd_ended(&ends[0].pppd, SECOND_MS);
	print_message("#   pppd ended after %ld ms\n", now_ms() - begin);
	close_ends(ends);
}

/* A process that owns everything of the client and is killed as hard as can be. */
static pid_t
victim(struct end *e, long life_ms)
{
	const pid_t pid = fork();

	if (pid != 0)
		return pid;
	open_end(e, false);
	const struct kb_pppd_request request = request_of(e, client_options);
	start(e, &request);
	nap_ms(life_ms);
	kill(getpid(), SIGKILL);
	return -1;
}

static int
count_of_server(void)
{
	return count_pppds() - 1;
}

static bool
only_the_server_has_pppd(void)
{
	return count_of_server() <= 0;
}

static void
our_death_ends_pppd_within_a_second(void **state)
{
	static const long life_ms[] = { 0, 5, 30, 80, 150, 400, 1000 };

	(void)state;
	for (size_t i = 0; i < sizeof life_ms / sizeof life_ms[0]; i++) {
		struct end ends[2];
		int status;

		make_ends(ends, false);
		open_end(&ends[1], false);
		start_server(&ends[1], server_options);
		nap_ms(300);
		const pid_t pid = victim(&ends[0], life_ms[i]);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		const long took =
		    until(only_the_server_has_pppd, SECOND_MS, "the dead client's pppd is gone");
		print_message("#   killed after %ld ms: its pppd was gone %ld ms later\n", life_ms[i], took);
		until(no_ppp_links, GONE_LIMIT_MS, "no ppp interface");
		kb_pppd_kill(&ends[1].pppd);
		pppd_ended(&ends[1].pppd, SECOND_MS);
		close_ends(ends);
	}
}

#define CASE(name) cmocka_unit_test_teardown(name, clean_up)

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		CASE(the_probe_succeeds_and_leaves_nothing),
		CASE(an_id_that_another_program_has_is_refused),
		CASE(frames_pass_over_ipv4),
		CASE(frames_pass_over_ipv6),
		CASE(frames_pass_with_sequence_numbers),
		CASE(the_stock_plugin_works_too),
		CASE(a_server_that_speaks_first_costs_no_wait),
		CASE(a_silent_server_costs_half_a_second_at_most),
		CASE(an_odd_password_passes_chap_and_shows_nowhere),
		CASE(a_wrong_password_is_told_and_is_exit_19),
		CASE(closing_the_session_ends_pppd),
		CASE(closing_the_report_ends_pppd_while_lcp_goes_unanswered),
		CASE(closing_the_report_ends_a_pppd_that_terminates),
		CASE(our_death_ends_pppd_within_a_second),
	};

	if (argc < 2) {
		fprintf(stderr, "usage: lab_ol2tp PLUGIN [TEST-FILTER [netlink]]\n");
		return 2;
	}
	plugin_path = argv[1];
	if (argc > 2)
		cmocka_set_test_filter(argv[2]);
	if (argc > 3 && strcmp(argv[3], "netlink") == 0)
		driver = &kb_l2tpnl;
	return cmocka_run_group_tests(tests, write_system_options, NULL);
}
