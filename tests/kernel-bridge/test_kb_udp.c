/* test_kb_udp.c - the control connection's socket, and the drivers where there is no driver
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_datapath.h"
#include "kernel-bridge/kb_udp.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static union kb_sockaddr
loopback(uint16_t port)
{
	union kb_sockaddr a;

	memset(&a, 0, sizeof a);
	a.in.sin_family = AF_INET;
	a.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	a.in.sin_port = htons(port);
	return a;
}

static int
open_or_fail(const struct kb_udp_spec *spec)
{
	struct kb_error why;
	int fd = -1;

	if (kb_udp_open(spec, &fd, &why) < 0)
		fail_msg("%s", why.text);
	return fd;
}

static void
the_socket_is_non_blocking_and_not_inherited(void **state)
{
	const struct kb_udp_spec spec = { .peer = loopback(9) };
	const int fd = open_or_fail(&spec);
	union kb_sockaddr local;
	struct kb_error why;

	(void)state;
	assert_true((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
	assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
	assert_int_equal(kb_udp_local(fd, &local, &why), 0);
	assert_int_equal(local.in.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
	assert_true(local.in.sin_port != 0);
	close(fd);
}

static void
any_port_may_answer_until_one_is_pinned(void **state)
{
	struct kb_udp_spec spec = { .peer = loopback(9), .receive_from_any_port = true };
	const int fd = open_or_fail(&spec);
	union kb_sockaddr ours, theirs;
	struct kb_error why;
	char buffer[8];

	(void)state;
	assert_int_equal(kb_udp_local(fd, &ours, &why), 0);
	spec = (struct kb_udp_spec){ .peer = loopback(ntohs(ours.in.sin_port)) };
	const int a = open_or_fail(&spec), b = open_or_fail(&spec);
	assert_int_equal(send(a, "a", 1, 0), 1);
	assert_int_equal(recv(fd, buffer, sizeof buffer, 0), 1);
	assert_int_equal(kb_udp_local(b, &theirs, &why), 0);
	assert_int_equal(kb_udp_connect(fd, &theirs, &why), 0);
	assert_int_equal(send(a, "a", 1, 0), 1);
	assert_int_equal(recv(fd, buffer, sizeof buffer, 0), -1);
	assert_int_equal(send(b, "b", 1, 0), 1);
	assert_int_equal(recv(fd, buffer, sizeof buffer, 0), 1);
	assert_int_equal(buffer[0], 'b');
	close(fd);
	close(a);
	close(b);
}

/* poll()'s answer at once. */
static short
ready(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	assert_in_range(poll(&p, 1, 0), 0, 1);
	return p.revents;
}

static void
a_server_that_is_not_there_is_heard_of_until_one_is_pinned(void **state)
{
	static const uint8_t octet = 'x';
	const union kb_sockaddr nobody = loopback(9);
	const struct kb_udp_spec spec = { .peer = nobody,
					  .receive_from_any_port = true,
					  .tell_errors = true };
	const int fd = open_or_fail(&spec);
	struct kb_error why;
	uint8_t buffer[8];

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(sendto(fd, &octet, 1, 0, &nobody.sa, sizeof nobody.in), 1);
		assert_true((ready(fd) & POLLERR) != 0);
		assert_int_equal(recv(fd, buffer, sizeof buffer, 0), -1);
		assert_int_equal(errno, ECONNREFUSED);
		kb_udp_forget_errors(fd);
		assert_int_equal(ready(fd), 0);
	}
	assert_int_equal(sendto(fd, &octet, 1, 0, &nobody.sa, sizeof nobody.in), 1);
	assert_int_equal(kb_udp_connect(fd, &nobody, &why), 0);
	(void)recv(fd, buffer, sizeof buffer, 0);
	assert_int_equal(ready(fd), 0);
	close(fd);
}

static void
a_port_in_use_and_a_missing_interface_are_named(void **state)
{
	struct kb_udp_spec spec = { .peer = loopback(9) };
	const int fd = open_or_fail(&spec);
	union kb_sockaddr local;
	struct kb_error why;
	int second = -7;

	(void)state;
	assert_int_equal(kb_udp_local(fd, &local, &why), 0);
	spec.local_port = ntohs(local.in.sin_port);
	assert_int_equal(kb_udp_open(&spec, &second, &why), -EADDRINUSE);
	assert_int_equal(second, -7);
	assert_non_null(strstr(why.text, "port"));
	spec = (struct kb_udp_spec){ .peer = loopback(9), .interface = "nosuch0" };
	assert_true(kb_udp_open(&spec, &second, &why) < 0);
	assert_non_null(strstr(why.text, "nosuch0"));
	spec.interface = "a-name-that-is-too-long";
	assert_int_equal(kb_udp_open(&spec, &second, &why), -ENODEV);
	memset(&spec, 0, sizeof spec);
	assert_int_equal(kb_udp_open(&spec, &second, &why), -EAFNOSUPPORT);
	close(fd);
}

static void
the_null_driver_succeeds_and_carries_nothing(void **state)
{
	struct kb_tunnel tunnel = KB_TUNNEL_NULL;
	struct kb_session session = KB_SESSION_NULL;
	struct kb_session_stats stats;
	struct kb_error why;
	const struct kb_tunnel_spec t = { .control_fd = -1, .local_tid = 1, .peer_tid = 2 };
	const struct kb_session_spec s = { .local_sid = 3, .peer_sid = 4 };

	(void)state;
	assert_int_equal(kb_null.probe(&why), 0);
	assert_int_equal(kb_null.tunnel_open(&t, &tunnel, &why), 0);
	assert_int_equal(kb_null.session_open(&tunnel, &s, &session, &why), 0);
	assert_true(tunnel.fd >= 0 && session.fd >= 0 && session.channel >= 0);
	assert_int_equal(kb_null.session_stats(&session, &stats, &why), 0);
	assert_int_equal(stats.tx_packets, 0);
	for (int i = 0; i < 2; i++) {
		kb_null.session_close(&session);
		kb_null.tunnel_close(&tunnel);
		assert_int_equal(session.fd, -1);
		assert_int_equal(tunnel.fd, -1);
	}
}

static void
the_kernels_driver_is_there_or_the_error_says_what_to_do(void **state)
{
	struct kb_error why = { 0, "" };
	struct kb_tunnel tunnel = KB_TUNNEL_NULL;
	const struct kb_tunnel_spec zero = { .control_fd = -1 };

	(void)state;
	const int r = kb_ol2tp.probe(&why);
	if (r < 0) {
		assert_int_equal(why.err, -r);
		assert_true(strlen(why.text) > 30);
		print_message("#   %s\n", why.text);
	}
	assert_int_equal(kb_ol2tp.tunnel_open(&zero, &tunnel, &why), -EINVAL);
	kb_ol2tp.tunnel_close(&tunnel);
	kb_ol2tp.tunnel_close(&tunnel);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_socket_is_non_blocking_and_not_inherited),
		cmocka_unit_test(any_port_may_answer_until_one_is_pinned),
		cmocka_unit_test(a_server_that_is_not_there_is_heard_of_until_one_is_pinned),
		cmocka_unit_test(a_port_in_use_and_a_missing_interface_are_named),
		cmocka_unit_test(the_null_driver_succeeds_and_carries_nothing),
		cmocka_unit_test(the_kernels_driver_is_there_or_the_error_says_what_to_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
