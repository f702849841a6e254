/* kb_xfrm.c - asks the kernel for its IPsec policies and associations, and fixes them to a socket
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_xfrm.h"

#include "kernel-bridge/kb_xfrm_read.h"

#include <errno.h>
#include <linux/xfrm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct kb_xfrm {
	struct kb_netlink *netlink;
};

/* An empty policy of the other manager's kind for a socket, which each refuses in its own way: a registered one says
 * that the option is not its own, and where none is registered nobody looks.  Nothing changes. */
static bool
is_refused_by(int fd, int option)
{
	const char octet = 0;

	return setsockopt(fd, IPPROTO_IP, option, &octet, sizeof octet) < 0 && errno == EOPNOTSUPP;
}

bool
kb_xfrm_is_loaded(int udp_fd)
{
	return is_refused_by(udp_fd, IP_IPSEC_POLICY) || is_refused_by(udp_fd, IP_XFRM_POLICY);
}

/* How many policies there are: asked for in one datagram and answered in one, of which the counts come first. */
struct count_request {
	struct nlmsghdr header;
	uint32_t flags;
};

struct count_answer {
	struct nlmsghdr header;
	uint32_t flags;
	struct nlattr attribute;
	struct xfrmu_spdinfo counts;
};

static bool
is_count(const struct count_answer *answer)
{
	return answer->header.nlmsg_type == XFRM_MSG_NEWSPDINFO &&
	       answer->attribute.nla_type == XFRMA_SPD_INFO &&
	       answer->attribute.nla_len == sizeof answer->attribute + sizeof answer->counts;
}

bool
kb_xfrm_has_policies(int *fd)
{
	const struct count_request request = { .header = { .nlmsg_len = sizeof request,
							   .nlmsg_type = XFRM_MSG_GETSPDINFO,
							   .nlmsg_flags = NLM_F_REQUEST } };
	struct count_answer answer;

	if (*fd < 0)
		*fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_XFRM);
	if (*fd < 0)
		return true;
	if (send(*fd, &request, sizeof request, 0) == (ssize_t)sizeof request &&
	    recv(*fd, &answer, sizeof answer, 0) == (ssize_t)sizeof answer && is_count(&answer))
		return answer.counts.incnt > 0 || answer.counts.outcnt > 0;
	close(*fd); /* a late answer must not be taken for the next one's */
	*fd = -1;
	return true;
}

static int
explain_open(int err, struct kb_error *why)
{
	if (err == EPROTONOSUPPORT || err == EAFNOSUPPORT)
		return kb_fail(
		    why, EPROTONOSUPPORT,
		    "this kernel has no IPsec that could be asked: it needs CONFIG_XFRM_USER (module "
		    "xfrm_user)");
	return kb_fail(why, err, "cannot open a netlink socket for IPsec: %s", strerror(err));
}

int
kb_xfrm_new(struct kb_xfrm **out, struct kb_error *why)
{
	struct kb_xfrm *x = calloc(1, sizeof *x);

	if (x == NULL)
		return kb_fail(why, ENOMEM, "out of memory");
	const int r = kb_netlink_open(&x->netlink, NETLINK_XFRM, NULL);
	if (r < 0) {
		free(x);
		return explain_open(-r, why);
	}
	*out = x;
	return 0;
}

struct kb_xfrm *
kb_xfrm_free(struct kb_xfrm *x)
{
	if (x != NULL)
		kb_netlink_free(x->netlink);
	free(x);
	return NULL;
}

/* ---- looking ---- */

struct look {
	const struct kb_flow *flow;
	struct kb_protection *protection;
};

static int
take_policy(const struct nlmsghdr *message, void *context)
{
	const struct look *look = context;
	struct kb_policy policy;

	if (message->nlmsg_type != XFRM_MSG_NEWPOLICY)
		return 0;
	const int r = kb_policy_parse(message, &policy);
	if (r == 0)
		kb_protection_add_policy(look->protection, look->flow, &policy);
	return r;
}

static int
take_association(const struct nlmsghdr *message, void *context)
{
	const struct look *look = context;
	struct kb_association association;

	if (message->nlmsg_type != XFRM_MSG_NEWSA)
		return 0;
	const int r = kb_association_parse(message, &association);
	if (r == 0)
		kb_protection_add_association(look->protection, look->flow, &association);
	return r;
}

static int
dump(struct kb_xfrm *x, uint16_t type, kb_netlink_each *each, struct look *look, const char *doing,
     struct kb_error *why)
{
	_Alignas(struct nlmsghdr) char buffer[KB_NETLINK_REQUEST_OCTETS];
	struct nlmsghdr *m = mnl_nlmsg_put_header(buffer);

	m->nlmsg_type = type;
	m->nlmsg_flags = NLM_F_DUMP;
	return kb_netlink_ask(x->netlink, m, each, look, doing, why);
}

/* The kernel's structs have other sizes for a program of 32 bits below a kernel of 64. */
static int
explain_look(int r, struct kb_error *why)
{
	if (r == -EOPNOTSUPP && sizeof(void *) == 4)
		return kb_fail(
		    why, EOPNOTSUPP,
		    "this kernel of 64 bits does not let programs of 32 bits ask about IPsec: it needs "
		    "CONFIG_XFRM_USER_COMPAT");
	return r;
}

int
kb_xfrm_look(struct kb_xfrm *x, const struct kb_flow *flow, struct kb_protection *out, struct kb_error *why)
{
	struct kb_protection protection = { 0 };
	struct look look = { flow, &protection };
	int r = dump(x, XFRM_MSG_GETPOLICY, take_policy, &look, "list the IPsec policies", why);

	if (r == 0 && kb_protection_is_whole(&protection))
		r = dump(x, XFRM_MSG_GETSA, take_association, &look, "list the IPsec associations", why);
	if (r == 0)
		*out = protection;
	return explain_look(r, why);
}

/* ---- a socket's own policies ---- */

static int
hold(int fd, sa_family_t family, uint8_t dir, const struct kb_guarded *g)
{
	struct xfrm_userpolicy_info info = { .sel.family = family, .dir = dir, .action = XFRM_POLICY_ALLOW };
	uint8_t option[sizeof info + sizeof g->templates.octets];
	const size_t octets = (size_t)g->templates.n * KB_XFRM_TEMPLATE_OCTETS;
	const bool is_6 = family == AF_INET6;

	info.lft.soft_byte_limit = info.lft.hard_byte_limit = XFRM_INF;
	info.lft.soft_packet_limit = info.lft.hard_packet_limit = XFRM_INF;
	memcpy(option, &info, sizeof info);
	memcpy(option + sizeof info, g->templates.octets, octets);
	return setsockopt(fd, is_6 ? IPPROTO_IPV6 : IPPROTO_IP, is_6 ? IPV6_XFRM_POLICY : IP_XFRM_POLICY,
			  option, (socklen_t)(sizeof info + octets));
}

int
kb_xfrm_hold(int udp_fd, sa_family_t family, const struct kb_protection *protection, struct kb_error *why)
{
	if (hold(udp_fd, family, XFRM_POLICY_OUT, &protection->out) == 0 &&
	    hold(udp_fd, family, XFRM_POLICY_IN, &protection->in) == 0)
		return 0;
	if (errno == EPERM)
		return kb_fail(
		    why, EPERM,
		    "not permitted to fix the IPsec policy to the socket: run as root, or with the "
		    "capability CAP_NET_ADMIN");
	return kb_fail(why, errno, "cannot fix the IPsec policy to the socket: %s", strerror(errno));
}

/* ---- news ---- */

int
kb_xfrm_monitor_new(int *fd, struct kb_error *why)
{
	const struct sockaddr_nl groups = {
		.nl_family = AF_NETLINK,
		.nl_groups =
		    1u << (XFRMNLGRP_POLICY - 1) | 1u << (XFRMNLGRP_SA - 1) | 1u << (XFRMNLGRP_EXPIRE - 1),
	};
	const int s = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_XFRM);

	if (s < 0)
		return explain_open(errno, why);
	if (bind(s, (const struct sockaddr *)&groups, sizeof groups) < 0) {
		const int err = errno;

		close(s);
		return kb_fail(why, err, "cannot listen to changes of the IPsec policies: %s", strerror(err));
	}
	*fd = s;
	return 0;
}

void
kb_xfrm_monitor_drain(int fd)
{
	char one;

	/* ENOBUFS, news lost, is news as well: what comes after it is still taken. */
	while (recv(fd, &one, sizeof one, MSG_DONTWAIT) >= 0 || errno == ENOBUFS || errno == EINTR)
		continue;
}
