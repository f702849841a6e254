/* fuzz_kb_xfrm.c - the kernel's tellings of IPsec policies and associations, as somebody else would write them
 * SPDX-License-Identifier: Apache-2.0
 *
 * The first octet chooses the message, the rest is what follows its header.  Oracles: what was read is within its
 * limits; no message but a policy that demands ESP makes a flow protected.
 */
#include "kernel-bridge/kb_xfrm_read.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n);

static void
try_policy(const struct nlmsghdr *message, const struct kb_flow *flow, struct kb_protection *protection)
{
	struct kb_policy policy;

	if (kb_policy_parse(message, &policy) < 0)
		return;
	assert(policy.guard > KB_GUARD_NONE && policy.guard < KB_GUARD_N);
	assert(policy.templates.n <= KB_XFRM_TEMPLATES);
	assert(policy.selector.source_bits <= 128 && policy.selector.destination_bits <= 128);
	kb_protection_add_policy(protection, flow, &policy);
	if (protection->out.guard == KB_GUARD_ESP || protection->in.guard == KB_GUARD_ESP)
		assert(policy.guard == KB_GUARD_ESP && policy.templates.n > 0);
}

static void
try_association(const struct nlmsghdr *message, const struct kb_flow *flow, struct kb_protection *protection)
{
	struct kb_association association;

	protection->out = (struct kb_guarded){ .guard = KB_GUARD_ESP, .templates.n = 1 };
	if (kb_association_parse(message, &association) < 0)
		return;
	kb_protection_add_association(protection, flow, &association);
	assert(protection->out.associated <= 1 && protection->in.associated == 0);
	assert(association.is_up || protection->out.associated == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	struct kb_protection protection = { 0 };
	struct kb_flow flow = { .ifindex = 2 };

	if (n < 1 || n > 60000)
		return 0;
	const size_t length = sizeof(struct nlmsghdr) + n - 1;
	struct nlmsghdr *message = malloc(length);
	assert(message != NULL);
	memset(message, 0, sizeof *message);
	message->nlmsg_len = (uint32_t)length;
	if (n > 1)
		memcpy(message + 1, octets + 1, n - 1);
	flow.local.sa.sa_family = flow.peer.sa.sa_family = (octets[0] & 2) != 0 ? AF_INET6 : AF_INET;
	if ((octets[0] & 1) != 0)
		try_association(message, &flow, &protection);
	else
		try_policy(message, &flow, &protection);
	assert(!kb_protection_is_usable(&protection));
	free(message);
	return 0;
}
