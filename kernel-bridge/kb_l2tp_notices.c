/* kb_l2tp_notices.c - tunnels and sessions that were deleted, as the kernel tells everybody
 * SPDX-License-Identifier: Apache-2.0
 *
 * The kernel tells all network namespaces of what was done through netlink in any of them.
 */
#include "kernel-bridge/kb_l2tp_genl.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/l2tp.h>
#include <string.h>
#include <unistd.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

enum { NOTICE_OCTETS = 4096 };

/* clang-format off */
static const struct kb_attr_policy notice_policy[] = {
	/*  type                  min  max */
	{ L2TP_ATTR_CONN_ID,       4,  4 },
	{ L2TP_ATTR_SESSION_ID,    4,  4 },
};
/* clang-format on */

static int
join(int fd, uint32_t group)
{
	const struct sockaddr_nl any = { .nl_family = AF_NETLINK };

	if (bind(fd, (const struct sockaddr *)&any, sizeof any) < 0)
		return -errno;
	return setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group) < 0 ? -errno : 0;
}

int
kb_l2tp_notices_open(const struct kb_netlink_transport *transport, uint32_t group, int *fd,
		     struct kb_error *why)
{
	if (group == 0)
		return kb_fail(why, EOPNOTSUPP, "this kernel does not tell of tunnels that are deleted");
	*fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, transport->protocol);
	if (*fd < 0)
		return kb_fail(why, errno, "cannot open a netlink socket: %s", strerror(errno));
	const int r = join(*fd, group);
	if (r == 0)
		return 0;
	close(*fd);
	*fd = -1;
	return kb_fail(why, -r, "cannot listen to what the kernel tells of tunnels: %s", strerror(-r));
}

/* A notice without an id in our range is about nothing of ours. */
static bool
read_ids(const struct nlmsghdr *message, bool has_session, struct kb_loss *out)
{
	const struct nlattr *found[KB_ATTR_MAX];

	if (kb_attr_parse(message, sizeof(struct genlmsghdr), notice_policy, COUNT(notice_policy), found) < 0)
		return false;
	if (found[L2TP_ATTR_CONN_ID] == NULL || (has_session && found[L2TP_ATTR_SESSION_ID] == NULL))
		return false;
	const uint32_t tid = mnl_attr_get_u32(found[L2TP_ATTR_CONN_ID]);
	const uint32_t sid = has_session ? mnl_attr_get_u32(found[L2TP_ATTR_SESSION_ID]) : 0;
	if (tid < 1 || tid > KB_L2TP_ID_MAX || sid > KB_L2TP_ID_MAX || (has_session && sid == 0))
		return false;
	*out = (struct kb_loss){ (uint16_t)tid, (uint16_t)sid };
	return true;
}

static bool
read_notice(const struct nlmsghdr *message, struct kb_loss *out)
{
	if (mnl_nlmsg_get_payload_len(message) < sizeof(struct genlmsghdr))
		return false;
	const struct genlmsghdr *header = mnl_nlmsg_get_payload(message);
	if (header->cmd != L2TP_CMD_TUNNEL_DELETE && header->cmd != L2TP_CMD_SESSION_DELETE)
		return false;
	return read_ids(message, header->cmd == L2TP_CMD_SESSION_DELETE, out);
}

/* One datagram is one notice.  Should there be more in it than is read here, anything may be lost. */
static bool
read_datagram(const struct nlmsghdr *message, int octets, struct kb_loss *out)
{
	int left = octets;

	if (!mnl_nlmsg_ok(message, left))
		return false;
	if (mnl_nlmsg_ok(mnl_nlmsg_next(message, &left), left)) {
		*out = (struct kb_loss){ 0, 0 };
		return true;
	}
	return read_notice(message, out);
}

int
kb_l2tp_notices_next(int fd, struct kb_loss *out)
{
	_Alignas(struct nlmsghdr) char datagram[NOTICE_OCTETS];

	for (;;) {
		const ssize_t n = recv(fd, datagram, sizeof datagram, MSG_DONTWAIT | MSG_TRUNC);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return 0;
		if (n < 0 && errno != ENOBUFS)
			return -errno;
		if (n < 0 || (size_t)n > sizeof datagram) { /* some were dropped, or cut */
			*out = (struct kb_loss){ 0, 0 };
			return 1;
		}
		if (read_datagram((const struct nlmsghdr *)(const void *)datagram, (int)n, out))
			return 1;
	}
}
