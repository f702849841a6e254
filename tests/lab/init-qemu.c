/* init-qemu.c - process 1 of the lab's QEMU guest: drivers, a rest in which the machine is saved, the command
 * SPDX-License-Identifier: Apache-2.0
 *
 * It lies in an initial file system with the drivers, in /drivers and in order. Once they are loaded it says so on the
 * port `go` and waits there for an answer: the machine as it then stands is saved once and resumed for each run, so
 * nothing of a run may be looked at before. A run comes with two 9p shares: `root`, the host's own root folder, read
 * only, and `out`, the run's folder, with the files out (its name), modules, now (seconds and nanoseconds) and seed.
 */
#define _GNU_SOURCE
#include "tests/lab/guest.h"

#include <fcntl.h>
#include <glob.h>
#include <linux/random.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { EXIT_PORT = 0x501, SEED_OCTETS = 32, PATH_OCTETS = 4096 };

#define SHARE_OPTIONS "trans=virtio,version=9p2000.L,access=any,"

/* QEMU's device isa-debug-exit ends the machine at once. */
void
guest_end(void)
{
	sync();
	if (ioperm(EXIT_PORT, 1, 1) == 0)
		outb(0, EXIT_PORT);
	reboot(RB_AUTOBOOT);
	_exit(1);
}

static void
load_drivers(void)
{
	glob_t found;

	guest_must(glob("/drivers/*.ko", 0, NULL, &found) == 0, "drivers");
	for (size_t i = 0; i < found.gl_pathc; i++)
		guest_must_load(found.gl_pathv[i]);
	globfree(&found);
}

static void
read_text(const char *path, char *out, size_t size)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	const ssize_t n = fd < 0 ? -1 : read(fd, out, size - 1);

	guest_must(n >= 0, path);
	out[n] = '\0';
	out[strcspn(out, "\n")] = '\0';
	close(fd);
}

/* The descriptor of the virtio port of this name; -1: none. */
static int
find_port(const char *name)
{
	glob_t found;
	int fd = -1;

	if (glob("/sys/class/virtio-ports/*/name", 0, NULL, &found) != 0)
		return -1;
	for (size_t i = 0; i < found.gl_pathc && fd < 0; i++) {
		char path[64], text[64];
		unsigned device, port;

		read_text(found.gl_pathv[i], text, sizeof(text));
		if (strcmp(text, name) != 0 ||
		    sscanf(found.gl_pathv[i], "/sys/class/virtio-ports/vport%up%u", &device, &port) != 2)
			continue;
		snprintf(path, sizeof(path), "/dev/vport%up%u", device, port);
		fd = open(path, O_RDWR | O_CLOEXEC);
	}
	globfree(&found);
	return fd;
}

static void
pause_ms(long ms)
{
	const struct timespec pause = { .tv_nsec = ms * 1000000 };

	nanosleep(&pause, NULL);
}

/* The host tells of its ports some time after the driver is there. */
static int
open_port(const char *name)
{
	int fd = find_port(name);

	for (int i = 0; i < 1000 && fd < 0; i++) {
		pause_ms(5);
		fd = find_port(name);
	}
	guest_must(fd >= 0, name);
	return fd;
}

static void
rest(void)
{
	const int fd = open_port("go");
	char answer = '\0';

	guest_must(write(fd, "R", 1) == 1, "go");
	while (read(fd, &answer, 1) != 1 || answer != 'G')
		pause_ms(1);
	close(fd);
}

/* A resumed machine has the clock and the randomness of the one that was saved. */
static void
set_clock(const char *text)
{
	struct timespec now;

	guest_must(sscanf(text, "%ld %ld", &now.tv_sec, &now.tv_nsec) == 2, "the host's time");
	guest_must(clock_settime(CLOCK_REALTIME, &now) == 0, "clock");
}

static void
stir(const char *path)
{
	struct {
		struct rand_pool_info info;
		char octets[SEED_OCTETS];
	} seed = { .info = { .entropy_count = SEED_OCTETS * 8, .buf_size = SEED_OCTETS } };
	const int from = open(path, O_RDONLY | O_CLOEXEC), to = open("/dev/urandom", O_RDWR | O_CLOEXEC);

	guest_must(from >= 0 && read(from, seed.octets, SEED_OCTETS) == SEED_OCTETS, path);
	guest_must(to >= 0 && ioctl(to, RNDADDENTROPY, &seed) == 0 && ioctl(to, RNDRESEEDCRNG) == 0,
		   "randomness");
	close(from);
	close(to);
}

static void
mount_share(const char *tag, const char *where, unsigned long flags, const char *options)
{
	guest_make_folders(where);
	guest_must(mount(tag, where, "9p", flags, options) == 0, tag);
}

/* What a run has to say before its root is there. */
static void
read_orders(char out[PATH_OCTETS], char modules[PATH_OCTETS])
{
	char now[64];

	mount_share("out", "/orders", MS_RDONLY, SHARE_OPTIONS "msize=131072");
	read_text("/orders/out", out, PATH_OCTETS);
	read_text("/orders/modules", modules, PATH_OCTETS);
	read_text("/orders/now", now, sizeof(now));
	set_clock(now);
	stir("/orders/seed");
	guest_must(umount("/orders") == 0, "orders"); /* a share is mounted once at a time */
}

int
main(void)
{
	static char out[PATH_OCTETS], modules[PATH_OCTETS];

	setvbuf(stdout, NULL, _IOLBF, 0);
	guest_make_folders("/proc");
	guest_make_folders("/sys");
	guest_make_folders("/dev");
	guest_make_folders("/mnt");
	guest_must_mount("sysfs", "/sys", NULL);
	mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	load_drivers();
	rest();
	read_orders(out, modules);
	mount_share("root", "/below", MS_RDONLY, SHARE_OPTIONS "msize=512000,cache=loose");
	const int output = open_port("output"), errors = open_port("errors");
	guest_enter_overlay("/below");
	mount_share("out", out, 0, SHARE_OPTIONS "msize=131072");
	guest_fill_root(modules);
	guest_make_hosts();
	guest_must(sethostname("lab", strlen("lab")) == 0, "host name");
	guest_must(setenv("LAB_OUT", out, 1) == 0, "LAB_OUT");
	guest_run(out, output, errors);
	guest_end();
}
