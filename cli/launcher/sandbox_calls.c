/* sandbox_calls.c - the system calls that are left to the daemon, each with its reason
 * SPDX-License-Identifier: Apache-2.0
 *
 * Two filters, of which the kernel takes the stricter answer.  The first knows names only: a call that is not in the table
 * kills the process.  The second knows arguments too: a call of the table with others than it allows fails with EPERM, since
 * the resolver's modules, which are not ours, try things and cope.  Nothing here executes, traces, mounts, changes users,
 * makes namespaces, or opens a file for writing.
 */
#include "cli/launcher/sandbox_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/ppp-ioctl.h>
#include <linux/seccomp.h>
#include <linux/sched.h>
#include <linux/sockios.h>
#include <seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>

enum limits {
	ANY,
	FAMILIES,      /* argument 0: a family of sockets */
	UNIX_ONLY,     /* likewise */
	READING_1,     /* argument 1: flags of open */
	READING_2,     /* argument 2, likewise */
	NO_EXEC,       /* argument 2: protection of memory */
	WRITE_XOR_RUN, /* likewise */
	IOCTLS,	       /* argument 1 */
	PRCTLS,	       /* argument 0 */
	PLAIN_FORK,    /* argument CLONE_FLAGS: flags of clone */
	OF_ITSELF,     /* argument 0 is 0, argument 2 is NULL */
	REFUSED,       /* EPERM whatever they are */
	NOT_THERE      /* ENOSYS: libc falls back to the call whose arguments can be seen */
};

struct call {
	int number;
	enum limits limits;
	const char *because;
};

#ifdef __s390__
enum { CLONE_FLAGS = 1 }; /* behind the stack */
#else
enum { CLONE_FLAGS = 0 };
#endif

#define CALL(name, limits, because)             \
	{                                       \
		SCMP_SYS(name), limits, because \
	}

/* clang-format off */
#define LOOP "the event loop"
#define SOCKETS "tunnels, netlink, clients of the daemon and the launcher talk through sockets"
#define STREAMS "pipes, logs and files that are open"
#define READS "names are resolved by files of the system; nothing is written"
#define MEMORY "malloc, and modules of the resolver"
#define CHILD "a child asks the resolver (kb_resolve.h)"
#define SIGNALS "signals, also those of an abort"
#define ITSELF "what the process may know of itself"
#define CLOCK "time and randomness"
#define FALLBACK "its arguments are in memory, where no filter sees them"

/* Of every architecture; libseccomp leaves out those that this one lacks. */
static const struct call calls[] = {
	CALL(epoll_create1,   ANY, LOOP),        CALL(epoll_ctl,       ANY, LOOP),
	CALL(epoll_wait,      ANY, LOOP),        CALL(epoll_pwait,     ANY, LOOP),
	CALL(epoll_pwait2,    ANY, LOOP),        CALL(poll,            ANY, LOOP),
	CALL(ppoll,           ANY, LOOP),        CALL(select,          ANY, LOOP),
	CALL(pselect6,        ANY, LOOP),        CALL(eventfd2,        ANY, LOOP),
	CALL(timerfd_create,  ANY, LOOP),        CALL(timerfd_settime, ANY, LOOP),
	CALL(timerfd_gettime, ANY, LOOP),        CALL(signalfd4,       ANY, LOOP),
	CALL(ppoll_time64,    ANY, LOOP),        CALL(pselect6_time64, ANY, LOOP),
	CALL(timerfd_settime64, ANY, LOOP),      CALL(timerfd_gettime64, ANY, LOOP),
	CALL(_newselect,      ANY, LOOP),

	CALL(socket,          FAMILIES, SOCKETS), CALL(socketpair,     UNIX_ONLY, SOCKETS),
	CALL(connect,         ANY, SOCKETS),     CALL(bind,            ANY, SOCKETS),
	CALL(listen,          ANY, SOCKETS),     CALL(accept,          ANY, SOCKETS),
	CALL(accept4,         ANY, SOCKETS),     CALL(getsockname,     ANY, SOCKETS),
	CALL(getpeername,     ANY, SOCKETS),     CALL(getsockopt,      ANY, SOCKETS),
	CALL(setsockopt,      ANY, SOCKETS),     CALL(sendto,          ANY, SOCKETS),
	CALL(sendmsg,         ANY, SOCKETS),     CALL(sendmmsg,        ANY, SOCKETS),
	CALL(recvfrom,        ANY, SOCKETS),     CALL(recvmsg,         ANY, SOCKETS),
	CALL(recvmmsg,        ANY, SOCKETS),     CALL(shutdown,        ANY, SOCKETS),
	CALL(send,            ANY, SOCKETS),     CALL(recv,            ANY, SOCKETS),
	CALL(recvmmsg_time64, ANY, SOCKETS),     CALL(ioctl,           IOCTLS, SOCKETS),

	CALL(read,            ANY, STREAMS),     CALL(readv,           ANY, STREAMS),
	CALL(pread64,         ANY, STREAMS),     CALL(write,           ANY, STREAMS),
	CALL(writev,          ANY, STREAMS),     CALL(lseek,           ANY, STREAMS),
	CALL(_llseek,         ANY, STREAMS),
	CALL(close,           ANY, STREAMS),     CALL(close_range,     ANY, STREAMS),
	CALL(fcntl,           ANY, STREAMS),     CALL(fcntl64,         ANY, STREAMS),
	CALL(dup,             ANY, STREAMS),     CALL(dup2,            ANY, STREAMS),
	CALL(dup3,            ANY, STREAMS),     CALL(pipe2,           ANY, STREAMS),
	CALL(memfd_create,    ANY, "the system log takes long messages as memory files"),

	CALL(open,            READING_1, READS), CALL(openat,          READING_2, READS),
	CALL(stat,            ANY, READS),       CALL(lstat,           ANY, READS),
	CALL(fstat,           ANY, READS),       CALL(newfstatat,      ANY, READS),
	CALL(stat64,          ANY, READS),       CALL(fstat64,         ANY, READS),
	CALL(fstatat64,       ANY, READS),       CALL(statx,           ANY, READS),
	CALL(lstat64,         ANY, READS),
	CALL(statfs,          ANY, READS),       CALL(fstatfs,         ANY, READS),
	CALL(statfs64,        ANY, READS),       CALL(fstatfs64,       ANY, READS),
	CALL(access,          ANY, READS),       CALL(faccessat,       ANY, READS),
	CALL(faccessat2,      ANY, READS),       CALL(readlink,        ANY, READS),
	CALL(readlinkat,      ANY, READS),       CALL(getdents64,      ANY, READS),
	CALL(fadvise64,       ANY, READS),       CALL(fadvise64_64,    ANY, READS),
	CALL(arm_fadvise64_64, ANY, READS),

	CALL(brk,             ANY, MEMORY),      CALL(mmap,            WRITE_XOR_RUN, MEMORY),
	CALL(mmap2,           WRITE_XOR_RUN, MEMORY), CALL(mprotect,   NO_EXEC, MEMORY),
	CALL(munmap,          ANY, MEMORY),      CALL(mremap,          ANY, MEMORY),
	CALL(madvise,         ANY, MEMORY),      CALL(futex,           ANY, MEMORY),
	CALL(futex_time64,    ANY, MEMORY),
	CALL(mlock,           ANY, "secrets stay out of the swap"),
	CALL(mlock2,          ANY, "secrets stay out of the swap"),
	CALL(munlock,         ANY, "secrets stay out of the swap"),

	CALL(clone,           PLAIN_FORK, CHILD), CALL(wait4,          ANY, CHILD),
	CALL(waitpid,         ANY, CHILD),
	CALL(waitid,          ANY, CHILD),       CALL(setsid,          ANY, CHILD),
	CALL(prctl,           PRCTLS, CHILD),    CALL(set_robust_list, ANY, CHILD),
	CALL(rseq,            ANY, CHILD),       CALL(set_tid_address, ANY, CHILD),
	CALL(kill,            ANY, CHILD),

	CALL(rt_sigaction,    ANY, SIGNALS),     CALL(rt_sigprocmask,  ANY, SIGNALS),
	CALL(rt_sigreturn,    ANY, SIGNALS),     CALL(sigreturn,       ANY, SIGNALS),
	CALL(rt_sigtimedwait, ANY, SIGNALS),     CALL(rt_sigtimedwait_time64, ANY, SIGNALS),
	CALL(sigaltstack,     ANY, SIGNALS),
	CALL(tgkill,          ANY, SIGNALS),     CALL(restart_syscall, ANY, SIGNALS),
	CALL(exit,            ANY, SIGNALS),     CALL(exit_group,      ANY, SIGNALS),

	CALL(getpid,          ANY, ITSELF),      CALL(getppid,         ANY, ITSELF),
	CALL(gettid,          ANY, ITSELF),      CALL(getuid,          ANY, ITSELF),
	CALL(geteuid,         ANY, ITSELF),      CALL(getgid,          ANY, ITSELF),
	CALL(getegid,         ANY, ITSELF),      CALL(getresuid,       ANY, ITSELF),
	CALL(getresgid,       ANY, ITSELF),      CALL(getgroups,       ANY, ITSELF),
	CALL(getuid32,        ANY, ITSELF),      CALL(geteuid32,       ANY, ITSELF),
	CALL(getgid32,        ANY, ITSELF),      CALL(getegid32,       ANY, ITSELF),
	CALL(getresuid32,     ANY, ITSELF),      CALL(getresgid32,     ANY, ITSELF),
	CALL(getgroups32,     ANY, ITSELF),      CALL(ugetrlimit,      ANY, ITSELF),
	CALL(getrusage,       ANY, ITSELF),      CALL(getrlimit,       ANY, ITSELF),
	CALL(prlimit64,       OF_ITSELF, ITSELF), CALL(capget,         ANY, ITSELF),
	CALL(uname,           ANY, ITSELF),      CALL(sysinfo,         ANY, ITSELF),
	CALL(sched_yield,     ANY, ITSELF),      CALL(sched_getaffinity, ANY, ITSELF),
	CALL(umask,           ANY, ITSELF),

	CALL(clock_gettime,   ANY, CLOCK),       CALL(clock_gettime64, ANY, CLOCK),
	CALL(clock_getres,    ANY, CLOCK),       CALL(gettimeofday,    ANY, CLOCK),
	CALL(time,            ANY, CLOCK),       CALL(nanosleep,       ANY, CLOCK),
	CALL(clock_nanosleep, ANY, CLOCK),       CALL(clock_nanosleep_time64, ANY, CLOCK),
	CALL(clock_getres_time64, ANY, CLOCK),   CALL(getrandom,       ANY, CLOCK),

	CALL(clone3,          NOT_THERE, FALLBACK), CALL(openat2,      NOT_THERE, FALLBACK),
	CALL(unlink,          REFUSED, "the daemon's socket is the launcher's to remove"),
	CALL(unlinkat,        REFUSED, "the daemon's socket is the launcher's to remove"),
	CALL(seccomp,         NOT_THERE, "loads the second filter, which then has the last word"),
};

static const int families[] = { AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_PPPOX };
static const unsigned ioctls[] = {
	PPPIOCGCHAN, PPPIOCGL2TPSTATS,            /* sessions */
	FIONREAD, SIOCOUTQ, SIOCGIFNAME, SIOCGIFINDEX, /* sockets */
	TCGETS,                                   /* stdio asks whether it writes to a terminal */
};
static const unsigned prctls[] = { PR_SET_PDEATHSIG, PR_SET_NAME, PR_GET_NAME };
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const scmp_datum_t all_bits = 0xffffffff;
static const scmp_datum_t writing = O_ACCMODE | O_CREAT | O_TRUNC;
static const scmp_datum_t namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
				       CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_VM | CLONE_PTRACE;

static int
allow_if(scmp_filter_ctx filter, int number, struct scmp_arg_cmp comparison)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 1, comparison);
}

/* One of the values of the argument's lower half: the kernel looks at no more of these. */
static int
allow_values(scmp_filter_ctx filter, int number, unsigned argument, const unsigned *values, size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = allow_if(filter, number, SCMP_CMP64(argument, SCMP_CMP_MASKED_EQ, all_bits, values[i]));
	return r;
}

static int
allow_families(scmp_filter_ctx filter, int number)
{
	int r = 0;

	for (size_t i = 0; i < COUNT(families) && r == 0; i++)
		r = allow_values(filter, number, 0, &(unsigned){ (unsigned)families[i] }, 1);
	return r;
}

static int
allow_without(scmp_filter_ctx filter, int number, unsigned argument, scmp_datum_t bits)
{
	return allow_if(filter, number, SCMP_CMP64(argument, SCMP_CMP_MASKED_EQ, bits, 0));
}

static int
add_limited(scmp_filter_ctx filter, const struct call *c)
{
	int r;

	switch (c->limits) {
	case ANY:
		return seccomp_rule_add(filter, SCMP_ACT_ALLOW, c->number, 0);
	case FAMILIES:
		return allow_families(filter, c->number);
	case UNIX_ONLY:
		return allow_values(filter, c->number, 0, &(unsigned){ AF_UNIX }, 1);
	case READING_1:
		return allow_without(filter, c->number, 1, writing);
	case READING_2:
		return allow_without(filter, c->number, 2, writing);
	case NO_EXEC:
		return allow_without(filter, c->number, 2, PROT_EXEC);
	case WRITE_XOR_RUN:
		r = allow_without(filter, c->number, 2, PROT_EXEC);
		return r != 0 ? r : allow_without(filter, c->number, 2, PROT_WRITE);
	case IOCTLS:
		return allow_values(filter, c->number, 1, ioctls, COUNT(ioctls));
	case PRCTLS:
		return allow_values(filter, c->number, 0, prctls, COUNT(prctls));
	case PLAIN_FORK:
		return allow_without(filter, c->number, CLONE_FLAGS, namespaces);
	case OF_ITSELF:
		return seccomp_rule_add(filter, SCMP_ACT_ALLOW, c->number, 2, SCMP_A0_64(SCMP_CMP_EQ, 0, 0),
					SCMP_A2_64(SCMP_CMP_EQ, 0, 0));
	case REFUSED:
		return 0; /* what has no rule in the second filter is */
	case NOT_THERE:
		return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), c->number, 0);
	}
	return -EINVAL;
}

static int
add_named(scmp_filter_ctx filter, const struct call *c)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, c->number, 0);
}

static int
fill(scmp_filter_ctx filter, int (*add)(scmp_filter_ctx, const struct call *))
{
	int r = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);

	for (size_t i = 0; i < COUNT(calls) && r == 0; i++)
		r = add(filter, &calls[i]);
	return r;
}

static int
load(uint32_t otherwise, int (*add)(scmp_filter_ctx, const struct call *), struct kb_error *why)
{
	scmp_filter_ctx filter = seccomp_init(otherwise);

	if (filter == NULL)
		return kb_fail(why, ENOMEM, "no memory for a filter of system calls");
	int r = fill(filter, add);
	if (r == 0)
		r = seccomp_load(filter);
	seccomp_release(filter);
	return r == 0 ? 0 : kb_fail(why, -r, "cannot filter system calls: %s", strerror(-r));
}

/* The kernel looks at the filter only when it has such a thing. */
static bool
kernel_has_filters(void)
{
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL, 0, 0) < 0 && errno == EFAULT;
}

int
sandbox_load_calls(enum sandbox_seccomp wish, struct kb_error *why)
{
	if (!kernel_has_filters())
		return -ENOSYS;
	if (wish == SANDBOX_LOG)
		return load(SCMP_ACT_LOG, add_limited, why);
	const int r = load(SCMP_ACT_KILL_PROCESS, add_named, why);
	return r < 0 ? r : load(SCMP_ACT_ERRNO(EPERM), add_limited, why);
}
