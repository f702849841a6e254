/* kb_pppd.c - start, hear and stop one pppd on a connected PPPoX socket
 * SPDX-License-Identifier: Apache-2.0
 *
 * The child is made with vfork: it shares our memory until execve, so it copies nothing, however big we
 * are, and tells a failure by a variable.  Between the two it only makes system calls.
 */
#include "kernel-bridge/kb_pppd.h"

#include "kernel-bridge/kb_child.h"
#include "kernel-bridge/kb_pppd_options.h"
#include "kernel-bridge/kb_pppd_record.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEFAULT_PPPD "/usr/sbin/pppd"

_Static_assert((int)KB_PPPD_RECORD_PHASE == (int)KB_PPPD_PHASE &&
		   (int)KB_PPPD_RECORD_AUTH_FAILED == (int)KB_PPPD_AUTH_FAILED &&
		   (int)KB_PPPD_RECORD_N == (int)KB_PPPD_REPORT_N,
	       "a record's kinds are a report's kinds");
_Static_assert((int)KB_PPPD_RECORD_MPPE_ALLOW == (int)KB_MPPE_ALLOW &&
		   (int)KB_PPPD_RECORD_MPPE_REQUIRE == (int)KB_MPPE_REQUIRE &&
		   (int)KB_PPPD_RECORD_MPPE_LOST == (int)KB_MPPE_LOST &&
		   (int)KB_PPPD_RECORD_MPPE_END_N == (int)KB_MPPE_END_N,
	       "and so with MPPE");

/* ---- the options file ---- */

static int
write_sealed(int fd, const struct kb_pppd_text *text)
{
	const ssize_t n = write(fd, text->base, text->len);

	if (n != (ssize_t)text->len)
		return n < 0 ? errno : ENOSPC;
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
		return errno;
	return 0;
}

static int
make_file(const struct kb_pppd_text *text, int *out, struct kb_error *why)
{
	const int fd = memfd_create("uptun-ppp", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return kb_fail(why, errno, "cannot make a memory file for pppd's options: %s",
			       strerror(errno));
	const int err = write_sealed(fd, text);
	if (err != 0) {
		close(fd);
		return kb_fail(why, err, "cannot write pppd's options: %s", strerror(err));
	}
	*out = fd;
	return 0;
}

static int
make_options(const struct kb_pppd_request *request, int *out, struct kb_error *why)
{
	char buffer[KB_PPPD_OPTIONS_MAX];
	struct kb_pppd_text text = { .base = buffer, .cap = sizeof buffer };
	int r = kb_pppd_put_options(&text, request, why);

	if (r == 0)
		r = make_file(&text, out, why);
	explicit_bzero(buffer, text.len);
	return r;
}

/* ---- the child ---- */

struct launch {
	const char *path;
	int fds[6]; /* by enum kb_pppd_child_fd, and 0, 1, 2; -1: none */
	pid_t parent;
	int err; /* set by the child: a positive errno */
};

static void
become_pppd(struct launch *l)
{
	char file_path[] = "/proc/self/fd/3";
	char name[] = "pppd", option[] = "file", path_variable[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	char *const arguments[] = { name, option, file_path, NULL };
	char *const environment[] = { path_variable, NULL };

	_Static_assert(KB_PPPD_OPTIONS_FD == 3, "file_path names it");
	setsid(); /* the terminal's Ctrl-C is ours to act upon */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 || getppid() != l->parent)
		_exit(127);
	l->err = kb_child_arrange(l->fds, sizeof l->fds / sizeof l->fds[0]);
	if (l->err != 0)
		_exit(127);
	kb_child_reset_signals();
	execve(l->path, arguments, environment);
	l->err = errno;
	_exit(127);
}

static pid_t
spawn(struct launch *l)
{
	sigset_t all, before;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	const pid_t pid = vfork();
	if (pid == 0)
		become_pppd(l);
	if (pid < 0)
		l->err = errno;
	sigprocmask(SIG_SETMASK, &before, NULL);
	return pid;
}

static int
explain_exec(const char *path, int err, struct kb_error *why)
{
	if (err == ENOENT)
		return kb_fail(why, err, "there is no pppd at %s: install the package \"ppp\"", path);
	if (err == EACCES)
		return kb_fail(why, err, "not permitted to execute %s: run as root, or join its group (dip)",
			       path);
	return kb_fail(why, err, "cannot start %s: %s", path, strerror(err));
}

static int
run(struct launch *l, struct kb_pppd *out, struct kb_error *why)
{
	const pid_t pid = spawn(l);

	if (pid < 0)
		return kb_fail(why, l->err, "cannot make a process for pppd: %s", strerror(l->err));
	if (l->err != 0) {
		waitpid(pid, NULL, 0);
		return explain_exec(l->path, l->err, why);
	}
	const int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (pidfd < 0) {
		const int err = errno;

		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		return kb_fail(why, err, "cannot watch pppd (the kernel must be 5.3 or newer): %s",
			       strerror(err));
	}
	out->pid = pid;
	out->pidfd = pidfd;
	return 0;
}

static int
check_plugin(const struct kb_pppd_request *request, struct kb_error *why)
{
	if (request->stock_plugin || access(request->plugin_path, R_OK) == 0)
		return 0;
	return kb_fail(why, errno,
		       "pppd's plugin %s cannot be read: %s; install uptun whole, or name its folder with "
		       "UPTUN_PLUGIN_DIR",
		       request->plugin_path, strerror(errno));
}

static int
launch_on(const struct kb_pppd_request *request, int options_fd, int report_fd, struct kb_pppd *out,
	  struct kb_error *why)
{
	const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	const int err = errno;
	const int log = request->log_fd > 0 ? request->log_fd : nothing;
	const int complaints = request->log_fd > 0 ? log : fcntl(2, F_GETFD) >= 0 ? 2 : nothing;
	struct launch l = {
		.path = request->pppd_path != NULL ? request->pppd_path : DEFAULT_PPPD,
		.fds = { nothing, log, complaints, options_fd, request->session_fd, report_fd },
		.parent = getpid(),
	};

	if (nothing < 0)
		return kb_fail(why, err, "cannot open /dev/null: %s", strerror(err));
	const int r = run(&l, out, why);
	close(nothing);
	return r;
}

static int
start(const struct kb_pppd_request *request, const int pair[2], struct kb_pppd *out, struct kb_error *why)
{
	int options_fd = -1;
	int r = make_options(request, &options_fd, why);

	if (r < 0)
		return r;
	r = check_plugin(request, why);
	if (r == 0)
		r = launch_on(request, options_fd, pair[1], out, why);
	close(options_fd);
	return r;
}

int
kb_pppd_start(const struct kb_pppd_request *request, struct kb_pppd *out, struct kb_error *why)
{
	struct kb_pppd pppd = KB_PPPD_NULL;
	int pair[2] = { -1, -1 };

	if (request->session_fd < 0)
		return kb_fail(why, EBADF, "there is no session for pppd");
	if (!request->stock_plugin &&
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) < 0)
		return kb_fail(why, errno, "cannot make a socket pair for pppd: %s", strerror(errno));
	const int r = start(request, pair, &pppd, why);
	if (pair[1] >= 0)
		close(pair[1]);
	if (r < 0) {
		if (pair[0] >= 0)
			close(pair[0]);
		return r;
	}
	pppd.report_fd = pair[0];
	*out = pppd;
	return 0;
}

/* ---- what it says ---- */

static bool
is_record(const struct kb_pppd_record *r, ssize_t octets)
{
	return octets == (ssize_t)sizeof *r && r->magic == KB_PPPD_RECORD_MAGIC &&
	       r->kind < KB_PPPD_RECORD_N && r->mppe_end < KB_PPPD_RECORD_MPPE_END_N &&
	       memchr(r->phase, '\0', sizeof r->phase) != NULL &&
	       memchr(r->ifname, '\0', sizeof r->ifname) != NULL;
}

static void
read_record(const struct kb_pppd_record *r, struct kb_pppd_report *out)
{
	_Static_assert(sizeof r->phase == sizeof out->phase && sizeof r->ifname == sizeof out->ifname,
		       "same texts");
	memset(out, 0, sizeof *out);
	out->kind = (enum kb_pppd_report_kind)r->kind;
	memcpy(out->phase, r->phase, sizeof out->phase);
	memcpy(out->ifname, r->ifname, sizeof out->ifname);
	out->local.s_addr = r->local;
	out->peer.s_addr = r->peer;
	out->dns[0].s_addr = r->dns[0];
	out->dns[1].s_addr = r->dns[1];
	out->mtu = r->mtu;
	out->mppe_bits = r->mppe_bits;
	out->mppe_end = (enum kb_mppe_end)r->mppe_end;
}

int
kb_pppd_report(const struct kb_pppd *pppd, struct kb_pppd_report *out)
{
	struct kb_pppd_record record;

	if (pppd->report_fd < 0)
		return 0;
	const ssize_t n = recv(pppd->report_fd, &record, sizeof record, MSG_DONTWAIT | MSG_TRUNC);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if (n == 0)
		return -EPIPE;
	if (!is_record(&record, n))
		return -EPROTO;
	read_record(&record, out);
	return 1;
}

/* ---- its end ---- */

static void
send_signal(const struct kb_pppd *pppd, int signal)
{
	if (pppd->pidfd >= 0)
		(void)syscall(SYS_pidfd_send_signal, pppd->pidfd, signal, NULL, 0);
}

void
kb_pppd_stop(const struct kb_pppd *pppd)
{
	send_signal(pppd, SIGTERM);
}

void
kb_pppd_kill(const struct kb_pppd *pppd)
{
	send_signal(pppd, SIGKILL);
}

int
kb_pppd_wait(const struct kb_pppd *pppd, int *wstatus)
{
	int status;
	const pid_t pid = waitpid(pppd->pid, &status, WNOHANG);

	if (pid < 0)
		return -errno;
	if (pid == 0)
		return 0;
	*wstatus = status;
	return 1;
}

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void
kb_pppd_close(struct kb_pppd *pppd)
{
	close_fd(&pppd->report_fd);
	close_fd(&pppd->pidfd);
}

/* clang-format off */
static const char *const exit_names[] = {
	"ended cleanly",
	"fatal error",
	"an option, or an argument of one, is not understood",
	"not started as root",
	"the kernel has no PPP",
	"ended by a signal or by request",
	"lock file in use",
	"the device could not be opened",
	"the connect script failed",
	"the pty command failed",
	"negotiation failed",
	"the peer did not authenticate itself",
	"idle too long",
	"connected for the longest time allowed",
	"the peer calls back",
	"the peer stopped answering LCP echo requests",
	"hung up: the session ended",
	"the line is looped back",
	"the init script failed",
	"authentication failed",
	"traffic limit reached",
	"authentication by number failed",
};
/* clang-format on */

const char *
kb_pppd_exit_name(int status)
{
	const int n = sizeof exit_names / sizeof exit_names[0];

	return status >= 0 && status < n ? exit_names[status] : "ended for an unknown reason";
}

const char *
kb_mppe_end_name(enum kb_mppe_end end)
{
	switch (end) {
	case KB_MPPE_PEER_REFUSED:
		return "MPPE required but peer refused";
	case KB_MPPE_PEER_REQUIRES:
		return "the server requires MPPE, and it was not offered";
	case KB_MPPE_NO_KEYS:
		return "MPPE required, but the authentication was not MS-CHAP, which gives it its keys";
	case KB_MPPE_NO_KERNEL:
		return "MPPE required, but the kernel has none (CONFIG_PPP_MPPE): load the module with "
		       "\"modprobe "
		       "ppp_mppe\"";
	case KB_MPPE_NOT_ON:
		return "MPPE required and agreed upon, but the kernel does not encrypt";
	case KB_MPPE_LOST:
		return "MPPE required, and it was switched off";
	case KB_MPPE_END_N:
		break;
	}
	return "MPPE required but not on";
}
