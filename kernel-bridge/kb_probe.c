/* kb_probe.c - does this kernel have a data path, and if not, what to do about it
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int
kb_ol2tp_explain(int err, const char *doing, struct kb_error *why)
{
	switch (err) {
	case EAFNOSUPPORT:
		return kb_fail(
		    why, err,
		    "the kernel has no PPPoL2TP (CONFIG_PPPOL2TP, nor PPPoX at all): load the module with "
		    "\"modprobe l2tp_ppp\", or install the full kernel image");
	case EPROTONOSUPPORT:
		return kb_fail(why, err,
			       "the kernel has PPPoX but no PPPoL2TP (CONFIG_PPPOL2TP): load the module with "
			       "\"modprobe l2tp_ppp\", or install the full kernel image");
	case EPERM:
	case EACCES:
		return kb_fail(why, err,
			       "not permitted to %s: run as root, or with the capability CAP_NET_ADMIN",
			       doing);
	case EEXIST:
		return kb_fail(why, err, "cannot %s: its id is in use in the kernel", doing);
	case EBUSY:
		return kb_fail(why, err, "cannot %s: the UDP socket had a tunnel before, open a new one",
			       doing);
	case ENOENT:
		return kb_fail(why, err, "cannot %s: the kernel's tunnel is gone", doing);
	default:
		return kb_fail(why, err, "cannot %s: %s", doing, strerror(err));
	}
}

int
kb_probe_ppp(struct kb_error *why)
{
	const int fd = open("/dev/ppp", O_RDWR | O_CLOEXEC);

	if (fd >= 0) {
		close(fd);
		return 0;
	}
	switch (errno) {
	case ENOENT:
		return kb_fail(
		    why, ENOENT,
		    "there is no /dev/ppp: load the module with \"modprobe ppp_generic\", or, where /dev is "
		    "static, make it with \"mknod /dev/ppp c 108 0\"");
	case ENXIO:
	case ENODEV:
		return kb_fail(
		    why, errno,
		    "the kernel has no PPP (CONFIG_PPP): load the module with \"modprobe ppp_generic\", or "
		    "install the full kernel image");
	case EPERM:
	case EACCES:
		return kb_fail(
		    why, errno,
		    "not permitted to open /dev/ppp: run as root, or with the capability CAP_NET_ADMIN");
	default:
		return kb_fail(why, errno, "cannot open /dev/ppp: %s", strerror(errno));
	}
}

/* A UDP socket on 127.0.0.1 that nothing answers: connected to itself, so no port but ours is touched. */
static int
open_loopback(union kb_sockaddr *self, struct kb_error *why)
{
	socklen_t length = sizeof self->in;
	const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memset(self, 0, sizeof *self);
	if (fd < 0)
		return kb_fail(why, errno, "cannot make a UDP socket: %s", strerror(errno));
	self->in.sin_family = AF_INET;
	self->in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, &self->sa, length) == 0 && getsockname(fd, &self->sa, &length) == 0 &&
	    connect(fd, &self->sa, length) == 0)
		return fd;
	const int err = errno;
	close(fd);
	return kb_fail(why, err, "cannot connect a UDP socket over 127.0.0.1 (is the interface lo up?): %s",
		       strerror(err));
}

static int
probe_session(const struct kb_driver *driver, const struct kb_tunnel *tunnel, struct kb_error *why)
{
	const struct kb_session_spec spec = { .local_sid = 1, .peer_sid = 1 };
	struct kb_session session = KB_SESSION_NULL;
	const int r = driver->session_open(tunnel, &spec, &session, why);

	driver->session_close(&session);
	return r;
}

/* The first id that no tunnel of this network namespace has, downwards from the UDP port's number. */
static int
probe_tunnel(const struct kb_driver *driver, int udp_fd, const union kb_sockaddr *self, struct kb_error *why)
{
	enum { ATTEMPTS = 8 };
	int r = -EEXIST;

	for (unsigned i = 0; i < ATTEMPTS && r == -EEXIST; i++) {
		const uint16_t id = (uint16_t)(ntohs(self->in.sin_port) - i);
		const struct kb_tunnel_spec spec = {
			.control_fd = udp_fd, .peer = *self, .local_tid = id, .peer_tid = id
		};
		struct kb_tunnel tunnel = KB_TUNNEL_NULL;

		r = driver->tunnel_open(&spec, &tunnel, why);
		if (r == 0)
			r = probe_session(driver, &tunnel, why);
		driver->tunnel_close(&tunnel);
	}
	return r;
}

int
kb_probe(const struct kb_driver *driver, struct kb_error *why)
{
	union kb_sockaddr self;
	int r = kb_probe_ppp(why);

	if (r < 0)
		return r;
	const int udp_fd = open_loopback(&self, why);
	if (udp_fd < 0)
		return udp_fd;
	r = probe_tunnel(driver, udp_fd, &self, why);
	close(udp_fd);
	return r;
}
