/* test_kb_keeper.c - the keeper undoes what we did, once we are gone, and only then
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_keeping.h"

#include "tests/kernel-bridge/netns.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

static long
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000L + t.tv_nsec / 1000000L;
}

/* A child that ends by SIGTERM, or, stubborn, only by SIGKILL.  It is ready when this returns. */
static pid_t
fake_child(bool stubborn)
{
	int ready[2];
	char c;

	assert_int_equal(pipe(ready), 0);
	const pid_t pid = fork();
	if (pid == 0) {
		if (stubborn)
			signal(SIGTERM, SIG_IGN);
		c = '!';
		if (write(ready[1], &c, 1) != 1)
			_exit(1);
		close_range(0, ~0U, 0); /* our end of the keeper's socket too */
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &c, 1), 1);
	close(ready[0]);
	return pid;
}

/* The signal it ended by; 0: it still runs after `limit_ms`. */
static int
ended_by(pid_t pid, long limit_ms)
{
	const long end = now_ms() + limit_ms;
	int status;

	for (;;) {
		const pid_t r = waitpid(pid, &status, WNOHANG);

		if (r == pid)
			return WIFSIGNALED(status) ? WTERMSIG(status) : -1;
		if (now_ms() > end)
			return 0;
		poll(NULL, 0, 5);
	}
}

/* As if we had died: our end of the socket closes without a word. */
static void
die(struct kb_keeper *k)
{
	close(k->fd);
	assert_int_equal(waitpid(k->pid, NULL, 0), k->pid);
	*k = KB_KEEPER_NULL;
}

static void
children_are_ended_when_we_die(void **state)
{
	struct kb_keeper k;
	struct kb_error why;

	(void)state;
	assert_int_equal(kb_keeper_start(&k, &why), 0);
	const pid_t child = fake_child(false);
	assert_int_equal(kb_keeper_child(&k, child, true), 0);
	const long begin = now_ms();
	die(&k);
	assert_int_equal(ended_by(child, 100), SIGTERM);
	assert_true(now_ms() - begin < 500);
}

static void
a_stubborn_child_is_killed_after_half_a_second(void **state)
{
	struct kb_keeper k;
	struct kb_error why;

	(void)state;
	assert_int_equal(kb_keeper_start(&k, &why), 0);
	const pid_t child = fake_child(true);
	assert_int_equal(kb_keeper_child(&k, child, true), 0);
	const long begin = now_ms();
	die(&k);
	assert_int_equal(ended_by(child, 100), SIGKILL);
	assert_in_range((unsigned long)(now_ms() - begin), 400, 1300);
}

static void
a_child_that_was_taken_back_is_left_alone(void **state)
{
	struct kb_keeper k;
	struct kb_error why;

	(void)state;
	assert_int_equal(kb_keeper_start(&k, &why), 0);
	pid_t children[20];
	for (size_t i = 0; i < 20; i++) {
		children[i] = fake_child(false);
		assert_int_equal(kb_keeper_child(&k, children[i], true), 0);
	}
	for (size_t i = 0; i < 20; i += 2)
		assert_int_equal(kb_keeper_child(&k, children[i], false), 0);
	die(&k);
	for (size_t i = 0; i < 20; i++) {
		assert_int_equal(ended_by(children[i], i % 2 == 0 ? 0 : 100), i % 2 == 0 ? 0 : SIGTERM);
		kill(children[i], SIGKILL);
		waitpid(children[i], NULL, 0);
	}
}

static void
a_dismissed_keeper_undoes_nothing(void **state)
{
	struct kb_keeper k;
	struct kb_error why;

	(void)state;
	assert_int_equal(kb_keeper_start(&k, &why), 0);
	const pid_t child = fake_child(false);
	assert_int_equal(kb_keeper_child(&k, child, true), 0);
	kb_keeper_dismiss(&k);
	assert_int_equal(k.fd, -1);
	assert_int_equal(ended_by(child, 50), 0);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	kb_keeper_dismiss(&k);
	assert_int_equal(kb_keeper_child(&k, 1, true), 0);
}

static void
the_keeper_survives_what_a_terminal_sends(void **state)
{
	static const int sent[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE };
	struct kb_keeper k;
	struct kb_error why;

	(void)state;
	assert_int_equal(kb_keeper_start(&k, &why), 0);
	/* An order that is obeyed shows that it has set up its signals. */
	const pid_t child = fake_child(false);
	assert_int_equal(kb_keeper_child(&k, child, true), 0);
	poll(NULL, 0, 100);
	assert_true(getsid(k.pid) == k.pid);
	for (size_t i = 0; i < sizeof sent / sizeof sent[0]; i++)
		assert_int_equal(kill(k.pid, sent[i]), 0);
	poll(NULL, 0, 50);
	assert_int_equal(waitpid(k.pid, NULL, WNOHANG), 0);
	die(&k);
	assert_int_equal(ended_by(child, 100), SIGTERM);
}

static void
the_keeper_holds_one_descriptor(void **state)
{
	struct kb_keeper k;
	struct kb_error why;
	char path[64];
	size_t n = 0;

	(void)state;
	assert_int_equal(kb_keeper_start(&k, &why), 0);
	poll(NULL, 0, 100);
	snprintf(path, sizeof path, "/proc/%d/fd", (int)k.pid);
	DIR *fds = opendir(path);
	assert_non_null(fds);
	for (struct dirent *e = readdir(fds); e != NULL; e = readdir(fds))
		n += e->d_name[0] != '.';
	closedir(fds);
	assert_int_equal(n, 1);
	kb_keeper_dismiss(&k);
}

static bool
has_route(const char *needle)
{
	char line[256];
	bool found = false;
	FILE *p = popen("ip route show", "r");

	assert_non_null(p);
	while (fgets(line, sizeof line, p) != NULL)
		found = found || strstr(line, needle) != NULL;
	pclose(p);
	return found;
}

static void
routes_are_deleted_when_we_die(void **state)
{
	struct kb_keeper k;
	struct kb_netlink *nl;
	struct kb_link lo;
	struct kb_error why;
	struct kb_route kept, taken_back;

	(void)state;
	if (!netns_enter())
		skip();
	assert_int_equal(kb_netlink_new(&nl, &why), 0);
	assert_int_equal(kb_link_get(nl, "lo", &lo, &why), 0);
	memset(&kept, 0, sizeof kept);
	kept.to = (struct kb_prefix){ AF_INET, 24, { 10, 77, 0, 0 } };
	kept.ifindex = lo.index;
	taken_back = kept;
	taken_back.to.address[1] = 78;
	assert_int_equal(kb_keeper_start(&k, &why), 0);
	assert_int_equal(kb_keeper_route(&k, &kept, true), 0);
	assert_int_equal(kb_keeper_route(&k, &taken_back, true), 0);
	assert_int_equal(kb_route_add(nl, &kept, &why), 0);
	assert_int_equal(kb_route_add(nl, &taken_back, &why), 0);
	assert_int_equal(kb_keeper_route(&k, &taken_back, false), 0);
	assert_true(has_route("10.77.0.0/24"));
	die(&k);
	assert_false(has_route("10.77.0.0/24"));
	assert_true(has_route("10.78.0.0/24"));
	kb_netlink_free(nl);
}

/* ---- a keeper that is lost ---- */

static void
lose(struct kb_keeping *k)
{
	assert_int_equal(kill(k->keeper.pid, SIGKILL), 0);
	assert_int_equal(poll(&(struct pollfd){ .fd = k->keeper.fd, .events = POLLIN }, 1, 1000), 1);
}

/* Dies, and forgets what it knew as a process that dies does. */
static void
die_with_all(struct kb_keeping *k)
{
	die(&k->keeper);
	kb_keeping_end(k);
}

static void
the_next_keeper_knows_the_children_of_the_last(void **state)
{
	struct kb_keeping k = KB_KEEPING_NULL;
	struct kb_error why;

	(void)state;
	const pid_t first = fake_child(false), gone = fake_child(false), second = fake_child(false);
	assert_int_equal(kb_keeping_add_child(&k, first, &why), 0);
	assert_int_equal(kb_keeping_add_child(&k, gone, &why), 0);
	kb_keeping_forget_child(&k, gone);
	const pid_t lost = k.keeper.pid;
	lose(&k);
	assert_int_equal(kb_keeping_add_child(&k, second, &why), 0);
	assert_true(k.keeper.pid != lost);
	die_with_all(&k);
	assert_int_equal(ended_by(first, 100), SIGTERM);
	assert_int_equal(ended_by(second, 100), SIGTERM);
	assert_int_equal(ended_by(gone, 0), 0);
	kill(gone, SIGKILL);
	waitpid(gone, NULL, 0);
}

static void
a_loss_that_is_noticed_when_something_is_forgotten_is_made_good_too(void **state)
{
	struct kb_keeping k = KB_KEEPING_NULL;
	struct kb_error why;

	(void)state;
	const pid_t kept = fake_child(false), gone = fake_child(false);
	assert_int_equal(kb_keeping_add_child(&k, kept, &why), 0);
	assert_int_equal(kb_keeping_add_child(&k, gone, &why), 0);
	lose(&k);
	kb_keeping_forget_child(&k, gone);
	assert_true(k.keeper.fd >= 0);
	lose(&k);
	kb_keeping_forget_child(&k, kept); /* nothing is left to keep */
	assert_int_equal(k.keeper.fd, -1);
	assert_int_equal(kb_keeping_add_child(&k, kept, &why), 0);
	die_with_all(&k);
	assert_int_equal(ended_by(kept, 100), SIGTERM);
	assert_int_equal(ended_by(gone, 0), 0);
	kill(gone, SIGKILL);
	waitpid(gone, NULL, 0);
}

static void
the_next_keeper_knows_the_routes_of_the_last(void **state)
{
	struct kb_keeping k = KB_KEEPING_NULL;
	struct kb_netlink *nl;
	struct kb_link lo;
	struct kb_error why;

	(void)state;
	if (!netns_enter())
		skip();
	assert_int_equal(kb_netlink_new(&nl, &why), 0);
	assert_int_equal(kb_link_get(nl, "lo", &lo, &why), 0);
	struct kb_route routes[3];
	memset(routes, 0, sizeof routes);
	for (uint8_t i = 0; i < 3; i++) {
		routes[i].to = (struct kb_prefix){ AF_INET, 24, { 10, 87, i, 0 } };
		routes[i].ifindex = lo.index;
		if (i == 2)
			lose(&k);
		assert_int_equal(kb_keeping_add_route(&k, &routes[i], &why), 0);
		assert_int_equal(kb_route_add(nl, &routes[i], &why), 0);
		if (i == 1)
			kb_keeping_forget_route(&k, &routes[1]);
	}
	assert_true(has_route("10.87.0.0/24"));
	die_with_all(&k);
	assert_false(has_route("10.87.0.0/24"));
	assert_true(has_route("10.87.1.0/24")); /* forgotten before the loss */
	assert_false(has_route("10.87.2.0/24"));
	kb_netlink_free(nl);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(children_are_ended_when_we_die),
		cmocka_unit_test(a_stubborn_child_is_killed_after_half_a_second),
		cmocka_unit_test(a_child_that_was_taken_back_is_left_alone),
		cmocka_unit_test(a_dismissed_keeper_undoes_nothing),
		cmocka_unit_test(the_keeper_survives_what_a_terminal_sends),
		cmocka_unit_test(the_keeper_holds_one_descriptor),
		cmocka_unit_test(routes_are_deleted_when_we_die),
		cmocka_unit_test(the_next_keeper_knows_the_children_of_the_last),
		cmocka_unit_test(a_loss_that_is_noticed_when_something_is_forgotten_is_made_good_too),
		cmocka_unit_test(the_next_keeper_knows_the_routes_of_the_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
