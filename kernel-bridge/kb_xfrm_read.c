/* kb_xfrm_read.c - policies and associations out of netlink messages, and what they mean for a flow
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernel-bridge/kb_xfrm_read.h"

#include <errno.h>
#include <linux/xfrm.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

_Static_assert(sizeof(struct xfrm_user_tmpl) == KB_XFRM_TEMPLATE_OCTETS, "a template as the kernel has it");

/* clang-format off */
static const struct kb_attr_policy policy_attributes[] = {
	/*  type               min  max */
	{ XFRMA_TMPL,          0,   KB_XFRM_TEMPLATES * KB_XFRM_TEMPLATE_OCTETS },
	{ XFRMA_POLICY_TYPE,   sizeof(struct xfrm_userpolicy_type), 64 },
	{ XFRMA_MARK,          sizeof(struct xfrm_mark), 64 },
	{ XFRMA_IF_ID,         4,   4 },
};

static const struct kb_attr_policy association_attributes[] = {
	/*  type               min  max */
	{ XFRMA_ALG_AUTH,      0,   UINT16_MAX },
	{ XFRMA_ALG_AUTH_TRUNC, 0,  UINT16_MAX },
	{ XFRMA_ALG_CRYPT,     0,   UINT16_MAX },
	{ XFRMA_ALG_AEAD,      0,   UINT16_MAX },
	{ XFRMA_MARK,          sizeof(struct xfrm_mark), 64 },
};
/* clang-format on */

/* ---- reading ---- */

static int
read_selector(const struct xfrm_selector *from, struct kb_selector *to)
{
	const unsigned bits = from->family == AF_INET ? 32 : 128;

	if (from->family != AF_INET && from->family != AF_INET6 && from->family != AF_UNSPEC)
		return -EBADMSG;
	if (from->prefixlen_s > bits || from->prefixlen_d > bits)
		return -EBADMSG;
	*to = (struct kb_selector){
		.family = from->family,
		.source_bits = from->prefixlen_s,
		.destination_bits = from->prefixlen_d,
		.source_port = ntohs(from->sport),
		.source_port_mask = ntohs(from->sport_mask),
		.destination_port = ntohs(from->dport),
		.destination_port_mask = ntohs(from->dport_mask),
		.protocol = from->proto,
		.ifindex = (uint32_t)from->ifindex,
	};
	memcpy(to->source, &from->saddr, sizeof to->source);
	memcpy(to->destination, &from->daddr, sizeof to->destination);
	return 0;
}

static void
read_mark(const struct nlattr *from, uint32_t *mark, uint32_t *mask)
{
	struct xfrm_mark m = { 0 };

	if (from != NULL)
		memcpy(&m, mnl_attr_get_payload(from), sizeof m);
	*mark = m.v;
	*mask = m.m;
}

static int
read_templates(const struct nlattr *from, struct kb_xfrm_templates *to)
{
	const size_t octets = from != NULL ? mnl_attr_get_payload_len(from) : 0;

	if (octets % KB_XFRM_TEMPLATE_OCTETS != 0)
		return -EBADMSG;
	*to = (struct kb_xfrm_templates){ .n = (unsigned)(octets / KB_XFRM_TEMPLATE_OCTETS) };
	if (octets > 0)
		memcpy(to->octets, mnl_attr_get_payload(from), octets);
	return 0;
}

static struct xfrm_user_tmpl
template_at(const struct kb_xfrm_templates *templates, unsigned i)
{
	struct xfrm_user_tmpl t;

	memcpy(&t, templates->octets + (size_t)i * KB_XFRM_TEMPLATE_OCTETS, sizeof t);
	return t;
}

static enum kb_guard
guard_of(uint8_t action, const struct kb_xfrm_templates *templates)
{
	if (action != XFRM_POLICY_ALLOW)
		return KB_GUARD_BLOCK;
	if (templates->n == 0)
		return KB_GUARD_BYPASS;
	for (unsigned i = 0; i < templates->n; i++) {
		const struct xfrm_user_tmpl t = template_at(templates, i);

		if (t.id.proto == IPPROTO_ESP && t.optional == 0)
			return KB_GUARD_ESP;
	}
	return KB_GUARD_WEAK;
}

static enum kb_direction
direction_of(uint8_t dir)
{
	if (dir == XFRM_POLICY_OUT)
		return KB_OUT;
	return dir == XFRM_POLICY_IN ? KB_IN : KB_OTHER;
}

static bool
is_main(const struct nlattr *type, const struct nlattr *if_id)
{
	struct xfrm_userpolicy_type t = { 0 };

	if (type != NULL)
		memcpy(&t, mnl_attr_get_payload(type), sizeof t);
	return t.type == XFRM_POLICY_TYPE_MAIN && (if_id == NULL || mnl_attr_get_u32(if_id) == 0);
}

int
kb_policy_parse(const struct nlmsghdr *message, struct kb_policy *out)
{
	const struct nlattr *found[KB_ATTR_MAX];
	struct xfrm_userpolicy_info info;
	struct kb_policy policy = { 0 };
	int r = kb_attr_parse(message, sizeof info, policy_attributes, COUNT(policy_attributes), found);

	if (r < 0)
		return r;
	memcpy(&info, mnl_nlmsg_get_payload(message), sizeof info);
	r = read_selector(&info.sel, &policy.selector);
	if (r == 0)
		r = read_templates(found[XFRMA_TMPL], &policy.templates);
	if (r < 0)
		return r;
	read_mark(found[XFRMA_MARK], &policy.mark, &policy.mark_mask);
	policy.direction = direction_of(info.dir);
	policy.is_main = is_main(found[XFRMA_POLICY_TYPE], found[XFRMA_IF_ID]);
	policy.priority = info.priority;
	policy.index = info.index;
	policy.guard = guard_of(info.action, &policy.templates);
	*out = policy;
	return 0;
}

int
kb_association_parse(const struct nlmsghdr *message, struct kb_association *out)
{
	const struct nlattr *found[KB_ATTR_MAX];
	struct xfrm_usersa_info info;
	struct kb_association a = { 0 };
	int r =
	    kb_attr_parse(message, sizeof info, association_attributes, COUNT(association_attributes), found);

	if (r < 0)
		return r;
	memcpy(&info, mnl_nlmsg_get_payload(message), sizeof info);
	r = read_selector(&info.sel, &a.selector);
	if (r < 0)
		return r;
	read_mark(found[XFRMA_MARK], &a.mark, &a.mark_mask);
	memcpy(a.source, &info.saddr, sizeof a.source);
	memcpy(a.destination, &info.id.daddr, sizeof a.destination);
	a.family = info.family;
	a.spi = info.id.spi;
	a.protocol = info.id.proto;
	a.mode = info.mode;
	a.reqid = info.reqid;
	a.is_up = info.id.spi != 0 && (found[XFRMA_ALG_AUTH] != NULL || found[XFRMA_ALG_AUTH_TRUNC] != NULL ||
				       found[XFRMA_ALG_CRYPT] != NULL || found[XFRMA_ALG_AEAD] != NULL);
	*out = a;
	return 0;
}

/* ---- matching ---- */

/* One end of a packet. */
struct end {
	uint8_t address[16];
	uint16_t port;
};

static struct end
end_of(const union kb_sockaddr *a)
{
	struct end e = { .port = 0 };

	if (a->sa.sa_family == AF_INET6) {
		e.port = ntohs(a->in6.sin6_port);
		memcpy(e.address, &a->in6.sin6_addr, 16);
	} else {
		e.port = ntohs(a->in.sin_port);
		memcpy(e.address, &a->in.sin_addr, 4);
	}
	return e;
}

static bool
has_prefix(const uint8_t *address, const uint8_t *prefix, unsigned bits)
{
	const unsigned whole = bits / 8, rest = bits % 8;

	if (memcmp(address, prefix, whole) != 0)
		return false;
	return rest == 0 || ((address[whole] ^ prefix[whole]) & (0xff00u >> rest & 0xff)) == 0;
}

static unsigned
miss_unless(bool fits, unsigned miss)
{
	return fits ? 0 : miss;
}

/* What of the flow, in this direction, the selector does not cover. */
static unsigned
misses(const struct kb_selector *s, const struct kb_flow *flow, enum kb_direction direction)
{
	const bool is_out = direction == KB_OUT;
	const struct end from = end_of(is_out ? &flow->local : &flow->peer);
	const struct end to = end_of(is_out ? &flow->peer : &flow->local);
	const bool is_family = s->family == 0 || s->family == flow->peer.sa.sa_family;
	const bool source_fits = ((from.port ^ s->source_port) & s->source_port_mask) == 0;
	const bool destination_fits = ((to.port ^ s->destination_port) & s->destination_port_mask) == 0;

	if (!is_family || (s->protocol != 0 && s->protocol != IPPROTO_UDP) ||
	    (s->ifindex != 0 && s->ifindex != flow->ifindex) ||
	    !has_prefix(from.address, s->source, s->source_bits) ||
	    !has_prefix(to.address, s->destination, s->destination_bits))
		return KB_MISS_FLOW;
	return miss_unless(source_fits, is_out ? KB_MISS_LOCAL_PORT : KB_MISS_PEER_PORT) |
	       miss_unless(destination_fits, is_out ? KB_MISS_PEER_PORT : KB_MISS_LOCAL_PORT);
}

/* ---- deciding ---- */

static bool
decides(const struct kb_policy *policy, const struct kb_guarded *so_far)
{
	if (so_far->guard == KB_GUARD_NONE || policy->priority != so_far->priority)
		return so_far->guard == KB_GUARD_NONE || policy->priority < so_far->priority;
	if (policy->guard != so_far->guard)
		return policy->guard < so_far->guard;
	return policy->index < so_far->index;
}

static void
keep_near(struct kb_guarded *g, const struct kb_policy *policy, unsigned missed)
{
	const struct kb_selector *s = &policy->selector;
	const bool is_out = policy->direction == KB_OUT;

	if (policy->guard != KB_GUARD_ESP || (missed & KB_MISS_FLOW) != 0 ||
	    (g->near_misses != 0 && g->near_misses <= missed))
		return;
	g->near_misses = missed;
	g->near_local_port = is_out ? s->source_port : s->destination_port;
	g->near_peer_port = is_out ? s->destination_port : s->source_port;
}

void
kb_protection_add_policy(struct kb_protection *protection, const struct kb_flow *flow,
			 const struct kb_policy *policy)
{
	struct kb_guarded *g = policy->direction == KB_OUT ? &protection->out : &protection->in;

	if (policy->direction == KB_OTHER || !policy->is_main || policy->selector.family == 0)
		return;
	const unsigned missed = misses(&policy->selector, flow, policy->direction) |
				miss_unless((flow->mark & policy->mark_mask) == policy->mark, KB_MISS_MARK);
	if (missed != 0) {
		keep_near(g, policy, missed);
		return;
	}
	if (!decides(policy, g))
		return;
	g->guard = policy->guard;
	g->priority = policy->priority;
	g->index = policy->index;
	g->mark = policy->mark & policy->mark_mask;
	g->templates = policy->templates;
}

/* ---- associations ---- */

/* Transport mode protects the packet's own addresses; the other modes have theirs in the template. */
static bool
has_ends(const struct kb_association *a, const struct xfrm_user_tmpl *t, const struct kb_flow *flow,
	 enum kb_direction direction)
{
	const struct end local = end_of(&flow->local), peer = end_of(&flow->peer);
	const bool is_out = direction == KB_OUT;
	uint8_t gateway[16];

	if (t->mode == XFRM_MODE_TRANSPORT)
		return a->family == flow->peer.sa.sa_family &&
		       memcmp(a->source, is_out ? local.address : peer.address, 16) == 0 &&
		       memcmp(a->destination, is_out ? peer.address : local.address, 16) == 0;
	memcpy(gateway, &t->id.daddr, sizeof gateway);
	return a->family == t->family && memcmp(a->destination, gateway, 16) == 0;
}

/* The kernel is exact about the request id when it sends; when it receives, 0 is any. */
static bool
is_for(const struct kb_association *a, const struct xfrm_user_tmpl *t, enum kb_direction direction)
{
	const bool is_any_id = direction == KB_IN && t->reqid == 0;

	return a->is_up && a->protocol == t->id.proto && a->mode == t->mode &&
	       (is_any_id || a->reqid == t->reqid) && (t->id.spi == 0 || a->spi == t->id.spi);
}

static void
associate(struct kb_guarded *g, const struct kb_flow *flow, const struct kb_association *a,
	  enum kb_direction direction)
{
	if (misses(&a->selector, flow, direction) != 0 || (g->mark & a->mark_mask) != a->mark)
		return;
	for (unsigned i = 0; i < g->templates.n; i++) {
		const struct xfrm_user_tmpl t = template_at(&g->templates, i);

		if (is_for(a, &t, direction) && has_ends(a, &t, flow, direction))
			g->associated |= 1u << i;
	}
}

void
kb_protection_add_association(struct kb_protection *protection, const struct kb_flow *flow,
			      const struct kb_association *association)
{
	associate(&protection->out, flow, association, KB_OUT);
	associate(&protection->in, flow, association, KB_IN);
}

/* ---- what came out ---- */

static bool
is_usable(const struct kb_guarded *g)
{
	for (unsigned i = 0; i < g->templates.n; i++) {
		const struct xfrm_user_tmpl t = template_at(&g->templates, i);

		if (t.optional == 0 && (g->associated & 1u << i) == 0)
			return false;
	}
	return g->guard == KB_GUARD_ESP;
}

bool
kb_protection_is_whole(const struct kb_protection *protection)
{
	return protection->out.guard == KB_GUARD_ESP && protection->in.guard == KB_GUARD_ESP;
}

bool
kb_protection_is_usable(const struct kb_protection *protection)
{
	return is_usable(&protection->out) && is_usable(&protection->in);
}
