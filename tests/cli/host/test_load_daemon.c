/* test_load_daemon.c - thousands of tunnels in one daemon, and a hundred who watch
 * SPDX-License-Identifier: Apache-2.0
 *
 * One watcher in ten watches all tunnels, the others one each; one of those who watch all reads nothing.
 */
#include "tests/cli/host/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/api/message.h"
#include "cli/daemon/daemon.h"

#include <cmocka.h>

#define S (UINT64_C(1000000))
#define MINUTE (60 * S)

#ifdef __SANITIZE_ADDRESS__
enum { TUNNELS = 500, MINUTES = 10 };
#else
enum { TUNNELS = 10000, MINUTES = 60 };
#endif
enum { WATCHERS = 100, NOSY = 10, SLOTH = 0 };

struct watcher {
	int fd; /* -1: none */
	uint64_t octets;
};

struct crowd {
	struct load *load;
	struct ut_io io;
	struct rights rights;
	struct daemon *daemon;
	struct watcher watchers[WATCHERS];
	unsigned n;
};

static void
on_octets(void *ctx, int fd)
{
	struct watcher *w = ctx;
	uint8_t octets[65536];
	const ssize_t n = recv(fd, octets, sizeof octets, MSG_DONTWAIT);

	assert_true(n > 0); /* nobody is cut off who reads */
	w->octets += (uint64_t)n;
}

static void
ask(int fd, uint32_t tunnel)
{
	Uptun__Request request = UPTUN__REQUEST__INIT;
	Uptun__Watch watch = UPTUN__WATCH__INIT;
	struct api_frame frame;

	watch.tunnel = tunnel;
	request.id = 1;
	request.order_case = UPTUN__REQUEST__ORDER_WATCH;
	request.watch = &watch;
	assert_int_equal(api_pack(&request.base, &frame), API_PACKED);
	assert_int_equal(send(fd, frame.octets, frame.n, MSG_NOSIGNAL), frame.n);
	api_frame_fini(&frame);
}

/* As many as the daemon takes of one user who is not root. */
static void
let_them_watch(struct crowd *c)
{
	const unsigned n = geteuid() == 0 ? WATCHERS : WATCHERS / 2;

	for (c->n = 0; c->n < n; c->n++) {
		struct watcher *w = &c->watchers[c->n];
		int fds[2];

		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds), 0);
		w->fd = fds[0];
		assert_int_equal(daemon_attach(c->daemon, fds[1]), 0);
		ask(w->fd, c->n < NOSY ? 0 : 1 + c->n);
		if (c->n != SLOTH)
			assert_int_equal(c->io.ops->watch(c->io.self, w->fd, on_octets, w), 0);
	}
}

static void
let_them_go(struct crowd *c)
{
	for (unsigned i = 0; i < c->n; i++) {
		c->io.ops->unwatch(c->io.self, c->watchers[i].fd);
		close(c->watchers[i].fd);
	}
}

static void
nothing(void *ctx)
{
	(void)ctx;
}

/* For so long, or until as many are up. */
static bool
run(struct crowd *c, uint64_t us, unsigned n_up)
{
	struct ut_world *world = load_world(c->load);
	const uint64_t limit = ut_world_now(world).us + us;

	(void)ut_world_at(world, us, nothing, NULL);
	while (ut_world_now(world).us < limit && daemon_n_up(c->daemon) < n_up)
		if (!daemon_turn(c->daemon))
			return false;
	return daemon_n_up(c->daemon) >= n_up;
}

static void
bring_all_up(struct crowd *c)
{
	static const struct daemon_origin origin = { .is_configured = true };
	struct profile profile = *load_profile(c->load);
	struct daemon_fault why;
	uint32_t id;

	for (unsigned i = 0; i < TUNNELS; i++) {
		snprintf(profile.name, sizeof profile.name, "load%u", i);
		assert_int_equal(daemon_add(c->daemon, &profile, &origin, &id, &why), DAEMON_ADDED);
		if (i == 0)
			assert_int_equal(id, 1);
	}
	assert_true(run(c, MINUTE, TUNNELS));
}

static void
open_daemon(struct crowd *c)
{
	const struct host_config host = load_config(c->load);
	const struct daemon_config config = { .io = host.io,
					      .system = host.system,
					      .driver = host.driver,
					      .max_tunnels = TUNNELS,
					      .rights = &c->rights };
	struct kb_error why;

	c->io = host.io;
	c->rights.own = geteuid();
	assert_int_equal(daemon_new(&config, &c->daemon, &why), 0);
}

static void
a_hundred_watch_thousands_for_an_hour(void **state)
{
	struct crowd c = { .load = load_new(&(struct load_spec){ .tunnels = TUNNELS, .seed = 3 }) };

	(void)state;
	assert_non_null(c.load);
	open_daemon(&c);
	let_them_watch(&c);
	bring_all_up(&c);
	for (unsigned i = 0; i < MINUTES; i++) {
		load_cut(c.load, TUNNELS / 300 + 1);
		load_close(c.load, TUNNELS / 300 + 1);
		load_hang_up(c.load, TUNNELS / 300 + 1);
		(void)run(&c, MINUTE, UINT32_MAX);
		assert_true(daemon_n_up(c.daemon) > TUNNELS * 9 / 10);
	}
	assert_true(run(&c, 10 * MINUTE, TUNNELS));
	for (unsigned i = 0; i < c.n; i++)
		assert_true((c.watchers[i].octets > 0) == (i != SLOTH));
	daemon_stop(c.daemon);
	while (daemon_turn(c.daemon))
		continue;
	assert_int_equal(daemon_error(c.daemon), 0);
	assert_int_equal(daemon_n_tunnels(c.daemon), 0);
	let_them_go(&c);
	c.daemon = daemon_free(c.daemon);
	load_free(c.load);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hundred_watch_thousands_for_an_hour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
