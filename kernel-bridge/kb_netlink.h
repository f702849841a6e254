/* kb_netlink.h - netlink messages: asked, answered, and read by a table of attributes
 * SPDX-License-Identifier: Apache-2.0
 *
 * Shared by kb_net.c, kb_monitor.c (rtnetlink) and kb_l2tp_genl.c (generic netlink).
 */
#ifndef KERNEL_BRIDGE_KB_NETLINK_H
#define KERNEL_BRIDGE_KB_NETLINK_H

#include "kernel-bridge/kb_net.h"

#include <libmnl/libmnl.h>

enum {
	KB_NETLINK_REQUEST_OCTETS = 512,  /* any request of ours */
	KB_NETLINK_ANSWER_OCTETS = 32768, /* the kernel's largest part of a dump */
	KB_ATTR_MAX = 64		  /* attribute types looked at are below */
};

/* Whom a socket speaks to.  Portid 0 is the kernel; tests put a process of theirs in its place. */
struct kb_netlink_transport {
	int protocol; /* NETLINK_ROUTE, NETLINK_GENERIC, ... */
	uint32_t portid;
};

/* As kb_netlink_new(), to another than the kernel's NETLINK_ROUTE. */
int kb_netlink_open_to(const struct kb_netlink_transport *transport, struct kb_netlink **out,
		       struct kb_error *why) KB_MUST_USE;
/* ... and this is it with the kernel on another bus than NETLINK_ROUTE. */
int kb_netlink_open(struct kb_netlink **out, int bus, struct kb_error *why) KB_MUST_USE;

/* Why no netlink socket could be had: strerror(), or what to install where libmnl itself is missing (kb_mnl_late.c). */
const char *kb_netlink_words(int err);

/* What an attribute must be to be looked at; one outside its limits makes the message malformed. */
struct kb_attr_policy {
	uint16_t type;
	uint16_t min, max; /* octets of payload */
};

/* Sorts the attributes after a header of `header_octets` into found[type]; types without a policy are skipped.
 * -EBADMSG when one breaks its policy or the message is shorter than the header. */
int kb_attr_parse(const struct nlmsghdr *message, size_t header_octets, const struct kb_attr_policy *policy,
		  size_t n, const struct nlattr *found[KB_ATTR_MAX]) KB_MUST_USE;

/* The same for the attributes inside one. */
int kb_attr_parse_nested(const struct nlattr *nest, const struct kb_attr_policy *policy, size_t n,
			 const struct nlattr *found[KB_ATTR_MAX]) KB_MUST_USE;

/* RTM_NEWLINK or RTM_DELLINK. */
int kb_link_parse(const struct nlmsghdr *message, struct kb_link *out) KB_MUST_USE;

/* RTM_NEWADDR or RTM_DELADDR: link.index, family, address, peer. */
int kb_address_parse(const struct nlmsghdr *message, struct kb_change *out) KB_MUST_USE;

/* Called for each message of an answer; a negative errno ends the reading. */
typedef int kb_netlink_each(const struct nlmsghdr *message, void *context);

/* Sends a request (an acknowledgement is asked for) and reads all of its answer.  `doing` completes "cannot ...";
 * the kernel's own words are added when it has some. */
int kb_netlink_ask(struct kb_netlink *nl, struct nlmsghdr *request, kb_netlink_each *each, void *context,
		   const char *doing, struct kb_error *why) KB_MUST_USE;

#endif
