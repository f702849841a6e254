/* kb_netlink.c - netlink messages: asked, answered, and read by a table of attributes
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_netlink.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* ---- messages ---- */

/* clang-format off */
static const struct kb_attr_policy link_policy[] = {
	/*  type        min  max */
	{ IFLA_IFNAME,   2,  IF_NAMESIZE },
	{ IFLA_MTU,      4,  4 },
	{ IFLA_STATS64, 32, 1024 }, /* grows with the kernel */
};

static const struct kb_attr_policy address_policy[] = {
	/*  type        min  max */
	{ IFA_ADDRESS,   4,  16 },
	{ IFA_LOCAL,     4,  16 },
};
/* clang-format on */

static const struct kb_attr_policy *
policy_of(const struct kb_attr_policy *policy, size_t n, uint16_t type)
{
	for (size_t i = 0; i < n; i++) {
		if (policy[i].type == type)
			return &policy[i];
	}
	return NULL;
}

static int
sort_attributes(const struct nlattr *first, const char *end, const struct kb_attr_policy *policy, size_t n,
		const struct nlattr *found[KB_ATTR_MAX])
{
	for (const struct nlattr *a = first; mnl_attr_ok(a, (int)(end - (const char *)a));
	     a = mnl_attr_next(a)) {
		const struct kb_attr_policy *p = policy_of(policy, n, mnl_attr_get_type(a));
		const uint16_t octets = mnl_attr_get_payload_len(a);

		if (p == NULL)
			continue;
		if (octets < p->min || octets > p->max)
			return -EBADMSG;
		found[p->type] = a;
	}
	return 0;
}

int
kb_attr_parse(const struct nlmsghdr *message, size_t header_octets, const struct kb_attr_policy *policy,
	      size_t n, const struct nlattr *found[KB_ATTR_MAX])
{
	memset(found, 0, KB_ATTR_MAX * sizeof found[0]);
	if (mnl_nlmsg_get_payload_len(message) < header_octets)
		return -EBADMSG;
	return sort_attributes(mnl_nlmsg_get_payload_offset(message, header_octets),
			       (const char *)message + message->nlmsg_len, policy, n, found);
}

int
kb_attr_parse_nested(const struct nlattr *nest, const struct kb_attr_policy *policy, size_t n,
		     const struct nlattr *found[KB_ATTR_MAX])
{
	const char *const inside = mnl_attr_get_payload(nest);

	memset(found, 0, KB_ATTR_MAX * sizeof found[0]);
	return sort_attributes(mnl_attr_get_payload(nest), inside + mnl_attr_get_payload_len(nest), policy, n,
			       found);
}

/* Counters stand where netlink's alignment of 4 puts them. */
static void
read_counters(const struct nlattr *from, struct kb_link *link)
{
	uint64_t counters[4];

	_Static_assert(offsetof(struct rtnl_link_stats64, rx_packets) == 0 &&
			   offsetof(struct rtnl_link_stats64, tx_packets) == 8 &&
			   offsetof(struct rtnl_link_stats64, rx_bytes) == 16 &&
			   offsetof(struct rtnl_link_stats64, tx_bytes) == 24,
		       "the order below");
	memcpy(counters, mnl_attr_get_payload(from), sizeof counters);
	link->rx_packets = counters[0];
	link->tx_packets = counters[1];
	link->rx_octets = counters[2];
	link->tx_octets = counters[3];
}

int
kb_link_parse(const struct nlmsghdr *message, struct kb_link *out)
{
	const struct nlattr *found[KB_ATTR_MAX];
	const int r =
	    kb_attr_parse(message, sizeof(struct ifinfomsg), link_policy, COUNT(link_policy), found);

	if (r < 0)
		return r;
	const struct ifinfomsg *header = mnl_nlmsg_get_payload(message);
	struct kb_link link = {
		.index = (uint32_t)header->ifi_index,
		.is_up = (header->ifi_flags & IFF_UP) != 0,
		.has_carrier = (header->ifi_flags & IFF_RUNNING) != 0,
		.is_ppp = header->ifi_type == ARPHRD_PPP,
	};
	const struct nlattr *name = found[IFLA_IFNAME];

	if (name != NULL) {
		memcpy(link.name, mnl_attr_get_payload(name), mnl_attr_get_payload_len(name));
		if (memchr(link.name, '\0', sizeof link.name) == NULL)
			return -EBADMSG;
	}
	if (found[IFLA_MTU] != NULL)
		link.mtu = mnl_attr_get_u32(found[IFLA_MTU]);
	if (found[IFLA_STATS64] != NULL)
		read_counters(found[IFLA_STATS64], &link);
	*out = link;
	return 0;
}

static int
copy_address(const struct nlattr *from, sa_family_t family, uint8_t to[16])
{
	const uint16_t octets = family == AF_INET6 ? 16 : 4;

	if (from == NULL)
		return 0;
	if (mnl_attr_get_payload_len(from) != octets)
		return -EBADMSG;
	memcpy(to, mnl_attr_get_payload(from), octets);
	return 0;
}

int
kb_address_parse(const struct nlmsghdr *message, struct kb_change *out)
{
	const struct nlattr *found[KB_ATTR_MAX];
	struct kb_change change = { .kind = KB_CHANGE_ADDRESS };
	int r =
	    kb_attr_parse(message, sizeof(struct ifaddrmsg), address_policy, COUNT(address_policy), found);

	if (r < 0)
		return r;
	const struct ifaddrmsg *header = mnl_nlmsg_get_payload(message);
	/* IFA_LOCAL is ours where there is a peer; IFA_ADDRESS is then the peer's. */
	const struct nlattr *local = found[IFA_LOCAL] != NULL ? found[IFA_LOCAL] : found[IFA_ADDRESS];

	change.family = header->ifa_family;
	change.link.index = header->ifa_index;
	r = copy_address(local, change.family, change.address);
	if (r == 0)
		r = copy_address(found[IFA_ADDRESS], change.family, change.peer);
	if (r == 0)
		*out = change;
	return r;
}

/* ---- asking ---- */

struct kb_netlink {
	struct mnl_socket *socket;
	uint32_t portid; /* whom requests go to */
	uint32_t sequence;
};

const char *
kb_netlink_words(int err)
{
	return err == ELIBACC ? "libmnl.so.0 is missing (Debian's package libmnl0 has it)" : strerror(err);
}

static void
wish(struct mnl_socket *s, int option)
{
	int on = 1;

	/* Older kernels lack some: then there is less in the answer. */
	(void)mnl_socket_setsockopt(s, option, &on, sizeof on);
}

int
kb_netlink_open_to(const struct kb_netlink_transport *transport, struct kb_netlink **out,
		   struct kb_error *why)
{
	struct kb_netlink *nl = calloc(1, sizeof *nl);

	if (nl == NULL)
		return kb_fail(why, ENOMEM, "out of memory");
	nl->portid = transport->portid;
	nl->socket = mnl_socket_open2(transport->protocol, SOCK_CLOEXEC);
	if (nl->socket == NULL || mnl_socket_bind(nl->socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		const int err = errno;

		kb_netlink_free(nl);
		return kb_fail(why, err, "cannot open a netlink socket: %s", kb_netlink_words(err));
	}
	wish(nl->socket, NETLINK_EXT_ACK);
	wish(nl->socket, NETLINK_CAP_ACK);
	wish(nl->socket, NETLINK_GET_STRICT_CHK);
	*out = nl;
	return 0;
}

int
kb_netlink_open(struct kb_netlink **out, int bus, struct kb_error *why)
{
	return kb_netlink_open_to(&(struct kb_netlink_transport){ .protocol = bus }, out, why);
}

int
kb_netlink_new(struct kb_netlink **out, struct kb_error *why)
{
	return kb_netlink_open(out, NETLINK_ROUTE, why);
}

struct kb_netlink *
kb_netlink_free(struct kb_netlink *nl)
{
	if (nl != NULL && nl->socket != NULL)
		mnl_socket_close(nl->socket);
	free(nl);
	return NULL;
}

/* What the kernel says besides the number; "" when nothing. */
static void
kernels_words(const struct nlmsghdr *message, char *out, size_t size)
{
	static const struct kb_attr_policy policy[] = { { NLMSGERR_ATTR_MSG, 1, 240 } };
	const struct nlattr *found[KB_ATTR_MAX];
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(message);
	size_t header = sizeof *e;

	out[0] = '\0';
	if ((message->nlmsg_flags & NLM_F_ACK_TLVS) == 0)
		return;
	if ((message->nlmsg_flags & NLM_F_CAPPED) == 0)
		header += e->msg.nlmsg_len - sizeof e->msg;
	if (kb_attr_parse(message, header, policy, COUNT(policy), found) < 0 ||
	    found[NLMSGERR_ATTR_MSG] == NULL)
		return;
	const size_t octets = mnl_attr_get_payload_len(found[NLMSGERR_ATTR_MSG]);
	const size_t n = octets < size ? octets : size - 1;
	memcpy(out, mnl_attr_get_payload(found[NLMSGERR_ATTR_MSG]), n);
	out[n] = '\0';
}

struct answer {
	kb_netlink_each *each;
	void *context;
	const char *doing;
	struct kb_error *why;
};

static int
explain(const struct nlmsghdr *message, int err, const struct answer *a)
{
	char words[160];

	kernels_words(message, words, sizeof words);
	if (words[0] != '\0')
		return kb_fail(a->why, err, "cannot %s: %s (%s)", a->doing, strerror(err), words);
	if (err == EPERM)
		return kb_fail(a->why, err,
			       "not permitted to %s: run as root, or with the capability CAP_NET_ADMIN",
			       a->doing);
	return kb_fail(a->why, err, "cannot %s: %s", a->doing, strerror(err));
}

/* 1: the answer is complete. */
static int
take_message(const struct nlmsghdr *message, const struct answer *a)
{
	if (message->nlmsg_type == NLMSG_DONE)
		return 1;
	if (message->nlmsg_type == NLMSG_ERROR) {
		if (mnl_nlmsg_get_payload_len(message) < sizeof(struct nlmsgerr))
			return kb_fail(a->why, EBADMSG, "cannot %s: short answer", a->doing);
		const struct nlmsgerr *e = mnl_nlmsg_get_payload(message);
		return e->error == 0 ? 1 : explain(message, -e->error, a);
	}
	const int r = a->each == NULL ? 0 : a->each(message, a->context);
	return r < 0 ? kb_fail(a->why, -r, "cannot %s: the kernel's answer is not understood", a->doing) : 0;
}

static int
take_part(const void *part, size_t octets, uint32_t sequence, const struct answer *a)
{
	int left = (int)octets;

	for (const struct nlmsghdr *m = part; mnl_nlmsg_ok(m, left); m = mnl_nlmsg_next(m, &left)) {
		if (m->nlmsg_seq != sequence)
			continue;
		const int r = take_message(m, a);
		if (r != 0)
			return r;
	}
	return 0;
}

static bool
send_request(const struct kb_netlink *nl, const struct nlmsghdr *request)
{
	const struct sockaddr_nl to = { .nl_family = AF_NETLINK, .nl_pid = nl->portid };

	return sendto(mnl_socket_get_fd(nl->socket), request, request->nlmsg_len, 0,
		      (const struct sockaddr *)&to, sizeof to) >= 0;
}

int
kb_netlink_ask(struct kb_netlink *nl, struct nlmsghdr *request, kb_netlink_each *each, void *context,
	       const char *doing, struct kb_error *why)
{
	_Alignas(struct nlmsghdr) char part[KB_NETLINK_ANSWER_OCTETS];
	const struct answer a = { each, context, doing, why };
	size_t filled = 0; /* octets of `part` that anything was read into */
	int r = 0;

	request->nlmsg_seq = ++nl->sequence;
	request->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
	if (!send_request(nl, request))
		return kb_fail(why, errno, "cannot %s: %s", doing, strerror(errno));
	while (r == 0) {
		const ssize_t n = mnl_socket_recvfrom(nl->socket, part, sizeof part);

		if (n < 0 && errno != EINTR)
			r = kb_fail(why, errno, "cannot %s: %s", doing, strerror(errno));
		if (n < 0)
			continue;
		filled = (size_t)n > filled ? (size_t)n : filled;
		r = take_part(part, (size_t)n, nl->sequence, &a);
	}
	explicit_bzero(part, filled); /* IPsec associations come with their keys */
	return r < 0 ? r : 0;
}
