/* pptp_compare.c - what the codec says of PPTP and GRE and what the hand-written readers say
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/oracle/pptp_compare.h"

#include "tests/codec/pptp_same.h"
#include "tests/oracle/pptp_plain.h"

static bool
is_same_fault(const struct pptp_fault *a, const struct pptp_fault *b)
{
	return a->reason == b->reason && a->offset == b->offset && a->number == b->number &&
	       a->length == b->length;
}

/* One call of each; `result` is the codec's. */
static bool
compare_call(struct pptp_stream *ours, struct pptp_stream *plain, struct ut_slice *in,
	     enum pptp_stream_result *result)
{
	struct pptp_message message[2] = { { .number = 0 } };
	struct pptp_fault fault[2] = { { .number = 0 } };
	struct ut_slice rest = *in;
	enum pptp_stream_result other;

	*result = pptp_stream_read(ours, in, &message[0], &fault[0]);
	other = pptp_plain_stream_read(plain, &rest, &message[1], &fault[1]);
	if (*result != other || rest.p != in->p || rest.n != in->n || ours->offset != plain->offset ||
	    ours->skip != plain->skip || ours->have != plain->have || ours->is_lost != plain->is_lost)
		return false;
	if (*result == PPTP_STREAM_MESSAGE)
		return pptp_difference(&message[0], &message[1]) == NULL;
	return is_same_fault(&fault[0], &fault[1]);
}

bool
pptp_compare(struct pptp_stream *ours, struct pptp_stream *plain, struct ut_slice octets)
{
	enum pptp_stream_result result;

	do {
		if (!compare_call(ours, plain, &octets, &result))
			return false;
	} while (result == PPTP_STREAM_MESSAGE || result == PPTP_STREAM_SKIPPED);
	return true;
}

static bool
is_same_header(const struct gre_header *a, const struct gre_header *b)
{
	return a->has_sequence == b->has_sequence && a->has_acknowledgment == b->has_acknowledgment &&
	       a->payload_length == b->payload_length && a->call_id.v == b->call_id.v &&
	       a->sequence == b->sequence && a->acknowledgment == b->acknowledgment &&
	       a->payload.p == b->payload.p && a->payload.n == b->payload.n;
}

bool
gre_compare(struct ut_slice packet)
{
	struct gre_fault fault[2] = { { .offset = 0 } };
	struct gre_header header[2];
	const enum gre_fault_reason ours = gre_header_decode(packet, &header[0], &fault[0]),
				    plain = gre_plain_header_decode(packet, &header[1], &fault[1]);

	if (ours != plain || fault[0].reason != fault[1].reason || fault[0].offset != fault[1].offset)
		return false;
	return ours != GRE_FAULT_NONE || is_same_header(&header[0], &header[1]);
}
