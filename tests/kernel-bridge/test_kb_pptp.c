/* test_kb_pptp.c - PPTP's drivers where the kernel need not have them: addresses, octets, refusals
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the kernel does with them is lab_pptp.c's to show.
 */
#include "kernel-bridge/kb_datapath.h"
#include "kernel-bridge/kb_opns_abi.h"
#include "kernel-bridge/kb_pptp.h"
#include "kernel-bridge/kb_tcp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const struct kb_driver *const drivers[] = { &kb_pptp, &kb_opns };
enum { N_DRIVERS = sizeof drivers / sizeof drivers[0] };

/* ---- a control connection ---- */

struct pair {
	int listener, client;
};

static union kb_sockaddr
loopback(sa_family_t family, const char *text, uint16_t port)
{
	union kb_sockaddr a;

	memset(&a, 0, sizeof a);
	a.sa.sa_family = family;
	if (family == AF_INET6) {
		assert_int_equal(inet_pton(family, text, &a.in6.sin6_addr), 1);
		a.in6.sin6_port = htons(port);
	} else {
		assert_int_equal(inet_pton(family, text, &a.in.sin_addr), 1);
		a.in.sin_port = htons(port);
	}
	return a;
}

/* The client's socket, connected to `to` from its family. */
static int
connect_to(const union kb_sockaddr *to)
{
	const int fd = socket(to->sa.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, &to->sa, kb_sockaddr_len(to)), 0);
	return fd;
}

static struct pair
open_pair(sa_family_t server_family, const char *server, sa_family_t client_family, const char *to)
{
	const union kb_sockaddr at = loopback(server_family, server, 0);
	union kb_sockaddr bound;
	struct kb_error why;
	struct pair p;

	if (kb_tcp_listen(&at, &p.listener, &why) < 0 || kb_tcp_local(p.listener, &bound, &why) < 0)
		fail_msg("%s", why.text);
	const uint16_t port = ntohs(server_family == AF_INET6 ? bound.in6.sin6_port : bound.in.sin_port);
	const union kb_sockaddr target = loopback(client_family, to, port);
	p.client = connect_to(&target);
	return p;
}

static void
close_pair(struct pair *p)
{
	close(p->client);
	close(p->listener);
}

/* ---- tunnels ---- */

static void
the_addresses_are_those_of_the_control_socket(void **state)
{
	struct pair p = open_pair(AF_INET, "127.0.0.7", AF_INET, "127.0.0.7");
	const struct kb_tunnel_spec spec = { .control_fd = p.client, .interface = "lo", .mark = 7 };

	(void)state;
	for (int i = 0; i < N_DRIVERS; i++) {
		struct kb_tunnel tunnel = KB_TUNNEL_NULL;
		struct kb_error why;

		assert_int_equal(drivers[i]->tunnel_open(&spec, &tunnel, &why), 0);
		assert_true(tunnel.fd >= 0 && tunnel.fd != p.client);
		assert_true((fcntl(tunnel.fd, F_GETFD) & FD_CLOEXEC) != 0);
		assert_int_equal(tunnel.spec.peer.sa.sa_family, AF_INET);
		assert_int_equal(tunnel.spec.peer.in.sin_addr.s_addr, inet_addr("127.0.0.7"));
		assert_int_equal(tunnel.local.s_addr, inet_addr("127.0.0.1"));
		assert_int_equal(tunnel.spec.control_fd, p.client);
		assert_string_equal(tunnel.spec.interface, "lo");
		assert_int_equal(tunnel.spec.mark, 7);
		drivers[i]->tunnel_close(&tunnel);
		drivers[i]->tunnel_close(&tunnel);
		assert_int_equal(tunnel.fd, -1);
	}
	close_pair(&p);
}

static void
ipv4_mapped_into_ipv6_is_ipv4(void **state)
{
	struct pair p = open_pair(AF_INET, "127.0.0.7", AF_INET6, "::ffff:127.0.0.7");
	const struct kb_tunnel_spec spec = { .control_fd = p.client };
	struct kb_tunnel tunnel = KB_TUNNEL_NULL;
	struct kb_error why;

	(void)state;
	assert_int_equal(kb_pptp.tunnel_open(&spec, &tunnel, &why), 0);
	assert_int_equal(tunnel.spec.peer.sa.sa_family, AF_INET);
	assert_int_equal(tunnel.spec.peer.in.sin_addr.s_addr, inet_addr("127.0.0.7"));
	assert_true(tunnel.spec.peer.in.sin_port != 0);
	assert_int_equal(tunnel.local.s_addr, inet_addr("127.0.0.1"));
	kb_pptp.tunnel_close(&tunnel);
	close_pair(&p);
}

static void
ipv6_is_refused_with_a_sentence(void **state)
{
	struct pair p = open_pair(AF_INET6, "::1", AF_INET6, "::1");
	const struct kb_tunnel_spec spec = { .control_fd = p.client };

	(void)state;
	for (int i = 0; i < N_DRIVERS; i++) {
		struct kb_tunnel tunnel = KB_TUNNEL_NULL;
		struct kb_error why = { 0 };

		assert_int_equal(drivers[i]->tunnel_open(&spec, &tunnel, &why), -EAFNOSUPPORT);
		assert_int_equal(tunnel.fd, -1);
		assert_non_null(strstr(why.text, "::1"));
		assert_non_null(strstr(why.text, "(GRE) is IPv4 only"));
	}
	close_pair(&p);
}

static void
a_socket_that_is_not_connected_has_no_tunnel(void **state)
{
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const struct kb_tunnel_spec unconnected = { .control_fd = fd }, none = { .control_fd = -1 };
	struct kb_tunnel tunnel = KB_TUNNEL_NULL;
	struct kb_error why;

	(void)state;
	assert_int_equal(kb_pptp.tunnel_open(&unconnected, &tunnel, &why), -ENOTCONN);
	assert_int_equal(kb_pptp.tunnel_open(&none, &tunnel, &why), -EBADF);
	assert_int_equal(tunnel.fd, -1);
	close(fd);
}

/* ---- sessions ---- */

static void
a_call_that_was_not_reserved_is_not_opened(void **state)
{
	const struct kb_tunnel tunnel = KB_TUNNEL_NULL;
	const struct kb_session_spec spec = { .local_sid = 3, .peer_sid = 4 };
	struct kb_session session = KB_SESSION_NULL;
	struct kb_error why;

	(void)state;
	assert_int_equal(kb_pptp.session_open(&tunnel, &spec, &session, &why), -EBADF);
	assert_non_null(strstr(why.text, "not reserved"));
	kb_pptp.session_close(&session);
	kb_pptp.session_close(&session);
	assert_int_equal(session.fd, -1);
}

static void
nothing_is_counted_and_that_is_said(void **state)
{
	const struct kb_session session = KB_SESSION_NULL;

	(void)state;
	for (int i = 0; i < N_DRIVERS; i++) {
		struct kb_session_stats stats = { .tx_packets = 77 };
		struct kb_error why = { 0 };

		assert_int_equal(drivers[i]->session_stats(&session, &stats, &why), -EOPNOTSUPP);
		assert_int_equal(stats.tx_packets, 77);
		assert_non_null(strstr(why.text, "the ppp interface does"));
	}
}

static void
the_kernels_driver_is_there_or_the_error_says_what_to_do(void **state)
{
	struct kb_error why = { 0, "" };
	const int r = kb_pptp.probe(&why);

	(void)state;
	if (r == 0)
		return;
	assert_int_equal(why.err, -r);
	assert_non_null(strstr(why.text, "modprobe"));
	print_message("#   %s\n", why.text);
}

static bool
has_no_pppox(void)
{
	const int fd = socket(AF_PPPOX, SOCK_STREAM | SOCK_CLOEXEC, PX_PROTO_PPTP);

	if (fd >= 0)
		close(fd);
	return fd < 0;
}

static void
a_kernel_without_pptp_names_its_option_and_module(void **state)
{
	const struct kb_tunnel tunnel = { .fd = -1, .local.s_addr = htonl(INADDR_LOOPBACK) };
	const struct kb_session_spec spec = { .local_sid = 3 };
	struct kb_session session = KB_SESSION_NULL;
	struct kb_error why = { 0 };

	(void)state;
	if (!has_no_pppox())
		skip();
	assert_true(kb_pptp.session_reserve(&tunnel, &spec, &session, &why) < 0);
	assert_int_equal(session.fd, -1);
	assert_non_null(strstr(why.text, "CONFIG_PPTP"));
	assert_non_null(strstr(why.text, "modprobe pptp"));
}

static void
the_old_driver_is_refused_with_a_sentence(void **state)
{
	struct pair p = open_pair(AF_INET, "127.0.0.1", AF_INET, "127.0.0.1");
	const struct kb_tunnel_spec spec = { .control_fd = p.client };
	const struct kb_session_spec session_spec = { .local_sid = 3, .peer_sid = 4 };
	struct kb_tunnel tunnel = KB_TUNNEL_NULL;
	struct kb_session session = KB_SESSION_NULL;
	struct kb_error why = { 0 };

	(void)state;
	assert_int_equal(kb_opns.tunnel_open(&spec, &tunnel, &why), 0);
	const int r = kb_opns.session_open(&tunnel, &session_spec, &session, &why);
	assert_true(r == -EAFNOSUPPORT || r == -EPROTONOSUPPORT || r == -EPROTOTYPE);
	assert_non_null(strstr(why.text, "CONFIG_PPPOPNS"));
	assert_non_null(strstr(why.text, "\"pptp\""));
	assert_null(kb_opns.session_reserve);
	kb_opns.session_close(&session);
	kb_opns.tunnel_close(&tunnel);
	close_pair(&p);
}

/* ---- addresses ---- */

static void
the_kernel_gets_the_whole_address_in_host_order(void **state)
{
	const struct in_addr address = { .s_addr = inet_addr("10.9.2.2") };
	const uint16_t family = AF_PPPOX, id = 0x1234;
	const uint32_t protocol = 2;
	const uint8_t zeros[16] = { 0 };
	uint8_t octets[31];

	(void)state;
	memset(octets, 0xee, sizeof octets);
	const struct sockaddr_pppox a = kb_pptp_sockaddr(address, id);
	memcpy(octets, &a, sizeof a);
	assert_int_equal(sizeof a, 30);
	assert_memory_equal(octets, &family, 2);
	assert_memory_equal(octets + 2, &protocol, 4);
	assert_memory_equal(octets + 6, &id, 2);
	assert_memory_equal(octets + 8, zeros, 2);
	assert_memory_equal(octets + 10, &address, 4);
	assert_memory_equal(octets + 14, zeros, 16);
	assert_int_equal(octets[30], 0xee);
}

static void
the_old_driver_gets_its_address_octet_by_octet(void **state)
{
	const uint16_t family = AF_PPPOX;
	const uint32_t protocol = 4, fd = 0x01020304;
	const uint8_t wire[4] = { 0x12, 0x34, 0x4e, 0x5d };
	uint8_t out[KB_OPNS_SOCKADDR_OCTETS + 1];

	(void)state;
	memset(out, 0xee, sizeof out);
	kb_opns_sockaddr(out, 0x01020304, (struct kb_opns_ids){ .local_sid = 0x1234, .peer_sid = 0x4e5d });
	assert_int_equal(KB_OPNS_SOCKADDR_OCTETS, 14);
	assert_memory_equal(out, &family, 2);
	assert_memory_equal(out + 2, &protocol, 4);
	assert_memory_equal(out + 6, &fd, 4);
	assert_memory_equal(out + 10, wire, 4); /* as on the wire, on any machine */
	assert_int_equal(out[14], 0xee);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_addresses_are_those_of_the_control_socket),
		cmocka_unit_test(ipv4_mapped_into_ipv6_is_ipv4),
		cmocka_unit_test(ipv6_is_refused_with_a_sentence),
		cmocka_unit_test(a_socket_that_is_not_connected_has_no_tunnel),
		cmocka_unit_test(a_call_that_was_not_reserved_is_not_opened),
		cmocka_unit_test(nothing_is_counted_and_that_is_said),
		cmocka_unit_test(the_kernels_driver_is_there_or_the_error_says_what_to_do),
		cmocka_unit_test(a_kernel_without_pptp_names_its_option_and_module),
		cmocka_unit_test(the_old_driver_is_refused_with_a_sentence),
		cmocka_unit_test(the_kernel_gets_the_whole_address_in_host_order),
		cmocka_unit_test(the_old_driver_gets_its_address_octet_by_octet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
