/* init.c - process 1 of the lab's User Mode Linux guest: the root in memory, the hosts' namespaces, the command
 * SPDX-License-Identifier: Apache-2.0
 *
 * LAB_OUT, from the kernel's command line, is a folder of the host that stays writable: the script `inside` and the
 * command lie in it, the status and logs go there.
 */
#define _GNU_SOURCE
#include "tests/lab/guest.h"

#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <termios.h>
#include <unistd.h>

#define MODULES "/usr/lib/uml/modules"

/* In the order they need each other. ipv6 is there because users have it. */
static const char *const drivers[] = {
	"lib/crc-ccitt",     "drivers/net/slip/slhc", "drivers/net/ppp/ppp_generic", "drivers/net/ppp/pppox",
	"net/ipv6/ipv6",     "net/ipv4/udp_tunnel",   "net/ipv6/ip6_udp_tunnel",     "net/l2tp/l2tp_core",
	"net/l2tp/l2tp_ppp", "net/ipv4/gre",	      "drivers/net/ppp/pptp",	     "drivers/net/veth",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

void
guest_end(void)
{
	sync();
	reboot(RB_POWER_OFF);
	_exit(1);
}

/* name: below the kernel's module folder, without .ko */
static void
load(const char *name)
{
	char pattern[256];
	glob_t found;

	snprintf(pattern, sizeof(pattern), MODULES "/*/kernel/%s.ko", name);
	guest_must(glob(pattern, 0, NULL, &found) == 0, pattern);
	guest_must_load(found.gl_pathv[0]);
	globfree(&found);
}

/* Bytes go out as they are: no carriage returns added. */
static int
open_output(const char *terminal)
{
	struct termios mode;
	const int fd = open(terminal, O_WRONLY | O_NOCTTY | O_CLOEXEC);

	guest_must(fd >= 0 && tcgetattr(fd, &mode) == 0, terminal);
	mode.c_oflag = 0;
	guest_must(tcsetattr(fd, TCSANOW, &mode) == 0, terminal);
	return fd;
}

int
main(void)
{
	const char *out = getenv("LAB_OUT");

	setvbuf(stdout, NULL, _IOLBF, 0);
	guest_must(out != NULL, "LAB_OUT");
	load("fs/overlayfs/overlay");
	guest_enter_overlay("/");
	guest_make_folders(out);
	guest_must(mount("lab", out, "hostfs", 0, out) == 0, out);
	guest_fill_root(MODULES);
	for (size_t i = 0; i < COUNT(drivers); i++)
		load(drivers[i]);
	guest_make_hosts();
	guest_must(sethostname("lab", strlen("lab")) == 0, "host name");
	guest_run(out, open_output("/dev/tty1"), open_output("/dev/tty2"));
	guest_end();
}
