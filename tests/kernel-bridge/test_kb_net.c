/* test_kb_net.c - links, addresses, routes and their changes, in a network namespace of the test's own
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_net.h"

#include "tests/kernel-bridge/netns.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct kb_netlink *nl;

static void
ip(const char *arguments)
{
	char command[256];

	snprintf(command, sizeof command, "ip %s", arguments);
	if (system(command) != 0)
		fail_msg("%s", command);
}

static void
must(int r, const struct kb_error *why)
{
	if (r < 0)
		fail_msg("%s", why->text);
}

static union kb_sockaddr
address(const char *text)
{
	union kb_sockaddr a;

	memset(&a, 0, sizeof a);
	if (inet_pton(AF_INET, text, &a.in.sin_addr) == 1) {
		a.in.sin_family = AF_INET;
		return a;
	}
	assert_int_equal(inet_pton(AF_INET6, text, &a.in6.sin6_addr), 1);
	a.in6.sin6_family = AF_INET6;
	return a;
}

static struct kb_prefix
prefix(const char *text, uint8_t length)
{
	const union kb_sockaddr a = address(text);
	struct kb_prefix p = { .family = a.sa.sa_family, .length = length };

	memcpy(p.address,
	       a.sa.sa_family == AF_INET6 ? (const void *)&a.in6.sin6_addr : (const void *)&a.in.sin_addr,
	       a.sa.sa_family == AF_INET6 ? 16 : 4);
	return p;
}

static uint32_t
index_of(const char *name)
{
	struct kb_link link;
	struct kb_error why;

	must(kb_link_get(nl, name, &link, &why), &why);
	return link.index;
}

static void
a_link_is_found_by_name_and_by_index(void **state)
{
	struct kb_link link, same;
	struct kb_error why;

	(void)state;
	must(kb_link_get(nl, "wire0", &link, &why), &why);
	assert_string_equal(link.name, "wire0");
	assert_true(link.is_up && link.has_carrier && !link.is_ppp);
	assert_int_equal(link.mtu, 1400);
	must(kb_link_by_index(nl, link.index, &same, &why), &why);
	assert_string_equal(same.name, "wire0");
}

static void
a_link_counts_what_it_carries(void **state)
{
	struct kb_link before, after;
	struct kb_error why;

	(void)state;
	must(kb_link_get(nl, "lo", &before, &why), &why);
	assert_int_equal(system("ping -q -c 3 -i 0.01 -s 1000 127.0.0.1 >/dev/null"), 0);
	must(kb_link_get(nl, "lo", &after, &why), &why);
	/* 3 questions and 3 answers of 1028 octets in IPv4, and lo counts each both ways */
	assert_true(after.tx_packets - before.tx_packets >= 6 && after.rx_packets - before.rx_packets >= 6);
	assert_true(after.tx_octets - before.tx_octets >= 6 * 1028 &&
		    after.rx_octets - before.rx_octets >= 6 * 1028);
	assert_true(after.tx_octets - before.tx_octets < 60 * 1028);
}

static void
a_missing_link_is_named_in_the_error(void **state)
{
	struct kb_link link;
	struct kb_error why;

	(void)state;
	assert_int_equal(kb_link_get(nl, "nosuch0", &link, &why), -ENODEV);
	assert_non_null(strstr(why.text, "nosuch0"));
	assert_int_equal(kb_link_get(nl, "", &link, &why), -ENODEV);
	assert_int_equal(kb_link_get(nl, "a-name-that-is-too-long", &link, &why), -ENODEV);
	assert_int_equal(kb_link_by_index(nl, 99999, &link, &why), -ENODEV);
	assert_int_equal(kb_link_by_index(nl, 0, &link, &why), -ENODEV);
}

static void
the_address_and_the_peers_are_told(void **state)
{
	struct in_addr local, peer;
	struct kb_error why;

	(void)state;
	must(kb_link_address4(nl, index_of("wire1"), &local, &peer, &why), &why);
	assert_int_equal(local.s_addr, inet_addr("10.5.0.1"));
	assert_int_equal(peer.s_addr, inet_addr("10.5.0.2"));
	must(kb_link_address4(nl, index_of("wire0"), &local, &peer, &why), &why);
	assert_int_equal(local.s_addr, inet_addr("10.1.0.2"));
	ip("link add bare type veth peer name bare1");
	assert_int_equal(kb_link_address4(nl, index_of("bare"), &local, &peer, &why), -EADDRNOTAVAIL);
	ip("link del bare");
}

static bool
ip_shows(const char *arguments, const char *needle)
{
	char command[256], line[512];
	bool found = false;

	snprintf(command, sizeof command, "ip %s", arguments);
	FILE *p = popen(command, "r");
	assert_non_null(p);
	while (fgets(line, sizeof line, p) != NULL)
		found = found || strstr(line, needle) != NULL;
	pclose(p);
	return found;
}

static void
routes_come_and_go(void **state)
{
	/* clang-format off */
	static const struct { const char *what, *to; uint8_t length; const char *gateway; uint32_t table, metric;
			      const char *list, *shown; } cases[] = {
		{ "v4 through a gateway",  "10.20.0.0", 24, "10.1.0.1", 0,   0,  "route show",           "10.20.0.0/24 via 10.1.0.1 dev wire0 proto 117" },
		{ "v4 through a link",     "10.21.0.0", 16, NULL,       0,   0,  "route show",           "10.21.0.0/16 dev wire0 proto 117 scope link" },
		{ "v4 with a metric",      "10.22.0.0", 24, "10.1.0.1", 0,   77, "route show",           "10.22.0.0/24 via 10.1.0.1 dev wire0 proto 117 metric 77" },
		{ "v4 in a table",         "10.23.0.0", 24, "10.1.0.1", 300, 0,  "route show table 300", "10.23.0.0/24 via 10.1.0.1 dev wire0 proto 117" },
		{ "v4 default",            "0.0.0.0",   0,  "10.1.0.1", 301, 0,  "route show table 301", "default via 10.1.0.1 dev wire0 proto 117" },
		{ "v4 host",               "10.24.0.9", 32, "10.1.0.1", 0,   0,  "route show",           "10.24.0.9 via 10.1.0.1 dev wire0 proto 117" },
		{ "v6 through a gateway",  "fd20::",    64, "fd01::1",  0,   0,  "-6 route show",        "fd20::/64 via fd01::1 dev wire0 proto 117" },
		{ "v6 through a link",     "fd21::",    48, NULL,       0,   0,  "-6 route show",        "fd21::/48 dev wire0 proto 117" },
		{ "v6 host in a table",    "fd22::9",  128, "fd01::1",  302, 0,  "-6 route show table 302", "fd22::9 via fd01::1 dev wire0 proto 117" },
	};
	/* clang-format on */
	struct kb_error why;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kb_route r = { .to = prefix(cases[i].to, cases[i].length),
				      .ifindex = index_of("wire0"),
				      .table = cases[i].table,
				      .metric = cases[i].metric };

		if (cases[i].gateway != NULL) {
			r.has_gateway = true;
			memcpy(r.gateway, prefix(cases[i].gateway, 0).address, 16);
		}
		must(kb_route_add(nl, &r, &why), &why);
		if (!ip_shows(cases[i].list, cases[i].shown))
			fail_msg("%s: ip %s lacks %s", cases[i].what, cases[i].list, cases[i].shown);
		assert_int_equal(kb_route_add(nl, &r, &why), -EEXIST);
		must(kb_route_del(nl, &r, &why), &why);
		assert_false(ip_shows(cases[i].list, cases[i].shown));
		assert_int_equal(kb_route_del(nl, &r, &why), 0);
	}
}

static void
a_route_of_somebody_else_is_not_deleted(void **state)
{
	struct kb_route r = { .to = prefix("10.30.0.0", 24), .ifindex = index_of("wire0") };
	struct kb_error why;

	(void)state;
	ip("route add 10.30.0.0/24 dev wire0");
	must(kb_route_del(nl, &r, &why), &why);
	assert_true(ip_shows("route show", "10.30.0.0/24 dev wire0"));
	ip("route del 10.30.0.0/24 dev wire0");
}

static void
a_bad_route_is_explained_in_the_kernels_words(void **state)
{
	struct kb_route r = { .to = prefix("10.40.0.0", 24),
			      .ifindex = index_of("wire0"),
			      .has_gateway = true };
	struct kb_error why;

	(void)state;
	memcpy(r.gateway, prefix("192.0.2.77", 0).address, 16); /* not on the link */
	assert_int_equal(kb_route_add(nl, &r, &why), -ENETUNREACH);
	assert_non_null(strstr(why.text, "10.40.0.0/24"));
	assert_non_null(strstr(why.text, "gateway")); /* "Nexthop has invalid gateway" */
	r.to.length = 33;
	assert_int_equal(kb_route_add(nl, &r, &why), -EINVAL);
	r.to.family = AF_UNIX;
	assert_int_equal(kb_route_add(nl, &r, &why), -EAFNOSUPPORT);
}

static void
the_way_to_the_server_can_be_pinned(void **state)
{
	/* clang-format off */
	static const struct { const char *what, *to; uint32_t mark; const char *oif, *gateway, *link; } cases[] = {
		{ "through the default route",   "192.0.2.9",   0,  NULL,    "10.1.0.1", "wire0" },
		{ "on the link",                 "10.1.0.77",   0,  NULL,    NULL,       "wire0" },
		{ "by another mark",             "192.0.2.9",   55, NULL,    "10.5.0.2", "wire1" },
		{ "by another interface",        "192.0.2.9",   0,  "wire1", NULL,       "wire1" },
		{ "v6 through the default route", "2001:db8::9", 0, NULL,    "fd01::1",  "wire0" },
		{ "v6 on the link",              "fd01::77",    0,  NULL,    NULL,       "wire0" },
	};
	/* clang-format on */
	struct kb_error why;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const union kb_sockaddr to = address(cases[i].to);
		struct kb_route r;

		must(kb_route_lookup(nl, &to, cases[i].mark,
				     cases[i].oif != NULL ? index_of(cases[i].oif) : 0, &r, &why),
		     &why);
		assert_int_equal(r.to.length, to.sa.sa_family == AF_INET6 ? 128 : 32);
		if (r.ifindex != index_of(cases[i].link) || r.has_gateway != (cases[i].gateway != NULL))
			fail_msg("%s: index %u, gateway %d", cases[i].what, r.ifindex, r.has_gateway);
		if (cases[i].gateway != NULL)
			assert_memory_equal(r.gateway, prefix(cases[i].gateway, 0).address, 16);
		r.table = 310;
		must(kb_route_add(nl, &r, &why), &why);
		must(kb_route_del(nl, &r, &why), &why);
	}
}

static void
no_way_to_the_server_is_an_error(void **state)
{
	const union kb_sockaddr to = address("198.51.100.1");
	struct kb_route r;
	struct kb_error why;

	(void)state;
	ip("route add unreachable 198.51.100.0/24");
	assert_int_equal(kb_route_lookup(nl, &to, 0, 0, &r, &why), -EHOSTUNREACH);
	assert_non_null(strstr(why.text, "198.51.100.1"));
	ip("route del unreachable 198.51.100.0/24");
}

/* The first change of this kind within a second. */
static bool
hears(struct kb_monitor *m, enum kb_change_kind kind, struct kb_change *out)
{
	for (;;) {
		struct pollfd p = { .fd = kb_monitor_fd(m), .events = POLLIN };
		const int r = kb_monitor_next(m, out);

		assert_true(r >= 0);
		if (r == 1 && out->kind == kind)
			return true;
		if (r == 0 && poll(&p, 1, 1000) != 1)
			return false;
	}
}

static bool
hears_link(struct kb_monitor *m, enum kb_change_kind kind, const char *name, struct kb_change *out)
{
	do {
		if (!hears(m, kind, out))
			return false;
	} while (strcmp(out->link.name, name) != 0);
	return true;
}

static void
the_monitor_tells_of_every_change(void **state)
{
	struct kb_monitor *m;
	struct kb_change c;
	struct kb_error why;

	(void)state;
	must(kb_monitor_new(&m, &why), &why);
	assert_int_equal(kb_monitor_next(m, &c), 0);
	ip("link add new0 type veth peer name new1");
	assert_true(hears_link(m, KB_CHANGE_LINK, "new0", &c));
	assert_false(c.link.is_up);
	ip("link set new1 up");
	ip("link set new0 up");
	while (!c.link.is_up)
		assert_true(hears_link(m, KB_CHANGE_LINK, "new0", &c));
	ip("addr add 10.9.9.1/24 dev new0");
	assert_true(hears(m, KB_CHANGE_ADDRESS, &c));
	while (c.family != AF_INET) /* the link's own fe80:: */
		assert_true(hears(m, KB_CHANGE_ADDRESS, &c));
	assert_memory_equal(c.address, prefix("10.9.9.1", 0).address, 4);
	assert_true(hears(m, KB_CHANGE_ROUTE, &c));
	ip("addr del 10.9.9.1/24 dev new0");
	assert_true(hears(m, KB_CHANGE_ADDRESS_GONE, &c));
	ip("link del new0");
	assert_true(hears_link(m, KB_CHANGE_LINK_GONE, "new0", &c));
	assert_null(kb_monitor_free(m));
	assert_null(kb_monitor_free(NULL));
}

static void
the_monitor_says_when_it_missed_something(void **state)
{
	struct kb_monitor *m;
	struct kb_change c;
	struct kb_error why;
	const int tiny = 1;

	(void)state;
	must(kb_monitor_new(&m, &why), &why);
	assert_int_equal(setsockopt(kb_monitor_fd(m), SOL_SOCKET, SO_RCVBUF, &tiny, sizeof tiny), 0);
	for (int i = 0; i < 20; i++) {
		ip("link set wire1 mtu 1300");
		ip("link set wire1 mtu 1400");
	}
	assert_true(hears(m, KB_CHANGE_LOST, &c));
	kb_monitor_free(m);
}

static bool
build_network(void)
{
	struct kb_error why;

	if (system(
		"ip link add wire0 type veth peer name far0 && ip link add wire1 type veth peer name far1") !=
	    0) {
		printf("skipped: this kernel has no veth\n");
		return false;
	}
	ip("link set wire0 mtu 1400 up");
	ip("link set far0 up");
	ip("link set wire1 up");
	ip("link set far1 up");
	ip("addr add 10.1.0.2/24 dev wire0");
	ip("addr add fd01::2/64 dev wire0 nodad");
	ip("addr add 10.5.0.1 peer 10.5.0.2 dev wire1");
	ip("route add default via 10.1.0.1");
	ip("-6 route add default via fd01::1");
	ip("route add default via 10.5.0.2 table 55");
	ip("rule add fwmark 55 table 55");
	return kb_netlink_new(&nl, &why) == 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_link_is_found_by_name_and_by_index),
		cmocka_unit_test(a_link_counts_what_it_carries),
		cmocka_unit_test(a_missing_link_is_named_in_the_error),
		cmocka_unit_test(the_address_and_the_peers_are_told),
		cmocka_unit_test(routes_come_and_go),
		cmocka_unit_test(a_route_of_somebody_else_is_not_deleted),
		cmocka_unit_test(a_bad_route_is_explained_in_the_kernels_words),
		cmocka_unit_test(the_way_to_the_server_can_be_pinned),
		cmocka_unit_test(no_way_to_the_server_is_an_error),
		cmocka_unit_test(the_monitor_tells_of_every_change),
		cmocka_unit_test(the_monitor_says_when_it_missed_something),
	};

	if (!netns_enter() || !build_network())
		return NETNS_SKIP;
	const int failed = cmocka_run_group_tests(tests, NULL, NULL);
	nl = kb_netlink_free(nl);
	return failed;
}
