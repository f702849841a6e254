/* track_l2tp_check.c - what is wrong or odd in an L2TP message itself
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/replay/track_internal.h"

/* The M bit as RFC 2661 4.4 has it, by attribute type. */
static const struct {
	bool is_assigned, is_mandatory;
} avps[L2TP_AVP_N] = {
#define X(token, number, name, kind, min, max, m, h) [number] = { true, (m) != 0 },
	L2TP_AVPS(X)
#undef X
};

/* Where it is said, by fault. */
static const char *const rules[L2TP_FAULT_N] = {
	[L2TP_FAULT_TRUNCATED] = "RFC 2661 3.1",
	[L2TP_FAULT_VERSION] = "RFC 2661 3.1",
	[L2TP_FAULT_HEADER_FLAGS] = "RFC 2661 3.1",
	[L2TP_FAULT_HEADER_LENGTH] = "RFC 2661 3.1",
	[L2TP_FAULT_OFFSET_SIZE] = "RFC 2661 3.1",
	[L2TP_FAULT_AVP_TRUNCATED] = "RFC 2661 4.1",
	[L2TP_FAULT_AVP_LENGTH] = "RFC 2661 4.1",
	[L2TP_FAULT_AVP_VALUE_LENGTH] = "RFC 2661 4.4",
	[L2TP_FAULT_AVP_VALUE] = "RFC 2661 4.4",
	[L2TP_FAULT_AVP_RESERVED] = "RFC 2661 4.1",
	[L2TP_FAULT_AVP_UNKNOWN_MANDATORY] = "RFC 2661 4.1",
	[L2TP_FAULT_AVP_HIDDEN_NO_SECRET] = "RFC 2661 4.3",
	[L2TP_FAULT_AVP_HIDDEN_NO_VECTOR] = "RFC 2661 4.3",
	[L2TP_FAULT_AVP_HIDDEN_LENGTH] = "RFC 2661 4.3",
	[L2TP_FAULT_AVP_HIDDEN_FORBIDDEN] = "RFC 2661 4.3",
	[L2TP_FAULT_AVP_HIDDEN_TOO_MANY] = "RFC 2661 4.3",
	[L2TP_FAULT_FIRST_AVP_NOT_TYPE] = "RFC 2661 4.4.1",
	[L2TP_FAULT_MESSAGE_UNKNOWN_MANDATORY] = "RFC 2661 3.2",
	[L2TP_FAULT_MESSAGE_UNKNOWN] = "RFC 2661 3.2",
	[L2TP_FAULT_AVP_MISSING] = "RFC 2661 6",
};

static const char *
avp_name(unsigned vendor, unsigned type)
{
	const char *const name = vendor == 0 ? l2tp_avp_name(type) : NULL;

	return name != NULL ? name : "an AVP of no known name";
}

static enum track_level
level_of(const struct track_news *n)
{
	return n->fault.reason == L2TP_FAULT_MESSAGE_UNKNOWN ? TRACK_NOTE : TRACK_VIOLATION;
}

bool
track_l2tp_is_faulty(const struct track_news *n)
{
	return n->has_fault && !capture_is_cut(n->packet) &&
	       n->fault.reason != L2TP_FAULT_AVP_HIDDEN_NO_SECRET;
}

static void
tell_fault(struct tracker *t, const struct track_news *n)
{
	const struct l2tp_fault *const f = &n->fault;
	const char *const rule = rules[f->reason] != NULL ? rules[f->reason] : "";

	if (capture_is_cut(n->packet))
		track_find(t, TRACK_NOTE, "", "the capture has %zu of its %zu octets, read up to offset %u",
			   n->packet->payload.n, n->packet->wire_octets, f->offset);
	else if (f->reason == L2TP_FAULT_AVP_HIDDEN_NO_SECRET)
		track_find(t, TRACK_NOTE, rule, "what is hidden is not read without --secret-file");
	else if (f->avp != UINT16_MAX)
		track_find(t, level_of(n), rule, "malformed: %s: %s (vendor %u, type %u), at offset %u",
			   l2tp_fault_sentence(f->reason), avp_name(f->vendor, f->avp), f->vendor, f->avp,
			   f->offset);
	else
		track_find(t, level_of(n), rule, "malformed: %s, at offset %u",
			   l2tp_fault_sentence(f->reason), f->offset);
}

static void
check_result(struct tracker *t, const struct l2tp_avp *avp)
{
	unsigned raw;

	if (avp->value.n < 2)
		return;
	raw = ut_get_u16(avp->value.p);
	if (avp->value.n == 2)
		track_find(
		    t, TRACK_KNOWN, "RFC 2661 4.4.2",
		    "8-octet result code: lawful, but xl2tpd before 1.3.14 wants 10 and closes the tunnel");
	if (l2tp_result_normalize((uint16_t)raw) != raw)
		track_find(t, TRACK_KNOWN, "RFC 2661 4.4.2",
			   "byte-swapped result code: 0x%04x is meant as %u", raw,
			   l2tp_result_normalize((uint16_t)raw));
}

static void
check_avp(struct tracker *t, const struct l2tp_avp *avp)
{
	const bool is_mandatory = (avp->flags & L2TP_AVP_BIT_M) != 0;

	if ((avp->flags & L2TP_AVP_RESERVED) != 0)
		track_find(t, TRACK_NOTE, "RFC 2661 4.1", "%s has a reserved bit set",
			   avp_name(avp->vendor, avp->type));
	if (avp->vendor != 0 || avp->type >= L2TP_AVP_N || !avps[avp->type].is_assigned)
		return;
	if (is_mandatory != avps[avp->type].is_mandatory)
		track_find(t, TRACK_NOTE, "RFC 2661 4.4", "%s comes %s the M bit", l2tp_avp_name(avp->type),
			   is_mandatory ? "with" : "without");
	if (avp->type == L2TP_AVP_RESULT_CODE && (avp->flags & L2TP_AVP_BIT_H) == 0)
		check_result(t, avp);
}

static void
check_avps(struct tracker *t, const struct track_news *n)
{
	struct l2tp_avp_walk walk;
	struct l2tp_avp avp;

	l2tp_avp_walk_init(&walk, &n->header, n->datagram);
	while (l2tp_avp_walk_next(&walk, &avp))
		check_avp(t, &avp);
}

static void
check_expected(struct tracker *t, const struct track_news *n)
{
	const uint64_t missing = l2tp_message_avps(n->message.type)->expected & ~n->message.present;

	for (unsigned type = 0; type < L2TP_AVP_N && missing != 0; type++)
		if ((missing >> type & 1) != 0)
			track_find(t, TRACK_NOTE, "RFC 2661 6", "%s comes without %s",
				   l2tp_message_name(n->message.type), avp_name(0, type));
}

static void
check_order(struct tracker *t, const struct track_news *n)
{
	if (n->header.tid.v != 0 || n->header.ns == 0)
		return;
	if (n->message.type == L2TP_SCCRQ) {
		track_find(t, TRACK_KNOWN, "", "out-of-order SCCRQ");
		track_find(t, TRACK_VIOLATION, "RFC 2661 5.8", "a tunnel begins with Ns 0, not %u",
			   n->header.ns);
	} else if (n->message.type == L2TP_STOPCCN) {
		track_find(t, TRACK_KNOWN, "",
			   "out-of-order StopCCN: to tunnel 0 with Ns %u, where servers expect 0",
			   n->header.ns);
	}
}

void
track_l2tp_check(struct tracker *t, const struct track_news *n)
{
	if (n->has_fault)
		tell_fault(t, n);
	if (n->connection == NULL || n->what != TRACK_WHAT_MESSAGE || n->message.type == L2TP_ZLB)
		return;
	check_order(t, n);
	check_avps(t, n);
	if (n->message.type != L2TP_MESSAGE_N && !n->has_fault)
		check_expected(t, n);
}
