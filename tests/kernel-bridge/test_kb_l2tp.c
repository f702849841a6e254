/* test_kb_l2tp.c - the L2TP netlink family as we ask and read it, and Android's old driver, on any kernel
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_l2tp_genl.h"
#include "kernel-bridge/kb_olac_abi.h"
#include "kernel-bridge/kb_udp.h"
#include "tests/kernel-bridge/fake_l2tp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/l2tp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* ---- small things ---- */

struct world {
	struct fake_l2tp fake;
	struct kb_l2tp_genl genl;
	int udp_fd; /* connected */
};

static int
connected_udp(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof a;
	const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&a, sizeof a), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &length), 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&a, sizeof a), 0);
	return fd;
}

static int
set_up(void **state)
{
	static struct world w;
	struct kb_error why;

	w = (struct world){ .fake = fake_l2tp_start(), .udp_fd = connected_udp() };
	assert_int_equal(kb_l2tp_open(&w.fake.transport, &w.genl, &why), 0);
	*state = &w;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *w = *state;

	kb_l2tp_close(&w->genl);
	kb_l2tp_close(&w->genl);
	close(w->udp_fd);
	fake_l2tp_end(&w->fake);
	return 0;
}

static struct kb_l2tp_tunnel_request
good_tunnel(const struct world *w)
{
	return (struct kb_l2tp_tunnel_request){ w->udp_fd, FAKE_TID, FAKE_PEER_TID, KB_L2TP_VERSION };
}

/* ---- the family ---- */

static void
the_family_and_its_group_are_found(void **state)
{
	const struct world *w = *state;

	assert_int_equal(w->genl.family, FAKE_FAMILY);
	assert_int_equal(w->genl.group, FAKE_GROUP);
}

static void
a_kernel_without_the_family_says_what_to_load(void **state)
{
	struct world *w = *state;
	struct kb_l2tp_genl genl;
	struct kb_error why;

	w->fake.shared->family = FAKE_IS_ABSENT;
	assert_int_equal(kb_l2tp_open(&w->fake.transport, &genl, &why), -ENOENT);
	assert_non_null(strstr(why.text, "modprobe l2tp_netlink"));
	assert_null(genl.netlink);
}

static void
a_kernel_without_the_group_has_the_family_all_the_same(void **state)
{
	struct world *w = *state;
	struct kb_l2tp_genl genl;
	struct kb_error why;
	int fd;

	w->fake.shared->family = FAKE_HAS_NO_GROUP;
	assert_int_equal(kb_l2tp_open(&w->fake.transport, &genl, &why), 0);
	assert_int_equal(genl.family, FAKE_FAMILY);
	assert_int_equal(genl.group, 0);
	assert_int_equal(kb_l2tp_notices_open(&w->fake.transport, genl.group, &fd, &why), -EOPNOTSUPP);
	kb_l2tp_close(&genl);
}

static void
an_attribute_of_a_wrong_size_is_not_read(void **state)
{
	struct world *w = *state;
	struct kb_l2tp_genl genl;
	struct kb_error why;

	w->fake.shared->family = FAKE_HAS_SHORT_ID;
	assert_int_equal(kb_l2tp_open(&w->fake.transport, &genl, &why), -EBADMSG);
	assert_non_null(strstr(why.text, "not understood"));
}

/* ---- requests ---- */

static void
a_tunnel_is_asked_for_as_the_kernel_wants_it(void **state)
{
	const struct world *w = *state;
	const struct kb_l2tp_tunnel_request t = good_tunnel(w);
	struct kb_error why = { 0 };

	assert_int_equal(kb_l2tp_tunnel_create(&w->genl, &t, &why), 0);
	assert_int_equal(w->fake.shared->requests, 1);
	assert_int_equal(kb_l2tp_tunnel_delete(&w->genl, FAKE_TID, &why), 0);
	assert_int_equal(kb_l2tp_tunnel_delete(&w->genl, 5, &why), 0); /* it is gone: as was wanted */
	assert_int_equal(w->fake.shared->requests, 3);
}

static void
the_kernels_refusals_come_through(void **state)
{
	const struct world *w = *state;
	struct kb_l2tp_tunnel_request t = good_tunnel(w);
	struct kb_error why;

	t.local_tid = FAKE_TID_TAKEN;
	assert_int_equal(kb_l2tp_tunnel_create(&w->genl, &t, &why), -EEXIST);
	t.local_tid = FAKE_TID_BUSY;
	assert_int_equal(kb_l2tp_tunnel_create(&w->genl, &t, &why), -EBUSY);
	t.local_tid = FAKE_TID_WORDS;
	assert_int_equal(kb_l2tp_tunnel_create(&w->genl, &t, &why), -ERANGE);
	assert_non_null(strstr(why.text, FAKE_WORDS)); /* its own words, as extended acknowledgement */
}

static void
what_the_kernel_does_not_check_never_reaches_it(void **state)
{
	const struct world *w = *state;
	const int unconnected = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	const int tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int pipes[2];
	assert_int_equal(pipe(pipes), 0);
	/* clang-format off */
	const struct {
		const char *what;
		struct kb_l2tp_tunnel_request t;
		int result;
		const char *says;
	} cases[] = {
		{ "no socket, of which it would make one", { -1, FAKE_TID, FAKE_PEER_TID, 2 }, -EBADF, "UDP socket of ours" },
		{ "a closed descriptor",    { 999,         FAKE_TID, FAKE_PEER_TID, 2 }, -EBADF,           "no socket" },
		{ "not a socket",           { pipes[0],    FAKE_TID, FAKE_PEER_TID, 2 }, -ENOTSOCK,        "no socket" },
		{ "a TCP socket",           { tcp,         FAKE_TID, FAKE_PEER_TID, 2 }, -EPROTONOSUPPORT, "not a UDP socket" },
		{ "a socket not connected", { unconnected, FAKE_TID, FAKE_PEER_TID, 2 }, -ENOTCONN,        "not connected" },
		{ "tunnel id 0",            { w->udp_fd, 0,        FAKE_PEER_TID, 2 },   -EINVAL,          "from 1 to 65535" },
		{ "tunnel id 65536",        { w->udp_fd, 65536,    FAKE_PEER_TID, 2 },   -EINVAL,          "65536" },
		{ "the peer's id 0",        { w->udp_fd, FAKE_TID, 0,             2 },   -EINVAL,          "the peer's tunnel" },
		{ "the peer's id 70000",    { w->udp_fd, FAKE_TID, 70000,         2 },   -EINVAL,          "70000" },
		{ "version 1",              { w->udp_fd, FAKE_TID, FAKE_PEER_TID, 1 },   -EPROTONOSUPPORT, "version 2, not 1" },
		{ "version 9",              { w->udp_fd, FAKE_TID, FAKE_PEER_TID, 9 },   -EPROTONOSUPPORT, "version 2, not 9" },
	};
	/* clang-format on */

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct kb_error why = { 0 };

		if (kb_l2tp_tunnel_create(&w->genl, &cases[i].t, &why) != cases[i].result ||
		    strstr(why.text, cases[i].says) == NULL)
			fail_msg("%s: %s", cases[i].what, why.text);
	}
	assert_int_equal(w->fake.shared->requests, 0);
	close(unconnected);
	close(tcp);
	close(pipes[0]);
	close(pipes[1]);
}

static void
a_session_is_asked_for_and_its_ids_are_checked(void **state)
{
	const struct world *w = *state;
	/* clang-format off */
	const struct {
		const char *what;
		struct kb_l2tp_session_request s;
		int result;
	} cases[] = {
		{ "as it should be",      { .local_tid = FAKE_TID, .local_sid = FAKE_SID, .peer_sid = FAKE_PEER_SID },  0 },
		{ "a tunnel that is not", { .local_tid = 9,        .local_sid = FAKE_SID, .peer_sid = FAKE_PEER_SID },  -ENODEV },
		{ "tunnel id 0",          { .local_tid = 0,        .local_sid = FAKE_SID, .peer_sid = FAKE_PEER_SID },  -EINVAL },
		{ "session id 0",         { .local_tid = FAKE_TID, .local_sid = 0,        .peer_sid = FAKE_PEER_SID },  -EINVAL },
		{ "session id 65536",     { .local_tid = FAKE_TID, .local_sid = 65536,    .peer_sid = FAKE_PEER_SID },  -EINVAL },
		{ "the peer's id 0",      { .local_tid = FAKE_TID, .local_sid = FAKE_SID, .peer_sid = 0 },              -EINVAL },
		{ "the peer's id 70000",  { .local_tid = FAKE_TID, .local_sid = FAKE_SID, .peer_sid = 70000 },          -EINVAL },
	};
	/* clang-format on */

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct kb_error why = { 0 };
		const int r = kb_l2tp_session_create(&w->genl, &cases[i].s, &why);

		if (r != cases[i].result)
			fail_msg("%s: %d, %s", cases[i].what, r, why.text);
	}
	assert_int_equal(w->fake.shared->requests, 2);
	assert_int_equal(kb_l2tp_session_delete(&w->genl, FAKE_TID, FAKE_SID, NULL), 0);
	assert_int_equal(kb_l2tp_session_delete(&w->genl, 9, FAKE_SID, NULL), 0);
}

/* ---- counters ---- */

static void
every_counter_arrives_in_its_place(void **state)
{
	const struct world *w = *state;
	struct kb_session_stats s;
	struct kb_error why;

	assert_int_equal(kb_l2tp_session_get(&w->genl, FAKE_TID, FAKE_SID, &s, &why), 0);
	assert_int_equal(s.tx_packets, L2TP_ATTR_TX_PACKETS * 1000);
	assert_int_equal(s.tx_octets, L2TP_ATTR_TX_BYTES * 1000);
	assert_int_equal(s.tx_errors, L2TP_ATTR_TX_ERRORS * 1000);
	assert_int_equal(s.rx_packets, L2TP_ATTR_RX_PACKETS * 1000);
	assert_int_equal(s.rx_octets, L2TP_ATTR_RX_BYTES * 1000);
	assert_int_equal(s.rx_errors, L2TP_ATTR_RX_ERRORS * 1000);
	assert_int_equal(s.rx_discards, L2TP_ATTR_RX_SEQ_DISCARDS * 1000);
	assert_int_equal(s.rx_out_of_order, L2TP_ATTR_RX_OOS_PACKETS * 1000);
}

static void
a_counter_that_is_not_told_is_zero(void **state)
{
	const struct world *w = *state;
	struct kb_session_stats s;
	struct kb_error why;

	assert_int_equal(kb_l2tp_session_get(&w->genl, FAKE_TID, FAKE_SID_SOME, &s, &why), 0);
	assert_int_equal(s.tx_packets, 5);
	assert_int_equal(s.rx_octets, 0);
	assert_int_equal(kb_l2tp_session_get(&w->genl, FAKE_TID, FAKE_SID_NONE, &s, &why), 0);
	assert_int_equal(s.tx_packets, 0);
}

static void
a_counter_of_a_wrong_size_changes_nothing(void **state)
{
	const struct world *w = *state;
	struct kb_session_stats s = { .tx_packets = 77 };
	struct kb_error why;

	assert_int_equal(kb_l2tp_session_get(&w->genl, FAKE_TID, FAKE_SID_SHORT, &s, &why), -EBADMSG);
	assert_int_equal(kb_l2tp_session_get(&w->genl, FAKE_TID, 0x5555, &s, &why), -ENODEV);
	assert_int_equal(s.tx_packets, 77);
}

/* ---- notices ---- */

struct notice {
	_Alignas(struct nlmsghdr) char octets[512];
	struct nlmsghdr *message;
};

static void
begin_notice(struct notice *n, uint8_t command)
{
	n->message = mnl_nlmsg_put_header(n->octets);
	n->message->nlmsg_type = FAKE_FAMILY;
	struct genlmsghdr *g = mnl_nlmsg_put_extra_header(n->message, sizeof *g);
	g->cmd = command;
}

static void
tell(const struct world *w, uint8_t command, uint32_t tid, uint32_t sid)
{
	struct notice n;

	begin_notice(&n, command);
	if (tid != 0)
		mnl_attr_put_u32(n.message, L2TP_ATTR_CONN_ID, tid);
	if (sid != 0)
		mnl_attr_put_u32(n.message, L2TP_ATTR_SESSION_ID, sid);
	fake_l2tp_tell(&w->fake, n.message, n.message->nlmsg_len);
}

/* -1 where this machine lets only root listen. */
static int
open_notices(const struct world *w)
{
	struct kb_error why;
	int fd = -1;
	const int r = kb_l2tp_notices_open(&w->fake.transport, w->genl.group, &fd, &why);

	if (r == -EPERM)
		return -1;
	assert_int_equal(r, 0);
	return fd;
}

static void
deletions_are_heard_and_nothing_else(void **state)
{
	const struct world *w = *state;
	const int fd = open_notices(w);
	struct kb_loss loss;
	struct notice n;

	if (fd < 0)
		skip();
	assert_int_equal(kb_l2tp_notices_next(fd, &loss), 0);
	tell(w, L2TP_CMD_TUNNEL_CREATE, 1, 0);
	tell(w, L2TP_CMD_SESSION_CREATE, 1, 2);
	tell(w, L2TP_CMD_SESSION_DELETE, 1, 2);
	tell(w, L2TP_CMD_TUNNEL_DELETE, 3, 0);
	assert_int_equal(kb_l2tp_notices_next(fd, &loss), 1);
	assert_true(loss.local_tid == 1 && loss.local_sid == 2);
	assert_int_equal(kb_l2tp_notices_next(fd, &loss), 1);
	assert_true(loss.local_tid == 3 && loss.local_sid == 0);
	tell(w, L2TP_CMD_SESSION_DELETE, 1, 0);	    /* no session */
	tell(w, L2TP_CMD_TUNNEL_DELETE, 0, 0);	    /* no tunnel */
	tell(w, L2TP_CMD_TUNNEL_DELETE, 70000, 0);  /* L2TPv3 */
	tell(w, L2TP_CMD_SESSION_DELETE, 1, 70000); /* L2TPv3 */
	begin_notice(&n, L2TP_CMD_TUNNEL_DELETE);
	mnl_attr_put_u16(n.message, L2TP_ATTR_CONN_ID, 4);
	fake_l2tp_tell(&w->fake, n.message, n.message->nlmsg_len);
	for (size_t cut = 1; cut < sizeof(struct nlmsghdr) + sizeof(struct genlmsghdr); cut++)
		fake_l2tp_tell(&w->fake, n.message, cut);
	assert_int_equal(kb_l2tp_notices_next(fd, &loss), 0);
	close(fd);
}

static void
what_may_have_been_missed_is_told(void **state)
{
	const struct world *w = *state;
	const int fd = open_notices(w);
	static char many[8192];
	struct kb_loss loss = { 1, 1 };

	if (fd < 0)
		skip();
	fake_l2tp_tell(&w->fake, many, sizeof many); /* longer than any notice */
	assert_int_equal(kb_l2tp_notices_next(fd, &loss), 1);
	assert_true(loss.local_tid == 0 && loss.local_sid == 0);
	for (int i = 0; i < 4000; i++) /* more than a socket holds */
		tell(w, L2TP_CMD_TUNNEL_CREATE, 1, 0);
	assert_int_equal(kb_l2tp_notices_next(fd, &loss), 1);
	assert_true(loss.local_tid == 0 && loss.local_sid == 0);
	close(fd);
}

/* ---- Android's old driver ---- */

static void
the_old_driver_gets_its_address_octet_by_octet(void **state)
{
	const struct kb_olac_ids ids = {
		.local_tid = 0x1234, .local_sid = 0x0102, .peer_tid = 0x4e5d, .peer_sid = 0x0a0b
	};
	const uint16_t family = AF_PPPOX;
	const uint32_t protocol = 3, fd = 0x01020304;
	const uint8_t wire[8] = { 0x12, 0x34, 0x01, 0x02, 0x4e, 0x5d, 0x0a, 0x0b };
	uint8_t out[KB_OLAC_SOCKADDR_OCTETS + 1];

	(void)state;
	memset(out, 0xee, sizeof out);
	kb_olac_sockaddr(out, 0x01020304, &ids);
	assert_int_equal(KB_OLAC_SOCKADDR_OCTETS, 18);
	assert_memory_equal(out, &family, 2);
	assert_memory_equal(out + 2, &protocol, 4);
	assert_memory_equal(out + 6, &fd, 4);
	assert_memory_equal(out + 10, wire, 8); /* as on the wire, on any machine */
	assert_int_equal(out[18], 0xee);
}

static void
the_old_driver_is_refused_with_a_sentence(void **state)
{
	const struct world *w = *state;
	struct kb_tunnel_spec spec = {
		.control_fd = w->udp_fd, .peer.in.sin_family = AF_INET, .local_tid = 1, .peer_tid = 2
	};
	const struct kb_session_spec session_spec = { .local_sid = 3, .peer_sid = 4 };
	struct kb_tunnel tunnel = KB_TUNNEL_NULL;
	struct kb_session session = KB_SESSION_NULL;
	struct kb_error why = { 0 };

	assert_int_equal(kb_olac.tunnel_open(&spec, &tunnel, &why), 0);
	const int r = kb_olac.session_open(&tunnel, &session_spec, &session, &why);
	assert_true(r == -EAFNOSUPPORT || r == -EPROTONOSUPPORT || r == -EPROTOTYPE);
	assert_non_null(strstr(why.text, "CONFIG_PPPOLAC"));
	assert_non_null(strstr(why.text, "ol2tp"));
	kb_olac.session_close(&session);
	kb_olac.tunnel_close(&tunnel);
	kb_olac.tunnel_close(&tunnel);
	assert_int_equal(tunnel.fd, -1);
	spec.peer.sa.sa_family = AF_INET6;
	assert_int_equal(kb_olac.tunnel_open(&spec, &tunnel, &why), -EAFNOSUPPORT);
	assert_non_null(strstr(why.text, "IPv4 only"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_family_and_its_group_are_found),
		CASE(a_kernel_without_the_family_says_what_to_load),
		CASE(a_kernel_without_the_group_has_the_family_all_the_same),
		CASE(an_attribute_of_a_wrong_size_is_not_read),
		CASE(a_tunnel_is_asked_for_as_the_kernel_wants_it),
		CASE(the_kernels_refusals_come_through),
		CASE(what_the_kernel_does_not_check_never_reaches_it),
		CASE(a_session_is_asked_for_and_its_ids_are_checked),
		CASE(every_counter_arrives_in_its_place),
		CASE(a_counter_that_is_not_told_is_zero),
		CASE(a_counter_of_a_wrong_size_changes_nothing),
		CASE(deletions_are_heard_and_nothing_else),
		CASE(what_may_have_been_missed_is_told),
		CASE(the_old_driver_gets_its_address_octet_by_octet),
		CASE(the_old_driver_is_refused_with_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
