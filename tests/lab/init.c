/* init.c - process 1 of the lab's guest: a root in memory over the host's own, the hosts' namespaces, the command
 * SPDX-License-Identifier: Apache-2.0
 *
 * A program and not a script because starting one process costs 20 to 100 ms in User Mode Linux: this way the
 * command starts half a second after the kernel. Linked statically; tests/lab/run builds it when it is stale.
 *
 * LAB_OUT, from the kernel's command line, is a folder of the host that stays writable: the script `inside` and the
 * command lie in it, the status and logs go there.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <glob.h>
#include <linux/if.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define MODULES "/usr/lib/uml/modules"

/* In the order they need each other. ipv6 is there because users have it. */
static const char *const drivers[] = {
	"lib/crc-ccitt",     "drivers/net/slip/slhc", "drivers/net/ppp/ppp_generic", "drivers/net/ppp/pppox",
	"net/ipv6/ipv6",     "net/ipv4/udp_tunnel",   "net/ipv6/ip6_udp_tunnel",     "net/l2tp/l2tp_core",
	"net/l2tp/l2tp_ppp", "drivers/net/veth",
};

struct host {
	const char *name;
	bool forwards;
};

/* In the order of their making: the guest's first namespace, then new ones; the command runs in the last. */
static const struct host hosts[] = {
	{ "router", true }, { "server", true }, { "far", false }, { "client", false }
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
power_off(void)
{
	sync();
	reboot(RB_POWER_OFF);
}

static void
must(bool done, const char *what)
{
	if (done)
		return;
	printf("lab: %s: %m\n", what);
	power_off();
}

static void
must_mount(const char *type, const char *where, const char *options)
{
	must(mount(type, where, type, 0, options) == 0, where);
}

/* name: below the kernel's module folder, without .ko */
static void
must_load(const char *name)
{
	char pattern[256];
	glob_t found;
	int fd;

	snprintf(pattern, sizeof(pattern), MODULES "/*/kernel/%s.ko", name);
	must(glob(pattern, 0, NULL, &found) == 0, pattern);
	fd = open(found.gl_pathv[0], O_RDONLY | O_CLOEXEC);
	must(fd >= 0 && syscall(SYS_finit_module, fd, "", 0) == 0, name);
	close(fd);
	globfree(&found);
}

static void
make_folders(const char *path)
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

/* Inside, /mnt shows what was written since the start. */
static void
enter_overlay(const char *out)
{
	must_load("fs/overlayfs/overlay");
	must_mount("tmpfs", "/mnt", NULL);
	must(mkdir("/mnt/upper", 0755) == 0 && mkdir("/mnt/work", 0755) == 0 && mkdir("/mnt/root", 0755) == 0,
	     "folders of the overlay");
	must_mount("overlay", "/mnt/root", "lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work");
	must(mount("/mnt/upper", "/mnt/root/mnt", NULL, MS_BIND, NULL) == 0, "/mnt");
	must(chroot("/mnt/root") == 0 && chdir("/") == 0, "chroot");
	make_folders(out);
	must(mount("lab", out, "hostfs", 0, out) == 0, out);
}

static void
fill_dev(void)
{
	must_mount("devtmpfs", "/dev", NULL);
	make_folders("/dev/pts");
	make_folders("/dev/shm");
	must_mount("devpts", "/dev/pts", "ptmxmode=666");
	mknod("/dev/ppp", S_IFCHR | 0600, makedev(108, 0)); /* as udev does before the driver is loaded */
	symlink("/proc/self/fd", "/dev/fd");
	symlink("/proc/self/fd/0", "/dev/stdin");
	symlink("/proc/self/fd/1", "/dev/stdout");
	symlink("/proc/self/fd/2", "/dev/stderr");
}

/* The guest's own /etc/ppp: the host's secrets are not needed nor, for an ordinary user, readable. */
static void
fill_root(void)
{
	must_mount("proc", "/proc", NULL);
	fill_dev();
	make_folders("/lib/modules");
	must(mount(MODULES, "/lib/modules", NULL, MS_BIND, NULL) == 0, "/lib/modules");
	make_folders("/etc/ppp");
	must_mount("tmpfs", "/etc/ppp", "mode=755");
	must_mount("tmpfs", "/run", "mode=755");
	make_folders("/run/lab");
	make_folders("/run/xl2tpd");
	make_folders("/run/netns");
}

static void
raise_loopback(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	must(fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &request) == 0, "loopback");
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
	must(fd >= 0 && close(fd) == 0, path);
	must(mount("/proc/self/ns/net", path, NULL, MS_BIND, NULL) == 0, path);
	raise_loopback();
}

static void
write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	size_t n = strlen(text);

	must(fd >= 0 && write(fd, text, n) == (ssize_t)n && close(fd) == 0, path);
}

static void
make_hosts(void)
{
	for (size_t i = 0; i < COUNT(hosts); i++) {
		must(i == 0 || unshare(CLONE_NEWNET) == 0, "network namespace");
		name_namespace(hosts[i].name);
		if (!hosts[i].forwards)
			continue;
		write_file("/proc/sys/net/ipv4/ip_forward", "1");
		write_file("/proc/sys/net/ipv6/conf/all/forwarding", "1");
	}
	must_mount("sysfs", "/sys", NULL); /* shows the namespace it is mounted in: the client's */
}

/* Bytes go out as they are: no carriage returns added. */
static void
attach_output(const char *terminal, int to)
{
	struct termios mode;
	int fd = open(terminal, O_WRONLY | O_NOCTTY);

	must(fd >= 0 && tcgetattr(fd, &mode) == 0, terminal);
	mode.c_oflag = 0;
	must(tcsetattr(fd, TCSANOW, &mode) == 0 && dup2(fd, to) == to, terminal);
	close(fd);
}

static void
run_command(const char *out)
{
	char script[4096];

	snprintf(script, sizeof(script), "%s/inside", out);
	must(setsid() > 0 && freopen("/dev/null", "r", stdin) != NULL, "/dev/null");
	attach_output("/dev/tty1", STDOUT_FILENO);
	attach_output("/dev/tty2", STDERR_FILENO);
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
	must(f != NULL && fprintf(f, "%d\n", status) > 0 && fclose(f) == 0 && rename(part, path) == 0, path);
}

int
main(void)
{
	const char *out = getenv("LAB_OUT");
	pid_t child;

	setvbuf(stdout, NULL, _IOLBF, 0);
	must(out != NULL, "LAB_OUT");
	enter_overlay(out);
	fill_root();
	for (size_t i = 0; i < COUNT(drivers); i++)
		must_load(drivers[i]);
	make_hosts();
	must(sethostname("lab", strlen("lab")) == 0, "host name");
	child = fork();
	if (child == 0)
		run_command(out);
	tell_status(out, await(child));
	power_off();
}
