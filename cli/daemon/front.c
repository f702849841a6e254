/* front.c - the daemon as a process
 * SPDX-License-Identifier: Apache-2.0
 *
 * The order: the launcher is forked while there is nothing in memory; the host is made; profiles and secrets are read;
 * drivers are probed; the socket is made; then all rights but one are given up, and only then are clients heard.
 */
#include "cli/daemon/front.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "cli/daemon/folder.h"
#include "cli/daemon/service.h"
#include "cli/daemon/socket_file.h"
#include "cli/launcher/launcher.h"
#include "cli/privilege.h"
#include "cli/run.h"
#include "cli/say.h"
#include "cli/signals.h"
#include "kernel-bridge/kb_child.h"

static const char usual_name[] = "uptun";

enum { SANDBOX_WORDS = 8, ROUTES_A_TUNNEL = 8, US_A_SECOND = 1000000 };

struct front {
	const struct front_settings *settings;
	struct ut_io io;
	struct launcher launcher;
	struct host_system system;
	struct rights rights;
	struct daemon *daemon;
	int listener, signal_fd, timer_fd;
	bool owns_socket_file;
	const char *sandbox[SANDBOX_WORDS];
	char seccomp_word[64];
	int status;
};

/* ---- with all rights ---- */

static int
start_launcher(struct front *f, struct kb_error *why)
{
	const struct front_settings *s = f->settings;
	char plugin[HOST_PATH_MAX];
	struct launcher_config config = { .socket_path = f->listener < 0 ? s->socket_path : NULL,
					  .plugin_path = plugin,
					  .extra = s->extra_options,
					  .max_children = LAUNCHER_CHILDREN_MAX,
					  .max_routes =
					      ROUTES_A_TUNNEL * s->max_tunnels + PROFILE_ROUTES_MAX };
	int r;

	if (s->without_launcher)
		return 0;
	host_plugin_find(NULL, plugin);
	r = launcher_start(&config, &f->launcher, why);
	return r < 0 ? r : launcher_system_new(&f->launcher, &f->system, why);
}

static int
find_rights(struct front *f, struct kb_error *why)
{
	const struct front_settings *s = f->settings;

	f->rights = (struct rights){
		.own = geteuid(), .uids_n = s->uids_n, .has_gate = s->has_gate, .gate = s->gate
	};
	memcpy(f->rights.uids, s->uids, sizeof s->uids);
	if (s->group == NULL && getgrnam(usual_name) == NULL)
		return 0;
	return rights_set_group(&f->rights, s->group != NULL ? s->group : usual_name, why);
}

static int
make_daemon(struct front *f, struct kb_error *why)
{
	const struct front_settings *s = f->settings;
	const struct daemon_config config = { .io = f->io,
					      .system = f->system,
					      .max_tunnels = s->max_tunnels,
					      .max_pptp = s->max_pptp,
					      .rights = &f->rights,
					      .extra_options = s->extra_options,
					      .level = s->level,
					      .sink = s->sink };
	int r = daemon_new(&config, &f->daemon, why);

	if (r == 0 && s->folder != NULL)
		r = folder_load(f->daemon, s->folder, why);
	if (r == 0 && !s->without_launcher)
		daemon_prepare(f->daemon);
	return r;
}

static int
check_passed(int fd, struct kb_error *why)
{
	socklen_t octets = sizeof(int);
	int is_listening = 0;

	if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &octets) < 0)
		return kb_fail(why, errno, "--socket-fd: descriptor %d: %s", fd, strerror(errno));
	return is_listening ? fd
			    : kb_fail(why, EINVAL, "--socket-fd: descriptor %d is no listening socket", fd);
}

/* By option, or by the manager of services. */
static int
take_passed(struct front *f, struct kb_error *why)
{
	const int fd = f->settings->socket_fd;
	const int r = fd >= 0 ? check_passed(fd, why) : service_listener(why);

	f->listener = r >= 0 ? r : -1;
	return r < -1 ? r : 0;
}

static int
make_socket(struct front *f, struct kb_error *why)
{
	const gid_t group = f->rights.has_group ? f->rights.group : (gid_t)-1;

	if (f->listener >= 0)
		return 0;
	f->listener = socket_file_open(f->settings->socket_path, group, why);
	f->owns_socket_file = f->listener >= 0;
	if (!f->owns_socket_file)
		return f->listener;
	if (f->settings->without_launcher)
		return 0;
	const int r = launcher_own_socket(&f->launcher, why);
	if (r < 0)
		socket_file_remove(f->settings->socket_path);
	return r;
}

/* ---- giving up rights ---- */

static void
note_sandbox(struct front *f, const struct sandbox_state *state)
{
	size_t n = 0;

	f->sandbox[n++] = "launcher";
	f->sandbox[n++] = f->settings->low_ports ? "capabilities: CAP_NET_ADMIN, CAP_NET_BIND_SERVICE"
						 : "capabilities: CAP_NET_ADMIN";
	f->sandbox[n++] = "no-new-privs";
	(void)snprintf(f->seccomp_word, sizeof f->seccomp_word, "seccomp: %s", sandbox_seccomp_name(state));
	f->sandbox[n++] = f->seccomp_word;
	daemon_set_sandbox(f->daemon, f->sandbox);
	if (state->lacks_seccomp)
		daemon_say(f->daemon, true,
			   "this kernel has no filters of system calls: the daemon runs without");
}

static int
enter_sandbox(struct front *f, struct kb_error *why)
{
	const struct sandbox_config config = { .user = f->settings->user,
					       .low_ports = f->settings->low_ports,
					       .seccomp = sandbox_usual_seccomp() };
	struct sandbox_state state;
	int r;

	if (f->settings->without_launcher)
		return 0;
	r = sandbox_enter(&config, &state, why);
	if (r == 0) {
		f->rights.own = state.uid;
		note_sandbox(f, &state);
	}
	return r;
}

/* ---- the loop ---- */

static void
write_status(const struct front *f, char *out, size_t cap)
{
	(void)snprintf(out, cap, "%u tunnels, %u of them up", daemon_n_tunnels(f->daemon),
		       daemon_n_up(f->daemon));
}

static void
end(struct front *f)
{
	char status[64];

	daemon_stop(f->daemon);
	write_status(f, status, sizeof status);
	service_stopping(status);
}

static void
on_signal(void *ctx, int fd)
{
	struct front *f = ctx;

	while (signals_take(fd) != 0)
		end(f);
}

static void
on_launcher(void *ctx, int fd)
{
	struct front *f = ctx;

	f->io.ops->unwatch(f->io.self, fd);
	daemon_say(f->daemon, true, "the launcher has ended: no pppd can be started any more");
	f->status = STATUS_SYSTEM;
	end(f);
}

static void
on_timer(void *ctx, int fd)
{
	struct front *f = ctx;
	uint64_t times;
	char status[64];

	if (read(fd, &times, sizeof times) != sizeof times)
		return;
	write_status(f, status, sizeof status);
	service_alive(status);
}

static int
start_timer(struct front *f)
{
	const uint64_t us = service_period_us();
	const struct timespec period = { .tv_sec = (time_t)(us / US_A_SECOND),
					 .tv_nsec = (long)(us % US_A_SECOND) * 1000 };
	const struct itimerspec spec = { .it_interval = period, .it_value = period };

	if (us == 0)
		return 0;
	f->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (f->timer_fd < 0 || timerfd_settime(f->timer_fd, 0, &spec, NULL) < 0)
		return -errno;
	return f->io.ops->watch(f->io.self, f->timer_fd, on_timer, f);
}

static int
watch_all(struct front *f, struct kb_error *why)
{
	int r = f->io.ops->watch(f->io.self, f->signal_fd, on_signal, f);

	if (r == 0 && !f->settings->without_launcher)
		r = f->io.ops->watch(f->io.self, launcher_fd(&f->launcher), on_launcher, f);
	if (r == 0)
		r = start_timer(f);
	if (r == 0)
		r = daemon_listen(f->daemon, f->listener);
	return r < 0 ? kb_fail(why, -r, "cannot begin: %s", strerror(-r)) : 0;
}

static int
prepare(struct front *f, struct kb_error *why)
{
	int r = take_passed(f, why);

	if (r == 0)
		r = start_launcher(f, why);
	if (r == 0)
		r = find_rights(f, why);
	if (r == 0)
		r = make_daemon(f, why);
	if (r == 0)
		r = make_socket(f, why);
	if (r == 0)
		r = enter_sandbox(f, why);
	if (r == 0)
		r = watch_all(f, why);
	return r;
}

static void
loop(struct front *f)
{
	char status[64];

	daemon_say(f->daemon, false, "uptun " UPTUN_VERSION " is ready; tunnels of its folder: %u",
		   daemon_n_tunnels(f->daemon));
	write_status(f, status, sizeof status);
	service_ready(status);
	while (daemon_turn(f->daemon))
		continue;
	if (daemon_error(f->daemon) < 0)
		f->status = STATUS_SYSTEM;
}

/* ---- undoing ---- */

static void
undo(struct front *f)
{
	f->daemon = daemon_free(f->daemon);
	/* Where there is a launcher, it removes the file: we may not any more. */
	if (f->owns_socket_file && f->settings->without_launcher)
		socket_file_remove(f->settings->socket_path);
	if (f->listener >= 0)
		(void)close(f->listener);
	if (f->timer_fd >= 0)
		(void)close(f->timer_fd);
	if (f->system.ops != NULL)
		launcher_system_free(&f->system);
	launcher_end(&f->launcher);
	rights_fini(&f->rights);
}

static int
run(struct front *f)
{
	struct kb_error why = { .err = 0 };
	int r = ut_io_epoll_new(&f->io);

	if (r < 0) {
		say("cannot make an event loop: %s", strerror(-r));
		return STATUS_SYSTEM;
	}
	r = prepare(f, &why);
	if (r == 0)
		loop(f);
	else
		say("%s", why.text);
	undo(f);
	ut_io_epoll_free(&f->io);
	return r < 0 ? STATUS_SYSTEM : f->status;
}

int
front_run(const struct front_settings *settings)
{
	struct front f = { .settings = settings,
			   .launcher = LAUNCHER_NULL,
			   .listener = -1,
			   .timer_fd = -1,
			   .status = STATUS_OK };
	const char *missing = settings->without_launcher ? NULL : privilege_missing();
	int status;

	if (missing != NULL) {
		say("%s", missing);
		return STATUS_SYSTEM;
	}
	kb_hide_memory(); /* clients hand over passwords, also where no rights are given up */
	f.signal_fd = signals_open();
	if (f.signal_fd < 0) {
		say("cannot prepare for signals: %s", strerror(-f.signal_fd));
		return STATUS_SYSTEM;
	}
	status = run(&f);
	(void)close(f.signal_fd);
	return status;
}
