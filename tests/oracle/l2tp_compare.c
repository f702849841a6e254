/* l2tp_compare.c - what the codec's decoder says and what the hand-written one says
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/oracle/l2tp_compare.h"

#include "tests/oracle/l2tp_plain.h"

struct verdict {
	enum l2tp_fault_reason header_reason, reason;
	struct l2tp_fault fault;
	struct l2tp_header header;
	struct l2tp_message message;
	size_t used;
	uint8_t scratch[L2TP_COMPARE_SCRATCH_MAX];
};

typedef enum l2tp_fault_reason header_decoder(struct ut_slice, struct l2tp_header *, struct l2tp_fault *);
typedef enum l2tp_fault_reason message_decoder(struct ut_slice, const struct l2tp_header *,
					       struct l2tp_unhide *, struct l2tp_message *,
					       struct l2tp_fault *);

/* Both decoders write their plaintexts to `scratch`, so that equal slices are equal pointers. */
static void
judge(struct verdict *v, struct ut_slice datagram, struct l2tp_unhide unhide, header_decoder *decode_header,
      message_decoder *decode_message)
{
	memset(v, 0, offsetof(struct verdict, scratch));
	v->header_reason = decode_header(datagram, &v->header, &v->fault);
	if (v->header_reason != L2TP_FAULT_NONE || !v->header.is_control)
		return;
	v->reason = decode_message(datagram, &v->header, &unhide, &v->message, &v->fault);
	v->used = unhide.used;
	if (unhide.used != 0)
		memcpy(v->scratch, unhide.scratch, unhide.used);
}

static bool
is_same_header(const struct l2tp_header *a, const struct l2tp_header *b)
{
	return a->is_control == b->is_control && a->has_length == b->has_length &&
	       a->has_sequence == b->has_sequence && a->has_offset == b->has_offset &&
	       a->is_priority == b->is_priority && a->version == b->version && a->length == b->length &&
	       a->tid.v == b->tid.v && a->sid.v == b->sid.v && a->ns == b->ns && a->nr == b->nr &&
	       a->offset_size == b->offset_size && a->payload.p == b->payload.p &&
	       a->payload.n == b->payload.n;
}

static bool
is_same_fault(const struct l2tp_fault *a, const struct l2tp_fault *b)
{
	return a->reason == b->reason && a->offset == b->offset && a->avp == b->avp && a->vendor == b->vendor;
}

bool
l2tp_compare(struct ut_slice datagram, const struct l2tp_secret *secret, size_t scratch_octets)
{
	static struct verdict ours, plain;
	static uint8_t scratch[L2TP_COMPARE_SCRATCH_MAX];
	const struct l2tp_unhide unhide = { .secret = secret, .scratch = scratch, .cap = scratch_octets };

	judge(&ours, datagram, unhide, l2tp_header_decode, l2tp_message_decode);
	judge(&plain, datagram, unhide, l2tp_plain_header_decode, l2tp_plain_message_decode);
	if (ours.header_reason != plain.header_reason || !is_same_fault(&ours.fault, &plain.fault))
		return false;
	if (ours.header_reason != L2TP_FAULT_NONE)
		return true; /* how much of a bad header is kept is not promised */
	return ours.reason == plain.reason && is_same_header(&ours.header, &plain.header) &&
	       memcmp(&ours.message, &plain.message, sizeof ours.message) == 0 && ours.used == plain.used &&
	       memcmp(ours.scratch, plain.scratch, ours.used) == 0;
}
