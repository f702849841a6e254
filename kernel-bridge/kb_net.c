/* kb_net.c - links, addresses and routes, asked and changed through rtnetlink
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_net.h"

#include "kernel-bridge/kb_netlink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* ---- links ---- */

static int
take_link(const struct nlmsghdr *message, void *context)
{
	return message->nlmsg_type == RTM_NEWLINK ? kb_link_parse(message, context) : 0;
}

static struct nlmsghdr *
link_request(char *buffer, uint32_t index)
{
	struct nlmsghdr *m = mnl_nlmsg_put_header(buffer);
	struct ifinfomsg *header = mnl_nlmsg_put_extra_header(m, sizeof *header);

	m->nlmsg_type = RTM_GETLINK;
	header->ifi_family = AF_UNSPEC;
	header->ifi_index = (int)index;
	return m;
}

int
kb_link_get(struct kb_netlink *nl, const char *name, struct kb_link *out, struct kb_error *why)
{
	_Alignas(struct nlmsghdr) char buffer[KB_NETLINK_REQUEST_OCTETS];
	char doing[64];

	if (name[0] == '\0' || strlen(name) >= IF_NAMESIZE)
		return kb_fail(why, ENODEV, "\"%.32s\" cannot be the name of an interface", name);
	struct nlmsghdr *m = link_request(buffer, 0);
	mnl_attr_put_strz(m, IFLA_IFNAME, name);
	snprintf(doing, sizeof doing, "look at the interface %s", name);
	return kb_netlink_ask(nl, m, take_link, out, doing, why);
}

int
kb_link_by_index(struct kb_netlink *nl, uint32_t index, struct kb_link *out, struct kb_error *why)
{
	_Alignas(struct nlmsghdr) char buffer[KB_NETLINK_REQUEST_OCTETS];
	char doing[64];

	if (index == 0)
		return kb_fail(why, ENODEV, "no interface has the number 0");
	snprintf(doing, sizeof doing, "look at the interface number %u", index);
	return kb_netlink_ask(nl, link_request(buffer, index), take_link, out, doing, why);
}

/* ---- addresses ---- */

struct first_address {
	uint32_t index;
	bool found;
	struct kb_change change;
};

static int
take_address(const struct nlmsghdr *message, void *context)
{
	struct first_address *first = context;
	struct kb_change change;

	if (message->nlmsg_type != RTM_NEWADDR || first->found)
		return 0;
	const int r = kb_address_parse(message, &change);
	if (r < 0)
		return r;
	if (change.family == AF_INET && change.link.index == first->index) {
		first->found = true;
		first->change = change;
	}
	return 0;
}

int
kb_link_address4(struct kb_netlink *nl, uint32_t index, struct in_addr *local, struct in_addr *peer,
		 struct kb_error *why)
{
	_Alignas(struct nlmsghdr) char buffer[KB_NETLINK_REQUEST_OCTETS];
	struct first_address first = { .index = index };
	struct nlmsghdr *m = mnl_nlmsg_put_header(buffer);
	struct ifaddrmsg *header = mnl_nlmsg_put_extra_header(m, sizeof *header);

	m->nlmsg_type = RTM_GETADDR;
	m->nlmsg_flags = NLM_F_DUMP;
	header->ifa_family = AF_INET;
	header->ifa_index = index; /* only kernels from 4.20 on select by it; the others tell of all */
	const int r = kb_netlink_ask(nl, m, take_address, &first, "list the addresses of an interface", why);
	if (r < 0)
		return r;
	if (!first.found)
		return kb_fail(why, EADDRNOTAVAIL, "interface number %u has no IPv4 address", index);
	memcpy(local, first.change.address, sizeof *local);
	memcpy(peer, first.change.peer, sizeof *peer);
	return 0;
}

/* ---- routes ---- */

static uint16_t
octets_of(sa_family_t family)
{
	return family == AF_INET6 ? 16 : 4;
}

static void
describe(const struct kb_route *route, const char *verb, char *out, size_t size)
{
	char address[INET6_ADDRSTRLEN] = "?";

	inet_ntop(route->to.family, route->to.address, address, sizeof address);
	snprintf(out, size, "%s the route to %s/%u", verb, address, route->to.length);
}

static int
check_route(const struct kb_route *route, struct kb_error *why)
{
	const sa_family_t family = route->to.family;

	if (family != AF_INET && family != AF_INET6)
		return kb_fail(why, EAFNOSUPPORT, "a route is for IPv4 or IPv6");
	if (route->to.length > octets_of(family) * 8)
		return kb_fail(why, EINVAL, "a prefix of %u bits is longer than the address",
			       route->to.length);
	return 0;
}

static void
put_route(struct nlmsghdr *m, const struct kb_route *route)
{
	const uint16_t octets = octets_of(route->to.family);
	struct rtmsg *header = mnl_nlmsg_put_extra_header(m, sizeof *header);

	header->rtm_family = (unsigned char)route->to.family;
	header->rtm_dst_len = route->to.length;
	header->rtm_protocol = KB_ROUTE_PROTOCOL;
	header->rtm_type = RTN_UNICAST;
	header->rtm_scope =
	    route->has_gateway || route->to.family == AF_INET6 ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
	mnl_attr_put(m, RTA_DST, octets, route->to.address);
	mnl_attr_put_u32(m, RTA_TABLE, route->table != 0 ? route->table : RT_TABLE_MAIN);
	if (route->has_gateway)
		mnl_attr_put(m, RTA_GATEWAY, octets, route->gateway);
	if (route->ifindex != 0)
		mnl_attr_put_u32(m, RTA_OIF, route->ifindex);
	if (route->metric != 0)
		mnl_attr_put_u32(m, RTA_PRIORITY, route->metric);
	if (route->has_source)
		mnl_attr_put(m, RTA_PREFSRC, octets, route->source);
}

static int
change_route(struct kb_netlink *nl, const struct kb_route *route, uint16_t type, struct kb_error *why)
{
	_Alignas(struct nlmsghdr) char buffer[KB_NETLINK_REQUEST_OCTETS];
	struct nlmsghdr *m = mnl_nlmsg_put_header(buffer);
	char doing[96];
	const int r = check_route(route, why);

	if (r < 0)
		return r;
	m->nlmsg_type = type;
	if (type == RTM_NEWROUTE)
		m->nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL;
	put_route(m, route);
	describe(route, type == RTM_NEWROUTE ? "add" : "delete", doing, sizeof doing);
	return kb_netlink_ask(nl, m, NULL, NULL, doing, why);
}

bool
kb_route_is_same(const struct kb_route *a, const struct kb_route *b)
{
	return a->to.family == b->to.family && a->to.length == b->to.length && a->ifindex == b->ifindex &&
	       a->table == b->table && a->metric == b->metric && a->has_gateway == b->has_gateway &&
	       memcmp(a->to.address, b->to.address, sizeof a->to.address) == 0 &&
	       memcmp(a->gateway, b->gateway, sizeof a->gateway) == 0;
}

int
kb_route_add(struct kb_netlink *nl, const struct kb_route *route, struct kb_error *why)
{
	return change_route(nl, route, RTM_NEWROUTE, why);
}

int
kb_route_del(struct kb_netlink *nl, const struct kb_route *route, struct kb_error *why)
{
	const int r = change_route(nl, route, RTM_DELROUTE, why);

	/* Gone by itself, or with its interface. */
	return r == -ESRCH || r == -ENODEV ? 0 : r;
}

/* ---- the way to an address ---- */

/* clang-format off */
static const struct kb_attr_policy route_policy[] = {
	/*  type        min  max */
	{ RTA_OIF,       4,  4 },
	{ RTA_GATEWAY,   4,  16 },
	{ RTA_PREFSRC,   4,  16 },
	{ RTA_VIA,       2,  64 },
};
/* clang-format on */

static int
copy_exact(const struct nlattr *from, uint16_t octets, uint8_t to[16], bool *has)
{
	*has = from != NULL;
	if (from == NULL)
		return 0;
	if (mnl_attr_get_payload_len(from) != octets)
		return -EBADMSG;
	memcpy(to, mnl_attr_get_payload(from), octets);
	return 0;
}

static int
take_route(const struct nlmsghdr *message, void *context)
{
	const struct nlattr *found[KB_ATTR_MAX];
	struct kb_route *out = context;
	const uint16_t octets = octets_of(out->to.family);

	if (message->nlmsg_type != RTM_NEWROUTE)
		return 0;
	int r = kb_attr_parse(message, sizeof(struct rtmsg), route_policy, COUNT(route_policy), found);
	if (r < 0)
		return r;
	if (found[RTA_VIA] != NULL) /* an IPv4 route through an IPv6 gateway */
		return -EOPNOTSUPP;
	if (found[RTA_OIF] == NULL)
		return -EBADMSG;
	out->ifindex = mnl_attr_get_u32(found[RTA_OIF]);
	r = copy_exact(found[RTA_GATEWAY], octets, out->gateway, &out->has_gateway);
	if (r == 0)
		r = copy_exact(found[RTA_PREFSRC], octets, out->source, &out->has_source);
	return r;
}

static void
start_host_route(const union kb_sockaddr *to, struct kb_route *route)
{
	memset(route, 0, sizeof *route);
	route->to.family = to->sa.sa_family;
	route->to.length = (uint8_t)(octets_of(route->to.family) * 8);
	if (route->to.family == AF_INET6)
		memcpy(route->to.address, &to->in6.sin6_addr, 16);
	else
		memcpy(route->to.address, &to->in.sin_addr, 4);
}

int
kb_route_lookup(struct kb_netlink *nl, const union kb_sockaddr *to, uint32_t mark, uint32_t oif,
		struct kb_route *out, struct kb_error *why)
{
	_Alignas(struct nlmsghdr) char buffer[KB_NETLINK_REQUEST_OCTETS];
	struct kb_route route;
	char doing[96];

	if (to->sa.sa_family != AF_INET && to->sa.sa_family != AF_INET6)
		return kb_fail(why, EAFNOSUPPORT, "an address is IPv4 or IPv6");
	start_host_route(to, &route);
	struct nlmsghdr *m = mnl_nlmsg_put_header(buffer);
	struct rtmsg *header = mnl_nlmsg_put_extra_header(m, sizeof *header);
	m->nlmsg_type = RTM_GETROUTE;
	header->rtm_family = (unsigned char)route.to.family;
	header->rtm_dst_len = route.to.length;
	mnl_attr_put(m, RTA_DST, octets_of(route.to.family), route.to.address);
	if (mark != 0)
		mnl_attr_put_u32(m, RTA_MARK, mark);
	if (oif != 0)
		mnl_attr_put_u32(m, RTA_OIF, oif);
	describe(&route, "find", doing, sizeof doing);
	const int r = kb_netlink_ask(nl, m, take_route, &route, doing, why);
	if (r == -EOPNOTSUPP)
		return kb_fail(why, EOPNOTSUPP, "cannot %s by itself: an IPv6 gateway of an IPv4 address",
			       doing);
	if (r == 0)
		*out = route;
	return r;
}
