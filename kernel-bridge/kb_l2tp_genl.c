/* kb_l2tp_genl.c - the kernel's generic netlink family "l2tp": found, asked, answered
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_l2tp_genl.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/l2tp.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

const struct kb_netlink_transport kb_l2tp_kernel = { .protocol = NETLINK_GENERIC };

/* clang-format off */
static const struct kb_attr_policy family_policy[] = {
	/*  type                     min  max */
	{ CTRL_ATTR_FAMILY_ID,        2,  2 },
	{ CTRL_ATTR_FAMILY_NAME,      2,  GENL_NAMSIZ },
	{ CTRL_ATTR_MCAST_GROUPS,     0,  UINT16_MAX },
};

static const struct kb_attr_policy group_policy[] = {
	/*  type                     min  max */
	{ CTRL_ATTR_MCAST_GRP_ID,     4,  4 },
	{ CTRL_ATTR_MCAST_GRP_NAME,   2,  GENL_NAMSIZ },
};

static const struct kb_attr_policy session_policy[] = {
	/*  type                     min  max */
	{ L2TP_ATTR_STATS,            0,  1024 },
};

static const struct kb_attr_policy stats_policy[] = {
	/*  type                     min  max */
	{ L2TP_ATTR_TX_PACKETS,       8,  8 },
	{ L2TP_ATTR_TX_BYTES,         8,  8 },
	{ L2TP_ATTR_TX_ERRORS,        8,  8 },
	{ L2TP_ATTR_RX_PACKETS,       8,  8 },
	{ L2TP_ATTR_RX_BYTES,         8,  8 },
	{ L2TP_ATTR_RX_ERRORS,        8,  8 },
	{ L2TP_ATTR_RX_SEQ_DISCARDS,  8,  8 },
	{ L2TP_ATTR_RX_OOS_PACKETS,   8,  8 },
};
/* clang-format on */

/* ---- messages ---- */

/* Whole words, as mnl_nlmsg_put_header() wants them. */
struct request {
	_Alignas(struct nlmsghdr) char octets[KB_NETLINK_REQUEST_OCTETS];
};

static struct nlmsghdr *
begin(struct request *r, uint16_t type, uint8_t command)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(r->octets);
	struct genlmsghdr *header = mnl_nlmsg_put_extra_header(message, sizeof *header);

	message->nlmsg_type = type;
	header->cmd = command;
	header->version = L2TP_GENL_VERSION; /* the controller takes any */
	return message;
}

/* ---- the family ---- */

static bool
is_l2tp(const struct nlattr *name)
{
	return name != NULL && mnl_attr_get_payload_len(name) == sizeof L2TP_GENL_NAME &&
	       memcmp(mnl_attr_get_payload(name), L2TP_GENL_NAME, sizeof L2TP_GENL_NAME) == 0;
}

/* The group has the family's name, and is the only one. */
static int
read_group(const struct nlattr *groups, uint32_t *out)
{
	const char *const end = (const char *)mnl_attr_get_payload(groups) + mnl_attr_get_payload_len(groups);

	for (const struct nlattr *group = mnl_attr_get_payload(groups);
	     mnl_attr_ok(group, (int)(end - (const char *)group)); group = mnl_attr_next(group)) {
		const struct nlattr *found[KB_ATTR_MAX];
		const int r = kb_attr_parse_nested(group, group_policy, COUNT(group_policy), found);

		if (r < 0)
			return r;
		if (is_l2tp(found[CTRL_ATTR_MCAST_GRP_NAME]) && found[CTRL_ATTR_MCAST_GRP_ID] != NULL)
			*out = mnl_attr_get_u32(found[CTRL_ATTR_MCAST_GRP_ID]);
	}
	return 0;
}

static int
read_family(const struct nlmsghdr *message, void *context)
{
	const struct nlattr *found[KB_ATTR_MAX];
	struct kb_l2tp_genl *genl = context;
	const int r =
	    kb_attr_parse(message, sizeof(struct genlmsghdr), family_policy, COUNT(family_policy), found);

	if (r < 0)
		return r;
	if (!is_l2tp(found[CTRL_ATTR_FAMILY_NAME]) || found[CTRL_ATTR_FAMILY_ID] == NULL)
		return 0;
	genl->family = mnl_attr_get_u16(found[CTRL_ATTR_FAMILY_ID]);
	return found[CTRL_ATTR_MCAST_GROUPS] == NULL
		   ? 0
		   : read_group(found[CTRL_ATTR_MCAST_GROUPS], &genl->group);
}

/* Asked by its name, a family that is not there makes the kernel run modprobe, and us wait for it.  A service whose
 * modules are hidden from it (systemd's ProtectKernelModules=) cannot tell: the kernel sees them, and is asked. */
static bool
may_be_loaded(void)
{
	static const char *const endings[] = { "", ".xz", ".zst", ".gz" };
	struct utsname name;
	char path[256];

	if (access("/sys/module/l2tp_netlink", F_OK) == 0)
		return true;
	if (uname(&name) < 0)
		return false;
	for (size_t i = 0; i < COUNT(endings); i++) {
		snprintf(path, sizeof path, "/lib/modules/%s/kernel/net/l2tp/l2tp_netlink.ko%s", name.release,
			 endings[i]);
		if (access(path, F_OK) == 0 || errno == EACCES)
			return true;
	}
	return false;
}

static int
ask_by_name(struct kb_l2tp_genl *genl, struct kb_error *why)
{
	struct request r;
	struct nlmsghdr *message = begin(&r, GENL_ID_CTRL, CTRL_CMD_GETFAMILY);

	mnl_attr_put_strz(message, CTRL_ATTR_FAMILY_NAME, L2TP_GENL_NAME);
	return kb_netlink_ask(genl->netlink, message, read_family, genl,
			      "find the kernel's L2TP netlink family", why);
}

/* Out of the list of all that are there. */
static int
look_for(struct kb_l2tp_genl *genl, struct kb_error *why)
{
	struct request r;
	struct nlmsghdr *message = begin(&r, GENL_ID_CTRL, CTRL_CMD_GETFAMILY);

	message->nlmsg_flags = NLM_F_DUMP;
	return kb_netlink_ask(genl->netlink, message, read_family, genl, "list the kernel's netlink families",
			      why);
}

static int
find_family(struct kb_l2tp_genl *genl, bool by_name, struct kb_error *why)
{
	const int r = by_name ? ask_by_name(genl, why) : look_for(genl, why);

	if (r < 0 && r != -ENOENT)
		return r;
	if (r == 0 && genl->family != 0)
		return 0;
	return kb_fail(why, ENOENT,
		       "the kernel has no L2TP netlink (CONFIG_L2TP_V3): load the module with \"modprobe "
		       "l2tp_netlink\", or use another data path");
}

int
kb_l2tp_open_known(const struct kb_netlink_transport *transport, uint16_t family, struct kb_l2tp_genl *out,
		   struct kb_error *why)
{
	*out = (struct kb_l2tp_genl){ .family = family };
	return kb_netlink_open_to(transport, &out->netlink, why);
}

int
kb_l2tp_open(const struct kb_netlink_transport *transport, struct kb_l2tp_genl *out, struct kb_error *why)
{
	int r = kb_l2tp_open_known(transport, 0, out, why);

	if (r == 0)
		r = find_family(out, transport->portid != 0 || may_be_loaded(), why);
	if (r < 0)
		kb_l2tp_close(out);
	return r;
}

void
kb_l2tp_close(struct kb_l2tp_genl *genl)
{
	genl->netlink = kb_netlink_free(genl->netlink);
}

/* ---- what the kernel does not check ---- */

static int
check_id(uint32_t id, const char *what, struct kb_error *why)
{
	if (id >= 1 && id <= KB_L2TP_ID_MAX)
		return 0;
	return kb_fail(why, EINVAL, "%s id %u: L2TPv2 has ids from 1 to %d", what, id, KB_L2TP_ID_MAX);
}

static int
check_udp(int fd, struct kb_error *why)
{
	union kb_sockaddr peer;
	socklen_t octets = sizeof peer;
	int protocol = 0;
	socklen_t length = sizeof protocol;

	if (fd < 0)
		return kb_fail(why, EBADF, "a kernel tunnel needs a UDP socket of ours");
	if (getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &length) < 0)
		return kb_fail(why, errno, "the descriptor %d for a kernel tunnel is no socket: %s", fd,
			       strerror(errno));
	if (protocol != IPPROTO_UDP)
		return kb_fail(why, EPROTONOSUPPORT, "the socket for a kernel tunnel is not a UDP socket");
	if (getpeername(fd, &peer.sa, &octets) < 0)
		return kb_fail(
		    why, errno,
		    "the UDP socket for a kernel tunnel is not connected, and nothing would be sent: %s",
		    strerror(errno));
	return 0;
}

static int
check_tunnel(const struct kb_l2tp_tunnel_request *t, struct kb_error *why)
{
	int r = check_id(t->local_tid, "tunnel", why);

	if (r == 0)
		r = check_id(t->peer_tid, "the peer's tunnel", why);
	if (r == 0 && t->version != KB_L2TP_VERSION)
		r = kb_fail(why, EPROTONOSUPPORT, "kernel tunnels of ours are L2TP version %d, not %u",
			    KB_L2TP_VERSION, t->version);
	return r < 0 ? r : check_udp(t->udp_fd, why);
}

static int
check_session(const struct kb_l2tp_session_request *s, struct kb_error *why)
{
	int r = check_id(s->local_tid, "tunnel", why);

	if (r == 0)
		r = check_id(s->local_sid, "session", why);
	return r < 0 ? r : check_id(s->peer_sid, "the peer's session", why);
}

/* ---- tunnels ---- */

int
kb_l2tp_tunnel_create(const struct kb_l2tp_genl *genl, const struct kb_l2tp_tunnel_request *t,
		      struct kb_error *why)
{
	struct request request;
	const int r = check_tunnel(t, why);

	if (r < 0)
		return r;
	struct nlmsghdr *message = begin(&request, genl->family, L2TP_CMD_TUNNEL_CREATE);
	mnl_attr_put_u32(message, L2TP_ATTR_CONN_ID, t->local_tid);
	mnl_attr_put_u32(message, L2TP_ATTR_PEER_CONN_ID, t->peer_tid);
	mnl_attr_put_u8(message, L2TP_ATTR_PROTO_VERSION, KB_L2TP_VERSION);
	mnl_attr_put_u16(message, L2TP_ATTR_ENCAP_TYPE, L2TP_ENCAPTYPE_UDP);
	mnl_attr_put_u32(message, L2TP_ATTR_FD, (uint32_t)t->udp_fd);
	return kb_netlink_ask(genl->netlink, message, NULL, NULL, "make a kernel tunnel", why);
}

static int
unless_gone(int r)
{
	return r == -ENODEV || r == -ENOENT ? 0 : r;
}

int
kb_l2tp_tunnel_delete(const struct kb_l2tp_genl *genl, uint32_t local_tid, struct kb_error *why)
{
	struct request request;
	struct nlmsghdr *message = begin(&request, genl->family, L2TP_CMD_TUNNEL_DELETE);

	mnl_attr_put_u32(message, L2TP_ATTR_CONN_ID, local_tid);
	return unless_gone(kb_netlink_ask(genl->netlink, message, NULL, NULL, "delete a kernel tunnel", why));
}

/* ---- sessions ---- */

static struct nlmsghdr *
begin_session(struct request *r, const struct kb_l2tp_genl *genl, uint8_t command, uint32_t local_tid,
	      uint32_t local_sid)
{
	struct nlmsghdr *message = begin(r, genl->family, command);

	mnl_attr_put_u32(message, L2TP_ATTR_CONN_ID, local_tid);
	mnl_attr_put_u32(message, L2TP_ATTR_SESSION_ID, local_sid);
	return message;
}

int
kb_l2tp_session_create(const struct kb_l2tp_genl *genl, const struct kb_l2tp_session_request *s,
		       struct kb_error *why)
{
	struct request request;
	const int r = check_session(s, why);

	if (r < 0)
		return r;
	struct nlmsghdr *message =
	    begin_session(&request, genl, L2TP_CMD_SESSION_CREATE, s->local_tid, s->local_sid);
	mnl_attr_put_u32(message, L2TP_ATTR_PEER_SESSION_ID, s->peer_sid);
	mnl_attr_put_u16(message, L2TP_ATTR_PW_TYPE, L2TP_PWTYPE_PPP);
	mnl_attr_put_u8(message, L2TP_ATTR_SEND_SEQ, s->send_sequence);
	mnl_attr_put_u8(message, L2TP_ATTR_RECV_SEQ, s->expect_sequence);
	mnl_attr_put_u8(message, L2TP_ATTR_LNS_MODE, s->is_lns);
	return kb_netlink_ask(genl->netlink, message, NULL, NULL, "make a kernel session", why);
}

int
kb_l2tp_session_delete(const struct kb_l2tp_genl *genl, uint32_t local_tid, uint32_t local_sid,
		       struct kb_error *why)
{
	struct request request;
	struct nlmsghdr *message =
	    begin_session(&request, genl, L2TP_CMD_SESSION_DELETE, local_tid, local_sid);

	return unless_gone(
	    kb_netlink_ask(genl->netlink, message, NULL, NULL, "delete a kernel session", why));
}

static uint64_t
counter(const struct nlattr *const found[KB_ATTR_MAX], unsigned type)
{
	return found[type] == NULL ? 0 : mnl_attr_get_u64(found[type]);
}

static int
read_session(const struct nlmsghdr *message, void *context)
{
	const struct nlattr *found[KB_ATTR_MAX];
	struct kb_session_stats *out = context;
	int r =
	    kb_attr_parse(message, sizeof(struct genlmsghdr), session_policy, COUNT(session_policy), found);

	if (r < 0 || found[L2TP_ATTR_STATS] == NULL)
		return r;
	r = kb_attr_parse_nested(found[L2TP_ATTR_STATS], stats_policy, COUNT(stats_policy), found);
	if (r < 0)
		return r;
	*out = (struct kb_session_stats){
		.tx_packets = counter(found, L2TP_ATTR_TX_PACKETS),
		.tx_octets = counter(found, L2TP_ATTR_TX_BYTES),
		.tx_errors = counter(found, L2TP_ATTR_TX_ERRORS),
		.rx_packets = counter(found, L2TP_ATTR_RX_PACKETS),
		.rx_octets = counter(found, L2TP_ATTR_RX_BYTES),
		.rx_errors = counter(found, L2TP_ATTR_RX_ERRORS),
		.rx_discards = counter(found, L2TP_ATTR_RX_SEQ_DISCARDS),
		.rx_out_of_order = counter(found, L2TP_ATTR_RX_OOS_PACKETS),
	};
	return 0;
}

int
kb_l2tp_session_get(const struct kb_l2tp_genl *genl, uint32_t local_tid, uint32_t local_sid,
		    struct kb_session_stats *out, struct kb_error *why)
{
	struct request request;
	struct kb_session_stats stats = { 0 };
	struct nlmsghdr *message = begin_session(&request, genl, L2TP_CMD_SESSION_GET, local_tid, local_sid);
	const int r = kb_netlink_ask(genl->netlink, message, read_session, &stats,
				     "read the counters of a kernel session", why);

	if (r == 0)
		*out = stats;
	return r == -ENOENT ? -ENODEV : r;
}
