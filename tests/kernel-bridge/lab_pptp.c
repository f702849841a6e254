/* lab_pptp.c - mainline's PPTP driver, MPPE and our pppd plugin against the real kernel; runs inside the lab
 * SPDX-License-Identifier: Apache-2.0
 *
 * Both ends are ours, with call ids agreed beforehand and a control connection that says nothing: one in the client's
 * network namespace, one in the server's.  usage: lab_pptp PLUGIN [TEST-FILTER]
 */
#include "kernel-bridge/kb_datapath.h"
#include "kernel-bridge/kb_pppd.h"
#include "kernel-bridge/kb_tcp.h"

#include "tests/kernel-bridge/lab_host.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <linux/ppp-ioctl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { PPTP_PORT = 1723, EXIT_NEGOTIATION_FAILED = 10, EXIT_HANGUP = 16 };

#define CLIENT "10.9.1.2"
#define SERVER "10.9.2.2"
#define SERVER_PPP "10.10.0.1"
#define ADDRESSES SERVER_PPP ":10.10.0.10", "noipv6"

static const char *plugin_path;

/* ---- what is left ---- */

/* The kernel lists PPTP's sockets nowhere; its driver counts them. */
static int
count_calls(void)
{
	char text[16384];
	int users = 0;

	read_file("/proc/modules", text, sizeof text);
	const char *line = strstr(text, "\npptp ");
	if (line == NULL && strncmp(text, "pptp ", 5) == 0)
		line = text - 1;
	assert_true(line == NULL || sscanf(line + 1, "pptp %*d %d", &users) == 1);
	return users;
}

static bool
no_calls(void)
{
	return count_calls() == 0;
}

static void
nothing_left(void)
{
	until(no_pppds, 8 * SECOND_MS, "no pppd");
	until(no_calls, GONE_LIMIT_MS, "no PPTP socket");
	until(no_ppp_links, GONE_LIMIT_MS, "no ppp interface");
}

/* ---- two ends ---- */

struct end {
	const char *host;
	const char *interface;
	uint32_t mark;
	uint16_t local_sid, peer_sid;
	int control_fd;
	struct kb_tunnel tunnel;
	struct kb_session session;
	struct kb_pppd pppd;
};

/* Bytes that differ within each id: a swapped id cannot pass. */
static void
make_ends(struct end ends[2])
{
	const struct end client = { .host = "client",
				    .local_sid = 0x1234,
				    .peer_sid = 0x4e5d,
				    .control_fd = -1,
				    .tunnel = KB_TUNNEL_NULL,
				    .session = KB_SESSION_NULL,
				    .pppd = KB_PPPD_NULL };

	ends[0] = ends[1] = client;
	ends[1].host = "server";
	ends[1].local_sid = client.peer_sid;
	ends[1].peer_sid = client.local_sid;
}

static union kb_sockaddr
server_address(void)
{
	union kb_sockaddr a;

	memset(&a, 0, sizeof a);
	a.in.sin_family = AF_INET;
	a.in.sin_port = htons(PPTP_PORT);
	a.in.sin_addr.s_addr = inet_addr(SERVER);
	return a;
}

static void
ready(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	assert_int_equal(poll(&p, 1, 3 * SECOND_MS), 1);
}

static int
connect_control(void)
{
	const struct kb_tcp_spec spec = { .peer = server_address() };
	struct kb_error why;
	int fd;

	must(kb_tcp_connect(&spec, &fd, &why), &why);
	ready(fd, POLLOUT);
	must(kb_tcp_connected(fd, &spec.peer, &why), &why);
	return fd;
}

static void
open_control(struct end ends[2])
{
	const union kb_sockaddr at = server_address();
	union kb_sockaddr peer;
	struct kb_error why;
	int listener;

	enter("server");
	must(kb_tcp_listen(&at, &listener, &why), &why);
	enter("client");
	ends[0].control_fd = connect_control();
	ready(listener, POLLIN);
	assert_int_equal(kb_tcp_accept(listener, &ends[1].control_fd, &peer, &why), 1);
	assert_int_equal(peer.in.sin_addr.s_addr, inet_addr(CLIENT));
	close(listener);
}

static void
open_tunnel(struct end *e)
{
	const struct kb_tunnel_spec spec = { .control_fd = e->control_fd,
					     .interface = e->interface,
					     .mark = e->mark };
	struct kb_error why;

	must(kb_pptp.tunnel_open(&spec, &e->tunnel, &why), &why);
}

static void
reserve(struct end *e)
{
	const struct kb_session_spec spec = { .local_sid = e->local_sid };
	struct kb_error why;

	must(kb_pptp.session_reserve(&e->tunnel, &spec, &e->session, &why), &why);
	assert_true(e->local_sid == 0 || e->session.local_sid == e->local_sid);
}

static int
join(struct end *e, struct kb_error *why)
{
	const struct kb_session_spec spec = { .local_sid = e->session.local_sid, .peer_sid = e->peer_sid };

	return kb_pptp.session_open(&e->tunnel, &spec, &e->session, why);
}

/* A socket belongs to the namespace it was made in. */
static void
open_end(struct end *e)
{
	struct kb_error why;

	enter(e->host);
	open_tunnel(e);
	reserve(e);
	must(join(e, &why), &why);
	assert_true(e->session.channel >= 0);
	enter("client");
}

static void
open_ends(struct end ends[2])
{
	make_ends(ends);
	open_control(ends);
	open_end(&ends[1]);
	open_end(&ends[0]);
}

static void
close_end(struct end *e)
{
	kb_pptp.session_close(&e->session);
	kb_pptp.tunnel_close(&e->tunnel);
	if (e->control_fd >= 0)
		close(e->control_fd);
	e->control_fd = -1;
}

static void
close_ends(struct end ends[2])
{
	close_end(&ends[0]);
	close_end(&ends[1]);
	nothing_left();
}

/* ---- the wire ---- */

/* Hears every GRE packet that arrives at the server. */
static int
listen_to_gre(void)
{
	enter("server");
	const int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_GRE);
	assert_true(fd >= 0);
	enter("client");
	return fd;
}

/* The call id on the wire of the next packet (RFC 2637 4.1), -1 when none comes. */
static int
call_on_the_wire(int fd, int limit_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	uint8_t packet[2048];

	if (poll(&p, 1, limit_ms) != 1)
		return -1;
	const ssize_t n = recv(fd, packet, sizeof packet, 0);
	const size_t gre = (size_t)(packet[0] & 0x0f) * 4;
	assert_true(n >= 0 && (size_t)n >= gre + 8);
	assert_int_equal(packet[gre + 1] & 0x07, 1); /* version */
	return packet[gre + 6] << 8 | packet[gre + 7];
}

/* The PPP protocol within a packet of enhanced GRE, 0 when it carries none. */
static unsigned
protocol_within(const uint8_t *packet, size_t octets)
{
	const size_t gre = (size_t)(packet[0] & 0x0f) * 4;
	size_t at = gre + 8;

	assert_true(octets >= at);
	if ((packet[gre] & 0x10) == 0)
		return 0;
	at += 4 + ((packet[gre + 1] & 0x80) != 0 ? 4U : 0);
	if (at + 2 <= octets && packet[at] == 0xff && packet[at + 1] == 0x03)
		at += 2;
	assert_true(at + 2 <= octets);
	return (unsigned)(packet[at] << 8 | packet[at + 1]);
}

/* Everything that a ping sends and that has been heard since. */
static void
count_on_the_wire(int fd, unsigned *in_clear, unsigned *encrypted)
{
	enum { PROTOCOL_IP = 0x0021, PROTOCOL_COMPRESSED = 0x00fd };
	uint8_t packet[2048];
	ssize_t n;

	*in_clear = *encrypted = 0;
	while (recv(fd, packet, sizeof packet, MSG_DONTWAIT) > 0)
		continue;
	assert_true(reaches(SERVER_PPP));
	while ((n = recv(fd, packet, sizeof packet, MSG_DONTWAIT)) > 0) {
		const unsigned protocol = protocol_within(packet, (size_t)n);

		*in_clear += protocol == PROTOCOL_IP;
		*encrypted += protocol == PROTOCOL_COMPRESSED;
	}
}

/* ---- pppd ---- */

static struct kb_pppd_request
request_of(const struct end *e, const char *const *options)
{
	return pppd_request(e->session.fd, plugin_path, options);
}

static void
start(struct end *e, const struct kb_pppd_request *request)
{
	pppd_start(e->host, request, &e->pppd);
}

static const char *const plain_server[] = { ADDRESSES, NULL };
static const char *const plain_client[] = { "noipv6", NULL };

static void
start_plain(struct end ends[2])
{
	const struct kb_pppd_request server = request_of(&ends[1], plain_server);
	const struct kb_pppd_request client = request_of(&ends[0], plain_client);

	start(&ends[1], &server);
	start(&ends[0], &client);
}

static void
stop_both(struct end ends[2])
{
	pppds_stop(&ends[0].pppd, &ends[1].pppd);
}

/* ---- the driver ---- */

static void
the_probe_succeeds_and_leaves_nothing(void **state)
{
	struct kb_error why;

	(void)state;
	must(kb_pptp.probe(&why), &why);
	assert_true(no_calls());
}

static void
frames_pass_and_ids_are_in_network_order_on_the_wire(void **state)
{
	struct end ends[2];
	struct kb_pppd_report up;
	const int wire = listen_to_gre();

	(void)state;
	open_ends(ends);
	start_plain(ends);
	assert_int_equal(call_on_the_wire(wire, 3 * SECOND_MS), 0x4e5d);
	assert_true(pppd_hears(&ends[0].pppd, KB_PPPD_IP_UP, UP_LIMIT_MS, &up));
	assert_int_equal(up.local.s_addr, inet_addr("10.10.0.10"));
	assert_int_equal(up.peer.s_addr, inet_addr(SERVER_PPP));
	assert_int_equal(up.mtu, 1400);
	assert_int_equal(up.mppe_bits, 0);
	assert_true(reaches(SERVER_PPP));
	stop_both(ends);
	close(wire);
	close_ends(ends);
}

static void
the_kernel_chooses_an_id_when_asked_to(void **state)
{
	struct end ends[2];

	(void)state;
	make_ends(ends);
	open_control(ends);
	ends[0].local_sid = 0;
	open_tunnel(&ends[0]);
	reserve(&ends[0]);
	assert_true(ends[0].session.local_sid != 0);
	close_ends(ends);
}

static void
the_peers_id_0_is_one_like_any_other(void **state)
{
	struct end ends[2];
	const int wire = listen_to_gre();

	(void)state;
	make_ends(ends);
	open_control(ends);
	ends[0].peer_sid = 0;
	open_end(&ends[0]);
	const struct kb_pppd_request client = request_of(&ends[0], plain_client);
	start(&ends[0], &client);
	assert_int_equal(call_on_the_wire(wire, 3 * SECOND_MS), 0);
	kb_pppd_kill(&ends[0].pppd);
	pppd_ended(&ends[0].pppd, SECOND_MS);
	close(wire);
	close_ends(ends);
}

/* Ids are the kernel's, not a network namespace's: the server's end cannot have the client's. */
static void
an_id_that_somebody_has_is_busy_until_it_is_given_back(void **state)
{
	struct kb_session second = KB_SESSION_NULL;
	struct kb_error why;
	struct end ends[2];

	(void)state;
	make_ends(ends);
	open_control(ends);
	open_tunnel(&ends[0]);
	open_tunnel(&ends[1]);
	reserve(&ends[0]);
	const struct kb_session_spec spec = { .local_sid = ends[0].local_sid };
	enter("server");
	assert_int_equal(kb_pptp.session_reserve(&ends[1].tunnel, &spec, &second, &why), -EBUSY);
	assert_non_null(strstr(why.text, "4660 is in use"));
	assert_int_equal(second.fd, -1);
	kb_pptp.session_close(&ends[0].session);
	must(kb_pptp.session_reserve(&ends[1].tunnel, &spec, &second, &why), &why);
	kb_pptp.session_close(&second);
	enter("client");
	close_ends(ends);
}

static void
a_second_call_to_the_same_id_of_a_peer_is_refused(void **state)
{
	struct kb_error why;
	struct end ends[2];

	(void)state;
	make_ends(ends);
	open_control(ends);
	open_end(&ends[0]);
	struct end second = ends[0];
	second.session = KB_SESSION_NULL;
	second.local_sid = 0x2345;
	reserve(&second);
	assert_int_equal(join(&second, &why), -EALREADY);
	assert_non_null(strstr(why.text, "20061 of 10.9.2.2"));
	assert_true(second.session.fd >= 0); /* still reserved */
	kb_pptp.session_close(&second.session);
	close_ends(ends);
}

static void
an_address_that_has_gone_is_told_of(void **state)
{
	struct kb_error why;
	struct end ends[2];

	(void)state;
	make_ends(ends);
	open_control(ends);
	open_tunnel(&ends[0]);
	ends[0].tunnel.local.s_addr = inet_addr("10.9.1.99");
	reserve(&ends[0]);
	assert_int_equal(join(&ends[0], &why), -EHOSTUNREACH);
	assert_non_null(strstr(why.text, "is the network still up?"));
	close_ends(ends);
}

static int
first_call_through(const char *interface, uint32_t mark, const char *bound)
{
	struct end ends[2];
	char name[16] = "";
	uint32_t found = 0;
	socklen_t length = sizeof name;
	const int wire = listen_to_gre();

	make_ends(ends);
	open_control(ends);
	ends[0].interface = interface;
	ends[0].mark = mark;
	open_end(&ends[0]);
	assert_int_equal(getsockopt(ends[0].session.fd, SOL_SOCKET, SO_BINDTODEVICE, name, &length), 0);
	assert_string_equal(name, bound);
	length = sizeof found;
	assert_int_equal(getsockopt(ends[0].session.fd, SOL_SOCKET, SO_MARK, &found, &length), 0);
	assert_int_equal(found, mark);
	const struct kb_pppd_request client = request_of(&ends[0], plain_client);
	start(&ends[0], &client);
	const int call = call_on_the_wire(wire, 2 * SECOND_MS);
	kb_pppd_kill(&ends[0].pppd);
	pppd_ended(&ends[0].pppd, SECOND_MS);
	close(wire);
	close_ends(ends);
	return call;
}

static void
frames_go_through_the_bound_interface_and_no_other(void **state)
{
	(void)state;
	assert_int_equal(first_call_through("wan0", 0, "wan0"), 0x4e5d);
	assert_int_equal(
	    system("ip link add nowhere0 type veth peer name nowhere1 && ip link set nowhere0 up"), 0);
	assert_int_equal(first_call_through("nowhere0", 0, "nowhere0"), -1);
	assert_int_equal(system("ip link del nowhere0"), 0);
}

/* What kb_pptp.mark_caveat says: a rule that sends the mark nowhere stops the frames of some kernels only. */
static void
a_mark_is_on_the_socket_and_its_caveat_is_true(void **state)
{
	(void)state;
	assert_int_equal(first_call_through(NULL, 0x77, ""), 0x4e5d);
	assert_int_equal(
	    system("ip rule add fwmark 0x77 lookup 77 && ip route add unreachable default table 77"), 0);
	const int call = first_call_through(NULL, 0x77, "");
	print_message("#   this kernel looks up the route of PPTP's frames %s the mark\n",
		      call == -1 ? "with" : "without");
	assert_true(call == -1 || call == 0x4e5d);
	assert_non_null(kb_pptp.mark_caveat);
	assert_int_equal(system("ip rule del fwmark 0x77 && ip route flush table 77"), 0);
}

/* ---- MPPE ---- */

#define SECRETS "joe lab geheim *\n"
#define MSCHAP ADDRESSES, "auth", "require-mschap-v2", "name", "lab"

static const char *const mschap_server[] = { MSCHAP, NULL };
static const char *const mppe_server[] = { MSCHAP, "require-mppe-128", NULL };
static const char *const mppe_both_server[] = { MSCHAP, "require-mppe", NULL };
static const char *const mppe_40_server[] = { MSCHAP, "require-mppe-40", NULL };
static const char *const noccp_server[] = { MSCHAP, "noccp", NULL };
static const char *const md5_server[] = { ADDRESSES, "auth", "require-chap", "name", "lab", NULL };
static const char *const asking_client[] = { "noipv6", "require-mppe-128", NULL };

static int log_of_server;

static void
start_mppe(struct end ends[2], const char *const *server_options, const char *const *client_options,
	   enum kb_mppe mppe)
{
	struct kb_pppd_request server = request_of(&ends[1], server_options);
	struct kb_pppd_request client = request_of(&ends[0], client_options);

	if (log_of_server > 0)
		server.log_fd = log_of_server;
	write_file("/etc/ppp/chap-secrets", SECRETS);
	client.user = "joe";
	client.password = (const uint8_t *)"geheim";
	client.password_octets = 6;
	client.mppe = mppe;
	start(&ends[1], &server);
	start(&ends[0], &client);
}

struct mppe_case {
	const char *what;
	const char *const *server;
	const char *const *client;
	enum kb_mppe mppe;
	unsigned bits;
};

/* clang-format off */
static const struct mppe_case up_cases[] = {
	{ "required on both sides",             mppe_server,      plain_client,  KB_MPPE_REQUIRE, 128 },
	{ "required, the server has 40 too",    mppe_both_server, plain_client,  KB_MPPE_REQUIRE, 128 },
	{ "allowed, the server asks for 128",   mppe_server,      plain_client,  KB_MPPE_ALLOW,   128 },
	{ "allowed, the server asks for both",  mppe_both_server, plain_client,  KB_MPPE_ALLOW,   128 },
	{ "allowed, the server asks for 40",    mppe_40_server,   plain_client,  KB_MPPE_ALLOW,    40 },
	{ "allowed, the server has none",       mschap_server,    plain_client,  KB_MPPE_ALLOW,     0 },
	{ "allowed, the server has no CCP",     noccp_server,     plain_client,  KB_MPPE_ALLOW,     0 },
	{ "allowed, without MS-CHAP",           md5_server,       plain_client,  KB_MPPE_ALLOW,     0 },
	{ "off, the server has none",           mschap_server,    plain_client,  KB_MPPE_OFF,       0 },
	{ "unsaid, by an option of pppd's own", mppe_server,      asking_client, KB_MPPE_UNSAID,  128 },
	{ "allowed, by an option required",     mppe_server,      asking_client, KB_MPPE_ALLOW,   128 },
};
/* clang-format on */

static void
a_link_says_whether_it_is_encrypted(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof up_cases / sizeof up_cases[0]; i++) {
		const struct mppe_case *c = &up_cases[i];
		const long begin = now_ms();
		struct kb_pppd_report up;
		struct end ends[2];

		const int wire = listen_to_gre();
		unsigned in_clear, encrypted;

		open_ends(ends);
		start_mppe(ends, c->server, c->client, c->mppe);
		if (!pppd_hears(&ends[0].pppd, KB_PPPD_IP_UP, UP_LIMIT_MS, &up))
			fail_msg("%s: not up", c->what);
		const long took = now_ms() - begin;
		if (up.mppe_bits != c->bits)
			fail_msg("%s: %u bits", c->what, up.mppe_bits);
		assert_int_equal(up.mtu, c->bits != 0 ? 1396 : 1400);
		count_on_the_wire(wire, &in_clear, &encrypted);
		if (c->bits != 0 ? in_clear != 0 || encrypted < 2 : in_clear < 2 || encrypted != 0)
			fail_msg("%s: %u packets in the clear, %u encrypted", c->what, in_clear, encrypted);
		assert_false(pppd_hears(&ends[0].pppd, KB_PPPD_IP_UP, 20, &up));
		close(wire);
		print_message("#   %s: up after %ld ms, %u bits\n", c->what, took, c->bits);
		stop_both(ends);
		close_ends(ends);
	}
}

struct end_case {
	const char *what;
	const char *const *server;
	const char *const *client;
	enum kb_mppe mppe;
	enum kb_mppe_end end;
};

/* clang-format off */
static const struct end_case end_cases[] = {
	{ "required, the server rejects it",     mschap_server,   plain_client,  KB_MPPE_REQUIRE, KB_MPPE_PEER_REFUSED },
	{ "required, the server has no CCP",     noccp_server,    plain_client,  KB_MPPE_REQUIRE, KB_MPPE_PEER_REFUSED },
	{ "required, the server has 40 only",    mppe_40_server,  plain_client,  KB_MPPE_REQUIRE, KB_MPPE_PEER_REFUSED },
	{ "off, the server requires it",         mppe_server,     plain_client,  KB_MPPE_OFF,     KB_MPPE_PEER_REQUIRES },
	{ "unsaid, the server requires it",      mppe_server,     plain_client,  KB_MPPE_UNSAID,  KB_MPPE_PEER_REQUIRES },
	{ "an option of pppd's, without MS-CHAP", md5_server,     asking_client, KB_MPPE_UNSAID,  KB_MPPE_NO_KEYS },
};
/* clang-format on */

static void
expect_end(const char *what, struct end ends[2], enum kb_mppe_end end)
{
	struct kb_pppd_report report;

	if (!pppd_hears(&ends[0].pppd, KB_PPPD_MPPE_REFUSED, 8 * SECOND_MS, &report))
		fail_msg("%s: nothing was told", what);
	if (report.mppe_end != end)
		fail_msg("%s: %s", what, kb_mppe_end_name(report.mppe_end));
	assert_false(pppd_hears(&ends[0].pppd, KB_PPPD_IP_UP, 200, &report));
	const int status = pppd_ended(&ends[0].pppd, 8 * SECOND_MS);
	print_message("#   %s: %s (pppd ends with %d)\n", what, kb_mppe_end_name(end), status);
	assert_true(status == EXIT_NEGOTIATION_FAILED || status == EXIT_HANGUP); /* who was first to say so */
	kb_pppd_stop(&ends[1].pppd);
	pppd_ended(&ends[1].pppd, 5 * SECOND_MS);
}

static void
a_link_without_the_encryption_that_is_required_ends_and_says_why(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof end_cases / sizeof end_cases[0]; i++) {
		const struct end_case *c = &end_cases[i];
		struct end ends[2];

		open_ends(ends);
		start_mppe(ends, c->server, c->client, c->mppe);
		expect_end(c->what, ends, c->end);
		close_ends(ends);
	}
}

/* What the server says of CCP never leaves it: after an IPv4 header of 20 octets and one of GRE, of 12 or 16. */
static void
silence_ccp_of_the_server(void)
{
	enter("server");
	assert_int_equal(system("modprobe -a sch_ingress cls_u32 act_gact && tc qdisc add dev wan0 clsact && "
				"for at in 32 36; do tc filter add dev wan0 egress protocol ip u32 match "
				"u32 0xff0380fd 0xffffffff at $at action drop || exit; done"),
			 0);
	enter("client");
}

static void
a_peer_that_never_answers_ends_the_link_too(void **state)
{
	struct kb_pppd_report report;
	struct end ends[2];

	(void)state;
	silence_ccp_of_the_server();
	open_ends(ends);
	start_mppe(ends, mschap_server, plain_client, KB_MPPE_REQUIRE);
	const long begin = now_ms();
	assert_true(pppd_hears(&ends[0].pppd, KB_PPPD_MPPE_REFUSED, 40 * SECOND_MS, &report));
	assert_int_equal(report.mppe_end, KB_MPPE_PEER_REFUSED);
	print_message("#   told after %ld ms\n", now_ms() - begin);
	assert_int_equal(pppd_ended(&ends[0].pppd, 8 * SECOND_MS), EXIT_NEGOTIATION_FAILED);
	kb_pppd_stop(&ends[1].pppd);
	pppd_ended(&ends[1].pppd, 5 * SECOND_MS);
	enter("server");
	assert_int_equal(system("tc qdisc del dev wan0 clsact"), 0);
	enter("client");
	close_ends(ends);
}

static void
set_modprobe(const char *path)
{
	write_file("/proc/sys/kernel/modprobe", path);
}

static void
a_kernel_without_mppe_is_named(void **state)
{
	struct end ends[2];
	char modprobe[256];

	(void)state;
	read_file("/proc/sys/kernel/modprobe", modprobe, sizeof modprobe);
	until(no_ppp_links, GONE_LIMIT_MS, "no ppp interface");
	assert_int_equal(system("modprobe -r ppp_mppe"), 0);
	set_modprobe("/bin/false");
	open_ends(ends);
	start_mppe(ends, mschap_server, plain_client, KB_MPPE_REQUIRE);
	expect_end("no ppp_mppe", ends, KB_MPPE_NO_KERNEL);
	close_ends(ends);
	set_modprobe(modprobe);
}

/* As a peer that has had enough of it: a Terminate-Request of CCP, through the server's ppp unit. */
static void
switch_off_at_the_server(void)
{
	static const uint8_t terminate[] = { 0x80, 0xfd, 5, 9, 0, 4 };
	int unit = 0;

	enter("server");
	const int fd = open("/dev/ppp", O_RDWR | O_CLOEXEC);
	assert_int_equal(ioctl(fd, PPPIOCATTACH, &unit), 0);
	assert_int_equal(write(fd, terminate, sizeof terminate), sizeof terminate);
	close(fd);
	enter("client");
}

static void
encryption_that_is_lost_ends_the_link(void **state)
{
	static const enum kb_mppe modes[] = { KB_MPPE_REQUIRE, KB_MPPE_ALLOW };

	(void)state;
	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
		struct kb_pppd_report report;
		struct end ends[2];

		open_ends(ends);
		start_mppe(ends, mppe_server, plain_client, modes[i]);
		assert_true(pppd_hears(&ends[0].pppd, KB_PPPD_IP_UP, UP_LIMIT_MS, &report));
		switch_off_at_the_server();
		assert_true(pppd_hears(&ends[0].pppd, KB_PPPD_MPPE_REFUSED, 5 * SECOND_MS, &report));
		assert_int_equal(report.mppe_end, KB_MPPE_LOST);
		print_message("#   pppd ends with %d\n", pppd_ended(&ends[0].pppd, 8 * SECOND_MS));
		kb_pppd_stop(&ends[1].pppd);
		pppd_ended(&ends[1].pppd, 5 * SECOND_MS);
		close_ends(ends);
	}
}

static void
a_stop_is_no_loss_of_encryption(void **state)
{
	struct kb_pppd_report report;
	struct end ends[2];
	char text[8192];

	(void)state;
	log_of_server = open("/run/server-pppd.log", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(log_of_server >= 0);
	open_ends(ends);
	start_mppe(ends, mppe_server, plain_client, KB_MPPE_REQUIRE);
	assert_true(pppd_hears(&ends[0].pppd, KB_PPPD_IP_UP, UP_LIMIT_MS, &report));
	kb_pppd_stop(&ends[0].pppd);
	assert_false(pppd_hears(&ends[0].pppd, KB_PPPD_MPPE_REFUSED, 3 * SECOND_MS, &report));
	assert_int_equal(pppd_ended(&ends[0].pppd, 3 * SECOND_MS), 5);
	pppd_ended(&ends[1].pppd, 3 * SECOND_MS);
	close_ends(ends);
	close(log_of_server);
	log_of_server = 0;
	read_file("/run/server-pppd.log", text, sizeof text);
	assert_non_null(strstr(text, "LCP terminated by peer (User request)"));
	assert_null(strstr(text, "MPPE disabled"));
	unlink("/run/server-pppd.log");
}

/* ---- we go, pppd goes ---- */

static void
closing_the_session_ends_pppd(void **state)
{
	struct kb_pppd_report up;
	struct end ends[2];

	(void)state;
	open_ends(ends);
	start_plain(ends);
	assert_true(pppd_hears(&ends[0].pppd, KB_PPPD_IP_UP, UP_LIMIT_MS, &up));
	kb_pptp.session_close(&ends[0].session);
	assert_int_equal(pppd_ended(&ends[0].pppd, SECOND_MS), 16);
	kb_pppd_stop(&ends[1].pppd);
	pppd_ended(&ends[1].pppd, 4 * SECOND_MS);
	close_ends(ends);
}

/* A process that owns the client's call and is killed as hard as can be. */
static pid_t
victim(struct end *e, long life_ms)
{
	const pid_t pid = fork();

	if (pid != 0)
		return pid;
	open_end(e);
	const struct kb_pppd_request request = request_of(e, plain_client);
	start(e, &request);
	nap_ms(life_ms);
	kill(getpid(), SIGKILL);
	return -1;
}

static bool
only_the_server_has_pppd(void)
{
	return count_pppds() <= 1;
}

static int calls_of_server;

static bool
only_the_server_has_a_call(void)
{
	return count_calls() <= calls_of_server;
}

static void
our_death_ends_pppd_and_the_call_within_a_second(void **state)
{
	static const long life_ms[] = { 0, 30, 150, 400, 1000 };

	(void)state;
	for (size_t i = 0; i < sizeof life_ms / sizeof life_ms[0]; i++) {
		struct end ends[2];
		int status;

		make_ends(ends);
		open_control(ends);
		open_end(&ends[1]);
		const struct kb_pppd_request server = request_of(&ends[1], plain_server);
		start(&ends[1], &server);
		nap_ms(300);
		calls_of_server = count_calls();
		const pid_t pid = victim(&ends[0], life_ms[i]);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		const long took =
		    until(only_the_server_has_pppd, SECOND_MS, "the dead client's pppd is gone");
		print_message("#   killed after %ld ms: its pppd was gone %ld ms later\n", life_ms[i], took);
		until(only_the_server_has_a_call, SECOND_MS, "the dead client's call is gone");
		until(no_ppp_links, GONE_LIMIT_MS, "no ppp interface");
		kb_pppd_kill(&ends[1].pppd);
		pppd_ended(&ends[1].pppd, SECOND_MS);
		close_ends(ends);
	}
}

#define CASE(name) cmocka_unit_test_teardown(name, clean_up)

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		CASE(the_probe_succeeds_and_leaves_nothing),
		CASE(frames_pass_and_ids_are_in_network_order_on_the_wire),
		CASE(the_kernel_chooses_an_id_when_asked_to),
		CASE(the_peers_id_0_is_one_like_any_other),
		CASE(an_id_that_somebody_has_is_busy_until_it_is_given_back),
		CASE(a_second_call_to_the_same_id_of_a_peer_is_refused),
		CASE(an_address_that_has_gone_is_told_of),
		CASE(frames_go_through_the_bound_interface_and_no_other),
		CASE(a_mark_is_on_the_socket_and_its_caveat_is_true),
		CASE(a_link_says_whether_it_is_encrypted),
		CASE(a_link_without_the_encryption_that_is_required_ends_and_says_why),
		CASE(a_peer_that_never_answers_ends_the_link_too),
		CASE(encryption_that_is_lost_ends_the_link),
		CASE(a_stop_is_no_loss_of_encryption),
		CASE(closing_the_session_ends_pppd),
		CASE(our_death_ends_pppd_and_the_call_within_a_second),
		CASE(a_kernel_without_mppe_is_named),
	};

	if (argc < 2) {
		fprintf(stderr, "usage: lab_pptp PLUGIN [TEST-FILTER]\n");
		return 2;
	}
	plugin_path = argv[1];
	if (argc > 2)
		cmocka_set_test_filter(argv[2]);
	return cmocka_run_group_tests(tests, write_system_options, NULL);
}
