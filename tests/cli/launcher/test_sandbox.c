/* test_sandbox.c - what the daemon can still do in its sandbox, and what it cannot
 * SPDX-License-Identifier: Apache-2.0
 *
 * Each test is a child that enters the sandbox, killing filter and all, in a network namespace of its own; how it ends is
 * what the test looks at.
 */
#include "cli/launcher/launcher.h"
#include "cli/launcher/sandbox.h"
#include "kernel-bridge/kb_resolve.h"
#include "tests/kernel-bridge/netns.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cmocka.h>

enum { NOBODY = 65534, ANSWER_MS = 5000, GOOD = 0, BAD = 1 };

static const struct sandbox_config usual = { .user = "65534" };
static const struct sandbox_config with_low_ports = { .user = "65534", .low_ports = true };

/* ---- in the child ---- */

#define MUST(condition)                                                                         \
	do {                                                                                    \
		if (!(condition)) {                                                             \
			dprintf(2, "line %d: %s: %s\n", __LINE__, #condition, strerror(errno)); \
			_exit(BAD);                                                             \
		}                                                                               \
	} while (0)

/* What fails with EPERM as a call on the list with arguments that are not. */
#define MUST_NOT(call)                              \
	do {                                        \
		errno = 0;                          \
		MUST((call) < 0 && errno == EPERM); \
	} while (0)

static void
enter(const struct sandbox_config *config)
{
	struct sandbox_state state;
	struct kb_error why = { 0 };

	if (sandbox_enter(config, &state, &why) < 0) {
		dprintf(2, "%s\n", why.text);
		_exit(BAD);
	}
	MUST(state.uid == NOBODY && state.seccomp == config->seccomp && !state.lacks_seccomp);
}

static bool
status_says(const char *line)
{
	char text[8192];
	const int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	const ssize_t n = fd >= 0 ? read(fd, text, sizeof text - 1) : -1;

	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return false;
	text[n] = '\0';
	return strstr(text, line) != NULL;
}

/* ---- outside ---- */

/* The wait status of a child that runs `body`. */
static int
run(void (*body)(void))
{
	int wstatus;
	const pid_t pid = fork();

	if (pid == 0) {
		body();
		_exit(GOOD);
	}
	assert_int_equal(waitpid(pid, &wstatus, 0), pid);
	return wstatus;
}

static void
must_be_good(void (*body)(void))
{
	const int wstatus = run(body);

	if (WIFSIGNALED(wstatus))
		fail_msg("killed by signal %d", WTERMSIG(wstatus));
	assert_int_equal(WEXITSTATUS(wstatus), GOOD);
}

/* ---- who it is ---- */

static void
look_at_itself(void)
{
	enter(&usual);
	MUST(status_says("Uid:\t65534\t65534\t65534\t65534\n"));
	MUST(status_says("Gid:\t65534\t65534\t65534\t65534\n"));
	MUST(status_says("Groups:\t\n") || status_says("Groups:\t \n"));
	MUST(status_says("CapInh:\t0000000000000000\n"));
	MUST(status_says("CapPrm:\t0000000000001000\n")); /* NET_ADMIN */
	MUST(status_says("CapEff:\t0000000000001000\n"));
	MUST(status_says("CapBnd:\t0000000000000000\n"));
	MUST(status_says("CapAmb:\t0000000000000000\n"));
	MUST(status_says("NoNewPrivs:\t1\n"));
	MUST(status_says("Seccomp:\t2\n"));
}

static void
it_is_another_user_with_one_capability(void **state)
{
	(void)state;
	must_be_good(look_at_itself);
}

static void
look_for_low_ports(void)
{
	enter(&with_low_ports);
	MUST(status_says("CapEff:\t0000000000001400\n")); /* and NET_BIND_SERVICE */
}

static void
low_ports_are_kept_on_request(void **state)
{
	(void)state;
	must_be_good(look_for_low_ports);
}

static void
a_user_that_there_is_not_is_named(void **state)
{
	const struct sandbox_config config = { .user = "no-such-user-here" };
	struct kb_error why;
	uid_t uid;
	gid_t gid;

	(void)state;
	assert_int_equal(sandbox_user(&config, &uid, &gid, &why), -ENOENT);
	assert_non_null(strstr(why.text, "no-such-user-here"));
	assert_non_null(strstr(why.text, "--user"));
	assert_int_equal(sandbox_user(&usual, &uid, &gid, &why), 0);
	assert_int_equal(uid, NOBODY);
}

/* ---- what it can do ---- */

static void
talk(void)
{
	static const int families[] = { AF_UNIX, AF_INET, AF_INET6, AF_NETLINK };
	char octet = 'x';
	int pair[2];

	enter(&usual);
	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
		const int fd = socket(families[i], SOCK_DGRAM | SOCK_CLOEXEC, 0);

		MUST(fd >= 0);
		close(fd);
	}
	MUST(socket(AF_PPPOX, SOCK_DGRAM, 1) >= 0 || errno == EAFNOSUPPORT || errno == EPROTONOSUPPORT);
	MUST(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
	MUST(send(pair[0], &octet, 1, 0) == 1 && recv(pair[1], &octet, 1, 0) == 1);
}

static void
sockets_of_our_families_work(void **state)
{
	(void)state;
	must_be_good(talk);
}

static void
change_routes(void)
{
	const struct kb_route route = { .to = { AF_INET, 24, { 10, 9, 8 } }, .ifindex = 1 };
	struct kb_netlink *nl;
	struct kb_link link;
	struct kb_error why = { 0 };

	enter(&usual);
	MUST(kb_netlink_new(&nl, &why) == 0);
	MUST(kb_link_get(nl, "lo", &link, &why) == 0);
	MUST(kb_route_add(nl, &route, &why) == 0);
	MUST(kb_route_del(nl, &route, &why) == 0);
	kb_netlink_free(nl);
}

static void
routes_are_made_and_deleted(void **state)
{
	(void)state;
	must_be_good(change_routes);
}

static void
resolve(void)
{
	struct kb_resolve query;
	struct kb_error why = { 0 };
	union kb_sockaddr found[4];

	enter(&usual);
	MUST(kb_resolve_start(&query, "localhost", 1701, AF_INET, &why) == 0);
	struct pollfd answer = { .fd = kb_resolve_fd(&query), .events = POLLIN };
	MUST(answer.fd >= 0 && poll(&answer, 1, ANSWER_MS) == 1);
	MUST(kb_resolve_finish(&query, found, 4, &why) >= 1);
	MUST(found[0].in.sin_addr.s_addr == htonl(INADDR_LOOPBACK));
}

static void
names_are_resolved_by_a_child(void **state)
{
	(void)state;
	must_be_good(resolve);
}

static const char *
fake_pppd(void)
{
	static char path[300];
	const ssize_t n = readlink("/proc/self/exe", path, sizeof path - 20);

	MUST(n > 0);
	path[n] = '\0';
	strcpy(strrchr(path, '/') + 1, "fake_pppd");
	return path;
}

static bool
is_anything(int fd)
{
	return fd >= 0;
}

static void
use_launcher(void)
{
	const struct launcher_config config = { .pppd_path = fake_pppd(),
						.plugin_path = "/dev/null",
						.max_children = 1,
						.is_session = is_anything };
	struct kb_pppd_request request = { .plugin_path = "/nowhere", .user = "exits-19" };
	struct launcher launcher;
	struct host_system system;
	struct kb_pppd pppd;
	struct kb_error why = { 0 };
	int wstatus = 0;

	MUST(launcher_start(&config, &launcher, &why) == 0);
	MUST(launcher_system_new(&launcher, &system, &why) == 0);
	enter(&usual);
	request.session_fd = socket(AF_INET, SOCK_DGRAM, 0);
	MUST(system.ops->ppp_start(system.self, &request, &pppd, &why) == 0);
	struct pollfd end = { .fd = pppd.pidfd, .events = POLLIN };
	MUST(poll(&end, 1, ANSWER_MS) == 1);
	MUST(system.ops->ppp_wait(system.self, &pppd, &wstatus) == 1);
	MUST(WIFEXITED(wstatus) && WEXITSTATUS(wstatus) == 19);
	MUST_NOT(kill(launcher.pid, SIGKILL));
	launcher_system_free(&system);
	launcher_end(&launcher);
}

static void
the_launcher_serves_it_and_is_out_of_its_reach(void **state)
{
	(void)state;
	must_be_good(use_launcher);
}

/* ---- what it cannot ---- */

static void
try_arguments(void)
{
	const struct rlimit limit = { 1, 1 };

	enter(&usual);
	const int fd = open("/etc/passwd", O_RDONLY);
	MUST(fd >= 0);
	MUST_NOT(open("/dev/null", O_WRONLY));
	MUST_NOT(open("/dev/null", O_RDWR));
	MUST_NOT(open("/tmp/uptun-sandbox", O_RDONLY | O_CREAT, 0600));
	MUST_NOT(open("/tmp", O_TMPFILE | O_RDWR, 0600));
	MUST_NOT(open("/dev/null", O_RDONLY | O_TRUNC));
	MUST_NOT(socket(AF_PACKET, SOCK_RAW, 0));
#ifndef __i386__ /* where socketcall() makes sockets, and its arguments are in memory */
	MUST_NOT(socket(AF_VSOCK, SOCK_STREAM, 0));
#endif
	MUST(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) != MAP_FAILED || errno == EPERM);
	MUST(mmap(NULL, 4096, PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED &&
	     errno == EPERM);
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	MUST(page != MAP_FAILED);
	MUST_NOT(mprotect(page, 4096, PROT_READ | PROT_EXEC));
	MUST_NOT(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
	MUST_NOT(ioctl(fd, TIOCSTI, "x"));
	MUST_NOT(setrlimit(RLIMIT_CORE, &limit));
	MUST_NOT(unlink("/tmp/uptun-sandbox"));
	MUST_NOT(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, NULL));
}

static void
arguments_beyond_the_list_are_refused(void **state)
{
	(void)state;
	must_be_good(try_arguments);
}

static void
take_a_low_port(void)
{
	const union kb_sockaddr address = { .in = { .sin_family = AF_INET, .sin_port = htons(80) } };

	enter(&usual);
	const int fd = socket(AF_INET, SOCK_DGRAM, 0);
	MUST(bind(fd, &address.sa, sizeof address.in) < 0 && errno == EACCES);
}

static void
low_ports_are_refused_without_request(void **state)
{
	(void)state;
	must_be_good(take_a_low_port);
}

static void
execute(void)
{
	char name[] = "true";
	char *const arguments[] = { name, NULL }, *const environment[] = { NULL };

	enter(&usual);
	execve("/bin/true", arguments, environment);
}

static void
trace(void)
{
	enter(&usual);
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static void
leave_namespace(void)
{
	enter(&usual);
	(void)!unshare(CLONE_NEWNET);
}

static void
become_root(void)
{
	enter(&usual);
	(void)!setuid(0);
}

static void
regain_capabilities(void)
{
	enter(&usual);
	(void)syscall(SYS_capset, NULL, NULL);
}

static void
mount_something(void)
{
	enter(&usual);
	(void)!syscall(SYS_mount, NULL, NULL, NULL, 0, NULL);
}

static void
open_a_folder(void)
{
	enter(&usual);
	(void)!chmod("/tmp", 0777);
}

static void
read_another_s_memory(void)
{
	enter(&usual);
	(void)syscall(SYS_process_vm_readv, 1, NULL, 0, NULL, 0, 0);
}

static void
load_a_program(void)
{
	enter(&usual);
	(void)syscall(SYS_bpf, 0, NULL, 0);
}

static void
calls_that_are_not_on_the_list_kill(void **state)
{
	static const struct {
		const char *what;
		void (*body)(void);
	} cases[] = {
		{ "execve", execute },
		{ "ptrace", trace },
		{ "unshare", leave_namespace },
		{ "setuid", become_root },
		{ "capset", regain_capabilities },
		{ "mount", mount_something },
		{ "chmod", open_a_folder },
		{ "process_vm_readv", read_another_s_memory },
		{ "bpf", load_a_program },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const int wstatus = run(cases[i].body);

		if (!WIFSIGNALED(wstatus) || WTERMSIG(wstatus) != SIGSYS)
			fail_msg("%s: status %#x, not killed by SIGSYS", cases[i].what, (unsigned)wstatus);
	}
}

static void
go_on_when_only_logged(void)
{
	const struct sandbox_config config = { .user = "65534", .seccomp = SANDBOX_LOG };

	enter(&config);
	MUST(open("/dev/null", O_WRONLY) >= 0);
	MUST(status_says("Seccomp:\t2\n") && status_says("CapEff:\t0000000000001000\n"));
}

static void
live_without_filter(void)
{
	const struct sandbox_config config = { .user = "65534", .seccomp = SANDBOX_OFF };

	enter(&config);
	MUST(status_says("Seccomp:\t0\n") && status_says("NoNewPrivs:\t1\n"));
}

static void
the_filter_can_log_only_or_be_left_out(void **state)
{
	const struct sandbox_state lacking = { .seccomp = SANDBOX_OFF, .lacks_seccomp = true };

	(void)state;
	must_be_good(go_on_when_only_logged);
	must_be_good(live_without_filter);
	assert_string_equal(sandbox_seccomp_name(&lacking), "off: this kernel has no seccomp filters");
	assert_string_equal(sandbox_seccomp_name(&(struct sandbox_state){ .seccomp = SANDBOX_KILL }),
			    "killed");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_another_user_with_one_capability),
		cmocka_unit_test(low_ports_are_kept_on_request),
		cmocka_unit_test(a_user_that_there_is_not_is_named),
		cmocka_unit_test(sockets_of_our_families_work),
		cmocka_unit_test(routes_are_made_and_deleted),
		cmocka_unit_test(names_are_resolved_by_a_child),
		cmocka_unit_test(the_launcher_serves_it_and_is_out_of_its_reach),
		cmocka_unit_test(arguments_beyond_the_list_are_refused),
		cmocka_unit_test(low_ports_are_refused_without_request),
		cmocka_unit_test(calls_that_are_not_on_the_list_kill),
		cmocka_unit_test(the_filter_can_log_only_or_be_left_out),
	};

	if (geteuid() != 0) {
		printf("skipped: only root can become somebody else\n");
		return NETNS_SKIP;
	}
	if (!netns_enter())
		return NETNS_SKIP;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
