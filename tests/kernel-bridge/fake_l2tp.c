/* fake_l2tp.c - a process that stands in for the kernel's "l2tp" netlink family, on any kernel
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/kernel-bridge/fake_l2tp.h"

#include <assert.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/l2tp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MESSAGE_OCTETS = 4096, ATTRIBUTES = L2TP_ATTR_MAX + 1 };

struct server {
	int fd;
	struct fake_shared *shared;
	const struct nlmsghdr *request;
	uint32_t client;
	const struct nlattr *found[ATTRIBUTES];
	_Alignas(struct nlmsghdr) char answer[MESSAGE_OCTETS];
};

/* ---- answers ---- */

static struct nlmsghdr *
begin(struct server *s, uint16_t type)
{
	struct nlmsghdr *h = mnl_nlmsg_put_header(s->answer);

	h->nlmsg_type = type;
	h->nlmsg_seq = s->request->nlmsg_seq;
	return h;
}

static struct nlmsghdr *
begin_command(struct server *s, uint16_t type, uint8_t command)
{
	struct nlmsghdr *h = begin(s, type);
	struct genlmsghdr *g = mnl_nlmsg_put_extra_header(h, sizeof *g);

	g->cmd = command;
	g->version = 1;
	return h;
}

static void
put(struct server *s, const struct nlmsghdr *h)
{
	const struct sockaddr_nl to = { .nl_family = AF_NETLINK, .nl_pid = s->client };

	(void)sendto(s->fd, h, h->nlmsg_len, 0, (const struct sockaddr *)&to, sizeof to);
}

static void
acknowledge(struct server *s, int err, const char *words)
{
	struct nlmsghdr *h = begin(s, NLMSG_ERROR);
	struct nlmsgerr *e = mnl_nlmsg_put_extra_header(h, sizeof *e);

	e->error = -err;
	e->msg = *s->request;
	h->nlmsg_flags = NLM_F_CAPPED;
	if (words != NULL) {
		h->nlmsg_flags |= NLM_F_ACK_TLVS;
		mnl_attr_put_strz(h, NLMSGERR_ATTR_MSG, words);
	}
	put(s, h);
}

/* ---- the controller ---- */

static void
answer_family(struct server *s)
{
	if (s->shared->family == FAKE_IS_ABSENT) {
		acknowledge(s, ENOENT, NULL);
		return;
	}
	struct nlmsghdr *h = begin_command(s, GENL_ID_CTRL, CTRL_CMD_NEWFAMILY);
	mnl_attr_put_strz(h, CTRL_ATTR_FAMILY_NAME, L2TP_GENL_NAME);
	if (s->shared->family == FAKE_HAS_SHORT_ID)
		mnl_attr_put_u8(h, CTRL_ATTR_FAMILY_ID, FAKE_FAMILY);
	else
		mnl_attr_put_u16(h, CTRL_ATTR_FAMILY_ID, FAKE_FAMILY);
	if (s->shared->family != FAKE_HAS_NO_GROUP) {
		struct nlattr *groups = mnl_attr_nest_start(h, CTRL_ATTR_MCAST_GROUPS);
		struct nlattr *group = mnl_attr_nest_start(h, 1);

		mnl_attr_put_u32(h, CTRL_ATTR_MCAST_GRP_ID, FAKE_GROUP);
		mnl_attr_put_strz(h, CTRL_ATTR_MCAST_GRP_NAME, L2TP_GENL_NAME);
		mnl_attr_nest_end(h, group);
		mnl_attr_nest_end(h, groups);
	}
	put(s, h);
	acknowledge(s, 0, NULL);
}

/* ---- the family ---- */

static bool
has(const struct server *s, uint16_t type, size_t octets)
{
	return s->found[type] != NULL && mnl_attr_get_payload_len(s->found[type]) == octets;
}

static uint32_t
id(const struct server *s, uint16_t type)
{
	return has(s, type, 4) ? mnl_attr_get_u32(s->found[type]) : 0;
}

/* Exactly what a tunnel of ours is asked for with. */
static bool
is_right_tunnel(const struct server *s)
{
	return id(s, L2TP_ATTR_PEER_CONN_ID) == FAKE_PEER_TID && has(s, L2TP_ATTR_PROTO_VERSION, 1) &&
	       mnl_attr_get_u8(s->found[L2TP_ATTR_PROTO_VERSION]) == 2 && has(s, L2TP_ATTR_ENCAP_TYPE, 2) &&
	       mnl_attr_get_u16(s->found[L2TP_ATTR_ENCAP_TYPE]) == L2TP_ENCAPTYPE_UDP &&
	       has(s, L2TP_ATTR_FD, 4) && (int32_t)mnl_attr_get_u32(s->found[L2TP_ATTR_FD]) >= 0;
}

static void
create_tunnel(struct server *s)
{
	switch (id(s, L2TP_ATTR_CONN_ID)) {
	case FAKE_TID_TAKEN:
		acknowledge(s, EEXIST, NULL);
		break;
	case FAKE_TID_BUSY:
		acknowledge(s, EBUSY, NULL);
		break;
	case FAKE_TID_WORDS:
		acknowledge(s, ERANGE, FAKE_WORDS);
		break;
	default:
		acknowledge(s, is_right_tunnel(s) ? 0 : EPROTO, NULL);
		break;
	}
}

static void
create_session(struct server *s)
{
	const bool is_right =
	    id(s, L2TP_ATTR_PEER_SESSION_ID) == FAKE_PEER_SID && has(s, L2TP_ATTR_PW_TYPE, 2) &&
	    mnl_attr_get_u16(s->found[L2TP_ATTR_PW_TYPE]) == L2TP_PWTYPE_PPP &&
	    has(s, L2TP_ATTR_SEND_SEQ, 1) && has(s, L2TP_ATTR_RECV_SEQ, 1) && has(s, L2TP_ATTR_LNS_MODE, 1);

	acknowledge(s, id(s, L2TP_ATTR_CONN_ID) != FAKE_TID ? ENODEV : is_right ? 0 : EPROTO, NULL);
}

static void
put_counters(struct nlmsghdr *h, uint32_t sid)
{
	struct nlattr *nest = mnl_attr_nest_start(h, L2TP_ATTR_STATS);

	if (sid == FAKE_SID) {
		for (uint16_t type = L2TP_ATTR_TX_PACKETS; type <= L2TP_ATTR_RX_ERRORS; type++)
			mnl_attr_put_u64(h, type, type * 1000u);
	} else if (sid == FAKE_SID_SOME) {
		mnl_attr_put_u64(h, L2TP_ATTR_TX_PACKETS, 5);
		mnl_attr_put_u64(h, 60, 6);
	} else {
		mnl_attr_put_u32(h, L2TP_ATTR_TX_PACKETS, 5);
	}
	mnl_attr_nest_end(h, nest);
}

static void
get_session(struct server *s)
{
	const uint32_t sid = id(s, L2TP_ATTR_SESSION_ID);

	if (id(s, L2TP_ATTR_CONN_ID) != FAKE_TID ||
	    (sid != FAKE_SID && sid != FAKE_SID_SOME && sid != FAKE_SID_NONE && sid != FAKE_SID_SHORT)) {
		acknowledge(s, ENODEV, NULL);
		return;
	}
	struct nlmsghdr *h = begin_command(s, FAKE_FAMILY, L2TP_CMD_SESSION_GET);
	mnl_attr_put_u32(h, L2TP_ATTR_CONN_ID, FAKE_TID);
	if (sid != FAKE_SID_NONE)
		put_counters(h, sid);
	put(s, h);
	acknowledge(s, 0, NULL);
}

static void
answer_l2tp(struct server *s, uint8_t command)
{
	s->shared->requests++;
	switch (command) {
	case L2TP_CMD_TUNNEL_CREATE:
		create_tunnel(s);
		break;
	case L2TP_CMD_TUNNEL_DELETE:
	case L2TP_CMD_SESSION_DELETE:
		acknowledge(s, id(s, L2TP_ATTR_CONN_ID) == FAKE_TID ? 0 : ENODEV, NULL);
		break;
	case L2TP_CMD_SESSION_CREATE:
		create_session(s);
		break;
	case L2TP_CMD_SESSION_GET:
		get_session(s);
		break;
	default:
		acknowledge(s, EOPNOTSUPP, NULL);
		break;
	}
}

static void
answer(struct server *s)
{
	const struct genlmsghdr *g = mnl_nlmsg_get_payload(s->request);
	const char *const end = mnl_nlmsg_get_payload_tail(s->request);

	memset(s->found, 0, sizeof s->found);
	for (const struct nlattr *a = mnl_nlmsg_get_payload_offset(s->request, sizeof *g);
	     mnl_attr_ok(a, (int)(end - (const char *)a)); a = mnl_attr_next(a)) {
		if (mnl_attr_get_type(a) < ATTRIBUTES)
			s->found[mnl_attr_get_type(a)] = a;
	}
	if (s->request->nlmsg_type == GENL_ID_CTRL)
		answer_family(s);
	else
		answer_l2tp(s, g->cmd);
}

static void
serve(struct server *s)
{
	_Alignas(struct nlmsghdr) char octets[MESSAGE_OCTETS];

	for (;;) {
		struct sockaddr_nl from;
		socklen_t length = sizeof from;
		const ssize_t n =
		    recvfrom(s->fd, octets, sizeof octets, 0, (struct sockaddr *)&from, &length);

		if (n < (ssize_t)(sizeof(struct nlmsghdr) + sizeof(struct genlmsghdr)))
			continue;
		s->request = (const struct nlmsghdr *)(const void *)octets;
		s->client = from.nl_pid;
		answer(s);
	}
}

/* ---- its life ---- */

static uint32_t
bind_any(int fd)
{
	struct sockaddr_nl self = { .nl_family = AF_NETLINK };
	socklen_t length = sizeof self;
	const int r = bind(fd, (const struct sockaddr *)&self, sizeof self);
	const int g = getsockname(fd, (struct sockaddr *)&self, &length);

	assert(r == 0 && g == 0);
	return self.nl_pid;
}

struct fake_l2tp
fake_l2tp_start(void)
{
	struct fake_l2tp fake = { .transport = { .protocol = NETLINK_USERSOCK } };
	struct server s = { .fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_USERSOCK) };

	assert(s.fd >= 0);
	fake.transport.portid = bind_any(s.fd);
	fake.shared =
	    mmap(NULL, sizeof *fake.shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert(fake.shared != MAP_FAILED);
	s.shared = fake.shared;
	fake.pid = fork();
	assert(fake.pid >= 0);
	if (fake.pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(&s);
	}
	close(s.fd);
	return fake;
}

void
fake_l2tp_end(struct fake_l2tp *fake)
{
	kill(fake->pid, SIGKILL);
	waitpid(fake->pid, NULL, 0);
	munmap(fake->shared, sizeof *fake->shared);
}

void
fake_l2tp_tell(const struct fake_l2tp *fake, const void *octets, size_t n)
{
	const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, fake->transport.protocol);
	const struct sockaddr_nl to = { .nl_family = AF_NETLINK, .nl_groups = 1u << (FAKE_GROUP - 1) };

	assert(fd >= 0);
	(void)bind_any(fd);
	(void)sendto(fd, octets, n, 0, (const struct sockaddr *)&to, sizeof to);
	close(fd);
}
