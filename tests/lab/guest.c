/* guest.c - what process 1 does in every guest of the lab, whatever kernel it is
 * SPDX-License-Identifier: Apache-2.0
 *
 * A program and not a script because starting one process costs 20 to 100 ms in a guest: this way the command
 * starts half a second after the kernel. Linked statically; the runners build it when it is stale.
 */
#define _GNU_SOURCE
#include "tests/lab/guest.h"

#include <fcntl.h>
#include <linux/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

struct host {
	const char *name;
	bool forwards;
};

/* In the order of their making: the guest's first namespace, then new ones; the command runs in the last. */
static const struct host hosts[] = {
	{ "router", true }, { "server", true }, { "far", false }, { "client", false }
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

void
guest_must(bool done, const char *what)
{
	if (done)
		return;
	printf("lab: %s: %m\n", what);
	guest_end();
}

void
guest_must_mount(const char *type, const char *where, const char *options)
{
	guest_must(mount(type, where, type, 0, options) == 0, where);
}

void
guest_must_load(const char *path)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);

	guest_must(fd >= 0 && syscall(SYS_finit_module, fd, "", 0) == 0, path);
	close(fd);
}

void
guest_make_folders(const char *path)
{
	char part[4096];
	size_t n;

	for (n = 1; path[n - 1] != '\0' && n < sizeof(part); n++) {
		part[n - 1] = path[n - 1];
		part[n] = '\0';
		if (path[n] == '/' || path[n] == '\0')
			mkdir(part, 0755);
	}
}

void
guest_bind(const char *from, const char *to)
{
	guest_make_folders(to);
	guest_must(mount(from, to, NULL, MS_BIND, NULL) == 0, to);
}

void
guest_enter_overlay(const char *below)
{
	char options[256];

	guest_must_mount("tmpfs", "/mnt", NULL);
	guest_must(mkdir("/mnt/upper", 0755) == 0 && mkdir("/mnt/work", 0755) == 0 &&
		       mkdir("/mnt/root", 0755) == 0,
		   "folders of the overlay");
	snprintf(options, sizeof(options), "lowerdir=%s,upperdir=/mnt/upper,workdir=/mnt/work", below);
	guest_must_mount("overlay", "/mnt/root", options);
	guest_must(mount("/mnt/upper", "/mnt/root/mnt", NULL, MS_BIND, NULL) == 0, "/mnt");
	guest_must(chroot("/mnt/root") == 0 && chdir("/") == 0, "chroot");
}

static void
fill_dev(void)
{
	guest_must_mount("devtmpfs", "/dev", NULL);
	guest_make_folders("/dev/pts");
	guest_make_folders("/dev/shm");
	guest_must_mount("devpts", "/dev/pts", "ptmxmode=666");
	mknod("/dev/ppp", S_IFCHR | 0600, makedev(108, 0)); /* as udev does before the driver is loaded */
	symlink("/proc/self/fd", "/dev/fd");
	symlink("/proc/self/fd/0", "/dev/stdin");
	symlink("/proc/self/fd/1", "/dev/stdout");
	symlink("/proc/self/fd/2", "/dev/stderr");
}

/* The guest's own /etc/ppp: the host's secrets are not needed nor, for an ordinary user, readable. */
void
guest_fill_root(const char *modules)
{
	guest_must_mount("proc", "/proc", NULL);
	fill_dev();
	guest_bind(modules, "/lib/modules");
	guest_make_folders("/etc/ppp");
	guest_must_mount("tmpfs", "/etc/ppp", "mode=755");
	guest_must_mount("tmpfs", "/run", "mode=755");
	guest_make_folders("/run/lab");
	guest_make_folders("/run/xl2tpd");
	guest_make_folders("/run/netns");
}

static void
raise_loopback(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	guest_must(fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &request) == 0, "loopback");
	close(fd);
}

/* Makes the current network namespace known to ip(8) under this name. */
static void
name_namespace(const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_CREAT | O_RDONLY | O_CLOEXEC, 0444);
	guest_must(fd >= 0 && close(fd) == 0, path);
	guest_must(mount("/proc/self/ns/net", path, NULL, MS_BIND, NULL) == 0, path);
	raise_loopback();
}

static void
write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	size_t n = strlen(text);

	guest_must(fd >= 0 && write(fd, text, n) == (ssize_t)n && close(fd) == 0, path);
}

void
guest_make_hosts(void)
{
	for (size_t i = 0; i < COUNT(hosts); i++) {
		guest_must(i == 0 || unshare(CLONE_NEWNET) == 0, "network namespace");
		name_namespace(hosts[i].name);
		if (!hosts[i].forwards)
			continue;
		write_file("/proc/sys/net/ipv4/ip_forward", "1");
		write_file("/proc/sys/net/ipv6/conf/all/forwarding", "1");
	}
	guest_must_mount("sysfs", "/sys", NULL); /* shows the namespace it is mounted in: the client's */
}

static void
run_command(const char *out, int output, int errors)
{
	char script[4096];

	snprintf(script, sizeof(script), "%s/inside", out);
	guest_must(setsid() > 0 && freopen("/dev/null", "r", stdin) != NULL, "/dev/null");
	guest_must(dup2(output, STDOUT_FILENO) >= 0 && dup2(errors, STDERR_FILENO) >= 0, "output");
	close(output);
	close(errors);
	execl("/bin/bash", "bash", script, (char *)NULL);
	_exit(127);
}

/* Returns the exit status of the process, as a shell would say it; reaps every orphan meanwhile. */
static int
await(pid_t pid)
{
	int status = 0;
	pid_t ended;

	do
		ended = waitpid(-1, &status, 0);
	while (ended != pid && ended > 0);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void
tell_status(const char *out, int status)
{
	char path[4096], part[4096 + 8];
	FILE *f;

	snprintf(path, sizeof(path), "%s/status", out);
	snprintf(part, sizeof(part), "%s.part", path);
	f = fopen(part, "we");
	guest_must(f != NULL && fprintf(f, "%d\n", status) > 0 && fclose(f) == 0 && rename(part, path) == 0,
		   path);
}

void
guest_run(const char *out, int output, int errors)
{
	const pid_t child = fork();

	if (child == 0)
		run_command(out, output, errors);
	close(output); /* the last to close a terminal waits for what is in it: let that be the command */
	close(errors);
	tell_status(out, await(child));
}
