/* test_kb_tcp.c - the TCP socket of a PPTP control connection, in a network namespace of the test's own
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_tcp.h"

#include "tests/kernel-bridge/addresses.h"
#include "tests/kernel-bridge/netns.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static uint16_t
port_of(const union kb_sockaddr *a)
{
	return ntohs(a->sa.sa_family == AF_INET6 ? a->in6.sin6_port : a->in.sin_port);
}

static int
listener_at(const char *text, union kb_sockaddr *bound)
{
	const union kb_sockaddr a = address(text, 0);
	struct kb_error why;
	int fd = -1;

	if (kb_tcp_listen(&a, &fd, &why) < 0 || kb_tcp_local(fd, bound, &why) < 0)
		fail_msg("%s", why.text);
	return fd;
}

static void
becomes(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	assert_int_equal(poll(&p, 1, 2000), 1);
}

static int
connected_to(const struct kb_tcp_spec *spec)
{
	struct kb_error why;
	int fd = -1;

	if (kb_tcp_connect(spec, &fd, &why) < 0)
		fail_msg("%s", why.text);
	becomes(fd, POLLOUT);
	if (kb_tcp_connected(fd, &spec->peer, &why) < 0)
		fail_msg("%s", why.text);
	return fd;
}

static int
accepted(int listener, union kb_sockaddr *peer)
{
	struct kb_error why;
	int fd = -1;

	becomes(listener, POLLIN);
	assert_int_equal(kb_tcp_accept(listener, &fd, peer, &why), 1);
	return fd;
}

static void
is_as_promised(int fd)
{
	int on = 0;
	socklen_t length = sizeof on;

	assert_true((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
	assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
	assert_int_equal(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, &length), 0);
	assert_true(on != 0);
}

static void
meets(const char *text)
{
	union kb_sockaddr server, client, seen, from;
	struct kb_error why;
	const int listener = listener_at(text, &server);
	int none = -7;

	assert_int_equal(kb_tcp_accept(listener, &none, &from, &why), 0);
	assert_int_equal(none, -7);
	const struct kb_tcp_spec spec = { .peer = server };
	const int fd = connected_to(&spec);
	const int other = accepted(listener, &from);
	is_as_promised(fd);
	is_as_promised(other);
	assert_int_equal(kb_tcp_local(fd, &client, &why), 0);
	assert_int_equal(kb_tcp_peer(fd, &seen, &why), 0);
	assert_memory_equal(&client, &from, kb_sockaddr_len(&client));
	assert_int_equal(port_of(&seen), port_of(&server));
	assert_int_equal(kb_tcp_local(other, &seen, &why), 0);
	assert_memory_equal(&seen, &server, kb_sockaddr_len(&server));
	assert_int_equal(send(fd, "pptp", 4, 0), 4);
	becomes(other, POLLIN);
	close(fd);
	close(other);
	close(listener);
}

static void
two_ends_meet_over_ipv4(void **state)
{
	(void)state;
	meets("127.0.0.1");
}

static void
two_ends_meet_over_ipv6(void **state)
{
	(void)state;
	meets("::1");
}

static void
a_port_where_nobody_listens_refuses(void **state)
{
	union kb_sockaddr server;
	struct kb_error why;
	int fd = -1;

	(void)state;
	close(listener_at("127.0.0.1", &server));
	const struct kb_tcp_spec spec = { .peer = server };
	int r = kb_tcp_connect(&spec, &fd, &why);
	if (r == 0) {
		becomes(fd, POLLOUT);
		r = kb_tcp_connected(fd, &spec.peer, &why);
		close(fd);
	}
	assert_int_equal(r, -ECONNREFUSED);
	assert_non_null(strstr(why.text, "127.0.0.1 port"));
	assert_non_null(strstr(why.text, "does a server run there?"));
}

static void
a_server_without_a_route_is_named(void **state)
{
	static const char *const far[] = { "192.0.2.1", "2001:db8::1" };
	struct kb_error why;

	(void)state;
	for (size_t i = 0; i < sizeof far / sizeof far[0]; i++) {
		const struct kb_tcp_spec spec = { .peer = address(far[i], 1723) };
		int fd = -7;

		assert_int_equal(kb_tcp_connect(&spec, &fd, &why), -ENETUNREACH);
		assert_int_equal(fd, -7);
		assert_non_null(strstr(why.text, far[i]));
		assert_non_null(strstr(why.text, "no route"));
	}
}

/* A listener whose queue is full drops what comes, without a word. */
static void
a_silent_server_is_still_being_connected_to_and_then_times_out(void **state)
{
	union kb_sockaddr server;
	const int listener = listener_at("127.0.0.1", &server);
	const struct kb_tcp_spec spec = { .peer = server };
	const int limit_ms = 300;
	struct kb_error why;
	int fd = -1;

	(void)state;
	assert_int_equal(listen(listener, 0), 0);
	const int first = connected_to(&spec);
	assert_int_equal(kb_tcp_connect(&spec, &fd, &why), 0);
	assert_int_equal(kb_tcp_connected(fd, &spec.peer, &why), -EINPROGRESS);
	assert_int_equal(setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit_ms, sizeof limit_ms), 0);
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	assert_int_equal(poll(&p, 1, 8000), 1);
	assert_int_equal(kb_tcp_connected(fd, &spec.peer, &why), -ETIMEDOUT);
	assert_non_null(strstr(why.text, "does not answer"));
	close(fd);
	close(first);
	close(listener);
}

static void
a_port_in_use_is_named_on_both_sides(void **state)
{
	union kb_sockaddr server, from;
	struct kb_error why;
	const int listener = listener_at("127.0.0.1", &server);
	int fd = -7;

	(void)state;
	assert_int_equal(kb_tcp_listen(&server, &fd, &why), -EADDRINUSE);
	assert_non_null(strstr(why.text, "in use"));
	struct kb_tcp_spec spec = { .peer = server, .local_port = port_of(&server) };
	assert_int_equal(kb_tcp_connect(&spec, &fd, &why), -EADDRINUSE);
	assert_non_null(strstr(why.text, "local TCP port"));
	assert_int_equal(fd, -7);
	spec.local_port = 2999;
	const int caller = connected_to(&spec);
	const int other = accepted(listener, &from);
	assert_int_equal(port_of(&from), 2999);
	close(caller);
	close(other);
	close(listener);
}

static void
what_cannot_be_bound_to_is_named(void **state)
{
	struct kb_tcp_spec spec = { .peer = address("127.0.0.1", 1723), .interface = "nosuch0" };
	struct kb_error why;
	int fd = -7;

	(void)state;
	assert_int_equal(kb_tcp_connect(&spec, &fd, &why), -ENODEV);
	assert_non_null(strstr(why.text, "nosuch0"));
	spec.interface = "a-name-that-is-too-long";
	assert_int_equal(kb_tcp_connect(&spec, &fd, &why), -ENODEV);
	spec = (struct kb_tcp_spec){ .peer.sa.sa_family = AF_UNIX };
	assert_int_equal(kb_tcp_connect(&spec, &fd, &why), -EAFNOSUPPORT);
	assert_int_equal(kb_tcp_listen(&spec.peer, &fd, &why), -EAFNOSUPPORT);
	assert_int_equal(fd, -7);
}

static void
an_interface_and_a_mark_are_set(void **state)
{
	union kb_sockaddr server;
	const int listener = listener_at("127.0.0.1", &server);
	const struct kb_tcp_spec spec = { .peer = server, .interface = "lo", .mark = 0x5 };
	const int fd = connected_to(&spec);
	char name[16] = "";
	uint32_t mark = 0;
	socklen_t length = sizeof name;

	(void)state;
	assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, &length), 0);
	assert_string_equal(name, "lo");
	length = sizeof mark;
	assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_MARK, &mark, &length), 0);
	assert_int_equal(mark, 0x5);
	close(fd);
	close(listener);
}

/* Last: this process gives its capabilities up. */
static void
a_mark_without_the_capability_says_what_is_missing(void **state)
{
	const struct kb_tcp_spec spec = { .peer = address("127.0.0.1", 1723), .mark = 0x5 };
	struct kb_error why;
	int fd = -7;

	(void)state;
	if (setresuid(65534, 65534, 65534) != 0)
		skip(); /* root of a user namespace with one user */
	assert_int_equal(kb_tcp_connect(&spec, &fd, &why), -EPERM);
	assert_non_null(strstr(why.text, "the mark 0x5"));
	assert_non_null(strstr(why.text, "CAP_NET_ADMIN"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_ends_meet_over_ipv4),
		cmocka_unit_test(two_ends_meet_over_ipv6),
		cmocka_unit_test(a_port_where_nobody_listens_refuses),
		cmocka_unit_test(a_server_without_a_route_is_named),
		cmocka_unit_test(a_silent_server_is_still_being_connected_to_and_then_times_out),
		cmocka_unit_test(a_port_in_use_is_named_on_both_sides),
		cmocka_unit_test(what_cannot_be_bound_to_is_named),
		cmocka_unit_test(an_interface_and_a_mark_are_set),
		cmocka_unit_test(a_mark_without_the_capability_says_what_is_missing),
	};

	return netns_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : NETNS_SKIP;
}
