/* test_kb_xfrm.c - which IPsec policies and associations protect a flow: by table, out of messages, and by the kernel
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_xfrm_read.h"

#include "tests/kernel-bridge/addresses.h"
#include "tests/kernel-bridge/netns.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/xfrm.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define CLIENT "10.9.1.2"
#define SERVER "10.9.2.2"

enum { MESSAGE_OCTETS = 2048 };

/* ---- flows ---- */

static struct kb_flow
flow_between(const char *local, uint16_t local_port, const char *peer, uint16_t peer_port)
{
	return (struct kb_flow){ .local = address(local, local_port),
				 .peer = address(peer, peer_port),
				 .ifindex = 2 };
}

/* ---- policies, as the kernel's messages ---- */

/* A policy for what goes out from port 1701 to port 1701, and what a case changes of it. */
struct given {
	const char *from, *to;	/* NULL: CLIENT, SERVER */
	int from_bits, to_bits; /* 0: 32; -1: 0 */
	int sport, dport;	/* 0: 1701; -1: any */
	uint8_t proto;		/* of the packets; 0: UDP; 255: any */
	uint8_t dir, action;
	uint32_t priority, index, mark, mark_mask, if_id;
	uint8_t type;
	int ifindex;
	int templates;			    /* 0: one; -1: none */
	uint8_t tmpl_proto, optional, mode; /* tmpl_proto 0: ESP */
};

static void
set_port(int given, __be16 *port, __be16 *mask)
{
	*port = htons((uint16_t)(given == 0 ? 1701 : given < 0 ? 0 : given));
	*mask = given < 0 ? 0 : 0xffff;
}

static uint8_t
bits(int given, bool is_6)
{
	return (uint8_t)(given < 0 ? 0 : given == 0 ? (is_6 ? 128 : 32) : given);
}

static void
set_selector(const struct given *g, struct xfrm_selector *sel)
{
	const char *from = g->from != NULL ? g->from : CLIENT, *to = g->to != NULL ? g->to : SERVER;
	const bool is_6 = strchr(from, ':') != NULL;

	sel->family = is_6 ? AF_INET6 : AF_INET;
	assert_int_equal(inet_pton(sel->family, from, &sel->saddr), 1);
	assert_int_equal(inet_pton(sel->family, to, &sel->daddr), 1);
	sel->prefixlen_s = bits(g->from_bits, is_6);
	sel->prefixlen_d = bits(g->to_bits, is_6);
	set_port(g->sport, &sel->sport, &sel->sport_mask);
	set_port(g->dport, &sel->dport, &sel->dport_mask);
	sel->proto = g->proto == 0 ? IPPROTO_UDP : g->proto == 255 ? 0 : g->proto;
	sel->ifindex = g->ifindex;
}

static struct nlmsghdr *
put_policy(char *buffer, const struct given *g)
{
	struct nlmsghdr *m = mnl_nlmsg_put_header(buffer);
	struct xfrm_userpolicy_info *info = mnl_nlmsg_put_extra_header(m, sizeof *info);
	struct xfrm_user_tmpl t[KB_XFRM_TEMPLATES];

	m->nlmsg_type = XFRM_MSG_NEWPOLICY;
	set_selector(g, &info->sel);
	info->dir = g->dir;
	info->action = g->action;
	info->priority = g->priority;
	info->index = g->index;
	memset(t, 0, sizeof t);
	t[0].id.proto = g->tmpl_proto != 0 ? g->tmpl_proto : IPPROTO_ESP;
	t[0].optional = g->optional;
	t[0].mode = g->mode;
	t[0].reqid = 7;
	t[0].family = info->sel.family;
	if (g->templates >= 0)
		mnl_attr_put(m, XFRMA_TMPL, sizeof t[0] * (size_t)(g->templates == 0 ? 1 : g->templates), t);
	if (g->mark_mask != 0)
		mnl_attr_put(m, XFRMA_MARK, sizeof(struct xfrm_mark),
			     &(struct xfrm_mark){ .v = g->mark, .m = g->mark_mask });
	if (g->type != 0)
		mnl_attr_put(m, XFRMA_POLICY_TYPE, sizeof(struct xfrm_userpolicy_type),
			     &(struct xfrm_userpolicy_type){ .type = g->type });
	if (g->if_id != 0)
		mnl_attr_put_u32(m, XFRMA_IF_ID, g->if_id);
	return m;
}

static void
add(struct kb_protection *protection, const struct kb_flow *flow, const struct given *g)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_OCTETS];
	struct kb_policy policy;

	assert_int_equal(kb_policy_parse(put_policy(buffer, g), &policy), 0);
	kb_protection_add_policy(protection, flow, &policy);
}

/* ---- one policy ---- */

enum { IN_DIR = XFRM_POLICY_IN, OUT_DIR = XFRM_POLICY_OUT };
#define OUT .dir = OUT_DIR
#define IN .dir = IN_DIR, .from = SERVER, .to = CLIENT
#define BLOCKS .action = XFRM_POLICY_BLOCK

/* clang-format off */
static const struct {
	const char *what;
	struct given given;
	enum kb_guard guard; /* of its direction */
	unsigned near;
} single[] = {
{ "the flow itself",                  { OUT }, KB_GUARD_ESP, 0 },
{ "the flow itself, incoming",        { IN }, KB_GUARD_ESP, 0 },
{ "any port of ours",                 { OUT, .sport = -1 }, KB_GUARD_ESP, 0 },
{ "any ports, any protocol",          { OUT, .sport = -1, .dport = -1, .proto = 255 }, KB_GUARD_ESP, 0 },
{ "another protocol",                 { OUT, .proto = IPPROTO_TCP }, KB_GUARD_NONE, 0 },
{ "another port of ours",             { OUT, .sport = 40000 }, KB_GUARD_NONE, KB_MISS_LOCAL_PORT },
{ "another port of ours, incoming",   { IN, .dport = 40000 }, KB_GUARD_NONE, KB_MISS_LOCAL_PORT },
{ "another port of the server",       { OUT, .dport = 1702 }, KB_GUARD_NONE, KB_MISS_PEER_PORT },
{ "another port of the server, incoming", { IN, .sport = 1702 }, KB_GUARD_NONE, KB_MISS_PEER_PORT },
{ "both ports others",                { OUT, .sport = 1, .dport = 2 }, KB_GUARD_NONE, KB_MISS_LOCAL_PORT | KB_MISS_PEER_PORT },
{ "a net of the server's",            { OUT, .to = "10.9.2.0", .to_bits = 24 }, KB_GUARD_ESP, 0 },
{ "a net cut within an octet",        { OUT, .to = "10.9.0.0", .to_bits = 22 }, KB_GUARD_ESP, 0 },
{ "one bit too long a net",           { OUT, .to = "10.9.0.0", .to_bits = 23 }, KB_GUARD_NONE, 0 },
{ "everything",                       { OUT, .from_bits = -1, .to_bits = -1, .sport = -1, .dport = -1, .proto = 255 }, KB_GUARD_ESP, 0 },
{ "another server",                   { OUT, .to = "10.9.2.3" }, KB_GUARD_NONE, 0 },
{ "another address of ours",          { OUT, .from = "10.9.1.3" }, KB_GUARD_NONE, 0 },
{ "IPv6, whose all-zero prefix has no bits", { OUT, .from = "::", .to = "::", .from_bits = -1, .to_bits = -1 }, KB_GUARD_NONE, 0 },
{ "our interface",                    { OUT, .ifindex = 2 }, KB_GUARD_ESP, 0 },
{ "another interface",                { OUT, .ifindex = 3 }, KB_GUARD_NONE, 0 },
{ "our mark",                         { OUT, .mark = 0x20, .mark_mask = 0xff }, KB_GUARD_ESP, 0 },
{ "another mark",                     { OUT, .mark = 0x21, .mark_mask = 0xff }, KB_GUARD_NONE, KB_MISS_MARK },
{ "bits of the mark that are not looked at", { OUT, .mark = 0x20, .mark_mask = 0xf0 }, KB_GUARD_ESP, 0 },
{ "packets of an XFRM interface",     { OUT, .if_id = 5 }, KB_GUARD_NONE, 0 },
{ "the other database",               { OUT, .type = XFRM_POLICY_TYPE_SUB }, KB_GUARD_NONE, 0 },
{ "an exception",                     { OUT, .templates = -1 }, KB_GUARD_BYPASS, 0 },
{ "an exception for another port",    { OUT, .templates = -1, .sport = 9 }, KB_GUARD_NONE, 0 },
{ "blocked",                          { OUT, BLOCKS }, KB_GUARD_BLOCK, 0 },
{ "AH",                               { OUT, .tmpl_proto = IPPROTO_AH }, KB_GUARD_WEAK, 0 },
{ "ESP at will",                      { OUT, .optional = 1 }, KB_GUARD_WEAK, 0 },
{ "tunnel mode",                      { OUT, .mode = XFRM_MODE_TUNNEL }, KB_GUARD_ESP, 0 },
};
/* clang-format on */

static void
a_policy_covers_what_the_kernel_says_it_covers(void **state)
{
	struct kb_flow flow = flow_between(CLIENT, 1701, SERVER, 1701);

	(void)state;
	flow.mark = 0x20;
	for (size_t i = 0; i < sizeof single / sizeof single[0]; i++) {
		struct kb_protection p = { 0 };
		const bool is_out = single[i].given.dir == OUT_DIR;

		add(&p, &flow, &single[i].given);
		const struct kb_guarded *g = is_out ? &p.out : &p.in, *other = is_out ? &p.in : &p.out;
		if (g->guard != single[i].guard || g->near_misses != single[i].near)
			fail_msg("%s: guard %d, near %u", single[i].what, g->guard, g->near_misses);
		assert_int_equal(other->guard, KB_GUARD_NONE);
		assert_false(kb_protection_is_whole(&p));
	}
}

static void
policies_of_forwarding_and_of_sockets_do_not_count(void **state)
{
	const struct kb_flow flow = flow_between(CLIENT, 1701, SERVER, 1701);

	(void)state;
	for (uint8_t dir = XFRM_POLICY_FWD; dir < 8; dir++) {
		struct kb_protection p = { 0 };

		add(&p, &flow, &(struct given){ .dir = dir });
		add(&p, &flow, &(struct given){ .dir = dir, .from = SERVER, .to = CLIENT });
		assert_int_equal(p.out.guard, KB_GUARD_NONE);
		assert_int_equal(p.in.guard, KB_GUARD_NONE);
	}
}

static void
ipv6_prefixes_are_compared_bit_by_bit(void **state)
{
	const struct kb_flow flow = flow_between("fd09:1::2", 1701, "fd09:2::2", 1701);
	struct kb_protection p = { 0 };

	(void)state;
	add(&p, &flow, &(struct given){ OUT, .from = "fd09:1::3", .to = "fd09:2::2" });
	assert_int_equal(p.out.guard, KB_GUARD_NONE);
	add(&p, &flow, &(struct given){ OUT, .from = "fd09:1::2", .from_bits = 127, .to = "fd09:2::2" });
	assert_int_equal(p.out.guard, KB_GUARD_ESP);
}

/* ---- several ---- */

/* clang-format off */
static const struct {
	const char *what;
	struct given given[3];
	size_t n;
	enum kb_guard guard;
} several[] = {
{ "the lower priority decides: an exception", { { OUT, .priority = 10 }, { OUT, .priority = 9, .templates = -1 } }, 2, KB_GUARD_BYPASS },
{ "the lower priority decides: ESP",          { { OUT, .priority = 10, .templates = -1 }, { OUT, .priority = 9 } }, 2, KB_GUARD_ESP },
{ "in any order",                             { { OUT, .priority = 9 }, { OUT, .priority = 10, .templates = -1 } }, 2, KB_GUARD_ESP },
{ "a lower one that does not cover",          { { OUT, .priority = 10 }, { OUT, .priority = 1, .templates = -1, .sport = 9 } }, 2, KB_GUARD_ESP },
{ "priority 0 is the lowest",                 { { OUT, .priority = 1, .templates = -1 }, { OUT } }, 2, KB_GUARD_ESP },
{ "the highest number is no sign",            { { OUT, .priority = UINT32_MAX }, { OUT, .priority = 0x80000000u, .templates = -1 } }, 2, KB_GUARD_BYPASS },
{ "among equals the weakest",                 { { OUT }, { OUT, .templates = -1 }, { OUT, BLOCKS } }, 3, KB_GUARD_BYPASS },
{ "AH before ESP",                            { { OUT, .priority = 2 }, { OUT, .priority = 1, .tmpl_proto = IPPROTO_AH } }, 2, KB_GUARD_WEAK },
{ "of the other direction",                   { { OUT, .priority = 2 }, { IN, .priority = 1, .templates = -1 } }, 2, KB_GUARD_ESP },
};
/* clang-format on */

static void
the_policy_with_most_weight_decides(void **state)
{
	const struct kb_flow flow = flow_between(CLIENT, 1701, SERVER, 1701);

	(void)state;
	for (size_t i = 0; i < sizeof several / sizeof several[0]; i++) {
		struct kb_protection p = { 0 };

		for (size_t k = 0; k < several[i].n; k++)
			add(&p, &flow, &several[i].given[k]);
		if (p.out.guard != several[i].guard)
			fail_msg("%s: %d", several[i].what, p.out.guard);
	}
}

static void
the_nearest_policy_is_remembered_with_its_ports(void **state)
{
	const struct kb_flow flow = flow_between(CLIENT, 40123, SERVER, 1701);
	struct kb_protection p = { 0 };

	(void)state;
	add(&p, &flow, &(struct given){ OUT, .sport = 9, .dport = 8 });
	add(&p, &flow, &(struct given){ OUT, .templates = -1 });
	add(&p, &flow, &(struct given){ OUT });
	add(&p, &flow, &(struct given){ OUT, .dport = 7 });
	assert_int_equal(p.out.near_misses, KB_MISS_LOCAL_PORT);
	assert_int_equal(p.out.near_local_port, 1701);
	assert_int_equal(p.out.near_peer_port, 1701);
}

/* ---- associations ---- */

struct given_sa {
	const char *from, *to;
	uint32_t spi;
	uint8_t proto, mode;
	uint32_t reqid;
	int alg; /* 0: cipher; -1: none yet */
	uint32_t mark, mark_mask;
	int sport; /* of its selector; 0: any */
};

static struct nlmsghdr *
put_association(char *buffer, const struct given_sa *g)
{
	struct nlmsghdr *m = mnl_nlmsg_put_header(buffer);
	struct xfrm_usersa_info *info = mnl_nlmsg_put_extra_header(m, sizeof *info);
	const struct xfrm_algo none = { .alg_name = "cipher_null" };

	m->nlmsg_type = XFRM_MSG_NEWSA;
	info->family = AF_INET;
	assert_int_equal(inet_pton(AF_INET, g->from, &info->saddr), 1);
	assert_int_equal(inet_pton(AF_INET, g->to, &info->id.daddr), 1);
	info->id.spi = htonl(g->spi);
	info->id.proto = g->proto;
	info->mode = g->mode;
	info->reqid = g->reqid;
	if (g->sport != 0) {
		info->sel.family = AF_INET;
		info->sel.sport = htons((uint16_t)g->sport);
		info->sel.sport_mask = 0xffff;
	}
	if (g->alg == 0)
		mnl_attr_put(m, XFRMA_ALG_CRYPT, sizeof none, &none);
	if (g->mark_mask != 0)
		mnl_attr_put(m, XFRMA_MARK, sizeof(struct xfrm_mark),
			     &(struct xfrm_mark){ .v = g->mark, .m = g->mark_mask });
	return m;
}

#define SA_OUT .from = CLIENT, .to = SERVER, .spi = 0x100
#define SA_IN .from = SERVER, .to = CLIENT, .spi = 0x200
#define ESP7 .proto = IPPROTO_ESP, .reqid = 7

/* clang-format off */
static const struct {
	const char *what;
	struct given_sa given[2];
	bool is_usable;
} associations[] = {
{ "both ways",                   { { SA_OUT, ESP7 }, { SA_IN, ESP7 } }, true },
{ "only what goes out",          { { SA_OUT, ESP7 }, { SA_OUT, ESP7 } }, false },
{ "only what comes in",          { { SA_IN, ESP7 }, { SA_IN, ESP7 } }, false },
{ "no keys yet",                 { { SA_OUT, ESP7, .alg = -1 }, { SA_IN, ESP7 } }, false },
{ "no number yet",               { { .from = CLIENT, .to = SERVER, ESP7 }, { SA_IN, ESP7 } }, false },
{ "for another request",         { { SA_OUT, .proto = IPPROTO_ESP, .reqid = 8 }, { SA_IN, ESP7 } }, false },
{ "AH",                          { { SA_OUT, .proto = IPPROTO_AH, .reqid = 7 }, { SA_IN, ESP7 } }, false },
{ "tunnel mode",                 { { SA_OUT, ESP7, .mode = XFRM_MODE_TUNNEL }, { SA_IN, ESP7 } }, false },
{ "for another port of ours",    { { SA_OUT, ESP7, .sport = 9 }, { SA_IN, ESP7 } }, false },
{ "for our port",                { { SA_OUT, ESP7, .sport = 1701 }, { SA_IN, ESP7, .sport = 1701 } }, true },
{ "for another mark",            { { SA_OUT, ESP7, .mark = 1, .mark_mask = 1 }, { SA_IN, ESP7 } }, false },
{ "for another server",          { { .from = CLIENT, .to = "10.9.2.3", .spi = 1, ESP7 }, { SA_IN, ESP7 } }, false },
};
/* clang-format on */

static void
associations_make_it_usable(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_OCTETS];
	const struct kb_flow flow = flow_between(CLIENT, 1701, SERVER, 1701);

	(void)state;
	for (size_t i = 0; i < sizeof associations / sizeof associations[0]; i++) {
		struct kb_protection p = { 0 };
		struct kb_association a;

		add(&p, &flow, &(struct given){ OUT });
		add(&p, &flow, &(struct given){ IN });
		assert_true(kb_protection_is_whole(&p));
		assert_false(kb_protection_is_usable(&p));
		for (size_t k = 0; k < 2; k++) {
			assert_int_equal(
			    kb_association_parse(put_association(buffer, &associations[i].given[k]), &a), 0);
			kb_protection_add_association(&p, &flow, &a);
		}
		if (kb_protection_is_usable(&p) != associations[i].is_usable)
			fail_msg("%s", associations[i].what);
	}
}

/* ---- messages that are not what they seem ---- */

/* Every prefix of the message, at the very end of its memory. */
static void
parse_prefixes(const struct nlmsghdr *whole)
{
	for (uint32_t n = sizeof *whole; n <= whole->nlmsg_len; n++) {
		struct nlmsghdr *cut = malloc(n);
		struct kb_policy policy;
		struct kb_association association;

		assert_non_null(cut);
		memcpy(cut, whole, n);
		cut->nlmsg_len = n;
		const int r = whole->nlmsg_type == XFRM_MSG_NEWPOLICY
				  ? kb_policy_parse(cut, &policy)
				  : kb_association_parse(cut, &association);
		assert_true(r == 0 || r == -EBADMSG);
		free(cut);
	}
}

static void
a_message_cut_short_is_refused_or_read_as_far_as_it_goes(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_OCTETS];

	(void)state;
	parse_prefixes(put_policy(buffer, &(struct given){ OUT, .mark_mask = 1, .type = 1, .if_id = 1 }));
	parse_prefixes(put_association(buffer, &(struct given_sa){ SA_OUT, ESP7, .mark_mask = 1 }));
}

static void
nonsense_is_refused(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_OCTETS];
	struct kb_policy policy;
	const uint8_t octets[7 * KB_XFRM_TEMPLATE_OCTETS] = { 0 };

	(void)state;
	struct nlmsghdr *m = put_policy(buffer, &(struct given){ OUT, .to_bits = 33 });
	assert_int_equal(kb_policy_parse(m, &policy), -EBADMSG);
	m = put_policy(buffer, &(struct given){ OUT, .templates = -1 });
	mnl_attr_put(m, XFRMA_TMPL, sizeof octets, octets);
	assert_int_equal(kb_policy_parse(m, &policy), -EBADMSG);
	m = put_policy(buffer, &(struct given){ OUT, .templates = -1 });
	mnl_attr_put(m, XFRMA_TMPL, KB_XFRM_TEMPLATE_OCTETS + 1, octets);
	assert_int_equal(kb_policy_parse(m, &policy), -EBADMSG);
	m = put_policy(buffer, &(struct given){ OUT });
	((struct xfrm_userpolicy_info *)mnl_nlmsg_get_payload(m))->sel.family = AF_UNIX;
	assert_int_equal(kb_policy_parse(m, &policy), -EBADMSG);
}

/* ---- the kernel's own ---- */

static void
ip(const char *arguments)
{
	char command[256];

	snprintf(command, sizeof command, "ip %s", arguments);
	if (system(command) != 0)
		fail_msg("%s", command);
}

static struct kb_protection
look(struct kb_xfrm *x, const struct kb_flow *flow)
{
	struct kb_protection p;
	struct kb_error why = { 0 };

	if (kb_xfrm_look(x, flow, &p, &why) < 0)
		fail_msg("%s", why.text);
	return p;
}

static bool
has_news(int fd)
{
	struct pollfd readable = { .fd = fd, .events = POLLIN };

	return poll(&readable, 1, 1000) == 1;
}

/* Skips the test where the kernel cannot be asked: it has no xfrm_user, or not for programs of 32 bits. */
static struct kb_xfrm *
xfrm_or_skip(void)
{
	const struct kb_flow flow = flow_between(CLIENT, 1701, SERVER, 1701);
	struct kb_error why = { 0 };
	struct kb_protection p;
	struct kb_xfrm *x = NULL;
	int r = kb_xfrm_new(&x, &why);

	if (r == 0)
		r = kb_xfrm_look(x, &flow, &p, &why);
	if (r == -EPROTONOSUPPORT || (r == -EOPNOTSUPP && sizeof(void *) == 4)) {
		kb_xfrm_free(x);
		printf("skipped: %s\n", why.text);
		skip();
	}
	assert_int_equal(r, 0);
	return x;
}

static void
the_kernel_tells_its_policies_and_their_changes(void **state)
{
	const struct kb_flow flow = flow_between(CLIENT, 1701, SERVER, 1701);
	struct kb_xfrm *const x = xfrm_or_skip();
	struct kb_error why = { 0 };
	int news = -1, asked = -1;

	(void)state;
	const int udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	const int udp6 = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(kb_xfrm_is_loaded(udp));
	assert_true(udp6 < 0 || kb_xfrm_is_loaded(udp6));
	close(udp);
	close(udp6);
	assert_false(kb_xfrm_has_policies(&asked));
	assert_int_equal(kb_xfrm_monitor_new(&news, &why), 0);
	struct kb_protection p = look(x, &flow);
	assert_int_equal(p.out.guard, KB_GUARD_NONE);
	ip("xfrm policy add src 10.9.1.2 dst 10.9.2.2 proto udp sport 1701 dport 1701 dir out priority 9 "
	   "tmpl proto esp mode transport reqid 7");
	assert_true(kb_xfrm_has_policies(&asked));
	assert_true(has_news(news));
	kb_xfrm_monitor_drain(news);
	ip("xfrm policy add src 10.9.2.2 dst 10.9.1.2 proto udp sport 1701 dport 1701 dir in priority 9 "
	   "tmpl proto esp mode transport reqid 7");
	assert_true(has_news(news));
	kb_xfrm_monitor_drain(news);
	p = look(x, &flow);
	assert_true(kb_protection_is_whole(&p));
	assert_false(kb_protection_is_usable(&p));
	assert_int_equal(p.out.priority, 9);
	ip("xfrm policy add src 10.9.1.2 dst 0.0.0.0/0 dir out priority 3 action allow");
	p = look(x, &flow);
	assert_int_equal(p.out.guard, KB_GUARD_BYPASS);
	kb_xfrm_monitor_drain(news);
	ip("xfrm policy flush");
	assert_true(has_news(news));
	assert_false(kb_xfrm_has_policies(&asked));
	ip("xfrm policy add src 10.9.2.2 dst 10.9.1.2 dir in priority 3 action allow");
	assert_true(kb_xfrm_has_policies(&asked));
	ip("xfrm policy flush");
	p = look(x, &flow);
	assert_int_equal(p.in.guard, KB_GUARD_NONE);
	close(asked);
	close(news);
	kb_xfrm_free(x);
}

static int
udp_socket(sa_family_t family)
{
	const int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0);
	return fd;
}

static void
hold_and_send(const char *loopback, const char *any)
{
	const union kb_sockaddr to = address(loopback, 1701);
	const struct kb_flow flow = flow_between(loopback, 0, loopback, 1701);
	const struct given given = {
		.from = any, .to = any, .from_bits = -1, .to_bits = -1, .sport = -1, .dport = -1
	};
	struct given in = given, out = given;
	struct kb_protection p = { 0 };
	struct kb_error why = { 0 };
	const int receiver = udp_socket(to.sa.sa_family), sender = udp_socket(to.sa.sa_family);
	char octet = 'x';

	assert_int_equal(bind(receiver, &to.sa, kb_sockaddr_len(&to)), 0);
	assert_int_equal(connect(sender, &to.sa, kb_sockaddr_len(&to)), 0);
	assert_int_equal(send(sender, &octet, 1, 0), 1);
	assert_int_equal(recv(receiver, &octet, 1, 0), 1);
	in.dir = IN_DIR;
	out.dir = OUT_DIR;
	add(&p, &flow, &in);
	add(&p, &flow, &out);
	if (kb_xfrm_hold(sender, to.sa.sa_family, &p, &why) < 0)
		fail_msg("%s", why.text);
	(void)send(sender, &octet, 1, 0);
	assert_int_equal(recv(receiver, &octet, 1, 0), -1);
	assert_int_equal(errno, EAGAIN);
	close(sender);
	close(receiver);
}

static void
a_held_socket_sends_nothing_in_clear(void **state)
{
	(void)state;
	kb_xfrm_free(xfrm_or_skip());
	hold_and_send("127.0.0.1", "0.0.0.0");
	hold_and_send("::1", "::");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_policy_covers_what_the_kernel_says_it_covers),
		cmocka_unit_test(policies_of_forwarding_and_of_sockets_do_not_count),
		cmocka_unit_test(ipv6_prefixes_are_compared_bit_by_bit),
		cmocka_unit_test(the_policy_with_most_weight_decides),
		cmocka_unit_test(the_nearest_policy_is_remembered_with_its_ports),
		cmocka_unit_test(associations_make_it_usable),
		cmocka_unit_test(a_message_cut_short_is_refused_or_read_as_far_as_it_goes),
		cmocka_unit_test(nonsense_is_refused),
	};
	const struct CMUnitTest in_a_namespace[] = {
		cmocka_unit_test(the_kernel_tells_its_policies_and_their_changes),
		cmocka_unit_test(a_held_socket_sends_nothing_in_clear),
	};
	int failures = cmocka_run_group_tests(tests, NULL, NULL);

	if (netns_enter())
		failures += cmocka_run_group_tests(in_a_namespace, NULL, NULL);
	return failures;
}
