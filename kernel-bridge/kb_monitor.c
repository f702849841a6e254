/* kb_monitor.c - changes of links, addresses and routes, as the kernel tells of them
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_net.h"

#include "kernel-bridge/kb_netlink.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

enum { RECEIVE_BUFFER_OCTETS = 1 << 20 }; /* a bigger one is LOST less often */

struct kb_monitor {
	struct mnl_socket *socket;
	const struct nlmsghdr *next; /* in `part`; NULL: read on */
	int left;		     /* octets from `next` on */
	_Alignas(struct nlmsghdr) char part[KB_NETLINK_ANSWER_OCTETS];
};

int
kb_monitor_new(struct kb_monitor **out, struct kb_error *why)
{
	const unsigned groups =
	    RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
	const int octets = RECEIVE_BUFFER_OCTETS;
	struct kb_monitor *m = malloc(sizeof *m);

	if (m == NULL)
		return kb_fail(why, ENOMEM, "out of memory");
	m->next = NULL;
	m->left = 0;
	m->socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (m->socket == NULL || mnl_socket_bind(m->socket, groups, MNL_SOCKET_AUTOPID) < 0) {
		const int err = errno;

		kb_monitor_free(m);
		return kb_fail(why, err, "cannot listen to changes of the network: %s",
			       kb_netlink_words(err));
	}
	(void)setsockopt(mnl_socket_get_fd(m->socket), SOL_SOCKET, SO_RCVBUF, &octets, sizeof octets);
	*out = m;
	return 0;
}

struct kb_monitor *
kb_monitor_free(struct kb_monitor *monitor)
{
	if (monitor != NULL && monitor->socket != NULL)
		mnl_socket_close(monitor->socket);
	free(monitor);
	return NULL;
}

int
kb_monitor_fd(const struct kb_monitor *monitor)
{
	return mnl_socket_get_fd(monitor->socket);
}

/* ---- one message: 1 a change, 0 of no interest ---- */

static int
read_link(const struct nlmsghdr *message, enum kb_change_kind kind, struct kb_change *out)
{
	struct kb_change change = { .kind = kind };

	if (mnl_nlmsg_get_payload_len(message) < sizeof(struct ifinfomsg))
		return 0;
	const struct ifinfomsg *header = mnl_nlmsg_get_payload(message);
	if (header->ifi_family != AF_UNSPEC || kb_link_parse(message, &change.link) < 0)
		return 0; /* a bridge's ports speak here too */
	*out = change;
	return 1;
}

static int
read_address(const struct nlmsghdr *message, enum kb_change_kind kind, struct kb_change *out)
{
	struct kb_change change;

	if (kb_address_parse(message, &change) < 0)
		return 0;
	change.kind = kind;
	*out = change;
	return 1;
}

static int
read_route(const struct nlmsghdr *message, struct kb_change *out)
{
	if (mnl_nlmsg_get_payload_len(message) < sizeof(struct rtmsg))
		return 0;
	const struct rtmsg *header = mnl_nlmsg_get_payload(message);
	/* The local table follows the addresses, which are told of by themselves. */
	if ((header->rtm_flags & RTM_F_CLONED) != 0 || header->rtm_table == RT_TABLE_LOCAL)
		return 0;
	*out = (struct kb_change){ .kind = KB_CHANGE_ROUTE, .family = header->rtm_family };
	return 1;
}

static int
read_message(const struct nlmsghdr *message, struct kb_change *out)
{
	switch (message->nlmsg_type) {
	case RTM_NEWLINK:
		return read_link(message, KB_CHANGE_LINK, out);
	case RTM_DELLINK:
		return read_link(message, KB_CHANGE_LINK_GONE, out);
	case RTM_NEWADDR:
		return read_address(message, KB_CHANGE_ADDRESS, out);
	case RTM_DELADDR:
		return read_address(message, KB_CHANGE_ADDRESS_GONE, out);
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		return read_route(message, out);
	default:
		return 0;
	}
}

/* ---- one datagram after another ---- */

/* 1: a part is there; 0: none now; -ENOBUFS: some were dropped. */
static int
receive(struct kb_monitor *m)
{
	struct sockaddr_nl from = { .nl_family = AF_NETLINK };
	struct iovec room = { m->part, sizeof m->part };
	struct msghdr header = {
		.msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &room, .msg_iovlen = 1
	};
	const ssize_t n = recvmsg(kb_monitor_fd(m), &header, MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if ((header.msg_flags & MSG_TRUNC) != 0)
		return -ENOBUFS;
	m->next = NULL;
	if (from.nl_pid == 0) { /* the kernel's, and no other process's */
		m->next = (const struct nlmsghdr *)(const void *)m->part;
		m->left = (int)n;
	}
	return 1;
}

static int
next_of_part(struct kb_monitor *m, struct kb_change *out)
{
	while (m->next != NULL && mnl_nlmsg_ok(m->next, m->left)) {
		const struct nlmsghdr *message = m->next;

		m->next = mnl_nlmsg_next(message, &m->left);
		if (read_message(message, out) == 1)
			return 1;
	}
	m->next = NULL;
	return 0;
}

int
kb_monitor_next(struct kb_monitor *monitor, struct kb_change *out)
{
	while (next_of_part(monitor, out) == 0) {
		const int r = receive(monitor);

		if (r == -ENOBUFS) {
			*out = (struct kb_change){ .kind = KB_CHANGE_LOST };
			return 1;
		}
		if (r <= 0)
			return r;
	}
	return 1;
}
