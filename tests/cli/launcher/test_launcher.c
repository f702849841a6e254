/* test_launcher.c - the launcher starts, watches and buries, believes nothing, and cleans up after whoever it served
 * SPDX-License-Identifier: Apache-2.0
 *
 * With a pppd that only pretends (fake_pppd.c), and stream sockets in the place of sessions: real ones are the lab's.
 */
#include "cli/launcher/launcher.h"
#include "cli/launcher/serve.h"
#include "kernel-bridge/kb_pass.h"
#include "tests/cli/launcher/requests.h"
#include "tests/kernel-bridge/netns.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

enum { SOON_MS = 3000, PATIENCE_MS = 500 };

static long
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000L + t.tv_nsec / 1000000L;
}

/* ---- a launcher, and a host's machine by it ---- */

static bool
is_stream(int fd)
{
	int type = 0;
	socklen_t length = sizeof type;

	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0 && type == SOCK_STREAM;
}

static const char *
fake_pppd(void)
{
	static char path[300];
	const ssize_t n = readlink("/proc/self/exe", path, sizeof path - 20);

	assert_true(n > 0);
	path[n] = '\0';
	strcpy(strrchr(path, '/') + 1, "fake_pppd");
	return path;
}

static struct launcher_config
usual_config(void)
{
	return (struct launcher_config){ .pppd_path = fake_pppd(),
					 .plugin_path = "/dev/null",
					 .max_children = 3,
					 .max_routes = 2,
					 .is_session = is_stream };
}

struct rig {
	struct launcher launcher;
	struct host_system system;
	int session[2];
};

static void
rig_open_with(struct rig *rig, const struct launcher_config *config)
{
	struct kb_error why = { 0 };

	*rig = (struct rig){ .launcher = LAUNCHER_NULL };
	if (launcher_start(config, &rig->launcher, &why) != 0 ||
	    launcher_system_new(&rig->launcher, &rig->system, &why) != 0)
		fail_msg("%s", why.text);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, rig->session), 0);
}

static void
rig_open(struct rig *rig)
{
	const struct launcher_config config = usual_config();

	rig_open_with(rig, &config);
}

static void
rig_close(struct rig *rig)
{
	launcher_system_free(&rig->system);
	launcher_end(&rig->launcher);
	close(rig->session[0]);
	close(rig->session[1]);
}

static struct kb_pppd_request
request_of(const struct rig *rig, const char *user)
{
	static const uint8_t password[] = "secret";

	return (struct kb_pppd_request){ .session_fd = rig->session[0],
					 .plugin_path = "/tmp/evil.so",
					 .pppd_path = "/tmp/evil",
					 .user = user,
					 .password = password,
					 .password_octets = 6 };
}

static int
start(struct rig *rig, const struct kb_pppd_request *request, struct kb_pppd *out, struct kb_error *why)
{
	*why = (struct kb_error){ 0 };
	return rig->system.ops->ppp_start(rig->system.self, request, out, why);
}

static bool
hears(struct rig *rig, const struct kb_pppd *pppd, const char *phase)
{
	struct pollfd reports = { .fd = pppd->report_fd, .events = POLLIN };
	struct kb_pppd_report report;

	while (poll(&reports, 1, SOON_MS) == 1 &&
	       rig->system.ops->ppp_report(rig->system.self, pppd, &report) == 1) {
		if (strcmp(report.phase, phase) == 0)
			return true;
	}
	return false;
}

static struct kb_pppd
start_as(struct rig *rig, const char *user)
{
	const struct kb_pppd_request request = request_of(rig, user);
	struct kb_pppd pppd = KB_PPPD_NULL;
	struct kb_error why;

	if (start(rig, &request, &pppd, &why) != 0)
		fail_msg("%s", why.text);
	return pppd;
}

static struct kb_pppd
start_ready(struct rig *rig, const char *user)
{
	struct kb_pppd pppd = start_as(rig, user);

	assert_true(hears(rig, &pppd, "ready"));
	return pppd;
}

static int
wait_for_end(struct rig *rig, const struct kb_pppd *pppd)
{
	struct pollfd end = { .fd = pppd->pidfd, .events = POLLIN };
	int wstatus = -1;

	assert_int_equal(poll(&end, 1, SOON_MS), 1);
	assert_int_equal(rig->system.ops->ppp_wait(rig->system.self, pppd, &wstatus), 1);
	return wstatus;
}

/* Of somebody else's child, so by its number; ms it took, -1: it is still there. */
static long
gone_within(pid_t pid, long limit_ms)
{
	const long begin = now_ms();

	while (waitpid(pid, NULL, WNOHANG) >= 0 || kill(pid, 0) == 0) { /* orphans are left to us */
		if (now_ms() - begin > limit_ms)
			return -1;
		poll(NULL, 0, 5);
	}
	return now_ms() - begin;
}

static void
bury(struct rig *rig, struct kb_pppd *pppd)
{
	pppd->pid = -1;
	rig->system.ops->ppp_close(rig->system.self, pppd);
}

/* ---- what it does ---- */

static void
a_pppd_is_started_heard_and_waited_for(void **state)
{
	struct rig rig;
	int wstatus;

	(void)state;
	rig_open(&rig);
	struct kb_pppd pppd = start_as(&rig, "exits-19");
	assert_true(hears(&rig, &pppd, "ready"));
	wstatus = wait_for_end(&rig, &pppd);
	assert_true(WIFEXITED(wstatus) && WEXITSTATUS(wstatus) == 19);
	assert_int_equal(rig.system.ops->ppp_wait(rig.system.self, &pppd, &wstatus), -ESRCH);
	bury(&rig, &pppd);
	rig_close(&rig);
}

static void
it_runs_until_it_is_asked_or_killed(void **state)
{
	struct rig rig;
	int wstatus;

	(void)state;
	rig_open(&rig);
	struct kb_pppd polite = start_ready(&rig, "polite"), stubborn = start_ready(&rig, "stubborn");
	assert_int_equal(rig.system.ops->ppp_wait(rig.system.self, &polite, &wstatus), 0);
	rig.system.ops->ppp_stop(rig.system.self, &polite);
	rig.system.ops->ppp_kill(rig.system.self, &stubborn);
	wstatus = wait_for_end(&rig, &polite);
	assert_true(WIFEXITED(wstatus) && WEXITSTATUS(wstatus) == 5);
	wstatus = wait_for_end(&rig, &stubborn);
	assert_true(WIFSIGNALED(wstatus) && WTERMSIG(wstatus) == SIGKILL);
	bury(&rig, &polite);
	bury(&rig, &stubborn);
	rig_close(&rig);
}

static void
one_that_is_let_go_is_ended_without_anybody_waiting(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig);
	struct kb_pppd polite = start_ready(&rig, "polite"), stubborn = start_ready(&rig, "stubborn");
	const pid_t first = polite.pid, second = stubborn.pid;
	const long begin = now_ms();
	rig.system.ops->ppp_close(rig.system.self, &polite);
	rig.system.ops->ppp_close(rig.system.self, &stubborn);
	assert_true(now_ms() - begin < PATIENCE_MS / 2);
	assert_int_equal(polite.pid, -1);
	assert_in_range(gone_within(first, SOON_MS), 0, PATIENCE_MS);
	assert_in_range(gone_within(second, SOON_MS), 0, SOON_MS);
	assert_true(now_ms() - begin >= PATIENCE_MS);
	struct kb_pppd again[3];
	for (int i = 0; i < 3; i++) /* their places are free */
		again[i] = start_as(&rig, "polite");
	for (int i = 0; i < 3; i++)
		rig.system.ops->ppp_close(rig.system.self, &again[i]);
	rig_close(&rig);
}

static void
pppd_gets_what_was_asked_and_nothing_else_of_ours(void **state)
{
	static const char *const words[] = { "mtu", "1400", "novj", NULL };
	struct rig rig;
	struct kb_pppd pppd;
	struct kb_error why;

	(void)state;
	setenv("UPTUN_TEST", "1", 1);
	const int extra = open("/dev/null", O_RDONLY); /* not close-on-exec */
	rig_open(&rig);
	struct kb_pppd_request request = request_of(&rig, "alice");
	request.options = words;
	request.ifname = "vpn0";
	assert_int_equal(start(&rig, &request, &pppd, &why), 0);
	static const char *const expected[] = { "plugin", "/dev/null", "ifname", "vpn0", "user",
						"alice",  "password",  "secret", "mtu",	 "1400",
						"novj",	  "fds 0",     "env 1",	 "uid 0" };
	for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
		if (!hears(&rig, &pppd, expected[i]))
			fail_msg("pppd did not get \"%s\"", expected[i]);
	}
	close(extra);
	rig.system.ops->ppp_close(rig.system.self, &pppd);
	rig_close(&rig);
}

static void
without_a_password_of_its_own_it_shows_none_of_root_s(void **state)
{
	static const char *const expected[] = { "refuse-pap",	    "refuse-chap", "refuse-mschap",
						"refuse-mschap-v2", "refuse-eap",  "ready" };
	struct rig rig;
	struct kb_pppd pppd;
	struct kb_error why;

	(void)state;
	rig_open(&rig);
	struct kb_pppd_request request = request_of(&rig, "root");
	request.password_octets = 0;
	assert_int_equal(start(&rig, &request, &pppd, &why), 0);
	assert_true(hears(&rig, &pppd, "root"));
	for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
		assert_true(hears(&rig, &pppd, expected[i]));
	rig.system.ops->ppp_close(rig.system.self, &pppd);
	rig_close(&rig);
}

static void
nobody_s_words_reach_pppd_but_the_list_s(void **state)
{
	static const char *const attacks[][3] = {
		{ "plugin", "/tmp/evil.so" },
		{ "connect", "/bin/sh" },
		{ "pty", "/bin/sh" },
		{ "init", "/bin/sh" },
		{ "file", "/etc/shadow" },
		{ "ipparam", "x" },
		{ "/etc/shadow" },
		{ "mtu", "/etc/shadow" },
		{ "call", "x" },
	};
	struct rig rig;
	struct kb_pppd pppd;
	struct kb_error why;

	(void)state;
	rig_open(&rig);
	for (size_t i = 0; i < sizeof attacks / sizeof attacks[0]; i++) {
		struct kb_pppd_request request = request_of(&rig, "alice");

		request.options = attacks[i];
		assert_int_equal(start(&rig, &request, &pppd, &why), -EINVAL);
		assert_non_null(strstr(why.text, attacks[i][0]));
	}
	rig_close(&rig);
}

static void
root_s_additions_reach_it(void **state)
{
	static const char *const extra[] = { "ms-dns:1", NULL }, *const words[] = { "ms-dns", "10.0.0.1",
										    NULL };
	static const char *const bad[] = { "plugin:1", NULL };
	struct launcher_config config = usual_config();
	struct launcher none = LAUNCHER_NULL;
	struct rig rig;
	struct kb_pppd pppd;
	struct kb_error why;

	(void)state;
	config.extra = extra;
	rig_open_with(&rig, &config);
	struct kb_pppd_request request = request_of(&rig, "alice");
	request.options = words;
	assert_int_equal(start(&rig, &request, &pppd, &why), 0);
	assert_true(hears(&rig, &pppd, "10.0.0.1"));
	rig.system.ops->ppp_close(rig.system.self, &pppd);
	rig_close(&rig);
	config.extra = bad;
	assert_int_equal(launcher_start(&config, &none, &why), -EINVAL);
	assert_non_null(strstr(why.text, "plugin"));
}

static void
only_sessions_are_handed_over(void **state)
{
	struct launcher_config config = usual_config();
	struct kb_pppd pppd;
	struct kb_error why;
	struct rig rig;
	int pipes[2];

	(void)state;
	config.is_session = NULL; /* the real question */
	rig_open_with(&rig, &config);
	assert_int_equal(pipe(pipes), 0);
	const int fds[] = { rig.session[0],
			    pipes[0],
			    open("/etc/passwd", O_RDONLY),
			    socket(AF_INET, SOCK_STREAM, 0),
			    socket(AF_INET6, SOCK_DGRAM, 0),
			    socket(AF_NETLINK, SOCK_RAW, 0) };
	for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++) {
		struct kb_pppd_request request = request_of(&rig, "alice");

		request.session_fd = fds[i];
		assert_int_equal(start(&rig, &request, &pppd, &why), -EBADF);
		assert_string_equal(why.text, "the launcher was not given a PPPoX session");
	}
	for (size_t i = 1; i < sizeof fds / sizeof fds[0]; i++)
		close(fds[i]);
	close(pipes[1]);
	rig_close(&rig);
}

static void
there_is_an_end_to_how_many_it_starts_and_keeps(void **state)
{
	struct rig rig;
	struct kb_pppd pppds[3], more;
	struct kb_error why = { 0 };
	struct kb_route route = full_route(LAUNCHER_KEEP).route;

	(void)state;
	rig_open(&rig);
	const struct kb_pppd_request request = request_of(&rig, "polite");
	for (int i = 0; i < 3; i++)
		pppds[i] = start_as(&rig, "polite");
	assert_int_equal(start(&rig, &request, &more, &why), -EAGAIN);
	assert_non_null(strstr(why.text, "no more than 3"));
	for (int i = 0; i < 3; i++)
		rig.system.ops->ppp_close(rig.system.self, &pppds[i]);
	for (unsigned i = 0; i < 3;
	     i++) { /* no such link: the kernel refuses, after the launcher has agreed */
		route.ifindex = 100000 + i;
		assert_true(rig.system.ops->route_add(rig.system.self, &route, &why) < 0);
		assert_null(strstr(why.text, "launcher"));
	}
	rig_close(&rig);
}

/* ---- the process ---- */

static int
count_descriptors(pid_t pid)
{
	char path[64];
	const struct dirent *entry;
	int n = 0;

	snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
	DIR *directory = opendir(path);
	assert_non_null(directory);
	while ((entry = readdir(directory)) != NULL)
		n += entry->d_name[0] != '.' ? 1 : 0;
	closedir(directory);
	return n;
}

static void
it_holds_nothing_of_ours_and_has_its_own_name(void **state)
{
	char path[64], name[32] = "";
	struct rig rig;

	(void)state;
	const int secret = open("/etc/passwd", O_RDONLY);
	rig_open(&rig);
	struct kb_pppd pppd = start_ready(&rig, "polite"); /* so that it is itself by now */
	const pid_t pid = pppd.pid;
	rig.system.ops->ppp_close(rig.system.self, &pppd);
	assert_in_range(gone_within(pid, SOON_MS), 0, SOON_MS);
	assert_in_range(count_descriptors(rig.launcher.pid), 4,
			5); /* 0, 1, 2, its socket; a pidfd for a while */
	snprintf(path, sizeof path, "/proc/%d/comm", (int)rig.launcher.pid);
	FILE *file = fopen(path, "r");
	assert_true(file != NULL && fgets(name, sizeof name, file) != NULL);
	fclose(file);
	assert_string_equal(name, "uptun-launcher\n");
	close(secret);
	rig_close(&rig);
}

static void
signals_to_the_whole_group_do_not_end_it(void **state)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGPIPE };
	struct rig rig;

	(void)state;
	rig_open(&rig);
	struct kb_pppd pppd = start_ready(&rig, "polite");
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
		kill(rig.launcher.pid, signals[i]);
	struct kb_pppd another = start_ready(&rig, "polite");
	rig.system.ops->ppp_close(rig.system.self, &pppd);
	rig.system.ops->ppp_close(rig.system.self, &another);
	rig_close(&rig);
}

static void
killed_itself_it_is_missed_and_takes_its_pppds_along(void **state)
{
	struct rig rig;
	struct kb_pppd more;
	struct kb_error why;
	int wstatus;

	(void)state;
	rig_open(&rig);
	struct kb_pppd pppd = start_ready(&rig, "polite");
	const pid_t pid = pppd.pid;
	kill(rig.launcher.pid, SIGKILL);
	struct pollfd end = { .fd = launcher_fd(&rig.launcher), .events = POLLIN };
	assert_int_equal(poll(&end, 1, SOON_MS), 1);
	assert_in_range(gone_within(pid, SOON_MS), 0, SOON_MS);
	assert_true(rig.system.ops->ppp_wait(rig.system.self, &pppd, &wstatus) < 0);
	const struct kb_pppd_request request = request_of(&rig, "polite");
	assert_true(start(&rig, &request, &more, &why) < 0);
	assert_non_null(strstr(why.text, "restart the daemon"));
	rig.system.ops->ppp_close(rig.system.self, &pppd);
	rig_close(&rig);
}

static void
the_end_of_the_daemon_is_the_end_of_all_pppds(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig);
	struct kb_pppd polite = start_ready(&rig, "polite"), stubborn = start_ready(&rig, "stubborn");
	const pid_t pids[] = { polite.pid, stubborn.pid, rig.launcher.pid };
	bury(&rig, &polite); /* closed, but not told of */
	bury(&rig, &stubborn);
	rig_close(&rig);
	for (size_t i = 0; i < sizeof pids / sizeof pids[0]; i++)
		assert_int_not_equal(kill(pids[i], 0), 0);
}

static int
listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strcpy(address.sun_path, path);
	unlink(path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	return fd;
}

static void
the_daemon_s_socket_is_removed_and_no_other_s(void **state)
{
	static const struct {
		const char *what;
		bool is_owned, is_replaced, stays;
	} cases[] = {
		{ "its own", true, false, false },
		{ "one that was there, of another daemon", false, false, true },
		{ "the next daemon's", true, true, true },
	};
	char path[] = "/tmp/uptun-test-XXXXXX";
	struct launcher_config config = usual_config();
	struct kb_error why;

	(void)state;
	close(mkstemp(path));
	config.socket_path = path;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct rig rig;
		const int first = listen_at(path);

		rig_open_with(&rig, &config);
		if (cases[i].is_owned)
			assert_int_equal(launcher_own_socket(&rig.launcher, &why), 0);
		struct kb_pppd pppd = start_ready(&rig, "polite"); /* what was said before is heard by now */
		rig.system.ops->ppp_close(rig.system.self, &pppd);
		const int second = cases[i].is_replaced ? listen_at(path) : -1;
		rig_close(&rig);
		if ((access(path, F_OK) == 0) != cases[i].stays)
			fail_msg("%s", cases[i].what);
		unlink(path);
		close(first);
		close(second);
	}
}

/* ---- a daemon that is killed ---- */

struct shared {
	pid_t launcher, polite, stubborn;
	bool is_ready;
};

static void
live_as_daemon(struct shared *shared)
{
	struct rig rig;
	struct kb_error why;
	struct kb_route route = { .to = { AF_INET, 24, { 10, 9, 8 } }, .ifindex = 1 };

	rig_open(&rig);
	const struct kb_pppd polite = start_ready(&rig, "polite"), stubborn = start_ready(&rig, "stubborn");
	if (rig.system.ops->route_add(rig.system.self, &route, &why) != 0)
		fail_msg("%s", why.text);
	shared->launcher = rig.launcher.pid;
	shared->polite = polite.pid;
	shared->stubborn = stubborn.pid;
	shared->is_ready = true;
	for (;;)
		pause();
}

static bool
has_route(void)
{
	return system("ip route show 10.9.8.0/24 | grep -q lo") == 0;
}

static void
after_kill_9_of_the_daemon_nothing_is_left(void **state)
{
	struct shared *shared =
	    mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	(void)state;
	assert_true(shared != MAP_FAILED);
	const pid_t daemon = fork();
	if (daemon == 0) {
		live_as_daemon(shared);
		_exit(1);
	}
	for (int i = 0; i < SOON_MS && !*(volatile bool *)&shared->is_ready; i++)
		poll(NULL, 0, 1);
	assert_true(shared->is_ready);
	assert_true(has_route());
	kill(daemon, SIGKILL);
	assert_int_equal(waitpid(daemon, NULL, 0), daemon);
	assert_in_range(gone_within(shared->polite, SOON_MS), 0, PATIENCE_MS);
	assert_in_range(gone_within(shared->stubborn, SOON_MS), 0, SOON_MS);
	assert_in_range(gone_within(shared->launcher, SOON_MS), 0, SOON_MS);
	assert_false(has_route());
	munmap(shared, sizeof *shared);
}

/* ---- a daemon that is hostile ---- */

struct raw {
	pid_t pid;
	int fd;
};

static struct raw
raw_open(void)
{
	const struct launcher_config config = usual_config();
	struct raw raw;
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	raw.pid = fork();
	if (raw.pid == 0) {
		close(pair[0]);
		launcher_serve(&config, pair[1]);
		_exit(0);
	}
	close(pair[1]);
	raw.fd = pair[0];
	return raw;
}

static bool
raw_has_ended(const struct raw *raw)
{
	struct pollfd end = { .fd = raw->fd, .events = POLLIN };
	char octet;

	return poll(&end, 1, SOON_MS) == 1 && recv(raw->fd, &octet, 1, MSG_DONTWAIT) <= 0;
}

static void
raw_close(const struct raw *raw)
{
	int wstatus;

	close(raw->fd);
	assert_int_equal(waitpid(raw->pid, &wstatus, 0), raw->pid);
	assert_true(WIFEXITED(wstatus) && WEXITSTATUS(wstatus) == 0);
}

static void
raw_send(const struct raw *raw, const struct launcher_request *request, const struct kb_passed *with)
{
	uint8_t octets[LAUNCHER_RECORD_MAX];
	const size_t n = launcher_request_write(request, octets, sizeof octets);

	assert_true(n > 0);
	assert_int_equal(kb_pass_send(raw->fd, octets, n, with), 0);
}

static struct launcher_reply
raw_ask(const struct raw *raw, const struct launcher_request *request, const struct kb_passed *with)
{
	uint8_t octets[LAUNCHER_REPLY_MAX];
	struct launcher_reply reply;
	struct kb_passed passed;

	raw_send(raw, request, with);
	const ssize_t n = kb_pass_receive(raw->fd, octets, sizeof octets, &passed);
	assert_true(n > 0);
	kb_pass_close(&passed);
	assert_int_equal(launcher_reply_read(octets, (size_t)n, &reply), 0);
	return reply;
}

static void
what_no_daemon_would_say_ends_it(void **state)
{
	static const struct {
		const char *what;
		size_t octets;
		uint8_t octet;
	} cases[] = {
		{ "one octet", 1, 'x' },
		{ "noise", 600, 0x75 },
		{ "zeros", 64, 0 },
		{ "more than any record", LAUNCHER_RECORD_MAX + 1, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint8_t octets[LAUNCHER_RECORD_MAX + 1];
		const struct raw raw = raw_open();

		memset(octets, cases[i].octet, sizeof octets);
		assert_int_equal(kb_pass_send(raw.fd, octets, cases[i].octets, NULL), 0);
		if (!raw_has_ended(&raw))
			fail_msg("%s did not end it", cases[i].what);
		raw_close(&raw);
	}
}

static void
send_descriptors(int socket, const void *octets, size_t n, int fd, size_t count)
{
	char room[CMSG_SPACE(8 * sizeof(int))] = { 0 };
	struct iovec part = { .iov_base = (void *)(uintptr_t)octets, .iov_len = n };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = room,
				  .msg_controllen = CMSG_SPACE(count * sizeof(int)) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(count * sizeof(int));
	for (size_t i = 0; i < count; i++)
		memcpy(CMSG_DATA(header) + i * sizeof fd, &fd, sizeof fd);
	assert_int_equal(sendmsg(socket, &message, MSG_NOSIGNAL), (ssize_t)n);
}

static void
descriptors_come_one_with_a_start_and_none_otherwise(void **state)
{
	const struct launcher_request start = full_start(), wait = { .kind = LAUNCHER_WAIT, .pid = 2 };
	const struct raw raw = raw_open();
	uint8_t octets[LAUNCHER_RECORD_MAX];
	int session[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, session), 0);
	const struct kb_passed two = { .fds = { session[0], session[1] }, .n = 2 };
	assert_int_equal(raw_ask(&raw, &start, NULL).result, -EBADF);
	assert_int_equal(raw_ask(&raw, &start, &two).result, -EBADF);
	assert_int_equal(raw_ask(&raw, &wait, NULL).result, -ESRCH); /* what came before is closed by now */
	const int before = count_descriptors(raw.pid);
	for (int i = 0; i < 50; i++)
		assert_int_equal(raw_ask(&raw, &wait, &two).result, -ESRCH);
	assert_int_equal(raw_ask(&raw, &wait, NULL).result, -ESRCH);
	assert_int_equal(count_descriptors(raw.pid), before);
	const size_t n = launcher_request_write(&wait, octets, sizeof octets);
	send_descriptors(raw.fd, octets, n, session[0], 8);
	assert_true(raw_has_ended(&raw));
	raw_close(&raw);
	close(session[0]);
	close(session[1]);
}

static void
only_its_own_children_are_signalled(void **state)
{
	const struct raw raw = raw_open();
	const pid_t bystander = fork();

	(void)state;
	if (bystander == 0)
		for (;;)
			pause();
	for (enum launcher_kind kind = LAUNCHER_TERM; kind <= LAUNCHER_RELEASE; kind++) {
		const struct launcher_request request = { .kind = kind, .pid = bystander };

		if (kind == LAUNCHER_WAIT)
			assert_int_equal(raw_ask(&raw, &request, NULL).result, -ESRCH);
		else
			raw_send(&raw, &request, NULL);
	}
	assert_int_equal(waitpid(bystander, NULL, WNOHANG), 0);
	kill(bystander, SIGKILL);
	assert_int_equal(waitpid(bystander, NULL, 0), bystander);
	raw_close(&raw);
}

static void
it_keeps_no_more_routes_than_it_may(void **state)
{
	struct launcher_request keep = full_route(LAUNCHER_KEEP), forget = full_route(LAUNCHER_FORGET);
	const struct raw raw = raw_open();

	(void)state;
	for (int i = 0; i < 2; i++)
		assert_int_equal(raw_ask(&raw, &keep, NULL).result, 0);
	assert_int_equal(raw_ask(&raw, &keep, NULL).result, -ENOSPC);
	raw_send(&raw, &forget, NULL);
	assert_int_equal(raw_ask(&raw, &keep, NULL).result, 0);
	raw_close(&raw);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pppd_is_started_heard_and_waited_for),
		cmocka_unit_test(it_runs_until_it_is_asked_or_killed),
		cmocka_unit_test(one_that_is_let_go_is_ended_without_anybody_waiting),
		cmocka_unit_test(pppd_gets_what_was_asked_and_nothing_else_of_ours),
		cmocka_unit_test(without_a_password_of_its_own_it_shows_none_of_root_s),
		cmocka_unit_test(nobody_s_words_reach_pppd_but_the_list_s),
		cmocka_unit_test(root_s_additions_reach_it),
		cmocka_unit_test(only_sessions_are_handed_over),
		cmocka_unit_test(there_is_an_end_to_how_many_it_starts_and_keeps),
		cmocka_unit_test(it_holds_nothing_of_ours_and_has_its_own_name),
		cmocka_unit_test(signals_to_the_whole_group_do_not_end_it),
		cmocka_unit_test(killed_itself_it_is_missed_and_takes_its_pppds_along),
		cmocka_unit_test(the_end_of_the_daemon_is_the_end_of_all_pppds),
		cmocka_unit_test(the_daemon_s_socket_is_removed_and_no_other_s),
		cmocka_unit_test(after_kill_9_of_the_daemon_nothing_is_left),
		cmocka_unit_test(what_no_daemon_would_say_ends_it),
		cmocka_unit_test(descriptors_come_one_with_a_start_and_none_otherwise),
		cmocka_unit_test(only_its_own_children_are_signalled),
		cmocka_unit_test(it_keeps_no_more_routes_than_it_may),
	};

	if (!netns_enter())
		return NETNS_SKIP;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
